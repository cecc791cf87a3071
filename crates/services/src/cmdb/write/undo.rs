//! Taking out what an import brought in.

use std::collections::BTreeMap;

use model::ImportId;
use serde::Deserialize;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Touched, touched};
use crate::{db::TenantTx, error::Result};

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deleted {
    /// Items.
    pub items: u64,
    /// Items of the import that stay, because rows of other imports are about them.
    pub items_kept: u64,
    /// Items that were there before the import and got their earlier fields back.
    pub items_restored: u64,
    /// Relations.
    pub relations: u64,
    /// Records.
    pub records: u64,
    /// Series.
    pub series: u64,
    /// Samples.
    pub samples: u64,
}

/// What is kept of an item before and after a change.
#[derive(Debug, Deserialize)]
struct Kept {
    name: String,
    kind: String,
    external_id: Option<String>,
    fields: Map<String, Value>,
}

/// Takes out relations, records, samples, series and items an import brought, and gives items it changed their earlier
/// fields back where nobody changed them since. An item that rows of other imports are about stays. Names in the catalogue
/// stay where something still uses them.
pub async fn delete_import(tx: &mut TenantTx<'_>, import: ImportId) -> Result<Deleted> {
    let tenant = tx.tenant().0;
    let samples = sqlx::query_scalar::<_, i64>(
        "WITH gone AS (DELETE FROM metric_chunk WHERE tenant_id = $1 AND import_id = $2 RETURNING samples)
         SELECT coalesce(sum(samples), 0)::int8 FROM gone",
    )
    .bind(tenant)
    .bind(import.0)
    .fetch_one(tx.conn())
    .await?
    .unsigned_abs();
    let mut done = Deleted { samples, ..Deleted::default() };
    done.records = delete_records(tx, import).await?;
    for (statement, count) in [
        (
            "DELETE FROM series s WHERE tenant_id = $1 AND import_id = $2
             AND NOT EXISTS (SELECT 1 FROM metric_chunk c WHERE c.tenant_id = $1 AND c.series_id = s.id)",
            &mut done.series,
        ),
        ("DELETE FROM ci_edge WHERE tenant_id = $1 AND import_id = $2", &mut done.relations),
        (
            "DELETE FROM ci i WHERE tenant_id = $1 AND import_id = $2
             AND NOT EXISTS (SELECT 1 FROM ci_edge e WHERE e.tenant_id = $1 AND e.source_id = i.id)
             AND NOT EXISTS (SELECT 1 FROM ci_edge e WHERE e.tenant_id = $1 AND e.target_id = i.id)
             AND NOT EXISTS (SELECT 1 FROM record r WHERE r.tenant_id = $1 AND r.ci_id = i.id)
             AND NOT EXISTS (SELECT 1 FROM series s WHERE s.tenant_id = $1 AND s.ci_id = i.id)
             AND NOT EXISTS (SELECT 1 FROM series s WHERE s.tenant_id = $1 AND s.peer_id = i.id)",
            &mut done.items,
        ),
    ] {
        *count = sqlx::query(statement).bind(tenant).bind(import.0).execute(tx.conn()).await?.rows_affected();
    }
    done.items_kept =
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM ci WHERE tenant_id = $1 AND import_id = $2")
            .bind(tenant)
            .bind(import.0)
            .fetch_one(tx.conn())
            .await?
            .unsigned_abs();
    done.items_restored = restore(tx, import).await?;
    sqlx::query("DELETE FROM estate_origin WHERE tenant_id = $1 AND import_id = $2")
        .bind(tenant)
        .bind(import.0)
        .execute(tx.conn())
        .await?;
    forget_unused(tx).await?;
    Ok(done)
}

/// Takes out the records of an import; gives how many there were.
async fn delete_records(tx: &mut TenantTx<'_>, import: ImportId) -> Result<u64> {
    let tenant = tx.tenant().0;
    let gone: Vec<(String, i64)> = sqlx::query_as(
        "WITH gone AS (DELETE FROM record WHERE tenant_id = $1 AND import_id = $2 RETURNING kind)
         SELECT kind, count(*) FROM gone GROUP BY kind",
    )
    .bind(tenant)
    .bind(import.0)
    .fetch_all(tx.conn())
    .await?;
    let kinds: BTreeMap<String, Touched> = gone
        .into_iter()
        .map(|(kind, others)| (kind, Touched { fresh: 0, others: others.unsigned_abs() }))
        .collect();
    touched(tx, import, &kinds).await?;
    Ok(kinds.values().map(|kind| kind.others).sum())
}

async fn restore(tx: &mut TenantTx<'_>, import: ImportId) -> Result<u64> {
    let tenant = tx.tenant().0;
    type Row = (Uuid, Json<Kept>, Json<Kept>, String, String, Option<String>, Json<Map<String, Value>>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT i.id, c.before, c.after, i.name, i.kind, i.external_id, i.fields
         FROM ci_change c JOIN ci i ON i.tenant_id = c.tenant_id AND i.id = c.ci_id
         WHERE c.tenant_id = $1 AND c.import_id = $2",
    )
    .bind(tenant)
    .bind(import.0)
    .fetch_all(tx.conn())
    .await?;
    let mut restored = 0;
    for (id, Json(before), Json(after), name, kind, external_id, Json(mut fields)) in rows {
        for (key, value) in &after.fields {
            if before.fields.get(key) != Some(value) && fields.get(key) == Some(value) {
                match before.fields.get(key) {
                    Some(earlier) => fields.insert(key.clone(), earlier.clone()),
                    None => fields.remove(key),
                };
            }
        }
        for (key, earlier) in &before.fields {
            if !after.fields.contains_key(key) && !fields.contains_key(key) {
                fields.insert(key.clone(), earlier.clone());
            }
        }
        let name = if name == after.name { before.name } else { name };
        let kind = if kind == after.kind { before.kind } else { kind };
        let external_id = if external_id == after.external_id { before.external_id } else { external_id };
        sqlx::query(
            "UPDATE ci SET name = $3, kind = $4, external_id = $5, fields = $6, updated_at = now()
             WHERE tenant_id = $1 AND id = $2",
        )
        .bind(tenant)
        .bind(id)
        .bind(name)
        .bind(kind)
        .bind(external_id)
        .bind(Json(fields))
        .execute(tx.conn())
        .await?;
        restored += 1;
    }
    sqlx::query("DELETE FROM ci_change WHERE tenant_id = $1 AND import_id = $2")
        .bind(tenant)
        .bind(import.0)
        .execute(tx.conn())
        .await?;
    Ok(restored)
}

/// Names nothing uses any more go too: an estate that was taken out leaves no words behind.
async fn forget_unused(tx: &mut TenantTx<'_>) -> Result<()> {
    let tenant = tx.tenant().0;
    for statement in [
        "DELETE FROM ci_kind k WHERE tenant_id = $1
         AND NOT EXISTS (SELECT 1 FROM ci i WHERE i.tenant_id = $1 AND i.kind = k.key)",
        "DELETE FROM ci_field f WHERE tenant_id = $1
         AND NOT EXISTS (SELECT 1 FROM ci i WHERE i.tenant_id = $1 AND i.fields ? f.key)",
        "DELETE FROM relation_type t WHERE tenant_id = $1
         AND NOT EXISTS (SELECT 1 FROM ci_edge e WHERE e.tenant_id = $1 AND e.type = t.key)",
        "DELETE FROM record_kind k WHERE tenant_id = $1
         AND NOT EXISTS (SELECT 1 FROM record r WHERE r.tenant_id = $1 AND r.kind = k.key)",
        "DELETE FROM metric m WHERE tenant_id = $1
         AND NOT EXISTS (SELECT 1 FROM series s WHERE s.tenant_id = $1 AND s.metric = m.key)",
    ] {
        sqlx::query(statement).bind(tenant).execute(tx.conn()).await?;
    }
    Ok(())
}
