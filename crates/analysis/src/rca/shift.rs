//! How far each series left what is usual for it, and when.

use chrono::DateTime;
use model::rca::{Check, Resource, Symptom};

use super::{Context, DAY, Input, MINUTE, Series, work};
use crate::{
    meaning::{Aspect, Meaning, Side},
    stats::{between, calm, median, median_mad, quantile, sorted, step_ms, values},
};

/// Days looked back for the rhythm of the day, and how many of them are needed.
const DAYS: (i64, usize) = (14, 3);

/// One series in the window.
#[derive(Debug, Clone)]
pub(crate) struct Shift {
    /// The series, by its place.
    pub series: usize,
    pub metric: usize,
    pub item: u32,
    pub peer: Option<u32>,
    pub meaning: Meaning,
    /// Usual value.
    pub center: f64,
    /// Value in the window, where it is farthest.
    pub after: f64,
    /// `after` without what is usual at that time.
    pub delta: f64,
    /// Robust standard deviations.
    pub sigma: f64,
    /// How much it matters, 0 to 1.
    pub strength: f64,
    /// When it began.
    pub onset: Option<i64>,
    /// It crept up over hours or days.
    pub drift: bool,
    /// It gave samples before and gives none now.
    pub silent: bool,
    /// It is more than the work at that time explains.
    pub beyond_work: bool,
}

impl Shift {
    pub fn up(&self) -> bool {
        self.delta > 0.0
    }

    /// The share of a limit that is used up.
    pub fn at_limit(&self, cx: &Context<'_>) -> bool {
        let limit = cx.input.template.bounds(Check::Capacity).0;
        self.meaning.percent
            && self.meaning.aspect == Aspect::Usage
            && self.after * self.meaning.scale >= limit
    }

    /// Whether it still deviates at a moment or later, by half of what it does at most.
    pub fn lasts(&self, cx: &Context<'_>, since: i64) -> bool {
        let samples = cx.input.series.get(self.series).map(|s| s.samples.as_slice()).unwrap_or_default();
        let half = self.delta.abs() / 2.0;
        between(samples, since, cx.input.window.1)
            .iter()
            .any(|s| (s.1 - (self.after - self.delta)) * self.delta.signum() >= half)
    }

    /// The change in seconds, for latencies.
    pub fn seconds(&self) -> f64 {
        self.delta * self.meaning.scale
    }

    pub fn symptom(&self, cx: &Context<'_>) -> Symptom {
        let code = |item: u32| cx.input.items.get(item as usize).cloned().unwrap_or_default();
        Symptom {
            ci: code(self.item),
            peer: self.peer.map(code).unwrap_or_default(),
            metric: cx.input.metrics.get(self.metric).map(|m| m.key.clone()).unwrap_or_default(),
            before: self.center,
            after: self.after,
            sigma: self.sigma,
            strength: self.strength,
            since: self.onset.and_then(DateTime::from_timestamp_millis),
        }
    }
}

/// The latency that matters: what users wait, estimated by the upper quartile of the usual latencies of items (of call
/// edges where items have none). A millisecond more in a call of three is nothing where pages take half a second.
pub(crate) fn typical_latency(input: &Input<'_>, meanings: &[Meaning]) -> f64 {
    let baseline = i64::from(input.template.baseline_min) * MINUTE;
    let of = |edges: bool| {
        let all = input.series.iter().filter(|s| s.peer.is_some() == edges).filter_map(|s| {
            let meaning = meanings.get(s.metric)?;
            if meaning.aspect != Aspect::Latency || meaning.resource != Resource::Application {
                return None;
            }
            let before = between(&s.samples, input.window.0 - baseline, input.window.0);
            Some(calm(&values(before))?.0 * meaning.scale)
        });
        quantile(&sorted(all), 0.75).filter(|v| *v > 0.0)
    };
    of(false).or_else(|| of(true)).unwrap_or(0.1)
}

/// The shifts of all series with enough samples, and the number of those without.
pub(crate) fn shifts(cx: &Context<'_>) -> (Vec<Shift>, usize) {
    let mut without = 0;
    let found = cx
        .input
        .series
        .iter()
        .enumerate()
        .filter_map(|(at, series)| {
            let shift = shift(cx, at, series);
            without += usize::from(shift.is_none());
            shift
        })
        .collect();
    (found, without)
}

fn shift(cx: &Context<'_>, at: usize, series: &Series) -> Option<Shift> {
    let meaning = *cx.meanings.get(series.metric)?;
    let (from, to) = cx.input.window;
    let baseline = i64::from(cx.input.template.baseline_min) * MINUTE;
    let before = values(between(&series.samples, from - baseline, from));
    let (center, spread) = calm(&before).filter(|_| before.len() >= 2)?;
    let window = between(&series.samples, from, to);
    let blank = Shift {
        series: at,
        metric: series.metric,
        item: series.item,
        peer: series.peer,
        meaning,
        center,
        after: center,
        delta: 0.0,
        sigma: 0.0,
        strength: 0.0,
        onset: None,
        drift: false,
        silent: false,
        beyond_work: false,
    };
    let step = step_ms(&series.samples).unwrap_or(MINUTE);
    let expected = ((to - from) / step.max(1)).max(0) as usize;
    if window.is_empty() {
        // silence counts where samples came without gaps before
        let steady = before.len() as i64 * step * 10 >= baseline.min(covered(series, from)) * 9;
        if expected < 3 || before.len() < 5 || !steady {
            return None;
        }
        return Some(Shift { silent: true, strength: 0.5, onset: Some(from), ..blank });
    }
    let rhythm = rhythm(series, from, to, baseline);
    let usual = center + rhythm.map_or(0.0, |r| r.0);
    let after = farthest(&values(window), usual);
    let delta = after - usual;
    let floor = floor(cx, &meaning, center, after);
    // percentiles of few calls leap now and then
    let leaps =
        if meaning.aspect == Aspect::Latency { chance(&before, window.len(), center, delta) } else { 0.0 };
    let scale = spread.max(floor).max(rhythm.map_or(0.0, |r| r.1)).max(leaps);
    let sigma = delta.abs() / scale;
    let sudden = weight(cx, sigma) * matters(cx, &meaning, usual, delta);
    let mut shift = Shift { center: usual, after, delta, sigma, strength: sudden, ..blank };
    if meaning.resource == Resource::Cpu
        && let Some(work) = work::of(cx, series.item)
        && let Some(beyond) = work::beyond(series, work, (from, to), baseline, floor)
    {
        let strength = weight(cx, beyond.sigma) * matters(cx, &meaning, beyond.expected, beyond.delta);
        let rises = beyond.after > usual;
        if strength > shift.strength && rises {
            let after = beyond.after;
            shift = Shift {
                after,
                delta: beyond.delta,
                sigma: beyond.sigma,
                strength,
                beyond_work: true,
                ..shift
            };
        }
    }
    if let Some(crept) = drift(cx, series, &shift, floor)
        && crept.strength > shift.strength
    {
        return Some(crept);
    }
    if shift.strength > 0.0 {
        shift.onset = onset(series, from - baseline / 2, (from, to), usual, shift.after - usual, scale);
    }
    Some(shift)
}

fn covered(series: &Series, from: i64) -> i64 {
    series.samples.first().map_or(0, |s| from - s.0)
}

/// From nothing at some deviations to everything at more of them.
fn weight(cx: &Context<'_>, sigma: f64) -> f64 {
    let (from, full) = cx.input.template.bounds(Check::Shift);
    ((sigma - from) / (full - from)).clamp(0.0, 1.0)
}

/// Samples before from which their own peaks are known.
const PEAKS: usize = 20;

/// What chance does on that side: values that leave the centre now and then (percentiles of few calls do) are judged by how
/// far they went before, as medians of as many samples in a row as are compared.
fn chance(before: &[f64], window: usize, center: f64, delta: f64) -> f64 {
    if before.len() < PEAKS {
        return 0.0;
    }
    let width = (window / 5).clamp(3, 15).min(window.max(1));
    let parts = before.windows(width).filter_map(|w| median(w.iter().copied()));
    let peaks = sorted(parts.map(|v| (v - center) * delta.signum()));
    let single = sorted(before.iter().map(|v| (v - center) * delta.signum()));
    quantile(&peaks, 0.9).map_or(0.0, |peak| peak / 2.5).max(tail(&single))
}

/// What the tail says the standard deviation is: a tenth of normal values lies more than 1.28 of them above the centre.
/// Where few calls make a percentile the tail is longer than the middle tells. Ordered distances from the centre.
pub(super) fn tail(distances: &[f64]) -> f64 {
    if distances.len() < PEAKS { 0.0 } else { quantile(distances, 0.9).map_or(0.0, |far| far / 1.2816) }
}

/// How the same hours of earlier days changed from their hour before: the usual change and its spread.
fn rhythm(series: &Series, from: i64, to: i64, baseline: i64) -> Option<(f64, f64)> {
    let first = series.samples.first()?.0;
    let changes: Vec<f64> = (1..=DAYS.0)
        .filter(|day| first <= from - baseline - day * DAY)
        .filter_map(|day| {
            let back = day * DAY;
            let before = median(values(between(&series.samples, from - baseline - back, from - back)))?;
            let then = median(values(between(&series.samples, from - back, to - back)))?;
            Some(then - before)
        })
        .collect();
    (changes.len() >= DAYS.1).then(|| median_mad(&changes)).flatten()
}

/// The value of the window that is farthest from the usual one and no single spike: medians of some samples in a row.
fn farthest(window: &[f64], usual: f64) -> f64 {
    let width = (window.len() / 5).clamp(3, 15).min(window.len().max(1));
    window
        .windows(width)
        .filter_map(|part| median(part.iter().copied()))
        .max_by(|a, b| (a - usual).abs().total_cmp(&(b - usual).abs()))
        .unwrap_or(usual)
}

/// The least standard deviation assumed: what measuring and chance alone give.
fn floor(cx: &Context<'_>, meaning: &Meaning, center: f64, after: f64) -> f64 {
    let share = 0.05 * center.abs().max(after.abs());
    let least = match meaning.aspect {
        Aspect::Errors | Aspect::Success if meaning.percent => 0.5 / meaning.scale.max(1.0),
        Aspect::Usage | Aspect::Hits if meaning.percent => 1.5 / meaning.scale.max(1.0),
        Aspect::Latency => (0.01 * cx.latency_s / meaning.scale).max(share),
        Aspect::Errors => share.max(0.2),
        // how many wait scatters as much as how many wait on average
        Aspect::Waiting => 0.5 * center.abs() + 1.0,
        _ => share,
    };
    least.max(1e-9)
}

/// How much a change matters, 0 to 1, by what the metric means.
pub(super) fn matters(cx: &Context<'_>, meaning: &Meaning, center: f64, delta: f64) -> f64 {
    let points = delta * if meaning.percent { meaning.scale } else { 1.0 };
    let doublings = |center: f64, after: f64| {
        let base = center.abs().max(1e-9);
        ((after.abs().max(1e-9)) / base).log2()
    };
    let reached = center + delta;
    let matter = match meaning.aspect {
        // work waits for a resource in inverse proportion to what is left of it
        Aspect::Usage if meaning.percent => {
            let left = |value: f64| 1.0 - (value * meaning.scale / 100.0).clamp(0.0, 0.98);
            ((left(center) / left(reached)).ln() / 1.5).max(0.0)
        }
        Aspect::Usage => (doublings(center, reached) / 2.5).max(0.0),
        // time matters by how much longer it takes and by what that is to who waits in the end
        Aspect::Latency if meaning.resource == Resource::Application => {
            let longer =
                (doublings(center.max(0.02 * cx.latency_s / meaning.scale), reached) / 3.0).clamp(0.0, 1.0);
            longer * (delta * meaning.scale / cx.latency_s).clamp(0.0, 1.0)
        }
        Aspect::Latency => (doublings(center, reached) / 3.0).max(0.0),
        Aspect::Errors if meaning.percent => (points / 8.0).max(0.0),
        Aspect::Errors => (doublings(center.max(1.0), reached.max(1.0)) / 4.0).max(0.0),
        Aspect::Success => (-points / 8.0).max(0.0),
        Aspect::Hits => (-points / 30.0).max(0.0),
        Aspect::Waiting => (doublings(center.max(2.0), reached.max(2.0)) / 3.0).max(0.0),
        Aspect::Traffic => (doublings(center, reached).abs() / 2.0).max(0.0) * 0.999,
        Aspect::Level => (doublings(center, reached).abs() / 3.0) * 0.6,
    };
    let around = if meaning.ambient { 0.5 } else { 1.0 };
    // percentiles of callers are drawn from few calls
    let caller = if meaning.side == Side::Caller && meaning.aspect == Aspect::Latency { 0.8 } else { 1.0 };
    matter.clamp(0.0, 1.0) * around * caller
}

/// Whether a metric is about something that fills up slowly.
pub(super) fn fills(meaning: &Meaning) -> bool {
    matches!(meaning.aspect, Aspect::Usage | Aspect::Waiting)
        && matches!(
            meaning.resource,
            Resource::Memory | Resource::Disk | Resource::Storage | Resource::Connections | Resource::Queue
        )
}

/// Whether a series of what fills up stands higher in the window than before the last day.
pub(super) fn may_creep(cx: &Context<'_>, at: usize) -> Option<bool> {
    let series = cx.input.series.get(at)?;
    let meaning = cx.meanings.get(series.metric)?;
    let (from, to) = cx.input.window;
    if !fills(meaning) || covered(series, from) < DAY + DAY / 2 {
        return None;
    }
    let old = sorted(values(between(&series.samples, from - 14 * DAY, from - DAY)));
    let (usual, top) = (quantile(&old, 0.5)?, quantile(&old, 0.9)?);
    let after = farthest(&values(between(&series.samples, from, to)), usual);
    Some(after > top + floor(cx, meaning, usual, after))
}

/// What fills up creeps: above everything seen before the last day, although the last hour looks as the one before it.
fn drift(cx: &Context<'_>, series: &Series, sudden: &Shift, floor: f64) -> Option<Shift> {
    let from = cx.input.window.0;
    if !fills(&sudden.meaning) || covered(series, from) < DAY + DAY / 2 {
        return None;
    }
    let old = sorted(values(between(&series.samples, from - 14 * DAY, from - DAY)));
    let (center, spread) = median_mad(&old)?;
    let top = quantile(&old, 0.995)?;
    let over = sudden.after - top;
    let scale = spread.max(floor);
    let delta = sudden.after - center;
    let strength = weight(cx, over / floor) * 0.85 * matters(cx, &sudden.meaning, center, delta);
    if strength <= 0.0 {
        return None;
    }
    let onset = onset(series, from - 3 * DAY, cx.input.window, center, delta, scale);
    Some(Shift { center, delta, sigma: delta / scale, strength, onset, drift: true, ..sudden.clone() })
}

/// When what is seen in the window began.
fn onset(series: &Series, begin: i64, window: (i64, i64), usual: f64, delta: f64, scale: f64) -> Option<i64> {
    let far = (4.0 * scale).max(0.25 * delta.abs()).min(0.8 * delta.abs());
    began(&series.samples, window, begin, |v| (v - usual) * delta.signum() >= far)
}

/// The first sample of the window on the far side, followed back before the window as long as nearly every sample is.
pub(super) fn began(
    samples: &[(i64, f64)],
    (from, to): (i64, i64),
    begin: i64,
    beyond: impl Fn(f64) -> bool,
) -> Option<i64> {
    let samples = between(samples, begin, to);
    let within = samples.partition_point(|s| s.0 < from);
    let stays = |i: usize| {
        let next = samples.get(i + 1..(i + 4).min(samples.len())).unwrap_or_default();
        next.is_empty() || next.iter().filter(|n| beyond(n.1)).count() * 2 >= next.len()
    };
    let mut at =
        (within..samples.len()).find(|i| samples.get(*i).is_some_and(|s| beyond(s.1)) && stays(*i))?;
    let mut quiet = 0;
    for i in (0..at).rev() {
        if samples.get(i).is_some_and(|s| beyond(s.1)) {
            at = i;
            quiet = 0;
        } else {
            quiet += 1;
            if quiet > 2 {
                break;
            }
        }
    }
    samples.get(at).map(|s| s.0)
}
