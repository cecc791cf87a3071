//! Plans before they run: proposed, checked, kept as templates, begun.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    answer::{AnswerStatus, Choice, ContextTurn},
    ids::ThreadId,
    plan::Plan,
    text::{Lang, Localized},
};

/// Kinds of issues of a plan, stable for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IssueCode {
    /// An identifier is empty or not a word.
    BadId,
    /// An identifier is used twice.
    DuplicateId,
    /// A tool does not exist.
    UnknownTool,
    /// The caller may not use a tool.
    Denied,
    /// An argument of a tool is missing, unknown or of the wrong type.
    BadArgument,
    /// A reference, condition or template cannot be read.
    BadExpression,
    /// A reference names no step or variable.
    UnknownReference,
    /// A reference names a step that is not finished before.
    LaterReference,
    /// A reference names a part that the output of its step does not have.
    UnknownOutput,
    /// A reference gives another type than the argument takes.
    TypeMismatch,
    /// Nodes of a dag wait for each other.
    Cycle,
    /// Too many nodes.
    TooManyNodes,
    /// Nested too deeply.
    TooDeep,
    /// Loops may go round too often.
    TooManyRounds,
    /// A limit makes no sense: at least so many of fewer children, no rounds, no time.
    BadLimit,
    /// At its worst the plan would use up more than its budget.
    TooCostly,
    /// A compose node is not the last.
    ComposeNotLast,
    /// A node that needs children has none.
    Empty,
    /// A step that changes something has no approval before it.
    NeedsApproval,
    /// A template does not exist.
    UnknownTemplate,
    /// A template calls itself.
    Recursive,
}

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Issue {
    /// Where: `root.nodes[2].args.ci`.
    pub path: String,
    /// What kind.
    pub code: IssueCode,
    /// What is wrong and how to mend it.
    pub hint: Localized,
}

impl Issue {
    /// An issue at a place.
    pub fn new(
        path: impl Into<String>,
        code: IssueCode,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), code, hint: Localized::new(ko, en) }
    }
}

/// Asks for a plan: from a question, or a given one to be checked. One of the two.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProposePlan {
    /// A question to be planned.
    pub question: String,
    /// A plan to be checked.
    pub plan: Option<Plan>,
    /// The conversation the question belongs to.
    pub thread_id: Option<ThreadId>,
    /// Earlier turns that are not in the thread.
    pub context: Vec<ContextTurn>,
    /// The moment taken as now; the clock when absent.
    pub as_of: Option<DateTime<Utc>>,
    /// Language of the answer; that of the question when absent.
    pub lang: Option<Lang>,
    /// Time zone of times in the question, an IANA name; UTC when absent.
    pub tz: Option<String>,
}

/// The most a plan can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanCost {
    /// Nodes written down.
    pub nodes: u64,
    /// Calls of tools at its worst, rounds of loops counted; sub-plans are not known before.
    pub calls: u64,
    /// Milliseconds at its worst by the cost hints of the tools, one call after the other, never above the time limit.
    pub ms: u64,
}

/// A plan that may be looked at, changed and run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProposedPlan {
    /// `answered` with a plan; else the question cannot be planned and `text` says why.
    pub status: AnswerStatus,
    /// The plan.
    pub plan: Option<Plan>,
    /// What is wrong with it; it can run when empty.
    pub issues: Vec<Issue>,
    /// The most it can do.
    pub cost: PlanCost,
    /// True when it holds a step a person has to approve.
    pub needs_approval: bool,
    /// What to say instead of a plan.
    pub text: String,
    /// Readings to choose from.
    pub choices: Vec<Choice>,
}

/// Begins a plan: a given one, or a template by name. One of the two.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RunPlan {
    /// The plan.
    pub plan: Option<Plan>,
    /// Name of a template.
    pub template: String,
    /// Arguments of the template.
    pub args: Map<String, Value>,
    /// What it is for, as the conversation shows it; the goal of the plan when empty.
    pub title: String,
    /// The conversation it belongs to; a new one when absent.
    pub thread_id: Option<ThreadId>,
    /// True to be answered with the finished run; otherwise the answer comes at once and the stream tells the rest.
    pub wait: bool,
}

/// A parameter of a template; the plan refers to it as `$args.<name>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TemplateParam {
    /// Name, a word.
    pub name: String,
    /// What it is.
    #[serde(default)]
    pub about: String,
    /// `text`, `number`, `boolean`, `list`, `time`, `any`.
    #[serde(default = "any")]
    pub r#type: String,
    /// Stands for it when it is not given; needed when absent.
    #[serde(default)]
    pub default: Option<Value>,
}

fn any() -> String {
    "any".to_owned()
}

/// A template to be saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    /// Name: lower case letters, digits, `.`, `_`, `-`.
    pub name: String,
    /// Title for people.
    #[serde(default)]
    pub title: String,
    /// What it does.
    #[serde(default)]
    pub about: String,
    /// Parameters.
    #[serde(default)]
    pub params: Vec<TemplateParam>,
    /// The plan.
    pub plan: Plan,
    /// The version this one replaces, 0 for a new template; refused when another came first.
    #[serde(default)]
    pub version: u32,
}

/// A saved template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanTemplate {
    /// Name.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// What it does.
    pub about: String,
    /// Parameters.
    pub params: Vec<TemplateParam>,
    /// The plan.
    pub plan: Plan,
    /// Counts from 1 with every change.
    pub version: u32,
    /// Who changed it last.
    pub updated_by: String,
    /// When.
    pub updated_at: DateTime<Utc>,
}
