//! A real day of a shop of microservices under 24 injected faults. Each is looked at from ten minutes before to five
//! minutes after it was injected; nothing later is read.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Duration,
};

use analysis::rca::{Link, Report, Series};
use anyhow::Context as _;
use chrono::NaiveDateTime;
use ingest::{Files, Go, ItemFields, NewItem, NewRecord, NewRelation, NewSeries, Sample, Sink};
use model::{
    imports::{ImportCounts, Reject},
    rca::{Resource, Template},
};

use super::{Case, Places, Tally, World, cut, look, pair, places, plain};

const MINUTE: i64 = 60_000;

/// Measures, or says why not.
pub fn run(verbose: bool) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("../shared/data/online-boutique");
    if !folder.is_dir() {
        println!("skipped: the shop's data is not at {}", folder.display());
        return Ok(());
    }
    let world = load(&root, &folder)?;
    let cases = cases(&folder, &world)?;
    let template = Template { most: 10, baseline_min: 10, ..Template::default() };
    let bare = World {
        links: Vec::new(),
        series: world.series.iter().filter(|s| s.peer.is_none()).cloned().collect(),
        ..world.clone()
    };
    let unsided = World { series: bare.series.clone(), ..world.clone() };
    // the window as it was injected; a minute early and a minute late, as people remember it; an hour of history, which has
    // earlier faults in it; less to look at
    let hour = Template { baseline_min: 60, ..template.clone() };
    for (title, world, shift, template) in [
        ("shop, 24 faults", &world, 0, &template),
        ("shop, asked about from a minute before", &world, -MINUTE, &template),
        ("shop, asked about from a minute after", &world, MINUTE, &template),
        ("shop, asked about from two minutes after", &world, 2 * MINUTE, &template),
        ("shop, an hour of history with earlier faults in it", &world, 0, &hour),
        ("shop, dependencies but no metrics of call edges", &unsided, 0, &template),
        ("shop, metrics of services only: no dependencies, no call edges", &bare, 0, &template),
    ] {
        let mut tally = Tally::default();
        for case in &cases {
            let case = Case {
                window: (case.window.0 + shift, case.window.1),
                earliest: case.window.0 - i64::from(template.baseline_min) * MINUTE,
                ..case.clone()
            };
            let seen = cut(world, &case);
            let (report, took) = look(&seen, &case, template);
            let found = places(&seen, &case, &report);
            if verbose {
                tell(&case, found, &report);
            }
            tally.add(&case, found, &report, took);
        }
        tally.print(title);
        tally.print_sure();
        tally.print_time("a case of the shop");
    }
    for (title, world) in [
        ("shop", &world),
        ("shop without metrics of call edges", &unsided),
        ("shop without any dependency", &bare),
    ] {
        quiet(title, world, &cases, &hour, verbose);
    }
    let mut tally = Tally::default();
    for case in &cases {
        let seen = cut(&world, case);
        let order = plain::ranked(&seen, case);
        let item = order.iter().position(|i| Some(*i) == case.item).map(|at| at + 1);
        tally.add(case, Places { item, both: None }, &Report::default(), Duration::ZERO);
    }
    tally.print("shop, plain robust scorer: max |x − median| / IQR per service");
    Ok(())
}

/// Windows of ten minutes after the day's last fault: nothing was injected there.
fn quiet(title: &str, world: &World, cases: &[Case], template: &Template, verbose: bool) {
    let Some(last) = cases.iter().map(|c| c.window.1).max() else { return };
    let end = world.series.iter().filter_map(|s| s.samples.last()).map(|s| s.0).max().unwrap_or(last);
    let (mut named, mut all) = (0, 0);
    let mut at = last + 70 * MINUTE;
    while at + 10 * MINUTE < end {
        let case = Case {
            window: (at, at + 10 * MINUTE),
            earliest: at - 60 * MINUTE,
            item: None,
            ..Case::default()
        };
        let (report, _) = look(&cut(world, &case), &case, template);
        all += 1;
        if let Some(first) = report.hypotheses.first() {
            named += 1;
            pair(&case, &report, false);
            if verbose {
                let time = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default();
                println!(
                    "quiet {time}: {} {:?} {:.3} {}",
                    first.ci, first.resource, first.score, first.summary
                );
            }
        }
        at += 15 * MINUTE;
    }
    println!("{title}, quiet windows: a cause is named in {named} of {all}");
}

fn tell(case: &Case, found: Places, report: &Report) {
    println!("{} {}: place {:?}, with resource {:?}", case.name, case.kind, found.item, found.both);
    for h in report.hypotheses.iter().take(4) {
        println!(
            "     {} {:?} {:.3} ({:.2}) {}",
            h.ci,
            h.resource,
            h.score,
            h.confidence,
            h.evidence_for.first().map_or("", |f| &f.text)
        );
        for f in &h.evidence_against {
            println!("        - {}", f.text);
        }
    }
}

fn cases(folder: &Path, world: &World) -> anyhow::Result<Vec<Case>> {
    let text = std::fs::read_to_string(folder.join("faults.json"))?;
    let hours: BTreeMap<String, Vec<BTreeMap<String, String>>> = serde_json::from_str(&text)?;
    let mut cases = Vec::new();
    for fault in hours.into_values().flatten() {
        let get = |key: &str| fault.get(key).map(String::as_str).context("a fault lacks a field");
        let time = get("inject_time")?;
        let at = NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S")?.and_utc().timestamp_millis();
        let service = get("inject_pod")?.split('-').next().unwrap_or_default();
        let kind = get("inject_type")?;
        let resources = match kind {
            "cpu_contention" | "cpu_consumed" => vec![Resource::Cpu],
            "network_delay" => vec![Resource::Network],
            _ => Vec::new(),
        };
        cases.push(Case {
            name: format!("{time} {service}"),
            kind: kind.to_owned(),
            window: (at, at + 5 * MINUTE),
            earliest: at - 10 * MINUTE,
            item: world.items.iter().position(|i| i == service).map(|i| i as u32),
            resources,
            metric: String::new(),
        });
    }
    cases.sort_by_key(|c| c.window);
    Ok(cases)
}

/// Loads the files through the mapping of the examples, as an import does.
fn load(root: &Path, folder: &Path) -> anyhow::Result<World> {
    let yaml = std::fs::read_to_string(root.join("examples/mappings/online-boutique.yaml"))?;
    let mapping = ingest::parse(&yaml).map_err(|p| anyhow::anyhow!("{p:?}"))?;
    let mut kept = Kept::default();
    let outcome = ingest::run(&mapping, &Folder(folder.to_owned()), [], &mut kept)
        .map_err(|e| anyhow::anyhow!("{e:?}"))?;
    let metrics = outcome.catalogue.metrics;
    let impact = |key: &str| outcome.catalogue.relations.iter().any(|r| r.key == key && r.impact);
    let links = kept
        .relations
        .iter()
        .filter(|r| impact(&r.r#type))
        .map(|r| Link { from: r.source, to: r.target })
        .collect();
    let mut series: Vec<Series> = kept
        .series
        .iter()
        .filter_map(|s| {
            let metric = metrics.iter().position(|m| m.key == *s.metric)?;
            Some(Series { metric, item: s.item, peer: s.peer, samples: Vec::new() })
        })
        .collect();
    for sample in &kept.samples {
        if let Some(one) = series.get_mut(sample.series as usize) {
            one.samples.push((sample.at / 1_000, sample.value));
        }
    }
    for one in &mut series {
        one.samples.sort_by_key(|s| s.0);
    }
    Ok(World { items: kept.items, links, metrics, series, records: Vec::new() })
}

struct Folder(PathBuf);

impl Files for Folder {
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut open = vec![self.0.clone()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if let Ok(name) = path.strip_prefix(&self.0) {
                    names.push(name.to_string_lossy().into_owned());
                }
            }
        }
        names.sort();
        names
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.0.join(name))?))
    }

    fn bytes(&self, name: &str) -> u64 {
        std::fs::metadata(self.0.join(name)).map_or(0, |m| m.len())
    }
}

#[derive(Default)]
struct Kept {
    items: Vec<String>,
    relations: Vec<NewRelation>,
    series: Vec<NewSeries>,
    samples: Vec<Sample>,
}

impl Sink for Kept {
    fn item(&mut self, item: NewItem) -> Go {
        let at = item.no as usize;
        if self.items.len() <= at {
            self.items.resize(at + 1, String::new());
        }
        if let Some(slot) = self.items.get_mut(at) {
            *slot = item.code.to_string();
        }
        ControlFlow::Continue(())
    }
    fn fields(&mut self, _: ItemFields) -> Go {
        ControlFlow::Continue(())
    }
    fn relation(&mut self, relation: NewRelation) -> Go {
        self.relations.push(relation);
        ControlFlow::Continue(())
    }
    fn record(&mut self, _: NewRecord) -> Go {
        ControlFlow::Continue(())
    }
    fn series(&mut self, series: NewSeries) -> Go {
        self.series.push(series);
        ControlFlow::Continue(())
    }
    fn sample(&mut self, sample: Sample) -> Go {
        self.samples.push(sample);
        ControlFlow::Continue(())
    }
    fn reject(&mut self, _: Reject) -> Go {
        ControlFlow::Continue(())
    }
    fn progress(&mut self, _: &str, _: f64, _: &ImportCounts) -> Go {
        ControlFlow::Continue(())
    }
}
