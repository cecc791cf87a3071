//! Breadth-first walks: neighbours, everything within some hops.

use model::graph::Direction;

use super::{Topology, TypeSet};

/// How a walk goes.
#[derive(Debug, Clone)]
pub struct Walk {
    /// Direction of the relations.
    pub direction: Direction,
    /// Relation types followed at every step.
    pub types: TypeSet,
    /// Least number of hops of a result, 1 or more.
    pub min_depth: u32,
    /// Most hops.
    pub max_depth: u32,
    /// Most nodes in the result.
    pub limit: usize,
    /// Most relations looked at; a walk that would need more ends truncated.
    pub budget: u64,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            direction: Direction::Out,
            types: TypeSet::all(),
            min_depth: 1,
            max_depth: u32::MAX,
            limit: usize::MAX,
            budget: u64::MAX,
        }
    }
}

/// A node of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Least number of hops from the starts.
    pub depth: u32,
    /// The node.
    pub node: u32,
    /// The node it was reached from.
    pub parent: u32,
    /// The type of the relation it was reached by.
    pub via: u16,
}

/// What a walk reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reached {
    /// Nodes by (depth, node), at most the limit.
    pub hits: Vec<Hit>,
    /// Nodes that fit, listed or not.
    pub total: usize,
    /// True when the limit or the budget left nodes out.
    pub truncated: bool,
}

impl Reached {
    /// Cuts a full result to the limit.
    pub(super) fn cut(mut hits: Vec<Hit>, limit: usize, exhausted: bool) -> Self {
        let total = hits.len();
        hits.truncate(limit);
        Self { truncated: exhausted || hits.len() < total, hits, total }
    }
}

/// The starts that exist, each once, ordered; and the marks of what was visited.
pub(super) fn begin(topology: &Topology, starts: &[u32]) -> (Vec<u32>, Vec<bool>) {
    let mut visited = vec![false; topology.nodes() as usize];
    let mut frontier: Vec<u32> = starts.iter().copied().filter(|&n| n < topology.nodes()).collect();
    frontier.sort_unstable();
    frontier.dedup();
    for &node in &frontier {
        if let Some(mark) = visited.get_mut(node as usize) {
            *mark = true;
        }
    }
    (frontier, visited)
}

impl Topology {
    /// Everything within the hops of `walk` from the starts that `keep` accepts. Nodes not kept are still passed through.
    pub fn traverse(&self, starts: &[u32], walk: &Walk, keep: impl Fn(u32) -> bool) -> Reached {
        let (mut frontier, mut visited) = begin(self, starts);
        let mut hits = Vec::new();
        let mut spent = 0_u64;
        let mut depth = 0;
        let mut exhausted = false;
        while !frontier.is_empty() && depth < walk.max_depth {
            depth += 1;
            let mut next: Vec<Hit> = Vec::new();
            // The frontier is ordered, so the first to reach a node is its smallest parent.
            'level: for &parent in &frontier {
                for rows in self.sides(walk.direction).into_iter().flatten() {
                    let row = rows.row(parent);
                    spent += row.len() as u64;
                    if spent > walk.budget {
                        exhausted = true;
                        break 'level;
                    }
                    for &(node, via) in row {
                        if !walk.types.has(via) {
                            continue;
                        }
                        if let Some(mark) = visited.get_mut(node as usize)
                            && !*mark
                        {
                            *mark = true;
                            next.push(Hit { depth, node, parent, via });
                        }
                    }
                }
            }
            next.sort_unstable_by_key(|hit| hit.node);
            frontier.clear();
            frontier.extend(next.iter().map(|hit| hit.node));
            if depth >= walk.min_depth.max(1) {
                hits.extend(next.into_iter().filter(|hit| keep(hit.node)));
            }
            if exhausted {
                break;
            }
        }
        Reached::cut(hits, walk.limit, exhausted)
    }
}
