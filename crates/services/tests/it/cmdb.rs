//! Items, relations and topology: written, read back, asked.

use model::{Lang, Op, cmdb::CiListQuery, condition::Condition, graph::*};
use serde_json::{Map, Value, json};
use services::cmdb::{self, write};
use testkit::TestApp;

use crate::estate::{args, cells, import, item, load};

fn query(text: &str, filter: Vec<Condition>) -> CiListQuery {
    CiListQuery { text: text.to_owned(), filter, ..CiListQuery::default() }
}

async fn codes(t: &TestApp, query: CiListQuery) -> Vec<String> {
    cmdb::list(&t.app, &t.one.viewer, query).await.unwrap().items.into_iter().map(|item| item.code).collect()
}

#[tokio::test]
async fn writing_the_same_twice_changes_nothing() {
    let t = TestApp::start().await;
    assert_eq!(load(&t.app, &t.one.admin, import()).await, [8, 8, 13, 5820]);
    assert_eq!(load(&t.app, &t.one.admin, import()).await, [0, 0, 0, 0]);
    let state = cmdb::estate_state(&t.app, &t.one.viewer, Lang::Ko).await.unwrap();
    assert_eq!((state.cis, state.relations, state.records, state.series, state.unrelated), (8, 8, 13, 3, 1));
}

#[tokio::test]
async fn another_tenant_sees_nothing_of_it() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let state = cmdb::estate_state(&t.app, &t.two.viewer, Lang::En).await.unwrap();
    assert_eq!((state.cis, state.relations, state.records, state.series), (0, 0, 0, 0));
    assert!(cmdb::get(&t.app, &t.two.viewer, "svc").await.is_err());
    assert_eq!(load(&t.app, &t.two.admin, import()).await, [8, 8, 13, 5820]);
    let mut tx = t.app.db.tenant(&t.two.admin).await.unwrap();
    write::upsert_items(&mut tx, import(), &[item("svc", "service", json!({ "state": "gone" }))])
        .await
        .unwrap();
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let one = cmdb::get(&t.app, &t.one.viewer, "svc").await.unwrap();
    assert_eq!(one.ci.fields["state"], "Active");
}

#[tokio::test]
async fn a_change_is_seen_at_once_and_an_undone_import_leaves_what_was_there() {
    let t = TestApp::start().await;
    let (first, second) = (import(), import());
    load(&t.app, &t.one.admin, first).await;
    cmdb::list(&t.app, &t.one.viewer, CiListQuery::default()).await.unwrap();

    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    let new = [
        item("app1", "app", json!({ "state": "broken", "extra": 1, "weight": null })),
        item("zeta", "app", json!({ "state": "new" })),
    ];
    let done = write::upsert_items(&mut tx, second, &new).await.unwrap();
    assert_eq!((done.new, done.changed, done.same), (1, 1, 0));
    assert_eq!(done.ids["id-zeta"], done.ids["zeta"]);
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let app1 = cmdb::get(&t.app, &t.one.viewer, "app1").await.unwrap();
    assert_eq!((&app1.ci.fields["state"], &app1.ci.fields["extra"]), (&json!("broken"), &json!(1)));
    assert!(!app1.ci.fields.contains_key("weight"));

    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    let gone = write::delete_import(&mut tx, second).await.unwrap();
    assert_eq!((gone.items, gone.items_restored, gone.records), (1, 1, 0));
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let app1 = cmdb::get(&t.app, &t.one.viewer, "app1").await.unwrap();
    assert_eq!(
        Value::Object(app1.ci.fields),
        json!({ "state": "active", "weight": "보통", "tags": ["web", "prod"] })
    );

    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    let gone = write::delete_import(&mut tx, first).await.unwrap();
    assert_eq!((gone.items, gone.relations, gone.records, gone.series, gone.samples), (8, 8, 13, 3, 5820));
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let catalogue = cmdb::catalogue(&t.app, &t.one.viewer).await.unwrap();
    assert_eq!(catalogue, model::schema::Catalogue::default());
}

#[tokio::test]
async fn an_import_that_is_not_committed_leaves_nothing() {
    let t = TestApp::start().await;
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    write::upsert_items(&mut tx, import(), &[item("x", "k", json!({}))]).await.unwrap();
    write::finish(&mut tx).await.unwrap();
    drop(tx);
    let state = cmdb::estate_state(&t.app, &t.one.viewer, Lang::Ko).await.unwrap();
    assert_eq!(state.cis, 0);
}

#[tokio::test]
async fn an_item_other_imports_are_about_stays() {
    let t = TestApp::start().await;
    let (first, second) = (import(), import());
    load(&t.app, &t.one.admin, first).await;
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    let stored = write::stored_items(&mut tx).await.unwrap();
    let host = stored.iter().find(|item| item.code == "host2").unwrap();
    let done = write::upsert_items(&mut tx, second, &[item("rack", "rack", json!({}))]).await.unwrap();
    let relation = write::NewRelation {
        source: host.id,
        target: done.ids["rack"],
        kind: "STANDS_IN".into(),
        fields: Map::new(),
    };
    write::upsert_relations(&mut tx, second, &[relation]).await.unwrap();
    let gone = write::delete_import(&mut tx, first).await.unwrap();
    assert_eq!((gone.items, gone.items_kept), (7, 1));
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(codes(&t, CiListQuery::default()).await, ["host2", "rack"]);
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_sorted() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    assert_eq!(codes(&t, query("물리 점검", vec![])).await, ["host2"]);
    assert_eq!(codes(&t, query("HOST", vec![])).await, ["host1", "host2"]);
    let filter = |field: &str, op, value: Value| vec![Condition::new(field, op, value)];
    assert_eq!(codes(&t, query("", filter("state", Op::Eq, json!("ACTIVE")))).await.len(), 6);
    assert_eq!(codes(&t, query("", filter("memory", Op::Ge, json!(100)))).await, ["host1", "host2"]);
    assert_eq!(codes(&t, query("", filter("weight", Op::Ge, json!("보통")))).await, ["app1", "svc"]);
    assert_eq!(codes(&t, query("", filter("tags", Op::In, json!(["WEB"])))).await, ["app1"]);
    assert_eq!(codes(&t, query("", filter("kind", Op::In, json!([])))).await, Vec::<String>::new());
    let sorted = CiListQuery { sort: "-memory".into(), limit: 3, ..CiListQuery::default() };
    assert_eq!(codes(&t, sorted).await, ["host2", "host1", "db1"]);
    let page = CiListQuery { offset: 6, limit: 1, ..CiListQuery::default() };
    let page = cmdb::list(&t.app, &t.one.viewer, page).await.unwrap();
    assert_eq!((page.items.len(), page.total, page.all), (1, 8, 8));
    assert_eq!(page.items[0].code, "vm1");
    assert_eq!((page.items[0].relations, page.items[0].recent_events), (2, 2));
    let wrong = cmdb::list(&t.app, &t.one.viewer, query("", filter("nothing", Op::Eq, json!(1)))).await;
    assert!(wrong.unwrap_err().to_api().message.ko.contains("nothing"));
}

#[tokio::test]
async fn facets_offer_the_values_that_could_be_chosen_instead() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let chosen = query("", vec![Condition::new("kind", Op::Eq, "host")]);
    let facets =
        cmdb::facets(&t.app, &t.one.viewer, chosen, vec!["kind".into(), "state".into()]).await.unwrap();
    assert_eq!(facets[0].values.len(), 5);
    assert_eq!(facets[1].values, [("active".to_owned(), 1), ("점검중".to_owned(), 1)]);
}

#[tokio::test]
async fn the_catalogue_counts_what_there_is() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let catalogue = cmdb::catalogue(&t.app, &t.one.viewer).await.unwrap();
    let host = catalogue.kinds.iter().find(|k| k.key == "host").unwrap();
    assert_eq!((host.count, host.label.ko.as_str()), (2, "물리 서버"));
    assert!(catalogue.kinds.iter().any(|k| k.key == "vm" && k.label.en == "vm"));
    let alarm = catalogue.records.iter().find(|k| k.key == "alarm").unwrap();
    assert_eq!(alarm.count, 10);
    assert_eq!(alarm.covers.unwrap().0.to_rfc3339(), "2025-12-01T10:30:00+00:00");
    let teams = alarm.fields.iter().find(|f| f.key == "teams").unwrap();
    assert_eq!(
        (teams.distinct, teams.values.as_slice()),
        (2, ["ops".to_owned(), "net".to_owned()].as_slice())
    );
    let cpu = catalogue.metrics.iter().find(|m| m.key == "cpu").unwrap();
    assert_eq!(cpu.series, 2);
    assert_eq!(cpu.covers.unwrap().1.to_rfc3339(), "2025-12-02T23:59:00+00:00");
}

#[tokio::test]
async fn the_page_of_an_item_shows_what_belongs_to_it() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let host = cmdb::get(&t.app, &t.one.viewer, "HOST1").await.unwrap();
    assert_eq!(host.ci.code, "host1");
    assert_eq!(host.records, [("alarm".to_owned(), 5), ("care".to_owned(), 2)]);
    assert_eq!((host.series, host.relations.len()), (1, 2));
    assert!(host.relations.iter().all(|r| !r.outgoing && r.r#type == "RUNS_ON"));
    assert!(
        cmdb::get(&t.app, &t.one.viewer, "nobody").await.unwrap_err().to_api().message.ko.contains("nobody")
    );
}

#[tokio::test]
async fn the_topology_answers_as_agreed() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let ask = async |query| cmdb::graph_query(&t.app, &t.one.viewer, query).await.unwrap();
    let depths = |found: &Subgraph| found.nodes.iter().map(|n| (n.code.clone(), n.depth)).collect::<Vec<_>>();
    let expect = |list: &[(&str, u32)]| list.iter().map(|(c, d)| ((*c).to_owned(), *d)).collect::<Vec<_>>();
    let down = ask(GraphQuery::Traverse {
        roots: vec!["svc".into()],
        direction: Direction::Out,
        min_depth: 1,
        max_depth: 3,
        filter: EdgeFilter::default(),
        limit: 1000,
    })
    .await;
    let all = [("svc", 0), ("app1", 1), ("app2", 1), ("db1", 2), ("vm1", 2), ("host1", 3), ("vm2", 3)];
    assert_eq!(depths(&down), expect(&all));
    assert_eq!((down.total, down.edges.len(), down.truncated), (6, 8, false));
    let impact = ask(GraphQuery::Impact {
        roots: vec!["host1".into()],
        max_depth: 10,
        filter: EdgeFilter::default(),
        redundancy: false,
        limit: 2,
    })
    .await;
    assert_eq!((impact.total, impact.nodes.len(), impact.truncated), (6, 3, true));
    let path = ask(GraphQuery::Path {
        from: "svc".into(),
        to: "host1".into(),
        direction: Direction::Out,
        filter: EdgeFilter::default(),
        max_depth: 30,
    })
    .await;
    assert_eq!(depths(&path), expect(&[("svc", 0), ("app1", 1), ("vm1", 2), ("host1", 3)]));
    let parts = ask(GraphQuery::Components { filter: EdgeFilter::default() }).await;
    assert_eq!(parts.nodes.iter().map(|n| n.group).max(), Some(1));
    assert_eq!(ask(GraphQuery::Cycles { filter: EdgeFilter::default() }).await.total, 0);
    let unknown = GraphQuery::Path {
        from: "svc".into(),
        to: "ghost".into(),
        direction: Direction::Both,
        filter: EdgeFilter::default(),
        max_depth: 3,
    };
    assert!(cmdb::graph_query(&t.app, &t.one.viewer, unknown).await.is_err());
}

#[tokio::test]
async fn item_tools_keep_their_contract() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let search = async |value: Value| cmdb::tool_search(app, caller, args(value)).await.unwrap();

    let out = search(json!({ "select": { "codes": "DB1" }, "fields": ["memory"] })).await;
    assert_eq!(cells(&out, "memory"), [json!(64)]);
    assert_eq!(out.columns.iter().find(|c| c.key == "memory").map(|c| c.unit.as_str()), Some("GB"));
    let out = search(json!({ "select": { "codes": [] } })).await;
    assert_eq!(out.total, 0);
    let out = search(json!({ "select": { "codes": ["db1", "ghost"] } })).await;
    assert_eq!((out.total, out.notes.len()), (1, 1));
    let out = search(json!({ "sort": [{ "by": "memory", "desc": true }], "limit": 2 })).await;
    assert_eq!(
        (cells(&out, "code"), out.total, out.truncated),
        (vec![json!("host2"), json!("host1")], 8, true)
    );
    assert!(!out.rows[0].contains_key("memory"));
    let out = search(json!({ "select": { "codes": ["db1", "vm1"] }, "fields": ["*"] })).await;
    assert_eq!(out.columns.len(), 5, "only the fields these two have");

    let count = async |value: Value| cmdb::tool_aggregate(app, caller, args(value)).await.unwrap();
    let out = count(json!({ "measures": [{ "fn": "count" }] })).await;
    assert_eq!(cells(&out, "count"), [json!(8)]);
    let out = count(json!({ "select": { "codes": "ghost" }, "measures": [{ "fn": "count" }, { "fn": "avg", "field": "memory" }] })).await;
    assert_eq!((cells(&out, "count"), cells(&out, "avg_memory")), (vec![json!(0)], vec![json!(null)]));
    let out = count(json!({ "group_by": ["kind"], "measures": [{ "fn": "count" }],
        "sort": [{ "by": "count", "desc": true }], "limit": 1 }))
    .await;
    assert_eq!(
        cells(&out, "kind"),
        [json!("app"), json!("host"), json!("vm")],
        "ties with the last one stay"
    );
    let out = count(json!({ "group_by": ["tags"], "measures": [{ "fn": "count" }] })).await;
    assert_eq!(
        (cells(&out, "tags"), cells(&out, "count")),
        (vec![json!("prod"), json!("web")], vec![json!(2), json!(1)])
    );
    assert_eq!(out.notes.len(), 1, "six items have no tags");
    let out = count(json!({ "measures": [
        { "fn": "sum", "field": "memory" }, { "fn": "max", "field": "memory", "as": "most" },
        { "fn": "p50", "field": "memory" }, { "fn": "distinct", "field": "kind" },
        { "fn": "share", "filter": [{ "field": "state", "op": "eq", "value": "active" }], "as": "active" }] }))
    .await;
    let row = &out.rows[0];
    assert_eq!(
        (&row["sum_memory"], &row["p50_memory"], &row["distinct_kind"], &row["active"]),
        (&json!(1624), &json!(64), &json!(5), &json!(75))
    );
    assert_eq!(row["most"], json!("1024"));
    let wrong = cmdb::tool_aggregate(
        app,
        caller,
        args(json!({ "measures": [{ "fn": "median", "field": "memory" }] })),
    )
    .await;
    assert!(wrong.unwrap_err().to_api().message.en.contains("p50"));
}

#[tokio::test]
async fn topology_tools_keep_their_contract() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let ask =
        async |name: &str, value: Value| cmdb::tool_graph(app, caller, name, args(value)).await.unwrap();

    let out = ask("graph.neighbours", json!({ "ci": "db1", "direction": "in" })).await;
    assert_eq!(
        (cells(&out, "code"), cells(&out, "via")),
        (vec![json!("app1"), json!("app2")], vec![json!("DEPENDS_ON"); 2])
    );
    let out = ask(
        "graph.traverse",
        json!({ "ci": ["svc"], "direction": "out", "min_depth": 2, "fields": ["memory"],
        "filter": [{ "field": "kind", "op": "eq", "value": "vm" }] }),
    )
    .await;
    assert_eq!(
        (cells(&out, "code"), cells(&out, "depth"), cells(&out, "memory")),
        (vec![json!("vm1"), json!("vm2")], vec![json!(2), json!(3)], vec![json!(8), json!(16)])
    );
    let out = ask("graph.impact", json!({ "ci": "vm1" })).await;
    assert_eq!(cells(&out, "code"), [json!("app1"), json!("svc")]);
    let out = ask("graph.impact", json!({ "ci": "app1", "redundancy": true })).await;
    assert_eq!(out.total, 0, "the other application still stands");
    let out = ask("graph.impact", json!({ "ci": ["app1", "app2"], "redundancy": true })).await;
    assert_eq!(cells(&out, "code"), [json!("svc")]);
    let out = ask("graph.path", json!({ "ci": "svc", "to": ["host1", "vm1"], "direction": "out" })).await;
    assert_eq!(
        (cells(&out, "code"), cells(&out, "length")),
        (vec![json!("svc"), json!("app1"), json!("vm1")], vec![json!(2); 3])
    );
    let out = ask("graph.path", json!({ "ci": "host1", "to": "svc", "direction": "out" })).await;
    assert_eq!((out.total, out.notes.len()), (0, 1));
    let out = ask("graph.neighbours", json!({ "ci": "ghost" })).await;
    assert_eq!((out.total, out.notes.len()), (0, 1));
    let out = ask("graph.components", json!({})).await;
    assert_eq!(out.total, 8);
    let wrong =
        cmdb::tool_graph(app, caller, "graph.neighbours", args(json!({ "ci": "svc", "types": ["USES"] })))
            .await;
    assert!(wrong.unwrap_err().to_api().message.en.contains("RUNS_ON"));

    let edges = async |value: Value| cmdb::tool_edges(app, caller, args(value)).await.unwrap();
    let out = edges(json!({ "types": ["runs_on"] })).await;
    assert_eq!((out.total, out.rows[0]["source"].clone()), (4, json!("app1")));
    let out =
        edges(json!({ "group_by": ["target"], "sort": [{ "by": "count", "desc": true }], "limit": 2 })).await;
    assert_eq!(cells(&out, "target"), [json!("db1"), json!("host1")]);
    let out = edges(json!({ "group_by": ["source.kind", "type"], "target": { "filter": [{ "field": "kind", "op": "eq", "value": "vm" }] } })).await;
    assert_eq!(
        (cells(&out, "source.kind"), cells(&out, "distinct")),
        (vec![json!("app"), json!("database")], vec![json!(1); 2])
    );
}

#[tokio::test]
async fn a_replica_sees_a_change_at_once() {
    let t = TestApp::start().await;
    let replica = t.replica().await;
    load(&t.app, &t.one.admin, import()).await;
    assert_eq!(cmdb::list(&replica, &t.one.viewer, CiListQuery::default()).await.unwrap().total, 8);
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::upsert_items(&mut tx, import(), &[item("late", "host", json!({}))]).await.unwrap();
    write::bump(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(cmdb::list(&replica, &t.one.viewer, CiListQuery::default()).await.unwrap().total, 9);
}

#[tokio::test]
async fn the_last_snapshot_answers_while_the_database_is_away() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let before = cmdb::estate(&t.app, &t.one.viewer).await.unwrap().generation();
    t.app.db.close().await;
    let page = cmdb::list(&t.app, &t.one.viewer, query("host1", vec![])).await.unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(cmdb::estate(&t.app, &t.one.viewer).await.unwrap().generation(), before);
    let unknown = cmdb::list(&t.app, &t.two.viewer, CiListQuery::default()).await;
    assert_eq!(
        unknown.unwrap_err().to_api().kind,
        model::ErrorCode::Unavailable,
        "never loaded, nothing to answer from"
    );
}

#[tokio::test]
async fn many_requests_for_a_new_estate_load_it_once() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let ask = || cmdb::estate(&t.app, &t.one.viewer);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    let first = a.unwrap();
    for other in [b, c, d] {
        assert!(std::sync::Arc::ptr_eq(&first, &other.unwrap()));
    }
}
