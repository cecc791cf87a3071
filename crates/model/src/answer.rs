//! Questions and answers, as every interface carries them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{graph::Subgraph, ids::*, plan::*, rca::Hypothesis, run::Approval, text::Lang};

/// One earlier turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContextTurn {
    /// What the person said.
    pub user: String,
    /// What was answered.
    #[serde(default)]
    pub assistant: String,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskRequest {
    /// What is asked, at most 4 000 characters.
    pub question: String,
    /// The conversation it belongs to; a new one when absent.
    #[serde(default)]
    pub thread_id: Option<ThreadId>,
    /// Earlier turns that are not in the thread.
    #[serde(default)]
    pub context: Vec<ContextTurn>,
    /// The moment taken as now; the clock when absent.
    #[serde(default)]
    pub as_of: Option<DateTime<Utc>>,
    /// Language of the answer; that of the question when absent.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// Time zone of times in the question, an IANA name; UTC when absent.
    #[serde(default)]
    pub tz: Option<String>,
}

/// How a question ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// Answered.
    Answered,
    /// Asked back; `choices` offers readings.
    Clarify,
    /// The data cannot answer it; the answer says what is missing.
    Unanswerable,
    /// Refused: it would change something, or give away a secret.
    Refused,
    /// Answered in part; the answer says what is missing.
    Partial,
    /// Something broke.
    Failed,
}

/// A reading offered when a question is ambiguous: what to show and what to ask instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// Shown.
    pub label: String,
    /// The question it stands for.
    pub question: String,
}

/// Where a statement comes from. `n` is the number shown, the same in text, chart, table, timeline and topology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// Number shown, from 1.
    pub n: u32,
    /// The step.
    pub step: String,
    /// The tool of the step.
    pub tool: String,
    /// What it looked at, for a person.
    pub what: String,
    /// Rows it gave.
    pub rows: u64,
    /// The first rows of its output, at most 50, as stored.
    #[serde(default)]
    pub sample: Vec<Map<String, Value>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// Key in the rows.
    pub key: String,
    /// Head.
    pub label: String,
    /// Unit, or empty.
    #[serde(default)]
    pub unit: String,
    /// True for numbers: set to the right.
    #[serde(default)]
    pub numeric: bool,
}

/// A line of a chart or a bar of a group.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChartSeries {
    /// Name.
    pub name: String,
    /// For lines `[milliseconds since 1970, value]`, for bars `[index of the category, value]`.
    pub points: Vec<(f64, f64)>,
    /// Where the values of a line are expected, where that is known: `[milliseconds since 1970, lower bound, upper bound]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub band: Vec<(f64, f64, f64)>,
}

/// A mark in a chart: an event or a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChartMark {
    /// Milliseconds since 1970.
    pub at: i64,
    /// What happened.
    pub label: String,
}

/// An entry of a timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Kind of record, a key of the catalogue.
    pub kind: String,
    /// Code of the item, or empty.
    pub ci: String,
    /// What.
    pub title: String,
    /// Remark: outcome, severity.
    #[serde(default)]
    pub note: String,
}

/// A part of an answer. `refs` are numbers of [`Evidence`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnswerBlock {
    /// Sentences. `[1]` in the text stands where the number of an evidence is shown.
    Text {
        /// The text: Markdown of bold, code and lists only.
        text: String,
        /// Evidence.
        refs: Vec<u32>,
    },
    /// One number that is the answer.
    Number {
        /// What it is.
        label: String,
        /// The number.
        value: f64,
        /// Its unit.
        unit: String,
        /// Evidence.
        refs: Vec<u32>,
    },
    /// A table.
    Table {
        /// Title.
        title: String,
        /// Columns in order.
        columns: Vec<Column>,
        /// Rows.
        rows: Vec<Map<String, Value>>,
        /// Rows there are, shown or not.
        total: u64,
        /// Evidence.
        refs: Vec<u32>,
    },
    /// A chart.
    Chart {
        /// Title.
        title: String,
        /// `line` over time or `bar` over categories.
        form: String,
        /// Unit of the values.
        unit: String,
        /// Names of the categories of a bar chart.
        categories: Vec<String>,
        /// Lines or bars.
        series: Vec<ChartSeries>,
        /// Marks.
        marks: Vec<ChartMark>,
        /// Evidence.
        refs: Vec<u32>,
    },
    /// A picture of items and relations.
    Topology {
        /// Title.
        title: String,
        /// What to draw; depth 0 are the items asked about.
        graph: Subgraph,
        /// Evidence.
        refs: Vec<u32>,
    },
    /// Things in time.
    Timeline {
        /// Title.
        title: String,
        /// Entries, oldest first.
        entries: Vec<TimelineEntry>,
        /// Evidence.
        refs: Vec<u32>,
    },
    /// Possible causes, best first.
    Hypotheses {
        /// Title.
        title: String,
        /// They.
        items: Vec<Hypothesis>,
        /// Evidence.
        refs: Vec<u32>,
    },
}

/// A step as the answer reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepReport {
    /// Identifier in the plan; a for-each body is `s2[3].s3`.
    pub id: String,
    /// Tool, or the kind of node.
    pub tool: String,
    /// What it does.
    pub label: String,
    /// Arguments after resolving references.
    pub args: Value,
    /// How it ended.
    pub status: StepStatus,
    /// Rows it gave.
    pub rows: u64,
    /// Time in milliseconds.
    pub ms: f64,
    /// When it began, in milliseconds since the run did.
    #[serde(default)]
    pub started_ms: f64,
    /// Calls it took; 0 when nothing was called.
    #[serde(default)]
    pub attempts: u32,
    /// True when an earlier result of the same call stood for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cached: bool,
    /// What went wrong, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What kind of fault it was, for programs: `missing`, `condition`, `budget`, `timeout`, `cancelled`, `denied`,
    /// `transient`, `circuit_open`, `permanent`, `bug`, `unknown_outcome`; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// Where the time went, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timing {
    /// Understanding the question.
    pub plan: f64,
    /// Running the steps.
    pub execute: f64,
    /// Wording the answer.
    pub compose: f64,
    /// All of it.
    pub total: f64,
}

/// What a model cost; zero without a model.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    /// Tokens read.
    pub tokens_in: u64,
    /// Tokens written.
    pub tokens_out: u64,
    /// Cost in the currency of the price table.
    pub cost: f64,
}

/// An answer: the contract of `POST /api/v1/ask` and `tobit ask --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskResponse {
    /// The run.
    pub run_id: RunId,
    /// The conversation.
    pub thread_id: ThreadId,
    /// How it ended.
    pub status: AnswerStatus,
    /// The whole answer as plain text, complete on its own.
    pub answer: String,
    /// The answer as parts.
    pub blocks: Vec<AnswerBlock>,
    /// Readings to choose from.
    pub choices: Vec<Choice>,
    /// The plan; none when there was nothing to run.
    pub plan: Option<Plan>,
    /// What each step did.
    pub steps: Vec<StepReport>,
    /// Where statements come from.
    pub evidence: Vec<Evidence>,
    /// Where the time went.
    pub timing_ms: Timing,
    /// What a model cost.
    pub usage: Usage,
    /// Questions that could follow.
    #[serde(default)]
    pub follow_ups: Vec<String>,
}

/// What a run tells while it works, in order of `seq`; the events of the stream carry these as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RunEvent {
    /// It began.
    Started {
        /// The run.
        run_id: RunId,
        /// The conversation.
        thread_id: ThreadId,
    },
    /// The plan is made.
    Planned {
        /// It.
        plan: Plan,
    },
    /// A step began.
    StepStarted {
        /// Which.
        id: String,
    },
    /// A step ended.
    StepFinished {
        /// What it did.
        step: StepReport,
    },
    /// A step has become a plan of its own; its steps are named below it (`s4.s1`).
    Expanded {
        /// The step.
        id: String,
        /// Its plan.
        plan: Plan,
    },
    /// The plan was changed while it ran: what comes now follows this one.
    Replanned {
        /// The new plan.
        plan: Plan,
        /// Why.
        why: String,
    },
    /// A person has to decide; the run waits.
    ApprovalRequired {
        /// About what.
        approval: Box<Approval>,
    },
    /// The decision is there; the run goes on.
    Resumed {
        /// The step that waited.
        id: String,
    },
    /// The answer; nothing follows.
    Finished {
        /// It.
        response: Box<AskResponse>,
    },
}

/// A question is being answered: where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskStarted {
    /// The run; its stream is `/api/sse/runs/{run_id}`.
    pub run_id: RunId,
    /// The conversation.
    pub thread_id: ThreadId,
}
