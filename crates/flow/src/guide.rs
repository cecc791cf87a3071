//! What the executor asks of a planner while a plan runs: sub-plans, templates, a model, another way.
//!
//! Invariant: every plan a guide gives has passed [`crate::validate`] for the caller of the run.

use std::sync::Arc;

use async_trait::async_trait;
use model::{
    Localized,
    plan::{LlmTask, Plan, StepStatus},
    tools::ToolOutput,
};
use serde_json::{Map, Value};

use crate::tools::CallContext;

/// A step that went wrong, or found nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// Its name in the run.
    pub path: String,
    /// The tool.
    pub tool: String,
    /// Its arguments after resolving references.
    pub args: Value,
    /// How it ended: failed for good, or ok without a row.
    pub status: StepStatus,
}

/// What a language model gave, and what that cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Its output.
    pub output: Arc<ToolOutput>,
    /// Tokens read and written.
    pub tokens: u64,
    /// Cost in the currency of the price table.
    pub money: f64,
}

/// The planner in the hands of one run.
#[async_trait]
pub trait Guide: Send + Sync {
    /// A plan for a question.
    async fn expand(&self, question: &str) -> Result<Plan, Localized>;

    /// A template with the arguments its plan sees as `$args`.
    async fn template(
        &self,
        name: &str,
        args: Map<String, Value>,
    ) -> Result<(Plan, Map<String, Value>), Localized>;

    /// What a language model makes of an input; none when there is no model.
    async fn llm(&self, task: &LlmTask, input: &Value, cx: &CallContext) -> Option<Result<Said, Localized>> {
        let _ = (task, input, cx);
        None
    }

    /// Another plan in view of what went wrong, and why it is better; none to leave it as it is.
    async fn replan(&self, plan: &Plan, troubles: &[Trouble]) -> Option<(Plan, Localized)> {
        let _ = (plan, troubles);
        None
    }

    /// False when [`Guide::replan`] never gives anything, so that nobody asks.
    fn replans(&self) -> bool {
        false
    }
}

/// Knows no other way: for plans that are complete as they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoGuide;

#[async_trait]
impl Guide for NoGuide {
    async fn expand(&self, question: &str) -> Result<Plan, Localized> {
        Err(Localized::new(
            format!("이 실행에는 질문을 계획할 수 있는 것이 없습니다: {question}"),
            format!("nothing in this run can plan a question: {question}"),
        ))
    }

    async fn template(
        &self,
        name: &str,
        _: Map<String, Value>,
    ) -> Result<(Plan, Map<String, Value>), Localized> {
        Err(Localized::new(format!("템플릿 {name}이(가) 없습니다"), format!("there is no template {name}")))
    }
}
