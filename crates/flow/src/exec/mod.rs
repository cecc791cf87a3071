//! Runs a plan. A node starts when its inputs are ready; deadlines are absolute and inherited; whatever goes wrong is a
//! status of a step that its dependents see as missing.

mod call;
mod engine;
mod frame;
mod groups;
mod log;
mod loops;
mod outcome;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use model::{
    Localized,
    answer::{RunEvent, StepReport},
    plan::{Plan, StepStatus},
    tools::ToolOutput,
};
use tokio_util::sync::CancellationToken;

use crate::tools::Tools;

/// What holds for a whole run.
pub struct RunContext {
    /// The answer must be there by this moment; a tenth of the time until then is kept for composing it.
    pub deadline: Instant,
    /// Stops the run.
    pub cancel: CancellationToken,
    /// Hears [`RunEvent::StepStarted`] and [`RunEvent::StepFinished`].
    pub emit: Arc<dyn Fn(RunEvent) + Send + Sync>,
    /// Most calls at the same time.
    pub max_parallel: usize,
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
    /// Results by identifier; a step inside a loop is `s2[3].s3`.
    pub results: BTreeMap<String, StepResult>,
    /// The same as reports, in the order of starting.
    pub reports: Vec<StepReport>,
}

/// Runs a plan to its end, its deadline or its cancellation. Compose nodes are only marked as reached: composing is done
/// with the results.
pub async fn run(plan: &Plan, tools: Arc<dyn Tools>, cx: RunContext) -> Execution {
    engine::Engine::new(plan, tools, cx).run(&plan.root).await
}

#[cfg(test)]
mod tests;
