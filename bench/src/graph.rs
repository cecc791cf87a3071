//! Topology at 100 000 items and 400 000 relations: eight layers, a fifth of all relations to a few hubs of a layer.

use std::{collections::HashSet, ops::Range};

use analysis::{Edge, Topology, TypeSet, Walk};
use model::graph::Direction;

use crate::report::{Random, line, resident_mb, spread, timed};

/// Layers in order, with the number of items of each.
const LAYERS: [(&str, u32); 8] = [
    ("BusinessService", 1_000),
    ("Application", 9_000),
    ("Middleware", 15_000),
    ("Database", 5_000),
    ("Container", 30_000),
    ("VM", 25_000),
    ("Host", 10_000),
    ("Switch", 5_000),
];

const DEPENDS_ON: u16 = 0;
const RUNS_ON: u16 = 1;
const CONNECTS_TO: u16 = 2;

/// Source layer, target layer, type, number of relations.
const RELATIONS: [(usize, usize, u16, u32); 11] = [
    (0, 1, DEPENDS_ON, 6_000),
    (1, 1, DEPENDS_ON, 14_000),
    (1, 2, DEPENDS_ON, 50_000),
    (1, 3, DEPENDS_ON, 40_000),
    (2, 4, RUNS_ON, 50_000),
    (1, 4, RUNS_ON, 60_000),
    (3, 5, RUNS_ON, 20_000),
    (4, 5, RUNS_ON, 60_000),
    (5, 6, RUNS_ON, 40_000),
    (6, 7, CONNECTS_TO, 40_000),
    (7, 7, CONNECTS_TO, 20_000),
];

/// The nodes of a layer.
fn layer(at: usize) -> Range<u32> {
    let start: u32 = LAYERS.iter().take(at).map(|(_, count)| count).sum();
    start..start + LAYERS.get(at).map_or(0, |(_, count)| *count)
}

/// A fifth of the picks falls on the first fiftieth of a layer: its hubs.
fn pick(random: &mut Random, nodes: &Range<u32>) -> u32 {
    let count = nodes.end - nodes.start;
    let among = if random.below(5) == 0 { count.div_ceil(50) } else { count };
    nodes.start + random.below(among)
}

/// Makes the relations: no loops on one item, none twice.
pub fn relations() -> Vec<Edge> {
    let mut random = Random::new(20_251_124);
    let mut seen = HashSet::new();
    let mut edges = Vec::new();
    for (from, to, kind, count) in RELATIONS {
        let (sources, targets) = (layer(from), layer(to));
        let mut made = 0;
        while made < count {
            let edge =
                Edge { source: pick(&mut random, &sources), target: pick(&mut random, &targets), kind };
            if edge.source != edge.target && seen.insert(edge) {
                edges.push(edge);
                made += 1;
            }
        }
    }
    edges
}

/// Number of items.
pub fn items() -> u32 {
    LAYERS.iter().map(|(_, count)| count).sum()
}

/// Measures the topology in memory.
pub fn run() {
    let edges = relations();
    let before = resident_mb();
    let (topology, took) = timed(|| Topology::new(items(), edges.clone()));
    let grown = resident_mb() - before;
    println!("-- topology: {} items, {} relations", topology.nodes(), topology.edges());
    line("build", took, &format!("{grown:.0} MB resident"));

    let mut random = Random::new(7);
    let mut starts =
        |at: usize, count: usize| -> Vec<u32> { (0..count).map(|_| pick(&mut random, &layer(at))).collect() };
    let measure = |what: &str, starts: &[u32], work: &dyn Fn(u32) -> usize| {
        let mut sizes = Vec::new();
        let runs = starts
            .iter()
            .map(|&start| {
                let (size, took) = timed(|| work(start));
                sizes.push(size);
                took
            })
            .collect();
        sizes.sort_unstable();
        let (low, high) = (sizes.first().copied().unwrap_or(0), sizes.last().copied().unwrap_or(0));
        spread(what, runs, &format!("{low} … {high} items"));
    };
    let walk = |direction, depth| Walk { direction, max_depth: depth, limit: 1_000, ..Walk::default() };
    let found =
        |start, direction, depth| topology.traverse(&[start], &walk(direction, depth), |_| true).total;

    measure("1 hop, both directions", &starts(1, 500), &|n| found(n, Direction::Both, 1));
    measure("3 hops out of an application", &starts(1, 500), &|n| found(n, Direction::Out, 3));
    let impact = |n, redundancy| {
        let walk = Walk { max_depth: 6, limit: 1_000, ..Walk::default() };
        topology.impact(&[n], &walk, redundancy, |_| true).total
    };
    measure("impact to depth 6 of a host (goal 2 ms)", &starts(6, 500), &|n| impact(n, false));
    measure("impact to depth 6 of a switch, a hub (goal 50 ms)", &starts(7, 100), &|n| impact(n, false));
    measure("the same of a switch with redundancy", &starts(7, 50), &|n| impact(n, true));
    let ends = starts(7, 500);
    let pairs: Vec<u32> = starts(0, 500);
    measure("shortest path of a service to a switch", &pairs, &|n| {
        let to = ends.get(n as usize % ends.len()).copied().unwrap_or(0);
        let path = topology.shortest_path(n, to, Direction::Out, &TypeSet::all(), 10, u64::MAX);
        path.map_or(0, |path| path.nodes.len())
    });
    let (groups, took) = timed(|| topology.components(&TypeSet::all()).len());
    line("components", took, &format!("{groups} found"));
    let (cycles, took) = timed(|| topology.cycles(&TypeSet::all()).len());
    line("cycles", took, &format!("{cycles} found"));
}
