//! What is told while a run works, and what it leaves behind.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use model::{
    Lang,
    answer::{RunEvent, StepReport},
    plan::{Kind, Node},
    tools::ToolOutput,
};
use serde_json::Value;

use super::{Emit, Execution, StepResult, frame::Frame, outcome::Done};
use crate::{
    clock::Clock,
    guide::Trouble,
    journal::{Entry, Journal},
};

/// Reports and results in the making.
pub struct Log {
    emit: Emit,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    lang: Lang,
    began: Instant,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    started: usize,
    reports: Vec<(usize, StepReport)>,
    results: HashMap<String, Kept>,
}

struct Kept {
    tool: String,
    done: Arc<Done>,
}

/// A node at work: its place in the order of starting, and since when.
pub struct Mark {
    order: usize,
    since: Option<Instant>,
    seq: Option<u64>,
    pub attempts: u32,
    pub cached: bool,
}

impl Log {
    pub fn new(
        emit: Emit,
        journal: Arc<dyn Journal>,
        clock: Arc<dyn Clock>,
        lang: Lang,
        began: Instant,
    ) -> Self {
        Self { emit, journal, clock, lang, began, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of something that is no step.
    pub fn tell(&self, event: RunEvent) -> u64 {
        (self.emit)(event)
    }

    /// Whether the end of a step was told before this run was taken up.
    fn told(&self, path: &str) -> bool {
        self.journal.replay(path).is_some_and(|replay| replay.told)
    }

    /// A node begins to work.
    pub fn start(&self, node: &Node, frame: &Frame<'_>) -> Mark {
        let order = self.next();
        let path = frame.id(&node.id);
        let seq = (!self.told(&path)).then(|| (self.emit)(RunEvent::StepStarted { id: path }));
        Mark { order, since: Some(self.clock.now()), seq, attempts: 0, cached: false }
    }

    /// A node takes its place without working.
    pub fn place(&self) -> Mark {
        Mark { order: self.next(), since: None, seq: None, attempts: 0, cached: false }
    }

    fn next(&self) -> usize {
        let mut inner = self.lock();
        inner.started += 1;
        inner.started
    }

    /// A node has ended.
    pub fn finish(&self, node: &Node, frame: &Frame<'_>, mark: Mark, args: Value, done: &Arc<Done>) {
        let path = frame.id(&node.id);
        let since = mark.since.unwrap_or_else(|| self.clock.now());
        let elapsed =
            mark.since.map_or(Duration::ZERO, |since| self.clock.now().saturating_duration_since(since));
        let report = StepReport {
            id: path,
            tool: tool_of(node).to_owned(),
            label: node.label.clone(),
            args,
            status: done.status(),
            rows: done.output.rows.len() as u64,
            ms: millis(elapsed),
            started_ms: millis(since.saturating_duration_since(self.began)),
            attempts: mark.attempts,
            cached: mark.cached,
            error: done.error.as_ref().map(|error| error.get(self.lang).to_owned()),
            code: done.code.to_owned(),
        };
        let quiet = self.told(&report.id);
        self.keep(node, frame, mark.order, report.clone(), done);
        if !quiet {
            self.announce(node, report, done, mark.seq, false);
        }
    }

    /// A node that ended before takes its place again; what another run did is told once more.
    pub fn again(&self, node: &Node, frame: &Frame<'_>, done: &Arc<Done>, report: StepReport, told: bool) {
        let order = self.next();
        self.keep(node, frame, order, report.clone(), done);
        if !told {
            let seq = (self.emit)(RunEvent::StepStarted { id: report.id.clone() });
            self.announce(node, report, done, Some(seq), true);
        }
    }

    fn keep(&self, node: &Node, frame: &Frame<'_>, order: usize, report: StepReport, done: &Arc<Done>) {
        frame.finish(&node.id, done);
        let mut inner = self.lock();
        let id = report.id.clone();
        inner.reports.push((order, report));
        inner.results.insert(id, Kept { tool: tool_of(node).to_owned(), done: Arc::clone(done) });
    }

    fn announce(
        &self,
        node: &Node,
        report: StepReport,
        done: &Arc<Done>,
        start_seq: Option<u64>,
        copied: bool,
    ) {
        let end_seq = (self.emit)(RunEvent::StepFinished { step: report.clone() });
        // What waits has not ended; it comes again.
        if done.is_waiting() {
            return;
        }
        self.journal.record(Entry {
            report,
            output: Arc::clone(&done.output),
            fault: done.error.clone(),
            start_seq,
            end_seq,
            leaf: matches!(
                node.kind,
                Kind::Tool { .. }
                    | Kind::Llm { .. }
                    | Kind::Approve { .. }
                    | Kind::Expand { .. }
                    | Kind::Call { .. }
            ),
            copied,
        });
    }

    /// Tools that failed for good, and those that found nothing, of a plan whose steps have this prefix.
    pub fn troubles(&self, prefix: &str) -> Vec<Trouble> {
        let inner = self.lock();
        let mut found: Vec<&(usize, StepReport)> = inner
            .reports
            .iter()
            .filter(|(_, report)| report.attempts > 0 && report.id.starts_with(prefix))
            .filter(|(_, report)| {
                let empty = inner
                    .results
                    .get(&report.id)
                    .is_some_and(|kept| kept.done.usable() && kept.done.output.total == 0);
                report.code == "permanent" || empty
            })
            .collect();
        found.sort_by_key(|(order, _)| *order);
        found
            .into_iter()
            .map(|(_, report)| Trouble {
                path: report.id.clone(),
                tool: report.tool.clone(),
                args: report.args.clone(),
                status: report.status,
            })
            .collect()
    }

    /// Everything there is; steps of the plan in force have `prefix` before them and lose it.
    pub fn close(self, prefix: &str) -> Execution {
        let mut inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        inner.reports.sort_by_key(|(order, _)| *order);
        let (mut results, mut before) = (BTreeMap::new(), BTreeMap::new());
        for (id, kept) in inner.results {
            match id.strip_prefix(prefix) {
                Some(own) => drop(results.insert(own.to_owned(), result(kept))),
                None if !is_of_change(&id) => drop(before.insert(id, result(kept))),
                None => {}
            }
        }
        let reports = inner.reports.into_iter().map(|(_, report)| report).collect();
        Execution { results, before, reports, ..Execution::default() }
    }
}

/// Whether a step is of a plan that came later: `r1.s2`.
fn is_of_change(id: &str) -> bool {
    id.strip_prefix('r')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(round, _)| !round.is_empty() && round.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Milliseconds to the microsecond.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

fn result(kept: Kept) -> StepResult {
    let status = kept.done.status();
    let error = kept.done.error.clone();
    // Usually nobody else holds the output any more, and it need not be copied.
    let output = match Arc::try_unwrap(kept.done) {
        Ok(done) => owned(done.output),
        Err(shared) => shared.output.as_ref().clone(),
    };
    StepResult { status, tool: kept.tool, output, error }
}

fn owned(output: Arc<ToolOutput>) -> ToolOutput {
    Arc::try_unwrap(output).unwrap_or_else(|shared| shared.as_ref().clone())
}

/// The tool of a node, or its kind.
fn tool_of(node: &Node) -> &str {
    match &node.kind {
        Kind::Tool { tool, .. } => tool,
        other => other.name(),
    }
}
