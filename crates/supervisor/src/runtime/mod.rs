//! Where the programs of PostgreSQL come from: the first source that has them.

mod system;
mod wheel;

use std::{
    env, fmt, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use model::Localized;

use crate::{
    Progress,
    account::{Account, Home},
    error::{At, Error, ErrorKind, Result},
};

/// Least version that has what our SQL uses.
pub(crate) const LEAST_MAJOR: u32 = 15;

/// What to look at, and what is allowed.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Directory of the database, as `./data/pg`: the same that [`crate::Cluster::start`] gets, or a shared one when
    /// several clusters use one runtime.
    pub data_dir: PathBuf,
    /// Directory of `postgres` and `initdb`, when named by a person (`PG_BIN_DIR`).
    pub pg_bin_dir: Option<PathBuf>,
    /// The pinned package as a file (`PG_WHEEL`).
    pub wheel: Option<PathBuf>,
    /// Where a fetched package is kept; `${XDG_CACHE_HOME:-~/.cache}/tobit` when absent.
    pub cache_dir: Option<PathBuf>,
    /// Whether pip may be asked.
    pub allow_download: bool,
    /// As root: the user id PostgreSQL runs under (`PG_RUN_UID`).
    pub run_uid: Option<u32>,
    /// Who is told what is being done.
    pub progress: Progress,
}

impl Options {
    /// Options for a directory with `PG_BIN_DIR`, `PG_WHEEL` and `PG_RUN_UID` of the environment; pip may be asked.
    pub fn from_env(data_dir: impl Into<PathBuf>, progress: Progress) -> Self {
        let path = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            data_dir: data_dir.into(),
            pg_bin_dir: path("PG_BIN_DIR"),
            wheel: path("PG_WHEEL"),
            cache_dir: None,
            allow_download: true,
            run_uid: env::var("PG_RUN_UID").ok().and_then(|value| value.trim().parse().ok()),
            progress,
        }
    }

    pub(crate) fn cache(&self) -> Option<PathBuf> {
        let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        self.cache_dir.clone().or_else(|| {
            let base =
                absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
            Some(base.join("tobit"))
        })
    }
}

/// Which source the programs came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Named by `PG_BIN_DIR`.
    Named,
    /// Unpacked by an earlier start, or shipped with an installation.
    Unpacked,
    /// Installed on this machine, with pgvector.
    System,
    /// The pinned package, from a file or from pip.
    Wheel,
}

/// The programs of one version of PostgreSQL.
#[derive(Debug, Clone)]
pub struct Runtime {
    /// Directory of `postgres`, `initdb`, `pg_dump`.
    pub bin: PathBuf,
    /// Major version.
    pub major: u32,
    /// Full version, as `18.4`.
    pub version: String,
    /// Where it came from.
    pub source: Source,
    pub(crate) run_uid: Option<u32>,
    pub(crate) progress: Progress,
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Named => "PG_BIN_DIR",
            Source::Unpacked => "unpacked",
            Source::System => "system",
            Source::Wheel => "wheel",
        };
        write!(f, "PostgreSQL {} ({source}, {})", self.version, self.bin.display())
    }
}

impl Runtime {
    /// The first source that has PostgreSQL 15 or newer with pgvector, of the major version of an existing cluster.
    pub fn locate(options: &Options) -> Result<Self> {
        let home = Home::resolve(&options.data_dir, options.run_uid, &options.progress)?;
        let pin = pinned_major(&home.dir.join("cluster"));
        let runtime = find(options, &home, pin)?;
        if let Some(pin) = pin.filter(|pin| *pin != runtime.major) {
            return Err(wrong_major(pin, runtime.major));
        }
        tracing::info!(target: "supervisor", %runtime, "programs of the database");
        Ok(runtime)
    }

    /// Path of one of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// Examines a directory of programs.
    fn examine(bin: &Path, source: Source, options: &Options) -> Option<Self> {
        let output = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        let major = version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        bin.join("initdb").exists().then(|| Self {
            bin: bin.to_path_buf(),
            major,
            version: version.to_owned(),
            source,
            run_uid: options.run_uid,
            progress: options.progress.clone(),
        })
    }
}

fn find(options: &Options, home: &Home, pin: Option<u32>) -> Result<Runtime> {
    if let Some(bin) = &options.pg_bin_dir {
        return named(bin, options);
    }
    let fits = |runtime: &Runtime| pin.is_none_or(|pin| pin == runtime.major);
    if let Some(runtime) = unpacked(&home.runtimes, options).into_iter().find(fits) {
        return Ok(runtime);
    }
    if let Some(runtime) = system::find(options).into_iter().find(fits) {
        return Ok(runtime);
    }
    if let Some(pin) = pin.filter(|pin| *pin != wheel::MAJOR) {
        return Err(wrong_major(pin, wheel::MAJOR));
    }
    // Tests of several crates may come here at once: one unpacks, the others find the result.
    let place = home.runtimes.join("runtime.lock");
    let lock = File::create(&place).at(&place)?;
    lock.lock().at(&place)?;
    if let Some(runtime) = unpacked(&home.runtimes, options).into_iter().find(fits) {
        return Ok(runtime);
    }
    let file = wheel::obtain(options)?;
    wheel::unpack(&file, &home.runtimes, &options.progress)?;
    unpacked(&home.runtimes, options)
        .into_iter()
        .find(fits)
        .map(|runtime| Runtime { source: Source::Wheel, ..runtime })
        .ok_or_else(|| unusable(&home.runtimes, home.account))
}

fn named(bin: &Path, options: &Options) -> Result<Runtime> {
    let place = bin.display();
    let runtime = Runtime::examine(bin, Source::Named, options).ok_or_else(|| {
        Error::new(
            ErrorKind::NoRuntime,
            format!("PG_BIN_DIR={place} 에 실행할 수 있는 postgres 와 initdb 가 없습니다"),
            format!("PG_BIN_DIR={place} has no postgres and initdb that can be run"),
        )
        .hint(
            "예: PG_BIN_DIR=/usr/lib/postgresql/17/bin. 지우면 스스로 찾습니다",
            "for example PG_BIN_DIR=/usr/lib/postgresql/17/bin; without it Tobit looks by itself",
        )
    })?;
    if runtime.major < LEAST_MAJOR {
        return Err(Error::new(
            ErrorKind::NoRuntime,
            format!("PG_BIN_DIR 의 PostgreSQL {} 은 너무 오래되었습니다", runtime.version),
            format!("PostgreSQL {} of PG_BIN_DIR is too old", runtime.version),
        )
        .hint("15 이상이 필요합니다", "15 or newer is needed"));
    }
    Ok(runtime)
}

/// Runtimes below a directory, newest first. Both the layout of the package and a plain one are known.
fn unpacked(dir: &Path, options: &Options) -> Vec<Runtime> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let fits = name.starts_with("runtime-") && !name.ends_with(".tmp") && entry.path().is_dir();
            fits.then(|| entry.path())
        })
        .filter_map(|path| {
            let bin = [path.join(wheel::BIN), path.join("bin")].into_iter().find(|bin| bin.is_dir())?;
            Runtime::examine(&bin, Source::Unpacked, options)
        })
        .collect();
    found.sort_by_key(|runtime| std::cmp::Reverse(runtime.major));
    found
}

/// Major version an existing cluster was made by.
pub(crate) fn pinned_major(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

pub(crate) fn wrong_major(cluster: u32, have: u32) -> Error {
    Error::new(
        ErrorKind::WrongMajor,
        format!("데이터는 PostgreSQL {cluster} 로 만들어졌지만 사용할 수 있는 것은 {have} 입니다"),
        format!("the data was made by PostgreSQL {cluster}, but {have} is what can be used"),
    )
    .hint(
        format!(
            "PostgreSQL {cluster} 의 bin 디렉터리를 PG_BIN_DIR 로 지정하거나, {cluster} 의 pg_dump 로 덤프한 뒤 새 데이터 디렉터리에 복원하세요"
        ),
        format!(
            "name the bin directory of PostgreSQL {cluster} in PG_BIN_DIR, or dump with its pg_dump and restore into a new data directory"
        ),
    )
}

fn unusable(dir: &Path, account: Account) -> Error {
    let place = dir.display();
    Error::new(
        ErrorKind::NoRuntime,
        format!("{place} 에 푼 PostgreSQL 을 실행할 수 없습니다 (uid {})", account.uid),
        format!("the PostgreSQL unpacked in {place} cannot be run (uid {})", account.uid),
    )
    .hint(
        "noexec 로 마운트되었거나 musl 시스템(Alpine)일 수 있습니다. PG_BIN_DIR 또는 DATABASE_URL 을 사용하세요",
        "the disk may be mounted noexec, or the system may use musl (Alpine); use PG_BIN_DIR or DATABASE_URL",
    )
}

/// Every way to get a PostgreSQL, for the error that ends the search.
pub(crate) fn ways() -> Localized {
    Localized::new(
        "다음 중 하나를 하세요: (1) `apt-get install -y python3-pip` 후 다시 시작 (2) 고정된 패키지 파일을 PG_WHEEL 로 지정 \
         (3) pgvector 가 있는 PostgreSQL 15 이상 설치 (Debian 13: postgresql-17-pgvector, Ubuntu 24.04: postgresql-16-pgvector) \
         (4) 그 bin 디렉터리를 PG_BIN_DIR 로 지정 (5) 기존 서버를 DATABASE_URL 로 지정",
        "do one of these: (1) `apt-get install -y python3-pip` and start again (2) name the file of the pinned package in PG_WHEEL \
         (3) install PostgreSQL 15 or newer with pgvector (Debian 13: postgresql-17-pgvector, Ubuntu 24.04: postgresql-16-pgvector) \
         (4) name its bin directory in PG_BIN_DIR (5) use an existing server with DATABASE_URL",
    )
}
