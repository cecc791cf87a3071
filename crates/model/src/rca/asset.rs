//! Templates of root-cause analysis as a tenant keeps them: versions, which one is in force, trying one out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Applies, Hypothesis, Template};
use crate::text::Localized;

/// A template in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RcaTemplateSummary {
    /// Identifier.
    pub key: String,
    /// Name of its newest version.
    pub name: Localized,
    /// The newest version; 0 for the one that comes with the product.
    pub latest: u32,
    /// The version in force; none when it is not used by itself.
    pub active: Option<u32>,
    /// When the version in force is used; that of the newest one when none is.
    pub applies: Applies,
    /// It comes with the product: it can be copied, and is used where no other applies.
    pub built_in: bool,
    /// Who saved the newest version.
    pub by: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// A version that was saved. Versions are never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RcaTemplateVersion {
    /// Number, from 1.
    pub version: u32,
    /// Who saved it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in the words of that person.
    pub reason: String,
    /// The version it brought back, when it did.
    pub of: Option<u32>,
}

/// A template with its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RcaTemplateDetail {
    /// As in the list.
    pub summary: RcaTemplateSummary,
    /// The version asked for.
    pub version: u32,
    /// It.
    pub template: Template,
    /// Versions, newest first.
    pub versions: Vec<RcaTemplateVersion>,
}

/// A new version of a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveRcaTemplate {
    /// The template; its key says which.
    pub template: Template,
    /// The newest version it was made from; 0 for a template that is new.
    #[serde(default)]
    pub base: u32,
    /// Why, at most 300 characters.
    #[serde(default)]
    pub reason: String,
}

/// Tries a template on a window beside the one that would be used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TryRcaTemplate {
    /// The template, saved or not.
    pub template: Template,
    /// Codes of the items that suffer; every item is a candidate when empty.
    pub ci: Vec<String>,
    /// Begin of the window; the last half hour that is measured when absent.
    pub from: Option<DateTime<Utc>>,
    /// End of the window.
    pub to: Option<DateTime<Utc>>,
}

/// What came of a template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RcaOutcome {
    /// Key of the template.
    pub key: String,
    /// Its version; 0 for one that is not saved, and for the one that comes with the product.
    pub version: u32,
    /// Its name.
    pub name: Localized,
    /// Possible causes, best first.
    pub hypotheses: Vec<Hypothesis>,
    /// What a person should know about it.
    pub notes: Vec<String>,
    /// Time it took, in milliseconds.
    pub ms: f64,
}

/// A template beside the one in force, on the same window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RcaTrial {
    /// What came of the template that is tried.
    pub tried: RcaOutcome,
    /// What came of the one that is used there now.
    pub present: RcaOutcome,
}
