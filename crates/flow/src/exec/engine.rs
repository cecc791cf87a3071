//! Nodes one at a time: may it start, what became of it, what does a failure mean.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use binding::Expr;
use futures::{FutureExt, future::BoxFuture};
use model::{
    Lang, Localized, TenantId,
    plan::{Kind, Node, OnError, Plan, StepStatus},
    tools::Effect,
};
use serde_json::{Map, Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use super::{
    RunContext,
    call::{self, Call},
    frame::Frame,
    log::{Log, Mark},
    outcome::{Done, failed, from_default},
    sizes,
};
use crate::{
    budget::Pool,
    clock::Clock,
    guide::Guide,
    journal::{Effect as Begun, Journal},
    reference::{Reference, dollar_texts, needs, resolve_args},
    shares::Shares,
    tools::Tools,
};

/// Nesting at which a plan that was never validated is cut.
const DEEPEST: usize = 48;

/// Longest question to a planner or a person, in characters.
const TEXT_MAX: usize = 4_000;

/// What a node inherits.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub deadline: Instant,
    pub depth: usize,
    /// Sub-plans that may still be inside each other.
    pub subplans: u8,
}

/// A run.
pub struct Engine {
    pub tools: Arc<dyn Tools>,
    pub guide: Arc<dyn Guide>,
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    pub shares: Arc<Shares>,
    pub pool: Arc<Pool>,
    pub tenant: TenantId,
    pub cancel: CancellationToken,
    pub deadline: Instant,
    pub lang: Lang,
    /// Begins the key that makes what a step does the step's own.
    pub run_key: String,
    slots: Semaphore,
    pub log: Log,
}

impl Engine {
    pub fn new(plan: &Plan, tools: Arc<dyn Tools>, cx: &RunContext) -> Self {
        let now = cx.clock.now();
        let reserve = cx.deadline.saturating_duration_since(now) / 10;
        Self {
            tools,
            guide: Arc::clone(&cx.guide),
            journal: Arc::clone(&cx.journal),
            clock: Arc::clone(&cx.clock),
            shares: Arc::clone(&cx.shares),
            pool: Arc::clone(&cx.pool),
            tenant: cx.tenant,
            cancel: cx.cancel.clone(),
            deadline: cx.deadline.checked_sub(reserve).unwrap_or(cx.deadline),
            lang: plan.lang,
            run_key: cx.key.clone(),
            slots: Semaphore::new(cx.max_parallel.clamp(1, Semaphore::MAX_PERMITS)),
            log: Log::new(
                Arc::clone(&cx.emit),
                Arc::clone(&cx.journal),
                Arc::clone(&cx.clock),
                plan.lang,
                cx.started,
            ),
        }
    }

    /// Limits of a child with a time limit of its own.
    fn within(&self, limits: Limits, timeout_ms: Option<u64>) -> Limits {
        let own = timeout_ms.and_then(|ms| self.clock.now().checked_add(Duration::from_millis(ms)));
        let deadline = own.map_or(limits.deadline, |own| own.min(limits.deadline));
        Limits { deadline, depth: limits.depth + 1, ..limits }
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
                return self.leave_out(node, frame, limits, call::cancelled()).await;
            }
            let limits = self.within(limits, node.timeout_ms);
            if self.clock.now() >= limits.deadline {
                return self.leave_out(node, frame, limits, call::timed_out()).await;
            }
            if limits.depth > DEEPEST {
                return self.leave_out(node, frame, limits, too_deep()).await;
            }
            if let Some(when) = &node.when {
                match self.value(when, frame) {
                    Ok(value) if binding::truthy(&value) => {}
                    Ok(_) => return self.leave_out(node, frame, limits, not_wanted()).await,
                    Err(done) => return self.leave_out(node, frame, limits, done).await,
                }
            }
            if let Err(what) = self.pool.step() {
                return self.leave_out(node, frame, limits, call::over_budget(what)).await;
            }
            // Made elsewhere, so that a plan of many levels needs little of the stack.
            self.work(node, frame, limits).await
        }
        .boxed()
    }

    /// The work of a node by its kind.
    fn work<'a>(&'a self, node: &'a Node, frame: &'a Frame<'a>, limits: Limits) -> BoxFuture<'a, Arc<Done>> {
        match &node.kind {
            Kind::Tool { tool, args } => self.tool(node, tool, args, frame, limits).boxed(),
            Kind::Seq { nodes } => self.seq(node, nodes, frame, limits).boxed(),
            Kind::Par { nodes, max, need } => self.par(node, nodes, *max, *need, frame, limits).boxed(),
            Kind::Dag { nodes } => self.dag(node, nodes, frame, limits).boxed(),
            Kind::If { cond, then, otherwise } => {
                self.branch(node, cond, then, otherwise.as_deref(), frame, limits).boxed()
            }
            Kind::Switch { on, cases, default } => {
                self.switch(node, on, cases, default.as_deref(), frame, limits).boxed()
            }
            Kind::ForEach { .. } => self.for_each(node, frame, limits).boxed(),
            Kind::Loop { body, until, max } => self.repeat(node, body, until, *max, frame, limits).boxed(),
            Kind::Expand { question, max_depth } => {
                self.expand(node, question, *max_depth, frame, limits).boxed()
            }
            Kind::Call { template, args } => self.call_template(node, template, args, frame, limits).boxed(),
            Kind::Approve { what, who, expires_s } => {
                self.approve(node, what, *who, *expires_s, frame, limits).boxed()
            }
            Kind::Llm { task, input, fallback } => {
                self.llm(node, task, input, fallback, frame, limits).boxed()
            }
            Kind::Compose { .. } => futures::future::ready(self.compose(node, frame)).boxed(),
        }
    }

    async fn tool<'a>(
        &'a self,
        node: &'a Node,
        tool: &'a str,
        args: &'a Map<String, Value>,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        if let Some(done) = self.replayed(node, frame) {
            return done;
        }
        if !self.tools.may_use(tool) {
            return self.leave_out(node, frame, limits, denied(tool)).await;
        }
        let slot = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(call::cancelled()),
            slot = self.slot() => Ok(slot),
            () = self.clock.sleep_until(limits.deadline) => Err(call::timed_out()),
        };
        let slot = match slot {
            Ok(slot) => slot,
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        // Only with a place of its own: a hundred nodes that wait do not hold the rows of another a hundred times.
        let resolved = match self.arguments(args, frame) {
            Ok(resolved) => resolved,
            Err(done) => {
                // What stands in for it may need the place.
                drop(slot);
                return self.leave_out(node, frame, limits, done).await;
            }
        };
        let path = frame.id(&node.id);
        if self.tools.effect(tool) != Effect::Read
            && let Err(done) = self.before_effect(&path).await
        {
            drop(slot);
            return self.leave_out(node, frame, limits, done).await;
        }
        let mut mark = self.log.start(node, frame);
        let call = Call {
            path: &path,
            tool,
            args: &resolved,
            retry: node.retry,
            cache_s: node.cache_s,
            deadline: limits.deadline,
        };
        let ended = self.call(call).await;
        drop(slot);
        (mark.attempts, mark.cached) = (ended.attempts, ended.cached);
        let (told, size) = sizes::told(resolved);
        self.pool.output(0, size);
        if ended.done.usable() {
            self.pool.output(ended.done.output.rows.len() as u64, sizes::of_output(&ended.done.output));
        }
        self.end(node, frame, limits, mark, told, ended.done).await
    }

    /// A place among the calls at work, once the journal has room for what comes of it.
    async fn slot(&self) -> Option<SemaphorePermit<'_>> {
        self.journal.room().await;
        // It is never closed.
        self.slots.acquire().await.ok()
    }

    /// Durable before effect: what came before is kept, and so is that this begins. What was begun before is not repeated.
    async fn before_effect(&self, path: &str) -> Result<(), Done> {
        let begun = match self.journal.sync().await {
            Ok(()) => self.journal.begin_effect(path).await,
            Err(error) => Err(error),
        };
        match begun {
            Ok(Begun::Fresh) => Ok(()),
            Ok(Begun::Unknown) => Err(Done::failed(
                StepStatus::Failed,
                Some(Localized::new(
                    "앞선 실행이 이 단계 도중에 끊겼습니다. 적용되었는지 알 수 없어 다시 실행하지 않습니다",
                    "the run broke off during this step before; whether it took effect is not known, so it is not repeated",
                )),
            )
            .coded("unknown_outcome")),
            Err(error) => Err(Done::failed(StepStatus::Failed, Some(error)).coded("transient")),
        }
    }

    /// A step that ended before is not run again.
    pub fn replayed(&self, node: &Node, frame: &Frame<'_>) -> Option<Arc<Done>> {
        let replay = self.journal.replay(&frame.id(&node.id))?;
        let done = match replay.report.status {
            StepStatus::Ok => Done::ok(replay.output),
            StepStatus::Partial => Done::partial(replay.output),
            failed => Done::failed(failed, None),
        };
        let mut done = done.despite(replay.fault);
        done.tolerated = lacking(&done) && matches!(node.on_error, OnError::Skip | OnError::Ask);
        let done = Arc::new(done);
        self.log.again(node, frame, &done, replay.report, replay.told);
        Some(done)
    }

    /// The arguments of a node with references resolved, or why there are none.
    pub fn arguments(
        &self,
        args: &Map<String, Value>,
        frame: &Frame<'_>,
    ) -> Result<Map<String, Value>, Done> {
        let mut texts = Vec::new();
        args.values().for_each(|value| dollar_texts(value, "", &mut texts));
        let references: Vec<Reference> =
            texts.iter().filter_map(|(_, text)| Reference::parse(text)?.ok()).collect();
        let view = frame.see(references.iter().map(Reference::root));
        resolve_args(args, &view).map_err(|missing| skipped(missing.reason))
    }

    /// The value of an expression, or why there is none.
    pub fn value(&self, source: &str, frame: &Frame<'_>) -> Result<Value, Done> {
        let unreadable = |why: &Localized| {
            Done::failed(
                StepStatus::Failed,
                Some(Localized::new(
                    format!("조건을 계산할 수 없습니다: {}", why.ko),
                    format!("the condition cannot be computed: {}", why.en),
                )),
            )
            .coded("condition")
        };
        let expr = Expr::parse(source).map_err(|error| unreadable(&error.message))?;
        let roots = expr.roots();
        let view = frame.see(roots.iter().map(String::as_str));
        if let Some(missing) = roots.iter().find_map(|name| view.missing(name)) {
            return Err(skipped(missing.reason));
        }
        expr.eval(&view).map_err(|error| unreadable(&error.message))
    }

    /// A template with its values filled in.
    pub fn text(&self, template: &str, frame: &Frame<'_>) -> Result<String, Done> {
        let bad = |why: Localized| Done::failed(StepStatus::Failed, Some(why)).coded("condition");
        let template = binding::Template::parse(template).map_err(|error| bad(error.message))?;
        let roots = template.roots();
        let view = frame.see(roots.iter().map(String::as_str));
        if let Some(missing) = roots.iter().find_map(|name| view.missing(name)) {
            return Err(skipped(missing.reason));
        }
        let text = match template.render(&view).map_err(|error| bad(error.message))? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Ok(sizes::readable(text, TEXT_MAX))
    }

    /// What a failure means to the parent.
    async fn settle<'a>(
        &'a self,
        node: &'a Node,
        frame: &'a Frame<'a>,
        limits: Limits,
        mut done: Done,
    ) -> Done {
        if !lacking(&done) || done.status() == StepStatus::Cancelled {
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
                Done::ok(output).despite(done.error.take()).coded(done.code)
            }
            OnError::Fallback(other) => {
                let instead = self.node(other, frame, limits).await;
                if instead.is_waiting() {
                    return Done::waiting();
                }
                if !instead.usable() {
                    return done;
                }
                let (error, code) = (done.error.take(), done.code);
                let output = Arc::clone(&instead.output);
                let whole = instead.status() == StepStatus::Ok;
                if whole { Done::ok(output) } else { Done::partial(output) }.despite(error).coded(code)
            }
            OnError::Ask => self.ask_to_go_on(node, frame, done).await,
        }
    }

    /// Ends a node that has worked.
    pub async fn end<'a>(
        &'a self,
        node: &'a Node,
        frame: &'a Frame<'a>,
        limits: Limits,
        mark: Mark,
        args: Value,
        done: Done,
    ) -> Arc<Done> {
        let done = Arc::new(self.settle(node, frame, limits, done).await);
        self.log.finish(node, frame, mark, args, &done);
        done
    }

    /// Ends a node that never starts, and everything below it.
    pub async fn leave_out<'a>(
        &'a self,
        node: &'a Node,
        frame: &'a Frame<'a>,
        limits: Limits,
        done: Done,
    ) -> Arc<Done> {
        let (status, error, code) = (done.status(), done.error.clone(), done.code);
        let mark = self.log.place();
        let done = self.end(node, frame, limits, mark, json!({}), done).await;
        self.below(node, frame, status, error.as_ref(), code);
        done
    }

    /// Ends everything below a node that never started.
    pub fn below(
        &self,
        node: &Node,
        frame: &Frame<'_>,
        status: StepStatus,
        error: Option<&Localized>,
        code: &'static str,
    ) {
        for child in node.inner() {
            let mark = self.log.place();
            let done = Arc::new(Done::failed(status, error.cloned()).coded(code));
            self.log.finish(child, frame, mark, json!({}), &done);
            self.below(child, frame, status, error, code);
        }
    }

    fn compose(&self, node: &Node, frame: &Frame<'_>) -> Arc<Done> {
        let mark = self.log.start(node, frame);
        let done = Arc::new(Done::default());
        self.log.finish(node, frame, mark, json!({}), &done);
        done
    }
}

/// Whether there is no output although there should be one.
fn lacking(done: &Done) -> bool {
    failed(done.status()) || (done.status() == StepStatus::Skipped && done.error.is_some())
}

/// Nodes of a plan whose output is looked at by others.
pub fn wanted(root: &Node) -> BTreeSet<String> {
    let mut names = Vec::new();
    needs(root, &mut names);
    let mut wanted: BTreeSet<String> = names.into_iter().collect();
    want_below(root, false, &mut wanted);
    wanted
}

/// Outputs of what stands inside of something wanted are wanted too: the last of a sequence, all branches, the body.
fn want_below(node: &Node, wanted_above: bool, wanted: &mut BTreeSet<String>) {
    let here = wanted_above || wanted.contains(&node.id);
    if here {
        wanted.insert(node.id.clone());
    }
    let handed_on = match &node.kind {
        Kind::ForEach { .. } | Kind::Loop { .. } | Kind::Llm { .. } => true,
        Kind::Seq { .. } | Kind::If { .. } | Kind::Switch { .. } => here,
        _ => false,
    };
    node.inner().into_iter().for_each(|child| want_below(child, handed_on, wanted));
    if let OnError::Fallback(other) = &node.on_error {
        want_below(other, here, wanted);
    }
}

pub fn name_of(node: &Node) -> &str {
    if node.label.is_empty() { &node.id } else { &node.label }
}

pub fn skipped(reason: Localized) -> Done {
    Done::failed(StepStatus::Skipped, Some(reason)).coded("missing")
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
    Done::failed(StepStatus::Denied, Some(error)).coded("denied")
}

fn too_deep() -> Done {
    let error = Localized::new("계획이 너무 깊습니다", "the plan is nested too deeply");
    Done::failed(StepStatus::Failed, Some(error)).coded("permanent")
}
