//! Files as people have them: separators, quotes, marks, encodings, packing, damage; and what becomes of their rows.

use std::io::Write;

use crate::common::Kept;
use ingest::{Error, KnownItem, Memory, Outcome, parse, preview, run};
use serde_json::{Value, json};

fn import(yaml: &str, files: Memory) -> (Outcome, Kept) {
    with_known(yaml, files, [])
}

fn with_known(yaml: &str, files: Memory, known: impl IntoIterator<Item = KnownItem>) -> (Outcome, Kept) {
    let mapping = parse(yaml).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut kept = Kept::default();
    let outcome = run(&mapping, &files, known, &mut kept).unwrap();
    let counts = outcome.counts;
    assert_eq!(counts.read, counts.accepted + counts.rejected + counts.skipped, "every row is accounted for");
    (outcome, kept)
}

fn gz(content: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

const ITEMS: &str = "
files:
  - {file: hosts.csv, rows: items, code: 코드, name: 이름, kind: =server, fields: {ports: 포트, os_version: 버전}}
";
const HOSTS: &str = "코드,이름,포트,버전\nw-1,\"웹, 서버\n1\",24,8.4\nw-2,웹 2,48,9.1\n";

#[test]
fn the_same_file_in_any_encoding_packing_and_separator_gives_the_same_items() {
    let (_, plain) = import(ITEMS, Memory::default().with("hosts.csv", HOSTS));
    assert_eq!(plain.items["w-1"].name, "웹, 서버\n1");
    assert_eq!(plain.items["w-1"].fields["ports"], 24);
    assert_eq!(plain.items["w-1"].fields["os_version"], "8.4", "a version is no quantity");
    let (cp949, _, broken) = encoding_rs::EUC_KR.encode(HOSTS);
    assert!(!broken);
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(HOSTS.encode_utf16().flat_map(u16::to_le_bytes));
    for (what, content) in [
        ("byte order mark", format!("\u{feff}{HOSTS}").into_bytes()),
        ("CP949", cp949.clone().into_owned()),
        ("UTF-16", utf16),
        ("Windows line ends", HOSTS.replace("\nw", "\r\nw").into_bytes()),
        ("packed", gz(HOSTS.as_bytes())),
        ("packed CP949", gz(&cp949)),
        ("semicolons", "코드;이름;포트;버전\nw-1;\"웹, 서버\n1\";24;8.4\nw-2;웹 2;48;9.1\n".into()),
        ("tabs", "코드\t이름\t포트\t버전\nw-1\t\"웹, 서버\n1\"\t24\t8.4\nw-2\t웹 2\t48\t9.1\n".into()),
    ] {
        let (_, kept) = import(ITEMS, Memory::default().with("hosts.csv", content));
        assert_eq!(kept.items, plain.items, "{what}");
    }
}

#[test]
fn json_may_be_an_array_an_object_of_lists_or_lines() {
    let yaml = |name: &str| {
        format!("files:\n  - {{file: {name}, rows: items, code: c, kind: k, fields: {{\"*\": \"*\"}}}}\n")
    };
    let array = r#"[ {"c":"a","k":"s","n":{"ip":"1","up":true},"l":["x"],"v":1.5},
  {"c":"b","k":"s","t":"}]{\"" } ]"#;
    let (_, kept) = import(&yaml("x.json"), Memory::default().with("x.json", array));
    assert_eq!(
        kept.items["a"].fields,
        *json!({"n.ip":"1","n.up":true,"l":["x"],"v":1.5}).as_object().unwrap()
    );
    assert_eq!(kept.items["b"].fields["t"], "}]{\"");
    for (name, content) in [
        ("x.json", format!("{{\"total\": 2, \"meta\": {{\"a\":[1]}}, \"items\": {array}, \"next\": null}}")),
        ("x.json", format!("{{\"03\": {array}}}")),
        ("x.ndjson", "{\"c\":\"a\",\"k\":\"s\",\"n\":{\"ip\":\"1\",\"up\":true},\"l\":[\"x\"],\"v\":1.5}\n\n{\"c\":\"b\",\"k\":\"s\",\"t\":\"}]{\\\"\"}".to_owned()),
        ("x.json", "{\"c\":\"a\",\"k\":\"s\",\"n\":{\"ip\":\"1\",\"up\":true},\"l\":[\"x\"],\"v\":1.5}\n{\"c\":\"b\",\"k\":\"s\",\"t\":\"}]{\\\"\"}\n".to_owned()),
    ] {
        let (_, again) = import(&yaml(name), Memory::default().with(name, content.clone()));
        assert_eq!(again.items, kept.items, "{content}");
    }
}

#[test]
fn rejected_rows_name_file_line_field_value_and_reason_and_the_rest_goes_in() {
    let yaml = "
tz: Asia/Seoul
files:
  - {file: hosts.csv, rows: items, code: code, kind: kind, fields: {cores: cores, up: up}}
  - file: alarms.csv
    rows: records
    kind: alarm
    item: {column: host, by: [code, name]}
    at: when
    until: {column: ended}
    fields: {등급: level, '*': extra}
fields:
  cores: {type: number}
  up: {type: bool}
records:
  alarm: {role: event}
";
    let hosts = "code,kind,cores,up\na,server,\"1,024\",예\n,server,1,no\na,server,1,no\nb,server,many,no\nc,,1,no\nd,server,8,maybe\ne,server,1\nf,server,,\n";
    let alarms = "host,when,ended,level,extra\na,2026-11-24 05:00,,심각,\"{\"\"x\"\":1}\"\nzz,2026-11-24 05:00,,주의,\n,2026-11-24 05:00,2026-11-24 06:00,주의,\na,soon,,주의,\na,,,주의,\na,2026-11-24 05:00,2026-11-24 04:00,주의,\na,2026-11-24 05:00,,주의,{x}\na,2026-11-24 05:00,,주의,[1]\n";
    let (outcome, kept) = import(yaml, Memory::default().with("hosts.csv", hosts).with("alarms.csv", alarms));
    let why: Vec<(&str, u64, &str, &str, &str)> = kept
        .rejects
        .iter()
        .map(|r| (r.file.as_str(), r.line, r.field.as_str(), r.value.as_str(), r.reason.as_str()))
        .collect();
    assert_eq!(
        why,
        [
            ("hosts.csv", 3, "code", "", "missing"),
            ("hosts.csv", 4, "code", "a", "duplicate"),
            ("hosts.csv", 5, "cores", "many", "not_a_number"),
            ("hosts.csv", 6, "kind", "", "missing"),
            ("hosts.csv", 7, "up", "maybe", "not_yes_or_no"),
            ("hosts.csv", 8, "", "3", "bad_row"),
            ("alarms.csv", 3, "host", "zz", "no_such_item"),
            ("alarms.csv", 5, "when", "soon", "not_a_time"),
            ("alarms.csv", 6, "when", "", "missing"),
            ("alarms.csv", 7, "ended", "", "not_a_time"),
            ("alarms.csv", 8, "extra", "{x}", "bad_json"),
            ("alarms.csv", 9, "extra", "[1]", "bad_json"),
        ]
    );
    assert!(kept.rejects.iter().all(|r| !r.text.ko.is_empty() && !r.text.en.is_empty()));
    assert_eq!(kept.items["a"].fields, *json!({"cores":1024,"up":true}).as_object().unwrap());
    assert!(kept.items["f"].fields.is_empty());
    assert_eq!(kept.records.len(), 2);
    assert_eq!(kept.records[0].fields, *json!({"등급":"심각","x":1}).as_object().unwrap());
    assert_eq!(kept.records[1].item, None, "a record may be about no item");
    assert_eq!((outcome.counts.accepted, outcome.counts.rejected), (4, 12));
    let found: Vec<_> = outcome.lookups.iter().map(|(f, by, n)| (f.as_str(), by.as_str(), *n)).collect();
    assert!(found.contains(&("alarms.csv", "none", 1)), "{found:?}");
}

#[test]
fn rows_are_chosen_by_patterns_and_items_are_made_where_asked_for() {
    let yaml = "
files:
  - file: net.csv
    rows: relations
    only: {kind: [link, 'wire*']}
    except: {to: '10.*'}
    source: {column: from, before: ':', lowercase: true, create_as: switch}
    target: {column: to, create_as: host}
    type: =connected_to
    fields: {speed: speed}
";
    let net = "from,to,kind,speed\nSW-1:01,h1,link,10\nsw-1:02,h2,wired,1\nsw-1:03,10.0.0.1,link,1\nsw-2,h1,radio,1\nSW-1:04,h1,link,10\n";
    let (outcome, kept) = import(yaml, Memory::default().with("net.csv", net));
    assert_eq!((outcome.counts.accepted, outcome.counts.skipped), (3, 2));
    assert_eq!(kept.items.keys().collect::<Vec<_>>(), ["h1", "h2", "sw-1"]);
    assert_eq!(kept.items["h1"].kind, "host");
    assert_eq!(kept.relations.len(), 2, "the same relation comes once");
    assert_eq!(kept.relations[0].fields["speed"], 10);
}

#[test]
fn items_of_the_estate_are_found_by_id_code_name_or_field() {
    let known = [
        KnownItem {
            code: "w-1".into(),
            name: "웹".into(),
            id: "77".into(),
            fields: serde_json::Map::from_iter([("ip".to_owned(), Value::from("10.0.0.1"))]),
        },
        KnownItem {
            code: "w-2".into(),
            name: "디비".into(),
            id: "78".into(),
            fields: serde_json::Map::new(),
        },
    ];
    let yaml = "
files:
  - {file: m.csv, rows: metrics_long, item: {column: host, by: [id, code, name, ip]}, at: t, metric: m, value: v, unit: u}
metrics:
  cpu: {scale: 100, unit: '%'}
";
    let m = "host,t,m,v,u\n77,1661140279,cpu,0.5,\nw-2,1661140279,mem,3,MiB\n웹,1661140339,cpu,NaN,\n10.0.0.1,1661140399,cpu,0.25,\nnone,1661140399,cpu,1,\n";
    let (outcome, kept) = with_known(yaml, Memory::default().with("m.csv", m), known);
    assert_eq!((outcome.counts.accepted, outcome.counts.rejected), (4, 1));
    assert_eq!(kept.samples.iter().map(|s| s.value).collect::<Vec<_>>(), [50.0, 3.0, 25.0]);
    assert_eq!(kept.series.iter().map(|s| s.item).collect::<Vec<_>>(), [0, 1]);
    let unit = |key: &str| outcome.catalogue.metrics.iter().find(|m| m.key == key).unwrap().unit.clone();
    assert_eq!((unit("cpu"), unit("mem")), ("%".to_owned(), "MiB".to_owned()));
    assert!(kept.items.is_empty(), "nothing is made that was not asked for");
}

#[test]
fn a_bad_value_of_a_metric_is_reported_and_the_others_of_its_row_are_taken() {
    let yaml = "files:\n  - {file: cpu.ndjson, rows: metrics_wide, item: {column: '@file', create_as: host}, at: t, metrics: {'*': '*'}, skip: [note]}\n";
    let lines = "{\"t\":\"2026-11-24T05:00:00Z\",\"cpu\":1,\"mem\":\"2\",\"note\":\"x\"}\n{\"t\":\"2026-11-24T05:01:00Z\",\"cpu\":\"high\",\"mem\":null,\"net\":3}\n";
    let (outcome, kept) = import(yaml, Memory::default().with("cpu.ndjson", lines));
    assert_eq!(kept.samples.len(), 3);
    assert_eq!((outcome.counts.accepted, outcome.counts.rejected), (1, 1));
    assert_eq!((kept.rejects[0].line, kept.rejects[0].field.as_str()), (2, "cpu"));
    assert!(kept.items.contains_key("cpu"));
}

#[test]
fn records_without_an_identifier_keep_their_key_from_import_to_import() {
    let yaml = "files:\n  - {file: e.csv, rows: records, kind: event, at: t, fields: {m: m}}\n";
    let keys = |content: &str| -> Vec<String> {
        import(yaml, Memory::default().with("e.csv", content)).1.records.into_iter().map(|r| r.key).collect()
    };
    let first = keys("t,m\n2026-01-01,a\n2026-01-02,b\n");
    assert_eq!(keys("m,t\nb,2026-01-02\na,2026-01-01\n"), [first[1].clone(), first[0].clone()]);
    assert_ne!(first[0], first[1]);
}

#[test]
fn what_does_not_fit_is_said_before_the_first_row() {
    let mapping = parse("files:\n  - {file: 'a*.csv', rows: items, code: kode, kind: k}\n  - {file: b.csv, rows: items, code: c, kind: k}\n").unwrap();
    let files = Memory::default().with("a1.csv", "code,k\nx,y\n").with("c.csv", "c,k\n");
    let Err(Error::Mapping(problems)) = run(&mapping, &files, [], &mut Kept::default()) else { panic!() };
    assert_eq!(problems[0].path, "files[1].file");
    let files = files.with("b.csv", "c,k\n");
    let Err(Error::Mapping(problems)) = run(&mapping, &files, [], &mut Kept::default()) else { panic!() };
    assert_eq!(problems[0].path, "files[0].code");
    assert!(problems[0].text.ko.contains("code, k"));
}

#[test]
fn damage_ends_the_import_with_a_sentence_and_never_a_panic() {
    let mapping = parse(ITEMS).unwrap();
    let mut cut = gz(HOSTS.repeat(5_000).as_bytes());
    cut.truncate(cut.len() / 2);
    let endless = format!("코드,이름,포트,버전\nw-1,\"{}", "x".repeat(9 * 1024 * 1024));
    for (what, content) in [("cut", cut), ("endless", endless.into_bytes()), ("empty", Vec::new())] {
        let files = Memory::default().with("hosts.csv", content);
        match run(&mapping, &files, [], &mut Kept::default()) {
            Err(Error::File { text, .. }) => assert!(!text.ko.is_empty()),
            Err(Error::Mapping(problems)) => assert!(!problems.is_empty()),
            other => panic!("{what}: {:?}", other.map(|o| o.counts)),
        }
    }
    let mapping = parse("files:\n  - {file: x.json, rows: items, code: c, kind: k}\n").unwrap();
    for content in [
        "[{\"c\":1},",
        "{\"a\":1}",
        "[1,2",
        "nonsense",
        "[{\"c\":\"a\"} {\"c\":\"b\"}]",
        "{\"items\":[{\"c\":\"a\"}",
        "\"x\"",
    ] {
        let files = Memory::default().with("x.json", content);
        let _ = run(&mapping, &files, [], &mut Kept::default());
        let _ = preview(&files, "x.json", "", 5);
    }
}

#[test]
fn files_made_to_fill_a_machine_and_files_nobody_can_map_are_refused_with_a_sentence() {
    let look = |name: &str, content: Vec<u8>| preview(&Memory::default().with(name, content), name, "", 20);
    let problem =
        |name: &str, content: Vec<u8>| look(name, content).problem.map(|text| text.en).unwrap_or_default();

    let row = format!("a,{}\n", "b".repeat(2 << 20));
    let mut tight = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    tight.write_all(row.as_bytes()).unwrap();
    let packed = [gz(b"code,kind\n"), tight.finish().unwrap().repeat(40)].concat();
    assert!(packed.len() < 200 << 10, "{}", packed.len());
    assert!(problem("rows.csv.gz", packed).contains("250 times"));

    let wide = format!("{}\n", "c,".repeat(20_000));
    assert!(problem("wide.csv", wide.into_bytes()).contains("10000 columns"));
    let keys: Vec<String> = (0..20_000).map(|n| format!("\"k{n}\":1")).collect();
    assert!(problem("wide.json", format!("[{{{}}}]", keys.join(",")).into_bytes()).contains("10000 columns"));

    let files = Memory::default()
        .with("a.csv", "code,kind\na,x\nb,y\nc,z\n")
        .with("a.ndjson", "{\"kind\":\"x\",\"code\":\"a\"}\nbroken\n{\"code\":7}\n");
    assert_eq!(
        ingest::values(&files, "a.csv", "", &["kind", "none", "code"], 2),
        [vec!["x", "y"], vec![], vec!["a", "b"]]
    );
    assert_eq!(ingest::values(&files, "a.ndjson", "", &["code", "kind"], 9), [vec!["a", "7"], vec!["x"]]);
    assert!(problem("book.xlsx", b"PK\x03\x04rest".to_vec()).contains("Excel"));
    assert_eq!(look("keys.csv", b"PK,name\n1,a\n".to_vec()).columns, ["PK", "name"]);
    assert!(problem("numbers.json", b"[1,2,3]".to_vec()).contains("JSON object"));
}

#[test]
fn a_row_in_another_encoding_is_rejected_alone() {
    let mut content = HOSTS.as_bytes().to_vec();
    // the first look ends before the damage
    content.extend("w-8,x,1,1\n".repeat(30_000).bytes());
    content.extend(b"w-9,\xb0\xa1,1,1\n");
    let yaml =
        ITEMS.replace("fields:", "skip: [],  fields:").replace("rows: items", "once: true, rows: items");
    let (outcome, kept) = import(&yaml, Memory::default().with("hosts.csv", content));
    assert_eq!((outcome.counts.rejected, kept.rejects[0].reason.as_str()), (1, "bad_encoding"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_file_makes_it_panic(content in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), json in proptest::prelude::any::<bool>()) {
        let name = if json { "hosts.json" } else { "hosts.csv" };
        let files = Memory::default().with(name, content);
        let first = preview(&files, name, "", 20);
        let (mapping, guesses) = ingest::guess(name, &first.columns, &first.sample, &ingest::Known::default());
        proptest::prop_assert_eq!(guesses.len(), first.columns.len());
        let mapping = model::imports::Mapping { files: vec![mapping], ..Default::default() };
        let _ = run(&mapping, &files, [], &mut Kept::default());
    }
}
