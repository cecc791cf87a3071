//! Metrics.

use axum::extract::State;
use model::{
    ApiError, Envelope,
    metrics::{RangeQuery, SeriesData},
};
use services::{app::Shared, metrics};

use crate::http::{
    envelope::{Answer, Reply},
    extract::{Body, Signed},
};

/// Samples of series in a window, thinned to the number of points asked for.
#[utoipa::path(
    post, path = "/api/v1/metrics/range", tag = "estate", request_body = RangeQuery,
    responses((status = 200, body = Envelope<Vec<SeriesData>>), (status = 400, body = Envelope<ApiError>))
)]
pub async fn metric_range(
    State(app): State<Shared>,
    Signed(caller): Signed,
    Body(query): Body<RangeQuery>,
) -> Answer<Vec<SeriesData>> {
    Ok(Reply(metrics::range(&app, &caller, query).await?))
}
