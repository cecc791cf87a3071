//! Root causes asked about in odd ways: templates nobody would write, windows nobody means, names with signs, circles.

use model::{
    ErrorCode, Localized,
    rca::{
        Applies, Check, CheckRule, NextCheck, Resource, SaveRcaTemplate, Template, TimeRule, TryRcaTemplate,
    },
};
use serde_json::{Value, json};
use services::{
    cmdb::write::{self, NewRelation},
    metrics::write::SeriesWriter,
    rca::{self, templates},
};
use testkit::TestApp;

use crate::estate::{args, at, catalogue, import, item};

/// A minute of the tests' day.
const DAY: &str = "2025-12-03T00:00:00Z";

/// Three items that depend on each other in a circle, one of them with signs in its name; the first is slow before the
/// others are.
async fn circle(t: &TestApp) {
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    let import = import();
    write::upsert_catalogue(&mut tx, &catalogue()).await.unwrap();
    let codes = ["a'1", "b\"2", "c%3"];
    let items = codes.map(|code| item(code, "app", json!({})));
    let ids = write::upsert_items(&mut tx, import, &items).await.unwrap().ids;
    let relation = |a: &str, b: &str| NewRelation {
        source: ids[a],
        target: ids[b],
        kind: "DEPENDS_ON".into(),
        fields: serde_json::Map::new(),
    };
    let round = [relation(codes[0], codes[1]), relation(codes[1], codes[2]), relation(codes[2], codes[0])];
    write::upsert_relations(&mut tx, import, &round).await.unwrap();
    let mut writer = SeriesWriter::new(import);
    let start = at(DAY).timestamp_millis();
    for (n, code) in (0_i64..).zip(codes) {
        let series = writer.ensure_series(&mut tx, "cpu", ids[code], None).await.unwrap();
        for minute in 0..150_i64 {
            let worn = minute >= 122 + 3 * n;
            writer.push(
                series,
                start + minute * 60_000,
                if worn { 97.0 } else { 20.0 + (minute % 7) as f64 },
            );
        }
    }
    writer.finish(&mut tx).await.unwrap();
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

fn template(change: impl FnOnce(&mut Template)) -> Template {
    let mut template = Template {
        key: "odd".into(),
        name: Localized::new("이상한 \"것\"", "odd 'one'; drop table rca_template; --"),
        ..Template::default()
    };
    change(&mut template);
    template
}

#[tokio::test]
async fn a_circle_with_signs_in_its_names_is_looked_at_and_its_first_item_is_named() {
    let t = TestApp::start().await;
    circle(&t).await;
    for ci in [json!("a'1"), json!(["b\"2", "c%3"]), Value::Null] {
        let asked =
            json!({ "ci": ci, "from": "2025-12-03T02:00:00Z", "to": "2025-12-03T02:30:00Z", "hops": 6 });
        let out = rca::tool_run(&t.app, &t.one.viewer, args(asked)).await.unwrap();
        assert_eq!(
            (out.hypotheses[0].ci.as_str(), out.hypotheses[0].resource),
            ("a'1", Resource::Cpu),
            "{ci}"
        );
        assert!(out.hypotheses[0].blast_radius <= 2);
    }
    let out = rca::tool_run(
        &t.app,
        &t.one.viewer,
        args(json!({ "ci": "x'; drop table ci; --", "around": "2025-12-03T02:05:00Z" })),
    );
    assert!(out.await.unwrap().notes.iter().any(|note| note.contains("drop table")));
}

#[tokio::test]
async fn the_series_that_decides_is_drawn_with_what_was_usual() {
    let t = TestApp::start().await;
    circle(&t).await;
    let asked = json!({ "ci": "a'1", "from": "2025-12-03T02:00:00Z", "to": "2025-12-03T02:30:00Z" });
    let out = rca::tool_run(&t.app, &t.one.viewer, args(asked)).await.unwrap();
    let first = &out.series[0];
    assert!(first.band.len() >= 2, "{first:?}");
    assert!(first.band.iter().all(|b| b.1 < 23.0 && b.2 > 23.0 && b.2 < 97.0), "{:?}", first.band);
    assert!(first.points.iter().any(|p| p.1 > 90.0));
}

#[tokio::test]
async fn windows_nobody_means_are_told_what_is_wrong() {
    let t = TestApp::start().await;
    circle(&t).await;
    for wrong in [
        json!({ "from": DAY, "to": DAY }),
        json!({ "from": "2025-12-03T02:00:00Z", "to": "2025-12-03T01:00:00Z" }),
        json!({ "from": "2015-12-03T02:00:00Z", "to": "2025-12-03T02:00:00Z" }),
        json!({ "around": i64::MAX }),
        json!({ "around": 8_210_266_876_799_999_i64 }),
        json!({ "around": -8_334_601_228_800_000_i64 }),
        json!({ "from": 8_210_266_876_000_000_i64, "to": 8_210_266_876_799_999_i64 }),
        json!({ "to": -8_334_601_228_800_000_i64 }),
        json!({ "from": 8_210_266_876_799_999_i64 }),
    ] {
        let error = rca::tool_run(&t.app, &t.one.viewer, args(wrong.clone())).await.unwrap_err().to_api();
        assert_eq!(error.kind, ErrorCode::Invalid, "{wrong}");
        assert!(!error.message.ko.is_empty() && error.message.en.is_ascii(), "{wrong}");
    }
    // what has not happened yet has no samples, and that is said
    for far in ["2199-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "0001-01-02T00:00:00Z"] {
        let out = rca::tool_run(&t.app, &t.one.viewer, args(json!({ "around": far }))).await.unwrap();
        assert!(out.hypotheses.is_empty() && out.notes.len() >= 2, "{far}: {out:?}");
    }
}

#[tokio::test]
async fn templates_nobody_would_write_are_refused_with_a_short_list_of_reasons() {
    let t = TestApp::start().await;
    circle(&t).await;
    let rule = |check, weight| CheckRule { check, weight, from: None, full: None };
    let many = |n: usize| (0..n).map(|i| format!("kind-{i}-{}", "x".repeat(20))).collect::<Vec<_>>();
    for (what, wrong) in [
        ("a weight beyond all measure", template(|t| t.checks = vec![rule(Check::Shift, f64::MAX)])),
        ("a weight below nothing", template(|t| t.checks = vec![rule(Check::Shift, -1e-9)])),
        ("a weight that is none", template(|t| t.checks = vec![rule(Check::Shift, f64::NAN)])),
        ("the same check ten thousand times", template(|t| t.checks = vec![rule(Check::Gap, 1.0); 10_000])),
        ("unknown kinds", template(|t| t.applies.kinds = many(9_000))),
        ("unknown metrics", template(|t| t.applies.metrics = many(100))),
        (
            "ten thousand days",
            template(|t| {
                t.applies.time = Some(TimeRule { days: vec![9; 10_000], ..TimeRule::default() });
            }),
        ),
        (
            "a zone nobody has",
            template(|t| {
                t.applies.time = Some(TimeRule { tz: "Mars/Base'; --".into(), ..TimeRule::default() });
            }),
        ),
        ("a resource many times", template(|t| t.applies.resources = vec![Resource::Cpu; 5_000])),
        (
            "next texts without end",
            template(|t| {
                let text = Localized::new("가".repeat(400), "x".repeat(400));
                t.next = vec![NextCheck { resource: Resource::Cpu, text }; 5_000];
            }),
        ),
        (
            "bounds that cross",
            template(|t| {
                t.checks =
                    vec![CheckRule { check: Check::Shift, weight: 1.0, from: Some(9.0), full: Some(1.0) }];
            }),
        ),
        (
            "everything at once",
            template(|t| {
                (t.hops, t.most, t.baseline_min, t.change_min) = (u32::MAX, u32::MAX, u32::MAX, 0);
                t.least_score = f64::INFINITY;
                t.key = "../'\"<script>".into();
            }),
        ),
    ] {
        let begun = std::time::Instant::now();
        let request = SaveRcaTemplate { template: wrong.clone(), base: 0, reason: String::new() };
        let error = templates::save(&t.app, &t.one.admin, request).await.unwrap_err().to_api();
        assert_eq!(error.kind, ErrorCode::Invalid, "{what}");
        assert!((1..=120).contains(&error.fields.len()), "{what}: {} reasons", error.fields.len());
        assert!(error.fields.iter().all(|field| field.path.starts_with("template.")), "{what}: {error:?}");
        let trial = TryRcaTemplate { template: wrong, ..TryRcaTemplate::default() };
        let error = rca::trial(&t.app, &t.one.viewer, trial).await.unwrap_err().to_api();
        assert_eq!(error.kind, ErrorCode::Invalid, "{what}");
        assert!(begun.elapsed().as_secs() < 10, "{what}");
    }
    assert_eq!(templates::list(&t.app, &t.one.viewer).await.unwrap().len(), 1, "nothing was kept");
    // at the edges of what is allowed it is kept and carried out
    let edge = template(|t| {
        t.checks = Check::ALL.map(|check| rule(check, 3.0)).to_vec();
        (t.hops, t.most, t.baseline_min, t.change_min, t.least_score) = (6, 10, 1_440, 1_440, 0.02);
        t.applies = Applies { kinds: vec!["host".into()], ..Applies::default() };
    });
    let request = SaveRcaTemplate { template: edge.clone(), base: 0, reason: "가".repeat(300) };
    assert_eq!(templates::save(&t.app, &t.one.admin, request.clone()).await.unwrap(), 1);
    for base in [0, 7, u32::MAX] {
        let again = SaveRcaTemplate { base, ..request.clone() };
        let error = templates::save(&t.app, &t.one.admin, again).await.unwrap_err().to_api();
        assert_eq!(error.kind, ErrorCode::Conflict, "{base}");
    }
    for version in [0, 2, u32::MAX] {
        for error in [
            templates::revert(&t.app, &t.one.admin, "odd", version).await.unwrap_err(),
            templates::activate(&t.app, &t.one.admin, "odd", Some(version)).await.unwrap_err(),
        ] {
            assert_eq!(error.to_api().kind, ErrorCode::NotFound, "{version}");
        }
    }
    let trial = TryRcaTemplate {
        template: edge,
        ci: vec!["a'1".into()],
        from: Some(at("2025-12-03T02:00:00Z")),
        to: Some(at("2025-12-03T02:30:00Z")),
    };
    let trial = rca::trial(&t.app, &t.one.viewer, trial).await.unwrap();
    assert!(
        trial.tried.hypotheses.iter().all(|h| h.score.is_finite() && (0.0..=1.0).contains(&h.confidence))
    );
}

#[tokio::test]
async fn those_who_look_and_those_of_another_organisation_change_no_template() {
    let t = TestApp::start().await;
    circle(&t).await;
    let save = |base| SaveRcaTemplate { template: template(|_| ()), base, reason: "why".into() };
    assert_eq!(templates::save(&t.app, &t.one.admin, save(0)).await.unwrap(), 1);
    assert_eq!(templates::save(&t.app, &t.one.admin, save(1)).await.unwrap(), 2);
    templates::activate(&t.app, &t.one.admin, "odd", Some(1)).await.unwrap();
    let before = templates::get(&t.app, &t.one.viewer, "odd", None).await.unwrap();
    for (caller, kind) in [(&t.one.viewer, ErrorCode::Forbidden), (&t.two.admin, ErrorCode::NotFound)] {
        for error in [
            templates::activate(&t.app, caller, "odd", Some(2)).await.unwrap_err(),
            templates::activate(&t.app, caller, "odd", None).await.unwrap_err(),
            templates::revert(&t.app, caller, "odd", 1).await.unwrap_err(),
            templates::remove(&t.app, caller, "odd").await.unwrap_err(),
        ] {
            assert_eq!(error.to_api().kind, kind);
        }
    }
    let error = templates::save(&t.app, &t.one.viewer, save(2)).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::Forbidden);
    // another organisation has no such template to go on from, and may have one of the same name
    let error = templates::save(&t.app, &t.two.admin, save(2)).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::Conflict);
    assert_eq!(templates::save(&t.app, &t.two.admin, save(0)).await.unwrap(), 1);
    templates::remove(&t.app, &t.two.admin, "odd").await.unwrap();
    for error in [
        templates::get(&t.app, &t.two.viewer, "odd", None).await.unwrap_err(),
        templates::diff(&t.app, &t.two.viewer, "odd", 1, 2).await.unwrap_err(),
        rca::tool_run(&t.app, &t.two.viewer, args(json!({ "template": "odd", "around": DAY })))
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.to_api().kind, ErrorCode::NotFound);
    }
    assert_eq!(templates::get(&t.app, &t.one.viewer, "odd", None).await.unwrap(), before);
}
