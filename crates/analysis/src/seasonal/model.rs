//! The model of one series, learned from samples before a moment.

use super::Settings;
use crate::stats::{MAD_TO_SIGMA, between, median, quantile, sorted, step_ms};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// Width of a slot, and weeks that are learned from.
const SLOT: i64 = 15 * MINUTE;
const WEEKS: i64 = 6;
/// The share of values that lie within so many standard deviations.
const NINE_OF_TEN: f64 = 0.9;
const NINE_OF_TEN_SIGMA: f64 = 1.645;
/// Span of the level.
const LEVEL: i64 = 2 * DAY;

/// What the expected value stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Slot of the week.
    Week,
    /// Slot of the day: less than two weeks are known, or days of the week do not differ in them.
    Day,
    /// The level alone: less than two days are known.
    Level,
}

/// What is expected at a moment, and where usual values lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Lower bound.
    pub low: f64,
    /// Expected.
    pub expected: f64,
    /// Upper bound.
    pub high: f64,
}

/// A learned model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it stands on.
    pub basis: Basis,
    /// What the slot adds to the level.
    slots: Vec<f64>,
    /// Standard deviation of what is usual.
    pub sigma: f64,
    /// The same by hour of the day, where less than two weeks are known: days differ most at their busy hours, and which
    /// of them are alike is not known yet. Empty otherwise.
    pub hourly: Vec<f64>,
    /// Level at the moment it was learned.
    pub level: f64,
    /// Usual distance of samples in milliseconds.
    pub step_ms: i64,
    /// Longest run of one value that is usual, in samples.
    pub longest_run: usize,
    /// Longest gap that is usual, in milliseconds.
    pub longest_gap: i64,
    offset: i64,
}

/// Levels at the whole hours of a span: medians of the two days before each.
fn levels(samples: &[(i64, f64)], from: i64, to: i64) -> Vec<(i64, f64)> {
    let first = from.div_euclid(HOUR) * HOUR;
    let mut list = Vec::new();
    let mut at = first;
    while at <= to {
        let mut part = between(samples, at - LEVEL, at);
        if part.len() < 4 {
            part = between(samples, at - LEVEL, at + HOUR);
        }
        // every few samples say the same median at a fraction of the cost
        let thin = part.len() / 200 + 1;
        if let Some(level) = median(part.iter().step_by(thin).map(|s| s.1)) {
            list.push((at, level));
        }
        at += 4 * HOUR;
    }
    list
}

/// The level at a moment, between the two nearest known ones.
fn level_at(levels: &[(i64, f64)], at: i64) -> Option<f64> {
    let next = levels.partition_point(|l| l.0 <= at);
    let before = next.checked_sub(1).and_then(|i| levels.get(i));
    match (before, levels.get(next)) {
        (Some(a), Some(b)) => {
            let share = (at - a.0) as f64 / (b.0 - a.0).max(1) as f64;
            Some(a.1 + (b.1 - a.1) * share)
        }
        (a, b) => a.or(b).map(|l| l.1),
    }
}

/// What samples are beside the level.
fn rests_of(samples: &[(i64, f64)], levels: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let rest = |s: &(i64, f64)| level_at(levels, s.0).map(|level| (s.0, s.1 - level));
    samples.iter().filter_map(rest).collect()
}

impl Basis {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Day => "day",
            Self::Level => "level",
        }
    }

    /// By its name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Week, Self::Day, Self::Level].into_iter().find(|basis| basis.name() == name)
    }
}

impl Model {
    /// Learns from the samples before `now`; `trouble` says which of them are known to be unusual. `None` with fewer than
    /// a dozen samples.
    pub fn learn(
        samples: &[(i64, f64)],
        now: i64,
        settings: &Settings,
        trouble: impl Fn(i64) -> bool,
    ) -> Option<Self> {
        let known = between(samples, now - WEEKS * WEEK, now);
        let calm: Vec<(i64, f64)> = known
            .iter()
            .filter(|s| s.1.is_finite() && !settings.except(s.0) && !trouble(s.0))
            .copied()
            .collect();
        let (first, last) = (calm.first()?.0, calm.last()?.0);
        if calm.len() < 12 {
            return None;
        }
        let step = step_ms(&calm)?;
        let span = last - first + step;
        let basis = if span >= 2 * WEEK {
            Basis::Week
        } else if span >= 2 * DAY {
            Basis::Day
        } else {
            Basis::Level
        };
        let begin = first + LEVEL.min(span / 2);
        let mut known_levels = levels(&calm, begin, now);
        let mut model = Self {
            basis,
            slots: Vec::new(),
            sigma: 0.0,
            hourly: Vec::new(),
            level: known_levels.last().map(|l| l.1).or_else(|| median(calm.iter().map(|s| s.1)))?,
            step_ms: step,
            longest_run: longest_run(known),
            longest_gap: longest_gap(known, step),
            offset: settings.offset_min * MINUTE,
        };
        let mut rests = rests_of(&calm, &known_levels);
        if basis != Basis::Level {
            model.slots = model.profile(&rests);
            // the rhythm itself moves the median of two days: once it is known, the level is looked at again without it
            let flat: Vec<(i64, f64)> = calm.iter().map(|s| (s.0, s.1 - model.slot(s.0))).collect();
            known_levels = levels(&flat, begin, now);
            model.level = known_levels.last().map_or(model.level, |l| l.1);
            rests = rests_of(&calm, &known_levels);
            model.slots = model.profile(&rests);
        }
        let spread: Vec<f64> = rests.iter().map(|(at, rest)| (rest - model.slot(*at)).abs()).collect();
        model.sigma = median(spread)? * MAD_TO_SIGMA;
        // a value that hardly ever changes has no spread: what changes it at all is told by its size
        let size = sorted(calm.iter().map(|s| s.1.abs()));
        model.sigma = model.sigma.max(0.002 * quantile(&size, 0.5)?).max(1e-9);
        if basis == Basis::Day {
            model.hourly = model.by_hour(&rests);
        }
        Some(model)
    }

    /// How far values are off at each hour of the day, nine of ten of them.
    fn by_hour(&self, rests: &[(i64, f64)]) -> Vec<f64> {
        let mut lists: Vec<Vec<f64>> = vec![Vec::new(); 24];
        for (at, rest) in rests {
            let hour = (at + self.offset).rem_euclid(DAY) / HOUR;
            if let Some(list) = lists.get_mut(hour as usize) {
                list.push((rest - self.slot(*at)).abs());
            }
        }
        let found: Vec<f64> = lists
            .into_iter()
            .map(|list| quantile(&sorted(list), NINE_OF_TEN).unwrap_or(0.0) / NINE_OF_TEN_SIGMA)
            .map(|sigma| sigma.max(self.sigma))
            .collect();
        // a busy hour does not begin on the hour
        let of = |i: usize| found.get(i % 24).copied().unwrap_or(self.sigma);
        (0..24).map(|i| of(i).max(0.8 * of(i + 1)).max(0.8 * of(i + 23))).collect()
    }

    /// Standard deviation of what is usual at a moment.
    pub fn sigma_at(&self, at: i64) -> f64 {
        let hour = (at + self.offset).rem_euclid(DAY) / HOUR;
        self.hourly.get(hour as usize).copied().unwrap_or(self.sigma)
    }

    fn period(&self) -> i64 {
        if self.basis == Basis::Week { WEEK } else { DAY }
    }

    /// Medians of the slots; an empty slot takes what its neighbours have.
    fn profile(&self, rests: &[(i64, f64)]) -> Vec<f64> {
        let width = SLOT.max(self.step_ms);
        let count = (self.period() / width).max(1) as usize;
        let mut lists: Vec<Vec<f64>> = vec![Vec::new(); count];
        for (at, rest) in rests {
            let slot = ((at + self.offset).rem_euclid(self.period()) / width) as usize;
            if let Some(list) = lists.get_mut(slot.min(count - 1)) {
                list.push(*rest);
            }
        }
        let found: Vec<Option<f64>> = lists.into_iter().map(median).collect();
        let near = |at: usize| {
            (0..=count / 2).find_map(|d| {
                let of = |i: usize| found.get(i % count).copied().flatten();
                of(at + d).or_else(|| of(at + count - d))
            })
        };
        let filled: Vec<f64> = (0..count).map(|at| near(at).unwrap_or(0.0)).collect();
        // a slot has few samples: its neighbours say nearly the same
        (0..count)
            .map(|at| {
                let of = |i: usize| filled.get(i % count).copied().unwrap_or(0.0);
                0.25 * of(at + count - 1) + 0.5 * of(at) + 0.25 * of(at + 1)
            })
            .collect()
    }

    /// What the slot of a moment adds, between the centres of two slots.
    fn slot(&self, at: i64) -> f64 {
        let count = self.slots.len();
        if count == 0 {
            return 0.0;
        }
        let width = self.period() as f64 / count as f64;
        let place = (at + self.offset).rem_euclid(self.period()) as f64 / width - 0.5;
        let low = place.floor();
        let share = place - low;
        let of =
            |i: f64| self.slots.get((i as i64).rem_euclid(count as i64) as usize).copied().unwrap_or(0.0);
        of(low) * (1.0 - share) + of(low + 1.0) * share
    }

    /// What is expected at a moment when the level is what it was.
    pub fn expected(&self, at: i64) -> f64 {
        self.level + self.slot(at)
    }

    /// The band of usual values.
    pub fn band(&self, at: i64, settings: &Settings) -> Band {
        let expected = self.expected(at);
        let half = settings.half(self.sigma_at(at), expected);
        Band { low: expected - half, expected, high: expected + half }
    }
}

fn longest_run(samples: &[(i64, f64)]) -> usize {
    let mut longest = 0;
    let mut run = 0;
    let mut last = f64::NAN;
    for (_, value) in samples {
        run = if *value == last { run + 1 } else { 1 };
        last = *value;
        longest = longest.max(run);
    }
    longest
}

/// The gap nearly all gaps are shorter than.
fn longest_gap(samples: &[(i64, f64)], step: i64) -> i64 {
    let gaps = sorted(samples.windows(2).filter_map(|w| Some((w.get(1)?.0 - w.first()?.0) as f64)));
    quantile(&gaps, 0.999).map_or(step, |gap| gap as i64).max(step)
}
