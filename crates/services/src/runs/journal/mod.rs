//! The journal of a run in PostgreSQL: what the executor asks of it, and what a run that is taken up again begins with.

mod store;
mod told;
mod writer;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use flow::{Ask, Decided, Effect, Entry, Replay};
use model::{
    Localized, RunId,
    answer::RunEvent,
    plan::{Plan, StepStatus},
    run::Approval,
};
use uuid::Uuid;

pub(crate) use told::{FIRST_AGAIN, PAGE, told_after};
pub use writer::Writer;

use super::store::NewRun;
use crate::{access::Caller, app::Shared, error::Result};

/// Whose entries these are, and whether they may still be written.
#[derive(Debug)]
pub struct Keeper {
    /// On whose behalf.
    pub(crate) caller: Caller,
    /// The run.
    pub(crate) run: RunId,
    /// The server that holds it.
    pub(crate) server: Uuid,
    /// Place of the last step in the order of ending.
    pub(crate) ord: AtomicI32,
    /// Set when the run is in the hands of another server: nothing is written any more.
    pub(crate) closed: AtomicBool,
    /// Set when the run is handed over: only what ended well is still written.
    pub(crate) leaving: AtomicBool,
    /// Set when something could not be written: the run cannot promise to be durable any more.
    pub(crate) broken: AtomicBool,
}

impl Keeper {
    /// Writes nothing more: another server has the run.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Writes only what ended well from now on: the rest is broken off here and done elsewhere.
    pub(crate) fn leave(&self) {
        self.leaving.store(true, Ordering::SeqCst);
    }

    /// Whether a step is to be written. Of a run that is handed over, a call that still came to a good end is: it must not
    /// run twice. Everything that failed or was left out may have been so because of the handing over.
    fn takes(&self, entry: &Entry) -> bool {
        let whole = entry.leaf
            && entry.report.status == StepStatus::Ok
            && entry.fault.is_none()
            && !matches!(entry.report.tool.as_str(), "expand" | "call");
        !self.is_closed() && (whole || !self.leaving.load(Ordering::SeqCst))
    }

    /// Whether another server has the run.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

/// What was kept of a run before.
#[derive(Default)]
pub struct Kept {
    /// Steps that have ended.
    pub(crate) steps: HashMap<String, Replay>,
    /// Sub-plans by step; `r1`, `r2` are those that replaced the plan.
    plans: HashMap<String, Plan>,
    /// Steps that change something and were begun.
    begun: HashSet<String>,
    /// The plan, where there was one.
    pub(crate) plan: Option<Plan>,
    /// Why it was changed on the way, once for each change.
    pub(crate) whys: Vec<String>,
    /// Number of the last event.
    pub(crate) last_seq: u64,
    ord: i32,
}

impl Kept {
    /// Everything a run left until now.
    pub(crate) async fn load(app: &Shared, caller: &Caller, run: RunId) -> Result<Self> {
        let mut tx = app.db.tenant(caller).await?;
        store::load(&mut tx, run).await
    }

    /// Adds the steps of another run, and the sub-plans they follow, where `takes` says so; they are told and kept once
    /// more.
    pub(crate) fn copy(&mut self, other: Self, takes: impl Fn(&str) -> bool) {
        for (path, replay) in other.steps {
            let ended = matches!(replay.report.status, StepStatus::Ok | StepStatus::Partial);
            // A consent given to another run says nothing about this one.
            if ended && replay.report.tool != "approve" && takes(&path) {
                self.steps.entry(path).or_insert(Replay { told: false, ..replay });
            }
        }
        for (path, plan) in other.plans {
            if takes(&path) {
                self.plans.entry(path).or_insert(plan);
            }
        }
    }
}

/// Hears of decisions that have to be made.
pub type Tell = Arc<dyn Fn(RunEvent) -> u64 + Send + Sync>;

/// The journal of one run.
pub struct PgJournal {
    app: Shared,
    keeper: Arc<Keeper>,
    writer: Arc<Writer>,
    tell: Tell,
    steps: HashMap<String, Replay>,
    begun: HashSet<String>,
    plans: Mutex<HashMap<String, Plan>>,
}

impl PgJournal {
    /// The journal of a run that `server` holds, with what was kept of it before.
    pub fn new(app: &Shared, caller: &Caller, run: RunId, kept: Kept, tell: Tell) -> Self {
        let keeper = Arc::new(Keeper {
            caller: caller.clone(),
            run,
            server: app.runs.server(),
            ord: AtomicI32::new(kept.ord),
            closed: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            broken: AtomicBool::new(false),
        });
        Self {
            app: Arc::clone(app),
            keeper,
            writer: app.runs.writer(app),
            tell,
            steps: kept.steps,
            begun: kept.begun,
            plans: Mutex::new(kept.plans),
        }
    }

    /// Whose entries it writes.
    pub fn keeper(&self) -> Arc<Keeper> {
        Arc::clone(&self.keeper)
    }

    /// Steps kept so far.
    pub(crate) fn step_count(&self) -> u32 {
        u32::try_from(self.keeper.ord.load(Ordering::Relaxed)).unwrap_or_default()
    }

    fn plans(&self) -> std::sync::MutexGuard<'_, HashMap<String, Plan>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lost(&self) -> Option<Localized> {
        let lost = self.keeper.is_closed() || self.keeper.broken.load(Ordering::Relaxed);
        lost.then(|| Localized::new("실행을 기록할 수 없습니다", "the run cannot be recorded"))
    }
}

/// Begins a run that belongs to no conversation, and gives its journal: for work that is not answering.
pub async fn begin(app: &Shared, caller: &Caller, kind: &str, title: &str) -> Result<Arc<PgJournal>> {
    let id = RunId(Uuid::now_v7());
    let mut tx = app.db.tenant(caller).await?;
    let run = NewRun {
        id,
        kind,
        thread: None,
        question: title,
        request: serde_json::json!({}),
        server: app.runs.server(),
        template: "",
        forked: None,
    };
    super::store::begin(&mut tx, caller, run).await?;
    tx.commit().await?;
    let seq = AtomicU64::new(0);
    let tell: Tell = Arc::new(move |_| seq.fetch_add(1, Ordering::Relaxed) + 1);
    Ok(Arc::new(PgJournal::new(app, caller, id, Kept::default(), tell)))
}

fn unwritten(error: &crate::Error) -> Localized {
    tracing::warn!(cause = %error, "journal");
    error.to_api().message
}

#[async_trait]
impl flow::Journal for PgJournal {
    fn replay(&self, path: &str) -> Option<Replay> {
        if self.steps.is_empty() { None } else { self.steps.get(path).cloned() }
    }

    fn record(&self, entry: Entry) {
        self.writer.step(&self.keeper, entry);
    }

    async fn room(&self) {
        self.writer.room().await;
    }

    async fn sync(&self) -> std::result::Result<(), Localized> {
        self.writer.sync().await;
        self.lost().map_or(Ok(()), Err)
    }

    async fn begin_effect(&self, path: &str) -> std::result::Result<Effect, Localized> {
        if self.begun.contains(path) {
            return Ok(Effect::Unknown);
        }
        let ord = self.keeper.ord.fetch_add(1, Ordering::Relaxed) + 1;
        let begin = async {
            let mut tx = self.app.db.tenant(&self.keeper.caller).await?;
            let begun = store::begin_effect(&mut tx, &self.keeper, path, ord).await?;
            tx.commit().await?;
            Ok(begun)
        };
        match begin.await {
            Ok(true) => Ok(Effect::Fresh),
            Ok(false) => {
                Err(Localized::new("다른 서버가 이 실행을 맡았습니다", "another server has this run"))
            }
            Err(error) => Err(unwritten(&error)),
        }
    }

    fn subplan(&self, path: &str) -> Option<Plan> {
        self.plans().get(path).cloned()
    }

    async fn keep_subplan(&self, path: &str, plan: &Plan) -> std::result::Result<(), Localized> {
        self.plans().insert(path.to_owned(), plan.clone());
        let keep = async {
            let mut tx = self.app.db.tenant(&self.keeper.caller).await?;
            store::keep_subplan(&mut tx, self.keeper.run, path, plan).await?;
            tx.commit().await
        };
        keep.await.map_err(|error| unwritten(&error))
    }

    async fn ask(&self, ask: Ask) -> std::result::Result<Decided, Localized> {
        let open = async {
            let mut tx = self.app.db.tenant(&self.keeper.caller).await?;
            let opened = store::ask(&mut tx, self.keeper.run, &ask).await?;
            tx.commit().await?;
            Ok(opened)
        };
        match open.await.map_err(|error: crate::Error| unwritten(&error))? {
            store::Asked::Decided(decided) => Ok(decided),
            store::Asked::Open => Ok(Decided::NotYet),
            store::Asked::New { asked_at, expires_at } => {
                let caller = &self.keeper.caller;
                (self.tell)(RunEvent::ApprovalRequired {
                    approval: Box::new(Approval {
                        run_id: self.keeper.run,
                        step: ask.path,
                        kind: ask.kind.to_owned(),
                        what: ask.what,
                        who: ask.who,
                        asked_by: caller.user,
                        asked_by_name: caller.login.clone(),
                        asked_at,
                        expires_at,
                        approved: None,
                        decided_by: String::new(),
                        decided_at: None,
                        reason: String::new(),
                        may_decide: false,
                    }),
                });
                Ok(Decided::NotYet)
            }
        }
    }
}
