//! Series: ranges, reductions, comparisons, writing over what is there.

use model::metrics::RangeQuery;
use serde_json::{Value, json};
use services::{cmdb::write, metrics, metrics::write::SeriesWriter};
use testkit::TestApp;

use crate::estate::{DAY_ONE, args, at, cells, import, load};

#[tokio::test]
async fn a_range_is_thinned_without_losing_the_peak() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let series = metrics::series_of(&t.app, &t.one.viewer, "host1").await.unwrap();
    assert_eq!((series.len(), series[0].samples, series[0].ci.as_str()), (1, 2880, "host1"));
    assert_eq!(series[0].covers, Some((at(DAY_ONE), at("2025-12-02T23:59:00Z"))));
    let ask = |from: &str, to: &str, max_points| RangeQuery {
        series: vec![series[0].id],
        from: at(from),
        to: at(to),
        max_points,
        usual: false,
        ahead_h: 0,
    };
    let whole =
        metrics::range(&t.app, &t.one.viewer, ask(DAY_ONE, "2025-12-03T00:00:00Z", 200)).await.unwrap();
    assert!(whole[0].points.len() <= 200 && whole[0].bucket_ms > 0 && whole[0].unit == "%");
    assert!(whole[0].points.iter().any(|p| p.3 == 99.5));
    let hour =
        metrics::range(&t.app, &t.one.viewer, ask("2025-12-01T23:30:00Z", "2025-12-02T00:30:00Z", 200))
            .await
            .unwrap();
    assert_eq!((hour[0].points.len(), hour[0].bucket_ms), (60, 0));
    assert!(metrics::range(&t.app, &t.two.viewer, ask(DAY_ONE, "2025-12-03T00:00:00Z", 200)).await.is_err());
    assert!(metrics::range(&t.app, &t.one.viewer, ask("2025-12-03T00:00:00Z", DAY_ONE, 200)).await.is_err());
    let edge = metrics::series_of(&t.app, &t.one.viewer, "db1").await.unwrap();
    assert_eq!(
        (edge[0].metric.as_str(), edge[0].peer.as_deref(), edge[0].samples),
        ("latency", Some("db1"), 60)
    );
}

#[tokio::test]
async fn a_new_value_wins_and_only_changes_count() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    let host = write::stored_items(&mut tx).await.unwrap().into_iter().find(|i| i.code == "host1").unwrap();
    let mut writer = SeriesWriter::new(import());
    let cpu = writer.ensure_series(&mut tx, "cpu", host.id, None).await.unwrap();
    let day = at(DAY_ONE).date_naive();
    writer.write_chunk(cpu, day, &[0, 60_000, 30_000, 86_400_000], &[10.0, 77.0, 5.0, 1.0]);
    assert_eq!(
        writer.finish(&mut tx).await.unwrap(),
        2,
        "one is new, one is changed, one is the same, one is of another day"
    );
    tx.commit().await.unwrap();
    let out = metrics::tool_query(
        &t.app,
        &t.one.viewer,
        args(json!({ "metric": "cpu", "ci": "host1",
        "from": DAY_ONE, "to": "2025-12-01T00:02:00Z", "agg": ["sum", "count"] })),
    )
    .await
    .unwrap();
    assert_eq!((cells(&out, "sum"), cells(&out, "count")), (vec![json!(92)], vec![json!(3)]));
    let mut conn = t.superuser().await;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM metric_sample WHERE metric = 'cpu'")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(rows, 5761);
}

#[tokio::test]
async fn query_keeps_its_contract() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let ask = async |value: Value| metrics::tool_query(&t.app, &t.one.viewer, args(value)).await.unwrap();

    let out = ask(json!({ "metric": "cpu", "agg": ["avg", "max", "max_at", "p95"], "sort": [{ "by": "max", "desc": true }] })).await;
    assert_eq!(
        (cells(&out, "ci"), out.rows[0]["samples"].clone()),
        (vec![json!("host1"), json!("vm1")], json!(2880))
    );
    assert_eq!(out.rows[0]["max_at"], json!("2025-12-02T09:20:00Z"));
    assert_eq!(out.rows[0]["p95"], json!(19));
    assert_eq!(out.columns.iter().find(|c| c.key == "max").map(|c| c.unit.as_str()), Some("%"));
    let out = ask(json!({ "metric": "cpu", "ci": ["host1"], "agg": ["count"], "filter": [{ "field": "value", "op": "gt", "value": 90 }] })).await;
    assert_eq!(cells(&out, "samples"), [json!(1)]);
    let out = ask(json!({ "metric": "cpu", "agg": ["min", "first", "last"], "together": true, "from": DAY_ONE, "to": "2025-12-01T01:00:00Z" })).await;
    assert_eq!(
        (cells(&out, "min"), cells(&out, "samples"), out.rows.len()),
        (vec![json!(10)], vec![json!(120)], 1)
    );
    let out = ask(json!({ "metric": "cpu", "ci": "vm1", "agg": ["avg"], "buckets": "hour", "from": DAY_ONE, "to": "2025-12-01T03:00:00Z", "series": true })).await;
    assert_eq!(
        (cells(&out, "at"), cells(&out, "avg")),
        (
            vec![json!("2025-12-01T00:00:00Z"), json!("2025-12-01T01:00:00Z"), json!("2025-12-01T02:00:00Z")],
            vec![json!(24.5); 3]
        )
    );
    assert_eq!((out.series.len(), out.series[0].points.len()), (1, 180));
    let out = ask(json!({ "metric": "latency", "agg": ["avg"] })).await;
    assert_eq!(
        (cells(&out, "ci"), cells(&out, "peer"), cells(&out, "avg")),
        (vec![json!("app1")], vec![json!("db1")], vec![json!(0.25)])
    );
    let out = ask(json!({ "metric": "cpu", "ci": ["db1"], "agg": ["avg"] })).await;
    assert_eq!((out.total, out.notes.len()), (0, 1));
    let out = ask(json!({ "metric": "cpu", "ci": [], "agg": ["avg"] })).await;
    assert_eq!((out.total, out.notes.len()), (0, 0));
    let out = ask(json!({ "metric": "cpu", "agg": ["avg"], "from": "2026-01-01T00:00:00Z" })).await;
    assert_eq!((out.total, out.notes.len()), (0, 1));
    for wrong in [
        json!({ "metric": "ghost", "agg": ["avg"] }),
        json!({ "metric": "cpu", "agg": ["mode"] }),
        json!({ "metric": "cpu", "agg": ["avg"], "from": "soon" }),
    ] {
        assert!(metrics::tool_query(&t.app, &t.one.viewer, args(wrong)).await.is_err());
    }
}

#[tokio::test]
async fn compare_keeps_its_contract() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let out = metrics::tool_compare(
        &t.app,
        &t.one.viewer,
        args(json!({ "metric": "cpu", "agg": "max",
        "a": [DAY_ONE, "2025-12-02T00:00:00Z"], "b": ["2025-12-02T00:00:00Z", "2025-12-03T00:00:00Z"],
        "sort": [{ "by": "change_pct", "desc": true }], "limit": 1 })),
    )
    .await
    .unwrap();
    let row = &out.rows[0];
    assert_eq!(
        (&row["ci"], &row["a"], &row["b"], &row["change"]),
        (&json!("host1"), &json!(19), &json!(99.5), &json!(80.5))
    );
    assert!((row["change_pct"].as_f64().unwrap() - 423.684).abs() < 0.001);
    assert_eq!((out.total, out.truncated), (2, true));
}
