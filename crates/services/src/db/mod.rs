//! The way to the data: a transaction bound to one tenant, or, for a listed reason, to the system.
//!
//! Invariant: the pools are private to this file. Tenant data is reached through [`TenantTx`] alone; row-level security
//! (forced, strict) stands behind it because the pool logs in as a role that cannot bypass it.

mod backends;
mod connect;
mod roles;

pub use backends::Backends;
pub use connect::DbOptions;

use model::TenantId;
use sqlx::{PgConnection, PgPool, Postgres, Transaction, postgres::PgPoolOptions};

use crate::{access::Caller, error::Result};

/// The database.
#[derive(Debug, Clone)]
pub struct Db {
    app: PgPool,
    system: PgPool,
    /// One connection of the role of `app`, for stopping statements when all others are busy with them.
    stop: PgPool,
}

/// Why the border of tenants is crossed. Every reason is logged and listed in `docs/ARCHITECTURE.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemReason {
    /// Signing in: the tenant is not known yet.
    Authenticate,
    /// The first administrator, tenants, the command line's choice of one.
    Administer,
    /// Marking imports that died with their server.
    Recover,
    /// Sweeping away what has expired: sessions, tokens, counts of failed sign-ins.
    Sweep,
    /// Finding what is due in any tenant; each piece of work then runs as its owner.
    Schedule,
    /// Health, version, extension.
    Health,
}

/// A transaction that sees the rows of one tenant.
#[derive(Debug)]
pub struct TenantTx<'a> {
    tx: Transaction<'a, Postgres>,
    tenant: TenantId,
    /// Known to whoever may have to stop its statements.
    _backend: Option<backends::Entry>,
}

/// A transaction that sees all rows, for a [`SystemReason`].
#[derive(Debug)]
pub struct SystemTx<'a> {
    tx: Transaction<'a, Postgres>,
}

impl Db {
    /// A database reached through two pools: `app` logs in as the role under row-level security, `system` as the one
    /// that bypasses it.
    pub fn new(app: PgPool, system: PgPool) -> Self {
        let login = app.connect_options().as_ref().clone();
        let stop = PgPoolOptions::new().max_connections(1).connect_lazy_with(login);
        Self { app, system, stop }
    }

    /// Opens a transaction for the tenant of the caller.
    pub async fn tenant(&self, caller: &Caller) -> Result<TenantTx<'_>> {
        let mut tx = self.app.begin().await?;
        let pid: i32 =
            sqlx::query_scalar("select pg_backend_pid() from set_config('app.tenant_id', $1, true)")
                .bind(caller.tenant.to_string())
                .fetch_one(&mut *tx)
                .await?;
        Ok(TenantTx { tx, tenant: caller.tenant, _backend: backends::enter(pid) })
    }

    /// Stops the statements at work for a call. Whoever holds the call must keep its future until this ends: as long as
    /// its connection is not given back, nobody else's statement can be hit.
    pub async fn stop(&self, backends: &Backends) -> Result<()> {
        for pid in backends.at_work() {
            sqlx::query("select pg_cancel_backend($1)").bind(pid).execute(&self.stop).await?;
        }
        Ok(())
    }

    /// Opens a transaction over all tenants.
    pub async fn system(&self, why: SystemReason) -> Result<SystemTx<'_>> {
        tracing::debug!(reason = ?why, "system transaction");
        Ok(SystemTx { tx: self.system.begin().await? })
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.app).await?;
        Ok(())
    }

    /// Closes both pools.
    pub async fn close(&self) {
        self.app.close().await;
        self.system.close().await;
        self.stop.close().await;
    }
}

impl TenantTx<'_> {
    /// The tenant whose rows are visible. Inserts still name it: `tenant_id = $1`.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The connection, for statements.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Keeps what was done.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }
}

impl SystemTx<'_> {
    /// The connection, for statements.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Keeps what was done.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }
}
