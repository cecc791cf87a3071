//! Questions: planned by rules, carried out step by step, composed into an answer with evidence, kept as a run.
//!
//! Invariant: every question leaves a run, whatever became of it; listeners get its events in order and once each.

mod answering;
mod hub;
mod plans;
mod schema;
mod tools;

use futures::{Stream, StreamExt, future, stream};
use model::{
    RunId,
    answer::{AskRequest, AskResponse, AskStarted, RunEvent},
    perm,
};

pub use hub::Hub;
pub use plans::{decide, fork, propose, run_plan, save_template};
pub use tools::{specs, tools_of};

use crate::{
    access::Caller,
    app::Shared,
    chat,
    error::{Error, Result},
    runs,
};

/// Longest question, in characters.
const QUESTION_MAX: usize = 4_000;

/// Begins to answer a question; [`subscribe`] tells how it goes.
pub async fn start(app: &Shared, caller: &Caller, request: AskRequest) -> Result<AskStarted> {
    caller.grant::<perm::ChatUse>()?;
    check(&request)?;
    answering::begin(app, caller, request).await
}

/// Answers a question and waits for the answer.
pub async fn ask(app: &Shared, caller: &Caller, request: AskRequest) -> Result<AskResponse> {
    let started = start(app, caller, request).await?;
    let mut events = Box::pin(subscribe(app, caller, started.run_id, 0).await?);
    while let Some((_, event)) = events.next().await {
        if let RunEvent::Finished { response } = event {
            return Ok(*response);
        }
    }
    Err(Error::Internal(format!("run {} ended without an answer", started.run_id)))
}

/// The events of a run after number `after`. A run that ended long ago gives its answer only.
pub async fn subscribe(
    app: &Shared,
    caller: &Caller,
    id: RunId,
    after: u64,
) -> Result<impl Stream<Item = (u64, RunEvent)> + Send + use<>> {
    caller.grant::<perm::RunRead>()?;
    if let Some(live) = app.runs.find(id, caller.tenant, caller.user) {
        return Ok(hub::listen(live, after).left_stream());
    }
    let response = runs::answer(app, caller, id).await?;
    let event = RunEvent::Finished { response: Box::new(response) };
    Ok(stream::once(future::ready((after + 1, event))).right_stream())
}

/// The answer of a run that has ended.
pub async fn answer(app: &Shared, caller: &Caller, id: RunId) -> Result<AskResponse> {
    runs::answer(app, caller, id).await
}

/// Stops a run: steps at work are cancelled, the answer tells what was found until then.
pub async fn cancel(app: &Shared, caller: &Caller, id: RunId) -> Result<()> {
    caller.grant::<perm::ChatUse>()?;
    let live = app.runs.find(id, caller.tenant, caller.user).ok_or_else(|| chat::missing_run(id))?;
    live.cancel.cancel();
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
            format!("시간대 {tz}을(를) 모릅니다. Asia/Seoul 같은 IANA 이름을 쓰세요"),
            format!("unknown time zone {tz}; use an IANA name such as Asia/Seoul"),
        ));
    }
    Ok(())
}
