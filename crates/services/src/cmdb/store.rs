//! All SQL that reads items, relations and the catalogue.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use model::{
    CiId, ImportId, Localized,
    schema::{Catalogue, CiKind, FieldDef, MetricDef, RecordKind, RelationType},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{db::TenantTx, error::Result};

/// An item as the snapshot reads it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ItemRow {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub fields: Json<Map<String, Value>>,
    pub import_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The word an enumeration is stored as: the one it has in JSON.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value)? {
        Value::String(word) => Ok(word),
        other => Err(crate::Error::Internal(format!("not stored as a word: {other}"))),
    }
}

/// Reads a word back; one this version does not know reads as `otherwise`.
fn read<T: DeserializeOwned>(word: String, otherwise: T) -> T {
    serde_json::from_value(Value::String(word)).unwrap_or(otherwise)
}

/// Generation of the estate; 0 before the first change.
pub(super) async fn generation(tx: &mut TenantTx<'_>) -> Result<u64> {
    let tenant = tx.tenant();
    let generation: Option<i64> =
        sqlx::query_scalar("SELECT generation FROM estate_generation WHERE tenant_id = $1")
            .bind(tenant.0)
            .fetch_optional(tx.conn())
            .await?;
    Ok(generation.unwrap_or_default().unsigned_abs())
}

/// Every item, by code.
pub(super) async fn items(tx: &mut TenantTx<'_>) -> Result<Vec<ItemRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "SELECT id, code, name, kind, fields, import_id, created_at, updated_at FROM ci WHERE tenant_id = $1",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?)
}

/// Every relation: source, target, type.
pub(super) async fn relations(tx: &mut TenantTx<'_>) -> Result<Vec<(Uuid, Uuid, String)>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as("SELECT source_id, target_id, type FROM ci_edge WHERE tenant_id = $1")
        .bind(tenant.0)
        .fetch_all(tx.conn())
        .await?)
}

/// Names of the imports whose rows are in.
pub(super) async fn origins(tx: &mut TenantTx<'_>) -> Result<HashMap<ImportId, String>> {
    let tenant = tx.tenant();
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT import_id, name FROM estate_origin WHERE tenant_id = $1")
            .bind(tenant.0)
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(|(id, name)| (ImportId(id), name)).collect())
}

/// Number of records of each item in the last day of the records of these kinds.
pub(super) async fn recent_records(tx: &mut TenantTx<'_>, kinds: &[String]) -> Result<HashMap<Uuid, u32>> {
    if kinds.is_empty() {
        return Ok(HashMap::new());
    }
    let tenant = tx.tenant();
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT ci_id, count(*) FROM record
         WHERE tenant_id = $1 AND kind = ANY ($2) AND ci_id IS NOT NULL
           AND at > (SELECT max(at) FROM record WHERE tenant_id = $1 AND kind = ANY ($2)) - interval '24 hours'
         GROUP BY ci_id",
    )
    .bind(tenant.0)
    .bind(kinds)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(id, n)| (id, u32::try_from(n).unwrap_or(u32::MAX))).collect())
}

/// Codes of the items each metric is measured on.
pub(super) async fn measured(tx: &mut TenantTx<'_>) -> Result<BTreeMap<String, Vec<String>>> {
    let tenant = tx.tenant();
    let rows: Vec<(String, Vec<String>)> = sqlx::query_as(
        "SELECT s.metric, array_agg(DISTINCT i.code ORDER BY i.code)
         FROM series s JOIN ci i ON i.tenant_id = s.tenant_id AND i.id = s.ci_id
         WHERE s.tenant_id = $1 GROUP BY s.metric",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().collect())
}

/// Number of records of an item, by kind.
pub(super) async fn records_of(tx: &mut TenantTx<'_>, ci: CiId) -> Result<Vec<(String, u64)>> {
    let tenant = tx.tenant();
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT kind, count(*) FROM record WHERE tenant_id = $1 AND ci_id = $2 GROUP BY kind ORDER BY kind",
    )
    .bind(tenant.0)
    .bind(ci.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(kind, count)| (kind, count.unsigned_abs())).collect())
}

/// Number of series an item is an end of.
pub(super) async fn series_of(tx: &mut TenantTx<'_>, ci: CiId) -> Result<u64> {
    let tenant = tx.tenant();
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM series WHERE tenant_id = $1 AND (ci_id = $2 OR peer_id = $2)",
    )
    .bind(tenant.0)
    .bind(ci.0)
    .fetch_one(tx.conn())
    .await?;
    Ok(count.unsigned_abs())
}

/// Key, label, synonyms, whether failures travel, forwards, and whether that was decided.
type RelationRow = (String, Json<Localized>, Vec<String>, bool, bool, bool);

/// The catalogue as it is stored. Counts and values of items and relations are left to the snapshot, which has them all.
pub(super) async fn catalogue(tx: &mut TenantTx<'_>) -> Result<Catalogue> {
    let tenant = tx.tenant().0;
    let kinds: Vec<(String, Json<Localized>, Vec<String>)> = sqlx::query_as(
        "SELECT key, label, synonyms FROM ci_kind WHERE tenant_id = $1 ORDER BY position, key",
    )
    .bind(tenant)
    .fetch_all(tx.conn())
    .await?;
    let fields: Vec<FieldRow> = sqlx::query_as(
        "SELECT '' AS kind, key, label, type, unit, role, synonyms, words, '{}'::text[] AS distinct_vals,
                0::int8 AS distinct_count
         FROM ci_field WHERE tenant_id = $1 ORDER BY position, key",
    )
    .bind(tenant)
    .fetch_all(tx.conn())
    .await?;
    let relations: Vec<RelationRow> = sqlx::query_as(
        "SELECT key, label, synonyms, impact, forward, decided OR impact FROM relation_type
         WHERE tenant_id = $1 ORDER BY position, key",
    )
    .bind(tenant)
    .fetch_all(tx.conn())
    .await?;
    Ok(Catalogue {
        kinds: kinds
            .into_iter()
            .map(|(key, label, synonyms)| CiKind { key, label: label.0, synonyms, count: 0 })
            .collect(),
        fields: fields.into_iter().map(FieldRow::read).collect(),
        relations: relations
            .into_iter()
            .map(|(key, label, synonyms, impact, forward, decided)| RelationType {
                key,
                label: label.0,
                synonyms,
                impact,
                forward,
                decided,
                count: 0,
            })
            .collect(),
        records: record_kinds(tx).await?,
        metrics: metrics(tx).await?,
    })
}

async fn record_kinds(tx: &mut TenantTx<'_>) -> Result<Vec<RecordKind>> {
    let tenant = tx.tenant().0;
    type Row =
        (String, Json<Localized>, String, Vec<String>, i64, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let kinds: Vec<Row> = sqlx::query_as(
        "SELECT key, label, role, synonyms, total, first_at, last_at FROM record_kind
         WHERE tenant_id = $1 ORDER BY position, key",
    )
    .bind(tenant)
    .fetch_all(tx.conn())
    .await?;
    let fields: Vec<FieldRow> = sqlx::query_as(
        "SELECT kind, key, label, type, unit, role, synonyms, words, distinct_vals, distinct_count
         FROM record_field WHERE tenant_id = $1 ORDER BY kind, position, key",
    )
    .bind(tenant)
    .fetch_all(tx.conn())
    .await?;
    let mut by_kind: HashMap<String, Vec<FieldDef>> = HashMap::new();
    for field in fields {
        by_kind.entry(field.kind.clone()).or_default().push(field.read());
    }
    Ok(kinds
        .into_iter()
        .map(|(key, label, role, synonyms, total, first, last)| RecordKind {
            fields: by_kind.remove(&key).unwrap_or_default(),
            key,
            label: label.0,
            role: read(role, model::schema::RecordRole::Other),
            synonyms,
            count: total.unsigned_abs(),
            covers: first.zip(last),
        })
        .collect())
}

async fn metrics(tx: &mut TenantTx<'_>) -> Result<Vec<MetricDef>> {
    let tenant = tx.tenant().0;
    type Row = (
        String,
        Option<Json<Localized>>,
        String,
        Vec<String>,
        bool,
        i64,
        Option<DateTime<Utc>>,
        Option<DateTime<Utc>>,
    );
    // A metric that only the series know gets an entry too. The time covered is read from the outermost days of each
    // series by its key: right behind an import nothing is known of the rows, and a join of them could be any.
    let rows: Vec<Row> = sqlx::query_as(
        "WITH ends AS (
             SELECT s.metric, count(*) AS series,
                    min(a.day::timestamp + a.first_ms * interval '1 millisecond') AS first_at,
                    max(z.day::timestamp + z.last_ms * interval '1 millisecond') AS last_at
             FROM series s
             LEFT JOIN LATERAL (SELECT c.day, c.first_ms FROM metric_chunk c
                                WHERE c.tenant_id = $1 AND c.series_id = s.id ORDER BY c.day LIMIT 1) AS a ON true
             LEFT JOIN LATERAL (SELECT c.day, c.last_ms FROM metric_chunk c
                                WHERE c.tenant_id = $1 AND c.series_id = s.id ORDER BY c.day DESC LIMIT 1) AS z ON true
             WHERE s.tenant_id = $1 GROUP BY s.metric
         )
         SELECT coalesce(m.key, e.metric), m.label, coalesce(m.unit, ''), coalesce(m.synonyms, '{}'),
                coalesce(m.per_edge, false), coalesce(e.series, 0),
                e.first_at AT TIME ZONE 'UTC', e.last_at AT TIME ZONE 'UTC'
         FROM (SELECT * FROM metric WHERE tenant_id = $1) AS m
         FULL JOIN ends e ON e.metric = m.key
         ORDER BY m.position NULLS LAST, 1",
    )
    .bind(tenant)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(key, label, unit, synonyms, per_edge, series, first, last)| MetricDef {
            label: label.map_or_else(|| Localized::same(key.clone()), |label| label.0),
            key,
            unit,
            synonyms,
            per_edge,
            series: series.unsigned_abs(),
            covers: first.zip(last),
        })
        .collect())
}

/// A field definition as it is stored.
#[derive(sqlx::FromRow)]
struct FieldRow {
    kind: String,
    key: String,
    label: Json<Localized>,
    r#type: String,
    unit: String,
    role: Option<String>,
    synonyms: Vec<String>,
    words: Vec<String>,
    distinct_vals: Vec<String>,
    distinct_count: i64,
}

impl FieldRow {
    fn read(self) -> FieldDef {
        FieldDef {
            key: self.key,
            label: self.label.0,
            r#type: read(self.r#type, model::schema::FieldType::Text),
            unit: self.unit,
            role: self.role.and_then(|role| read(role, None)),
            synonyms: self.synonyms,
            order: self.words,
            values: self.distinct_vals,
            distinct: self.distinct_count.unsigned_abs(),
        }
    }
}
