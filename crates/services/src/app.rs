//! Everything a service needs, made once at start and shared.

use std::sync::Arc;

use crate::{auth, cmdb, config::Config, db::Db, imports, ops};

/// The running program.
pub struct App {
    /// Configuration.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// Keys of tokens, revoked sessions, throttle of sign-ins.
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
