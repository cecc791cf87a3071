//! `graph.neighbours`, `graph.traverse`, `graph.impact`, `graph.path`, `graph.components`, `graph.cycles`.

use model::{
    Lang,
    answer::Column,
    graph::{Direction, EdgeFilter, GraphNode, GraphQuery, Subgraph},
    tools::{GraphArgs, ToolOutput},
};
use serde_json::Value;

use super::{
    super::{
        filter::Filter,
        graph::GraphStore,
        select::named,
        snapshot::Snapshot,
        table::{Row, column, limit_or},
    },
    item_column,
    items::{add_fields, fields},
};
use crate::error::{Error, Result};

/// Pairs of ends a path is looked for between.
const PAIRS: usize = 400;

/// Items a picture shows; the rows hold all of them.
const PICTURE: usize = 300;

/// Answers a topology tool.
pub(in super::super) async fn graph(
    store: &dyn GraphStore,
    estate: &Snapshot,
    name: &str,
    args: &GraphArgs,
    lang: Lang,
) -> Result<ToolOutput> {
    let keep = Filter::of_items(&args.filter, estate)?;
    let fields = fields(estate, &args.fields)?;
    let filter = EdgeFilter { types: args.types.clone(), kinds: Vec::new() };
    let depth = |otherwise: u32| if args.max_depth == 0 { otherwise } else { args.max_depth };
    let mut starts = named(estate, &args.ci, lang);
    let roots: Vec<String> = starts.nodes.iter().map(|&node| estate.code(node).to_owned()).collect();
    let limit = u32::try_from(limit_or(args.limit, 1_000)).unwrap_or(u32::MAX);
    let shape = match name {
        "graph.neighbours" | "graph.traverse" => GraphQuery::Traverse {
            roots,
            direction: args.direction,
            min_depth: args.min_depth.max(1),
            max_depth: depth(if name == "graph.neighbours" { 1 } else { 10 }),
            filter,
            limit,
        },
        "graph.impact" => {
            GraphQuery::Impact { roots, max_depth: depth(10), filter, redundancy: args.redundancy, limit }
        }
        "graph.components" => GraphQuery::Components { filter },
        "graph.cycles" => GraphQuery::Cycles { filter },
        "graph.path" => {
            let ends = named(estate, &args.to, lang);
            starts.notes.extend(ends.notes);
            return path(
                store,
                estate,
                args,
                (&starts.nodes, &ends.nodes),
                depth(10),
                &fields,
                starts.notes,
                lang,
            )
            .await;
        }
        other => {
            return Err(Error::invalid(
                "tool",
                format!("{other} 도구는 없습니다"),
                format!("there is no tool {other}"),
            ));
        }
    };
    let grouped = matches!(shape, GraphQuery::Components { .. } | GraphQuery::Cycles { .. });
    let mut found = store.query(&shape, &keep).await?;
    if name == "graph.impact"
        && args.types.is_empty()
        && !estate.catalogue().relations.iter().any(|r| r.impact || r.forward)
    {
        starts.notes.push(match lang {
            Lang::Ko => {
                "장애가 퍼지는 것으로 정한 관계 종류가 없습니다. ‘관계 종류’(/relations)에서 정하세요".to_owned()
            }
            Lang::En => {
                "no relation type is said to carry failures; say which ones do under Relation types (/relations)"
                    .to_owned()
            }
        });
    }
    let extra: &[&str] = if grouped { &["group"] } else { &["depth", "parent", "via"] };
    let rows: Vec<Row> = found
        .nodes
        .iter()
        .filter(|node| grouped || node.depth > 0)
        .take(limit as usize)
        .map(|node| row(estate, node, extra, &fields))
        .collect();
    let truncated = found.truncated || (rows.len() as u64) < found.total;
    let total = found.total;
    thin(&mut found);
    Ok(ToolOutput {
        columns: columns(estate, extra, &fields, lang),
        rows,
        total,
        truncated,
        graph: Some(found),
        notes: starts.notes,
        ..ToolOutput::default()
    })
}

#[expect(clippy::too_many_arguments, reason = "what a path needs; the caller has it all at hand")]
async fn path(
    store: &dyn GraphStore,
    estate: &Snapshot,
    args: &GraphArgs,
    (from, to): (&[u32], &[u32]),
    max_depth: u32,
    fields: &[String],
    mut notes: Vec<String>,
    lang: Lang,
) -> Result<ToolOutput> {
    let pairs: Vec<(u32, u32)> =
        from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b))).take(PAIRS).collect();
    let mut best: Option<Subgraph> = None;
    for (a, b) in pairs {
        // Only a shorter one than the best so far is of interest.
        let most = best
            .as_ref()
            .map_or(max_depth, |b| u32::try_from(b.nodes.len().saturating_sub(2)).unwrap_or(max_depth));
        let query = GraphQuery::Path {
            from: estate.code(a).to_owned(),
            to: estate.code(b).to_owned(),
            direction: args.direction,
            filter: EdgeFilter { types: args.types.clone(), kinds: Vec::new() },
            max_depth: most,
        };
        let found = store.query(&query, &Filter::default()).await?;
        if !found.nodes.is_empty() && best.as_ref().is_none_or(|b| found.nodes.len() < b.nodes.len()) {
            best = Some(found);
        }
    }
    if best.is_none() && !from.is_empty() && !to.is_empty() {
        notes.push(match (lang, args.direction) {
            (Lang::Ko, Direction::Both) => format!("{max_depth}단계 안에서 이어지는 경로가 없습니다"),
            (Lang::Ko, _) => format!("이 방향으로 {max_depth}단계 안에서 이어지는 경로가 없습니다"),
            (Lang::En, Direction::Both) => format!("there is no path of at most {max_depth} hops"),
            (Lang::En, _) => format!("there is no path of at most {max_depth} hops in this direction"),
        });
    }
    let found = best.unwrap_or_default();
    let length = found.nodes.len().saturating_sub(1);
    let extra = ["hop", "via", "length"];
    let rows: Vec<Row> = found
        .nodes
        .iter()
        .map(|node| {
            let mut row = row(estate, node, &extra, fields);
            row.insert("length".to_owned(), length.into());
            row
        })
        .collect();
    Ok(ToolOutput {
        columns: columns(estate, &extra, fields, lang),
        total: rows.len() as u64,
        rows,
        truncated: false,
        graph: Some(found),
        notes,
        ..ToolOutput::default()
    })
}

fn row(estate: &Snapshot, node: &GraphNode, extra: &[&str], fields: &[String]) -> Row {
    let mut row = Row::new();
    row.insert("code".to_owned(), node.code.clone().into());
    row.insert("name".to_owned(), node.name.clone().into());
    row.insert("kind".to_owned(), node.kind.clone().into());
    for key in extra {
        let value: Value = match *key {
            "depth" | "hop" => node.depth.into(),
            "parent" => node.parent.clone().into(),
            "via" => node.via.clone().into(),
            "group" => node.group.into(),
            _ => Value::Null,
        };
        row.insert((*key).to_owned(), value);
    }
    if let Some(at) = estate.node(&node.code) {
        add_fields(estate, at, fields, &mut row);
    }
    row
}

fn columns(estate: &Snapshot, extra: &[&str], fields: &[String], lang: Lang) -> Vec<Column> {
    let mut columns: Vec<Column> =
        ["code", "name", "kind"].into_iter().map(|field| item_column(estate, field, field, lang)).collect();
    for key in extra {
        let (ko, en) = match *key {
            "depth" => ("단계", "depth"),
            "parent" => ("상위 항목", "reached from"),
            "via" => ("관계", "relation"),
            "hop" => ("순서", "hop"),
            "length" => ("길이", "length"),
            _ => ("묶음", "group"),
        };
        let label = if lang == Lang::Ko { ko } else { en };
        columns.push(column(*key, label, "", !matches!(*key, "parent" | "via")));
    }
    columns.extend(fields.iter().map(|field| item_column(estate, field.clone(), field, lang)));
    columns
}

/// Keeps the nearest items of a large picture: nobody reads more, and it travels with every answer.
fn thin(found: &mut Subgraph) {
    if found.nodes.len() <= PICTURE {
        return;
    }
    found.nodes.truncate(PICTURE);
    let shown: std::collections::HashSet<&str> = found.nodes.iter().map(|node| node.code.as_str()).collect();
    found.edges.retain(|edge| shown.contains(edge.source.as_str()) && shown.contains(edge.target.as_str()));
    found.truncated = true;
}
