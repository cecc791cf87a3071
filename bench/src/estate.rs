//! A large estate on a real PostgreSQL: how fast it is loaded into memory, listed and searched.

use std::time::{Duration, Instant};

use model::{CiId, Condition, ImportId, Op, cmdb::CiListQuery, graph::GraphQuery};
use serde_json::{Map, json};
use services::cmdb::{
    self,
    write::{self, NewItem, NewRelation},
};
use testkit::TestApp;
use uuid::Uuid;

use crate::{
    graph,
    report::{line, resident_mb, spread},
};

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
    write::finish(&mut tx).await?;
    tx.commit().await?;
    drop((items, relations));

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
    Ok(())
}
