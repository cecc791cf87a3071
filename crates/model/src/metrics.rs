//! Series of metrics.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ids::*, incident::Deviation, text::Localized};

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
    /// Also gives what is usual for each series, and what left it.
    #[serde(default)]
    pub usual: bool,
    /// Also foretells so many hours from the end of each series that ends within the window, at most 720.
    #[serde(default)]
    pub ahead_h: u32,
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
    /// What is usual, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<Usual>,
    /// How it goes on, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Ahead>,
}

/// Time in milliseconds since 1970, lower bound, expectation and upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BandPoint(pub i64, pub f64, pub f64, pub f64);

/// What is usual for a series in a window.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usual {
    /// Where values are expected, in time order; empty where nothing is known.
    pub band: Vec<BandPoint>,
    /// Robust standard deviations the band reaches to either side.
    pub k: f64,
    /// Why there is no band, or only for a part of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Localized>,
    /// What left it.
    pub anomalies: Vec<Deviation>,
}

/// How a series goes on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ahead {
    /// Expectation with its interval of 95 %; empty where the history does not carry one.
    pub points: Vec<BandPoint>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Localized>,
}
