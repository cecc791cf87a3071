//! Runs: listed, looked at step by step, compared, forked, stopped, decided.

use leptos::prelude::*;
use model::{RunId, answer::AskStarted, run::*};

use super::{ServerError, Wire};

/// A page of runs, newest first.
#[server(name = ListRunsFn, endpoint = "runs/list", protocol = Wire)]
pub async fn list_runs(query: RunQuery) -> Result<RunPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::list(&call.app, &call.caller, query).await?)
}

/// A run with its first steps.
#[server(name = GetRunFn, endpoint = "runs/get", protocol = Wire)]
pub async fn get_run(id: RunId) -> Result<RunDetail, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::get(&call.app, &call.caller, id).await?)
}

/// More steps of a run, in the order of beginning; `after` is `next` of the page before, 0 for the first. At most 2 000.
#[server(name = RunStepsFn, endpoint = "runs/steps", protocol = Wire)]
pub async fn run_steps(id: RunId, after: u32, limit: u32) -> Result<StepPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::steps(&call.app, &call.caller, id, after, limit).await?)
}

/// A step with its arguments and rows of its output from `offset`, at most 500.
#[server(name = RunStepFn, endpoint = "runs/step", protocol = Wire)]
pub async fn run_step(id: RunId, path: String, offset: u64, limit: u32) -> Result<StepDetail, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::step(&call.app, &call.caller, id, &path, offset, limit).await?)
}

/// Two runs side by side.
#[server(name = CompareRunsFn, endpoint = "runs/compare", protocol = Wire)]
pub async fn compare_runs(a: RunId, b: RunId) -> Result<RunComparison, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::compare(&call.app, &call.caller, a, b).await?)
}

/// Runs again from a step; the stream of the new run is `/api/sse/runs/{run_id}`.
#[server(name = ForkRunFn, endpoint = "runs/fork", protocol = Wire)]
pub async fn fork_run(id: RunId, fork: Fork) -> Result<AskStarted, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::fork(&call.app, &call.caller, id, fork).await?)
}

/// Stops a run, wherever it is at work.
#[server(name = StopRunFn, endpoint = "runs/stop", protocol = Wire)]
pub async fn stop_run(id: RunId) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::cancel(&call.app, &call.caller, id).await?)
}

/// What waits for a decision (or, with `decided`, was decided lately), newest first, at most 200.
#[server(name = ListApprovalsFn, endpoint = "runs/approvals", protocol = Wire)]
pub async fn list_approvals(decided: bool) -> Result<Vec<Approval>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::approvals(&call.app, &call.caller, decided).await?)
}

/// Decides; the run goes on.
#[server(name = DecideFn, endpoint = "runs/decide", protocol = Wire)]
pub async fn decide(id: RunId, step: String, decision: Decision) -> Result<Approval, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::decide(&call.app, &call.caller, id, &step, decision).await?)
}
