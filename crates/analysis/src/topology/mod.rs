//! An immutable directed graph of items and typed relations, stored as compressed rows in both directions.
//!
//! Nodes are `u32`; the caller numbers them in the order of their codes, so that "ties go to the smaller code" is "ties go
//! to the smaller number". Semantics every query keeps: a start is never part of a result, the depth of a node is the
//! least number of hops, results are ordered by (depth, node), and that order also picks parents and paths.

mod components;
mod impact;
mod path;
mod rows;
mod walk;

pub use path::Path;
pub use walk::{Hit, Reached, Walk};

use model::graph::Direction;
use rows::Rows;

/// A relation between two nodes; `kind` is the number of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// From.
    pub source: u32,
    /// To.
    pub target: u32,
    /// Number of the relation type.
    pub kind: u16,
}

/// The relation types a query follows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TypeSet {
    /// `None` follows all.
    only: Option<Vec<bool>>,
}

impl TypeSet {
    /// Every type.
    pub fn all() -> Self {
        Self { only: None }
    }

    /// These types only; an empty list follows nothing.
    pub fn only(kinds: impl IntoIterator<Item = u16>) -> Self {
        let mut only = Vec::new();
        for kind in kinds {
            let at = usize::from(kind);
            if only.len() <= at {
                only.resize(at + 1, false);
            }
            if let Some(slot) = only.get_mut(at) {
                *slot = true;
            }
        }
        Self { only: Some(only) }
    }

    /// Whether a type is followed.
    pub fn has(&self, kind: u16) -> bool {
        match &self.only {
            None => true,
            Some(only) => only.get(usize::from(kind)).copied().unwrap_or(false),
        }
    }
}

/// The graph.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    out: Rows,
    inn: Rows,
}

impl Topology {
    /// Builds the graph. Relations to nodes at or beyond `nodes` are left out, the same relation given twice counts once.
    pub fn new(nodes: u32, mut edges: Vec<Edge>) -> Self {
        edges.retain(|e| e.source < nodes && e.target < nodes);
        edges.sort_unstable();
        edges.dedup();
        let out = Rows::new(nodes, edges.iter().map(|e| (e.source, e.target, e.kind)));
        edges.sort_unstable_by_key(|e| (e.target, e.source, e.kind));
        let inn = Rows::new(nodes, edges.iter().map(|e| (e.target, e.source, e.kind)));
        Self { out, inn }
    }

    /// Number of nodes.
    pub fn nodes(&self) -> u32 {
        self.out.nodes()
    }

    /// Number of relations.
    pub fn edges(&self) -> usize {
        self.out.len()
    }

    /// Number of relations of a node in both directions.
    pub fn degree(&self, node: u32) -> usize {
        self.out.row(node).len() + self.inn.row(node).len()
    }

    /// Relations that begin at a node, as (target, type), ordered.
    pub fn outgoing(&self, node: u32) -> impl Iterator<Item = (u32, u16)> + '_ {
        self.out.row(node).iter().copied()
    }

    /// Relations that end at a node, as (source, type), ordered.
    pub fn incoming(&self, node: u32) -> impl Iterator<Item = (u32, u16)> + '_ {
        self.inn.row(node).iter().copied()
    }

    /// Every relation, ordered by source, target, type.
    pub fn all_edges(&self) -> impl Iterator<Item = Edge> + '_ {
        (0..self.nodes())
            .flat_map(|source| self.outgoing(source).map(move |(target, kind)| Edge { source, target, kind }))
    }

    /// Relations whose two ends are in `nodes`, at most `limit`; the flag says whether there are more.
    pub fn edges_between(&self, nodes: &[u32], types: &TypeSet, limit: usize) -> (Vec<Edge>, bool) {
        let mut inside = vec![false; self.nodes() as usize];
        for &node in nodes {
            if let Some(slot) = inside.get_mut(node as usize) {
                *slot = true;
            }
        }
        let mut found = Vec::new();
        let mut seen = vec![false; self.nodes() as usize];
        for &source in nodes {
            match seen.get_mut(source as usize) {
                Some(slot) if !*slot => *slot = true,
                _ => continue,
            }
            for (target, kind) in self.outgoing(source) {
                if types.has(kind) && inside.get(target as usize).copied().unwrap_or(false) {
                    if found.len() == limit {
                        return (found, true);
                    }
                    found.push(Edge { source, target, kind });
                }
            }
        }
        (found, false)
    }

    /// The rows a direction follows: one or two of them.
    fn sides(&self, direction: Direction) -> [Option<&Rows>; 2] {
        match direction {
            Direction::Out => [Some(&self.out), None],
            Direction::In => [Some(&self.inn), None],
            Direction::Both => [Some(&self.out), Some(&self.inn)],
        }
    }
}
