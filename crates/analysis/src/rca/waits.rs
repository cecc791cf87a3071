//! Time lost on the way where no call edge is measured: what the callers of an item wait beyond what their callees took,
//! and which of their percentiles show it.
//!
//! A callee that gets a tenth of the calls of a caller and answers late moves the far percentiles of that caller and leaves
//! the near ones; one that gets half of them moves all of them; one that gets a thousandth moves none. So the percentiles
//! of every caller say how large the share of the late calls is, and topology and the counted work say whose share that
//! is. Each item is judged by how well it alone would explain what all callers show.

use std::collections::{BTreeMap, HashMap};

use model::rca::Resource;

use super::{Context, MINUTE, gaps::Gap, shift::Shift, work};
use crate::{
    meaning::{Aspect, Side},
    stats::{between, median, values},
};

/// Least agreement with what is seen, and least of it that has to be explained, for an item to be a candidate.
const FIT: f64 = 0.8;
const LEAST: f64 = 0.05;
/// Names of percentiles, by the digits in the name of a metric.
const PERCENTILES: [(&str, f64); 7] =
    [("50", 0.5), ("75", 0.75), ("80", 0.8), ("90", 0.9), ("95", 0.95), ("99", 0.99), ("999", 0.999)];

/// What one percentile of a caller shows.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Share of calls that are at most so slow.
    quantile: f64,
    /// The shift it comes from.
    at: usize,
    /// Time lost beyond what the callees took longer, in seconds.
    lost_s: f64,
    /// How certain and how much, 0 to 1.
    strength: f64,
}

/// A callee, how well it fits, what it explains, and the caller and shift it is best seen by.
type Fit = (u32, f64, f64, Option<(u32, Seen)>);

/// The time lost that items explain, where no call edge says more: at most one way into each item.
pub(crate) fn waits(cx: &Context<'_>, shifts: &[Shift]) -> Vec<Gap> {
    let seen = seen(cx, shifts);
    if seen.values().flatten().all(|s| s.strength < LEAST) {
        return Vec::new();
    }
    let shares = shares(cx, &seen);
    let mut fits: Vec<Fit> = (0..cx.input.items.len() as u32)
        .filter(|item| cx.graph.above(*item).iter().any(|c| seen.contains_key(c)))
        .map(|item| {
            let (fit, explained, best) = fit(&seen, &shares, item);
            (item, fit, explained, best)
        })
        .collect();
    fits.sort_by(|a, b| (b.1).total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let Some(best) = fits.first().map(|f| f.1) else { return Vec::new() };
    fits.into_iter()
        .filter(|f| f.1 >= FIT && f.2 >= LEAST)
        .filter_map(|(callee, fit, explained, way)| {
            let (caller, one) = way?;
            let shift = shifts.get(one.at)?;
            // several items that explain it about as well share what is known
            let strength = explained * (fit / best).powi(8);
            Some(Gap {
                caller,
                callee,
                series: shift.series,
                before_s: shift.center * shift.meaning.scale,
                lost_s: one.lost_s,
                strength,
                onset: shift.onset,
                inferred: true,
            })
        })
        .collect()
}

/// What the percentiles of each caller show that has no measured call edge.
fn seen(cx: &Context<'_>, shifts: &[Shift]) -> BTreeMap<u32, Vec<Seen>> {
    let mut callers: BTreeMap<u32, Vec<Seen>> = BTreeMap::new();
    let edges: Vec<u32> = cx.input.series.iter().filter(|s| s.peer.is_some()).map(|s| s.item).collect();
    let mut slower: HashMap<(u32, u32), f64> = HashMap::new();
    let quantile = |shift: &Shift| {
        let key = cx.input.metrics.get(shift.metric).map_or("", |m| m.key.as_str());
        percentile(key)
    };
    let latency = |s: &Shift| {
        s.peer.is_none()
            && !s.silent
            && s.meaning.aspect == Aspect::Latency
            && s.meaning.resource == Resource::Application
    };
    let place = |q: f64| (q * 1_000.0) as u32;
    for shift in shifts.iter().filter(|s| latency(s) && s.meaning.side != Side::Caller) {
        if let Some(q) = quantile(shift) {
            slower.insert((shift.item, place(q)), shift.seconds().max(0.0));
        }
    }
    for (at, shift) in shifts.iter().enumerate() {
        if !latency(shift) || shift.meaning.side != Side::Caller || edges.contains(&shift.item) {
            continue;
        }
        let Some(q) = quantile(shift) else { continue };
        let below = cx.graph.below(shift.item).iter().filter_map(|b| slower.get(&(*b, place(q))));
        let explained = below.copied().fold(0.0, f64::max);
        let longer = shift.seconds().max(0.0);
        let lost_s = (longer - explained).max(0.0);
        let strength = if longer > 0.0 { shift.strength * lost_s / longer } else { 0.0 };
        callers.entry(shift.item).or_default().push(Seen { quantile: q, at, lost_s, strength });
    }
    callers
}

/// The percentile a metric gives, by its name.
fn percentile(key: &str) -> Option<f64> {
    let mut digits = key.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    digits.find_map(|part| PERCENTILES.iter().find(|(name, _)| *name == part).map(|(_, q)| *q))
}

/// The share of the calls of each caller that goes to each of its callees, by the work counted before the window. What a
/// callee of several callers gets is split in proportion to their own work.
fn shares(cx: &Context<'_>, seen: &BTreeMap<u32, Vec<Seen>>) -> HashMap<(u32, u32), f64> {
    let (from, _) = cx.input.window;
    let baseline = i64::from(cx.input.template.baseline_min) * MINUTE;
    let counted = |item: u32| {
        let series = work::of(cx, item)?;
        median(values(between(&series.samples, from - baseline, from))).filter(|w| *w > 0.0)
    };
    let mut shares = HashMap::new();
    for &caller in seen.keys() {
        let own = counted(caller).unwrap_or(1.0);
        let calls: Vec<(u32, f64)> = cx
            .graph
            .below(caller)
            .iter()
            .filter_map(|callee| {
                let all: f64 = cx.graph.above(*callee).iter().map(|a| counted(*a).unwrap_or(1.0)).sum();
                Some((*callee, counted(*callee)? * own / all.max(own)))
            })
            .collect();
        let total: f64 = calls.iter().map(|c| c.1).sum();
        shares.extend(calls.into_iter().map(|(callee, calls)| ((caller, callee), calls / total.max(1e-9))));
    }
    shares
}

/// How well an item that answers late explains what all callers show; how much of what is seen it explains; the caller and
/// percentile that show it best.
fn fit(
    seen: &BTreeMap<u32, Vec<Seen>>,
    shares: &HashMap<(u32, u32), f64>,
    item: u32,
) -> (f64, f64, Option<(u32, Seen)>) {
    let (mut agreed, mut weight) = (0.0, 0.0);
    let (mut explained, mut best): (f64, Option<(u32, Seen)>) = (0.0, None);
    for (&caller, list) in seen {
        // its own calls may be late as well, or not
        if caller == item {
            continue;
        }
        let share = shares.get(&(caller, item)).copied().unwrap_or(0.0);
        for one in list {
            let expected = (share / (1.0 - one.quantile).max(1e-3) - 0.5).clamp(0.0, 1.0);
            let shown = (one.strength / 0.3).min(1.0);
            let counts = 0.2 + shown.max(expected);
            agreed += counts * (1.0 - (expected - shown).abs());
            weight += counts;
            let here = expected * one.strength;
            if here > explained {
                (explained, best) = (here, Some((caller, *one)));
            }
        }
    }
    (if weight > 0.0 { agreed / weight } else { 0.0 }, explained, best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_read_from_names() {
        assert_eq!(percentile("client_latency_p95"), Some(0.95));
        assert_eq!(percentile("http2_p999_ms"), Some(0.999));
        assert_eq!(percentile("latency"), None);
    }

    #[test]
    fn the_share_of_late_calls_tells_callees_apart() {
        let at = |quantile, strength| Seen { quantile, at: 0, lost_s: 0.5, strength };
        let shares = HashMap::from([((0, 1), 0.6), ((0, 2), 0.07), ((0, 3), 0.001)]);
        let of = |list: Vec<Seen>| {
            let seen = BTreeMap::from([(0, list)]);
            let mut fits: Vec<(f64, u32)> =
                [1, 2, 3].iter().map(|item| (fit(&seen, &shares, *item).0, *item)).collect();
            fits.sort_by(|a, b| b.0.total_cmp(&a.0));
            fits[0].1
        };
        assert_eq!(of(vec![at(0.5, 0.9), at(0.9, 0.9), at(0.99, 0.9)]), 1);
        assert_eq!(of(vec![at(0.5, 0.0), at(0.9, 0.1), at(0.99, 0.9)]), 2);
    }
}
