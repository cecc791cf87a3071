//! The search for anomalies: kept, going on where it ended, by one server of several; incidents that keep their number;
//! what people say of them. And the two tools that judge and foretell metrics.

use chrono::{DateTime, Duration, Utc};
use model::{
    CiId, ErrorCode, ImportId,
    imports::DemoRequest,
    incident::{AnomalyQuery, IncidentQuery, NotAnomaly},
    metrics::RangeQuery,
};
use serde_json::json;
use services::{
    cmdb::write::{self, NewRelation},
    imports, incidents, metrics,
    metrics::write::SeriesWriter,
};
use testkit::TestApp;
use uuid::Uuid;

use crate::estate::{args, at, catalogue, import, item};

const STEP: i64 = 300_000;
const DAY: i64 = 86_400_000;
/// Monday, 3 November 2025.
const START: &str = "2025-11-03T00:00:00Z";

/// A day with a rhythm and a little noise, another one for each item.
fn usual(n: i64, ms: i64) -> f64 {
    let i = ms / STEP;
    let noise = f64::from(((i * 7_919 + n * 131 + i / 13) % 101) as i32 - 50) / 50.0;
    40.0 + 5.0 * n as f64 + 12.0 * (ms as f64 / DAY as f64 * std::f64::consts::TAU).sin() + noise
}

/// Samples of `cpu` of some items between two moments, in milliseconds after the start; `trouble` adds to them.
async fn measure(
    t: &TestApp,
    (from, to): (i64, i64),
    trouble: impl Fn(&str, i64) -> f64,
) -> Vec<(String, CiId)> {
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    let import: ImportId = import();
    let items = ["svc", "app1", "db1", "far"].map(|code| item(code, "app", json!({})));
    write::upsert_catalogue(&mut tx, &catalogue()).await.unwrap();
    let ids = write::upsert_items(&mut tx, import, &items).await.unwrap().ids;
    let relation = |a: &str, b: &str| NewRelation {
        source: ids[a],
        target: ids[b],
        kind: "DEPENDS_ON".into(),
        fields: serde_json::Map::new(),
    };
    write::upsert_relations(&mut tx, import, &[relation("svc", "app1"), relation("app1", "db1")])
        .await
        .unwrap();
    let start = at(START).timestamp_millis();
    let mut writer = SeriesWriter::new(import);
    let mut out = Vec::new();
    for (n, code) in (0..).zip(["svc", "app1", "db1", "far"]) {
        let series = writer.ensure_series(&mut tx, "cpu", ids[code], None).await.unwrap();
        for ms in (from..to).step_by(STEP as usize) {
            writer.push(series, start + ms, usual(n, ms) + trouble(code, ms));
        }
        out.push((code.to_owned(), ids[code]));
    }
    writer.finish(&mut tx).await.unwrap();
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    out
}

/// From 10:00 of the last of nine days on, first the database and then what depends on it.
fn trouble(code: &str, ms: i64) -> f64 {
    let since = match code {
        "db1" => 8 * DAY + 10 * 3_600_000,
        "app1" => 8 * DAY + 10 * 3_600_000 + 600_000,
        _ => return 0.0,
    };
    if ms >= since { 45.0 } else { 0.0 }
}

fn moment(ms: i64) -> DateTime<Utc> {
    at(START) + Duration::milliseconds(ms)
}

async fn list(t: &TestApp) -> model::incident::IncidentPage {
    incidents::list(&t.app, &t.one.viewer, IncidentQuery::default()).await.unwrap()
}

#[tokio::test]
async fn an_incident_is_found_grows_with_new_samples_and_keeps_its_number() {
    let t = TestApp::start().await;
    assert_eq!(incidents::scan_due(&t.app).await.unwrap(), 0, "nothing to judge");
    measure(&t, (0, 8 * DAY + 11 * 3_600_000), trouble).await;
    assert!(list(&t).await.scan.waiting);
    assert_eq!(incidents::scan_due(&t.app).await.unwrap(), 1);
    assert_eq!(incidents::scan_due(&t.app).await.unwrap(), 0, "nothing is new");
    let page = list(&t).await;
    assert_eq!((page.items.len(), page.total, page.ongoing), (1, 1, 1), "{page:?}");
    assert_eq!((page.scan.series, page.scan.todo, page.scan.done, page.scan.running), (4, 4, 4, false));
    assert_eq!(page.scan.covered_until, Some(moment(8 * DAY + 11 * 3_600_000 - STEP)));
    let first = &page.items[0];
    assert_eq!((first.id.as_str(), first.from), ("INC-1", moment(8 * DAY + 10 * 3_600_000)));
    assert_eq!(first.items, ["db1", "app1"]);
    assert!(first.explained && first.cause.as_ref().is_some_and(|cause| cause.ci == "db1"), "{first:?}");

    // The day goes on: only its new samples are judged, and the incident is the same one.
    measure(&t, (8 * DAY + 11 * 3_600_000, 9 * DAY + 3_600_000), trouble).await;
    assert!(incidents::scan(&t.app, t.one.tenant.id).await.unwrap());
    let page = list(&t).await;
    assert_eq!((page.items.len(), page.items[0].id.as_str()), (1, "INC-1"), "{page:?}");
    assert_eq!(page.items[0].from, first.from);
    assert!(page.items[0].until > first.until);
    let detail = incidents::get(&t.app, &t.one.viewer, "INC-1").await.unwrap();
    assert_eq!(detail.lanes.len(), 2);
    assert!(
        detail.lanes.iter().all(|lane| lane.deviations.len() == 1),
        "over midnight it is one: {detail:?}"
    );

    // Nothing is judged twice: another search finds nothing to do.
    assert!(incidents::scan(&t.app, t.one.tenant.id).await.unwrap());
    assert_eq!(list(&t).await.scan.todo, 0);
    assert!(incidents::list(&t.app, &t.two.viewer, IncidentQuery::default()).await.unwrap().items.is_empty());
    let error = incidents::get(&t.app, &t.two.viewer, "INC-1").await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::NotFound);
}

#[tokio::test]
async fn the_band_is_kept_and_a_short_history_is_said_to_be_short() {
    let t = TestApp::start().await;
    measure(&t, (0, 8 * DAY + 12 * 3_600_000), trouble).await;
    let series = metrics::series_of(&t.app, &t.one.viewer, "db1").await.unwrap();
    let ask = |from: i64, to: i64| RangeQuery {
        series: vec![series[0].id],
        from: moment(from),
        to: moment(to),
        max_points: 300,
        usual: true,
        ahead_h: 24,
    };
    let before = metrics::range(&t.app, &t.one.viewer, ask(8 * DAY, 9 * DAY)).await.unwrap();
    let usual = before[0].usual.as_ref().unwrap();
    assert!(usual.band.is_empty() && usual.missing.as_ref().unwrap().en.contains("not looked"));
    incidents::scan(&t.app, t.one.tenant.id).await.unwrap();
    let found = metrics::range(&t.app, &t.one.viewer, ask(8 * DAY, 9 * DAY)).await.unwrap();
    let usual = found[0].usual.as_ref().unwrap();
    assert!(usual.band.len() > 100 && usual.missing.is_none(), "{usual:?}");
    let outside =
        found[0].points.iter().filter(|p| p.0 >= moment(8 * DAY + 10 * 3_600_000).timestamp_millis());
    assert!(outside.clone().count() > 10 && usual.band.iter().all(|b| b.1 < b.2 && b.2 < b.3));
    assert_eq!(usual.anomalies.len(), 1);
    let ahead = found[0].ahead.as_ref().unwrap();
    assert_eq!(ahead.points.len(), 48);
    assert!(ahead.points.iter().all(|p| p.1 <= p.2 && p.2 <= p.3));

    let early = metrics::range(&t.app, &t.one.viewer, ask(0, 3 * DAY)).await.unwrap();
    let usual = early[0].usual.as_ref().unwrap();
    assert!(usual.missing.as_ref().unwrap().ko.contains("처음 2일"), "{usual:?}");
    assert!(early[0].ahead.is_none(), "the series goes on after the window");
}

#[tokio::test]
async fn what_was_said_to_be_none_is_not_told_again_until_it_is_withdrawn() {
    let t = TestApp::start().await;
    let quiet = |code: &str, ms: i64| if code == "db1" { trouble(code, ms) } else { 0.0 };
    measure(&t, (0, 8 * DAY + 11 * 3_600_000), trouble).await;
    incidents::scan(&t.app, t.one.tenant.id).await.unwrap();
    let query = AnomalyQuery { ci: "db1".into(), ..AnomalyQuery::default() };
    let found = incidents::anomalies(&t.app, &t.one.viewer, query.clone()).await.unwrap().items;
    assert_eq!((found.len(), found[0].incident.as_deref()), (1, Some("INC-1")));
    let id = found[0].deviation.id;
    let because = |reason: &str| NotAnomaly { reason: reason.to_owned() };
    let error = incidents::say(&t.app, &t.one.viewer, id, because("x")).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::Forbidden);
    let error = incidents::say(&t.app, &t.one.admin, id, because("  ")).await.unwrap_err().to_api();
    assert_eq!((error.kind, error.fields[0].path.as_str()), (ErrorCode::Invalid, "reason"));
    let error = incidents::say(&t.app, &t.two.admin, id, because("x")).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::NotFound);

    let said = incidents::say(&t.app, &t.one.admin, id, because("야간 배치")).await.unwrap();
    assert_eq!((said.by.as_str(), said.ci.as_str(), said.reason.as_str()), ("admin@one", "db1", "야간 배치"));
    assert!((said.threshold - 9.0).abs() < 1e-9, "six, and by half at most: {said:?}");
    assert!(incidents::anomalies(&t.app, &t.one.viewer, query.clone()).await.unwrap().items.is_empty());
    assert_eq!(list(&t).await.total, 0, "one series alone is no incident");
    assert_eq!(list(&t).await.scan.alone, 1);

    // It lasts on: still the same, still none.
    measure(&t, (8 * DAY + 11 * 3_600_000, 8 * DAY + 12 * 3_600_000), quiet).await;
    assert_eq!(incidents::scan_due(&t.app).await.unwrap(), 1);
    assert!(incidents::anomalies(&t.app, &t.one.viewer, query.clone()).await.unwrap().items.is_empty());
    let out = metrics::tool_anomalies(&t.app, &t.one.viewer, args(json!({ "metric": "cpu", "ci": "db1" })))
        .await
        .unwrap();
    assert_eq!(out.total, 0, "the tool says nothing of it either: {out:?}");

    let all = incidents::feedback(&t.app, &t.one.viewer, None).await.unwrap();
    assert_eq!(all.len(), 1);
    assert!(incidents::feedback(&t.app, &t.two.viewer, None).await.unwrap().is_empty());
    let back = incidents::withdraw(&t.app, &t.one.admin, said.id).await.unwrap();
    assert!(back.withdrawn_by.as_deref() == Some("admin@one") && (back.threshold - 6.0).abs() < 1e-9);
    assert_eq!(incidents::scan_due(&t.app).await.unwrap(), 1);
    assert_eq!(incidents::anomalies(&t.app, &t.one.viewer, query).await.unwrap().items.len(), 1);
    let mut conn = t.superuser().await;
    let actions: Vec<String> =
        sqlx::query_scalar("select action from audit_log where action like 'anomaly.%' order by at")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert_eq!(actions, ["anomaly.dismissed", "anomaly.restored"]);
}

#[tokio::test]
async fn one_server_of_several_searches_and_another_takes_over_from_one_that_died() {
    let t = TestApp::start().await;
    measure(&t, (0, 8 * DAY + 11 * 3_600_000), trouble).await;
    let other = t.replica().await;
    let tenant = t.one.tenant.id;
    let (a, b) = tokio::join!(incidents::scan(&t.app, tenant), incidents::scan(&other, tenant));
    assert_eq!(u8::from(a.unwrap()) + u8::from(b.unwrap()), 1);

    // A server that died half-way: its lease stands, half of the series are judged.
    let mut conn = t.superuser().await;
    sqlx::query(
        "update detector_state set owner = $1, lease_until = now() + interval '1 minute', generation = 0",
    )
    .bind(Uuid::now_v7())
    .execute(&mut conn)
    .await
    .unwrap();
    sqlx::query("delete from series_model where series_id in (select id from series order by id limit 2)")
        .execute(&mut conn)
        .await
        .unwrap();
    assert_eq!(incidents::scan_due(&other).await.unwrap(), 0, "the lease holds");
    assert!(list(&t).await.scan.running);
    sqlx::query("update detector_state set lease_until = now() - interval '1 second'")
        .execute(&mut conn)
        .await
        .unwrap();
    assert_eq!(incidents::scan_due(&other).await.unwrap(), 1);
    let page = list(&t).await;
    assert_eq!(
        (page.scan.todo, page.total, page.items[0].id.as_str()),
        (2, 1, "INC-1"),
        "only what was missing"
    );

    let error = incidents::rescan(&t.app, &t.one.viewer).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::Forbidden);
    assert!(incidents::rescan(&t.app, &t.one.admin).await.unwrap().waiting);
    assert_eq!(incidents::scan_due(&t.app).await.unwrap(), 1);
}

#[tokio::test]
async fn pages_follow_each_other_and_filters_narrow_them() {
    let t = TestApp::start().await;
    let often = |code: &str, ms: i64| {
        let hour = ms % DAY / 3_600_000;
        if ms > 4 * DAY
            && matches!(hour, 3 | 9 | 15)
            && matches!(code, "db1" | "app1")
            && ms % DAY % 3_600_000 < 1_800_000
        {
            40.0
        } else {
            0.0
        }
    };
    measure(&t, (0, 8 * DAY), often).await;
    incidents::scan(&t.app, t.one.tenant.id).await.unwrap();
    let whole = list(&t).await;
    assert!(whole.total > 4 && whole.next.is_none(), "{}", whole.total);
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let query = IncidentQuery { limit: 4, cursor, ..IncidentQuery::default() };
        let page = incidents::list(&t.app, &t.one.viewer, query).await.unwrap();
        seen.extend(page.items.into_iter().map(|one| one.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, whole.items.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
    let of = async |query: IncidentQuery| incidents::list(&t.app, &t.one.viewer, query).await.unwrap().total;
    assert_eq!(of(IncidentQuery { ci: "far".into(), ..IncidentQuery::default() }).await, 0);
    assert_eq!(of(IncidentQuery { ci: "db1".into(), ..IncidentQuery::default() }).await, whole.total);
    assert_eq!(of(IncidentQuery { ongoing: Some(true), ..IncidentQuery::default() }).await, 0);
    let day = of(IncidentQuery {
        from: Some(moment(5 * DAY)),
        to: Some(moment(6 * DAY)),
        ..IncidentQuery::default()
    });
    assert_eq!(day.await, 3);
    for wrong in [
        IncidentQuery { limit: 999, ..IncidentQuery::default() },
        IncidentQuery { cursor: Some("x".into()), ..IncidentQuery::default() },
        IncidentQuery { from: Some(moment(DAY)), to: Some(moment(0)), ..IncidentQuery::default() },
    ] {
        let error = incidents::list(&t.app, &t.one.viewer, wrong).await.unwrap_err().to_api();
        assert_eq!(error.kind, ErrorCode::Invalid);
    }
}

#[tokio::test]
async fn a_search_beside_data_that_come_and_go_ends_whole_and_keeps_nothing_of_what_is_gone() {
    let t = TestApp::start().await;
    let tenant = t.one.tenant.id;
    let until = Some(at("2026-03-15T00:00:00Z"));
    let load = async |seed| {
        let demo = DemoRequest { seed, cis: 60 };
        imports::run_demo(&t.app, &t.one.admin, demo, until, |_| ()).await.unwrap()
    };
    // while something comes in, searches go over what is there at the time
    let (_, found) = tokio::join!(load(5), async {
        for _ in 0..3 {
            incidents::scan(&t.app, tenant).await.unwrap();
        }
    });
    let () = found;
    // what is searched is taken away half-way
    let search = incidents::scan(&t.app, tenant);
    let remove = async {
        for _ in 0..2_000 {
            if list(&t).await.scan.running {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        imports::remove_demo(&t.app, &t.one.admin).await
    };
    let (searched, removed) = tokio::join!(search, remove);
    removed.unwrap();
    assert!(searched.unwrap());
    incidents::scan_due(&t.app).await.unwrap();
    let page = list(&t).await;
    assert_eq!((page.scan.error, page.total, page.scan.series), (None, 0, 0));
    let left = incidents::anomalies(&t.app, &t.one.viewer, AnomalyQuery::default()).await.unwrap();
    assert!(left.items.is_empty(), "{left:?}");
    // and what comes again is judged again
    load(5).await;
    incidents::scan_due(&t.app).await.unwrap();
    let page = list(&t).await;
    assert!(page.total > 0 && page.scan.error.is_none(), "{:?}", page.scan);
}

/// What was injected is found, and what is found was injected.
#[tokio::test]
async fn a_demo_estate_shows_its_incidents_and_hardly_any_other() {
    let (mut found, mut injected, mut wrong, mut told) = (0, 0, 0, 0);
    for seed in [3, 11] {
        let t = TestApp::start().await;
        let demo = DemoRequest { seed, cis: 120 };
        let until = Some(at("2026-03-15T00:00:00Z"));
        let (_, truth) = imports::run_demo(&t.app, &t.one.admin, demo, until, |_| ()).await.unwrap();
        let begun = std::time::Instant::now();
        assert!(incidents::scan(&t.app, t.one.tenant.id).await.unwrap());
        let page =
            incidents::list(&t.app, &t.one.viewer, IncidentQuery { limit: 200, ..IncidentQuery::default() })
                .await
                .unwrap();
        println!(
            "seed {seed}: {} incidents, {} series, {} alone, {:.1} s",
            page.total,
            page.scan.series,
            page.scan.alone,
            begun.elapsed().as_secs_f64()
        );
        let since = page.scan.covered_from.unwrap() + Duration::days(2);
        let slack = Duration::minutes(45);
        let meets = |one: &model::incident::IncidentSummary, from: DateTime<Utc>, to: DateTime<Utc>| {
            one.from <= to + slack && from - slack <= one.until
        };
        for incident in truth.incidents.iter().filter(|i| i.start > since) {
            injected += 1;
            let hit = page.items.iter().any(|one| meets(one, incident.start, incident.end));
            found += u32::from(hit);
            if !hit {
                println!("  missed {} {} {}", incident.kind, incident.cause.code, incident.start);
            }
        }
        for one in &page.items {
            told += 1;
            if !truth.incidents.iter().any(|i| meets(one, i.start, i.end)) {
                wrong += 1;
                println!(
                    "  wrong {} {} – {} {:?} {}",
                    one.id, one.from, one.until, one.items, one.deviations
                );
            }
        }
    }
    println!("found {found} of {injected}; {wrong} of {told} told were none");
    assert!(f64::from(found) >= 0.9 * f64::from(injected), "{found} of {injected}");
    assert!(f64::from(wrong) <= 0.1 * f64::from(told), "{wrong} of {told}");
}

#[tokio::test]
async fn anomalies_and_forecasts_keep_their_contract_as_tools() {
    let t = TestApp::start().await;
    measure(&t, (0, 8 * DAY + 11 * 3_600_000), trouble).await;
    let ask = async |value| metrics::tool_anomalies(&t.app, &t.one.viewer, args(value)).await.unwrap();
    let out = ask(json!({ "metric": "cpu", "ci": ["db1"] })).await;
    assert_eq!(
        (out.total, &out.rows[0]["ci"], &out.rows[0]["form"]),
        (1, &json!("db1"), &json!("high")),
        "{out:?}"
    );
    assert_eq!(out.rows[0]["from"], json!("2025-11-11T10:00:00Z"));
    assert_eq!(out.series.len(), 1);
    assert!(!out.series[0].band.is_empty() && out.series[0].band.iter().all(|b| b.1 < b.2));
    let out = ask(json!({ "metric": "cpu" })).await;
    assert!(out.rows.iter().all(|row| row["ci"] != json!("far")), "{out:?}");
    let out = ask(json!({ "metric": "cpu", "from": START, "to": "2025-11-04T12:00:00Z" })).await;
    assert_eq!((out.total, out.notes.len()), (0, 1), "a short history is said to be short: {out:?}");
    for wrong in [
        json!({ "metric": "cpu", "sensitivity": 1 }),
        json!({ "metric": "ghost" }),
        json!({ "metric": "cpu", "from": "2025-11-05T00:00:00Z", "to": START }),
        json!({ "metric": "cpu", "from": "2024-11-05T00:00:00Z", "to": START }),
    ] {
        assert!(
            metrics::tool_anomalies(&t.app, &t.one.viewer, args(wrong.clone())).await.is_err(),
            "{wrong}"
        );
    }

    let ask = async |value| metrics::tool_forecast(&t.app, &t.one.viewer, args(value)).await;
    let out = ask(json!({ "metric": "cpu", "ci": ["svc"], "hours": 24 })).await.unwrap();
    assert_eq!((out.rows.len(), out.series.len()), (48, 2));
    let (start, end) = (at(START).timestamp_millis(), 8 * DAY + 11 * 3_600_000);
    for row in &out.rows {
        let ms = at(row["at"].as_str().unwrap()).timestamp_millis() - start;
        let (truth, low, high) = (usual(0, ms), row["low"].as_f64().unwrap(), row["high"].as_f64().unwrap());
        assert!(ms >= end - STEP && low - 1.0 <= truth && truth <= high + 1.0, "{row:?} {truth}");
    }
    assert!(out.series[1].band.len() == 48 && out.series[0].band.is_empty());
    let out = ask(json!({ "metric": "cpu", "ci": ["svc"], "hours": 720 })).await.unwrap();
    assert!(out.rows.is_empty() && out.notes.iter().any(|note| note.contains("이력")), "{:?}", out.notes);
    assert!(ask(json!({ "metric": "cpu", "hours": 9999 })).await.is_err());
    let out = metrics::tool_forecast(&t.app, &t.two.viewer, args(json!({ "metric": "cpu" }))).await;
    assert!(out.is_err(), "another tenant knows no such metric");
}
