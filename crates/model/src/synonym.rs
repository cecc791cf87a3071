//! Words a tenant uses for its kinds, fields, relations, records and metrics, beside their names.

use serde::{Deserialize, Serialize};

/// What a word is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TermSet {
    /// A kind of item.
    Kind,
    /// A field of items.
    Field,
    /// A type of relation.
    Relation,
    /// A kind of record.
    Record,
    /// A field of a kind of record.
    RecordField,
    /// A metric.
    Metric,
}

/// The words for one thing, replacing those it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetSynonyms {
    /// What it is.
    pub set: TermSet,
    /// The kind of record, for its fields; empty otherwise.
    #[serde(default)]
    pub of: String,
    /// Its key in the catalogue.
    pub key: String,
    /// The words, at most 40 of at most 80 characters.
    pub words: Vec<String>,
}
