//! The catalogue of an estate: its kinds, fields, relation types, metrics. All of it is data of the tenant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Localized;

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Text.
    Text,
    /// A number, whole or not.
    Number,
    /// Yes or no.
    Bool,
    /// A moment, stored in UTC as RFC 3339.
    Time,
    /// Several texts.
    List,
}

/// What a field means to the product, where it means something. Everything else is shown and filtered alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldRole {
    /// State of a configuration item.
    Status,
    /// Person or team answering for it.
    Owner,
    /// Where it stands.
    Location,
    /// How much depends on it, as a number; more is worse to lose.
    Criticality,
    /// The system or service it is part of.
    System,
    /// Network address.
    Address,
    /// How bad a record is: number or word.
    Severity,
    /// How a piece of work ended.
    Outcome,
    /// Short description of a record.
    Title,
    /// Long description of a record.
    Body,
    /// Subtype of a record (event type, type of work).
    Category,
    /// Length of a record in minutes.
    Duration,
}

/// A field of a configuration item or of a kind of record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldDef {
    /// Key in the stored object.
    pub key: String,
    /// Name shown.
    pub label: Localized,
    /// Type of the values.
    pub r#type: FieldType,
    /// Unit of the values (`GB`, `min`), or empty.
    #[serde(default)]
    pub unit: String,
    /// What it means to the product.
    #[serde(default)]
    pub role: Option<FieldRole>,
    /// Other words for it, from the mapping or the tenant.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// For words with an order (alarm levels): from least to most severe.
    #[serde(default)]
    pub order: Vec<String>,
    /// Distinct values, most frequent first, when there are at most 200.
    #[serde(default)]
    pub values: Vec<String>,
    /// How many distinct values there are.
    #[serde(default)]
    pub distinct: u64,
}

/// A kind of configuration item (`server`, `database`, `switch`), as the estate calls it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CiKind {
    /// Value stored with the items.
    pub key: String,
    /// Name shown.
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// How many items there are.
    #[serde(default)]
    pub count: u64,
}

/// Which way a failure travels along a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Travel {
    /// It does not.
    #[default]
    None,
    /// From target to source: the source needs the target (`runs_on`, `uses`).
    ToSource,
    /// From source to target: the target needs the source (`hosts`, `feeds`).
    ToTarget,
    /// Both ways.
    Both,
}

impl Travel {
    /// Every way, in the order a person chooses from.
    pub const ALL: [Self; 4] = [Self::ToSource, Self::ToTarget, Self::Both, Self::None];

    /// The word it is written as.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ToSource => "to_source",
            Self::ToTarget => "to_target",
            Self::Both => "both",
        }
    }

    /// The way of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|travel| travel.word() == word)
    }

    /// Whether a failure of the target reaches the source.
    pub fn to_source(self) -> bool {
        matches!(self, Self::ToSource | Self::Both)
    }

    /// Whether a failure of the source reaches the target.
    pub fn to_target(self) -> bool {
        matches!(self, Self::ToTarget | Self::Both)
    }
}

/// A type of relation. The source runs on, uses or depends on the target when `impact` is true: a failure travels
/// from target to source. It is the other way round when `forward` is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelationType {
    /// Value stored with the relations.
    pub key: String,
    /// Name shown, read from source to target.
    pub label: Localized,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Whether a failure of the target reaches the source.
    #[serde(default)]
    pub impact: bool,
    /// Whether a failure of the source reaches the target.
    #[serde(default)]
    pub forward: bool,
    /// Whether a mapping or a person has said which way failures travel.
    #[serde(default)]
    pub decided: bool,
    /// How many relations there are.
    #[serde(default)]
    pub count: u64,
}

impl RelationType {
    /// Which way failures travel.
    pub fn travel(&self) -> Travel {
        match (self.impact, self.forward) {
            (false, false) => Travel::None,
            (true, false) => Travel::ToSource,
            (false, true) => Travel::ToTarget,
            (true, true) => Travel::Both,
        }
    }
}

/// What a kind of record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RecordRole {
    /// Something that happened: events, alarms.
    Event,
    /// Planned care: maintenance.
    Maintenance,
    /// A change: deployments, work.
    Change,
    /// A request or an incident handled by people.
    Ticket,
    /// Anything else.
    Other,
}

/// A kind of record (`event`, `maintenance`, `work`, `ticket`), with its own fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordKind {
    /// Value stored with the records.
    pub key: String,
    /// Name shown.
    pub label: Localized,
    /// What it is about.
    pub role: RecordRole,
    /// Other words for it.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Its fields, in the order they are shown.
    #[serde(default)]
    pub fields: Vec<FieldDef>,
    /// How many records there are.
    #[serde(default)]
    pub count: u64,
    /// The time covered, first to last.
    #[serde(default)]
    pub covers: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A metric: one quantity measured on many items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricDef {
    /// Key, as stored (`cpu_usage_rate`).
    pub key: String,
    /// Name shown.
    pub label: Localized,
    /// Unit (`%`, `s`, `MiB`), or empty.
    #[serde(default)]
    pub unit: String,
    /// Other words for it, the column's own name included.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// True when the value belongs to a pair of items (latency of a call edge); then `peer` of a series is set.
    #[serde(default)]
    pub per_edge: bool,
    /// How many series there are.
    #[serde(default)]
    pub series: u64,
    /// The time covered, first to last sample.
    #[serde(default)]
    pub covers: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Everything the estate is described by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Catalogue {
    /// Kinds of configuration items.
    pub kinds: Vec<CiKind>,
    /// Fields of configuration items.
    pub fields: Vec<FieldDef>,
    /// Types of relations.
    pub relations: Vec<RelationType>,
    /// Kinds of records.
    pub records: Vec<RecordKind>,
    /// Metrics.
    pub metrics: Vec<MetricDef>,
}
