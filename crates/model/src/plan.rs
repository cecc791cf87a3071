//! The plan: one tree of nodes for a question, a workflow and an RCA template. Validation and execution are in `flow`.
//!
//! Arguments of a tool are JSON. A string that begins with `$` is a reference to the output of an earlier step:
//! `"$s1.rows[*].code"` is the list of that column, `"$s1.rows[0].code"` one value, `"$s1.total"` a scalar. A for-each
//! body sees its variable as `"$item"` (or the name given). A text that really begins with `$` is written `"$$…"`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::text::Lang;

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
}

fn ten_seconds() -> u64 {
    10_000
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// The parent sees a failed child.
    #[default]
    Fail,
    /// The output is missing, the rest goes on.
    Skip,
    /// This value stands for the output.
    Default(Value),
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
    /// Not started yet.
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
        Self { id: id.into(), label: label.into(), kind, on_error: OnError::Fail, timeout_ms: None }
    }

    /// The children, in order.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => nodes.iter().collect(),
            Kind::If { then, otherwise, .. } => {
                std::iter::once(then.as_ref()).chain(otherwise.as_deref()).collect()
            }
            Kind::ForEach { body, .. } => vec![body.as_ref()],
            Kind::Tool { .. } | Kind::Compose { .. } => Vec::new(),
        }
    }

    fn collect<'a>(&'a self, out: &mut Vec<&'a Node>) {
        out.push(self);
        for child in self.children() {
            child.collect(out);
        }
    }
}
