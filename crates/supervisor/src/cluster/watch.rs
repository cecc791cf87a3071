//! The thread that owns PostgreSQL for as long as the program lives: it makes the cluster, spawns the server, starts it
//! again when it ends by itself, and stops it when told.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        mpsc::{self, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use model::Localized;

use super::{Health, Settings, Shared, State, init, leftover, process::Process};
use crate::{
    Connection, Runtime,
    account::Home,
    error::{Error, ErrorKind, Result},
};

/// How often the server is looked at.
const GLANCE: Duration = Duration::from_millis(200);
/// Tries to start it again before it is called down.
const TRIES: u32 = 3;
/// A server that lived so long has its tries back.
const STEADY: Duration = Duration::from_secs(60);
/// Pause between tries while it is down: what keeps it from starting, a full disk above all, may be mended meanwhile.
const LATER: Duration = Duration::from_secs(15);

/// The command to stop.
pub(super) struct Stop;

/// All that is needed to start.
pub(super) struct Plan {
    pub(super) runtime: Runtime,
    pub(super) dir: PathBuf,
    pub(super) home: Home,
    pub(super) settings: Settings,
}

impl Plan {
    pub(super) fn cluster(&self) -> PathBuf {
        self.home.dir.join("cluster")
    }
}

type Begun = (Arc<Shared>, mpsc::Sender<Stop>, JoinHandle<()>);

/// Starts the thread and waits until the server answers.
pub(super) fn begin(plan: Plan) -> Result<Begun> {
    let (commands, inbox) = mpsc::channel();
    let (report, started) = mpsc::channel();
    let thread = thread::Builder::new()
        .name("postgres".into())
        .spawn(move || match first_start(&plan) {
            Ok((process, shared)) => {
                if report.send(Ok(Arc::clone(&shared))).is_ok() {
                    watch(&plan, process, &shared, &inbox);
                } else {
                    process.stop();
                }
            }
            Err(error) => drop(report.send(Err(error))),
        })
        .map_err(|error| no_thread(&error.to_string()))?;
    match started.recv() {
        Ok(Ok(shared)) => Ok((shared, commands, thread)),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(no_thread("it ended")),
    }
}

fn first_start(plan: &Plan) -> Result<(Process, Arc<Shared>)> {
    leftover::end(&plan.cluster())?;
    let password = init::prepare(&plan.runtime, &plan.home, &plan.settings)?;
    let process = Process::start(plan, None)?;
    let connection = Connection { owner: std::process::id(), port: process.port, password };
    if let Err(error) = connection.write(&plan.dir) {
        process.stop();
        return Err(error);
    }
    let state = State { health: Health::Ready, pid: process.child.id(), connection };
    Ok((process, Arc::new(Shared { state: Mutex::new(state) })))
}

fn watch(plan: &Plan, process: Process, shared: &Shared, inbox: &mpsc::Receiver<Stop>) {
    let mut running = Some(process);
    let mut since = Instant::now();
    let mut tries = 0;
    while matches!(inbox.recv_timeout(GLANCE), Err(RecvTimeoutError::Timeout)) {
        let Some(process) = running.as_mut() else { continue };
        let Ok(Some(status)) = process.child.try_wait() else { continue };
        let port = process.port;
        tracing::error!(target: "supervisor", %status, "PostgreSQL ended");
        running = None;
        if since.elapsed() > STEADY {
            tries = 0;
        }
        while running.is_none() {
            let pause = pause_before(tries);
            tries += 1;
            if tries <= TRIES {
                shared.state().health = Health::Restarting(tries);
            } else {
                call_down(shared);
            }
            if !matches!(inbox.recv_timeout(pause), Err(RecvTimeoutError::Timeout)) {
                shared.state().health = Health::Stopped;
                Connection::forget(&plan.dir);
                return;
            }
            running = restart(plan, port, shared);
            since = Instant::now();
        }
    }
    shared.state().health = Health::Stopped;
    if let Some(process) = running {
        process.stop();
    }
    Connection::forget(&plan.dir);
}

/// The first try comes at once, the next after one and four seconds, all others after a longer one.
fn pause_before(tries: u32) -> Duration {
    if tries < TRIES { Duration::from_secs(u64::from(tries.pow(2))) } else { LATER }
}

/// Says that it is down; why it did not start is kept where it is known.
fn call_down(shared: &Shared) {
    let mut state = shared.state();
    if !matches!(state.health, Health::Down(_)) {
        state.health =
            Health::Down(Localized::new("PostgreSQL 이 거듭 끝났습니다", "PostgreSQL ended again and again"));
    }
}

/// Starts it again on the port it had, which the pools of the program know.
fn restart(plan: &Plan, port: u16, shared: &Shared) -> Option<Process> {
    match Process::start(plan, Some(port)) {
        Ok(process) => {
            let mut state = shared.state();
            state.pid = process.child.id();
            state.connection.port = process.port;
            state.health = Health::Ready;
            let _ = state.connection.write(&plan.dir);
            tracing::info!(target: "supervisor", pid = state.pid, "PostgreSQL runs again");
            Some(process)
        }
        Err(error) => {
            tracing::error!(target: "supervisor", %error, "PostgreSQL does not start again");
            shared.state().health = Health::Down(error.message);
            None
        }
    }
}

fn no_thread(why: &str) -> Error {
    Error::new(
        ErrorKind::StartFailed,
        format!("데이터베이스를 돌보는 스레드가 시작하지 않습니다: {why}"),
        format!("the thread that tends the database does not start: {why}"),
    )
    .hint("메모리와 프로세스 한도를 확인하세요", "check memory and process limits")
}
