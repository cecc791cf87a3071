//! Nodes with children: one after the other, at the same time, as their inputs become ready.

use std::sync::Arc;

use futures::{
    StreamExt,
    future::BoxFuture,
    stream::{self, FuturesUnordered},
};
use model::{
    Localized,
    plan::{Case, Kind, Need, Node, StepStatus},
    tools::ToolOutput,
};
use serde_json::{Value, json};

use super::{
    engine::{Engine, Limits, not_wanted, skipped},
    frame::Frame,
    outcome::{Done, as_row, verdict},
};
use crate::validate::dependencies;

impl Engine {
    /// Stops at the first child that fails; what comes after it is left out.
    pub async fn seq<'a>(
        &'a self,
        node: &'a Node,
        nodes: &'a [Node],
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let mark = self.log.start(node, frame);
        let mut children: Vec<Arc<Done>> = Vec::with_capacity(nodes.len());
        let mut stopped: Option<&Node> = None;
        let mut output = Arc::default();
        for child in nodes {
            let composes = matches!(child.kind, Kind::Compose { .. });
            match stopped {
                // An answer is composed of whatever there is.
                Some(_) if composes => {
                    self.node(child, frame, limits).await;
                }
                Some(failed) => {
                    children.push(self.leave_out(child, frame, limits, skipped(after(failed))).await);
                }
                None => {
                    let done = self.node(child, frame, limits).await;
                    if done.is_waiting() {
                        // What comes after it has neither begun nor been left out.
                        return self.end(node, frame, limits, mark, json!({}), Done::waiting()).await;
                    }
                    if done.fails_parent() {
                        stopped = Some(child);
                    }
                    if !composes {
                        output = Arc::clone(&done.output);
                        children.push(done);
                    }
                }
            }
        }
        let (status, error) = verdict(&children, Need::All);
        let output = if frame.wants(&node.id) { output } else { Arc::default() };
        let done = with_output(status, error, output).coded(code_of(&children));
        self.end(node, frame, limits, mark, json!({}), done).await
    }

    /// Up to `max` children at the same time; `need` decides whether enough of them ended well.
    pub async fn par<'a>(
        &'a self,
        node: &'a Node,
        nodes: &'a [Node],
        max: u16,
        need: Need,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let mark = self.log.start(node, frame);
        let work: Vec<BoxFuture<'a, Arc<Done>>> =
            nodes.iter().map(|child| self.node(child, frame, limits)).collect();
        let width = if max == 0 { nodes.len() } else { usize::from(max) };
        let children: Vec<Arc<Done>> = stream::iter(work).buffered(width.max(1)).collect().await;
        let (status, error) = verdict(&children, need);
        let output = if frame.wants(&node.id) { together(&children) } else { Arc::default() };
        let done = with_output(status, error, output).coded(code_of(&children));
        self.end(node, frame, limits, mark, json!({}), done).await
    }

    /// Each child starts as soon as the children it refers to have ended.
    pub async fn dag<'a>(
        &'a self,
        node: &'a Node,
        nodes: &'a [Node],
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let mark = self.log.start(node, frame);
        let waits = dependencies(nodes);
        let mut done: Vec<Option<Arc<Done>>> = vec![None; nodes.len()];
        let mut begun = vec![false; nodes.len()];
        let mut waiting = false;
        let mut running: FuturesUnordered<BoxFuture<'a, (usize, Arc<Done>)>> = FuturesUnordered::new();
        loop {
            for (i, child) in nodes.iter().enumerate() {
                let ready = waits.get(i).is_some_and(|waits| {
                    waits.iter().all(|other| done.get(*other).is_some_and(Option::is_some))
                });
                if let Some(begun) = begun.get_mut(i)
                    && ready
                    && !*begun
                {
                    *begun = true;
                    let work = self.node(child, frame, limits);
                    running.push(Box::pin(async move { (i, work.await) }));
                }
            }
            let Some((i, child)) = running.next().await else { break };
            if child.is_waiting() {
                waiting = true;
                continue;
            }
            if let Some(slot) = done.get_mut(i) {
                *slot = Some(child);
            }
        }
        drop(running);
        if waiting {
            return self.end(node, frame, limits, mark, json!({}), Done::waiting()).await;
        }
        // Only a plan that was not validated waits in circles.
        for (child, slot) in nodes.iter().zip(&mut done).filter(|(_, slot)| slot.is_none()) {
            *slot = Some(self.leave_out(child, frame, limits, skipped(circle())).await);
        }
        let children: Vec<Arc<Done>> = nodes
            .iter()
            .zip(done)
            .filter(|(child, _)| !matches!(child.kind, Kind::Compose { .. }))
            .filter_map(|(_, done)| done)
            .collect();
        // Siblings live on: as long as one has something to give, the whole is partial.
        let usable = children.iter().any(|child| child.usable());
        let (status, error) = match verdict(&children, Need::All) {
            (StepStatus::Ok | StepStatus::Partial, _) if children.is_empty() => (StepStatus::Ok, None),
            whole @ (StepStatus::Ok | StepStatus::Partial, _) => whole,
            (_, error) if usable => (StepStatus::Partial, error),
            failed => failed,
        };
        let output = if frame.wants(&node.id) { together(&children) } else { Arc::default() };
        let done = with_output(status, error, output).coded(code_of(&children));
        self.end(node, frame, limits, mark, json!({}), done).await
    }

    /// One of two branches; the other is left out without being missed.
    pub async fn branch<'a>(
        &'a self,
        node: &'a Node,
        cond: &'a str,
        then: &'a Node,
        otherwise: Option<&'a Node>,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let yes = match self.value(cond, frame) {
            Ok(value) => binding::truthy(&value),
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        let mark = self.log.start(node, frame);
        let (taken, other) = if yes { (Some(then), otherwise) } else { (otherwise, Some(then)) };
        if let Some(other) = other {
            self.not_taken(other, frame);
        }
        let done = self.taken(node, taken, frame, limits).await;
        self.end(node, frame, limits, mark, json!({ "cond": cond, "value": yes }), done).await
    }

    /// The first case whose value is that of the expression; the others are left out without being missed.
    pub async fn switch<'a>(
        &'a self,
        node: &'a Node,
        on: &'a str,
        cases: &'a [Case],
        default: Option<&'a Node>,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let value = match self.value(on, frame) {
            Ok(value) => value,
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        let mark = self.log.start(node, frame);
        let fits = cases.iter().position(|case| same(&case.value, &value));
        for (i, case) in cases.iter().enumerate() {
            if fits != Some(i) {
                self.not_taken(&case.node, frame);
            }
        }
        if let (Some(_), Some(default)) = (fits, default) {
            self.not_taken(default, frame);
        }
        let taken = fits.and_then(|i| cases.get(i)).map_or(default, |case| Some(&case.node));
        let done = self.taken(node, taken, frame, limits).await;
        self.end(node, frame, limits, mark, json!({ "on": on, "value": value }), done).await
    }

    fn not_taken(&self, node: &Node, frame: &Frame<'_>) {
        let mark = self.log.place();
        self.log.finish(node, frame, mark, json!({}), &Arc::new(not_wanted()));
        self.below(node, frame, StepStatus::Skipped, None, "");
    }

    async fn taken<'a>(
        &'a self,
        node: &'a Node,
        taken: Option<&'a Node>,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Done {
        let Some(taken) = taken else { return Done::default() };
        let child = self.node(taken, frame, limits).await;
        let (status, error) = verdict(std::slice::from_ref(&child), Need::All);
        let output = if frame.wants(&node.id) { Arc::clone(&child.output) } else { Arc::default() };
        with_output(status, error, output).coded(child.code)
    }
}

/// Whether a case is meant: numbers by value, everything else as it is.
fn same(case: &Value, value: &Value) -> bool {
    case == value || matches!((case.as_f64(), value.as_f64()), (Some(a), Some(b)) if a == b)
}

/// The kind of fault of the first child that failed.
pub fn code_of(children: &[Arc<Done>]) -> &'static str {
    children.iter().find(|child| child.fails_parent()).map_or("", |child| child.code)
}

/// A node with this status; the output is kept only where the status promises one.
pub fn with_output(status: StepStatus, error: Option<Localized>, output: Arc<ToolOutput>) -> Done {
    match status {
        StepStatus::Ok => Done::ok(output),
        StepStatus::Partial => Done::partial(output).despite(error),
        StepStatus::Waiting => Done::waiting(),
        failed => Done::failed(failed, error),
    }
}

/// The outputs of children as rows.
pub fn together(children: &[Arc<Done>]) -> Arc<ToolOutput> {
    let rows: Vec<_> =
        children.iter().filter(|child| child.usable()).map(|child| as_row(&child.output)).collect();
    Arc::new(ToolOutput { total: rows.len() as u64, rows, ..ToolOutput::default() })
}

fn after(failed: &Node) -> Localized {
    let name = if failed.label.is_empty() { &failed.id } else { &failed.label };
    Localized::new(
        format!("앞 단계 '{name}'이(가) 끝나지 않아 실행하지 않았습니다"),
        format!("not run because the earlier step '{name}' did not succeed"),
    )
}

fn circle() -> Localized {
    Localized::new("서로를 기다리는 단계입니다", "these steps wait for each other")
}
