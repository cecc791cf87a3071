//! Lines over time with their table.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{
    echart::{EChart, Tooltip},
    js, options,
    shown::{AidSwitches, ahead_shown, usual_shown},
    spec::{LineSpec, float, moment, whole, with_unit},
    table::{ChartFrame, TableData},
    text::tx,
};
use crate::i18n::{self, format::use_zone};

/// Lines over time: expected range, forecast, band of minimum and maximum, marks, limits, shared crosshair, and the same
/// as a table.
#[component]
pub fn LineChart(
    /// What to show.
    #[prop(into)]
    spec: Signal<LineSpec>,
    /// Name of what is shown, for the sentence a screen reader says.
    #[prop(into)]
    label: Signal<String>,
    /// Height in pixels.
    #[prop(default = 200)]
    height: u32,
    /// Charts of one group share their crosshair.
    #[prop(optional, into)]
    group: String,
    /// Has switches of its own for the expected range and the forecast; several charts side by side share some.
    #[prop(default = true)]
    switches: bool,
) -> impl IntoView {
    let whole_spec = spec;
    let has_usual = Memo::new(move |_| whole_spec.with(|s| s.series.iter().any(|l| !l.usual.is_empty())));
    let has_ahead = Memo::new(move |_| whole_spec.with(|s| s.series.iter().any(|l| !l.ahead.is_empty())));
    let spec = Signal::derive(move || whole_spec.get().with_aids(usual_shown(), ahead_shown()));
    let zone = use_zone();
    let offset = move || f64::from(zone.get().offset_seconds()) * 1000.0;
    let option = Memo::new(move |_| spec.with(|s| options::line(s, offset())));
    let sentence = Memo::new(move |_| spec.with(|s| summary(s, &label.get())));
    let empty = Memo::new(move |_| spec.with(|s| s.series.iter().all(|l| l.points.is_empty())));
    let table = Signal::derive(move || spec.with(rows));
    view! {
        {switches.then(|| view! {
            <Show when=move || has_usual.get() || has_ahead.get()>
                <span class="legend aid-legend"><AidSwitches usual=has_usual ahead=has_ahead/></span>
            </Show>
        })}
        <ChartFrame table empty>
            <EChart option label=sentence height=Signal::stored(height) group=group.clone() tooltip=tip(spec)/>
        </ChartFrame>
    }
}

/// The sentence that says what the chart says.
fn summary(spec: &LineSpec, label: &str) -> String {
    let mut parts = vec![label.to_owned()];
    for line in spec.series.iter().take(8) {
        let values = || line.points.iter().map(|p| p.1).filter(|v| v.is_finite());
        if let (Some(min), Some(max), Some(last)) =
            (values().min_by(f64::total_cmp), values().max_by(f64::total_cmp), values().next_back())
        {
            parts.push(tx().summary(
                &line.name,
                &with_unit(min, &spec.unit),
                &with_unit(max, &spec.unit),
                &with_unit(last, &spec.unit),
            ));
        }
    }
    if let Some((from, to)) = spec.extent() {
        parts.push(format!("{} – {}", i18n::date_time(moment(from)), i18n::date_time(moment(to))));
    }
    if !spec.outside.is_empty() {
        parts.push(tx().outside(spec.outside.len() as u64));
    }
    if !spec.marks.is_empty() {
        parts.push(tx().marks(spec.marks.len() as u64));
    }
    parts.join(". ")
}

/// One row per moment, one column per line.
fn rows(spec: &LineSpec) -> TableData {
    let mut times: Vec<i64> = spec.series.iter().flat_map(|s| s.points.iter().map(|p| whole(p.0))).collect();
    times.sort_unstable();
    times.dedup();
    let unit =
        |name: &str| if spec.unit.is_empty() { name.to_owned() } else { format!("{name}, {}", spec.unit) };
    let banded = spec.series.len() == 1 && spec.series.iter().any(|s| !s.band.is_empty());
    let expected = spec.series.first().filter(|s| spec.series.len() == 1 && !s.usual.is_empty());
    let mut head = vec![tx().time().to_owned()];
    head.extend(spec.series.iter().map(|s| unit(&s.name)));
    if banded {
        head.extend([unit(tx().least()), unit(tx().greatest())]);
    }
    if expected.is_some() {
        head.extend([unit(tx().usual_low()), unit(tx().usual_high())]);
    }
    let lookup: Vec<std::collections::HashMap<i64, f64>> =
        spec.series.iter().map(|s| s.points.iter().map(|p| (whole(p.0), p.1)).collect()).collect();
    let bands: std::collections::HashMap<i64, (f64, f64)> =
        spec.series.iter().flat_map(|s| s.band.iter().map(|(t, lo, hi)| (whole(*t), (*lo, *hi)))).collect();
    let body = times
        .iter()
        .map(|at| {
            let mut row = vec![i18n::date_time(moment(*at))];
            row.extend(
                lookup.iter().map(|line| line.get(at).map_or_else(|| "–".to_owned(), |v| super::number(*v))),
            );
            if banded {
                let (lo, hi) = bands.get(at).copied().unwrap_or((f64::NAN, f64::NAN));
                row.extend([super::number(lo), super::number(hi)]);
            }
            if let Some(line) = expected {
                let range = line.usual_at(float(*at));
                let cell = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), super::number);
                row.extend([cell(range.map(|r| r.0)), cell(range.map(|r| r.1))]);
            }
            row
        })
        .collect();
    TableData { head, body }
}

/// Time in both zones, then each line with minimum and maximum, then the marks near the pointer.
fn tip(spec: Signal<LineSpec>) -> Tooltip {
    let zone = use_zone();
    Rc::new(move |params: &JsValue| {
        let params = js_sys::Array::from(params);
        let offset = f64::from(zone.get_untracked().offset_seconds()) * 1000.0;
        let at = params
            .iter()
            .find_map(|p| js_sys::Array::from(&js::get(&p, "value").ok()?).get(0).as_f64())
            .map(|shown| whole(shown - offset));
        let Some(at) = at else { return String::new() };
        let time = moment(at);
        let zone_now = zone.get_untracked();
        spec.try_with_untracked(|spec| {
            let mut html = format!(
                "<b>{}</b><br><span style=\"opacity:.75\">{}</span>",
                js::escape(&i18n::absolute_in(zone_now, time)),
                js::escape(&i18n::absolute_in(zone_now.other(), time))
            );
            for param in params.iter() {
                html.push_str(&entry(&param, spec, at).unwrap_or_default());
            }
            let reach = spec.extent().map_or(60_000, |(a, b)| ((b - a) / 120).max(1000));
            for mark in spec
                .marks
                .iter()
                .filter(|m| (m.at - at).abs() <= reach || (m.at <= at && m.until.is_some_and(|u| at <= u)))
                .take(6)
            {
                let n = mark.n.map(|n| format!("[{n}] ")).unwrap_or_default();
                html.push_str(&format!(
                    "<br>{} {}{}",
                    js::escape(&i18n::time(moment(mark.at))),
                    n,
                    js::escape(&mark.label)
                ));
            }
            html
        })
        .unwrap_or_default()
    })
}

fn entry(param: &JsValue, spec: &LineSpec, at: i64) -> Option<String> {
    let name = js::get(param, "seriesName").ok()?.as_string()?;
    if name.starts_with(options::HIDDEN) {
        return None;
    }
    let value = js_sys::Array::from(&js::get(param, "value").ok()?).get(1).as_f64()?;
    let marker = js::get(param, "marker").ok()?.as_string().unwrap_or_default();
    let band = spec
        .series
        .iter()
        .find(|s| s.name == name)
        .and_then(|s| s.band.iter().find(|(t, ..)| (*t - float(at)).abs() < 1.0))
        .filter(|(_, lo, hi)| lo < hi)
        .map(|(_, lo, hi)| {
            format!(" <span style=\"opacity:.75\">({}–{})</span>", super::number(*lo), super::number(*hi))
        })
        .unwrap_or_default();
    let usual = spec
        .series
        .iter()
        .find(|s| s.name == name)
        .and_then(|s| s.usual_at(float(at)))
        .map(|(lo, hi)| {
            let text = tx().usual_at(&super::number(lo), &super::number(hi));
            format!(" <span style=\"opacity:.75\">{}</span>", js::escape(&text))
        })
        .unwrap_or_default();
    Some(format!(
        "<br>{marker}{} <b>{}</b>{band}{usual}",
        js::escape(&name),
        js::escape(&with_unit(value, &spec.unit))
    ))
}
