//! Runs at work: what they told so far, who listens, how they are stopped, and what all of them share.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{Stream, stream};
use model::{RunId, TenantId, UserId, answer::RunEvent};
use tokio::sync::{Semaphore, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::cache::Cache;
use crate::{
    app::Shared,
    runs::journal::{Keeper, Writer},
};

/// How long the events of a run stay in memory after its end, for listeners that come late or come back.
const KEEP: Duration = Duration::from_secs(120);

/// How long a run goes on that nobody listens to any more: a page that is loaded again comes back in time.
const GRACE: Duration = Duration::from_secs(30);

/// Runs carried out at the same time; more of them wait.
const AT_ONCE: usize = 64;

/// Runs at work in this process.
pub struct Hub {
    live: Arc<Mutex<HashMap<RunId, Arc<Live>>>>,
    tasks: TaskTracker,
    pub(super) slots: Semaphore,
    /// Limits and circuit breakers of sources.
    pub(super) shares: Arc<flow::Shares>,
    /// Results of calls.
    pub(super) cache: Cache,
    /// Names this process in leases.
    server: Uuid,
    writer: OnceLock<Arc<Writer>>,
    pub(super) heart: OnceLock<()>,
}

/// What a listener waits for: events there are, and whether more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Told {
    count: usize,
    over: bool,
}

/// A run at work, or just ended.
pub struct Live {
    pub(super) tenant: TenantId,
    pub(super) user: UserId,
    /// Number of the last event before those in memory.
    base: u64,
    events: Mutex<Vec<RunEvent>>,
    told: watch::Sender<Told>,
    listeners: AtomicUsize,
    /// Whether it stops when nobody listens.
    interactive: AtomicBool,
    journal: OnceLock<(Arc<Keeper>, Arc<Writer>)>,
    pub(super) cancel: CancellationToken,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            live: Arc::default(),
            tasks: TaskTracker::new(),
            slots: Semaphore::new(AT_ONCE),
            shares: Arc::default(),
            cache: Cache::default(),
            server: Uuid::now_v7(),
            writer: OnceLock::new(),
            heart: OnceLock::new(),
        }
    }
}

impl Hub {
    pub(super) fn open(&self, id: RunId, tenant: TenantId, user: UserId, base: u64) -> Arc<Live> {
        let live = Arc::new(Live {
            tenant,
            user,
            base,
            events: Mutex::default(),
            told: watch::Sender::new(Told::default()),
            listeners: AtomicUsize::new(0),
            interactive: AtomicBool::new(true),
            journal: OnceLock::new(),
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

    /// Forgets a run at once: it goes on elsewhere, or later.
    pub(super) fn forget(&self, id: RunId) {
        if let Some(live) = self.lock().remove(&id) {
            live.end();
        }
    }

    pub(super) fn find(&self, id: RunId, tenant: TenantId) -> Option<Arc<Live>> {
        self.lock().get(&id).filter(|live| live.tenant == tenant).cloned()
    }

    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Runs that have not ended.
    pub(super) fn at_work(&self) -> Vec<(RunId, Arc<Live>)> {
        self.lock()
            .iter()
            .filter(|(_, live)| !live.told.borrow().over)
            .map(|(id, live)| (*id, Arc::clone(live)))
            .collect()
    }

    /// Names this process in leases.
    pub(crate) fn server(&self) -> Uuid {
        self.server
    }

    /// The way to the task that writes the journal.
    pub(crate) fn writer(&self, app: &Shared) -> Arc<Writer> {
        Arc::clone(self.writer.get_or_init(|| Arc::new(Writer::start(app.db.clone()))))
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
    /// Tells everybody who listens, and the journal what is not a step; gives the number of the event.
    pub(super) fn tell(&self, event: RunEvent) -> u64 {
        let kept = kept_kind(&event).and_then(|kind| Some((kind, serde_json::to_value(&event).ok()?)));
        let over = matches!(event, RunEvent::Finished { .. });
        if matches!(event, RunEvent::ApprovalRequired { .. }) {
            // Whoever decides may do so tomorrow.
            self.interactive.store(false, Ordering::Relaxed);
        }
        let (count, seq) = {
            let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
            events.push(event);
            let seq = self.base + events.len() as u64;
            // Inside the lock, so that the journal has them in order.
            if let Some((kind, payload)) = kept
                && let Some((keeper, writer)) = self.journal.get()
            {
                writer.event(keeper, seq, kind, payload);
            }
            (events.len(), seq)
        };
        self.told.send_modify(|told| *told = Told { count: count.max(told.count), over: told.over || over });
        seq
    }

    /// Where events are kept from now on.
    pub(super) fn keep_in(&self, keeper: Arc<Keeper>, writer: Arc<Writer>) {
        let _ = self.journal.set((keeper, writer));
    }

    /// Whose entries are written; none before it has begun.
    pub(super) fn keeper(&self) -> Option<&Arc<Keeper>> {
        self.journal.get().map(|(keeper, _)| keeper)
    }

    /// Number of the last event before those in memory.
    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// Goes on although nobody listens.
    pub(super) fn alone(&self) {
        self.interactive.store(false, Ordering::Relaxed);
    }

    /// Nothing more comes from here.
    pub(super) fn end(&self) {
        self.told.send_modify(|told| told.over = true);
    }

    fn event(&self, at: usize) -> Option<RunEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).get(at).cloned()
    }
}

/// What the journal calls an event that is no step; its end is told by the run itself.
fn kept_kind(event: &RunEvent) -> Option<&'static str> {
    match event {
        RunEvent::Started { .. } => Some("started"),
        RunEvent::Planned { .. } => Some("planned"),
        RunEvent::Expanded { .. } => Some("expanded"),
        RunEvent::Replanned { .. } => Some("replanned"),
        RunEvent::ApprovalRequired { .. } => Some("approval_required"),
        RunEvent::Resumed { .. } => Some("resumed"),
        RunEvent::StepStarted { .. } | RunEvent::StepFinished { .. } | RunEvent::Finished { .. } => None,
    }
}

/// Somebody who listens to a run. When the last one has left, the run stops after its grace time.
struct Listener(Arc<Live>);

impl Listener {
    fn new(live: Arc<Live>) -> Self {
        live.listeners.fetch_add(1, Ordering::SeqCst);
        Self(live)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let live = Arc::clone(&self.0);
        let last = live.listeners.fetch_sub(1, Ordering::SeqCst) == 1;
        if !last || live.told.borrow().over || !live.interactive.load(Ordering::Relaxed) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            tokio::time::sleep(GRACE).await;
            let nobody = live.listeners.load(Ordering::SeqCst) == 0;
            if nobody && live.interactive.load(Ordering::Relaxed) && !live.told.borrow().over {
                live.cancel.cancel();
            }
        });
    }
}

/// The events of a run after number `after` (all of those in memory for 0). Ends with [`RunEvent::Finished`], or without
/// it when the run goes on elsewhere or later.
pub(super) fn listen(live: Arc<Live>, after: u64) -> impl Stream<Item = (u64, RunEvent)> + Send {
    let told = live.told.subscribe();
    let start = usize::try_from(after.saturating_sub(live.base)).unwrap_or(usize::MAX);
    stream::unfold(
        (Listener::new(live), told, start, false),
        |(listener, mut told, next, ended)| async move {
            if ended {
                return None;
            }
            loop {
                let over = told.borrow_and_update().over;
                if let Some(event) = listener.0.event(next) {
                    let ended = matches!(event, RunEvent::Finished { .. });
                    let number = listener.0.base + next as u64 + 1;
                    return Some(((number, event), (listener, told, next + 1, ended)));
                }
                if over {
                    return None;
                }
                // The sender lives in `live`, so this ends only with an event.
                told.changed().await.ok()?;
            }
        },
    )
}
