//! Tools that judge samples: `rca.run`, `metric.anomalies`, `forecast.metric`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `rca.run`: which item, and what of it, explains what deviates in a window. Rows: `rank, ci, resource, metric, confidence,
/// since, summary`; besides them the hypotheses, the picture of the chain and the series that decide it. Without items every
/// item is a candidate. Without any time the last half hour that has samples is looked at.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RcaRun {
    /// Codes of the items that suffer.
    #[serde(default)]
    pub ci: Option<Value>,
    /// From, inclusive.
    #[serde(default)]
    pub from: Option<Value>,
    /// To, exclusive.
    #[serde(default)]
    pub to: Option<Value>,
    /// Instead of a window: the moment; ten minutes before to ten minutes after it are looked at.
    #[serde(default)]
    pub around: Option<Value>,
    /// Most relations between the items and a candidate; that of the template when 0.
    #[serde(default)]
    pub hops: u32,
    /// How causes are searched: the key of a template, `key@version`, or a whole template. The one in force that applies
    /// when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Value>,
}

/// `metric.anomalies`: stretches in which series leave what is usual for the hour of the week. Rows: `ci` (and `peer`),
/// `metric, from, until, form` (`high`, `low`, `flat`, `silent`, `apart`), `value, expected, sigma`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricAnomalies {
    /// Key of the metric; every metric when empty.
    #[serde(default)]
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
    /// Robust standard deviations from which a sample is unusual (5 when 0).
    #[serde(default)]
    pub sensitivity: f64,
    /// Most rows (200 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// `forecast.metric`: how a metric goes on, with an interval, where the history allows it. Rows: `ci` (and `peer`), `at,
/// expected, low, high`; with `limit` also `reaches`, the moment the limit is reached.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricForecast {
    /// Key of the metric.
    pub metric: String,
    /// Codes of items, at most 20; all that have the metric when absent.
    #[serde(default)]
    pub ci: Option<Value>,
    /// The moment from which it is foretold; the last sample when absent.
    #[serde(default)]
    pub from: Option<Value>,
    /// How far, in hours (24 when 0, at most 720).
    #[serde(default)]
    pub hours: u32,
    /// A value whose crossing is looked for.
    #[serde(default)]
    pub threshold: Option<f64>,
}
