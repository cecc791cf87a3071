//! Root causes and rankings of metrics through the tools, and templates as assets of a tenant.

use model::{
    ErrorCode,
    rca::{
        Applies, Check, CheckRule, Resource, SaveRcaTemplate, Template, TemplateFaultCode, TryRcaTemplate,
    },
    tools::ToolOutput,
};
use serde_json::{Value, json};
use services::{
    Caller, Error,
    cmdb::write,
    metrics,
    metrics::write::SeriesWriter,
    rca::{self, templates},
};
use testkit::TestApp;

use crate::estate::{args, at, cells, import, load};

/// Window of the fault: the processor of `host1` is worn out in it.
const FAULT: (&str, &str) = ("2025-12-03T02:00:00Z", "2025-12-03T02:30:00Z");
/// The half hour before.
const CALM: (&str, &str) = ("2025-12-03T01:30:00Z", "2025-12-03T02:00:00Z");

/// The estate, with a fault on its third day or without.
async fn with_estate(t: &TestApp, caller: &Caller, fault: bool) {
    load(&t.app, caller, import()).await;
    let mut tx = t.app.db.tenant(caller).await.unwrap();
    let items = write::stored_items(&mut tx).await.unwrap();
    let id = |code: &str| items.iter().find(|i| i.code == code).unwrap().id;
    let mut writer = SeriesWriter::new(import());
    let day = at("2025-12-03T00:00:00Z").timestamp_millis();
    for (code, base) in [("host1", 10.0), ("vm1", 20.0)] {
        let cpu = writer.ensure_series(&mut tx, "cpu", id(code), None).await.unwrap();
        for minute in 0..150_i64 {
            let worn = fault && code == "host1" && minute >= 122;
            let value = if worn { 97.0 } else { base + (minute % 10) as f64 };
            writer.push(cpu, day + minute * 60_000, value);
        }
    }
    writer.finish(&mut tx).await.unwrap();
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn run(t: &TestApp, caller: &Caller, value: Value) -> ToolOutput {
    rca::tool_run(&t.app, caller, args(value)).await.unwrap()
}

fn kind(error: &Error) -> ErrorCode {
    error.to_api().kind
}

#[tokio::test]
async fn a_viewer_is_told_the_cause_and_another_tenant_with_the_same_codes_is_told_of_its_own_data_only() {
    let t = TestApp::start().await;
    with_estate(&t, &t.one.admin, true).await;
    with_estate(&t, &t.two.admin, false).await;
    let asked = json!({ "ci": "svc", "from": FAULT.0, "to": FAULT.1 });
    let out = run(&t, &t.one.viewer, asked.clone()).await;
    let first = &out.hypotheses[0];
    assert_eq!((first.ci.as_str(), first.resource), ("host1", Resource::Cpu), "{out:?}");
    assert_eq!(first.first_deviation, Some(at("2025-12-03T02:02:00Z")));
    assert!(!first.evidence_for.is_empty() && !first.missing.is_empty() && !first.next_checks.is_empty());
    assert!(first.blast_radius >= 4, "{first:?}");
    assert_eq!((out.assets[0].key.as_str(), out.assets[0].version), ("default", 0));
    // the picture holds the cause, the series that decides it stands in the chart
    assert!(out.graph.as_ref().is_some_and(|g| g.nodes.iter().any(|n| n.code == "host1" && n.depth == 0)));
    assert!(out.series[0].points.iter().any(|p| p.1 == 97.0));

    for caller in [&t.two.viewer, &t.two.admin] {
        let other = run(&t, caller, asked.clone()).await;
        assert!(other.hypotheses.is_empty() && !other.notes.is_empty(), "{other:?}");
    }
    // without items every item is a candidate
    let out = run(&t, &t.one.viewer, json!({ "from": FAULT.0, "to": FAULT.1 })).await;
    assert_eq!(out.hypotheses[0].ci, "host1");
    let out = run(&t, &t.one.viewer, json!({ "around": "2025-12-03T02:05:00Z" })).await;
    assert_eq!(out.hypotheses[0].ci, "host1");
    // what is wrong now: the end of what is measured
    let out = run(&t, &t.one.viewer, json!({})).await;
    assert_eq!(out.hypotheses[0].ci, "host1");
    let out = run(&t, &t.one.viewer, json!({ "from": CALM.0, "to": CALM.1 })).await;
    assert!(out.hypotheses.is_empty(), "nothing later than the window is read: {out:?}");
}

#[tokio::test]
async fn a_window_without_data_an_empty_estate_and_wrong_arguments_are_told_apart() {
    let t = TestApp::start().await;
    with_estate(&t, &t.one.admin, true).await;
    let out =
        run(&t, &t.one.viewer, json!({ "from": "2026-03-01T00:00:00Z", "to": "2026-03-01T01:00:00Z" })).await;
    assert!(out.hypotheses.is_empty() && out.notes.len() >= 2, "{out:?}");
    let out = run(&t, &t.one.viewer, json!({ "ci": "ghost", "from": FAULT.0, "to": FAULT.1 })).await;
    assert!(out.notes.iter().any(|note| note.contains("ghost")), "{out:?}");
    // nothing at all was ever brought in
    let out = run(&t, &t.two.viewer, json!({ "from": FAULT.0, "to": FAULT.1 })).await;
    assert!(out.hypotheses.is_empty() && !out.notes.is_empty());
    for wrong in [
        json!({}),
        json!({ "from": FAULT.1, "to": FAULT.0 }),
        json!({ "from": "2025-01-01T00:00:00Z", "to": FAULT.0 }),
        json!({ "from": "soon", "to": FAULT.0 }),
        json!({ "from": FAULT.0, "to": FAULT.1, "template": 7 }),
        json!({ "from": FAULT.0, "to": FAULT.1, "template": { "hops": 9 } }),
        json!({ "from": FAULT.0, "to": FAULT.1, "hops": 9 }),
    ] {
        let error = rca::tool_run(&t.app, &t.two.viewer, args(wrong.clone())).await.unwrap_err();
        assert_eq!(kind(&error), ErrorCode::Invalid, "{wrong}");
    }
    let none = rca::tool_run(&t.app, &t.one.viewer, args(json!({ "template": "ghost" }))).await.unwrap_err();
    assert_eq!(kind(&none), ErrorCode::NotFound);
}

#[tokio::test]
async fn rankings_and_comparisons_see_one_tenant_and_say_when_there_is_nothing() {
    let t = TestApp::start().await;
    with_estate(&t, &t.one.admin, true).await;
    with_estate(&t, &t.two.admin, false).await;
    let top = async |caller: &Caller, value: Value| metrics::tool_top(&t.app, caller, args(value)).await;
    let asked = json!({ "metric": "cpu", "agg": "max", "from": FAULT.0, "to": FAULT.1, "n": 1 });
    let out = top(&t.one.viewer, asked.clone()).await.unwrap();
    assert_eq!((cells(&out, "ci"), cells(&out, "max")), (vec![json!("host1")], vec![json!(97)]));
    let out = top(&t.two.viewer, asked).await.unwrap();
    assert_eq!((cells(&out, "ci"), cells(&out, "max")), (vec![json!("vm1")], vec![json!(29)]));
    let out = top(&t.one.viewer, json!({ "metric": "cpu", "least": true, "from": CALM.0, "to": CALM.1 }))
        .await
        .unwrap();
    assert_eq!(cells(&out, "ci"), [json!("host1"), json!("vm1")]);
    let out = top(&t.one.viewer, json!({ "metric": "cpu", "from": "2026-03-01T00:00:00Z" })).await.unwrap();
    assert_eq!((out.rows.len(), out.notes.is_empty()), (0, false), "{out:?}");
    assert!(top(&t.one.viewer, json!({ "metric": "ghost" })).await.is_err());

    let compare =
        async |caller: &Caller, value: Value| metrics::tool_compare(&t.app, caller, args(value)).await;
    let asked = json!({ "metric": "cpu", "agg": "max", "ci": "host1", "a": [CALM.0, CALM.1], "b": [FAULT.0, FAULT.1] });
    let out = compare(&t.one.viewer, asked.clone()).await.unwrap();
    assert_eq!((cells(&out, "a"), cells(&out, "b")), (vec![json!(19)], vec![json!(97)]));
    let out = compare(&t.two.viewer, asked).await.unwrap();
    assert_eq!((cells(&out, "a"), cells(&out, "b")), (vec![json!(19)], vec![json!(19)]));
    let away = ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"];
    let out =
        compare(&t.one.viewer, json!({ "metric": "cpu", "agg": "avg", "a": away, "b": away })).await.unwrap();
    assert_eq!((out.rows.len(), out.notes.is_empty()), (0, false), "{out:?}");
    let back = json!({ "metric": "cpu", "agg": "avg", "a": [FAULT.1, FAULT.0], "b": away });
    assert!(compare(&t.one.viewer, back).await.is_ok_and(|out| out.rows.is_empty()));

    // nothing was brought in: the metric is not known there
    let empty = TestApp::start().await;
    for error in [
        metrics::tool_top(&empty.app, &empty.one.viewer, args(json!({ "metric": "cpu" }))).await.unwrap_err(),
        metrics::tool_compare(
            &empty.app,
            &empty.one.viewer,
            args(json!({ "metric": "cpu", "agg": "avg", "a": away, "b": away })),
        )
        .await
        .unwrap_err(),
    ] {
        assert!(matches!(kind(&error), ErrorCode::Invalid | ErrorCode::NotFound), "{error:?}");
    }
}

fn template(key: &str, weight: f64) -> Template {
    Template {
        key: key.into(),
        name: model::Localized::new("야간 분석", "Night analysis"),
        checks: vec![CheckRule { check: Check::Shift, weight, from: None, full: None }],
        ..Template::default()
    }
}

fn saved(template: Template, base: u32) -> SaveRcaTemplate {
    SaveRcaTemplate { template, base, reason: "because".into() }
}

#[tokio::test]
async fn a_template_has_versions_is_put_in_force_where_it_applies_and_can_be_brought_back() {
    let t = TestApp::start().await;
    with_estate(&t, &t.one.admin, true).await;
    let (app, admin, viewer) = (&t.app, &t.one.admin, &t.one.viewer);
    let night = Template {
        applies: Applies { kinds: vec!["host".into()], ..Applies::default() },
        ..template("night", 0.0)
    };
    assert_eq!(
        kind(&templates::save(app, viewer, saved(night.clone(), 0)).await.unwrap_err()),
        ErrorCode::Forbidden
    );
    assert_eq!(templates::save(app, admin, saved(night.clone(), 0)).await.unwrap(), 1);
    assert_eq!(
        kind(&templates::save(app, admin, saved(night.clone(), 0)).await.unwrap_err()),
        ErrorCode::Conflict
    );
    let second = Template { checks: Vec::new(), hops: 2, ..night.clone() };
    assert_eq!(templates::save(app, admin, saved(second, 1)).await.unwrap(), 2);
    assert_eq!(
        kind(&templates::save(app, admin, saved(night.clone(), 1)).await.unwrap_err()),
        ErrorCode::Conflict
    );
    let changes = templates::diff(app, viewer, "night", 1, 2).await.unwrap();
    let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["checks.shift.weight", "hops"]);
    assert_eq!(templates::revert(app, admin, "night", 1).await.unwrap(), 3);
    let detail = templates::get(app, viewer, "night", None).await.unwrap();
    assert_eq!((detail.version, detail.template == night, detail.versions[0].of), (3, true, Some(1)));

    // not in force: nothing changes by itself; by name it is used
    let asked = |ci: &str| json!({ "ci": ci, "from": FAULT.0, "to": FAULT.1 });
    assert_eq!(run(&t, viewer, asked("host1")).await.hypotheses[0].ci, "host1");
    let mut named = asked("host1");
    named["template"] = json!("night@2");
    let out = run(&t, viewer, named).await;
    assert_eq!((out.assets[0].version, out.hypotheses.len()), (2, 1));

    // in force where its condition holds, and nowhere else
    assert_eq!(
        kind(&templates::activate(app, viewer, "night", Some(3)).await.unwrap_err()),
        ErrorCode::Forbidden
    );
    assert_eq!(
        kind(&templates::activate(app, admin, "night", Some(9)).await.unwrap_err()),
        ErrorCode::NotFound
    );
    templates::activate(app, admin, "night", Some(3)).await.unwrap();
    let out = run(&t, viewer, asked("host1")).await;
    assert_eq!((out.assets[0].key.as_str(), out.assets[0].version, out.hypotheses.len()), ("night", 3, 0));
    assert_eq!(run(&t, viewer, asked("svc")).await.assets[0].key, "default");
    let trial = TryRcaTemplate {
        template: Template::default(),
        ci: vec!["host1".into()],
        from: Some(at(FAULT.0)),
        to: Some(at(FAULT.1)),
    };
    let trial = rca::trial(app, viewer, trial).await.unwrap();
    assert_eq!((trial.tried.hypotheses.len(), trial.present.hypotheses.len()), (1, 0));
    assert_eq!((trial.present.key.as_str(), trial.present.version), ("night", 3));
    templates::activate(app, admin, "night", None).await.unwrap();
    assert_eq!(run(&t, viewer, asked("host1")).await.assets[0].key, "default");

    // another tenant has none of it
    assert_eq!(templates::list(app, &t.two.admin).await.unwrap().len(), 1);
    assert_eq!(
        kind(&templates::get(app, &t.two.admin, "night", None).await.unwrap_err()),
        ErrorCode::NotFound
    );
    assert_eq!(kind(&templates::remove(app, &t.two.admin, "night").await.unwrap_err()), ErrorCode::NotFound);
    templates::remove(app, admin, "night").await.unwrap();
    assert_eq!(templates::list(app, admin).await.unwrap().len(), 1);
    let mut conn = t.superuser().await;
    let audited: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action like 'rca.template.%'")
            .fetch_one(&mut conn)
            .await
            .unwrap();
    assert_eq!(audited, 6, "two saves, one brought back, two of being in force, one removal");
}

#[tokio::test]
async fn a_template_with_faults_is_refused_with_the_place_of_each() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let wrong = Template {
        applies: Applies {
            kinds: vec!["ghost".into()],
            metrics: vec!["cpu".into(), "ghost".into()],
            ..Applies::default()
        },
        ..template("default", 9.0)
    };
    let faults = templates::check(&t.app, &t.one.viewer, &wrong).await.unwrap();
    let places: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(places, ["checks[0].weight", "applies.kinds[0]", "applies.metrics[1]", "key"]);
    assert_eq!(faults[1].code, TemplateFaultCode::Unknown);
    let error = templates::save(&t.app, &t.one.admin, saved(wrong, 0)).await.unwrap_err().to_api();
    assert_eq!(
        (error.kind, error.fields.len(), error.fields[0].path.as_str()),
        (ErrorCode::Invalid, 4, "template.checks[0].weight")
    );
    for done in [
        templates::remove(&t.app, &t.one.admin, "default").await,
        templates::activate(&t.app, &t.one.admin, "default", None).await,
    ] {
        assert_eq!(kind(&done.unwrap_err()), ErrorCode::Invalid, "what comes with the product stays");
    }
}
