//! The scorer everything is compared with: for each item the largest distance from the median before, in quartile
//! distances, over all of its metrics.

use analysis::stats::{between, iqr, median_sorted, sorted, values};

use super::{Case, World};

/// Items by that score, the largest first.
pub fn ranked(world: &World, case: &Case) -> Vec<u32> {
    let mut scores: Vec<(f64, u32)> = (0..world.items.len() as u32).map(|item| (0.0, item)).collect();
    for series in world.series.iter().filter(|s| s.peer.is_none()) {
        let before = sorted(values(between(&series.samples, case.earliest, case.window.0)));
        let (Some(median), Some(iqr)) = (median_sorted(&before), iqr(&before)) else { continue };
        let most = values(between(&series.samples, case.window.0, case.window.1))
            .into_iter()
            .map(|v| (v - median).abs() / iqr.max(1e-9))
            .fold(0.0, f64::max);
        if let Some(score) = scores.get_mut(series.item as usize) {
            score.0 = f64::max(score.0, most);
        }
    }
    scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scores.into_iter().filter(|s| s.0 > 0.0).map(|s| s.1).collect()
}
