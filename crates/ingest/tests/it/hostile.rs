//! Files and mappings nobody should send, and some that people send every day: each is read, or refused with a sentence
//! that says what is wrong and how to mend it.

use std::io::Write;

use ingest::{Error, Memory, parse, preview, run};
use model::imports::Mapping;

use crate::common::Kept;

fn look(name: &str, content: impl Into<Vec<u8>>) -> ingest::Preview {
    preview(&Memory::default().with(name, content), name, "", 20)
}

fn refused(name: &str, content: impl Into<Vec<u8>>) -> (String, String) {
    let problem = look(name, content).problem.unwrap_or_else(|| panic!("{name} is taken"));
    (problem.ko, problem.en)
}

fn euc_kr(text: &str) -> Vec<u8> {
    encoding_rs::EUC_KR.encode(text).0.into_owned()
}

fn hosts() -> Mapping {
    parse("files:\n  - {file: hosts.csv, rows: items, code: 코드, name: 이름, kind: =서버}\n").unwrap()
}

fn codes(content: impl Into<Vec<u8>>) -> (Vec<String>, Vec<(u64, String, String)>) {
    let files = Memory::default().with("hosts.csv", content);
    let mut kept = Kept::default();
    run(&hosts(), &files, [], &mut kept).unwrap();
    let rejects = kept.rejects.into_iter().map(|r| (r.line, r.reason, r.text.ko)).collect();
    (kept.items.into_values().map(|item| format!("{}={}", item.code, item.name)).collect(), rejects)
}

#[test]
fn korean_spreadsheets_are_read_in_the_encoding_they_come_in() {
    let text = "코드,이름\r\nw-1,웹 서버\r\nw-2,뷁 서버\r\n";
    let utf16: Vec<u8> =
        std::iter::once(0xfeff_u16).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for content in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), euc_kr(text), utf16] {
        let (items, rejects) = codes(content);
        assert_eq!((items, rejects), (vec!["w-1=웹 서버".to_owned(), "w-2=뷁 서버".to_owned()], vec![]));
    }
    // quoted line ends, old Mac files and a last line without an end
    assert_eq!(codes("코드,이름\r\nw-1,\"웹\r\n서버\"\r\nw-2,x").0.len(), 2);
    assert_eq!(codes("코드,이름\rw-1,a\rw-2,b").0, ["w-1=a", "w-2=b"]);
}

#[test]
fn files_that_hold_no_table_say_so() {
    for (name, content, ko) in [
        ("a.csv", Vec::new(), "빈 파일"),
        ("a.csv", b"\xef\xbb\xbf".to_vec(), "빈 파일"),
        ("a.csv", b"\r\n\r\n".to_vec(), "머리글"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00broken".to_vec(), "파일"),
        ("a.csv", b"a,b\n\x81\xff\xfe\x00\x00\x80\x80\n".to_vec(), "UTF-8"),
        ("a.json", b"{}".to_vec(), "JSON"),
        ("a.xlsx", b"PK\x03\x04xl/worksheets".to_vec(), "CSV(UTF-8)"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "CSV(UTF-8)"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".to_vec(), "CSV"),
    ] {
        let (found, en) = refused(name, content);
        assert!(found.contains(ko) && !en.is_empty(), "{name}: {found} / {en}");
    }
    // a head without rows is a table, of one column too
    let head = look("a.csv", "코드\n");
    assert_eq!((head.columns, head.rows, head.problem), (vec!["코드".to_owned()], 0, None));
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all("코드,이름\n".repeat(9_999).as_bytes()).unwrap();
    let mut cut = gz.finish().unwrap();
    cut.truncate(cut.len() / 2);
    assert!(refused("a.csv.gz", cut).0.contains("중간에"));
}

#[test]
fn columns_of_the_same_name_and_without_one_are_told_apart() {
    let seen = look("a.csv", "코드,이름,이름,\nw-1,a,b,c\n");
    assert_eq!(seen.columns, ["코드", "이름", "이름 (2)", "column 4"]);
    let one = look("a.csv", "코드\nw-1\nw-2\n");
    assert_eq!((one.columns.len(), one.rows), (1, 2));
}

#[test]
fn rows_with_damage_are_named_and_the_others_go_in() {
    let long = "긴".repeat(600);
    let (items, rejects) =
        codes(format!("코드,이름\nw-1,a\nw-2,\"b\0\"\nw-3,{long}\nw-4,c,d\n,e\nw-1,f\nw-6,g\n"));
    assert_eq!(items, ["w-1=a", "w-6=g"]);
    let told: Vec<(u64, &str)> = rejects.iter().map(|(line, reason, _)| (*line, reason.as_str())).collect();
    assert_eq!(told, [(3, "bad_row"), (4, "too_long"), (5, "bad_row"), (6, "missing"), (7, "duplicate")]);
    assert!(rejects[1].2.contains("500자"), "{rejects:?}");
}

#[test]
fn mappings_made_to_fill_a_machine_are_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let before = format!("*a{}, ", n - 1).repeat(9);
        bomb.push_str(&format!("a{n}: &a{n} [{}]\n", before.trim_end_matches(", ")));
    }
    let deep = format!("files: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    let own = "files: &a [*a]\n".to_owned();
    let large = format!("name: {}\nfiles: []\n", "x".repeat(3 << 20));
    for yaml in [bomb, deep, own, large] {
        let problems = parse(&yaml).unwrap_err();
        assert!(
            problems[0].text.ko.contains("매핑") || problems[0].text.ko.contains("YAML"),
            "{:?}",
            problems[0]
        );
        assert!(problems[0].text.ko.chars().count() < 400, "{:?}", problems[0]);
    }
}

#[test]
fn words_of_a_mapping_that_mean_nothing_are_refused_with_those_that_do() {
    let problem = |yaml: &str| {
        let first = parse(yaml).unwrap_err().remove(0);
        (first.path, first.text.ko)
    };
    let (path, text) = problem("files:\n  - {file: a.csv, format: excel, rows: items, code: a, kind: b}\n");
    assert!(path == "files[0].format" && text.contains("excel") && text.contains("ndjson"), "{path}: {text}");
    let links = "files:\n  - {file: a.csv, rows: relations, source: a, target: b, type: c}\n";
    let (path, text) = problem(&format!("{links}relations: {{uses: {{impact: up}}}}\n"));
    assert!(path == "relations.uses" && text.contains("to_source") && text.contains("up"), "{path}: {text}");
    for word in ["true", "false", "to_source", "to_target", "both", "none"] {
        parse(&format!("{links}relations: {{uses: {{impact: {word}}}}}\n")).unwrap();
    }
    let long = "k".repeat(201);
    let item = format!(
        "files:\n  - {{file: a.csv, rows: records, kind: k, at: t, item: {{column: a, create_as: {long}}}}}\n"
    );
    let (path, text) = problem(&item);
    assert!(path == "files[0].item.create_as" && text.contains("200자"), "{path}: {text}");
    let (path, text) = problem("files:\n  - {file: a.csv, rows: items, code: [a], kind: b}\n");
    assert!(path == "files[0]" && text.contains("모양"), "{path}: {text}");
}

#[test]
fn a_row_that_finds_no_item_says_what_was_looked_for_and_what_can_be_done() {
    let yaml =
        "files:\n  - {file: a.csv, rows: records, kind: k, at: t, item: {column: host, by: [code, name]}}\n";
    let files = Memory::default().with("a.csv", "t,host\n2026-01-01 00:00,w-9\nsoon,\n");
    let mut kept = Kept::default();
    run(&parse(yaml).unwrap(), &files, [], &mut kept).unwrap();
    let text = &kept.rejects[0].text;
    assert!(
        text.ko.contains("코드(code), 이름(name)") && text.ko.contains("없으면 이 종류로 만들기"),
        "{}",
        text.ko
    );
    assert!(kept.rejects[1].text.ko.contains("시각 형식"), "{}", kept.rejects[1].text.ko);
    assert!(matches!(run(&hosts(), &files, [], &mut Kept::default()), Err(Error::Mapping(_))));
}
