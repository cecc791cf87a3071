//! Relation types and which way failures travel along them.

use axum::extract::State;
use model::{
    ApiError, Envelope,
    relations::{RelationRow, SetTravel},
};
use services::{app::Shared, relations};

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Body, Signed},
};

/// Every relation type, most frequent first, with which way failures travel along it and who said so.
#[utoipa::path(
    get, path = "/api/v1/catalogue/relations", tag = "estate", responses((status = 200, body = Envelope<Vec<RelationRow>>))
)]
pub async fn list_relations(State(app): State<Shared>, Signed(caller): Signed) -> Answer<Vec<RelationRow>> {
    Ok(Reply(relations::list(&app, &caller).await?))
}

/// Says which way failures travel along a relation type. Imports do not change what was said here.
#[utoipa::path(
    put, path = "/api/v1/catalogue/relations", tag = "estate", request_body = SetTravel,
    responses(
        (status = 200, body = Envelope<RelationRow>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
        (status = 404, description = "There is no such relation type", body = Envelope<ApiError>),
    )
)]
pub async fn set_travel(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<SetTravel>,
) -> Answer<RelationRow> {
    Ok(Reply(relations::set(&app, &caller, request).await?))
}
