//! The first look at a file: its columns and its first rows.

use std::collections::HashSet;

use model::Localized;
use serde_json::Value;

use super::{Cells, Files, MOST_COLUMNS, ReadError, Table, too_wide};

/// What the first look found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preview {
    /// Columns, or for JSON the keys of the first rows in order of appearance.
    pub columns: Vec<String>,
    /// First rows as text; lists and objects are written as JSON.
    pub sample: Vec<Vec<String>>,
    /// Rows, damaged ones included.
    pub rows: u64,
    /// What ends the file early, where something does.
    pub problem: Option<Localized>,
}

/// Rows of JSON whose keys become columns.
const JSON_ROWS: usize = 200;

/// Looks at a file: `sample` rows are kept, all rows are counted.
pub fn preview(files: &dyn Files, name: &str, format: &str, sample: usize) -> Preview {
    let mut found = Preview::default();
    let mut table = match Table::open(files, name, format) {
        Ok(table) => table,
        Err(problem) => return Preview { problem: Some(problem), ..found },
    };
    found.columns = table.head().unwrap_or_default().to_vec();
    let mut objects: Vec<serde_json::Map<String, Value>> = Vec::new();
    loop {
        match table.next() {
            Ok(None) => break,
            Ok(Some(row)) => match row.cells {
                Cells::Csv(record) if found.sample.len() < sample => {
                    found.sample.push(record.iter().map(str::to_owned).collect());
                }
                Cells::Json(Value::Object(map)) if objects.len() < sample.max(JSON_ROWS) => {
                    objects.push(map.clone());
                }
                _ => {}
            },
            Err(ReadError::Row { .. }) => {}
            Err(ReadError::File(problem)) => {
                found.problem = Some(problem);
                break;
            }
        }
        found.rows += 1;
    }
    let mut seen = HashSet::new();
    for key in objects.iter().flat_map(serde_json::Map::keys) {
        if seen.insert(key) {
            found.columns.push(key.clone());
        }
    }
    if found.columns.len() > MOST_COLUMNS {
        return Preview { problem: Some(too_wide()), rows: found.rows, ..Preview::default() };
    }
    if found.columns.is_empty() && found.rows > 0 && found.problem.is_none() {
        found.problem = Some(Localized::new(
            "읽을 수 있는 행이 없습니다. 행은 {\"열\": 값, …} 모양의 JSON 객체여야 합니다",
            "no row can be read; a row is a JSON object {\"column\": value, …}",
        ));
    }
    found.sample.extend(objects.iter().take(sample).map(|object| {
        found.columns.iter().map(|column| object.get(column).map(as_text).unwrap_or_default()).collect()
    }));
    found
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
