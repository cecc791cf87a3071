//! Tools over items: `ci.search`, `ci.get`, `ci.aggregate`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Measure, Sort};
use crate::condition::Condition;

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
