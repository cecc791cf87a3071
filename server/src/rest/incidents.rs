//! Incidents, anomalies and what people say of them.

use axum::extract::State;
use chrono::{DateTime, Utc};
use model::{
    AnomalyId, ApiError, Envelope, FeedbackId, SeriesId,
    incident::{
        AnomalyPage, AnomalyQuery, Feedback, IncidentDetail, IncidentPage, IncidentQuery, NotAnomaly,
        ScanState,
    },
};
use serde::Deserialize;
use services::{app::Shared, incidents};
use utoipa::IntoParams;

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Args, Body, Part, Signed},
};

/// Which incidents to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Incidents {
    /// Those that last at or after this moment.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// Those that begin before this moment.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    /// Those with this item.
    #[serde(default)]
    ci: String,
    /// Only those the data end in (true), or only those that are over (false).
    #[serde(default)]
    ongoing: Option<bool>,
    /// Only severe ones (true), or only others (false).
    #[serde(default)]
    severe: Option<bool>,
    /// Only those with a cause that was found (true), or only those without (false).
    #[serde(default)]
    explained: Option<bool>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Incidents of a page, 1 … 200; 50 when 0.
    #[serde(default)]
    limit: u32,
}

/// Which anomalies to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Anomalies {
    /// Those that last at or after this moment.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// Those that begin before this moment.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
    /// Those of this item.
    #[serde(default)]
    ci: String,
    /// Those of this metric.
    #[serde(default)]
    metric: String,
    /// Those that belong to no incident (true), or to one (false).
    #[serde(default)]
    alone: Option<bool>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Anomalies of a page, 1 … 200; 50 when 0.
    #[serde(default)]
    limit: u32,
}

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
    get, path = "/api/v1/incidents", tag = "estate", params(Incidents),
    responses((status = 200, body = Envelope<IncidentPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn list_incidents(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(q): Args<Incidents>,
) -> Answer<IncidentPage> {
    let Incidents { from, to, ci, ongoing, severe, explained, cursor, limit } = q;
    let query = IncidentQuery { from, to, ci, ongoing, severe, explained, cursor, limit };
    Ok(Reply(incidents::list(&app, &caller, query).await?))
}

/// An incident with its items, deviations, causes and changes.
#[utoipa::path(
    get, path = "/api/v1/incidents/{id}", tag = "estate",
    params(("id" = String, Path, description = "The incident, as `INC-12`")),
    responses((status = 200, body = Envelope<IncidentDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_incident(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<String>,
) -> Answer<IncidentDetail> {
    Ok(Reply(incidents::get(&app, &caller, &id).await?))
}

/// How the search for anomalies stands.
#[utoipa::path(
    get, path = "/api/v1/detector", tag = "estate",
    responses((status = 200, body = Envelope<ScanState>))
)]
pub async fn detector(State(app): State<Shared>, Signed(caller): Signed) -> Answer<ScanState> {
    Ok(Reply(incidents::state(&app, &caller).await?))
}

/// Asks for a search now: it begins within seconds and judges what is new.
#[utoipa::path(
    post, path = "/api/v1/detector/scan", tag = "estate",
    responses((status = 200, body = Envelope<ScanState>), (status = 403, body = Envelope<ApiError>))
)]
pub async fn rescan(State(app): State<Shared>, Signed(caller): Signed) -> Answer<ScanState> {
    Ok(Reply(incidents::rescan(&app, &caller).await?))
}

/// Stretches in which series left what is usual for them, newest first.
#[utoipa::path(
    get, path = "/api/v1/anomalies", tag = "estate", params(Anomalies),
    responses((status = 200, body = Envelope<AnomalyPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn list_anomalies(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(q): Args<Anomalies>,
) -> Answer<AnomalyPage> {
    let Anomalies { from, to, ci, metric, alone, cursor, limit } = q;
    let query = AnomalyQuery { from, to, ci, metric, alone, cursor, limit };
    Ok(Reply(incidents::anomalies(&app, &caller, query).await?))
}

/// Says that an anomaly is none: it is not told again, and the threshold of its series goes above it.
#[utoipa::path(
    post, path = "/api/v1/anomalies/{id}/feedback", tag = "estate",
    params(("id" = AnomalyId, Path, description = "The anomaly")), request_body = NotAnomaly,
    responses((status = 200, body = Envelope<Feedback>), (status = 403, body = Envelope<ApiError>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn not_anomaly(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<AnomalyId>,
    Body(request): Body<NotAnomaly>,
) -> Answer<Feedback> {
    Ok(Reply(incidents::say(&app, &caller, id, request).await?))
}

/// What people said of anomalies, newest first, with what it does to the threshold of each series.
#[utoipa::path(
    get, path = "/api/v1/anomaly-feedback", tag = "estate", params(OfSeries),
    responses((status = 200, body = Envelope<Vec<Feedback>>))
)]
pub async fn list_feedback(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(of): Args<OfSeries>,
) -> Answer<Vec<Feedback>> {
    Ok(Reply(incidents::feedback(&app, &caller, of.series).await?))
}

/// Takes back what was said of an anomaly; its series is judged as before.
#[utoipa::path(
    delete, path = "/api/v1/anomaly-feedback/{id}", tag = "estate",
    params(("id" = FeedbackId, Path, description = "What was said")),
    responses((status = 200, body = Envelope<Feedback>), (status = 403, body = Envelope<ApiError>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn withdraw_feedback(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<FeedbackId>,
) -> Answer<Feedback> {
    Ok(Reply(incidents::withdraw(&app, &caller, id).await?))
}
