//! What can be said about a mapping without its files.

use std::collections::BTreeMap;

use model::imports::{FileMapping, ItemRef, Mapping, Rows, TimeRef};

use crate::{say::Problem, time::Times};

/// Finds what is wrong with a mapping before any file is opened.
pub fn validate(mapping: &Mapping) -> Vec<Problem> {
    let mut check = Check { tz: &mapping.tz, problems: Vec::new() };
    if mapping.files.is_empty() {
        check.say(
            "files",
            "파일이 하나도 없습니다. files 아래에 적으세요",
            "there is no file; write them below files",
        );
    }
    check.time("tz", &TimeRef { column: "-".to_owned(), ..TimeRef::default() });
    for (i, file) in mapping.files.iter().enumerate() {
        check.file(&format!("files[{i}]"), file);
    }
    for (name, metric) in &mapping.metrics {
        if metric.scale.is_some_and(|scale| !scale.is_finite() || scale == 0.0) {
            check.say(
                &format!("metrics.{name}.scale"),
                "0이 아닌 숫자여야 합니다",
                "has to be a number other than 0",
            );
        }
    }
    check.problems
}

/// Longest name of a kind, in letters.
const LONGEST_KIND: usize = 200;

/// A word of a mapping as it is repeated to a person.
fn short(word: &str) -> String {
    word.chars().take(40).collect()
}

struct Check<'a> {
    tz: &'a str,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn say(&mut self, path: &str, ko: &str, en: &str) {
        self.problems.push(Problem::new(path, ko, en));
    }

    fn file(&mut self, path: &str, file: &FileMapping) {
        self.needed(path, "file", &file.file);
        if !matches!(file.format.as_str(), "" | "csv" | "json" | "ndjson") {
            let format = short(&file.format);
            self.say(
                &format!("{path}.format"),
                &format!("'{format}' 파일 형식은 없습니다. csv, json, ndjson 가운데 하나를 쓰거나 비우세요"),
                &format!("there is no file format '{format}'; write csv, json or ndjson, or leave it out"),
            );
        }
        match &file.rows {
            Rows::Items(rows) => {
                self.needed(path, "code", &rows.code);
                self.needed(path, "kind", &rows.kind);
                self.columns(path, "fields", &rows.fields);
            }
            Rows::ItemFields(rows) => {
                self.item(path, "item", &rows.item);
                self.columns(path, "fields", &rows.fields);
                if rows.fields.is_empty() {
                    self.say(&format!("{path}.fields"), "가져올 필드를 적으세요", "name the fields to take");
                }
            }
            Rows::Relations(rows) => {
                self.item(path, "source", &rows.source);
                self.item(path, "target", &rows.target);
                self.needed(path, "type", &rows.r#type);
                self.columns(path, "fields", &rows.fields);
            }
            Rows::Records(rows) => {
                self.needed(path, "kind", &rows.kind);
                if let Some(item) = &rows.item {
                    self.item(path, "item", item);
                }
                self.time(&format!("{path}.at"), &rows.at);
                if let Some(until) = &rows.until {
                    self.time(&format!("{path}.until"), until);
                }
                self.columns(path, "fields", &rows.fields);
            }
            Rows::MetricsWide(rows) => {
                self.time(&format!("{path}.at"), &rows.at);
                self.columns(path, "metrics", &rows.metrics);
                match &rows.edges {
                    Some(edges) => {
                        self.needed(&format!("{path}.edges"), "metric", &edges.metric);
                        self.needed(&format!("{path}.edges"), "separator", &edges.separator);
                    }
                    None => {
                        self.item(path, "item", &rows.item);
                        if rows.metrics.is_empty() {
                            self.say(
                                &format!("{path}.metrics"),
                                "가져올 지표를 적으세요 (모든 열: \"*\": \"*\")",
                                "name the metrics to take (all columns: \"*\": \"*\")",
                            );
                        }
                    }
                }
            }
            Rows::MetricsLong(rows) => {
                self.item(path, "item", &rows.item);
                self.time(&format!("{path}.at"), &rows.at);
                self.needed(path, "metric", &rows.metric);
                self.needed(path, "value", &rows.value);
            }
        }
    }

    fn needed(&mut self, path: &str, key: &str, value: &str) {
        if value.trim().is_empty() {
            self.say(&format!("{path}.{key}"), "비어 있습니다. 값을 적으세요", "is empty; give it a value");
        }
    }

    fn item(&mut self, path: &str, key: &str, item: &ItemRef) {
        self.needed(&format!("{path}.{key}"), "column", &item.column);
        if item.create_as.chars().count() > LONGEST_KIND || item.create_as.contains('\0') {
            self.say(
                &format!("{path}.{key}.create_as"),
                &format!("찾지 못한 항목을 만들 종류의 이름입니다. {LONGEST_KIND}자까지 쓸 수 있습니다"),
                &format!("the name of the kind missing items are made of has at most {LONGEST_KIND} letters"),
            );
        }
        if item.by.iter().any(|by| by.trim().is_empty()) {
            self.say(
                &format!("{path}.{key}.by"),
                "id, code, name 또는 필드 이름이어야 합니다",
                "has to be id, code, name or a field",
            );
        }
    }

    fn time(&mut self, path: &str, at: &TimeRef) {
        if path != "tz" {
            self.needed(path, "column", &at.column);
        }
        if let Err(text) = Times::new(at, self.tz) {
            let zone = Times::new(&TimeRef { format: String::new(), ..at.clone() }, self.tz).is_err();
            // the zone of the mapping is named once, not with every time
            let path = match (path, zone) {
                ("tz", _) => "tz".to_owned(),
                (_, true) if at.tz.is_empty() => return,
                (path, true) => format!("{path}.tz"),
                (path, false) => format!("{path}.format"),
            };
            self.problems.push(Problem { path, text });
        }
    }

    fn columns(&mut self, path: &str, key: &str, columns: &BTreeMap<String, String>) {
        for (name, column) in columns {
            if name.trim().is_empty() || name.chars().count() > 100 {
                self.say(
                    &format!("{path}.{key}"),
                    "이름은 1자 이상 100자 이하여야 합니다",
                    "names have between 1 and 100 letters",
                );
            }
            self.needed(&format!("{path}.{key}"), name, column);
        }
    }
}
