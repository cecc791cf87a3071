//! Records around a window.

use chrono::{DateTime, Utc};
use model::CiId;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{db::TenantTx, error::Result};

/// Records read at most; the latest count.
const MOST: i64 = 50_000;

#[derive(sqlx::FromRow)]
pub(super) struct RecordRow {
    pub kind: String,
    ci_id: Uuid,
    pub at: DateTime<Utc>,
    pub fields: Json<Map<String, Value>>,
}

impl RecordRow {
    pub fn ci(&self) -> CiId {
        CiId(self.ci_id)
    }
}

/// Records of some kinds about some items (or all) with `from <= at < to`, oldest first.
pub(super) async fn records(
    tx: &mut TenantTx<'_>,
    kinds: &[String],
    cis: Option<Vec<Uuid>>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<RecordRow>> {
    let tenant = tx.tenant();
    let mut rows: Vec<RecordRow> = sqlx::query_as(
        "SELECT kind, ci_id, at, fields FROM record
         WHERE tenant_id = $1 AND kind = ANY ($2) AND at >= $3 AND at < $4 AND ci_id IS NOT NULL
           AND ($5::uuid[] IS NULL OR ci_id = ANY ($5))
         ORDER BY at DESC, id DESC LIMIT $6",
    )
    .bind(tenant.0)
    .bind(kinds)
    .bind(from)
    .bind(to)
    .bind(cis)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    rows.reverse();
    Ok(rows)
}
