//! Questions that could follow, made of what the answer was about.

use model::{
    Lang,
    schema::{FieldRole, RecordKind, RecordRole},
};

use super::{
    korean::{self, Josa},
    step::{Frame, Step},
};
use crate::say::Say;

/// Most questions offered.
const MOST: usize = 4;

/// Questions that could follow what was said of the steps.
pub fn make(frame: Frame<'_>, said: &[(Say, &Step<'_>)]) -> Vec<String> {
    let mut out = Vec::new();
    for (say, step) in said {
        for question in about(frame, say, step) {
            if !out.contains(&question) {
                out.push(question);
            }
        }
    }
    out.truncate(MOST);
    out
}

fn about(frame: Frame<'_>, say: &Say, step: &Step<'_>) -> Vec<String> {
    let mut out = Vec::new();
    match say {
        Say::Number { .. } | Say::List { .. } | Say::Groups { .. } => {
            out.extend(narrower(frame, say, step));
            out.extend(single(step).map(|code| impact(frame, &code)));
        }
        Say::Related { start, impact: fails, .. } => {
            if let Some(code) = start.first() {
                if !fails {
                    out.push(impact(frame, code));
                }
                out.extend(latest(frame, code));
            }
            out.extend(count_by_kind(frame));
        }
        Say::Path { from, to, .. } => {
            out.push(impact(frame, to));
            out.push(impact(frame, from));
        }
        Say::Fields { .. }
        | Say::Top { .. }
        | Say::Records { .. }
        | Say::YesNo { .. }
        | Say::Causes { .. }
        | Say::Anomalies { .. }
        | Say::Changes { .. }
        | Say::Forecast { .. }
        | Say::Compare { .. } => {
            if let Some(code) = single(step).or_else(|| first_code(step)) {
                out.push(impact(frame, &code));
                out.extend(latest(frame, &code));
            }
            if matches!(say, Say::Records { latest: false, .. }) {
                out.extend(narrower(frame, say, step));
            }
        }
        Say::Now { .. } => {}
        Say::Chart { .. } | Say::Timeline { .. } => {
            if let Some(code) = first_code(step) {
                out.extend(latest(frame, &code));
                out.push(impact(frame, &code));
            }
        }
    }
    out
}

/// The item the whole step is about, when it is one.
fn single(step: &Step<'_>) -> Option<String> {
    (step.rows().len() == 1).then(|| first_code(step)).flatten()
}

fn first_code(step: &Step<'_>) -> Option<String> {
    let row = step.rows().first()?;
    ["code", "ci"]
        .iter()
        .find_map(|key| row.get(*key)?.as_str())
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
}

/// The same set, taken apart by a field that has few values.
fn narrower(frame: Frame<'_>, say: &Say, step: &Step<'_>) -> Vec<String> {
    let used: &[String] = match say {
        Say::Groups { by, .. } => by,
        _ => &[],
    };
    let mut out = Vec::new();
    if let Some(record) = step.record {
        let roles = [FieldRole::Category, FieldRole::Outcome, FieldRole::Severity];
        let fields = roles
            .iter()
            .filter_map(|role| record.fields.iter().find(|field| field.role == Some(*role)))
            .filter(|field| !used.contains(&field.key))
            .take(2);
        out.extend(fields.map(|field| by(frame, field.label.get(frame.lang))));
        out.push(most(frame, record));
        return out;
    }
    if step.metric.is_none() {
        let roles = [FieldRole::System, FieldRole::Status, FieldRole::Location, FieldRole::Criticality];
        let fields = roles
            .iter()
            .filter_map(|role| frame.catalogue.fields.iter().find(|field| field.role == Some(*role)))
            .filter(|field| !used.contains(&field.key))
            .take(2);
        out.extend(fields.map(|field| by(frame, field.label.get(frame.lang))));
    }
    out
}

fn by(frame: Frame<'_>, label: &str) -> String {
    match frame.lang {
        Lang::Ko => format!("그중 {label}별 개수는?"),
        Lang::En => format!("How many of those by {label}?"),
    }
}

fn most(frame: Frame<'_>, record: &RecordKind) -> String {
    let label = record.label.get(frame.lang);
    match frame.lang {
        Lang::Ko => format!("{} 가장 많은 항목 상위 5개는?", korean::with(label, Josa::Subject)),
        Lang::En => format!("Which 5 items have the most {label} records?"),
    }
}

fn impact(frame: Frame<'_>, code: &str) -> String {
    match frame.lang {
        Lang::Ko => format!("{code}에 장애가 나면 어디가 영향을 받아?"),
        Lang::En => format!("What is affected if {code} fails?"),
    }
}

fn count_by_kind(frame: Frame<'_>) -> Option<String> {
    (frame.catalogue.kinds.len() > 1)
        .then(|| frame.pick("그중 종류별 개수는?", "How many of those by kind?").to_owned())
}

/// The newest records of an item, for the kinds of record the estate has.
fn latest(frame: Frame<'_>, code: &str) -> Vec<String> {
    let roles = [RecordRole::Event, RecordRole::Maintenance, RecordRole::Change];
    roles
        .iter()
        .filter_map(|role| frame.catalogue.records.iter().find(|kind| kind.role == *role && kind.count > 0))
        .take(2)
        .map(|kind| {
            let label = kind.label.get(frame.lang);
            match frame.lang {
                Lang::Ko => format!("{code}의 가장 최근 {}?", korean::with(label, Josa::Topic)),
                Lang::En => format!("What is the latest {label} of {code}?"),
            }
        })
        .collect()
}
