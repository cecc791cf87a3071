//! The tools of plans: names, arguments, outputs. The planner writes these arguments, `services::ops` carries them out.
//!
//! Every list argument of codes may also be one code, and any value may be a reference to an earlier step.
//! Field names in conditions, columns, groupings and measures: `code`, `name`, `kind` or a field of the catalogue for
//! items; for records `at`, `until`, `ci`, a field of the kind, or `ci.<field>` for a field of the item it is about
//! (`ci.kind`, `ci.system`). Times are RFC 3339 in UTC; a window is `from <= t < to`.

mod changes;
mod graph;
mod items;
mod metrics;
mod records;
mod watch;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::{
    changes::{ChangeSearch, TimeNow},
    graph::{GraphArgs, GraphEdges},
    items::{CiAggregate, CiSearch, CiSelect},
    metrics::{MetricCompare, MetricQuery, MetricTop},
    records::{RecordAggregate, RecordSearch, RecordSelect},
    watch::{MetricAnomalies, MetricForecast, RcaRun},
};
use crate::{
    answer::Column,
    condition::{Condition, Op},
    graph::Subgraph,
    rca::Hypothesis,
    text::Localized,
};

/// Output of every tool: rows, and for topology also the picture.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolOutput {
    /// Columns in order.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Rows, at most the limit asked for.
    #[serde(default)]
    pub rows: Vec<Map<String, Value>>,
    /// Rows there are.
    #[serde(default)]
    pub total: u64,
    /// True when rows were left out.
    #[serde(default)]
    pub truncated: bool,
    /// The picture, for `graph.*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graph: Option<Subgraph>,
    /// Samples for a chart, for `metric.query` with `series`: one entry per item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub series: Vec<SeriesOut>,
    /// Possible causes, best first, for `rca.run`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hypotheses: Vec<Hypothesis>,
    /// What the tenant authored and was used for it: a template of root-cause analysis with its version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<AssetUsed>,
    /// What a person should know about it: a window outside the data, items not found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Something authored that a step used, in the version it used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssetUsed {
    /// `rca.template`.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// Its version; 0 for what comes with the product or was given with the call.
    pub version: u32,
    /// Its name.
    pub name: Localized,
}

/// Samples of one item, thinned to at most 500 points.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesOut {
    /// Code of the item, or `source → target` of a call edge.
    pub name: String,
    /// `[milliseconds since 1970, value]`.
    pub points: Vec<(f64, f64)>,
    /// Where values are expected, where that is known: `[milliseconds since 1970, lower bound, upper bound]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub band: Vec<(f64, f64, f64)>,
}

/// Order of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sort {
    /// A column of the output.
    pub by: String,
    /// Largest first.
    #[serde(default)]
    pub desc: bool,
}

/// True when the numbers of a row fit all conditions (`having`). A column that is no number fits none.
pub fn holds(row: &Map<String, Value>, having: &[Condition]) -> bool {
    having.iter().all(|c| {
        let (Some(cell), Some(value)) = (row.get(&c.field).and_then(Value::as_f64), c.value.as_f64()) else {
            return false;
        };
        match c.op {
            Op::Eq => cell == value,
            Op::Ne => cell != value,
            Op::Lt => cell < value,
            Op::Le => cell <= value,
            Op::Gt => cell > value,
            Op::Ge => cell >= value,
            _ => false,
        }
    })
}

/// What is computed over the rows of a group. The output column is `as`, else `count` or `fn_field`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// `count`, `distinct`, `sum`, `avg`, `min`, `max`, `p50`, `p90`, `p95`, `p99`, `share` (rows that fit `filter` in
    /// percent of all rows of the group); or computed from two earlier measures named in `field` as `a,b`: `difference`
    /// (b − a), `ratio` (b / a), `change_pct` (100 · (b − a) / a).
    pub r#fn: String,
    /// Field computed over; none for `count` and `share`.
    #[serde(default)]
    pub field: String,
    /// Only rows that fit count.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Name of the output column.
    #[serde(default, rename = "as")]
    pub name: String,
}

/// What a tool does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Looks only.
    Read,
    /// Changes data of the tenant.
    Write,
    /// Reaches outside.
    External,
}

/// A tool as it is listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolSpec {
    /// Name.
    pub name: String,
    /// What it does.
    pub about: String,
    /// Effect.
    pub effect: Effect,
    /// The permission it needs (`perm::Permission::NAME`).
    pub permission: String,
    /// What it reads from: calls of one source share its limit, and rest together when it is down.
    #[serde(default)]
    pub source: String,
    /// What a call usually takes, in milliseconds.
    #[serde(default)]
    pub cost_ms: u32,
    /// JSON schema of its arguments. Every value may also be a reference to an earlier step.
    #[serde(default)]
    pub input: Value,
    /// JSON schema of its output, with the columns rows always have.
    #[serde(default)]
    pub output: Value,
}
