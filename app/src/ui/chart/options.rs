//! Descriptions of charts to options of ECharts. Colours are written `var(--token)` and resolved when drawn; times are
//! moved by the offset of the chosen zone, since ECharts knows only UTC and the zone of the machine.

use serde_json::{Value, json};

use super::{
    spec::{BarSpec, LineSpec, float, round_moments, whole},
    text::tx,
};

/// Names of series that are drawing aids and never named in a tooltip or legend.
pub const HIDDEN: char = '\u{200b}';

/// Labelled marks beyond this number would lie over each other.
const MOST_LABELS: usize = 14;

fn hue(index: usize) -> String {
    format!("var(--data-{})", index % 8 + 1)
}

fn text(token: &str) -> Value {
    json!({ "fontFamily": "var(--font)", "fontSize": 11, "color": format!("var(--{token})") })
}

fn tooltip() -> Value {
    json!({
        "trigger": "axis", "confine": true, "transitionDuration": 0,
        "backgroundColor": "var(--raised)", "borderColor": "var(--line-strong)", "borderWidth": 1, "padding": [6, 8],
        "textStyle": { "fontFamily": "var(--font)", "fontSize": 12, "color": "var(--text)" },
        "axisPointer": { "type": "line", "lineStyle": { "color": "var(--text-3)", "type": "solid", "width": 1 }, "label": { "show": false } },
    })
}

fn value_axis(unit: &str, scale: bool, splits: u32) -> Value {
    json!({
        "type": "value", "scale": scale, "splitNumber": splits, "name": unit, "nameGap": 8,
        "nameTextStyle": { "fontFamily": "var(--font)", "fontSize": 11, "color": "var(--text-3)", "align": "right", "padding": [0, 6, 0, 0] },
        "axisLabel": text("text-3"), "axisLine": { "show": false }, "axisTick": { "show": false },
        "splitLine": { "lineStyle": { "color": "var(--grid)" } },
    })
}

/// Whether an axis from zero would press the lines flat against its top.
fn narrow(spec: &LineSpec) -> bool {
    let values = || spec.series.iter().flat_map(|s| s.points.iter().map(|p| p.1)).filter(|v| v.is_finite());
    let (Some(least), Some(most)) = (values().min_by(f64::total_cmp), values().max_by(f64::total_cmp)) else {
        return false;
    };
    least > 0.0 && most > 0.0 && (most - least) < 0.15 * most
}

/// Lines over time.
pub fn line(spec: &LineSpec, offset_ms: f64) -> Value {
    let legend = !spec.compact && spec.series.len() > 1;
    let mut series = Vec::new();
    for (index, line) in spec.series.iter().enumerate() {
        let alone = spec.series.len() == 1;
        if !line.usual.is_empty() {
            let color = if alone { "var(--band)".to_owned() } else { format!("{}/0.14", hue(index)) };
            series.extend(band(&format!("usual{index}"), &line.usual, &color, offset_ms));
        }
        if !line.band.is_empty() && alone {
            // two bands over each other are told apart by their colour
            let color =
                if line.usual.is_empty() { "var(--band)".to_owned() } else { format!("{}/0.25", hue(index)) };
            series.extend(band(&format!("band{index}"), &line.band, &color, offset_ms));
        }
        if !line.ahead.is_empty() {
            let reach: Vec<_> = line.ahead.iter().map(|p| (p.0, p.1, p.3)).collect();
            series.extend(band(&format!("ahead{index}"), &reach, &format!("{}/0.14", hue(index)), offset_ms));
            let data: Vec<Value> = line.ahead.iter().map(|p| json!([p.0 + offset_ms, finite(p.2)])).collect();
            series.push(json!({
                "type": "line", "name": ahead_name(&line.name), "data": data, "showSymbol": false, "z": 3,
                "lineStyle": { "width": 1.75, "color": hue(index), "type": [2, 3] }, "itemStyle": { "color": hue(index) },
                "emphasis": { "disabled": true },
            }));
        }
        let data: Vec<Value> =
            line.points.iter().map(|(at, value)| json!([at + offset_ms, finite(*value)])).collect();
        series.push(json!({
            "type": "line", "name": line.name, "data": data, "showSymbol": line.points.len() == 1, "symbolSize": 5, "z": 3,
            "lineStyle": { "width": 1.75, "color": hue(index), "type": dash(index) }, "itemStyle": { "color": hue(index) },
            "emphasis": { "disabled": true }, "connectNulls": false,
        }));
    }
    if let Some(target) = series.last_mut() {
        target["markLine"] = marks(spec, offset_ms);
        target["markArea"] = spans(spec, offset_ms);
    }
    let (min, max) = spec.extent().map_or((Value::Null, Value::Null), |(a, b)| {
        (json!(float(a) + offset_ms), json!(float(b) + offset_ms))
    });
    let (moments, template) = ticks(spec, offset_ms);
    json!({
        "animation": false, "useUTC": true, "textStyle": text("text-3"),
        "grid": { "left": 4, "right": 8, "top": if legend { 40 } else { 24 }, "bottom": 2, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel" },
        "legend": { "show": legend, "top": 0, "left": 0, "type": "scroll", "itemWidth": 14, "itemHeight": 2, "icon": "rect", "textStyle": text("text-2"),
            "data": spec.series.iter().map(|s| s.name.clone()).collect::<Vec<_>>() },
        "tooltip": tooltip(),
        "xAxis": {
            "type": "time", "min": min, "max": max, "splitNumber": if spec.compact { 4 } else { 6 },
            "axisLabel": { "fontFamily": "var(--font)", "fontSize": 11, "color": "var(--text-3)", "hideOverlap": true, "formatter": template, "customValues": moments },
            "axisLine": { "lineStyle": { "color": "var(--line-strong)" } }, "axisTick": { "show": false }, "splitLine": { "show": false },
        },
        "yAxis": value_axis(&spec.unit, narrow(spec), if spec.compact { 3 } else { 4 }),
        "series": series,
    })
}

/// Round moments of the chosen zone, and how they are written: the library's own choice drops hours around a new year.
fn ticks(spec: &LineSpec, offset_ms: f64) -> (Vec<f64>, &'static str) {
    const DAY: i64 = 86_400_000;
    let Some((from, to)) = spec.extent() else { return (Vec::new(), "{HH}:{mm}") };
    let (moments, step) = round_moments(from, to, whole(offset_ms), if spec.compact { 5 } else { 8 });
    let template = match (step, to - from) {
        (s, _) if s >= 365 * DAY => "{yyyy}",
        (s, _) if s >= 28 * DAY => "{yyyy}-{MM}",
        (s, _) if s >= DAY => "{MM}-{dd}",
        (_, span) if span > DAY + DAY / 2 => "{MM}-{dd} {HH}:{mm}",
        _ => "{HH}:{mm}",
    };
    (moments.into_iter().map(|at| float(at) + offset_ms).collect(), template)
}

/// The second of two lines of one hue never happens below nine lines; then a dash keeps them apart.
fn dash(index: usize) -> &'static str {
    if index < 8 { "solid" } else { "dashed" }
}

fn finite(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { Value::Null }
}

/// The band between minimum and maximum: an invisible line and a filled difference stacked on it.
fn band(key: &str, points: &[(f64, f64, f64)], color: &str, offset_ms: f64) -> [Value; 2] {
    let base = |data: Vec<Value>, area: Value| {
        json!({
            "type": "line", "name": format!("{HIDDEN}{key}"), "stack": key, "stackStrategy": "all", "data": data,
            "symbol": "none", "silent": true, "lineStyle": { "opacity": 0 }, "itemStyle": { "opacity": 0 }, "areaStyle": area, "z": 1,
            "emphasis": { "disabled": true }, "tooltip": { "show": false },
        })
    };
    [
        base(points.iter().map(|(at, lo, _)| json!([at + offset_ms, finite(*lo)])).collect(), Value::Null),
        base(
            points.iter().map(|(at, lo, hi)| json!([at + offset_ms, finite(hi - lo)])).collect(),
            json!({ "color": color, "opacity": 1 }),
        ),
    ]
}

/// Dashed accent lines for events and changes, dashed red lines for limits.
fn marks(spec: &LineSpec, offset_ms: f64) -> Value {
    let labelled = spec.marks.len() <= MOST_LABELS;
    let labels = labels(spec);
    let mut data: Vec<Value> = spec
        .marks
        .iter()
        .zip(labels)
        .map(|(mark, label)| {
            json!({
                "xAxis": float(mark.at) + offset_ms,
                "lineStyle": { "color": "var(--accent)", "type": [4, 3], "width": 1, "opacity": if labelled { 1.0 } else { 0.5 } },
                "label": {
                    "show": labelled && !label.is_empty(), "formatter": label, "position": "end", "distance": 1, "fontFamily": "var(--font)", "fontSize": 11, "fontWeight": 600,
                    "color": "var(--accent-text)", "backgroundColor": "var(--accent-soft)", "borderColor": "var(--accent-line)", "borderWidth": 1,
                    "borderRadius": 4, "padding": [2, 4, 1, 4],
                },
            })
        })
        .collect();
    data.extend(spec.limits.iter().map(|limit| {
        json!({
            "yAxis": limit.value,
            "lineStyle": { "color": "var(--danger)", "type": [5, 3], "width": 1 },
            "label": { "show": true, "formatter": limit.label, "position": "insideStartTop", "fontFamily": "var(--font)", "fontSize": 11, "color": "var(--danger-text)" },
        })
    }));
    json!({ "silent": true, "symbol": "none", "animation": false, "data": data })
}

/// The numbers of the marks; marks too close for a label each share one, `3–5`, at the first of them.
fn labels(spec: &LineSpec) -> Vec<String> {
    let near = spec.extent().map_or(0, |(from, to)| (to - from) / if spec.compact { 22 } else { 40 });
    let mut out = vec![String::new(); spec.marks.len()];
    let mut first = 0;
    while first < spec.marks.len() {
        let mut last = first;
        while spec.marks.get(last + 1).is_some_and(|next| next.at - spec.marks[first].at < near) {
            last += 1;
        }
        out[first] = match (spec.marks[first].n, spec.marks[last].n) {
            (Some(a), Some(b)) if a != b => format!("{a}–{b}"),
            (Some(a), _) => a.to_string(),
            _ => String::new(),
        };
        first = last + 1;
    }
    out
}

/// The name of the line that goes on with another.
fn ahead_name(name: &str) -> String {
    format!("{name} · {}", tx().ahead())
}

/// What lasted, and what left the expected range: a soft area from its beginning to its end.
fn spans(spec: &LineSpec, offset_ms: f64) -> Value {
    let area = |from: i64, to: i64, style: Value| json!([{ "xAxis": float(from) + offset_ms, "itemStyle": style }, { "xAxis": float(to) + offset_ms }]);
    let lasting = spec.marks.iter().filter_map(|mark| Some((mark.at, mark.until?)));
    let mut data: Vec<Value> = lasting.map(|(from, to)| area(from, to, json!({}))).collect();
    // a stretch of a single sample is seen too
    let least = spec.extent().map_or(0, |(from, to)| (to - from) / 250);
    let red = json!({ "color": "var(--danger)/0.16", "opacity": 1 });
    data.extend(spec.outside.iter().map(|(from, to)| area(*from, (*to).max(from + least), red.clone())));
    json!({ "silent": true, "animation": false, "itemStyle": { "color": "var(--accent-soft)", "opacity": 0.7 }, "data": data })
}

/// Bars; lying where the names are too long to stand beside each other.
pub fn bar(spec: &BarSpec) -> Value {
    let lying = lies(spec);
    let longest = spec.categories.iter().map(|c| c.chars().count()).max().unwrap_or(0);
    let names = json!({
        "type": "category", "data": spec.categories, "inverse": lying,
        "axisLabel": { "fontFamily": "var(--font)", "fontSize": 11, "color": "var(--text-2)", "interval": if lying { json!(0) } else { json!("auto") },
            "width": if lying && longest > 24 { json!(180) } else { Value::Null }, "overflow": "truncate" },
        "axisLine": { "lineStyle": { "color": "var(--line-strong)" } }, "axisTick": { "show": false },
    });
    let mut values = value_axis(&spec.unit, false, 4);
    if lying {
        values["name"] = json!("");
    }
    let series: Vec<Value> = spec
        .series
        .iter()
        .enumerate()
        .map(|(index, (name, data))| {
            json!({
                "type": "bar", "name": name, "barMaxWidth": 22, "data": data.iter().map(|v| v.map_or(Value::Null, finite)).collect::<Vec<_>>(),
                "itemStyle": { "color": hue(index), "borderRadius": 2 }, "emphasis": { "disabled": true },
            })
        })
        .collect();
    let legend = spec.series.len() > 1;
    let mut tip = tooltip();
    tip["axisPointer"] =
        json!({ "type": "shadow", "shadowStyle": { "color": "var(--hover)", "opacity": 0.6 } });
    json!({
        "animation": false, "textStyle": text("text-3"),
        "grid": { "left": 4, "right": 16, "top": if legend { 36 } else if lying { 6 } else { 24 }, "bottom": 2, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel" },
        "legend": { "show": legend, "top": 0, "left": 0, "type": "scroll", "itemWidth": 10, "itemHeight": 10, "textStyle": text("text-2") },
        "tooltip": tip,
        "xAxis": if lying { values.clone() } else { names.clone() },
        "yAxis": if lying { names } else { values },
        "series": series,
    })
}

/// Whether the bars lie.
pub fn lies(spec: &BarSpec) -> bool {
    let letters: usize = spec.categories.iter().map(|c| c.chars().count()).sum();
    letters > 60 || spec.categories.iter().any(|c| c.chars().count() > 14)
}

/// A height in pixels that gives every bar its room.
pub fn bar_height(spec: &BarSpec) -> u32 {
    if !lies(spec) {
        return 220;
    }
    let rows = u32::try_from(spec.categories.len()).unwrap_or(50).clamp(2, 50);
    let each = if spec.series.len() > 1 { 34 } else { 26 };
    rows * each + if spec.series.len() > 1 { 62 } else { 34 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::chart::spec::{Limit, LineSeries, Mark};

    fn spec() -> LineSpec {
        LineSpec {
            series: vec![LineSeries {
                name: "cpu".into(),
                points: vec![(0.0, 1.0), (1000.0, 9.0)],
                band: vec![(0.0, 0.5, 2.0)],
                ..LineSeries::default()
            }],
            unit: "%".into(),
            marks: vec![Mark { at: 500, until: Some(700), n: Some(3), label: "배포".into() }],
            limits: vec![Limit { value: 8.0, label: "한도 8".into() }],
            ..LineSpec::default()
        }
    }

    #[test]
    fn times_are_moved_by_the_offset_of_the_zone() {
        let option = line(&spec(), 32_400_000.0);
        assert_eq!(option["series"][2]["data"][1][0], json!(32_401_000.0));
        assert_eq!(option["xAxis"]["min"], json!(32_400_000.0));
    }

    #[test]
    fn a_band_is_a_difference_stacked_on_its_lower_edge() {
        let option = line(&spec(), 0.0);
        assert_eq!(option["series"][0]["data"][0][1], json!(0.5));
        assert_eq!(option["series"][1]["data"][0][1], json!(1.5));
    }

    #[test]
    fn an_expected_range_a_forecast_and_what_is_outside_are_drawn() {
        let mut spec = spec();
        spec.series[0].usual = vec![(0.0, 0.0, 4.0), (1000.0, 1.0, 5.0)];
        spec.series[0].ahead = vec![(2000.0, 1.0, 2.0, 3.0)];
        spec.outside = vec![(500, 900)];
        assert_eq!(spec.extent(), Some((0, 2000)));
        assert_eq!(spec.series[0].usual_at(500.0), Some((0.5, 4.5)));
        assert_eq!(spec.series[0].usual_at(1500.0), None);
        let option = line(&spec, 0.0);
        assert_eq!(option["series"].as_array().map(Vec::len), Some(8));
        assert_eq!(option["series"][7]["markArea"]["data"].as_array().map(Vec::len), Some(2));
        let option = line(&spec.with_aids(false, false), 0.0);
        assert_eq!(option["series"].as_array().map(Vec::len), Some(3));
    }

    #[test]
    fn marks_close_together_share_a_label() {
        let mark = |at, n| Mark { at, until: None, n: Some(n), label: String::new() };
        let spec = LineSpec {
            marks: vec![mark(0, 1), mark(500, 2), mark(510, 3), mark(900, 4)],
            window: Some((0, 1000)),
            ..LineSpec::default()
        };
        assert_eq!(labels(&spec), ["1", "2–3", "", "4"]);
    }

    #[test]
    fn marks_and_limits_stand_in_the_last_series() {
        let option = line(&spec(), 0.0);
        assert_eq!(option["series"][2]["markLine"]["data"].as_array().map(Vec::len), Some(2));
        assert_eq!(option["series"][2]["markArea"]["data"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn long_names_lay_the_bars_down() {
        let short = BarSpec { categories: vec!["A".into(), "B".into()], ..BarSpec::default() };
        let long = BarSpec { categories: vec!["app-analytics-audit-04-1".into()], ..BarSpec::default() };
        assert!(!lies(&short));
        assert!(lies(&long));
    }
}
