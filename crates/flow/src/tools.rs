//! What the executor asks of tools, and the validator of their catalogue.

use std::time::Instant;

use async_trait::async_trait;
use model::{Localized, tools::ToolOutput};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

/// Whether a caller may use a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It may.
    Allowed,
    /// There is such a tool, but not for this caller.
    Denied,
    /// There is no such tool.
    Unknown,
}

/// The tools there are for one caller, as the validator sees them.
pub trait Catalog {
    /// Whether the caller may use the tool of this name.
    fn access(&self, tool: &str) -> Access;

    /// Names of the tools the caller may use, for hints.
    fn names(&self) -> Vec<String>;
}

/// What a call may know of its run.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// The call is given up at this moment.
    pub deadline: Instant,
    /// Cancelled when the run is stopped or the call given up: work started elsewhere should end then.
    pub cancel: CancellationToken,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolError {
    /// For a person; nothing that must stay secret.
    pub message: Localized,
    /// True when the same call may succeed a moment later.
    pub retryable: bool,
}

impl ToolError {
    /// An error that trying again will not mend.
    pub fn new(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: Localized::new(ko, en), retryable: false }
    }
}

/// The tools in the hands of one caller.
#[async_trait]
pub trait Tools: Send + Sync {
    /// Calls a tool by name with resolved arguments.
    async fn call(
        &self,
        name: &str,
        args: Map<String, Value>,
        cx: &CallContext,
    ) -> Result<ToolOutput, ToolError>;

    /// Whether the caller may use it; a call to a tool it may not use is denied without being made.
    fn may_use(&self, name: &str) -> bool {
        let _ = name;
        true
    }
}
