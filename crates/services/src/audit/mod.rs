//! What happened: one row for each change, written in the transaction of the change.
//!
//! Invariant: rows are only added. The role of requests may not change or remove one.

use chrono::Utc;
use model::{TenantId, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    access::{Caller, Trace},
    error::Result,
};

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    tenant: TenantId,
    actor: Option<UserId>,
    actor_name: String,
    action: &'static str,
    object: String,
    before: Option<Value>,
    after: Option<Value>,
    trace: String,
}

impl Entry {
    /// Something the caller did: `action` is `slice.verb`, `object` names what it was done to.
    pub fn by(caller: &Caller, action: &'static str, object: impl Into<String>) -> Self {
        Self::of(caller.tenant, Some(caller.user), &caller.login, action, object, &caller.trace)
    }

    /// Something that happened without a caller: signing in, the system itself.
    pub(crate) fn of(
        tenant: TenantId,
        actor: Option<UserId>,
        actor_name: &str,
        action: &'static str,
        object: impl Into<String>,
        trace: &Trace,
    ) -> Self {
        Self {
            tenant,
            actor,
            actor_name: actor_name.to_owned(),
            action,
            object: object.into(),
            before: None,
            after: None,
            trace: trace.id.clone(),
        }
    }

    /// How it was before. Never a secret.
    #[must_use]
    pub fn before(mut self, value: Value) -> Self {
        self.before = Some(value);
        self
    }

    /// How it is now. Never a secret.
    #[must_use]
    pub fn after(mut self, value: Value) -> Self {
        self.after = Some(value);
        self
    }
}

/// Writes an entry in the transaction of the change: `audit::record(tx.conn(), Entry::by(caller, …))`.
pub async fn record(conn: &mut PgConnection, entry: Entry) -> Result<()> {
    sqlx::query(
        "insert into audit_log (tenant_id, id, at, actor, actor_name, action, object, before, after, trace_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(entry.tenant.0)
    .bind(Uuid::now_v7())
    .bind(Utc::now())
    .bind(entry.actor.map(|u| u.0))
    .bind(entry.actor_name)
    .bind(entry.action)
    .bind(entry.object)
    .bind(entry.before)
    .bind(entry.after)
    .bind(entry.trace)
    .execute(conn)
    .await?;
    Ok(())
}
