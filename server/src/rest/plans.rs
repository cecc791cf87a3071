//! Plans before they run, templates of them, and the tools they are made of.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::{
    ApiError, Envelope,
    answer::{AskResponse, AskStarted},
    run::{NewTemplate, PlanTemplate, ProposePlan, ProposedPlan, RunPlan},
    tools::ToolSpec,
};
use services::{app::Shared, ops, runs::templates};

use crate::http::{
    envelope::{Answer, Failure, Nothing, Reply},
    extract::{Body, Part, Signed},
};

/// Makes a plan for a question, or checks a given one. Nothing runs.
#[utoipa::path(
    post, path = "/api/v1/plans", tag = "plans", request_body = ProposePlan,
    responses((status = 200, body = Envelope<ProposedPlan>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn propose_plan(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<ProposePlan>,
) -> Answer<ProposedPlan> {
    Ok(Reply(ops::propose(&app, &caller, request).await?))
}

/// Runs a plan, or a template by name with arguments.
///
/// With `wait` the answer comes when it is whole; without, the run's stream is `/api/sse/runs/{run_id}`.
#[utoipa::path(
    post, path = "/api/v1/plans/run", tag = "plans", request_body = RunPlan,
    responses(
        (status = 200, description = "The answer, with `wait`", body = Envelope<AskResponse>),
        (status = 202, description = "It began", body = Envelope<AskStarted>),
        (status = 400, description = "The plan cannot run; `fields` says why", body = Envelope<ApiError>),
        (status = 404, body = Envelope<ApiError>),
    )
)]
pub async fn run_plan(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<RunPlan>,
) -> Result<Response, Failure> {
    if request.wait {
        return Ok(Reply(ops::run_plan_and_wait(&app, &caller, request).await?).into_response());
    }
    let started = ops::run_plan(&app, &caller, request).await?;
    Ok((StatusCode::ACCEPTED, Reply(started)).into_response())
}

/// Templates of the tenant by name.
#[utoipa::path(
    get, path = "/api/v1/plans/templates", tag = "plans",
    responses((status = 200, body = Envelope<Vec<PlanTemplate>>))
)]
pub async fn list_templates(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Vec<PlanTemplate>> {
    Ok(Reply(templates::list(&app, &caller).await?))
}

/// Saves a template: a new one with version 0, or in place of the version named.
#[utoipa::path(
    post, path = "/api/v1/plans/templates", tag = "plans", request_body = NewTemplate,
    responses(
        (status = 200, body = Envelope<PlanTemplate>), (status = 400, body = Envelope<ApiError>),
        (status = 403, body = Envelope<ApiError>),
        (status = 409, description = "Another version came first", body = Envelope<ApiError>),
    )
)]
pub async fn save_template(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(template): Body<NewTemplate>,
) -> Answer<PlanTemplate> {
    Ok(Reply(ops::save_template(&app, &caller, template).await?))
}

/// A template by name.
#[utoipa::path(
    get, path = "/api/v1/plans/templates/{name}", tag = "plans",
    params(("name" = String, Path, description = "The name")),
    responses((status = 200, body = Envelope<PlanTemplate>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_template(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(name): Part<String>,
) -> Answer<PlanTemplate> {
    Ok(Reply(templates::get(&app, &caller, &name).await?))
}

/// Removes a template.
#[utoipa::path(
    delete, path = "/api/v1/plans/templates/{name}", tag = "plans",
    params(("name" = String, Path, description = "The name")),
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn remove_template(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(name): Part<String>,
) -> Answer<Nothing> {
    templates::remove(&app, &caller, &name).await?;
    Ok(Reply(Nothing {}))
}

/// Every tool the caller may use, with JSON schemas of what goes in and comes out.
#[utoipa::path(
    get, path = "/api/v1/tools", tag = "plans",
    responses((status = 200, body = Envelope<Vec<ToolSpec>>))
)]
pub async fn list_tools(Signed(caller): Signed) -> Answer<Vec<ToolSpec>> {
    Ok(Reply(ops::tools_of(&caller)))
}
