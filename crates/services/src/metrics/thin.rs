//! Thinning samples to what a chart can show, without losing peaks.

use model::metrics::Point;

use super::store::Window;

/// Samples as at most `most` points: as they are when they are few, else mean, minimum and maximum of equal buckets. Gives
/// the width of a bucket in milliseconds, 0 for samples as they are.
pub(super) fn thinned(samples: &[(i64, f64)], window: Window, most: usize) -> (Vec<Point>, i64) {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return (Vec::new(), 0) };
    if samples.len() <= most {
        return (samples.iter().map(|&(at, value)| Point(at, value, value, value)).collect(), 0);
    }
    let from = window.from.max(first.0);
    let to = window.to.min(last.0 + 1);
    let most = i64::try_from(most).unwrap_or(i64::MAX).max(1);
    let width = ((to - from) + most - 1).div_euclid(most).max(1);
    let mut points: Vec<Point> = Vec::new();
    let mut count = 0.0;
    let mut current = i64::MIN;
    for &(at, value) in samples {
        let bucket = (at - from).div_euclid(width);
        match points.last_mut() {
            Some(point) if bucket == current => {
                count += 1.0;
                point.1 += (value - point.1) / count;
                point.2 = point.2.min(value);
                point.3 = point.3.max(value);
            }
            _ => {
                current = bucket;
                count = 1.0;
                points.push(Point(from + bucket * width, value, value, value));
            }
        }
    }
    (points, width)
}

/// Samples as at most about `most` points of a line: the lowest and the highest of each bucket, in time order.
pub(super) fn outline(samples: &[(i64, f64)], most: usize) -> Vec<(f64, f64)> {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^52")]
    let point = |&(at, value): &(i64, f64)| (at as f64, value);
    if samples.len() <= most {
        return samples.iter().map(point).collect();
    }
    let size = samples.len().div_ceil((most / 2).max(1));
    samples
        .chunks(size)
        .flat_map(|bucket| {
            let order = |a: &&(i64, f64), b: &&(i64, f64)| a.1.total_cmp(&b.1);
            let (low, high) = (bucket.iter().min_by(order), bucket.iter().max_by(order));
            let mut ends: Vec<&(i64, f64)> = low.into_iter().chain(high).collect();
            ends.sort_by_key(|sample| sample.0);
            ends.dedup_by_key(|sample| sample.0);
            ends.into_iter().map(point).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(n: i64) -> Vec<(i64, f64)> {
        (0..n).map(|i| (i * 60_000, if i == 777 { 500.0 } else { 1.0 })).collect()
    }

    #[test]
    fn few_samples_stay_as_they_are() {
        let (points, bucket) = thinned(&ramp(10), Window { from: 0, to: i64::MAX }, 10);
        assert_eq!((points.len(), bucket), (10, 0));
    }

    #[test]
    fn thinning_keeps_the_peak_and_the_limit() {
        let samples = ramp(10_080);
        let (points, bucket) = thinned(&samples, Window { from: i64::MIN, to: i64::MAX }, 300);
        assert!(points.len() <= 300 && bucket > 0);
        assert!(points.iter().any(|p| p.3 == 500.0));
        assert!(points.is_sorted_by_key(|p| p.0));
        let mean = points.iter().map(|p| p.1).sum::<f64>() / points.len() as f64;
        assert!((1.0..1.2).contains(&mean));
        let line = outline(&samples, 500);
        assert!(
            line.len() <= 502 && line.iter().any(|p| p.1 == 500.0) && line.is_sorted_by(|a, b| a.0 < b.0)
        );
    }
}
