//! What is usual on one day, small enough to be kept: a hundred points of the expectation and how far from it is usual.

use super::{Band, Basis, Model, Settings};

const MINUTE: i64 = 60_000;
/// Distance of the points; they stand in the middle of the slots a model has.
const SLOT: i64 = 15 * MINUTE;
/// Points: those of the day and one on either side.
const POINTS: usize = 98;

/// What is usual for a series on one day (UTC).
#[derive(Debug, Clone, PartialEq)]
pub struct DayModel {
    /// Begin of the day, milliseconds since 1970.
    pub start: i64,
    /// What it stands on.
    pub basis: Basis,
    /// Standard deviation of what is usual.
    pub sigma: f64,
    /// The same by hour from the begin of the day on, where it differs; empty otherwise.
    pub hourly: Vec<f32>,
    /// Usual distance of samples in milliseconds.
    pub step_ms: i64,
    /// Longest run of one value that is usual, in samples.
    pub longest_run: usize,
    /// Longest gap that is usual, in milliseconds.
    pub longest_gap: i64,
    /// What is expected every quarter of an hour, the first of them seven and a half minutes before the day.
    pub curve: Vec<f32>,
}

impl DayModel {
    /// Takes from a model what a day needs.
    pub fn of(model: &Model, start: i64) -> Self {
        let curve = (0..POINTS).map(|i| model.expected(start + place(i)) as f32).collect();
        let hours = if model.hourly.is_empty() { 0 } else { 24 };
        let hourly = (0..hours).map(|hour| model.sigma_at(start + hour * 4 * SLOT) as f32).collect();
        Self {
            start,
            basis: model.basis,
            sigma: model.sigma,
            hourly,
            step_ms: model.step_ms,
            longest_run: model.longest_run,
            longest_gap: model.longest_gap,
            curve,
        }
    }

    /// What is expected at a moment of the day.
    pub fn expected(&self, at: i64) -> f64 {
        let place = (at - self.start + SLOT / 2) as f64 / SLOT as f64;
        let low = place.floor().clamp(0.0, (POINTS - 2) as f64);
        let share = (place - low).clamp(0.0, 1.0);
        let of = |i: usize| f64::from(self.curve.get(i).or(self.curve.last()).copied().unwrap_or(0.0));
        of(low as usize) * (1.0 - share) + of(low as usize + 1) * share
    }

    /// Standard deviation of what is usual at a moment of the day.
    pub fn sigma_at(&self, at: i64) -> f64 {
        let hour = usize::try_from((at - self.start).div_euclid(4 * SLOT)).unwrap_or(0);
        self.hourly.get(hour).or(self.hourly.last()).map_or(self.sigma, |sigma| f64::from(*sigma))
    }

    /// The band of usual values at a moment of the day.
    pub fn band(&self, at: i64, settings: &Settings) -> Band {
        let expected = self.expected(at);
        let half = settings.half(self.sigma_at(at), expected);
        Band { low: expected - half, expected, high: expected + half }
    }
}

/// Where a point stands, in milliseconds of the day.
fn place(i: usize) -> i64 {
    i as i64 * SLOT - SLOT / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_expects_what_its_model_does() {
        const DAY: i64 = 86_400_000;
        let samples: Vec<(i64, f64)> = (0..20 * 288)
            .map(|i| (i * 300_000, 50.0 + 20.0 * (i as f64 / 288.0 * std::f64::consts::TAU).sin()))
            .collect();
        let settings = Settings::default();
        let model = Model::learn(&samples, 18 * DAY, &settings, |_| false).unwrap();
        let day = DayModel::of(&model, 18 * DAY);
        for minute in 0..1440 {
            let at = 18 * DAY + minute * MINUTE;
            assert!((day.expected(at) - model.expected(at)).abs() < 1e-4, "{minute}");
            assert!((day.band(at, &settings).high - model.band(at, &settings).high).abs() < 1e-4);
        }
    }
}
