//! Topology: questions and their answers. The start is never part of a result; depth is the least number of hops.

use serde::{Deserialize, Serialize};

/// Which way relations are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From source to target: what it depends on.
    Out,
    /// From target to source: what depends on it.
    In,
    /// Both.
    #[default]
    Both,
}

/// Limits and filters of every step of a traversal.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EdgeFilter {
    /// Relation types followed; empty means all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Kinds of items kept in the result (they are still passed through); empty means all.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// A question to the topology, by code of the items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum GraphQuery {
    /// Everything within `depth` hops, with the relations between.
    Traverse {
        /// Start items.
        roots: Vec<String>,
        /// Direction of the relations.
        direction: Direction,
        /// Least number of hops.
        #[serde(default = "one")]
        min_depth: u32,
        /// Most hops.
        max_depth: u32,
        /// Types and kinds.
        #[serde(default)]
        filter: EdgeFilter,
        /// Most nodes.
        #[serde(default = "thousand")]
        limit: u32,
    },
    /// What fails when the roots fail: against the direction of relations with `impact`.
    Impact {
        /// Items that fail.
        roots: Vec<String>,
        /// Most hops.
        max_depth: u32,
        /// Kinds kept.
        #[serde(default)]
        filter: EdgeFilter,
        /// When true an item fails only if every target of one relation type has failed (redundancy counts).
        #[serde(default)]
        redundancy: bool,
        /// Most nodes.
        #[serde(default = "thousand")]
        limit: u32,
    },
    /// A shortest path.
    Path {
        /// From.
        from: String,
        /// To.
        to: String,
        /// Direction of the relations.
        direction: Direction,
        /// Types followed.
        #[serde(default)]
        filter: EdgeFilter,
        /// Most hops.
        #[serde(default = "thirty")]
        max_depth: u32,
    },
    /// Weakly connected components, largest first.
    Components {
        /// Types followed.
        #[serde(default)]
        filter: EdgeFilter,
    },
    /// Cycles: strongly connected components of more than one item.
    Cycles {
        /// Types followed.
        #[serde(default)]
        filter: EdgeFilter,
    },
}

fn one() -> u32 {
    1
}
fn thirty() -> u32 {
    30
}
fn thousand() -> u32 {
    1000
}

/// An item in a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GraphNode {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Least number of hops from the roots; 0 is a root.
    pub depth: u32,
    /// Code of the item it was reached from, or empty.
    #[serde(default)]
    pub parent: String,
    /// Type of the relation it was reached by, or empty.
    #[serde(default)]
    pub via: String,
    /// Group in components and cycles, from 0.
    #[serde(default)]
    pub group: u32,
}

/// A relation in a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GraphEdge {
    /// Code of the source.
    pub source: String,
    /// Code of the target.
    pub target: String,
    /// Type.
    pub r#type: String,
}

/// An answer of the topology. For `Path` the nodes stand in order and both ends are included; elsewhere the roots
/// stand first with depth 0, so that a picture can be drawn, and are not counted in `total`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Subgraph {
    /// Items, ordered by depth, then code.
    pub nodes: Vec<GraphNode>,
    /// Relations between the nodes.
    pub edges: Vec<GraphEdge>,
    /// Number of items found, roots not counted.
    pub total: u64,
    /// True when a limit cut the result.
    pub truncated: bool,
    /// Generation of the snapshot that answered.
    pub generation: u64,
}
