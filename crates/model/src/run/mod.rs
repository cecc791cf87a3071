//! Runs: what executed, step by step, and how two of them differ.

mod plans;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    answer::{AskResponse, Column},
    ids::{RunId, ThreadId, UserId},
    perm::Role,
    plan::{Plan, StepStatus},
    text::Localized,
    tools::AssetUsed,
};

pub use plans::*;

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// At work.
    Running,
    /// Waiting for a person; nothing is at work.
    Waiting,
    /// Answered.
    Answered,
    /// Asked back.
    Clarify,
    /// The data cannot answer it.
    Unanswerable,
    /// Refused.
    Refused,
    /// Answered in part.
    Partial,
    /// Something broke.
    Failed,
    /// Stopped.
    Cancelled,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [Self; 9] = [
        Self::Running,
        Self::Waiting,
        Self::Answered,
        Self::Clarify,
        Self::Unanswerable,
        Self::Refused,
        Self::Partial,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The name stored and shown to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Answered => "answered",
            Self::Clarify => "clarify",
            Self::Unanswerable => "unanswerable",
            Self::Refused => "refused",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more comes.
    pub fn ended(self) -> bool {
        !matches!(self, Self::Running | Self::Waiting)
    }
}

impl std::str::FromStr for RunStatus {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.as_str() == s).ok_or_else(|| format!("unknown status {s}"))
    }
}

/// Which runs to list; all conditions hold, newest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RunQuery {
    /// Statuses; all when empty.
    pub status: Vec<RunStatus>,
    /// Kinds (`ask`, `plan`); all when empty.
    pub kind: Vec<String>,
    /// Runs of this person; without the right to see those of others only one's own are listed.
    pub user: Option<UserId>,
    /// Started at or after.
    pub from: Option<DateTime<Utc>>,
    /// Started before.
    pub until: Option<DateTime<Utc>>,
    /// Words of the question, the name of a template, the name of a person, or a trace id.
    pub text: String,
    /// Took at least so many milliseconds.
    pub min_ms: Option<f64>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Most rows, 50 when 0, at most 200.
    pub limit: u32,
}

/// A run in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunSummary {
    /// Identifier.
    pub id: RunId,
    /// What made it: `ask` a question, `plan` a plan of a person or a template.
    pub kind: String,
    /// How it stands.
    pub status: RunStatus,
    /// The question, or what the plan is for.
    pub title: String,
    /// The template it came from, or empty.
    pub template: String,
    /// Who.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// The conversation.
    pub thread_id: Option<ThreadId>,
    /// Begun.
    pub started_at: DateTime<Utc>,
    /// Ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Time it took in milliseconds.
    pub total_ms: Option<f64>,
    /// Steps it has ended.
    pub steps: u32,
    /// Tokens read and written.
    pub tokens: u64,
    /// Cost in the currency of the price table.
    pub cost: f64,
    /// Trace id of W3C `traceparent`.
    pub trace_id: String,
    /// The run it was forked from.
    pub forked_from: Option<RunId>,
    /// The step it was forked at.
    pub forked_step: Option<String>,
    /// How often another server has taken it over.
    pub takeovers: u32,
    /// Milliseconds of the last runs of the same title, oldest first, at most 30; this one is among them.
    #[serde(default)]
    pub trend: Vec<f64>,
}

/// A page of runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunPage {
    /// Newest first.
    pub items: Vec<RunSummary>,
    /// Send as `after` for the next page; none at the end.
    pub next: Option<String>,
    /// Runs that fit, counted up to 10 000, by kind; on the first page only.
    #[serde(default)]
    pub kinds: Vec<(String, u64)>,
    /// The same by status.
    #[serde(default)]
    pub statuses: Vec<(RunStatus, u64)>,
}

/// A step of a run, as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunStep {
    /// Place in the order of ending, from 1.
    pub ord: u32,
    /// Name in the run: `s1`, `s2[3].s3` in a round of a loop, `s4.s1` in a sub-plan.
    pub path: String,
    /// The tool, or the kind of node.
    pub tool: String,
    /// What it does.
    pub label: String,
    /// How it ended.
    pub status: StepStatus,
    /// Milliseconds from the begin of the run to its own.
    pub started_ms: f64,
    /// Milliseconds it took.
    pub ms: f64,
    /// Rows it gave.
    pub rows: u64,
    /// Bytes of its output as JSON; 0 without one.
    pub bytes: u64,
    /// Calls it took.
    pub attempts: u32,
    /// An earlier result of the same call stood for it.
    pub cached: bool,
    /// Copied from the run this one was forked from.
    pub copied: bool,
    /// What went wrong, for a person.
    pub error: Option<String>,
    /// What kind of fault, for programs.
    pub code: String,
}

/// Steps of a run in the order of beginning.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepPage {
    /// Steps.
    pub items: Vec<RunStep>,
    /// Steps there are.
    pub total: u32,
    /// Send as `after` for the next page; none at the end.
    pub next: Option<u32>,
}

/// What a run used of its budget.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Spent {
    /// Nodes started.
    pub steps: u64,
    /// Calls of tools.
    pub calls: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Tokens.
    pub tokens: u64,
    /// Cost.
    pub money: f64,
}

/// A run with everything but the outputs of its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunDetail {
    /// What the list says.
    pub run: RunSummary,
    /// What was asked for, as it came.
    pub request: Value,
    /// The plan in force at the end; none when there was nothing to run.
    pub plan: Option<Plan>,
    /// Plans of steps that became one, by name of the step.
    pub subplans: Vec<(String, Plan)>,
    /// Changes of the plan on the way: why, in order.
    pub replans: Vec<String>,
    /// The first steps; more by `/steps`.
    pub steps: StepPage,
    /// What it used.
    pub spent: Spent,
    /// What had to be decided.
    pub approvals: Vec<Approval>,
    /// Runs forked from it, oldest first.
    pub forks: Vec<RunId>,
    /// The answer; none while it is at work.
    pub response: Option<AskResponse>,
}

/// A step with what went in and what came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepDetail {
    /// What the list says.
    pub step: RunStep,
    /// Arguments after references were resolved.
    pub args: Value,
    /// Arguments as the plan has them; none for steps of sub-plans and of fallbacks that are no longer kept.
    pub planned: Option<Value>,
    /// Columns of the output.
    pub columns: Vec<Column>,
    /// Rows of the output from `offset`.
    pub rows: Vec<Map<String, Value>>,
    /// Where `rows` begin.
    pub offset: u64,
    /// Rows there are in the output.
    pub total: u64,
    /// Rows the tool knew of, given or not.
    pub known: u64,
    /// What a person should know about the output.
    pub notes: Vec<String>,
    /// What the tenant authored and the step used, with its version.
    #[serde(default)]
    pub assets: Vec<AssetUsed>,
    /// The rest of the output (`graph`, `series`) as JSON, where it has one.
    pub more: Value,
    /// False when the output is no longer kept.
    pub kept: bool,
    /// Numbers of the evidence of the answer that rests on it.
    pub evidence: Vec<u32>,
}

/// A step in two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepPair {
    /// Name in both.
    pub path: String,
    /// In the first; none when it has no such step.
    pub a: Option<RunStep>,
    /// In the second.
    pub b: Option<RunStep>,
    /// What differs: `only_a`, `only_b`, `tool`, `status`, `args`, `rows`, `output`.
    pub differs: Vec<String>,
    /// Arguments that differ, at most 20.
    pub args: Vec<ValueChange>,
}

/// A value that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueChange {
    /// Where: `select.filter[0].value`.
    pub path: String,
    /// In the first; null when it is not there.
    pub a: Value,
    /// In the second.
    pub b: Value,
}

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunComparison {
    /// The first.
    pub a: RunSummary,
    /// The second.
    pub b: RunSummary,
    /// What there is to say about the two, in one sentence.
    pub verdict: Localized,
    /// The plans differ.
    pub plan_differs: bool,
    /// The answers differ.
    pub answer_differs: bool,
    /// Text of the first answer.
    pub answer_a: String,
    /// Text of the second answer.
    pub answer_b: String,
    /// Steps in the order of the first, then those only the second has; at most 2 000.
    pub steps: Vec<StepPair>,
    /// Steps that differ, by how much slower or faster the second was, in milliseconds, largest first, at most 20.
    pub slower: Vec<(String, f64)>,
}

/// Something a person has to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// The run that waits.
    pub run_id: RunId,
    /// The step that waits.
    pub step: String,
    /// `approve` for a step that needs consent, `ask` for a step that failed: go on without it?
    pub kind: String,
    /// What is to be decided.
    pub what: String,
    /// The least role that may decide.
    pub who: Role,
    /// Who asks.
    pub asked_by: UserId,
    /// Their name.
    pub asked_by_name: String,
    /// Since when.
    pub asked_at: DateTime<Utc>,
    /// When it is denied by itself.
    pub expires_at: DateTime<Utc>,
    /// Approved or denied; none yet when absent.
    pub approved: Option<bool>,
    /// Who decided; empty when time did.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// Whether the caller may decide it.
    #[serde(default)]
    pub may_decide: bool,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// True to go on.
    pub approve: bool,
    /// Why; needed to deny.
    #[serde(default)]
    pub reason: String,
}

/// Where and how to run again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// The step from which everything runs again; what ended before it and does not depend on it is copied. A step in a
    /// loop or a sub-plan is named by the step of the plan that holds it.
    pub step: String,
    /// Its new arguments; as before when absent.
    #[serde(default)]
    pub args: Option<Map<String, Value>>,
}
