//! Runs at work: what they told so far, who listens, how they are stopped.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{Stream, stream};
use model::{RunId, TenantId, UserId, answer::RunEvent};
use tokio::sync::{Semaphore, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long the events of a run stay in memory after its end, for listeners that come late or come back.
const KEEP: Duration = Duration::from_secs(120);

/// Questions answered at the same time; more of them wait.
const AT_ONCE: usize = 16;

/// Runs at work in this process.
pub struct Hub {
    live: Arc<Mutex<HashMap<RunId, Arc<Live>>>>,
    tasks: TaskTracker,
    pub(super) slots: Semaphore,
}

/// A run at work, or just ended.
pub struct Live {
    pub(super) tenant: TenantId,
    pub(super) user: UserId,
    events: Mutex<Vec<RunEvent>>,
    told: watch::Sender<usize>,
    pub(super) cancel: CancellationToken,
}

impl Default for Hub {
    fn default() -> Self {
        Self { live: Arc::default(), tasks: TaskTracker::new(), slots: Semaphore::new(AT_ONCE) }
    }
}

impl Hub {
    pub(super) fn open(&self, id: RunId, tenant: TenantId, user: UserId) -> Arc<Live> {
        let live = Arc::new(Live {
            tenant,
            user,
            events: Mutex::default(),
            told: watch::Sender::new(0),
            cancel: CancellationToken::new(),
        });
        self.lock().insert(id, Arc::clone(&live));
        live
    }

    /// Forgets a run after its grace time.
    pub(super) fn close_later(&self, id: RunId) {
        let live = Arc::clone(&self.live);
        self.tasks.spawn(async move {
            tokio::time::sleep(KEEP).await;
            live.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
    }

    pub(super) fn find(&self, id: RunId, tenant: TenantId, user: UserId) -> Option<Arc<Live>> {
        self.lock().get(&id).filter(|live| live.tenant == tenant && live.user == user).cloned()
    }

    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Stops every run; used while the program ends.
    pub fn cancel_all(&self) {
        for live in self.lock().values() {
            live.cancel.cancel();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RunId, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    /// Tells everybody who listens; gives the number of the event.
    pub(super) fn tell(&self, event: RunEvent) -> u64 {
        let count = {
            let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
            events.push(event);
            events.len()
        };
        self.told.send_replace(count);
        count as u64
    }

    fn event(&self, at: usize) -> Option<RunEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).get(at).cloned()
    }
}

/// The events of a run after number `after` (all of them for 0), ending with [`RunEvent::Finished`]. Numbers begin at 1.
pub(super) fn listen(live: Arc<Live>, after: u64) -> impl Stream<Item = (u64, RunEvent)> + Send {
    let told = live.told.subscribe();
    let start = usize::try_from(after).unwrap_or(usize::MAX);
    stream::unfold((live, told, start, false), |(live, mut told, next, ended)| async move {
        if ended {
            return None;
        }
        loop {
            if let Some(event) = live.event(next) {
                let ended = matches!(event, RunEvent::Finished { .. });
                let number = u64::try_from(next + 1).unwrap_or(u64::MAX);
                return Some(((number, event), (live, told, next + 1, ended)));
            }
            // The sender lives in `live`, so this ends only with an event.
            told.changed().await.ok()?;
        }
    })
}
