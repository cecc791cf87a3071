//! Nodes one at a time: may it start, what became of it, what does a failure mean.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{FutureExt, future::BoxFuture};
use model::{
    Lang, Localized,
    plan::{Kind, Node, OnError, Plan, StepStatus},
};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{
    Execution, RunContext, call,
    frame::Frame,
    log::Log,
    outcome::{Done, failed, from_default},
};
use crate::{
    reference::{Reference, dollar_texts, needs, resolve_args},
    tools::Tools,
};

/// Nesting at which a plan that was never validated is cut.
const DEEPEST: usize = 32;

/// What a node inherits.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub deadline: Instant,
    pub depth: usize,
}

impl Limits {
    /// Limits of a child with a time limit of its own.
    pub fn within(self, timeout_ms: Option<u64>) -> Self {
        let own = timeout_ms.and_then(|ms| Instant::now().checked_add(Duration::from_millis(ms)));
        let deadline = own.map_or(self.deadline, |own| own.min(self.deadline));
        Self { deadline, depth: self.depth + 1 }
    }
}

/// A run.
pub struct Engine {
    tools: Arc<dyn Tools>,
    cancel: CancellationToken,
    slots: Semaphore,
    deadline: Instant,
    lang: Lang,
    /// Nodes whose output is looked at by others; the outputs of other groups are not put together.
    wanted: BTreeSet<String>,
    pub log: Log,
}

impl Engine {
    pub fn new(plan: &Plan, tools: Arc<dyn Tools>, cx: RunContext) -> Self {
        let mut names = Vec::new();
        needs(&plan.root, &mut names);
        let mut wanted: BTreeSet<String> = names.into_iter().collect();
        want_below(&plan.root, false, &mut wanted);
        let reserve = cx.deadline.saturating_duration_since(Instant::now()) / 10;
        Self {
            tools,
            cancel: cx.cancel,
            slots: Semaphore::new(cx.max_parallel.clamp(1, Semaphore::MAX_PERMITS)),
            deadline: cx.deadline.checked_sub(reserve).unwrap_or(cx.deadline),
            lang: plan.lang,
            wanted,
            log: Log::new(cx.emit, plan.lang),
        }
    }

    pub async fn run(self, root: &Node) -> Execution {
        let frame = Frame::root();
        let limits = Limits { deadline: self.deadline, depth: 0 };
        self.node(root, &frame, limits).await;
        drop(frame);
        self.log.close()
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    pub fn wants(&self, id: &str) -> bool {
        self.wanted.contains(id)
    }

    /// Runs a node and everything below it.
    pub fn node<'a>(
        &'a self,
        node: &'a Node,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> BoxFuture<'a, Arc<Done>> {
        async move {
            if let Kind::Compose { .. } = &node.kind {
                return self.compose(node, frame);
            }
            if self.cancel.is_cancelled() {
                return self.leave_out(node, frame, call::cancelled());
            }
            let limits = limits.within(node.timeout_ms);
            if Instant::now() >= limits.deadline {
                return self.leave_out(node, frame, call::timed_out());
            }
            if limits.depth > DEEPEST {
                return self.leave_out(node, frame, too_deep());
            }
            match &node.kind {
                Kind::Tool { tool, args } => self.tool(node, tool, args, frame, limits).await,
                Kind::Seq { nodes } => self.seq(node, nodes, frame, limits).await,
                Kind::Par { nodes, max, need } => self.par(node, nodes, *max, *need, frame, limits).await,
                Kind::Dag { nodes } => self.dag(node, nodes, frame, limits).await,
                Kind::If { cond, then, otherwise } => {
                    self.branch(node, cond, then, otherwise.as_deref(), frame, limits).await
                }
                Kind::ForEach { .. } => self.for_each(node, frame, limits).await,
                Kind::Compose { .. } => self.compose(node, frame),
            }
        }
        .boxed()
    }

    async fn tool<'a>(
        &'a self,
        node: &'a Node,
        tool: &'a str,
        args: &'a Map<String, Value>,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let mut texts = Vec::new();
        args.values().for_each(|value| dollar_texts(value, "", &mut texts));
        let references: Vec<Reference> =
            texts.iter().filter_map(|(_, text)| Reference::parse(text)?.ok()).collect();
        let view = frame.see(references.iter().map(Reference::root));
        let resolved = match resolve_args(args, &view) {
            Ok(resolved) => resolved,
            Err(missing) => return self.leave_out(node, frame, skipped(missing.reason)),
        };
        drop(view);
        if !self.tools.may_use(tool) {
            return self.leave_out(node, frame, denied(tool));
        }
        let slot = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return self.leave_out(node, frame, call::cancelled()),
            () = tokio::time::sleep_until(limits.deadline.into()) => {
                return self.leave_out(node, frame, call::timed_out());
            }
            slot = self.slots.acquire() => slot,
        };
        let mark = self.log.start(node, frame);
        let done = call::call(self.tools.as_ref(), tool, &resolved, limits.deadline, &self.cancel).await;
        drop(slot);
        let done = Arc::new(self.on_error(node, done));
        self.log.finish(node, frame, mark, Value::Object(resolved), &done);
        done
    }

    /// What a failure means to the parent.
    fn on_error(&self, node: &Node, mut done: Done) -> Done {
        let lacking = failed(done.status()) || (done.status() == StepStatus::Skipped && done.error.is_some());
        if !lacking || done.status() == StepStatus::Cancelled {
            return done;
        }
        match &node.on_error {
            OnError::Fail => done,
            OnError::Skip => {
                done.tolerated = true;
                done
            }
            OnError::Default(value) => {
                let mut output = from_default(value);
                let why = done.error.as_ref().map(|error| error.get(self.lang)).unwrap_or_default();
                output.notes.push(match self.lang {
                    Lang::Ko => format!("'{}' 대신 기본값을 썼습니다: {why}", name_of(node)),
                    Lang::En => format!("a default stands for '{}': {why}", name_of(node)),
                });
                Done::ok(output).despite(done.error.take())
            }
        }
    }

    /// Ends a node that has worked through its children.
    pub fn end(
        &self,
        node: &Node,
        frame: &Frame<'_>,
        mark: super::log::Mark,
        args: Value,
        done: Done,
    ) -> Arc<Done> {
        let done = Arc::new(self.on_error(node, done));
        self.log.finish(node, frame, mark, args, &done);
        done
    }

    /// Ends a node that never starts, and everything below it.
    pub fn leave_out(&self, node: &Node, frame: &Frame<'_>, done: Done) -> Arc<Done> {
        let (status, error) = (done.status(), done.error.clone());
        let mark = self.log.place();
        let done = self.end(node, frame, mark, json!({}), done);
        for child in node.children() {
            self.leave_out(child, frame, Done::failed(status, error.clone()));
        }
        done
    }

    fn compose(&self, node: &Node, frame: &Frame<'_>) -> Arc<Done> {
        let mark = self.log.start(node, frame);
        self.end(node, frame, mark, json!({}), Done::default())
    }
}

/// Outputs of what stands inside of something wanted are wanted too: the last of a sequence, both branches, the body.
fn want_below(node: &Node, wanted_above: bool, wanted: &mut BTreeSet<String>) {
    let here = wanted_above || wanted.contains(&node.id);
    if here {
        wanted.insert(node.id.clone());
    }
    let handed_on = match &node.kind {
        Kind::ForEach { .. } => true,
        Kind::Seq { .. } | Kind::If { .. } => here,
        _ => false,
    };
    node.children().into_iter().for_each(|child| want_below(child, handed_on, wanted));
}

fn name_of(node: &Node) -> &str {
    if node.label.is_empty() { &node.id } else { &node.label }
}

pub fn skipped(reason: Localized) -> Done {
    Done::failed(StepStatus::Skipped, Some(reason))
}

/// For what was not wanted: a branch not taken.
pub fn not_wanted() -> Done {
    Done::failed(StepStatus::Skipped, None)
}

fn denied(tool: &str) -> Done {
    let error = Localized::new(
        format!("'{tool}' 도구를 쓸 권한이 없습니다"),
        format!("you may not use the tool '{tool}'"),
    );
    Done::failed(StepStatus::Denied, Some(error))
}

fn too_deep() -> Done {
    let error = Localized::new("계획이 너무 깊습니다", "the plan is nested too deeply");
    Done::failed(StepStatus::Failed, Some(error))
}
