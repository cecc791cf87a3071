//! Questions.

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use model::{
    ApiError, Envelope,
    answer::{AskRequest, AskResponse, RunEvent},
};
use services::{app::Shared, ops};

use crate::http::{
    Site,
    envelope::{Failure, Reply},
    extract::{Body, Signed},
    sse,
};

/// Answers a question.
///
/// With `Accept: text/event-stream` the plan and its steps are sent while they happen, as events named `run` that carry
/// a [`RunEvent`] each; the last one carries the answer and `done` follows. Otherwise the answer comes when it is whole.
#[utoipa::path(
    post, path = "/api/v1/ask", tag = "ask", request_body = AskRequest,
    responses(
        (status = 200, description = "The answer; `status` tells how the question ended", content(
            (Envelope<AskResponse> = "application/json"),
            (RunEvent = "text/event-stream"),
        )),
        (status = 400, description = "The question cannot be read", body = Envelope<ApiError>),
        (status = 401, description = "Nobody is signed in", body = Envelope<ApiError>),
        (status = 504, description = "The time allowed ran out", body = Envelope<ApiError>),
    )
)]
pub async fn ask(
    State(site): State<Site>,
    State(app): State<Shared>,
    Signed(caller): Signed,
    headers: HeaderMap,
    Body(request): Body<AskRequest>,
) -> Result<Response, Failure> {
    if !wants_stream(&headers) {
        return Ok(Reply(ops::ask(&app, &caller, request).await?).into_response());
    }
    let started = ops::start(&app, &caller, request).await?;
    let events = ops::subscribe(&app, &caller, started.run_id, 0).await?;
    Ok(sse::send(&site, &app, &caller, sse::run_events(events)).into_response())
}

fn wants_stream(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|value| value.to_str().is_ok_and(|text| text.contains("text/event-stream")))
}
