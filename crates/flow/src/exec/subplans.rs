//! Nodes that become plans of their own, and those a language model works on.

use std::sync::Arc;

use model::{
    Localized,
    answer::RunEvent,
    plan::{Kind, LlmTask, Node, Plan, StepStatus},
};
use serde_json::{Map, Value, json};

use super::{
    call::{self, timed_out},
    engine::{Engine, Limits, wanted},
    frame::Frame,
    groups::with_output,
    outcome::{Done, verdict},
    sizes,
};
use crate::{reference::Reference, tools::CallContext};

impl Engine {
    /// A question becomes a plan here. It draws on what is left of time, budget and depth.
    pub async fn expand<'a>(
        &'a self,
        node: &'a Node,
        question: &'a str,
        max_depth: u8,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let Some(limits) = deeper(limits, max_depth) else {
            return self.leave_out(node, frame, limits, call::over_budget("depth")).await;
        };
        let question = match self.text(question, frame) {
            Ok(question) => question,
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        let mark = self.log.start(node, frame);
        let path = frame.id(&node.id);
        let plan = match self.journal.subplan(&path) {
            Some(plan) => Ok(plan),
            None => self.made(&path, limits, self.guide.expand(&question)).await,
        };
        let done = match plan {
            Ok(plan) => self.subplan(&path, &plan, Map::new(), limits).await,
            Err(done) => done,
        };
        self.end(node, frame, limits, mark, json!({ "question": question }), done).await
    }

    /// A saved template with arguments.
    pub async fn call_template<'a>(
        &'a self,
        node: &'a Node,
        template: &'a str,
        args: &'a Map<String, Value>,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let Some(limits) = deeper(limits, u8::MAX) else {
            return self.leave_out(node, frame, limits, call::over_budget("depth")).await;
        };
        let args = match self.arguments(args, frame) {
            Ok(args) => args,
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        let mark = self.log.start(node, frame);
        let path = frame.id(&node.id);
        let (told, size) = sizes::told(args.clone());
        self.pool.output(0, size);
        let told = json!({ "template": template, "args": told });
        let found = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(call::cancelled()),
            found = self.guide.template(template, args) => found.map_err(permanent),
            () = self.clock.sleep_until(limits.deadline) => Err(timed_out()),
        };
        let done = match found {
            // The template may have changed since: what was begun goes on as it was.
            Ok((plan, args)) => match self.journal.subplan(&path) {
                Some(plan) => self.subplan(&path, &plan, args, limits).await,
                None => match self.keep(&path, plan).await {
                    Ok(plan) => self.subplan(&path, &plan, args, limits).await,
                    Err(done) => done,
                },
            },
            Err(done) => done,
        };
        self.end(node, frame, limits, mark, told, done).await
    }

    async fn made(
        &self,
        path: &str,
        limits: Limits,
        making: impl Future<Output = Result<Plan, Localized>>,
    ) -> Result<Plan, Done> {
        let plan = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(call::cancelled()),
            plan = making => plan.map_err(permanent)?,
            () = self.clock.sleep_until(limits.deadline) => return Err(timed_out()),
        };
        self.keep(path, plan).await
    }

    /// Kept before it runs, so that a run that is taken up again follows the same plan.
    async fn keep(&self, path: &str, plan: Plan) -> Result<Plan, Done> {
        self.journal
            .keep_subplan(path, &plan)
            .await
            .map_err(|error| Done::failed(StepStatus::Failed, Some(error)).coded("transient"))?;
        self.log.tell(RunEvent::Expanded { id: path.to_owned(), plan: plan.clone() });
        Ok(plan)
    }

    /// Runs a plan below a step. The output is that of the last step it tells of, else that of the whole.
    async fn subplan(&self, path: &str, plan: &Plan, args: Map<String, Value>, limits: Limits) -> Done {
        let mut names = wanted(&plan.root);
        names.insert(plan.root.id.clone());
        let frame = Frame::plan(format!("{path}."), names, Value::Object(args));
        let whole = self.node(&plan.root, &frame, limits).await;
        let (status, error) = verdict(std::slice::from_ref(&whole), model::plan::Need::All);
        let told = plan
            .nodes()
            .into_iter()
            .filter_map(|node| match &node.kind {
                Kind::Compose { blocks } => blocks.last(),
                _ => None,
            })
            .filter_map(|block| frame.outcome(&block.from))
            .rfind(|done| done.usable());
        let output = told.map_or_else(|| Arc::clone(&whole.output), |told| Arc::clone(&told.output));
        with_output(status, error, output).coded(whole.code)
    }

    /// A language model works on the output of a step; without one, or when it fails, the fallback does.
    pub async fn llm<'a>(
        &'a self,
        node: &'a Node,
        task: &'a LlmTask,
        input: &'a str,
        fallback: &'a Node,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        if let Some(done) = self.replayed(node, frame) {
            return done;
        }
        let value = match Reference::parse(input) {
            Some(Ok(_)) => self.arguments(&Map::from_iter([("input".to_owned(), input.into())]), frame),
            _ => Ok(Map::from_iter([("input".to_owned(), Value::from(input))])),
        };
        let value = match value {
            Ok(mut args) => args.remove("input").unwrap_or(Value::Null),
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        let mark = self.log.start(node, frame);
        let path = frame.id(&node.id);
        let said = match self.pool.may_use_model() {
            Ok(()) => {
                let key = format!("{}/{path}", self.run_key);
                let cx = CallContext::new(limits.deadline, self.cancel.child_token(), key);
                let said = tokio::select! {
                    biased;
                    () = self.cancel.cancelled() => None,
                    said = async {
                        let _permit = self.shares.acquire("llm", self.tenant).await;
                        self.guide.llm(task, &value, &cx).await
                    } => said,
                    () = self.clock.sleep_until(limits.deadline) => None,
                };
                cx.cancel.cancel();
                said
            }
            Err(_) => None,
        };
        let done = match said {
            Some(Ok(said)) => {
                self.pool.model(said.tokens, said.money);
                Done::ok(said.output)
            }
            other => {
                let why = other.and_then(Result::err);
                let instead = self.node(fallback, frame, limits).await;
                let (status, error) = verdict(std::slice::from_ref(&instead), model::plan::Need::All);
                with_output(status, error.or(why), Arc::clone(&instead.output)).coded(instead.code)
            }
        };
        self.end(node, frame, limits, mark, json!({ "input": input }), done).await
    }
}

fn deeper(limits: Limits, max: u8) -> Option<Limits> {
    let left = limits.subplans.min(max);
    (left > 0).then(|| Limits { subplans: left - 1, ..limits })
}

fn permanent(error: Localized) -> Done {
    Done::failed(StepStatus::Failed, Some(error)).coded("permanent")
}
