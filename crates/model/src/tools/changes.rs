//! What was changed, and what time it is: `change.search`, `time.now`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `change.search`: what was changed on items and on what they are joined to. Rows: `at, until, ci, hops` (relations away
/// from the items named), `record` (kind, by its label), `what`, `outcome`, newest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeSearch {
    /// Codes of items: a code, a list, a reference; changes anywhere when absent.
    #[serde(default)]
    pub ci: Option<Value>,
    /// From, inclusive.
    #[serde(default)]
    pub from: Option<Value>,
    /// To, exclusive.
    #[serde(default)]
    pub to: Option<Value>,
    /// Relations from the items that are followed, both ways (1 when absent, at most 3; 0 for the items alone).
    #[serde(default)]
    pub hops: Option<u32>,
    /// Kinds of record that count as changes, keys of the catalogue; every kind of the role change or maintenance when
    /// empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Most rows (50 when 0).
    #[serde(default)]
    pub limit: u32,
}

/// `time.now`: the moment of the call. One row: `at` (UTC), `local`, `weekday` (`mon` … `sun`), `zone`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TimeNow {
    /// IANA name of a time zone; UTC when empty.
    #[serde(default)]
    pub tz: String,
}
