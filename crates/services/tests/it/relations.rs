//! A foreign estate whose relation types nobody has seen before: counted in the whole file, guessed, corrected, followed.

use futures::stream;
use model::{
    ErrorCode, UploadId,
    graph::GraphQuery,
    imports::{ImportState, Mapping, RelationNaming, StartImport},
    relations::SetTravel,
    schema::Travel,
};
use services::{Caller, app::Shared, cmdb, imports, relations};
use testkit::TestApp;

async fn upload(app: &Shared, caller: &Caller, name: &str, content: String) -> UploadId {
    let parts = vec![Ok::<_, std::io::Error>(content.into_bytes())];
    let file = imports::store_upload(app, caller, name, stream::iter(parts)).await.unwrap();
    assert_eq!(file.problem, None);
    file.id
}

async fn import(app: &Shared, caller: &Caller, uploads: &[UploadId], mapping: Mapping) {
    let request = StartImport { uploads: uploads.to_vec(), mapping };
    let id = imports::start(app, caller, request).await.unwrap();
    let told = imports::watch(app, caller, id).await.unwrap();
    let last = futures::StreamExt::collect::<Vec<_>>(told).await.pop().unwrap();
    assert_eq!((last.state, last.counts.rejected), (ImportState::Done, 0), "{last:?}");
}

async fn impact(app: &Shared, caller: &Caller, root: &str) -> Vec<String> {
    let query: GraphQuery =
        serde_json::from_value(serde_json::json!({ "op": "impact", "roots": [root], "max_depth": 9 }))
            .unwrap();
    let found = cmdb::graph_query(app, caller, query).await.unwrap();
    found.nodes.into_iter().filter(|node| node.depth > 0).map(|node| node.code).collect()
}

/// A power station feeds a hall, machines stand in the hall, a line needs its machines.
fn files() -> (String, String) {
    let mut items = String::from(
        "code,name,kind\nPS-1,Station,feeder\nHALL-1,Hall,hall\nLINE-1,Line,line\nDOC-1,Manual,paper\n",
    );
    let mut links = String::from("from,to,type\n");
    for n in 0..40 {
        items.push_str(&format!("M-{n:02},Machine {n},machine\n"));
        links.push_str(&format!("LINE-1,M-{n:02},arbeitet_mit\n"));
    }
    // none of these is among the rows a person is shown
    links.push_str("PS-1,HALL-1,feeds\nDOC-1,LINE-1,documents\n");
    for n in 0..40 {
        links.push_str(&format!("M-{n:02},HALL-1,located_in\n"));
    }
    (items, links)
}

fn mapping(relations: &[(&str, Travel)]) -> Mapping {
    let yaml = "files:\n  - {file: things.csv, rows: items, code: code, name: name, kind: kind}\n  - {file: links.csv, rows: relations, source: from, target: to, type: type}\n";
    let mut mapping = ingest::parse(yaml).unwrap();
    for (key, travel) in relations {
        let said = RelationNaming { impact: Some(*travel), ..RelationNaming::default() };
        mapping.relations.insert((*key).to_owned(), said);
    }
    mapping
}

#[tokio::test]
async fn relation_types_of_a_foreign_estate_are_counted_guessed_corrected_and_followed() {
    let t = TestApp::start().await;
    let (app, admin) = (&t.app, &t.one.admin);
    let (items, links) = files();
    let items = upload(app, admin, "things.csv", items).await;
    let links = upload(app, admin, "links.csv", links).await;

    let found = imports::relation_types(app, admin, links, "type").await.unwrap();
    let guessed: Vec<(&str, u64, Travel, bool)> =
        found.types.iter().map(|f| (f.key.as_str(), f.count, f.guess.travel, f.guess.sure)).collect();
    assert_eq!(
        guessed,
        [
            ("arbeitet_mit", 40, Travel::ToSource, false),
            ("located_in", 40, Travel::None, true),
            ("documents", 1, Travel::None, true),
            ("feeds", 1, Travel::ToTarget, true),
        ]
    );
    assert_eq!((found.total, found.rows), (4, 82));
    let wrong = imports::relation_types(app, admin, links, "kind").await.unwrap_err().to_api();
    assert_eq!((wrong.kind, wrong.message.en.contains("kind")), (ErrorCode::Invalid, true));
    assert!(
        imports::relation_types(app, &t.two.admin, links, "type").await.is_err(),
        "not of another tenant"
    );
    assert!(imports::relation_types(app, &t.one.viewer, links, "type").await.is_err());

    // a person knows better: machines need their hall
    let mut said: Vec<(&str, Travel)> = guessed.iter().map(|g| (g.0, g.2)).collect();
    said[1].1 = Travel::ToSource;
    import(app, admin, &[items, links], mapping(&said)).await;
    let hit = impact(app, admin, "PS-1").await;
    assert_eq!((hit.len(), hit[0].as_str(), hit[41].as_str()), (42, "HALL-1", "LINE-1"));
    assert_eq!(impact(app, admin, "LINE-1").await, Vec::<String>::new());

    // decided types are offered as they are, whatever their names suggest
    let again = imports::relation_types(app, admin, links, "type").await.unwrap();
    assert_eq!((again.types[1].guess.travel, again.types[1].guess.sure), (Travel::ToSource, true));
}

#[tokio::test]
async fn what_a_person_says_of_a_relation_type_counts_at_once_and_stays() {
    let t = TestApp::start().await;
    let (app, admin) = (&t.app, &t.one.admin);
    let (items, links) = files();
    let items = upload(app, admin, "things.csv", items).await;
    let links = upload(app, admin, "links.csv", links).await;
    import(app, admin, &[items, links], mapping(&[("located_in", Travel::ToSource)])).await;

    let rows = relations::list(app, &t.one.viewer).await.unwrap();
    let row = |key: &str| rows.iter().find(|row| row.key == key).unwrap();
    assert_eq!((row("feeds").travel, row("feeds").guess.travel), (None, Travel::ToTarget));
    assert_eq!(
        (row("located_in").travel, row("located_in").set_by.as_deref()),
        (Some(Travel::ToSource), None)
    );
    let link = &row("arbeitet_mit").links[0];
    assert_eq!((link.source.as_str(), link.target.as_str(), link.count), ("line", "machine", 40));
    assert!(relations::list(app, &t.two.admin).await.unwrap().is_empty());
    assert_eq!(impact(app, admin, "PS-1").await, Vec::<String>::new(), "nobody has said so yet");

    let set = |key: &str, travel| relations::set(app, admin, SetTravel { key: key.to_owned(), travel });
    let now = set("feeds", Travel::ToTarget).await.unwrap();
    assert_eq!((now.travel, now.set_by.as_deref()), (Some(Travel::ToTarget), Some(admin.login.as_str())));
    assert_eq!(impact(app, admin, "PS-1").await.len(), 41, "the hall and its machines");
    set("arbeitet_mit", Travel::Both).await.unwrap();
    assert_eq!(impact(app, admin, "LINE-1").await.len(), 40);
    set("arbeitet_mit", Travel::None).await.unwrap();
    assert_eq!(impact(app, admin, "LINE-1").await.len(), 0);

    // an import that says otherwise changes what a mapping said, not what a person said
    import(app, admin, &[items, links], mapping(&[("feeds", Travel::None), ("located_in", Travel::None)]))
        .await;
    let rows = relations::list(app, admin).await.unwrap();
    let travel = |key: &str| rows.iter().find(|row| row.key == key).unwrap().travel;
    assert_eq!((travel("feeds"), travel("located_in")), (Some(Travel::ToTarget), Some(Travel::None)));
    assert_eq!(impact(app, admin, "PS-1").await, ["HALL-1"]);

    let missing = set("heats", Travel::Both).await.unwrap_err().to_api();
    assert_eq!((missing.kind, missing.message.en.contains("located_in")), (ErrorCode::NotFound, true));
    let request = SetTravel { key: "feeds".to_owned(), travel: Travel::None };
    let refused = relations::set(app, &t.one.viewer, request.clone()).await.unwrap_err().to_api();
    assert_eq!(refused.kind, ErrorCode::Forbidden);
    assert!(relations::set(app, &t.two.admin, request).await.is_err(), "not of another tenant");
}
