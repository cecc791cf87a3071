//! What a run that ended badly left behind: a PostgreSQL that still works on our cluster.

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::{
    error::{Error, ErrorKind, Result},
    sys::{self, Signal},
};

/// How long a leftover may take to close the cluster.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ends a PostgreSQL that is alive and works on this cluster. A process id that has gone to somebody else is left
/// alone, and so is the file: PostgreSQL itself removes a stale one.
pub(super) fn end(cluster: &Path) -> Result<()> {
    let Some(pid) = postmaster(cluster) else { return Ok(()) };
    if !works_on(pid, cluster) {
        return Ok(());
    }
    tracing::warn!(target: "supervisor", pid, "ending a PostgreSQL left over by an earlier run");
    sys::signal(pid, Signal::Int).map_err(|error| stuck(pid, &error.to_string()))?;
    let begun = Instant::now();
    while works_on(pid, cluster) {
        if begun.elapsed() > PATIENCE {
            return Err(stuck(pid, "it does not end"));
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Process id in `postmaster.pid`.
pub(super) fn postmaster(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

fn works_on(pid: u32, cluster: &Path) -> bool {
    sys::alive(pid) && command_line(pid).is_some_and(|line| line.contains(&*cluster.to_string_lossy()))
}

fn command_line(pid: u32) -> Option<String> {
    if let Ok(bytes) = fs::read(format!("/proc/{pid}/cmdline")) {
        return Some(String::from_utf8_lossy(&bytes).replace('\0', " "));
    }
    let output = Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Name of a process for a message, as `, tobit serve`.
pub(super) fn name(pid: u32) -> String {
    match command_line(pid) {
        Some(line) if !line.trim().is_empty() => {
            format!(", {}", line.trim().chars().take(80).collect::<String>())
        }
        _ => String::new(),
    }
}

fn stuck(pid: u32, why: &str) -> Error {
    Error::new(
        ErrorKind::NotOurs,
        format!("이전 실행이 남긴 PostgreSQL(pid {pid})을 끝낼 수 없습니다: {why}"),
        format!("a PostgreSQL left over by an earlier run (pid {pid}) cannot be ended: {why}"),
    )
    .hint(format!("`kill -INT {pid}` 후 다시 시작하세요"), format!("run `kill -INT {pid}` and start again"))
}
