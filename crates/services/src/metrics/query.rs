//! `metric.query`.

use std::collections::{BTreeMap, HashMap};

use chrono::DateTime;
use model::{
    Condition, Lang, SeriesId,
    answer::Column,
    schema::{FieldType, MetricDef},
    tools::{MetricQuery, SeriesOut, ToolOutput},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    bands,
    reduce::{Reduced, Reduction, stamp},
    store::{self, SeriesRow, Window},
    thin::outline,
};
use crate::{
    cmdb::{
        Snapshot,
        filter::{Cell, Filter, Spec},
        select::named,
        table::{self, Row, column, cut, limit_or},
    },
    db::TenantTx,
    error::{Error, Result},
    events::{coverage_note, time},
};

/// Items a chart shows, and points of each.
const LINES: (usize, usize) = (20, 500);

/// Series chosen by a tool, and what a person should know of the choice.
pub(super) struct Chosen<'a> {
    pub metric: &'a MetricDef,
    pub series: Vec<SeriesRow>,
    pub notes: Vec<String>,
}

/// Chooses the series of a metric.
pub(super) async fn choose<'a>(
    tx: &mut TenantTx<'_>,
    estate: &'a Snapshot,
    metric: &str,
    (ci, peer): (Option<&Value>, Option<&Value>),
    lang: Lang,
) -> Result<Chosen<'a>> {
    let metric = estate.catalogue().metrics.iter().find(|m| m.key == metric).ok_or_else(|| {
        let known =
            estate.catalogue().metrics.iter().map(|m| m.key.as_str()).take(50).collect::<Vec<_>>().join(", ");
        Error::invalid(
            "metric",
            format!("'{metric}' 지표가 없습니다. 있는 지표: {known}"),
            format!("there is no metric '{metric}'; there are {known}"),
        )
    })?;
    let mut notes = Vec::new();
    let mut nodes_of = |value: Option<&Value>| {
        value.map(|codes| {
            let named = named(estate, codes, lang);
            notes.extend(named.notes);
            named.nodes
        })
    };
    let cis = nodes_of(ci);
    let peers = nodes_of(peer);
    let ids = |nodes: &Option<Vec<u32>>| -> Option<Vec<Uuid>> {
        nodes.as_ref().map(|nodes| estate.ids(nodes.iter().copied()))
    };
    let mut series = store::series_of_metric(tx, &metric.key, ids(&cis), ids(&peers)).await?;
    series.sort_by_key(|s| (estate.node_of(s.ci), s.peer.and_then(|p| estate.node_of(p)), s.id));
    if let Some(cis) = cis {
        let without: Vec<&str> = cis
            .iter()
            .filter(|&&node| !series.iter().any(|s| estate.node_of(s.ci) == Some(node)))
            .map(|&node| estate.code(node))
            .take(10)
            .collect();
        if !without.is_empty() {
            let (label, without) = (metric.label.get(lang), without.join(", "));
            notes.push(match lang {
                Lang::Ko => format!("{label} 지표가 수집되지 않는 항목입니다: {without}"),
                Lang::En => format!("{label} is not measured on {without}"),
            });
        }
    }
    Ok(Chosen { metric, series, notes })
}

/// Who a row is about: item and other end; nobody when all are taken together.
pub(super) type Who = (String, Option<String>);

/// The codes of a series.
pub(super) fn who(estate: &Snapshot, series: &SeriesRow) -> Who {
    let code = |id| estate.node_of(id).map(|node| estate.code(node).to_owned()).unwrap_or_default();
    (code(series.ci), series.peer.map(code))
}

/// Reduces samples in a window.
pub(super) async fn query(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    args: &MetricQuery,
    lang: Lang,
) -> Result<ToolOutput> {
    let reductions: Vec<(String, Reduction)> = args
        .agg
        .iter()
        .enumerate()
        .map(|(at, name)| Ok((name.clone(), Reduction::parse(&format!("agg[{at}]"), name)?)))
        .collect::<Result<_>>()?;
    let filter = value_filter(&args.filter)?;
    let bucket = bucket_ms(&args.buckets)?;
    let (from, to) = (time("from", args.from.as_ref())?, time("to", args.to.as_ref())?);
    let mut chosen = choose(tx, estate, &args.metric, (args.ci.as_ref(), args.peer.as_ref()), lang).await?;
    chosen.notes.extend(coverage_note(chosen.metric.covers, from, to, lang));

    let names: HashMap<SeriesId, Who> = chosen.series.iter().map(|s| (s.id, who(estate, s))).collect();
    let keep = reductions.iter().any(|(_, reduction)| reduction.needs_all());
    let mut groups: BTreeMap<(Who, i64), Reduced> = BTreeMap::new();
    let mut lines: BTreeMap<Who, Vec<(i64, f64)>> = BTreeMap::new();
    let ids: Vec<SeriesId> = chosen.series.iter().map(|s| s.id).collect();
    let nobody = (String::new(), None);
    let mut group: Option<((SeriesId, i64), Reduced)> = None;
    let mut close = |group: Option<((SeriesId, i64), Reduced)>| {
        if let Some(((series, at), reduced)) = group {
            let who =
                if args.together { nobody.clone() } else { names.get(&series).cloned().unwrap_or_default() };
            groups.entry((who, at)).or_default().merge(reduced);
        }
    };
    store::each_sample(tx, &ids, Window::new(from, to), |series, at, value| {
        if !filter.is_empty() {
            let cell = table::num(value);
            if !filter.accepts(|_| Cell::Value(&cell)) {
                return;
            }
        }
        let start = if bucket > 0 { at.div_euclid(bucket) * bucket } else { 0 };
        match &mut group {
            Some((key, reduced)) if *key == (series, start) => reduced.take(at, value, keep),
            _ => {
                let mut reduced = Reduced::default();
                reduced.take(at, value, keep);
                close(group.replace(((series, start), reduced)));
            }
        }
        if args.series
            && let Some(who) = names.get(&series)
            && (lines.len() < LINES.0 || lines.contains_key(who))
        {
            lines.entry(who.clone()).or_default().push((at, value));
        }
    })
    .await?;
    close(group);

    let mut columns = who_columns(chosen.metric.per_edge, args.together, lang);
    if bucket > 0 {
        columns.push(column("at", if lang == Lang::Ko { "시각" } else { "time" }, "", false));
    }
    columns.extend(
        reductions.iter().map(|(name, reduction)| reduction_column(name, *reduction, chosen.metric, lang)),
    );
    columns.push(column("samples", if lang == Lang::Ko { "표본 수" } else { "samples" }, "", true));
    let mut rows: Vec<Row> = Vec::with_capacity(groups.len());
    for ((who, at), mut reduced) in groups {
        reduced.close();
        let mut row = Row::new();
        if !args.together {
            add_who(&mut row, who, chosen.metric.per_edge);
        }
        if bucket > 0 {
            row.insert("at".to_owned(), stamp(at));
        }
        for (name, reduction) in &reductions {
            row.insert(name.clone(), reduced.value(*reduction));
        }
        row.insert("samples".to_owned(), reduced.count().into());
        rows.push(row);
    }
    if args.together && bucket == 0 && rows.is_empty() {
        // Nothing fits: that is a result too when one row is asked for.
        let nothing = Reduced::default();
        let mut row: Row = reductions.iter().map(|(name, r)| (name.clone(), nothing.value(*r))).collect();
        row.insert("samples".to_owned(), 0.into());
        rows.push(row);
    }
    rows.retain(|row| model::tools::holds(row, &args.having));
    table::sort(&mut rows, &args.sort, &columns, &|_| Vec::new())?;
    let mut output = cut(rows, columns, &args.sort, limit_or(args.limit, 1_000), false);
    output.notes = chosen.notes;
    let drawn: Vec<(SeriesId, Who)> = names.into_iter().filter(|(_, who)| lines.contains_key(who)).collect();
    let asked: Vec<_> = drawn
        .iter()
        .map(|(id, who)| {
            let samples = lines.get(who).map(Vec::as_slice).unwrap_or_default();
            let at = |sample: Option<&(i64, f64)>| DateTime::from_timestamp_millis(sample?.0);
            (*id, at(samples.first()).zip(at(samples.last())))
        })
        .collect();
    let mut usual = bands::usual(tx, &asked, Window::new(from, to), LINES.1).await?;
    let mut bands: HashMap<Who, Vec<(f64, f64, f64)>> = drawn
        .into_iter()
        .filter_map(|(id, who)| Some((who, usual.remove(&id)?)))
        .map(|(who, usual)| (who, usual.band.iter().map(|p| (p.0 as f64, p.1, p.3)).collect()))
        .collect();
    output.series = lines
        .into_iter()
        .map(|(who, samples)| SeriesOut {
            band: bands.remove(&who).unwrap_or_default(),
            name: match who {
                (ci, None) => ci,
                (ci, Some(peer)) => format!("{ci} → {peer}"),
            },
            points: outline(&samples, LINES.1),
        })
        .collect();
    Ok(output)
}

/// Columns of who a row is about.
pub(super) fn who_columns(per_edge: bool, together: bool, lang: Lang) -> Vec<Column> {
    let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let mut columns = Vec::new();
    if !together {
        columns.push(column("ci", pick("대상", "item"), "", false));
        if per_edge {
            columns.push(column("peer", pick("상대", "peer"), "", false));
        }
    }
    columns
}

/// Cells of who a row is about.
pub(super) fn add_who(row: &mut Row, (ci, peer): Who, per_edge: bool) {
    row.insert("ci".to_owned(), ci.into());
    if per_edge {
        row.insert("peer".to_owned(), peer.into());
    }
}

fn reduction_column(name: &str, reduction: Reduction, metric: &MetricDef, lang: Lang) -> Column {
    let unit = if reduction.is_moment() || reduction == Reduction::Count { "" } else { metric.unit.as_str() };
    column(name, reduction.label(name, lang), unit, !reduction.is_moment())
}

fn value_filter(conditions: &[Condition]) -> Result<Filter> {
    Filter::new(conditions, |field| (field == "value").then(|| Spec::of(FieldType::Number)))
}

fn bucket_ms(name: &str) -> Result<i64> {
    match name {
        "" => Ok(0),
        "minute" => Ok(60_000),
        "hour" => Ok(3_600_000),
        "day" => Ok(super::write::DAY_MS),
        other => Err(Error::invalid(
            "buckets",
            format!("'{other}' 간격은 없습니다. minute, hour, day 중에서 고르세요"),
            format!("there are no buckets of '{other}'; use minute, hour or day"),
        )),
    }
}
