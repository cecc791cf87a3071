//! What is looked at: candidates near the items asked about, their series, events and changes.

use std::collections::{HashMap, HashSet};

use analysis::{
    TypeSet,
    rca::{Input, Link, Record, Series, may_creep, worth_history},
};
use chrono::{DateTime, Duration, Utc};
use model::{
    CiId, Lang, SeriesId,
    rca::{Candidates, Template},
    schema::{FieldDef, FieldRole, FieldType, MetricDef, RecordKind, RecordRole},
    tools::RcaRun,
};
use planner::compose::{Josa, with_particle};
use serde_json::{Map, Value};

use super::{pick, store};
use crate::{
    cmdb::{Snapshot, select::named},
    db::TenantTx,
    error::Result,
    metrics::store::{Window, series_about},
};

/// Minutes before the window that are read of every series at least, and days of those that need more to be judged.
const SHOWN_MIN: i64 = 30;
const HISTORY_D: i64 = 15;
/// Series whose whole history is read at most.
const DEEP: usize = 400;

/// Everything that was gathered.
pub(super) struct Gathered {
    codes: Vec<String>,
    links: Vec<Link>,
    metrics: Vec<MetricDef>,
    /// Identifiers of the series, in their order.
    pub ids: Vec<SeriesId>,
    pub series: Vec<Series>,
    records: Vec<Record>,
    window: (i64, i64),
    pub focus: Vec<u32>,
    /// Number of candidates.
    pub candidates: usize,
    pub notes: Vec<String>,
}

impl Gathered {
    /// As the analysis wants it.
    pub fn input<'a>(&'a self, _: &'a Snapshot, template: &'a Template, lang: Lang) -> Input<'a> {
        Input {
            items: &self.codes,
            links: &self.links,
            metrics: &self.metrics,
            series: &self.series,
            records: &self.records,
            window: self.window,
            focus: &self.focus,
            template,
            lang,
        }
    }
}

/// The items asked about.
pub(super) struct Focus {
    pub nodes: Vec<u32>,
    notes: Vec<String>,
}

/// Finds the items asked about.
pub(super) fn focus(estate: &Snapshot, args: &RcaRun, lang: Lang) -> Focus {
    match &args.ci {
        Some(value) => {
            let named = named(estate, value, lang);
            Focus { nodes: named.nodes, notes: named.notes }
        }
        None => Focus { nodes: Vec::new(), notes: Vec::new() },
    }
}

/// Gathers.
pub(super) async fn gather(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    focus: Focus,
    template: &Template,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    lang: Lang,
) -> Result<Gathered> {
    let Focus { nodes: mut focus, mut notes } = focus;
    let mut near = near(estate, &focus, template);
    let mut ids_near = near.as_ref().map(|nodes| estate.ids(nodes.iter().copied()));
    let links: Vec<Link> = impact_links(estate);
    let rows = series_about(tx, ids_near.clone()).await?;
    let metrics = estate.catalogue().metrics.clone();
    let place: HashMap<&str, usize> =
        metrics.iter().enumerate().map(|(at, m)| (m.key.as_str(), at)).collect();
    let (mut kept, mut series) = placed(estate, &place, rows);
    let window = Window::new(Some(from), Some(to));
    let baseline = Duration::minutes(i64::from(template.baseline_min));
    let lead = (baseline * 2).max(to - from).max(Duration::minutes(SHOWN_MIN));
    let recent = [Window::new(Some(from - lead), Some(to))];
    store::fill(tx, &kept, &mut series, &recent).await?;
    let measured = |series: &[Series]| {
        series.iter().any(|one| one.samples.last().is_some_and(|last| last.0 >= window.from))
    };
    // nothing is measured near the items named: what is measured elsewhere is better than no answer
    if near.is_some() && !measured(&series) {
        let (ids, mut all) = placed(estate, &place, series_about(tx, None).await?);
        store::fill(tx, &ids, &mut all, &recent).await?;
        if measured(&all) {
            let named: Vec<&str> = focus.iter().map(|node| estate.code(*node)).collect();
            let named = named.join(", ");
            notes.push(pick(
                lang,
                format!(
                    "{} 그 주변에는 이 구간의 지표가 없어 전체 항목에서 원인을 찾았습니다",
                    with_particle(&named, Josa::With)
                ),
                format!("nothing near {named} is measured in this window, so every item was looked at"),
            ));
            (kept, series) = (ids, all);
            focus.clear();
            near = None;
            ids_near = None;
        }
    }
    let seen = measured(&series);
    let window = (window.from, window.to);
    let (kinds, since) = (
        record_kinds(estate),
        from - Duration::minutes(i64::from(template.change_min.max(template.baseline_min)))
            - Duration::hours(1),
    );
    let records = store::records(tx, &kinds, ids_near, (since, to)).await?;
    let records = records.iter().filter_map(|r| record(estate, r)).collect();
    let codes = estate.items().iter().map(|item| item.code.clone()).collect();
    let candidates = near.as_ref().map_or(estate.items().len(), Vec::len);
    let mut gathered =
        Gathered { codes, links, metrics, ids: kept, series, records, window, focus, candidates, notes };

    deepen(tx, estate, template, &mut gathered, (from, to)).await?;
    if !seen {
        gathered.notes.push(pick(
            lang,
            "이 구간에는 지표 표본이 없어 기록과 관계만으로 판단했습니다".into(),
            "there are no samples of metrics in this window; only records and relations were looked at"
                .into(),
        ));
    }
    Ok(gathered)
}

/// Series whose metric and item are known.
fn placed(
    estate: &Snapshot,
    place: &HashMap<&str, usize>,
    rows: Vec<(SeriesId, String, CiId, Option<CiId>)>,
) -> (Vec<SeriesId>, Vec<Series>) {
    rows.into_iter()
        .filter_map(|(id, metric, ci, peer)| {
            let (metric, item) = (*place.get(metric.as_str())?, estate.node_of(ci)?);
            let peer = peer.and_then(|p| estate.node_of(p));
            Some((id, Series { metric, item, peer, samples: Vec::new() }))
        })
        .unzip()
}

/// What looks unusual is judged by the same hours of earlier days; what may have filled up slowly, by everything before.
/// Only those hours, and only of those series, are read.
async fn deepen(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    template: &Template,
    gathered: &mut Gathered,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    let lang = Lang::default();
    let kept = gathered.ids.clone();
    let mut deep = worth_history(&gathered.input(estate, template, lang));
    deep.truncate(DEEP);
    let whole = [Window::new(Some(from - Duration::days(HISTORY_D)), Some(to))];
    let baseline = Duration::minutes(i64::from(template.baseline_min));
    if to - from + baseline >= Duration::days(1) {
        return store::refill(tx, &kept, &mut gathered.series, &deep, &whole).await;
    }
    let hours: Vec<Window> = (1..HISTORY_D)
        .map(|day| Window::new(Some(from - baseline - Duration::days(day)), Some(to - Duration::days(day))))
        .collect();
    store::refill(tx, &kept, &mut gathered.series, &deep, &hours).await?;
    let creeping = may_creep(&gathered.input(estate, template, lang));
    store::refill(tx, &kept, &mut gathered.series, &creeping, &whole).await
}

/// Items near those asked about, over relations with impact in both directions; `None` for all.
fn near(estate: &Snapshot, focus: &[u32], template: &Template) -> Option<Vec<u32>> {
    if focus.is_empty() {
        return None;
    }
    let types = estate.impact_types();
    let topology = estate.needs();
    let mut found: HashSet<u32> = focus.iter().copied().collect();
    // up and down apart: what hangs on the same thing below is reached by going down first and up from there
    let ways: &[bool] = match template.candidates {
        Candidates::Both => &[true, false],
        Candidates::Below => &[true],
        Candidates::Above => &[false],
    };
    for &start in ways {
        let mut edge: Vec<u32> = focus.to_vec();
        for _ in 0..template.hops {
            edge = edge
                .iter()
                .flat_map(|node| beside(topology, &types, *node, start))
                .filter(|node| found.insert(*node))
                .collect();
        }
    }
    let mut found: Vec<u32> = found.into_iter().collect();
    found.sort_unstable();
    Some(found)
}

fn beside(topology: &analysis::Topology, types: &TypeSet, node: u32, down: bool) -> Vec<u32> {
    let fits = |(other, kind): (u32, u16)| types.has(kind).then_some(other);
    if down {
        topology.outgoing(node).filter_map(fits).collect()
    } else {
        topology.incoming(node).filter_map(fits).collect()
    }
}

/// Dependencies: relations over which a failure of the target reaches the source.
fn impact_links(estate: &Snapshot) -> Vec<Link> {
    let types = estate.impact_types();
    estate
        .needs()
        .all_edges()
        .filter(|e| types.has(e.kind))
        .map(|e| Link { from: e.source, to: e.target })
        .collect()
}

fn record_kinds(estate: &Snapshot) -> Vec<String> {
    estate.catalogue().records.iter().filter(|k| k.role != RecordRole::Other).map(|k| k.key.clone()).collect()
}

fn record(estate: &Snapshot, row: &store::RecordRow) -> Option<Record> {
    let kind = estate.catalogue().records.iter().find(|k| k.key == row.kind)?;
    Some(Record {
        item: estate.node_of(row.ci())?,
        at: row.at.timestamp_millis(),
        role: kind.role,
        severity: severity(kind, &row.fields.0),
        title: title(kind, &row.fields.0),
    })
}

/// How bad a record says it is, from 0 to 1, by the order of the words or the range of the numbers its kind has.
fn severity(kind: &RecordKind, fields: &Map<String, Value>) -> f64 {
    let Some(field) = kind.fields.iter().find(|f| f.role == Some(FieldRole::Severity)) else {
        return if kind.role == RecordRole::Event { 0.5 } else { 0.0 };
    };
    let Some(value) = fields.get(&field.key) else { return 0.3 };
    by_order(field, value).or_else(|| by_number(field, value)).unwrap_or(0.5)
}

fn by_order(field: &FieldDef, value: &Value) -> Option<f64> {
    let text = value.as_str()?;
    let at = field.order.iter().position(|word| word.eq_ignore_ascii_case(text))?;
    Some(at as f64 / (field.order.len().max(2) - 1) as f64)
}

fn by_number(field: &FieldDef, value: &Value) -> Option<f64> {
    if field.r#type != FieldType::Number {
        return None;
    }
    let number = value.as_f64()?;
    let known: Vec<f64> = field.values.iter().filter_map(|v| v.parse().ok()).collect();
    let (low, high) = known.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    (high > low).then(|| ((number - low) / (high - low)).clamp(0.0, 1.0))
}

/// What a record says.
fn title(kind: &RecordKind, fields: &Map<String, Value>) -> String {
    let text = |role: FieldRole| {
        kind.fields
            .iter()
            .filter(|f| f.role == Some(role))
            .find_map(|f| fields.get(&f.key)?.as_str().map(str::to_owned))
    };
    text(FieldRole::Title)
        .or_else(|| text(FieldRole::Body))
        .or_else(|| text(FieldRole::Category))
        .unwrap_or_else(|| kind.label.ko.clone())
}
