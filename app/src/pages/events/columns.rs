//! Columns by the fields of the kind, and the bars over the list.

use leptos::prelude::*;
use model::{
    records::RecordHistogram,
    schema::{FieldRole, FieldType},
};
use serde_json::Value;

use super::{rows::Row, state::State};
use crate::{
    i18n::{number, t},
    pages::cis::ci_href,
    ui::{
        Code, Col, StatusDot, Time, Tone, TwoLines,
        chart::{Bar, HistogramSpec, Part},
        estate::{Book, FieldValue, label_of, severity},
        facts::TimeForm,
    },
};

/// Fields shown beside state, time, item and title.
const MOST_FIELDS: usize = 2;

/// The columns. On a phone only what tells rows apart.
pub fn columns(book: &Book, state: &State, narrow: bool) -> Vec<Col<Row>> {
    let text = t().events;
    let mut out = Vec::new();
    let own = book.clone();
    let head = if state.severity(book).is_some() { text.severity() } else { text.state() };
    let letters = state
        .severity(book)
        .into_iter()
        .flat_map(|f| f.values.iter())
        .map(|v| v.chars().count())
        .max()
        .unwrap_or(6);
    let width = u32::try_from(letters).unwrap_or(6).saturating_mul(9).saturating_add(44).clamp(72, 116);
    out.push(Col::new("state", head, width, move |row: &Row| {
        let state = own.record_state(&row.record);
        view! { <StatusDot tone=state.tone label=state.word/> }
    }));
    if narrow {
        let own = book.clone();
        out.push(Col::new("title", text.content(), 0, move |row: &Row| {
            let (at, code) = (row.record.at, row.record.ci.clone());
            view! {
                <TwoLines first=own.record_title(&row.record)>
                    <Time at=at form=TimeForm::Full/>
                    {code.map(|code| format!(" · {code}"))}
                </TwoLines>
            }
        }));
        if state.grouped {
            out.push(count_column());
        }
        return out;
    }
    let at = if state.grouped { text.last_at() } else { t().common.time() };
    out.push(Col::new(
        "at",
        at,
        132,
        |row: &Row| view! { <span class="soft"><Time at=row.record.at form=TimeForm::Full/></span> },
    ));
    out.push(Col::new("ci", text.about(), 152, |row: &Row| {
        row.record.ci.as_ref().map(|code| {
            let (href, title) = (ci_href(code), row.record.ci_name.clone());
            view! { <a class="id plain" href=href title=title tabindex="-1"><Code text=code.clone()/></a> }
        })
    }));
    let own = book.clone();
    out.push(Col::new("title", text.content(), 0, move |row: &Row| {
        let title = own.record_title(&row.record);
        view! { <span title=title.clone()>{title.clone()}</span> }
    }));
    if state.kind.is_empty() {
        let own = book.clone();
        out.push(Col::new("kind", t().common.kind(), 110, move |row: &Row| {
            let kind = own.record(&row.record.kind);
            view! { <span class="faint">{kind}</span> }
        }));
    } else {
        let shown = [FieldRole::Severity, FieldRole::Title, FieldRole::Body];
        let title_is_category = book.record_role(&state.kind, FieldRole::Title).is_none()
            && book.record_role(&state.kind, FieldRole::Body).is_none();
        let outcome_is_state = state.severity(book).is_none();
        for field in book
            .record_fields_but(&state.kind, &shown)
            .filter(|f| {
                let shown_already = match f.role {
                    Some(FieldRole::Category) => title_is_category,
                    Some(FieldRole::Outcome) => outcome_is_state,
                    _ => false,
                };
                !shown_already
            })
            .take(MOST_FIELDS)
        {
            let label = if field.unit.is_empty() {
                label_of(field)
            } else {
                format!("{}, {}", label_of(field), field.unit)
            };
            let field = field.clone();
            let numeric = field.r#type == FieldType::Number;
            // As wide as the longest known value, within bounds.
            let letters = field.values.iter().take(60).map(|v| v.chars().count()).max().unwrap_or(12);
            let wide =
                u32::try_from(letters).unwrap_or(12).saturating_mul(7).saturating_add(22).clamp(84, 136);
            let column = Col::new(
                field.key.clone(),
                label,
                if numeric { 76 } else { wide },
                move |row: &Row| {
                    let value = row.record.fields.get(&field.key).cloned().unwrap_or(Value::Null);
                    view! { <span class="soft"><FieldValue field=field.clone() value=value short=true/></span> }
                },
            );
            out.push(if numeric { column.num() } else { column });
        }
    }
    if state.grouped {
        out.push(count_column());
    }
    out
}

fn count_column() -> Col<Row> {
    Col::new("count", t().events.count(), 66, |row: &Row| {
        let class = if row.count > 1 { "strong" } else { "soft" };
        view! { <span class=class>{number(row.count)}</span> }
    })
    .num()
}

/// The token of a tone in a chart.
fn token(tone: Tone) -> &'static str {
    match tone {
        Tone::Danger => "danger",
        Tone::Warn => "warn",
        Tone::Ok => "ok",
        Tone::Maint => "info",
        _ => "n-7",
    }
}

/// The bars over the list, the worst on top.
pub fn bars(histogram: &RecordHistogram, window: (i64, i64), book: &Book, state: &State) -> HistogramSpec {
    // Of several kinds, a word is read by the kind that knows it.
    let field_of = |word: &String| {
        state.severity(book).or_else(|| {
            let fields = || {
                book.records
                    .iter()
                    .flat_map(|k| k.fields.iter())
                    .filter(|f| f.role == Some(FieldRole::Severity))
            };
            fields().find(|f| f.values.contains(word) || f.order.contains(word))
        })
    };
    let mut out: Vec<Bar> = Vec::new();
    for (at, word, count) in &histogram.bars {
        let tone = field_of(word).map_or(Tone::Neutral, |f| severity(f, &Value::from(word.clone())).tone);
        let part = Part { name: word.clone(), token: token(tone), count: *count };
        let at = at.timestamp_millis();
        match out.last_mut().filter(|b| b.at == at) {
            Some(bar) => bar.parts.push(part),
            None => out.push(Bar { at, parts: vec![part] }),
        }
    }
    let weight = |token: &str| match token {
        "danger" => 3,
        "warn" => 2,
        "n-7" => 0,
        _ => 1,
    };
    for bar in &mut out {
        bar.parts.sort_by_key(|p| weight(p.token));
    }
    HistogramSpec {
        bars: out,
        step: i64::try_from(histogram.step_s).unwrap_or(3600).saturating_mul(1000),
        window,
        marks: Vec::new(),
    }
}

/// Values of the field that says how bad a record is, worst first, with their numbers in the window.
pub fn severities(histogram: &RecordHistogram, book: &Book, state: &State) -> Vec<(String, Tone, u64)> {
    let Some(field) = state.severity(book) else { return Vec::new() };
    let mut out: Vec<(String, Tone, usize, u64)> = Vec::new();
    let mut add = |word: &str, count: u64| match out.iter_mut().find(|s| s.0 == word) {
        Some(entry) => entry.3 += count,
        None => {
            let s = severity(field, &Value::from(word));
            out.push((word.to_owned(), s.tone, s.rank, count));
        }
    };
    for word in &field.values {
        add(word, 0);
    }
    for (_, word, count) in &histogram.bars {
        if !word.is_empty() {
            add(word, *count);
        }
    }
    out.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    out.truncate(8);
    out.into_iter().map(|(word, tone, _, count)| (word, tone, count)).collect()
}

/// The width of a bar in words.
pub fn step_words(seconds: u64) -> String {
    let text = t().events;
    match seconds {
        s if s < 60 => text.step_s(s),
        s if s < 3600 => text.step_min(s / 60),
        s if s < 86_400 => text.step_h(s / 3600),
        s => text.step_d(s / 86_400),
    }
}
