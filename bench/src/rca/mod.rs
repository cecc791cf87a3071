//! Root causes: which of them are named, on a real day of a shop under injected faults and on generated incidents, beside
//! a plain robust scorer; what happens with less to look at; how often a cause is named where there is none.

mod boutique;
mod incidents;
mod plain;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use analysis::rca::{Input, Link, Record, Report, Series, analyse};
use model::{
    Lang,
    rca::{Resource, Template},
    schema::MetricDef,
};

use crate::report::spread;

/// What is looked at: an estate with everything measured on it.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Codes.
    pub items: Vec<String>,
    /// Dependencies.
    pub links: Vec<Link>,
    /// Metrics.
    pub metrics: Vec<MetricDef>,
    /// Series, with all their samples.
    pub series: Vec<Series>,
    /// Records.
    pub records: Vec<Record>,
}

/// One question with its answer.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// For the listing.
    pub name: String,
    /// Kind of fault.
    pub kind: String,
    /// The window asked about.
    pub window: (i64, i64),
    /// Nothing before that is looked at.
    pub earliest: i64,
    /// The item at fault; none for a quiet window.
    pub item: Option<u32>,
    /// What of it; empty when any will do.
    pub resources: Vec<Resource>,
    /// Metric that shows it first, or empty.
    pub metric: String,
}

/// Places of the right answer, by item, and by item and resource.
#[derive(Debug, Clone, Copy, Default)]
struct Places {
    item: Option<usize>,
    both: Option<usize>,
}

/// Measures everything.
pub fn run() -> anyhow::Result<()> {
    let verbose = std::env::var_os("BENCH_VERBOSE").is_some();
    boutique::run(verbose)?;
    if std::env::var_os("BENCH_SHORT").is_none() {
        incidents::run(verbose);
    }
    Ok(())
}

/// What is known at the end of the window of a case, from its earliest moment on.
fn cut(world: &World, case: &Case) -> World {
    let series = world
        .series
        .iter()
        .map(|s| Series {
            samples: analysis::stats::between(&s.samples, case.earliest, case.window.1).to_vec(),
            ..s.clone()
        })
        .collect();
    let records =
        world.records.iter().filter(|r| (case.earliest..case.window.1).contains(&r.at)).cloned().collect();
    World { series, records, ..world.clone() }
}

fn look(world: &World, case: &Case, template: &Template) -> (Report, Duration) {
    let input = Input {
        items: &world.items,
        links: &world.links,
        metrics: &world.metrics,
        series: &world.series,
        records: &world.records,
        window: case.window,
        focus: &[],
        template,
        lang: Lang::En,
    };
    let begun = Instant::now();
    let report = analyse(&input);
    (report, begun.elapsed())
}

/// Where the right answer stands. Places count items: a second hypothesis about the same item does not take one.
fn places(world: &World, case: &Case, report: &Report) -> Places {
    let Some(code) = case.item.and_then(|i| world.items.get(i as usize)) else { return Places::default() };
    let mut seen: Vec<&str> = Vec::new();
    let mut places = Places::default();
    for (at, h) in report.hypotheses.iter().enumerate() {
        if !seen.contains(&h.ci.as_str()) {
            seen.push(&h.ci);
        }
        let right = h.ci == *code;
        let resource = case.resources.is_empty()
            || case.resources.contains(&h.resource)
            || (!case.metric.is_empty() && h.metric == case.metric);
        if right && places.item.is_none() {
            places.item = Some(seen.len());
        }
        if right && resource && places.both.is_none() {
            places.both = Some(at + 1);
        }
    }
    places
}

/// Places by kind of fault.
#[derive(Default)]
struct Tally {
    kinds: BTreeMap<String, Vec<Places>>,
    took: Vec<Duration>,
    sure: Vec<(f64, bool)>,
}

/// What a probability is made of, and whether the first cause was right: `BENCH_PAIRS` names a file for these.
fn pair(case: &Case, report: &Report, right: bool) {
    let Some(path) = std::env::var_os("BENCH_PAIRS") else { return };
    let score = |at: usize| report.hypotheses.get(at).map_or(0.0, |h| h.score);
    let line = format!(
        "{} {} {} {} {}\n",
        score(0),
        score(1),
        u8::from(right),
        case.kind,
        case.name.replace(' ', "_")
    );
    let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
    if let Ok(mut file) = file {
        _ = std::io::Write::write_all(&mut file, line.as_bytes());
    }
}

impl Tally {
    fn add(&mut self, case: &Case, places: Places, report: &Report, took: Duration) {
        self.kinds.entry(case.kind.clone()).or_default().push(places);
        self.took.push(took);
        if let Some(first) = report.hypotheses.first() {
            self.sure.push((first.confidence, places.item == Some(1)));
            pair(case, report, places.item == Some(1));
        }
    }

    fn print(&self, title: &str) {
        println!("-- {title}");
        println!(
            "{:<24} {:>5} {:>12} {:>12} {:>8} {:>14}",
            "kind", "cases", "AC@1 item", "AC@3 item", "Avg@5", "item+resource"
        );
        let all: Vec<Places> = self.kinds.values().flatten().copied().collect();
        for (kind, list) in self.kinds.iter().map(|(k, l)| (k.as_str(), l)).chain([("all", &all)]) {
            let within = |k: usize| list.iter().filter(|p| p.item.is_some_and(|at| at <= k)).count();
            let both = list.iter().filter(|p| p.both == Some(1)).count();
            let n = list.len().max(1);
            let avg = (1..=5).map(within).sum::<usize>() as f64 / (5 * n) as f64;
            println!(
                "{kind:<24} {:>5} {:>9}/{:<2} {:>9}/{:<2} {avg:>8.2} {:>11}/{:<2}",
                list.len(),
                within(1),
                list.len(),
                within(3),
                list.len(),
                both,
                list.len()
            );
        }
    }

    /// How far stated confidence and share of right answers are apart.
    fn print_sure(&self) {
        let brier = self.sure.iter().map(|(p, right)| (p - f64::from(u8::from(*right))).powi(2)).sum::<f64>()
            / self.sure.len().max(1) as f64;
        let mut line = String::new();
        let mut off = 0.0;
        for (from, to) in [(0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)] {
            let part: Vec<&(f64, bool)> = self.sure.iter().filter(|s| (from..to).contains(&s.0)).collect();
            if part.is_empty() {
                continue;
            }
            let n = part.len() as f64;
            let said = part.iter().map(|s| s.0).sum::<f64>() / n;
            let was = part.iter().filter(|s| s.1).count() as f64 / n;
            off += (said - was).abs() * n / self.sure.len() as f64;
            line.push_str(&format!("  {said:.2}→{was:.2} ({})", part.len()));
        }
        println!("confidence of the first: Brier {brier:.3}, expected calibration error {off:.3};{line}");
    }

    fn print_time(&self, what: &str) {
        spread(what, self.took.clone(), "goal 1 000 ms");
    }
}
