//! SQL of what is usual for series by day.

use std::collections::HashMap;

use analysis::seasonal::{Basis, DayModel};
use chrono::NaiveDate;
use model::SeriesId;
use uuid::Uuid;

use super::Kept;
use crate::{db::TenantTx, error::Result, metrics::write::DAY_MS};

type Row = (Uuid, NaiveDate, String, f64, String, f64, i64, i64, i64, Vec<f32>, Vec<f32>);

/// What is kept of series from a day to a day, both inside, in order of days.
pub async fn kept(
    tx: &mut TenantTx<'_>,
    series: &[SeriesId],
    days: (NaiveDate, NaiveDate),
) -> Result<HashMap<SeriesId, Vec<Kept>>> {
    let tenant = tx.tenant();
    let rows: Vec<Row> = sqlx::query_as(
        "select series_id, day, seen, k, basis, sigma, step_ms, longest_run, longest_gap, curve, hourly from series_model
         where tenant_id = $1 and series_id = any ($2) and day between $3 and $4 order by series_id, day",
    )
    .bind(tenant.0)
    .bind(series.iter().map(|id| id.0).collect::<Vec<_>>())
    .bind(days.0)
    .bind(days.1)
    .fetch_all(tx.conn())
    .await?;
    let mut all: HashMap<SeriesId, Vec<Kept>> = HashMap::new();
    for (id, day, seen, k, basis, sigma, step_ms, run, longest_gap, curve, hourly) in rows {
        let model = Basis::of_name(&basis).map(|basis| DayModel {
            start: i64::from(day.to_epoch_days()) * DAY_MS,
            basis,
            sigma,
            step_ms,
            longest_run: usize::try_from(run).unwrap_or(0),
            longest_gap,
            curve,
            hourly,
        });
        all.entry(SeriesId(id)).or_default().push(Kept { day, seen, k, model });
    }
    Ok(all)
}

/// Keeps what is usual for series, in place of what was kept of the same days.
pub async fn keep(tx: &mut TenantTx<'_>, all: &[(SeriesId, Kept)]) -> Result<()> {
    let tenant = tx.tenant();
    // Curves of different length do not make an array of arrays; a day is one small statement of a prepared kind.
    for (series, kept) in all {
        let model = kept.model.as_ref();
        sqlx::query(
            "insert into series_model
                (tenant_id, series_id, day, seen, k, basis, sigma, step_ms, longest_run, longest_gap, curve, hourly)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (tenant_id, series_id, day) do update set seen = excluded.seen, k = excluded.k,
                basis = excluded.basis, sigma = excluded.sigma, step_ms = excluded.step_ms,
                longest_run = excluded.longest_run, longest_gap = excluded.longest_gap, curve = excluded.curve,
                hourly = excluded.hourly",
        )
        .bind(tenant.0)
        .bind(series.0)
        .bind(kept.day)
        .bind(&kept.seen)
        .bind(kept.k)
        .bind(model.map_or("", |m| m.basis.name()))
        .bind(model.map_or(0.0, |m| m.sigma))
        .bind(model.map_or(0, |m| m.step_ms))
        .bind(model.map_or(0, |m| i64::try_from(m.longest_run).unwrap_or(i64::MAX)))
        .bind(model.map_or(0, |m| m.longest_gap))
        .bind(model.map(|m| m.curve.as_slice()).unwrap_or_default())
        .bind(model.map(|m| m.hourly.as_slice()).unwrap_or_default())
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Forgets what is kept of a series from a day on: it is judged anew.
pub async fn forget(tx: &mut TenantTx<'_>, series: SeriesId, since: NaiveDate) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query("delete from series_model where tenant_id = $1 and series_id = $2 and day >= $3")
        .bind(tenant.0)
        .bind(series.0)
        .bind(since)
        .execute(tx.conn())
        .await?;
    Ok(())
}
