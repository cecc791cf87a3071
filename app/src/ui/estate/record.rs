//! A record as lists show it, by the meanings of the fields of its kind.

use model::{
    records::Record,
    schema::{FieldDef, FieldRole, RecordRole},
};
use serde_json::Value;

use super::{
    book::Book,
    tone::{Severity, severity, status_tone},
    value::value_text,
};
use crate::ui::Tone;

impl Book {
    /// What a record says in one line: its title, else its text, else its subtype, else the name of its kind.
    pub fn record_title(&self, record: &Record) -> String {
        [FieldRole::Title, FieldRole::Body, FieldRole::Category]
            .into_iter()
            .filter_map(|role| self.record_role(&record.kind, role))
            .map(|field| value_text(record.fields.get(&field.key).unwrap_or(&Value::Null)))
            .find(|text| !text.trim().is_empty())
            .unwrap_or_else(|| self.record(&record.kind))
    }

    /// How bad a record is; else how it ended; else what its kind is about.
    pub fn record_state(&self, record: &Record) -> Severity {
        if let Some(field) = self.record_role(&record.kind, FieldRole::Severity)
            && let Some(value) = record.fields.get(&field.key).filter(|v| !v.is_null())
        {
            return severity(field, value);
        }
        if let Some(field) = self.record_role(&record.kind, FieldRole::Outcome)
            && let Some(value) = record.fields.get(&field.key).filter(|v| !v.is_null())
        {
            let word = value_text(value);
            return Severity { tone: status_tone(&word), rank: 0, word };
        }
        let tone = match self.record_def(&record.kind).map(|k| k.role) {
            Some(RecordRole::Maintenance) => Tone::Maint,
            Some(RecordRole::Change | RecordRole::Event) => Tone::Info,
            _ => Tone::Neutral,
        };
        Severity { tone, rank: 0, word: self.record(&record.kind) }
    }

    /// Whether a record is something people did: a change or planned care.
    pub fn is_act(&self, record: &Record) -> bool {
        matches!(
            self.record_def(&record.kind).map(|k| k.role),
            Some(RecordRole::Maintenance | RecordRole::Change)
        )
    }

    /// Fields of a kind of record without those of these meanings.
    pub fn record_fields_but<'b>(
        &'b self,
        kind: &str,
        roles: &'b [FieldRole],
    ) -> impl Iterator<Item = &'b FieldDef> {
        self.record_def(kind)
            .into_iter()
            .flat_map(|k| k.fields.iter())
            .filter(move |f| f.role.is_none_or(|r| !roles.contains(&r)))
    }
}
