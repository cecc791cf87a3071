//! What is drawn: lines of a metric, records in time.

use chrono::DateTime;
use model::{
    Lang,
    answer::{AnswerBlock, ChartSeries, TimelineEntry},
    schema::FieldRole,
};
use serde_json::Value;

use super::{Saying, Told, opening, records, subject_of, unknown};
use crate::compose::{
    prose::Prose,
    step::{Row, Step},
    value,
};

/// Lines in a chart; more cannot be told apart.
const LINES: usize = 20;

/// Entries of a timeline.
const ENTRIES: usize = 200;

pub fn chart(step: &Step<'_>, subject: &str, unit: &str, alone: bool) -> Saying {
    let series = lines(step);
    if series.is_empty() {
        let prose = if alone { unknown(step, subject) } else { Prose::default() };
        return Saying::new(prose, if alone { Told::Unknown } else { Told::Drawn });
    }
    let own = step.metric.map_or("", |metric| metric.unit.as_str());
    let unit = if unit.is_empty() { own } else { unit };
    let prose = if alone { summary(step, subject, unit, &series) } else { Prose::default() };
    let block = AnswerBlock::Chart {
        title: subject_of(step, subject),
        form: "line".to_owned(),
        unit: unit.to_owned(),
        categories: Vec::new(),
        series,
        marks: Vec::new(),
        refs: vec![step.n],
    };
    Saying::new(prose, if alone { Told::Value } else { Told::Drawn }).with(Some(block))
}

fn lines(step: &Step<'_>) -> Vec<ChartSeries> {
    if !step.output.series.is_empty() {
        return step
            .output
            .series
            .iter()
            .filter(|series| !series.points.is_empty())
            .take(LINES)
            .map(|series| ChartSeries {
                name: series.name.clone(),
                points: series.points.clone(),
                band: series.band.clone(),
            })
            .collect();
    }
    // Buckets of time are lines as well.
    let measure = step.columns().into_iter().find(|column| column.numeric && column.key != "samples");
    let Some(measure) = measure else { return Vec::new() };
    let mut series: Vec<ChartSeries> = Vec::new();
    for row in step.rows() {
        let at = ["at", "minute", "hour", "day"].iter().find_map(|key| value::bucket_ms(row.get(*key)?));
        let (Some(at), Some(number)) = (at, row.get(&measure.key).and_then(Value::as_f64)) else { continue };
        let name = step.name(row, "ci").unwrap_or_else(|| measure.label.clone());
        if let Some(line) = series.iter_mut().find(|line| line.name == name) {
            line.points.push((at, number));
        } else if series.len() < LINES {
            series.push(ChartSeries { name, points: vec![(at, number)], ..ChartSeries::default() });
        }
    }
    for line in &mut series {
        line.points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    series
}

/// The course of each line in words.
fn summary(step: &Step<'_>, subject: &str, unit: &str, series: &[ChartSeries]) -> Prose {
    let mut prose = Prose::default();
    prose.text(&opening(step, subject)).text(step.frame.pick(" 다음과 같습니다.", "")).cite(step.n);
    for line in series {
        let (Some(first), Some(last)) = (line.points.first(), line.points.last()) else { continue };
        let low = line.points.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let high = line.points.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
        let at = |ms: f64| {
            DateTime::from_timestamp_millis(ms as i64)
                .map(|at| value::time(at, step.frame.tz))
                .unwrap_or_default()
        };
        let amount = |number: f64| step.amount(number, unit, "", None);
        prose.item().text(&line.name).text(": ");
        let words = match step.frame.lang {
            Lang::Ko => format!(
                "처음 {}, 마지막 {}, 최솟값 {} ({}), 최댓값 {} ({})",
                amount(first.1),
                amount(last.1),
                amount(low.1),
                at(low.0),
                amount(high.1),
                at(high.0)
            ),
            Lang::En => format!(
                "first {}, last {}, minimum {} ({}), maximum {} ({})",
                amount(first.1),
                amount(last.1),
                amount(low.1),
                at(low.0),
                amount(high.1),
                at(high.0)
            ),
        };
        prose.text(&words);
    }
    prose
}

pub fn timeline(step: &Step<'_>, subject: &str, alone: bool) -> Saying {
    if alone {
        return records::say(
            step,
            &records::Records { subject, latest: false, fields: &[], n: 0, place: false },
        );
    }
    Saying::new(Prose::default(), Told::Drawn).with(timeline_block(step, subject))
}

/// The rows in time, oldest first; `None` for less than two.
pub fn timeline_block(step: &Step<'_>, subject: &str) -> Option<AnswerBlock> {
    let mut entries: Vec<TimelineEntry> =
        step.rows().iter().take(ENTRIES).filter_map(|row| entry(step, row)).collect();
    if entries.len() < 2 {
        return None;
    }
    entries.sort_by_key(|entry| entry.at);
    Some(AnswerBlock::Timeline { title: subject_of(step, subject), entries, refs: vec![step.n] })
}

fn entry(step: &Step<'_>, row: &Row) -> Option<TimelineEntry> {
    let at = row.get("at").and_then(value::as_time)?;
    let fields = step.record.map(|record| record.fields.as_slice()).unwrap_or_default();
    let by_role = |roles: &[FieldRole]| {
        roles.iter().find_map(|role| {
            let field = fields.iter().find(|field| field.role == Some(*role))?;
            step.cell(row, &field.key)
        })
    };
    let title = by_role(&[FieldRole::Title, FieldRole::Category, FieldRole::Body])
        .or_else(|| step.record.map(|record| record.label.get(step.frame.lang).to_owned()))
        .unwrap_or_default();
    Some(TimelineEntry {
        at,
        kind: step.record.map(|record| record.key.clone()).unwrap_or_default(),
        ci: step.cell(row, "ci").unwrap_or_default(),
        title,
        note: by_role(&[FieldRole::Outcome, FieldRole::Severity]).unwrap_or_default(),
    })
}
