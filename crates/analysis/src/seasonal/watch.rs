//! Going on where an earlier look ended: days that were looked at keep their models, and an anomaly that had not ended goes
//! on as the same one.

use std::collections::HashMap;

use super::{
    Anomaly, Basis, DayModel, Detection, Form, Model, Settings,
    detect::{State, start_of},
};
use crate::stats::between;

const DAY: i64 = 86_400_000;
/// Steps between the last sample of an anomaly and the first of what is looked at now, within which it may go on.
const GOES_ON: i64 = 3;

/// How far apart in the day two anomalies may begin and be said to come at the same time.
const SAME_TIME: i64 = 45 * 60_000;

/// What was found by going on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Watched {
    /// Anomalies that touch the span, in order of time. One that began before it has the moment it began.
    pub anomalies: Vec<Anomaly>,
    /// Models that were learned for it, by day.
    pub learned: Vec<DayModel>,
    /// Days of the span too short of history to be judged: their beginnings.
    pub too_short: Vec<i64>,
}

/// Looks through `from <= t < to`, both at the beginning of a day of UTC. `known` are the anomalies that began before
/// `from`, `models` those of days looked at before. Days with less than two days of history are not judged.
pub fn watch(
    samples: &[(i64, f64)],
    (from, to): (i64, i64),
    settings: &Settings,
    known: &[Anomaly],
    models: &HashMap<i64, DayModel>,
) -> Watched {
    let mut found = Detection { anomalies: known.to_vec(), ..Detection::default() };
    let mut out = Watched::default();
    let mut state = State::after(between(samples, i64::MIN, from));
    let end = between(samples, from, to).last().map_or(from, |s| s.0 + 1).min(to);
    let mut at = from;
    let mut first = true;
    while at < end {
        let next = (start_of(at, 0) + DAY).min(end);
        let model = match models.get(&at) {
            Some(model) => Some(model.clone()),
            None => learn(samples, at, settings, &found.anomalies).inspect(|m| out.learned.push(m.clone())),
        };
        let Some(model) = model else {
            out.too_short.push(at);
            at = next;
            continue;
        };
        if first {
            reopen(&mut state, &mut found.anomalies, from - GOES_ON * model.step_ms);
            first = false;
        }
        state.day(&model, between(samples, at, next), settings, &mut found);
        state.silence(&model, samples, (at, next), to, &mut found);
        at = next;
    }
    state.close(&mut found.anomalies);
    out.anomalies = found.anomalies.into_iter().filter(|a| a.until >= from).collect();
    out.anomalies.sort_by_key(|a| (a.from, a.until));
    out
}

fn learn(samples: &[(i64, f64)], at: i64, settings: &Settings, trouble: &[Anomaly]) -> Option<DayModel> {
    let accepted = |t: i64| settings.accepted.iter().any(|(from, until)| (*from..*until).contains(&t));
    let strange: Vec<&Anomaly> = trouble.iter().filter(|a| !comes_back(a, trouble)).collect();
    let known = |t: i64| strange.iter().any(|a| (a.from..=a.until).contains(&t)) && !accepted(t);
    let model = Model::learn(samples, at, settings, known)?;
    (model.basis != Basis::Level).then(|| DayModel::of(&model, at))
}

/// What comes at the same time of the day on two days is no trouble to be kept out of what is learned: it is a rhythm that
/// was not known yet.
fn comes_back(one: &Anomaly, all: &[Anomaly]) -> bool {
    all.iter().any(|other| {
        let apart = (other.from - one.from).rem_euclid(DAY);
        other.form == one.form
            && (other.from - one.from).abs() > DAY / 2
            && apart.min(DAY - apart) <= SAME_TIME
    })
}

/// The last anomaly that had not ended by then is open again.
fn reopen(state: &mut State, known: &mut Vec<Anomaly>, since: i64) {
    let at = known.iter().rposition(|a| matches!(a.form, Form::High | Form::Low) && a.until >= since);
    state.open = at.map(|at| known.remove(at));
}
