//! Whether the program lives, and whether it can do its work.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use model::{Lang, Localized};
use serde::Serialize;
use services::app::Shared;

use super::Site;
use crate::database::trouble;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// A part the program needs.
#[derive(Debug, Serialize)]
struct Part {
    name: &'static str,
    ok: bool,
    detail: String,
}

/// All parts together.
#[derive(Debug, Serialize)]
struct Ready {
    ready: bool,
    parts: Vec<Part>,
}

/// The process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// Every part it needs answers; those that do not are named, with status 503.
pub async fn ready(State(site): State<Site>, State(app): State<Shared>, headers: HeaderMap) -> Response {
    let lang = app::ssr::lang_of(&headers).unwrap_or(Lang::En);
    let cluster = trouble(site.database.health());
    let reached = tokio::time::timeout(PATIENCE, app.db.ping()).await;
    let database = match (cluster, reached) {
        (Some(trouble), _) => Err(trouble),
        (None, Ok(Ok(()))) => Ok(()),
        (None, Ok(Err(error))) => Err(error.to_api().message),
        (None, Err(_)) => Err(Localized::new("2초 안에 응답하지 않습니다", "no answer within 2 s")),
    };
    let database = Part {
        name: "database",
        ok: database.is_ok(),
        detail: database.map_or_else(|why| why.get(lang).to_owned(), |()| "ok".into()),
    };
    let page = app.config.dist.join("index.html").exists();
    let interface = Part {
        name: "user_interface",
        // Without it the API still works: named, but not a reason to send requests elsewhere.
        ok: page,
        detail: if page { "ok".into() } else { format!("{} (make run)", app.config.dist.display()) },
    };
    let ready = database.ok;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, parts: vec![database, interface] })).into_response()
}
