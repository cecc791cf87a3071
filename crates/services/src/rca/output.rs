//! What came of it as the output of a tool: rows, hypotheses, the picture of the chain, the series that decide it.

use std::collections::BTreeMap;

use analysis::rca::{Report, Series};
use chrono::{DateTime, Utc};
use model::{
    Lang, SeriesId,
    answer::Column,
    graph::{GraphEdge, GraphNode, Subgraph},
    rca::{Check, Hypothesis, Symptom},
    tools::{SeriesOut, ToolOutput},
};

use super::{gather::Gathered, pick, templates::Chosen};
use crate::{
    cmdb::{
        Snapshot,
        table::{Row, column, num},
    },
    db::TenantTx,
    error::Result,
    metrics::{bands, store::Window},
};

/// Items of the picture, series of the chart, points of each.
const ITEMS: usize = 40;
const LINES: usize = 4;
const POINTS: usize = 400;

/// Puts it together; with the series that are drawn, in their order.
pub(super) fn output(
    estate: &Snapshot,
    gathered: &Gathered,
    mut report: Report,
    chosen: &Chosen,
    window: (DateTime<Utc>, DateTime<Utc>),
    lang: Lang,
) -> (ToolOutput, Vec<SeriesId>) {
    let used = chosen.used.clone();
    let mut hypotheses = std::mem::take(&mut report.hypotheses);
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
            format!("분석 템플릿 '{name}'의 {version}번 버전을 썼습니다"),
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
    let counts = chosen.template.bounds(Check::Shift).0;
    let of = |h: &Hypothesis| decisive(estate, gathered, h, (&report.symptoms, counts), window);
    let (drawn, series) = hypotheses.first().map(of).unwrap_or_default().into_iter().unzip();
    let output = ToolOutput {
        columns: columns(lang),
        total: hypotheses.len() as u64,
        rows: hypotheses.iter().map(|h| row(h, lang)).collect(),
        graph: hypotheses.first().map(|_| picture(estate, &hypotheses)),
        series,
        hypotheses,
        assets: vec![used],
        notes,
        ..ToolOutput::default()
    };
    (output, drawn)
}

/// Draws where values were expected as the search for anomalies has learned it; where it has not, what the analysis itself
/// compared with stays.
pub(super) async fn bands(tx: &mut TenantTx<'_>, series: &mut [SeriesOut], drawn: &[SeriesId]) -> Result<()> {
    let moment = |p: Option<&(f64, f64)>| DateTime::from_timestamp_millis(p?.0 as i64);
    let span = |s: &SeriesOut| moment(s.points.first()).zip(moment(s.points.last()));
    let asked: Vec<_> = drawn.iter().copied().zip(series.iter().map(span)).collect();
    let spans = || asked.iter().filter_map(|a| a.1);
    let (from, to) = (spans().map(|s| s.0).min(), spans().map(|s| s.1).max());
    let window = Window::new(from, to.map(|to| to + chrono::Duration::milliseconds(1)));
    let mut usual = bands::usual(tx, &asked, window, POINTS).await?;
    for (one, id) in series.iter_mut().zip(drawn) {
        let Some(known) = usual.remove(id).filter(|known| !known.band.is_empty()) else { continue };
        one.band = known.band.iter().map(|p| (p.0 as f64, p.1, p.3)).collect();
    }
    Ok(())
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
    (symptoms, counts): (&[Symptom], f64),
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<(SeriesId, SeriesOut)> {
    let metrics = &estate.catalogue().metrics;
    let unit = |s: &Series| metrics.get(s.metric).map_or("", |m| m.unit.as_str());
    let find = |ci: &str, peer: &str, metric: &str| {
        let (item, peer) = (estate.node(ci), estate.node(peer));
        let fits = |s: &Series| metrics.get(s.metric).is_some_and(|m| m.key == metric);
        let all = gathered.ids.iter().zip(&gathered.series);
        all.into_iter().find(|(_, s)| Some(s.item) == item && s.peer == peer && fits(s))
    };
    let first = find(&h.ci, &h.peer, &h.metric);
    let others = h.evidence_for.iter().filter_map(|f| find(&f.ci, &f.peer, &f.metric));
    let mut chosen: Vec<(&SeriesId, &Series)> = Vec::new();
    for (id, series) in first.into_iter().chain(others) {
        let fits = chosen.first().is_none_or(|c| unit(c.1) == unit(series));
        if fits && !chosen.iter().any(|c| c.0 == id) && chosen.len() < LINES {
            chosen.push((id, series));
        }
    }
    let before = (to - from).max(chrono::Duration::minutes(30));
    let window = ((from - before).timestamp_millis(), to.timestamp_millis());
    chosen
        .into_iter()
        .map(|(id, s)| {
            let samples = analysis::stats::between(&s.samples, window.0, window.1);
            let (ci, peer) = (estate.code(s.item), s.peer.map(|peer| estate.code(peer)));
            let key = metrics.get(s.metric).map_or("", |m| m.key.as_str());
            let seen = symptoms
                .iter()
                .find(|one| one.ci == ci && one.metric == key && one.peer == peer.unwrap_or_default());
            let ends = peer.map_or_else(|| ci.to_owned(), |peer| format!("{ci} → {peer}"));
            let out = SeriesOut {
                name: format!("{ends} {key}"),
                points: crate::metrics::outlined(samples, POINTS),
                band: seen.map(|seen| compared(seen, counts, samples)).unwrap_or_default(),
            };
            (*id, out)
        })
        .collect()
}

/// What a series was compared with: its usual value, and how far from it nothing counts.
fn compared(seen: &Symptom, counts: f64, samples: &[(i64, f64)]) -> Vec<(f64, f64, f64)> {
    let half = counts * (seen.after - seen.before).abs() / seen.sigma;
    if !half.is_finite() {
        return Vec::new();
    }
    let never_below = samples.iter().all(|s| s.1 >= 0.0);
    let low = if never_below { (seen.before - half).max(0.0) } else { seen.before - half };
    let ends = samples.first().into_iter().chain(samples.last());
    ends.map(|end| (end.0 as f64, low, seen.before + half)).collect()
}
