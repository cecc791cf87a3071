//! What files seem to be: the real ones, and those of other companies in other words.

use std::path::Path;

use crate::common::{Folder, Kept};
use ingest::{Files, Known, Memory, guess, preview};
use model::imports::{ColumnGuess, FileMapping, Mapping, Rows};

fn known() -> Known {
    let set = |words: &[&str]| words.iter().map(|s| (*s).to_owned()).collect();
    Known {
        codes: set(&["web-01", "db-01", "frontend", "cartservice", "adservice"]),
        ids: set(&["7f0c"]),
        names: set(&["웹 서버 1", "DB 서버 1"]),
        kinds: set(&["server"]),
    }
}

fn of(name: &str, content: &str) -> (FileMapping, Vec<ColumnGuess>) {
    let files = Memory::default().with(name, content);
    let first = preview(&files, name, "", 20);
    assert_eq!(first.problem, None);
    guess(name, &first.columns, &first.sample, &known())
}

fn role<'a>(guesses: &'a [ColumnGuess], column: &str) -> &'a str {
    let found = guesses.iter().find(|g| g.column == column).unwrap();
    assert!((0.0..=1.0).contains(&found.certainty) && !found.why.ko.is_empty() && !found.why.en.is_empty());
    &found.role
}

#[test]
fn korean_alarms_in_words_are_records() {
    let (file, guesses) = of(
        "알람이력.csv",
        "발생일시,장비명,등급,알람명,조치내용\n2026년 11월 24일 14시 5분,웹 서버 1,심각,CPU 과부하,재기동\n2026년 11월 24일 15시 1분,DB 서버 1,주의,디스크 부족,증설\n",
    );
    let Rows::Records(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!(rows.at.column, "발생일시");
    let item = rows.item.as_ref().unwrap();
    assert_eq!((item.column.as_str(), item.by.contains(&"name".to_owned())), ("장비명", true));
    assert_eq!(rows.fields["등급"], "등급");
    assert_eq!(role(&guesses, "발생일시"), "at");
    assert_eq!(role(&guesses, "등급"), "field");
}

#[test]
fn codes_in_small_letters_find_items_whose_codes_are_large() {
    let content = "발생시각,기기,등급\n2026/11/03 14:05:09,mch-001,위험\n2026/11/03 15:00:00,ctl-02,주의\n";
    let files = Memory::default().with("경보.csv", content);
    let first = preview(&files, "경보.csv", "", 20);
    let known = Known { codes: ["MCH-001", "CTL-02"].map(str::to_owned).into(), ..Known::default() };
    let (file, guesses) = guess("경보.csv", &first.columns, &first.sample, &known);
    let Rows::Records(rows) = &file.rows else { panic!("{file:?}") };
    let item = rows.item.as_ref().unwrap();
    assert_eq!((item.column.as_str(), item.lowercase), ("기기", true));
    assert_eq!(role(&guesses, "기기"), "item");
}

#[test]
fn a_list_of_equipment_is_items() {
    let (file, guesses) = of(
        "장비목록.csv",
        "장비코드,장비명,장비유형,위치,담당,IP주소\nSV-1,웹1,서버,1센터,김,10.0.0.1\nSV-2,웹2,서버,2센터,이,10.0.0.2\nSW-1,스위치,스위치,1센터,박,10.0.0.3\n",
    );
    let Rows::Items(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!(
        (rows.code.as_str(), rows.name.as_str(), rows.kind.as_str()),
        ("장비코드", "장비명", "장비유형")
    );
    assert_eq!(rows.fields.len(), 3);
    assert_eq!(role(&guesses, "장비코드"), "code");
}

#[test]
fn tickets_of_another_company_are_records() {
    let (file, _) = of(
        "tickets.ndjson",
        "{\"id\":\"T-1\",\"opened\":\"2026-11-24T05:00:00Z\",\"host\":\"web-01\",\"priority\":\"P1\",\"title\":\"down\",\"assignee\":\"kim\"}\n{\"id\":\"T-2\",\"opened\":\"2026-11-24T06:00:00Z\",\"host\":\"db-01\",\"priority\":\"P3\",\"title\":\"slow\",\"assignee\":\"lee\"}\n",
    );
    let Rows::Records(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!((rows.kind.as_str(), rows.id.as_str(), rows.at.column.as_str()), ("tickets", "id", "opened"));
    assert_eq!(rows.item.as_ref().unwrap().column, "host");
    assert!(rows.fields.contains_key("priority"));
}

#[test]
fn relations_long_and_wide_metrics_and_call_edges_are_told_apart() {
    let (file, _) = of("links.csv", "from,to,type\nweb-01,db-01,uses\ndb-01,web-01,feeds\n");
    let Rows::Relations(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!(
        (rows.source.column.as_str(), rows.target.column.as_str(), rows.r#type.as_str()),
        ("from", "to", "type")
    );

    let (file, _) = of(
        "perf.csv",
        "host,측정시각,지표,값,단위\nweb-01,2026-11-24 05:00,cpu,5.5,%\ndb-01,2026-11-24 05:01,cpu,7,%\n",
    );
    let Rows::MetricsLong(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!((rows.metric.as_str(), rows.value.as_str(), rows.unit.as_str()), ("지표", "값", "단위"));

    let (file, _) = of(
        "cpu.csv",
        "Time,PodName,CpuUsage(m),Memory(Mi)\n2026-11-24 05:00:00,cartservice-5f-x,1.5,20\n2026-11-24 05:01:00,adservice-6c-y,2.5,30\n",
    );
    let Rows::MetricsWide(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!((rows.item.column.as_str(), rows.item.before.as_str()), ("PodName", "-"));
    assert_eq!(rows.metrics["cpu_usage"], "CpuUsage(m)");

    let (file, _) = of(
        "latency.csv",
        "time,frontend_cartservice,frontend_adservice\n2026-11-24 05:00:00,0.1,0.2\n2026-11-24 05:01:00,0.3,0.2\n",
    );
    let Rows::MetricsWide(rows) = &file.rows else { panic!("{file:?}") };
    assert_eq!(rows.edges.as_ref().unwrap().separator, "_");
}

/// The files people are given to begin with: uploaded together or one after the other in the order they are offered, their
/// rows go in as guessed.
#[test]
fn the_first_files_fit_together_in_the_order_they_are_offered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/first");
    for (lang, codes) in [("ko", "코드"), ("en", "code")] {
        let files = Folder(folder.join(lang));
        let mut known = Known::default();
        let mut entries = Vec::new();
        for name in ["items.csv", "relations.csv", "tickets.csv", "metrics.csv"] {
            let first = preview(&files, name, "", 20);
            let (entry, guesses) = guess(name, &first.columns, &first.sample, &known);
            assert!(guesses.iter().all(|g| g.certainty >= 0.6), "{lang}/{name}: {guesses:?}");
            known.codes.extend(ingest::values(&files, name, "", &[codes], 100).remove(0));
            entries.push(entry);
        }
        let rows: Vec<&Rows> = entries.iter().map(|entry| &entry.rows).collect();
        assert!(
            matches!(rows[..], [Rows::Items(_), Rows::Relations(_), Rows::Records(_), Rows::MetricsLong(_)]),
            "{lang}: {rows:?}"
        );
        let mapping = Mapping { files: entries, ..Mapping::default() };
        let mut kept = Kept::default();
        let outcome = ingest::run(&mapping, &files, [], &mut kept).unwrap();
        assert_eq!((outcome.counts.rejected, outcome.counts.accepted), (0, 10), "{lang}: {:?}", kept.rejects);
        assert_eq!(
            (kept.items.len(), kept.relations.len(), kept.records.len(), kept.samples.len()),
            (3, 2, 2, 3),
            "{lang}"
        );
    }
}

#[test]
fn relation_types_are_counted_in_all_rows() {
    let mut text = String::from("from,to,kind\n");
    for row in 0..30_000 {
        text.push_str(&format!("a{row},b{row},{}\n", if row % 1_000 == 999 { "powers" } else { "uses" }));
    }
    text.push_str("x,y,hosts\nz\n");
    let files = Memory::default().with("links.csv", text);
    let counted = ingest::count_values(&files, "links.csv", "", "kind").unwrap();
    let values: Vec<(&str, u64)> = counted.values.iter().map(|(key, n)| (key.as_str(), *n)).collect();
    assert_eq!((values, counted.rows), (vec![("uses", 29_970), ("powers", 30), ("hosts", 1)], 30_002));
    let first = preview(&files, "links.csv", "", 20);
    assert!(first.estimated && (28_000..32_000).contains(&first.rows), "{}", first.rows);
    assert!(ingest::count_values(&files, "links.csv", "", "from").unwrap_err().en.contains("another column"));
    assert!(ingest::count_values(&files, "links.csv", "", "nope").unwrap_err().ko.contains("nope"));
}

#[test]
fn the_real_files_are_what_they_are() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.is_dir() {
        eprintln!("skipped: {} is not there", data.display());
        return;
    }
    let files = Folder(data.join("estate"));
    let mut known = Known::default();
    let ci = preview(&files, "ci.csv", "", 300);
    for row in &ci.sample {
        known.ids.insert(row[0].clone());
        known.codes.insert(row[4].clone());
    }
    let of = |name: &str| {
        let first = preview(&files, name, "", 20);
        assert!(first.rows > 0 && first.problem.is_none());
        guess(name, &first.columns, &first.sample, &known).0.rows
    };
    let Rows::Items(items) = guess("ci.csv", &ci.columns, &ci.sample[..20], &Known::default()).0.rows else {
        panic!()
    };
    assert_eq!(
        (items.code.as_str(), items.id.as_str(), items.name.as_str(), items.kind.as_str()),
        ("ci_code", "ci_id", "ci_name", "ci_subtype")
    );
    let Rows::ItemFields(ext) = of("ci_ext.csv") else { panic!() };
    assert_eq!((ext.item.column.as_str(), ext.fields["*"].as_str()), ("ci_id", "attributes, tags"));
    let Rows::Relations(relations) = of("relations.csv") else { panic!() };
    assert_eq!(relations.r#type, "rel_type");
    for name in ["maintenance_history.csv", "work_history.csv", "event_log.csv.gz"] {
        let Rows::Records(rows) = of(name) else { panic!("{name}") };
        assert_eq!(rows.item.unwrap().column, "ci_id", "{name}");
    }
    let files = Folder(data.join("online-boutique"));
    for code in ["frontend", "cartservice", "checkoutservice", "adservice", "currencyservice", "emailservice"]
    {
        known.codes.insert(code.to_owned());
    }
    let of = |name: &str| {
        let first = preview(&files, name, "", 20);
        guess(name, &first.columns, &first.sample, &known).0.rows
    };
    let Rows::Relations(_) = of("dependency.csv") else { panic!() };
    let Rows::MetricsWide(rows) = of("metrics/cartservice-579f59597d-wc2lz_metric.csv") else { panic!() };
    assert_eq!(
        (rows.item.before.as_str(), rows.at.column.as_str(), rows.edges.is_none()),
        ("-", "Time", true)
    );
    let Rows::MetricsWide(rows) = of("metrics/front_service.csv") else { panic!() };
    assert!(rows.item.lowercase);
    assert!(files.names().len() > 10);
}
