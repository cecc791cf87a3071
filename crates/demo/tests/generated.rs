//! What a generated estate keeps, whatever the seed.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use demo::{Demo, generate};

fn now() -> DateTime<Utc> {
    "2026-11-24T05:00:00Z".parse().unwrap()
}

fn code(demo: &Demo, item: usize) -> &str {
    &demo.items[item].code
}

#[test]
fn the_same_seed_gives_the_same_estate_and_another_seed_another() {
    let (a, b, c) = (generate(7, 120, now()), generate(7, 120, now()), generate(8, 120, now()));
    assert_eq!(
        (&a.items, &a.relations, &a.records, &a.truth),
        (&b.items, &b.relations, &b.records, &b.truth)
    );
    assert!(a.series().zip(b.series()).take(40).all(|(x, y)| x == y));
    assert_ne!(a.items, c.items);
    assert_ne!(a.truth.incidents, c.truth.incidents);
}

#[test]
fn every_estate_is_whole() {
    for seed in 1..=12 {
        let demo = generate(seed, 300, now());
        let n = demo.items.len();
        assert!((290..=330).contains(&n), "{n} items for seed {seed}");
        let codes: HashSet<&str> = demo.items.iter().map(|item| item.code.as_str()).collect();
        assert_eq!(codes.len(), n, "codes are unique");
        assert!(demo.relations.iter().all(|r| r.source < n && r.target < n && r.source != r.target));
        let unique: HashSet<_> = demo.relations.iter().map(|r| (r.source, r.target, r.r#type)).collect();
        assert_eq!(unique.len(), demo.relations.len());
        let related: HashSet<usize> = demo.relations.iter().flat_map(|r| [r.source, r.target]).collect();
        assert_eq!(related.len(), n, "nothing stands alone");
        let keys: HashSet<_> = demo.records.iter().map(|r| (&r.kind, &r.key)).collect();
        assert_eq!(keys.len(), demo.records.len());
        assert!(demo.records.is_sorted_by_key(|r| r.at));
        let kinds: HashSet<&str> = demo.items.iter().map(|item| item.kind).collect();
        assert_eq!(kinds.len(), demo.catalogue.kinds.len());
        for kind in ["event", "change", "maintenance", "ticket"] {
            let defined = demo.catalogue.records.iter().find(|k| k.key == kind).unwrap();
            for record in demo.records.iter().filter(|r| r.kind == kind) {
                assert!(record.fields.keys().all(|key| defined.fields.iter().any(|f| f.key == *key)));
                assert!(record.until.is_none_or(|until| until >= record.at));
            }
        }
    }
}

#[test]
fn at_least_six_incidents_happen_and_are_felt_elsewhere_later() {
    for seed in 1..=12 {
        let demo = generate(seed, 300, now());
        let truth = &demo.truth;
        assert!(truth.incidents.len() >= 6, "{} incidents for seed {seed}", truth.incidents.len());
        let kinds: HashSet<&str> = truth.incidents.iter().map(|i| i.kind).collect();
        assert_eq!(kinds.len(), truth.incidents.len(), "each is of another kind");
        let felt = truth.incidents.iter().filter(|i| i.effects.iter().any(|e| e.hops > 0)).count();
        assert!(felt >= 6, "{felt} are felt for seed {seed}: {:#?}", truth.incidents);
        for incident in &truth.incidents {
            let own = &incident.effects[0];
            assert_eq!(
                (own.code.as_str(), own.metric),
                (incident.cause.code.as_str(), incident.cause.metric)
            );
            assert!(incident.effects.iter().all(|e| e.start >= own.start && e.end > e.start));
            assert!(incident.end <= now(), "{incident:?}");
            if let Some(key) = &incident.cause.record {
                let record = demo.records.iter().find(|r| r.key == *key).unwrap();
                assert!(record.at < incident.start.timestamp());
                assert_eq!(code(&demo, record.item.unwrap()), incident.cause.code);
            }
        }
        serde_json::to_string(truth).unwrap();
    }
}

#[test]
fn causes_show_in_their_metric() {
    let demo = generate(3, 200, now());
    let mut series = HashMap::new();
    for one in demo.series().filter(|s| s.peer.is_none()) {
        series.insert((code(&demo, one.item).to_owned(), one.metric), one.samples);
    }
    for incident in &demo.truth.incidents {
        let own = &incident.effects[0];
        let samples = &series[&(own.code.clone(), own.metric)];
        let mean = |from: i64, to: i64| {
            let part: Vec<f64> =
                samples.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, v)| *v).collect();
            part.iter().sum::<f64>() / part.len() as f64
        };
        let (from, to) = (own.start.timestamp(), own.end.timestamp());
        let (usual, then) = (mean(from - 7_200, from), mean((from + to) / 2, to - (to - from) / 10));
        let moved = if own.direction == "up" { then > usual * 1.25 } else { then < usual * 0.75 };
        assert!(moved, "{}: {} {usual} → {then}", incident.kind, own.metric);
    }
}

#[test]
fn days_and_weeks_have_a_rhythm_and_samples_stay_in_bounds() {
    let demo = generate(5, 150, now());
    let mut total = 0;
    for series in demo.series() {
        total += series.samples.len();
        assert!(series.samples.is_sorted_by_key(|(at, _)| *at));
        assert!(series.samples.iter().all(|(_, v)| v.is_finite() && *v >= 0.0));
        if series.metric.ends_with("_usage")
            || series.metric.ends_with("_rate") && series.metric != "request_rate"
        {
            assert!(series.samples.iter().all(|(_, v)| *v <= 100.0));
        }
    }
    assert!((500_000..6_000_000).contains(&total), "{total} samples");
    let busy = demo.series().find(|s| s.metric == "request_rate").unwrap();
    // 04:00 and 12:00 in Korea
    let at_hour = |hour: i64| {
        let of: Vec<f64> =
            busy.samples.iter().filter(|(at, _)| (at / 3_600) % 24 == hour).map(|(_, v)| *v).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    assert!(at_hour(19) * 1.5 < at_hour(3).max(at_hour(1)), "nights are quiet");
}

#[test]
fn sizes_reach_from_small_to_large() {
    for cis in [0, 60, 1_000, 20_000] {
        let demo = generate(2, cis, now());
        let wanted = cis.clamp(demo::LEAST, demo::MOST) as usize;
        assert!(demo.items.len() >= wanted * 9 / 10 && demo.items.len() <= wanted + wanted / 5 + 30, "{cis}");
        assert!(demo.truth.incidents.len() >= 6);
        let samples = demo.series().len() as i64 * (demo::DAYS * 86_400 / demo.truth.step_s);
        assert!(samples < 6_000_000, "{samples} samples for {cis}");
    }
}
