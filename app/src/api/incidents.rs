//! Incidents, anomalies and what people say of them.

use leptos::prelude::*;
use model::{AnomalyId, FeedbackId, SeriesId, incident::*};

use super::{ServerError, Wire};

/// A page of incidents, newest first, and how the search stands.
#[server(name = ListIncidentsFn, endpoint = "incidents/list", protocol = Wire)]
pub async fn list_incidents(query: IncidentQuery) -> Result<IncidentPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::list(&call.app, &call.caller, query).await?)
}

/// An incident.
#[server(name = GetIncidentFn, endpoint = "incidents/get", protocol = Wire)]
pub async fn get_incident(id: String) -> Result<IncidentDetail, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::get(&call.app, &call.caller, &id).await?)
}

/// How the search for anomalies stands.
#[server(name = DetectorStateFn, endpoint = "incidents/state", protocol = Wire)]
pub async fn detector_state() -> Result<ScanState, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::state(&call.app, &call.caller).await?)
}

/// Asks for a search now.
#[server(name = RescanFn, endpoint = "incidents/rescan", protocol = Wire)]
pub async fn rescan() -> Result<ScanState, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::rescan(&call.app, &call.caller).await?)
}

/// A page of anomalies, newest first.
#[server(name = ListAnomaliesFn, endpoint = "incidents/anomalies", protocol = Wire)]
pub async fn list_anomalies(query: AnomalyQuery) -> Result<AnomalyPage, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::anomalies(&call.app, &call.caller, query).await?)
}

/// Says that an anomaly is none.
#[server(name = NotAnomalyFn, endpoint = "incidents/not-anomaly", protocol = Wire)]
pub async fn not_anomaly(id: AnomalyId, request: NotAnomaly) -> Result<Feedback, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::say(&call.app, &call.caller, id, request).await?)
}

/// What people said, newest first; of one series, or of all.
#[server(name = ListFeedbackFn, endpoint = "incidents/feedback", protocol = Wire)]
pub async fn list_feedback(series: Option<SeriesId>) -> Result<Vec<Feedback>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::feedback(&call.app, &call.caller, series).await?)
}

/// Takes back what was said.
#[server(name = WithdrawFeedbackFn, endpoint = "incidents/withdraw", protocol = Wire)]
pub async fn withdraw_feedback(id: FeedbackId) -> Result<Feedback, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::incidents::withdraw(&call.app, &call.caller, id).await?)
}
