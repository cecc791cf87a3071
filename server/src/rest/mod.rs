//! The REST API: one file per slice. Each handler takes what it needs, calls one function of the services and shapes the
//! answer; its description for OpenAPI stands beside it.

mod ask;
mod auth;
mod causes;
mod cis;
mod demo;
mod docs;
mod exact;
mod golden;
mod graph;
mod imports;
mod incidents;
mod metrics;
mod plans;
mod records;
mod relations;
mod runs;
mod settings;
mod synonyms;
mod threads;

use axum::{Json, Router, routing::get};
use model::{
    ApiError, Envelope,
    perm::Role,
    plan::{BlockSpec, Case, LlmTask, Need},
};
use utoipa::{
    OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{
    Site,
    envelope::{Failure, internal},
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tobit",
        description = "질문에 근거와 함께 답하는 운영 지식 API. Every answer but streams and downloads is `{time, code, message, data}`; \
            `code` is 0, or the HTTP status × 100 + a number. Sign in at `/api/v1/auth/sign-in`; programs send the value of the cookie \
            `tobit_access` as `Authorization: Bearer`. Send `Accept-Language: ko` or `en` for messages, `traceparent` to join a trace."
    ),
    // The tree of a plan is recursive: what only its nodes hold is not found by itself.
    components(schemas(Envelope<ApiError>, BlockSpec, Need, Case, LlmTask, Role)),
    modifiers(&Schemes),
    security(("bearer" = []), ("cookie" = [])),
    tags(
        (name = "ask", description = "Questions and conversations"),
        (name = "plans", description = "Plans before they run, templates, tools"),
        (name = "runs", description = "What executed, step by step; decisions it waits for"),
        (name = "estate", description = "Configuration items, topology, records, metrics"),
        (name = "imports", description = "Bringing data in and taking it out"),
        (name = "auth", description = "Signing in and out"),
        (name = "causes", description = "Templates of root-cause analysis and their versions"),
        (name = "golden", description = "Answers that are to come out again, and the checks of them"),
        (name = "settings", description = "What is in force"),
    )
)]
struct Description;

struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = api.components.as_mut() {
            let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
            components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
            let cookie = ApiKey::Cookie(ApiKeyValue::new("tobit_access"));
            components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
        }
    }
}

fn described() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(ask::ask))
        .routes(routes!(runs::list_runs))
        .routes(routes!(runs::compare_runs))
        .routes(routes!(runs::get_run))
        .routes(routes!(runs::get_run_answer))
        .routes(routes!(runs::list_steps))
        .routes(routes!(runs::get_step))
        .routes(routes!(runs::fork_run))
        .routes(routes!(runs::stop_run))
        .routes(routes!(runs::list_approvals))
        .routes(routes!(runs::decide))
        .routes(routes!(plans::propose_plan))
        .routes(routes!(plans::run_plan))
        .routes(routes!(plans::list_templates, plans::save_template))
        .routes(routes!(plans::get_template, plans::remove_template))
        .routes(routes!(plans::list_tools))
        .routes(routes!(threads::list_threads))
        .routes(routes!(threads::get_thread, threads::rename_thread, threads::remove_thread))
        .routes(routes!(threads::restore_thread))
        .routes(routes!(cis::list_cis))
        .routes(routes!(cis::query_cis))
        .routes(routes!(cis::facets))
        .routes(routes!(cis::get_ci))
        .routes(routes!(cis::get_series))
        .routes(routes!(cis::catalogue))
        .routes(routes!(cis::estate))
        .routes(routes!(graph::query_graph))
        .routes(routes!(records::query_records))
        .routes(routes!(records::group_records))
        .routes(routes!(records::histogram))
        .routes(routes!(metrics::metric_range))
        .routes(routes!(imports::list_files))
        .routes(routes!(imports::remove_file))
        .routes(routes!(imports::relation_types))
        .routes(routes!(imports::check))
        .routes(routes!(imports::start, imports::list_imports))
        .routes(routes!(imports::get_import))
        .routes(routes!(imports::cancel))
        .routes(routes!(imports::undo))
        .routes(routes!(imports::rejects))
        .routes(routes!(demo::load, demo::remove))
        .routes(routes!(incidents::list_incidents))
        .routes(routes!(incidents::get_incident))
        .routes(routes!(incidents::detector))
        .routes(routes!(incidents::rescan))
        .routes(routes!(incidents::list_anomalies))
        .routes(routes!(incidents::not_anomaly))
        .routes(routes!(incidents::list_feedback))
        .routes(routes!(incidents::withdraw_feedback))
        .routes(routes!(golden::list_golden, golden::pin_golden))
        .routes(routes!(golden::get_golden, golden::change_golden, golden::remove_golden))
        .routes(routes!(golden::check_golden))
        .routes(routes!(golden::accept_golden))
        .routes(routes!(causes::list_rca_templates, causes::save_rca_template))
        .routes(routes!(causes::get_rca_template, causes::remove_rca_template))
        .routes(routes!(causes::diff_rca_template))
        .routes(routes!(causes::activate_rca_template))
        .routes(routes!(causes::revert_rca_template))
        .routes(routes!(causes::check_rca_template))
        .routes(routes!(causes::try_rca_template))
        .routes(routes!(synonyms::set_synonyms))
        .routes(routes!(relations::list_relations, relations::set_travel))
        .routes(routes!(settings::list_settings))
        .routes(routes!(auth::setup))
        .routes(routes!(auth::first_admin))
        .routes(routes!(auth::sign_in))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::sign_out))
        .routes(routes!(auth::me))
}

fn described_uploads() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(imports::upload))
}

/// The description of the whole API.
pub fn openapi() -> serde_json::Result<serde_json::Value> {
    let mut api = described().into_openapi();
    api.merge(described_uploads().into_openapi());
    exact::exactly(api)
}

/// Routes whose bodies are small.
pub fn small_routes() -> Router<Site> {
    let (router, _) = described().split_for_parts();
    let api = openapi().ok();
    let described = async move || api.clone().map(Json).ok_or_else(|| Failure(internal()));
    router.merge(docs::routes()).route("/api/openapi.json", get(described))
}

/// Routes that take files; their limit is that of the settings.
pub fn upload_routes() -> Router<Site> {
    described_uploads().split_for_parts().0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_described_and_every_reference_leads_somewhere() {
        let api = openapi().expect("the description can be written");
        let text = api.to_string();
        let paths = api["paths"].as_object().expect("paths");
        assert!(paths.len() >= 28, "{} paths", paths.len());
        for (path, item) in paths {
            for (method, operation) in item.as_object().expect("an item") {
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
                assert!(operation["tags"][0].is_string(), "{method} {path} has no tag");
            }
        }
        let schemas = api["components"]["schemas"].as_object().expect("schemas");
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(schemas.contains_key(name), "{name} is not described");
        }
    }
}
