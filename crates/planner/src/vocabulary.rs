//! What the planner knows of an estate: its catalogue and its items, indexed for finding them in a question.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::schema::{Catalogue, FieldDef, FieldRole};
use serde_json::{Map, Value};

use crate::{
    dictionary::Dictionary,
    text::{squash, words},
};

/// A configuration item as the planner sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Fields by key.
    pub fields: Map<String, Value>,
}

/// Which kinds a type of relation joins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Type of relation.
    pub r#type: String,
    /// Kind of the source.
    pub source: String,
    /// Kind of the target.
    pub target: String,
    /// How many there are.
    pub count: u64,
}

/// An estate in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vocabulary {
    /// Kinds, fields, relation types, kinds of records, metrics.
    pub catalogue: Catalogue,
    /// The items.
    pub items: Vec<Item>,
    /// Codes of the items each metric is measured on, by key of the metric; a metric that is absent may be measured
    /// anywhere.
    pub measured: BTreeMap<String, Vec<String>>,
    /// Which kinds the types of relations join; empty when not known.
    pub links: Vec<Link>,
    /// Words of the tenant and what they stand for: a name, label or value of the estate, or another word for it.
    pub synonyms: Vec<(String, String)>,
}

/// A vocabulary made ready for questions; built once per state of the estate.
#[derive(Debug, Default)]
pub struct Index {
    vocabulary: Vocabulary,
    pub(crate) dictionary: Dictionary,
    pub(crate) by_code: HashMap<String, usize>,
    pub(crate) by_digits: HashMap<String, Vec<usize>>,
    /// Fields that items of a kind have.
    pub(crate) fields_of: HashMap<String, BTreeSet<String>>,
    /// Items whose code is made of letters only, which are few: services and the like.
    pub(crate) named_by_letters: Vec<(String, usize)>,
    /// Concepts in the name of each metric.
    pub(crate) concepts: Vec<BTreeSet<String>>,
    /// Items that stand for a value of the field of role system.
    pub(crate) systems: HashMap<String, usize>,
}

impl Index {
    /// Prepares a vocabulary.
    pub fn new(vocabulary: Vocabulary) -> Self {
        let dictionary = Dictionary::new(&vocabulary);
        let mut index = Self { dictionary, ..Self::default() };
        for (i, item) in vocabulary.items.iter().enumerate() {
            index.by_code.insert(item.code.to_lowercase(), i);
            let digits: String = item.code.chars().filter(char::is_ascii_digit).collect();
            index.by_digits.entry(digits).or_default().push(i);
            let letters = squash(&item.code);
            if letters.len() >= 4
                && letters.len() == item.code.len()
                && letters.chars().all(|c| c.is_ascii_alphabetic())
            {
                index.named_by_letters.push((letters, i));
            }
            let fields = index.fields_of.entry(item.kind.clone()).or_default();
            fields.extend(item.fields.iter().filter(|(_, v)| !v.is_null()).map(|(k, _)| k.clone()));
        }
        if let Some(field) = role_field(&vocabulary, FieldRole::System) {
            let is_system = |kind: &str| {
                words(kind).iter().any(|w| w == "system" || w.ends_with("시스템"))
                    || vocabulary
                        .catalogue
                        .kinds
                        .iter()
                        .any(|k| k.key == kind && k.label.ko.ends_with("시스템"))
            };
            for (i, item) in vocabulary.items.iter().enumerate().filter(|(_, item)| is_system(&item.kind)) {
                let value = item.fields.get(&field.key).map(text_of).unwrap_or_default();
                if !value.is_empty() {
                    index.systems.entry(squash(&value)).or_insert(i);
                }
            }
        }
        index.concepts =
            vocabulary.catalogue.metrics.iter().map(crate::read::domain::metric_concepts).collect();
        index.vocabulary = vocabulary;
        index
    }

    /// The vocabulary it was made of.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.vocabulary.catalogue
    }

    pub(crate) fn item(&self, i: usize) -> Option<&Item> {
        self.vocabulary.items.get(i)
    }

    pub(crate) fn item_by_code(&self, code: &str) -> Option<&Item> {
        self.by_code.get(&code.to_lowercase()).and_then(|&i| self.item(i))
    }

    /// Concepts in the name of a metric.
    pub(crate) fn concepts_of(&self, metric: usize) -> BTreeSet<String> {
        self.concepts.get(metric).cloned().unwrap_or_default()
    }

    /// Kinds of the items that stand for systems.
    pub(crate) fn system_kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> =
            self.systems.values().filter_map(|&i| self.item(i)).map(|x| x.kind.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// The definition of a field of items.
    pub(crate) fn field(&self, key: &str) -> Option<&FieldDef> {
        self.catalogue().fields.iter().find(|f| f.key == key)
    }

    /// The definition of a field of a kind of record.
    pub(crate) fn rec_field(&self, rec: usize, key: &str) -> Option<&FieldDef> {
        self.catalogue().records.get(rec).and_then(|r| r.fields.iter().find(|f| f.key == key))
    }

    /// The field of a kind of record with a role.
    pub(crate) fn rec_role(&self, rec: usize, role: FieldRole) -> Option<&FieldDef> {
        self.catalogue().records.get(rec).and_then(|r| r.fields.iter().find(|f| f.role == Some(role)))
    }

    /// The field of items with a role.
    pub(crate) fn role(&self, role: FieldRole) -> Option<&FieldDef> {
        role_field(&self.vocabulary, role)
    }

    /// True when items of a kind have the field.
    pub(crate) fn kind_has(&self, kind: &str, field: &str) -> bool {
        matches!(field, "code" | "name" | "kind")
            || self.fields_of.get(kind).is_some_and(|f| f.contains(field))
    }
}

fn role_field(v: &Vocabulary, role: FieldRole) -> Option<&FieldDef> {
    v.catalogue.fields.iter().find(|f| f.role == Some(role))
}

/// A value as text, without quotes.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
