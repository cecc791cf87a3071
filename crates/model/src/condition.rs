//! Conditions on fields: the one filter language of lists, tools and plans.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a field is compared with the value of a [`Condition`]. Text compares without letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal; a missing field is not equal to anything.
    Ne,
    /// Less than (numbers, times).
    Lt,
    /// At most.
    Le,
    /// Greater than.
    Gt,
    /// At least.
    Ge,
    /// One of a list.
    In,
    /// None of a list.
    NotIn,
    /// Contains the text.
    Contains,
    /// Begins with the text.
    Prefix,
    /// Is present; the value is ignored.
    Exists,
    /// Is absent; the value is ignored.
    Missing,
}

/// One condition: field, comparison, value. `value` is a scalar, for `in`/`not_in` a list. In a plan it may be a
/// reference to an earlier step (`"$s1.rows[*].code"`), resolved before the tool is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Condition {
    /// Key of the field, as in the catalogue (`code`, `name`, `kind` or a field of the estate).
    pub field: String,
    /// The comparison.
    pub op: Op,
    /// What it is compared with.
    #[serde(default)]
    pub value: Value,
}

impl Condition {
    /// A condition.
    pub fn new(field: impl Into<String>, op: Op, value: impl Into<Value>) -> Self {
        Self { field: field.into(), op, value: value.into() }
    }
}
