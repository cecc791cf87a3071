//! How to reach a running cluster: kept in a file only the owner may read, for commands run beside the server.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::{
    error::{At, Error, ErrorKind, Result},
    sys,
};

const FILE: &str = "connection";

/// Port and credentials of a running cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// Process of the server that owns the cluster.
    pub owner: u32,
    /// Port on the loopback address.
    pub port: u16,
    /// Password of the superuser `app`.
    pub password: String,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("owner", &self.owner)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// The connection another process has written for a directory, while that process lives.
    pub fn read(dir: &Path) -> Option<Self> {
        let text = fs::read_to_string(dir.join(FILE)).ok()?;
        let mut words = text.split_whitespace();
        let found = Self {
            owner: words.next()?.parse().ok()?,
            port: words.next()?.parse().ok()?,
            password: words.next()?.to_owned(),
        };
        sys::alive(found.owner).then_some(found)
    }

    /// Address of a database, as the superuser.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://app:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let path = dir.join(FILE);
        let text = format!("{} {} {}\n", self.owner, self.port, self.password);
        secret_file(&dir.join(format!("{FILE}.new")), &text)?;
        fs::rename(dir.join(format!("{FILE}.new")), &path).at(&path)
    }

    pub(crate) fn forget(dir: &Path) {
        let _ = fs::remove_file(dir.join(FILE));
    }
}

/// Writes a file that nobody but its owner could read at any moment.
pub(crate) fn secret_file(path: &Path, text: &str) -> Result<()> {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::io(path, error)),
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).at(path)?;
    file.write_all(text.as_bytes()).at(path)?;
    file.sync_all().at(path)
}

/// A random password: 24 bytes as hexadecimal digits, so that it can stand in an address as it is.
pub(crate) fn password() -> Result<String> {
    use rand::TryRngCore;
    let mut bytes = [0_u8; 24];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(|error| {
        Error::new(
            ErrorKind::Io,
            format!("난수를 얻을 수 없습니다: {error}"),
            format!("no random numbers: {error}"),
        )
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
