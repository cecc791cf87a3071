//! Which keys may stand where, so that a slip of the pen is found with its place and not ignored.

use serde_yaml_ng::Value;

use crate::say::Problem;

const MAPPING: &[&str] = &["name", "tz", "files", "kinds", "relations", "records", "fields", "metrics"];
const FILE: &[&str] = &["file", "format", "only", "except", "once", "rows"];
const ROWS: &[(&str, &[&str])] = &[
    ("items", &["code", "id", "name", "kind", "fields", "skip"]),
    ("item_fields", &["item", "fields", "skip"]),
    ("relations", &["source", "target", "type", "fields", "skip"]),
    ("records", &["kind", "id", "item", "at", "until", "fields", "skip"]),
    ("metrics_wide", &["item", "at", "metrics", "skip", "edges"]),
    ("metrics_long", &["item", "at", "metric", "value", "unit"]),
];
const ITEM: &[&str] = &["column", "by", "before", "after", "create_as", "lowercase"];
const TIME: &[&str] = &["column", "format", "tz"];
const EDGES: &[&str] = &["metric", "separator", "item"];
const NAMING: &[&str] = &["label", "synonyms"];
const RELATION: &[&str] = &["label", "synonyms", "impact"];
const RECORD: &[&str] = &["label", "synonyms", "role", "fields"];
const FIELD: &[&str] = &["label", "synonyms", "type", "unit", "role", "order"];
const METRIC: &[&str] = &["label", "synonyms", "unit", "scale"];
const LABEL: &[&str] = &["ko", "en"];

/// Finds keys that do not exist, and what has no keys where it should.
pub(super) fn check(value: &Value, problems: &mut Vec<Problem>) {
    object(value, "", MAPPING, problems);
    match value.get("files") {
        Some(Value::Sequence(files)) => {
            for (i, entry) in files.iter().enumerate() {
                file(entry, &format!("files[{i}]"), problems);
            }
        }
        _ => problems.push(Problem::new(
            "files",
            "파일 목록이 없습니다. files: 아래에 '- file: 이름'으로 적으세요",
            "there is no list of files; write '- file: name' below files:",
        )),
    }
    for (section, keys) in [
        ("kinds", NAMING),
        ("relations", RELATION),
        ("records", RECORD),
        ("fields", FIELD),
        ("metrics", METRIC),
    ] {
        naming(value.get(section), section, keys, problems);
    }
}

fn file(entry: &Value, path: &str, problems: &mut Vec<Problem>) {
    let rows = entry.get("rows").and_then(Value::as_str).unwrap_or_default();
    let Some((_, own)) = ROWS.iter().find(|(name, _)| *name == rows) else {
        let names = ROWS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        problems.push(Problem::new(
            format!("{path}.rows"),
            format!("행이 무엇인지 적으세요. 가능한 값: {names}"),
            format!("say what the rows are; one of {names}"),
        ));
        return;
    };
    let keys: Vec<&str> = FILE.iter().chain(own.iter()).copied().collect();
    object(entry, path, &keys, problems);
    for key in ["item", "source", "target"] {
        reference(entry.get(key), &format!("{path}.{key}"), ITEM, problems);
    }
    for key in ["at", "until"] {
        reference(entry.get(key), &format!("{path}.{key}"), TIME, problems);
    }
    if let Some(edges) = entry.get("edges") {
        let path = format!("{path}.edges");
        object(edges, &path, EDGES, problems);
        reference(edges.get("item"), &format!("{path}.item"), ITEM, problems);
    }
}

fn reference(value: Option<&Value>, path: &str, keys: &[&str], problems: &mut Vec<Problem>) {
    match value {
        None | Some(Value::Null | Value::String(_)) => {}
        Some(value) => object(value, path, keys, problems),
    }
}

fn naming(section: Option<&Value>, path: &str, keys: &[&str], problems: &mut Vec<Problem>) {
    let Some(Value::Mapping(entries)) = section else { return };
    for (name, entry) in entries {
        let path = format!("{path}.{}", name.as_str().unwrap_or("?"));
        object(entry, &path, keys, problems);
        if let Some(label) = entry.get("label") {
            object(label, &format!("{path}.label"), LABEL, problems);
        }
        naming(entry.get("fields"), &format!("{path}.fields"), FIELD, problems);
    }
}

fn object(value: &Value, path: &str, keys: &[&str], problems: &mut Vec<Problem>) {
    let known = keys.join(", ");
    let Value::Mapping(entries) = value else {
        problems.push(Problem::new(
            path,
            format!("'이름: 값' 모양이어야 합니다. 가능한 이름: {known}"),
            format!("has to be written as 'name: value'; names are {known}"),
        ));
        return;
    };
    for key in entries.keys() {
        let key = key.as_str().unwrap_or("?");
        if keys.contains(&key) {
            continue;
        }
        let place = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let (ko, en) = match nearest(key, keys) {
            Some(near) => (format!("'{near}'을(를) 쓰려던 것인가요? "), format!("did you mean '{near}'? ")),
            None => Default::default(),
        };
        problems.push(Problem::new(
            place,
            format!("'{key}' 항목은 없습니다. {ko}가능한 항목: {known}"),
            format!("there is no '{key}' here; {en}possible are {known}"),
        ));
    }
}

/// The key with the fewest letters changed, when few are.
fn nearest<'a>(key: &str, keys: &[&'a str]) -> Option<&'a str> {
    keys.iter()
        .map(|other| (distance(key, other), *other))
        .min()
        .filter(|(d, _)| *d <= 2)
        .map(|(_, other)| other)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let change = row.get(j).copied().unwrap_or(0) + usize::from(x != *y);
            let remove = row.get(j + 1).copied().unwrap_or(0) + 1;
            let insert = next.last().copied().unwrap_or(0) + 1;
            next.push(change.min(remove).min(insert));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
