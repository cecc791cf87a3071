//! Writing records inside the transaction of an import.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use model::{CiId, ImportId};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    cmdb::write::{BATCH, Upserted, merge, micros},
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
    /// Fields, merged into those there are; `null` takes a field away.
    pub fields: Map<String, Value>,
}

/// A record as it is compared with a new one.
#[derive(Clone, PartialEq)]
struct Stored {
    id: Uuid,
    ci: Option<Uuid>,
    at: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    fields: Map<String, Value>,
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

async fn write_batch(tx: &mut TenantTx<'_>, import: ImportId, batch: &[&NewRecord]) -> Result<Upserted> {
    let there = stored(tx, batch).await?;
    let mut done = Upserted::default();
    let mut fresh: Vec<(&NewRecord, Stored)> = Vec::new();
    let mut changed: Vec<Stored> = Vec::new();
    for record in batch {
        let before = there.get(&(record.kind.clone(), record.external_id.clone()));
        let mut after = Stored {
            id: before.map_or_else(Uuid::now_v7, |b| b.id),
            ci: record.ci.map(|ci| ci.0),
            at: micros(record.at),
            until: record.until.map(micros),
            fields: before.map(|b| b.fields.clone()).unwrap_or_default(),
        };
        merge(&mut after.fields, &record.fields);
        match before {
            None => fresh.push((record, after)),
            Some(before) if *before == after => done.same += 1,
            Some(_) => changed.push(after),
        }
    }
    done.new = fresh.len() as u64;
    done.changed = changed.len() as u64;
    insert(tx, import, &fresh).await?;
    update(tx, &changed).await?;
    Ok(done)
}

async fn stored(tx: &mut TenantTx<'_>, batch: &[&NewRecord]) -> Result<HashMap<(String, String), Stored>> {
    let tenant = tx.tenant();
    let mut wanted: HashMap<&str, Vec<&str>> = HashMap::new();
    for record in batch {
        wanted.entry(&record.kind).or_default().push(&record.external_id);
    }
    let mut found = HashMap::new();
    for (kind, external_ids) in wanted {
        // One list per kind instead of a join: while an import runs, the planner knows nothing of the rows it wrote, and
        // a join may then read every record of a kind for every row.
        type Row =
            (String, Uuid, Option<Uuid>, DateTime<Utc>, Option<DateTime<Utc>>, Json<Map<String, Value>>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT external_id, id, ci_id, at, until, fields FROM record
             WHERE tenant_id = $1 AND kind = $2 AND external_id = ANY ($3)",
        )
        .bind(tenant.0)
        .bind(kind)
        .bind(external_ids)
        .fetch_all(tx.conn())
        .await?;
        found.extend(rows.into_iter().map(|(external, id, ci, at, until, Json(fields))| {
            ((kind.to_owned(), external), Stored { id, ci, at, until, fields })
        }));
    }
    Ok(found)
}

async fn insert(tx: &mut TenantTx<'_>, import: ImportId, fresh: &[(&NewRecord, Stored)]) -> Result<()> {
    if fresh.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO record (tenant_id, import_id, id, kind, external_id, ci_id, at, until, fields)
         SELECT $1, $2, x.* FROM unnest($3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[],
                                        $8::timestamptz[], $9::jsonb[]) AS x",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(fresh.iter().map(|(_, s)| s.id).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(r, _)| r.kind.clone()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(r, _)| r.external_id.clone()).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(_, s)| s.ci).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(_, s)| s.at).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(_, s)| s.until).collect::<Vec<_>>())
    .bind(fresh.iter().map(|(_, s)| Json(s.fields.clone())).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn update(tx: &mut TenantTx<'_>, changed: &[Stored]) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "UPDATE record SET ci_id = x.ci_id, at = x.at, until = x.until, fields = x.fields
         FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::jsonb[])
              AS x (id, ci_id, at, until, fields)
         WHERE record.tenant_id = $1 AND record.id = x.id",
    )
    .bind(tenant.0)
    .bind(changed.iter().map(|s| s.id).collect::<Vec<_>>())
    .bind(changed.iter().map(|s| s.ci).collect::<Vec<_>>())
    .bind(changed.iter().map(|s| s.at).collect::<Vec<_>>())
    .bind(changed.iter().map(|s| s.until).collect::<Vec<_>>())
    .bind(changed.iter().map(|s| Json(s.fields.clone())).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}
