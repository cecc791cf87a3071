//! Runs: whatever executes leaves one, with its steps. Here they are kept and read; `ops` makes them.
//!
//! Invariants: a finished step is written once and never changed; only the server that holds the lease of a run writes to
//! it; what a run gave is readable after its memory is gone. People see their own runs, managers those of everybody.

mod approvals;
mod blob;
mod compare;
pub(crate) mod follow;
pub mod journal;
mod read;
pub(crate) mod store;
pub mod templates;

use chrono::{DateTime, Utc};
use model::{
    ApiError, ErrorCode, RunId, UserId,
    answer::AskResponse,
    perm,
    plan::{Kind, Plan},
    run::{RunDetail, RunPage, RunQuery, Spent, StepDetail, StepPage},
    tools::ToolOutput,
};
use serde_json::{Value, json};
use uuid::Uuid;

pub use approvals::approvals;
pub(crate) use approvals::decide;
pub use compare::compare;

use crate::{
    access::{Caller, Granted},
    app::App,
    chat,
    db::{SystemReason, TenantTx},
    error::{Error, Result},
};

/// Runs of a page when none are asked for, and at most.
const PAGE: u32 = 50;
const PAGE_MAX: u32 = 200;
/// Steps that come with a run.
const FIRST_STEPS: u32 = 500;
/// Steps an answer tells of; of more only those of the plan itself.
const STEPS_WITH_ANSWER: usize = 500;
/// Most steps of a page.
const STEPS_MAX: u32 = 2_000;
/// Days steps, events and outputs are kept, and headers.
const STEP_DAYS: f64 = 30.0;
const RUN_DAYS: f64 = 365.0;
/// Rows removed at a time.
const PORTION: i64 = 10_000;
/// Most rows of an output at a time.
const ROWS_MAX: u32 = 500;

/// The answer of a run of the caller that has ended.
pub async fn answer(app: &App, caller: &Caller, id: RunId) -> Result<AskResponse> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    store::response(&mut tx, may, caller.user, id).await?.ok_or_else(|| chat::missing_run(id))
}

/// An answer tells of every step as long as they are few. Of thousands it keeps those of the plan itself; the rounds of its
/// loops and what its sub-plans did are read page by page ([`steps`]).
pub fn few_steps(response: &mut AskResponse) {
    if response.steps.len() > STEPS_WITH_ANSWER {
        response.steps.retain(|step| !step.id.contains(['[', '.']));
    }
}

/// Whose runs a caller sees: everybody's, or one's own.
pub(crate) fn seen_by(caller: &Caller) -> Option<UserId> {
    caller.grant::<perm::RunReadAll>().is_err().then_some(caller.user)
}

/// A page of runs, newest first.
pub async fn list(app: &App, caller: &Caller, query: RunQuery) -> Result<RunPage> {
    let may = caller.grant::<perm::RunRead>()?;
    let after = query.after.as_deref().map(parse_cursor).transpose()?;
    let limit = if query.limit == 0 { PAGE } else { query.limit.min(PAGE_MAX) };
    let filter = read::Filter {
        user: seen_by(caller).or(query.user),
        after,
        limit: i64::from(limit) + 1,
        query: &query,
    };
    let mut tx = app.db.tenant(caller).await?;
    let mut items = read::list(&mut tx, may, &filter).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let mut page = RunPage {
        next: items.last().filter(|_| more).map(|run| cursor(run.started_at, run.id)),
        items,
        ..RunPage::default()
    };
    if after.is_none() {
        for (kind, status, count) in read::counts(&mut tx, may, &filter).await? {
            add(&mut page.kinds, kind, count);
            add(&mut page.statuses, read::stored_status(&status)?, count);
        }
    }
    Ok(page)
}

fn add<K: PartialEq>(counts: &mut Vec<(K, u64)>, key: K, count: u64) {
    match counts.iter_mut().find(|(known, _)| *known == key) {
        Some((_, n)) => *n += count,
        None => counts.push((key, count)),
    }
}

fn cursor(at: DateTime<Utc>, id: RunId) -> String {
    format!("{}_{}", at.timestamp_micros(), id.0.simple())
}

fn parse_cursor(text: &str) -> Result<(DateTime<Utc>, Uuid)> {
    let parts = text.split_once('_').and_then(|(at, id)| {
        Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, Uuid::parse_str(id).ok()?))
    });
    parts.ok_or_else(|| {
        Error::invalid(
            "after",
            "다음 쪽의 표시가 아닙니다. 앞 쪽의 next 값을 그대로 보내세요",
            "this is no mark of a next page; send `next` of the page before as it is",
        )
    })
}

/// A run with its first steps.
pub async fn get(app: &App, caller: &Caller, id: RunId) -> Result<RunDetail> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let stored = held(&mut tx, may, caller, id).await?;
    let steps = page(&mut tx, may, id, 0, FIRST_STEPS).await?;
    let mut subplans = Vec::new();
    for event in read::events(&mut tx, may, id, "expanded").await? {
        if let Some(step) = event.get("id").and_then(Value::as_str)
            && let Some(plan) = event.get("plan")
        {
            subplans.push((step.to_owned(), serde_json::from_value::<Plan>(plan.clone())?));
        }
    }
    let replans = read::events(&mut tx, may, id, "replanned")
        .await?
        .iter()
        .filter_map(|event| event.get("why")?.as_str().map(str::to_owned))
        .collect();
    Ok(RunDetail {
        approvals: approvals::of_run(&mut tx, may, caller, id).await?,
        forks: read::forks(&mut tx, may, id).await?,
        run: stored.summary,
        request: stored.request,
        plan: stored.plan,
        subplans,
        replans,
        steps,
        spent: serde_json::from_value::<Spent>(stored.spent)?,
        response: stored.response,
    })
}

/// A run the caller may see.
pub(crate) async fn held(
    tx: &mut TenantTx<'_>,
    may: Granted<perm::RunRead>,
    caller: &Caller,
    id: RunId,
) -> Result<read::Stored> {
    read::run(tx, may, seen_by(caller), id).await?.ok_or_else(|| chat::missing_run(id))
}

/// How many steps a run left that the caller may see; nothing else of it is read.
async fn seen(tx: &mut TenantTx<'_>, may: Granted<perm::RunRead>, caller: &Caller, id: RunId) -> Result<u32> {
    read::seen(tx, may, seen_by(caller), id).await?.ok_or_else(|| chat::missing_run(id))
}

/// Steps of a run from `after` on, in the order of beginning.
pub async fn steps(app: &App, caller: &Caller, id: RunId, after: u32, limit: u32) -> Result<StepPage> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    seen(&mut tx, may, caller, id).await?;
    let limit = if limit == 0 { FIRST_STEPS } else { limit.min(STEPS_MAX) };
    page(&mut tx, may, id, after, limit).await
}

async fn page(
    tx: &mut TenantTx<'_>,
    may: Granted<perm::RunRead>,
    id: RunId,
    after: u32,
    limit: u32,
) -> Result<StepPage> {
    let total = read::step_count(tx, may, id).await?;
    let items = read::steps(tx, may, id, after, limit).await?;
    let end = after.saturating_add(u32::try_from(items.len()).unwrap_or(u32::MAX));
    Ok(StepPage { items, total, next: (end < total).then_some(end) })
}

/// A step with its arguments and rows of its output from `offset`.
pub async fn step(
    app: &App,
    caller: &Caller,
    id: RunId,
    path: &str,
    offset: u64,
    limit: u32,
) -> Result<StepDetail> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let stored = held(&mut tx, may, caller, id).await?;
    let (step, args, hash) = match read::step(&mut tx, may, id, path).await? {
        Some(found) => found,
        None if stored.summary.steps > 0 && read::step_count(&mut tx, may, id).await? == 0 => {
            return Err(swept_step(path));
        }
        None => return Err(missing_step(path)),
    };
    let output = match &hash {
        Some(hash) => read::blob(&mut tx, hash).await?,
        None => None,
    };
    let kept = output.is_some() || hash.is_none();
    let output: ToolOutput = output.map(serde_json::from_value).transpose()?.unwrap_or_default();
    let limit = if limit == 0 { 100 } else { limit.min(ROWS_MAX) } as usize;
    let from = usize::try_from(offset).unwrap_or(usize::MAX);
    let evidence = stored.response.as_ref().map_or_else(Vec::new, |response| {
        response.evidence.iter().filter(|found| found.step == path).map(|found| found.n).collect()
    });
    let mut more = json!({});
    if let Some(more) = more.as_object_mut() {
        more.extend(output.graph.as_ref().map(|graph| ("graph".to_owned(), json!(graph))));
        if !output.series.is_empty() {
            more.insert("series".to_owned(), json!(output.series));
        }
    }
    Ok(StepDetail {
        planned: planned(stored.plan.as_ref(), path),
        total: output.rows.len() as u64,
        known: output.total,
        rows: output.rows.into_iter().skip(from).take(limit).collect(),
        columns: output.columns,
        notes: output.notes,
        assets: output.assets,
        offset,
        step,
        args,
        more,
        kept,
        evidence,
    })
}

/// The arguments a step has in the plan: by the last part of its name, `s2[3].s3` is `s3`.
fn planned(plan: Option<&Plan>, path: &str) -> Option<Value> {
    let id = path.rsplit('.').next()?;
    plan?.nodes().into_iter().find(|node| node.id == id).and_then(|node| match &node.kind {
        Kind::Tool { args, .. } | Kind::Call { args, .. } => Some(Value::Object(args.clone())),
        _ => None,
    })
}

/// The run is there, its steps are older than steps are kept.
fn swept_step(path: &str) -> Error {
    Error::not_found(
        format!("단계 {path}은(는) 더 이상 보관하지 않습니다. 단계는 {STEP_DAYS}일 동안 보관합니다"),
        format!("step {path} is no longer kept; steps are kept for {STEP_DAYS} days"),
    )
}

fn missing_step(path: &str) -> Error {
    Error::not_found(format!("단계 {path}이(가) 없습니다"), format!("there is no step {path}"))
}

/// Whether the caller may see a run; an error when not.
pub(crate) async fn visible(app: &App, caller: &Caller, id: RunId) -> Result<()> {
    let may = caller.grant::<perm::RunRead>()?;
    // Thousands who open their streams at once wait here, not for a connection others need.
    let _turn = app.runs.lookout().turn().await;
    let mut tx = app.db.tenant(caller).await?;
    seen(&mut tx, may, caller, id).await.map(drop)
}

/// Asks whoever works on a run of the caller to stop; managers may stop those of others.
pub(crate) async fn request_stop(app: &App, caller: &Caller, id: RunId) -> Result<()> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    seen(&mut tx, may, caller, id).await?;
    if !store::request_stop(&mut tx, id).await? {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "이 실행은 이미 끝났습니다",
            "this run has ended already",
        )
        .into());
    }
    tx.commit().await
}

/// Ends runs that nobody can go on with; called at start. Those that can go on are taken up by `ops::work`.
pub async fn recover(app: &App) -> Result<u64> {
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let ended = store::end_hopeless(&mut tx).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Denies what nobody decided in time.
pub(crate) async fn expire_approvals(app: &App) -> Result<u64> {
    let mut tx = app.db.system(SystemReason::Schedule).await?;
    let expired = approvals::expire(&mut tx).await?;
    tx.commit().await?;
    Ok(expired)
}

/// Removes what is older than it is kept, in portions that hold no lock for long.
pub async fn sweep(app: &App) -> Result<u64> {
    let mut gone = 0;
    loop {
        let mut tx = app.db.system(SystemReason::Sweep).await?;
        let rows = store::sweep(&mut tx, STEP_DAYS, RUN_DAYS, PORTION).await?;
        tx.commit().await?;
        gone += rows;
        if rows == 0 {
            return Ok(gone);
        }
    }
}
