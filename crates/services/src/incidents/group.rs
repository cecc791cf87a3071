//! Which deviations belong together: near each other in time, and near each other in the topology.

use std::collections::{HashMap, HashSet, VecDeque};

use analysis::Topology;

/// Relations two items may be apart.
const HOPS: u32 = 2;
/// An item with more relations than this is everybody's neighbour and brings nobody together.
const HUB: usize = 40;
/// Milliseconds between the end of one deviation and the beginning of the next.
pub const GAP: i64 = 15 * 60_000;

/// A stretch of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The item.
    pub node: u32,
    /// The other end, for a call edge.
    pub peer: Option<u32>,
    /// First unusual sample, milliseconds since 1970.
    pub from: i64,
    /// Last.
    pub until: i64,
}

/// Groups of places in `all`, each in order of time, those that begin first in front. `all` is in order of `from`.
pub fn group(all: &[Stretch], topology: &Topology) -> Vec<Vec<usize>> {
    let near = Near::of(all, topology);
    let mut up: Vec<usize> = (0..all.len()).collect();
    let mut open: VecDeque<usize> = VecDeque::new();
    for (at, one) in all.iter().enumerate() {
        open.retain(|other| all[*other].until + GAP >= one.from);
        for other in &open {
            if near.touch(&all[*other], one) {
                let (a, b) = (root(&mut up, *other), root(&mut up, at));
                up[b.max(a)] = a.min(b);
            }
        }
        open.push_back(at);
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    for at in 0..all.len() {
        groups.entry(root(&mut up, at)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort_by_key(|group| group.first().copied());
    groups
}

fn root(up: &mut [usize], mut at: usize) -> usize {
    while up[at] != at {
        up[at] = up[up[at]];
        at = up[at];
    }
    at
}

/// Items near each item that deviates.
struct Near(HashMap<u32, HashSet<u32>>);

impl Near {
    fn of(all: &[Stretch], topology: &Topology) -> Self {
        let nodes: HashSet<u32> = all.iter().flat_map(|s| [Some(s.node), s.peer]).flatten().collect();
        Self(nodes.iter().map(|node| (*node, around(*node, topology, HOPS))).collect())
    }

    fn touch(&self, a: &Stretch, b: &Stretch) -> bool {
        let ends = |s: &Stretch| [Some(s.node), s.peer].into_iter().flatten().collect::<Vec<_>>();
        let (one, two) = (ends(a), ends(b));
        one.iter().any(|x| two.iter().any(|y| x == y || self.0.get(x).is_some_and(|near| near.contains(y))))
    }
}

/// Items within so many relations of any direction, without going on through hubs.
pub fn around(node: u32, topology: &Topology, hops: u32) -> HashSet<u32> {
    distances(node, topology, hops).into_keys().collect()
}

/// Items within so many relations of any direction with their distance, without going on through hubs.
pub fn distances(node: u32, topology: &Topology, hops: u32) -> HashMap<u32, u32> {
    let mut found = HashMap::from([(node, 0)]);
    let mut open = VecDeque::from([(node, 0)]);
    while let Some((at, depth)) = open.pop_front() {
        if depth == hops || (at != node && topology.degree(at) > HUB) {
            continue;
        }
        for (next, _) in topology.outgoing(at).chain(topology.incoming(at)) {
            if let std::collections::hash_map::Entry::Vacant(slot) = found.entry(next) {
                slot.insert(depth + 1);
                open.push_back((next, depth + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use analysis::Edge;

    use super::*;

    /// 0 – 1 – 2 – 3 in a row, 4 apart.
    fn row() -> Topology {
        let edges = [(0, 1), (1, 2), (2, 3)].map(|(source, target)| Edge { source, target, kind: 0 });
        Topology::new(5, edges.to_vec())
    }

    fn at(node: u32, minute: i64) -> Stretch {
        Stretch { node, peer: None, from: minute * 60_000, until: (minute + 2) * 60_000 }
    }

    #[test]
    fn what_is_two_relations_away_at_the_same_time_belongs_together_and_what_is_apart_does_not() {
        let all = [at(0, 0), at(4, 1), at(2, 5)];
        assert_eq!(group(&all, &row()), [vec![0, 2], vec![1]]);
    }

    #[test]
    fn a_chain_in_time_is_one_group_and_a_pause_ends_it() {
        let all = [at(0, 0), at(1, 10), at(3, 20), at(0, 60)];
        assert_eq!(group(&all, &row()), [vec![0, 1, 2], vec![3]]);
    }

    #[test]
    fn a_hub_brings_nobody_together() {
        let edges: Vec<Edge> = (1..60).map(|n| Edge { source: n, target: 0, kind: 0 }).collect();
        let all = [at(1, 0), at(2, 0)];
        assert_eq!(group(&all, &Topology::new(60, edges)).len(), 2);
    }
}
