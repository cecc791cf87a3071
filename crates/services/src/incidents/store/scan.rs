//! SQL of the search: how it stands, who is at it, what is new.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use model::{SeriesId, TenantId, incident::ScanState, perm::AnomalyJudge};
use sqlx::{Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    access::Granted,
    db::{SystemTx, TenantTx},
    error::Result,
};

/// Seconds a server is believed to be at it without a word.
const LEASE_S: f64 = 60.0;
/// "scan" in ASCII: one server at a time chooses.
const LOCK: i64 = 0x7363_616e;

/// How the search stands; `generation` of the estate tells whether something is new.
pub async fn state(tx: &mut TenantTx<'_>) -> Result<ScanState> {
    let tenant = tx.tenant();
    let row: Option<PgRow> = sqlx::query(
        "select d.lease_until > now() as running, d.series, d.todo, d.done, d.too_short, d.alone, d.started_at,
                d.ended_at, d.covered_from, d.covered_until, d.error,
                d.asked_at is not null or coalesce(g.generation, 0) <> d.generation as waiting
         from detector_state d left join estate_generation g on g.tenant_id = d.tenant_id
         where d.tenant_id = $1",
    )
    .bind(tenant.0)
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else {
        let measured: bool = sqlx::query_scalar("select exists (select from series where tenant_id = $1)")
            .bind(tenant.0)
            .fetch_one(tx.conn())
            .await?;
        return Ok(ScanState { waiting: measured, ..ScanState::default() });
    };
    let number = |name: &str| -> Result<u32> { Ok(u32::try_from(row.try_get::<i32, _>(name)?).unwrap_or(0)) };
    let running = row.try_get::<Option<bool>, _>("running")?.unwrap_or(false);
    Ok(ScanState {
        running,
        waiting: !running && row.try_get("waiting")?,
        series: number("series")?,
        todo: number("todo")?,
        done: number("done")?,
        too_short: number("too_short")?,
        alone: number("alone")?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        covered_from: row.try_get("covered_from")?,
        covered_until: row.try_get("covered_until")?,
        error: row.try_get("error")?,
    })
}

/// Asks for a search.
pub async fn ask(tx: &mut TenantTx<'_>, _: Granted<AnomalyJudge>, name: &str) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "insert into detector_state (tenant_id, asked_at, asked_name) values ($1, now(), $2)
         on conflict (tenant_id) do update set asked_at = now(), asked_name = excluded.asked_name",
    )
    .bind(tenant.0)
    .bind(name)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Tenants whose estate is new, that somebody asked for, or whose last search failed a while ago, and nobody is at.
pub async fn due(tx: &mut SystemTx<'_>, most: i64) -> Result<Vec<TenantId>> {
    let alone: bool =
        sqlx::query_scalar("select pg_try_advisory_xact_lock($1)").bind(LOCK).fetch_one(tx.conn()).await?;
    if !alone {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select g.tenant_id from estate_generation g left join detector_state d on d.tenant_id = g.tenant_id
         where (d.lease_until is null or d.lease_until < now())
           and (d.tenant_id is null or d.asked_at is not null
                or d.generation <> g.generation and (d.error is null or d.ended_at is null or d.ended_at < now() - interval '5 minutes'))
         order by d.started_at nulls first limit $1",
    )
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(TenantId).collect())
}

/// Becomes the one who searches; false where another is.
pub async fn claim(tx: &mut TenantTx<'_>, owner: Uuid) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "insert into detector_state (tenant_id, owner, lease_until, started_at)
         values ($1, $2, now() + make_interval(secs => $3), now())
         on conflict (tenant_id) do update set owner = excluded.owner, lease_until = excluded.lease_until,
            started_at = now(), todo = 0, done = 0, error = null, asked_at = null
         where detector_state.lease_until is null or detector_state.lease_until < now()",
    )
    .bind(tenant.0)
    .bind(owner)
    .bind(LEASE_S)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says that it is still at it and how far; false where another has taken over.
pub async fn renew(tx: &mut TenantTx<'_>, owner: Uuid, done: i32) -> Result<bool> {
    let tenant = tx.tenant();
    let result = sqlx::query(
        "update detector_state set lease_until = now() + make_interval(secs => $3), done = $4
         where tenant_id = $1 and owner = $2",
    )
    .bind(tenant.0)
    .bind(owner)
    .bind(LEASE_S)
    .bind(done)
    .execute(tx.conn())
    .await?;
    Ok(result.rows_affected() == 1)
}

/// What a search has before it.
#[derive(Debug, Clone, Copy)]
pub struct Before {
    pub series: i32,
    pub todo: i32,
    pub covered: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

pub async fn begun(tx: &mut TenantTx<'_>, owner: Uuid, before: Before) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "update detector_state set series = $3, todo = $4, covered_from = $5, covered_until = $6
         where tenant_id = $1 and owner = $2",
    )
    .bind(tenant.0)
    .bind(owner)
    .bind(before.series)
    .bind(before.todo)
    .bind(before.covered.map(|c| c.0))
    .bind(before.covered.map(|c| c.1))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends a search: whole, with the generation of the estate it saw, or with an error.
pub async fn ended(tx: &mut TenantTx<'_>, owner: Uuid, how: std::result::Result<i64, String>) -> Result<()> {
    let tenant = tx.tenant();
    let (generation, error) = match how {
        Ok(generation) => (Some(generation), None),
        Err(error) => (None, Some(error)),
    };
    sqlx::query(
        "update detector_state set owner = null, lease_until = null, ended_at = now(), error = $3,
                generation = coalesce($4, generation),
                too_short = (select count(*) from series s where s.tenant_id = $1
                    and exists (select from series_model m where m.tenant_id = $1 and m.series_id = s.id)
                    and not exists (select from series_model m where m.tenant_id = $1 and m.series_id = s.id and m.basis <> ''))
         where tenant_id = $1 and owner = $2",
    )
    .bind(tenant.0)
    .bind(owner)
    .bind(error)
    .bind(generation)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The generation of the estate there is.
pub async fn generation(tx: &mut TenantTx<'_>) -> Result<i64> {
    let tenant = tx.tenant();
    let found: Option<i64> =
        sqlx::query_scalar("select generation from estate_generation where tenant_id = $1")
            .bind(tenant.0)
            .fetch_optional(tx.conn())
            .await?;
    Ok(found.unwrap_or_default())
}

/// A day of a series: the version of its samples, their number and the last of them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DayRow {
    pub series_id: Uuid,
    pub day: NaiveDate,
    pub seen: String,
    pub samples: i32,
    pub last_ms: i32,
}

/// The last days of every series, in order.
pub async fn days(tx: &mut TenantTx<'_>, depth: i32) -> Result<Vec<DayRow>> {
    let tenant = tx.tenant();
    // `xmin` names the transaction that wrote the row: whoever changes the samples of a day changes it, without a column
    // that every writer had to keep.
    Ok(sqlx::query_as(
        "select c.series_id, c.day, c.xmin::text as seen, c.samples, c.last_ms
         from metric_chunk c
         join (select series_id, max(day) as last from metric_chunk where tenant_id = $1 group by series_id) l
           on l.series_id = c.series_id
         where c.tenant_id = $1 and c.day > l.last - $2 order by c.series_id, c.day",
    )
    .bind(tenant.0)
    .bind(depth)
    .fetch_all(tx.conn())
    .await?)
}

/// Days of a series that were judged: the version seen and the threshold.
pub type Judged = (Uuid, NaiveDate, String, f64);

/// Of the last days of every series, those that were judged; all of them where a series has no samples any more.
pub async fn judged(tx: &mut TenantTx<'_>, depth: i32) -> Result<Vec<Judged>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "select m.series_id, m.day, m.seen, m.k
         from series_model m
         left join (select series_id, max(day) as last from metric_chunk where tenant_id = $1 group by series_id) l
           on l.series_id = m.series_id
         where m.tenant_id = $1 and (l.last is null or m.day > l.last - $2) order by m.series_id, m.day",
    )
    .bind(tenant.0)
    .bind(depth)
    .fetch_all(tx.conn())
    .await?)
}

/// Those of some series that are still there; they stay until the transaction ends.
pub async fn there(tx: &mut TenantTx<'_>, series: &[SeriesId]) -> Result<HashSet<Uuid>> {
    let tenant = tx.tenant();
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from series where tenant_id = $1 and id = any ($2) order by id for key share",
    )
    .bind(tenant.0)
    .bind(series.iter().map(|id| id.0).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().collect())
}

/// Forgets days of a series that have no samples any more.
pub async fn forget_days(tx: &mut TenantTx<'_>, series: SeriesId, days: &[NaiveDate]) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query("delete from series_model where tenant_id = $1 and series_id = $2 and day = any ($3)")
        .bind(tenant.0)
        .bind(series.0)
        .bind(days)
        .execute(tx.conn())
        .await?;
    Ok(())
}
