//! What was found, as it is told.

use std::collections::HashMap;

use chrono::DateTime;
use model::{
    Localized,
    answer::TimelineEntry,
    incident::{Apart, Cause, Deviation, IncidentDetail, IncidentSummary, Lane},
    rca::Hypothesis,
    records::Record,
    schema::FieldRole,
};
use serde_json::Value;

use super::{
    find::{Found, Incident},
    group::distances,
};
use crate::cmdb::Snapshot;

/// Lanes of the picture, events of one of them, items named in the list.
const LANES: usize = 24;
const EVENTS: usize = 100;
const NAMED: usize = 12;
/// Relations looked at for the distance of a lane.
const FAR: u32 = 6;

/// An incident as the list shows it.
pub fn summary(found: &Found, estate: &Snapshot, at: usize, hypotheses: &[Hypothesis]) -> IncidentSummary {
    let incident = &found.incidents[at];
    IncidentSummary {
        id: incident.id.clone(),
        from: incident.from,
        until: incident.until,
        ongoing: incident.ongoing,
        severe: incident.severe,
        items: incident.nodes.iter().take(NAMED).map(|node| estate.code(*node).to_owned()).collect(),
        deviations: u32::try_from(incident.deviations.len()).unwrap_or(u32::MAX),
        events: u32::try_from(incident.events.len()).unwrap_or(u32::MAX),
        cause: hypotheses.first().map(|h| Cause {
            ci: h.ci.clone(),
            resource: h.resource.label(),
            summary: h.summary.clone(),
            confidence: h.confidence,
        }),
    }
}

/// An incident with all that is known of it.
pub fn detail(
    found: &Found,
    estate: &Snapshot,
    at: usize,
    hypotheses: Vec<Hypothesis>,
    notes: Vec<String>,
) -> IncidentDetail {
    let incident = &found.incidents[at];
    let cause = hypotheses.first().and_then(|h| estate.node(&h.ci)).or(incident.nodes.first().copied());
    let far = cause.map(|node| distances(node, estate.topology(), FAR)).unwrap_or_default();
    let mut lanes: Vec<Lane> =
        incident.nodes.iter().filter_map(|node| lane(incident, estate, *node, &far)).collect();
    lanes.sort_by_key(|lane| (lane.distance.unwrap_or(u32::MAX), lane.first));
    lanes.truncate(LANES);
    let mut changes: Vec<TimelineEntry> = incident.changes.iter().map(|r| entry(estate, r)).collect();
    changes.sort_by_key(|change| change.at);
    IncidentDetail {
        summary: summary(found, estate, at, &hypotheses),
        lanes,
        hypotheses,
        changes,
        why: why(incident),
        apart: apart(found, estate, at),
        notes,
    }
}

fn lane(incident: &Incident, estate: &Snapshot, node: u32, far: &HashMap<u32, u32>) -> Option<Lane> {
    let item = estate.item(node)?;
    let ms = |at: i64| DateTime::from_timestamp_millis(at).unwrap_or_default();
    let deviations: Vec<Deviation> = incident
        .deviations
        .iter()
        .filter(|d| d.stretch.node == node)
        .map(|d| Deviation {
            metric: d.metric.clone(),
            peer: d.stretch.peer.map(|peer| estate.code(peer).to_owned()).unwrap_or_default(),
            from: ms(d.stretch.from),
            until: ms(d.stretch.until),
            form: d.form.to_owned(),
            value: d.value,
            expected: d.expected,
            sigma: d.sigma,
        })
        .collect();
    let mut events: Vec<TimelineEntry> = incident
        .events
        .iter()
        .filter(|r| r.ci.as_deref() == Some(item.code.as_str()))
        .map(|r| entry(estate, r))
        .collect();
    events.sort_by_key(|event| event.at);
    events.truncate(EVENTS);
    Some(Lane {
        ci: item.code.clone(),
        name: item.name.clone(),
        kind: item.kind.clone(),
        distance: far.get(&node).copied(),
        first: deviations.iter().map(|d| d.from).min()?,
        severe: deviations.iter().any(|d| d.sigma >= 14.0),
        deviations,
        events,
    })
}

fn entry(estate: &Snapshot, record: &Record) -> TimelineEntry {
    let kind = estate.catalogue().records.iter().find(|k| k.key == record.kind);
    let of = |role: FieldRole| {
        let field = kind?.fields.iter().find(|f| f.role == Some(role))?;
        match record.fields.get(&field.key)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    let title = of(FieldRole::Title).or_else(|| of(FieldRole::Body)).or_else(|| of(FieldRole::Category));
    TimelineEntry {
        at: record.at,
        kind: record.kind.clone(),
        ci: record.ci.clone().unwrap_or_default(),
        title: title.unwrap_or_else(|| record.kind.clone()),
        note: of(FieldRole::Severity).or_else(|| of(FieldRole::Outcome)).unwrap_or_default(),
    }
}

/// Why these belong together.
fn why(incident: &Incident) -> Vec<Localized> {
    let (items, deviations, events) =
        (incident.nodes.len(), incident.deviations.len(), incident.events.len());
    let minutes = (incident.until - incident.from).num_minutes().max(1);
    let mut out = vec![Localized::new(
        format!(
            "서로 2단계 안에 있는 항목 {items}개에서 {minutes}분 동안 생긴 이탈 {deviations}건을 하나로 묶었습니다."
        ),
        format!(
            "{deviations} deviations on {items} items at most two relations apart, within {minutes} minutes, are one incident."
        ),
    )];
    if events > 0 {
        out.push(Localized::new(
            format!("같은 항목에 그 시간의 이벤트 {events}건이 있습니다."),
            format!("There are {events} events on the same items at that time."),
        ));
    }
    out
}

/// Others at the same time.
fn apart(found: &Found, estate: &Snapshot, at: usize) -> Vec<Apart> {
    let one = &found.incidents[at];
    found
        .incidents
        .iter()
        .filter(|other| other.id != one.id && other.from <= one.until && one.from <= other.until)
        .take(6)
        .map(|other| Apart {
            id: other.id.clone(),
            ci: other.nodes.first().map(|node| estate.code(*node).to_owned()).unwrap_or_default(),
            why: Localized::new(
                "같은 시간이지만 2단계 안에 이어지는 관계가 없습니다",
                "at the same time, but no relation leads there within two steps",
            ),
        })
        .collect()
}
