//! Things that do the same work should look the same: which of a group stands apart.

use crate::stats::{MAD_TO_SIGMA, between, median, values};

/// A member that stands apart from its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apart {
    /// The member, by its place.
    pub member: usize,
    /// Its usual value in the window.
    pub value: f64,
    /// That of the group.
    pub group: f64,
    /// Robust standard deviations of the group between them.
    pub sigma: f64,
}

/// Members whose median in a window is more than `k` robust standard deviations of the group's medians away, and at least
/// `least` of the group's value; the farthest first. Groups of fewer than four have no usual member.
pub fn apart(members: &[&[(i64, f64)]], (from, to): (i64, i64), k: f64, least: f64) -> Vec<Apart> {
    let medians: Vec<(usize, f64)> = members
        .iter()
        .enumerate()
        .filter_map(|(at, samples)| Some((at, median(values(between(samples, from, to)))?)))
        .collect();
    if medians.len() < 4 {
        return Vec::new();
    }
    let Some(group) = median(medians.iter().map(|m| m.1)) else { return Vec::new() };
    let spread = median(medians.iter().map(|m| (m.1 - group).abs())).unwrap_or(0.0) * MAD_TO_SIGMA;
    let scale = spread.max(least * group.abs() / k.max(1.0)).max(1e-9);
    let mut found: Vec<Apart> = medians
        .into_iter()
        .map(|(member, value)| Apart { member, value, group, sigma: (value - group).abs() / scale })
        .filter(|a| a.sigma > k)
        .collect();
    found.sort_by(|a, b| b.sigma.total_cmp(&a.sigma).then(a.member.cmp(&b.member)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_twelve_that_differs_is_found_and_a_group_of_three_has_no_opinion() {
        let series =
            |level: f64| (0..60).map(|i| (i * 60_000, level + (i % 3) as f64 * 0.1)).collect::<Vec<_>>();
        let mut group: Vec<Vec<(i64, f64)>> = (0..12).map(|i| series(50.0 + f64::from(i % 4))).collect();
        group[7] = series(91.0);
        let members: Vec<&[(i64, f64)]> = group.iter().map(Vec::as_slice).collect();
        let found = apart(&members, (0, 3_600_000), 5.0, 0.05);
        assert_eq!(found.iter().map(|a| a.member).collect::<Vec<_>>(), [7]);
        assert!(apart(&members[5..8], (0, 3_600_000), 5.0, 0.05).is_empty());
    }
}
