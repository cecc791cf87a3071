//! The events of a run from its journal, while it goes on elsewhere or after it has ended.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use futures::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use model::{
    ErrorCode, RunId, TenantId,
    answer::{AskResponse, RunEvent},
    run::RunStatus,
};
use tokio::{
    sync::{Mutex as TurnMutex, Semaphore, SemaphorePermit, watch},
    time::Instant,
};

use super::{journal, store};
use crate::{
    access::Caller,
    app::{App, Shared},
    db::SystemReason,
    error::Result,
};

/// How often it is looked which of the runs that are followed have gone on: few of them, and many.
const LOOK: Duration = Duration::from_millis(250);
const LOOK_MANY: Duration = Duration::from_secs(1);
/// What many are.
const MANY: usize = 100;
/// How long a follower relies on being told.
const RELY: Duration = Duration::from_secs(15);
/// How long what one follower has read stands for the others who are as far.
const FRESH: Duration = Duration::from_secs(5);
/// How often it is noted that somebody listens here, and how long that holds. Whoever works on a run does not stop it for
/// want of listeners as long as somebody listens elsewhere.
const NOTE: Duration = Duration::from_secs(5);
pub(crate) const HEARD_S: f64 = 20.0;
/// Wait before it is tried again while the database is away.
const AGAIN: Duration = Duration::from_secs(1);
/// Followers that read at the same time: however many there are, they leave connections to those who ask.
const READERS: usize = 4;

/// How far a run is: its status, its last event and its last step.
pub(crate) type Mark = (Option<String>, Option<i64>, Option<i32>);

type Watched = HashMap<(TenantId, RunId), Followed>;

/// A run somebody follows.
struct Followed {
    told: watch::Sender<Mark>,
    feed: Arc<Feed>,
}

/// What was read of a run last: of any number of people who follow it one reads, and the others take the same.
type Feed = TurnMutex<Option<Reading>>;

struct Reading {
    /// How far the run was, and when.
    mark: Mark,
    at: Instant,
    /// Events from this number on, in order; fewer than a page of them are all there are.
    after: u64,
    told: Vec<(u64, RunEvent)>,
    end: Option<(RunStatus, Option<AskResponse>)>,
}

impl Reading {
    /// Whether it holds all that a follower who is this far may want to know now.
    fn serves(&self, mark: &Mark, after: u64) -> bool {
        let more = self.told.len() < journal::PAGE || self.told.last().is_some_and(|(seq, _)| *seq > after);
        self.mark == *mark && self.at.elapsed() < FRESH && self.after <= after && more
    }
}

/// The runs that are followed by their journal. One statement looks after all of them, however many people listen.
pub(crate) struct Lookout {
    watched: Mutex<Watched>,
    begun: OnceLock<()>,
    readers: Semaphore,
}

impl Default for Lookout {
    fn default() -> Self {
        Self { watched: Mutex::default(), begun: OnceLock::new(), readers: Semaphore::new(READERS) }
    }
}

impl Lookout {
    fn lock(&self) -> std::sync::MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A turn at reading.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.readers.acquire().await.ok()
    }

    /// Tells when a run goes on, and what was read of it.
    fn watch(&self, app: &Shared, tenant: TenantId, run: RunId) -> (watch::Receiver<Mark>, Arc<Feed>) {
        let watched = {
            let mut all = self.lock();
            let followed = all.entry((tenant, run)).or_insert_with(|| Followed {
                told: watch::Sender::new(Mark::default()),
                feed: Arc::default(),
            });
            (followed.told.subscribe(), Arc::clone(&followed.feed))
        };
        self.begun.get_or_init(|| {
            let app = Arc::downgrade(app);
            tokio::spawn(async move {
                let mut noted = None;
                loop {
                    let Some(app) = app.upgrade() else { return };
                    let many = match look(&app, &mut noted).await {
                        Ok(count) => count > MANY,
                        Err(error) => {
                            tracing::debug!(cause = %error, "runs that are followed could not be looked at");
                            true
                        }
                    };
                    drop(app);
                    tokio::time::sleep(if many { LOOK_MANY } else { LOOK }).await;
                }
            });
        });
        watched
    }
}

/// Looks at all runs somebody follows, and notes now and then that somebody does; gives how many.
async fn look(app: &App, noted: &mut Option<Instant>) -> Result<usize> {
    let keys: Vec<(TenantId, RunId)> = {
        let mut watched = app.runs.lookout().lock();
        watched.retain(|_, followed| followed.told.receiver_count() > 0);
        watched.keys().copied().collect()
    };
    if keys.is_empty() {
        return Ok(0);
    }
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let marks = store::marks(&mut tx, &keys).await?;
    if noted.is_none_or(|at| at.elapsed() > NOTE) {
        store::note_heard(&mut tx, &keys).await?;
        *noted = Some(Instant::now());
        tx.commit().await?;
    }
    let watched = app.runs.lookout().lock();
    for (key, mark) in marks {
        if let Some(followed) = watched.get(&key) {
            followed.told.send_if_modified(|known| {
                *known != mark && {
                    *known = mark;
                    true
                }
            });
        }
    }
    Ok(keys.len())
}

/// Follows a run by its journal.
struct Follower {
    app: Shared,
    caller: Caller,
    id: RunId,
    after: u64,
    ready: VecDeque<(u64, RunEvent)>,
    /// Tells when the run goes on; none before it was followed.
    told: Option<(watch::Receiver<Mark>, Arc<Feed>)>,
    over: bool,
}

/// What is told from memory, then, where that ends without the end of the run, what the journal knows.
pub fn continued(
    app: &Shared,
    caller: &Caller,
    id: RunId,
    after: u64,
    memory: BoxStream<'static, (u64, RunEvent)>,
) -> impl Stream<Item = (u64, RunEvent)> + Send + use<> {
    let follower = Follower {
        app: app.clone(),
        caller: caller.clone(),
        id,
        after,
        ready: VecDeque::new(),
        told: None,
        over: false,
    };
    stream::unfold((memory, follower), |(mut memory, mut follower)| async move {
        if follower.over {
            return None;
        }
        let next = match memory.next().await {
            Some(event) => Some(event),
            None => follower.next().await,
        };
        let (seq, event) = next?;
        follower.after = follower.after.max(seq);
        follower.over = matches!(event, RunEvent::Finished { .. });
        Some(((seq, event), (memory, follower)))
    })
}

impl Follower {
    async fn next(&mut self) -> Option<(u64, RunEvent)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let (told, feed) = self
                .told
                .get_or_insert_with(|| self.app.runs.lookout().watch(&self.app, self.caller.tenant, self.id));
            // Noted before looking, so that nothing that happens in between is missed.
            let mark = told.borrow_and_update().clone();
            let feed = Arc::clone(feed);
            match self.look(&feed, mark).await {
                Ok(Some(last)) => return Some(last),
                Ok(None) if !self.ready.is_empty() => {}
                Ok(None) => {
                    if let Some((told, _)) = &mut self.told {
                        let _ = tokio::time::timeout(RELY, told.changed()).await;
                    }
                }
                // Whoever listens need not know that the database was away.
                Err(error) if error.to_api().kind == ErrorCode::Unavailable => {
                    tracing::debug!(run.id = %self.id, cause = %error, "a run could not be looked at");
                    tokio::time::sleep(AGAIN).await;
                }
                Err(error) => {
                    tracing::warn!(run.id = %self.id, cause = %error, "a run cannot be followed");
                    return None;
                }
            }
        }
    }

    /// What has come since; the end of the run when there is nothing else.
    async fn look(&mut self, feed: &Feed, mark: Mark) -> Result<Option<(u64, RunEvent)>> {
        let mut feed = feed.lock().await;
        let known = feed.take().filter(|reading| reading.serves(&mark, self.after));
        let reading = match known {
            Some(reading) => reading,
            None => self.read(mark).await?,
        };
        let reading = feed.insert(reading);
        self.ready.extend(reading.told.iter().filter(|(seq, _)| *seq > self.after).cloned());
        if !self.ready.is_empty() {
            return Ok(None);
        }
        let ended = |status: RunStatus| status.ended();
        Ok(match &reading.end {
            Some((status, Some(response))) if ended(*status) => {
                let response = Box::new(response.clone());
                Some((self.after.saturating_add(1), RunEvent::Finished { response }))
            }
            // Given up on without an answer, or removed.
            Some((status, None)) if ended(*status) => {
                self.over = true;
                return Err(crate::chat::missing_run(self.id));
            }
            None => return Err(crate::chat::missing_run(self.id)),
            _ => None,
        })
    }

    /// Reads the run: how it stands, and what it told since.
    async fn read(&self, mark: Mark) -> Result<Reading> {
        let at = Instant::now();
        let _turn = self.app.runs.lookout().turn().await;
        let mut tx = self.app.db.tenant(&self.caller).await?;
        // The status first: what is told after that is seen the next time.
        let end = store::end(&mut tx, self.id).await?;
        let told = journal::told_after(&mut tx, self.id, self.after).await?;
        Ok(Reading { mark, at, after: self.after, told, end })
    }
}
