//! All SQL that reads series and samples.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use futures::TryStreamExt;
use model::{CiId, SeriesId, metrics::SeriesInfo};
use uuid::Uuid;

use super::write::DAY_MS;
use crate::{cmdb::Snapshot, db::TenantTx, error::Result};

/// A window in milliseconds since 1970, `from <= t < to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub from: i64,
    pub to: i64,
}

impl Window {
    /// A window; an open side reaches as far as there is data.
    pub(crate) fn new(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Self {
        // A bound between two milliseconds is rounded up on both sides, which keeps `from <= t < to` exact.
        let ms = |at: DateTime<Utc>| (at.timestamp_micros() + 999).div_euclid(1_000);
        Self { from: from.map_or(i64::MIN, ms), to: to.map_or(i64::MAX, ms) }
    }

    /// The first and last day it touches, within what PostgreSQL can store.
    fn days(self) -> (NaiveDate, NaiveDate) {
        let day = |ms: i64| {
            i32::try_from(ms.div_euclid(DAY_MS)).ok().and_then(NaiveDate::from_epoch_days).filter(|d| {
                (NaiveDate::from_ymd_opt(-4000, 1, 1)..NaiveDate::from_ymd_opt(9999, 12, 31))
                    .contains(&Some(*d))
            })
        };
        (
            day(self.from).or(NaiveDate::from_ymd_opt(-4000, 1, 1)).unwrap_or_default(),
            day(self.to.saturating_sub(1)).or(NaiveDate::from_ymd_opt(9999, 12, 31)).unwrap_or_default(),
        )
    }
}

/// A series without its samples.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeriesRow {
    pub id: SeriesId,
    pub ci: CiId,
    pub peer: Option<CiId>,
}

#[derive(sqlx::FromRow)]
struct InfoRow {
    id: Uuid,
    metric: String,
    ci_id: Uuid,
    peer_id: Option<Uuid>,
    first_at: Option<DateTime<Utc>>,
    last_at: Option<DateTime<Utc>>,
    samples: i64,
}

impl InfoRow {
    fn read(self, estate: &Snapshot) -> SeriesInfo {
        let code = |id| estate.node_of(CiId(id)).map(|node| estate.code(node).to_owned());
        SeriesInfo {
            id: SeriesId(self.id),
            metric: self.metric,
            ci: code(self.ci_id).unwrap_or_default(),
            peer: self.peer_id.and_then(code),
            covers: self.first_at.zip(self.last_at),
            samples: self.samples.unsigned_abs(),
        }
    }
}

/// The series an item is an end of, by metric.
pub(super) async fn series_of(tx: &mut TenantTx<'_>, estate: &Snapshot, ci: CiId) -> Result<Vec<SeriesInfo>> {
    let tenant = tx.tenant();
    let rows: Vec<InfoRow> = sqlx::query_as(
        "SELECT s.id, s.metric, s.ci_id, s.peer_id,
                min(c.day::timestamp AT TIME ZONE 'UTC' + c.first_ms * interval '1 millisecond') AS first_at,
                max(c.day::timestamp AT TIME ZONE 'UTC' + c.last_ms * interval '1 millisecond') AS last_at,
                coalesce(sum(c.samples), 0)::int8 AS samples
         FROM series s LEFT JOIN metric_chunk c ON c.tenant_id = s.tenant_id AND c.series_id = s.id
         WHERE s.tenant_id = $1 AND (s.ci_id = $2 OR s.peer_id = $2)
         GROUP BY s.id, s.metric, s.ci_id, s.peer_id ORDER BY s.metric, s.id",
    )
    .bind(tenant.0)
    .bind(ci.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.read(estate)).collect())
}

/// Series by identifier, in the order asked for.
pub(super) async fn series_by_id(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    ids: &[SeriesId],
) -> Result<Vec<SeriesInfo>> {
    let tenant = tx.tenant();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<InfoRow> = sqlx::query_as(
        "SELECT s.id, s.metric, s.ci_id, s.peer_id,
                min(c.day::timestamp AT TIME ZONE 'UTC' + c.first_ms * interval '1 millisecond') AS first_at,
                max(c.day::timestamp AT TIME ZONE 'UTC' + c.last_ms * interval '1 millisecond') AS last_at,
                coalesce(sum(c.samples), 0)::int8 AS samples
         FROM series s LEFT JOIN metric_chunk c ON c.tenant_id = s.tenant_id AND c.series_id = s.id
         WHERE s.tenant_id = $1 AND s.id = ANY ($2)
         GROUP BY s.id, s.metric, s.ci_id, s.peer_id ORDER BY array_position($2, s.id)",
    )
    .bind(tenant.0)
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.read(estate)).collect())
}

/// The series of a metric, of some items or of all.
pub(super) async fn series_of_metric(
    tx: &mut TenantTx<'_>,
    metric: &str,
    cis: Option<Vec<Uuid>>,
    peers: Option<Vec<Uuid>>,
) -> Result<Vec<SeriesRow>> {
    let tenant = tx.tenant();
    let rows: Vec<(Uuid, Uuid, Option<Uuid>)> = sqlx::query_as(
        "SELECT id, ci_id, peer_id FROM series
         WHERE tenant_id = $1 AND metric = $2
           AND ($3::uuid[] IS NULL OR ci_id = ANY ($3)) AND ($4::uuid[] IS NULL OR peer_id = ANY ($4))",
    )
    .bind(tenant.0)
    .bind(metric)
    .bind(cis)
    .bind(peers)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, ci, peer)| SeriesRow { id: SeriesId(id), ci: CiId(ci), peer: peer.map(CiId) })
        .collect())
}

/// Gives every sample of series in a window to `take`, series by series, in time order within each.
pub(super) async fn each_sample(
    tx: &mut TenantTx<'_>,
    series: &[SeriesId],
    window: Window,
    mut take: impl FnMut(SeriesId, i64, f64),
) -> Result<()> {
    let tenant = tx.tenant();
    let (first, last) = window.days();
    let ids: Vec<Uuid> = series.iter().map(|id| id.0).collect();
    let mut chunks = sqlx::query_as::<_, (Uuid, NaiveDate, Vec<i32>, Vec<f64>)>(
        "SELECT series_id, day, offsets_ms, vals FROM metric_chunk
         WHERE tenant_id = $1 AND series_id = ANY ($2) AND day BETWEEN $3 AND $4 ORDER BY series_id, day",
    )
    .bind(tenant.0)
    .bind(ids)
    .bind(first)
    .bind(last)
    .fetch(tx.conn());
    while let Some((id, day, offsets, values)) = chunks.try_next().await? {
        let start = i64::from(day.to_epoch_days()) * DAY_MS;
        let low = offsets.partition_point(|&offset| start + i64::from(offset) < window.from);
        let high = offsets.partition_point(|&offset| start + i64::from(offset) < window.to);
        for (offset, value) in offsets.iter().zip(&values).take(high).skip(low) {
            take(SeriesId(id), start + i64::from(*offset), *value);
        }
    }
    Ok(())
}

/// Samples of series in a window, in time order.
pub(crate) async fn samples(
    tx: &mut TenantTx<'_>,
    series: &[SeriesId],
    window: Window,
) -> Result<HashMap<SeriesId, Vec<(i64, f64)>>> {
    let mut all: HashMap<SeriesId, Vec<(i64, f64)>> = HashMap::new();
    each_sample(tx, series, window, |id, at, value| all.entry(id).or_default().push((at, value))).await?;
    Ok(all)
}

/// The metric, ends and identifier of every series of some items, or of all.
pub(crate) async fn series_about(
    tx: &mut TenantTx<'_>,
    cis: Option<Vec<Uuid>>,
) -> Result<Vec<(SeriesId, String, CiId, Option<CiId>)>> {
    let tenant = tx.tenant();
    let rows: Vec<(Uuid, String, Uuid, Option<Uuid>)> = sqlx::query_as(
        "SELECT id, metric, ci_id, peer_id FROM series
         WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR ci_id = ANY ($2) OR peer_id = ANY ($2))
         ORDER BY metric, id",
    )
    .bind(tenant.0)
    .bind(cis)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, metric, ci, peer)| (SeriesId(id), metric, CiId(ci), peer.map(CiId)))
        .collect())
}
