//! What fails when some items fail: against the direction of relations a failure travels over.

use std::collections::BTreeMap;

use model::graph::Direction;

use super::{
    Reached, Topology, TypeSet, Walk,
    walk::{Hit, begin},
};

impl Topology {
    /// What fails with `roots`. A failure travels from target to source over `walk.types`; the direction of `walk` is not
    /// used. With `redundancy` an item fails only when every target of one of its relation types has failed.
    pub fn impact(
        &self,
        roots: &[u32],
        walk: &Walk,
        redundancy: bool,
        keep: impl Fn(u32) -> bool,
    ) -> Reached {
        let walk = Walk { direction: Direction::In, ..walk.clone() };
        if redundancy { self.redundant_impact(roots, &walk, keep) } else { self.traverse(roots, &walk, keep) }
    }

    fn redundant_impact(&self, roots: &[u32], walk: &Walk, keep: impl Fn(u32) -> bool) -> Reached {
        let (mut frontier, mut failed) = begin(self, roots);
        // How many targets of a type have failed, for each item and type that lost one.
        let mut lost: BTreeMap<(u32, u16), u32> = BTreeMap::new();
        let mut hits = Vec::new();
        let mut spent = 0_u64;
        let mut depth = 0;
        let mut exhausted = false;
        while !frontier.is_empty() && depth < walk.max_depth && !exhausted {
            depth += 1;
            // Touched this round: (item, type) → the smallest target that failed now.
            let mut touched: BTreeMap<(u32, u16), u32> = BTreeMap::new();
            for &target in &frontier {
                spent += self.inn.row(target).len() as u64;
                if spent > walk.budget {
                    exhausted = true;
                    break;
                }
                for (source, kind) in self.incoming(target) {
                    if source != target && walk.types.has(kind) {
                        *lost.entry((source, kind)).or_default() += 1;
                        touched.entry((source, kind)).or_insert(target);
                    }
                }
            }
            frontier.clear();
            for ((node, via), parent) in touched {
                let Some(mark) = failed.get_mut(node as usize) else { continue };
                if *mark
                    || lost.get(&(node, via)).copied().unwrap_or(0) < self.targets(node, via, &walk.types)
                {
                    continue;
                }
                *mark = true;
                frontier.push(node);
                if depth >= walk.min_depth.max(1) && keep(node) {
                    hits.push(Hit { depth, node, parent, via });
                }
            }
        }
        Reached::cut(hits, walk.limit, exhausted)
    }

    /// Number of other items a node points to by a type.
    fn targets(&self, node: u32, kind: u16, types: &TypeSet) -> u32 {
        let count = self.outgoing(node).filter(|&(t, k)| k == kind && t != node && types.has(k)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
