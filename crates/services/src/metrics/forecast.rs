//! `metric.top` and `forecast.metric`.

use analysis::forecast::{TooShort, crossing, forecast};
use chrono::Duration;
use model::{
    Lang, SeriesId,
    tools::{MetricForecast, MetricQuery, MetricTop, SeriesOut, Sort, ToolOutput},
};

use super::{
    query::{add_who, choose, query, who, who_columns},
    reduce::stamp,
    store::{self, Window},
    thin::outline,
};
use crate::{
    cmdb::{
        Snapshot,
        table::{Row, column, cut, num},
    },
    db::TenantTx,
    error::{Error, Result},
    events::time,
};

/// Hours foretold when none were asked for, and the most of them.
const HOURS: (u32, u32) = (24, 720);
/// Series of one call, points of each, days of history, points of it that are drawn.
const SERIES: usize = 20;
const STEPS: usize = 48;
const HISTORY_D: i64 = 56;
const DRAWN: usize = 300;

/// Items by the reduced value of a metric.
pub(super) async fn top(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: MetricTop,
    lang: Lang,
) -> Result<ToolOutput> {
    let agg = if args.agg.is_empty() { "avg".to_owned() } else { args.agg };
    let query_args = MetricQuery {
        metric: args.metric,
        ci: args.ci,
        from: args.from,
        to: args.to,
        sort: vec![Sort { by: agg.clone(), desc: !args.least }],
        agg: vec![agg],
        limit: if args.n == 0 { 10 } else { args.n },
        ..MetricQuery::default()
    };
    query(tx, estate, &query_args, lang).await
}

/// How a metric goes on.
pub(super) async fn foretell(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: &MetricForecast,
    lang: Lang,
) -> Result<ToolOutput> {
    let hours = if args.hours == 0 { HOURS.0 } else { args.hours };
    if hours > HOURS.1 {
        return Err(Error::invalid(
            "hours",
            format!("예측은 {}시간까지입니다", HOURS.1),
            format!("a forecast reaches at most {} hours", HOURS.1),
        ));
    }
    let chosen = choose(tx, estate, &args.metric, (args.ci.as_ref(), None), lang).await?;
    let mut notes = chosen.notes.clone();
    if chosen.series.len() > SERIES {
        let (n, all) = (SERIES, chosen.series.len());
        notes.push(match lang {
            Lang::Ko => format!("시계열 {all}개 가운데 {n}개만 예측했습니다. 항목을 지정하세요"),
            Lang::En => format!("only {n} of {all} series are foretold; name the items"),
        });
    }
    let series: Vec<_> = chosen.series.iter().take(SERIES).collect();
    let Some(end) =
        time("from", args.from.as_ref())?.or(chosen.metric.covers.map(|c| c.1 + Duration::milliseconds(1)))
    else {
        return Ok(ToolOutput { notes, ..ToolOutput::default() });
    };
    let now = end.timestamp_millis();
    let ids: Vec<SeriesId> = series.iter().map(|s| s.id).collect();
    let samples =
        store::samples(tx, &ids, Window::new(Some(end - Duration::days(HISTORY_D)), Some(end))).await?;
    let name = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let unit = chosen.metric.unit.as_str();
    let mut rows: Vec<Row> = Vec::new();
    let mut lines: Vec<SeriesOut> = Vec::new();
    let mut lacking: Vec<(String, Vec<String>)> = Vec::new();
    for one in &series {
        let who = who(estate, one);
        let known = samples.get(&one.id).map_or(&[][..], Vec::as_slice);
        let label = who.1.as_ref().map_or(who.0.clone(), |peer| format!("{} → {peer}", who.0));
        match forecast(known, now, hours, STEPS) {
            Ok(found) => {
                let last = known.last().map_or(0.0, |s| s.1);
                let reaches = args.threshold.map(|threshold| crossing(&found, last, threshold).0);
                for p in &found.points {
                    let mut row = Row::new();
                    add_who(&mut row, who.clone(), chosen.metric.per_edge);
                    row.insert("at".into(), stamp(p.at));
                    for (key, value) in [("expected", p.expected), ("low", p.low), ("high", p.high)] {
                        row.insert(key.into(), num((value * 1_000.0).round() / 1_000.0));
                    }
                    if let Some(reaches) = reaches {
                        row.insert("reaches".into(), reaches.map_or(serde_json::Value::Null, stamp));
                    }
                    rows.push(row);
                }
                if series.len() == 1 {
                    let line = |of: fn(&analysis::forecast::Point) -> f64| {
                        found.points.iter().map(|p| (p.at as f64, of(p))).collect::<Vec<_>>()
                    };
                    lines.push(SeriesOut {
                        name: label,
                        points: outline(known, DRAWN),
                        ..SeriesOut::default()
                    });
                    lines.push(SeriesOut {
                        name: name("예측 (95 % 구간)", "forecast (95 % interval)"),
                        points: line(|p| p.expected),
                        band: found.points.iter().map(|p| (p.at as f64, p.low, p.high)).collect(),
                    });
                }
            }
            Err(short) => {
                // Series that lack the same are named together.
                let why = too_short(short, lang);
                match lacking.iter_mut().find(|(same, _)| *same == why) {
                    Some((_, names)) => names.push(label),
                    None => lacking.push((why, vec![label])),
                }
            }
        }
    }
    notes.extend(lacking.into_iter().map(|(why, names)| format!("{}: {why}", names.join(", "))));
    let mut columns = who_columns(chosen.metric.per_edge, false, lang);
    columns.extend([
        column("at", name("시각", "time"), "", false),
        column("expected", name("예측", "expected"), unit, true),
        column("low", name("하한", "low"), unit, true),
        column("high", name("상한", "high"), unit, true),
    ]);
    if args.threshold.is_some() {
        columns.push(column("reaches", name("한계 도달", "reaches the limit"), "", false));
    }
    let mut output = cut(rows, columns, &[], SERIES * STEPS, false);
    output.series = lines;
    output.notes = notes;
    Ok(output)
}

/// Why there is no forecast.
pub(super) fn too_short(short: TooShort, lang: Lang) -> String {
    let days = |ms: i64| format!("{:.1}", ms as f64 / 86_400_000.0);
    match (short, lang) {
        (TooShort::History { has, needs }, Lang::Ko) => {
            format!("이력이 {}일뿐이라 예측하지 않았습니다. {}일이 필요합니다", days(has), days(needs))
        }
        (TooShort::History { has, needs }, Lang::En) => {
            format!("no forecast, the history is {} days and {} are needed", days(has), days(needs))
        }
        (TooShort::Samples(n), Lang::Ko) => {
            format!("표본이 {n}개뿐이라 예측하지 않았습니다. 12개 이상 필요합니다")
        }
        (TooShort::Samples(n), Lang::En) => {
            format!("no forecast, there are {n} samples and 12 are needed")
        }
    }
}
