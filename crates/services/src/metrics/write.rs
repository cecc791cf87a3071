//! Writing samples inside the transaction of an import.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use model::{CiId, ImportId, SeriesId};
use uuid::Uuid;

use crate::{db::TenantTx, error::Result};

/// Samples held back before they are written: a few megabytes, and statements large enough to be fast.
const FULL: usize = 250_000;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Gathers samples and writes them by series and day. A new value of a sample wins over the stored one.
///
/// `ensure_series`, then `push` (or `write_chunk`) as often as there are samples, `flush_if_full` between rows, `finish`
/// at the end: what was not finished is not written.
#[derive(Debug)]
pub struct SeriesWriter {
    import: ImportId,
    known: HashMap<(String, CiId, Option<CiId>), SeriesId>,
    pending: BTreeMap<(SeriesId, NaiveDate), Vec<(i32, f64)>>,
    held: usize,
    written: u64,
}

/// A chunk as it is stored: offsets ascending.
type Chunk = (Vec<i32>, Vec<f64>);

impl SeriesWriter {
    /// A writer for an import.
    pub fn new(import: ImportId) -> Self {
        Self { import, known: HashMap::new(), pending: BTreeMap::new(), held: 0, written: 0 }
    }

    /// The series of a metric of an item (towards a peer, for call edges), made when it is not there.
    pub async fn ensure_series(
        &mut self,
        tx: &mut TenantTx<'_>,
        metric: &str,
        ci: CiId,
        peer: Option<CiId>,
    ) -> Result<SeriesId> {
        let key = (metric.to_owned(), ci, peer);
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let tenant = tx.tenant();
        // The no-op update makes the row come back whether it is new or not.
        let id: Uuid = sqlx::query_scalar(
            "INSERT INTO series (tenant_id, id, metric, ci_id, peer_id, import_id) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT ON CONSTRAINT series_what_key DO UPDATE SET metric = excluded.metric
             RETURNING id",
        )
        .bind(tenant.0)
        .bind(Uuid::now_v7())
        .bind(metric)
        .bind(ci.0)
        .bind(peer.map(|p| p.0))
        .bind(self.import.0)
        .fetch_one(tx.conn())
        .await?;
        self.known.insert(key, SeriesId(id));
        Ok(SeriesId(id))
    }

    /// Adds one sample, by milliseconds since 1970. Values that are not finite are left out: they say nothing was measured.
    pub fn push(&mut self, series: SeriesId, at_ms: i64, value: f64) {
        let (day, offset) = (at_ms.div_euclid(DAY_MS), at_ms.rem_euclid(DAY_MS));
        let day = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
        if let (Some(day), Ok(offset), true) = (day, i32::try_from(offset), value.is_finite()) {
            self.pending.entry((series, day)).or_default().push((offset, value));
            self.held += 1;
        }
    }

    /// Adds the samples of a day, by milliseconds since its start; offsets outside the day are left out.
    pub fn write_chunk(&mut self, series: SeriesId, day: NaiveDate, offsets: &[i32], values: &[f64]) {
        let chunk = self.pending.entry((series, day)).or_default();
        let before = chunk.len();
        chunk.extend(
            offsets
                .iter()
                .copied()
                .zip(values.iter().copied())
                .filter(|&(offset, value)| (0..DAY_MS).contains(&i64::from(offset)) && value.is_finite()),
        );
        self.held += chunk.len() - before;
    }

    /// Writes what was gathered when it is much.
    pub async fn flush_if_full(&mut self, tx: &mut TenantTx<'_>) -> Result<()> {
        if self.held >= FULL { self.flush(tx).await } else { Ok(()) }
    }

    /// Samples that were new or changed, among those written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Writes the rest; gives the number of samples that were new or changed.
    pub async fn finish(mut self, tx: &mut TenantTx<'_>) -> Result<u64> {
        self.flush(tx).await?;
        Ok(self.written)
    }

    /// Writes what was gathered.
    pub async fn flush(&mut self, tx: &mut TenantTx<'_>) -> Result<()> {
        let mut pending = std::mem::take(&mut self.pending);
        self.held = 0;
        pending.retain(|_, chunk| !chunk.is_empty());
        // A chunk is a few thousand samples; a statement carries some hundred of them.
        let mut batch: Vec<((SeriesId, NaiveDate), Chunk)> = Vec::new();
        let mut size = 0;
        for (key, samples) in pending {
            let chunk = ordered(samples);
            size += chunk.0.len();
            batch.push((key, chunk));
            if size >= FULL {
                self.write(tx, std::mem::take(&mut batch)).await?;
                size = 0;
            }
        }
        self.write(tx, batch).await
    }

    async fn write(
        &mut self,
        tx: &mut TenantTx<'_>,
        batch: Vec<((SeriesId, NaiveDate), Chunk)>,
    ) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let tenant = tx.tenant();
        let keys: Vec<(SeriesId, NaiveDate)> = batch.iter().map(|(key, _)| *key).collect();
        let mut there = stored(tx, &keys).await?;
        let (mut series, mut days) = (Vec::new(), Vec::new());
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        let (mut offsets, mut values): Chunk = (Vec::new(), Vec::new());
        for (key, chunk) in batch {
            let chunk = match there.remove(&key) {
                None => {
                    self.written += chunk.0.len() as u64;
                    chunk
                }
                Some(old) => {
                    let (merged, changed) = merged(old, chunk);
                    self.written += changed;
                    if changed == 0 {
                        continue;
                    }
                    merged
                }
            };
            series.push(key.0.0);
            days.push(key.1);
            starts.push(i32::try_from(offsets.len() + 1).unwrap_or(i32::MAX));
            offsets.extend(chunk.0);
            values.extend(chunk.1);
            ends.push(i32::try_from(offsets.len()).unwrap_or(i32::MAX));
        }
        if series.is_empty() {
            return Ok(());
        }
        // Arrays of arrays must be rectangular in PostgreSQL, so all samples travel in one array and are sliced there.
        sqlx::query(
            "INSERT INTO metric_chunk (tenant_id, import_id, series_id, day, offsets_ms, vals)
             SELECT $1, $2, x.series_id, x.day, ($7::int4[])[x.a:x.b], ($8::float8[])[x.a:x.b]
             FROM unnest($3::uuid[], $4::date[], $5::int4[], $6::int4[]) AS x (series_id, day, a, b)
             ON CONFLICT (tenant_id, series_id, day)
             DO UPDATE SET offsets_ms = excluded.offsets_ms, vals = excluded.vals",
        )
        .bind(tenant.0)
        .bind(self.import.0)
        .bind(series)
        .bind(days)
        .bind(starts)
        .bind(ends)
        .bind(offsets)
        .bind(values)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}

async fn stored(
    tx: &mut TenantTx<'_>,
    keys: &[(SeriesId, NaiveDate)],
) -> Result<HashMap<(SeriesId, NaiveDate), Chunk>> {
    let tenant = tx.tenant();
    let wanted: HashSet<(SeriesId, NaiveDate)> = keys.iter().copied().collect();
    // By lists instead of a join: while an import runs, the planner knows nothing of the rows it wrote.
    let rows: Vec<(Uuid, NaiveDate, Vec<i32>, Vec<f64>)> = sqlx::query_as(
        "SELECT series_id, day, offsets_ms, vals FROM metric_chunk
         WHERE tenant_id = $1 AND series_id = ANY ($2) AND day = ANY ($3)",
    )
    .bind(tenant.0)
    .bind(keys.iter().map(|(series, _)| series.0).collect::<HashSet<_>>().into_iter().collect::<Vec<_>>())
    .bind(keys.iter().map(|(_, day)| *day).collect::<HashSet<_>>().into_iter().collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(series, day, offsets, values)| ((SeriesId(series), day), (offsets, values)))
        .filter(|(key, _)| wanted.contains(key))
        .collect())
}

/// Samples in time order, the last of several at one moment.
fn ordered(mut samples: Vec<(i32, f64)>) -> Chunk {
    if samples.windows(2).any(|pair| matches!(pair, [a, b] if a.0 >= b.0)) {
        samples.sort_by_key(|sample| sample.0);
        samples.reverse();
        samples.dedup_by_key(|sample| sample.0);
        samples.reverse();
    }
    samples.into_iter().unzip()
}

/// Merges a new chunk into an old one; gives the number of samples that are new or have another value.
fn merged(old: Chunk, new: Chunk) -> (Chunk, u64) {
    let mut all: BTreeMap<i32, f64> = old.0.into_iter().zip(old.1).collect();
    let mut changed = 0;
    for (offset, value) in new.0.into_iter().zip(new.1) {
        if all.insert(offset, value).is_none_or(|before| before.to_bits() != value.to_bits()) {
            changed += 1;
        }
    }
    (all.into_iter().unzip(), changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_put_in_order_and_the_last_of_a_moment_wins() {
        assert_eq!(ordered(vec![(5, 1.0), (1, 2.0), (5, 3.0)]), (vec![1, 5], vec![2.0, 3.0]));
        assert_eq!(ordered(vec![(5, 1.0), (5, 3.0)]), (vec![5], vec![3.0]));
        assert_eq!(ordered(vec![(1, 1.0), (2, 3.0)]), (vec![1, 2], vec![1.0, 3.0]));
    }

    #[test]
    fn only_new_and_different_samples_count_as_changed() {
        let (chunk, changed) = merged((vec![1, 3], vec![1.0, 3.0]), (vec![1, 2, 3], vec![1.0, 2.0, 4.0]));
        assert_eq!(chunk, (vec![1, 2, 3], vec![1.0, 2.0, 4.0]));
        assert_eq!(changed, 2);
    }
}
