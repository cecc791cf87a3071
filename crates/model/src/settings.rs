//! Settings as a person sees them: value and where it comes from.

use serde::{Deserialize, Serialize};

use crate::text::Localized;

/// Where the value in force comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SettingSource {
    /// Built in.
    Default,
    /// An environment variable.
    Environment,
    /// A flag of the command line.
    Flag,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingValue {
    /// Key, as `server.addr`.
    pub key: String,
    /// The environment variable that sets it.
    pub env: String,
    /// What it is for.
    pub about: Localized,
    /// The value in force; secrets are masked.
    pub value: String,
    /// The built-in value.
    pub default: String,
    /// Where the value comes from.
    pub source: SettingSource,
}
