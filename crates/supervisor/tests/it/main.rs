//! The supervisor on real PostgreSQL: starts, crashes, second instances, damaged and foreign files.
#![expect(clippy::expect_used, clippy::panic, reason = "a test says what went wrong by panicking")]

mod crash;
mod data;
mod hold;
mod start;

use std::{path::Path, process::Command, time::Duration};

use sqlx::{Connection as _, PgConnection};
use supervisor::{Cluster, Options, Progress, Runtime, Settings};

/// Programs shared by all tests: located (and fetched, the first time) once.
fn runtime() -> Runtime {
    static ONCE: std::sync::OnceLock<Runtime> = std::sync::OnceLock::new();
    ONCE.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pg");
        Runtime::locate(&Options::from_env(dir, Progress::silent())).expect("a PostgreSQL with pgvector")
    })
    .clone()
}

/// A directory of its own that the account of the database can reach.
fn directory() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    if let Some(path) = dir.path().to_str() {
        let status = Command::new("chmod").args(["755", path]).status().expect("chmod");
        assert!(status.success());
    }
    dir
}

fn start(dir: &Path) -> Cluster {
    Cluster::start(&runtime(), dir, Settings::for_tests()).expect("the cluster starts")
}

/// As the product runs it: what is acknowledged is on the disk.
fn durable() -> Settings {
    Settings { max_connections: 10, database: None, ..Settings::default() }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn number(url: &str, query: &'static str) -> i64 {
    block(async {
        let mut connection = PgConnection::connect(url).await.expect("a connection");
        sqlx::query_scalar(query).fetch_one(&mut connection).await.expect("a number")
    })
}

fn execute(url: &str, statement: &'static str) {
    block(async {
        let mut connection = PgConnection::connect(url).await.expect("a connection");
        sqlx::raw_sql(statement).execute(&mut connection).await.expect("the statement runs");
    });
}

/// Waits until something holds.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..600 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("not in time: {what}");
}

fn alive(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !status.is_empty() && !status.contains(") Z ")
}

fn kill(pid: u32, signal: &str) {
    let status = Command::new("kill").args([signal, &pid.to_string()]).status().expect("kill");
    assert!(status.success(), "kill {signal} {pid}");
}
