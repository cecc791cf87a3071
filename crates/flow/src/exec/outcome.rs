//! How a node ended, as its parent and the steps that refer to it see it.

use std::sync::{Arc, OnceLock};

use model::{
    Localized,
    plan::{Need, StepStatus},
    tools::ToolOutput,
};
use serde_json::{Map, Value};

/// A finished node.
#[derive(Debug, Default)]
pub struct Done {
    status: Status,
    pub output: Arc<ToolOutput>,
    pub error: Option<Localized>,
    /// What kind of fault it was, for programs.
    pub code: &'static str,
    /// True when the parent does not mind the failure.
    pub tolerated: bool,
    value: OnceLock<Value>,
}

/// [`StepStatus`] with a default, so that a node can be built part by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Status(StepStatus);

impl Default for Status {
    fn default() -> Self {
        Self(StepStatus::Ok)
    }
}

impl Done {
    pub fn ok(output: impl Into<Arc<ToolOutput>>) -> Self {
        Self { output: output.into(), ..Self::default() }
    }

    pub fn partial(output: impl Into<Arc<ToolOutput>>) -> Self {
        Self { status: Status(StepStatus::Partial), ..Self::ok(output) }
    }

    /// The same with a remark on what went wrong on the way.
    pub fn despite(mut self, error: Option<Localized>) -> Self {
        self.error = error;
        self
    }

    pub fn failed(status: StepStatus, error: Option<Localized>) -> Self {
        Self { status: Status(status), error, ..Self::default() }
    }

    /// The same with the kind of its fault.
    pub fn coded(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// It waits for a person: whoever holds it ends too, without ending it.
    pub fn waiting() -> Self {
        Self { status: Status(StepStatus::Waiting), ..Self::default() }
    }

    pub fn is_waiting(&self) -> bool {
        self.status() == StepStatus::Waiting
    }

    pub fn status(&self) -> StepStatus {
        self.status.0
    }

    /// Whether there is an output.
    pub fn usable(&self) -> bool {
        matches!(self.status(), StepStatus::Ok | StepStatus::Partial)
    }

    /// Whether the parent has to count it as failed. What was left out has not failed.
    pub fn fails_parent(&self) -> bool {
        !self.tolerated && failed(self.status())
    }

    /// The output as references see it.
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| serde_json::to_value(self.output.as_ref()).unwrap_or(Value::Null))
    }
}

pub fn failed(status: StepStatus) -> bool {
    matches!(status, StepStatus::Failed | StepStatus::TimedOut | StepStatus::Cancelled | StepStatus::Denied)
}

/// The status of a node made of children, and why it failed.
pub fn verdict(children: &[Arc<Done>], need: Need) -> (StepStatus, Option<Localized>) {
    if children.iter().any(|child| child.is_waiting()) {
        return (StepStatus::Waiting, None);
    }
    let usable = children.iter().filter(|child| child.usable()).count();
    let failing = children.iter().filter(|child| child.fails_parent()).count();
    let enough = match need {
        Need::All => failing == 0,
        Need::Any => usable >= 1,
        Need::AtLeast(least) => usable >= usize::from(least),
    };
    let lacking = children.iter().find(|child| !child.usable() && child.error.is_some());
    if let Some(lacking) = lacking.filter(|_| enough && usable == 0) {
        return (StepStatus::Skipped, lacking.error.clone());
    }
    if enough {
        let whole = children.iter().all(|child| child.status() == StepStatus::Ok || not_wanted(child));
        return match whole {
            true => (StepStatus::Ok, None),
            false => (StepStatus::Partial, lacking.and_then(|child| child.error.clone())),
        };
    }
    let Some(first) = children.iter().find(|child| failed(child.status())) else {
        // Too few, yet none failed: what they needed was missing.
        return (StepStatus::Skipped, lacking.and_then(|child| child.error.clone()));
    };
    let same =
        children.iter().filter(|child| failed(child.status())).all(|child| child.status() == first.status());
    (if same { first.status() } else { StepStatus::Failed }, first.error.clone())
}

/// A branch not taken takes nothing away from the whole.
fn not_wanted(child: &Done) -> bool {
    child.status() == StepStatus::Skipped && child.error.is_none()
}

/// An output as a row of the output of a loop or group.
pub fn as_row(output: &ToolOutput) -> Map<String, Value> {
    match serde_json::to_value(output) {
        Ok(Value::Object(row)) => row,
        _ => Map::new(),
    }
}

/// A default value as an output: an object with rows as it is, anything else as one row.
pub fn from_default(value: &Value) -> ToolOutput {
    if value.get("rows").is_some()
        && let Ok(output) = serde_json::from_value::<ToolOutput>(value.clone())
    {
        return output;
    }
    let rows = match value {
        Value::Null => Vec::new(),
        Value::Object(row) => vec![row.clone()],
        other => vec![Map::from_iter([("value".to_owned(), other.clone())])],
    };
    ToolOutput { total: rows.len() as u64, rows, ..ToolOutput::default() }
}
