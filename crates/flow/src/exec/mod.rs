//! Runs a plan. A node starts when its inputs are ready; deadlines are absolute and inherited; whatever goes wrong is a
//! status of a step that its dependents see as missing.

mod call;
mod decisions;
mod engine;
mod frame;
mod groups;
mod log;
mod loops;
mod outcome;
mod sizes;
mod subplans;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use model::{
    Localized, TenantId,
    answer::{RunEvent, StepReport},
    plan::{Kind, Node, Plan, StepStatus},
    run::Spent,
    tools::ToolOutput,
};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use engine::{Engine, Limits, wanted};
use frame::Frame;

use crate::{
    budget::Pool,
    clock::{Clock, SystemClock},
    guide::{Guide, NoGuide},
    journal::{Journal, NoJournal},
    shares::Shares,
    tools::Tools,
};

/// Hears what happens, in order, and gives each event its number.
pub type Emit = Arc<dyn Fn(RunEvent) -> u64 + Send + Sync>;

/// Changes of a plan on the way, at most.
const REPLANS: usize = 2;

/// What holds for a whole run.
pub struct RunContext {
    /// The answer must be there by this moment; a tenth of the time until then is kept for composing it.
    pub deadline: Instant,
    /// When the run began, for the times of its steps.
    pub started: Instant,
    /// Stops the run.
    pub cancel: CancellationToken,
    /// Hears events of steps and sub-plans.
    pub emit: Emit,
    /// Most calls of this run at the same time.
    pub max_parallel: usize,
    /// Whose run it is: tenants take turns where they wait for the same source.
    pub tenant: TenantId,
    /// Names the run to tools that must do something once only.
    pub key: String,
    /// Limits and circuit breakers shared with other runs.
    pub shares: Arc<Shares>,
    /// What may be used up.
    pub pool: Arc<Pool>,
    /// Where steps are kept.
    pub journal: Arc<dyn Journal>,
    /// Makes sub-plans.
    pub guide: Arc<dyn Guide>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the plan sees as `$args`.
    pub args: Map<String, Value>,
}

impl RunContext {
    /// A run with a deadline that shares nothing, keeps nothing and tells nobody.
    pub fn new(plan: &Plan, deadline: Instant, cancel: CancellationToken) -> Self {
        Self {
            deadline,
            started: Instant::now(),
            cancel,
            emit: Arc::new(|_| 0),
            max_parallel: 8,
            tenant: TenantId(Default::default()),
            key: String::new(),
            shares: Arc::default(),
            pool: Arc::new(Pool::new(&plan.budget, &Spent::default())),
            journal: Arc::new(NoJournal),
            guide: Arc::new(NoGuide),
            clock: Arc::new(SystemClock),
            args: Map::new(),
        }
    }
}

/// How a step ended and what it gave.
#[derive(Debug, Clone, PartialEq)]
pub struct StepResult {
    /// How it ended.
    pub status: StepStatus,
    /// The tool, or the kind of node.
    pub tool: String,
    /// Its output; empty unless it ended well. Nodes with children have one only where something refers to it.
    pub output: ToolOutput,
    /// What went wrong, for a person; none for a branch that was not taken.
    pub error: Option<Localized>,
}

/// Everything a run left behind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Execution {
    /// Results by identifier; a step inside a loop is `s2[3].s3`, one of a sub-plan `s4.s1`. After a change of the plan,
    /// those of the plan in force.
    pub results: BTreeMap<String, StepResult>,
    /// Everything that ran as reports, in the order of starting. Steps of a changed plan are named `r1.s1`.
    pub reports: Vec<StepReport>,
    /// Results of the plan the run began with, where it was changed on the way.
    pub before: BTreeMap<String, StepResult>,
    /// The plan in force at the end, where it was changed on the way.
    pub replanned: Option<Plan>,
    /// True when a person has to decide before it goes on.
    pub waiting: bool,
    /// Why no compose node was reached, if so; none for plans without one.
    pub silent: Option<Localized>,
}

/// Runs a plan to its end, its deadline, its cancellation, or to where a person has to decide. Compose nodes are only
/// marked as reached: composing is done with the results.
pub async fn run(plan: &Plan, tools: Arc<dyn Tools>, cx: RunContext) -> Execution {
    let engine = Engine::new(plan, tools, &cx);
    let limits = Limits { deadline: engine.deadline, depth: 0, subplans: cx.pool.depth };
    let args = Value::Object(cx.args.clone());
    let mut waiting = engine.part(&plan.root, String::new(), &args, limits).await;
    let mut replanned: Option<Plan> = None;
    let mut prefix = String::new();
    for round in 1..=REPLANS {
        if waiting || !engine.guide.replans() || cx.cancel.is_cancelled() {
            break;
        }
        let current = replanned.as_ref().unwrap_or(plan);
        let Some(better) = engine.replan(current, &prefix, round).await else { break };
        prefix = format!("r{round}.");
        waiting = engine.part(&better.root, prefix.clone(), &args, limits).await;
        replanned = Some(better);
    }
    let in_force = replanned.as_ref().unwrap_or(plan);
    let composes = in_force.nodes().into_iter().any(|node| matches!(node.kind, Kind::Compose { .. }));
    let mut execution = engine.log.close(&prefix);
    let composed =
        execution.results.values().any(|result| result.tool == "compose" && result.status == StepStatus::Ok);
    execution.silent = (composes && (waiting || !composed)).then(|| match waiting {
        true => Localized::new("결정을 기다리고 있습니다", "it waits for a decision"),
        false => Localized::new(
            "답을 쓰는 단계가 실행되지 않은 갈래에 있습니다",
            "the step that writes the answer is in a branch that was not taken",
        ),
    });
    execution.replanned = replanned;
    execution.waiting = waiting;
    execution
}

impl Engine {
    /// Runs a plan; true when it waits for a person.
    async fn part(&self, root: &Node, prefix: String, args: &Value, limits: Limits) -> bool {
        let frame = Frame::plan(prefix, wanted(root), args.clone());
        self.node(root, &frame, limits).await.is_waiting()
    }

    /// Another plan in view of what went wrong, inside the same deadline.
    async fn replan(&self, plan: &Plan, prefix: &str, round: usize) -> Option<Plan> {
        let path = format!("r{round}");
        if let Some(before) = self.journal.subplan(&path) {
            return Some(before);
        }
        let troubles = self.log.troubles(prefix);
        if troubles.is_empty() || self.clock.now() >= self.deadline {
            return None;
        }
        let (better, why) = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return None,
            better = self.guide.replan(plan, &troubles) => better?,
            () = self.clock.sleep_until(self.deadline) => return None,
        };
        self.journal.keep_subplan(&path, &better).await.ok()?;
        let why = why.get(self.lang).to_owned();
        self.log.tell(RunEvent::Replanned { plan: better.clone(), why });
        Some(better)
    }
}

#[cfg(test)]
mod tests;
