//! Words of the estate.

use axum::extract::State;
use model::{ApiError, Envelope, synonym::SetSynonyms};
use services::{app::Shared, synonyms};

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Body, Signed},
};

/// Replaces the words questions may say for one thing of the catalogue; gives them as they are kept.
#[utoipa::path(
    put, path = "/api/v1/catalogue/words", tag = "estate", request_body = SetSynonyms,
    responses(
        (status = 200, body = Envelope<Vec<String>>),
        (status = 400, description = "A word already means something else", body = Envelope<ApiError>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
        (status = 404, description = "There is no such thing in the catalogue", body = Envelope<ApiError>),
    )
)]
pub async fn set_synonyms(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(request): Body<SetSynonyms>,
) -> Answer<Vec<String>> {
    Ok(Reply(synonyms::set(&app, &caller, request).await?))
}
