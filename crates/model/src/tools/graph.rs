//! Tools over the topology: `graph.*`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CiSelect, Sort};
use crate::{condition::Condition, graph::Direction};

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
