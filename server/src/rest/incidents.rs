//! Incidents, anomalies and what people say of them.

use model::{
    AnomalyId, ApiError, Envelope, FeedbackId, SeriesId,
    incident::{
        AnomalyPage, AnomalyQuery, Feedback, IncidentDetail, IncidentPage, IncidentQuery, NotAnomaly,
        ScanState,
    },
};
use serde::Deserialize;
use services::incidents;
use utoipa::IntoParams;

use crate::http::{
    envelope::{Answer, reply},
    extract::{Args, Body, Call, Part},
};

/// Of which series.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OfSeries {
    /// The series; all of them when absent.
    #[serde(default)]
    series: Option<SeriesId>,
}

/// What left the usual at about the same time near each other, newest first, each with its best explanation, and how the
/// search for anomalies stands.
#[utoipa::path(
    get, path = "/api/v1/incidents", tag = "estate", params(IncidentQuery),
    responses((status = 200, body = Envelope<IncidentPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn list_incidents(call: Call, Args(query): Args<IncidentQuery>) -> Answer<IncidentPage> {
    reply(incidents::list(&call.app, &call.caller, query)).await
}

/// An incident with its items, deviations, causes and changes.
#[utoipa::path(
    get, path = "/api/v1/incidents/{id}", tag = "estate",
    params(("id" = String, Path, description = "The incident, as `INC-12`")),
    responses((status = 200, body = Envelope<IncidentDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_incident(call: Call, Part(id): Part<String>) -> Answer<IncidentDetail> {
    reply(incidents::get(&call.app, &call.caller, &id)).await
}

/// How the search for anomalies stands.
#[utoipa::path(
    get, path = "/api/v1/detector", tag = "estate",
    responses((status = 200, body = Envelope<ScanState>))
)]
pub async fn detector(call: Call) -> Answer<ScanState> {
    reply(incidents::state(&call.app, &call.caller)).await
}

/// Asks for a search now: it begins within seconds and judges what is new.
#[utoipa::path(
    post, path = "/api/v1/detector/scan", tag = "estate",
    responses((status = 200, body = Envelope<ScanState>), (status = 403, body = Envelope<ApiError>))
)]
pub async fn rescan(call: Call) -> Answer<ScanState> {
    reply(incidents::rescan(&call.app, &call.caller)).await
}

/// Stretches in which series left what is usual for them, newest first.
#[utoipa::path(
    get, path = "/api/v1/anomalies", tag = "estate", params(AnomalyQuery),
    responses((status = 200, body = Envelope<AnomalyPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn list_anomalies(call: Call, Args(query): Args<AnomalyQuery>) -> Answer<AnomalyPage> {
    reply(incidents::anomalies(&call.app, &call.caller, query)).await
}

/// Says that an anomaly is none: it is not told again, and the threshold of its series goes above it.
#[utoipa::path(
    post, path = "/api/v1/anomalies/{id}/feedback", tag = "estate",
    params(("id" = AnomalyId, Path, description = "The anomaly")), request_body = NotAnomaly,
    responses((status = 200, body = Envelope<Feedback>), (status = 403, body = Envelope<ApiError>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn not_anomaly(
    call: Call,
    Part(id): Part<AnomalyId>,
    Body(request): Body<NotAnomaly>,
) -> Answer<Feedback> {
    reply(incidents::say(&call.app, &call.caller, id, request)).await
}

/// What people said of anomalies, newest first, with what it does to the threshold of each series.
#[utoipa::path(
    get, path = "/api/v1/anomaly-feedback", tag = "estate", params(OfSeries),
    responses((status = 200, body = Envelope<Vec<Feedback>>))
)]
pub async fn list_feedback(call: Call, Args(of): Args<OfSeries>) -> Answer<Vec<Feedback>> {
    reply(incidents::feedback(&call.app, &call.caller, of.series)).await
}

/// Takes back what was said of an anomaly; its series is judged as before.
#[utoipa::path(
    delete, path = "/api/v1/anomaly-feedback/{id}", tag = "estate",
    params(("id" = FeedbackId, Path, description = "What was said")),
    responses((status = 200, body = Envelope<Feedback>), (status = 403, body = Envelope<ApiError>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn withdraw_feedback(call: Call, Part(id): Part<FeedbackId>) -> Answer<Feedback> {
    reply(incidents::withdraw(&call.app, &call.caller, id)).await
}
