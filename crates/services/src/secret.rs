//! Values that do not print, and the keys derived from the one secret of an installation.
//!
//! Invariant: one secret (`TOBIT_SECRET`, or a file of the data directory made with mode 0600) is behind every key; each
//! use has its own key by HMAC-SHA-256 with a label, so that no key tells another.

use std::{
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use hmac::{Hmac, KeyInit, Mac};
use model::{ApiError, ErrorCode};
use rand::RngCore;
use sha2::{Digest, Sha256};

use crate::{
    config::Config,
    error::{Error, Result},
};

/// A text that never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The keys of an installation.
#[derive(Clone)]
pub struct Keys {
    master: Secret,
    /// Whether the secret was given, and so may be shared by replicas.
    pub given: bool,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("given", &self.given).finish_non_exhaustive()
    }
}

impl Keys {
    /// The given secret, else that of the data directory, made at the first start.
    pub fn load(config: &Config) -> Result<Self> {
        match &config.secret {
            Some(secret) => Ok(Self { master: secret.clone(), given: true }),
            None => {
                let path = config.data_dir.join("secret");
                let master = read_or_make(&path).map_err(|cause| unusable(&path, &cause))?;
                Ok(Self { master, given: false })
            }
        }
    }

    /// Keys of a known secret.
    pub fn from_secret(secret: Secret) -> Self {
        Self { master: secret, given: true }
    }

    /// The key for one use, 32 bytes.
    pub fn derive(&self, label: &str) -> [u8; 32] {
        // A key of any length is accepted by HMAC; the error type exists for other constructions.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.master.expose().as_bytes()) else {
            return Sha256::digest(format!("{}\0{label}", self.master.expose())).into();
        };
        mac.update(b"tobit/1/");
        mac.update(label.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The password of a database role.
    pub fn role_password(&self, role: &str) -> Secret {
        Secret::new(hex(&self.derive(&format!("role/{role}"))))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 256 random bits as hexadecimal digits, from the operating system.
pub fn random_token() -> String {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

fn unusable(path: &Path, cause: &std::io::Error) -> Error {
    let path = path.display();
    ApiError::new(
        ErrorCode::Unavailable,
        format!("비밀 파일 {path}을(를) 쓸 수 없습니다: {cause}"),
        format!("the file of the secret {path} cannot be used: {cause}"),
    )
    .with_hint(
        "데이터 폴더의 권한을 확인하세요. 파일이 손상되었으면 백업에서 복원하거나, 지우고 다시 시작하세요 (모두 다시 로그인해야 합니다)",
        "check the rights of the data directory; a damaged file is restored from a backup, or removed before the next \
         start, after which everybody signs in again",
    )
    .into()
}

fn read_or_make(path: &Path) -> std::io::Result<Secret> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    // Written beside and linked into place: whoever comes second finds the whole file of the first.
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    if !path.exists() {
        let _ = std::fs::remove_file(&fresh);
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        file.write_all(random_token().as_bytes())?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&fresh, path);
        std::fs::remove_file(&fresh)?;
        match linked {
            Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => return Err(cause),
            _ => {}
        }
    }
    if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    let text = std::fs::read_to_string(path)?.trim().to_owned();
    if text.len() < 16 {
        return Err(std::io::Error::other("the secret is shorter than 16 characters"));
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_use_has_its_own_key_and_the_same_one_every_time() {
        let keys = Keys::from_secret(Secret::new("0123456789abcdef"));
        assert_eq!(keys.derive("token"), keys.derive("token"));
        assert_ne!(keys.derive("token"), keys.derive("role/tobit_app"));
        assert!(!format!("{keys:?}").contains("0123"));
    }

    #[test]
    fn the_secret_of_a_directory_is_made_once_and_readable_by_its_owner_only() {
        let dir = std::env::temp_dir().join(format!("tobit-secret-{}", random_token()));
        let path = dir.join("secret");
        let first = read_or_make(&path).unwrap();
        assert!(first == read_or_make(&path).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
