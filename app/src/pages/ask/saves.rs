//! Parts of an answer as files: charts and pictures as PNG, figures as CSV, all of them as JSON.

use leptos::{html, prelude::*};
use model::answer::{AnswerBlock, Column};
use serde_json::{Map, Value, json};

use crate::{
    i18n::{t, time_of_ms},
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

/// Columns, and rows of them.
type Figures = (Vec<Column>, Vec<Map<String, Value>>);

/// The figures of a part as rows.
fn rows(block: &AnswerBlock) -> Option<Figures> {
    match block {
        AnswerBlock::Table { columns, rows, .. } => Some((columns.clone(), rows.clone())),
        AnswerBlock::Chart { form, unit, categories, series, .. } => {
            let columns = vec![
                column("series", t().common.name(), "", false),
                column("x", t().common.time(), "", false),
                column("value", t().common.value(), unit, true),
            ];
            let place = |x: f64| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "an index or milliseconds"
                )]
                if form == "bar" {
                    categories.get(x as usize).cloned().unwrap_or_default()
                } else {
                    time_of_ms(x as i64)
                }
            };
            let rows = series
                .iter()
                .flat_map(|line| line.points.iter().map(|(x, y)| (line.name.clone(), place(*x), *y)))
                .filter_map(|(name, x, y)| json!({"series": name, "x": x, "value": y}).as_object().cloned())
                .collect();
            Some((columns, rows))
        }
        AnswerBlock::Topology { graph, .. } => {
            let columns = vec![
                column("source", "source", "", false),
                column("type", "type", "", false),
                column("target", "target", "", false),
            ];
            let rows = graph
                .edges
                .iter()
                .filter_map(|e| serde_json::to_value(e).ok()?.as_object().cloned())
                .collect();
            Some((columns, rows))
        }
        AnswerBlock::Timeline { entries, .. } => {
            let columns: Vec<Column> =
                ["at", "kind", "ci", "title", "note"].iter().map(|key| column(key, key, "", false)).collect();
            let rows =
                entries.iter().filter_map(|e| serde_json::to_value(e).ok()?.as_object().cloned()).collect();
            Some((columns, rows))
        }
        _ => None,
    }
}
