//! Hypotheses: what may be the cause, weighed by the checks.

use std::collections::BTreeMap;

use chrono::DateTime;
use model::rca::{Affected, Check, Finding, Hypothesis, Resource};

use super::{Context, confidence, facts::Facts, gaps::Gap, shift::Shift, tell};
use crate::meaning::Aspect;

/// Relations up to which trouble below explains trouble above.
const FAR: u32 = 4;
/// Trouble that counts among what deviates.
pub(super) const TROUBLE: f64 = 0.04;

/// A hypothesis while it is weighed.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub item: u32,
    pub resource: Resource,
    /// What makes it a cause at all, 0 to 1, by check.
    pub causes: BTreeMap<Check, f64>,
    /// What supports it, 0 to 1, by check.
    pub support: BTreeMap<Check, f64>,
    /// How far something else explains it, 0 to 1.
    pub explained: f64,
    /// What explains it.
    pub by: Option<u32>,
    /// The load explains it.
    pub by_load: bool,
    pub score: f64,
    pub shift: Option<usize>,
    pub gap: Option<usize>,
}

/// The hypotheses, best first.
pub(crate) fn ranked(cx: &Context<'_>, shifts: &[Shift], gaps: &[Gap], facts: &Facts) -> Vec<Hypothesis> {
    let template = cx.input.template;
    let mut drafts: Vec<Draft> =
        (0..cx.input.items.len() as u32).flat_map(|item| drafts(cx, shifts, facts, item)).collect();
    for draft in &mut drafts {
        weigh(cx, facts, draft);
    }
    drafts.retain(|d| {
        d.score >= template.least_score
            && (template.applies.resources.is_empty() || template.applies.resources.contains(&d.resource))
    });
    drafts.sort_by(|a, b| {
        let (a_at, b_at) =
            (facts.of(a.item).onset.unwrap_or(i64::MAX), facts.of(b.item).onset.unwrap_or(i64::MAX));
        b.score
            .total_cmp(&a.score)
            .then(a_at.cmp(&b_at))
            .then(a.item.cmp(&b.item))
            .then(a.resource.cmp(&b.resource))
    });
    let scores: Vec<f64> = drafts.iter().map(|d| d.score).collect();
    let sure = confidence::of(&scores);
    let told = drafts.iter().zip(sure).take(template.most as usize);
    told.zip(1..)
        .map(|((draft, confidence), rank)| finish(cx, shifts, gaps, facts, draft, rank, confidence))
        .collect()
}

/// What may be wrong with an item.
fn drafts(cx: &Context<'_>, shifts: &[Shift], facts: &Facts, item: u32) -> Vec<Draft> {
    let fact = facts.of(item);
    let new = |resource, check, value, shift| Draft {
        item,
        resource,
        causes: BTreeMap::from([(check, value)]),
        support: BTreeMap::new(),
        explained: 0.0,
        by: None,
        by_load: false,
        score: 0.0,
        shift,
        gap: None,
    };
    let mut list = Vec::new();
    for (&resource, &(value, at)) in &fact.resources {
        if value <= 0.0 {
            continue;
        }
        let mut draft = new(resource, Check::Shift, value, Some(at));
        if let Some(shift) = shifts.get(at) {
            let (explained, by, by_load) = resource_explained(cx, shifts, facts, shift);
            (draft.explained, draft.by, draft.by_load) = (explained, by, by_load);
            if shift.at_limit(cx) {
                draft.support.insert(Check::Capacity, 1.0);
            }
        }
        list.push(draft);
    }
    if fact.gap > 0.0 {
        let mut draft = new(Resource::Network, Check::Gap, fact.gap, None);
        draft.gap = fact.gap_at;
        // an end that is out of breath picks up late: then its resource is the cause, not the way
        let busy = fact
            .resources
            .iter()
            .filter(|(r, _)| **r != Resource::Network)
            .map(|(_, v)| v.0)
            .fold(0.0, f64::max);
        draft.explained = (0.9 * busy).min(0.9);
        draft.by = (busy > 0.0).then_some(item);
        match list.iter_mut().find(|d| d.resource == Resource::Network) {
            Some(known) => {
                known.causes.extend(draft.causes);
                known.gap = draft.gap;
            }
            None => list.push(draft),
        }
    }
    list.extend(application(cx, facts, item, &new));
    if let Some(at) = fact.traffic_at
        && fact.traffic > 1.5
    {
        // more work than usual, and none of those who ask got more themselves
        let above = cx.graph.above(item).iter().map(|a| facts.of(*a).traffic).fold(1.0, f64::max);
        let strength = shifts.get(at).map_or(0.0, |s| if s.up() { s.strength } else { 0.0 });
        let mut draft = new(Resource::Load, Check::Shift, 0.75 * strength, Some(at));
        draft.explained = ((above.ln()) / fact.traffic.ln().max(0.01)).clamp(0.0, 1.0);
        draft.by =
            cx.graph.above(item).iter().copied().find(|a| facts.of(*a).traffic >= above && above > 1.2);
        list.push(draft);
    }
    list
}

/// Slowness, errors and lost requests that neither a resource of the item nor anything below explains; with a change
/// before them it is the change.
fn application(
    cx: &Context<'_>,
    facts: &Facts,
    item: u32,
    new: &dyn Fn(Resource, Check, f64, Option<usize>) -> Draft,
) -> Option<Draft> {
    let fact = facts.of(item);
    let slow_below = wait_below(cx, facts, item);
    // what it waits for explains its slowness, second for second
    let own = if fact.slow_s > 0.0 { (1.0 - slow_below / fact.slow_s).clamp(0.0, 1.0) } else { 0.0 };
    let seen = fact
        .resources
        .values()
        .map(|r| r.0)
        .fold(0.0, f64::max)
        .max(fact.slow)
        .max(fact.errors)
        .max(fact.gap)
        .max(fact.flow);
    let causes = [
        (Check::Slowdown, 0.8 * fact.slow * own),
        (Check::Errors, 0.8 * fact.errors),
        (Check::Flow, 0.9 * fact.flow),
        // where an item is measured and all is as usual, a record alone is a remark
        (
            Check::Events,
            fact.trouble_events
                * if !fact.measured {
                    0.8
                } else if seen > TROUBLE {
                    0.5
                } else {
                    0.1
                },
        ),
    ];
    let (best, value) = causes.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let changed = cx.input.template.weight(Check::Change) > 0.0 && !fact.changes.is_empty();
    if value <= 0.0 {
        return None;
    }
    let resource = if changed { Resource::Change } else { Resource::Application };
    let at = match best {
        Check::Slowdown => fact.slow_at,
        Check::Errors => fact.errors_at,
        Check::Flow => fact.traffic_at,
        _ => None,
    };
    let mut draft = new(resource, best, value, at);
    draft.causes.extend(causes.iter().copied().filter(|c| c.1 > 0.0));
    let busy = fact.resources.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0));
    let own_resource = busy.map_or(0.0, |(_, v)| v.0);
    // requests that end in an item are explained by nothing below it
    let (below, by) =
        if best == Check::Flow { (0.0, None) } else { trouble_below(cx, facts, item, value, best) };
    let here = (own_resource.max(fact.gap) / value.max(0.05)).clamp(0.0, 1.0) * 0.9;
    (draft.explained, draft.by) =
        if here >= below { (here, (here > 0.0).then_some(item)) } else { (below, by) };
    Some(draft)
}

/// The longest additional wait of an item for something directly below it, in seconds.
fn wait_below(cx: &Context<'_>, facts: &Facts, item: u32) -> f64 {
    let round = cx.graph.round(item, FAR);
    let own = facts.of(item).onset;
    // in a circle each waits for the other: it waits for those that were slow before it
    let first = |b: &&u32| !round.contains(*b) || facts.of(**b).onset.zip(own).is_some_and(|(b, a)| b < a);
    let below = cx.graph.below(item).iter().filter(first).map(|b| facts.of(*b).slow_s);
    below.fold(facts.of(item).late_s, f64::max)
}

/// Trouble below an item that began no later, relative to its own: how far it explains, and which item.
fn trouble_below(cx: &Context<'_>, facts: &Facts, item: u32, own: f64, sign: Check) -> (f64, Option<u32>) {
    let fact = facts.of(item);
    let mut best = (0.0, None);
    let round = cx.graph.round(item, FAR);
    for (other, hops) in cx.graph.reach(item, false, FAR) {
        let below = facts.of(other);
        // slowness below makes slow above; it makes errors only where somebody gives up waiting, and who waits is slow
        let resources = below.resources.values().map(|r| r.0).fold(0.0, f64::max);
        let waits = if fact.slow > TROUBLE { 0.5 } else { 0.15 };
        let failing = resources.max(below.errors).max(below.gap).max(below.flow).max(waits * below.slow);
        let trouble = if sign == Check::Errors { failing.min(below.trouble) } else { below.trouble };
        if trouble < TROUBLE {
            continue;
        }
        let order = match (below.onset, fact.onset) {
            // in a circle each explains the other: only the one that was first does
            (Some(b), Some(a)) if round.contains(&other) && b >= a => 0.0,
            (None, _) | (_, None) if round.contains(&other) => 0.0,
            (Some(b), Some(a)) if b > a + cx.slack => 0.5,
            _ => 1.0,
        };
        // a resource that is busier without slowing its own item down slows nobody above
        let known = below.slow_at.is_some();
        let harmless = known && below.slow.max(below.errors).max(below.gap).max(below.flow) < TROUBLE;
        let order = if harmless { 0.3 * order } else { order };
        let part = (trouble / own.max(0.1)).min(1.0) * 0.95_f64.powi(hops as i32 - 1) * order;
        if part > best.0 {
            best = (part, Some(other));
        }
    }
    best
}

/// A shift of a resource is explained by the load the item gets, or by the same resource of what it runs on.
fn resource_explained(
    cx: &Context<'_>,
    shifts: &[Shift],
    facts: &Facts,
    shift: &Shift,
) -> (f64, Option<u32>, bool) {
    let fact = facts.of(shift.item);
    let mut best = (0.0, None, false);
    // use grows with work at most in proportion
    let follows = matches!(shift.meaning.aspect, Aspect::Usage | Aspect::Waiting | Aspect::Level);
    if follows && fact.traffic > 1.1 && !shift.drift && !shift.beyond_work {
        let expected = shift.center.abs() * (fact.traffic - 1.0);
        let part = (expected / shift.delta.abs().max(1e-9)).clamp(0.0, 1.0);
        if part > 0.3 {
            best = (part, None, true);
        }
    }
    // what waits grows faster than the work that is sent to it
    if matches!(shift.meaning.resource, Resource::Queue | Resource::Connections) {
        for (other, _) in cx.graph.reach(shift.item, true, FAR) {
            let above = facts.of(other);
            if above.traffic_sure && above.traffic > 1.3 && best.0 < 0.85 {
                best = (0.85, Some(other), false);
            }
        }
    }
    let waits = matches!(shift.meaning.resource, Resource::Connections | Resource::Queue);
    for (other, hops) in cx.graph.reach(shift.item, false, FAR) {
        let below = facts.of(other);
        let same = below.resources.get(&shift.meaning.resource).map_or(0.0, |r| r.0);
        // connections and queues fill up behind whatever is slow
        let trouble = if waits { below.trouble.max(same) } else { same };
        if trouble < TROUBLE {
            continue;
        }
        let same_at =
            below.resources.get(&shift.meaning.resource).and_then(|r| shifts.get(r.1)).and_then(|s| s.onset);
        let first = match (if waits { below.onset } else { same_at }, shift.onset) {
            (Some(b), Some(a)) => b < a,
            _ => false,
        };
        let part = (trouble / shift.strength.max(0.1)).min(1.0)
            * 0.95_f64.powi(hops as i32 - 1)
            * if first { 1.0 } else { 0.25 };
        if part > best.0 {
            best = (part, Some(other), false);
        }
    }
    best
}

/// Sums up the checks.
fn weigh(cx: &Context<'_>, facts: &Facts, draft: &mut Draft) {
    let template = cx.input.template;
    let fact = facts.of(draft.item);
    let mut cause = 0.0_f64;
    let mut rest = 1.0_f64;
    let mut list: Vec<f64> =
        draft.causes.iter().map(|(check, value)| (value * template.weight(*check)).min(1.0)).collect();
    list.sort_by(|a, b| b.total_cmp(a));
    for (i, value) in list.iter().enumerate() {
        // a second sign adds to the first, with less and less weight
        cause += rest * value * if i == 0 { 1.0 } else { 0.3 };
        rest *= 1.0 - value;
    }
    let above: BTreeMap<u32, u32> = cx.graph.reach(draft.item, true, FAR + 2).into_iter().collect();
    let down: BTreeMap<u32, u32> = if draft.resource == Resource::Load {
        cx.graph.reach(draft.item, false, FAR).into_iter().collect()
    } else {
        BTreeMap::new()
    };
    let felt: Vec<(u32, f64)> = (0..cx.input.items.len() as u32)
        .filter(|i| *i != draft.item)
        .map(|i| (i, facts.of(i).trouble))
        .filter(|f| f.1 >= TROUBLE)
        .collect();
    let total: f64 = felt.iter().map(|f| f.1).sum();
    let reached: f64 =
        felt.iter().filter(|f| above.contains_key(&f.0) || down.contains_key(&f.0)).map(|f| f.1).sum();
    let reach = if total > 0.0 { reached / total } else { 0.5 };
    let later: Vec<bool> = felt
        .iter()
        .filter_map(|f| Some((facts.of(f.0).onset?, fact.onset?)))
        .map(|(other, own)| other + cx.slack >= own)
        .collect();
    let order =
        if later.is_empty() { 0.5 } else { later.iter().filter(|l| **l).count() as f64 / later.len() as f64 };
    let changed = f64::from(u8::from(!fact.changes.is_empty()));
    let full = f64::from(u8::from(draft.support.contains_key(&Check::Capacity)));
    let support = &mut draft.support;
    let mut add = |check, value: f64| {
        support.insert(check, value);
        value * template.weight(check)
    };
    let mut factor = 0.5 + 0.15 * full * template.weight(Check::Capacity);
    factor += 0.3 * add(Check::Reach, reach);
    factor += 0.2 * add(Check::Order, order);
    factor += 0.3 * add(Check::Change, changed);
    factor += 0.15 * add(Check::Events, fact.trouble_events);
    if let Some(asked) = asked(cx, &above, draft.item) {
        factor *= asked;
    }
    draft.score =
        cause * factor * (1.0 - 0.9 * (draft.explained * template.weight(Check::Explained)).clamp(0.0, 1.0));
}

/// A cause explains what was asked about only when that depends on it (or is it, or is loaded by it).
fn asked(cx: &Context<'_>, above: &BTreeMap<u32, u32>, item: u32) -> Option<f64> {
    if cx.input.focus.is_empty() {
        return None;
    }
    let hit = cx.input.focus.iter().any(|f| *f == item || above.contains_key(f));
    Some(if hit { 1.0 } else { 0.45 })
}

fn finish(
    cx: &Context<'_>,
    shifts: &[Shift],
    gaps: &[Gap],
    facts: &Facts,
    draft: &Draft,
    rank: u32,
    confidence: f64,
) -> Hypothesis {
    let code = |item: u32| cx.input.items.get(item as usize).cloned().unwrap_or_default();
    let time = |at: Option<i64>| at.and_then(DateTime::from_timestamp_millis);
    let fact = facts.of(draft.item);
    let all = cx.graph.reach(draft.item, true, u32::MAX);
    let affected: Vec<(u32, u32)> =
        all.iter().copied().filter(|a| facts.of(a.0).trouble >= TROUBLE).collect();
    // the way to the top of what suffers: the farthest item that deviates, the most troubled of several
    let end = cx
        .input
        .focus
        .iter()
        .filter_map(|f| affected.iter().find(|a| a.0 == *f))
        .chain(affected.iter())
        .max_by(|a, b| {
            let asked = |i: u32| cx.input.focus.contains(&i);
            (asked(a.0), a.1)
                .cmp(&(asked(b.0), b.1))
                .then(facts.of(a.0).trouble.total_cmp(&facts.of(b.0).trouble))
                .then(b.0.cmp(&a.0))
        });
    let path = end.map_or_else(
        || vec![draft.item],
        |end| cx.graph.way_up(draft.item, end.0, |i| facts.of(i).trouble >= TROUBLE),
    );
    let metric = draft.shift.and_then(|at| shifts.get(at)).map(|s| (s.metric, s.peer)).or_else(|| {
        let series = cx.input.series.get(draft.gap.and_then(|at| gaps.get(at))?.series)?;
        Some((series.metric, series.peer))
    });
    let def = metric.and_then(|m| cx.input.metrics.get(m.0));
    let told = tell::Telling { cx, shifts, gaps, facts, draft };
    let evidence_for: Vec<Finding> = told.supporting();
    let mut first = fact.onset;
    if let Some(at) = draft.shift.and_then(|at| shifts.get(at)).and_then(|s| s.onset) {
        first = Some(at);
    }
    Hypothesis {
        rank,
        ci: code(draft.item),
        name: String::new(),
        kind: String::new(),
        resource: draft.resource,
        metric: def.map(|d| d.key.clone()).unwrap_or_default(),
        metric_label: def.map(|d| d.label.get(cx.input.lang).to_owned()).unwrap_or_default(),
        peer: metric.and_then(|m| m.1).map(code).unwrap_or_default(),
        score: (draft.score * 1000.0).round() / 1000.0,
        confidence: (confidence * 1000.0).round() / 1000.0,
        first_deviation: time(first),
        summary: told.summary(),
        evidence_for,
        evidence_against: told.opposing(),
        missing: told.missing(),
        next_checks: told.next(),
        path: path.into_iter().map(code).collect(),
        affected: affected
            .iter()
            .take(50)
            .map(|a| Affected { ci: code(a.0), hops: a.1, since: time(facts.of(a.0).onset) })
            .collect(),
        blast_radius: all.len() as u32,
    }
}
