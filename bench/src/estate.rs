//! A large estate on a real PostgreSQL: how fast it is loaded into memory, listed and searched.

use std::time::{Duration, Instant};

use chrono::DateTime;
use model::{CiId, Condition, ImportId, Op, cmdb::CiListQuery, graph::GraphQuery};
use serde_json::{Map, json};
use services::{
    cmdb::{
        self,
        write::{self, NewItem, NewRelation},
    },
    events::{
        self,
        write::{NewRecord, upsert_records},
    },
};
use testkit::TestApp;
use uuid::Uuid;

use crate::{
    graph,
    report::{line, resident_mb, spread},
};

/// Records about the items.
const RECORDS: u32 = 100_000;

/// Measures loading, lists and one question to the topology.
pub async fn run() -> anyhow::Result<()> {
    let t = TestApp::start().await;
    let import = ImportId(Uuid::now_v7());
    let mut tx = t.app.db.tenant(&t.one.admin).await?;
    write::begin(&mut tx).await?;
    let items: Vec<NewItem> = (0..graph::items())
        .map(|n| NewItem {
            code: format!("item-{n:06}"),
            name: Some(format!("항목 {n}")),
            kind: format!("kind-{}", n % 8),
            fields: Map::from_iter([
                ("owner".to_owned(), json!(format!("팀-{}", n % 40))),
                ("memory".to_owned(), json!(n % 512)),
                ("state".to_owned(), json!(if n % 9 == 0 { "점검" } else { "운영" })),
            ]),
            ..NewItem::default()
        })
        .collect();
    println!("-- estate: {} items", items.len());
    let begun = Instant::now();
    let ids = write::upsert_items(&mut tx, import, &items).await?.ids;
    line("write the items", begun.elapsed(), "");
    let place: Vec<Option<CiId>> = items.iter().map(|item| ids.get(&item.code).copied()).collect();
    let id = |n: u32| place.get(n as usize).copied().flatten();
    let relations: Vec<NewRelation> = graph::relations()
        .into_iter()
        .filter_map(|e| {
            let kind = format!("type-{}", e.kind);
            Some(NewRelation { source: id(e.source)?, target: id(e.target)?, kind, fields: Map::new() })
        })
        .collect();
    let begun = Instant::now();
    write::upsert_relations(&mut tx, import, &relations).await?;
    line("write 400 000 relations", begun.elapsed(), "");
    let records: Vec<NewRecord> = (0..RECORDS)
        .map(|n| NewRecord {
            kind: "event".into(),
            external_id: n.to_string(),
            ci: id(n * 7_919 % graph::items()),
            at: DateTime::from_timestamp(1_767_225_600 + i64::from(n) * 20, 0).unwrap_or_default(),
            until: None,
            fields: Map::from_iter([
                ("title".to_owned(), json!(format!("경보 {}", n % 12))),
                ("severity".to_owned(), json!(n % 5 + 1)),
            ]),
        })
        .collect();
    let begun = Instant::now();
    for some in records.chunks(2_000) {
        upsert_records(&mut tx, import, some).await?;
    }
    line(&format!("write {RECORDS} records"), begun.elapsed(), "");
    let begun = Instant::now();
    write::finish(&mut tx).await?;
    tx.commit().await?;
    line("count and commit", begun.elapsed(), "");
    drop((items, relations, records));

    let before = resident_mb();
    let begun = Instant::now();
    let estate = cmdb::estate(&t.app, &t.one.viewer).await?;
    line("load into memory", begun.elapsed(), &format!("{:.0} MB resident more", resident_mb() - before));
    drop(estate);

    let lists = [
        ("first page", CiListQuery::default()),
        ("search of two words", CiListQuery { text: "팀-7 점검".into(), ..CiListQuery::default() }),
        (
            "filter and sort",
            CiListQuery {
                filter: vec![Condition::new("memory", Op::Ge, 256), Condition::new("state", Op::Eq, "운영")],
                sort: "-memory".into(),
                ..CiListQuery::default()
            },
        ),
    ];
    for (what, query) in lists {
        let mut runs: Vec<Duration> = Vec::new();
        let mut total = 0;
        for _ in 0..20 {
            let begun = Instant::now();
            total = cmdb::list(&t.app, &t.one.viewer, query.clone()).await?.total;
            runs.push(begun.elapsed());
        }
        spread(&format!("list: {what}"), runs, &format!("{total} items"));
    }
    let mut runs = Vec::new();
    for n in 0..50 {
        let query = GraphQuery::Traverse {
            roots: vec![format!("item-{:06}", 1_000 + n * 37)],
            direction: model::graph::Direction::Out,
            min_depth: 1,
            max_depth: 3,
            filter: model::graph::EdgeFilter::default(),
            limit: 1_000,
        };
        let begun = Instant::now();
        cmdb::graph_query(&t.app, &t.one.viewer, query).await?;
        runs.push(begun.elapsed());
    }
    spread("3 hops with names and relations between", runs, "");

    let by_day = json!({ "select": { "kind": "event", "filter": [{ "field": "severity", "op": "ge", "value": 4 }] },
        "group_by": ["day"], "measures": [{ "fn": "count" }] });
    let by_owner =
        json!({ "select": { "kind": "event" }, "group_by": ["ci.owner"], "measures": [{ "fn": "count" }] });
    for (what, args) in
        [("records counted by day", by_day), ("records counted by a field of the item", by_owner)]
    {
        let mut runs = Vec::new();
        for _ in 0..20 {
            let args = serde_json::from_value(args.clone())?;
            let begun = Instant::now();
            events::aggregate(&t.app, &t.one.viewer, args).await?;
            runs.push(begun.elapsed());
        }
        spread(what, runs, "");
    }
    Ok(())
}
