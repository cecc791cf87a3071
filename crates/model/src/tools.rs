//! The tools of plans: names, arguments, outputs. The planner writes these arguments, `services::ops` carries them out.
//!
//! Every list argument of codes may also be one code, and any value may be a reference to an earlier step.
//! Field names in conditions, columns, groupings and measures: `code`, `name`, `kind` or a field of the catalogue for
//! items; for records `at`, `until`, `ci`, a field of the kind, or `ci.<field>` for a field of the item it is about
//! (`ci.kind`, `ci.system`). Times are RFC 3339 in UTC; a window is `from <= t < to`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    answer::Column,
    condition::{Condition, Op},
    graph::{Direction, Subgraph},
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

/// Chooses items: all conditions hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CiSelect {
    /// Codes; empty means no restriction by code. A reference to an empty list selects nothing, see `none_if_empty`.
    #[serde(default)]
    pub codes: Option<Value>,
    /// Conditions (a condition on `kind` chooses kinds).
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Free text over code, name and fields.
    #[serde(default)]
    pub text: String,
}

/// `ci.search`: rows `code, name, kind` and the `fields` asked for (`["*"]` for all). `ci.get` is the same tool for
/// named items.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CiSearch {
    /// Which items.
    #[serde(default)]
    pub select: CiSelect,
    /// Columns besides code, name and kind.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Order; by code when empty.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (1000 when 0).
    #[serde(default)]
    pub limit: u32,
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

/// `ci.aggregate`: one row per group with the group fields and the measures; without `group_by` one row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CiAggregate {
    /// Which items.
    #[serde(default)]
    pub select: CiSelect,
    /// Fields to group by. A list field counts in every one of its values; an item without a value is in no group, and a
    /// note says how many there are.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// What to compute.
    pub measures: Vec<Measure>,
    /// Conditions on columns of the output, numbers only: rows of groups that do not fit are left out.
    #[serde(default)]
    pub having: Vec<Condition>,
    /// Order; by the group when empty.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (1000 when 0). Rows that tie with the last one are kept.
    #[serde(default)]
    pub limit: u32,
    /// `sum`, `avg`, `min`, `max`, `p50` … of the first measure over the groups: one row `value, groups`.
    #[serde(default)]
    pub over: String,
}

/// `graph.neighbours` (one hop), `graph.traverse`, `graph.impact`: rows `code, name, kind, depth, parent, via` and the
/// picture; `graph.path`: rows in order with `hop`, and the single-valued column `length` in every row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GraphArgs {
    /// Start: a code, a list of codes, or a reference.
    #[serde(default)]
    pub ci: Value,
    /// End, for `graph.path`.
    #[serde(default)]
    pub to: Value,
    /// Direction; `out` is towards what it depends on. Ignored by `graph.impact`.
    #[serde(default)]
    pub direction: Direction,
    /// Relation types; empty means all (for impact: all with impact).
    #[serde(default)]
    pub types: Vec<String>,
    /// Conditions on the items kept in the result.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Most hops (1 for neighbours, else 10 when 0).
    #[serde(default)]
    pub max_depth: u32,
    /// Least hops (1 when 0).
    #[serde(default)]
    pub min_depth: u32,
    /// For impact: an item fails only when all its targets of a type have failed.
    #[serde(default)]
    pub redundancy: bool,
    /// Columns of the items to add.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Most rows (1000 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// `graph.edges`: the relations themselves, as rows `source, type, target`, or grouped and counted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GraphEdges {
    /// Which sources.
    #[serde(default)]
    pub source: CiSelect,
    /// Which targets.
    #[serde(default)]
    pub target: CiSelect,
    /// Relation types; empty means all.
    #[serde(default)]
    pub types: Vec<String>,
    /// `source`, `target`, `type`, `source.<field>`, `target.<field>`; then rows are groups with `count` (relations)
    /// and `distinct` (other ends).
    #[serde(default)]
    pub group_by: Vec<String>,
    /// Only relations whose ends are related the other way round as well, each pair once.
    #[serde(default)]
    pub mutual: bool,
    /// Conditions on columns of the output, numbers only: rows of groups that do not fit are left out.
    #[serde(default)]
    pub having: Vec<Condition>,
    /// Order.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (1000 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// Chooses records.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordSelect {
    /// Kind, a key of the catalogue.
    pub kind: String,
    /// Codes of the items they are about: a code, a list, a reference.
    #[serde(default)]
    pub ci: Option<Value>,
    /// Conditions on fields (of the record, or `ci.<field>`), or on `weekday` (`mon` … `sun`) and `hour_of_day` (0 … 23).
    /// A value `{"field": "other"}` is that of another field of the same record.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Time zone of `weekday` and `hour_of_day` in conditions, IANA; UTC when empty.
    #[serde(default)]
    pub tz: String,
    /// From, inclusive.
    #[serde(default)]
    pub from: Option<Value>,
    /// To, exclusive.
    #[serde(default)]
    pub to: Option<Value>,
}

/// `event.search` and `history.search`: rows `at, until, ci, …all fields of the kind`, newest first unless sorted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordSearch {
    /// Which records.
    pub select: RecordSelect,
    /// Order; newest first when empty.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (200 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// `event.aggregate` and `history.aggregate`: one row per group. Group fields: a field of the kind, `ci`, `ci.<field>`,
/// or a part of time in `tz`: `minute`, `hour` (RFC 3339), `day`, `week` (its Monday; `2025-12-01`), `month` (`2025-12`),
/// `weekday` (`mon` … `sun`), `hour_of_day` (0 … 23). Lists and absent values as in `ci.aggregate`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordAggregate {
    /// Which records.
    pub select: RecordSelect,
    /// Fields to group by.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// What to compute; fields may be numbers of the kind, `ci`, or `duration_min` (from `at` and `until`).
    pub measures: Vec<Measure>,
    /// Conditions on columns of the output, numbers only: rows of groups that do not fit are left out.
    #[serde(default)]
    pub having: Vec<Condition>,
    /// Order; by the group when empty.
    #[serde(default)]
    pub sort: Vec<Sort>,
    /// Most rows (1000 when 0). Rows that tie with the last one are kept.
    #[serde(default)]
    pub limit: u32,
    /// Time zone of parts of time, IANA; UTC when empty.
    #[serde(default)]
    pub tz: String,
    /// As in `ci.aggregate`. Grouped by a part of the calendar alone, parts without records count as zero, as far as the
    /// data go.
    #[serde(default)]
    pub over: String,
}

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

/// `change.search`: what was changed on items and on what they are joined to. Rows: `at, until, ci, hops` (relations away
/// from the items named), `record` (kind, by its label), `what`, `outcome`, newest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeSearch {
    /// Codes of items: a code, a list, a reference; changes anywhere when absent.
    #[serde(default)]
    pub ci: Option<Value>,
    /// From, inclusive.
    #[serde(default)]
    pub from: Option<Value>,
    /// To, exclusive.
    #[serde(default)]
    pub to: Option<Value>,
    /// Relations from the items that are followed, both ways (1 when absent, at most 3; 0 for the items alone).
    #[serde(default)]
    pub hops: Option<u32>,
    /// Kinds of record that count as changes, keys of the catalogue; every kind of the role change or maintenance when
    /// empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Most rows (50 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// `time.now`: the moment of the call. One row: `at` (UTC), `local`, `weekday` (`mon` … `sun`), `zone`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeNow {
    /// IANA name of a time zone; UTC when empty.
    #[serde(default)]
    pub tz: String,
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
