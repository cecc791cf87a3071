//! Relation types as those who look after the estate see them: which way failures travel, and who said so.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{imports::TravelGuess, schema::Travel, text::Localized};

/// A relation type and what was decided about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelationRow {
    /// Value stored with the relations.
    pub key: String,
    /// Name shown, read from source to target.
    pub label: Localized,
    /// How many relations there are.
    pub count: u64,
    /// Which way failures travel; absent where nobody has said so yet, which counts as not at all.
    #[serde(default)]
    pub travel: Option<Travel>,
    /// Who said so by hand; absent where a mapping did.
    #[serde(default)]
    pub set_by: Option<String>,
    /// When.
    #[serde(default)]
    pub set_at: Option<DateTime<Utc>>,
    /// What the name suggests.
    pub guess: TravelGuess,
    /// Kinds of items it joins, most frequent first, at most 3.
    pub links: Vec<RelationLink>,
}

/// Kinds of items a relation type joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelationLink {
    /// Kind of the sources.
    pub source: String,
    /// Kind of the targets.
    pub target: String,
    /// How many.
    pub count: u64,
}

/// Says which way failures travel along a relation type. What is said by hand is not changed by imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetTravel {
    /// The relation type.
    pub key: String,
    /// Which way.
    pub travel: Travel,
}
