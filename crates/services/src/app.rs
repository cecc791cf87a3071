//! Everything a service needs, made once at start and shared.

use std::sync::Arc;

use crate::{
    auth, cmdb,
    config::Config,
    db::{Db, DbOptions},
    error::Result,
    imports, ops,
    secret::{Keys, Secret},
};

/// The running program.
pub struct App {
    /// Configuration.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Keys of tokens, sessions seen lately, password hashing.
    pub auth: auth::Auth,
    /// Snapshot of the estate of each tenant: items, topology, vocabulary.
    pub estates: cmdb::Estates,
    /// Imports at work and who listens to them.
    pub imports: imports::Hub,
    /// Runs at work and who listens to them.
    pub runs: ops::Hub,
}

/// The program, shared.
pub type Shared = Arc<App>;

impl App {
    /// The program over a database that is ready.
    pub fn new(config: Config, keys: &Keys, db: Db) -> Result<Shared> {
        Ok(Arc::new(Self {
            auth: auth::Auth::new(&config, keys)?,
            estates: cmdb::Estates::default(),
            imports: imports::Hub::default(),
            runs: ops::Hub::default(),
            config,
            db,
        }))
    }

    /// Makes the database ready (roles, migrations, pools) and starts the program over it. `embedded_url` is that of our
    /// own server's superuser, where `DATABASE_URL` names no other.
    pub async fn open(config: Config, embedded_url: Option<Secret>) -> Result<Shared> {
        let keys = Keys::load(&config)?;
        let db = Db::connect(&db_options(&config, &keys, embedded_url)?).await?;
        Self::new(config, &keys, db)
    }
}

/// How the configuration reaches the database; for `open`, and for the command line's `migrate`.
pub fn db_options(config: &Config, keys: &Keys, embedded_url: Option<Secret>) -> Result<DbOptions> {
    let embedded = embedded_url.is_some();
    let url = embedded_url.or_else(|| config.database_url.clone()).ok_or_else(|| {
        crate::Error::Internal("neither an embedded server nor DATABASE_URL was given".to_owned())
    })?;
    Ok(DbOptions {
        app_password: config.app_password.clone(),
        sys_password: config.sys_password.clone(),
        embedded,
        app_pool: config.db_pool,
        ..DbOptions::new(url, keys.clone())
    })
}
