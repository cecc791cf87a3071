//! Incidents: a cause somewhere, its own metric first, then side effects along dependencies, later and weaker with every
//! step. What is injected here is the truth analysis is measured by.

use std::collections::{HashMap, HashSet};

use chrono::DateTime;
use model::Localized;

use crate::{
    Cause, Effect, Incident, Item, Truth,
    company::Company,
    estate::{Estate, Layer},
    load::Rhythm,
    rng::Rng,
    spread::Dependents,
};

const MINUTE: i64 = 60;
/// What a failure needs for a step along a dependency, in seconds.
const STEP: (i64, i64) = (240, 420);
/// How far a failure goes.
const DEEPEST: u32 = 5;
const MOST: usize = 80;

/// How a metric is moved: up to full strength, held, and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Move {
    pub from: i64,
    pub until: i64,
    /// Seconds to full strength.
    pub rise: i64,
    pub times: f64,
    pub plus: f64,
    pub hops: u32,
}

impl Move {
    /// The value under this move.
    pub fn apply(&self, at: i64, value: f64) -> f64 {
        if at < self.from || at >= self.until {
            return value;
        }
        let risen = if self.rise <= 0 { 1.0 } else { ((at - self.from) as f64 / self.rise as f64).min(1.0) };
        // back within the last tenth, at most ten minutes
        let fall = ((self.until - self.from) / 10).clamp(1, 600);
        let left = ((self.until - at) as f64 / fall as f64).min(1.0);
        let strength = risen * left;
        value * (1.0 + (self.times - 1.0) * strength) + self.plus * strength
    }

    fn goes_up(&self) -> bool {
        self.times > 1.0 || self.plus > 0.0
    }
}

/// A metric of an item, or of a call edge.
pub(crate) type Target = (usize, &'static str, Option<usize>);

/// A kind of failure.
struct Failure {
    kind: &'static str,
    resource: &'static str,
    layer: Layer,
    metric: &'static str,
    /// Minutes it lasts.
    lasts: (i64, i64),
    /// Share of it that passes until it is at full strength.
    rise: f64,
    times: f64,
    plus: f64,
    /// Share of it that passes before others feel it.
    felt_after: f64,
    record: Option<&'static str>,
    title: (&'static str, &'static str),
}

const FAILURES: &[Failure] = &[
    Failure {
        kind: "disk_full",
        resource: "disk",
        layer: Layer::Database,
        metric: "disk_usage",
        lasts: (300, 420),
        rise: 0.7,
        times: 1.0,
        plus: 40.0,
        felt_after: 0.65,
        record: None,
        title: ("디스크가 가득 찼습니다", "disk ran full"),
    },
    Failure {
        kind: "bad_release",
        resource: "release",
        layer: Layer::App,
        metric: "error_rate",
        lasts: (40, 80),
        rise: 0.1,
        times: 1.0,
        plus: 14.0,
        felt_after: 0.05,
        record: Some("change"),
        title: ("배포 후 오류가 늘었습니다", "errors rose after a release"),
    },
    Failure {
        kind: "memory_leak",
        resource: "memory",
        layer: Layer::Container,
        metric: "memory_usage",
        lasts: (900, 1_300),
        rise: 0.95,
        times: 1.0,
        plus: 48.0,
        felt_after: 0.8,
        record: None,
        title: ("메모리가 새고 있었습니다", "memory leaked"),
    },
    Failure {
        kind: "network_errors",
        resource: "network",
        layer: Layer::Switch,
        metric: "port_errors",
        lasts: (45, 90),
        rise: 0.05,
        times: 1.0,
        plus: 70.0,
        felt_after: 0.05,
        record: None,
        title: ("포트 오류로 통신이 느려졌습니다", "port errors slowed the network"),
    },
    Failure {
        kind: "cache_failure",
        resource: "cache",
        layer: Layer::Cache,
        metric: "hit_rate",
        lasts: (35, 70),
        rise: 0.03,
        times: 1.0,
        plus: -72.0,
        felt_after: 0.05,
        record: Some("maintenance"),
        title: (
            "점검 뒤 캐시가 비어 부하가 몰렸습니다",
            "an empty cache after maintenance sent the load elsewhere",
        ),
    },
    Failure {
        kind: "cpu_contention",
        resource: "cpu",
        layer: Layer::Host,
        metric: "cpu_usage",
        lasts: (40, 100),
        rise: 0.1,
        times: 1.0,
        plus: 55.0,
        felt_after: 0.1,
        record: None,
        title: ("호스트 CPU가 고갈되었습니다", "the host ran out of CPU"),
    },
    Failure {
        kind: "storage_slow",
        resource: "storage",
        layer: Layer::Storage,
        metric: "io_latency",
        lasts: (50, 110),
        rise: 0.1,
        times: 14.0,
        plus: 0.0,
        felt_after: 0.05,
        record: None,
        title: ("스토리지 응답이 느려졌습니다", "storage became slow"),
    },
    Failure {
        kind: "consumer_stuck",
        resource: "queue",
        layer: Layer::Queue,
        metric: "queue_depth",
        lasts: (60, 120),
        rise: 0.6,
        times: 45.0,
        plus: 300.0,
        felt_after: 0.3,
        record: None,
        title: ("메시지 처리가 멈춰 큐가 쌓였습니다", "a stuck consumer let the queue grow"),
    },
    Failure {
        kind: "traffic_surge",
        resource: "load",
        layer: Layer::Service,
        metric: "requests",
        lasts: (40, 80),
        rise: 0.15,
        times: 3.2,
        plus: 0.0,
        felt_after: 0.05,
        record: None,
        title: ("요청이 몰렸습니다", "requests surged"),
    },
];

/// One incident as it is injected.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub id: String,
    pub kind: &'static str,
    pub resource: &'static str,
    pub title: Localized,
    pub node: usize,
    pub metric: &'static str,
    pub from: i64,
    pub until: i64,
    /// Kind of the record behind it.
    pub record: Option<&'static str>,
    pub targets: Vec<Target>,
}

impl Made {
    /// Identifier of the record behind it.
    pub fn record_key(&self, seed: u64) -> Option<String> {
        self.record.map(|kind| crate::records::key(seed, kind, &self.id))
    }
}

/// All incidents, and the moves of every metric they touch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub incidents: Vec<Made>,
    pub moves: HashMap<Target, Vec<Move>>,
}

impl Plan {
    /// Chooses causes and times: one incident after the other, the last one a few hours before the end.
    pub fn make(estate: &Estate, rhythm: &Rhythm, rng: &mut Rng) -> Self {
        let dependents = Dependents::new(estate);
        let mut plan = Self::default();
        let mut used: HashSet<usize> = HashSet::new();
        let mut kinds: Vec<&Failure> = FAILURES.iter().collect();
        rng.shuffle(&mut kinds);
        let days = (rhythm.end - rhythm.start) / 86_400;
        let n = i64::try_from(kinds.len()).unwrap_or(1);
        for (i, failure) in (0..).zip(kinds) {
            let Some(node) = cause(estate, &dependents, failure.layer, &used, rng) else { continue };
            used.insert(node);
            let lasts = rng.whole(failure.lasts.0, failure.lasts.1) * MINUTE;
            let from = if i + 1 == n {
                rhythm.end - lasts - rng.whole(60, 180) * MINUTE
            } else {
                rhythm
                    .local(1 + i * (days - 2) / n, rng.between(9.0, 19.0))
                    .min(rhythm.end - lasts - 6 * 3_600)
            };
            let from = from.max(rhythm.start + 86_400).div_euclid(MINUTE) * MINUTE;
            plan.inject(estate, &dependents, failure, node, (from, from + lasts), rng);
        }
        plan.incidents.sort_by_key(|made| made.from);
        for (i, made) in plan.incidents.iter_mut().enumerate() {
            made.id = format!("inc-{}", i + 1);
        }
        plan
    }

    fn inject(
        &mut self,
        estate: &Estate,
        dependents: &Dependents,
        failure: &Failure,
        node: usize,
        (from, until): (i64, i64),
        rng: &mut Rng,
    ) {
        let lasts = until - from;
        let rise = (lasts as f64 * failure.rise) as i64;
        let felt = from + (lasts as f64 * failure.felt_after) as i64;
        let mut touched = Vec::new();
        let own = Move { from, until, rise, times: failure.times, plus: failure.plus, hops: 0 };
        self.add((node, failure.metric, None), own, &mut touched);
        // what the cause itself shows besides
        for (metric, times, plus) in beside(failure.kind) {
            let also = Move { from: felt, until, rise: 300, times: *times, plus: *plus, hops: 0 };
            self.add((node, metric, None), also, &mut touched);
        }
        let reached = match failure.kind {
            // load travels to what is needed, not to who needs it
            "traffic_surge" => downward(estate, node),
            _ => dependents.reach(node, DEEPEST, MOST),
        };
        let mut when: HashMap<usize, i64> = HashMap::from([(node, felt)]);
        for (other, hops) in reached {
            let begin = felt + i64::from(hops) * rng.whole(STEP.0, STEP.1);
            if begin + 300 >= until {
                continue;
            }
            when.insert(other, begin);
            let weak = 0.75_f64.powi(i32::try_from(hops).unwrap_or(9) - 1);
            for (metric, times, plus) in side_effects(failure.kind, estate.layer(other)) {
                let effect = Move {
                    from: begin,
                    until: until + rng.whole(0, 300),
                    rise: 420,
                    times: 1.0 + (times - 1.0) * weak,
                    plus: plus * weak,
                    hops,
                };
                self.add((other, metric, None), effect, &mut touched);
            }
        }
        self.slow_calls(estate, failure.kind, until, &when, &mut touched);
        if failure.kind == "cache_failure" {
            self.shift_load(estate, dependents, node, (felt, until), &mut touched);
        }
        let name = estate.nodes.get(node).map(|n| n.name.clone()).unwrap_or_default();
        self.incidents.push(Made {
            id: String::new(),
            kind: failure.kind,
            resource: failure.resource,
            title: Localized::new(
                format!("{name}: {}", failure.title.0),
                format!("{name}: {}", failure.title.1),
            ),
            node,
            metric: failure.metric,
            from,
            until,
            record: failure.record,
            targets: touched,
        });
    }

    /// Calls between applications that are both reached take longer, too.
    fn slow_calls(
        &mut self,
        estate: &Estate,
        kind: &str,
        until: i64,
        when: &HashMap<usize, i64>,
        touched: &mut Vec<Target>,
    ) {
        if kind == "consumer_stuck" {
            return;
        }
        for relation in estate.relations.iter().filter(|r| r.r#type == "calls") {
            if let (Some(begin), true) = (when.get(&relation.target), when.contains_key(&relation.source)) {
                let slow = Move { from: *begin, until, rise: 420, times: 2.6, plus: 0.0, hops: 1 };
                self.add((relation.source, "call_latency", Some(relation.target)), slow, touched);
            }
        }
    }

    /// What a cache no longer answers, databases of the same applications do.
    fn shift_load(
        &mut self,
        estate: &Estate,
        dependents: &Dependents,
        cache: usize,
        (felt, until): (i64, i64),
        touched: &mut Vec<Target>,
    ) {
        let mut dbs: Vec<usize> = dependents
            .of(cache)
            .iter()
            .flat_map(|(app, _)| estate.targets(*app, "depends_on"))
            .filter(|node| estate.layer(*node) == Some(Layer::Database))
            .collect();
        dbs.sort_unstable();
        dbs.dedup();
        for db in dbs {
            for (metric, times) in [("tps", 2.2), ("connections", 1.8), ("query_latency", 3.0)] {
                let more = Move { from: felt + 120, until, rise: 300, times, plus: 0.0, hops: 1 };
                self.add((db, metric, None), more, touched);
            }
        }
    }

    fn add(&mut self, target: Target, by: Move, touched: &mut Vec<Target>) {
        self.moves.entry(target).or_default().push(by);
        if !touched.contains(&target) {
            touched.push(target);
        }
    }

    /// The truth about it.
    pub fn truth(
        &self,
        seed: u64,
        company: &Company,
        items: &[Item],
        now: DateTime<chrono::Utc>,
        step_s: i64,
    ) -> Truth {
        let code = |node: usize| items.get(node).map(|item| item.code.clone()).unwrap_or_default();
        let time = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or(now);
        let incidents = self
            .incidents
            .iter()
            .map(|made| {
                let mut effects: Vec<Effect> = made
                    .targets
                    .iter()
                    .flat_map(|target| {
                        self.moves.get(target).into_iter().flatten().map(move |by| (target, by))
                    })
                    .filter(|(_, by)| by.from >= made.from && by.until <= made.until + 600)
                    .map(|((node, metric, _), by)| Effect {
                        code: code(*node),
                        metric,
                        start: time(by.from),
                        end: time(by.until),
                        direction: if by.goes_up() { "up" } else { "down" },
                        hops: by.hops,
                    })
                    .collect();
                effects.sort_by(|a, b| (a.hops, a.start, &a.code).cmp(&(b.hops, b.start, &b.code)));
                let end = effects.iter().map(|e| e.end).max().unwrap_or(time(made.until));
                Incident {
                    id: made.id.clone(),
                    kind: made.kind,
                    title: made.title.clone(),
                    cause: Cause {
                        code: code(made.node),
                        metric: made.metric,
                        resource: made.resource,
                        record: made.record_key(seed),
                    },
                    start: time(made.from),
                    end,
                    effects,
                }
            })
            .collect();
        Truth { seed, company: company.name(), now, step_s, incidents }
    }
}

/// An item of the layer that others need; containers give way to machines where there are none.
fn cause(
    estate: &Estate,
    dependents: &Dependents,
    layer: Layer,
    used: &HashSet<usize>,
    rng: &mut Rng,
) -> Option<usize> {
    let mut of = estate.of(layer);
    if of.is_empty() && layer == Layer::Container {
        of = estate.of(Layer::Vm);
    }
    of.retain(|node| !used.contains(node));
    rng.shuffle(&mut of);
    let reach = |node: usize| dependents.reach(node, DEEPEST, MOST).len();
    // a failure nobody feels teaches nothing, one everybody feels hides its cause
    let fits = |node: usize| layer == Layer::Service || (2..MOST / 2).contains(&reach(node));
    let felt = of.iter().copied().find(|node| fits(*node));
    felt.or_else(|| of.iter().copied().take(20).max_by_key(|node| reach(*node)))
}

/// What a service needs, two steps down.
fn downward(estate: &Estate, service: usize) -> Vec<(usize, u32)> {
    let apps: Vec<usize> = estate.targets(service, "depends_on").collect();
    let mut found: Vec<(usize, u32)> = apps.iter().map(|app| (*app, 1)).collect();
    for app in apps {
        for below in estate.targets(app, "depends_on") {
            if !found.iter().any(|(node, _)| *node == below) {
                found.push((below, 2));
            }
        }
    }
    found
}

/// What the cause shows besides its first metric: metric, times, plus.
fn beside(kind: &str) -> &'static [(&'static str, f64, f64)] {
    match kind {
        "disk_full" => &[("query_latency", 6.0, 0.0), ("tps", 0.5, 0.0)],
        "bad_release" => &[("latency_p95", 1.7, 0.0)],
        "consumer_stuck" => &[("throughput", 0.12, 0.0)],
        "traffic_surge" => &[("success_rate", 1.0, -1.5)],
        "cpu_contention" => &[("network_in", 0.7, 0.0)],
        _ => &[],
    }
}

/// What somebody on the way of a failure shows.
fn side_effects(kind: &str, layer: Option<Layer>) -> &'static [(&'static str, f64, f64)] {
    match (kind, layer) {
        ("traffic_surge", Some(Layer::App)) => &[("request_rate", 2.8, 0.0), ("latency_p95", 2.0, 0.0)],
        ("traffic_surge", Some(Layer::Database)) => &[("connections", 1.9, 0.0), ("tps", 2.4, 0.0)],
        ("traffic_surge", Some(Layer::Queue)) => &[("queue_depth", 6.0, 0.0)],
        ("bad_release", Some(Layer::App)) => &[("error_rate", 1.0, 5.0)],
        ("consumer_stuck", Some(Layer::App)) => &[("latency_p95", 1.6, 0.0)],
        ("memory_leak", Some(Layer::App)) => &[("latency_p95", 2.4, 0.0)],
        ("cpu_contention", Some(Layer::Vm)) => &[("cpu_usage", 1.7, 0.0)],
        ("cpu_contention", Some(Layer::Container)) => &[("cpu_usage", 1.5, 0.0)],
        (_, Some(Layer::App)) => &[("latency_p95", 3.2, 0.0), ("error_rate", 1.0, 3.5)],
        (_, Some(Layer::Service)) => &[("success_rate", 1.0, -6.0)],
        (_, Some(Layer::Database)) => &[("query_latency", 4.5, 0.0)],
        ("network_errors", Some(Layer::Host)) => &[("network_in", 0.5, 0.0)],
        _ => &[],
    }
}
