//! What the catalogue tells about records: how many, the time they cover, the different values of their fields.
//!
//! Writers note the kinds they touch ([`touched`]); before the commit [`count`] looks at new records alone where nothing
//! else changed, and at all records of a kind where some changed or went.

use std::collections::{BTreeMap, BTreeSet};

use model::ImportId;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{db::TenantTx, error::Result};

/// Most different values of a field that are listed.
const LISTED: i64 = 200;

/// What was done to the records of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Touched {
    /// Records that are new.
    pub fresh: u64,
    /// Records that were there and are different now, or gone.
    pub others: u64,
}

/// Notes what was done, by kind.
pub(crate) async fn touched(
    tx: &mut TenantTx<'_>,
    import: ImportId,
    kinds: &BTreeMap<String, Touched>,
) -> Result<()> {
    if kinds.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO record_touched AS t (tenant_id, import_id, kind, fresh, recount)
         SELECT $1, $2, x.* FROM unnest($3::text[], $4::int8[], $5::bool[]) AS x
         ON CONFLICT (tenant_id, kind, import_id)
         DO UPDATE SET fresh = t.fresh + excluded.fresh, recount = t.recount OR excluded.recount",
    )
    .bind(tenant.0)
    .bind(import.0)
    .bind(kinds.keys().map(String::as_str).collect::<Vec<_>>())
    .bind(kinds.values().map(|t| i64::try_from(t.fresh).unwrap_or(i64::MAX)).collect::<Vec<_>>())
    .bind(kinds.values().map(|t| t.others > 0).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Brings the catalogue up to date with the records this transaction wrote or took away.
pub(super) async fn count(tx: &mut TenantTx<'_>) -> Result<()> {
    let tenant = tx.tenant();
    let rows: Vec<(String, Uuid, i64, bool)> = sqlx::query_as(
        "DELETE FROM record_touched WHERE tenant_id = $1 RETURNING kind, import_id, fresh, recount",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    let again: BTreeSet<&str> = rows.iter().filter(|row| row.3).map(|row| row.0.as_str()).collect();
    let again: Vec<&str> = again.into_iter().collect();
    let mut more: BTreeMap<Uuid, Vec<(&str, i64)>> = BTreeMap::new();
    for (kind, import, fresh, _) in &rows {
        if *fresh > 0 && !again.contains(&kind.as_str()) {
            more.entry(*import).or_default().push((kind, *fresh));
        }
    }
    let all: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    name_unknown(tx, &all).await?;
    recount(tx, &again).await?;
    for (import, kinds) in more {
        add(tx, ImportId(import), &kinds).await?;
    }
    Ok(())
}

/// Kinds that only the rows know get an entry, so that nothing stored is invisible.
async fn name_unknown(tx: &mut TenantTx<'_>, kinds: &[&str]) -> Result<()> {
    if kinds.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO record_kind (tenant_id, key, label, role)
         SELECT DISTINCT $1::uuid, k.kind, jsonb_build_object('ko', k.kind, 'en', k.kind), 'other'
         FROM unnest($2::text[]) AS k (kind)
         WHERE EXISTS (SELECT 1 FROM record r WHERE r.tenant_id = $1 AND r.kind = k.kind)
         ON CONFLICT (tenant_id, key) DO NOTHING",
    )
    .bind(tenant.0)
    .bind(kinds)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Counts all records of kinds.
async fn recount(tx: &mut TenantTx<'_>, kinds: &[&str]) -> Result<()> {
    if kinds.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant().0;
    sqlx::query(
        "UPDATE record_kind k SET total = coalesce(n.total, 0), first_at = n.first_at, last_at = n.last_at
         FROM record_kind j
         LEFT JOIN (SELECT kind, count(*) AS total, min(at) AS first_at, max(at) AS last_at
                    FROM record WHERE tenant_id = $1 AND kind = ANY ($2) GROUP BY kind) AS n ON n.kind = j.key
         WHERE j.tenant_id = $1 AND j.key = ANY ($2) AND k.tenant_id = $1 AND k.key = j.key",
    )
    .bind(tenant)
    .bind(kinds)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "UPDATE record_field SET distinct_count = 0, distinct_vals = '{}' WHERE tenant_id = $1 AND kind = ANY ($2)",
    )
    .bind(tenant)
    .bind(kinds)
    .execute(tx.conn())
    .await?;
    let mut sql = values_of("r.kind = ANY (");
    sql.push_bind(kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>()).push(")");
    merge_values(tx, sql).await
}

/// Adds the records an import brought.
async fn add(tx: &mut TenantTx<'_>, import: ImportId, kinds: &[(&str, i64)]) -> Result<()> {
    let tenant = tx.tenant().0;
    let names: Vec<String> = kinds.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    sqlx::query(
        "UPDATE record_kind k
         SET total = k.total + x.fresh, first_at = least(k.first_at, n.first_at), last_at = greatest(k.last_at, n.last_at)
         FROM unnest($3::text[], $4::int8[]) AS x (kind, fresh)
         JOIN (SELECT kind, min(at) AS first_at, max(at) AS last_at FROM record
               WHERE tenant_id = $1 AND import_id = $2 AND kind = ANY ($3) GROUP BY kind) AS n ON n.kind = x.kind
         WHERE k.tenant_id = $1 AND k.key = x.kind",
    )
    .bind(tenant)
    .bind(import.0)
    .bind(&names)
    .bind(kinds.iter().map(|(_, fresh)| *fresh).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    let mut sql = values_of("r.import_id = ");
    sql.push_bind(import.0).push(" AND r.kind = ANY (").push_bind(names).push(")");
    merge_values(tx, sql).await
}

/// Begins the statement that finds the values of fields of some records; what follows says which.
fn values_of(which: &'static str) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "WITH found AS (
             SELECT r.kind, e.key, x.val, count(*) AS n
             FROM record r
             CROSS JOIN LATERAL jsonb_each(r.fields) AS e
             CROSS JOIN LATERAL (
                 SELECT a #>> '{}' AS val
                 FROM jsonb_array_elements(CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value
                                           ELSE jsonb_build_array(e.value) END) AS a) AS x
             WHERE x.val IS NOT NULL AND ",
    );
    sql.push(which);
    sql
}

/// Ends that statement: values already listed keep their place, new ones follow by how often they occur. Of a field with
/// more values than are listed, only how many there are at least is known without reading all of them again.
async fn merge_values(tx: &mut TenantTx<'_>, mut sql: QueryBuilder<Postgres>) -> Result<()> {
    let tenant = tx.tenant().0;
    sql.push(" AND r.tenant_id = ").push_bind(tenant);
    sql.push(
        " GROUP BY r.kind, e.key, x.val
         ), counted AS (
             SELECT f.kind, f.key, coalesce(d.distinct_count, 0) AS before, coalesce(d.distinct_vals, '{}') AS listed,
                    count(*) AS given, count(*) FILTER (WHERE NOT f.val = ANY (coalesce(d.distinct_vals, '{}'))) AS fresh
             FROM found f LEFT JOIN record_field d ON d.tenant_id = ",
    );
    sql.push_bind(tenant);
    sql.push(
        " AND d.kind = f.kind AND d.key = f.key
             GROUP BY f.kind, f.key, d.distinct_count, d.distinct_vals
         ), summed AS (
             SELECT kind, key, listed,
                    CASE WHEN before > cardinality(listed) THEN greatest(before, given)
                         ELSE cardinality(listed) + fresh END AS total
             FROM counted
         ), named AS (
             SELECT f.kind, f.key, s.listed || coalesce(array_agg(f.val ORDER BY f.n DESC, f.val)
                        FILTER (WHERE NOT f.val = ANY (s.listed)), '{}') AS vals
             FROM found f JOIN summed s ON s.kind = f.kind AND s.key = f.key AND s.total <= ",
    );
    sql.push_bind(LISTED);
    sql.push(
        " GROUP BY f.kind, f.key, s.listed
         )
         INSERT INTO record_field (tenant_id, kind, key, label, type, position, distinct_count, distinct_vals)
         SELECT ",
    );
    sql.push_bind(tenant);
    sql.push(
        ", s.kind, s.key, jsonb_build_object('ko', s.key, 'en', s.key), 'text', 1000, s.total, coalesce(n.vals, '{}')
         FROM summed s LEFT JOIN named n ON n.kind = s.kind AND n.key = s.key
         ON CONFLICT (tenant_id, kind, key)
         DO UPDATE SET distinct_count = excluded.distinct_count, distinct_vals = excluded.distinct_vals",
    );
    sql.build().execute(tx.conn()).await?;
    Ok(())
}
