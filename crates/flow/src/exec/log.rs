//! What is told while a run works, and what it leaves behind.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use model::{
    Lang,
    answer::{RunEvent, StepReport},
    plan::{Kind, Node},
    tools::ToolOutput,
};
use serde_json::Value;

use super::{Execution, StepResult, frame::Frame, outcome::Done};

/// Reports and results in the making.
pub struct Log {
    emit: Arc<dyn Fn(RunEvent) + Send + Sync>,
    lang: Lang,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    started: usize,
    reports: Vec<(usize, StepReport)>,
    results: BTreeMap<String, Kept>,
}

struct Kept {
    tool: String,
    done: Arc<Done>,
}

/// A node at work: its place in the order of starting, and since when.
pub struct Mark {
    order: usize,
    since: Option<Instant>,
}

impl Log {
    pub fn new(emit: Arc<dyn Fn(RunEvent) + Send + Sync>, lang: Lang) -> Self {
        Self { emit, lang, inner: Mutex::default() }
    }

    /// A node begins to work.
    pub fn start(&self, node: &Node, frame: &Frame<'_>) -> Mark {
        let order = self.next();
        (self.emit)(RunEvent::StepStarted { id: frame.id(&node.id) });
        Mark { order, since: Some(Instant::now()) }
    }

    /// A node takes its place without working.
    pub fn place(&self) -> Mark {
        Mark { order: self.next(), since: None }
    }

    fn next(&self) -> usize {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.started += 1;
        inner.started
    }

    /// A node has ended.
    pub fn finish(&self, node: &Node, frame: &Frame<'_>, mark: Mark, args: Value, done: &Arc<Done>) {
        let id = frame.id(&node.id);
        let elapsed = mark.since.map_or(Duration::ZERO, |since| since.elapsed());
        let report = StepReport {
            id: id.clone(),
            tool: tool_of(node).to_owned(),
            label: node.label.clone(),
            args,
            status: done.status(),
            rows: done.output.rows.len() as u64,
            ms: elapsed.as_secs_f64() * 1_000.0,
            error: done.error.as_ref().map(|error| error.get(self.lang).to_owned()),
        };
        frame.finish(&node.id, done);
        {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.reports.push((mark.order, report.clone()));
            inner.results.insert(id, Kept { tool: tool_of(node).to_owned(), done: Arc::clone(done) });
        }
        (self.emit)(RunEvent::StepFinished { step: report });
    }

    /// Everything there is.
    pub fn close(self) -> Execution {
        let mut inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        inner.reports.sort_by_key(|(order, _)| *order);
        let results = inner.results.into_iter().map(|(id, kept)| (id, result(kept))).collect();
        Execution { results, reports: inner.reports.into_iter().map(|(_, report)| report).collect() }
    }
}

fn result(kept: Kept) -> StepResult {
    let status = kept.done.status();
    let output = |done: &Done| -> ToolOutput { done.output.as_ref().clone() };
    let error = kept.done.error.clone();
    // Usually nobody else holds the output any more, and it need not be copied.
    let output = match Arc::try_unwrap(kept.done) {
        Ok(done) => Arc::try_unwrap(done.output).unwrap_or_else(|shared| shared.as_ref().clone()),
        Err(shared) => output(&shared),
    };
    StepResult { status, tool: kept.tool, output, error }
}

/// The tool of a node, or its kind.
fn tool_of(node: &Node) -> &str {
    match &node.kind {
        Kind::Tool { tool, .. } => tool,
        Kind::Seq { .. } => "seq",
        Kind::Par { .. } => "par",
        Kind::Dag { .. } => "dag",
        Kind::If { .. } => "if",
        Kind::ForEach { .. } => "for_each",
        Kind::Compose { .. } => "compose",
    }
}
