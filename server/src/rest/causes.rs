//! Templates of root-cause analysis.

use model::{
    ApiError, Envelope,
    rca::{
        RcaTemplateDetail, RcaTemplateSummary, RcaTrial, SaveRcaTemplate, Template, TemplateChange,
        TemplateFault, TryRcaTemplate,
    },
};
use serde::Deserialize;
use services::{rca, rca::templates};
use utoipa::{IntoParams, ToSchema};

use crate::http::{
    envelope::{Answer, Nothing, done, reply},
    extract::{Args, Body, Call, Part},
};

/// Which template.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes the part of the path that `Part` reads")]
pub struct Named {
    /// Key of the template.
    name: String,
}

/// Which version.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The newest one when absent.
    version: Option<u32>,
}

/// Two versions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Between {
    /// The older one.
    from: u32,
    /// The newer one.
    to: u32,
}

/// A version, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    /// Used by itself where it applies; null takes the template out of force.
    version: Option<u32>,
}

/// A version that is brought back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BringBack {
    /// Its number.
    version: u32,
}

/// Templates of root-cause analysis, the one that comes with the product first.
#[utoipa::path(get, path = "/api/v1/rca/templates", tag = "causes", responses((status = 200, body = Envelope<Vec<RcaTemplateSummary>>)))]
pub async fn list_rca_templates(call: Call) -> Answer<Vec<RcaTemplateSummary>> {
    reply(templates::list(&call.app, &call.caller)).await
}

/// Saves a template as its next version; gives the number.
#[utoipa::path(
    post, path = "/api/v1/rca/templates", tag = "causes", request_body = SaveRcaTemplate,
    responses(
        (status = 200, body = Envelope<u32>),
        (status = 400, description = "Faults, each with its path", body = Envelope<ApiError>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
        (status = 409, description = "It is there already, or has changed meanwhile", body = Envelope<ApiError>),
    )
)]
pub async fn save_rca_template(call: Call, Body(request): Body<SaveRcaTemplate>) -> Answer<u32> {
    reply(templates::save(&call.app, &call.caller, request)).await
}

/// Tells what is wrong with a template; nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/rca/check", tag = "causes", request_body = Template,
    responses((status = 200, body = Envelope<Vec<TemplateFault>>))
)]
pub async fn check_rca_template(call: Call, Body(template): Body<Template>) -> Answer<Vec<TemplateFault>> {
    reply(templates::check(&call.app, &call.caller, &template)).await
}

/// Carries a template out beside the one in force, on the same window; nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/rca/try", tag = "causes", request_body = TryRcaTemplate,
    responses((status = 200, body = Envelope<RcaTrial>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn try_rca_template(call: Call, Body(request): Body<TryRcaTemplate>) -> Answer<RcaTrial> {
    reply(rca::trial(&call.app, &call.caller, request)).await
}

/// A template with its versions.
#[utoipa::path(
    get, path = "/api/v1/rca/templates/{name}", tag = "causes", params(Named, Which),
    responses((status = 200, body = Envelope<RcaTemplateDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_rca_template(
    call: Call,
    Part(name): Part<String>,
    Args(which): Args<Which>,
) -> Answer<RcaTemplateDetail> {
    reply(templates::get(&call.app, &call.caller, &name, which.version)).await
}

/// Removes a template with its versions.
#[utoipa::path(
    delete, path = "/api/v1/rca/templates/{name}", tag = "causes", params(Named),
    responses(
        (status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
    )
)]
pub async fn remove_rca_template(call: Call, Part(name): Part<String>) -> Answer<Nothing> {
    done(templates::remove(&call.app, &call.caller, &name)).await
}

/// What differs between two versions of a template, by path.
#[utoipa::path(
    get, path = "/api/v1/rca/templates/{name}/diff", tag = "causes", params(Named, Between),
    responses((status = 200, body = Envelope<Vec<TemplateChange>>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn diff_rca_template(
    call: Call,
    Part(name): Part<String>,
    Args(between): Args<Between>,
) -> Answer<Vec<TemplateChange>> {
    reply(templates::diff(&call.app, &call.caller, &name, between.from, between.to)).await
}

/// Puts a version in force where it applies, or takes the template out of force.
#[utoipa::path(
    post, path = "/api/v1/rca/templates/{name}/activate", tag = "causes", params(Named),
    request_body = InForce,
    responses(
        (status = 200, body = Envelope<Nothing>), (status = 404, body = Envelope<ApiError>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
    )
)]
pub async fn activate_rca_template(
    call: Call,
    Part(name): Part<String>,
    Body(force): Body<InForce>,
) -> Answer<Nothing> {
    done(templates::activate(&call.app, &call.caller, &name, force.version)).await
}

/// Brings a version back as the next one; gives the number.
#[utoipa::path(
    post, path = "/api/v1/rca/templates/{name}/revert", tag = "causes", params(Named),
    request_body = BringBack,
    responses(
        (status = 200, body = Envelope<u32>), (status = 404, body = Envelope<ApiError>),
        (status = 403, description = "Developers, managers and administrators only", body = Envelope<ApiError>),
    )
)]
pub async fn revert_rca_template(
    call: Call,
    Part(name): Part<String>,
    Body(back): Body<BringBack>,
) -> Answer<u32> {
    reply(templates::revert(&call.app, &call.caller, &name, back.version)).await
}
