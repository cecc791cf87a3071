//! Who somebody is: the first administrator, signing in, sessions, signing out.
//!
//! Invariant: a database dump signs nobody in (passwords are argon2id, refresh tokens and setup tokens are hashed, the key
//! of access tokens is not in the database).
//! Invariant: a session that was ended, a person who was disabled and a changed role count within a second on every replica.
//! Invariant: a [`Caller`] of a request is made here and nowhere else.

mod accounts;
mod password;
mod sessions;
mod store;
mod streams;
mod throttle;
mod token;

use std::time::Duration;

use chrono::{DateTime, Utc};
use model::{
    ApiError, ErrorCode, Lang, SessionId, TenantId, UserId,
    auth::{FirstAdmin, Me, SetupState, SignIn},
    perm::Role,
};
use serde_json::json;

pub use accounts::{cli_caller, create_admin, create_member, member_caller};
pub use password::{MAX_CHARS, MIN_CHARS};
pub use streams::{OpenStream, open_stream};

use crate::{
    access::{Caller, Client, Trace},
    app::App,
    audit::{self, Entry},
    config::Config,
    db::SystemReason,
    error::{Error, Result},
    secret::{Keys, Secret, random_token},
};

const SETUP_TTL: chrono::Duration = chrono::Duration::minutes(30);
/// How long the token before is taken once more: two tabs, or an answer that got lost.
const GRACE: chrono::Duration = chrono::Duration::seconds(10);
/// Ended sessions are kept for this long: they tell from where an account was used.
const KEEP_SESSIONS: Duration = Duration::from_secs(30 * 24 * 3600);

/// Keys of tokens, sessions seen lately, password hashing.
pub struct Auth {
    signer: token::Signer,
    hasher: password::Hasher,
    sessions: sessions::Seen,
    streams: streams::Watched,
    access_ttl: Duration,
    idle_ttl: Duration,
    absolute_ttl: Duration,
}

impl Auth {
    /// What signing in needs.
    pub fn new(config: &Config, keys: &Keys) -> Result<Self> {
        Ok(Self {
            signer: token::Signer::new(keys),
            hasher: password::Hasher::new(config)?,
            sessions: sessions::Seen::default(),
            streams: streams::Watched::default(),
            access_ttl: config.access_ttl,
            idle_ttl: config.idle_ttl,
            absolute_ttl: config.absolute_ttl,
        })
    }
}

/// What a signed-in browser holds. It goes into cookies, never into a body.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Signed access token.
    pub access: Secret,
    /// Life of the access token.
    pub access_ttl: Duration,
    /// Refresh token.
    pub refresh: Secret,
    /// Life of the refresh token.
    pub refresh_ttl: Duration,
    /// Who is signed in.
    pub me: Me,
}

/// Whether the installation still needs its first administrator.
pub async fn setup_state(app: &App) -> Result<SetupState> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    let needs_admin = !store::has_admin(tx.conn()).await?;
    Ok(SetupState { needs_admin })
}

/// Makes a one-time token for the first administrator, good for 30 minutes; none where there is an administrator.
pub async fn setup_token(app: &App) -> Result<Option<String>> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    if store::has_admin(tx.conn()).await? {
        return Ok(None);
    }
    let token = random_token();
    store::add_setup_token(&mut tx, &token::hash(&token), Utc::now() + SETUP_TTL).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Creates the first administrator and the first tenant, and signs in.
pub async fn create_first_admin(app: &App, client: &Client, request: FirstAdmin) -> Result<Tokens> {
    let new = accounts::NewAccount::of_first_admin(&request)?;
    check_setup_token(app, request.token.trim()).await?;
    new.check_password("password", &request.password)?;
    let hash = app.auth.hasher.hash(&request.password).await?;

    let mut tx = app.db.system(SystemReason::Administer).await?;
    store::lock_setup(tx.conn()).await?;
    if store::has_admin(tx.conn()).await? {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "관리자가 이미 있습니다",
            "there is an administrator already",
        )
        .with_hint("로그인하세요", "sign in")
        .into());
    }
    let tenant = crate::tenants::create_in(&mut tx, new.organisation).await?;
    let user = new.insert(&mut tx, &hash).await?;
    crate::tenants::add_member_in(&mut tx, tenant.id, user, Role::Admin).await?;
    store::drop_setup_tokens(&mut tx).await?;
    let entry = Entry::of(tenant.id, Some(user), new.login, "auth.first_admin", new.login, &client.trace);
    audit::record(tx.conn(), entry).await?;
    let me = Me {
        user,
        login: new.login.to_owned(),
        name: new.name.to_owned(),
        tenant: tenant.id,
        tenant_name: tenant.name,
        role: Role::Admin,
    };
    let tokens = sessions::begin(app, &mut tx, client, me).await?;
    tx.commit().await?;
    Ok(tokens)
}

async fn check_setup_token(app: &App, token: &str) -> Result<()> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    let known = store::setup_token(&mut tx, &token::hash(token)).await?;
    match known {
        Some(expires_at) if expires_at > Utc::now() => Ok(()),
        Some(_) => Err(Error::invalid(
            "token",
            "토큰의 유효 시간(30분)이 지났습니다. 서버를 다시 시작하면 새 토큰을 출력합니다",
            "the token has run out (30 min); restart the server and it prints a new one",
        )),
        None => Err(Error::invalid(
            "token",
            "토큰이 맞지 않습니다. 서버를 시작할 때 출력된 토큰을 그대로 붙여 넣으세요",
            "this is not the token; paste the one the server printed at start",
        )),
    }
}

/// Signs in with name and password.
pub async fn sign_in(app: &App, client: &Client, request: SignIn) -> Result<Tokens> {
    let login = request.login.trim();
    let nobody =
        login.is_empty() || login.chars().count() > accounts::MAX_NAME || login.contains(char::is_control);
    if nobody || request.password.chars().count() > MAX_CHARS {
        return Err(bad_credentials());
    }
    let attempt = throttle::Attempt::new(login, client.address);
    let mut tx = app.db.system(SystemReason::Authenticate).await?;
    let person = store::person(&mut tx, login).await?;
    let known = match &person {
        Some(person) => store::knows_address(&mut tx, person.id, &throttle::network(client.address)).await?,
        None => false,
    };
    attempt.begin(&mut tx, known, Utc::now()).await?;
    tx.commit().await?;

    let stored = person.as_ref().and_then(|p| p.password_hash.clone());
    let verdict = app.auth.hasher.verify(&request.password, stored).await?;
    let rehashed = match verdict {
        password::Verdict::RightButWeak => Some(app.auth.hasher.hash(&request.password).await?),
        _ => None,
    };

    let mut tx = app.db.system(SystemReason::Authenticate).await?;
    let member = match &person {
        Some(person) => store::first_membership(&mut tx, person.id).await?,
        None => None,
    };
    let (Some(person), Some(member)) = (person, member) else { return Err(bad_credentials()) };
    let (user, tenant) = (UserId(person.id), TenantId(member.tenant_id));
    if verdict == password::Verdict::Wrong || person.disabled_at.is_some() {
        let entry =
            Entry::of(tenant, Some(user), &person.login, "auth.sign_in_failed", &person.login, &client.trace);
        let from = json!({ "address": throttle::network(client.address) });
        audit::record(tx.conn(), entry.after(from)).await?;
        tx.commit().await?;
        return Err(bad_credentials());
    }
    attempt.succeeded(&mut tx).await?;
    if let Some(hash) = rehashed {
        store::set_password_hash(&mut tx, person.id, &hash).await?;
    }
    let me = Me {
        user,
        login: person.login,
        name: person.name,
        tenant,
        tenant_name: member.tenant_name,
        role: stored_role(&member.role)?,
    };
    let tokens = sessions::begin(app, &mut tx, client, me).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Exchanges a refresh token for a new pair. A spent token ends the session: one of its two holders stole it.
pub async fn refresh(app: &App, client: &Client, token: &str) -> Result<Tokens> {
    let now = Utc::now();
    let mut tx = app.db.system(SystemReason::Authenticate).await?;
    let Some(found) = store::presented(&mut tx, &token::hash(token)).await? else { return Err(signed_out()) };
    if found.revoked_at.is_some()
        || found.expires_at <= now
        || found.token_expires_at <= now
        || found.disabled_at.is_some()
    {
        return Err(signed_out());
    }
    let session = (TenantId(found.tenant_id), SessionId(found.session_id));
    let behind = found.generation - found.token_generation;
    let in_grace = behind == 1 && found.rotated_at.is_some_and(|at| just_before(at, now));
    if behind != 0 && !in_grace {
        sessions::end(app, &mut tx, session, "reused", now).await?;
        let who = Some(UserId(found.user_id));
        let entry = Entry::of(
            session.0,
            who,
            &found.login,
            "auth.token_reused",
            session.1.to_string(),
            &client.trace,
        );
        let from = json!({ "address": throttle::network(client.address) });
        audit::record(tx.conn(), entry.after(from)).await?;
        tx.commit().await?;
        tracing::warn!(session.id = %session.1, "a spent refresh token was presented; its session is ended");
        return Err(signed_out());
    }
    if behind == 0 {
        store::rotate(&mut tx, found.tenant_id, found.session_id, now).await?;
    }
    let me = Me {
        user: UserId(found.user_id),
        login: found.login,
        name: found.name,
        tenant: session.0,
        tenant_name: found.tenant_name,
        role: stored_role(&found.role)?,
    };
    let tokens =
        sessions::issue(app, &mut tx, session.1, found.token_generation + 1, found.expires_at, me).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Whether a moment has only just passed. One that is still to come was noted before a clock was set back: its grace is
/// over, however long the clock needs to get there.
fn just_before(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - at).abs() <= GRACE
}

/// Ends the session at once.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<()> {
    let Some(session) = caller.session else { return Ok(()) };
    let mut tx = app.db.system(SystemReason::Authenticate).await?;
    if sessions::end(app, &mut tx, (caller.tenant, session), "signed_out", Utc::now()).await? {
        audit::record(tx.conn(), Entry::by(caller, "auth.sign_out", session.to_string())).await?;
    }
    tx.commit().await
}

/// Who is signed in.
pub async fn me(app: &App, caller: &Caller) -> Result<Me> {
    let mut tx = app.db.tenant(caller).await?;
    let (name, tenant_name) = store::names(&mut tx, caller.user).await?;
    Ok(Me {
        user: caller.user,
        login: caller.login.clone(),
        name,
        tenant: caller.tenant,
        tenant_name,
        role: caller.role,
    })
}

/// The caller of an access token, as the session stands now.
pub async fn authenticate(app: &App, access_token: &str, trace: Trace) -> Result<Caller> {
    let claims = app.auth.signer.read(access_token).ok_or_else(signed_out)?;
    let session = (claims.tenant, claims.sid);
    let standing = sessions::standing(app, session, claims.sub).await?.ok_or_else(signed_out)?;
    Ok(Caller {
        user: claims.sub,
        login: standing.login,
        tenant: claims.tenant,
        role: standing.role,
        session: Some(claims.sid),
        lang: standing.lang,
        trace,
    })
}

/// The same caller as the session stands now: for streams that live longer than a request. An error where it has ended.
pub async fn recheck(app: &App, caller: &Caller) -> Result<Caller> {
    let Some(session) = caller.session else { return Ok(caller.clone()) };
    let standing =
        sessions::standing(app, (caller.tenant, session), caller.user).await?.ok_or_else(signed_out)?;
    Ok(Caller { role: standing.role, ..caller.clone() })
}

/// Removes what has expired; the server calls it now and then. Gives the number of rows removed.
pub async fn sweep(app: &App) -> Result<u64> {
    app.auth.sessions.forget_old();
    let mut tx = app.db.system(SystemReason::Sweep).await?;
    let gone = store::sweep(&mut tx, Utc::now(), KEEP_SESSIONS).await?;
    tx.commit().await?;
    Ok(gone)
}

/// Nobody is signed in, or the session has ended.
pub fn signed_out() -> Error {
    ApiError::new(ErrorCode::SignedOut, "로그인이 필요합니다", "you are not signed in")
        .with_hint("세션이 끝났습니다. 다시 로그인하세요", "the session has ended; sign in again")
        .into()
}

fn bad_credentials() -> Error {
    ApiError::new(
        ErrorCode::BadCredentials,
        "아이디 또는 비밀번호가 맞지 않습니다",
        "login name or password is wrong",
    )
    .into()
}

fn stored_role(text: &str) -> Result<Role> {
    text.parse().map_err(Error::Internal)
}

fn stored_lang(text: &str) -> Lang {
    if text == "en" { Lang::En } else { Lang::Ko }
}

fn seconds(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_does_not_make_grace_longer() {
        let now = Utc::now();
        for (seconds, grace) in [(0, true), (9, true), (11, false), (-9, true), (-3_600, false)] {
            assert_eq!(just_before(now - chrono::Duration::seconds(seconds), now), grace, "{seconds} s");
        }
    }
}
