//! Metrics.

use leptos::prelude::*;
use model::metrics::*;

use super::{ServerError, Wire};

/// The series of an item.
#[server(name = CiSeriesFn, endpoint = "metrics/series", protocol = Wire)]
pub async fn ci_series(ci: String) -> Result<Vec<SeriesInfo>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::metrics::series_of(&call.app, &call.caller, &ci).await?)
}

/// Samples of series in a window, thinned.
#[server(name = MetricRangeFn, endpoint = "metrics/range", protocol = Wire)]
pub async fn metric_range(query: RangeQuery) -> Result<Vec<SeriesData>, ServerError> {
    let call = crate::ssr::call().await?;
    Ok(services::metrics::range(&call.app, &call.caller, query).await?)
}
