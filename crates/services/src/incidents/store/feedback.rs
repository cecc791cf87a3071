//! SQL of what people said of anomalies.

use std::collections::HashMap;

use analysis::seasonal::{Form, Taught};
use chrono::{DateTime, Utc};
use model::{
    FeedbackId, SeriesId,
    incident::Feedback,
    perm::{AnomalyJudge, EstateRead},
};
use sqlx::{Row, postgres::PgRow};
use uuid::Uuid;

use super::{AnomalyRow, ms};
use crate::{
    access::{Caller, Granted},
    db::TenantTx,
    error::Result,
};

/// Series, form, begin, end and spread.
type TaughtRow = (Uuid, String, DateTime<Utc>, DateTime<Utc>, f64);

/// What was said of series and still stands, in order.
pub async fn taught(
    tx: &mut TenantTx<'_>,
    series: Option<&[SeriesId]>,
) -> Result<HashMap<SeriesId, Vec<Taught>>> {
    let tenant = tx.tenant();
    let rows: Vec<TaughtRow> = sqlx::query_as(
        "select series_id, form, from_at, until_at, sigma from anomaly_feedback
         where tenant_id = $1 and withdrawn_at is null and ($2::uuid[] is null or series_id = any ($2))
         order by at, id",
    )
    .bind(tenant.0)
    .bind(series.map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>()))
    .fetch_all(tx.conn())
    .await?;
    let mut all: HashMap<SeriesId, Vec<Taught>> = HashMap::new();
    for (id, form, from, until, sigma) in rows {
        let Some(form) = Form::of_name(&form) else { continue };
        all.entry(SeriesId(id)).or_default().push(Taught { from: ms(from), until: ms(until), form, sigma });
    }
    Ok(all)
}

/// Keeps what was said of an anomaly; the anomaly itself goes.
pub async fn say(
    tx: &mut TenantTx<'_>,
    _: Granted<AnomalyJudge>,
    caller: &Caller,
    one: &AnomalyRow,
    (ci, peer): (&str, &str),
    reason: &str,
) -> Result<FeedbackId> {
    let tenant = tx.tenant();
    let id = Uuid::now_v7();
    sqlx::query(
        "insert into anomaly_feedback (tenant_id, id, series_id, metric, ci, peer, form, from_at, until_at, value,
                                       expected, sigma, reason, by_id, by_name, trace_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(tenant.0)
    .bind(id)
    .bind(one.series_id)
    .bind(&one.metric)
    .bind(ci)
    .bind(peer)
    .bind(&one.form)
    .bind(one.from_at)
    .bind(one.until_at)
    .bind(one.value)
    .bind(one.expected)
    .bind(one.sigma)
    .bind(reason)
    .bind(caller.user.0)
    .bind(&caller.login)
    .bind(&caller.trace.id)
    .execute(tx.conn())
    .await?;
    sqlx::query("delete from anomaly where tenant_id = $1 and id = $2")
        .bind(tenant.0)
        .bind(one.id)
        .execute(tx.conn())
        .await?;
    sqlx::query("update incident set stale = true where tenant_id = $1 and number = $2")
        .bind(tenant.0)
        .bind(one.incident)
        .execute(tx.conn())
        .await?;
    Ok(FeedbackId(id))
}

fn feedback(row: &PgRow) -> Result<Feedback> {
    Ok(Feedback {
        id: FeedbackId(row.try_get("id")?),
        series: SeriesId(row.try_get("series_id")?),
        metric: row.try_get("metric")?,
        ci: row.try_get("ci")?,
        peer: row.try_get("peer")?,
        form: row.try_get("form")?,
        from: row.try_get("from_at")?,
        until: row.try_get("until_at")?,
        sigma: row.try_get("sigma")?,
        reason: row.try_get("reason")?,
        by: row.try_get("by_name")?,
        at: row.try_get("at")?,
        trace_id: row.try_get("trace_id")?,
        withdrawn_at: row.try_get("withdrawn_at")?,
        withdrawn_by: row.try_get("withdrawn_name")?,
        threshold: 0.0,
    })
}

/// What was said, newest first; of one series or of all, or one of them.
pub async fn said(
    tx: &mut TenantTx<'_>,
    _: Granted<EstateRead>,
    series: Option<SeriesId>,
    id: Option<FeedbackId>,
) -> Result<Vec<Feedback>> {
    let tenant = tx.tenant();
    let rows = sqlx::query(
        "select * from anomaly_feedback where tenant_id = $1 and ($2::uuid is null or series_id = $2)
           and ($3::uuid is null or id = $3) order by at desc, id desc limit 500",
    )
    .bind(tenant.0)
    .bind(series.map(|id| id.0))
    .bind(id.map(|id| id.0))
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(feedback).collect()
}

/// Takes back what was said; false where that is done already.
pub async fn withdraw(
    tx: &mut TenantTx<'_>,
    _: Granted<AnomalyJudge>,
    caller: &Caller,
    id: FeedbackId,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update anomaly_feedback set withdrawn_at = now(), withdrawn_name = $3
         where tenant_id = $1 and id = $2 and withdrawn_at is null",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(&caller.login)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
