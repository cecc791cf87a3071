//! Demo data.

use axum::extract::State;
use model::{
    ApiError, Envelope, ImportId,
    imports::{DemoRequest, ImportStatus},
};
use services::{app::Shared, imports};

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Body, Signed},
};

/// Begins to load demo data; how it goes is at `/api/sse/imports/{id}`.
#[utoipa::path(
    post, path = "/api/v1/demo", tag = "imports", request_body = DemoRequest,
    responses((status = 200, body = Envelope<ImportId>), (status = 409, body = Envelope<ApiError>))
)]
pub async fn load(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<DemoRequest>,
) -> Answer<ImportId> {
    Ok(Reply(imports::load_demo(&app, &caller, request).await?))
}

/// Takes out the demo data and nothing else.
#[utoipa::path(
    delete, path = "/api/v1/demo", tag = "imports",
    responses((status = 200, body = Envelope<ImportStatus>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn remove(State(app): State<Shared>, Signed(caller): Signed) -> Answer<ImportStatus> {
    Ok(Reply(imports::remove_demo(&app, &caller).await?))
}
