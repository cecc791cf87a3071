//! From scores to probabilities.

/// How the score of a hypothesis and its lead over the next one become a probability, fitted on incidents of ten
/// generated companies (as they are, asked about late, without dependencies) and checked on ten others and on a shop (see
/// the benchmark of root causes).
const FIT: (f64, f64, f64) = (-2.76, 5.09, 2.15);

/// The probability of each hypothesis, of scores in falling order. Together they stay below one: some other cause is
/// always possible.
pub(crate) fn of(scores: &[f64]) -> Vec<f64> {
    let Some(&best) = scores.first() else { return Vec::new() };
    let second = scores.get(1).copied().unwrap_or(0.0);
    let lead = if best > 0.0 { (best - second) / best } else { 0.0 };
    let first = 1.0 / (1.0 + (-(FIT.0 + FIT.1 * best.min(1.0) + FIT.2 * lead)).exp());
    let rest: f64 = scores.iter().skip(1).map(|s| s * s).sum();
    std::iter::once(first)
        .chain(
            scores
                .iter()
                .skip(1)
                .map(|s| if rest > 0.0 { (0.9 * (1.0 - first) * s * s / rest).min(first) } else { 0.0 }),
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn probabilities_fall_and_leave_room_for_the_unknown() {
        for scores in [vec![0.9], vec![0.9, 0.8, 0.1], vec![0.1, 0.1], vec![0.5, 0.0]] {
            let sure = of(&scores);
            assert!(sure.iter().sum::<f64>() < 1.0, "{sure:?}");
            assert!(sure.is_sorted_by(|a, b| a >= b), "{sure:?}");
        }
        assert!(of(&[0.9, 0.1])[0] > of(&[0.9, 0.8])[0]);
        assert!(of(&[]).is_empty());
    }
}
