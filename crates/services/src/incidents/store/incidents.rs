//! SQL of incidents as they are read, and of their causes.

use chrono::{DateTime, Utc};
use model::{Lang, incident::IncidentQuery, perm::EstateRead};
use serde_json::Value;

use crate::{access::Granted, db::TenantTx, error::Result};

/// An incident as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct IncidentRow {
    pub number: i64,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub severe: bool,
    pub items: Vec<String>,
    pub deviations: i32,
    pub events: i32,
    pub explained_at: Option<DateTime<Utc>>,
    /// The best hypothesis, or all causes, in one language.
    pub causes: Option<Value>,
}

fn key(lang: Lang) -> &'static str {
    if lang == Lang::Ko { "ko" } else { "en" }
}

/// A statement over incidents that fit a query; `$7` is the last sample the search covers.
macro_rules! fitting {
    ($what:literal, $tail:literal) => {
        concat!(
            "select ",
            $what,
            " from incident where tenant_id = $1
              and ($2::timestamptz is null or until_at >= $2) and ($3::timestamptz is null or from_at < $3)
              and ($4 = '' or $4 = any (items)) and ($5::bool is null or severe = $5)
              and ($6::bool is null or (coalesce(jsonb_array_length(causes #> '{ko,hypotheses}'), 0) > 0) = $6)
              and ($8::bool is null or (until_at + interval '15 minutes' >= $7) = $8) ",
            $tail
        )
    };
}

/// A page of incidents, newest first, and one more where there is a next page.
pub async fn list(
    tx: &mut TenantTx<'_>,
    _: Granted<EstateRead>,
    query: &IncidentQuery,
    (covered, lang): (Option<DateTime<Utc>>, Lang),
    after: Option<(DateTime<Utc>, i64)>,
    limit: i64,
) -> Result<Vec<IncidentRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(fitting!(
        "number, from_at, until_at, severe, items, deviations, events, explained_at,
         causes #> array[$9, 'hypotheses', '0'] as causes",
        "and ($10::timestamptz is null or (from_at, number) < ($10, $11))
         order by from_at desc, number desc limit $12"
    ))
    .bind(tenant.0)
    .bind(query.from)
    .bind(query.to)
    .bind(&query.ci)
    .bind(query.severe)
    .bind(query.explained)
    .bind(covered)
    .bind(query.ongoing)
    .bind(key(lang))
    .bind(after.map(|a| a.0))
    .bind(after.map(|a| a.1))
    .bind(limit + 1)
    .fetch_all(tx.conn())
    .await?)
}

/// How many there are, how many are ongoing, how many have a cause.
pub async fn count(
    tx: &mut TenantTx<'_>,
    query: &IncidentQuery,
    covered: Option<DateTime<Utc>>,
) -> Result<(i64, i64, i64)> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(fitting!(
        "count(*), count(*) filter (where until_at + interval '15 minutes' >= $7),
         count(*) filter (where coalesce(jsonb_array_length(causes #> '{ko,hypotheses}'), 0) > 0)",
        ""
    ))
    .bind(tenant.0)
    .bind(query.from)
    .bind(query.to)
    .bind(&query.ci)
    .bind(query.severe)
    .bind(query.explained)
    .bind(covered)
    .bind(query.ongoing)
    .fetch_one(tx.conn())
    .await?)
}

/// An incident with its causes in one language.
pub async fn get(tx: &mut TenantTx<'_>, number: i64, lang: Lang) -> Result<Option<IncidentRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "select number, from_at, until_at, severe, items, deviations, events, explained_at, causes -> $3 as causes
         from incident where tenant_id = $1 and number = $2",
    )
    .bind(tenant.0)
    .bind(number)
    .bind(key(lang))
    .fetch_optional(tx.conn())
    .await?)
}

/// Others that last at the same time.
pub async fn beside(tx: &mut TenantTx<'_>, one: &IncidentRow) -> Result<Vec<(i64, Vec<String>)>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "select number, items from incident
         where tenant_id = $1 and number <> $2 and from_at <= $3 and until_at >= $4 order by from_at desc limit 6",
    )
    .bind(tenant.0)
    .bind(one.number)
    .bind(one.until_at)
    .bind(one.from_at)
    .fetch_all(tx.conn())
    .await?)
}

/// Incidents whose causes were not looked for since they changed, newest first.
pub async fn unexplained(tx: &mut TenantTx<'_>, most: i64) -> Result<Vec<IncidentRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "select number, from_at, until_at, severe, items, deviations, events, explained_at, null::jsonb as causes
         from incident where tenant_id = $1 and (explained_at is null or explained_at < changed_at)
         order by from_at desc limit $2",
    )
    .bind(tenant.0)
    .bind(most)
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps the causes of an incident, in both languages.
pub async fn explained(
    tx: &mut TenantTx<'_>,
    number: i64,
    begun: DateTime<Utc>,
    causes: &Value,
) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query("update incident set causes = $3, explained_at = $4 where tenant_id = $1 and number = $2")
        .bind(tenant.0)
        .bind(number)
        .bind(causes)
        .bind(begun)
        .execute(tx.conn())
        .await?;
    Ok(())
}
