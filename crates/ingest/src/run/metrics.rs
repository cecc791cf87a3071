//! Metrics: one column per metric, one row per value, or one column per call edge.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use model::imports::{EdgeColumns, FileMapping, MetricLongRows, MetricWideRows};

use super::{
    Fail, Fate, LONGEST_CODE, Run,
    compile::{Compiler, Filter, ItemPlan, TimePlan},
    fits,
    items::open,
    records::time,
};
use crate::{
    path::{At, Path},
    read::{Cells, Row, Table},
    rows::{NewSeries, Sample},
    say::{self, Error},
    value::sample,
};

/// No other item.
const NOBODY: u32 = u32::MAX;

/// How a file with a column per metric is read.
pub(super) struct WidePlan<'a> {
    item: Option<ItemPlan<'a>>,
    at: TimePlan<'a>,
    /// Metric, column, path.
    metrics: Vec<(String, String, Path)>,
    /// Every key of a JSON row that is not read otherwise is a metric.
    all_keys: bool,
    skip: &'a [String],
    /// Columns named after call edges.
    edges: Option<(&'a EdgeColumns, Vec<(String, usize)>)>,
}

impl<'a> WidePlan<'a> {
    pub fn new(compiler: &mut Compiler<'a>, rows: &'a MetricWideRows) -> Self {
        let at = compiler.time("at", &rows.at);
        let item = match rows.edges {
            Some(_) => None,
            None => Some(compiler.item("item", &rows.item)),
        };
        let mut metrics = Vec::new();
        for (key, column) in rows.metrics.iter().filter(|(key, _)| *key != "*") {
            let path = compiler.lenient(&format!("metrics.{key}"), column);
            metrics.push((key.clone(), column.clone(), path));
        }
        let star = rows.metrics.contains_key("*");
        let mut taken: Vec<Option<usize>> = metrics.iter().map(|(_, _, path)| path.column()).collect();
        taken.extend([at.path.column(), item.as_ref().and_then(|item| item.path.column())]);
        let free: Vec<(String, usize)> = compiler
            .head
            .unwrap_or_default()
            .iter()
            .enumerate()
            .filter(|(i, name)| !taken.contains(&Some(*i)) && !rows.skip.contains(name))
            .map(|(i, name)| (name.clone(), i))
            .collect();
        let edges = rows.edges.as_ref().map(|edges| (edges, free.clone()));
        if star && edges.is_none() {
            metrics.extend(free.into_iter().map(|(name, i)| (name.clone(), name, Path::Column(i))));
        }
        Self { item, at, metrics, all_keys: star && compiler.head.is_none(), skip: &rows.skip, edges }
    }
}

/// Metrics and series met so far; series keep their numbers over all files.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Name and what values are multiplied by.
    metrics: Vec<(Arc<str>, f64)>,
    by_name: HashMap<String, u32>,
    series: HashMap<(u32, u32, u32), u32>,
}

impl Run<'_> {
    /// The number of a metric.
    fn metric(&mut self, name: &str, column: &str, unit: &str, edge: bool) -> u32 {
        if let Some(no) = self.met.by_name.get(name) {
            return *no;
        }
        let no = u32::try_from(self.met.metrics.len()).unwrap_or(u32::MAX);
        let scale = self.mapping.metrics.get(name).and_then(|naming| naming.scale).unwrap_or(1.0);
        self.met.metrics.push((Arc::from(name), scale));
        self.met.by_name.insert(name.to_owned(), no);
        self.observer.metric(name, column, unit, edge);
        no
    }

    /// The number of a series, announced when it is new, and its scale.
    fn series(&mut self, metric: u32, item: u32, peer: u32) -> Result<(u32, f64), Error> {
        let Some((name, scale)) = self.met.metrics.get(metric as usize).cloned() else {
            return Ok((u32::MAX, 1.0));
        };
        let next = u32::try_from(self.met.series.len()).unwrap_or(u32::MAX);
        let no = *self.met.series.entry((metric, item, peer)).or_insert(next);
        if no == next {
            let peer = (peer != NOBODY).then_some(peer);
            self.go(|sink, _| sink.series(NewSeries { no, metric: name, item, peer }))?;
        }
        Ok((no, scale))
    }

    fn sample(&mut self, (series, scale): (u32, f64), at: i64, value: f64) -> Result<(), Error> {
        let value = value * scale;
        if value.is_finite() {
            self.go(|sink, _| sink.sample(Sample { series, at, value }))?;
        }
        Ok(())
    }
}

pub(super) fn wide<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    rows: &'a MetricWideRows,
    names: &'a [String],
) -> Result<(), Error> {
    for name in names {
        let mut table = open(run, entry, name)?;
        let head = table.head().map(<[String]>::to_vec);
        let mut compiler = Compiler::new(run.mapping, i, name, head.as_deref(), names.len() > 1);
        let plan = WidePlan::new(&mut compiler, rows);
        let filter = compiler.filter(entry);
        match (&plan.edges, &plan.item) {
            (Some((edges, columns)), _) => {
                let finder = ItemPlan::without_column(&edges.item, "");
                let series = edge_series(run, name, edges, columns, &finder)?;
                run.note_lookups(name, &finder);
                run.each_row(name, &mut table, &filter, |run, row| {
                    let at = time(&plan.at, row)?.ok_or_else(|| say::missing(plan.at.name))?;
                    let mut partly = false;
                    for (column, path, series) in &series {
                        match sample(column, &path.at(row)) {
                            Ok(Some(value)) => run.sample(*series, at, value)?,
                            Ok(None) => {}
                            Err(refusal) => {
                                partly = true;
                                run.reject(name, row.line, refusal)?;
                            }
                        }
                    }
                    Ok(if partly { Fate::InPart } else { Fate::Taken })
                })?;
            }
            (None, Some(item)) => {
                columns(run, name, &plan, item, &mut table, &filter)?;
                run.note_lookups(name, item);
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// A file with a column per metric.
fn columns(
    run: &mut Run<'_>,
    name: &str,
    plan: &WidePlan<'_>,
    item: &ItemPlan<'_>,
    table: &mut Table,
    filter: &Filter<'_>,
) -> Result<(), Error> {
    let metrics: Vec<u32> =
        plan.metrics.iter().map(|(metric, column, _)| run.metric(metric, column, "", false)).collect();
    // rows of one item usually follow each other
    let mut last: Option<(String, u32)> = None;
    let mut series: HashMap<u32, Vec<Option<(u32, f64)>>> = HashMap::new();
    run.each_row(name, table, filter, |run, row| {
        let at = time(&plan.at, row)?.ok_or_else(|| say::missing(plan.at.name))?;
        let text = item.path.at(row);
        let text = text.text().ok_or_else(|| say::missing(&item.name))?;
        let no = match &last {
            Some((known, no)) if *known == text => {
                item.again();
                *no
            }
            _ => {
                let no = run.find_text(item, &text)?;
                last = Some((text.into_owned(), no));
                no
            }
        };
        let own = series.entry(no).or_insert_with(|| vec![None; metrics.len()]);
        let mut partly = false;
        for (((_, column, path), metric), slot) in plan.metrics.iter().zip(&metrics).zip(own) {
            match sample(column, &path.at(row)) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    let known = match slot {
                        Some(known) => *known,
                        None => *slot.insert(run.series(*metric, no, NOBODY)?),
                    };
                    run.sample(known, at, value)?;
                }
                Err(refusal) => {
                    partly = true;
                    run.reject(name, row.line, refusal)?;
                }
            }
        }
        if plan.all_keys {
            partly |= all_keys(run, plan, item, row, no, at, name)?;
        }
        Ok(if partly { Fate::InPart } else { Fate::Taken })
    })
}

/// Takes every key of a JSON row that is not read otherwise as a metric.
fn all_keys(
    run: &mut Run<'_>,
    plan: &WidePlan<'_>,
    item: &ItemPlan<'_>,
    row: Row<'_>,
    no: u32,
    at: i64,
    name: &str,
) -> Result<bool, Fail> {
    let Cells::Json(serde_json::Value::Object(map)) = row.cells else { return Ok(false) };
    let mut partly = false;
    for (key, value) in map {
        let read = [plan.at.path.key(), item.path.key()].contains(&Some(key.as_str()))
            || plan.skip.contains(key)
            || plan.metrics.iter().any(|(_, _, path)| path.key() == Some(key.as_str()));
        if read || value.is_null() {
            continue;
        }
        match sample(key, &At::Json(Cow::Borrowed(value))) {
            Ok(Some(value)) => {
                let metric = run.metric(key, key, "", false);
                let series = run.series(metric, no, NOBODY)?;
                run.sample(series, at, value)?;
            }
            Ok(None) => {}
            Err(refusal) => {
                partly = true;
                run.reject(name, row.line, refusal)?;
            }
        }
    }
    Ok(partly)
}

/// A column of a call edge, where it stands, and its series with its scale.
type EdgeSeries = (String, Path, (u32, f64));

/// The series of the columns of call edges; a column whose ends are not found is rejected once, in the head.
fn edge_series(
    run: &mut Run<'_>,
    name: &str,
    edges: &EdgeColumns,
    columns: &[(String, usize)],
    finder: &ItemPlan<'_>,
) -> Result<Vec<EdgeSeries>, Error> {
    let mut series = Vec::new();
    for (column, i) in columns {
        match ends(run, edges, column, finder) {
            Ok((source, target)) => {
                let metric = run.metric(&edges.metric, &edges.metric, "", true);
                series.push((column.clone(), Path::Column(*i), run.series(metric, source, target)?));
            }
            Err(Fail::Refuse(mut refusal)) => {
                refusal.field.clone_from(column);
                run.reject(name, 1, refusal)?;
            }
            Err(Fail::Stop(error)) => return Err(error),
        }
    }
    Ok(series)
}

/// Source and target in the name of a column. The separator may also stand in a code, so the cut with both ends known wins.
fn ends(
    run: &mut Run<'_>,
    edges: &EdgeColumns,
    column: &str,
    finder: &ItemPlan<'_>,
) -> Result<(u32, u32), Fail> {
    let cuts: Vec<(&str, &str)> = column
        .match_indices(edges.separator.as_str())
        .filter_map(|(at, sep)| Some((column.get(..at)?, column.get(at + sep.len()..)?)))
        .filter(|(source, target)| !source.is_empty() && !target.is_empty())
        .collect();
    let known = cuts.iter().find(|(source, target)| run.knows(finder, source) && run.knows(finder, target));
    let Some((source, target)) = known.or(cuts.first()) else {
        return Err(say::no_such_item(column, column, &finder.order).into());
    };
    Ok((run.find_text(finder, source)?, run.find_text(finder, target)?))
}

pub(super) fn long<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    rows: &'a MetricLongRows,
    names: &'a [String],
) -> Result<(), Error> {
    for name in names {
        let mut table = open(run, entry, name)?;
        let head = table.head().map(<[String]>::to_vec);
        let mut compiler = Compiler::new(run.mapping, i, name, head.as_deref(), names.len() > 1);
        let item = compiler.item("item", &rows.item);
        let at = compiler.time("at", &rows.at);
        let metric = compiler.path("metric", &rows.metric);
        let value = compiler.path("value", &rows.value);
        let unit = compiler.optional("unit", &rows.unit);
        let filter = compiler.filter(entry);
        run.each_row(name, &mut table, &filter, |run, row| {
            let moment = time(&at, row)?.ok_or_else(|| say::missing(at.name))?;
            let metric = metric.at(row);
            let metric = metric.text().ok_or_else(|| say::missing(&rows.metric))?;
            fits(&rows.metric, &metric, LONGEST_CODE)?;
            let no = run.find(&item, row)?.ok_or_else(|| say::missing(&rows.item.column))?;
            if let Some(value) = sample(&rows.value, &value.at(row))? {
                let unit = unit.at(row);
                let metric = run.metric(&metric, &metric, unit.text().as_deref().unwrap_or_default(), false);
                let series = run.series(metric, no, NOBODY)?;
                run.sample(series, moment, value)?;
            }
            Ok(Fate::Taken)
        })?;
        run.note_lookups(name, &item);
    }
    Ok(())
}
