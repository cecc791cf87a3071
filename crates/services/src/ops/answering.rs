//! From question to answer: context, plan, execution, composition, and the record of it.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::Utc;
use model::{
    Lang, RunId,
    answer::*,
    plan::{Plan, Reason},
};
use planner::{Outcome, Question, compose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{hub::Live, tools};
use crate::{
    access::Caller,
    app::Shared,
    chat, cmdb,
    error::Result,
    runs::store::{self, NewRun},
};

/// Earlier turns of a thread that are read again for pronouns and ellipsis.
const TURNS_READ: usize = 12;

/// Steps of one run at work at the same time.
const PARALLEL: usize = 8;

/// A plan to be run as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Given {
    /// What it is for.
    pub title: String,
    /// The plan.
    pub plan: Plan,
    /// The template it came from, or empty.
    #[serde(default)]
    pub template: String,
    /// What the plan sees as `$args`.
    #[serde(default)]
    pub args: Map<String, Value>,
    /// The run it was forked from and the step.
    #[serde(default)]
    pub forked: Option<(RunId, String)>,
}

/// Opens thread and run, then runs the plan in the background.
pub async fn begin_plan(
    app: &Shared,
    caller: &Caller,
    thread: Option<model::ThreadId>,
    given: Given,
) -> Result<AskStarted> {
    let mut tx = app.db.tenant(caller).await?;
    let thread_id = chat::open(&mut tx, caller, thread, &given.title).await?;
    let run_id = RunId(Uuid::now_v7());
    let run = NewRun {
        id: run_id,
        kind: "plan",
        thread: Some(thread_id),
        question: given.title.trim(),
        request: serde_json::to_value(&given)?,
        lease_s: 60.0,
        template: &given.template,
        forked: given.forked.as_ref(),
    };
    store::begin(&mut tx, caller, run).await?;
    tx.commit().await?;
    let live = app.runs.open(run_id, caller.tenant, caller.user);
    live.tell(RunEvent::Started { run_id, thread_id });
    let request = AskRequest { question: given.title, lang: Some(given.plan.lang), ..AskRequest::default() };
    let work = Work {
        app: Arc::clone(app),
        caller: caller.clone(),
        request,
        given: Some(given.plan),
        context: Vec::new(),
        started: AskStarted { run_id, thread_id },
        live,
    };
    app.runs.spawn(work.answer());
    Ok(AskStarted { run_id, thread_id })
}

/// Opens thread and run, then answers in the background.
pub async fn begin(app: &Shared, caller: &Caller, request: AskRequest) -> Result<AskStarted> {
    let estate = cmdb::estate(app, caller).await?;
    let title = estate.index().title(&request.question);
    let mut tx = app.db.tenant(caller).await?;
    let thread_id = chat::open(&mut tx, caller, request.thread_id, &title).await?;
    let context = match request.thread_id {
        Some(_) => context_of(&chat::turns(&mut tx, thread_id).await?),
        None => Vec::new(),
    };
    let run_id = RunId(Uuid::now_v7());
    let run = NewRun {
        id: run_id,
        kind: "ask",
        thread: Some(thread_id),
        question: request.question.trim(),
        request: serde_json::to_value(&request)?,
        lease_s: 60.0,
        template: "",
        forked: None,
    };
    store::begin(&mut tx, caller, run).await?;
    tx.commit().await?;

    let live = app.runs.open(run_id, caller.tenant, caller.user);
    live.tell(RunEvent::Started { run_id, thread_id });
    let work = Work {
        app: Arc::clone(app),
        caller: caller.clone(),
        request,
        given: None,
        context,
        started: AskStarted { run_id, thread_id },
        live,
    };
    app.runs.spawn(work.answer());
    Ok(AskStarted { run_id, thread_id })
}

/// What a planner reads of earlier turns.
pub fn context_of(turns: &[model::chat::Turn]) -> Vec<ContextTurn> {
    let from = turns.len().saturating_sub(TURNS_READ);
    turns
        .iter()
        .skip(from)
        .map(|turn| ContextTurn {
            user: turn.question.clone(),
            assistant: turn.answer.as_ref().map(|answer| answer.answer.clone()).unwrap_or_default(),
        })
        .collect()
}

/// One question on its way.
struct Work {
    app: Shared,
    caller: Caller,
    request: AskRequest,
    /// A plan to be run as it is.
    given: Option<Plan>,
    context: Vec<ContextTurn>,
    started: AskStarted,
    live: Arc<Live>,
}

impl Work {
    async fn answer(self) {
        let begun = Instant::now();
        let mut response = match self.respond().await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(run.id = %self.started.run_id, trace.id = %self.caller.trace.id, cause = %error, "question failed");
                self.failed(&error)
            }
        };
        response.timing_ms.total = ms(begun);
        if let Err(error) = self.keep(&response).await {
            // The answer still reaches who waits for it; only the history lacks it.
            tracing::error!(run.id = %self.started.run_id, cause = %error, "run not kept");
        }
        self.live.tell(RunEvent::Finished { response: Box::new(response) });
        self.app.runs.close_later(self.started.run_id);
    }

    async fn respond(&self) -> Result<AskResponse> {
        let _slot = self.app.runs.slots.acquire().await;
        let estate = cmdb::estate(&self.app, &self.caller).await?;
        let index = estate.index();
        if let Some(plan) = &self.given {
            return Ok(self.execute(index, plan.clone()).await);
        }
        let mut context = self.context.clone();
        context.extend(self.request.context.iter().cloned());
        let question = Question {
            text: self.request.question.trim(),
            context: &context,
            as_of: self.request.as_of.unwrap_or_else(Utc::now),
            tz: self.request.tz.as_deref().and_then(|tz| tz.parse().ok()).unwrap_or(chrono_tz::UTC),
            lang: self.request.lang,
        };
        let planning = Instant::now();
        let outcome = index.plan(&question);
        let plan_ms = ms(planning);
        let mut response = match outcome {
            Outcome::Plan(plan) => self.execute(index, *plan).await,
            Outcome::Clarify { text, choices, .. } => self.without_plan(AnswerStatus::Clarify, text, choices),
            Outcome::Unanswerable { text, choices, .. } => {
                self.without_plan(AnswerStatus::Unanswerable, text, choices)
            }
            Outcome::Refuse { text, why } => {
                self.note_refusal(&why);
                self.without_plan(AnswerStatus::Refused, text, Vec::new())
            }
        };
        response.timing_ms.plan = plan_ms;
        Ok(response)
    }

    async fn execute(&self, index: &planner::Index, plan: Plan) -> AskResponse {
        self.live.tell(RunEvent::Planned { plan: plan.clone() });
        let executing = Instant::now();
        let listener = Arc::clone(&self.live);
        let deadline = executing + Duration::from_millis(plan.timeout_ms);
        let context = flow::RunContext {
            emit: Arc::new(move |event| listener.tell(event)),
            max_parallel: PARALLEL,
            tenant: self.caller.tenant,
            key: self.started.run_id.to_string(),
            ..flow::RunContext::new(&plan, deadline, self.live.cancel.clone())
        };
        // Labels and notes of tools are in the language of the answer.
        let caller = Caller { lang: plan.lang, ..self.caller.clone() };
        let execution = flow::run(&plan, tools::toolbox(&self.app, &caller), context).await;
        let execute_ms = ms(executing);
        let composing = Instant::now();
        let results: BTreeMap<String, compose::StepResult> = execution
            .results
            .into_iter()
            .map(|(id, result)| {
                let error = result.error.map(|error| error.get(plan.lang).to_owned());
                let result = compose::StepResult {
                    status: result.status,
                    tool: result.tool,
                    output: result.output,
                    error,
                };
                (id, result)
            })
            .collect();
        let composed = compose::compose(index, &plan, &results);
        AskResponse {
            status: composed.status,
            answer: composed.answer,
            blocks: composed.blocks,
            plan: Some(plan),
            steps: execution.reports,
            evidence: composed.evidence,
            follow_ups: composed.follow_ups,
            timing_ms: Timing { execute: execute_ms, compose: ms(composing), ..Timing::default() },
            ..self.empty()
        }
    }

    fn without_plan(&self, status: AnswerStatus, text: String, choices: Vec<Choice>) -> AskResponse {
        let blocks = vec![AnswerBlock::Text { text: text.clone(), refs: Vec::new() }];
        AskResponse { status, answer: text, blocks, choices, ..self.empty() }
    }

    fn empty(&self) -> AskResponse {
        AskResponse {
            run_id: self.started.run_id,
            thread_id: self.started.thread_id,
            status: AnswerStatus::Failed,
            answer: String::new(),
            blocks: Vec::new(),
            choices: Vec::new(),
            plan: None,
            steps: Vec::new(),
            evidence: Vec::new(),
            timing_ms: Timing::default(),
            usage: Usage::default(),
            follow_ups: Vec::new(),
        }
    }

    fn failed(&self, error: &crate::Error) -> AskResponse {
        let lang = self.request.lang.unwrap_or(self.caller.lang);
        let seen = error.to_api();
        let text = match lang {
            Lang::Ko => format!("답하지 못했습니다: {}. 추적 번호 {}", seen.message.ko, self.caller.trace.id),
            Lang::En => format!(
                "The question could not be answered: {}. Trace id {}",
                seen.message.en, self.caller.trace.id
            ),
        };
        self.without_plan(AnswerStatus::Failed, text, Vec::new())
    }

    /// Refusals are told to the log: someone may be trying.
    fn note_refusal(&self, why: &[Reason]) {
        let words: Vec<&str> = why.iter().map(|reason| reason.words.as_str()).collect();
        tracing::info!(run.id = %self.started.run_id, user = %self.caller.login, ?words, "question refused");
    }

    async fn keep(&self, response: &AskResponse) -> Result<()> {
        let mut tx = self.app.db.tenant(&self.caller).await?;
        store::finish(&mut tx, response).await?;
        tx.commit().await
    }
}

/// Milliseconds since `begun`.
fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}
