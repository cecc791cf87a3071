//! One PostgreSQL process: spawned, waited for, ended.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    init::command,
    leftover,
    log::{Failure, Log},
    watch::Plan,
};
use crate::{
    error::{At, Error, ErrorKind, Result},
    sys::{self, Signal},
};

/// How long a start is tried while a crashed predecessor lets go.
const RETRY: Duration = Duration::from_secs(30);
/// How long recovery may take before we give up waiting.
const RECOVERY: Duration = Duration::from_secs(600);

/// A PostgreSQL that answers.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) child: Child,
    pub(super) port: u16,
}

enum Outcome {
    Ready(Process),
    Failed(Failure),
}

impl Process {
    /// Starts PostgreSQL and waits until it answers. `had` is the port it had before: whoever is connected knows no
    /// other, so that it is waited for and never exchanged.
    pub(super) fn start(plan: &Plan, had: Option<u16>) -> Result<Self> {
        let begun = Instant::now();
        loop {
            leftover::end(&plan.cluster())?;
            let port = match had {
                Some(port) => port,
                None => free_port()?,
            };
            match attempt(plan, port)? {
                Outcome::Ready(process) => return Ok(process),
                Outcome::Failed(Failure::Final(error)) => return Err(error),
                Outcome::Failed(failure @ (Failure::Busy | Failure::PortTaken))
                    if begun.elapsed() < RETRY =>
                {
                    tracing::debug!(target: "supervisor", ?failure, "trying to start again");
                    thread::sleep(Duration::from_millis(300));
                }
                Outcome::Failed(_) => return Err(timed_out(plan)),
            }
        }
    }

    /// Ends it: cleanly, after ten seconds at once, after thirty by force.
    pub(super) fn stop(mut self) {
        let stages = [(Signal::Int, 10), (Signal::Quit, 20), (Signal::Kill, 10)];
        for (signal, seconds) in stages {
            let _ = sys::signal(self.child.id(), signal);
            let until = Instant::now() + Duration::from_secs(seconds);
            while Instant::now() < until {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

fn attempt(plan: &Plan, port: u16) -> Result<Outcome> {
    let log = Log::of(&plan.home.dir);
    let (file, begin) = log.open()?;
    let mut command = command(&plan.runtime, &plan.home, "postgres");
    command.arg("-D").arg(plan.cluster()).arg("-p").arg(port.to_string());
    for (name, value) in settings(plan) {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    let child = command
        // Ctrl-C goes to the group of the terminal; the database is ended by us, after the requests.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(file.try_clone().at(&plan.home.dir)?)
        .stderr(file)
        .spawn()
        .at(&plan.runtime.program("postgres"))?;
    let mut process = Process { child, port };
    let begun = Instant::now();
    loop {
        if process.child.try_wait().at(&plan.home.dir)?.is_some() {
            return Ok(Outcome::Failed(log.judge(&log.since(begin), &plan.home.dir)));
        }
        if ready(plan.cluster(), process.child.id()) {
            return Ok(Outcome::Ready(process));
        }
        if begun.elapsed() > RECOVERY {
            process.stop();
            return Err(timed_out(plan));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Line 1 of `postmaster.pid` is the child, line 8 says `ready`.
fn ready(cluster: PathBuf, pid: u32) -> bool {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines();
    let owner = lines.next().and_then(|line| line.trim().parse::<u32>().ok());
    owner == Some(pid) && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

fn settings(plan: &Plan) -> Vec<(String, String)> {
    let own = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect::<Vec<_>>()
    };
    let mut all = own(&[
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("shared_buffers", "128MB"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
    ]);
    all.push(("max_connections".into(), plan.settings.max_connections.to_string()));
    all.extend(if plan.settings.test_mode {
        own(&[
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("synchronous_commit", "off"),
            ("wal_level", "minimal"),
            ("max_wal_senders", "0"),
        ])
    } else {
        own(&[("fsync", "on")])
    });
    all.extend(plan.settings.extra.iter().cloned());
    all
}

fn free_port() -> Result<u16> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
    bound.map(|address| address.port()).map_err(|error| {
        Error::new(
            ErrorKind::StartFailed,
            format!("127.0.0.1 에서 빈 포트를 얻을 수 없습니다: {error}"),
            format!("no free port on 127.0.0.1: {error}"),
        )
        .hint("루프백 네트워크 설정을 확인하세요", "check the loopback network")
    })
}

fn timed_out(plan: &Plan) -> Error {
    let place = plan.home.dir.join("postgres.log");
    let place = place.display();
    Error::new(
        ErrorKind::StartFailed,
        "PostgreSQL 이 제시간에 시작하지 않았습니다",
        "PostgreSQL did not start in time",
    )
    .hint(format!("{place} 을(를) 확인하고 다시 시작하세요"), format!("look into {place} and start again"))
}
