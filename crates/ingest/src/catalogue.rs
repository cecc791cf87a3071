//! What the mapping and the data say about the estate: kinds, fields, relation types, records, metrics.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Localized,
    imports::{FieldNaming, Mapping},
    schema::{
        Catalogue, CiKind, FieldDef, FieldRole, FieldType, MetricDef, RecordKind, RecordRole, RelationType,
        Travel,
    },
};
use serde_json::Value;

/// What the values of a field have been.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    text: bool,
    number: bool,
    bool: bool,
    time: bool,
    list: bool,
    /// What files call the field.
    columns: BTreeSet<String>,
}

impl Seen {
    /// One more value; `time` when it was read as a time.
    pub fn see(&mut self, value: &Value, time: bool) {
        match value {
            _ if time => self.time = true,
            Value::Number(_) => self.number = true,
            Value::Bool(_) => self.bool = true,
            Value::Array(_) => self.list = true,
            Value::Null => {}
            Value::String(_) | Value::Object(_) => self.text = true,
        }
    }

    fn any(&self) -> bool {
        self.text || self.number || self.bool || self.time || self.list
    }

    fn r#type(&self) -> FieldType {
        match (self.text, self.number, self.bool, self.time, self.list) {
            (false, true, false, false, false) => FieldType::Number,
            (false, false, true, false, false) => FieldType::Bool,
            (false, false, false, true, false) => FieldType::Time,
            (_, false, false, false, true) => FieldType::List,
            _ => FieldType::Text,
        }
    }

    fn merge(&mut self, other: Self) {
        self.text |= other.text;
        self.number |= other.number;
        self.bool |= other.bool;
        self.time |= other.time;
        self.list |= other.list;
        self.columns.extend(other.columns);
    }
}

#[derive(Debug, Default)]
struct Metric {
    unit: String,
    per_edge: bool,
    columns: BTreeSet<String>,
}

/// Gathers what is seen while rows go by.
#[derive(Debug, Default)]
pub(crate) struct Observer {
    kinds: BTreeSet<String>,
    relations: BTreeSet<String>,
    records: BTreeSet<String>,
    fields: BTreeMap<(Option<String>, String), Seen>,
    metrics: BTreeMap<String, Metric>,
}

impl Observer {
    pub fn kind(&mut self, kind: &str) {
        if !self.kinds.contains(kind) {
            self.kinds.insert(kind.to_owned());
        }
    }

    pub fn relation(&mut self, r#type: &str) {
        if !self.relations.contains(r#type) {
            self.relations.insert(r#type.to_owned());
        }
    }

    pub fn record(&mut self, kind: &str) {
        self.records.insert(kind.to_owned());
    }

    /// What was seen of a field of items (`None`) or of a kind of records; `column` is what the file calls it.
    pub fn field(&mut self, scope: Option<&str>, field: &str, column: &str, mut seen: Seen) {
        if seen.any() {
            seen.columns.insert(column.to_owned());
            self.fields.entry((scope.map(str::to_owned), field.to_owned())).or_default().merge(seen);
        }
    }

    pub fn metric(&mut self, metric: &str, column: &str, unit: &str, per_edge: bool) {
        let entry = self.metrics.entry(metric.to_owned()).or_default();
        entry.per_edge |= per_edge;
        entry.columns.insert(column.to_owned());
        if entry.unit.is_empty() {
            // a column may name the unit in brackets: `MemoryUsage(Mi)`
            let unit = if unit.is_empty() { crate::guess::unit(column) } else { unit };
            unit.clone_into(&mut entry.unit);
        }
    }

    /// The catalogue of what was seen, named by the mapping.
    pub fn catalogue(&self, mapping: &Mapping) -> Catalogue {
        Catalogue {
            kinds: self.kinds.iter().map(|key| kind(key, mapping)).collect(),
            fields: self.fields_of(None, &mapping.fields),
            relations: self.relations.iter().map(|key| relation(key, mapping)).collect(),
            records: self.records.iter().map(|key| self.record_kind(key, mapping)).collect(),
            metrics: self.metrics.iter().map(|(key, seen)| metric(key, seen, mapping)).collect(),
        }
    }

    fn record_kind(&self, key: &str, mapping: &Mapping) -> RecordKind {
        let naming = mapping.records.get(key);
        let fields = naming.map(|n| n.fields.clone()).unwrap_or_default();
        RecordKind {
            key: key.to_owned(),
            label: label(key, naming.map(|n| &n.label)),
            role: naming.map_or_else(|| role_of(key), |n| n.role),
            synonyms: naming.map(|n| n.synonyms.clone()).unwrap_or_default(),
            fields: self.fields_of(Some(key), &fields),
            count: 0,
            covers: None,
        }
    }

    fn fields_of(&self, scope: Option<&str>, naming: &BTreeMap<String, FieldNaming>) -> Vec<FieldDef> {
        let mut fields: Vec<FieldDef> = self
            .fields
            .iter()
            .filter(|((of, _), _)| of.as_deref() == scope)
            .map(|((_, key), seen)| field(key, seen, naming.get(key)))
            .collect();
        guess_roles(&mut fields, scope.is_some(), naming);
        // what says most comes first, long texts last
        fields.sort_by_key(|f| match f.role {
            Some(FieldRole::Title) => 0,
            Some(FieldRole::Category) => 1,
            Some(FieldRole::Severity | FieldRole::Outcome | FieldRole::Status) => 2,
            Some(FieldRole::Body) => 9,
            Some(_) => 3,
            None => 4,
        });
        fields
    }
}

fn label(key: &str, given: Option<&Localized>) -> Localized {
    match given {
        Some(label) if !(label.ko.is_empty() && label.en.is_empty()) => label.clone(),
        _ => Localized::same(key),
    }
}

/// Synonyms of the mapping and the names files use, without the key itself.
fn words(key: &str, given: &[String], columns: &BTreeSet<String>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in given.iter().chain(columns) {
        if word != key && !word.is_empty() && !words.contains(word) {
            words.push(word.clone());
        }
    }
    words
}

fn kind(key: &str, mapping: &Mapping) -> CiKind {
    let naming = mapping.kinds.get(key);
    CiKind {
        key: key.to_owned(),
        label: label(key, naming.map(|n| &n.label)),
        synonyms: naming.map(|n| n.synonyms.clone()).unwrap_or_default(),
        count: 0,
    }
}

fn relation(key: &str, mapping: &Mapping) -> RelationType {
    let naming = mapping.relations.get(key);
    let travel = naming.and_then(|n| n.impact);
    RelationType {
        key: key.to_owned(),
        label: label(key, naming.map(|n| &n.label)),
        synonyms: naming.map(|n| n.synonyms.clone()).unwrap_or_default(),
        impact: travel.is_some_and(Travel::to_source),
        forward: travel.is_some_and(Travel::to_target),
        decided: travel.is_some(),
        count: 0,
    }
}

fn field(key: &str, seen: &Seen, naming: Option<&FieldNaming>) -> FieldDef {
    let given = naming.map(|n| n.synonyms.as_slice()).unwrap_or_default();
    FieldDef {
        key: key.to_owned(),
        label: label(key, naming.map(|n| &n.label)),
        r#type: naming.and_then(|n| n.r#type).unwrap_or_else(|| seen.r#type()),
        unit: naming.map(|n| n.unit.clone()).unwrap_or_default(),
        role: naming.and_then(|n| n.role),
        synonyms: words(key, given, &seen.columns),
        order: naming.map(|n| n.order.clone()).unwrap_or_default(),
        values: Vec::new(),
        distinct: 0,
    }
}

fn metric(key: &str, seen: &Metric, mapping: &Mapping) -> MetricDef {
    let naming = mapping.metrics.get(key);
    let given = naming.map(|n| n.synonyms.as_slice()).unwrap_or_default();
    let unit = naming.map(|n| n.unit.clone()).unwrap_or_default();
    MetricDef {
        key: key.to_owned(),
        label: label(key, naming.map(|n| &n.label)),
        unit: if unit.is_empty() { seen.unit.clone() } else { unit },
        synonyms: words(key, given, &seen.columns),
        per_edge: seen.per_edge,
        series: 0,
        covers: None,
    }
}

/// Fields nobody described mean what fields of their name usually mean, as long as no other field has that role.
fn guess_roles(fields: &mut [FieldDef], of_records: bool, naming: &BTreeMap<String, FieldNaming>) {
    let mut taken: Vec<FieldRole> = fields.iter().filter_map(|f| f.role).collect();
    for field in fields.iter_mut().filter(|f| !naming.contains_key(&f.key)) {
        if let Some(role) = crate::guess::role(&field.key, of_records).filter(|role| !taken.contains(role)) {
            taken.push(role);
            field.role = Some(role);
        }
    }
}

/// What a kind of record nobody described is about, by its name.
fn role_of(kind: &str) -> RecordRole {
    const WORDS: [(RecordRole, &[&str]); 4] = [
        (RecordRole::Maintenance, &["maint", "점검", "유지보수"]),
        (RecordRole::Change, &["change", "work", "deploy", "release", "변경", "작업", "배포"]),
        (RecordRole::Ticket, &["ticket", "incident", "request", "issue", "요청", "장애", "티켓"]),
        (RecordRole::Event, &["event", "alarm", "alert", "log", "이벤트", "알람", "경보", "알림"]),
    ];
    let kind = kind.to_lowercase();
    WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| kind.contains(word)))
        .map_or(RecordRole::Other, |(role, _)| *role)
}
