//! The detector of the week: what it finds, and what it leaves alone.

use std::{collections::HashMap, f64::consts::TAU};

use analysis::seasonal::{Anomaly, Basis, Form, Settings, detect, watch};

const STEP: i64 = 300_000;
const DAY: i64 = 86_400_000;

/// Weeks of a rhythm with a quiet weekend and a little noise.
fn rhythm(days: i64) -> Vec<(i64, f64)> {
    (0..days * 288)
        .map(|i| {
            let day = i as f64 / 288.0;
            let busy = if (i / 288) % 7 < 5 { 1.0 } else { 0.3 };
            let noise = f64::from(((i * 7_919 + i / 13) % 101) as i32 - 50) / 40.0;
            (i * STEP, 60.0 + 25.0 * busy * (day * TAU).sin() + noise)
        })
        .collect()
}

fn window() -> (i64, i64) {
    (28 * DAY, 35 * DAY)
}

#[test]
fn a_usual_week_is_quiet() {
    let found = detect(&rhythm(35), window(), &Settings::default());
    assert_eq!(found.anomalies, []);
    assert_eq!(found.basis, Some(Basis::Week));
    assert_eq!(found.band.len(), 7 * 288);
    assert!(found.band.iter().all(|(_, b)| b.low < b.expected && b.expected < b.high));
}

#[test]
fn a_spike_and_a_value_of_another_hour_are_found_where_they_are() {
    let mut samples = rhythm(35);
    let at = |day: i64, slot: i64| ((day * 288 + slot) as usize, (day * 288 + slot) * STEP);
    let (spike, spike_at) = at(30, 100);
    for s in &mut samples[spike..spike + 3] {
        s.1 += 30.0;
    }
    // the value of the night by day
    let (other, other_at) = at(32, 60);
    for s in &mut samples[other..other + 12] {
        s.1 = 36.0 + (s.0 % 7) as f64 / 10.0;
    }
    let found = detect(&samples, window(), &Settings::default()).anomalies;
    assert_eq!(
        found.iter().map(|a| (a.from, a.form)).collect::<Vec<_>>(),
        [(spike_at, Form::High), (other_at, Form::Low)]
    );
    let accepted = Settings {
        accepted: vec![(0, i64::MAX)],
        exceptions: vec![(spike_at, spike_at + DAY / 24)],
        ..Settings::default()
    };
    let found = detect(&samples, window(), &accepted).anomalies;
    assert_eq!(found.iter().map(|a| a.from).collect::<Vec<_>>(), [other_at], "what was excepted is not told");
}

#[test]
fn silence_and_a_value_that_stands_still_are_told() {
    let mut samples = rhythm(35);
    let (from, until) = (29 * 288 + 10, 29 * 288 + 60);
    samples.drain(from..until);
    let still = 33 * 288;
    for s in &mut samples[still..still + 40] {
        s.1 = 60.0;
    }
    let found = detect(&samples, window(), &Settings { k: 20.0, ..Settings::default() }).anomalies;
    let forms: Vec<Form> = found.iter().map(|a| a.form).collect();
    assert!(forms.contains(&Form::Silent) && forms.contains(&Form::Flat), "{found:?}");
    let silent = found.iter().find(|a| a.form == Form::Silent).unwrap();
    assert_eq!(silent.until - silent.from, 51 * STEP);
}

#[test]
fn direction_and_least_distance_are_kept() {
    let mut samples = rhythm(35);
    for s in &mut samples[30 * 288..30 * 288 + 6] {
        s.1 -= 30.0;
    }
    let only_up = Settings { direction: analysis::seasonal::Direction::Up, ..Settings::default() };
    assert_eq!(detect(&samples, window(), &only_up).anomalies, []);
    assert_eq!(detect(&samples, window(), &Settings { least: 100.0, ..Settings::default() }).anomalies, []);
}

#[test]
fn a_short_history_is_judged_by_less() {
    assert_eq!(detect(&rhythm(10), (8 * DAY, 9 * DAY), &Settings::default()).basis, Some(Basis::Day));
    let found = detect(&rhythm(2), (DAY, DAY + DAY / 2), &Settings::default());
    assert_eq!(found.basis, Some(Basis::Level));
    assert_eq!(detect(&[], window(), &Settings::default()).basis, None);
    let hostile: Vec<(i64, f64)> =
        (0..5_000).map(|i| (i * STEP, if i % 3 == 0 { f64::NAN } else { 1e300 })).collect();
    assert_eq!(
        detect(&hostile, (10 * DAY, 12 * DAY), &Settings::default())
            .anomalies
            .iter()
            .filter(|a| a.form == Form::High)
            .count(),
        0
    );
}

#[test]
fn going_on_day_by_day_finds_what_one_look_finds_and_learns_each_day_once() {
    let mut samples = rhythm(35);
    // over midnight, and one by day
    for s in &mut samples[30 * 288 - 6..30 * 288 + 9] {
        s.1 += 40.0;
    }
    for s in &mut samples[32 * 288 + 100..32 * 288 + 110] {
        s.1 -= 40.0;
    }
    let settings = Settings::default();
    let at_once = watch(&samples, window(), &settings, &[], &HashMap::new());
    assert_eq!(at_once.anomalies.len(), 2);
    assert_eq!(at_once.learned.len(), 7);

    let (mut known, mut models) = (Vec::<Anomaly>::new(), HashMap::new());
    for day in 28..35 {
        let (from, to) = (day * DAY, (day + 1) * DAY);
        let part = &samples[..((day + 1) * 288) as usize];
        let found = watch(part, (from, to), &settings, &known, &models);
        models.extend(found.learned.iter().map(|m| (m.start, m.clone())));
        known.retain(|a| {
            a.until < from && !found.anomalies.iter().any(|b| (a.from, a.form) == (b.from, b.form))
        });
        known.extend(found.anomalies);
        // the same day again learns nothing and finds the same
        let before: Vec<Anomaly> = known.iter().filter(|a| a.from < from).copied().collect();
        let again = watch(part, (from, to), &settings, &before, &models);
        assert_eq!(again.learned, []);
        assert!(again.anomalies.iter().all(|a| known.contains(a)), "{again:?} {known:?}");
    }
    let spans = |list: &[Anomaly]| list.iter().map(|a| (a.from, a.until, a.form)).collect::<Vec<_>>();
    assert_eq!(spans(&known), spans(&at_once.anomalies));
}

#[test]
fn days_without_enough_history_are_not_judged_and_said_to_be_so() {
    let found = watch(&rhythm(4), (0, 4 * DAY), &Settings::default(), &[], &HashMap::new());
    assert_eq!(found.too_short, [0, DAY]);
    assert_eq!(found.learned.iter().map(|m| m.start).collect::<Vec<_>>(), [2 * DAY, 3 * DAY]);
}

#[test]
fn what_is_small_beside_what_is_expected_does_not_count() {
    let mut samples = rhythm(35);
    for s in &mut samples[30 * 288..30 * 288 + 6] {
        s.1 += 8.0;
    }
    assert_eq!(detect(&samples, window(), &Settings::default()).anomalies.len(), 1);
    let settings = Settings { share: 0.5, ..Settings::default() };
    let found = detect(&samples, window(), &settings);
    assert_eq!(found.anomalies, []);
    assert!(found.band.iter().all(|(_, b)| b.high - b.expected >= 0.49 * b.expected));
}
