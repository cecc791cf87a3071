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
    runs::{
        follow::Lookout,
        journal::{Keeper, Writer},
    },
};

/// How long the events of a run stay in memory after its end, for listeners that come late or come back.
const KEEP: Duration = Duration::from_secs(120);

/// How long a run goes on that nobody listens to any more: a page that is loaded again comes back in time.
const GRACE: Duration = Duration::from_secs(30);

/// How often it is looked whether runs have ended while the program does.
const LOOK: Duration = Duration::from_millis(25);

/// Runs carried out at the same time; more of them wait.
const AT_ONCE: usize = 64;

/// Runs at work in this process.
pub struct Hub {
    live: Arc<Mutex<HashMap<RunId, Arc<Live>>>>,
    /// Runs at work, as tasks.
    works: TaskTracker,
    /// Set when this process ends: what begins now is handed over at once.
    leaving: AtomicBool,
    pub(super) slots: Semaphore,
    /// Limits and circuit breakers of sources.
    pub(super) shares: Arc<flow::Shares>,
    /// Results of calls.
    pub(super) cache: Cache,
    /// Names this process in leases.
    server: Uuid,
    writer: OnceLock<Arc<Writer>>,
    /// Runs that are followed by their journal.
    lookout: Lookout,
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
    /// How many events listeners get from here: those there were when the run was handed over, or forgotten.
    cut: AtomicUsize,
    /// Another server goes on with it.
    handed: AtomicBool,
    /// Whether it stops when nobody listens.
    interactive: AtomicBool,
    journal: OnceLock<(Arc<Keeper>, Arc<Writer>)>,
    pub(super) cancel: CancellationToken,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            live: Arc::default(),
            works: TaskTracker::new(),
            leaving: AtomicBool::new(false),
            slots: Semaphore::new(AT_ONCE),
            shares: Arc::default(),
            cache: Cache::default(),
            server: Uuid::now_v7(),
            writer: OnceLock::new(),
            lookout: Lookout::default(),
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
            cut: AtomicUsize::new(usize::MAX),
            handed: AtomicBool::new(false),
            interactive: AtomicBool::new(true),
            journal: OnceLock::new(),
            cancel: CancellationToken::new(),
        });
        self.lock().insert(id, Arc::clone(&live));
        live
    }

    /// Runs that have begun after this process was told to end are for others.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::SeqCst)
    }

    /// Forgets a run after its grace time. Whoever is still behind then gets the rest from the journal: a slow reader does
    /// not keep a run in memory.
    pub(super) fn close_later(&self, id: RunId) {
        let live = Arc::clone(&self.live);
        tokio::spawn(async move {
            tokio::time::sleep(KEEP).await;
            let gone = live.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            if let Some(gone) = gone {
                gone.release();
            }
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
        self.works.spawn(work);
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

    /// Looks after runs that are followed by their journal.
    pub(crate) fn lookout(&self) -> &Lookout {
        &self.lookout
    }

    /// The way to the task that writes the journal.
    pub(crate) fn writer(&self, app: &Shared) -> Arc<Writer> {
        Arc::clone(self.writer.get_or_init(|| Arc::new(Writer::start(app.db.clone()))))
    }

    /// Lets short runs come to their end for `linger`, then hands every run at work to whichever server comes first, this
    /// one after its next start included: what has ended is kept, what is at work is dropped and done again there. Ends when
    /// nothing works here any more.
    pub async fn hand_over(&self, linger: Duration) {
        let until = tokio::time::Instant::now() + linger;
        while !self.at_work().is_empty() && tokio::time::Instant::now() < until {
            tokio::time::sleep(LOOK).await;
        }
        self.leaving.store(true, Ordering::SeqCst);
        for (_, live) in self.at_work() {
            live.hand_over();
        }
        self.works.close();
        self.works.wait().await;
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

    /// Stops the work here without ending the run: the journal takes nothing more but steps that end well, and listeners
    /// hear nothing of the steps that are broken off.
    pub(super) fn hand_over(&self) {
        if self.cancel.is_cancelled() {
            // A person has stopped it: it ends here.
            return;
        }
        {
            let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
            self.cut.fetch_min(events.len(), Ordering::SeqCst);
            self.handed.store(true, Ordering::SeqCst);
            if let Some(keeper) = self.keeper() {
                keeper.leave();
            }
        }
        self.end();
        self.cancel.cancel();
    }

    /// Whether another server goes on with it.
    pub(super) fn is_handed_over(&self) -> bool {
        self.handed.load(Ordering::SeqCst)
    }

    /// Gives back the memory of its events.
    fn release(&self) {
        self.cut.store(0, Ordering::SeqCst);
        *self.events.lock().unwrap_or_else(PoisonError::into_inner) = Vec::new();
        self.end();
    }

    fn event(&self, at: usize) -> Option<RunEvent> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.get(at).filter(|_| at < self.cut.load(Ordering::SeqCst)).cloned()
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
            loop {
                tokio::time::sleep(GRACE).await;
                let nobody = live.listeners.load(Ordering::SeqCst) == 0;
                if !nobody || !live.interactive.load(Ordering::Relaxed) || live.told.borrow().over {
                    return;
                }
                // Whoever came back may have come to another server.
                let elsewhere = match live.journal.get() {
                    Some((keeper, writer)) => writer.is_heard(keeper).await,
                    None => false,
                };
                if !elsewhere {
                    return live.cancel.cancel();
                }
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
