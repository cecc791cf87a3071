//! Records around a window, and samples of just the hours that are looked at.

use std::collections::HashMap;

use analysis::rca::Series;
use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use model::{CiId, SeriesId};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    db::TenantTx,
    error::Result,
    metrics::{store::Window, write::DAY_MS},
};

/// Records read at most; the latest count.
const MOST: i64 = 50_000;

#[derive(sqlx::FromRow)]
pub(super) struct RecordRow {
    pub kind: String,
    ci_id: Uuid,
    pub at: DateTime<Utc>,
    pub fields: Json<Map<String, Value>>,
}

impl RecordRow {
    pub fn ci(&self) -> CiId {
        CiId(self.ci_id)
    }
}

/// Records of some kinds about some items (or all) with `from <= at < to`, oldest first.
pub(super) async fn records(
    tx: &mut TenantTx<'_>,
    kinds: &[String],
    cis: Option<Vec<Uuid>>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<RecordRow>> {
    let tenant = tx.tenant();
    let mut rows: Vec<RecordRow> = sqlx::query_as(
        "SELECT kind, ci_id, at, fields FROM record
         WHERE tenant_id = $1 AND kind = ANY ($2) AND at >= $3 AND at < $4 AND ci_id IS NOT NULL
           AND ($5::uuid[] IS NULL OR ci_id = ANY ($5))
         ORDER BY at DESC, id DESC LIMIT $6",
    )
    .bind(tenant.0)
    .bind(kinds)
    .bind(from)
    .bind(to)
    .bind(cis)
    .bind(MOST)
    .fetch_all(tx.conn())
    .await?;
    rows.reverse();
    Ok(rows)
}

/// Gives each series its samples of some windows, in time order; what it had is replaced.
pub(super) async fn fill(
    tx: &mut TenantTx<'_>,
    ids: &[SeriesId],
    series: &mut [Series],
    windows: &[Window],
) -> Result<()> {
    let mut found = slices(tx, ids, windows).await?;
    for (one, id) in series.iter_mut().zip(ids) {
        one.samples = found.remove(&id.0).unwrap_or_default();
        ordered(&mut one.samples);
    }
    Ok(())
}

/// Adds samples of some windows to the series at some places.
pub(super) async fn refill(
    tx: &mut TenantTx<'_>,
    ids: &[SeriesId],
    series: &mut [Series],
    places: &[usize],
    windows: &[Window],
) -> Result<()> {
    let chosen: Vec<SeriesId> = places.iter().filter_map(|at| ids.get(*at)).copied().collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let mut found = slices(tx, &chosen, windows).await?;
    for at in places {
        let (Some(one), Some(id)) = (series.get_mut(*at), ids.get(*at)) else { continue };
        if let Some(more) = found.remove(&id.0) {
            one.samples.extend(more);
            ordered(&mut one.samples);
        }
    }
    Ok(())
}

fn ordered(samples: &mut Vec<(i64, f64)>) {
    samples.sort_by_key(|sample| sample.0);
    samples.dedup_by_key(|sample| sample.0);
}

/// Samples of series in some windows. The database cuts the arrays of a day: of a day only the hours asked for travel.
async fn slices(
    tx: &mut TenantTx<'_>,
    ids: &[SeriesId],
    windows: &[Window],
) -> Result<HashMap<Uuid, Vec<(i64, f64)>>> {
    let (mut days, mut lows, mut highs) = (Vec::new(), Vec::new(), Vec::new());
    for window in windows {
        for day in window.from.div_euclid(DAY_MS)..=(window.to - 1).div_euclid(DAY_MS) {
            let Some(date) = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days) else { continue };
            let within = |at: i64| i32::try_from((at - day * DAY_MS).clamp(0, DAY_MS)).unwrap_or_default();
            days.push(date);
            lows.push(within(window.from));
            highs.push(within(window.to));
        }
    }
    let tenant = tx.tenant();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut rows = sqlx::query_as::<_, (Uuid, NaiveDate, Vec<i32>, Vec<f64>)>(
        "SELECT c.series_id, c.day, c.offsets_ms[b.low:b.high], c.vals[b.low:b.high]
         FROM unnest($3::date[], $4::int4[], $5::int4[]) AS w (day, low, high)
         JOIN metric_chunk c ON c.tenant_id = $1 AND c.series_id = ANY ($2) AND c.day = w.day
         CROSS JOIN LATERAL (
            SELECT width_bucket(w.low - 1, c.offsets_ms) + 1 AS low, width_bucket(w.high - 1, c.offsets_ms) AS high
         ) b
         WHERE c.first_ms < w.high AND c.last_ms >= w.low",
    )
    .bind(tenant.0)
    .bind(ids)
    .bind(days)
    .bind(lows)
    .bind(highs)
    .fetch(tx.conn());
    let mut all: HashMap<Uuid, Vec<(i64, f64)>> = HashMap::new();
    while let Some((id, day, offsets, values)) = rows.try_next().await? {
        let start = i64::from(day.to_epoch_days()) * DAY_MS;
        let samples = all.entry(id).or_default();
        samples
            .extend(offsets.iter().zip(&values).map(|(offset, value)| (start + i64::from(*offset), *value)));
    }
    Ok(all)
}
