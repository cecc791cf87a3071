//! Laws of the topology, checked against an oracle that does everything the slow, obvious way.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use analysis::{Edge, Hit, Topology, TypeSet, Walk};
use model::graph::Direction;
use proptest::prelude::*;

/// `svc→app1, svc→app2, app1→db1, app2→db1` depend; `app1→vm1, db1→vm2, vm1→host1, vm2→host1` run. Numbers are in the order
/// of the codes: app1, app2, db1, host1, svc, vm1, vm2.
const CODES: [&str; 7] = ["app1", "app2", "db1", "host1", "svc", "vm1", "vm2"];

fn node(code: &str) -> u32 {
    u32::try_from(CODES.iter().position(|c| *c == code).unwrap()).unwrap()
}

fn codes(nodes: impl IntoIterator<Item = u32>) -> Vec<&'static str> {
    nodes.into_iter().map(|n| CODES[n as usize]).collect()
}

fn fixture() -> Topology {
    let edge = |source, target, kind| Edge { source: node(source), target: node(target), kind };
    Topology::new(
        7,
        vec![
            edge("svc", "app1", 0),
            edge("svc", "app2", 0),
            edge("app1", "db1", 0),
            edge("app2", "db1", 0),
            edge("app1", "vm1", 1),
            edge("db1", "vm2", 1),
            edge("vm1", "host1", 1),
            edge("vm2", "host1", 1),
        ],
    )
}

fn out(max_depth: u32) -> Walk {
    Walk { max_depth, ..Walk::default() }
}

#[test]
fn the_fixture_is_traversed_by_depth_then_code() {
    let reached = fixture().traverse(&[node("svc")], &out(3), |_| true);
    let found: Vec<(u32, &str)> = reached.hits.iter().map(|h| (h.depth, CODES[h.node as usize])).collect();
    assert_eq!(found, [(1, "app1"), (1, "app2"), (2, "db1"), (2, "vm1"), (3, "host1"), (3, "vm2")]);
    let db1 = reached.hits.iter().find(|h| h.node == node("db1")).unwrap();
    assert_eq!((CODES[db1.parent as usize], db1.via), ("app1", 0), "the smaller of two parents");
}

#[test]
fn a_failing_host_takes_everything_above_it_along() {
    let topology = fixture();
    let reached = topology.impact(&[node("host1")], &out(10), false, |_| true);
    assert_eq!(codes(reached.hits.iter().map(|h| h.node)), ["vm1", "vm2", "app1", "db1", "app2", "svc"]);
    let redundant = topology.impact(&[node("vm1")], &out(10), true, |_| true);
    assert_eq!(codes(redundant.hits.iter().map(|h| h.node)), ["app1"], "svc still has app2");
    let both = topology.impact(&[node("app1"), node("app2")], &out(10), true, |_| true);
    assert_eq!(codes(both.hits.iter().map(|h| h.node)), ["svc"]);
}

#[test]
fn the_shortest_path_is_the_first_of_the_shortest() {
    let topology = fixture();
    let path = |from, to, direction, most| {
        topology
            .shortest_path(node(from), node(to), direction, &TypeSet::all(), most, u64::MAX)
            .map(|path| codes(path.nodes))
    };
    assert_eq!(path("svc", "host1", Direction::Out, 10).unwrap(), ["svc", "app1", "vm1", "host1"]);
    assert_eq!(path("svc", "db1", Direction::Out, 10).unwrap(), ["svc", "app1", "db1"]);
    assert_eq!(path("host1", "svc", Direction::In, 10).unwrap(), ["host1", "vm1", "app1", "svc"]);
    assert_eq!(path("vm1", "vm2", Direction::Both, 10).unwrap(), ["vm1", "host1", "vm2"]);
    assert_eq!(path("host1", "svc", Direction::Out, 10), None);
    assert_eq!(path("svc", "host1", Direction::Out, 2), None);
    assert_eq!(path("svc", "svc", Direction::Out, 0).unwrap(), ["svc"]);
}

#[test]
fn components_and_cycles_are_largest_first() {
    let edge = |source, target| Edge { source, target, kind: 0 };
    let topology = Topology::new(
        8,
        vec![edge(5, 6), edge(6, 7), edge(7, 5), edge(0, 1), edge(1, 0), edge(2, 2), edge(1, 5)],
    );
    assert_eq!(topology.components(&TypeSet::all()), [vec![0, 1, 5, 6, 7], vec![2], vec![3], vec![4]]);
    assert_eq!(topology.cycles(&TypeSet::all()), [vec![5, 6, 7], vec![0, 1]]);
    assert!(topology.cycles(&TypeSet::only([])).is_empty());
}

#[test]
fn a_long_chain_overflows_nothing() {
    let n = 200_000;
    let topology = Topology::new(n, (1..n).map(|i| Edge { source: i - 1, target: i, kind: 0 }).collect());
    assert!(topology.cycles(&TypeSet::all()).is_empty());
    assert_eq!(topology.components(&TypeSet::all()).len(), 1);
    assert_eq!(topology.traverse(&[0], &Walk::default(), |_| true).total, n as usize - 1);
}

#[test]
fn a_budget_ends_a_walk_and_says_so() {
    let topology = Topology::new(1000, (1..1000).map(|i| Edge { source: 0, target: i, kind: 0 }).collect());
    let reached = topology.traverse(&[0], &Walk { budget: 10, ..Walk::default() }, |_| true);
    assert!(reached.truncated);
}

// ---- the oracle ----

#[derive(Debug, Clone)]
struct Graph {
    nodes: u32,
    edges: Vec<Edge>,
}

fn graphs() -> impl Strategy<Value = Graph> {
    (0_u32..14).prop_flat_map(|nodes| {
        let end = 0..nodes.max(1) + 1; // one past the last: relations to what is not there
        let edge =
            (end.clone(), end, 0_u16..3).prop_map(|(source, target, kind)| Edge { source, target, kind });
        proptest::collection::vec(edge, 0..40).prop_map(move |edges| Graph { nodes, edges })
    })
}

fn directions() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Out), Just(Direction::In), Just(Direction::Both)]
}

fn type_sets() -> impl Strategy<Value = Option<BTreeSet<u16>>> {
    proptest::option::of(proptest::collection::btree_set(0_u16..3, 0..3))
}

fn set(types: &Option<BTreeSet<u16>>) -> TypeSet {
    types.as_ref().map_or_else(TypeSet::all, |t| TypeSet::only(t.iter().copied()))
}

impl Graph {
    fn topology(&self) -> Topology {
        Topology::new(self.nodes, self.edges.clone())
    }

    /// Steps from a node: (other, type).
    fn steps(&self, node: u32, direction: Direction, types: &TypeSet) -> BTreeSet<(u32, u16)> {
        let mut steps = BTreeSet::new();
        for e in
            self.edges.iter().filter(|e| e.source < self.nodes && e.target < self.nodes && types.has(e.kind))
        {
            if e.source == node && direction != Direction::In {
                steps.insert((e.target, e.kind));
            }
            if e.target == node && direction != Direction::Out {
                steps.insert((e.source, e.kind));
            }
        }
        steps
    }

    fn depths(&self, starts: &[u32], direction: Direction, types: &TypeSet) -> BTreeMap<u32, u32> {
        let mut depth: BTreeMap<u32, u32> = BTreeMap::new();
        let mut queue: VecDeque<u32> = VecDeque::new();
        for &start in starts.iter().filter(|&&s| s < self.nodes) {
            if depth.insert(start, 0).is_none() {
                queue.push_back(start);
            }
        }
        while let Some(node) = queue.pop_front() {
            for (other, _) in self.steps(node, direction, types) {
                if !depth.contains_key(&other) {
                    depth.insert(other, depth[&node] + 1);
                    queue.push_back(other);
                }
            }
        }
        depth
    }

    /// All shortest paths, by trying everything.
    fn shortest(&self, from: u32, to: u32, direction: Direction, types: &TypeSet) -> Option<Vec<u32>> {
        let mut level = BTreeSet::from([vec![from]]);
        for _ in 0..=self.nodes {
            if let Some(path) = level.iter().find(|path| path.last() == Some(&to)) {
                return Some(path.clone());
            }
            level = level
                .iter()
                .flat_map(|path| {
                    self.steps(*path.last().unwrap(), direction, types)
                        .into_iter()
                        .filter(|(next, _)| !path.contains(next))
                        .map(|(next, _)| path.iter().copied().chain([next]).collect())
                })
                .collect();
        }
        None
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_finds_what_the_oracle_finds(
        graph in graphs(), starts in proptest::collection::vec(0_u32..15, 0..3), direction in directions(),
        types in type_sets(), min_depth in 0_u32..4, max_depth in 0_u32..5, limit in 0_usize..20, kept in 0_u32..3,
    ) {
        let types = set(&types);
        let keep = |node: u32| kept == 0 || node % 2 == kept % 2;
        let walk = Walk { direction, types: types.clone(), min_depth, max_depth, limit, budget: u64::MAX };
        let found = graph.topology().traverse(&starts, &walk, keep);
        let depths = graph.depths(&starts, direction, &types);
        let mut expected: Vec<(u32, u32)> = depths
            .iter()
            .filter(|(node, depth)| **depth >= min_depth.max(1) && **depth <= max_depth && keep(**node))
            .map(|(node, depth)| (*depth, *node))
            .collect();
        expected.sort_unstable();
        prop_assert_eq!(found.total, expected.len());
        prop_assert_eq!(found.truncated, expected.len() > limit);
        expected.truncate(limit);
        let listed: Vec<(u32, u32)> = found.hits.iter().map(|hit| (hit.depth, hit.node)).collect();
        prop_assert_eq!(listed, expected);
        for Hit { depth, node, parent, via } in found.hits {
            let parents: Vec<u32> = depths
                .iter()
                .filter(|(p, d)| **d + 1 == depth && graph.steps(**p, direction, &types).iter().any(|(o, _)| *o == node))
                .map(|(p, _)| *p)
                .collect();
            prop_assert_eq!(Some(&parent), parents.first(), "the smallest parent");
            prop_assert!(graph.steps(parent, direction, &types).contains(&(node, via)));
        }
    }

    #[test]
    fn impact_is_the_walk_against_the_relations(graph in graphs(), root in 0_u32..14, types in type_sets()) {
        let types = set(&types);
        let walk = Walk { types: types.clone(), ..Walk::default() };
        let impact = graph.topology().impact(&[root], &walk, false, |_| true);
        let against = graph.topology().traverse(&[root], &Walk { direction: Direction::In, ..walk }, |_| true);
        prop_assert_eq!(impact, against);
    }

    #[test]
    fn with_redundancy_only_what_lost_all_targets_of_a_type_fails(
        graph in graphs(), roots in proptest::collection::vec(0_u32..14, 1..4), types in type_sets(),
    ) {
        let types = set(&types);
        let walk = Walk { types: types.clone(), ..Walk::default() };
        let found = graph.topology().impact(&roots, &walk, true, |_| true);
        let mut failed: BTreeSet<u32> = roots.iter().copied().filter(|r| *r < graph.nodes).collect();
        let start = failed.clone();
        let mut rounds: BTreeMap<u32, u32> = BTreeMap::new();
        for round in 1.. {
            let next: Vec<u32> = (0..graph.nodes)
                .filter(|node| !failed.contains(node))
                .filter(|&node| {
                    let steps = graph.steps(node, Direction::Out, &types);
                    (0_u16..3).any(|kind| {
                        let targets: Vec<u32> =
                            steps.iter().filter(|(t, k)| *k == kind && *t != node).map(|(t, _)| *t).collect();
                        !targets.is_empty() && targets.iter().all(|t| failed.contains(t))
                    })
                })
                .collect();
            if next.is_empty() {
                break;
            }
            for node in next {
                failed.insert(node);
                rounds.insert(node, round);
            }
        }
        let mut expected: Vec<(u32, u32)> =
            rounds.into_iter().filter(|(n, _)| !start.contains(n)).map(|(n, d)| (d, n)).collect();
        expected.sort_unstable();
        let listed: Vec<(u32, u32)> = found.hits.iter().map(|hit| (hit.depth, hit.node)).collect();
        prop_assert_eq!(listed, expected);
    }

    #[test]
    fn a_path_is_the_first_of_the_shortest(
        graph in graphs(), from in 0_u32..14, to in 0_u32..14, direction in directions(), types in type_sets(),
        most in 0_u32..8,
    ) {
        let types = set(&types);
        let expected = (from < graph.nodes && to < graph.nodes)
            .then(|| graph.shortest(from, to, direction, &types))
            .flatten()
            .filter(|path| path.len() <= most as usize + 1);
        let found = graph.topology().shortest_path(from, to, direction, &types, most, u64::MAX);
        prop_assert_eq!(found.as_ref().map(|p| p.nodes.clone()), expected);
        if let Some(path) = found {
            for (pair, via) in path.nodes.windows(2).zip(path.via) {
                prop_assert!(graph.steps(pair[0], direction, &types).contains(&(pair[1], via)));
            }
        }
    }

    #[test]
    fn groups_are_what_reaches_each_other(graph in graphs(), types in type_sets()) {
        let types = set(&types);
        let topology = graph.topology();
        let reach = |direction| -> Vec<BTreeSet<u32>> {
            (0..graph.nodes).map(|n| graph.depths(&[n], direction, &types).into_keys().collect()).collect()
        };
        let (around, down) = (reach(Direction::Both), reach(Direction::Out));
        let components = topology.components(&types);
        prop_assert_eq!(components.iter().map(Vec::len).sum::<usize>(), graph.nodes as usize);
        for group in &components {
            prop_assert_eq!(group.iter().copied().collect::<BTreeSet<_>>(), around[group[0] as usize].clone());
        }
        let mut expected: BTreeSet<Vec<u32>> = BTreeSet::new();
        for node in 0..graph.nodes {
            let group: Vec<u32> = (0..graph.nodes)
                .filter(|other| down[node as usize].contains(other) && down[*other as usize].contains(&node))
                .collect();
            if group.len() > 1 {
                expected.insert(group);
            }
        }
        let cycles = topology.cycles(&types);
        prop_assert!(cycles.is_sorted_by(|a, b| a.len() >= b.len()));
        prop_assert_eq!(cycles.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn relations_between_nodes_are_all_of_them(graph in graphs(), nodes in proptest::collection::vec(0_u32..15, 0..8)) {
        let (found, more) = graph.topology().edges_between(&nodes, &TypeSet::all(), 1000);
        let expected: BTreeSet<Edge> = graph
            .edges
            .iter()
            .copied()
            .filter(|e| e.source < graph.nodes && e.target < graph.nodes)
            .filter(|e| nodes.contains(&e.source) && nodes.contains(&e.target))
            .collect();
        prop_assert!(!more);
        prop_assert_eq!(found.len(), expected.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    }
}
