//! Rows on their way from the thread that reads files to the task that writes them.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use ingest::{Go, ItemFields, NewItem, NewRecord, NewRelation, NewSeries, Sample, Sink};
use model::imports::{ImportCounts, Reject};
use tokio::sync::mpsc;

/// Rows of a batch; a sample weighs less than a row.
const FULL: usize = 4_000;
const SAMPLES: usize = 100_000;
/// How often progress is told at least.
const TELL: Duration = Duration::from_millis(250);

/// Rows in the order they have to be written: items, fields, relations, records, series, samples.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub items: Vec<NewItem>,
    pub fields: Vec<ItemFields>,
    pub relations: Vec<NewRelation>,
    pub records: Vec<NewRecord>,
    pub series: Vec<NewSeries>,
    pub samples: Vec<Sample>,
    pub rejects: Vec<Reject>,
    /// The file, how far all of it is, numbers so far.
    pub progress: Option<(String, f64, ImportCounts)>,
}

impl Batch {
    fn rows(&self) -> usize {
        self.items.len()
            + self.fields.len()
            + self.relations.len()
            + self.records.len()
            + self.series.len()
            + self.rejects.len()
    }
}

/// Gathers rows and sends them in batches. Waits when the writer is behind, so that memory stays bounded; ends the reading
/// when the writer is gone.
pub(super) struct Sender {
    to: mpsc::Sender<Batch>,
    batch: Batch,
    told: Instant,
}

impl Sender {
    pub fn new(to: mpsc::Sender<Batch>) -> Self {
        Self { to, batch: Batch::default(), told: Instant::now() }
    }

    /// Sends what is left.
    pub fn finish(mut self) {
        // the writer may be gone; then nobody wants it
        let _ = self.send();
    }

    fn send(&mut self) -> Go {
        self.told = Instant::now();
        match self.to.blocking_send(std::mem::take(&mut self.batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn send_if_full(&mut self) -> Go {
        if self.batch.rows() >= FULL { self.send() } else { ControlFlow::Continue(()) }
    }
}

impl Sink for Sender {
    fn item(&mut self, item: NewItem) -> Go {
        self.batch.items.push(item);
        self.send_if_full()
    }

    fn fields(&mut self, fields: ItemFields) -> Go {
        self.batch.fields.push(fields);
        self.send_if_full()
    }

    fn relation(&mut self, relation: NewRelation) -> Go {
        self.batch.relations.push(relation);
        self.send_if_full()
    }

    fn record(&mut self, record: NewRecord) -> Go {
        self.batch.records.push(record);
        self.send_if_full()
    }

    fn series(&mut self, series: NewSeries) -> Go {
        self.batch.series.push(series);
        self.send_if_full()
    }

    fn sample(&mut self, sample: Sample) -> Go {
        self.batch.samples.push(sample);
        if self.batch.samples.len() >= SAMPLES { self.send() } else { ControlFlow::Continue(()) }
    }

    fn reject(&mut self, reject: Reject) -> Go {
        self.batch.rejects.push(reject);
        self.send_if_full()
    }

    fn progress(&mut self, file: &str, done: f64, counts: &ImportCounts) -> Go {
        self.batch.progress = Some((file.to_owned(), done, *counts));
        if self.told.elapsed() >= TELL { self.send() } else { ControlFlow::Continue(()) }
    }
}
