//! One cluster: owned, prepared, started, watched, stopped.
//!
//! Invariants: one supervisor per directory (a lock held until the end); the port is never fixed; `postmaster.pid` is
//! never deleted; only an own child is ever killed hard.

mod init;
mod leftover;
mod log;
mod process;
mod watch;

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread::JoinHandle,
};

use model::Localized;

use crate::{
    Connection, Runtime,
    account::Home,
    error::{At, Error, ErrorKind, Result, no_space},
    runtime::{pinned_major, wrong_major},
    sys,
};

/// Least free space to start with, in bytes.
const LEAST_SPACE: u64 = 64 << 20;
/// Least free space to make a cluster, in bytes.
const LEAST_SPACE_NEW: u64 = 256 << 20;

/// How a cluster is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Gives durability away for speed: throw-away clusters of tests.
    pub test_mode: bool,
    /// Most connections.
    pub max_connections: u32,
    /// Database made together with the cluster, beside `postgres`.
    pub database: Option<String>,
    /// Further settings as name and value; they stand on the command line and cannot be reset from SQL.
    pub extra: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { test_mode: false, max_connections: 50, database: Some("tobit".into()), extra: Vec::new() }
    }
}

impl Settings {
    /// Settings of a throw-away cluster.
    pub fn for_tests() -> Self {
        Self { test_mode: true, max_connections: 200, database: None, extra: Vec::new() }
    }
}

/// How the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    Ready,
    /// It ended and is being started again; the number of this try.
    Restarting(u32),
    /// It ended and does not start again; why. It is tried again now and then.
    Down(Localized),
    /// It was stopped.
    Stopped,
}

/// A running cluster. Dropping it stops it.
pub struct Cluster {
    dir: PathBuf,
    home: Home,
    shared: Arc<Shared>,
    commands: mpsc::Sender<watch::Stop>,
    thread: Option<JoinHandle<()>>,
    // Held, not read: the lock goes with it.
    _lock: File,
}

/// What the watching thread tells.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Debug, Clone)]
struct State {
    health: Health,
    pid: u32,
    connection: Connection,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster")
            .field("dir", &self.dir)
            .field("state", &self.shared.state())
            .finish_non_exhaustive()
    }
}

impl Cluster {
    /// Starts the cluster of a directory, which is made when there is none, and returns when it answers.
    pub fn start(runtime: &Runtime, dir: &Path, settings: Settings) -> Result<Self> {
        fs::create_dir_all(dir).at(dir)?;
        let dir = fs::canonicalize(dir).at(dir)?;
        let lock = lock(&dir)?;
        let home = Home::resolve(&dir, runtime.run_uid, &runtime.progress)?;
        check_space(&home.dir)?;
        if let Some(pin) = pinned_major(&home.dir.join("cluster")).filter(|pin| *pin != runtime.major) {
            return Err(wrong_major(pin, runtime.major));
        }
        let plan = watch::Plan { runtime: runtime.clone(), dir: dir.clone(), home: home.clone(), settings };
        let (shared, commands, thread) = watch::begin(plan)?;
        Ok(Self { dir, home, shared, commands, thread: Some(thread), _lock: lock })
    }

    /// Address of a database, as the superuser of the cluster: for migrations and roles, never for requests.
    pub fn url(&self, database: &str) -> String {
        self.shared.state().connection.url(database)
    }

    /// Address of the maintenance database, as the superuser of the cluster.
    pub fn superuser_url(&self) -> String {
        self.url("postgres")
    }

    /// Process id of PostgreSQL.
    pub fn pid(&self) -> u32 {
        self.shared.state().pid
    }

    /// Port on the loopback address.
    pub fn port(&self) -> u16 {
        self.shared.state().connection.port
    }

    /// How it is now.
    pub fn health(&self) -> Health {
        self.shared.state().health.clone()
    }

    /// Where its files are; elsewhere than asked for when the account of the database cannot reach that.
    pub fn home(&self) -> &Path {
        &self.home.dir
    }

    /// Ends it cleanly; after ten seconds less cleanly.
    pub fn stop(mut self) {
        self.end();
    }

    /// Ends it and deletes its files.
    pub fn destroy(mut self) -> Result<()> {
        self.end();
        let home = self.home.dir.clone();
        let cluster = home.join("cluster");
        fs::remove_dir_all(&cluster).at(&cluster)?;
        for name in ["password", "postgres.log"] {
            let _ = fs::remove_file(home.join(name));
        }
        if home != self.dir {
            fs::remove_dir(&home).at(&home)?;
        }
        Ok(())
    }

    fn end(&mut self) {
        let _ = self.commands.send(watch::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

fn check_space(home: &Path) -> Result<()> {
    let need = if home.join("cluster").exists() { LEAST_SPACE } else { LEAST_SPACE_NEW };
    match sys::free_bytes(home) {
        Some(free) if free < need => Err(no_space(home)),
        _ => Ok(()),
    }
}

/// Takes the directory for this process, or says who has it.
fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("supervisor.lock");
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).at(&path)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).at(&path)?;
            file.rewind().at(&path)?;
            write!(file, "{}", std::process::id()).at(&path)?;
            Ok(file)
        }
        Err(TryLockError::Error(error)) => Err(Error::io(&path, error)),
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            Err(locked(dir, text.trim().parse().ok()))
        }
    }
}

fn locked(dir: &Path, owner: Option<u32>) -> Error {
    let place = dir.display();
    let who = owner.map_or_else(String::new, |pid| format!(" (pid {pid}{})", leftover::name(pid)));
    Error::new(
        ErrorKind::Locked(owner),
        format!("다른 프로세스{who}가 {place} 을(를) 사용하고 있습니다"),
        format!("another instance{who} owns {place}"),
    )
    .hint(
        "그 프로세스를 끝내거나, 다른 --data-dir 을 지정하세요",
        "end that process, or name another --data-dir",
    )
}
