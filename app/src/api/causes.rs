//! Templates of root-cause analysis.

use leptos::prelude::*;
use model::rca::*;

use super::{ServerError, Wire};

/// Templates, the one that comes with the product first.
#[server(name = ListRcaTemplatesFn, endpoint = "causes/list", protocol = Wire)]
pub async fn list_rca_templates() -> Result<Vec<RcaTemplateSummary>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::list(&call.app, &call.caller).await?)
}

/// A template with its versions; the newest one where none is named.
#[server(name = GetRcaTemplateFn, endpoint = "causes/get", protocol = Wire)]
pub async fn get_rca_template(key: String, version: Option<u32>) -> Result<RcaTemplateDetail, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::get(&call.app, &call.caller, &key, version).await?)
}

/// What is wrong with a template; nothing is kept.
#[server(name = CheckRcaTemplateFn, endpoint = "causes/check", protocol = Wire)]
pub async fn check_rca_template(template: Template) -> Result<Vec<TemplateFault>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::check(&call.app, &call.caller, &template).await?)
}

/// Saves a template as its next version; gives the number.
#[server(name = SaveRcaTemplateFn, endpoint = "causes/save", protocol = Wire)]
pub async fn save_rca_template(request: SaveRcaTemplate) -> Result<u32, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::save(&call.app, &call.caller, request).await?)
}

/// Brings a version back as the next one; gives the number.
#[server(name = RevertRcaTemplateFn, endpoint = "causes/revert", protocol = Wire)]
pub async fn revert_rca_template(key: String, version: u32) -> Result<u32, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::revert(&call.app, &call.caller, &key, version).await?)
}

/// Puts a version in force, or none.
#[server(name = ActivateRcaTemplateFn, endpoint = "causes/activate", protocol = Wire)]
pub async fn activate_rca_template(key: String, version: Option<u32>) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::activate(&call.app, &call.caller, &key, version).await?)
}

/// Removes a template with its versions.
#[server(name = RemoveRcaTemplateFn, endpoint = "causes/remove", protocol = Wire)]
pub async fn remove_rca_template(key: String) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::templates::remove(&call.app, &call.caller, &key).await?)
}

/// Carries a template out beside the one in force; nothing is kept.
#[server(name = TryRcaTemplateFn, endpoint = "causes/try", protocol = Wire)]
pub async fn try_rca_template(request: TryRcaTemplate) -> Result<RcaTrial, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::rca::trial(&call.app, &call.caller, request).await?)
}
