//! Passwords: what is accepted as one, and argon2id.
//!
//! Invariant: as many hashes at a time as there are cores; whoever asks for more waits, then is told to come back.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use model::{ApiError, ErrorCode};
use tokio::sync::Semaphore;

use crate::{
    config::Config,
    error::{Error, Result},
};

/// Least number of characters.
pub const MIN_CHARS: usize = 12;
/// Most characters: enough for any phrase, too few to keep a processor busy.
pub const MAX_CHARS: usize = 256;
/// The estimator reads this many characters; what comes after only adds strength.
const ESTIMATED_CHARS: usize = 64;
const WAIT: Duration = Duration::from_secs(10);

/// Makes and checks hashes.
pub(super) struct Hasher {
    params: Params,
    slots: Arc<Semaphore>,
}

/// What checking a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// Right, and the stored hash is weaker than those made today.
    RightButWeak,
}

impl Hasher {
    pub fn new(config: &Config) -> Result<Self> {
        let params = Params::new(config.password_memory_kib, config.password_passes, 1, None)
            .map_err(|cause| Error::Internal(format!("argon2 parameters: {cause}")))?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Self { params, slots: Arc::new(Semaphore::new(cores)) })
    }

    /// The hash to store, in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (argon, password) = (self.argon(), password.to_owned());
        self.work(move || Ok(phc(&argon, &password)?.to_string())).await
    }

    /// Whether the password is the one of `stored`. Without a stored hash the same work is done for nothing, so that the
    /// time of the answer does not tell whether the account exists.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<Verdict> {
        let (argon, params, password) = (self.argon(), self.params.clone(), password.to_owned());
        self.work(move || {
            let Some(stored) = stored else {
                phc(&argon, &password)?;
                return Ok(Verdict::Wrong);
            };
            let parsed = PasswordHash::new(&stored)
                .map_err(|cause| Error::Internal(format!("stored hash: {cause}")))?;
            if argon.verify_password(password.as_bytes(), &parsed).is_err() {
                return Ok(Verdict::Wrong);
            }
            let made_with = Params::try_from(&parsed)
                .map_err(|cause| Error::Internal(format!("stored hash: {cause}")))?;
            let weak = made_with.m_cost() < params.m_cost() || made_with.t_cost() < params.t_cost();
            Ok(if weak { Verdict::RightButWeak } else { Verdict::Right })
        })
        .await
    }

    fn argon(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let slot = tokio::time::timeout(WAIT, Arc::clone(&self.slots).acquire_owned()).await;
        let Ok(Ok(slot)) = slot else { return Err(busy()) };
        tokio::task::spawn_blocking(move || {
            let done = job();
            drop(slot);
            done
        })
        .await
        .map_err(|cause| Error::Internal(format!("hashing: {cause}")))?
    }
}

/// A hash with a fresh random salt.
fn phc(argon: &Argon2<'_>, password: &str) -> Result<PasswordHash> {
    argon.hash_password(password.as_bytes()).map_err(|cause| Error::Internal(format!("argon2: {cause}")))
}

fn busy() -> Error {
    let mut error = ApiError::new(
        ErrorCode::TooMany,
        "로그인 요청이 많습니다. 잠시 후 다시 시도하세요",
        "many people are signing in; try again in a moment",
    );
    error.retry_after_ms = Some(5_000);
    error.into()
}

/// Refuses a password that is short, common or made of words known about its owner. `path` names the field of the form.
pub(super) fn check(path: &str, password: &str, context: &[&str]) -> Result<()> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(Error::invalid(
            path,
            format!("비밀번호는 {MIN_CHARS}자 이상이어야 합니다 (지금 {chars}자)"),
            format!("the password needs at least {MIN_CHARS} characters; this one has {chars}"),
        ));
    }
    if chars > MAX_CHARS {
        return Err(Error::invalid(
            path,
            format!("비밀번호는 {MAX_CHARS}자 이하여야 합니다"),
            format!("the password may have at most {MAX_CHARS} characters"),
        ));
    }
    let mut words: Vec<&str> = vec!["tobit"];
    for text in context {
        words.push(text);
        words.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()));
    }
    let start: String = password.chars().take(ESTIMATED_CHARS).collect();
    if zxcvbn::zxcvbn(&start, &words).score() < zxcvbn::Score::Three {
        return Err(Error::invalid(
            path,
            "추측하기 쉬운 비밀번호입니다. 서로 상관없는 단어를 더 이어 붙이고, 이름이나 조직명은 피하세요",
            "this password is easy to guess: join more unrelated words and leave out your name and organisation",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "lantern-orbit-cabbage-42";

    #[test]
    fn short_common_and_personal_passwords_are_refused() {
        let long = "a1 b2 ".repeat(60);
        for bad in [
            "짧은비밀번호",
            "password1234",
            "aaaaaaaaaaaaaaa",
            "123456789012",
            "tobit tobit tobit",
            "hongkildong12",
            &long,
        ] {
            let error = check("password", bad, &["hongkildong", "Hong Kildong"]).unwrap_err().to_api();
            assert_eq!(error.fields[0].path, "password", "{bad}");
        }
    }

    #[test]
    fn long_phrases_in_any_script_are_accepted() {
        for good in [GOOD, "등불 궤도 양배추 마흔둘 고래", "correct horse battery staple wagon"] {
            check("password", good, &["hong"]).unwrap();
        }
    }

    #[tokio::test]
    async fn a_hash_is_salted_checked_and_found_weak_when_the_rules_become_stricter() {
        let mut config = Config::read(&Default::default(), &|_| None).unwrap();
        (config.password_memory_kib, config.password_passes) = (64, 1);
        let hasher = Hasher::new(&config).unwrap();
        let stored = hasher.hash(GOOD).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert_ne!(stored, hasher.hash(GOOD).await.unwrap());
        assert_eq!(hasher.verify(GOOD, Some(stored.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(
            hasher.verify("lantern-orbit-cabbage-43", Some(stored.clone())).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(hasher.verify(GOOD, None).await.unwrap(), Verdict::Wrong);
        config.password_passes = 2;
        let stricter = Hasher::new(&config).unwrap();
        assert_eq!(stricter.verify(GOOD, Some(stored)).await.unwrap(), Verdict::RightButWeak);
    }
}
