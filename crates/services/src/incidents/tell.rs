//! What was found, as it is told.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use model::{
    AnomalyId, Localized, SeriesId,
    answer::TimelineEntry,
    incident::{Apart, Cause, Deviation, IncidentDetail, IncidentSummary, Lane},
    rca::Hypothesis,
    schema::FieldRole,
};
use serde_json::Value;

use super::{
    explain::Causes,
    group::{GAP, distances},
    regroup::SEVERE,
    store::{AnomalyRow, IncidentRow, RecordRow},
};
use crate::cmdb::Snapshot;

/// Lanes of the picture, events of one of them, items named in the list.
const LANES: usize = 24;
const EVENTS: usize = 100;
const NAMED: usize = 12;
/// Relations looked at for the distance of a lane.
const FAR: u32 = 6;

/// What an incident is called.
pub fn name(number: i64) -> String {
    format!("INC-{number}")
}

/// The number of a name.
pub fn number(name: &str) -> Option<i64> {
    name.strip_prefix("INC-").unwrap_or(name).parse().ok()
}

/// Everything an incident is told from.
pub struct Parts {
    pub row: IncidentRow,
    pub anomalies: Vec<AnomalyRow>,
    pub events: Vec<RecordRow>,
    pub changes: Vec<RecordRow>,
    pub beside: Vec<(i64, Vec<String>)>,
    pub covered: Option<DateTime<Utc>>,
}

/// An incident as the list shows it.
pub fn summary(
    row: &IncidentRow,
    covered: Option<DateTime<Utc>>,
    best: Option<&Hypothesis>,
) -> IncidentSummary {
    let end = row.until_at + Duration::milliseconds(GAP);
    IncidentSummary {
        id: name(row.number),
        from: row.from_at,
        until: row.until_at,
        ongoing: covered.is_some_and(|covered| end >= covered),
        severe: row.severe,
        items: row.items.iter().take(NAMED).cloned().collect(),
        deviations: u32::try_from(row.deviations).unwrap_or(0),
        events: u32::try_from(row.events).unwrap_or(0),
        explained: row.explained_at.is_some(),
        cause: best.map(|h| Cause {
            ci: h.ci.clone(),
            resource: h.resource.label(),
            summary: h.summary.clone(),
            confidence: h.confidence,
        }),
    }
}

/// A deviation as it is told.
pub fn deviation(row: &AnomalyRow, estate: &Snapshot) -> Deviation {
    let peer = row.peer().and_then(|peer| estate.node_of(peer));
    Deviation {
        id: AnomalyId(row.id),
        series: SeriesId(row.series_id),
        metric: row.metric.clone(),
        peer: peer.map(|peer| estate.code(peer).to_owned()).unwrap_or_default(),
        from: row.from_at,
        until: row.until_at,
        form: row.form.clone(),
        value: row.value,
        expected: row.expected,
        sigma: row.sigma,
    }
}

/// An incident with all that is known of it.
pub fn detail(parts: &Parts, estate: &Snapshot, causes: Causes) -> IncidentDetail {
    let mut nodes: Vec<u32> = Vec::new();
    for node in parts.anomalies.iter().filter_map(|row| estate.node_of(row.ci())) {
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    let best = causes.hypotheses.first();
    let cause = best.and_then(|h| estate.node(&h.ci)).or(nodes.first().copied());
    let far = cause.map(|node| distances(node, estate.topology(), FAR)).unwrap_or_default();
    let mut lanes: Vec<Lane> = nodes.iter().filter_map(|node| lane(parts, estate, *node, &far)).collect();
    lanes.sort_by_key(|lane| (lane.distance.unwrap_or(u32::MAX), lane.first));
    lanes.truncate(LANES);
    let mut changes: Vec<TimelineEntry> = parts.changes.iter().map(|r| entry(estate, r)).collect();
    changes.sort_by_key(|change| change.at);
    IncidentDetail {
        summary: summary(&parts.row, parts.covered, best),
        lanes,
        explained_at: parts.row.explained_at,
        changes,
        why: why(&parts.row),
        apart: apart(&parts.beside),
        notes: causes.notes,
        hypotheses: causes.hypotheses,
    }
}

fn lane(parts: &Parts, estate: &Snapshot, node: u32, far: &HashMap<u32, u32>) -> Option<Lane> {
    let item = estate.item(node)?;
    let of = |id| estate.node_of(id) == Some(node);
    let deviations: Vec<Deviation> =
        parts.anomalies.iter().filter(|row| of(row.ci())).map(|row| deviation(row, estate)).collect();
    let events = parts.events.iter().filter(|row| of(model::CiId(row.ci_id)));
    Some(Lane {
        ci: item.code.clone(),
        name: item.name.clone(),
        kind: item.kind.clone(),
        distance: far.get(&node).copied(),
        first: deviations.iter().map(|d| d.from).min()?,
        severe: deviations.iter().any(|d| d.sigma >= SEVERE),
        deviations,
        events: events.take(EVENTS).map(|row| entry(estate, row)).collect(),
    })
}

fn entry(estate: &Snapshot, record: &RecordRow) -> TimelineEntry {
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
    let ci = estate.node_of(model::CiId(record.ci_id)).map(|node| estate.code(node).to_owned());
    TimelineEntry {
        at: record.at,
        kind: record.kind.clone(),
        ci: ci.unwrap_or_default(),
        title: title.unwrap_or_else(|| record.kind.clone()),
        note: of(FieldRole::Severity).or_else(|| of(FieldRole::Outcome)).unwrap_or_default(),
    }
}

/// Why these belong together.
fn why(row: &IncidentRow) -> Vec<Localized> {
    let (items, deviations, events) = (row.items.len(), row.deviations, row.events);
    let minutes = (row.until_at - row.from_at).num_minutes().max(1);
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
fn apart(beside: &[(i64, Vec<String>)]) -> Vec<Apart> {
    let told = |(number, items): &(i64, Vec<String>)| Apart {
        id: name(*number),
        ci: items.first().cloned().unwrap_or_default(),
        why: Localized::new(
            "같은 시간이지만 2단계 안에 이어지는 관계가 없습니다",
            "at the same time, but no relation leads there within two steps",
        ),
    };
    beside.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_with_and_without_its_letters() {
        assert_eq!(
            (number("INC-12"), number("12"), number("INC-x"), number("")),
            (Some(12), Some(12), None, None)
        );
        assert_eq!(number(&name(7)), Some(7));
    }
}
