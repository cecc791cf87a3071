//! Use of a processor beside the work done: more use with less work is trouble even where the use alone looks usual.

use std::collections::HashMap;

use model::rca::Resource;

use super::{Context, Input, MINUTE, Series};
use crate::{
    meaning::{Aspect, Meaning},
    stats::{between, calm, median, step_ms, theil_sen},
};

/// What is more than the work explains.
pub(super) struct Beyond {
    /// Use expected for the work.
    pub expected: f64,
    /// Use there was.
    pub after: f64,
    /// The difference.
    pub delta: f64,
    /// Robust standard deviations.
    pub sigma: f64,
}

/// The series that counts the work of an item.
pub(super) fn of<'a>(cx: &Context<'a>, item: u32) -> Option<&'a Series> {
    cx.input.series.get(*cx.work.get(&item)?)
}

/// The first series that counts the work of an item, by item.
pub(super) fn series(input: &Input<'_>, meanings: &[Meaning]) -> HashMap<u32, usize> {
    let mut found = HashMap::new();
    for (at, series) in input.series.iter().enumerate() {
        let counts = meanings
            .get(series.metric)
            .is_some_and(|m| m.aspect == Aspect::Traffic && m.resource == Resource::Load && !m.ambient);
        if counts && series.peer.is_none() {
            found.entry(series.item).or_insert(at);
        }
    }
    found
}

/// Use and work at the same moments.
fn pairs(used: &Series, work: &Series, from: i64, to: i64) -> Vec<(f64, f64)> {
    let near = step_ms(&used.samples).unwrap_or(MINUTE) * 55 / 100;
    between(&used.samples, from, to)
        .iter()
        .filter_map(|(at, value)| {
            let around = between(&work.samples, at - near, at + near + 1);
            let twin = around.iter().min_by_key(|s| (s.0 - at).abs())?;
            (value.is_finite() && twin.1.is_finite()).then_some((twin.1, *value))
        })
        .collect()
}

/// How much less than usual a callee gets of each request its caller gets, 0 to 1, where that is certain.
pub(super) fn lost(caller: &Series, callee: &Series, (from, to): (i64, i64), baseline: i64) -> f64 {
    let shares = |from, to| -> Vec<f64> {
        pairs(callee, caller, from, to).into_iter().filter(|p| p.0 > 0.0).map(|p| p.1 / p.0).collect()
    };
    let before = shares(from - baseline, from);
    let Some((center, spread)) = calm(&before).filter(|c| before.len() >= 4 && c.0 > 0.0) else { return 0.0 };
    let then = shares(from, to);
    let width = (then.len() / 5).clamp(3, 15).min(then.len().max(1));
    let least = then.windows(width).filter_map(|w| median(w.iter().copied())).min_by(f64::total_cmp);
    let less = 1.0 - least.unwrap_or(center) / center;
    let sure = ((less / (spread / center).max(0.12) - 2.0) / 3.0).clamp(0.0, 1.0);
    less.clamp(0.0, 1.0) * sure
}

/// Compares the window with the line of use over work before. Use is never expected to be less than in proportion to the
/// work, nor more.
pub(super) fn beyond(
    used: &Series,
    work: &Series,
    (from, to): (i64, i64),
    baseline: i64,
    floor: f64,
) -> Option<Beyond> {
    let before = pairs(used, work, from - baseline, from);
    if before.len() < 6 {
        return None;
    }
    let (slope, level) = theil_sen(&before)?;
    if slope <= 0.0 {
        return None;
    }
    let (usual, _) = calm(&before.iter().map(|p| p.1).collect::<Vec<_>>())?;
    let usual_work = median(before.iter().map(|p| p.0))?.max(1e-9);
    let expect = |w: f64| {
        let share = w / usual_work;
        (level + slope * w).clamp(usual * share.min(1.0), usual * share.max(1.0))
    };
    let (center, spread) = calm(&before.iter().map(|p| p.1 - expect(p.0)).collect::<Vec<_>>())?;
    let then = pairs(used, work, from, to);
    let width = (then.len() / 5).clamp(3, 15).min(then.len().max(1));
    let middle = |part: &[(f64, f64)], of: &dyn Fn(&(f64, f64)) -> f64| median(part.iter().map(of));
    let part = then.windows(width).max_by(|a, b| {
        let rest = |part: &[(f64, f64)]| middle(part, &|p| p.1 - expect(p.0)).unwrap_or(f64::MIN);
        rest(a).total_cmp(&rest(b))
    })?;
    let rest = middle(part, &|p| p.1 - expect(p.0))? - center;
    let after = middle(part, &|p| p.1)?;
    Some(Beyond { expected: (after - rest).max(0.0), after, delta: rest, sigma: rest / spread.max(floor) })
}
