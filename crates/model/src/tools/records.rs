//! Tools over records: `event.*`, `history.*`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Measure, Sort};
use crate::condition::Condition;

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
