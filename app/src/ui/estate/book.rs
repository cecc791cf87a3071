//! The catalogue as a page reads it: names of kinds, fields, relations, metrics in the language now in use.

use std::sync::Arc;

use model::{
    Localized,
    schema::{Catalogue, CiKind, FieldDef, FieldRole, FieldType, MetricDef, RecordKind, RelationType},
};

use super::text::tx;
use crate::{
    api,
    i18n::l,
    ui::{Remote, call, remote},
};

/// The catalogue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book(Arc<Catalogue>);

/// Reads the catalogue from the server.
pub fn use_book() -> Remote<Book> {
    remote(|| async { call(api::cmdb::catalogue).await.map(|catalogue| Book(Arc::new(catalogue))) })
}

/// As the head of something: English begins with a capital there, unless the word has its own capitals (`vCPU`) or is a
/// name of code (`cpu_pct`).
fn head(text: String) -> String {
    let mut letters = text.chars();
    let (first, second) = (letters.next(), letters.next());
    let plain = first.is_some_and(|c| c.is_ascii_lowercase())
        && second.is_none_or(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit())
        && !text.contains('_');
    match first {
        Some(c) if plain => format!("{}{}", c.to_ascii_uppercase(), text.get(1..).unwrap_or_default()),
        _ => text,
    }
}

fn or_key(label: &Localized, key: &str) -> String {
    let text = l(label);
    if text.is_empty() { key.to_owned() } else { text }
}

impl std::ops::Deref for Book {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        &self.0
    }
}

impl Book {
    /// Name of a kind of item.
    pub fn kind(&self, key: &str) -> String {
        self.kinds
            .iter()
            .find(|k| k.key == key)
            .map_or_else(|| key.to_owned(), |k: &CiKind| or_key(&k.label, key))
    }

    /// Name of a type of relation, read from source to target.
    pub fn relation(&self, key: &str) -> String {
        self.relations
            .iter()
            .find(|r| r.key == key)
            .map_or_else(|| key.to_owned(), |r: &RelationType| or_key(&r.label, key))
    }

    /// A metric.
    pub fn metric_def(&self, key: &str) -> Option<&MetricDef> {
        self.metrics.iter().find(|m| m.key == key)
    }

    /// Name of a metric.
    pub fn metric(&self, key: &str) -> String {
        self.metric_def(key).map_or_else(|| key.to_owned(), |m| or_key(&m.label, key))
    }

    /// A kind of record.
    pub fn record_def(&self, key: &str) -> Option<&RecordKind> {
        self.records.iter().find(|r| r.key == key)
    }

    /// Name of a kind of record.
    pub fn record(&self, key: &str) -> String {
        self.record_def(key).map_or_else(|| key.to_owned(), |r| head(or_key(&r.label, key)))
    }

    /// A field of items.
    pub fn field(&self, key: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// The field of items with a meaning.
    pub fn role(&self, role: FieldRole) -> Option<&FieldDef> {
        self.fields.iter().find(|f| f.role == Some(role))
    }

    /// The field of a kind of record with a meaning.
    pub fn record_role(&self, kind: &str, role: FieldRole) -> Option<&FieldDef> {
        self.record_def(kind)?.fields.iter().find(|f| f.role == Some(role))
    }

    /// Name of a field of items, `code`, `name` and `kind` included.
    pub fn field_label(&self, key: &str) -> String {
        match key {
            "code" => tx().code().to_owned(),
            "name" => tx().name().to_owned(),
            "kind" => tx().kind().to_owned(),
            _ => self.field(key).map_or_else(|| key.to_owned(), label_of),
        }
    }

    /// The moment the data ends: relative times are counted from here, since an estate may have been imported long ago.
    pub fn ends_at(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        let records = self.records.iter().filter_map(|r| r.covers.map(|c| c.1));
        let metrics = self.metrics.iter().filter_map(|m| m.covers.map(|c| c.1));
        records.chain(metrics).max()
    }
}

/// Name of a field.
pub fn label_of(field: &FieldDef) -> String {
    head(or_key(&field.label, &field.key))
}

/// A field that every item has without the catalogue saying so.
pub fn base_field(key: &str, values: Vec<String>) -> FieldDef {
    FieldDef {
        key: key.to_owned(),
        label: Localized::default(),
        r#type: FieldType::Text,
        unit: String::new(),
        role: None,
        synonyms: Vec::new(),
        order: Vec::new(),
        distinct: values.len() as u64,
        values,
    }
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn heads_begin_with_a_capital_where_the_word_has_none_of_its_own() {
        for (given, wanted) in [
            ("event type", "Event type"),
            ("vCPU", "vCPU"),
            ("p95 latency", "p95 latency"),
            ("cpu_pct", "cpu_pct"),
            ("담당", "담당"),
            ("", ""),
        ] {
            assert_eq!(head(given.to_owned()), wanted);
        }
    }
}
