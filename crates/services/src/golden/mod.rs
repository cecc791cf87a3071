//! Golden questions: answers a person found right. They are asked again on demand and on schedule; what differs in
//! status, numbers, plan or text is kept.
//!
//! Invariant: a check by schedule works with the rights its owner has at that moment, never with those of the day it
//! was pinned. Invariant: of any number of replicas one takes a check that is due.

mod compare;
mod store;
mod watch;

use chrono::Utc;
use model::{
    ApiError, CheckId, ErrorCode, GoldenId, RunId,
    answer::{AnswerStatus, AskRequest, AskResponse, ContextTurn},
    chat::Turn,
    golden::{CheckOutcome, Golden, GoldenCheck, GoldenRules, GoldenSummary, PinGolden},
    perm::{GoldenManage, RunRead},
};
use serde_json::json;
use uuid::Uuid;

pub use watch::check_due;

use self::compare::Expected;
use crate::{
    access::Caller,
    app::{App, Shared},
    audit, chat,
    error::{Error, Result},
    ops,
};

/// Most golden questions of a tenant.
const MOST: i64 = 500;
/// Longest note, in characters.
const NOTE_MAX: usize = 500;
/// Bounds of the schedule, in minutes.
const EVERY: std::ops::RangeInclusive<u32> = 5..=43_200;
/// Earlier turns a question is asked again with.
const TURNS: usize = 12;

/// The golden questions of the tenant, the ones that changed first, then newest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<GoldenSummary>> {
    let may = caller.grant::<RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    store::list(&mut tx, may).await
}

/// A golden question with its checks.
pub async fn get(app: &App, caller: &Caller, id: GoldenId) -> Result<Golden> {
    let may = caller.grant::<RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    store::get(&mut tx, may, id).await?.ok_or_else(|| missing(id))
}

/// Pins the answer of a run.
pub async fn pin(app: &Shared, caller: &Caller, request: PinGolden) -> Result<GoldenId> {
    let may = caller.grant::<GoldenManage>()?;
    check_rules(&request.rules)?;
    let answer = ops::answer(app, caller, request.run_id).await?;
    if matches!(answer.status, AnswerStatus::Failed | AnswerStatus::Partial) {
        return Err(Error::invalid(
            "run_id",
            "실패했거나 일부만 답한 실행은 기준 답으로 고정할 수 없습니다. 온전한 답을 고르세요",
            "a run that failed or answered in part cannot be golden; choose a whole answer",
        ));
    }
    let (turn, before) = turn_of(app, caller, &answer).await?;
    let id = GoldenId(Uuid::now_v7());
    let asked = AskRequest {
        question: turn.question.clone(),
        thread_id: None,
        context: before,
        as_of: Some(turn.asked_at),
        lang: answer.plan.as_ref().map(|plan| plan.lang),
        tz: answer.plan.as_ref().map(|plan| plan.tz.clone()).filter(|tz| !tz.is_empty()),
    };
    let new = store::NewGolden {
        id,
        run: request.run_id,
        request: serde_json::to_value(&asked)?,
        expected: serde_json::to_value(Expected::of(&answer))?,
        question: &asked.question,
        rules: &request.rules,
        due: watch::next(&request.rules, Utc::now()),
    };
    let mut tx = app.db.tenant(caller).await?;
    if store::count(&mut tx, may).await? >= MOST {
        return Err(ApiError::new(
            ErrorCode::TooMany,
            format!("기준 질문은 {MOST}개까지입니다"),
            format!("there are at most {MOST} golden questions"),
        )
        .with_hint("쓰지 않는 것을 지우세요", "remove some that are no longer needed")
        .into());
    }
    store::insert(&mut tx, may, caller, new).await?;
    let entry = audit::Entry::by(caller, "golden.pinned", id.to_string())
        .after(json!({"question": asked.question, "run": request.run_id}));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    Ok(id)
}

/// The turn a run answered, and the turns before it as context.
async fn turn_of(app: &App, caller: &Caller, answer: &AskResponse) -> Result<(Turn, Vec<ContextTurn>)> {
    let thread = chat::thread(app, caller, answer.thread_id).await?;
    let at = thread
        .turns
        .iter()
        .position(|turn| turn.run_id == answer.run_id)
        .ok_or_else(|| chat::missing_run(answer.run_id))?;
    let mut turns = thread.turns;
    turns.truncate(at + 1);
    let turn = turns.pop().ok_or_else(|| chat::missing_run(answer.run_id))?;
    let from = turns.len().saturating_sub(TURNS);
    let before = turns
        .into_iter()
        .skip(from)
        .map(|turn| ContextTurn {
            user: turn.question,
            assistant: turn.answer.map(|answer| answer.answer).unwrap_or_default(),
        })
        .collect();
    Ok((turn, before))
}

/// Changes how a golden question is checked.
pub async fn change(app: &App, caller: &Caller, id: GoldenId, rules: GoldenRules) -> Result<()> {
    let may = caller.grant::<GoldenManage>()?;
    check_rules(&rules)?;
    let mut tx = app.db.tenant(caller).await?;
    if !store::change(&mut tx, may, id, &rules, watch::next(&rules, Utc::now())).await? {
        return Err(missing(id));
    }
    let entry = audit::Entry::by(caller, "golden.changed", id.to_string()).after(json!(rules));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await
}

/// Takes the answer of a check as the one that is to come out from now on.
pub async fn accept(app: &Shared, caller: &Caller, id: GoldenId, run: RunId) -> Result<()> {
    let may = caller.grant::<GoldenManage>()?;
    let mut tx = app.db.tenant(caller).await?;
    if store::asked(&mut tx, caller.grant::<RunRead>()?, id).await?.is_none() {
        return Err(missing(id));
    }
    let owner = store::checked_by(&mut tx, may, id, run).await?.ok_or_else(|| {
        Error::invalid(
            "run_id",
            "이 기준 질문을 점검한 실행이 아닙니다",
            "this run is not of a check of the golden question",
        )
    })?;
    drop(tx);
    // The run belongs to whoever checked; its answer is read as that person.
    let answer = ops::answer(app, &Caller { user: owner, ..caller.clone() }, run).await?;
    let expected = serde_json::to_value(Expected::of(&answer))?;
    let mut tx = app.db.tenant(caller).await?;
    if !store::replace(&mut tx, may, id, run, expected).await? {
        return Err(missing(id));
    }
    let entry = audit::Entry::by(caller, "golden.accepted", id.to_string()).after(json!({"run": run}));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await
}

/// Removes a golden question with its checks.
pub async fn remove(app: &App, caller: &Caller, id: GoldenId) -> Result<()> {
    let may = caller.grant::<GoldenManage>()?;
    let mut tx = app.db.tenant(caller).await?;
    let Some(question) = store::remove(&mut tx, may, id).await? else { return Err(missing(id)) };
    let entry =
        audit::Entry::by(caller, "golden.removed", id.to_string()).before(json!({"question": question}));
    audit::record(tx.conn(), entry).await?;
    tx.commit().await
}

/// Asks a golden question again now.
pub async fn check(app: &Shared, caller: &Caller, id: GoldenId) -> Result<GoldenCheck> {
    caller.grant::<GoldenManage>()?;
    run_check(app, caller, id, false).await
}

/// Asks again, compares and keeps the outcome. What goes wrong while asking is an outcome, not an error.
async fn run_check(app: &Shared, caller: &Caller, id: GoldenId, scheduled: bool) -> Result<GoldenCheck> {
    let may = caller.grant::<RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let (request, expected, same_moment) =
        store::asked(&mut tx, may, id).await?.ok_or_else(|| missing(id))?;
    drop(tx);
    let mut request: AskRequest = serde_json::from_value(request)?;
    let expected: Expected = serde_json::from_value(expected)?;
    if !same_moment {
        request.as_of = None;
    }
    let mut made = GoldenCheck {
        id: CheckId(Uuid::now_v7()),
        at: Utc::now(),
        scheduled,
        outcome: CheckOutcome::Failed,
        run_id: None,
        ms: None,
        differences: Vec::new(),
        error: None,
    };
    match ops::ask(app, caller, request).await {
        Ok(answer) => {
            made.run_id = Some(answer.run_id);
            made.ms = Some(answer.timing_ms.total);
            (made.outcome, made.differences) = compare::compare(&expected, &Expected::of(&answer));
            // The conversation of a check is nobody's; the run stays.
            chat::remove(app, caller, answer.thread_id).await?;
        }
        Err(error) => {
            tracing::warn!(golden.id = %id, cause = %error, "a golden question could not be asked");
            made.error = Some(error.to_api().message.get(caller.lang).to_owned());
        }
    }
    let mut tx = app.db.tenant(caller).await?;
    store::add_check(&mut tx, caller, id, &made).await?;
    tx.commit().await?;
    if made.outcome == CheckOutcome::Changed {
        tracing::warn!(golden.id = %id, run.id = ?made.run_id, differences = made.differences.len(), "a golden answer changed");
    }
    Ok(made)
}

fn check_rules(rules: &GoldenRules) -> Result<()> {
    if rules.note.chars().count() > NOTE_MAX {
        return Err(Error::invalid(
            "rules.note",
            format!("메모는 {NOTE_MAX}자까지입니다"),
            format!("a note has at most {NOTE_MAX} characters"),
        ));
    }
    if rules.every_min != 0 && !EVERY.contains(&rules.every_min) {
        return Err(Error::invalid(
            "rules.every_min",
            "점검 간격은 5분에서 43,200분(30일) 사이이거나, 직접 점검할 때는 0입니다",
            "checks are 5 to 43,200 minutes (30 days) apart, or 0 to check on demand",
        ));
    }
    Ok(())
}

fn missing(id: GoldenId) -> Error {
    Error::not_found(format!("기준 질문이 없습니다: {id}"), format!("golden question {id} not found"))
}
