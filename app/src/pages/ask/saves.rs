//! Parts of an answer as files: charts and pictures as PNG, figures as CSV, all of them as JSON.

use leptos::{html, prelude::*};
use model::answer::{AnswerBlock, ChartSeries, Column};
use serde_json::{Map, Value, json};

use crate::{
    i18n::{lang, t, trade},
    ui::{IconButton, Size, chart, download, ic, topology},
};

/// The buttons that save a part; `host` holds what is drawn of it.
pub fn saves(block: AnswerBlock, host: Option<NodeRef<html::Section>>) -> AnyView {
    let a = t().ask;
    let name = file_name(&block);
    let drawn = matches!(block, AnswerBlock::Chart { .. } | AnswerBlock::Topology { .. });
    let listed = rows(&block).is_some();
    let block = StoredValue::new(block);
    let (png_name, csv_name, json_name) = (format!("{name}.png"), name.clone(), format!("{name}.json"));
    let png = move |_| {
        let address = block.with_value(|block| match block {
            AnswerBlock::Topology { graph, .. } => topology::picture(graph),
            _ => {
                let host: web_sys::Element = host?.get_untracked()?.into();
                chart::picture(&host)
            }
        });
        if let Some(address) = address {
            download::picture(&png_name, &address);
        }
    };
    let csv = move |_| {
        if let Some((columns, rows)) = block.with_value(rows) {
            download::csv(&csv_name, &columns, &rows);
        }
    };
    let json = move |_| {
        if let Ok(text) = block.with_value(serde_json::to_string_pretty) {
            download::text(&json_name, "application/json", &text);
        }
    };
    view! {
        <span class="row block-saves" data-testid="saves">
            {drawn.then(|| view! { <IconButton glyph=ic::IMAGE label=a.download_png() size=Size::Small on_click=png/> })}
            {listed.then(|| view! { <IconButton glyph=ic::DOWNLOAD label=a.download_csv() size=Size::Small on_click=csv/> })}
            <IconButton glyph=ic::BRACES label=a.download_json() size=Size::Small on_click=json/>
        </span>
    }
    .into_any()
}

fn file_name(block: &AnswerBlock) -> String {
    let title = match block {
        AnswerBlock::Table { title, .. }
        | AnswerBlock::Chart { title, .. }
        | AnswerBlock::Topology { title, .. }
        | AnswerBlock::Timeline { title, .. } => title.as_str(),
        _ => "answer",
    };
    let name: String =
        title.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).take(60).collect();
    if name.trim_matches('_').is_empty() { "answer".to_owned() } else { name }
}

fn column(key: &str, label: &str, unit: &str, numeric: bool) -> Column {
    Column { key: key.to_owned(), label: label.to_owned(), unit: unit.to_owned(), numeric }
}

/// A column that has no name of its own in the answer.
fn named(key: &str) -> Column {
    column(key, trade::column(key, lang()).unwrap_or(key), "", false)
}

/// Columns, and rows of them.
type Figures = (Vec<Column>, Vec<Map<String, Value>>);

/// The figures of a part as rows.
fn rows(block: &AnswerBlock) -> Option<Figures> {
    match block {
        AnswerBlock::Table { columns, rows, .. } => Some((columns.clone(), rows.clone())),
        AnswerBlock::Chart { form, unit, categories, series, .. } => {
            Some(chart_rows(form == "bar", unit, categories, series))
        }
        AnswerBlock::Topology { graph, .. } => {
            let columns = ["source", "type", "target"].map(named).to_vec();
            let rows = graph
                .edges
                .iter()
                .filter_map(|e| serde_json::to_value(e).ok()?.as_object().cloned())
                .collect();
            Some((columns, rows))
        }
        AnswerBlock::Timeline { entries, .. } => {
            let columns = ["at", "kind", "ci", "title", "note"].map(named).to_vec();
            let rows =
                entries.iter().filter_map(|e| serde_json::to_value(e).ok()?.as_object().cloned()).collect();
            Some((columns, rows))
        }
        _ => None,
    }
}

/// The points of a chart, with the range in which they were expected where that is known.
fn chart_rows(bars: bool, unit: &str, categories: &[String], series: &[ChartSeries]) -> Figures {
    let banded = series.iter().any(|line| !line.band.is_empty());
    let x = if bars { t().ask.category() } else { t().common.time() };
    let mut columns = vec![
        column("series", t().common.name(), "", false),
        column("x", x, "", false),
        column("value", t().common.value(), unit, true),
    ];
    if banded {
        columns.extend(["low", "high"].map(named));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index or milliseconds")]
    let place = |x: f64| {
        if bars { categories.get(x as usize).cloned().unwrap_or_default() } else { moment(x as i64) }
    };
    let mut rows = Vec::new();
    for line in series {
        for (x, y) in &line.points {
            rows.push(figure(&[("series", json!(line.name)), ("x", json!(place(*x))), ("value", json!(y))]));
        }
        // The range has moments of its own.
        for (x, low, high) in &line.band {
            let at = json!(place(*x));
            rows.push(figure(&[
                ("series", json!(line.name)),
                ("x", at),
                ("low", json!(low)),
                ("high", json!(high)),
            ]));
        }
    }
    (columns, rows)
}

fn figure(cells: &[(&str, Value)]) -> Map<String, Value> {
    cells.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

/// A moment as other programs read it.
fn moment(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms)
        .map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
        .unwrap_or_default()
}
