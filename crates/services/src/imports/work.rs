//! An import at work: a thread reads, this task writes, one transaction holds all of it.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use ingest::{KnownItem, Outcome};
use model::{
    ApiError, ErrorCode, ImportId, Lang, Localized,
    imports::{ImportCounts, ImportState, ImportStatus, Mapping, Reject},
};
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior},
};

use super::{
    batch::{Batch, Sender},
    hub::Job,
    store,
    writer::{Writer, known_items},
};
use crate::{
    access::Caller,
    app::App,
    audit,
    cmdb::write,
    db::TenantTx,
    error::{Error, Result},
};

/// Batches that may wait between reader and writer.
const WAITING: usize = 4;
/// How often it is noted in the database how an import stands.
const NOTE: Duration = Duration::from_secs(1);
/// Pauses between tries to note how an import ended. After the last one, the next start of a server closes it.
const AGAIN: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(180),
];
/// Rejected rows kept for the download; whoever has more has the wrong mapping.
pub(super) const MOST_REJECTS: usize = 100_000;

/// Where rows come from.
pub(super) type Source =
    Box<dyn FnOnce(Vec<KnownItem>, &mut Sender) -> std::result::Result<Outcome, ingest::Error> + Send>;

/// An import that may begin: nobody else imports into the tenant, and it says so in the list.
pub(super) struct Begun<'a> {
    tx: TenantTx<'a>,
    pub job: Arc<Job>,
}

/// Takes the lock, notes the beginning and tells the hub.
pub(super) async fn begin<'a>(
    app: &'a App,
    caller: &Caller,
    name: &str,
    demo: bool,
    mapping: Option<&Mapping>,
) -> Result<Begun<'a>> {
    let mut tx = app.db.tenant(caller).await?;
    if !store::lock(tx.conn(), caller.tenant).await? {
        return Err(at_work());
    }
    if demo && !store::demos(&mut tx).await?.is_empty() {
        return Err(super::demo::loaded_already());
    }
    let id = ImportId(uuid::Uuid::now_v7());
    let at = Utc::now();
    // a transaction of its own, so that everybody sees it while the data is not there yet
    let mut note = app.db.tenant(caller).await?;
    store::begin(&mut note, &store::NewImport { id, name, demo, mapping, by: &caller.login, at }).await?;
    note.commit().await?;
    let status = ImportStatus {
        id,
        name: name.to_owned(),
        state: ImportState::Running,
        file: String::new(),
        progress: 0.0,
        counts: ImportCounts::default(),
        message: None,
        rejects: Vec::new(),
        started_at: at,
        finished_at: None,
    };
    Ok(Begun { tx, job: app.imports.open(caller.tenant, status) })
}

/// Another import has the lock.
pub(super) fn at_work() -> Error {
    ApiError::new(ErrorCode::Conflict, "다른 가져오기가 진행 중입니다", "another import is at work")
        .with_hint("끝난 뒤에 다시 시도하세요", "try again when it has ended")
        .into()
}

/// How an import ended without anything of it going in.
enum Ending {
    Failed(Error),
    Cancelled,
}

impl From<Error> for Ending {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Runs an import to its end, good or bad; afterwards the job and the database say which.
pub(super) async fn run(app: &App, caller: &Caller, begun: Begun<'_>, source: Source) -> ImportStatus {
    let Begun { tx, job } = begun;
    let id = job.status().id;
    let result = Box::pin(work(app, caller, tx, &job, source)).await;
    if let Err(ending) = result {
        let mut status = job.status();
        (status.state, status.message) = match ending {
            Ending::Failed(error) => {
                tracing::warn!(import.id = %id, error = %error, "an import failed");
                (ImportState::Failed, Some(message_of(&error)))
            }
            Ending::Cancelled => {
                tracing::info!(import.id = %id, "an import was cancelled");
                (ImportState::Cancelled, Some(cancelled()))
            }
        };
        status.finished_at = Some(Utc::now());
        job.tell(|now| *now = status.clone());
        note_ending(app, caller, &job, &status).await;
    }
    app.imports.close_later(id);
    job.status()
}

async fn work(
    app: &App,
    caller: &Caller,
    mut tx: TenantTx<'_>,
    job: &Job,
    source: Source,
) -> std::result::Result<(), Ending> {
    let status = job.status();
    let id = status.id;
    write::begin(&mut tx).await?;
    write::name_origin(&mut tx, id, &status.name).await?;
    let (known, ids) = known_items(&mut tx).await?;
    let mut writer = Writer::new(id, ids);
    let (to, mut from) = mpsc::channel::<Batch>(WAITING);
    let reader = tokio::task::spawn_blocking(move || {
        let mut sender = Sender::new(to);
        let outcome = source(known, &mut sender);
        sender.finish();
        outcome
    });
    let mut rejects = Rejects::default();
    let mut clock = tokio::time::interval_at(Instant::now() + NOTE, NOTE);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let batch = tokio::select! {
            biased;
            () = job.stop.cancelled() => return Err(stopped().into()),
            () = job.cancel.cancelled() => return Err(Ending::Cancelled),
            _ = clock.tick() => {
                if note(app, caller, &job.status()).await? {
                    return Err(Ending::Cancelled);
                }
                continue;
            }
            batch = from.recv() => batch,
        };
        let Some(mut batch) = batch else { break };
        rejects.keep(app, caller, job, std::mem::take(&mut batch.rejects)).await?;
        let progress = batch.progress.take();
        writer.write(&mut tx, batch).await?;
        let written = writer.counts;
        job.tell(|status| {
            if let Some((file, done, counts)) = progress {
                status.file = file;
                status.progress = done * 0.98;
                status.counts = counts;
            }
            status.counts = together(status.counts, written);
        });
    }
    let outcome = reader.await.map_err(|error| Error::Internal(format!("the reader ended: {error}")))?;
    let outcome = outcome.map_err(|error| unreadable(&error))?;
    let written = writer.finish(&mut tx).await?;
    write::upsert_catalogue(&mut tx, &outcome.catalogue).await?;
    write::finish(&mut tx).await?;
    let mut status = job.status();
    status.state = ImportState::Done;
    status.file = String::new();
    status.progress = 1.0;
    status.counts = together(outcome.counts, written);
    status.finished_at = Some(Utc::now());
    status.message = rejects.message();
    // done and data become true in the same moment
    if store::save(&mut tx, &status).await?.is_some() || job.cancel.is_cancelled() {
        return Err(Ending::Cancelled);
    }
    let entry = audit::Entry::by(caller, "imports.run", status.name.clone())
        .after(json!({ "import": id, "counts": status.counts }));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    job.tell(|now| *now = status);
    Ok(())
}

/// Notes how an import ended, and tries again for a while: what ended it may be the database being away.
async fn note_ending(app: &App, caller: &Caller, job: &Job, status: &ImportStatus) {
    for pause in AGAIN {
        let Err(error) = note(app, caller, status).await else { return };
        tracing::error!(import.id = %status.id, error = %error, "how an import ended could not be noted");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = job.stop.cancelled() => return,
        }
    }
}

/// Notes how an import stands, in a transaction of its own; says whether somebody asked to cancel it.
async fn note(app: &App, caller: &Caller, status: &ImportStatus) -> Result<bool> {
    let mut tx = app.db.tenant(caller).await?;
    let asked = store::save(&mut tx, status).await?;
    tx.commit().await?;
    Ok(asked.is_some())
}

/// What was read, and what was written.
pub(super) fn together(read: ImportCounts, written: ImportCounts) -> ImportCounts {
    ImportCounts {
        read: read.read,
        accepted: read.accepted,
        rejected: read.rejected,
        skipped: read.skipped,
        ..written
    }
}

/// Rejected rows, kept whether the import succeeds or not.
#[derive(Default)]
struct Rejects {
    kept: usize,
    lost: usize,
}

impl Rejects {
    async fn keep(&mut self, app: &App, caller: &Caller, job: &Job, mut rejects: Vec<Reject>) -> Result<()> {
        let room = MOST_REJECTS.saturating_sub(self.kept);
        self.lost += rejects.len().saturating_sub(room);
        rejects.truncate(room);
        if rejects.is_empty() {
            return Ok(());
        }
        let mut tx = app.db.tenant(caller).await?;
        store::add_rejects(&mut tx, job.status().id, self.kept, &rejects).await?;
        tx.commit().await?;
        self.kept += rejects.len();
        job.tell(|status| {
            let shown = usize::try_from(store::SHOWN).unwrap_or_default();
            let room = shown.saturating_sub(status.rejects.len());
            status.rejects.extend(rejects.into_iter().take(room));
        });
        Ok(())
    }

    fn message(&self) -> Option<Localized> {
        (self.lost > 0).then(|| {
            Localized::new(
                format!(
                    "제외된 행이 많아 처음 {MOST_REJECTS}건만 보관했습니다 ({}건은 보관하지 않음)",
                    self.lost
                ),
                format!(
                    "so many rows were rejected that only the first {MOST_REJECTS} are kept ({} are not)",
                    self.lost
                ),
            )
        })
    }
}

pub(super) fn cancelled() -> Localized {
    Localized::new(
        "가져오기를 취소했습니다. 반영된 것은 없습니다",
        "the import was cancelled; nothing of it is in",
    )
}

fn stopped() -> Error {
    ApiError::new(
        ErrorCode::Unavailable,
        "프로그램이 종료되어 가져오기를 멈췄습니다. 반영된 것은 없습니다",
        "the import was stopped because the program ends; nothing of it is in",
    )
    .into()
}

/// Why the files could not be read, for a person.
pub(super) fn unreadable(error: &ingest::Error) -> Error {
    match error {
        ingest::Error::Mapping(problems) => super::wrong_mapping(problems),
        ingest::Error::File { file, text } => ApiError::new(
            ErrorCode::Invalid,
            format!("{file}: {}", text.get(Lang::Ko)),
            format!("{file}: {}", text.get(Lang::En)),
        )
        .into(),
        ingest::Error::Stopped => Error::Internal("the writer ended before the reader".to_owned()),
    }
}

fn message_of(error: &Error) -> Localized {
    let error = error.to_api();
    let mut text = error.message;
    for field in &error.fields {
        text.ko = format!("{}\n{}: {}", text.ko, field.path, field.reason.get(Lang::Ko));
        text.en = format!("{}\n{}: {}", text.en, field.path, field.reason.get(Lang::En));
    }
    if let Some(hint) = error.hint {
        text.ko = format!("{}\n{}", text.ko, hint.get(Lang::Ko));
        text.en = format!("{}\n{}", text.en, hint.get(Lang::En));
    }
    text
}
