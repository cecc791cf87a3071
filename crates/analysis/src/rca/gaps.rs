//! Time lost on the way: what a caller waits beyond what its callee took. It has no other cause than the way between
//! them, or an end that is too busy to pick up.

use std::collections::BTreeMap;

use model::rca::Check;

use super::{
    Context, MINUTE, Series,
    shift::{began, matters, tail},
};
use crate::{
    meaning::{Aspect, Meaning, Side},
    stats::{between, calm, median, quantile, sorted, step_ms, values},
};

/// Time lost between a caller and its callee.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    pub caller: u32,
    pub callee: u32,
    /// Series of the caller, by its place.
    pub series: usize,
    /// Usual wait of the caller, in seconds.
    pub before_s: f64,
    /// Time lost more than usual, in seconds.
    pub lost_s: f64,
    /// 0 to 1.
    pub strength: f64,
    pub onset: Option<i64>,
    /// No call edge is measured: the callee was found by what its callers show.
    pub inferred: bool,
}

/// The gaps of all call edges that both ends measure.
pub(crate) fn gaps(cx: &Context<'_>) -> Vec<Gap> {
    let mut ends: BTreeMap<(u32, u32), [Option<usize>; 2]> = BTreeMap::new();
    for (at, series) in cx.input.series.iter().enumerate() {
        let (Some(peer), Some(meaning)) = (series.peer, cx.meanings.get(series.metric)) else { continue };
        let side = match (meaning.aspect, meaning.side) {
            (Aspect::Latency, Side::Caller) => 0,
            (Aspect::Latency, Side::Callee) => 1,
            _ => continue,
        };
        if let Some(slot) = ends.entry((series.item, peer)).or_default().get_mut(side) {
            slot.get_or_insert(at);
        }
    }
    ends.into_iter()
        .filter_map(|((caller, callee), [outer, inner])| {
            let (outer, inner) = (outer?, inner?);
            gap(cx, (caller, callee), outer, inner)
        })
        .collect()
}

fn gap(cx: &Context<'_>, (caller, callee): (u32, u32), outer: usize, inner: usize) -> Option<Gap> {
    let (outside, inside) = (cx.input.series.get(outer)?, cx.input.series.get(inner)?);
    let (om, im) = (cx.meanings.get(outside.metric)?, cx.meanings.get(inside.metric)?);
    let (from, to) = cx.input.window;
    let baseline = i64::from(cx.input.template.baseline_min) * MINUTE;
    let lost = difference(outside, om, inside, im, from - baseline, to);
    let before = values(between(&lost, from - baseline, from));
    let (center, spread) = calm(&before).filter(|_| before.len() >= 2)?;
    let window = values(between(&lost, from, to));
    let width = (window.len() / 5).clamp(3, 15).min(window.len().max(1));
    let after = window.windows(width).filter_map(|w| median(w.iter().copied())).max_by(f64::total_cmp)?;
    let waited = calm(&values(between(&outside.samples, from - baseline, from)))?.0 * om.scale;
    // both ends measure for themselves: how far they part by chance is seen in how far they parted before
    let parted: Vec<f64> =
        before.windows(width.min(before.len())).filter_map(|w| median(w.iter().copied())).collect();
    let chance = quantile(&sorted(parted), 0.9).map_or(0.0, |q| (q - center) / 2.0);
    let chance = chance.max(tail(&sorted(before.iter().map(|v| v - center))));
    let scale = spread.max(chance).max(0.01 * cx.latency_s).max(0.05 * waited);
    let lost_s = after - center;
    let sigma = lost_s / scale;
    let seconds = Meaning { scale: 1.0, side: Side::None, ..*om };
    let counts = cx.input.template.bounds(Check::Gap);
    let strength = if lost_s > 0.0 {
        ((sigma - counts.0) / (counts.1 - counts.0)).clamp(0.0, 1.0) * matters(cx, &seconds, waited, lost_s)
    } else {
        0.0
    };
    let far = (3.0 * scale).max(0.3 * lost_s);
    let onset = began(&lost, (from, to), from - baseline / 2, |v| v - center >= far);
    Some(Gap { caller, callee, series: outer, before_s: waited, lost_s, strength, onset, inferred: false })
}

/// Caller minus callee in seconds, at the moments of the caller; a sample of the callee fits when it is nearer than half
/// a step.
fn difference(
    outer: &Series,
    om: &Meaning,
    inner: &Series,
    im: &Meaning,
    from: i64,
    to: i64,
) -> Vec<(i64, f64)> {
    let outside = between(&outer.samples, from, to);
    let near = step_ms(&outer.samples).unwrap_or(MINUTE) * 55 / 100;
    outside
        .iter()
        .filter_map(|(at, value)| {
            let around = between(&inner.samples, at - near, at + near + 1);
            let twin = around.iter().min_by_key(|s| (s.0 - at).abs())?;
            let lost = value * om.scale - twin.1 * im.scale;
            lost.is_finite().then_some((*at, lost))
        })
        .collect()
}
