//! Robust statistics: medians instead of means, so that the trouble that is looked for does not move what is usual.
//!
//! Values that are not finite are left out everywhere; nothing of an empty list is `None`.

/// What makes the median absolute deviation of normal noise its standard deviation.
pub const MAD_TO_SIGMA: f64 = 1.482_602_218_505_602;

/// The finite values in order.
pub fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// A quantile (0 to 1) of ordered values, interpolated.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = q.clamp(0.0, 1.0) * last as f64;
    let low = at.floor() as usize;
    let a = *sorted.get(low)?;
    let b = sorted.get(low + 1).copied().unwrap_or(a);
    Some(a + (b - a) * (at - low as f64))
}

/// The median of ordered values.
pub fn median_sorted(sorted: &[f64]) -> Option<f64> {
    quantile(sorted, 0.5)
}

/// The median.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    median_sorted(&sorted(values))
}

/// Median and standard deviation estimated by the median absolute deviation.
pub fn median_mad(values: &[f64]) -> Option<(f64, f64)> {
    let center = median(values.iter().copied())?;
    let spread = median(values.iter().map(|v| (v - center).abs()))?;
    Some((center, spread * MAD_TO_SIGMA))
}

/// Distance between the quartiles of ordered values.
pub fn iqr(sorted: &[f64]) -> Option<f64> {
    Some(quantile(sorted, 0.75)? - quantile(sorted, 0.25)?)
}

/// Centre and standard deviation of the calm part: the shortest interval that holds half of the values. Where an earlier
/// disturbance is in the values this finds what was usual besides, as long as that is half of them.
pub fn calm(values: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(values.iter().copied());
    let n = sorted.len();
    if n < 4 {
        return median_mad(&sorted);
    }
    let half = n.div_ceil(2);
    let (at, width) = (0..=n - half)
        .filter_map(|i| Some((i, sorted.get(i + half - 1)? - sorted.get(i)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))?;
    let center = median_sorted(sorted.get(at..at + half)?)?;
    // half of normal values lie within 0.674 standard deviations; few values make the interval look shorter than it is
    let few = 1.0 + 3.0 / n as f64;
    Some((center, width / (2.0 * 0.674_489_75) * few))
}

/// Slope and intercept of the line through the medians of all slopes (Theil–Sen), over equally spaced values.
/// Long series are taken every so many values, so that at most some ten thousand pairs are looked at.
pub fn theil_sen(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let step = points.len() / 160 + 1;
    let thin: Vec<(f64, f64)> =
        points.iter().filter(|p| p.0.is_finite() && p.1.is_finite()).step_by(step).copied().collect();
    let mut slopes = Vec::with_capacity(thin.len() * thin.len() / 2);
    for (i, a) in thin.iter().enumerate() {
        for b in thin.iter().skip(i + 1) {
            if b.0 != a.0 {
                slopes.push((b.1 - a.1) / (b.0 - a.0));
            }
        }
    }
    let slope = median(slopes)?;
    let intercept = median(thin.iter().map(|(x, y)| y - slope * x))?;
    Some((slope, intercept))
}

/// Probability that a value of `b` is greater than one of `a`, ties counted half: 0.5 where they do not differ. Says
/// nothing about how much; needs no assumption about how values are spread.
pub fn greater(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (sorted(a.iter().copied()), sorted(b.iter().copied()));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let wins: f64 = b
        .iter()
        .map(|v| {
            let below = a.partition_point(|x| x < v);
            let ties = a.partition_point(|x| x <= v) - below;
            below as f64 + ties as f64 / 2.0
        })
        .sum();
    Some(wins / (a.len() * b.len()) as f64)
}

/// Correlation of values with themselves `lag` steps later.
pub fn autocorrelation(values: &[f64], lag: usize) -> Option<f64> {
    if lag == 0 || values.len() < lag * 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let total: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    let shifted: f64 = values.iter().zip(values.iter().skip(lag)).map(|(a, b)| (a - mean) * (b - mean)).sum();
    (total > 0.0).then(|| shifted / total)
}

/// The usual distance between two samples, in milliseconds.
pub fn step_ms(samples: &[(i64, f64)]) -> Option<i64> {
    let recent = samples.get(samples.len().saturating_sub(400)..)?;
    let mut gaps: Vec<i64> =
        recent.windows(2).filter_map(|w| Some(w.get(1)?.0 - w.first()?.0)).filter(|gap| *gap > 0).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

/// Samples with `from <= t < to`, of samples in time order.
pub fn between(samples: &[(i64, f64)], from: i64, to: i64) -> &[(i64, f64)] {
    let begin = samples.partition_point(|s| s.0 < from);
    let end = samples.partition_point(|s| s.0 < to).max(begin);
    samples.get(begin..end).unwrap_or_default()
}

/// The values of samples.
pub fn values(samples: &[(i64, f64)]) -> Vec<f64> {
    samples.iter().map(|s| s.1).filter(|v| v.is_finite()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_values_may_be_disturbed_and_the_usual_level_is_still_found() {
        let values = [7.6, 98.0, 102.0, 86.0, 110.0, 16.7, 7.6, 6.3, 7.5, 7.9];
        let (center, spread) = calm(&values).unwrap();
        assert!((6.0..9.0).contains(&center), "{center}");
        assert!(spread < 10.0, "{spread}");
        let (center, _) = calm(&[5.0; 9]).unwrap();
        assert_eq!(center, 5.0);
    }

    #[test]
    fn a_line_is_found_through_outliers() {
        let mut points: Vec<(f64, f64)> =
            (0..100).map(|x| (f64::from(x), 3.0 + 0.5 * f64::from(x))).collect();
        for p in points.iter_mut().step_by(7) {
            p.1 += 400.0;
        }
        let (slope, intercept) = theil_sen(&points).unwrap();
        assert!((slope - 0.5).abs() < 0.02 && (intercept - 3.0).abs() < 1.5, "{slope} {intercept}");
    }

    #[test]
    fn order_of_two_samples_needs_no_scale() {
        assert_eq!(greater(&[1.0, 2.0], &[3.0, 1e9]), Some(1.0));
        assert_eq!(greater(&[1.0, 1.0], &[1.0]), Some(0.5));
        assert_eq!(greater(&[], &[1.0]), None);
    }

    #[test]
    fn what_is_not_finite_is_left_out() {
        assert_eq!(median([f64::NAN, 1.0, f64::INFINITY, 3.0]), Some(2.0));
        assert_eq!(median([f64::NAN]), None);
        assert_eq!(calm(&[]), None);
    }

    #[test]
    fn windows_include_their_start_and_not_their_end() {
        let samples: Vec<(i64, f64)> = (0..10).map(|i| (i * 60, 0.0)).collect();
        assert_eq!(between(&samples, 60, 180).len(), 2);
        assert_eq!(between(&samples, 180, 60).len(), 0);
        assert_eq!(step_ms(&samples), Some(60));
    }
}
