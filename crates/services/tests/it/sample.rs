//! The tools on the sample data beside the project, against numbers that were counted there by other means.

use std::path::Path;

use model::imports::ImportState;
use serde_json::{Value, json};
use services::{cmdb, events, imports, metrics};
use testkit::TestApp;

use crate::estate::{args, cells};

/// A program with a folder of samples in it; nothing where the samples are not there.
async fn with_data(name: &str) -> Option<TestApp> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = root.join("../shared/data").join(name);
    if !data.is_dir() {
        eprintln!("skipped: {} is not there", data.display());
        return None;
    }
    let yaml = std::fs::read_to_string(root.join(format!("examples/mappings/{name}.yaml"))).unwrap();
    let t = TestApp::start().await;
    let mapping = ingest::parse(&yaml).unwrap();
    let status = imports::run_folder(&t.app, &t.one.admin, &data, mapping, |_| {}).await.unwrap();
    assert_eq!(status.state, ImportState::Done, "{:?}", status.message);
    Some(t)
}

#[tokio::test]
async fn the_estate_is_counted_right() {
    let Some(t) = with_data("estate").await else { return };
    let (app, caller) = (&t.app, &t.one.viewer);
    let records = async |value: Value| events::aggregate(app, caller, args(value)).await.unwrap();
    let count = json!([{ "fn": "count" }]);

    let out = records(json!({ "select": { "kind": "event", "from": "2025-12-30", "to": "2025-12-31",
        "filter": [{ "field": "severity", "op": "eq", "value": 5 }] }, "measures": count }))
    .await;
    assert_eq!(cells(&out, "count"), [json!(126)]);
    let out = records(json!({ "select": { "kind": "event", "ci": "SRV-MON-03",
        "filter": [{ "field": "severity", "op": "ge", "value": "4" }] }, "measures": count }))
    .await;
    assert_eq!(cells(&out, "count"), [json!(27)]);
    let out = records(json!({ "select": { "kind": "event", "filter": [{ "field": "event_type", "op": "eq", "value": "threshold_alarm" }] },
        "measures": [{ "fn": "share", "filter": [{ "field": "severity", "op": "ge", "value": 4 }] }] }))
    .await;
    assert!((out.rows[0]["share"].as_f64().unwrap() - 19.3732).abs() < 0.001);
    let out = records(json!({ "select": { "kind": "event" }, "group_by": ["day"], "measures": count,
        "sort": [{ "by": "count", "desc": true }], "limit": 1 }))
    .await;
    assert_eq!((cells(&out, "day"), cells(&out, "count")), (vec![json!("2025-12-15")], vec![json!(1140)]));
    let out = records(json!({ "select": { "kind": "event", "from": "2025-12-01", "to": "2026-01-01",
        "filter": [{ "field": "ci.kind", "op": "eq", "value": "server" }] }, "group_by": ["ci"], "measures": count,
        "sort": [{ "by": "count", "desc": true }], "limit": 3 }))
    .await;
    assert_eq!(cells(&out, "ci"), [json!("srv-mon-03"), json!("srv-mes-02"), json!("srv-secops-05")]);
    assert_eq!(cells(&out, "count"), [json!(134), json!(131), json!(129)]);
    let out = records(json!({ "select": { "kind": "work", "filter": [{ "field": "work_type", "op": "eq", "value": "upgrade" },
        { "field": "impact_level", "op": "eq", "value": 5 }] }, "measures": [{ "fn": "avg", "field": "duration_min" }] }))
    .await;
    assert!((out.rows[0]["avg_duration_min"].as_f64().unwrap() - 142.76).abs() < 0.01);
    let out = records(json!({ "select": { "kind": "maintenance" }, "group_by": ["performer"], "measures": [{ "fn": "count" },
        { "fn": "share", "filter": [{ "field": "result", "op": "eq", "value": "success" }] }] }))
    .await;
    assert_eq!(cells(&out, "count"), [json!(376), json!(349), json!(362), json!(391)]);
    assert!((out.rows[1]["share"].as_f64().unwrap() - 76.7908).abs() < 0.001);

    let cared =
        records(json!({ "select": { "kind": "maintenance" }, "group_by": ["ci"], "measures": count })).await;
    let never = json!({ "select": { "filter": [{ "field": "code", "op": "not_in", "value": cells(&cared, "ci") }] } });
    let out = cmdb::tool_search(app, caller, args(never)).await.unwrap();
    assert_eq!(cells(&out, "code"), [json!("os-cmdb-03"), json!("os-cmdb-05")]);

    let graph =
        async |name: &str, value: Value| cmdb::tool_graph(app, caller, name, args(value)).await.unwrap();
    let deployed =
        graph("graph.neighbours", json!({ "ci": "srv-erp-04", "direction": "in", "types": ["DEPLOYED_ON"] }))
            .await;
    let out = records(json!({ "select": { "kind": "event", "ci": cells(&deployed, "code"),
        "filter": [{ "field": "severity", "op": "ge", "value": 4 }] }, "measures": count }))
    .await;
    assert_eq!(cells(&out, "count"), [json!(118)]);
    let path = json!({ "ci": "sys-secops", "to": "sys-erp", "direction": "out", "types": ["DEPENDS_ON"] });
    assert_eq!(graph("graph.path", path).await.rows[0]["length"], json!(4));
    let out =
        cmdb::tool_edges(app, caller, args(json!({ "types": ["COMPOSED_OF"], "group_by": ["source"] })))
            .await
            .unwrap();
    let parts = [30, 32, 39, 31, 39, 32, 31, 38].map(|n| json!(n));
    assert_eq!(cells(&out, "count"), parts);
}

#[tokio::test]
async fn the_metrics_of_the_shop_are_reduced_right() {
    let Some(t) = with_data("online-boutique").await else { return };
    let ask = async |value: Value| metrics::tool_query(&t.app, &t.one.viewer, args(value)).await.unwrap();
    let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 0.001 * wanted;

    let out = ask(json!({ "metric": "cpu_usage_rate", "ci": "cartservice", "agg": ["max"],
        "from": "2022-08-22T04:30:00Z", "to": "2022-08-22T04:45:00Z" }))
    .await;
    assert!(near(&out.rows[0]["max"], 88.5147), "{out:?}");
    let out = ask(json!({ "metric": "memory_usage", "agg": ["avg"], "sort": [{ "by": "avg", "desc": true }], "limit": 1 })).await;
    assert_eq!(out.rows[0]["ci"], json!("adservice"));
    assert!(near(&out.rows[0]["avg"], 201.8516), "{out:?}");
    let out = ask(json!({ "metric": "server_latency_p95", "ci": "checkoutservice", "agg": ["avg"],
        "from": "2022-08-22T05:00:00Z", "to": "2022-08-22T06:00:00Z" }))
    .await;
    assert!(near(&out.rows[0]["avg"], 1.5842), "{out:?}");
    let out = ask(json!({ "metric": "success_rate", "agg": ["min", "min_at"] })).await;
    assert!(near(&out.rows[0]["min"], 11.4754), "{out:?}");
    assert!(out.rows[0]["min_at"].as_str().unwrap().starts_with("2022-08-22T06:46"), "{out:?}");
    let out = ask(json!({ "metric": "success_rate", "agg": ["count"], "filter": [{ "field": "value", "op": "lt", "value": 50 }] })).await;
    assert_eq!(out.rows[0]["samples"], json!(7));
}
