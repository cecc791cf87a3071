//! The cluster of this process and the template database in it.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use services::{
    App,
    app::Shared,
    config::{Config, Flags},
    db::{Db, DbOptions},
    secret::{Keys, Secret},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use supervisor::{Cluster, Options, Progress, Runtime, Settings};

use crate::{apart, app::Organisation, must};

/// Address of a database of the cluster, as its superuser.
pub fn cluster_url(database: &str) -> String {
    static URL: OnceLock<String> = OnceLock::new();
    let base =
        URL.get_or_init(|| match env::var("TOBIT_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) {
            Some(url) => url.split('?').next().unwrap_or_default().trim_end_matches('/').to_owned(),
            None => start().url(""),
        });
    let (server, _) = base.rsplit_once('/').unwrap_or((base, ""));
    format!("{server}/{database}")
}

/// Starts the throw-away cluster. It ends with this process; its files are removed by the next test run.
fn start() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let temp = env::temp_dir();
        sweep(&temp);
        let dir = temp.join(format!("{PREFIX}{}", std::process::id()));
        must("the directory of the cluster", fs::create_dir_all(&dir));
        must("its mode", fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)));
        let options = Options::from_env(programs(), Progress::stderr(model::Lang::En));
        let runtime = must("a PostgreSQL with pgvector", Runtime::locate(&options));
        must("the cluster", Cluster::start(&runtime, &dir, Settings::for_tests()))
    })
}

const PREFIX: &str = "tobit-pgtest-";
const DATA_PREFIX: &str = "tobit-test-data-";

/// Where the programs are kept between runs: in the target directory this test was built into.
fn programs() -> PathBuf {
    let exe = env::current_exe().unwrap_or_default();
    let target = exe.ancestors().find(|dir| dir.join("CACHEDIR.TAG").exists());
    target.map_or_else(|| env::temp_dir().join("tobit-pg-programs"), |dir| dir.join("pgtest"))
}

/// Removes the clusters and data directories of processes that are gone.
fn sweep(temp: &Path) {
    let Ok(entries) = fs::read_dir(temp) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|n| n.strip_prefix(PREFIX).or_else(|| n.strip_prefix(DATA_PREFIX)));
        let pid = rest.and_then(|n| n.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The template database: migrated, with two organisations.
#[derive(Debug)]
pub struct Template {
    /// Name of the database.
    pub name: String,
    /// The two organisations in it.
    pub organisations: [Organisation; 2],
}

/// Makes the template once.
pub fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Option<Template>> = OnceLock::new();
    // One failure is enough: every further test says that there is no template instead of trying again.
    let made = TEMPLATE.get_or_init(|| std::panic::catch_unwind(|| apart(make_template)).ok());
    made.as_ref()
        .unwrap_or_else(|| panic!("the template database could not be made; the first test says why"))
}

async fn make_template() -> Template {
    let name = format!("tobit_template_{}", std::process::id());
    drop_database(&name).await;
    create(&name, None).await;
    let app = open(&name).await;
    let organisations = [
        Organisation::create(&app, "one", "Hanbit Bank").await,
        Organisation::create(&app, "two", "다온물산").await,
    ];
    // Nobody may be connected to a database that is copied.
    app.db.close().await;
    Template { name, organisations }
}

/// The program over a database of the cluster, with cheap password hashes and small pools.
pub(crate) async fn open(database: &str) -> Shared {
    let keys = keys();
    let options = DbOptions {
        app_pool: 4,
        system_pool: 2,
        ..DbOptions::new(Secret::new(cluster_url(database)), keys.clone())
    };
    let db = must("the database", Db::connect(&options).await);
    must("the program", App::new(config(), &keys, db))
}

/// The keys of all fixtures.
pub(crate) fn keys() -> Keys {
    Keys::from_secret(Secret::new("a secret for tests only"))
}

fn config() -> Config {
    let dir = env::temp_dir().join(format!("{DATA_PREFIX}{}", std::process::id()));
    let flags =
        Flags::from([("data.dir", dir.to_string_lossy().into_owned()), ("time.zone", "UTC".to_owned())]);
    let mut config = must("the configuration", Config::read(&flags, &|_| None));
    (config.password_memory_kib, config.password_passes) = (64, 1);
    config
}

/// Makes a database, as a copy of `template` where one is named. Names are made here, so they need no quoting.
pub(crate) async fn create(name: &str, template: Option<&str>) {
    let from = template.map(|t| format!(" TEMPLATE {t}")).unwrap_or_default();
    let statement = format!("CREATE DATABASE {name}{from}");
    for _ in 0..50 {
        let mut admin = must("the cluster", PgConnection::connect(&cluster_url("postgres")).await);
        match sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut admin).await {
            Ok(_) => return,
            // A session on the template is about to end.
            Err(cause) if cause.as_database_error().is_some_and(|e| e.code().as_deref() == Some("55006")) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(cause) => panic!("{statement}: {cause}"),
        }
    }
    panic!("{statement}: the template stays in use");
}

/// Drops a database with whoever is connected to it.
pub(crate) async fn drop_database(name: &str) {
    let Ok(mut admin) = PgConnection::connect(&cluster_url("postgres")).await else { return };
    let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    let _ = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut admin).await;
}
