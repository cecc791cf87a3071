//! Records: events, maintenance, work, tickets, alarms. Kinds and fields are data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{condition::Condition, ids::*, schema::RecordRole};

/// One record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// Identifier.
    pub id: RecordId,
    /// Kind, a key of the catalogue.
    pub kind: String,
    /// Code of the item it is about, where there is one.
    pub ci: Option<String>,
    /// Name of that item.
    pub ci_name: Option<String>,
    /// When it happened or began.
    pub at: DateTime<Utc>,
    /// When it ended.
    pub until: Option<DateTime<Utc>>,
    /// Its fields by key.
    pub fields: Map<String, Value>,
}

/// What a list of records shows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordQuery {
    /// Kinds; empty means all of `role`, or all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Role of the kinds.
    #[serde(default)]
    pub role: Option<RecordRole>,
    /// Codes of items.
    #[serde(default)]
    pub cis: Vec<String>,
    /// From, inclusive.
    #[serde(default)]
    pub from: Option<DateTime<Utc>>,
    /// To, exclusive.
    #[serde(default)]
    pub to: Option<DateTime<Utc>>,
    /// Free text over title, body and item.
    #[serde(default)]
    pub text: String,
    /// Conditions on fields, all of which hold.
    #[serde(default)]
    pub filter: Vec<Condition>,
    /// Where the last page ended (`next` of it).
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows wanted, at most 200 (50 when 0). Newest first.
    #[serde(default)]
    pub limit: u32,
}

/// A page of records, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordPage {
    /// The rows.
    pub items: Vec<Record>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Records that fit, counted up to 100 000.
    pub total: u64,
}

/// Records in time: what the bar above an event list draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordHistogram {
    /// Width of a bar in seconds.
    pub step_s: u64,
    /// Start of a bar, severity or category, count.
    pub bars: Vec<(DateTime<Utc>, String, u64)>,
    /// The time covered by all records of these kinds.
    pub covers: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// Records that are the same thing again: one row with a count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordGroup {
    /// The newest of them.
    pub last: Record,
    /// When the first happened.
    pub first_at: DateTime<Utc>,
    /// How many.
    pub count: u64,
}

/// A page of repeated records, the latest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordGroupPage {
    /// The rows.
    pub items: Vec<RecordGroup>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Groups there are.
    pub total: u64,
    /// Records in all of them.
    pub records: u64,
}
