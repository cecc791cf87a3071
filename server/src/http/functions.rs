//! How a function of `app::api` is called: JSON only, and what cannot be read is the caller's mistake, not the server's.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use model::{ApiError, ErrorCode};
use services::app::Shared;

use super::{
    envelope::{Failure, internal},
    extract::{is_json, not_json, unreadable},
};

/// Largest body of an error of the framework: it repeats what it could not read, with a mark before each quote.
const ERROR_MAX: usize = 8 * super::BODY_MAX;

/// Runs a function; the program is its context.
pub async fn call(State(app): State<Shared>, request: Request) -> Response {
    if !is_json(request.headers()) {
        return Failure(not_json()).into_response();
    }
    let response =
        leptos_axum::handle_server_fns_with_context(move || provide_context(Shared::clone(&app)), request)
            .await
            .into_response();
    // The framework answers 500 to all that happens before the function, also to arguments it cannot read.
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let told = to_bytes(response.into_body(), ERROR_MAX).await.ok();
    let told =
        told.and_then(|bytes| serde_json::from_slice::<ApiError>(&bytes).ok()).unwrap_or_else(internal);
    let told = match told.kind {
        ErrorCode::Invalid => unreadable("body", &told.hint.map(|hint| hint.en).unwrap_or(told.message.en)),
        _ => told,
    };
    Failure(told).into_response()
}
