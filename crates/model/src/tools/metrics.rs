//! Tools over samples of metrics: `metric.query`, `metric.compare`, `metric.top`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Sort;
use crate::condition::Condition;

/// `metric.query`: samples of one metric in a window, reduced per item. Rows: `ci` (and `peer`), one column per entry of
/// `agg` (`avg`, `min`, `max`, `sum`, `p50`, `p90`, `p95`, `p99`, `count`, `first`, `last`, `min_at`, `max_at`), and
/// `samples` (number of samples that fit). With `buckets`, rows are `ci, at` and the columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricQuery {
    /// Key of the metric.
    pub metric: String,
    /// Codes of items; all that have the metric when absent.
    #[serde(default)]
    pub ci: Option<Value>,
    /// For metrics of call edges: the other end.
    #[serde(default)]
    pub peer: Option<Value>,
    /// From, inclusive; the first sample when absent.
    #[serde(default)]
    pub from: Option<Value>,
    /// To, exclusive; the last sample when absent.
    #[serde(default)]
    pub to: Option<Value>,
    /// What to compute.
    pub agg: Vec<String>,
    /// Conditions on the value of a sample, field `value`.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// All items together: one row.
    #[serde(default)]
    pub together: bool,
    /// Width of time buckets: `minute`, `hour`, `day`; none when empty.
    #[serde(default)]
    pub buckets: String,
    /// Conditions on columns of the output, numbers only: rows of groups that do not fit are left out.
    #[serde(default)]
    pub having: Vec<Condition>,
    /// Order, by a column.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (1000 when 0).
    #[serde(default)]
    pub limit: u32,
    /// Give samples for a chart.
    #[serde(default)]
    pub series: bool,
}

/// `metric.compare`: the same reduction in two windows. Rows: `ci, a, b, change` (b − a) and `change_pct`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricCompare {
    /// Key of the metric.
    pub metric: String,
    /// Codes of items; all when absent.
    #[serde(default)]
    pub ci: Option<Value>,
    /// One entry of `agg` of `metric.query`.
    pub agg: String,
    /// First window, `[from, to]`.
    pub a: (Value, Value),
    /// Second window.
    pub b: (Value, Value),
    /// Order, by a column.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (1000 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// `metric.top`: items by the reduced value of a metric in a window. Rows as of `metric.query`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricTop {
    /// Key of the metric.
    pub metric: String,
    /// Codes of items; all that have the metric when absent.
    #[serde(default)]
    pub ci: Option<Value>,
    /// From, inclusive.
    #[serde(default)]
    pub from: Option<Value>,
    /// To, exclusive.
    #[serde(default)]
    pub to: Option<Value>,
    /// One entry of `agg` of `metric.query` (`avg` when empty).
    #[serde(default)]
    pub agg: String,
    /// Smallest first.
    #[serde(default)]
    pub least: bool,
    /// How many (10 when 0).
    #[serde(default)]
    pub n: u32,
}
