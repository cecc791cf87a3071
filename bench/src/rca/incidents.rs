//! Generated incidents of ten companies: each is asked about when it is felt; quiet windows are asked about as well.

use analysis::rca::{Link, Record, Series};
use chrono::{DateTime, Utc};
use demo::Demo;
use model::{
    rca::{Resource, Template},
    schema::{FieldRole, RecordRole},
};

use super::{Case, Tally, World, cut, look, pair, places};
use crate::report::Random;

const MINUTE: i64 = 60_000;
/// Companies that were looked at while the rules were made, and companies nobody has looked at.
const SEEDS: [(&str, std::ops::RangeInclusive<u64>); 3] =
    [("ten companies", 1..=10), ("ten others", 101..=110), ("ten that nothing was chosen by", 301..=310)];
/// Items of a company.
const CIS: u32 = 120;
/// Quiet windows of each company.
const QUIET: usize = 10;

/// Measures.
pub fn run(verbose: bool) {
    for (title, seeds) in SEEDS {
        ten(title, seeds, verbose);
    }
}

fn ten(title: &str, seeds: std::ops::RangeInclusive<u64>, verbose: bool) {
    let template = Template { most: 10, ..Template::default() };
    let mut tally = Tally::default();
    let (mut late, mut bare) = (Tally::default(), Tally::default());
    let (mut quiet, mut wrong) = (0, 0);
    let now = DateTime::<Utc>::from_timestamp(1_795_500_000, 0).unwrap_or_default();
    for seed in seeds {
        let demo = demo::generate(seed, CIS, now);
        let world = world(&demo);
        for case in cases(&demo, &world) {
            let seen = cut(&world, &case);
            let (report, took) = look(&seen, &case, &template);
            let found = places(&seen, &case, &report);
            if verbose && found.both != Some(1) {
                println!(
                    "{} {}: place {:?}, with resource {:?}",
                    case.name, case.kind, found.item, found.both
                );
                for h in report.hypotheses.iter().take(3) {
                    let text = |f: &model::rca::Finding| f.text.clone();
                    println!(
                        "     {} {:?} {} {:.3} ({:.2}) {:?}",
                        h.ci,
                        h.resource,
                        h.metric,
                        h.score,
                        h.confidence,
                        h.evidence_for.iter().map(text).collect::<Vec<_>>()
                    );
                    println!("       against {:?}", h.evidence_against.iter().map(text).collect::<Vec<_>>());
                }
            }
            tally.add(&case, found, &report, took);
            // with less to go by: noticed ten minutes after it was felt, and nothing known of who depends on whom
            let after = Case { window: (case.window.0 + 20 * MINUTE, case.window.1), ..case.clone() };
            let (report, took) = look(&seen, &after, &template);
            late.add(&after, places(&seen, &after, &report), &report, took);
            let apart = World { links: Vec::new(), ..seen.clone() };
            let (report, took) = look(&apart, &case, &template);
            bare.add(&case, places(&apart, &case, &report), &report, took);
        }
        for case in calm(&demo, seed) {
            let seen = cut(&world, &case);
            let (report, _) = look(&seen, &case, &template);
            quiet += 1;
            if let Some(first) = report.hypotheses.first() {
                wrong += 1;
                pair(&case, &report, false);
                if verbose {
                    println!(
                        "quiet {}: {} {:?} {:.3} {}",
                        case.name, first.ci, first.resource, first.score, first.summary
                    );
                }
            }
        }
    }
    tally.print(&format!("generated incidents, {title}"));
    tally.print_sure();
    tally.print_time("a case of a company, 14 days of samples");
    println!("quiet windows: a cause is named in {wrong} of {quiet} (goal 5 %)");
    for (name, tally) in [("asked about ten minutes late", late), ("without any dependency", bare)] {
        tally.print(&format!("generated incidents, {title}, {name}"));
        tally.print_sure();
    }
}

/// The estate with all series made.
fn world(demo: &Demo) -> World {
    let metrics = demo.catalogue.metrics.clone();
    let impact = |key: &str| demo.catalogue.relations.iter().any(|r| r.key == key && r.impact);
    let links = demo
        .relations
        .iter()
        .filter(|r| impact(r.r#type))
        .map(|r| Link { from: r.source as u32, to: r.target as u32 })
        .collect();
    let series = demo
        .series()
        .filter_map(|s| {
            let metric = metrics.iter().position(|m| m.key == s.metric)?;
            let samples = s.samples.iter().map(|(at, v)| (at * 1_000, *v)).collect();
            Some(Series { metric, item: s.item as u32, peer: s.peer.map(|p| p as u32), samples })
        })
        .collect();
    let records = demo
        .records
        .iter()
        .filter_map(|r| {
            let kind = demo.catalogue.records.iter().find(|k| k.key == r.kind)?;
            let severity = kind.fields.iter().find(|f| f.role == Some(FieldRole::Severity));
            let value = severity.and_then(|f| r.fields.get(&f.key)).and_then(serde_json::Value::as_f64);
            let words = severity.zip(severity.and_then(|f| r.fields.get(&f.key)).and_then(|v| v.as_str()));
            let rank = words.and_then(|(f, word)| {
                let at = f.order.iter().position(|o| o == word)?;
                Some(at as f64 / (f.order.len().max(2) - 1) as f64)
            });
            let severity = rank
                .or(value.map(|v| (v / 5.0).min(1.0)))
                .unwrap_or(if kind.role == RecordRole::Event { 0.4 } else { 0.0 });
            Some(Record {
                item: r.item? as u32,
                at: r.at * 1_000,
                role: kind.role,
                severity,
                title: r
                    .fields
                    .values()
                    .filter_map(|v| v.as_str())
                    .max_by_key(|s| s.len())
                    .unwrap_or_default()
                    .to_owned(),
            })
        })
        .collect();
    World { items: demo.items.iter().map(|i| i.code.clone()).collect(), links, metrics, series, records }
}

/// Each incident, asked about when others feel it (at its own begin where nobody does): ten minutes before to half an hour
/// after.
fn cases(demo: &Demo, world: &World) -> Vec<Case> {
    demo.truth
        .incidents
        .iter()
        .map(|incident| {
            let felt = incident
                .effects
                .iter()
                .filter(|e| e.hops > 0)
                .map(|e| e.start)
                .min()
                .unwrap_or(incident.start);
            let at = felt.timestamp_millis();
            let resources = match incident.cause.resource {
                "disk" => vec![Resource::Disk],
                "memory" => vec![Resource::Memory],
                "cpu" => vec![Resource::Cpu],
                "network" => vec![Resource::Network],
                "cache" => vec![Resource::Cache],
                "storage" => vec![Resource::Storage],
                "release" => vec![Resource::Change],
                "load" => vec![Resource::Load],
                "queue" => vec![Resource::Queue],
                _ => Vec::new(),
            };
            Case {
                name: format!("seed {} {}", demo.truth.seed, incident.id),
                kind: incident.kind.to_owned(),
                window: (at - 10 * MINUTE, (at + 30 * MINUTE).min(demo.truth.now.timestamp_millis())),
                earliest: 0,
                item: world.items.iter().position(|i| *i == incident.cause.code).map(|i| i as u32),
                resources,
                metric: incident.cause.metric.to_owned(),
            }
        })
        .collect()
}

/// Windows of forty minutes, at least three hours after one incident and half an hour before the next.
fn calm(demo: &Demo, seed: u64) -> Vec<Case> {
    let now = demo.truth.now.timestamp_millis();
    let begin = now - (demo::DAYS - 5) * 86_400_000;
    let mut random = Random::new(seed * 7_919);
    let mut list = Vec::new();
    for _ in 0..2_000 {
        let at = begin + i64::from(random.below(((now - begin - 40 * MINUTE) / MINUTE) as u32)) * MINUTE;
        let window = (at, at + 40 * MINUTE);
        let near = demo.truth.incidents.iter().any(|i| {
            let last = i.effects.iter().map(|e| e.end).max().unwrap_or(i.end).max(i.end);
            window.1 > i.start.timestamp_millis() - 30 * MINUTE
                && window.0 < last.timestamp_millis() + 180 * MINUTE
        });
        if !near {
            list.push(Case {
                name: format!("seed {seed} at {at}"),
                kind: "quiet".into(),
                window,
                earliest: 0,
                item: None,
                resources: Vec::new(),
                metric: String::new(),
            });
        }
        if list.len() == QUIET {
            break;
        }
    }
    list
}
