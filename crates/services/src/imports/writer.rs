//! Writes batches of rows inside the transaction of an import.

use chrono::{DateTime, NaiveDate, Utc};
use ingest::{KnownItem, NewSeries, Sample};
use model::{CiId, ImportId, SeriesId, imports::ImportCounts};

use super::batch::Batch;
use crate::{
    cmdb::write::{self, StoredItem},
    db::TenantTx,
    error::{Error, Result},
    events::write as records,
    metrics::write::SeriesWriter,
};

const DAY_MS: i64 = 86_400_000;

/// What is written so far, and the identifiers behind the numbers of items and series.
pub(super) struct Writer {
    import: ImportId,
    items: Vec<Option<CiId>>,
    series: Vec<SeriesId>,
    samples: SeriesWriter,
    pub counts: ImportCounts,
}

/// The items of the tenant: what the reader has to know of them, and their identifiers in the same order.
pub(super) async fn known_items(tx: &mut TenantTx<'_>) -> Result<(Vec<KnownItem>, Vec<Option<CiId>>)> {
    let stored = write::stored_items(tx).await?;
    let ids = stored.iter().map(|item| Some(item.id)).collect();
    Ok((stored.into_iter().map(known).collect(), ids))
}

fn known(item: StoredItem) -> KnownItem {
    KnownItem {
        code: item.code,
        name: item.name,
        id: item.external_id.unwrap_or_default(),
        fields: item.fields,
    }
}

impl Writer {
    pub fn new(import: ImportId, items: Vec<Option<CiId>>) -> Self {
        Self {
            import,
            items,
            series: Vec::new(),
            samples: SeriesWriter::new(import),
            counts: ImportCounts::default(),
        }
    }

    /// Writes a batch.
    pub async fn write(&mut self, tx: &mut TenantTx<'_>, batch: Batch) -> Result<()> {
        self.write_items(tx, batch.items).await?;
        if !batch.fields.is_empty() {
            let mut fields = Vec::with_capacity(batch.fields.len());
            for patch in batch.fields {
                fields.push((self.item(patch.no)?, patch.fields));
            }
            let done = write::merge_fields(tx, self.import, &fields).await?;
            self.counts.items_changed += done.changed;
            self.counts.items_same += done.same;
        }
        if !batch.relations.is_empty() {
            let mut relations = Vec::with_capacity(batch.relations.len());
            for relation in batch.relations {
                relations.push(write::NewRelation {
                    source: self.item(relation.source)?,
                    target: self.item(relation.target)?,
                    kind: relation.r#type,
                    fields: relation.fields,
                });
            }
            self.counts.relations_new += write::upsert_relations(tx, self.import, &relations).await?.new;
        }
        if !batch.records.is_empty() {
            let mut rows = Vec::with_capacity(batch.records.len());
            for record in batch.records {
                rows.push(records::NewRecord {
                    kind: record.kind,
                    external_id: record.key,
                    ci: record.item.map(|no| self.item(no)).transpose()?,
                    at: moment(record.at)?,
                    until: record.until.map(moment).transpose()?,
                    fields: record.fields,
                });
            }
            self.counts.records_new += records::upsert_records(tx, self.import, &rows).await?.new;
        }
        self.write_samples(tx, batch.series, batch.samples).await
    }

    /// Writes the rest.
    pub async fn finish(mut self, tx: &mut TenantTx<'_>) -> Result<ImportCounts> {
        self.counts.samples_new = self.samples.finish(tx).await?;
        Ok(self.counts)
    }

    async fn write_items(&mut self, tx: &mut TenantTx<'_>, items: Vec<ingest::NewItem>) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        let numbers: Vec<(u32, String)> = items.iter().map(|item| (item.no, item.code.to_string())).collect();
        let rows: Vec<write::NewItem> = items
            .into_iter()
            .map(|item| write::NewItem {
                external_id: Some(item.id).filter(|id| !id.is_empty()),
                code: item.code.to_string(),
                name: Some(item.name),
                kind: item.kind,
                fields: item.fields,
            })
            .collect();
        let done = write::upsert_items(tx, self.import, &rows).await?;
        self.counts.items_new += done.new;
        self.counts.items_changed += done.changed;
        self.counts.items_same += done.same;
        for (no, code) in numbers {
            let no = no as usize;
            if self.items.len() <= no {
                self.items.resize(no + 1, None);
            }
            if let Some(slot) = self.items.get_mut(no) {
                *slot = done.ids.get(&code).copied();
            }
        }
        Ok(())
    }

    async fn write_samples(
        &mut self,
        tx: &mut TenantTx<'_>,
        series: Vec<NewSeries>,
        mut samples: Vec<Sample>,
    ) -> Result<()> {
        for new in series {
            let (item, peer) = (self.item(new.item)?, new.peer.map(|no| self.item(no)).transpose()?);
            self.series.push(self.samples.ensure_series(tx, &new.metric, item, peer).await?);
        }
        // samples of a series and day go over together, which spares a search for each
        samples.sort_by_key(|sample| (sample.series, sample.at));
        let (mut offsets, mut values) = (Vec::new(), Vec::new());
        let mut open: Option<(u32, i64)> = None;
        for sample in samples {
            let ms = sample.at.div_euclid(1_000);
            let day = (sample.series, ms.div_euclid(DAY_MS));
            if open != Some(day) {
                self.give_day(open, &mut offsets, &mut values)?;
                open = Some(day);
            }
            offsets.push(i32::try_from(ms.rem_euclid(DAY_MS)).unwrap_or_default());
            values.push(sample.value);
        }
        self.give_day(open, &mut offsets, &mut values)?;
        self.samples.flush_if_full(tx).await?;
        self.counts.samples_new = self.samples.written();
        Ok(())
    }

    fn give_day(
        &mut self,
        day: Option<(u32, i64)>,
        offsets: &mut Vec<i32>,
        values: &mut Vec<f64>,
    ) -> Result<()> {
        if let Some((series, day)) = day {
            let id = self.series.get(series as usize).copied();
            let id = id.ok_or_else(|| Error::Internal("a sample of a series nobody announced".to_owned()))?;
            let day = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
            let day = day.ok_or_else(|| Error::Internal("a sample outside of all time".to_owned()))?;
            self.samples.write_chunk(id, day, offsets, values);
        }
        offsets.clear();
        values.clear();
        Ok(())
    }

    fn item(&self, no: u32) -> Result<CiId> {
        let id = self.items.get(no as usize).copied().flatten();
        id.ok_or_else(|| Error::Internal("a row about an item nobody announced".to_owned()))
    }
}

fn moment(micros: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| Error::Internal("a moment outside of all time".to_owned()))
}
