//! The server from start to end: logs, port, database, recovery, setup token, requests, and a clean stop.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use model::{ApiError, ErrorCode, Localized};
use services::{app::Shared, auth, config::Config, golden, imports, incidents, ops, runs};
use tokio::{net::TcpListener, signal::unix, time};
use tokio_util::sync::CancellationToken;

use crate::{cli::say, database::Database, http};

/// How long requests at work may take to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long runs at work may go on after it before they are handed over.
const LINGER: Duration = Duration::from_secs(1);
/// How often golden questions are looked at for checks that are due.
const GOLDEN: Duration = Duration::from_secs(60);
/// How often imports are looked for whose process died.
const IMPORTS: Duration = Duration::from_secs(30);
/// How often estates are looked at for samples that were not judged yet.
const DETECTOR: Duration = Duration::from_secs(5);
/// How often what has expired is swept away.
const SWEEP: Duration = Duration::from_secs(3600);

/// Runs the server until SIGINT or SIGTERM.
pub async fn run(config: Config, workers: bool) -> anyhow::Result<()> {
    // The port first: a port in use is told before a database is started for nothing.
    let listener = bind(config.addr).await?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let signals = tokio::spawn(wait_for_signal(stop.clone()));

    let database = tokio::select! {
        database = Database::for_server(&config) => Arc::new(database?),
        () = stop.cancelled() => return Ok(()),
    };
    let served = serve(config, workers, listener, address, &database, stop).await;
    signals.abort();
    if let Ok(database) =
        Arc::try_unwrap(database).map_err(|_| tracing::warn!("the database is still in use"))
    {
        database.stop().await;
    }
    served
}

async fn serve(
    config: Config,
    workers: bool,
    listener: TcpListener,
    address: SocketAddr,
    database: &Arc<Database>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let url = config.public_url.clone().unwrap_or_else(|| local_url(address));
    let app = database.open(config).await?;
    if let Some(missing) = app.db.without_vector().await? {
        tracing::warn!("{}", missing.en);
        say::progress(&missing);
    }
    let (interrupted, abandoned) = (imports::recover(&app).await?, runs::recover(&app).await?);
    if interrupted + abandoned > 0 {
        tracing::warn!(imports = interrupted, runs = abandoned, "work of a run that ended badly was closed");
    }
    if let Some(token) = auth::setup_token(&app).await? {
        say::line(format_args!("첫 관리자를 만들 때 쓰는 토큰 (30분) · setup token: {token}"));
    }
    if workers {
        tokio::spawn(sweep(Shared::clone(&app), stop.clone()));
        tokio::spawn(close_imports(Shared::clone(&app), stop.clone()));
        tokio::spawn(check_golden(Shared::clone(&app), stop.clone()));
        tokio::spawn(ops::work(Shared::clone(&app), stop.clone()));
        tokio::spawn(search_anomalies(Shared::clone(&app), stop.clone()));
    }
    let site = http::Site::new(Shared::clone(&app), Arc::clone(database), stop.clone());
    let router = http::router(site);
    say::line(url);

    let requests = http::serve(listener, router, stop.clone(), GRACE);
    let runs = async {
        stop.cancelled().await;
        // Whoever waits for an answer in a request may get it from the server that goes on.
        time::timeout(GRACE, app.runs.hand_over(LINGER)).await
    };
    let (late, handed) = tokio::join!(requests, runs);
    if late > 0 || handed.is_err() {
        tracing::warn!(requests = late, runs = handed.is_err(), "some work did not end in time");
    }
    // An import at work is given up; nothing of it is in.
    if time::timeout(GRACE, app.imports.stop()).await.is_err() {
        tracing::warn!("an import did not end in time");
    }
    app.db.close().await;
    Ok(())
}

async fn bind(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.map_err(|error| {
        let (ko, en) = match error.kind() {
            io::ErrorKind::AddrInUse => (
                format!("{addr} 은(는) 다른 프로그램이 사용하고 있습니다"),
                format!("{addr} is used by another program"),
            ),
            io::ErrorKind::PermissionDenied => (
                format!("{addr} 을(를) 열 권한이 없습니다"),
                format!("there is no permission to open {addr}"),
            ),
            _ => (format!("{addr} 을(를) 열 수 없습니다: {error}"), format!("cannot open {addr}: {error}")),
        };
        let port = addr.port().saturating_add(1).max(1024);
        if error.kind() == io::ErrorKind::AddrNotAvailable {
            return ApiError::new(ErrorCode::Unavailable, ko, en)
                .with_hint(
                    "이 컴퓨터의 주소를 쓰세요: TOBIT_ADDR=127.0.0.1:3940, 모든 주소는 0.0.0.0:3940",
                    "use an address of this machine: TOBIT_ADDR=127.0.0.1:3940, or 0.0.0.0:3940 for all of them",
                )
                .into();
        }
        ApiError::new(ErrorCode::Unavailable, ko, en)
            .with_hint(
                format!("다른 포트를 쓰세요: TOBIT_ADDR={}:{port} 또는 --addr", addr.ip()),
                format!("use another port: TOBIT_ADDR={}:{port}, or --addr", addr.ip()),
            )
            .into()
    })
}

/// The address a person on this machine opens.
fn local_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

async fn wait_for_signal(stop: CancellationToken) {
    let listen =
        |kind| unix::signal(kind).inspect_err(|error| tracing::error!(%error, "cannot listen for signals"));
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (listen(unix::SignalKind::interrupt()), listen(unix::SignalKind::terminate()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    say::progress(&Localized::new("끝내고 있습니다", "stopping"));
    stop.cancel();
}

async fn sweep(app: Shared, stop: CancellationToken) {
    let mut clock = time::interval(SWEEP);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            () = stop.cancelled() => return,
        }
        match auth::sweep(&app).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "expired sessions and tokens were removed"),
            Err(error) => tracing::warn!(%error, "sweeping failed"),
        }
    }
}

/// Closes imports whose process died: another server, or a command beside this one.
async fn close_imports(app: Shared, stop: CancellationToken) {
    let mut clock = time::interval(IMPORTS);
    clock.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = imports::recover(&app).await {
            tracing::debug!(%error, "imports that died could not be looked for");
        }
    }
}

async fn check_golden(app: Shared, stop: CancellationToken) {
    let mut clock = time::interval(GOLDEN);
    clock.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            () = stop.cancelled() => return,
        }
        match golden::check_due(&app).await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "golden questions were checked"),
            Err(error) => tracing::warn!(%error, "checking golden questions failed"),
        }
    }
}

async fn search_anomalies(app: Shared, stop: CancellationToken) {
    let mut clock = time::interval(DETECTOR);
    clock.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            () = stop.cancelled() => return,
        }
        tokio::select! {
            searched = incidents::scan_due(&app) => {
                if let Err(error) = searched {
                    tracing::warn!(%error, "estates could not be looked at for anomalies");
                }
            }
            // What was judged is kept; the lease runs out and another server goes on.
            () = stop.cancelled() => return,
        }
    }
}
