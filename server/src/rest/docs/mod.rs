//! A page that lists the REST API and tries it, made of files of our own.

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse},
    routing::get,
};

use crate::http::Site;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// Routes of the page.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/api/docs", get(async || Html(PAGE)))
        .route("/api/docs/page.js", get(async || file("text/javascript; charset=utf-8", SCRIPT)))
        .route("/api/docs/page.css", get(async || file("text/css; charset=utf-8", STYLE)))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text)
}
