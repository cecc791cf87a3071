//! Relations between items.

use std::collections::HashMap;

use model::ImportId;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::{BATCH, NewRelation, Upserted, merge};
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

async fn write_batch(
    tx: &mut TenantTx<'_>,
    import: ImportId,
    batch: &[Ends],
    given: &HashMap<Ends, Map<String, Value>>,
) -> Result<Upserted> {
    let tenant = tx.tenant();
    type Row = (Uuid, Uuid, Uuid, String, Json<Map<String, Value>>);
    // By lists instead of a join: while an import runs, the planner knows nothing of the rows it wrote.
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, source_id, target_id, type, fields FROM ci_edge
         WHERE tenant_id = $1 AND source_id = ANY ($2) AND target_id = ANY ($3)",
    )
    .bind(tenant.0)
    .bind(batch.iter().map(|e| e.0).collect::<Vec<_>>())
    .bind(batch.iter().map(|e| e.1).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    let there: HashMap<Ends, (Uuid, Map<String, Value>)> = rows
        .into_iter()
        .map(|(id, source, target, kind, Json(fields))| ((source, target, kind), (id, fields)))
        .collect();

    let mut done = Upserted::default();
    let mut fresh: Vec<(&Ends, Map<String, Value>)> = Vec::new();
    let mut changed: Vec<(Uuid, Json<Map<String, Value>>)> = Vec::new();
    for ends in batch {
        let Some(fields) = given.get(ends) else { continue };
        match there.get(ends) {
            None => {
                let mut kept = Map::new();
                merge(&mut kept, fields);
                fresh.push((ends, kept));
            }
            Some((id, before)) => {
                let mut after = before.clone();
                if merge(&mut after, fields) {
                    changed.push((*id, Json(after)));
                } else {
                    done.same += 1;
                }
            }
        }
    }
    done.new = fresh.len() as u64;
    done.changed = changed.len() as u64;
    if !fresh.is_empty() {
        sqlx::query(
            "INSERT INTO ci_edge (tenant_id, import_id, id, source_id, target_id, type, fields)
             SELECT $1, $2, x.* FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::jsonb[]) AS x",
        )
        .bind(tenant.0)
        .bind(import.0)
        .bind(fresh.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(e, _)| e.0).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(e, _)| e.1).collect::<Vec<_>>())
        .bind(fresh.iter().map(|(e, _)| e.2.clone()).collect::<Vec<_>>())
        .bind(fresh.into_iter().map(|(_, fields)| Json(fields)).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    }
    if !changed.is_empty() {
        let (ids, fields): (Vec<_>, Vec<_>) = changed.into_iter().unzip();
        sqlx::query(
            "UPDATE ci_edge SET fields = x.fields FROM unnest($2::uuid[], $3::jsonb[]) AS x (id, fields)
             WHERE ci_edge.tenant_id = $1 AND ci_edge.id = x.id",
        )
        .bind(tenant.0)
        .bind(ids)
        .bind(fields)
        .execute(tx.conn())
        .await?;
    }
    Ok(done)
}
