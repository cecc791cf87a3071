//! The format of a question file, as `tobit eval` reads it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

/// A file of questions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct File {
    /// Version of the format.
    pub version: u32,
    /// Number of questions.
    pub count: usize,
    /// The questions.
    pub questions: Vec<Question>,
}

/// A question with its gold answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Identifier.
    pub id: String,
    /// `ko`, `en` or `mixed`.
    pub lang: String,
    /// What a person types.
    pub question: String,
    /// Earlier turns of the conversation.
    pub context: Vec<Turn>,
    /// Category.
    pub category: String,
    /// The answer that is right.
    pub gold: Gold,
    /// How the answer is found, in words.
    pub how: Vec<How>,
    /// Groups of texts of which the answer needs one each.
    pub must_contain: Vec<Vec<String>>,
    /// Texts the answer must not contain.
    pub must_not_contain: Vec<String>,
    /// The moment taken as now.
    pub as_of: DateTime<Utc>,
}

/// A question and an answer before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// What was asked.
    pub user: String,
    /// What was answered.
    pub assistant: String,
}

/// How an answer is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct How {
    /// `text`.
    pub lang: String,
    /// The description.
    pub code: String,
}

/// How far a number may be off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// In the unit of the value.
    Abs(f64),
    /// As a fraction of the value.
    Rel(f64),
}

/// A cause: item and resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Code of the item.
    pub service: String,
    /// What ran short or went wrong.
    pub resource: String,
}

/// The expected answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Gold {
    /// One number.
    Number {
        /// It.
        value: f64,
        /// How far off it may be.
        tolerance: Tolerance,
        /// Its unit.
        #[serde(skip_serializing_if = "String::is_empty")]
        unit: String,
        /// Other numbers that are right.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        accept: Vec<f64>,
        /// The same in other units.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        also_in: BTreeMap<String, f64>,
    },
    /// One text.
    String {
        /// It.
        value: String,
        /// Other texts that are right.
        accept: Vec<String>,
    },
    /// Several values that belong together.
    Record {
        /// Field and value.
        fields: BTreeMap<String, Value>,
        /// How far numbers may be off.
        tolerance: Tolerance,
        /// Whole records that are right as well.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        accept: Vec<BTreeMap<String, Value>>,
    },
    /// Key and value, all of them.
    Table {
        /// It.
        rows: BTreeMap<String, Value>,
        /// How far numbers may be off.
        tolerance: Tolerance,
    },
    /// Members, all of them and no others.
    Set {
        /// Names.
        required: Vec<String>,
        /// Names that do not count against it.
        allowed: Vec<String>,
        /// What a member looks like.
        pattern: String,
    },
    /// Names in order.
    Ranked {
        /// Name and value.
        rows: Vec<(String, Value)>,
        /// Groups of names whose order among themselves does not matter.
        ties: Vec<Vec<String>>,
        /// Whether the values must be said.
        values_required: bool,
        /// How far numbers may be off.
        tolerance: Tolerance,
    },
    /// A way through the topology.
    Path {
        /// Number of hops.
        length: usize,
        /// The right ways.
        paths: Vec<Vec<String>>,
    },
    /// Yes or no.
    Boolean {
        /// It.
        value: bool,
    },
    /// What broke first.
    RootCause {
        /// The cause, and what it was felt in, nearest first.
        ranked: Vec<Cause>,
        /// What kind of failure it is.
        fault_type: String,
        /// Whether the resource counts.
        scored: bool,
        /// Words for the resource.
        resource_accept: Vec<String>,
    },
    /// The data cannot answer.
    Unanswerable {
        /// Why.
        reason: String,
        /// What the data give.
        evidence: Vec<String>,
    },
    /// The question must be asked back.
    Clarify {
        /// Why.
        reason: String,
        /// What each reading would answer.
        candidates: Vec<Vec<String>>,
    },
    /// The request must be declined.
    Refuse {
        /// Why.
        reason: String,
        /// A count that stays the same.
        unchanged: usize,
    },
}
