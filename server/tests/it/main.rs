//! The program itself, as a process: started, asked over HTTP and by its command line, killed, started again.
#![expect(clippy::expect_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod cli;
mod crash;
mod failures;
mod fuzz;
mod guard;
mod http;
mod imports;
mod operations;
mod questions;
mod rights;
mod signing;
mod streams;
mod takeover;
mod tenants;

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use http::Client;
use serde_json::{Value, json};
use supervisor::{Options, Progress, Runtime};

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_tobit");
/// A password that is good enough.
const PASSWORD: &str = "seven-horses-graze-1987";

/// One runtime of PostgreSQL for all tests, so that none unpacks its own.
fn postgres() -> &'static Path {
    static BIN: OnceLock<PathBuf> = OnceLock::new();
    BIN.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pg");
        Runtime::locate(&Options::from_env(dir, Progress::silent())).expect("a PostgreSQL with pgvector").bin
    })
}

/// A data directory with a cluster that is made and migrated, for tests to copy.
fn template() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let base = std::env::temp_dir();
        let stale = |name: &str| {
            name.strip_prefix("tobit-template-").is_some_and(|pid| !Path::new("/proc").join(pid).exists())
        };
        for entry in std::fs::read_dir(&base).into_iter().flatten().flatten() {
            if stale(&entry.file_name().to_string_lossy()) {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
        let dir = base.join(format!("tobit-template-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a directory");
        let made = command(&dir).arg("migrate").output().expect("the program");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        dir.join("data")
    })
}

/// A running server on a data directory of its own.
struct Server {
    child: Child,
    dir: tempfile::TempDir,
    addr: String,
    setup_token: Option<String>,
}

impl Server {
    /// Starts on a new directory.
    fn start() -> Self {
        let dir = passable_dir();
        let copied =
            Command::new("cp").arg("-a").arg(template()).arg(dir.path().join("data")).status().expect("cp");
        assert!(copied.success());
        Self::start_on(dir)
    }

    /// Starts on a directory that has been used before.
    fn start_on(dir: tempfile::TempDir) -> Self {
        Self::start_in(dir, &[])
    }

    /// Starts on a new directory with variables of the environment, which name another database.
    fn start_with(env: &[(&str, &str)]) -> Self {
        Self::start_in(passable_dir(), env)
    }

    fn start_in(dir: tempfile::TempDir, env: &[(&str, &str)]) -> Self {
        let mut child = command(dir.path())
            .envs(env.iter().copied())
            .args(["serve", "--addr", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(dir.path().join("stderr")).expect("a file"))
            .spawn()
            .expect("the program");
        let mut setup_token = None;
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let addr = loop {
            let Some(Ok(line)) = lines.next() else {
                let said = std::fs::read_to_string(dir.path().join("stderr")).unwrap_or_default();
                panic!("the server did not start: {said}");
            };
            if let Some((_, token)) = line.split_once("setup token: ") {
                setup_token = Some(token.trim().to_owned());
            }
            if let Some(addr) = line.strip_prefix("http://") {
                break addr.to_owned();
            }
        };
        Self { child, dir, addr, setup_token }
    }

    /// A client nobody has signed in.
    fn client(&self) -> Client {
        Client::new(&self.addr)
    }

    /// The first administrator, signed in.
    fn admin(&self) -> Client {
        let mut client = self.client();
        let body = json!({
            "token": self.setup_token.clone().expect("a setup token"),
            "login": "kim@example.com", "name": "김관리", "password": PASSWORD, "organisation": "한빛",
        });
        let made = client.post("/api/v1/auth/first-admin", &body);
        assert_eq!(made.status, 200, "{made:?}");
        client.keep_token(&made);
        client
    }

    /// Runs a command on the data directory of this server.
    fn run(&self, args: &[&str]) -> Output {
        command(self.dir.path()).args(args).output().expect("the program")
    }

    /// Ends it at once and gives back its directory.
    fn kill(mut self) -> tempfile::TempDir {
        self.child.kill().expect("kill -9");
        self.child.wait().expect("it ends");
        let empty = tempfile::tempdir().expect("a temporary directory");
        std::mem::replace(&mut self.dir, empty)
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("-TERM");
            let _ = self.child.wait();
        }
    }
}

/// A new directory the account of the database can pass through.
fn passable_dir() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let passable = Command::new("chmod").arg("755").arg(dir.path()).status().expect("chmod");
    assert!(passable.success());
    dir
}

/// The program on a data directory, with a clean environment and cheap password hashing.
fn command(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LANG", "en_US.UTF-8")
        .env("PG_BIN_DIR", postgres())
        .env("TOBIT_DATA_DIR", dir.join("data"))
        .env("TOBIT_DIST", dir.join("dist"))
        .env("TOBIT_PASSWORD_MEMORY_KIB", "19456")
        .env("TOBIT_PASSWORD_PASSES", "2")
        .stdin(Stdio::null());
    command
}

/// Waits until something holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The data of an envelope that tells of success.
fn data(answer: &http::Answer) -> Value {
    let body = answer.json();
    assert_eq!((answer.status, body["code"].as_u64()), (200, Some(0)), "{answer:?}");
    body["data"].clone()
}
