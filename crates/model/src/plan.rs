//! The plan: one tree of nodes for a question, a workflow and an RCA template. Validation and execution are in `flow`.
//!
//! Arguments of a tool are JSON. A string that begins with `$` is a reference to the output of an earlier step:
//! `"$s1.rows[*].code"` is the list of that column, `"$s1.rows[0].code"` one value, `"$s1.total"` a scalar. A for-each
//! body sees its variable as `"$item"` (or the name given). A text that really begins with `$` is written `"$$…"`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{perm::Role, text::Lang};

/// Who made a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Origin {
    /// The rule planner.
    Rule,
    /// A language model.
    Llm {
        /// Its name.
        model: String,
    },
    /// A template.
    Template {
        /// Name of the template.
        name: String,
    },
    /// A person.
    User,
}

/// A reason for the reading of a question: the words, and what they were taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The words of the question.
    pub words: String,
    /// What kind of thing they name: `ci`, `kind`, `field`, `value`, `metric`, `record`, `relation`, `time`,
    /// `operation`, `context`.
    pub slot: String,
    /// What they were taken for, in words of the estate.
    pub meaning: String,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Plan {
    /// The question in the planner's own words ("I understood: …").
    pub goal: String,
    /// Language of the answer.
    pub lang: Lang,
    /// Who made it.
    pub origin: Origin,
    /// The tree.
    pub root: Node,
    /// 0 … 1.
    pub confidence: f32,
    /// Why the question was read so.
    #[serde(default)]
    pub why: Vec<Reason>,
    /// Time allowed, in milliseconds.
    #[serde(default = "ten_seconds")]
    pub timeout_ms: u64,
    /// Time zone in which the answer shows times, an IANA name; UTC when empty.
    #[serde(default)]
    pub tz: String,
    /// What it may use up.
    #[serde(default, skip_serializing_if = "Budget::is_default")]
    pub budget: Budget,
}

fn ten_seconds() -> u64 {
    10_000
}

/// What a run may use up. Whatever is spent first ends the rest of the work; the answer names what was left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// Nodes that start, rounds of loops and sub-plans counted.
    pub steps: u64,
    /// Calls of tools, repeated ones counted.
    pub calls: u64,
    /// Rows that tools give.
    pub rows: u64,
    /// Bytes that tools give.
    pub bytes: u64,
    /// Tokens of language models, read and written.
    pub tokens: u64,
    /// Cost in the currency of the price table.
    pub money: f64,
    /// Sub-plans inside each other.
    pub depth: u8,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: 5_000,
            calls: 2_000,
            rows: 1_000_000,
            bytes: 256 << 20,
            tokens: 200_000,
            money: 1.0,
            depth: 5,
        }
    }
}

impl Budget {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Node {
    /// Identifier, unique in the plan: `s1`, `s2`, … References name it.
    pub id: String,
    /// What it does, for a person, in the language of the plan.
    #[serde(default)]
    pub label: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
    /// What a failure means.
    #[serde(default)]
    pub on_error: OnError,
    /// Its own time limit in milliseconds, never beyond the parent's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// How often a call is tried again when its source was only busy.
    #[serde(default, skip_serializing_if = "Retry::is_default")]
    pub retry: Retry,
    /// For how many seconds an earlier result of the same call may stand for it: 0 never, the usual time when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_s: Option<u32>,
    /// Only when this condition holds; otherwise the node is left out without being missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
}

/// Calls after the first. Only calls that look are repeated, and only after a fault that may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Retry {
    /// Most calls after the first, at most 3.
    pub times: u8,
    /// Milliseconds before the second call; they double with each.
    pub backoff_ms: u32,
}

impl Default for Retry {
    fn default() -> Self {
        Self { times: 2, backoff_ms: 50 }
    }
}

impl Retry {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// How many children must succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// All of them.
    #[default]
    All,
    /// One.
    Any,
    /// So many.
    AtLeast(u16),
}

/// What a failure of a node means to its parent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(no_recursion))]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The parent sees a failed child.
    #[default]
    Fail,
    /// The output is missing, the rest goes on.
    Skip,
    /// This value stands for the output.
    Default(Value),
    /// This node runs instead, in what is left of the same time.
    Fallback(Box<Node>),
    /// A person is asked whether to go on without it; the run waits.
    Ask,
}

/// A case of a switch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(no_recursion))]
pub struct Case {
    /// The value it is for.
    pub value: Value,
    /// What runs then.
    pub node: Node,
}

/// What a language model is to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LlmTask {
    /// Say it in a few sentences.
    Summarise,
    /// Order the rows by how much they matter.
    Rank,
    /// Fill this JSON schema from the text.
    Extract(Value),
}

/// The kinds of nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(no_recursion))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// Calls a tool.
    Tool {
        /// Name (`ci.search`).
        tool: String,
        /// Arguments; references are resolved before the call.
        args: Map<String, Value>,
    },
    /// One after the other.
    Seq {
        /// Children in order.
        nodes: Vec<Node>,
    },
    /// At the same time.
    Par {
        /// Children.
        nodes: Vec<Node>,
        /// Most at a time; 0 means no limit of its own.
        #[serde(default)]
        max: u16,
        /// How many must succeed.
        #[serde(default)]
        need: Need,
    },
    /// Each starts when what it refers to is ready.
    Dag {
        /// Children in any order.
        nodes: Vec<Node>,
    },
    /// One of two.
    If {
        /// A condition in the expression language of `binding` over `s1`, `s2`, …: `s1.total > 0`.
        cond: String,
        /// When true.
        then: Box<Node>,
        /// When false.
        #[serde(default, rename = "else", skip_serializing_if = "Option::is_none")]
        otherwise: Option<Box<Node>>,
    },
    /// Once for each item of a list; the output is `{"rows": [outputs], "total": n}`.
    ForEach {
        /// Reference to a list.
        items: String,
        /// Name the body knows an item by.
        var: String,
        /// The body.
        body: Box<Node>,
        /// Most items.
        max: u32,
        /// Most at a time.
        par: u16,
    },
    /// One of several, by a value.
    Switch {
        /// An expression; the first case of the same value runs.
        on: String,
        /// Cases in order.
        cases: Vec<Case>,
        /// When no case fits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        default: Option<Box<Node>>,
    },
    /// Again and again until a condition holds; the output is that of the last round. `round` counts from 0.
    Loop {
        /// The body; it sees the round before as `last`.
        body: Box<Node>,
        /// A condition over the steps of the body, looked at after each round.
        until: String,
        /// Most rounds.
        max: u16,
    },
    /// The planner makes a sub-plan for a question that is known only now.
    Expand {
        /// The question, a template: `who owns {{s1.rows[0].code}}?`.
        question: String,
        /// Most sub-plans inside each other below this one.
        max_depth: u8,
    },
    /// Runs a saved template.
    Call {
        /// Name of the template.
        template: String,
        /// Its arguments; references are resolved before.
        #[serde(default)]
        args: Map<String, Value>,
    },
    /// A person decides whether the run goes on; it waits without being at work. Without a decision in time it is denied.
    Approve {
        /// What is to be decided, a template.
        what: String,
        /// The least role that may decide.
        who: Role,
        /// Seconds until it is denied by itself.
        expires_s: u32,
    },
    /// A language model works on the output of a step; without a model the fallback does.
    Llm {
        /// What it is to do.
        task: LlmTask,
        /// Reference to what it works on.
        input: String,
        /// What runs without a model, or when the model fails.
        fallback: Box<Node>,
    },
    /// Makes the answer out of the outputs of the steps.
    Compose {
        /// What to say, in order.
        blocks: Vec<BlockSpec>,
    },
}

/// One part of an answer to be composed: what to say about which step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockSpec {
    /// The step whose output it is about.
    pub from: String,
    /// What to say; the composer of `planner` knows the names and their options.
    pub say: String,
    /// Options of that way of saying.
    #[serde(default)]
    pub options: Map<String, Value>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// Not started yet, or waiting for a person.
    Waiting,
    /// At work.
    Running,
    /// Done.
    Ok,
    /// Done, but a part is missing.
    Partial,
    /// Left out: a condition was false, a budget was spent, or what it needs is missing.
    Skipped,
    /// Went wrong.
    Failed,
    /// Ran out of time.
    TimedOut,
    /// Stopped.
    Cancelled,
    /// The caller may not use the tool.
    Denied,
}

impl Kind {
    /// The name it has in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tool { .. } => "tool",
            Self::Seq { .. } => "seq",
            Self::Par { .. } => "par",
            Self::Dag { .. } => "dag",
            Self::If { .. } => "if",
            Self::Switch { .. } => "switch",
            Self::ForEach { .. } => "for_each",
            Self::Loop { .. } => "loop",
            Self::Expand { .. } => "expand",
            Self::Call { .. } => "call",
            Self::Approve { .. } => "approve",
            Self::Llm { .. } => "llm",
            Self::Compose { .. } => "compose",
        }
    }
}

impl Plan {
    /// Every node, parents before children, in the order of the tree.
    pub fn nodes(&self) -> Vec<&Node> {
        let mut out = Vec::new();
        self.root.collect(&mut out);
        out
    }
}

impl Node {
    /// A tool node.
    pub fn tool(
        id: impl Into<String>,
        label: impl Into<String>,
        tool: impl Into<String>,
        args: Value,
    ) -> Self {
        let args = match args {
            Value::Object(map) => map,
            other => Map::from_iter([("value".to_owned(), other)]),
        };
        Self::new(id, label, Kind::Tool { tool: tool.into(), args })
    }

    /// A node of any kind that fails its parent when it fails.
    pub fn new(id: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            kind,
            on_error: OnError::Fail,
            timeout_ms: None,
            retry: Retry::default(),
            cache_s: None,
            when: None,
        }
    }

    /// The children, in order; what runs only in place of a failed node comes last.
    pub fn children(&self) -> Vec<&Node> {
        let mut children = self.inner();
        if let OnError::Fallback(node) = &self.on_error {
            children.push(node);
        }
        children
    }

    /// The children without what runs in place of the node when it fails.
    pub fn inner(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => nodes.iter().collect(),
            Kind::If { then, otherwise, .. } => {
                std::iter::once(then.as_ref()).chain(otherwise.as_deref()).collect()
            }
            Kind::Switch { cases, default, .. } => {
                cases.iter().map(|case| &case.node).chain(default.as_deref()).collect()
            }
            Kind::ForEach { body, .. } | Kind::Loop { body, .. } => vec![body.as_ref()],
            Kind::Llm { fallback, .. } => vec![fallback.as_ref()],
            Kind::Tool { .. }
            | Kind::Expand { .. }
            | Kind::Call { .. }
            | Kind::Approve { .. }
            | Kind::Compose { .. } => Vec::new(),
        }
    }

    /// The same children, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Node> {
        let mut children: Vec<&mut Node> = match &mut self.kind {
            Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => nodes.iter_mut().collect(),
            Kind::If { then, otherwise, .. } => {
                std::iter::once(then.as_mut()).chain(otherwise.as_deref_mut()).collect()
            }
            Kind::Switch { cases, default, .. } => {
                cases.iter_mut().map(|case| &mut case.node).chain(default.as_deref_mut()).collect()
            }
            Kind::ForEach { body, .. } | Kind::Loop { body, .. } => vec![body.as_mut()],
            Kind::Llm { fallback, .. } => vec![fallback.as_mut()],
            Kind::Tool { .. }
            | Kind::Expand { .. }
            | Kind::Call { .. }
            | Kind::Approve { .. }
            | Kind::Compose { .. } => Vec::new(),
        };
        if let OnError::Fallback(node) = &mut self.on_error {
            children.push(node);
        }
        children
    }

    fn collect<'a>(&'a self, out: &mut Vec<&'a Node>) {
        out.push(self);
        for child in self.children() {
            child.collect(out);
        }
    }
}
