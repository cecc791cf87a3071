//! Plans: proposed and checked before they run, begun, kept as templates. And the tools they are made of.

use leptos::prelude::*;
use model::{answer::AskStarted, run::*, tools::ToolSpec};

use super::{ServerError, Wire};

/// Makes a plan for a question, or checks a given one.
#[server(name = ProposePlanFn, endpoint = "plans/propose", protocol = Wire)]
pub async fn propose_plan(request: ProposePlan) -> Result<ProposedPlan, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::propose(&call.app, &call.caller, request).await?)
}

/// Begins a plan or a template; the stream is `/api/sse/runs/{run_id}`.
#[server(name = RunPlanFn, endpoint = "plans/run", protocol = Wire)]
pub async fn run_plan(request: RunPlan) -> Result<AskStarted, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::run_plan(&call.app, &call.caller, request).await?)
}

/// Templates of the tenant by name.
#[server(name = ListTemplatesFn, endpoint = "plans/templates", protocol = Wire)]
pub async fn list_templates() -> Result<Vec<PlanTemplate>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::templates::list(&call.app, &call.caller).await?)
}

/// Saves a template.
#[server(name = SaveTemplateFn, endpoint = "plans/save-template", protocol = Wire)]
pub async fn save_template(template: NewTemplate) -> Result<PlanTemplate, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::save_template(&call.app, &call.caller, template).await?)
}

/// Removes a template.
#[server(name = RemoveTemplateFn, endpoint = "plans/remove-template", protocol = Wire)]
pub async fn remove_template(name: String) -> Result<(), ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::runs::templates::remove(&call.app, &call.caller, &name).await?)
}

/// Every tool the caller may use.
#[server(name = ListToolsFn, endpoint = "plans/tools", protocol = Wire)]
pub async fn list_tools() -> Result<Vec<ToolSpec>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::ops::tools_of(&call.caller))
}
