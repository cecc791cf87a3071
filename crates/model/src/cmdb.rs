//! Configuration items as lists and pages show them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{condition::Condition, ids::*};

/// A configuration item in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CiSummary {
    /// Identifier.
    pub id: CiId,
    /// Code: unique in the tenant, what people type.
    pub code: String,
    /// Name shown.
    pub name: String,
    /// Kind, a key of the catalogue.
    pub kind: String,
    /// All fields by key; which are shown is the list's choice.
    pub fields: Map<String, Value>,
    /// Number of relations in both directions.
    pub relations: u32,
    /// Number of records of role event in the last 24 hours of the data covered.
    pub recent_events: u32,
    /// Last change of the item itself.
    pub updated_at: DateTime<Utc>,
}

/// What a list of configuration items shows. Lives in the address, so that a view can be saved and sent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CiListQuery {
    /// Free text over code, name and fields.
    #[serde(default)]
    pub text: String,
    /// Conditions, all of which hold. `code`, `name` and `kind` are fields too.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Field to sort by (`code` when empty); `-` before it sorts downwards.
    #[serde(default)]
    pub sort: String,
    /// Rows to leave out.
    #[serde(default)]
    pub offset: u32,
    /// Rows wanted, at most 500 (100 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CiPage {
    /// The rows.
    pub items: Vec<CiSummary>,
    /// Rows that fit the query.
    pub total: u64,
    /// Items in the tenant.
    pub all: u64,
}

/// How often each value of a field occurs in a filtered list: what a filter chip offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facet {
    /// Field.
    pub field: String,
    /// Value and number of items, most frequent first, at most 50.
    pub values: Vec<(String, u64)>,
}

/// One relation seen from an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CiRelation {
    /// Type, a key of the catalogue.
    pub r#type: String,
    /// True when the item is the source.
    pub outgoing: bool,
    /// Code of the other item.
    pub code: String,
    /// Name of the other item.
    pub name: String,
    /// Kind of the other item.
    pub kind: String,
}

/// Everything the page of an item shows at once; series and records are fetched by their own calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CiDetail {
    /// The item.
    pub ci: CiSummary,
    /// Where it came from: name of the import, or `demo`.
    pub origin: String,
    /// Its relations.
    pub relations: Vec<CiRelation>,
    /// Number of records by kind.
    pub records: Vec<(String, u64)>,
    /// Number of series of metrics.
    pub series: u64,
    /// When it was first seen.
    pub created_at: DateTime<Utc>,
}

/// Whether there is any data, and what hurts answers: shown on the empty home page.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EstateState {
    /// Number of configuration items.
    pub cis: u64,
    /// Number of relations.
    pub relations: u64,
    /// Number of records.
    pub records: u64,
    /// Number of series.
    pub series: u64,
    /// Items without any relation.
    pub unrelated: u64,
    /// Whether demo data is loaded.
    pub demo: bool,
    /// Questions made from real items of the estate, in the language asked for, each with what it needs.
    pub examples: Vec<String>,
}
