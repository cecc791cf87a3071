//! `metric.compare`: the same reduction in two windows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::{
    Lang, SeriesId,
    tools::{MetricCompare, ToolOutput},
};
use serde_json::Value;

use super::{
    query::{Who, add_who, choose, who, who_columns},
    reduce::{Reduced, Reduction},
    store::{self, Window},
};
use crate::{
    cmdb::{
        Snapshot,
        table::{self, Row, column, cut, limit_or, num},
    },
    db::TenantTx,
    error::{Error, Result},
    events::{coverage_note, time},
};

/// Compares a metric in two windows.
pub(super) async fn compare(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: &MetricCompare,
    lang: Lang,
) -> Result<ToolOutput> {
    let reduction = Reduction::parse("agg", &args.agg)?;
    if reduction.is_moment() {
        return Err(Error::invalid(
            "agg",
            "시각은 비교할 수 없습니다. avg, max 같은 값을 고르세요",
            "moments cannot be compared; use a value such as avg or max",
        ));
    }
    let mut chosen = choose(tx, estate, &args.metric, (args.ci.as_ref(), None), lang).await?;
    let ids: Vec<SeriesId> = chosen.series.iter().map(|s| s.id).collect();
    let mut sides: Vec<BTreeMap<SeriesId, Reduced>> = Vec::with_capacity(2);
    for (name, window) in [("a", &args.a), ("b", &args.b)] {
        let (from, to) = (bound(name, 0, &window.0)?, bound(name, 1, &window.1)?);
        if let Some(note) = coverage_note(chosen.metric.covers, from, to, lang)
            && !chosen.notes.contains(&note)
        {
            chosen.notes.push(note);
        }
        let mut side: BTreeMap<SeriesId, Reduced> = BTreeMap::new();
        store::each_sample(tx, &ids, Window::new(from, to), |series, at, value| {
            side.entry(series).or_default().take(at, value, reduction.needs_all());
        })
        .await?;
        side.values_mut().for_each(Reduced::close);
        sides.push(side);
    }

    let per_edge = chosen.metric.per_edge;
    let unit = if reduction == Reduction::Count { "" } else { chosen.metric.unit.as_str() };
    let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let mut columns = who_columns(per_edge, false, lang);
    columns.push(column("a", pick("앞 기간", "first window"), unit, true));
    columns.push(column("b", pick("뒤 기간", "second window"), unit, true));
    columns.push(column("change", pick("변화", "change"), unit, true));
    columns.push(column("change_pct", pick("변화율", "change in percent"), "%", true));
    let mut rows = Vec::new();
    for series in &chosen.series {
        let value =
            |side: usize| sides.get(side).and_then(|s| s.get(&series.id)).and_then(|r| r.number(reduction));
        let (a, b) = (value(0), value(1));
        if a.is_some() || b.is_some() {
            rows.push(row(who(estate, series), per_edge, a, b));
        }
    }
    table::sort(&mut rows, &args.sort, &columns, &|_| Vec::new())?;
    let mut output = cut(rows, columns, &args.sort, limit_or(args.limit, 1_000), false);
    output.notes = chosen.notes;
    Ok(output)
}

fn bound(window: &str, at: usize, value: &Value) -> Result<Option<DateTime<Utc>>> {
    time(&format!("{window}[{at}]"), Some(value))
}

fn row(who: Who, per_edge: bool, a: Option<f64>, b: Option<f64>) -> Row {
    let mut row = Row::new();
    add_who(&mut row, who, per_edge);
    let change = a.zip(b).map(|(a, b)| b - a);
    let percent = a.zip(change).filter(|(a, _)| *a != 0.0).map(|(a, change)| 100.0 * change / a.abs());
    for (name, value) in [("a", a), ("b", b), ("change", change), ("change_pct", percent)] {
        row.insert(name.to_owned(), value.map_or(Value::Null, num));
    }
    row
}
