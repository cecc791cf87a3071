//! Paths to values: a column, `a.b` into JSON (also JSON inside a CSV cell), `=text`, `@file`.

use std::borrow::Cow;

use model::Localized;
use serde_json::Value;

use crate::{
    read::{Cells, Row},
    value::tidy,
};

/// A path made ready for the rows of one file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Path {
    /// The same text in every row.
    Const(String),
    /// A column of CSV.
    Column(usize),
    /// A place in the JSON of a cell.
    Inside(usize, Vec<String>),
    /// A place in a row that is JSON.
    Json(String, Vec<String>),
    /// The whole row: what `*` → `*` spreads.
    Row,
    /// A column this file does not have, where that is no mistake.
    Absent,
}

/// What stands at a path.
#[derive(Debug)]
pub(crate) enum At<'a> {
    /// No value: empty, null, or not there.
    Nothing,
    /// A cell of CSV or a constant, without blanks around it, never empty.
    Cell(Cow<'a, str>),
    /// A value of JSON, never null or an empty text.
    Json(Cow<'a, Value>),
    /// A cell that should be JSON and is not.
    Broken(&'a str),
}

impl Path {
    /// Reads a path for a file with these columns (`None` for JSON) and this name without ending.
    pub fn new(text: &str, head: Option<&[String]>, stem: &str) -> Result<Self, Localized> {
        let text = text.trim();
        if let Some(constant) = text.strip_prefix('=') {
            return Ok(Self::Const(constant.trim().to_owned()));
        }
        if text == "@file" {
            return Ok(Self::Const(tidy(stem).into_owned()));
        }
        if text == "*" {
            return Ok(Self::Row);
        }
        let Some(head) = head else {
            return Ok(Self::Json(text.to_owned(), parts(text)));
        };
        if let Some(column) = head.iter().position(|name| name == text) {
            return Ok(Self::Column(column));
        }
        // the longest beginning that is a column; the rest leads into its JSON
        for (dot, _) in text.rmatch_indices('.') {
            let (name, rest) = (text.get(..dot).unwrap_or_default(), text.get(dot + 1..).unwrap_or_default());
            if let Some(column) = head.iter().position(|other| other == name) {
                return Ok(Self::Inside(column, parts(rest)));
            }
        }
        Err(no_column(text, head))
    }

    /// The column of CSV it reads, whole or in part.
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::Column(column) | Self::Inside(column, _) => Some(*column),
            _ => None,
        }
    }

    /// The first key it reads of a JSON row.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Json(_, parts) => parts.first().map(String::as_str),
            _ => None,
        }
    }

    /// What stands there in a row.
    pub fn at<'a>(&'a self, row: Row<'a>) -> At<'a> {
        match (self, row.cells) {
            (Self::Const(text), _) => cell(text),
            (Self::Column(column), Cells::Csv(record)) => cell(record.get(*column).unwrap_or_default()),
            (Self::Inside(column, rest), Cells::Csv(record)) => {
                let text = record.get(*column).unwrap_or_default().trim();
                if text.is_empty() {
                    return At::Nothing;
                }
                match serde_json::from_str::<Value>(text) {
                    Ok(value) => {
                        walk(&value, rest).cloned().map_or(At::Nothing, |found| json(Cow::Owned(found)))
                    }
                    Err(_) => At::Broken(text),
                }
            }
            (Self::Json(whole, rest), Cells::Json(value)) => {
                let found = value.get(whole).or_else(|| walk(value, rest));
                found.map_or(At::Nothing, |found| json(Cow::Borrowed(found)))
            }
            (Self::Row, Cells::Json(value)) => json(Cow::Borrowed(value)),
            _ => At::Nothing,
        }
    }

    /// The object whose entries become fields; a cell of CSV is parsed.
    pub fn object<'a>(&'a self, row: Row<'a>) -> At<'a> {
        match self.at(row) {
            At::Cell(text) => match serde_json::from_str::<Value>(&text) {
                Ok(Value::Null) => At::Nothing,
                Ok(value) => At::Json(Cow::Owned(value)),
                Err(_) => match (self, row.cells) {
                    (Self::Column(column), Cells::Csv(record)) => {
                        At::Broken(record.get(*column).unwrap_or_default())
                    }
                    _ => At::Broken(""),
                },
            },
            other => other,
        }
    }
}

impl At<'_> {
    /// As text: names, codes, times.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Cell(text) => Some(Cow::Borrowed(text)),
            Self::Json(value) => match value.as_ref() {
                Value::String(text) => Some(tidy(text)),
                Value::Number(number) => Some(Cow::Owned(number.to_string())),
                Value::Bool(yes) => Some(Cow::Owned(yes.to_string())),
                _ => None,
            },
            Self::Nothing | Self::Broken(_) => None,
        }
    }
}

fn cell(text: &str) -> At<'_> {
    let text = tidy(text);
    if text.is_empty() { At::Nothing } else { At::Cell(text) }
}

fn json(value: Cow<'_, Value>) -> At<'_> {
    match value.as_ref() {
        Value::Null => At::Nothing,
        Value::String(text) if text.trim().is_empty() => At::Nothing,
        _ => At::Json(value),
    }
}

fn parts(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

fn walk<'a>(value: &'a Value, parts: &[String]) -> Option<&'a Value> {
    parts.iter().try_fold(value, |value, part| match value {
        Value::Object(map) => map.get(part),
        Value::Array(list) => part.parse::<usize>().ok().and_then(|i| list.get(i)),
        _ => None,
    })
}

/// That a file lacks a column, with the columns it has.
fn no_column(text: &str, head: &[String]) -> Localized {
    let shown: Vec<&str> = head.iter().take(40).map(String::as_str).collect();
    let shown = shown.join(", ");
    // What was asked for may be anything; what is told of it has an end.
    let text: String = text.chars().take(100).collect();
    Localized::new(
        format!("'{text}' 열이 없습니다. 있는 열: {shown}"),
        format!("there is no column '{text}'; the file has: {shown}"),
    )
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::*;

    fn in_csv(path: &str, head: &[&str], cells: &[&str]) -> Option<String> {
        let head: Vec<String> = head.iter().map(|s| (*s).to_owned()).collect();
        let record = StringRecord::from(cells.to_vec());
        let path = Path::new(path, Some(&head), "web-5f_metric").unwrap();
        path.at(Row { line: 2, cells: Cells::Csv(&record) }).text().map(Cow::into_owned)
    }

    #[test]
    fn a_path_leads_into_json_inside_a_cell() {
        let cells = ["1", r#"{"system":"erp","net":{"ip":"10.0.0.1"},"ports":[22,80]}"#];
        assert_eq!(in_csv("tags.system", &["id", "tags"], &cells).as_deref(), Some("erp"));
        assert_eq!(in_csv("tags.net.ip", &["id", "tags"], &cells).as_deref(), Some("10.0.0.1"));
        assert_eq!(in_csv("tags.ports.1", &["id", "tags"], &cells).as_deref(), Some("80"));
        assert_eq!(in_csv("tags.none", &["id", "tags"], &cells), None);
    }

    #[test]
    fn a_column_whose_name_has_a_dot_is_a_column() {
        assert_eq!(in_csv("net.ip", &["net", "net.ip"], &["{}", "x"]).as_deref(), Some("x"));
    }

    #[test]
    fn constants_and_the_name_of_the_file_are_values() {
        assert_eq!(in_csv("=server", &["a"], &["1"]).as_deref(), Some("server"));
        assert_eq!(in_csv("@file", &["a"], &["1"]).as_deref(), Some("web-5f_metric"));
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_those_that_are() {
        let head = vec!["code".to_owned(), "이름".to_owned()];
        let error = Path::new("kode", Some(&head), "x").unwrap_err();
        assert!(error.ko.contains("kode") && error.ko.contains("이름"), "{error:?}");
    }

    #[test]
    fn a_json_row_is_walked_and_a_key_with_a_dot_is_found() {
        let row: Value = serde_json::from_str(r#"{"a":{"b":null,"c":7},"x.y":"z"}"#).unwrap();
        let at = |text: &str| {
            let path = Path::new(text, None, "f").unwrap();
            path.at(Row { line: 1, cells: Cells::Json(&row) }).text().map(Cow::into_owned)
        };
        assert_eq!(at("a.c").as_deref(), Some("7"));
        assert_eq!(at("a.b"), None);
        assert_eq!(at("x.y").as_deref(), Some("z"));
    }
}
