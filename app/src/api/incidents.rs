//! Incidents.

use leptos::prelude::*;
use model::incident::*;

use super::{ServerError, Wire};

/// The incidents of a window, newest first.
#[server(name = ListIncidentsFn, endpoint = "incidents/list", protocol = Wire)]
pub async fn list_incidents(query: IncidentQuery) -> Result<IncidentPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::list(&call.app, &call.caller, query).await?)
}

/// An incident of a window.
#[server(name = GetIncidentFn, endpoint = "incidents/get", protocol = Wire)]
pub async fn get_incident(query: IncidentQuery, id: String) -> Result<IncidentDetail, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::get(&call.app, &call.caller, query, &id).await?)
}
