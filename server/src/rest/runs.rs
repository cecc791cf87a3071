//! Runs: listed, looked at, compared, forked, stopped, decided.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use model::{
    ApiError, Envelope, RunId, UserId,
    answer::{AskResponse, AskStarted},
    run::{
        Approval, Decision, Fork, RunComparison, RunDetail, RunPage, RunQuery, RunStatus, StepDetail,
        StepPage,
    },
};
use serde::Deserialize;
use services::{Error, app::Shared, ops, runs};
use utoipa::IntoParams;

use crate::http::{
    envelope::{Answer, Failure, Nothing, Reply},
    extract::{Args, Body, Part, Signed},
};

/// Which runs to list; all conditions hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListArgs {
    /// Statuses, separated by commas: `running`, `waiting`, `answered`, `clarify`, `unanswerable`, `refused`, `partial`,
    /// `failed`, `cancelled`.
    #[serde(default)]
    status: String,
    /// Kinds, separated by commas: `ask`, `plan`.
    #[serde(default)]
    kind: String,
    /// Runs of this person.
    user: Option<UserId>,
    /// Started at or after.
    from: Option<DateTime<Utc>>,
    /// Started before.
    until: Option<DateTime<Utc>>,
    /// Words of the question, name of a template or person, or a trace id.
    #[serde(default)]
    text: String,
    /// Took at least so many milliseconds.
    min_ms: Option<f64>,
    /// `next` of the page before.
    after: Option<String>,
    /// Most rows, 50 when absent, at most 200.
    #[serde(default)]
    limit: u32,
}

impl ListArgs {
    fn query(self) -> Result<RunQuery, Error> {
        let words = |text: &str| -> Vec<String> {
            text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let status = words(&self.status)
            .iter()
            .map(|word| word.parse::<RunStatus>().map_err(|_| unknown_status(word)))
            .collect::<Result<_, _>>()?;
        Ok(RunQuery {
            status,
            kind: words(&self.kind),
            user: self.user,
            from: self.from,
            until: self.until,
            text: self.text,
            min_ms: self.min_ms,
            after: self.after,
            limit: self.limit,
        })
    }
}

fn unknown_status(word: &str) -> Error {
    let known: Vec<&str> = RunStatus::ALL.iter().map(|status| status.as_str()).collect();
    let known = known.join(", ");
    Error::invalid(
        "status",
        format!("상태 {word}은(는) 없습니다. 쓸 수 있는 상태: {known}"),
        format!("there is no status {word}; there are {known}"),
    )
}

/// Runs, newest first: one's own, for managers those of everybody.
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "runs", params(ListArgs),
    responses((status = 200, body = Envelope<RunPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn list_runs(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(args): Args<ListArgs>,
) -> Answer<RunPage> {
    Ok(Reply(runs::list(&app, &caller, args.query()?).await?))
}

/// A run with its plan, its first steps, its answer, decisions and what it used.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}", tag = "runs", params(("id" = RunId, Path, description = "The run")),
    responses((status = 200, body = Envelope<RunDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_run(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
) -> Answer<RunDetail> {
    Ok(Reply(runs::get(&app, &caller, id).await?))
}

/// The answer of a run of the caller that has ended.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}/answer", tag = "runs", params(("id" = RunId, Path, description = "The run")),
    responses((status = 200, body = Envelope<AskResponse>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_run_answer(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
) -> Answer<AskResponse> {
    Ok(Reply(ops::answer(&app, &caller, id).await?))
}

/// Which steps to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StepsArgs {
    /// `next` of the page before.
    #[serde(default)]
    after: u32,
    /// Most steps, 500 when absent, at most 2 000.
    #[serde(default)]
    limit: u32,
}

/// Steps of a run in the order of beginning.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}/steps", tag = "runs",
    params(("id" = RunId, Path, description = "The run"), StepsArgs),
    responses((status = 200, body = Envelope<StepPage>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn list_steps(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
    Args(args): Args<StepsArgs>,
) -> Answer<StepPage> {
    Ok(Reply(runs::steps(&app, &caller, id, args.after, args.limit).await?))
}

/// Which step, and which rows of its output.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StepArgs {
    /// Name of the step in the run, as `s2[3].s3`.
    path: String,
    /// First row of the output.
    #[serde(default)]
    offset: u64,
    /// Most rows, 100 when absent, at most 500.
    #[serde(default)]
    limit: u32,
}

/// A step with its input and rows of its output.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}/step", tag = "runs",
    params(("id" = RunId, Path, description = "The run"), StepArgs),
    responses((status = 200, body = Envelope<StepDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_step(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
    Args(args): Args<StepArgs>,
) -> Answer<StepDetail> {
    Ok(Reply(runs::step(&app, &caller, id, &args.path, args.offset, args.limit).await?))
}

/// Two runs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompareArgs {
    /// The first.
    a: RunId,
    /// The second.
    b: RunId,
}

/// Two runs side by side.
#[utoipa::path(
    get, path = "/api/v1/runs/compare", tag = "runs", params(CompareArgs),
    responses((status = 200, body = Envelope<RunComparison>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn compare_runs(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(args): Args<CompareArgs>,
) -> Answer<RunComparison> {
    Ok(Reply(runs::compare(&app, &caller, args.a, args.b).await?))
}

/// Runs again from a step, with other arguments if given; what does not depend on it is taken over.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/fork", tag = "runs", params(("id" = RunId, Path, description = "The run")),
    request_body = Fork,
    responses(
        (status = 202, description = "It began; its stream is `/api/sse/runs/{run_id}`", body = Envelope<AskStarted>),
        (status = 400, body = Envelope<ApiError>), (status = 404, body = Envelope<ApiError>),
    )
)]
pub async fn fork_run(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
    Body(fork): Body<Fork>,
) -> Result<Response, Failure> {
    let started = ops::fork(&app, &caller, id, fork).await?;
    Ok((StatusCode::ACCEPTED, Reply(started)).into_response())
}

/// Stops a run, whichever server works on it; its answer tells what was found until then.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/stop", tag = "runs", params(("id" = RunId, Path, description = "The run")),
    responses(
        (status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>),
        (status = 409, description = "It has ended already", body = Envelope<ApiError>),
    )
)]
pub async fn stop_run(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
) -> Answer<Nothing> {
    ops::cancel(&app, &caller, id).await?;
    Ok(Reply(Nothing {}))
}

/// Which decisions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApprovalArgs {
    /// True for those that were decided; otherwise those that wait.
    #[serde(default)]
    decided: bool,
}

/// What waits for a decision, newest first, at most 200.
#[utoipa::path(
    get, path = "/api/v1/approvals", tag = "runs", params(ApprovalArgs),
    responses((status = 200, body = Envelope<Vec<Approval>>))
)]
pub async fn list_approvals(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(args): Args<ApprovalArgs>,
) -> Answer<Vec<Approval>> {
    Ok(Reply(runs::approvals(&app, &caller, args.decided).await?))
}

/// Which step of the run is decided.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DecideArgs {
    /// Name of the step that waits.
    step: String,
}

/// Decides what a run waits for; the run goes on.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/decide", tag = "runs",
    params(("id" = RunId, Path, description = "The run"), DecideArgs), request_body = Decision,
    responses(
        (status = 200, body = Envelope<Approval>), (status = 403, body = Envelope<ApiError>),
        (status = 404, body = Envelope<ApiError>),
        (status = 409, description = "It was decided before, or its time has passed", body = Envelope<ApiError>),
    )
)]
pub async fn decide(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
    Args(args): Args<DecideArgs>,
    Body(decision): Body<Decision>,
) -> Answer<Approval> {
    Ok(Reply(ops::decide(&app, &caller, id, &args.step, decision).await?))
}
