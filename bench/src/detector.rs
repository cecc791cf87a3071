//! The detector of anomalies on generated series with known anomalies: twenty series of eight weeks at five minutes with
//! spikes, dips, shifts of the level and values that are usual at another hour; six weeks to learn, two to look at, one
//! setting for all. Beside it plainer ones on the same series.

use std::{f64::consts::TAU, time::Instant};

use analysis::{
    seasonal::{Settings, detect},
    stats::{MAD_TO_SIGMA, between, median},
};

use crate::report::{Random, spread};

const STEP: i64 = 300_000;
const DAY: i64 = 86_400_000;
const SERIES: u64 = 20;
const WEEKS: (i64, i64) = (8, 6);
/// Alarms nearer than that are one, and an alarm so near to an anomaly belongs to it.
const NEAR: i64 = 3 * STEP;

/// A generated series and where it was disturbed.
struct Made {
    samples: Vec<(i64, f64)>,
    truth: Vec<(i64, i64)>,
}

/// Measures.
pub fn run() {
    let (learn, end) = (WEEKS.1 * 7 * DAY, WEEKS.0 * 7 * DAY);
    println!("-- detector: {SERIES} series of {} weeks, five seeds", WEEKS.0);
    let mut took = Vec::new();
    let ours = |made: &Made| {
        let begun = Instant::now();
        let found = detect(&made.samples, (learn, end), &Settings::default());
        let spans: Vec<(i64, i64)> = found.anomalies.iter().map(|a| (a.from, a.until)).collect();
        (spans, begun.elapsed())
    };
    let mut all = Score::default();
    // series nothing was chosen by
    let mut others = Score::default();
    for seed in 6..=10 {
        for made in series(seed) {
            others.add(&made.truth, &ours(&made).0);
        }
    }
    for seed in 1..=5 {
        let mut score = Score::default();
        for made in series(seed) {
            let (spans, time) = ours(&made);
            took.push(time);
            score.add(&made.truth, &spans);
            all.add(&made.truth, &spans);
        }
        score.print(&format!("slot of the week, seed {seed}"));
    }
    all.print("slot of the week, all (goal F1 0.93)");
    others.print("slot of the week, five other seeds");
    for (name, scorer) in [
        ("static mean ± 3 sd", still as fn(&[(i64, f64)], i64, i64) -> Vec<i64>),
        ("hour of day, MAD, k 5", |s, l, e| hours(s, l, e, DAY)),
        ("hour of week, MAD, k 5", |s, l, e| hours(s, l, e, 7 * DAY)),
    ] {
        let mut score = Score::default();
        for seed in 1..=5 {
            for made in series(seed) {
                score.add(&made.truth, &joined(&scorer(&made.samples, learn, end)));
            }
        }
        score.print(name);
    }
    spread("a series, 14 daily refits", took, "");
}

#[derive(Default)]
struct Score {
    hits: usize,
    truth: usize,
    alarms: usize,
    wrong: usize,
    series: usize,
}

impl Score {
    fn add(&mut self, truth: &[(i64, i64)], found: &[(i64, i64)]) {
        let touch = |a: &(i64, i64), b: &(i64, i64)| a.0 <= b.1 + NEAR && b.0 <= a.1 + NEAR;
        self.truth += truth.len();
        self.hits += truth.iter().filter(|t| found.iter().any(|f| touch(t, f))).count();
        self.alarms += found.len();
        self.wrong += found.iter().filter(|f| !truth.iter().any(|t| touch(t, f))).count();
        self.series += 1;
    }

    fn print(&self, name: &str) {
        let precision = 1.0 - self.wrong as f64 / self.alarms.max(1) as f64;
        let recall = self.hits as f64 / self.truth.max(1) as f64;
        let f1 = if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
        let rate = self.wrong as f64 / (self.series as f64 * ((WEEKS.0 - WEEKS.1) * 7) as f64);
        println!(
            "{name:<40} precision {precision:.3}  recall {recall:.3}  F1 {f1:.3}  false alarms per series and day {rate:.3}"
        );
    }
}

/// Moments to stretches.
fn joined(moments: &[i64]) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for &at in moments {
        match spans.last_mut() {
            Some(last) if at - last.1 <= NEAR => last.1 = at,
            _ => spans.push((at, at)),
        }
    }
    spans
}

fn still(samples: &[(i64, f64)], learn: i64, end: i64) -> Vec<i64> {
    let known = between(samples, 0, learn);
    let n = known.len() as f64;
    let mean = known.iter().map(|s| s.1).sum::<f64>() / n;
    let sd = (known.iter().map(|s| (s.1 - mean).powi(2)).sum::<f64>() / n).sqrt();
    between(samples, learn, end).iter().filter(|s| (s.1 - mean).abs() > 3.0 * sd).map(|s| s.0).collect()
}

fn hours(samples: &[(i64, f64)], learn: i64, end: i64, period: i64) -> Vec<i64> {
    let slots = (period / 3_600_000) as usize;
    let slot = |at: i64| (at.rem_euclid(period) / 3_600_000) as usize;
    let mut lists: Vec<Vec<f64>> = vec![Vec::new(); slots];
    for (at, v) in between(samples, 0, learn) {
        if let Some(list) = lists.get_mut(slot(*at)) {
            list.push(*v);
        }
    }
    let model: Vec<(f64, f64)> = lists
        .iter()
        .map(|list| {
            let center = median(list.iter().copied()).unwrap_or(0.0);
            (center, median(list.iter().map(|v| (v - center).abs())).unwrap_or(0.0) * MAD_TO_SIGMA)
        })
        .collect();
    between(samples, learn, end)
        .iter()
        .filter(|s| model.get(slot(s.0)).is_some_and(|m| (s.1 - m.0).abs() > 5.0 * m.1.max(1e-9)))
        .map(|s| s.0)
        .collect()
}

/// Twenty series: rhythm of day and week, growth, noise that remembers and has heavy tails, each by its own measure.
fn series(seed: u64) -> Vec<Made> {
    (0..SERIES).map(|n| one(&mut Random::new(seed * 1_000 + n))).collect()
}

/// Between 0 and 1.
fn unit(random: &mut Random) -> f64 {
    (random.next() >> 11) as f64 / (1_u64 << 53) as f64
}

fn range(random: &mut Random, from: f64, to: f64) -> f64 {
    from + (to - from) * unit(random)
}

fn normal(random: &mut Random) -> f64 {
    (-2.0 * unit(random).max(1e-12).ln()).sqrt() * (TAU * unit(random)).cos()
}

fn one(random: &mut Random) -> Made {
    let level = range(random, 20.0, 200.0);
    let daily = level * range(random, 0.1, 0.5);
    let weekend = range(random, 0.2, 1.0);
    let growth = if unit(random) < 0.4 { level * range(random, -0.004, 0.008) } else { 0.0 };
    let (phase, sharp) = (unit(random) * TAU, range(random, 0.0, 0.5));
    let sd = level * range(random, 0.01, 0.03);
    let memory = range(random, 0.0, 0.6);
    let mut noise = 0.0;
    let rhythm = |at: i64| {
        let day = at as f64 / DAY as f64;
        let off = if (at / DAY) % 7 >= 5 { weekend } else { 1.0 };
        let wave = (day * TAU + phase).sin() + sharp * (2.0 * day * TAU + phase).sin();
        level + daily * off * wave + growth * day
    };
    let count = WEEKS.0 * 7 * DAY / STEP;
    let mut samples: Vec<(i64, f64)> = (0..count)
        .map(|i| {
            noise = memory * noise + (1.0 - memory * memory).sqrt() * normal(random);
            let tail = if unit(random) < 0.001 { 2.0 * normal(random) } else { 0.0 };
            (i * STEP, rhythm(i * STEP) + sd * (noise + tail))
        })
        .collect();
    // some trouble while it learns as well, and ten stretches afterwards, at least half a day apart
    let mut truth = Vec::new();
    let learn = WEEKS.1 * 7 * DAY;
    for n in 0..16 {
        let (from, to) =
            if n < 6 { (2 * DAY, learn - 2 * DAY) } else { (learn + DAY / 4, WEEKS.0 * 7 * DAY - DAY) };
        let at = from + i64::from(random.below(((to - from) / STEP) as u32)) * STEP;
        let span = disturb(random, &mut samples, at, (sd, daily), &rhythm);
        if truth.iter().any(|t: &(i64, i64)| at < t.1 + DAY / 2 && t.0 < span.1 + DAY / 2) {
            // too near to another one: taken back
            for i in (at / STEP)..=(span.1 / STEP) {
                if let Some(s) = samples.get_mut(i as usize) {
                    s.1 = rhythm(s.0) + sd * normal(random);
                }
            }
            continue;
        }
        truth.push(span);
    }
    truth.retain(|t| t.0 >= learn);
    Made { samples, truth }
}

fn disturb(
    random: &mut Random,
    samples: &mut [(i64, f64)],
    at: i64,
    (sd, daily): (f64, f64),
    rhythm: &dyn Fn(i64) -> f64,
) -> (i64, i64) {
    let side = if unit(random) < 0.5 { -1.0 } else { 1.0 };
    let (length, kind) = match random.below(4) {
        0 => (1 + random.below(5), 0),
        1 => (6 + random.below(24), 1),
        2 => (72 + random.below(200), 2),
        _ => (12 + random.below(36), 3),
    };
    let size = match kind {
        0 => range(random, 8.0, 20.0),
        1 => range(random, 7.0, 14.0),
        _ => range(random, 6.0, 12.0),
    };
    // a value that is usual twelve hours away; where both are nearly the same there would be nothing to find
    let other = |t: i64| rhythm(t + DAY / 2);
    let middle = at + i64::from(length) * STEP / 2;
    let differs = (other(middle) - rhythm(middle)).abs() > 6.0 * sd.max(0.02 * daily);
    for i in 0..i64::from(length) {
        let t = at + i * STEP;
        if let Some(s) = samples.get_mut((t / STEP) as usize) {
            s.1 = match kind {
                3 if differs => other(t) + sd * normal(random),
                _ => s.1 + side * size * sd,
            };
        }
    }
    (at, at + i64::from(length - 1) * STEP)
}
