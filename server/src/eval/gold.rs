//! The format of a question file.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::answer::ContextTurn;
use serde::Deserialize;
use serde_json::Value;

/// A file of questions.
#[derive(Debug, Deserialize)]
pub struct File {
    /// The questions.
    pub questions: Vec<Question>,
}

/// A question with its gold answer.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// Stable identifier.
    pub id: String,
    /// What a person types.
    pub question: String,
    /// Earlier turns of the conversation.
    #[serde(default)]
    pub context: Vec<ContextTurn>,
    /// Category, for the summary.
    pub category: String,
    /// The gold answer.
    pub gold: Gold,
    /// Groups of texts; each group needs one of its texts in the answer. Also tells which words mean the same.
    #[serde(default)]
    pub must_contain: Vec<Vec<String>>,
    /// Texts that must not occur; `re:` begins a regular expression.
    #[serde(default)]
    pub must_not_contain: Vec<String>,
    /// The moment taken as now.
    #[serde(default)]
    pub as_of: Option<DateTime<Utc>>,
}

/// How far a number may be off.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Tolerance {
    /// In the unit of the value.
    #[serde(default)]
    pub abs: f64,
    /// As a fraction of the value.
    #[serde(default)]
    pub rel: f64,
}

impl Tolerance {
    /// Whether two numbers are the same.
    pub fn same(self, gold: f64, said: f64) -> bool {
        let slack = self.abs.max(self.rel * gold.abs()).max(gold.abs() * 1e-9);
        (gold - said).abs() <= slack + 1e-9
    }
}

/// A cause: service and resource.
#[derive(Debug, Clone, Deserialize)]
pub struct Cause {
    /// The service.
    pub service: String,
}

/// The expected answer.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Gold {
    /// One number.
    Number {
        /// It.
        value: f64,
        /// How far off it may be.
        #[serde(default)]
        tolerance: Tolerance,
        /// Other numbers that are right.
        #[serde(default)]
        accept: Vec<f64>,
        /// The same in other units.
        #[serde(default)]
        also_in: BTreeMap<String, f64>,
    },
    /// One text.
    String {
        /// It.
        value: Value,
        /// Other texts that are right.
        #[serde(default)]
        accept: Vec<Value>,
    },
    /// Several values that belong together.
    Record {
        /// Field → value.
        fields: BTreeMap<String, Value>,
        /// Whole records that are right as well.
        #[serde(default)]
        accept: Vec<BTreeMap<String, Value>>,
        /// How far numbers may be off.
        #[serde(default)]
        tolerance: Tolerance,
    },
    /// Key → value, all of them.
    Table {
        /// It.
        rows: BTreeMap<String, Value>,
        /// How far numbers may be off.
        #[serde(default)]
        tolerance: Tolerance,
    },
    /// Members, all of them and no others.
    Set {
        /// Names, or pairs of names.
        required: Vec<Value>,
        /// Names that do not count against it.
        #[serde(default)]
        allowed: Vec<Value>,
        /// What a member looks like.
        pattern: String,
        /// Members are pairs in either order.
        #[serde(default)]
        unordered_pairs: bool,
    },
    /// Names in order.
    Ranked {
        /// Name and value.
        rows: Vec<(String, Value)>,
        /// Groups of names whose order among themselves does not matter.
        #[serde(default)]
        ties: Vec<Vec<String>>,
        /// Whether the values must be said.
        #[serde(default)]
        values_required: bool,
        /// How far numbers may be off.
        #[serde(default)]
        tolerance: Tolerance,
    },
    /// A way through the topology.
    Path {
        /// Number of hops.
        length: u32,
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
        /// Causes, best first.
        ranked: Vec<Cause>,
        /// False: reported apart, service only.
        #[serde(default)]
        scored: bool,
        /// Words for the resource.
        #[serde(default)]
        resource_accept: Vec<String>,
    },
    /// The data cannot answer.
    Unanswerable {},
    /// The question must be asked back.
    Clarify {
        /// What each reading would answer.
        #[serde(default)]
        candidates: Vec<Vec<String>>,
    },
    /// The request must be declined.
    Refuse {},
}
