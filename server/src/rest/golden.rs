//! Golden questions.

use axum::extract::State;
use model::{
    ApiError, Envelope, GoldenId, RunId,
    golden::{Golden, GoldenCheck, GoldenRules, GoldenSummary, PinGolden},
};
use serde::Deserialize;
use services::{app::Shared, golden};
use utoipa::ToSchema;

use crate::http::{
    envelope::{Answer, Nothing, Reply},
    extract::{Body, Part, Signed},
};

/// The run whose answer is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// A run of a check of this golden question.
    run_id: RunId,
}

/// Golden questions with their newest check, those that changed first.
#[utoipa::path(get, path = "/api/v1/golden", tag = "golden", responses((status = 200, body = Envelope<Vec<GoldenSummary>>)))]
pub async fn list_golden(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Vec<GoldenSummary>> {
    Ok(Reply(golden::list(&app, &caller).await?))
}

/// Pins the answer of a run: its status, numbers, plan and text are to come out again.
#[utoipa::path(
    post, path = "/api/v1/golden", tag = "golden", request_body = PinGolden,
    responses(
        (status = 200, body = Envelope<GoldenId>),
        (status = 400, description = "The run failed, or the rules are out of bounds", body = Envelope<ApiError>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
    )
)]
pub async fn pin_golden(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<PinGolden>,
) -> Answer<GoldenId> {
    Ok(Reply(golden::pin(&app, &caller, request).await?))
}

/// A golden question with its checks.
#[utoipa::path(
    get, path = "/api/v1/golden/{id}", tag = "golden", params(("id" = GoldenId, Path, description = "The golden question")),
    responses((status = 200, body = Envelope<Golden>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_golden(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<GoldenId>,
) -> Answer<Golden> {
    Ok(Reply(golden::get(&app, &caller, id).await?))
}

/// Changes note, schedule and moment.
#[utoipa::path(
    put, path = "/api/v1/golden/{id}", tag = "golden", params(("id" = GoldenId, Path, description = "The golden question")),
    request_body = GoldenRules,
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn change_golden(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<GoldenId>,
    Body(rules): Body<GoldenRules>,
) -> Answer<Nothing> {
    golden::change(&app, &caller, id, rules).await?;
    Ok(Reply(Nothing {}))
}

/// Removes a golden question with its checks.
#[utoipa::path(
    delete, path = "/api/v1/golden/{id}", tag = "golden", params(("id" = GoldenId, Path, description = "The golden question")),
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn remove_golden(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<GoldenId>,
) -> Answer<Nothing> {
    golden::remove(&app, &caller, id).await?;
    Ok(Reply(Nothing {}))
}

/// Asks the question again now and tells what differs.
#[utoipa::path(
    post, path = "/api/v1/golden/{id}/check", tag = "golden", params(("id" = GoldenId, Path, description = "The golden question")),
    responses((status = 200, body = Envelope<GoldenCheck>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn check_golden(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<GoldenId>,
) -> Answer<GoldenCheck> {
    Ok(Reply(golden::check(&app, &caller, id).await?))
}

/// Takes the answer of a check as the one that is to come out from now on.
#[utoipa::path(
    post, path = "/api/v1/golden/{id}/accept", tag = "golden", params(("id" = GoldenId, Path, description = "The golden question")),
    request_body = Accept,
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn accept_golden(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<GoldenId>,
    Body(accept): Body<Accept>,
) -> Answer<Nothing> {
    golden::accept(&app, &caller, id, accept.run_id).await?;
    Ok(Reply(Nothing {}))
}
