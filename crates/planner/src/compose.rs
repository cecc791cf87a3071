//! Results to an answer: text complete on its own, and blocks.

use std::collections::BTreeMap;

use model::{
    answer::{AnswerBlock, AnswerStatus, Evidence},
    plan::{Plan, StepStatus},
    tools::ToolOutput,
};

use crate::Index;

/// What a step gave, as the composer sees it.
#[derive(Debug, Clone)]
pub struct StepResult {
    /// How it ended.
    pub status: StepStatus,
    /// The tool, or the kind of node.
    pub tool: String,
    /// Its output; empty unless it ended well.
    pub output: ToolOutput,
    /// What went wrong, for a person.
    pub error: Option<String>,
}

/// An answer without its frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// How it ended: answered, partial, unanswerable (nothing found), failed.
    pub status: AnswerStatus,
    /// The whole answer as plain text.
    pub answer: String,
    /// The answer as parts.
    pub blocks: Vec<AnswerBlock>,
    /// Where statements come from.
    pub evidence: Vec<Evidence>,
    /// Questions that could follow.
    pub follow_ups: Vec<String>,
}

/// Composes the answer of a plan out of the results of its steps, by step id.
pub fn compose(index: &Index, plan: &Plan, results: &BTreeMap<String, StepResult>) -> Composed {
    let _ = (index, plan, results);
    Composed {
        status: AnswerStatus::Failed,
        answer: String::new(),
        blocks: Vec::new(),
        evidence: Vec::new(),
        follow_ups: Vec::new(),
    }
}
