//! From question or plan to answer: context, plan, execution, composition, and the record of it.

mod end;
mod respond;
mod words;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use model::{
    Lang, RunId, ThreadId,
    answer::{AskRequest, AskResponse, AskStarted, ContextTurn, RunEvent},
    plan::Plan,
    run::Spent,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{forks, hub::Live, takeover};
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
    /// The moment taken as now; the clock when absent.
    #[serde(default)]
    pub as_of: Option<DateTime<Utc>>,
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

    /// The moment taken as now; none for the clock.
    fn as_of(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Ask(request) => request.as_of,
            Self::Plan(given) => given.as_of,
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
}

/// Milliseconds since `begun`.
fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}
