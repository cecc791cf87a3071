//! Bringing in an estate: the mapping, what a check found, how an import goes.

mod files;
mod mapping;
mod short;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{files::*, mapping::*};
use crate::{ids::*, schema::Travel, text::Localized};

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reject {
    /// File.
    pub file: String,
    /// Line in the file, from 1, the head included.
    pub line: u64,
    /// Column or field.
    pub field: String,
    /// The value.
    pub value: String,
    /// Why, stable: `missing`, `not_a_number`, `not_a_time`, `not_yes_or_no`, `no_such_item`, `ambiguous_item`,
    /// `duplicate`, `bad_json`, `bad_row`, `bad_encoding`, `too_long`.
    pub reason: String,
    /// Why, for a person.
    pub text: Localized,
}

/// What went in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// Rows read.
    pub read: u64,
    /// Rows taken.
    pub accepted: u64,
    /// Rows rejected, as a whole or (metrics) for some of their values.
    pub rejected: u64,
    /// Rows the mapping leaves out by `only`, `except` or `once`.
    #[serde(default)]
    pub skipped: u64,
    /// Items new.
    pub items_new: u64,
    /// Items changed.
    pub items_changed: u64,
    /// Items as before.
    pub items_same: u64,
    /// Relations new.
    pub relations_new: u64,
    /// Records new.
    pub records_new: u64,
    /// Samples new or changed.
    pub samples_new: u64,
}

/// How an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// At work.
    Running,
    /// All of it is in.
    Done,
    /// Nothing of it is in; `message` says why.
    Failed,
    /// The program ended while it was at work; nothing of it is in.
    Interrupted,
    /// A person stopped it; nothing of it is in.
    Cancelled,
    /// It was taken out again.
    Undone,
}

/// An import, as it goes and afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportStatus {
    /// Identifier.
    pub id: ImportId,
    /// Name of the mapping, or `demo`.
    pub name: String,
    /// How it stands.
    pub state: ImportState,
    /// The file being read.
    pub file: String,
    /// 0 … 1.
    pub progress: f64,
    /// Numbers.
    pub counts: ImportCounts,
    /// Why it failed.
    #[serde(default)]
    pub message: Option<Localized>,
    /// First rejects, at most 200; all of them are in the download.
    #[serde(default)]
    pub rejects: Vec<Reject>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    #[serde(default)]
    pub finished_at: Option<DateTime<Utc>>,
}

/// A file that was uploaded, and what it seems to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadedFile {
    /// Identifier, for the import.
    pub id: UploadId,
    /// Name.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows; of a large file an estimate from its first part.
    pub rows: u64,
    /// Whether `rows` is an estimate.
    #[serde(default)]
    pub estimated: bool,
    /// Columns (or JSON keys) in order.
    pub columns: Vec<String>,
    /// First rows, at most 20.
    pub sample: Vec<Vec<String>>,
    /// What the file seems to be.
    pub guess: Option<FileMapping>,
    /// What each column seems to be.
    pub guesses: Vec<ColumnGuess>,
    /// What is wrong with it, when nothing can be read.
    #[serde(default)]
    pub problem: Option<Localized>,
}

/// What a column seems to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnGuess {
    /// Column.
    pub column: String,
    /// `code`, `id`, `name`, `kind`, `item`, `source`, `target`, `type`, `at`, `until`, `metric`, `value`, `unit`,
    /// `field`, `object` (JSON whose entries become fields) or `skip`.
    pub role: String,
    /// Name of the field or metric, for `field` and `value`.
    pub name: String,
    /// 0 … 1.
    pub certainty: f64,
    /// Why, for a person.
    pub why: Localized,
}

/// What a trial run of a mapping over the uploaded files found; nothing is written.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportCheck {
    /// Numbers as they would be.
    pub counts: ImportCounts,
    /// First rejects, at most 200.
    pub rejects: Vec<Reject>,
    /// Problems of the mapping itself: path and reason.
    pub problems: Vec<(String, Localized)>,
    /// How rows found their items: file, lookup, number of rows.
    pub lookups: Vec<(String, String, u64)>,
}

/// Which way failures travel along a relation type by its name, until a person says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TravelGuess {
    /// Which way.
    pub travel: Travel,
    /// Whether the name says so; otherwise a person should look.
    pub sure: bool,
    /// Why, for a person.
    pub why: Localized,
}

/// A relation type found in an uploaded file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundRelation {
    /// Its value in the file.
    pub key: String,
    /// Rows with it.
    pub count: u64,
    /// Which way failures travel: as the estate has it, else by its name.
    pub guess: TravelGuess,
}

/// Every relation type of an uploaded file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundRelations {
    /// The types, most frequent first, at most 500.
    pub types: Vec<FoundRelation>,
    /// How many there are.
    pub total: u64,
    /// Rows that were read.
    pub rows: u64,
}

/// Starts an import of uploaded files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartImport {
    /// The files.
    pub uploads: Vec<UploadId>,
    /// The mapping; files are named as they were uploaded.
    pub mapping: Mapping,
}

/// Loads demo data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DemoRequest {
    /// Another seed makes other names and another topology.
    pub seed: u64,
    /// Number of items, 60 … 20 000.
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 20_000))]
    pub cis: u32,
}
