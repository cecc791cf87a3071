//! Questions: planned by rules, carried out step by step, composed into an answer with evidence, kept as a run.
//!
//! Invariant: every question leaves a run, whatever became of it; listeners get its events in order and once each.

mod answering;
mod as_of;
mod cache;
mod changes;
mod forks;
mod guide;
mod hub;
mod other_way;
mod plans;
mod remarks;
mod schema;
mod takeover;
mod tools;

use futures::{Stream, StreamExt, stream};
use model::{
    Lang, RunId,
    answer::{AnswerBlock, AnswerStatus, AskRequest, AskResponse, AskStarted, RunEvent, Timing, Usage},
    perm,
    run::{Approval, RunPlan},
};

pub use hub::Hub;
pub use plans::{decide, fork, propose, run_plan, save_template};
pub use takeover::{take_up, work};
pub use tools::{specs, tools_of};

use crate::{
    access::Caller,
    app::Shared,
    error::{Error, Result},
    runs,
};

/// Longest question, in characters.
const QUESTION_MAX: usize = 4_000;

/// Begins to answer a question; [`subscribe`] tells how it goes.
pub async fn start(app: &Shared, caller: &Caller, request: AskRequest) -> Result<AskStarted> {
    caller.grant::<perm::ChatUse>()?;
    check(&request)?;
    answering::begin(app, caller, request.thread_id, answering::Job::Ask(request)).await
}

/// Answers a question and waits for the answer.
pub async fn ask(app: &Shared, caller: &Caller, request: AskRequest) -> Result<AskResponse> {
    let started = start(app, caller, request).await?;
    wait(app, caller, started).await
}

/// Carries out a plan and waits for its end.
pub async fn run_plan_and_wait(app: &Shared, caller: &Caller, request: RunPlan) -> Result<AskResponse> {
    let started = run_plan(app, caller, request).await?;
    wait(app, caller, started).await
}

/// The answer of a run, or that a person has to decide first.
async fn wait(app: &Shared, caller: &Caller, started: AskStarted) -> Result<AskResponse> {
    let mut events = Box::pin(subscribe(app, caller, started.run_id, 0).await?);
    while let Some((_, event)) = events.next().await {
        match event {
            RunEvent::Finished { response } => return Ok(*response),
            RunEvent::ApprovalRequired { approval } => return Ok(waits(started, caller.lang, &approval)),
            _ => {}
        }
    }
    Err(Error::Internal(format!("run {} ended without an answer", started.run_id)))
}

fn waits(started: AskStarted, lang: Lang, approval: &Approval) -> AskResponse {
    let text = match lang {
        Lang::Ko => format!("결정을 기다리고 있습니다: {}", approval.what),
        Lang::En => format!("Waiting for a decision: {}", approval.what),
    };
    AskResponse {
        run_id: started.run_id,
        thread_id: started.thread_id,
        status: AnswerStatus::Partial,
        answer: text.clone(),
        blocks: vec![AnswerBlock::Text { text, refs: Vec::new() }],
        choices: Vec::new(),
        plan: None,
        steps: Vec::new(),
        evidence: Vec::new(),
        timing_ms: Timing::default(),
        usage: Usage::default(),
        follow_ups: Vec::new(),
    }
}

/// The events of a run after number `after`, from memory or from the journal, whichever server works on it. The last one
/// is [`RunEvent::Finished`].
pub async fn subscribe(
    app: &Shared,
    caller: &Caller,
    id: RunId,
    after: u64,
) -> Result<impl Stream<Item = (u64, RunEvent)> + Send + use<>> {
    caller.grant::<perm::RunRead>()?;
    // Whoever listens may see the run, and goes on doing so while it lasts.
    let live = match app.runs.find(id, caller.tenant) {
        Some(live) if live.user == caller.user => Some(live),
        other => {
            runs::visible(app, caller, id).await?;
            other
        }
    };
    let from_memory = live.filter(|live| after >= live.base() || live.base() == 0);
    let memory = match from_memory {
        Some(live) => hub::listen(live, after).boxed(),
        None => stream::empty().boxed(),
    };
    Ok(runs::follow::continued(app, caller, id, after, memory))
}

/// The answer of a run that has ended.
pub async fn answer(app: &Shared, caller: &Caller, id: RunId) -> Result<AskResponse> {
    runs::answer(app, caller, id).await
}

/// Stops a run, whichever server works on it: steps at work are cancelled, the answer tells what was found until then.
pub async fn cancel(app: &Shared, caller: &Caller, id: RunId) -> Result<()> {
    caller.grant::<perm::ChatUse>()?;
    match app.runs.find(id, caller.tenant) {
        Some(live) if live.user == caller.user => live.cancel.cancel(),
        _ => {
            runs::request_stop(app, caller, id).await?;
            take_up(app).await?;
        }
    }
    Ok(())
}

fn check(request: &AskRequest) -> Result<()> {
    let question = request.question.trim();
    if question.is_empty() {
        return Err(Error::invalid("question", "질문을 입력하세요", "type a question"));
    }
    if question.chars().count() > QUESTION_MAX {
        return Err(Error::invalid(
            "question",
            format!("질문은 {QUESTION_MAX}자를 넘을 수 없습니다"),
            format!("a question has at most {QUESTION_MAX} characters"),
        ));
    }
    if request.context.len() > 50 {
        return Err(Error::invalid("context", "앞선 대화는 50개까지입니다", "at most 50 earlier turns"));
    }
    if let Some(tz) = &request.tz
        && tz.parse::<chrono_tz::Tz>().is_err()
    {
        return Err(Error::invalid(
            "tz",
            format!("시간대 '{tz}'는 없습니다. Asia/Seoul 같은 IANA 이름을 쓰세요"),
            format!("unknown time zone {tz}; use an IANA name such as Asia/Seoul"),
        ));
    }
    Ok(())
}
