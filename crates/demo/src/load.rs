//! The rhythm of the business: day, week, and how days differ.

use crate::{company::Company, rng::Rng};

/// Korea has no summer time.
const OFFSET: i64 = 9 * 3_600;
const DAY: i64 = 86_400;
/// Parts of a day the curve is made of.
const PARTS: usize = 96;

/// How busy the company is at any time.
#[derive(Debug, Clone)]
pub(crate) struct Rhythm {
    pub start: i64,
    pub end: i64,
    /// Seconds between samples.
    pub step: i64,
    curve: Vec<f64>,
    days: Vec<f64>,
}

impl Rhythm {
    pub fn new(company: &Company, start: i64, end: i64, rng: &mut Rng) -> Self {
        let (first, second) = company.peaks;
        let (low, width) = (rng.between(0.12, 0.22), rng.between(2.2, 3.2));
        let bump = |hour: f64, peak: f64| {
            let away = (hour - peak).abs().min(24.0 - (hour - peak).abs());
            (-(away / width).powi(2)).exp()
        };
        let curve: Vec<f64> = (0..PARTS)
            .map(|part| {
                let hour = part as f64 * 24.0 / PARTS as f64;
                low + (1.0 - low)
                    * bump(hour, first).max(0.92 * bump(hour, second)).max(0.3 * bump(hour, 14.0))
            })
            .collect();
        let first_day = (start + OFFSET).div_euclid(DAY);
        let days = (first_day..=(end + OFFSET).div_euclid(DAY))
            .map(|day| {
                // 1970-01-01 was a Thursday
                let weekday = (day + 3).rem_euclid(7);
                let week = if weekday >= 5 { company.weekend } else { 1.0 };
                week * rng.between(0.94, 1.06)
            })
            .collect();
        Self { start, end, step: 300, curve, days }
    }

    pub fn with_step(self, step: i64) -> Self {
        Self { step, ..self }
    }

    /// How busy it is: about 0.15 at night, 1 at the peak of a working day.
    pub fn load(&self, at: i64) -> f64 {
        let local = at + OFFSET;
        let first_day = (self.start + OFFSET).div_euclid(DAY);
        let (day, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let place = second as f64 * PARTS as f64 / DAY as f64;
        let part = place.floor() as usize;
        let (a, b) = (self.part(part), self.part(part + 1));
        let day_factor =
            usize::try_from(day - first_day).ok().and_then(|i| self.days.get(i)).copied().unwrap_or(1.0);
        (a + (b - a) * place.fract()) * day_factor
    }

    fn part(&self, part: usize) -> f64 {
        self.curve.get(part % PARTS).copied().unwrap_or(0.5)
    }

    /// A moment of a local day: `day` counts from the start.
    pub fn local(&self, day: i64, hour: f64) -> i64 {
        let first_day = (self.start + OFFSET).div_euclid(DAY);
        (first_day + day) * DAY - OFFSET + (hour * 3_600.0).round() as i64
    }
}
