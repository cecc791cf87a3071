//! Under which account PostgreSQL runs, and where its files can be so that this account reaches them.
//!
//! PostgreSQL refuses to run as root. As root it is given an unprivileged account; only the cluster directory and the
//! password file change hands, and the permissions of parent directories are never touched.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use model::Localized;

use crate::{
    Progress,
    error::{At, Error, ErrorKind, Result},
    sys,
};

/// Where clusters go when the account cannot reach the directory of the installation.
const ELSEWHERE: &str = "/var/lib/tobit/pg";

/// The account when there is no `postgres` and none was named. It is made on the first start, because `initdb` refuses
/// to work for a user id that has no name.
const OWN: &str = "tobit";

/// An account PostgreSQL runs under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// User id.
    pub uid: u32,
    /// Group id.
    pub gid: u32,
    /// True when it is not the account of this process.
    pub switched: bool,
}

impl Account {
    /// The account for a directory: this process's own, or as root the owner of an existing cluster, the one named,
    /// `postgres`, or a system account of its own.
    pub fn choose(named: Option<u32>, cluster: &Path, progress: &Progress) -> Result<Self> {
        let own = Self { uid: sys::euid(), gid: sys::egid(), switched: false };
        let owner = fs::metadata(cluster).ok().map(|meta| (meta.uid(), meta.gid()));
        if own.uid != 0 {
            return match owner {
                Some((uid, _)) if uid != own.uid => Err(foreign(cluster, uid)),
                _ => Ok(own),
            };
        }
        let (uid, gid) = match (owner, named) {
            (Some((uid, gid)), _) if uid != 0 => (uid, gid),
            (_, Some(uid)) if uid != 0 => (uid, known(&uid.to_string()).ok_or_else(|| nameless(uid))?.1),
            _ => match unprivileged("postgres").or_else(|| unprivileged(OWN)) {
                Some(account) => account,
                None => make(progress)?,
            },
        };
        Ok(Self { uid, gid, switched: true })
    }

    /// Runs a command under this account.
    pub fn apply(self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        if self.switched {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Gives a file or directory to this account.
    pub fn own(self, path: &Path) -> Result<()> {
        if self.switched { chown(path, Some(self.uid), Some(self.gid)).at(path) } else { Ok(()) }
    }

    /// Whether this account may pass through every directory down to `path`.
    fn reaches(self, path: &Path) -> bool {
        if !self.switched {
            return true;
        }
        let Ok(path) = fs::canonicalize(path) else { return false };
        path.ancestors().all(|dir| {
            fs::metadata(dir).is_ok_and(|meta| {
                let mode = meta.permissions().mode();
                let bit = match () {
                    () if meta.uid() == self.uid => 0o100,
                    () if meta.gid() == self.gid => 0o010,
                    () => 0o001,
                };
                mode & bit != 0
            })
        })
    }
}

/// Where the files of a cluster really are.
#[derive(Debug, Clone)]
pub struct Home {
    /// The account that owns them.
    pub account: Account,
    /// Holds `cluster`, `password` and `postgres.log`.
    pub dir: PathBuf,
    /// Holds `runtime-*`.
    pub runtimes: PathBuf,
}

impl Home {
    /// Finds the place for a directory, which is made when it does not exist; says so when it is elsewhere.
    pub fn resolve(dir: &Path, named: Option<u32>, progress: &Progress) -> Result<Self> {
        fs::create_dir_all(dir).at(dir)?;
        let dir = &fs::canonicalize(dir).at(dir)?;
        let here = dir.join("cluster");
        let account = Account::choose(named, &here, progress)?;
        if account.reaches(dir) {
            return Ok(Self { account, dir: dir.clone(), runtimes: dir.clone() });
        }
        if here.exists() {
            return Err(foreign(&here, account.uid));
        }
        let base = Path::new(ELSEWHERE);
        let home = base.join(mark(dir));
        fs::create_dir_all(&home).at(&home)?;
        let account = Account::choose(named, &home.join("cluster"), progress)?;
        if !account.reaches(&home) {
            return Err(foreign(&home, account.uid));
        }
        let note = dir.join("LOCATION");
        if !note.exists() {
            let (ko, en) = (dir.display(), home.display());
            progress.tell(Localized::new(
                format!(
                    "{ko} 에는 데이터베이스 계정(uid {})이 접근할 수 없어 {en} 을 사용합니다",
                    account.uid
                ),
                format!(
                    "the account of the database (uid {}) cannot reach {ko}, so {en} is used",
                    account.uid
                ),
            ));
            fs::write(&note, format!("{}\n", home.display())).at(&note)?;
        }
        Ok(Self { account, dir: home, runtimes: base.to_path_buf() })
    }
}

/// A short name for a directory, stable between runs.
fn mark(dir: &Path) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(dir.as_os_str().as_encoded_bytes());
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn foreign(path: &Path, uid: u32) -> Error {
    let place = path.display();
    Error::new(
        ErrorKind::NotOurs,
        format!("{place} 은(는) uid {uid} 계정의 것이라 사용할 수 없습니다"),
        format!("{place} belongs to uid {uid} and cannot be used"),
    )
    .hint(
        format!("그 계정으로 실행하거나 `chown -R {} {place}` 후 다시 시작하세요", sys::euid()),
        format!("start as that user, or run `chown -R {} {place}` and start again", sys::euid()),
    )
}

/// Makes the system account of its own, as root.
fn make(progress: &Progress) -> Result<(u32, u32)> {
    progress.tell(Localized::new(
        format!("데이터베이스를 root 가 아닌 계정으로 실행하기 위해 시스템 계정 {OWN} 을 만듭니다"),
        format!("making the system account {OWN}, because the database must not run as root"),
    ));
    let program = ["/usr/sbin/useradd", "/sbin/useradd"].into_iter().find(|path| Path::new(path).exists());
    let output = Command::new(program.unwrap_or("useradd"))
        .args(["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"])
        .args(["--shell", "/usr/sbin/nologin", "--comment", "Tobit database", OWN])
        .stdin(Stdio::null())
        .output();
    // Another start may be making it in this moment, which is a failure here that mends itself.
    for _ in 0..30 {
        if let Some(account) = unprivileged(OWN) {
            return Ok(account);
        }
        if output.as_ref().is_ok_and(|output| output.status.success()) || output.is_err() {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    let reason = match &output {
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(Error::new(
        ErrorKind::NotOurs,
        format!("데이터베이스를 실행할 시스템 계정을 만들지 못했습니다: {reason}"),
        format!("the system account for the database could not be made: {reason}"),
    )
    .hint(
        "root 가 아닌 사용자로 시작하거나, PG_RUN_UID 에 이미 있는 일반 계정의 번호를 지정하세요",
        "start as a user other than root, or set PG_RUN_UID to the id of an unprivileged account that exists",
    ))
}

/// The account of this name, unless it is root's by another name.
fn unprivileged(name: &str) -> Option<(u32, u32)> {
    known(name).filter(|(uid, _)| *uid != 0)
}

fn nameless(uid: u32) -> Error {
    Error::new(
        ErrorKind::NotOurs,
        format!("PG_RUN_UID 의 {uid} 은(는) 이 컴퓨터에 있는 계정이 아닙니다"),
        format!("{uid} of PG_RUN_UID is no account of this machine"),
    )
    .hint(
        "있는 계정의 번호를 지정하거나 `useradd --system tobit` 으로 만든 뒤 PG_RUN_UID 를 지우세요",
        "name the id of an account that exists, or make one with `useradd --system tobit` and unset PG_RUN_UID",
    )
}

/// User id and group id of the account with this name or user id, wherever the machine keeps its accounts.
fn known(key: &str) -> Option<(u32, u32)> {
    let text = match Command::new("getent").args(["passwd", key]).stdin(Stdio::null()).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(_) => fs::read_to_string("/etc/passwd").unwrap_or_default(),
    };
    text.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, uid) = (parts.next()?, parts.nth(1)?);
        let gid = parts.next()?.parse().ok()?;
        (name == key || uid == key).then_some((uid.parse().ok()?, gid))
    })
}
