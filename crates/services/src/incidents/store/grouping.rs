//! SQL of putting anomalies together: records beside them, incidents they make.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{db::TenantTx, error::Result};

/// The first moment at which something has to be put together anew.
pub async fn ungrouped(tx: &mut TenantTx<'_>) -> Result<Option<DateTime<Utc>>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar(
        "select least((select min(from_at) from anomaly where tenant_id = $1 and not grouped),
                      (select min(from_at) from incident where tenant_id = $1 and stale))",
    )
    .bind(tenant.0)
    .fetch_one(tx.conn())
    .await?)
}

/// A record on an item: what it is about, when, and whether it tells of trouble (or of a change).
pub type Told = (Uuid, DateTime<Utc>, bool);

/// Records of some kinds on some items in a span; `trouble` are the kinds that tell of trouble.
pub async fn told(
    tx: &mut TenantTx<'_>,
    (trouble, changes): (&[String], &[String]),
    cis: &[Uuid],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Told>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "select ci_id, at, kind = any ($2) from record
         where tenant_id = $1 and (kind = any ($2) or kind = any ($3)) and ci_id = any ($4) and at >= $5 and at <= $6
         order by at limit 100000",
    )
    .bind(tenant.0)
    .bind(trouble)
    .bind(changes)
    .bind(cis)
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

/// A record with what it says.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RecordRow {
    pub kind: String,
    pub ci_id: Uuid,
    pub at: DateTime<Utc>,
    pub fields: Json<Map<String, Value>>,
}

/// Records of some kinds on some items in a span, oldest first.
pub async fn records(
    tx: &mut TenantTx<'_>,
    kinds: &[String],
    cis: &[Uuid],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<RecordRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "select kind, ci_id, at, fields from record
         where tenant_id = $1 and kind = any ($2) and ci_id = any ($3) and at >= $4 and at <= $5
         order by at, id limit 2000",
    )
    .bind(tenant.0)
    .bind(kinds)
    .bind(cis)
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

/// What a group of anomalies makes.
#[derive(Debug)]
pub struct Grouped {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub severe: bool,
    pub items: Vec<String>,
    pub deviations: i32,
    pub events: i32,
    pub fingerprint: String,
    pub members: Vec<Uuid>,
}

/// Makes the incidents of a span those of the groups; a group without a number gets the next one.
pub async fn regroup(
    tx: &mut TenantTx<'_>,
    groups: &[(Option<i64>, Grouped)],
    looked_at: &[Uuid],
    since: DateTime<Utc>,
    alone: i32,
) -> Result<()> {
    let tenant = tx.tenant();
    let mut kept = Vec::new();
    sqlx::query("update anomaly set incident = null, grouped = true where tenant_id = $1 and id = any ($2)")
        .bind(tenant.0)
        .bind(looked_at)
        .execute(tx.conn())
        .await?;
    for (number, group) in groups {
        let number: i64 = match number {
            Some(number) => *number,
            None => {
                sqlx::query_scalar(
                    "update detector_state set next_number = next_number + 1 where tenant_id = $1
                     returning next_number - 1",
                )
                .bind(tenant.0)
                .fetch_one(tx.conn())
                .await?
            }
        };
        sqlx::query(
            "insert into incident (tenant_id, number, from_at, until_at, severe, items, deviations, events, fingerprint)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (tenant_id, number) do update set from_at = excluded.from_at, until_at = excluded.until_at,
                severe = excluded.severe, items = excluded.items, deviations = excluded.deviations,
                events = excluded.events, fingerprint = excluded.fingerprint, stale = false,
                changed_at = case when incident.fingerprint = excluded.fingerprint then incident.changed_at else now() end",
        )
        .bind(tenant.0)
        .bind(number)
        .bind(group.from)
        .bind(group.until)
        .bind(group.severe)
        .bind(&group.items)
        .bind(group.deviations)
        .bind(group.events)
        .bind(&group.fingerprint)
        .execute(tx.conn())
        .await?;
        sqlx::query("update anomaly set incident = $3 where tenant_id = $1 and id = any ($2)")
            .bind(tenant.0)
            .bind(&group.members)
            .bind(number)
            .execute(tx.conn())
            .await?;
        kept.push(number);
    }
    sqlx::query(
        "delete from incident i where tenant_id = $1 and number <> all ($2) and (until_at >= $3 or stale)
         and not exists (select from anomaly a where a.tenant_id = $1 and a.incident = i.number)",
    )
    .bind(tenant.0)
    .bind(&kept)
    .bind(since)
    .execute(tx.conn())
    .await?;
    sqlx::query("update detector_state set alone = $2 where tenant_id = $1")
        .bind(tenant.0)
        .bind(alone)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Nobody else puts incidents of the tenant together until the transaction ends.
pub async fn lock(tx: &mut TenantTx<'_>) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query("insert into detector_state (tenant_id) values ($1) on conflict (tenant_id) do nothing")
        .bind(tenant.0)
        .execute(tx.conn())
        .await?;
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('incidents ' || $1, 0))")
        .bind(tenant.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}
