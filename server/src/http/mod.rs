//! HTTP: what stands around every request, health, streams, and the built user interface.

mod bodies;
mod connections;
pub mod envelope;
pub mod extract;
mod functions;
mod guard;
mod health;
mod spa;
pub mod sse;
pub mod trace;

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get, post},
};
use services::app::Shared;
use tokio_util::sync::CancellationToken;
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
    limit::RequestBodyLimitLayer,
};

use crate::{database::Database, rest};

pub use connections::serve;

/// Largest body of a request in bytes; uploads have their own limit.
const BODY_MAX: usize = 1 << 20;

/// Paths of the functions of `app::api`.
pub static FUNCTIONS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect());

/// What handlers share.
#[derive(Debug, Clone)]
pub struct Site {
    app: SharedApp,
    database: Arc<Database>,
    /// Cancelled when the server stops: streams end then.
    pub stop: CancellationToken,
}

/// The program, with a form for debugging that shows nothing of it.
#[derive(Clone)]
struct SharedApp(Shared);

impl std::fmt::Debug for SharedApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl Site {
    /// The program, its database and the signal to stop.
    pub fn new(app: Shared, database: Arc<Database>, stop: CancellationToken) -> Self {
        Self { app: SharedApp(app), database, stop }
    }
}

impl FromRef<Site> for Shared {
    fn from_ref(site: &Site) -> Self {
        Self::clone(&site.app.0)
    }
}

/// Every route of the program.
pub fn router(site: Site) -> Router {
    let app = Shared::from_ref(&site);
    let scripts = spa::Scripts::of(&app.config.dist);
    let mut functions = Router::new();
    for path in FUNCTIONS.iter() {
        functions = functions.route(path, post(functions::call));
    }
    let functions = functions
        .route("/api/sse/runs/{id}", get(sse::run))
        .route("/api/sse/imports/{id}", get(sse::import))
        .route("/api/{*rest}", any(nothing))
        .merge(rest::small_routes())
        .layer(from_fn(bodies::whole))
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .layer(DefaultBodyLimit::max(BODY_MAX));
    let uploads =
        rest::upload_routes().layer(from_fn(bodies::keeps_coming)).layer(DefaultBodyLimit::disable());
    // A module that was not compressed when it was built is too large to be compressed for each request.
    let compressible = DefaultPredicate::new().and(NotForContentType::const_new("application/wasm"));
    let health = Router::new().route("/livez", get(health::live)).route("/readyz", get(health::ready));
    Router::new()
        .merge(functions)
        .merge(uploads)
        .merge(health)
        .with_state(site)
        .merge(spa::routes(&app.config.dist))
        .layer(from_fn_with_state(Shared::clone(&app), guard::guard))
        .layer(from_fn(envelope::answer_errors))
        // Behind what writes bodies, so that a body is never another than the one that was compressed.
        .layer(CompressionLayer::new().compress_when(compressible))
        .layer(from_fn_with_state((app, scripts), guard::headers))
        .layer(from_fn(trace::trace))
}

async fn nothing() -> envelope::Failure {
    envelope::Failure(envelope::not_found())
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn the_functions_of_every_slice_are_registered() {
        assert!(FUNCTIONS.len() >= 36, "only {} server functions: {:?}", FUNCTIONS.len(), *FUNCTIONS);
        for slice in ["auth", "chat", "cmdb", "events", "graph", "imports", "metrics", "settings"] {
            assert!(FUNCTIONS.iter().any(|path| path.starts_with(&format!("/api/{slice}/"))), "{slice}");
        }
    }
}
