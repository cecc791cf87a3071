//! Going through samples day by day: each day is judged by what was learned before it.

use super::{Band, Basis, DayModel, Model, Settings};
use crate::stats::between;

const DAY: i64 = 86_400_000;
/// Times a usual gap, and samples of one value, from which a series is silent or flat.
const SILENT: i64 = 5;
const FLAT: usize = 12;

/// What an anomaly looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Above what is usual.
    High,
    /// Below.
    Low,
    /// One value for too long.
    Flat,
    /// No samples.
    Silent,
    /// Away from its peers.
    Apart,
}

impl Form {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::High, Self::Low, Self::Flat, Self::Silent, Self::Apart];

    /// By its name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
            Self::Flat => "flat",
            Self::Silent => "silent",
            Self::Apart => "apart",
        }
    }
}

/// A stretch in which a series leaves what is usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anomaly {
    /// First sample, in milliseconds since 1970.
    pub from: i64,
    /// Last sample.
    pub until: i64,
    /// What it looks like.
    pub form: Form,
    /// The value farthest away.
    pub value: f64,
    /// What was expected there.
    pub expected: f64,
    /// Robust standard deviations between them.
    pub sigma: f64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Detection {
    /// In order of time.
    pub anomalies: Vec<Anomaly>,
    /// The band at each sample.
    pub band: Vec<(i64, Band)>,
    /// What the last day was judged by; none where there was too little to learn from.
    pub basis: Option<Basis>,
}

/// Looks through `from <= t < to`. Everything before is learned from, the samples of the window themselves only by the
/// days that follow them.
pub fn detect(samples: &[(i64, f64)], (from, to): (i64, i64), settings: &Settings) -> Detection {
    let mut found = Detection::default();
    let mut state = State::default();
    let offset = settings.offset_min * 60_000;
    let mut at = from;
    while at < to {
        let end = (((at + offset).div_euclid(DAY) + 1) * DAY - offset).min(to);
        let known = |t: i64| {
            let inside = |a: &Anomaly| (a.from..=a.until).contains(&t);
            found.anomalies.iter().any(inside)
                && !settings.accepted.iter().any(|(f, u)| (*f..*u).contains(&t))
        };
        let Some(model) = Model::learn(samples, at, settings, known) else {
            at = end;
            continue;
        };
        found.basis = Some(model.basis);
        let model = DayModel::of(&model, start_of(at, offset));
        state.day(&model, between(samples, at, end), settings, &mut found);
        state.silence(&model, samples, (at, end), to, &mut found);
        at = end;
    }
    state.close(&mut found.anomalies);
    found.anomalies.sort_by_key(|a| (a.from, a.until));
    found
}

/// Begin of the day a moment is in.
pub(super) fn start_of(at: i64, offset: i64) -> i64 {
    (at + offset).div_euclid(DAY) * DAY - offset
}

/// What goes on from sample to sample.
#[derive(Default)]
pub(super) struct State {
    pub open: Option<Anomaly>,
    /// Whether the last samples were unusual, and on which side; the newest last.
    recent: Vec<Option<Anomaly>>,
    /// Samples in a row that were usual again.
    usual: usize,
    run: usize,
    last: Option<(i64, f64)>,
    flat_from: i64,
}

impl State {
    /// As it stands after earlier samples: the run of one value they end with.
    pub fn after(samples: &[(i64, f64)]) -> Self {
        let last = samples.last().copied();
        let run = samples.iter().rev().take_while(|s| last.is_some_and(|l| l.1 == s.1)).count();
        let first = samples.len().checked_sub(run).and_then(|i| samples.get(i));
        Self { run, last, flat_from: first.map_or(0, |s| s.0), ..Self::default() }
    }

    pub fn day(
        &mut self,
        model: &DayModel,
        samples: &[(i64, f64)],
        settings: &Settings,
        found: &mut Detection,
    ) {
        for &(at, value) in samples {
            if !value.is_finite() {
                continue;
            }
            let band = model.band(at, settings);
            found.band.push((at, band));
            if settings.except(at) {
                continue;
            }
            let distance = value - band.expected;
            let sigma = distance / model.sigma_at(at);
            self.flat(model, at, value, band.expected, &mut found.anomalies);
            self.sample(
                at,
                value,
                band.expected,
                sigma,
                settings.counts(distance, band.expected),
                settings,
                &mut found.anomalies,
            );
            self.last = Some((at, value));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one sample and how it is judged")]
    fn sample(
        &mut self,
        at: i64,
        value: f64,
        expected: f64,
        sigma: f64,
        counts: bool,
        settings: &Settings,
        list: &mut Vec<Anomaly>,
    ) {
        let form = if sigma > 0.0 { Form::High } else { Form::Low };
        let unusual = counts && sigma.abs() > settings.k;
        let this = Anomaly { from: at, until: at, form, value, expected, sigma: sigma.abs() };
        if let Some(open) = &mut self.open {
            // half way back is back: the border itself would open and close again and again
            if counts && sigma.abs() > settings.k / 2.0 && form == open.form {
                open.until = at;
                self.usual = 0;
                if this.sigma > open.sigma {
                    *open = Anomaly { from: open.from, ..this };
                }
                return;
            }
            self.usual += 1;
            if self.usual >= settings.m {
                list.extend(self.open.take());
                self.recent.clear();
            }
            if !unusual {
                return;
            }
        }
        self.recent.push(unusual.then_some(this));
        let excess = self.recent.len().saturating_sub(settings.m);
        self.recent.drain(..excess);
        let same: Vec<Anomaly> = self.recent.iter().flatten().filter(|a| a.form == form).copied().collect();
        let alone = unusual && this.sigma > 2.0 * settings.k;
        if unusual && self.open.is_none() && (same.len() >= settings.n || alone) {
            let first = same.first().map_or(at, |a| a.from);
            let far = same.iter().max_by(|a, b| a.sigma.total_cmp(&b.sigma)).copied().unwrap_or(this);
            self.open = Some(Anomaly { from: first, until: at, ..far });
            self.usual = 0;
        }
    }

    /// One value again and again where values used to change.
    fn flat(&mut self, model: &DayModel, at: i64, value: f64, expected: f64, list: &mut Vec<Anomaly>) {
        if self.last.is_some_and(|l| l.1 == value) {
            self.run += 1;
        } else {
            self.run = 1;
            self.flat_from = at;
        }
        let long = FLAT.max(3 * model.longest_run);
        if self.run == long {
            list.push(Anomaly {
                from: self.flat_from,
                until: at,
                form: Form::Flat,
                value,
                expected,
                sigma: 0.0,
            });
        } else if self.run > long
            && let Some(flat) =
                list.iter_mut().rev().find(|a| a.form == Form::Flat && a.from == self.flat_from)
        {
            flat.until = at;
        }
    }

    /// No samples for much longer than usual.
    pub fn silence(
        &mut self,
        model: &DayModel,
        samples: &[(i64, f64)],
        (from, to): (i64, i64),
        end: i64,
        found: &mut Detection,
    ) {
        let long = SILENT * model.longest_gap;
        let begin = samples.partition_point(|s| s.0 < from);
        let before = begin.checked_sub(1).and_then(|i| samples.get(i)).map(|s| s.0);
        let mut last = before;
        let mut gap = |from: i64, until: i64| {
            // a gap over midnight is one gap
            match found.anomalies.iter_mut().find(|a| a.form == Form::Silent && a.from == from) {
                Some(known) => known.until = until,
                None => found.anomalies.push(Anomaly {
                    from,
                    until,
                    form: Form::Silent,
                    value: f64::NAN,
                    expected: model.expected(from),
                    sigma: 0.0,
                }),
            }
        };
        for (at, _) in between(samples, from, to) {
            if let Some(last) = last
                && at - last > long
            {
                gap(last, *at);
            }
            last = Some(*at);
        }
        let stop = to.min(end);
        if let Some(last) = last
            && stop - last > long
        {
            gap(last, stop);
        }
    }

    pub fn close(&mut self, list: &mut Vec<Anomaly>) {
        list.extend(self.open.take());
    }
}
