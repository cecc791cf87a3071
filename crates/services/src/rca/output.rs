//! What came of it as the output of a tool: rows, hypotheses, the picture of the chain, the series that decide it.

use std::collections::BTreeMap;

use analysis::rca::{Report, Series};
use chrono::{DateTime, Utc};
use model::{
    Lang,
    answer::Column,
    graph::{GraphEdge, GraphNode, Subgraph},
    rca::Hypothesis,
    tools::{AssetUsed, SeriesOut, ToolOutput},
};

use super::{gather::Gathered, pick};
use crate::cmdb::{
    Snapshot,
    table::{Row, column, num},
};

/// Items of the picture, series of the chart, points of each.
const ITEMS: usize = 40;
const LINES: usize = 4;
const POINTS: usize = 400;

/// Puts it together.
pub(super) fn output(
    estate: &Snapshot,
    gathered: &Gathered,
    report: Report,
    used: AssetUsed,
    window: (DateTime<Utc>, DateTime<Utc>),
    lang: Lang,
) -> ToolOutput {
    let mut hypotheses = report.hypotheses;
    for h in &mut hypotheses {
        if let Some(item) = estate.node(&h.ci).and_then(|node| estate.item(node)) {
            h.name.clone_from(&item.name);
            h.kind.clone_from(&item.kind);
        }
    }
    let mut notes = gathered.notes.clone();
    if used.version > 0 {
        let (name, version) = (used.name.get(lang), used.version);
        notes.push(pick(
            lang,
            format!("분석 템플릿 '{name}' 버전 {version}을(를) 썼습니다"),
            format!("the template of analysis “{name}”, version {version}, was used"),
        ));
    }
    let (items, judged) = (gathered.candidates, report.judged);
    if hypotheses.is_empty() {
        notes.push(pick(
            lang,
            format!("이 구간에서 비정상은 발견되지 않았습니다 (항목 {items}개, 시계열 {judged}개 확인)"),
            format!("nothing abnormal in this window ({items} items and {judged} series looked at)"),
        ));
        if report.without_history > judged {
            let n = report.without_history;
            notes.push(pick(
                lang,
                format!("시계열 {n}개는 구간이나 그 앞에 표본이 부족해 판단하지 못했습니다"),
                format!("{n} series have too few samples in the window or before it to be judged"),
            ));
        }
    }
    ToolOutput {
        columns: columns(lang),
        total: hypotheses.len() as u64,
        rows: hypotheses.iter().map(|h| row(h, lang)).collect(),
        graph: hypotheses.first().map(|_| picture(estate, &hypotheses)),
        series: hypotheses.first().map(|h| decisive(estate, gathered, h, window)).unwrap_or_default(),
        hypotheses,
        assets: vec![used],
        notes,
        ..ToolOutput::default()
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let name = |ko: &str, en: &str| pick(lang, ko.to_owned(), en.to_owned());
    vec![
        column("rank", name("순위", "rank"), "", true),
        column("ci", name("항목", "item"), "", false),
        column("resource", name("자원", "resource"), "", false),
        column("metric", name("지표", "metric"), "", false),
        column("confidence", name("확신도", "confidence"), "%", true),
        column("since", name("시작", "since"), "", false),
        column("summary", name("요약", "summary"), "", false),
    ]
}

fn row(h: &Hypothesis, lang: Lang) -> Row {
    Row::from_iter([
        ("rank".to_owned(), h.rank.into()),
        ("ci".to_owned(), h.ci.clone().into()),
        ("resource".to_owned(), h.resource.label().get(lang).into()),
        ("metric".to_owned(), h.metric_label.clone().into()),
        ("confidence".to_owned(), num((h.confidence * 1_000.0).round() / 10.0)),
        ("since".to_owned(), h.first_deviation.map(crate::events::stamp).into()),
        ("summary".to_owned(), h.summary.clone().into()),
    ])
}

/// The first cause at depth 0, the items it reaches by their distance, other suspects, and the relations between them.
fn picture(estate: &Snapshot, hypotheses: &[Hypothesis]) -> Subgraph {
    let mut depths: BTreeMap<u32, (u32, String)> = BTreeMap::new();
    let mut put = |code: &str, depth: u32, parent: &str| {
        if let Some(node) = estate.node(code)
            && (depths.len() < ITEMS || depths.contains_key(&node))
        {
            depths.entry(node).or_insert((depth, parent.to_owned()));
        }
    };
    for (n, h) in hypotheses.iter().enumerate() {
        let mut parent = String::new();
        for (at, code) in h.path.iter().enumerate() {
            put(code, if n == 0 { at as u32 } else { at as u32 + 1 }, &parent);
            parent.clone_from(code);
        }
        if n == 0 {
            for a in &h.affected {
                put(&a.ci, a.hops, "");
            }
        }
    }
    let nodes: Vec<u32> = depths.keys().copied().collect();
    let (edges, truncated) = estate.topology().edges_between(&nodes, &estate.impact_types(), ITEMS * 6);
    let mut nodes: Vec<GraphNode> = depths
        .into_iter()
        .filter_map(|(node, (depth, parent))| {
            let item = estate.item(node)?;
            let (code, name, kind) = (item.code.clone(), item.name.clone(), item.kind.clone());
            Some(GraphNode { code, name, kind, depth, parent, via: String::new(), group: 0 })
        })
        .collect();
    nodes.sort_by(|a, b| a.depth.cmp(&b.depth).then_with(|| a.code.cmp(&b.code)));
    Subgraph {
        total: nodes.iter().filter(|n| n.depth > 0).count() as u64,
        nodes,
        edges: edges
            .into_iter()
            .map(|e| GraphEdge {
                source: estate.code(e.source).to_owned(),
                target: estate.code(e.target).to_owned(),
                r#type: estate.type_name(e.kind).to_owned(),
            })
            .collect(),
        truncated,
        generation: estate.generation(),
    }
}

/// The series of the evidence for the first hypothesis, as many of one unit as a chart can show.
fn decisive(
    estate: &Snapshot,
    gathered: &Gathered,
    h: &Hypothesis,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<SeriesOut> {
    let metrics = &estate.catalogue().metrics;
    let unit = |s: &Series| metrics.get(s.metric).map_or("", |m| m.unit.as_str());
    let find = |ci: &str, peer: &str, metric: &str| {
        let (item, peer) = (estate.node(ci), estate.node(peer));
        gathered.series.iter().find(|s| {
            Some(s.item) == item && s.peer == peer && metrics.get(s.metric).is_some_and(|m| m.key == metric)
        })
    };
    let first = find(&h.ci, &h.peer, &h.metric);
    let others = h.evidence_for.iter().filter_map(|f| find(&f.ci, &f.peer, &f.metric));
    let mut chosen: Vec<&Series> = Vec::new();
    for series in first.into_iter().chain(others) {
        let same = |s: &&Series| s.metric == series.metric && s.item == series.item && s.peer == series.peer;
        let fits = chosen.first().is_none_or(|c| unit(c) == unit(series));
        if fits && !chosen.iter().any(same) && chosen.len() < LINES {
            chosen.push(series);
        }
    }
    let before = (to - from).max(chrono::Duration::minutes(30));
    let window = ((from - before).timestamp_millis(), to.timestamp_millis());
    chosen
        .into_iter()
        .map(|s| {
            let samples = analysis::stats::between(&s.samples, window.0, window.1);
            let ends = match s.peer {
                Some(peer) => format!("{} → {}", estate.code(s.item), estate.code(peer)),
                None => estate.code(s.item).to_owned(),
            };
            let label = metrics.get(s.metric).map_or("", |m| m.key.as_str());
            SeriesOut {
                name: format!("{ends} {label}"),
                points: crate::metrics::outlined(samples, POINTS),
                ..SeriesOut::default()
            }
        })
        .collect()
}
