//! Bars over categories with their table.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{
    echart::{EChart, Tooltip},
    js, options,
    spec::{BarSpec, with_unit},
    table::{ChartFrame, TableData},
    text::tx,
};

/// Bars over categories, and the same as a table.
#[component]
pub fn BarChart(
    /// What to show.
    #[prop(into)]
    spec: Signal<BarSpec>,
    /// Name of what is shown.
    #[prop(into)]
    label: Signal<String>,
    /// Height in pixels; enough for every bar when 0.
    #[prop(default = 0)]
    height: u32,
) -> impl IntoView {
    let option = Memo::new(move |_| spec.with(options::bar));
    let sentence = Memo::new(move |_| spec.with(|s| summary(s, &label.get())));
    let empty = Memo::new(move |_| spec.with(|s| s.categories.is_empty()));
    let tall = Signal::derive(move || if height == 0 { spec.with(options::bar_height) } else { height });
    let table = Signal::derive(move || spec.with(rows));
    view! {
        <ChartFrame table empty>
            <EChart option label=sentence height=tall tooltip=tip(spec)/>
        </ChartFrame>
    }
}

fn summary(spec: &BarSpec, label: &str) -> String {
    let top = spec
        .series
        .iter()
        .flat_map(|(_, values)| spec.categories.iter().zip(values).filter_map(|(c, v)| v.map(|v| (c, v))))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(category, value)| format!("{category} {}", with_unit(value, &spec.unit)))
        .unwrap_or_default();
    tx().bar_summary(label, spec.categories.len() as u64, &top)
}

fn rows(spec: &BarSpec) -> TableData {
    let unit =
        |name: &str| if spec.unit.is_empty() { name.to_owned() } else { format!("{name}, {}", spec.unit) };
    let mut head = vec![tx().category().to_owned()];
    head.extend(spec.series.iter().map(|(name, _)| unit(name)));
    let body = spec
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| {
            let mut row = vec![category.clone()];
            row.extend(spec.series.iter().map(|(_, values)| {
                values.get(i).copied().flatten().map_or_else(|| "–".to_owned(), super::number)
            }));
            row
        })
        .collect();
    TableData { head, body }
}

fn tip(spec: Signal<BarSpec>) -> Tooltip {
    Rc::new(move |params: &JsValue| {
        let params = js_sys::Array::from(params);
        let read = |param: &JsValue, key: &str| js::get(param, key).ok();
        let name = params.iter().next().and_then(|p| read(&p, "name")?.as_string()).unwrap_or_default();
        let unit = spec.try_with_untracked(|s| s.unit.clone()).unwrap_or_default();
        let mut html = format!("<b>{}</b>", js::escape(&name));
        for param in params.iter() {
            if let (Some(series), Some(value)) = (
                read(&param, "seriesName").and_then(|v| v.as_string()),
                read(&param, "value").and_then(|v| v.as_f64()),
            ) {
                let marker = read(&param, "marker").and_then(|v| v.as_string()).unwrap_or_default();
                html.push_str(&format!(
                    "<br>{marker}{} <b>{}</b>",
                    js::escape(&series),
                    js::escape(&with_unit(value, &unit))
                ));
            }
        }
        html
    })
}
