//! Series of metrics.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::*;

/// One series: a metric of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesInfo {
    /// Identifier.
    pub id: SeriesId,
    /// Key of the metric.
    pub metric: String,
    /// Code of the item.
    pub ci: String,
    /// Code of the other item, for metrics of a call edge.
    pub peer: Option<String>,
    /// First and last sample.
    pub covers: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Number of samples.
    pub samples: u64,
}

/// A request for series in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RangeQuery {
    /// The series, at most 20.
    pub series: Vec<SeriesId>,
    /// From, inclusive.
    pub from: DateTime<Utc>,
    /// To, exclusive.
    pub to: DateTime<Utc>,
    /// Most points per series; more samples are thinned to minimum, maximum and mean of equal buckets.
    pub max_points: u32,
}

/// One point: time in milliseconds since 1970, mean, minimum and maximum of the bucket (all equal for a raw sample).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point(pub i64, pub f64, pub f64, pub f64);

/// A series in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesData {
    /// Which.
    pub info: SeriesInfo,
    /// Name and unit of the metric, for the axis.
    pub unit: String,
    /// The points, in time order.
    pub points: Vec<Point>,
    /// Width of a bucket in milliseconds, 0 for raw samples.
    pub bucket_ms: i64,
}
