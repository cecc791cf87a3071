//! Runs.

use axum::extract::State;
use model::{ApiError, Envelope, RunId, answer::AskResponse};
use services::{app::Shared, ops};

use crate::http::{
    envelope::{Answer, Nothing, Reply},
    extract::{Part, Signed},
};

/// The answer of a run that has ended; its events are at `/api/sse/runs/{id}`.
#[utoipa::path(
    get, path = "/api/v1/runs/{id}", tag = "ask", params(("id" = RunId, Path, description = "The run")),
    responses(
        (status = 200, body = Envelope<AskResponse>),
        (status = 404, description = "There is no such run", body = Envelope<ApiError>),
    )
)]
pub async fn get_run(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
) -> Answer<AskResponse> {
    Ok(Reply(ops::answer(&app, &caller, id).await?))
}

/// Stops a run: steps at work are cancelled, the answer tells what was found until then.
#[utoipa::path(
    post, path = "/api/v1/runs/{id}/cancel", tag = "ask", params(("id" = RunId, Path, description = "The run")),
    responses(
        (status = 200, body = Envelope<Nothing>),
        (status = 404, description = "There is no such run at work", body = Envelope<ApiError>),
    )
)]
pub async fn cancel_run(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<RunId>,
) -> Answer<Nothing> {
    ops::cancel(&app, &caller, id).await?;
    Ok(Reply(Nothing {}))
}
