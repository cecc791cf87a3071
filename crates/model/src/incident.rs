//! Incidents: what left the usual at about the same time near each other, and what may have caused it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{answer::TimelineEntry, rca::Hypothesis, text::Localized};

/// Which incidents to look for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct IncidentQuery {
    /// From, inclusive; three days before `to` when absent.
    pub from: Option<DateTime<Utc>>,
    /// To, exclusive; the end of the data when absent. At most 31 days after `from`.
    pub to: Option<DateTime<Utc>>,
}

/// The best explanation of an incident, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cause {
    /// Code of the item.
    pub ci: String,
    /// What of it.
    pub resource: Localized,
    /// What it says in one sentence.
    pub summary: String,
    /// How likely it is the cause, 0 to 1.
    pub confidence: f64,
}

/// An incident as the list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncidentSummary {
    /// Identifier: the same for as long as it begins on the same item at the same moment.
    pub id: String,
    /// First deviation.
    pub from: DateTime<Utc>,
    /// Last deviation.
    pub until: DateTime<Utc>,
    /// The data ends within it.
    pub ongoing: bool,
    /// Something is far from usual, or a record says so.
    pub severe: bool,
    /// Codes of the items, those that deviated first in front.
    pub items: Vec<String>,
    /// Stretches of series that left the usual.
    pub deviations: u32,
    /// Events on these items in the time.
    pub events: u32,
    /// The best hypothesis; none when nothing explains it.
    pub cause: Option<Cause>,
}

/// The incidents of a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncidentPage {
    /// Newest first.
    pub items: Vec<IncidentSummary>,
    /// The window looked at.
    pub window: (DateTime<Utc>, DateTime<Utc>),
    /// Series looked at.
    pub series: u32,
    /// Deviations that stand alone: nothing near them deviated at the time.
    pub alone: u32,
}

/// A stretch in which a series left the usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deviation {
    /// Key of the metric.
    pub metric: String,
    /// Other end of a call edge, or empty.
    #[serde(default)]
    pub peer: String,
    /// First unusual sample.
    pub from: DateTime<Utc>,
    /// Last.
    pub until: DateTime<Utc>,
    /// `high`, `low`, `flat`, `silent`, `apart`.
    pub form: String,
    /// The value farthest away.
    pub value: f64,
    /// What was expected there.
    pub expected: f64,
    /// Robust standard deviations between them.
    pub sigma: f64,
}

/// An item of an incident: a lane of the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lane {
    /// Code.
    pub ci: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Relations away from the likely cause; none where no way leads there.
    pub distance: Option<u32>,
    /// First deviation.
    pub first: DateTime<Utc>,
    /// Far from usual, or a record says so.
    pub severe: bool,
    /// Its deviations in order of time.
    pub deviations: Vec<Deviation>,
    /// Events on it, at most 100.
    pub events: Vec<TimelineEntry>,
}

/// Another incident of the same time, and why it is another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Apart {
    /// Identifier.
    pub id: String,
    /// Its first item.
    pub ci: String,
    /// Why.
    pub why: Localized,
}

/// An incident with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncidentDetail {
    /// As the list shows it.
    pub summary: IncidentSummary,
    /// Items by distance, then by their first deviation; at most 24.
    pub lanes: Vec<Lane>,
    /// Possible causes, best first.
    pub hypotheses: Vec<Hypothesis>,
    /// Changes and maintenance on these items from two hours before.
    pub changes: Vec<TimelineEntry>,
    /// Why these belong together.
    pub why: Vec<Localized>,
    /// Others at the same time that do not belong to it.
    pub apart: Vec<Apart>,
    /// What could not be looked at.
    pub notes: Vec<String>,
}
