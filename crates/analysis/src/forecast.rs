//! How a series goes on: the pattern of the week or the day it has, the slope of its days, and an interval that grows with
//! the distance. Where the history does not carry it, it says so instead of drawing a line.

use crate::{
    seasonal::{Basis, Model, Settings},
    stats::{MAD_TO_SIGMA, between, median, quantile, sorted, step_ms, theil_sen},
};

const DAY: i64 = 86_400_000;
/// Days of history needed, and how many times as long as the forecast the history has to be.
const LEAST: i64 = 2 * DAY;
const TIMES: i64 = 2;
/// Ninety-five of a hundred values lie within so many standard deviations.
const WITHIN: f64 = 1.96;

/// A point of a forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Expected.
    pub expected: f64,
    /// Nineteen of twenty values lie above …
    pub low: f64,
    /// … and below.
    pub high: f64,
}

/// Why there is no forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TooShort {
    /// So much history is there, so much is needed, in milliseconds.
    History {
        /// There is.
        has: i64,
        /// Needed.
        needs: i64,
    },
    /// Fewer samples than a dozen.
    Samples(usize),
}

/// A forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Its points.
    pub points: Vec<Point>,
    /// What it stands on.
    pub basis: Basis,
    /// Growth a day.
    pub per_day: f64,
    /// Standard deviation of values around the expectation.
    pub sigma: f64,
}

/// Foretells `hours` after `now` in `steps` points out of what was before.
pub fn forecast(samples: &[(i64, f64)], now: i64, hours: u32, steps: usize) -> Result<Forecast, TooShort> {
    let known = between(samples, i64::MIN, now);
    let finite: Vec<(i64, f64)> = known.iter().filter(|s| s.1.is_finite()).copied().collect();
    let ahead = i64::from(hours) * 3_600_000;
    let (Some(first), Some(last)) = (finite.first(), finite.last()) else { return Err(TooShort::Samples(0)) };
    if finite.len() < 12 {
        return Err(TooShort::Samples(finite.len()));
    }
    let has = last.0 - first.0 + step_ms(&finite).unwrap_or(0);
    let needs = LEAST.max(ahead * TIMES);
    if has < needs {
        return Err(TooShort::History { has, needs });
    }
    let model =
        Model::learn(&finite, now, &Settings::default(), |_| false).ok_or(TooShort::Samples(finite.len()))?;
    let days = daily(&finite, now);
    let line: Vec<(f64, f64)> = days.iter().enumerate().map(|(i, v)| (i as f64, *v)).collect();
    let slope = theil_sen(&line).map_or(0.0, |l| l.0);
    let changes: Vec<f64> = days.windows(2).filter_map(|w| Some(w.get(1)? - w.first()? - slope)).collect();
    // how far the level walks in a day besides its slope; a slope within that walk is none
    let walk = median(changes.iter().map(|c| c.abs())).unwrap_or(0.0) * MAD_TO_SIGMA;
    let certain = days.len() >= 4 && slope.abs() * days.len() as f64 > 2.0 * walk;
    let per_day = if certain { slope } else { 0.0 };
    // the level is a median of two days: it stands a day back, and the day pattern hangs on it
    let level = if certain { model.level + per_day } else { model.level };
    let (floor, ceiling) = bounds(&finite);
    let points = (1..=steps.max(1))
        .map(|i| {
            let at = now + ahead * i as i64 / steps.max(1) as i64;
            let distance = (at - now) as f64 / DAY as f64;
            let expected = model.expected(at) - model.level + level + per_day * distance;
            let half = WITHIN * (model.sigma.powi(2) + walk.powi(2) * distance.max(0.04)).sqrt();
            let fit = |v: f64| v.clamp(floor, ceiling);
            Point { at, expected: fit(expected), low: fit(expected - half), high: fit(expected + half) }
        })
        .collect();
    Ok(Forecast { points, basis: model.basis, per_day, sigma: model.sigma })
}

/// Medians of whole days counted back from now, oldest first.
fn daily(samples: &[(i64, f64)], now: i64) -> Vec<f64> {
    let mut days: Vec<f64> = (0..42)
        .map_while(|d| median(between(samples, now - (d + 1) * DAY, now - d * DAY).iter().map(|s| s.1)))
        .collect();
    days.reverse();
    days
}

/// What was never negative stays so; what is a share of a hundred ends there.
fn bounds(samples: &[(i64, f64)]) -> (f64, f64) {
    let sorted = sorted(samples.iter().map(|s| s.1));
    let (low, high) = (quantile(&sorted, 0.0).unwrap_or(0.0), quantile(&sorted, 1.0).unwrap_or(0.0));
    let share = low >= 0.0 && high <= 100.0 && high > 60.0;
    (if low >= 0.0 { 0.0 } else { f64::MIN }, if share { 100.0 } else { f64::MAX })
}

/// When a forecast first crosses a value, if it does: by its expectation, and at the earliest by its interval.
pub fn crossing(forecast: &Forecast, from: f64, threshold: f64) -> (Option<i64>, Option<i64>) {
    let up = threshold >= from;
    let beyond = |v: f64| if up { v >= threshold } else { v <= threshold };
    let expected = forecast.points.iter().find(|p| beyond(p.expected)).map(|p| p.at);
    let earliest = forecast.points.iter().find(|p| beyond(if up { p.high } else { p.low })).map(|p| p.at);
    (expected, earliest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily_pattern(days: i64, growth: f64) -> Vec<(i64, f64)> {
        (0..days * 288)
            .map(|i| {
                let day = i as f64 / 288.0;
                let noise = f64::from((i * 7_919 % 101) as i32 - 50) / 50.0;
                (i * 300_000, 40.0 + growth * day + 10.0 * (day * std::f64::consts::TAU).sin() + noise)
            })
            .collect()
    }

    #[test]
    fn a_pattern_of_the_day_and_its_growth_go_on() {
        let samples = daily_pattern(16, 0.5);
        let now = 16 * DAY;
        let forecast = forecast(&samples, now, 24, 24).unwrap();
        for p in &forecast.points {
            let day = p.at as f64 / DAY as f64;
            let truth = 40.0 + 0.5 * day + 10.0 * (day * std::f64::consts::TAU).sin();
            assert!((p.expected - truth).abs() < 2.0, "{} {truth}", p.expected);
            assert!(p.low < truth && truth < p.high);
        }
        assert!((forecast.per_day - 0.5).abs() < 0.1);
    }

    #[test]
    fn a_short_history_is_said_to_be_short() {
        assert!(matches!(forecast(&daily_pattern(1, 0.0), DAY, 24, 24), Err(TooShort::History { .. })));
        assert!(matches!(
            forecast(&daily_pattern(5, 0.0), 5 * DAY, 24 * 7, 24),
            Err(TooShort::History { .. })
        ));
        assert_eq!(forecast(&[], 0, 24, 24), Err(TooShort::Samples(0)));
    }

    #[test]
    fn a_disk_that_fills_reaches_its_limit() {
        let samples: Vec<(i64, f64)> =
            (0..20 * 288).map(|i| (i * 300_000, 60.0 + 1.5 * i as f64 / 288.0)).collect();
        let forecast = forecast(&samples, 20 * DAY, 24 * 5, 120).unwrap();
        let (expected, _) = crossing(&forecast, 90.0, 95.0);
        let days = (expected.unwrap() - 20 * DAY) as f64 / DAY as f64;
        assert!((2.0..5.0).contains(&days), "{days}");
    }
}
