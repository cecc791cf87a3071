//! One task writes the steps and events of all runs of this server, many in one statement.
//!
//! Invariant: what was handed over before [`Writer::sync`] is durable, or its run marked as broken, when that ends.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use flow::Entry;
use model::{TenantId, plan::StepStatus};
use serde_json::Value;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::Instant,
};

use super::{
    Keeper,
    store::{self, EventRow, StepRow},
};
use crate::{
    db::Db,
    error::{Error, Result},
    runs::{
        self,
        blob::{self, Blob},
        follow::HEARD_S,
    },
};

/// Longest a step waits for others to be written with it.
const FLUSH: Duration = Duration::from_millis(15);
/// Most entries of one statement.
const BATCH: usize = 1_000;
/// Entries on their way above which runs wait before they begin another step.
const MOST: usize = 8_192;
/// Waits between attempts while the database is away.
const AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];

enum Note {
    Step(Arc<Keeper>, i32, Box<Entry>),
    Event(Arc<Keeper>, u64, &'static str, Value),
    Sync(oneshot::Sender<()>),
}

/// The way to the task that writes.
pub struct Writer {
    db: Db,
    notes: mpsc::UnboundedSender<Note>,
    waiting: Arc<AtomicUsize>,
    less: Arc<Notify>,
}

impl Writer {
    /// Starts the task; it ends when nobody holds the writer any more and everything is written.
    pub fn start(db: Db) -> Self {
        let (notes, inbox) = mpsc::unbounded_channel();
        let writer = Self { db: db.clone(), notes, waiting: Arc::default(), less: Arc::default() };
        let work = Work { db, inbox, waiting: Arc::clone(&writer.waiting), less: Arc::clone(&writer.less) };
        tokio::spawn(work.run());
        writer
    }

    pub(super) fn step(&self, keeper: &Arc<Keeper>, entry: Entry) {
        if !keeper.takes(&entry) {
            return;
        }
        let ord = keeper.ord.fetch_add(1, Ordering::Relaxed) + 1;
        self.send(Note::Step(Arc::clone(keeper), ord, Box::new(entry)));
    }

    /// Keeps an event that is no step.
    pub(crate) fn event(&self, keeper: &Arc<Keeper>, seq: u64, kind: &'static str, payload: Value) {
        if !keeper.is_closed() {
            self.send(Note::Event(Arc::clone(keeper), seq, kind, payload));
        }
    }

    /// Whether somebody listens to a run on another server; assumed while the database does not say.
    pub(crate) async fn is_heard(&self, keeper: &Keeper) -> bool {
        let heard = async {
            let mut tx = self.db.tenant(&keeper.caller).await?;
            runs::store::was_heard(&mut tx, keeper.run, HEARD_S).await
        };
        heard.await.unwrap_or(true)
    }

    fn send(&self, note: Note) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.notes.send(note).is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }

    pub(super) async fn room(&self) {
        while self.waiting.load(Ordering::Relaxed) > MOST {
            let less = self.less.notified();
            if self.waiting.load(Ordering::Relaxed) > MOST {
                less.await;
            }
        }
    }

    /// Ends when everything handed over before is durable.
    pub async fn sync(&self) {
        let (sender, done) = oneshot::channel();
        if self.notes.send(Note::Sync(sender)).is_ok() {
            let _ = done.await;
        }
    }
}

struct Work {
    db: Db,
    inbox: mpsc::UnboundedReceiver<Note>,
    waiting: Arc<AtomicUsize>,
    less: Arc<Notify>,
}

#[derive(Default)]
struct Batch {
    steps: Vec<(Arc<Keeper>, i32, Box<Entry>)>,
    events: Vec<(Arc<Keeper>, u64, &'static str, Value)>,
    syncs: Vec<oneshot::Sender<()>>,
}

impl Batch {
    fn add(&mut self, note: Note) {
        match note {
            Note::Step(keeper, ord, entry) => self.steps.push((keeper, ord, entry)),
            Note::Event(keeper, seq, kind, payload) => self.events.push((keeper, seq, kind, payload)),
            Note::Sync(sender) => self.syncs.push(sender),
        }
    }

    fn len(&self) -> usize {
        self.steps.len() + self.events.len()
    }
}

/// Everything of one tenant, ready to be written.
#[derive(Default)]
struct Ready {
    keeper: Option<Arc<Keeper>>,
    steps: Vec<StepRow>,
    events: Vec<EventRow>,
    blobs: HashMap<Vec<u8>, Blob>,
}

impl Work {
    async fn run(mut self) {
        while let Some(first) = self.inbox.recv().await {
            let mut batch = Batch::default();
            batch.add(first);
            self.gather(&mut batch).await;
            let (count, syncs) = (batch.len(), std::mem::take(&mut batch.syncs));
            self.write(batch).await;
            self.waiting.fetch_sub(count, Ordering::Relaxed);
            self.less.notify_waiters();
            for sync in syncs {
                let _ = sync.send(());
            }
        }
    }

    /// Waits for company, unless somebody waits for us.
    async fn gather(&mut self, batch: &mut Batch) {
        let until = Instant::now() + FLUSH;
        while batch.len() < BATCH {
            if !batch.syncs.is_empty() {
                match self.inbox.try_recv() {
                    Ok(note) => batch.add(note),
                    Err(_) => return,
                }
                continue;
            }
            match tokio::time::timeout_at(until, self.inbox.recv()).await {
                Ok(Some(note)) => batch.add(note),
                Ok(None) | Err(_) => return,
            }
        }
    }

    async fn write(&self, batch: Batch) {
        // Packing outputs is work for a thread that may take its time.
        let Ok(ready) = tokio::task::spawn_blocking(move || ready(batch)).await else { return };
        for tenant in ready.into_values() {
            self.write_tenant(tenant).await;
        }
    }

    async fn write_tenant(&self, ready: Ready) {
        let Some(keeper) = &ready.keeper else { return };
        let mut waits = AGAIN.iter();
        loop {
            let error = match self.attempt(keeper, &ready.steps, &ready.events, &ready.blobs).await {
                Ok(()) => return,
                Err(error) => error,
            };
            let passes = error.to_api().kind == model::ErrorCode::Unavailable;
            match waits.next().filter(|_| passes) {
                Some(wait) => tokio::time::sleep(*wait).await,
                None => {
                    tracing::warn!(cause = %error, entries = ready.steps.len() + ready.events.len(), "journal not written");
                    break;
                }
            }
        }
        // One run that is gone does not take the entries of the others with it.
        let runs: Vec<_> = {
            let mut runs: Vec<Arc<Keeper>> = ready
                .steps
                .iter()
                .map(|step| &step.keeper)
                .chain(ready.events.iter().map(|event| &event.keeper))
                .cloned()
                .collect();
            runs.sort_by_key(|keeper| keeper.run);
            runs.dedup_by_key(|keeper| keeper.run);
            runs
        };
        for keeper in runs {
            let steps: Vec<StepRow> =
                ready.steps.iter().filter(|step| step.keeper.run == keeper.run).cloned().collect();
            let events: Vec<EventRow> =
                ready.events.iter().filter(|event| event.keeper.run == keeper.run).cloned().collect();
            if let Err(error) = self.attempt(&keeper, &steps, &events, &ready.blobs).await {
                tracing::error!(run.id = %keeper.run, cause = %error, "a run cannot be recorded");
                keeper.broken.store(true, Ordering::Relaxed);
            }
        }
    }

    async fn attempt(
        &self,
        keeper: &Keeper,
        steps: &[StepRow],
        events: &[EventRow],
        blobs: &HashMap<Vec<u8>, Blob>,
    ) -> Result<()> {
        let mut tx = self.db.tenant(&keeper.caller).await?;
        store::write_blobs(&mut tx, blobs.values()).await?;
        store::write_steps(&mut tx, steps).await?;
        store::write_events(&mut tx, events).await?;
        tx.commit().await
    }
}

fn ready(batch: Batch) -> HashMap<TenantId, Ready> {
    let mut all: HashMap<TenantId, Ready> = HashMap::new();
    for (keeper, ord, entry) in batch.steps {
        let ready = all.entry(keeper.caller.tenant).or_default();
        ready.keeper.get_or_insert_with(|| Arc::clone(&keeper));
        let packed = packed(&entry).unwrap_or_else(|error| {
            tracing::warn!(run.id = %keeper.run, cause = %error, "an output cannot be kept");
            None
        });
        let (hash, size) = packed.as_ref().map_or((None, 0), |blob| (Some(blob.hash.clone()), blob.size));
        if let Some(blob) = packed {
            ready.blobs.entry(blob.hash.clone()).or_insert(blob);
        }
        ready.steps.push(StepRow { keeper, ord, output_hash: hash, output_bytes: size, entry: entry.into() });
    }
    for (keeper, seq, kind, payload) in batch.events {
        let ready = all.entry(keeper.caller.tenant).or_default();
        ready.keeper.get_or_insert_with(|| Arc::clone(&keeper));
        ready.events.push(EventRow { keeper, seq, kind, payload });
    }
    all
}

/// The output of a step, where it has one of its own.
fn packed(entry: &Entry) -> std::result::Result<Option<Blob>, Error> {
    let output = entry.output.as_ref();
    let usable = matches!(entry.report.status, StepStatus::Ok | StepStatus::Partial);
    if !entry.leaf || !usable || *output == model::tools::ToolOutput::default() {
        return Ok(None);
    }
    blob::pack(output).map(Some)
}
