//! What the executor asks of tools, and the validator of their catalogue.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use async_trait::async_trait;
use model::{
    Localized,
    tools::{Effect, ToolOutput, ToolSpec},
};
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

    /// What is known of a tool: effect, schemas, cost. Without it only its name is checked.
    fn spec(&self, tool: &str) -> Option<&ToolSpec> {
        let _ = tool;
        None
    }

    /// Names of templates; none when templates are not known here.
    fn templates(&self) -> Option<Vec<String>> {
        None
    }
}

/// What a call may know of its run.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// The call is given up at this moment.
    pub deadline: Instant,
    /// Cancelled when the run is stopped or the call given up: work started elsewhere should end then.
    pub cancel: CancellationToken,
    /// The same for every attempt of the same step of the same run: what changes something uses it to do so once.
    pub key: String,
    /// For how many seconds an earlier result may stand for this one: 0 never, the usual time when absent.
    pub cache_s: Option<u32>,
    /// Rows the run may still give.
    pub rows_left: u64,
    cached: Arc<AtomicBool>,
}

impl CallContext {
    /// A call that ends at a moment or with a token.
    pub fn new(deadline: Instant, cancel: CancellationToken, key: impl Into<String>) -> Self {
        let cached = Arc::default();
        Self { deadline, cancel, key: key.into(), cache_s: None, rows_left: u64::MAX, cached }
    }

    /// The tool says that an earlier result stood for this one.
    pub fn note_cached(&self) {
        self.cached.store(true, Ordering::Relaxed);
    }

    pub(crate) fn was_cached(&self) -> bool {
        self.cached.load(Ordering::Relaxed)
    }
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

    /// What it does to the world. Only what looks is called again after a fault or a crash.
    fn effect(&self, name: &str) -> Effect {
        let _ = name;
        Effect::Read
    }

    /// What it reads from; calls of one source share its limit and its circuit breaker. Empty for none.
    fn source(&self, name: &str) -> &str {
        let _ = name;
        ""
    }

    /// The call is about to be given up and its future dropped: stop what it has at work elsewhere. The future is still
    /// there, so what it holds is not in the hands of others yet.
    async fn abandon(&self, cx: &CallContext) {
        let _ = cx;
    }
}
