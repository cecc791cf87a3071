//! Writing records inside the transaction of an import.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use model::{CiId, ImportId};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    cmdb::write::{BATCH, Touched, Upserted, micros, touched},
    db::TenantTx,
    error::Result,
};

/// A record to be written. Kind and external identifier decide whether it is new.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecord {
    /// Kind, a key of the catalogue.
    pub kind: String,
    /// An identifier that stays the same when the same row is imported again.
    pub external_id: String,
    /// The item it is about.
    pub ci: Option<CiId>,
    /// When it happened or began.
    pub at: DateTime<Utc>,
    /// When it ended.
    pub until: Option<DateTime<Utc>>,
    /// Fields, merged into those there are.
    pub fields: Map<String, Value>,
}

/// Writes records: makes those that are not there, changes those that differ. Given twice, the later one wins.
pub async fn upsert_records(
    tx: &mut TenantTx<'_>,
    import: ImportId,
    records: &[NewRecord],
) -> Result<Upserted> {
    let mut done = Upserted::default();
    for batch in records.chunks(BATCH) {
        let mut last: HashMap<(&str, &str), usize> = HashMap::new();
        for (at, record) in batch.iter().enumerate() {
            last.insert((&record.kind, &record.external_id), at);
        }
        let mut places: Vec<usize> = last.into_values().collect();
        places.sort_unstable();
        let unique: Vec<&NewRecord> = places.into_iter().filter_map(|at| batch.get(at)).collect();
        done.add(write_batch(tx, import, &unique).await?);
    }
    Ok(done)
}

/// One statement decides by the unique key alone: while an import runs, the planner knows nothing of the rows it wrote, and
/// looking them up first may read every record of a kind again for every batch.
async fn write_batch(tx: &mut TenantTx<'_>, import: ImportId, batch: &[&NewRecord]) -> Result<Upserted> {
    let tenant = tx.tenant();
    let written: Vec<(String, bool)> = sqlx::query_as(
        "INSERT INTO record AS r (tenant_id, import_id, id, kind, external_id, ci_id, at, until, fields)
         SELECT $1, $2, x.* FROM unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[],
                                        $8::timestamptz[], $9::jsonb[]) AS x
         ON CONFLICT (tenant_id, kind, external_id) DO UPDATE
         SET ci_id = excluded.ci_id, at = excluded.at, until = excluded.until, fields = r.fields || excluded.fields
         WHERE (r.ci_id, r.at, r.until, r.fields)
               IS DISTINCT FROM (excluded.ci_id, excluded.at, excluded.until, r.fields || excluded.fields)
         RETURNING r.kind, xmax = 0",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(batch.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind(batch.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>())
    .bind(batch.iter().map(|r| r.external_id.as_str()).collect::<Vec<_>>())
    .bind(batch.iter().map(|r| r.ci.map(|ci| ci.0)).collect::<Vec<_>>())
    .bind(batch.iter().map(|r| micros(r.at)).collect::<Vec<_>>())
    .bind(batch.iter().map(|r| r.until.map(micros)).collect::<Vec<_>>())
    .bind(batch.iter().map(|r| Json(&r.fields)).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    let mut kinds: BTreeMap<String, Touched> = BTreeMap::new();
    let mut news = Vec::with_capacity(written.len());
    for (kind, new) in written {
        let touched = kinds.entry(kind).or_default();
        if new {
            touched.fresh += 1
        } else {
            touched.others += 1
        }
        news.push(new);
    }
    touched(tx, import, &kinds).await?;
    Ok(Upserted::of(batch.len(), &news))
}
