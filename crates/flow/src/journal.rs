//! Where a run keeps what must not be lost: steps as they end, sub-plans before they run, decisions people make.
//!
//! Invariant: what [`Journal::replay`] gives was recorded before, in this run or in the one it was forked from; the executor
//! never runs such a step again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use model::{
    Localized,
    answer::StepReport,
    perm::Role,
    plan::{Plan, StepStatus},
    tools::ToolOutput,
};

/// A step that has ended.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What the step says of itself; `id` is its name in the run.
    pub report: StepReport,
    /// Its output.
    pub output: Arc<ToolOutput>,
    /// What went wrong, in both languages.
    pub fault: Option<Localized>,
    /// Number of the event that told of its begin; none when it never began.
    pub start_seq: Option<u64>,
    /// Number of the event that told of its end.
    pub end_seq: u64,
    /// True for steps whose output cannot be had by putting those of others together: tools, models, decisions.
    pub leaf: bool,
    /// True for steps taken over from the run this one was forked from.
    pub copied: bool,
}

/// A step that ended before.
#[derive(Debug, Clone)]
pub struct Replay {
    /// What it said of itself.
    pub report: StepReport,
    /// Its output.
    pub output: Arc<ToolOutput>,
    /// What went wrong.
    pub fault: Option<Localized>,
    /// False for steps of the run this one was forked from: they are told and recorded once more.
    pub told: bool,
}

/// Something a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The step that waits.
    pub path: String,
    /// `approve` or `ask`.
    pub kind: &'static str,
    /// What is to be decided.
    pub what: String,
    /// The least role that may decide.
    pub who: Role,
    /// Seconds until it is denied by itself.
    pub expires_s: u32,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// Nobody has decided yet: the run ends here and goes on later.
    NotYet,
    /// Go on.
    Approved {
        /// Who said so.
        by: String,
        /// Why.
        reason: String,
    },
    /// Do not go on.
    Denied {
        /// Who said so; empty when time did.
        by: String,
        /// Why.
        reason: String,
    },
}

/// Whether a step that changes something may be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It was never begun.
    Fresh,
    /// It was begun before and nobody knows whether it was carried out: it is not repeated.
    Unknown,
}

/// The journal of one run.
#[async_trait]
pub trait Journal: Send + Sync {
    /// A step that ended before.
    fn replay(&self, path: &str) -> Option<Replay>;

    /// Keeps a step that has ended. Does not wait; see [`Journal::room`].
    fn record(&self, entry: Entry);

    /// Waits while too much is on its way to be kept.
    async fn room(&self) {}

    /// Ends when everything recorded so far will not be lost.
    async fn sync(&self) -> Result<(), Localized>;

    /// Notes durably that a step that changes something is about to begin.
    async fn begin_effect(&self, path: &str) -> Result<Effect, Localized>;

    /// A sub-plan made earlier for a step, or for the run as a whole after a change (`r1`, `r2`).
    fn subplan(&self, path: &str) -> Option<Plan>;

    /// Keeps a sub-plan durably before it runs.
    async fn keep_subplan(&self, path: &str, plan: &Plan) -> Result<(), Localized>;

    /// Asks a person, durably, or gives what was decided.
    async fn ask(&self, ask: Ask) -> Result<Decided, Localized>;
}

/// Keeps a run in memory: for runs that may be lost, and for tests.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    inner: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    steps: HashMap<String, Replay>,
    begun: HashMap<String, ()>,
    plans: HashMap<String, Plan>,
    asked: Vec<Ask>,
    decided: HashMap<String, Decided>,
}

impl MemoryJournal {
    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was asked, in order.
    pub fn asked(&self) -> Vec<Ask> {
        self.lock().asked.clone()
    }

    /// Decides about a step.
    pub fn decide(&self, path: &str, decided: Decided) {
        self.lock().decided.insert(path.to_owned(), decided);
    }

    /// Names of the steps that have ended.
    pub fn steps(&self) -> Vec<String> {
        let mut steps: Vec<String> = self.lock().steps.keys().cloned().collect();
        steps.sort();
        steps
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    fn replay(&self, path: &str) -> Option<Replay> {
        self.lock().steps.get(path).cloned()
    }

    fn record(&self, entry: Entry) {
        // A run that is taken up again begins where it was stopped.
        if entry.report.status == StepStatus::Cancelled {
            return;
        }
        let path = entry.report.id.clone();
        let replay = Replay { report: entry.report, output: entry.output, fault: entry.fault, told: true };
        self.lock().steps.entry(path).or_insert(replay);
    }

    async fn sync(&self) -> Result<(), Localized> {
        Ok(())
    }

    async fn begin_effect(&self, path: &str) -> Result<Effect, Localized> {
        let before = self.lock().begun.insert(path.to_owned(), ());
        Ok(if before.is_some() { Effect::Unknown } else { Effect::Fresh })
    }

    fn subplan(&self, path: &str) -> Option<Plan> {
        self.lock().plans.get(path).cloned()
    }

    async fn keep_subplan(&self, path: &str, plan: &Plan) -> Result<(), Localized> {
        self.lock().plans.insert(path.to_owned(), plan.clone());
        Ok(())
    }

    async fn ask(&self, ask: Ask) -> Result<Decided, Localized> {
        let mut memory = self.lock();
        if let Some(decided) = memory.decided.get(&ask.path) {
            return Ok(decided.clone());
        }
        memory.asked.push(ask);
        Ok(Decided::NotYet)
    }
}

/// Keeps nothing: the fastest, for runs nobody looks at again.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJournal;

#[async_trait]
impl Journal for NoJournal {
    fn replay(&self, _: &str) -> Option<Replay> {
        None
    }

    fn record(&self, _: Entry) {}

    async fn sync(&self) -> Result<(), Localized> {
        Ok(())
    }

    async fn begin_effect(&self, _: &str) -> Result<Effect, Localized> {
        Ok(Effect::Fresh)
    }

    fn subplan(&self, _: &str) -> Option<Plan> {
        None
    }

    async fn keep_subplan(&self, _: &str, _: &Plan) -> Result<(), Localized> {
        Ok(())
    }

    async fn ask(&self, ask: Ask) -> Result<Decided, Localized> {
        Err(Localized::new(
            format!("이 실행은 결정을 기다릴 수 없습니다: {}", ask.what),
            format!("this run cannot wait for a decision: {}", ask.what),
        ))
    }
}
