//! A mapping and the names it gives: what people write in YAML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    FileMapping,
    short::{is_blank, travel},
};
use crate::{
    schema::{FieldRole, FieldType, RecordRole, Travel},
    text::Localized,
};

/// A mapping: which files hold what, and what their columns mean. Written in YAML by people (`docs/MAPPING.md`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the estate, shown as the origin of its items.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Time zone of times without one, IANA; UTC when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tz: String,
    /// The files, in any order: items are always written before what refers to them.
    pub files: Vec<FileMapping>,
    /// Names, synonyms and meaning of kinds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, Naming>,
    /// The same for relation types.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub relations: BTreeMap<String, RelationNaming>,
    /// The same for kinds of records.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<String, RecordNaming>,
    /// The same for fields of items, which may come from nested objects.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldNaming>,
    /// The same for metrics.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, MetricNaming>,
}

/// Name and synonyms.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// Name shown.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub label: Localized,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
}

/// Name, synonyms and meaning of a relation type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RelationNaming {
    /// Name shown, read from source to target.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub label: Localized,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Which way a failure travels: `to_source` (the source needs the target), `to_target`, `both` or `none`; `true` is
    /// short for `to_source`, `false` for `none`. Left as it is, or undecided, when absent.
    #[serde(default, deserialize_with = "travel", skip_serializing_if = "Option::is_none")]
    pub impact: Option<Travel>,
}

/// Name, synonyms and role of a kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordNaming {
    /// Name shown.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub label: Localized,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// What it is about.
    pub role: RecordRole,
    /// Names of its fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldNaming>,
}

/// Name, synonyms, type and role of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldNaming {
    /// Name shown.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub label: Localized,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Type; found out from the values when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<FieldType>,
    /// Unit of the values.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What it means to the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<FieldRole>,
    /// For words with an order, from least to most severe.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
}

/// Name, synonyms and unit of a metric.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MetricNaming {
    /// Name shown.
    #[serde(default, skip_serializing_if = "is_blank")]
    pub label: Localized,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Unit of the values as stored.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Values are multiplied by this while they come in (1 when absent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
}
