//! A step as sentences see it: its rows, and what its columns are called and measured in.

use std::borrow::Cow;

use chrono_tz::Tz;
use model::{
    Lang,
    answer::Column,
    plan::{Kind, Node},
    schema::{Catalogue, FieldDef, FieldRole, MetricDef, RecordKind},
    tools::ToolOutput,
};
use serde_json::{Map, Value};

use super::{columns, korean, value};

/// What holds for the whole answer.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// Names of kinds, fields, metrics.
    pub catalogue: &'a Catalogue,
    /// Language of the answer.
    pub lang: Lang,
    /// Zone in which times are shown.
    pub tz: Tz,
}

impl Frame<'_> {
    /// The text of the answer's language.
    pub fn pick<'t>(&self, ko: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Ko => ko,
            Lang::En => en,
        }
    }
}

/// A row of a step.
pub type Row = Map<String, Value>;

/// A step that ended well, ready to be told.
pub struct Step<'a> {
    /// What holds for the whole answer.
    pub frame: Frame<'a>,
    /// Number of its evidence.
    pub n: u32,
    /// Its label in the plan.
    pub label: &'a str,
    /// Its output; the outputs of a for-each are one list.
    pub output: Cow<'a, ToolOutput>,
    /// The kind of record it looked at.
    pub record: Option<&'a RecordKind>,
    /// The metric it looked at.
    pub metric: Option<&'a MetricDef>,
    /// Arguments of its tool as planned.
    pub args: Option<&'a Map<String, Value>>,
}

impl<'a> Step<'a> {
    /// A step of a plan with its output.
    pub fn new(frame: Frame<'a>, n: u32, node: Option<&'a Node>, output: &'a ToolOutput) -> Self {
        let args = node.and_then(tool_args);
        let text = |path: &str| args.and_then(|args| args.get(path)).and_then(Value::as_str);
        let record = args
            .and_then(|args| args.get("select"))
            .and_then(|select| select.get("kind"))
            .and_then(Value::as_str)
            .and_then(|key| frame.catalogue.records.iter().find(|kind| kind.key == key));
        let metric = text("metric").and_then(|key| frame.catalogue.metrics.iter().find(|m| m.key == key));
        let label = node.map_or("", |node| node.label.as_str());
        Self { frame, n, label, output: flatten(output), record, metric, args }
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.output.rows
    }

    /// Rows there are, told or not.
    pub fn total(&self) -> u64 {
        self.output.total.max(self.output.rows.len() as u64)
    }

    /// What a column is called.
    pub fn column_label(&self, key: &str) -> String {
        if let Some(field) = self.field(key) {
            return field.label.get(self.frame.lang).to_owned();
        }
        if let Some(label) = columns::label(key, self.frame.lang) {
            return label.to_owned();
        }
        if let Some((function, field)) = columns::measure(key) {
            let field = self.column_label(field);
            return match self.frame.lang {
                Lang::Ko => format!("{field} {}", columns::label(function, Lang::Ko).unwrap_or(function)),
                Lang::En => format!("{} {field}", columns::label(function, Lang::En).unwrap_or(function)),
            };
        }
        let given = self.output.columns.iter().find(|column| column.key == key);
        match given.map(|column| column.label.as_str()) {
            Some(label) if !label.is_empty() => label.to_owned(),
            _ => key.to_owned(),
        }
    }

    /// The unit of a column, or empty.
    pub fn column_unit(&self, key: &str) -> String {
        if let Some(field) = self.field(key) {
            return field.unit.clone();
        }
        let given = self.output.columns.iter().find(|column| column.key == key);
        if let Some(column) = given.filter(|column| !column.unit.is_empty()) {
            return column.unit.clone();
        }
        if let Some(metric) = self.metric.filter(|_| columns::has_metric_unit(key)) {
            return metric.unit.clone();
        }
        match columns::measure(key) {
            Some((_, field)) => self.column_unit(field),
            None => columns::unit(key).to_owned(),
        }
    }

    /// The field of the catalogue a column shows.
    pub fn field(&self, key: &str) -> Option<&'a FieldDef> {
        let of_item = ["ci.", "source.", "target."].iter().find_map(|prefix| key.strip_prefix(prefix));
        let items = &self.frame.catalogue.fields;
        if let Some(key) = of_item {
            return items.iter().find(|field| field.key == key);
        }
        match self.record {
            Some(record) => record.fields.iter().find(|field| field.key == key),
            None => items.iter().find(|field| field.key == key),
        }
    }

    /// A value of a row in writing; `None` when it is absent.
    pub fn cell(&self, row: &Row, key: &str) -> Option<String> {
        self.write(key, row.get(key)?)
    }

    fn write(&self, key: &str, value: &Value) -> Option<String> {
        let frame = self.frame;
        match value {
            Value::Null => None,
            Value::Bool(yes) => Some(
                frame.pick(["아니요", "예"][usize::from(*yes)], ["no", "yes"][usize::from(*yes)]).to_owned(),
            ),
            Value::Number(number) if key == "hour_of_day" => Some(match frame.lang {
                Lang::Ko => format!("{number}시"),
                Lang::En => format!("{number}:00"),
            }),
            Value::Number(number) => {
                let number = number.as_f64()?;
                let unit = self.column_unit(key);
                // A bare number of a field may be a port or a year, where a separator would be wrong.
                let bare = unit.is_empty() && self.field(key).is_some();
                Some(if bare {
                    value::plain_number(number, "", None)
                } else {
                    value::quantity(number, &unit, None, frame.lang)
                })
            }
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(self.word(key, text, value)),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().filter_map(|item| self.write(key, item)).collect();
                (!items.is_empty()).then(|| items.join(", "))
            }
            Value::Object(fields) => {
                let fields: Vec<String> =
                    fields.iter().filter_map(|(k, v)| Some(format!("{k} {}", self.write(k, v)?))).collect();
                (!fields.is_empty()).then(|| fields.join(", "))
            }
        }
    }

    fn word(&self, key: &str, text: &str, value: &Value) -> String {
        let frame = self.frame;
        if let Some(at) = value::as_time(value) {
            return value::bucket(key, value, frame.tz).unwrap_or_else(|| value::time(at, frame.tz));
        }
        if matches!(key, "kind" | "ci.kind" | "source.kind" | "target.kind") {
            let kind = frame.catalogue.kinds.iter().find(|kind| kind.key == text);
            let label = kind.map_or("", |kind| kind.label.get(frame.lang));
            return beside(text, label);
        }
        if matches!(key, "via" | "type") && self.field(key).is_none() {
            let relation = frame.catalogue.relations.iter().find(|relation| relation.key == text);
            return beside(text, relation.map_or("", |relation| relation.label.get(frame.lang)));
        }
        if key == "weekday" {
            return columns::weekday(text, frame.lang).unwrap_or(text).to_owned();
        }
        let coded = self.field(key).and_then(|field| field.role).is_some_and(|role| {
            matches!(role, FieldRole::Status | FieldRole::Outcome | FieldRole::Category | FieldRole::Severity)
        });
        match korean::translation(text).filter(|_| coded && frame.lang == Lang::Ko) {
            Some(translation) => beside(text, translation),
            None => text.to_owned(),
        }
    }

    /// A value with the unit and counter a sentence wants: `43대`, `1.5842초`.
    pub fn measured(
        &self,
        row: &Row,
        key: &str,
        unit: &str,
        counter: &str,
        decimals: Option<u8>,
    ) -> Option<String> {
        match row.get(key)? {
            Value::Number(number) => {
                let number = number.as_f64()?;
                let own = self.column_unit(key);
                let unit = if unit.is_empty() { own.as_str() } else { unit };
                Some(self.amount(number, unit, counter, decimals))
            }
            _ => self.cell(row, key),
        }
    }

    /// A number with unit or counter.
    pub fn amount(&self, number: f64, unit: &str, counter: &str, decimals: Option<u8>) -> String {
        let counted = matches!(unit, "" | "count") && self.frame.lang == Lang::Ko;
        if counted {
            format!("{}{counter}", value::number(number, "", decimals))
        } else {
            value::quantity(number, unit, decimals, self.frame.lang)
        }
    }

    /// What a row is called by a column: for a call edge both ends.
    pub fn name(&self, row: &Row, column: &str) -> Option<String> {
        let name = self.cell(row, column)?;
        match self.cell(row, "peer").filter(|_| column == "ci") {
            Some(peer) => Some(format!("{name} → {peer}")),
            None => Some(name),
        }
    }

    /// Columns of the output as a table shows them.
    pub fn columns(&self) -> Vec<Column> {
        let given = &self.output.columns;
        let keys: Vec<&str> = if given.is_empty() {
            let mut keys: Vec<&str> = Vec::new();
            for key in self.rows().iter().flat_map(|row| row.keys()) {
                if !keys.contains(&key.as_str()) {
                    keys.push(key);
                }
            }
            keys
        } else {
            given.iter().map(|column| column.key.as_str()).collect()
        };
        keys.iter()
            .map(|key| Column {
                key: (*key).to_owned(),
                label: self.column_label(key),
                unit: self.column_unit(key),
                numeric: self.rows().iter().any(|row| row.get(*key).is_some_and(Value::is_number)),
            })
            .collect()
    }
}

fn beside(text: &str, label: &str) -> String {
    if label.is_empty() || label.eq_ignore_ascii_case(text) {
        text.to_owned()
    } else {
        format!("{text}({label})")
    }
}

/// The arguments of the tool of a node, or of the body of a for-each.
pub fn tool_args(node: &Node) -> Option<&Map<String, Value>> {
    match &node.kind {
        Kind::Tool { args, .. } => Some(args),
        Kind::ForEach { body, .. } => tool_args(body),
        Kind::If { then, .. } => tool_args(then),
        Kind::Seq { nodes } => nodes.last().and_then(tool_args),
        _ => None,
    }
}

/// The outputs of a for-each, each an output of its own, as one output.
fn flatten(output: &ToolOutput) -> Cow<'_, ToolOutput> {
    let nested = !output.rows.is_empty()
        && output
            .rows
            .iter()
            .all(|row| row.get("rows").is_some_and(Value::is_array) && row.contains_key("columns"));
    if !nested {
        return Cow::Borrowed(output);
    }
    let mut flat =
        ToolOutput { truncated: output.truncated, notes: output.notes.clone(), ..ToolOutput::default() };
    for row in &output.rows {
        let Ok(inner) = serde_json::from_value::<ToolOutput>(Value::Object(row.clone())) else { continue };
        if flat.columns.is_empty() {
            flat.columns = inner.columns;
        }
        flat.total += inner.total.max(inner.rows.len() as u64);
        flat.truncated |= inner.truncated;
        flat.rows.extend(inner.rows);
        flat.series.extend(inner.series);
        for note in inner.notes {
            if !flat.notes.contains(&note) {
                flat.notes.push(note);
            }
        }
    }
    Cow::Owned(flat)
}
