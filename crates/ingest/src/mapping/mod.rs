//! The mapping as people write it: reading, checking, writing.

mod keys;
mod validate;

use model::imports::Mapping;
use serde::de::DeserializeOwned;
use serde_yaml_ng::Value;

pub use self::validate::validate;
use crate::say::Problem;

/// Longest mapping in bytes; one of hundreds of files stays far below.
const LONGEST: usize = 1024 * 1024;

/// Reads a mapping from YAML and checks it; every problem names its place.
pub fn parse(yaml: &str) -> Result<Mapping, Vec<Problem>> {
    if yaml.len() > LONGEST {
        let most = LONGEST >> 10;
        return Err(vec![Problem::new(
            "",
            format!("매핑이 {most} KiB를 넘습니다. 파일이 아니라 매핑을 넣었는지 확인하세요"),
            format!(
                "the mapping is longer than {most} KiB; check that it is a mapping and not a file of rows"
            ),
        )]);
    }
    let value: Value = serde_yaml_ng::from_str(yaml).map_err(|error| vec![syntax(&error)])?;
    let mut problems = Vec::new();
    keys::check(&value, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    parts(&value, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mapping: Mapping = serde_yaml_ng::from_value(value).map_err(|error| vec![shape("", &error)])?;
    let problems = validate(&mapping);
    if problems.is_empty() { Ok(mapping) } else { Err(problems) }
}

/// Writes a mapping as the YAML [`parse`] reads.
pub fn to_yaml(mapping: &Mapping) -> Result<String, Problem> {
    serde_yaml_ng::to_string(mapping).map_err(|error| shape("", &error))
}

/// Tries the parts one by one, because a failure in the whole does not say where it is.
fn parts(value: &Value, problems: &mut Vec<Problem>) {
    use model::imports::{FieldNaming, FileMapping, MetricNaming, Naming, RecordNaming, RelationNaming};
    if let Some(Value::Sequence(files)) = value.get("files") {
        for (i, file) in files.iter().enumerate() {
            try_part::<FileMapping>(&format!("files[{i}]"), file, problems);
        }
    }
    named::<Naming>("kinds", value, problems);
    named::<RelationNaming>("relations", value, problems);
    named::<RecordNaming>("records", value, problems);
    named::<FieldNaming>("fields", value, problems);
    named::<MetricNaming>("metrics", value, problems);
}

fn named<T: DeserializeOwned>(section: &str, value: &Value, problems: &mut Vec<Problem>) {
    if let Some(Value::Mapping(entries)) = value.get(section) {
        for (name, entry) in entries {
            let name = name.as_str().unwrap_or("?");
            try_part::<T>(&format!("{section}.{name}"), entry, problems);
        }
    }
}

fn try_part<T: DeserializeOwned>(path: &str, value: &Value, problems: &mut Vec<Problem>) {
    if let Err(error) = serde_yaml_ng::from_value::<T>(value.clone()) {
        problems.push(shape(path, &error));
    }
}

fn syntax(error: &serde_yaml_ng::Error) -> Problem {
    let place =
        error.location().map_or_else(String::new, |l| format!("line {}, column {}", l.line(), l.column()));
    Problem::new(
        place,
        format!("YAML로 읽을 수 없습니다. 들여쓰기와 따옴표를 확인하세요 ({error})"),
        format!("cannot be read as YAML; check indentation and quotes ({error})"),
    )
}

fn shape(path: &str, error: &serde_yaml_ng::Error) -> Problem {
    let text = error.to_string();
    if let Some(rest) = text.strip_prefix("missing field `") {
        let name = rest.split('`').next().unwrap_or_default();
        return Problem::new(
            path,
            format!("'{name}' 항목이 빠졌습니다. 추가하세요"),
            format!("'{name}' is missing; add it"),
        );
    }
    let text: String = text.chars().take(200).collect();
    Problem::new(
        path,
        format!("모양이 맞지 않습니다. 값의 종류를 확인하세요 ({text})"),
        format!("has the wrong shape; check what kind of value is meant ({text})"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
name: shop
tz: Asia/Seoul
files:
  - file: hosts.csv
    rows: items
    code: 장비코드
    kind: =server
    fields: {ip: IP주소, "*": tags}
  - file: "alarm/*.ndjson.gz"
    rows: records
    kind: alarm
    item: {column: host, by: [code, name]}
    at: {column: when, format: "%Y-%m-%d %H:%M"}
    fields: {level: 등급}
  - file: cpu.csv
    rows: metrics_wide
    item: host
    at: time
    metrics: {"*": "*"}
records:
  alarm:
    role: event
    fields: {level: {role: severity, order: [경미, 주의, 심각]}}
metrics:
  cpu: {label: {ko: CPU 사용률, en: CPU usage}, unit: "%"}
"#;

    #[test]
    fn a_mapping_survives_being_written_and_read() {
        let mapping = parse(GOOD).unwrap();
        assert_eq!(mapping.files.len(), 3);
        let again = to_yaml(&mapping).unwrap();
        assert_eq!(parse(&again).unwrap(), mapping, "{again}");
        assert!(!again.contains("null") && !again.contains("''"), "{again}");
    }

    #[track_caller]
    fn problem(yaml: &str) -> (String, String) {
        let problems = parse(yaml).unwrap_err();
        let first = problems.first().unwrap();
        assert!(!first.text.ko.is_empty());
        (first.path.clone(), first.text.en.clone())
    }

    #[test]
    fn a_key_that_does_not_exist_is_named_with_the_nearest_that_does() {
        let (path, text) = problem(&GOOD.replace("    code: 장비코드", "    cod: 장비코드"));
        assert_eq!(path, "files[0].cod");
        assert!(text.contains("'code'"), "{text}");
    }

    #[test]
    fn a_missing_part_is_named_with_its_place() {
        let (path, text) = problem("files:\n  - {file: a.csv, rows: items, code: c}\n");
        assert_eq!((path.as_str(), text.contains("'kind'")), ("files[0]", true));
        let (path, _) = problem("files:\n  - {file: a.csv, code: c}\n");
        assert_eq!(path, "files[0].rows");
        let (path, _) = problem("files:\n  - {file: a.csv, rows: item, code: c}\n");
        assert_eq!(path, "files[0].rows");
        let (path, _) = problem("name: x\n");
        assert_eq!(path, "files");
    }

    #[test]
    fn what_is_no_yaml_is_named_with_its_line() {
        let (path, _) = problem("files:\n  - {file: a.csv\n");
        assert!(path.contains("line"), "{path}");
    }

    #[test]
    fn wrong_zones_formats_and_roles_are_refused() {
        assert_eq!(problem(&GOOD.replace("Asia/Seoul", "Asia/Soul")).0, "tz");
        assert_eq!(problem(&GOOD.replace("%Y-%m-%d %H:%M", "dd.mm")).0, "files[1].at.format");
        assert_eq!(problem(&GOOD.replace("role: severity", "role: severe")).0, "records.alarm");
    }
}
