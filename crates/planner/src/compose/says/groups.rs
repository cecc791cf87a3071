//! Groups with their values, and rows in order of a value.

use model::{
    Lang,
    answer::{AnswerBlock, ChartSeries},
};
use serde_json::Value;

use super::{MEMBERS, Saying, Told, labelled, none, number, opening, rest, subject_of, table, unknown};
use crate::compose::{
    prose::Prose,
    step::{Row, Step},
    value,
};

/// What [`crate::say::Say::Groups`] asks for.
pub struct Groups<'a> {
    pub subject: &'a str,
    pub by: &'a [String],
    pub values: &'a [String],
    pub unit: &'a str,
    pub counter: &'a str,
    pub share: bool,
}

/// What [`crate::say::Say::Top`] asks for.
pub struct Top<'a> {
    pub subject: &'a str,
    pub column: &'a str,
    pub value: &'a str,
    pub unit: &'a str,
    pub counter: &'a str,
    pub n: u32,
    pub with: &'a [String],
    pub place: bool,
}

pub fn say(step: &Step<'_>, ask: &Groups<'_>) -> Saying {
    let Some(first_value) = ask.values.first() else {
        return super::rows(step);
    };
    if ask.by.is_empty() {
        let ask = number::Number {
            subject: ask.subject,
            column: first_value,
            unit: ask.unit,
            counter: ask.counter,
            decimals: None,
            with: ask.values.get(1..).unwrap_or_default(),
        };
        return number::say(step, &ask);
    }
    if step.rows().is_empty() {
        return Saying::new(none(step, ask.subject), Told::Nothing);
    }
    let shown = step.rows().len().min(MEMBERS);
    let mut prose = Prose::default();
    prose.text(&opening(step, ask.subject));
    prose.text(step.frame.pick(" 다음과 같습니다.", "")).cite(step.n);
    for row in step.rows().iter().take(shown) {
        prose.item().text(&key(step, row, ask.by)).text(": ");
        prose.strong(
            &values(step, row, ask).unwrap_or_else(|| step.frame.pick("자료 없음", "no data").to_owned()),
        );
    }
    rest(step, &mut prose, shown, step.total(), "");
    let chart = bars(step, ask.subject, first_value, ask.unit, |row| key(step, row, ask.by));
    Saying::new(prose, Told::Value).with(table(step, ask.subject)).with(chart)
}

fn key(step: &Step<'_>, row: &Row, by: &[String]) -> String {
    let parts: Vec<String> = by
        .iter()
        .map(|column| {
            step.name(row, column).unwrap_or_else(|| step.frame.pick("(없음)", "(none)").to_owned())
        })
        .collect();
    parts.join(" · ")
}

fn values(step: &Step<'_>, row: &Row, ask: &Groups<'_>) -> Option<String> {
    let (first, others) = ask.values.split_first()?;
    let main = step.measured(row, first, ask.unit, ask.counter, None);
    if ask.share && step.total() == step.rows().len() as u64 {
        let number = |row: &Row| row.get(first).and_then(Value::as_f64).unwrap_or(0.0);
        let all: f64 = step.rows().iter().map(number).sum();
        if all > 0.0 {
            let part = value::number(number(row) / all * 100.0, "%", None);
            return main.map(|main| format!("{main} ({part}%)"));
        }
    }
    if others.is_empty() {
        return main;
    }
    let main = main.map(|main| format!("{} {main}", step.column_label(first)));
    let parts: Vec<String> = main.into_iter().chain(labelled(step, row, others, &[])).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Rows in order. One is said as a sentence, several as a numbered list; what ties with the last one is kept.
pub fn top(step: &Step<'_>, ask: &Top<'_>) -> Saying {
    let n = usize::try_from(ask.n).unwrap_or(usize::MAX).max(1);
    let rows: Vec<&Row> = step.rows().iter().filter(|row| step.name(row, ask.column).is_some()).collect();
    let at = if ask.place { n } else { n.min(rows.len()) };
    let Some(last) = rows.get(at.saturating_sub(1)).copied() else {
        return Saying::new(unknown(step, ask.subject), Told::Unknown);
    };
    let tie = last.get(ask.value).filter(|value| !value.is_null());
    let rows: Vec<&Row> = rows
        .iter()
        .enumerate()
        .take_while(|(i, row)| *i < n || (tie.is_some() && row.get(ask.value) == tie))
        .map(|(_, row)| *row)
        .take(MEMBERS)
        .collect();
    if ask.place && n > 1 {
        // Only the n-th, and what ties with it.
        let rows: Vec<&Row> = rows
            .iter()
            .enumerate()
            .filter(|(i, row)| *i + 1 == n || (tie.is_some() && row.get(ask.value) == tie))
            .map(|(_, row)| *row)
            .collect();
        let mut prose = Prose::default();
        first_place(step, &mut prose, ask, &rows);
        return Saying::new(prose, Told::Value).with(table(step, ask.subject));
    }
    let mut prose = Prose::default();
    if n == 1 {
        first_place(step, &mut prose, ask, &rows);
    } else {
        in_order(step, &mut prose, ask, &rows);
    }
    let several = step.rows().len() > 1;
    let chart = several
        .then(|| {
            bars(step, ask.subject, ask.value, ask.unit, |row| step.name(row, ask.column).unwrap_or_default())
        })
        .flatten();
    Saying::new(prose, Told::Value).with(several.then(|| table(step, ask.subject)).flatten()).with(chart)
}

fn first_place(step: &Step<'_>, prose: &mut Prose, ask: &Top<'_>, rows: &[&Row]) {
    let names: Vec<String> = rows.iter().filter_map(|row| step.name(row, ask.column)).collect();
    prose.text(&opening(step, ask.subject)).text(" ").strong(&names.join(", "));
    if step.frame.lang == Lang::Ko {
        prose.text("입니다");
    }
    let Some(row) = rows.first() else { return };
    let mut beside = Vec::new();
    if ask.value != ask.column
        && let Some(value) = step.measured(row, ask.value, ask.unit, ask.counter, None)
    {
        let each = if rows.len() > 1 { step.frame.pick("각 ", "each ") } else { "" };
        let plain = step.frame.lang == Lang::Ko && !ask.counter.is_empty() && is_count(ask.unit);
        let label = if plain { String::new() } else { format!("{} ", step.column_label(ask.value)) };
        beside.push(format!("{each}{label}{value}"));
    }
    if rows.len() == 1 {
        beside.extend(labelled(step, row, ask.with, &[ask.column, ask.value]));
    }
    if !beside.is_empty() {
        prose.text(&format!(" ({})", beside.join(", ")));
    }
    prose.text(".").cite(step.n);
}

fn in_order(step: &Step<'_>, prose: &mut Prose, ask: &Top<'_>, rows: &[&Row]) {
    prose.text(&opening(step, ask.subject));
    prose.text(step.frame.pick(" 다음과 같습니다.", "")).cite(step.n);
    for (i, row) in rows.iter().enumerate() {
        let name = step.name(row, ask.column).unwrap_or_default();
        prose.line().text(&format!("{}. ", i + 1)).strong(&name);
        let value =
            step.measured(row, ask.value, ask.unit, ask.counter, None).filter(|_| ask.value != ask.column);
        let beside: Vec<String> =
            value.into_iter().chain(labelled(step, row, ask.with, &[ask.column, ask.value])).collect();
        if !beside.is_empty() {
            prose.text(": ").text(&beside.join(", "));
        }
    }
}

fn is_count(unit: &str) -> bool {
    matches!(unit, "" | "count")
}

/// Bars of a column, or a line when the groups are a course of time.
fn bars(
    step: &Step<'_>,
    title: &str,
    column: &str,
    unit: &str,
    name: impl Fn(&Row) -> String,
) -> Option<AnswerBlock> {
    let rows: Vec<(&Row, f64)> = step
        .rows()
        .iter()
        .filter_map(|row| Some((row, row.get(column).and_then(Value::as_f64)?)))
        .take(MEMBERS)
        .collect();
    if rows.len() < 2 {
        return None;
    }
    let own = step.column_unit(column);
    let unit = if is_count(unit) { own } else { unit.to_owned() };
    let title = subject_of(step, title);
    let series = step.column_label(column);
    let times: Option<Vec<(f64, f64)>> = rows
        .iter()
        .map(|(row, number)| {
            let at = ["at", "minute", "hour", "day", "week"].iter().find_map(|key| row.get(*key))?;
            Some((value::bucket_ms(at)?, *number))
        })
        .collect();
    let refs = vec![step.n];
    match times.filter(|points| points.len() > 3) {
        Some(mut points) => {
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let series = vec![ChartSeries { name: series, points, ..ChartSeries::default() }];
            let form = "line".to_owned();
            Some(AnswerBlock::Chart {
                title,
                form,
                unit,
                categories: Vec::new(),
                series,
                marks: Vec::new(),
                refs,
            })
        }
        None => {
            let categories = rows.iter().map(|(row, _)| name(row)).collect();
            let points = rows.iter().enumerate().map(|(i, (_, number))| (i as f64, *number)).collect();
            let series = vec![ChartSeries { name: series, points, ..ChartSeries::default() }];
            let form = "bar".to_owned();
            Some(AnswerBlock::Chart { title, form, unit, categories, series, marks: Vec::new(), refs })
        }
    }
}
