//! A second process that owns a cluster, so that tests can kill it: this test binary, started again.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use super::{durable, runtime};
use supervisor::Cluster;

const DIRECTORY: &str = "SUPERVISOR_TEST_DIRECTORY";

/// The other process, and what it said about its cluster.
pub struct Holder {
    pub child: Child,
    pub url: String,
    pub postgres: u32,
    // Kept open: the other process still writes to it.
    _output: BufReader<ChildStdout>,
}

/// Starts another process on a directory and waits until its cluster answers.
pub fn holder(dir: &Path) -> Holder {
    let mut child = spawn(dir);
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    loop {
        let mut line = String::new();
        assert_ne!(
            output.read_line(&mut line).expect("a line"),
            0,
            "the other process did not start its cluster"
        );
        let Some((_, rest)) = line.split_once("holding ") else { continue };
        let (pid, url) = rest.trim().split_once(' ').expect("pid and address");
        return Holder { child, postgres: pid.parse().expect("a pid"), url: url.to_owned(), _output: output };
    }
}

/// Starts another process on a directory and does not wait.
pub fn spawn(dir: &Path) -> Child {
    runtime();
    Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "hold::hold_a_cluster_when_asked_to", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("another process")
}

/// Does nothing among the other tests; in the process of [`spawn`] it holds a cluster until SIGTERM.
#[test]
fn hold_a_cluster_when_asked_to() {
    let Some(dir) = env::var_os(DIRECTORY) else { return };
    let cluster = Cluster::start(&runtime(), Path::new(&dir), durable()).expect("the cluster starts");
    super::block(async {
        let mut term =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("a signal");
        println!("holding {} {}", cluster.pid(), cluster.superuser_url());
        std::io::stdout().flush().expect("the line is out");
        term.recv().await;
    });
    cluster.stop();
}
