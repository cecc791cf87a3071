//! Incidents.

use axum::extract::State;
use chrono::{DateTime, Utc};
use model::{
    ApiError, Envelope,
    incident::{IncidentDetail, IncidentPage, IncidentQuery},
};
use serde::Deserialize;
use services::{app::Shared, incidents};
use utoipa::IntoParams;

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Args, Part, Signed},
};

/// The window looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// From, inclusive; three days before `to` when absent.
    #[serde(default)]
    from: Option<DateTime<Utc>>,
    /// To, exclusive; the end of the data when absent.
    #[serde(default)]
    to: Option<DateTime<Utc>>,
}

impl From<Between> for IncidentQuery {
    fn from(window: Between) -> Self {
        Self { from: window.from, to: window.to }
    }
}

/// What left the usual at about the same time near each other, newest first, each with its best explanation.
#[utoipa::path(
    get, path = "/api/v1/incidents", tag = "estate", params(Between),
    responses((status = 200, body = Envelope<IncidentPage>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn list_incidents(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Args(window): Args<Between>,
) -> Answer<IncidentPage> {
    Ok(Reply(incidents::list(&app, &caller, window.into()).await?))
}

/// An incident with its items, deviations, causes and changes. `from` and `to` are those it was listed with.
#[utoipa::path(
    get, path = "/api/v1/incidents/{id}", tag = "estate",
    params(("id" = String, Path, description = "The incident"), Between),
    responses((status = 200, body = Envelope<IncidentDetail>), (status = 404, body = Envelope<ApiError>))
)]
pub async fn get_incident(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Part(id): Part<String>,
    Args(window): Args<Between>,
) -> Answer<IncidentDetail> {
    Ok(Reply(incidents::get(&app, &caller, window.into(), &id).await?))
}
