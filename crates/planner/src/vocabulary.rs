//! What the planner knows of an estate: its catalogue and its items, indexed for finding them in a question.

use model::schema::Catalogue;
use serde_json::{Map, Value};

/// A configuration item as the planner sees it.
#[derive(Debug, Clone, PartialEq)]
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

/// An estate in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vocabulary {
    /// Kinds, fields, relation types, kinds of records, metrics.
    pub catalogue: Catalogue,
    /// The items.
    pub items: Vec<Item>,
}

/// A vocabulary made ready for questions; built once per state of the estate.
#[derive(Debug, Default)]
pub struct Index {
    vocabulary: Vocabulary,
}

impl Index {
    /// Prepares a vocabulary.
    pub fn new(vocabulary: Vocabulary) -> Self {
        Self { vocabulary }
    }

    /// The vocabulary it was made of.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }
}
