//! Imports: folders and uploads, twice, undone, broken off; demo data.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use futures::{StreamExt, stream};
use model::{
    ErrorCode, ImportId,
    imports::{DemoRequest, ImportState, ImportStatus, Mapping, StartImport},
    schema::FieldType,
};
use services::{App, Caller, app::Shared, imports};
use testkit::TestApp;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An example's mapping and its data, where the data is there.
fn example(name: &str) -> Option<(Mapping, PathBuf)> {
    let data = root().join("../shared/data").join(name);
    if !data.is_dir() {
        eprintln!("skipped: {} is not there", data.display());
        return None;
    }
    let yaml = std::fs::read_to_string(root().join(format!("examples/mappings/{name}.yaml"))).unwrap();
    Some((ingest::parse(&yaml).unwrap(), data))
}

async fn folder(app: &Shared, caller: &Caller, data: &Path, mapping: &Mapping) -> ImportStatus {
    let mut last = 0.0;
    let status = imports::run_folder(app, caller, data, mapping.clone(), |status| {
        assert!(status.progress >= last || status.state != ImportState::Running);
        last = status.progress;
    })
    .await
    .unwrap();
    assert_eq!(status.state, ImportState::Done, "{:?}", status.message);
    assert_eq!(status.progress, 1.0);
    status
}

async fn upload(app: &App, caller: &Caller, name: &str, content: &str) -> model::imports::UploadedFile {
    let parts: Vec<Result<Vec<u8>, std::io::Error>> =
        content.as_bytes().chunks(7).map(|part| Ok(part.to_vec())).collect();
    imports::store_upload(app, caller, name, stream::iter(parts)).await.unwrap()
}

async fn ended(app: &Shared, caller: &Caller, id: ImportId) -> ImportStatus {
    let told = imports::watch(app, caller, id).await.unwrap();
    let last = tokio::time::timeout(Duration::from_secs(60), told.collect::<Vec<_>>()).await.unwrap();
    last.into_iter().next_back().unwrap()
}

async fn rows(test: &TestApp, table: &str) -> i64 {
    let mut conn = test.superuser().await;
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
        .fetch_one(&mut conn)
        .await
        .unwrap()
}

/// What the catalogue tells about records, with the values of fields in one order.
async fn told_of_records(test: &TestApp) -> String {
    sqlx::query_scalar(
        "select coalesce(string_agg(x, '\n' order by x), '') from (
             select format('%s %s %s %s', key, total, first_at, last_at) as x from record_kind
             union all
             select format('%s.%s %s %s', kind, key, distinct_count,
                           (select array_agg(v order by v) from unnest(distinct_vals) as v)) from record_field) as y",
    )
    .fetch_one(&mut test.superuser().await)
    .await
    .unwrap()
}

/// Everything of the estate as text, for comparing before and after.
async fn everything(test: &TestApp) -> String {
    let mut conn = test.superuser().await;
    let mut all = String::new();
    for table in [
        "ci",
        "ci_edge",
        "record",
        "series",
        "metric_chunk",
        "ci_kind",
        "ci_field",
        "relation_type",
        "metric",
        "record_kind",
        "record_field",
    ] {
        let sql = format!(
            "select coalesce(md5(string_agg(x, '|' order by x)), '') from (select to_jsonb(t) - 'updated_at' as j from {table} t) y cross join lateral (select j::text as x) z"
        );
        let sum: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap();
        all.push_str(&format!("{table}={sum}\n"));
    }
    all
}

#[tokio::test]
async fn the_estate_goes_in_whole_and_a_second_time_changes_nothing() {
    let Some((mapping, data)) = example("estate") else { return };
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let first = folder(app, admin, &data, &mapping).await;
    let counts = first.counts;
    assert_eq!((counts.rejected, counts.items_new, counts.relations_new), (0, 280, 810));
    assert_eq!(counts.records_new, 1_478 + 1_731 + 30_993);
    assert_eq!((rows(&test, "ci").await, rows(&test, "ci_edge").await), (280, 810));
    let before = everything(&test).await;

    let again = folder(app, admin, &data, &mapping).await.counts;
    assert_eq!(
        (again.items_new, again.items_changed, again.items_same, again.relations_new, again.records_new),
        (0, 0, 280, 0, 0)
    );
    assert_eq!(everything(&test).await, before, "importing twice changes nothing");

    let catalogue = services::cmdb::catalogue(app, admin).await.unwrap();
    let severity = catalogue
        .records
        .iter()
        .find(|r| r.key == "event")
        .unwrap()
        .fields
        .iter()
        .find(|f| f.key == "severity");
    assert_eq!(severity.unwrap().r#type, FieldType::Number);
    assert!(services::cmdb::catalogue(app, &test.two.admin).await.unwrap().kinds.is_empty());
    assert_eq!(imports::list(app, admin).await.unwrap().len(), 2);
    assert!(imports::list(app, &test.two.admin).await.unwrap().is_empty());

    // what the first brought goes with the first
    let undone = imports::undo(app, admin, first.id).await.unwrap();
    assert_eq!(undone.state, ImportState::Undone);
    assert_eq!((rows(&test, "ci").await, rows(&test, "record").await), (0, 0));
    let twice = imports::undo(app, admin, first.id).await.unwrap_err();
    assert_eq!(twice.to_api().kind, ErrorCode::Conflict);
}

#[tokio::test]
async fn the_boutique_goes_in_with_its_metrics() {
    let Some((mapping, data)) = example("online-boutique") else { return };
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let began = std::time::Instant::now();
    let status = folder(app, admin, &data, &mapping).await;
    eprintln!("{} samples in {:?}", status.counts.samples_new, began.elapsed());
    assert_eq!((status.counts.rejected, status.counts.items_new), (0, 21));
    assert_eq!(rows(&test, "series").await, 10 * 18 + 5 + 28);
    let stored: i64 = sqlx::query_scalar("select sum(samples)::int8 from metric_chunk")
        .fetch_one(&mut test.superuser().await)
        .await
        .unwrap();
    assert_eq!(stored.unsigned_abs(), status.counts.samples_new);
    let again = folder(app, admin, &data, &mapping).await.counts;
    assert_eq!((again.items_new, again.items_changed, again.samples_new), (0, 0, 0));
}

#[tokio::test]
async fn uploads_are_guessed_checked_imported_and_their_rejects_downloaded() {
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let items = upload(
        app,
        admin,
        "../장비 목록.csv",
        "장비코드,장비명,장비유형,포트\nSV-1,웹1,서버,24\nSV-2,웹2,서버,48\nSV-3,,서버,12\n",
    )
    .await;
    assert_eq!((items.name.as_str(), items.rows, items.problem.as_ref()), ("장비 목록.csv", 3, None));
    let alarms = upload(
        app,
        admin,
        "알람.csv",
        "발생일시,장비,등급,알람명\n2026-11-24 05:00,SV-1,심각,=과부하\n2026-11-24 06:00,SV-9,주의,디스크\nsoon,SV-2,주의,디스크\n",
    )
    .await;
    let all = imports::uploads(app, admin).await.unwrap();
    assert_eq!(all.len(), 2);
    let guess = |name: &str| all.iter().find(|u| u.name == name).unwrap().guess.clone().unwrap();
    let request = StartImport {
        uploads: vec![items.id, alarms.id],
        mapping: Mapping {
            tz: "Asia/Seoul".to_owned(),
            files: vec![guess("장비 목록.csv"), guess("알람.csv")],
            ..Mapping::default()
        },
    };
    let check = imports::check(app, admin, request.clone()).await.unwrap();
    assert!(check.problems.is_empty(), "{check:?}");
    assert_eq!((check.counts.items_new, check.counts.records_new, check.counts.rejected), (3, 1, 2));
    assert_eq!(rows(&test, "ci").await, 0, "a check writes nothing");

    let id = imports::start(app, admin, request.clone()).await.unwrap();
    let status = ended(app, admin, id).await;
    assert_eq!(status.state, ImportState::Done, "{:?}", status.message);
    assert_eq!((status.counts.items_new, status.counts.records_new, status.counts.rejected), (3, 1, 2));
    assert_eq!(status.rejects.len(), 2);
    let csv: Vec<u8> = imports::rejects_csv(app, admin, id).await.unwrap().map(Result::unwrap).concat().await;
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.contains("알람.csv,3,장비,SV-9,no_such_item")
            && csv.contains("알람.csv,4,발생일시,soon,not_a_time"),
        "{csv}"
    );
    let at: String =
        sqlx::query_scalar("select to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from record")
            .fetch_one(&mut test.superuser().await)
            .await
            .unwrap();
    assert_eq!(at, "2026-11-23 20:00");

    // nobody else sees or uses any of it
    let two = &test.two.admin;
    assert!(imports::uploads(app, two).await.unwrap().is_empty());
    let foreign = imports::start(app, two, request).await.unwrap_err().to_api();
    assert_eq!(foreign.kind, ErrorCode::NotFound);
    assert_eq!(imports::status(app, two, id).await.unwrap_err().to_api().kind, ErrorCode::NotFound);
    assert_eq!(imports::undo(app, two, id).await.unwrap_err().to_api().kind, ErrorCode::NotFound);
    let viewer = imports::uploads(app, &test.one.viewer).await.unwrap_err().to_api();
    assert_eq!(viewer.kind, ErrorCode::Forbidden);

    imports::remove_upload(app, admin, items.id).await.unwrap();
    assert_eq!(
        imports::remove_upload(app, admin, items.id).await.unwrap_err().to_api().kind,
        ErrorCode::NotFound
    );
    assert_eq!(imports::uploads(app, admin).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_is_refused_with_its_place_before_anything_begins() {
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let file = upload(app, admin, "hosts.csv", "code,kind\na,server\n").await;
    let yaml = "files:\n  - {file: hosts.csv, rows: items, code: kode, kind: kind}\n";
    let mapping = imports::parse_mapping(app, admin, yaml).await.unwrap();
    let request = StartImport { uploads: vec![file.id], mapping };
    let error = imports::start(app, admin, request.clone()).await.unwrap_err().to_api();
    assert_eq!(error.fields[0].path, "files[0].code");
    assert_eq!(imports::check(app, admin, request).await.unwrap().problems[0].0, "files[0].code");
    assert!(imports::list(app, admin).await.unwrap().is_empty());
    let error = imports::parse_mapping(app, admin, "files: []").await.unwrap_err().to_api();
    assert_eq!(error.fields[0].path, "files");
}

#[tokio::test]
async fn a_damaged_file_leaves_nothing_behind_and_says_why() {
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let good = upload(app, admin, "hosts.csv", "code,kind\na,server\nb,server\n").await;
    let bad = upload(app, admin, "more.json", "[{\"code\":\"c\",\"kind\":\"server\"},{\"code\":").await;
    assert!(bad.problem.is_some());
    let yaml = "files:\n  - {file: hosts.csv, rows: items, code: code, kind: kind}\n  - {file: more.json, rows: items, code: code, kind: kind}\n";
    let mapping = imports::parse_mapping(app, admin, yaml).await.unwrap();
    let id =
        imports::start(app, admin, StartImport { uploads: vec![good.id, bad.id], mapping }).await.unwrap();
    let status = ended(app, admin, id).await;
    assert_eq!(status.state, ImportState::Failed);
    assert!(status.message.unwrap().ko.contains("more.json"));
    assert_eq!(rows(&test, "ci").await, 0);
    assert_eq!(imports::list(app, admin).await.unwrap()[0].state, ImportState::Failed);
}

#[tokio::test]
async fn an_import_whose_server_died_is_marked_and_one_at_work_is_not() {
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let mut conn = test.superuser().await;
    let insert = "insert into import (tenant_id, id, name, state, started_by, started_at, seen_at)
                  values ($1, gen_random_uuid(), 'x', 'running', 'kim', now(), now())";
    for tenant in [test.one.tenant.id, test.two.tenant.id] {
        sqlx::query(insert).bind(tenant.0).execute(&mut conn).await.unwrap();
    }
    // the second tenant's import is at work: its lock is held
    sqlx::query("select pg_advisory_lock(hashtextextended('import of ' || $1, 0))")
        .bind(test.two.tenant.id.to_string())
        .execute(&mut conn)
        .await
        .unwrap();
    assert_eq!(imports::recover(app).await.unwrap(), 1);
    assert_eq!(imports::list(app, admin).await.unwrap()[0].state, ImportState::Interrupted);
    assert_eq!(imports::list(app, &test.two.admin).await.unwrap()[0].state, ImportState::Running);
    // and nobody begins another one meanwhile
    let busy = imports::load_demo(app, &test.two.admin, DemoRequest { seed: 1, cis: 60 }).await.unwrap_err();
    assert_eq!(busy.to_api().kind, ErrorCode::Conflict);
}

#[tokio::test]
async fn demo_data_comes_and_goes_without_a_trace_beside_a_real_estate() {
    let Some((mapping, data)) = example("estate") else { return };
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    folder(app, admin, &data, &mapping).await;
    let before = everything(&test).await;
    let request = DemoRequest { seed: 11, cis: 60 };
    let (status, truth) = imports::run_demo(app, admin, request, None, |_| {}).await.unwrap();
    assert_eq!((status.state, status.name.as_str()), (ImportState::Done, "demo"));
    assert!(truth.incidents.len() >= 6 && status.counts.samples_new > 100_000);
    let second = imports::load_demo(app, admin, request).await.unwrap_err().to_api();
    assert_eq!(second.kind, ErrorCode::Conflict);
    imports::remove_demo(app, admin).await.unwrap();
    assert_eq!(everything(&test).await, before);
    assert_eq!(imports::remove_demo(app, admin).await.unwrap_err().to_api().kind, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_demo_item_that_real_data_is_about_stays_and_the_rest_goes() {
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let id = imports::load_demo(app, admin, DemoRequest { seed: 5, cis: 60 }).await.unwrap();
    assert_eq!(ended(app, admin, id).await.state, ImportState::Done);
    let code: String = sqlx::query_scalar("select code from ci where kind = 'host' limit 1")
        .fetch_one(&mut test.superuser().await)
        .await
        .unwrap();
    let file = upload(app, admin, "mine.csv", &format!("from,to\nmine-1,{code}\n")).await;
    let yaml = "files:\n  - file: mine.csv\n    rows: relations\n    source: {column: from, create_as: rack}\n    target: to\n    type: =holds\n";
    let mapping = imports::parse_mapping(app, admin, yaml).await.unwrap();
    let id = imports::start(app, admin, StartImport { uploads: vec![file.id], mapping }).await.unwrap();
    assert_eq!(ended(app, admin, id).await.counts.relations_new, 1);
    let removed = imports::remove_demo(app, admin).await.unwrap();
    assert!(removed.message.unwrap().en.contains("1 configuration item"));
    assert_eq!(
        (rows(&test, "ci").await, rows(&test, "ci_edge").await, rows(&test, "record").await),
        (2, 1, 0)
    );
    let _ = Arc::strong_count(app);
}

const EVENTS: &str = "files:\n  - {file: items.csv, rows: items, code: code, kind: =server}\n  - file: events.csv\n    rows: records\n    kind: =event\n    id: id\n    item: code\n    at: at\n    fields: {word: word, note: note}\n";

fn events(from: usize, to: usize, word: &str) -> String {
    let mut text = "id,code,at,word,note\n".to_owned();
    for n in from..to {
        text.push_str(&format!(
            "{n},a,2026-01-01T00:{:02}:{:02}Z,{word}{},note {n}\n",
            n / 60 % 60,
            n % 60,
            n % 7
        ));
    }
    text
}

async fn bring(test: &TestApp, events: &str) -> ImportStatus {
    let (app, admin) = (&test.app, &test.one.admin);
    let uploads = vec![
        upload(app, admin, "items.csv", "code\na\n").await.id,
        upload(app, admin, "events.csv", events).await.id,
    ];
    let mapping = imports::parse_mapping(app, admin, EVENTS).await.unwrap();
    let id = imports::start(app, admin, StartImport { uploads, mapping }).await.unwrap();
    let status = ended(app, admin, id).await;
    assert_eq!(status.state, ImportState::Done, "{:?}", status.message);
    status
}

#[tokio::test]
async fn counting_new_records_alone_tells_the_same_as_counting_all_of_them() {
    let test = TestApp::start().await;
    bring(&test, &events(0, 100, "a")).await;
    // more of them, with some words and times that are new and some that are not
    let second = bring(&test, &events(100, 190, "b")).await;
    assert_eq!(second.counts.records_new, 90);
    let told = told_of_records(&test).await;
    assert!(
        told.contains("event 190 ") && told.contains("event.word 14 ") && told.contains("event.note 190 "),
        "{told}"
    );

    // some change, which counts all of them again
    let third = bring(&test, &events(0, 100, "c")).await;
    assert_eq!(third.counts.records_new, 0);
    let told = told_of_records(&test).await;
    assert!(told.contains("event 190 ") && told.contains("event.word 14 ") && !told.contains("a1"), "{told}");
    assert_eq!(rows(&test, "record_touched").await, 0);

    // past what is listed, the number stays and the list goes
    bring(&test, &events(190, 300, "b")).await;
    assert!(told_of_records(&test).await.contains("event.note 300 \n"), "{}", told_of_records(&test).await);
    imports::undo(&test.app, &test.one.admin, second.id).await.unwrap();
    let told = told_of_records(&test).await;
    assert!(told.contains("event 210 ") && told.contains("event.note 210 "), "{told}");
}

#[tokio::test]
async fn a_cancelled_import_leaves_nothing_and_can_be_started_again() {
    let test = TestApp::start().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let request = DemoRequest { seed: 4, cis: 2_000 };
    let id = imports::load_demo(app, admin, request).await.unwrap();
    let foreign = imports::cancel(app, &test.two.admin, id).await.unwrap_err().to_api();
    assert_eq!(foreign.kind, ErrorCode::NotFound);
    let viewer = imports::cancel(app, &test.one.viewer, id).await.unwrap_err().to_api();
    assert_eq!(viewer.kind, ErrorCode::Forbidden);

    let status = imports::cancel(app, admin, id).await.unwrap();
    assert_eq!(status.state, ImportState::Cancelled, "{status:?}");
    assert_eq!(
        (rows(&test, "ci").await, rows(&test, "record").await, rows(&test, "series").await),
        (0, 0, 0)
    );
    assert_eq!(imports::list(app, admin).await.unwrap()[0].state, ImportState::Cancelled);
    let again = imports::cancel(app, admin, id).await.unwrap_err().to_api();
    assert_eq!(again.kind, ErrorCode::Conflict);
    assert_eq!(imports::undo(app, admin, id).await.unwrap_err().to_api().kind, ErrorCode::Conflict);

    let id = imports::load_demo(app, admin, DemoRequest { seed: 4, cis: 60 }).await.unwrap();
    assert_eq!(ended(app, admin, id).await.state, ImportState::Done);
    let item = services::cmdb::list(app, admin, Default::default()).await.unwrap().items.remove(0);
    assert_eq!(services::cmdb::get(app, admin, &item.code).await.unwrap().origin, "demo");
}

#[tokio::test]
async fn an_import_at_work_in_another_process_is_cancelled_too_and_one_whose_process_died_is_closed() {
    let test = TestApp::start().await;
    let other = test.replica().await;
    let admin = &test.one.admin;
    let id = imports::load_demo(&other, admin, DemoRequest { seed: 4, cis: 2_000 }).await.unwrap();
    let status = imports::cancel(&test.app, admin, id).await.unwrap();
    assert_eq!(status.state, ImportState::Cancelled, "{status:?}");
    assert_eq!(imports::status(&other, admin, id).await.unwrap().state, ImportState::Cancelled);
    assert_eq!(rows(&test, "ci").await, 0);

    let dead: uuid::Uuid = sqlx::query_scalar(
        "insert into import (tenant_id, id, name, state, started_by, started_at, seen_at)
         values ($1, gen_random_uuid(), 'x', 'running', 'kim', now(), now()) returning id",
    )
    .bind(test.one.tenant.id.0)
    .fetch_one(&mut test.superuser().await)
    .await
    .unwrap();
    let status = imports::cancel(&test.app, admin, ImportId(dead)).await.unwrap();
    assert_eq!(status.state, ImportState::Cancelled);
}
