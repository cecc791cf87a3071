//! From question or plan to answer: context, plan, execution, composition, and the record of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use chrono::Utc;
use model::{
    Lang, RunId, ThreadId,
    answer::*,
    plan::{Plan, Reason},
    run::{Issue, Spent},
};
use planner::{Outcome, Question, compose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    forks,
    guide::OpsGuide,
    hub::Live,
    other_way, takeover,
    tools::{self, Known},
};
use crate::{
    access::Caller,
    app::Shared,
    chat, cmdb,
    error::Result,
    runs::{
        journal::{FIRST_AGAIN, Kept, PgJournal},
        store::{self, NewRun},
    },
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

/// What a run is to do.
pub enum Job {
    /// Answer a question.
    Ask(AskRequest),
    /// Carry out a plan.
    Plan(Box<Given>),
}

impl Job {
    /// The job of a stored run.
    pub fn read(kind: &str, request: Value) -> Result<Self> {
        Ok(match kind {
            "plan" => Self::Plan(serde_json::from_value(request)?),
            _ => Self::Ask(serde_json::from_value(request)?),
        })
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Ask(_) => "ask",
            Self::Plan(_) => "plan",
        }
    }

    fn title(&self) -> &str {
        match self {
            Self::Ask(request) => request.question.trim(),
            Self::Plan(given) => given.title.trim(),
        }
    }

    fn lang(&self) -> Option<Lang> {
        match self {
            Self::Ask(request) => request.lang,
            Self::Plan(given) => Some(given.plan.lang),
        }
    }
}

/// Opens thread and run, then answers in the background.
pub async fn begin(app: &Shared, caller: &Caller, thread: Option<ThreadId>, job: Job) -> Result<AskStarted> {
    let title = match &job {
        Job::Ask(request) => cmdb::estate(app, caller).await?.index().title(&request.question),
        Job::Plan(given) => given.title.clone(),
    };
    let mut tx = app.db.tenant(caller).await?;
    let thread_id = chat::open(&mut tx, caller, thread, &title).await?;
    let context = match (&job, thread) {
        (Job::Ask(_), Some(_)) => context_of(&chat::turns(&mut tx, thread_id).await?),
        _ => Vec::new(),
    };
    let run_id = RunId(Uuid::now_v7());
    let (request, template, forked) = match &job {
        Job::Ask(request) => (serde_json::to_value(request)?, "", None),
        Job::Plan(given) => (serde_json::to_value(given)?, given.template.as_str(), given.forked.as_ref()),
    };
    let run = NewRun {
        id: run_id,
        kind: job.kind(),
        thread: Some(thread_id),
        question: job.title(),
        request,
        server: app.runs.server(),
        template,
        forked,
    };
    store::begin(&mut tx, caller, run).await?;
    tx.commit().await?;

    takeover::keep_leases(app);
    let started = AskStarted { run_id, thread_id };
    let live = app.runs.open(run_id, caller.tenant, caller.user, 0);
    let mut kept = Kept::default();
    if let Job::Plan(given) = &job
        && let Given { plan, forked: Some((from, step)), .. } = &**given
    {
        kept.copy(Kept::load(app, caller, *from).await?, forks::copied(plan, step));
    }
    let work = Work::new(app, caller, job, started, context, live, kept, Spent::default());
    work.live.tell(RunEvent::Started { run_id, thread_id });
    if app.runs.is_leaving() {
        work.live.hand_over();
    }
    app.runs.spawn(work.answer());
    Ok(started)
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

/// A run on its way.
pub struct Work {
    app: Shared,
    caller: Caller,
    job: Job,
    context: Vec<ContextTurn>,
    started: AskStarted,
    live: Arc<Live>,
    journal: Arc<PgJournal>,
    /// The plan it followed before it was taken up again.
    plan_before: Option<Plan>,
    /// When it began, as far as its steps are concerned.
    began: Instant,
    /// What it has used.
    spent: Mutex<Spent>,
    /// Why its plan was changed on the way, once for each change.
    whys: Arc<Mutex<Vec<String>>>,
}

/// What became of carrying out a plan.
enum Ran {
    Answered(Box<AskResponse>),
    Waiting,
}

impl Work {
    #[expect(clippy::too_many_arguments, reason = "everything a run is made of, put together in two places")]
    fn new(
        app: &Shared,
        caller: &Caller,
        job: Job,
        started: AskStarted,
        context: Vec<ContextTurn>,
        live: Arc<Live>,
        kept: Kept,
        spent: Spent,
    ) -> Self {
        let listener = Arc::clone(&live);
        let (plan_before, whys) = (kept.plan.clone(), kept.whys.clone());
        let tell = Arc::new(move |event| listener.tell(event));
        let journal = PgJournal::new(app, caller, started.run_id, kept, tell);
        live.keep_in(journal.keeper(), app.runs.writer(app));
        Self {
            app: Arc::clone(app),
            caller: caller.clone(),
            job,
            context,
            started,
            live,
            journal: Arc::new(journal),
            plan_before,
            began: Instant::now(),
            spent: Mutex::new(spent),
            whys: Arc::new(Mutex::new(whys)),
        }
    }

    /// A run that was begun before, on this server or another one.
    pub async fn again(
        app: &Shared,
        caller: &Caller,
        job: Job,
        started: AskStarted,
        spent: Spent,
        age: Duration,
    ) -> Result<Self> {
        let mut kept = Kept::load(app, caller, started.run_id).await?;
        if let Job::Plan(given) = &job
            && let Given { plan, forked: Some((from, step)), .. } = &**given
        {
            kept.copy(Kept::load(app, caller, *from).await?, forks::copied(plan, step));
        }
        let mut context = Vec::new();
        if let (Job::Ask(_), None) = (&job, &kept.plan) {
            let mut tx = app.db.tenant(caller).await?;
            let mut turns = chat::turns(&mut tx, started.thread_id).await?;
            let own = turns.iter().position(|turn| turn.run_id == started.run_id);
            turns.truncate(own.unwrap_or(turns.len()));
            context = context_of(&turns);
        }
        let base = if kept.last_seq == 0 { 0 } else { kept.last_seq + FIRST_AGAIN };
        let live = app.runs.open(started.run_id, caller.tenant, caller.user, base);
        // Nobody may be listening yet to a run that comes back.
        live.alone();
        let mut work = Self::new(app, caller, job, started, context, live, kept, spent);
        work.began = work.began.checked_sub(age).unwrap_or(work.began);
        Ok(work)
    }

    fn used(&self) -> Spent {
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops it before it goes on.
    pub fn stop(&self) {
        self.live.cancel.cancel();
    }

    /// Gives it to another server before it goes on.
    pub fn hand_over(&self) {
        self.live.hand_over();
    }

    /// Tells that it goes on.
    pub fn resumed(&self, step: String) {
        self.live.tell(RunEvent::Resumed { id: step });
    }

    /// Works until there is an answer, or until a person has to decide.
    pub async fn answer(self) {
        let begun = Instant::now();
        let responded = self.respond().await;
        if self.live.is_handed_over() {
            return self.give_back().await;
        }
        let mut response = match responded {
            Ok(Ran::Answered(response)) => *response,
            Ok(Ran::Waiting) => return self.lay_down().await,
            Err(error) => {
                tracing::error!(run.id = %self.started.run_id, trace.id = %self.caller.trace.id, cause = %error, "run failed");
                self.failed(&error)
            }
        };
        response.timing_ms.total = ms(begun);
        match self.keep(&response).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(run.id = %self.started.run_id, "another server has this run");
                return self.app.runs.forget(self.started.run_id);
            }
            // The answer still reaches who waits for it; only the history lacks it.
            Err(error) => tracing::error!(run.id = %self.started.run_id, cause = %error, "run not kept"),
        }
        self.live.tell(RunEvent::Finished { response: Box::new(response) });
        self.app.runs.close_later(self.started.run_id);
    }

    /// A person has to decide: nothing of the run stays in memory.
    async fn lay_down(self) {
        let keeper = self.journal.keeper();
        self.app.runs.writer(&self.app).sync().await;
        let suspended = async {
            let mut tx = self.app.db.tenant(&self.caller).await?;
            let steps = self.journal.step_count();
            let spent = self.used();
            let held = store::suspend(&mut tx, self.started.run_id, keeper.server, spent, steps).await?;
            tx.commit().await?;
            Ok::<bool, crate::Error>(held)
        };
        if let Err(error) = suspended.await {
            // Its lease runs out, and whoever takes it over finds the question asked.
            tracing::warn!(run.id = %self.started.run_id, cause = %error, "a waiting run could not be laid down");
        }
        keeper.close();
        self.app.runs.forget(self.started.run_id);
    }

    /// Another server goes on, or this one after its next start: whichever looks first.
    async fn give_back(self) {
        let keeper = self.journal.keeper();
        self.app.runs.writer(&self.app).sync().await;
        keeper.close();
        let given = async {
            let mut tx = self.app.db.tenant(&self.caller).await?;
            let (spent, steps) = (self.used(), self.journal.step_count());
            let given = store::hand_over(&mut tx, self.started.run_id, keeper.server, spent, steps).await?;
            tx.commit().await?;
            Ok::<bool, crate::Error>(given)
        };
        match given.await {
            Ok(given) => tracing::info!(run.id = %self.started.run_id, given, "a run is handed over"),
            // Its lease runs out by itself.
            Err(error) => {
                tracing::warn!(run.id = %self.started.run_id, cause = %error, "a run keeps its lease")
            }
        }
        self.app.runs.forget(self.started.run_id);
    }

    async fn respond(&self) -> Result<Ran> {
        // Whoever is stopped while waiting for a place needs none.
        let _slot = tokio::select! {
            biased;
            () = self.live.cancel.cancelled() => None,
            slot = self.app.runs.slots.acquire() => slot.ok(),
        };
        let estate = cmdb::estate(&self.app, &self.caller).await?;
        let (index, data) = (estate.index(), estate.generation());
        if let Some(plan) = &self.plan_before {
            return self.execute(index, data, plan.clone()).await;
        }
        let request = match &self.job {
            Job::Plan(given) => return self.execute(index, data, given.plan.clone()).await,
            Job::Ask(request) => request,
        };
        let mut context = self.context.clone();
        context.extend(request.context.iter().cloned());
        let question = Question {
            text: request.question.trim(),
            context: &context,
            as_of: request.as_of.unwrap_or_else(Utc::now),
            tz: request.tz.as_deref().and_then(|tz| tz.parse().ok()).unwrap_or(chrono_tz::UTC),
            lang: request.lang,
        };
        let planning = Instant::now();
        let outcome = index.plan(&question);
        let plan_ms = ms(planning);
        let mut response = match outcome {
            Outcome::Plan(plan) => match self.execute(index, data, *plan).await? {
                Ran::Answered(response) => response,
                Ran::Waiting => return Ok(Ran::Waiting),
            },
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
        Ok(Ran::Answered(response))
    }

    async fn execute(&self, index: &planner::Index, data: u64, plan: Plan) -> Result<Ran> {
        let issues = flow::validate(&plan, &Known(&self.caller));
        if !issues.is_empty() {
            return Ok(Ran::Answered(self.invalid(plan, &issues)));
        }
        if self.plan_before.is_none() {
            self.live.tell(RunEvent::Planned { plan: plan.clone() });
        }
        let executing = Instant::now();
        // Labels and notes of tools are in the language of the answer.
        let caller = Caller { lang: plan.lang, ..self.caller.clone() };
        let toolbox = tools::toolbox(&self.app, &caller, data);
        let pool = Arc::new(flow::Pool::new(&plan.budget, &self.used()));
        let execution =
            flow::run(&plan, toolbox, self.context_of_run(&plan, caller, Arc::clone(&pool))).await;
        let spent = pool.spent();
        *self.spent.lock().unwrap_or_else(PoisonError::into_inner) = spent;
        if execution.waiting {
            return Ok(Ran::Waiting);
        }
        let execute_ms = ms(executing);
        let composing = Instant::now();
        let results = told(execution.results, plan.lang);
        let composed = match &execution.replanned {
            None => compose::compose(index, &plan, &results),
            Some(other) => {
                let first = compose::compose(index, &plan, &told(execution.before, plan.lang));
                let second = compose::compose(index, other, &results);
                let whys = self.whys.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let prefix = format!("r{}.", whys.len());
                other_way::combine((&plan, first), (other, second), &whys.join("\n"), &prefix)
            }
        };
        Ok(Ran::Answered(Box::new(AskResponse {
            status: composed.status,
            answer: composed.answer,
            blocks: composed.blocks,
            plan: Some(plan),
            steps: execution.reports,
            evidence: composed.evidence,
            follow_ups: composed.follow_ups,
            timing_ms: Timing { execute: execute_ms, compose: ms(composing), ..Timing::default() },
            usage: Usage { tokens_in: spent.tokens, tokens_out: 0, cost: spent.money },
            ..self.empty()
        })))
    }

    fn context_of_run(&self, plan: &Plan, caller: Caller, pool: Arc<flow::Pool>) -> flow::RunContext {
        let (listener, whys) = (Arc::clone(&self.live), Arc::clone(&self.whys));
        let (as_of, args) = match &self.job {
            Job::Ask(request) => (request.as_of, Map::new()),
            Job::Plan(given) => (None, given.args.clone()),
        };
        let deadline = Instant::now() + Duration::from_millis(plan.timeout_ms);
        let journal: Arc<dyn flow::Journal> = Arc::<PgJournal>::clone(&self.journal);
        flow::RunContext {
            started: self.began,
            emit: Arc::new(move |event| {
                if let RunEvent::Replanned { why, .. } = &event {
                    whys.lock().unwrap_or_else(PoisonError::into_inner).push(why.clone());
                }
                listener.tell(event)
            }),
            max_parallel: PARALLEL,
            tenant: self.caller.tenant,
            key: self.started.run_id.to_string(),
            shares: Arc::clone(&self.app.runs.shares),
            pool,
            journal,
            guide: Arc::new(OpsGuide::new(&self.app, caller, plan, as_of)),
            args,
            ..flow::RunContext::new(plan, deadline, self.live.cancel.clone())
        }
    }

    fn without_plan(&self, status: AnswerStatus, text: String, choices: Vec<Choice>) -> Box<AskResponse> {
        let blocks = vec![AnswerBlock::Text { text: text.clone(), refs: Vec::new() }];
        Box::new(AskResponse { status, answer: text, blocks, choices, ..self.empty() })
    }

    /// A plan that cannot run says what is wrong with it.
    fn invalid(&self, plan: Plan, issues: &[Issue]) -> Box<AskResponse> {
        tracing::warn!(run.id = %self.started.run_id, ?issues, "the plan cannot run");
        let lang = plan.lang;
        let mut text = match lang {
            Lang::Ko => "계획을 실행할 수 없습니다:".to_owned(),
            Lang::En => "The plan cannot run:".to_owned(),
        };
        for issue in issues {
            text.push_str(&format!("\n- {}: {}", issue.path, issue.hint.get(lang)));
        }
        let mut response = self.without_plan(AnswerStatus::Failed, text, Vec::new());
        response.plan = Some(plan);
        response
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
        let lang = self.job.lang().unwrap_or(self.caller.lang);
        let seen = error.to_api();
        let text = match lang {
            Lang::Ko => format!("답하지 못했습니다: {}. 추적 번호 {}", seen.message.ko, self.caller.trace.id),
            Lang::En => format!(
                "The question could not be answered: {}. Trace id {}",
                seen.message.en, self.caller.trace.id
            ),
        };
        *self.without_plan(AnswerStatus::Failed, text, Vec::new())
    }

    /// Refusals are told to the log: someone may be trying.
    fn note_refusal(&self, why: &[Reason]) {
        let words: Vec<&str> = why.iter().map(|reason| reason.words.as_str()).collect();
        tracing::info!(run.id = %self.started.run_id, user = %self.caller.login, ?words, "question refused");
    }

    /// Keeps the answer after everything it rests on; false when another server has the run.
    async fn keep(&self, response: &AskResponse) -> Result<bool> {
        let keeper = self.journal.keeper();
        self.app.runs.writer(&self.app).sync().await;
        if keeper.is_closed() {
            return Ok(false);
        }
        if keeper.broken.load(Ordering::Relaxed) {
            tracing::error!(run.id = %self.started.run_id, "steps of this run are missing in the journal");
        }
        let stored = serde_json::to_value(response.status)?;
        let status =
            if self.live.cancel.is_cancelled() { "cancelled" } else { stored.as_str().unwrap_or("failed") };
        let spent = self.used();
        let steps = self.journal.step_count();
        let mut tx = self.app.db.tenant(&self.caller).await?;
        let end = store::End { response, status, spent, steps, server: keeper.server };
        let held = store::finish(&mut tx, end).await?;
        tx.commit().await?;
        Ok(held)
    }
}

/// Results as the composer takes them.
fn told(results: BTreeMap<String, flow::StepResult>, lang: Lang) -> BTreeMap<String, compose::StepResult> {
    results
        .into_iter()
        .map(|(id, result)| {
            let error = result.error.map(|error| error.get(lang).to_owned());
            let (status, tool, output) = (result.status, result.tool, result.output);
            (id, compose::StepResult { status, tool, output, error })
        })
        .collect()
}

/// Milliseconds since `begun`.
fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}
