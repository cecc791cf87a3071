//! Relations between items.

use std::collections::HashMap;

use model::ImportId;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::{BATCH, NewRelation, Upserted};
use crate::{db::TenantTx, error::Result};

type Ends = (Uuid, Uuid, String);

/// Writes relations: makes those that are not there, merges fields into the others.
pub async fn upsert_relations(
    tx: &mut TenantTx<'_>,
    import: ImportId,
    relations: &[NewRelation],
) -> Result<Upserted> {
    let mut given: HashMap<Ends, Map<String, Value>> = HashMap::new();
    let mut order: Vec<Ends> = Vec::new();
    for relation in relations {
        let ends = (relation.source.0, relation.target.0, relation.kind.clone());
        match given.get_mut(&ends) {
            Some(fields) => fields.extend(relation.fields.clone()),
            None => {
                order.push(ends.clone());
                given.insert(ends, relation.fields.clone());
            }
        }
    }
    let mut done = Upserted::default();
    for batch in order.chunks(BATCH) {
        done.add(write_batch(tx, import, batch, &given).await?);
    }
    Ok(done)
}

/// One statement decides by the unique key alone: while an import runs, the planner knows nothing of the rows it wrote.
async fn write_batch(
    tx: &mut TenantTx<'_>,
    import: ImportId,
    batch: &[Ends],
    given: &HashMap<Ends, Map<String, Value>>,
) -> Result<Upserted> {
    let tenant = tx.tenant();
    let none = Map::new();
    let written: Vec<bool> = sqlx::query_scalar(
        "INSERT INTO ci_edge AS e (tenant_id, import_id, id, source_id, target_id, type, fields)
         SELECT $1, $2, x.* FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::jsonb[]) AS x
         ON CONFLICT (tenant_id, source_id, target_id, type) DO UPDATE SET fields = e.fields || excluded.fields
         WHERE e.fields IS DISTINCT FROM e.fields || excluded.fields
         RETURNING xmax = 0",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(batch.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind(batch.iter().map(|e| e.0).collect::<Vec<_>>())
    .bind(batch.iter().map(|e| e.1).collect::<Vec<_>>())
    .bind(batch.iter().map(|e| e.2.as_str()).collect::<Vec<_>>())
    .bind(batch.iter().map(|e| Json(given.get(e).unwrap_or(&none))).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    Ok(Upserted::of(batch.len(), &written))
}
