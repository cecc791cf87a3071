//! Whether a plan can run, before it runs. Every issue says where it is and how to mend it, so that a person and a model
//! can both repair the plan.

mod names;
mod shape;

use model::{Localized, plan::Plan};
use serde::{Deserialize, Serialize};

use crate::tools::Catalog;

pub(crate) use names::dependencies;

/// Most nodes of a plan.
pub const MAX_NODES: usize = 200;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 8;
/// Most rounds of for-each loops inside each other.
pub const MAX_ROUNDS: u64 = 1_000;

/// Kinds of issues, stable for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// A reference or condition cannot be read.
    BadExpression,
    /// A reference names no step or variable.
    UnknownReference,
    /// A reference names a step that is not finished before.
    LaterReference,
    /// Nodes of a dag wait for each other.
    Cycle,
    /// Too many nodes.
    TooManyNodes,
    /// Nested too deeply.
    TooDeep,
    /// Loops may go round too often.
    TooManyRounds,
    /// A limit makes no sense: at least so many of fewer children, no rounds.
    BadLimit,
    /// A compose node is not the last.
    ComposeNotLast,
    /// A node that needs children has none.
    Empty,
}

/// What is wrong with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Where: `root.nodes[2].args.ci`.
    pub path: String,
    /// What kind.
    pub code: IssueCode,
    /// What is wrong and how to mend it.
    pub hint: Localized,
}

impl Issue {
    fn new(path: impl Into<String>, code: IssueCode, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: path.into(), code, hint: Localized::new(ko, en) }
    }
}

/// Everything that is wrong with a plan for the tools of one caller; nothing when it can run.
pub fn validate(plan: &Plan, catalog: &dyn Catalog) -> Vec<Issue> {
    let mut issues = Vec::new();
    // Deeper trees are not walked further, so that the walk itself is bounded.
    if shape::check(plan, &mut issues) {
        names::check(plan, catalog, &mut issues);
    }
    issues
}

#[cfg(test)]
mod tests;
