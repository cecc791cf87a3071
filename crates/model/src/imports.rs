//! Bringing in an estate: the mapping, what a check found, how an import goes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::*,
    schema::{FieldRole, FieldType, RecordRole},
    text::Localized,
};

/// A mapping: which files hold what, and what their columns mean. Written in YAML by people (`docs/MAPPING.md`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the estate, shown as the origin of its items.
    #[serde(default)]
    pub name: String,
    /// Time zone of times without one, IANA; UTC when empty.
    #[serde(default)]
    pub tz: String,
    /// The files, in any order: items are always written before what refers to them.
    pub files: Vec<FileMapping>,
    /// Names, synonyms and meaning of kinds.
    #[serde(default)]
    pub kinds: BTreeMap<String, Naming>,
    /// The same for relation types.
    #[serde(default)]
    pub relations: BTreeMap<String, RelationNaming>,
    /// The same for kinds of records.
    #[serde(default)]
    pub records: BTreeMap<String, RecordNaming>,
    /// The same for fields of items, which may come from nested objects.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldNaming>,
    /// The same for metrics.
    #[serde(default)]
    pub metrics: BTreeMap<String, MetricNaming>,
}

/// Name and synonyms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// Name shown.
    #[serde(default)]
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
}

/// Name, synonyms and meaning of a relation type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelationNaming {
    /// Name shown, read from source to target.
    #[serde(default)]
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Whether a failure of the target reaches the source.
    #[serde(default)]
    pub impact: bool,
}

/// Name, synonyms and role of a kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordNaming {
    /// Name shown.
    #[serde(default)]
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// What it is about.
    pub role: RecordRole,
    /// Names of its fields.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldNaming>,
}

/// Name, synonyms, type and role of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldNaming {
    /// Name shown.
    #[serde(default)]
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Type; found out from the values when absent.
    #[serde(default)]
    pub r#type: Option<FieldType>,
    /// Unit of the values.
    #[serde(default)]
    pub unit: String,
    /// What it means to the product.
    #[serde(default)]
    pub role: Option<FieldRole>,
    /// For words with an order, from least to most severe.
    #[serde(default)]
    pub order: Vec<String>,
}

/// Name, synonyms and unit of a metric.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricNaming {
    /// Name shown.
    #[serde(default)]
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Unit of the values as stored.
    #[serde(default)]
    pub unit: String,
    /// Values are multiplied by this while they come in (1 when absent).
    #[serde(default)]
    pub scale: Option<f64>,
}

/// What the rows of a file are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rows", rename_all = "snake_case")]
pub enum Rows {
    /// Configuration items.
    Items(ItemRows),
    /// More fields for items that another file brings.
    ItemFields(ItemFieldRows),
    /// Relations.
    Relations(RelationRows),
    /// Records: events, maintenance, work, tickets, alarms.
    Records(RecordRows),
    /// Metrics, one column per metric.
    MetricsWide(MetricWideRows),
    /// Metrics, one row per value.
    MetricsLong(MetricLongRows),
}

/// One file, or all files that fit a pattern.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileMapping {
    /// Name below the folder; `*` stands for any text (`metrics/*_metric.csv`).
    pub file: String,
    /// `csv`, `json` or `ndjson`; found out from the name when empty. `.gz` is unpacked.
    #[serde(default)]
    pub format: String,
    /// What a row is.
    #[serde(flatten)]
    pub rows: Rows,
}

/// Items. Values of columns are paths: a column of CSV, or `a.b` into JSON (also into JSON inside a CSV cell).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ItemRows {
    /// Column of the code, unique in the tenant.
    pub code: String,
    /// Column of the identifier other files refer to, when it is not the code.
    #[serde(default)]
    pub id: String,
    /// Column of the name; the code when empty.
    #[serde(default)]
    pub name: String,
    /// Column of the kind, or `=text` for one kind for all rows.
    pub kind: String,
    /// Field → column. `*` → column takes every entry of that JSON object as a field of its own name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// More fields for items.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ItemFieldRows {
    /// How a row finds its item.
    pub item: ItemRef,
    /// Field → column, as in [`ItemRows::fields`].
    pub fields: BTreeMap<String, String>,
}

/// How a row finds its item: the column, and in which order it is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemRef {
    /// Column; `@file:REGEX-FREE` forms are not used: `@file` stands for the file's name without ending.
    pub column: String,
    /// Lookups in order: `id`, `code`, `name`, or a field of items (`ip`). `id` and `code` when empty.
    #[serde(default)]
    pub by: Vec<String>,
    /// Keep only the part before the first occurrence of this text (`-` for pods named `service-hash`).
    #[serde(default)]
    pub before: String,
    /// Kind of an item to be made when there is none; then a miss is no rejection.
    #[serde(default)]
    pub create_as: String,
    /// The value is brought to lower case first.
    #[serde(default)]
    pub lowercase: bool,
}

/// Relations.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RelationRows {
    /// How a row finds the source.
    pub source: ItemRef,
    /// How a row finds the target.
    pub target: ItemRef,
    /// Column of the type, or `=text`.
    pub r#type: String,
    /// Field → column.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// Records.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RecordRows {
    /// Kind, a key of [`Mapping::records`].
    pub kind: String,
    /// Column of an identifier that stays the same when the file is imported again; made from the row when empty.
    #[serde(default)]
    pub id: String,
    /// How a row finds its item; a record may be about none.
    #[serde(default)]
    pub item: Option<ItemRef>,
    /// When it happened or began.
    pub at: TimeRef,
    /// When it ended.
    #[serde(default)]
    pub until: Option<TimeRef>,
    /// Field → column, as in [`ItemRows::fields`].
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// How a time is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TimeRef {
    /// Column.
    pub column: String,
    /// `auto` (RFC 3339 and its usual spellings, Go's too), `epoch_s`, `epoch_ms`, or a pattern of `%Y %m %d %H %M %S`.
    #[serde(default)]
    pub format: String,
    /// Time zone of times without one, IANA; that of the mapping when empty.
    #[serde(default)]
    pub tz: String,
}

/// Metrics, one column per metric.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MetricWideRows {
    /// How a row finds its item; not used when the columns name call edges.
    #[serde(default)]
    pub item: ItemRef,
    /// Time of the sample.
    pub at: TimeRef,
    /// Metric → column. `*` → every other column is a metric of its own name.
    #[serde(default)]
    pub metrics: BTreeMap<String, String>,
    /// Columns left out when `*` is used.
    #[serde(default)]
    pub skip: Vec<String>,
    /// When the columns are call edges `source_target`: the metric and the separator.
    #[serde(default)]
    pub edges: Option<EdgeColumns>,
}

/// Columns named after call edges.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct EdgeColumns {
    /// Metric all of them are values of.
    pub metric: String,
    /// What stands between source and target (`_`).
    pub separator: String,
    /// How source and target are looked up (column is ignored).
    pub item: ItemRef,
}

/// Metrics, one row per value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct MetricLongRows {
    /// How a row finds its item.
    pub item: ItemRef,
    /// Time of the sample.
    pub at: TimeRef,
    /// Column of the metric's name, or `=text`.
    pub metric: String,
    /// Column of the value.
    pub value: String,
    /// Column of the unit, or empty.
    #[serde(default)]
    pub unit: String,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// File.
    pub file: String,
    /// Line in the file, from 1, the head included.
    pub line: u64,
    /// Column or field.
    pub field: String,
    /// The value.
    pub value: String,
    /// Why, stable: `missing`, `not_a_number`, `not_a_time`, `no_such_item`, `duplicate`, `bad_json`, `bad_row`.
    pub reason: String,
    /// Why, for a person.
    pub text: Localized,
}

/// What went in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows read.
    pub read: u64,
    /// Rows taken.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
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
    /// It was taken out again.
    Undone,
}

/// An import, as it goes and afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
pub struct UploadedFile {
    /// Identifier, for the import.
    pub id: UploadId,
    /// Name.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Rows, as far as they were counted.
    pub rows: u64,
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

/// Starts an import of uploaded files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartImport {
    /// The files.
    pub uploads: Vec<UploadId>,
    /// The mapping; files are named as they were uploaded.
    pub mapping: Mapping,
}

/// Loads demo data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoRequest {
    /// Another seed makes other names and another topology.
    pub seed: u64,
    /// Number of items, 60 … 20 000.
    pub cis: u32,
}
