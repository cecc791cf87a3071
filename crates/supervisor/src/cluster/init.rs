//! Making a cluster: under a temporary name, renamed when it is whole.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
};

use model::Localized;

use super::{Settings, log::broken};
use crate::{
    Runtime,
    account::Home,
    connection::{password, secret_file},
    error::{At, Error, ErrorKind, Result, no_space},
    sys::{self, Signal},
};

/// Makes the cluster when there is none, and returns the password of its superuser.
pub(super) fn prepare(runtime: &Runtime, home: &Home, settings: &Settings) -> Result<String> {
    let cluster = home.dir.join("cluster");
    let secret = home.dir.join("password");
    sweep(&home.dir);
    if !cluster.exists() {
        return make(runtime, home, settings);
    }
    if !cluster.join("PG_VERSION").is_file() || !cluster.join("global/pg_control").is_file() {
        return Err(broken(&cluster.display().to_string(), "PG_VERSION or global/pg_control is missing"));
    }
    match fs::read_to_string(&secret) {
        Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        _ => renew_password(runtime, home),
    }
}

fn make(runtime: &Runtime, home: &Home, settings: &Settings) -> Result<String> {
    runtime.progress.tell(Localized::new("데이터베이스를 만들고 있습니다", "making the database"));
    let pid = std::process::id();
    let fresh = home.dir.join(format!("cluster.init.{pid}"));
    let word = home.dir.join(format!("password.init.{pid}"));
    let made = fill(runtime, home, settings, &fresh, &word);
    if made.is_err() {
        let _ = fs::remove_dir_all(&fresh);
        let _ = fs::remove_file(&word);
    }
    made
}

fn fill(runtime: &Runtime, home: &Home, settings: &Settings, fresh: &Path, word: &Path) -> Result<String> {
    fs::create_dir(fresh).at(fresh)?;
    fs::set_permissions(fresh, fs::Permissions::from_mode(0o700)).at(fresh)?;
    home.account.own(fresh)?;
    let password = password()?;
    secret_file(word, &format!("{password}\n"))?;
    home.account.own(word)?;

    let mut initdb = command(runtime, home, "initdb");
    initdb.arg("-D").arg(fresh).args(["-U", "app", "-A", "scram-sha-256", "-E", "UTF8", "--no-instructions"]);
    if runtime.major >= 17 {
        // Sorts by code point and knows the case of every letter, whatever the C library of the machine.
        initdb.args(["--locale-provider=builtin", "--locale=C.UTF-8"]);
    } else {
        initdb.arg("--locale=C.UTF-8");
    }
    if settings.test_mode {
        initdb.arg("--no-sync");
    }
    initdb.arg("--pwfile").arg(word);
    let output = initdb.stdin(Stdio::null()).output().at(&runtime.program("initdb"))?;
    succeeded(&output, home)?;
    if let Some(database) = &settings.database {
        single_user(runtime, home, fresh, &format!("create database {};", quoted(database)))?;
    }

    // The password first: a cluster without one could not be entered.
    let secret = home.dir.join("password");
    fs::rename(word, &secret).at(&secret)?;
    let cluster = home.dir.join("cluster");
    fs::rename(fresh, &cluster).at(&cluster)?;
    if !settings.test_mode {
        File::open(&home.dir).and_then(|dir| dir.sync_all()).at(&home.dir)?;
    }
    Ok(password)
}

/// The password file was lost: sets another one on the closed cluster.
fn renew_password(runtime: &Runtime, home: &Home) -> Result<String> {
    tracing::warn!(target: "supervisor", "the password file of the database is missing, a new password is set");
    let password = password()?;
    let cluster = home.dir.join("cluster");
    single_user(runtime, home, &cluster, &format!("alter role app password '{password}';"))?;
    secret_file(&home.dir.join("password"), &format!("{password}\n"))?;
    Ok(password)
}

/// Runs one statement on a closed cluster.
fn single_user(runtime: &Runtime, home: &Home, cluster: &Path, statement: &str) -> Result<()> {
    let program = runtime.program("postgres");
    let mut child = command(runtime, home, "postgres")
        .args(["--single", "-D"])
        .arg(cluster)
        .arg("postgres")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .at(&program)?;
    if let Some(mut input) = child.stdin.take() {
        // The end of the input ends the session.
        writeln!(input, "{statement}").at(&program)?;
    }
    let output = child.wait_with_output().at(&program)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("ERROR:") {
        return Err(failed(&said));
    }
    succeeded(&output, home)
}

/// A program of the runtime under the account of the cluster, with a clean environment.
pub(super) fn command(runtime: &Runtime, home: &Home, name: &str) -> Command {
    let mut command = Command::new(runtime.program(name));
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .current_dir(&home.dir);
    home.account.apply(&mut command);
    sys::die_with_parent(&mut command, Signal::Int);
    command
}

fn succeeded(output: &Output, home: &Home) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("No space left on device") { Err(no_space(&home.dir)) } else { Err(failed(&said)) }
}

fn failed(said: &str) -> Error {
    let word = said
        .lines()
        .rev()
        .find(|line| line.contains("rror") || line.contains("FATAL"))
        .or(said.lines().last());
    let word = word.unwrap_or("no message").trim();
    Error::new(
        ErrorKind::StartFailed,
        format!("데이터베이스를 만들지 못했습니다: {word}"),
        format!("making the database failed: {word}"),
    )
    .hint(
        "디스크 공간과 데이터 디렉터리의 권한을 확인하고 다시 시작하세요",
        "check the space on the disk and the permissions of the data directory, and start again",
    )
}

/// Removes what aborted runs left. They cannot be at work: this process holds the lock.
fn sweep(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("cluster.init.") {
            let _ = fs::remove_dir_all(entry.path());
        } else if name.starts_with("password.init.") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
