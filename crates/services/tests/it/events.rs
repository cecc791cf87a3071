//! Records: pages, groups, bars, and the tools over them.

use model::{Op, condition::Condition, records::RecordQuery, schema::RecordRole};
use serde_json::{Value, json};
use services::events;
use testkit::TestApp;

use crate::estate::{args, at, cells, import, load};

fn query() -> RecordQuery {
    RecordQuery::default()
}

#[tokio::test]
async fn a_list_is_read_page_by_page_newest_first() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = RecordQuery { limit: 4, cursor: cursor.clone(), role: Some(RecordRole::Event), ..query() };
        let page = events::list(&t.app, &t.one.viewer, page).await.unwrap();
        assert_eq!(page.total, 10);
        seen.extend(page.items.into_iter().map(|r| r.at));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 10);
    assert!(seen.is_sorted_by(|a, b| a >= b));
    let wrong = RecordQuery { cursor: Some("x".into()), ..query() };
    assert!(events::list(&t.app, &t.one.viewer, wrong).await.is_err());
}

#[tokio::test]
async fn what_postgresql_cannot_keep_is_said_to_be_wrong_and_never_a_failure_of_the_server() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let far = chrono::DateTime::parse_from_rfc3339("0001-01-01T00:00:00Z").unwrap().to_utc();
    let far = far - chrono::Duration::days(366 * 8_000);
    let wrong = [
        RecordQuery { text: "a\0b".into(), ..query() },
        RecordQuery { from: Some(far), ..query() },
        RecordQuery { filter: vec![Condition::new("title", Op::Eq, json!("a\0b"))], ..query() },
    ];
    for query in wrong {
        let error = events::list(&t.app, &t.one.viewer, query).await.unwrap_err().to_api();
        assert_eq!(error.kind, model::ErrorCode::Invalid, "{error:?}");
    }
    let error = services::chat::threads(&t.app, &t.one.viewer, "\0").await.unwrap_err().to_api();
    assert_eq!(error.kind, model::ErrorCode::Invalid);
}

#[tokio::test]
async fn a_list_is_searched_and_filtered() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let total = async |query| events::list(&t.app, &t.one.viewer, query).await.unwrap().total;
    assert_eq!(total(query()).await, 13);
    assert_eq!(total(RecordQuery { text: "디스크".into(), ..query() }).await, 5);
    assert_eq!(total(RecordQuery { text: "LINK host1".into(), ..query() }).await, 2);
    assert_eq!(total(RecordQuery { cis: vec!["host1".into()], ..query() }).await, 7);
    assert_eq!(total(RecordQuery { cis: vec!["ghost".into()], ..query() }).await, 0);
    assert_eq!(total(RecordQuery { from: Some(at("2025-12-02T00:00:00Z")), ..query() }).await, 6);
    assert_eq!(total(RecordQuery { kinds: vec!["care".into()], ..query() }).await, 3);
    let filter = |field: &str, op, value: Value| RecordQuery {
        filter: vec![Condition::new(field, op, value)],
        ..query()
    };
    assert_eq!(total(filter("level", Op::Ge, json!("major"))).await, 4);
    assert_eq!(total(filter("level", Op::Eq, json!("CRITICAL"))).await, 2);
    assert_eq!(total(filter("score", Op::Gt, json!(7))).await, 2);
    assert_eq!(total(filter("teams", Op::Eq, json!("NET"))).await, 1);
    assert_eq!(total(filter("teams", Op::Missing, json!(null))).await, 3);
    assert_eq!(total(filter("ci.kind", Op::Eq, json!("vm"))).await, 4);
    assert_eq!(total(filter("ci.kind", Op::Ne, json!("vm"))).await, 9);
    assert_eq!(total(filter("ci", Op::Missing, json!(null))).await, 1);
    assert_eq!(total(filter("title", Op::Contains, json!("100% of it"))).await, 0);
    assert_eq!(total(filter("title", Op::Prefix, json!("link"))).await, 5);
    assert_eq!(total(filter("level", Op::In, json!([]))).await, 0);
    assert_eq!(total(filter("at", Op::Lt, json!("2025-12-02"))).await, 7);
    assert!(events::list(&t.app, &t.one.viewer, filter("ghost", Op::Eq, json!(1))).await.is_err());
    let page = events::list(&t.app, &t.one.viewer, filter("ci", Op::Eq, json!("DB1"))).await.unwrap();
    assert_eq!(
        (page.items[0].ci.as_deref(), page.items[0].ci_name.as_deref()),
        (Some("db1"), Some("Name of db1"))
    );
    assert_eq!(events::list(&t.app, &t.two.viewer, query()).await.unwrap().total, 0);
}

#[tokio::test]
async fn repeated_records_become_one_row_and_bars_count_all_of_them() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let alarms = RecordQuery { kinds: vec!["alarm".into()], ..query() };
    let groups = events::groups(&t.app, &t.one.viewer, alarms.clone()).await.unwrap();
    assert_eq!(groups.items.iter().map(|g| g.count).sum::<u64>(), 10);
    assert_eq!((groups.total, groups.records, groups.next), (groups.items.len() as u64, 10, None));
    let mut paged = Vec::new();
    let mut ask = RecordQuery { limit: 2, ..alarms.clone() };
    loop {
        let page = events::groups(&t.app, &t.one.viewer, ask.clone()).await.unwrap();
        assert_eq!((page.total, page.records), (groups.total, groups.records));
        paged.extend(page.items);
        ask.cursor = page.next;
        if ask.cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, groups.items);
    let disks = groups.items.iter().find(|g| g.last.ci.as_deref() == Some("host1") && g.count == 3).unwrap();
    assert_eq!((disks.first_at, disks.last.at), (at("2025-12-01T10:30:00Z"), at("2025-12-01T14:30:00Z")));
    let bars = events::histogram(&t.app, &t.one.viewer, alarms, 24).await.unwrap();
    assert_eq!((bars.step_s, bars.bars.iter().map(|b| b.2).sum::<u64>()), (7200, 10));
    assert!(bars.bars.iter().any(|b| b.1 == "Critical"));
    let nothing = events::histogram(&t.app, &t.two.viewer, query(), 24).await.unwrap();
    assert!(nothing.bars.is_empty() && nothing.covers.is_none());
}

#[tokio::test]
async fn search_keeps_its_contract() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let search = async |value: Value| events::search(&t.app, &t.one.viewer, args(value)).await.unwrap();
    let out = search(json!({ "select": { "kind": "care", "ci": "host1" } })).await;
    assert_eq!(
        (cells(&out, "at"), cells(&out, "result")),
        (
            vec![json!("2025-12-02T01:00:00Z"), json!("2025-12-01T01:00:00Z")],
            vec![json!("failed"), json!("success")]
        )
    );
    assert_eq!(out.rows[0]["until"], json!("2025-12-02T02:30:00Z"));
    let out = search(json!({ "select": { "kind": "alarm" }, "sort": [{ "by": "level", "desc": true }, { "by": "score" }], "limit": 3 })).await;
    assert_eq!(
        (cells(&out, "score"), out.total, out.truncated),
        (vec![json!(3), json!(7), json!(2)], 10, true)
    );
    let out = search(json!({ "select": { "kind": "alarm", "ci": [] } })).await;
    assert_eq!(out.total, 0);
    let out = search(json!({ "select": { "kind": "alarm", "ci": ["ghost"] } })).await;
    assert_eq!((out.total, out.notes.len()), (0, 1));
    let out = search(json!({ "select": { "kind": "alarm", "from": "2024-01-01T00:00:00Z", "to": "2024-02-01T00:00:00Z" } })).await;
    assert_eq!(out.total, 0);
    assert!(out.notes[0].contains("2025-12-01 10:30"));
    let wrong = events::search(&t.app, &t.one.viewer, args(json!({ "select": { "kind": "ticket" } }))).await;
    assert!(wrong.unwrap_err().to_api().message.en.contains("alarm, care"));
}

#[tokio::test]
async fn aggregate_keeps_its_contract() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let ask = async |value: Value| events::aggregate(&t.app, &t.one.viewer, args(value)).await.unwrap();

    let out = ask(json!({ "select": { "kind": "alarm" }, "measures": [{ "fn": "count" }, { "fn": "avg", "field": "score" },
        { "fn": "p50", "field": "score" }, { "fn": "sum", "field": "score", "as": "all" }, { "fn": "max", "field": "level" },
        { "fn": "distinct", "field": "ci" }, { "fn": "min", "field": "at" }, { "fn": "distinct", "field": "teams", "as": "t" },
        { "fn": "share", "filter": [{ "field": "level", "op": "ge", "value": "major" }] }] }))
    .await;
    let row = &out.rows[0];
    assert_eq!(
        Value::Object(row.clone()),
        json!({ "count": 10, "avg_score": 4.5, "p50_score": 4.5, "all": 45,
        "max_level": "critical", "distinct_ci": 3, "min_at": "2025-12-01T10:30:00Z", "t": 2, "share": 40 })
    );

    let out =
        ask(json!({ "select": { "kind": "alarm" }, "group_by": ["ci"], "measures": [{ "fn": "count" }],
        "sort": [{ "by": "count", "desc": true }], "limit": 1 }))
        .await;
    assert_eq!(
        (cells(&out, "ci"), out.total, out.truncated, out.notes.len()),
        (vec![json!("host1")], 3, true, 1)
    );
    let out = ask(json!({ "select": { "kind": "alarm" }, "group_by": ["ci.kind", "level"], "measures": [{ "fn": "count" }] })).await;
    assert_eq!(out.rows[0]["ci.kind"], json!("database"));
    let out =
        ask(json!({ "select": { "kind": "alarm" }, "group_by": ["level"], "measures": [{ "fn": "count" }] }))
            .await;
    assert_eq!(cells(&out, "level"), [json!("info"), json!("minor"), json!("major"), json!("Critical")]);
    let out =
        ask(json!({ "select": { "kind": "alarm" }, "group_by": ["teams"], "measures": [{ "fn": "count" }] }))
            .await;
    assert_eq!(
        (cells(&out, "teams"), cells(&out, "count")),
        (vec![json!("net"), json!("ops")], vec![json!(1), json!(10)])
    );
    let out =
        ask(json!({ "select": { "kind": "alarm" }, "group_by": ["day"], "measures": [{ "fn": "count" }] }))
            .await;
    assert_eq!(
        (cells(&out, "day"), cells(&out, "count")),
        (vec![json!("2025-12-01"), json!("2025-12-02")], vec![json!(6), json!(4)])
    );
    let out = ask(json!({ "select": { "kind": "alarm" }, "group_by": ["day"], "tz": "Asia/Seoul", "measures": [{ "fn": "count" }] })).await;
    assert_eq!(cells(&out, "count"), [json!(5), json!(1), json!(4)][..out.rows.len()], "{out:?}");
    let out = ask(json!({ "select": { "kind": "alarm" }, "group_by": ["weekday", "hour_of_day"], "measures": [{ "fn": "count" }] })).await;
    assert_eq!((&out.rows[0]["weekday"], &out.rows[0]["hour_of_day"]), (&json!("mon"), &json!(10)));
    for part in ["minute", "hour", "week", "month"] {
        let out = ask(
            json!({ "select": { "kind": "alarm" }, "group_by": [part], "measures": [{ "fn": "count" }] }),
        )
        .await;
        assert!(out.rows[0][part].as_str().unwrap().starts_with("2025-12"), "{part}");
    }
    let out = ask(json!({ "select": { "kind": "care" }, "group_by": ["ci"], "measures": [{ "fn": "avg", "field": "duration_min" },
        { "fn": "count", "filter": [{ "field": "result", "op": "eq", "value": "success" }], "as": "good" }] }))
    .await;
    assert_eq!(
        (cells(&out, "avg_duration_min"), cells(&out, "good")),
        (vec![json!(60), json!(60)], vec![json!(1), json!(1)])
    );
    let out = ask(json!({ "select": { "kind": "care", "ci": [] }, "measures": [{ "fn": "count" }, { "fn": "max", "field": "duration_min" }] })).await;
    assert_eq!((cells(&out, "count"), cells(&out, "max_duration_min")), (vec![json!(0)], vec![json!(null)]));
    let wrong = events::aggregate(
        &t.app,
        &t.one.viewer,
        args(json!({ "select": { "kind": "care" }, "tz": "Mars/Base", "measures": [{ "fn": "count" }] })),
    )
    .await;
    assert!(wrong.unwrap_err().to_api().message.en.contains("Mars/Base"));
}
