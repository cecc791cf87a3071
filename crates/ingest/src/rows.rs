//! What comes out: typed rows, and who receives them.

use std::{ops::ControlFlow, sync::Arc};

use model::{
    imports::{ImportCounts, Reject},
    schema::Catalogue,
};
use serde_json::{Map, Value};

/// Whether to go on.
pub type Go = ControlFlow<()>;

/// An item the estate has already. Its number is its place in the list handed to [`crate::run`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KnownItem {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Identifier in the files it came from, or empty.
    pub id: String,
    /// Fields, for lookups by field.
    pub fields: Map<String, Value>,
}

/// An item, new or known.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    /// Number, used by everything that refers to it.
    pub no: u32,
    /// Code.
    pub code: Arc<str>,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Identifier in the files, or empty.
    pub id: String,
    /// Fields.
    pub fields: Map<String, Value>,
}

/// More fields for an item no file of this import describes.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemFields {
    /// The item.
    pub no: u32,
    /// Its code.
    pub code: Arc<str>,
    /// Fields to add or replace.
    pub fields: Map<String, Value>,
}

/// A relation; each pair and type comes once.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRelation {
    /// Source item.
    pub source: u32,
    /// Target item.
    pub target: u32,
    /// Type.
    pub r#type: String,
    /// Fields.
    pub fields: Map<String, Value>,
}

/// A record.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecord {
    /// Kind.
    pub kind: String,
    /// Stays the same when the file is imported again: the identifier of the file, or a hash of the row.
    pub key: String,
    /// The item it is about.
    pub item: Option<u32>,
    /// When it happened or began, microseconds since 1970.
    pub at: i64,
    /// When it ended.
    pub until: Option<i64>,
    /// Fields.
    pub fields: Map<String, Value>,
}

/// A series, announced before its first sample. Numbers count from 0 without a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSeries {
    /// Number.
    pub no: u32,
    /// Metric.
    pub metric: Arc<str>,
    /// The item.
    pub item: u32,
    /// The other item of a call edge.
    pub peer: Option<u32>,
}

/// One value of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The series.
    pub series: u32,
    /// Microseconds since 1970.
    pub at: i64,
    /// The value, finite.
    pub value: f64,
}

/// Receives the rows. Items come before what refers to them; [`ControlFlow::Break`] ends the run.
pub trait Sink {
    /// An item.
    fn item(&mut self, item: NewItem) -> Go;
    /// Fields of an item this import does not describe.
    fn fields(&mut self, fields: ItemFields) -> Go;
    /// A relation.
    fn relation(&mut self, relation: NewRelation) -> Go;
    /// A record.
    fn record(&mut self, record: NewRecord) -> Go;
    /// A series.
    fn series(&mut self, series: NewSeries) -> Go;
    /// A sample.
    fn sample(&mut self, sample: Sample) -> Go;
    /// A row or value that was not taken.
    fn reject(&mut self, reject: Reject) -> Go;
    /// How far it is: the file, 0 … 1 of all bytes, numbers so far.
    fn progress(&mut self, file: &str, done: f64, counts: &ImportCounts) -> Go;
}

/// What a run found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Rows read, accepted, rejected, left out; what is new only the receiver knows.
    pub counts: ImportCounts,
    /// How rows found their items: file, lookup, number of rows.
    pub lookups: Vec<(String, String, u64)>,
    /// What the mapping and the data say about kinds, fields, relation types, records and metrics.
    pub catalogue: Catalogue,
}
