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
    /// Whether `rows` is an estimate: only the first part of a large file is looked at.
    pub estimated: bool,
    /// What ends the file early, where something does.
    pub problem: Option<Localized>,
}

/// Rows of JSON whose keys become columns.
const JSON_ROWS: u64 = 200;
/// Rows looked at; the number of those behind them is estimated.
const LOOKED_AT: u64 = 20_000;
/// Bytes read ahead, on average.
const AHEAD: u64 = 32 * 1024;

/// Looks at a file: `sample` rows are kept and rows are counted, of a large file in its first part only.
pub fn preview(files: &dyn Files, name: &str, format: &str, sample: usize) -> Preview {
    let mut found = Preview::default();
    let mut table = match Table::open(files, name, format) {
        Ok(table) => table,
        Err(problem) => return Preview { problem: Some(problem), ..found },
    };
    found.columns = table.head().unwrap_or_default().to_vec();
    let mut objects: Vec<serde_json::Map<String, Value>> = Vec::new();
    let mut seen = HashSet::new();
    loop {
        if found.rows >= LOOKED_AT {
            // what is read ahead of the row looked at is half of a buffer on average
            let read = table.bytes_read().saturating_sub(AHEAD).max(1);
            let all = files.bytes(name).max(read);
            found.rows = (found.rows as f64 * (all as f64 / read as f64)).round() as u64;
            found.estimated = true;
            break;
        }
        match table.next() {
            Ok(None) => break,
            Ok(Some(row)) => match row.cells {
                Cells::Csv(record) if found.sample.len() < sample => {
                    found.sample.push(record.iter().map(str::to_owned).collect());
                }
                Cells::Json(Value::Object(map)) if found.rows < JSON_ROWS => {
                    for key in map.keys() {
                        if seen.len() <= MOST_COLUMNS && seen.insert(key.clone()) {
                            found.columns.push(key.clone());
                        }
                    }
                    if objects.len() < sample {
                        objects.push(map.clone());
                    }
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
    if found.columns.len() > MOST_COLUMNS {
        return Preview { problem: Some(too_wide()), rows: found.rows, ..Preview::default() };
    }
    if found.columns.is_empty() && found.rows > 0 && found.problem.is_none() {
        found.problem = Some(Localized::new(
            "읽을 수 있는 행이 없습니다. 행은 {\"열\": 값, …} 모양의 JSON 객체여야 합니다",
            "no row can be read; a row is a JSON object {\"column\": value, …}",
        ));
    }
    found.sample.extend(objects.iter().map(|object| {
        found.columns.iter().map(|column| object.get(column).map(as_text).unwrap_or_default()).collect()
    }));
    found
}

/// The values of some columns in the first `rows` rows, column by column; what cannot be read is left out.
pub fn values(
    files: &dyn Files,
    name: &str,
    format: &str,
    columns: &[&str],
    rows: usize,
) -> Vec<Vec<String>> {
    let mut found = vec![Vec::new(); columns.len()];
    let Ok(mut table) = Table::open(files, name, format) else { return found };
    let places: Option<Vec<Option<usize>>> = table
        .head()
        .map(|head| columns.iter().map(|column| head.iter().position(|name| name == column)).collect());
    for _ in 0..rows {
        let row = match table.next() {
            Ok(Some(row)) => row,
            Err(ReadError::Row { .. }) => continue,
            Ok(None) | Err(ReadError::File(_)) => break,
        };
        for (at, (column, kept)) in columns.iter().zip(&mut found).enumerate() {
            let value = match row.cells {
                Cells::Csv(record) => places
                    .as_ref()
                    .and_then(|places| record.get(places.get(at).copied().flatten()?))
                    .map(str::to_owned),
                Cells::Json(value) => value.get(column).map(as_text),
            };
            kept.extend(value);
        }
    }
    found
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
