//! SQL of anomalies.

use std::collections::HashMap;

use analysis::seasonal::{Anomaly, Form};
use chrono::{DateTime, Utc};
use model::{CiId, SeriesId, incident::AnomalyQuery, perm::EstateRead};
use uuid::Uuid;

use super::{moment, ms};
use crate::{access::Granted, db::TenantTx, error::Result};

/// Anomalies put together at once, the strongest of them.
const MOST: i64 = 20_000;

/// An anomaly as it is stored, with its series.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnomalyRow {
    pub id: Uuid,
    pub series_id: Uuid,
    pub metric: String,
    pub ci_id: Uuid,
    pub peer_id: Option<Uuid>,
    pub form: String,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub value: Option<f64>,
    pub expected: f64,
    pub sigma: f64,
    pub incident: Option<i64>,
}

impl AnomalyRow {
    pub fn ci(&self) -> CiId {
        CiId(self.ci_id)
    }

    pub fn peer(&self) -> Option<CiId> {
        self.peer_id.map(CiId)
    }
}

/// The statement that reads anomalies with their series; `$tail` says which and in which order.
macro_rules! anomalies {
    ($tail:literal) => {
        concat!(
            "select a.id, a.series_id, s.metric, s.ci_id, s.peer_id, a.form, a.from_at, a.until_at, a.value,
                    a.expected, a.sigma, a.incident
             from anomaly a join series s on s.tenant_id = a.tenant_id and s.id = a.series_id
             where a.tenant_id = $1 ",
            $tail
        )
    };
}

/// Series, form, begin, end, value, expected value and spread.
type KnownRow = (Uuid, String, DateTime<Utc>, DateTime<Utc>, Option<f64>, f64, f64);

/// Anomalies that began before each series is looked at again, by series.
pub async fn known(
    tx: &mut TenantTx<'_>,
    series: &[(SeriesId, DateTime<Utc>)],
) -> Result<HashMap<SeriesId, Vec<Anomaly>>> {
    let tenant = tx.tenant();
    let rows: Vec<KnownRow> = sqlx::query_as(
        "select a.series_id, a.form, a.from_at, a.until_at, a.value, a.expected, a.sigma
         from anomaly a join unnest($2::uuid[], $3::timestamptz[]) as x (id, since) on x.id = a.series_id
         where a.tenant_id = $1 and a.from_at < x.since and a.from_at >= x.since - interval '42 days'
         order by a.from_at",
    )
    .bind(tenant.0)
    .bind(series.iter().map(|s| s.0.0).collect::<Vec<_>>())
    .bind(series.iter().map(|s| s.1).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    let mut all: HashMap<SeriesId, Vec<Anomaly>> = HashMap::new();
    for (id, form, from, until, value, expected, sigma) in rows {
        let Some(form) = Form::of_name(&form) else { continue };
        let value = value.unwrap_or(f64::NAN);
        let anomaly = Anomaly { from: ms(from), until: ms(until), form, value, expected, sigma };
        all.entry(SeriesId(id)).or_default().push(anomaly);
    }
    Ok(all)
}

/// Puts what was found of a series since a moment in place of what was known of that time.
pub async fn put(
    tx: &mut TenantTx<'_>,
    series: SeriesId,
    since: DateTime<Utc>,
    found: &[Anomaly],
) -> Result<()> {
    let tenant = tx.tenant();
    let forms: Vec<&str> = found.iter().map(|a| a.form.name()).collect();
    let begins: Vec<DateTime<Utc>> = found.iter().map(|a| moment(a.from)).collect();
    sqlx::query(
        "with gone as (
            delete from anomaly a where tenant_id = $1 and series_id = $2 and until_at >= $3
              and not exists (select from unnest($4::text[], $5::timestamptz[]) as x (form, from_at)
                              where x.form = a.form and x.from_at = a.from_at)
            returning incident)
         update incident set stale = true where tenant_id = $1 and number in (select incident from gone)",
    )
    .bind(tenant.0)
    .bind(series.0)
    .bind(since)
    .bind(&forms)
    .bind(&begins)
    .execute(tx.conn())
    .await?;
    if found.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "insert into anomaly (tenant_id, id, series_id, form, from_at, until_at, value, expected, sigma)
         select $1, x.id, $2, x.form, x.from_at, x.until_at, x.value, x.expected, x.sigma
         from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::float8[], $8::float8[], $9::float8[])
              as x (id, form, from_at, until_at, value, expected, sigma)
         on conflict on constraint anomaly_what_key do update set until_at = excluded.until_at,
            value = excluded.value, expected = excluded.expected, sigma = excluded.sigma, grouped = false
         where (anomaly.until_at, anomaly.value, anomaly.sigma) is distinct from
               (excluded.until_at, excluded.value, excluded.sigma)",
    )
    .bind(tenant.0)
    .bind(series.0)
    .bind(found.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
    .bind(&forms)
    .bind(&begins)
    .bind(found.iter().map(|a| moment(a.until)).collect::<Vec<_>>())
    .bind(found.iter().map(|a| a.value.is_finite().then_some(a.value)).collect::<Vec<_>>())
    .bind(found.iter().map(|a| a.expected).collect::<Vec<_>>())
    .bind(found.iter().map(|a| a.sigma).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Anomalies of series that touch a window, in order of time.
pub async fn of_series(
    tx: &mut TenantTx<'_>,
    series: &[SeriesId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<AnomalyRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(anomalies!(
        "and a.series_id = any ($2) and a.until_at >= $3 and a.from_at < $4 order by a.from_at limit 2000"
    ))
    .bind(tenant.0)
    .bind(series.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(from)
    .bind(to)
    .fetch_all(tx.conn())
    .await?)
}

/// Anomalies of an incident, in order of time.
pub async fn of_incident(tx: &mut TenantTx<'_>, number: i64) -> Result<Vec<AnomalyRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(anomalies!("and a.incident = $2 order by a.from_at, a.id limit 5000"))
        .bind(tenant.0)
        .bind(number)
        .fetch_all(tx.conn())
        .await?)
}

pub async fn anomaly(tx: &mut TenantTx<'_>, id: Uuid) -> Result<Option<AnomalyRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(anomalies!("and a.id = $2")).bind(tenant.0).bind(id).fetch_optional(tx.conn()).await?)
}

/// A page of anomalies, newest first, and one more where there is a next page.
pub async fn page(
    tx: &mut TenantTx<'_>,
    _: Granted<EstateRead>,
    query: &AnomalyQuery,
    ci: Option<Uuid>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<AnomalyRow>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(anomalies!(
        "and ($2::timestamptz is null or a.until_at >= $2) and ($3::timestamptz is null or a.from_at < $3)
         and ($4::uuid is null or s.ci_id = $4 or s.peer_id = $4) and ($5 = '' or s.metric = $5)
         and ($6::bool is null or (a.incident is null) = $6)
         and ($7::timestamptz is null or (a.from_at, a.id) < ($7, $8))
         order by a.from_at desc, a.id desc limit $9"
    ))
    .bind(tenant.0)
    .bind(query.from)
    .bind(query.to)
    .bind(ci)
    .bind(&query.metric)
    .bind(query.alone)
    .bind(after.map(|a| a.0))
    .bind(after.map(|a| a.1))
    .bind(limit + 1)
    .fetch_all(tx.conn())
    .await?)
}

/// Anomalies from a moment on, with those of incidents that last until then, in order of time; the strongest of them
/// where they are too many.
pub async fn to_group(tx: &mut TenantTx<'_>, since: DateTime<Utc>) -> Result<Vec<AnomalyRow>> {
    let tenant = tx.tenant();
    let mut rows: Vec<AnomalyRow> = sqlx::query_as(anomalies!(
        "and (a.until_at >= $2 or a.incident in (select number from incident where tenant_id = $1 and until_at >= $2))
         order by a.sigma desc, a.id limit $3"
    ))
    .bind(tenant.0)
    .bind(since)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    rows.sort_by_key(|a| (a.from_at, a.ci_id, a.id));
    Ok(rows)
}
