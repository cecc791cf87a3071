//! What the page shows, read from its address.

use chrono::{DateTime, Utc};
use model::{
    Condition, Op,
    records::RecordQuery,
    schema::{FieldDef, FieldRole, RecordRole},
};
use serde_json::Value;

use crate::ui::estate::{Book, Query, Span, value_text};

/// The kind that stands for all of them in the address.
pub const ALL: &str = "all";

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Kind of record; all of them when empty.
    pub kind: String,
    /// Free text.
    pub text: String,
    /// Conditions.
    pub filter: Vec<Condition>,
    /// Code of the item, or empty.
    pub ci: String,
    /// Time.
    pub span: Span,
    /// Repeats in one row.
    pub grouped: bool,
}

impl State {
    /// Reads the address. Without a kind it is the first kind of events.
    pub fn of(query: &Query, book: &Book) -> Self {
        let kind = match query.get("kind") {
            ALL => String::new(),
            "" => first_kind(book),
            kind => kind.to_owned(),
        };
        Self {
            kind,
            text: query.get("q").to_owned(),
            filter: query.conditions(),
            ci: query.get("ci").to_owned(),
            span: Span::parse(query.get("range"), Span::Last(168)),
            grouped: query.get("group") != "0",
        }
    }

    /// The moment the records of the kind end.
    pub fn end(&self, book: &Book) -> Option<DateTime<Utc>> {
        book.records
            .iter()
            .filter(|k| self.kind.is_empty() || k.key == self.kind)
            .filter_map(|k| k.covers.map(|c| c.1))
            .max()
    }

    /// The question to the server.
    pub fn query(&self, book: &Book) -> RecordQuery {
        let (from, to) = self.span.bounds(self.end(book));
        RecordQuery {
            kinds: if self.kind.is_empty() { Vec::new() } else { vec![self.kind.clone()] },
            cis: if self.ci.is_empty() { Vec::new() } else { vec![self.ci.clone()] },
            from,
            to,
            text: self.text.clone(),
            filter: self.filter.clone(),
            limit: 100,
            ..RecordQuery::default()
        }
    }

    /// The field that says how bad a record of this kind is.
    pub fn severity<'b>(&self, book: &'b Book) -> Option<&'b FieldDef> {
        book.record_role(&self.kind, FieldRole::Severity)
    }

    /// Whether anything beside kind and time narrows the list.
    pub fn narrowed(&self) -> bool {
        !self.text.is_empty() || !self.filter.is_empty() || !self.ci.is_empty()
    }
}

/// The first kind of events, else the first kind there is.
fn first_kind(book: &Book) -> String {
    book.records
        .iter()
        .filter(|k| k.count > 0)
        .find(|k| k.role == RecordRole::Event)
        .or_else(|| book.records.iter().find(|k| k.count > 0))
        .map(|k| k.key.clone())
        .unwrap_or_default()
}

/// The values a condition on this field chooses; none when there is no such condition.
pub fn chosen(filter: &[Condition], field: &str) -> Option<Vec<String>> {
    filter.iter().find(|c| c.field == field && c.op == Op::In).map(|c| match &c.value {
        Value::Array(values) => values.iter().map(value_text).collect(),
        other => vec![value_text(other)],
    })
}

/// Turns a value of a field on or off. Turning off the last one, or all on, takes the condition away.
pub fn toggle(filter: &[Condition], field: &FieldDef, value: &str, all: &[String]) -> Vec<Condition> {
    let mut now = chosen(filter, &field.key).unwrap_or_else(|| all.to_vec());
    if now.iter().any(|v| v == value) {
        now.retain(|v| v != value);
    } else {
        now.push(value.to_owned());
    }
    let mut out: Vec<Condition> =
        filter.iter().filter(|c| !(c.field == field.key && c.op == Op::In)).cloned().collect();
    if !now.is_empty() && now.len() < all.len() {
        let json = |v: &String| v.parse::<i64>().map_or_else(|_| Value::from(v.clone()), Value::from);
        let typed = field.r#type == model::schema::FieldType::Number;
        let values: Vec<Value> =
            now.iter().map(|v| if typed { json(v) } else { Value::from(v.clone()) }).collect();
        out.push(Condition::new(&field.key, Op::In, values));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::estate::base_field;

    #[test]
    fn a_severity_turned_off_leaves_the_others() {
        let field = base_field("severity", Vec::new());
        let all = ["1", "2", "3"].map(str::to_owned);
        let one_off = toggle(&[], &field, "2", &all);
        assert_eq!(chosen(&one_off, "severity"), Some(vec!["1".to_owned(), "3".to_owned()]));
        assert!(toggle(&one_off, &field, "2", &all).is_empty());
    }
}
