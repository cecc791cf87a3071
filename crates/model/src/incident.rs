//! Incidents: what left the usual at about the same time near each other, and what may have caused it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{answer::TimelineEntry, ids::*, rca::Hypothesis, text::Localized};

/// Which incidents to list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default, deny_unknown_fields)]
pub struct IncidentQuery {
    /// Those that last at or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Those that begin before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Those with this item.
    pub ci: String,
    /// Only those the data end in (true), or only those that are over (false).
    pub ongoing: Option<bool>,
    /// Only severe ones (true), or only others (false).
    pub severe: Option<bool>,
    /// Only those with a cause that was found (true), or only those without (false).
    pub explained: Option<bool>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Incidents of a page, 1 … 200; 50 when 0.
    pub limit: u32,
}

/// How the search for anomalies stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScanState {
    /// A server is at it.
    pub running: bool,
    /// Something is new, or somebody asked, and no server is at it yet.
    pub waiting: bool,
    /// Series of the search at work that have new samples, and how many of them are done.
    pub todo: u32,
    /// How many of them are done.
    pub done: u32,
    /// Series there are.
    pub series: u32,
    /// Series whose history is too short to be judged.
    pub too_short: u32,
    /// Anomalies that belong to no incident: nothing near them deviated at the time.
    pub alone: u32,
    /// When the search at work, or the last one, began.
    pub started_at: Option<DateTime<Utc>>,
    /// When the last whole search ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The days that were judged: from …
    pub covered_from: Option<DateTime<Utc>>,
    /// … until the last sample.
    pub covered_until: Option<DateTime<Utc>>,
    /// Why the last search did not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
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
    /// What it is called, `INC-12`: the same while it grows.
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
    /// Causes were looked for.
    pub explained: bool,
    /// The best hypothesis; none when nothing explains it.
    pub cause: Option<Cause>,
}

/// A page of incidents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IncidentPage {
    /// Newest first.
    pub items: Vec<IncidentSummary>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
    /// How many there are.
    pub total: u64,
    /// How many of them are ongoing.
    pub ongoing: u64,
    /// How many of them have a cause that was found.
    pub explained: u64,
    /// How the search stands.
    pub scan: ScanState,
}

/// A stretch in which a series left the usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deviation {
    /// Identifier, for saying that it is none.
    pub id: AnomalyId,
    /// The series it is of.
    pub series: SeriesId,
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
    /// The value farthest away; none where there were no samples.
    pub value: Option<f64>,
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
    /// When causes were looked for.
    pub explained_at: Option<DateTime<Utc>>,
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

/// Which anomalies to list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default, deny_unknown_fields)]
pub struct AnomalyQuery {
    /// Those that last at or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Those that begin before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Those of this item.
    pub ci: String,
    /// Those of this metric.
    pub metric: String,
    /// Those that belong to no incident (true), or to one (false).
    pub alone: Option<bool>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// Anomalies of a page, 1 … 200; 50 when 0.
    pub limit: u32,
}

/// An anomaly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnomalyRow {
    /// Code of the item.
    pub ci: String,
    /// What left the usual, when and how far.
    #[serde(flatten)]
    pub deviation: Deviation,
    /// The incident it belongs to.
    pub incident: Option<String>,
}

/// A page of anomalies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnomalyPage {
    /// Newest first.
    pub items: Vec<AnomalyRow>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// Says that an anomaly is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotAnomaly {
    /// Why, 1 … 500 characters.
    pub reason: String,
}

/// What somebody said of an anomaly, and what it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    /// Identifier.
    pub id: FeedbackId,
    /// The series.
    pub series: SeriesId,
    /// Key of the metric.
    pub metric: String,
    /// Code of the item.
    pub ci: String,
    /// Other end of a call edge, or empty.
    pub peer: String,
    /// `high`, `low`, `flat`, `silent`, `apart`.
    pub form: String,
    /// First sample of what was none.
    pub from: DateTime<Utc>,
    /// Last.
    pub until: DateTime<Utc>,
    /// Robust standard deviations it was away.
    pub sigma: f64,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Trace of the request that said it.
    pub trace_id: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Who withdrew it.
    pub withdrawn_by: Option<String>,
    /// Robust standard deviations from which the series counts now.
    pub threshold: f64,
}
