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
use model::{RunId, TenantId, answer::RunEvent, run::RunStatus};
use tokio::sync::watch;

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

/// How far a run is: its status, its last event and its last step.
pub(crate) type Mark = (Option<String>, Option<i64>, Option<i32>);

type Watched = HashMap<(TenantId, RunId), watch::Sender<Mark>>;

/// The runs that are followed by their journal. One statement looks after all of them, however many people listen.
#[derive(Default)]
pub(crate) struct Lookout {
    watched: Mutex<Watched>,
    begun: OnceLock<()>,
}

impl Lookout {
    fn lock(&self) -> std::sync::MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells when a run goes on.
    fn watch(&self, app: &Shared, tenant: TenantId, run: RunId) -> watch::Receiver<Mark> {
        let told = self
            .lock()
            .entry((tenant, run))
            .or_insert_with(|| watch::Sender::new(Mark::default()))
            .subscribe();
        self.begun.get_or_init(|| {
            let app = Arc::downgrade(app);
            tokio::spawn(async move {
                loop {
                    let Some(app) = app.upgrade() else { return };
                    let many = match look(&app).await {
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
        told
    }
}

/// Looks at all runs somebody follows; gives how many.
async fn look(app: &App) -> Result<usize> {
    let keys: Vec<(TenantId, RunId)> = {
        let mut watched = app.runs.lookout().lock();
        watched.retain(|_, told| told.receiver_count() > 0);
        watched.keys().copied().collect()
    };
    if keys.is_empty() {
        return Ok(0);
    }
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let marks = store::marks(&mut tx, &keys).await?;
    drop(tx);
    let watched = app.runs.lookout().lock();
    for (key, mark) in marks {
        if let Some(told) = watched.get(&key) {
            told.send_if_modified(|known| {
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
    told: Option<watch::Receiver<Mark>>,
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
            // Noted before looking, so that nothing that happens in between is missed.
            let told = self
                .told
                .get_or_insert_with(|| self.app.runs.lookout().watch(&self.app, self.caller.tenant, self.id));
            told.borrow_and_update();
            match self.look().await {
                Ok(Some(last)) => return Some(last),
                Ok(None) if !self.ready.is_empty() => {}
                Ok(None) => {
                    if let Some(told) = &mut self.told {
                        let _ = tokio::time::timeout(RELY, told.changed()).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(run.id = %self.id, cause = %error, "a run cannot be followed");
                    return None;
                }
            }
        }
    }

    /// What has come since; the end of the run when there is nothing else.
    async fn look(&mut self) -> Result<Option<(u64, RunEvent)>> {
        let mut tx = self.app.db.tenant(&self.caller).await?;
        // The status first: what is told after that is seen the next time.
        let end = store::end(&mut tx, self.id).await?;
        self.ready.extend(journal::told_after(&mut tx, self.id, self.after).await?);
        if !self.ready.is_empty() {
            return Ok(None);
        }
        let ended = |status: RunStatus| status.ended();
        Ok(match end {
            Some((status, Some(response))) if ended(status) => {
                Some((self.after.saturating_add(1), RunEvent::Finished { response: Box::new(response) }))
            }
            // Given up on without an answer, or removed.
            Some((status, None)) if ended(status) => {
                self.over = true;
                return Err(crate::chat::missing_run(self.id));
            }
            None => return Err(crate::chat::missing_run(self.id)),
            _ => None,
        })
    }
}
