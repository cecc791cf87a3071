//! Conversations.

use axum::extract::State;
use model::{
    ApiError, Envelope, ThreadId,
    chat::{Thread, ThreadSummary},
};
use serde::Deserialize;
use services::{app::Shared, chat};
use utoipa::{IntoParams, ToSchema};

use crate::http::{
    envelope::{Answer, Nothing, Reply},
    extract::{Args, Body, Part, Signed},
};

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Looks into titles and texts; all of them when empty.
    #[serde(default)]
    search: String,
}

/// Another title.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The title.
    #[schema(min_length = 1, max_length = 120)]
    title: String,
}

/// Conversations of the caller, newest first, at most 200.
#[utoipa::path(
    get, path = "/api/v1/threads", tag = "ask", params(Search),
    responses((status = 200, body = Envelope<Vec<ThreadSummary>>))
)]
pub async fn list_threads(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(args): Args<Search>,
) -> Answer<Vec<ThreadSummary>> {
    Ok(Reply(chat::threads(&app, &caller, &args.search).await?))
}

/// A conversation with its answers.
#[utoipa::path(
    get, path = "/api/v1/threads/{id}", tag = "ask", params(("id" = ThreadId, Path, description = "The conversation")),
    responses((status = 200, body = Envelope<Thread>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_thread(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ThreadId>,
) -> Answer<Thread> {
    Ok(Reply(chat::thread(&app, &caller, id).await?))
}

/// Gives a conversation another title.
#[utoipa::path(
    patch, path = "/api/v1/threads/{id}", tag = "ask", params(("id" = ThreadId, Path, description = "The conversation")),
    request_body = Rename,
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn rename_thread(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ThreadId>,
    Body(rename): Body<Rename>,
) -> Answer<Nothing> {
    chat::rename(&app, &caller, id, &rename.title).await?;
    Ok(Reply(Nothing {}))
}

/// Removes a conversation; it can be restored.
#[utoipa::path(
    delete, path = "/api/v1/threads/{id}", tag = "ask", params(("id" = ThreadId, Path, description = "The conversation")),
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn remove_thread(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ThreadId>,
) -> Answer<Nothing> {
    chat::remove(&app, &caller, id).await?;
    Ok(Reply(Nothing {}))
}

/// Brings a removed conversation back.
#[utoipa::path(
    post, path = "/api/v1/threads/{id}/restore", tag = "ask",
    params(("id" = ThreadId, Path, description = "The conversation")),
    responses((status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn restore_thread(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<ThreadId>,
) -> Answer<Nothing> {
    chat::restore(&app, &caller, id).await?;
    Ok(Reply(Nothing {}))
}
