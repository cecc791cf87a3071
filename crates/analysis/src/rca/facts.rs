//! What is known of each item, put together from its series, its call edges and its records.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::{
    rca::{Check, Resource},
    schema::RecordRole,
};

use super::{Context, MINUTE, gaps::Gap, shift::Shift, work};
use crate::{
    meaning::{Aspect, Side},
    stats::{between, greater, median, values},
};

/// One item.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fact {
    /// Strongest shift of each resource that went the bad way, with the shift it comes from.
    pub resources: BTreeMap<Resource, (f64, usize)>,
    /// Slowness as the item itself measures it, 0 to 1, and the shift that shows it best.
    pub slow: f64,
    pub slow_at: Option<usize>,
    /// How much longer it takes, in seconds.
    pub slow_s: f64,
    /// Errors and lost success, 0 to 1.
    pub errors: f64,
    pub errors_at: Option<usize>,
    /// Work it got compared with before; 1 where unknown.
    pub traffic: f64,
    pub traffic_at: Option<usize>,
    /// True when the change of work is certain: nearly every sample of the window is on one side of those before.
    pub traffic_sure: bool,
    /// Time lost on the ways to and from it, 0 to 1, and the gap that shows it best.
    pub gap: f64,
    pub gap_at: Option<usize>,
    /// How much longer it waits for callees that answer late, in seconds, where no call edge is measured.
    pub late_s: f64,
    /// Requests that reach it but not what it calls, 0 to 1, and the callee that gets least.
    pub flow: f64,
    pub flow_to: Option<u32>,
    /// Changes and maintenance before its first deviation, newest last, as places of records.
    pub changes: Vec<usize>,
    /// Records of trouble in the window, and how much more they weigh than before, 0 to 1.
    pub events: Vec<usize>,
    pub trouble_events: f64,
    /// When anything of it deviated first.
    pub onset: Option<i64>,
    /// Anything that is trouble by itself, 0 to 1: what may explain trouble above.
    pub trouble: f64,
    /// It is measured at all.
    pub measured: bool,
}

/// All items.
pub(crate) struct Facts {
    pub items: Vec<Fact>,
}

impl Facts {
    pub fn new(cx: &Context<'_>, shifts: &[Shift], gaps: &[Gap]) -> Self {
        let mut items: Vec<Fact> = vec![Fact::default(); cx.input.items.len()];
        shown(shifts, &mut items);
        slowness(cx, shifts, &mut items);
        traffic(cx, shifts, &mut items);
        ways(gaps, &mut items);
        flows(cx, &mut items);
        for fact in &mut items {
            let resources = fact.resources.values().map(|r| r.0).fold(0.0, f64::max);
            fact.trouble = resources.max(fact.slow).max(fact.errors).max(fact.gap).max(fact.flow);
        }
        records(cx, &mut items);
        for fact in &mut items {
            let told = if fact.measured && fact.trouble < 0.04 { 0.1 } else { 0.8 };
            fact.trouble = fact.trouble.max(fact.trouble_events * told);
        }
        Self { items }
    }

    pub fn of(&self, item: u32) -> &Fact {
        static NOTHING: Fact = Fact {
            resources: BTreeMap::new(),
            slow: 0.0,
            slow_at: None,
            slow_s: 0.0,
            errors: 0.0,
            errors_at: None,
            traffic: 1.0,
            traffic_at: None,
            traffic_sure: false,
            gap: 0.0,
            gap_at: None,
            late_s: 0.0,
            flow: 0.0,
            flow_to: None,
            changes: Vec::new(),
            events: Vec::new(),
            trouble_events: 0.0,
            onset: None,
            trouble: 0.0,
            measured: false,
        };
        self.items.get(item as usize).unwrap_or(&NOTHING)
    }
}

fn earliest(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Resources and errors of items.
fn shown(shifts: &[Shift], items: &mut [Fact]) {
    // a share of a limit says more than an amount: where both measure the same, the amount is left out
    let limited: HashSet<(u32, Resource)> = shifts
        .iter()
        .filter(|s| s.meaning.percent && s.meaning.aspect == Aspect::Usage && !s.meaning.ambient)
        .map(|s| (s.item, s.meaning.resource))
        .collect();
    for (at, shift) in shifts.iter().enumerate() {
        let Some(fact) = items.get_mut(shift.item as usize) else { continue };
        fact.measured = true;
        if shift.peer.is_some() {
            continue;
        }
        if shift.silent {
            let silent = fact.resources.entry(Resource::Availability).or_insert((0.0, at));
            silent.0 = f64::max(silent.0, shift.strength);
            fact.onset = earliest(fact.onset, shift.onset);
            continue;
        }
        let meaning = &shift.meaning;
        let strength = match meaning.aspect {
            Aspect::Traffic => continue,
            Aspect::Latency if meaning.resource == Resource::Application => continue,
            Aspect::Usage if !meaning.percent && limited.contains(&(shift.item, meaning.resource)) => {
                continue;
            }
            _ => shift.strength,
        };
        if strength > 0.0 {
            fact.onset = earliest(fact.onset, shift.onset);
        }
        if meaning.resource == Resource::Application {
            if strength > fact.errors {
                fact.errors = strength;
                fact.errors_at = Some(at);
            }
            continue;
        }
        let best = fact.resources.entry(meaning.resource).or_insert((0.0, at));
        if strength > best.0 {
            *best = (strength, at);
        }
    }
}

/// Slowness: the middle of what all latencies of an item say, so that one percentile alone says little.
fn slowness(cx: &Context<'_>, shifts: &[Shift], items: &mut [Fact]) {
    let mut own: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut edge: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, shift) in shifts.iter().enumerate() {
        if shift.meaning.aspect != Aspect::Latency
            || shift.meaning.resource != Resource::Application
            || shift.silent
        {
            continue;
        }
        match (shift.peer, shift.meaning.side) {
            (None, Side::Caller) | (Some(_), Side::Caller) => {}
            (None, _) => own.entry(shift.item).or_default().push(at),
            (Some(peer), _) => edge.entry(peer).or_default().push(at),
        }
    }
    for (item, fact) in (0..).zip(items.iter_mut()) {
        let of = own.get(&item).or_else(|| edge.get(&item));
        let Some(list) = of else { continue };
        let get = |at: &usize| shifts.get(*at);
        let strength =
            median(list.iter().filter_map(get).map(|s| slower(cx, shifts, list, s))).unwrap_or(0.0);
        fact.slow = strength;
        fact.slow_s = median(list.iter().filter_map(get).map(Shift::seconds)).unwrap_or(0.0).max(0.0);
        fact.slow_at = list.iter().copied().max_by(|a, b| {
            let of = |at: usize| shifts.get(at).map_or(0.0, |s| if s.up() { s.strength } else { 0.0 });
            of(*a).total_cmp(&of(*b)).then(b.cmp(a))
        });
        if strength > 0.0 {
            let onset = list
                .iter()
                .filter_map(get)
                .filter(|s| s.strength > 0.0 && s.up())
                .filter_map(|s| s.onset)
                .min();
            fact.onset = earliest(fact.onset, onset);
        }
    }
}

/// Share that is left of a slowness only the far percentiles of a latency show.
const TAIL: f64 = 0.2;

/// How much slower a latency says its item is. Of the percentiles of one latency (names that differ in a number only) the
/// lowest speaks for most of the calls: where it stands still, a few calls took longer, and that happens by itself.
fn slower(cx: &Context<'_>, shifts: &[Shift], list: &[usize], shift: &Shift) -> f64 {
    let up = |s: &Shift| if s.up() { s.strength } else { 0.0 };
    let name = |s: &Shift| {
        let key = cx.input.metrics.get(s.metric).map_or("", |m| m.key.as_str());
        key.chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
    };
    let own = name(shift);
    let lowest = list
        .iter()
        .filter_map(|at| shifts.get(*at))
        .filter(|s| s.peer == shift.peer && s.item == shift.item && name(s) == own)
        .min_by(|a, b| a.center.total_cmp(&b.center));
    lowest.map_or(0.0, up).max(TAIL * up(shift)).min(up(shift))
}

/// Work each item got.
fn traffic(cx: &Context<'_>, shifts: &[Shift], items: &mut [Fact]) {
    let (from, to) = cx.input.window;
    let baseline = i64::from(cx.input.template.baseline_min) * MINUTE;
    let mut counts: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, s) in shifts.iter().enumerate() {
        let own = s.peer.is_none() && !s.silent && !s.meaning.ambient;
        if own && s.meaning.aspect == Aspect::Traffic {
            counts.entry(s.item).or_default().push(at);
        }
    }
    for (item, fact) in (0..).zip(items.iter_mut()) {
        fact.traffic = 1.0;
        let Some(own) = counts.get(&item) else { continue };
        // requests say it best; moved data only where nothing counts requests
        let of = |resource: Resource| -> Vec<usize> {
            let about = |at: &&usize| shifts.get(**at).is_some_and(|s| s.meaning.resource == resource);
            own.iter().filter(about).copied().collect()
        };
        let mut list = of(Resource::Load);
        if list.is_empty() {
            list = of(Resource::Network);
        }
        let ratios: Vec<(f64, usize)> = list
            .iter()
            .filter_map(|at| {
                let s = shifts.get(*at)?;
                let series = cx.input.series.get(s.series)?;
                let then = median(values(between(&series.samples, from, to)))?;
                Some(((then / s.center.max(1e-9)).clamp(0.01, 100.0), *at))
            })
            .collect();
        let Some(ratio) = median(ratios.iter().map(|r| r.0.ln())) else { continue };
        fact.traffic = ratio.exp();
        fact.traffic_at = ratios
            .iter()
            .min_by(|a, b| (a.0.ln() - ratio).abs().total_cmp(&(b.0.ln() - ratio).abs()))
            .map(|r| r.1);
        let sure = |at: &usize| {
            let series = cx.input.series.get(shifts.get(*at)?.series)?;
            let before = values(between(&series.samples, from - baseline, from));
            let then = values(between(&series.samples, from, to));
            (before.len() >= 4 && then.len() >= 3).then(|| greater(&before, &then)).flatten()
        };
        let sides: Vec<f64> = list.iter().filter_map(sure).collect();
        fact.traffic_sure = median(sides).is_some_and(|p| !(0.1..=0.9).contains(&p));
    }
}

/// Time lost around an item. A trouble of its own way shows on all its ways in (or on all ways at all); one way of many
/// speaks for the other end.
fn ways(gaps: &[Gap], items: &mut [Fact]) {
    let (mut into, mut out): (HashMap<u32, Vec<usize>>, HashMap<u32, Vec<usize>>) = Default::default();
    for (at, gap) in gaps.iter().enumerate().filter(|g| !g.1.inferred) {
        into.entry(gap.callee).or_default().push(at);
        out.entry(gap.caller).or_default().push(at);
    }
    for (item, fact) in (0..).zip(items.iter_mut()) {
        let share = |list: &[usize]| -> f64 {
            if list.is_empty() {
                return 0.0;
            }
            // a way that loses nothing clears the end that all of them share
            let strengths = || list.iter().filter_map(|at| gaps.get(*at)).map(|g| g.strength);
            let least = strengths().fold(1.0, f64::min);
            least + 0.3 * (strengths().sum::<f64>() / list.len() as f64 - least)
        };
        let (into, out) = (into.remove(&item).unwrap_or_default(), out.remove(&item).unwrap_or_default());
        if into.is_empty() && out.is_empty() {
            continue;
        }
        let all: Vec<usize> = into.iter().chain(&out).copied().collect();
        // all ways of a caller lose time only when its own end does; with a single way the callee is as likely
        let outward = if out.len() > 1 { share(&out) } else { 0.5 * share(&out) };
        fact.gap = share(&into).max(outward).max(share(&all));
        fact.gap_at = all.into_iter().max_by(|a, b| {
            let of = |at: usize| gaps.get(at).map_or(0.0, |g| g.strength);
            of(*a).total_cmp(&of(*b)).then(b.cmp(a))
        });
        if fact.gap > 0.0 {
            fact.onset = earliest(fact.onset, fact.gap_at.and_then(|at| gaps.get(at)).and_then(|g| g.onset));
        }
    }
    for (at, gap) in gaps.iter().enumerate().filter(|g| g.1.inferred) {
        if let Some(caller) = items.get_mut(gap.caller as usize) {
            caller.late_s = caller.late_s.max(gap.lost_s);
        }
        let Some(fact) = items.get_mut(gap.callee as usize) else { continue };
        if gap.strength > fact.gap {
            (fact.gap, fact.gap_at) = (gap.strength, Some(at));
            fact.onset = earliest(fact.onset, gap.onset);
        }
    }
}

/// Requests that end in an item: what it calls gets much less of each request that reaches it.
fn flows(cx: &Context<'_>, items: &mut [Fact]) {
    let baseline = i64::from(cx.input.template.baseline_min) * MINUTE;
    let counts = cx.input.template.bounds(Check::Flow);
    for (item, fact) in (0..).zip(items.iter_mut()) {
        let Some(own) = work::of(cx, item) else { continue };
        let lost = |callee: &u32| {
            let theirs = work::of(cx, *callee)?;
            // a callee of several callers loses only what this one sent
            let callers = cx.graph.above(*callee).len().max(1) as f64;
            Some((work::lost(own, theirs, cx.input.window, baseline) / callers.sqrt(), *callee))
        };
        let most = cx
            .graph
            .below(item)
            .iter()
            .filter_map(lost)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((lost, callee)) = most {
            fact.flow = ((lost - counts.0) / (counts.1 - counts.0)).clamp(0.0, 1.0);
            fact.flow_to = (fact.flow > 0.0).then_some(callee);
        }
    }
}

/// Changes before, trouble records within.
fn records(cx: &Context<'_>, items: &mut [Fact]) {
    let (from, to) = cx.input.window;
    let baseline = i64::from(cx.input.template.baseline_min) * MINUTE;
    let lead = i64::from(cx.input.template.change_min) * MINUTE;
    let mut before: Vec<f64> = vec![0.0; items.len()];
    let mut within: Vec<f64> = vec![0.0; items.len()];
    for (at, record) in cx.input.records.iter().enumerate() {
        let Some(fact) = items.get_mut(record.item as usize) else { continue };
        match record.role {
            RecordRole::Change | RecordRole::Maintenance => {
                let begin = fact.onset.unwrap_or(from).min(to);
                if record.at <= begin + 2 * MINUTE && record.at >= begin.min(from) - lead {
                    fact.changes.push(at);
                }
            }
            RecordRole::Event | RecordRole::Ticket => {
                let weight = record.severity.powi(2);
                let sum = if record.at >= from && record.at < to {
                    fact.events.push(at);
                    &mut within
                } else if record.at >= from - baseline && record.at < from {
                    &mut before
                } else {
                    continue;
                };
                if let Some(slot) = sum.get_mut(record.item as usize) {
                    *slot += weight;
                }
            }
            RecordRole::Other => {}
        }
    }
    // severity from which a record speaks of trouble
    let word = cx.input.template.bounds(Check::Events).0;
    for ((fact, before), within) in items.iter_mut().zip(before).zip(within) {
        // as many as usual for the length of the window are no news, and a remark is no trouble
        let usual = before * (to - from) as f64 / baseline.max(1) as f64;
        let worst = fact
            .events
            .iter()
            .filter_map(|at| cx.input.records.get(*at))
            .map(|r| r.severity)
            .fold(0.0, f64::max);
        fact.trouble_events =
            if worst >= word { ((within - 1.5 * usual - 0.2) / (0.8 + usual)).clamp(0.0, 1.0) } else { 0.0 };
        if fact.trouble_events > 0.0 {
            let first = fact.events.iter().filter_map(|at| cx.input.records.get(*at)).map(|r| r.at).min();
            fact.onset = earliest(fact.onset, first);
        }
        fact.changes.sort_by_key(|at| cx.input.records.get(*at).map(|r| r.at));
    }
}
