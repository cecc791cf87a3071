//! Metrics: a level, the rhythm of the business, noise that remembers, growth, and the moves of incidents.

use crate::{
    Series,
    estate::{Estate, Layer},
    incidents::Plan,
    load::Rhythm,
    rng::Rng,
};

/// Samples all series together should not exceed by much.
const MOST_SAMPLES: i64 = 5_000_000;
/// Widths of a sample in seconds, the finest first.
const STEPS: [i64; 4] = [60, 120, 300, 600];

/// How a metric behaves.
#[derive(Debug)]
pub(crate) struct Spec {
    pub metric: &'static str,
    level: (f64, f64),
    /// Share of the level that follows the load.
    load: f64,
    /// Noise relative to the level.
    noise: f64,
    ceiling: f64,
    /// Growth a day, in its own unit.
    growth: f64,
}

const fn spec(metric: &'static str, level: (f64, f64), load: f64, noise: f64, ceiling: f64) -> Spec {
    Spec { metric, level, load, noise, ceiling, growth: 0.0 }
}

const ANY: f64 = f64::MAX;
const SERVICE: &[Spec] = &[
    spec("requests", (300.0, 3_000.0), 0.85, 0.05, ANY),
    spec("success_rate", (99.5, 99.95), 0.0, 0.0006, 100.0),
];
const APP: &[Spec] = &[
    spec("request_rate", (20.0, 300.0), 0.85, 0.07, ANY),
    spec("latency_p95", (40.0, 250.0), 0.3, 0.09, ANY),
    spec("error_rate", (0.05, 0.4), 0.1, 0.25, 100.0),
];
const CONTAINER: &[Spec] = &[
    spec("cpu_usage", (15.0, 42.0), 0.6, 0.1, 100.0),
    spec("memory_usage", (32.0, 50.0), 0.08, 0.02, 100.0),
];
const CACHE: &[Spec] = &[
    spec("hit_rate", (92.0, 98.5), 0.0, 0.004, 100.0),
    spec("memory_usage", (50.0, 75.0), 0.08, 0.01, 100.0),
];
const QUEUE: &[Spec] =
    &[spec("queue_depth", (5.0, 60.0), 0.7, 0.25, ANY), spec("throughput", (100.0, 900.0), 0.8, 0.07, ANY)];
const DATABASE: &[Spec] = &[
    spec("connections", (20.0, 120.0), 0.6, 0.05, ANY),
    spec("query_latency", (3.0, 20.0), 0.3, 0.1, ANY),
    spec("tps", (50.0, 600.0), 0.8, 0.06, ANY),
    Spec { growth: 0.25, ..spec("disk_usage", (42.0, 58.0), 0.0, 0.002, 100.0) },
];
const VM: &[Spec] = &[
    spec("cpu_usage", (10.0, 40.0), 0.55, 0.1, 100.0),
    spec("memory_usage", (38.0, 50.0), 0.06, 0.015, 100.0),
    Spec { growth: 0.12, ..spec("disk_usage", (30.0, 65.0), 0.0, 0.002, 100.0) },
];
const HOST: &[Spec] = &[
    spec("cpu_usage", (20.0, 45.0), 0.5, 0.07, 100.0),
    spec("memory_usage", (50.0, 75.0), 0.05, 0.01, 100.0),
    spec("network_in", (20.0, 200.0), 0.8, 0.08, ANY),
];
const SWITCH: &[Spec] =
    &[spec("traffic", (100.0, 900.0), 0.8, 0.07, ANY), spec("port_errors", (0.05, 0.4), 0.0, 0.6, ANY)];
const STORAGE: &[Spec] = &[
    spec("io_latency", (0.8, 3.0), 0.3, 0.1, ANY),
    Spec { growth: 0.2, ..spec("used", (50.0, 72.0), 0.0, 0.001, 100.0) },
];
const CALLS: Spec = spec("call_latency", (15.0, 120.0), 0.3, 0.1, ANY);

fn specs(layer: Layer) -> &'static [Spec] {
    match layer {
        Layer::Service => SERVICE,
        Layer::App => APP,
        Layer::Container => CONTAINER,
        Layer::Cache => CACHE,
        Layer::Queue => QUEUE,
        Layer::Database => DATABASE,
        Layer::Vm => VM,
        Layer::Host => HOST,
        Layer::Switch => SWITCH,
        Layer::Storage => STORAGE,
    }
}

/// A series before it is made.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    item: usize,
    peer: Option<usize>,
    spec: &'static Spec,
    seed: (u64, u64),
}

/// The series of an estate and the width of their samples. Where there would be too many samples, items far from any
/// incident are not watched.
pub(crate) fn sources(estate: &Estate, plan: &Plan, seed: u64, seconds: i64) -> (Vec<Source>, i64) {
    let mut sources: Vec<Source> = Vec::new();
    let mut number = 0;
    let mut push = |item: usize, peer: Option<usize>, spec: &'static Spec| {
        number += 1;
        sources.push(Source { item, peer, spec, seed: (seed, number) });
    };
    for (item, node) in estate.nodes.iter().enumerate() {
        for spec in specs(node.layer) {
            push(item, None, spec);
        }
    }
    for relation in estate.relations.iter().filter(|r| r.r#type == "calls") {
        push(relation.source, Some(relation.target), &CALLS);
    }
    let count = |n: usize, step: i64| i64::try_from(n).unwrap_or(i64::MAX).saturating_mul(seconds / step);
    let fits = |step: &&i64| count(sources.len(), **step) <= MOST_SAMPLES;
    let step = STEPS.iter().skip(1).find(fits).copied().unwrap_or(600);
    let most = usize::try_from(MOST_SAMPLES / (seconds / step)).unwrap_or(usize::MAX);
    if sources.len() > most {
        let touched: std::collections::HashSet<usize> = plan.moves.keys().map(|(item, ..)| *item).collect();
        let (mut kept, rest): (Vec<Source>, Vec<Source>) =
            sources.into_iter().partition(|source| touched.contains(&source.item));
        let room = most.saturating_sub(kept.len());
        // whole items: nobody watches one metric of a machine
        let last = rest.get(room).map(|source| source.item);
        kept.extend(rest.into_iter().take(room).filter(|source| Some(source.item) != last));
        sources = kept;
    }
    (sources, step)
}

impl Source {
    /// Makes the series.
    pub fn samples(&self, rhythm: &Rhythm, plan: &Plan) -> Series {
        let spec = self.spec;
        let mut rng = Rng::part(self.seed.0, self.seed.1);
        let level = rng.between(spec.level.0, spec.level.1);
        // not everything is busy at the same minute, nor by the same measure
        let (shift, share) = (rng.whole(-1_800, 1_800), spec.load * rng.between(0.85, 1.1));
        let moves =
            plan.moves.get(&(self.item, spec.metric, self.peer)).map(Vec::as_slice).unwrap_or_default();
        let mut noise = rng.normal();
        let mut samples = Vec::new();
        let mut at = rhythm.start;
        while at <= rhythm.end {
            noise = 0.8 * noise + 0.6 * rng.normal();
            let busy = 1.0 - share + share * rhythm.load(at + shift);
            let grown = spec.growth * (at - rhythm.start) as f64 / 86_400.0;
            let mut value = level * busy * (1.0 + spec.noise * noise) + grown;
            for by in moves {
                value = by.apply(at, value);
            }
            // a few samples are missing, as they are everywhere
            if !rng.chance(0.0005) {
                samples.push((at, (value.clamp(0.0, spec.ceiling) * 1_000.0).round() / 1_000.0));
            }
            at += rhythm.step;
        }
        Series { metric: spec.metric, item: self.item, peer: self.peer, samples }
    }
}
