//! Items: new ones, changed ones, fields merged into them.

use std::collections::HashMap;

use model::{CiId, ImportId};
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::{BATCH, NewItem, StoredItem, Upserted, merge};
use crate::{db::TenantTx, error::Result};

type Row = (Uuid, Option<String>, String, String, String, Json<Map<String, Value>>);

fn stored(row: Row) -> StoredItem {
    let (id, external_id, code, name, kind, Json(fields)) = row;
    StoredItem { id: CiId(id), external_id, code, name, kind, fields }
}

/// Every item of the tenant, for finding the item a row is about.
pub async fn stored_items(tx: &mut TenantTx<'_>) -> Result<Vec<StoredItem>> {
    let tenant = tx.tenant();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, external_id, code, name, kind, fields FROM ci WHERE tenant_id = $1 ORDER BY code",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Writes items: makes those whose code is not there, merges fields into the others. A code given twice counts once, the
/// later one wins.
pub async fn upsert_items(tx: &mut TenantTx<'_>, import: ImportId, items: &[NewItem]) -> Result<Upserted> {
    let mut place: HashMap<&str, usize> = HashMap::new();
    let mut given: Vec<NewItem> = Vec::new();
    for item in items {
        match place.get(item.code.as_str()).and_then(|&at| given.get_mut(at)) {
            None => {
                place.insert(&item.code, given.len());
                given.push(item.clone());
            }
            Some(earlier) => {
                earlier.fields.extend(item.fields.clone());
                earlier.kind.clone_from(&item.kind);
                if item.name.is_some() {
                    earlier.name.clone_from(&item.name);
                }
                if item.external_id.is_some() {
                    earlier.external_id.clone_from(&item.external_id);
                }
            }
        }
    }
    let mut done = Upserted::default();
    for batch in given.chunks(BATCH) {
        done.add(write_batch(tx, import, batch).await?);
    }
    // A code wins over an external identifier of the same text.
    for item in &given {
        if let (Some(external), Some(&id)) = (&item.external_id, done.ids.get(&item.code)) {
            done.ids.entry(external.clone()).or_insert(id);
        }
    }
    Ok(done)
}

async fn write_batch(tx: &mut TenantTx<'_>, import: ImportId, items: &[NewItem]) -> Result<Upserted> {
    let tenant = tx.tenant();
    let codes: Vec<String> = items.iter().map(|i| i.code.clone()).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, external_id, code, name, kind, fields FROM ci WHERE tenant_id = $1 AND code = ANY ($2)",
    )
    .bind(tenant.0)
    .bind(&codes)
    .fetch_all(tx.conn())
    .await?;
    let there: HashMap<String, StoredItem> =
        rows.into_iter().map(stored).map(|item| (item.code.clone(), item)).collect();

    let mut done = Upserted::default();
    let mut fresh = Vec::new();
    let mut changes = Vec::new();
    for item in items {
        let Some(before) = there.get(&item.code) else {
            let mut fields = Map::new();
            merge(&mut fields, &item.fields);
            let id = CiId(Uuid::now_v7());
            done.ids.insert(item.code.clone(), id);
            fresh.push(StoredItem {
                id,
                external_id: item.external_id.clone(),
                code: item.code.clone(),
                name: item.name.clone().unwrap_or_else(|| item.code.clone()),
                kind: item.kind.clone(),
                fields,
            });
            continue;
        };
        done.ids.insert(item.code.clone(), before.id);
        let mut after = before.clone();
        merge(&mut after.fields, &item.fields);
        after.kind.clone_from(&item.kind);
        if let Some(name) = &item.name {
            after.name.clone_from(name);
        }
        if item.external_id.is_some() {
            after.external_id.clone_from(&item.external_id);
        }
        if after == *before {
            done.same += 1;
        } else {
            changes.push((before.clone(), after));
        }
    }
    done.new = fresh.len() as u64;
    done.changed = changes.len() as u64;
    insert(tx, import, &fresh).await?;
    update(tx, import, &changes).await?;
    Ok(done)
}

/// Merges fields into items that are there; items that are not are left out.
pub async fn merge_fields(
    tx: &mut TenantTx<'_>,
    import: ImportId,
    items: &[(CiId, Map<String, Value>)],
) -> Result<Upserted> {
    let tenant = tx.tenant();
    let mut done = Upserted::default();
    for batch in items.chunks(BATCH) {
        let ids: Vec<Uuid> = batch.iter().map(|(id, _)| id.0).collect();
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, external_id, code, name, kind, fields FROM ci WHERE tenant_id = $1 AND id = ANY ($2)",
        )
        .bind(tenant.0)
        .bind(&ids)
        .fetch_all(tx.conn())
        .await?;
        let mut there: HashMap<CiId, (StoredItem, StoredItem)> =
            rows.into_iter().map(stored).map(|item| (item.id, (item.clone(), item))).collect();
        for (id, fields) in batch {
            if let Some((_, after)) = there.get_mut(id) {
                merge(&mut after.fields, fields);
            }
        }
        let (same, changes): (Vec<_>, Vec<_>) =
            there.into_values().partition(|(before, after)| before == after);
        done.same += same.len() as u64;
        done.changed += changes.len() as u64;
        update(tx, import, &changes).await?;
    }
    Ok(done)
}

async fn insert(tx: &mut TenantTx<'_>, import: ImportId, items: &[StoredItem]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO ci (tenant_id, import_id, id, external_id, code, name, kind, fields)
         SELECT $1, $2, x.* FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[]) AS x",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(items.iter().map(|i| i.id.0).collect::<Vec<_>>())
    .bind(items.iter().map(|i| i.external_id.clone()).collect::<Vec<_>>())
    .bind(items.iter().map(|i| i.code.clone()).collect::<Vec<_>>())
    .bind(items.iter().map(|i| i.name.clone()).collect::<Vec<_>>())
    .bind(items.iter().map(|i| i.kind.clone()).collect::<Vec<_>>())
    .bind(items.iter().map(|i| Json(i.fields.clone())).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn update(tx: &mut TenantTx<'_>, import: ImportId, changes: &[(StoredItem, StoredItem)]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    let after: Vec<&StoredItem> = changes.iter().map(|(_, after)| after).collect();
    let ids: Vec<Uuid> = after.iter().map(|i| i.id.0).collect();
    sqlx::query(
        "UPDATE ci SET external_id = x.external_id, name = x.name, kind = x.kind, fields = x.fields, updated_at = now()
         FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
              AS x (id, external_id, name, kind, fields)
         WHERE ci.tenant_id = $1 AND ci.id = x.id",
    )
    .bind(tenant.0)
    .bind(&ids)
    .bind(after.iter().map(|i| i.external_id.clone()).collect::<Vec<_>>())
    .bind(after.iter().map(|i| i.name.clone()).collect::<Vec<_>>())
    .bind(after.iter().map(|i| i.kind.clone()).collect::<Vec<_>>())
    .bind(after.iter().map(|i| Json(i.fields.clone())).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    // An item an import made itself goes with it; only what was there before needs to be given back.
    sqlx::query(
        "INSERT INTO ci_change (tenant_id, import_id, ci_id, before, after)
         SELECT $1, $2, x.id, x.before, x.after FROM unnest($3::uuid[], $4::jsonb[], $5::jsonb[]) AS x (id, before, after)
         JOIN ci ON ci.tenant_id = $1 AND ci.id = x.id AND ci.import_id IS DISTINCT FROM $2
         ON CONFLICT (tenant_id, import_id, ci_id) DO UPDATE SET after = excluded.after",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(&ids)
    .bind(changes.iter().map(|(before, _)| Json(document(before))).collect::<Vec<_>>())
    .bind(changes.iter().map(|(_, after)| Json(document(after))).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a change keeps of an item.
fn document(item: &StoredItem) -> Value {
    json!({ "name": item.name, "kind": item.kind, "external_id": item.external_id, "fields": item.fields })
}
