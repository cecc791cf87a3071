//! What the rows of a file are and how their columns are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::short::is_false;

/// What the rows of a file are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileMapping {
    /// Name below the folder; `*` stands for any text (`metrics/*_metric.csv`).
    pub file: String,
    /// `csv`, `json` or `ndjson`; found out from the name when empty. `.gz` is unpacked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// Only rows whose column fits one of the patterns (`*` stands for any text, `?` for one letter).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub only: BTreeMap<String, Patterns>,
    /// Not the rows whose column fits one of the patterns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub except: BTreeMap<String, Patterns>,
    /// Only the first row of each item: for items and their fields read from a file that repeats them.
    #[serde(default, skip_serializing_if = "is_false")]
    pub once: bool,
    /// What a row is.
    #[serde(flatten)]
    pub rows: Rows,
}

impl FileMapping {
    /// Every row of a file, whose format is found out from its name.
    pub fn new(file: impl Into<String>, rows: Rows) -> Self {
        Self {
            file: file.into(),
            format: String::new(),
            only: BTreeMap::new(),
            except: BTreeMap::new(),
            once: false,
            rows,
        }
    }
}

/// One pattern or several: `"33.*"` or `["a*", "b*"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Patterns {
    /// One.
    One(String),
    /// Any of these.
    Any(Vec<String>),
}

impl Patterns {
    /// The patterns.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(pattern) => std::slice::from_ref(pattern),
            Self::Any(patterns) => patterns,
        }
    }
}

/// Items. Values of columns are paths: a column of CSV, or `a.b` into JSON (also into JSON inside a CSV cell).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemRows {
    /// Column of the code, unique in the tenant.
    pub code: String,
    /// Column of the identifier other files refer to, when it is not the code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Column of the name; the code when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Column of the kind, or `=text` for one kind for all rows.
    pub kind: String,
    /// Field → column, or `=text` for the same value in all rows. `*` → column takes every entry of that JSON object
    /// as a field of its own name (several columns: `attributes, tags`); `*` → `*` takes every column not used yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Entries left out when `*` is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
}

/// More fields for items.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemFieldRows {
    /// How a row finds its item.
    pub item: ItemRef,
    /// Field → column, as in [`ItemRows::fields`].
    pub fields: BTreeMap<String, String>,
    /// Entries left out when `*` is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
}

/// How a row finds its item: the column, and in which order it is looked up. `item: ci_id` is short for
/// `item: {column: ci_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemRef {
    /// Column; `@file` stands for the file's name without folder and ending, `=text` for the same item in all rows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// Lookups in order: `id`, `code`, `name`, or a field of items (`ip`). `id` and `code` when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// Keep only the part before the first occurrence of this text (`-` for pods named `service-hash`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// Keep only the part after the first occurrence of this text (`:` for `host:name`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Kind of an item to be made when there is none; then a miss is no rejection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub create_as: String,
    /// Capital and small letters are the same; an item that is made gets small ones.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lowercase: bool,
}

impl ItemRef {
    /// Whether nothing is said.
    pub fn is_unset(&self) -> bool {
        *self == Self::default()
    }
}

/// Relations.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelationRows {
    /// How a row finds the source.
    pub source: ItemRef,
    /// How a row finds the target.
    pub target: ItemRef,
    /// Column of the type, or `=text`.
    pub r#type: String,
    /// Field → column, as in [`ItemRows::fields`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Entries left out when `*` is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
}

/// Records.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordRows {
    /// Kind, a key of [`Mapping::records`].
    pub kind: String,
    /// Column of an identifier that stays the same when the file is imported again; made from the row when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// How a row finds its item; a record may be about none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemRef>,
    /// When it happened or began.
    pub at: TimeRef,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<TimeRef>,
    /// Field → column, as in [`ItemRows::fields`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Entries left out when `*` is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
}

/// How a time is read. `at: time` is short for `at: {column: time}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeRef {
    /// Column.
    pub column: String,
    /// `auto` (RFC 3339 and its usual spellings, Go's, Korean, seconds or milliseconds since 1970; the same as
    /// empty), `epoch_s`, `epoch_ms`, or a pattern of `%Y %m %d %H %M %S`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// Time zone of times without one, IANA; that of the mapping when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tz: String,
}

/// Metrics, one column per metric.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricWideRows {
    /// How a row finds its item; not used when the columns name call edges.
    #[serde(default, skip_serializing_if = "ItemRef::is_unset")]
    pub item: ItemRef,
    /// Time of the sample.
    pub at: TimeRef,
    /// Metric → column. `*` → every other column is a metric of its own name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, String>,
    /// Columns left out when `*` is used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
    /// When the columns are call edges `source_target`: the metric and the separator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edges: Option<EdgeColumns>,
}

/// Columns named after call edges.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EdgeColumns {
    /// Metric all of them are values of.
    pub metric: String,
    /// What stands between source and target (`_`).
    pub separator: String,
    /// How source and target are looked up (its column is not used).
    #[serde(default, skip_serializing_if = "ItemRef::is_unset")]
    pub item: ItemRef,
}

/// Metrics, one row per value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
}
