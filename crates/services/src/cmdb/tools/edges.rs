//! `graph.edges`: the relations themselves, or counted in groups.

use std::collections::HashSet;

use analysis::Edge;
use model::{
    Lang,
    answer::Column,
    tools::{CiSelect, GraphEdges, ToolOutput},
};
use serde_json::Value;

use super::{
    super::{
        filter::{item_cell, item_spec},
        select::select,
        snapshot::Snapshot,
        table::{self, Row, column, cut, limit_or},
    },
    groups::group,
    item_column,
    items::left_out_note,
};
use crate::error::{Error, Result};

/// Lists or counts relations.
pub(in super::super) fn edges(estate: &Snapshot, args: &GraphEdges, lang: Lang) -> Result<ToolOutput> {
    let types = estate.types(&args.types)?;
    let (sources, mut notes) = ends(estate, &args.source, lang)?;
    let (targets, more) = ends(estate, &args.target, lang)?;
    notes.extend(more);
    let inside = |set: &Option<HashSet<u32>>, node: u32| set.as_ref().is_none_or(|set| set.contains(&node));
    let found: Vec<Edge> = estate
        .topology()
        .all_edges()
        .filter(|e| types.has(e.kind) && inside(&sources, e.source) && inside(&targets, e.target))
        .collect();
    let found = if args.mutual { pairs(found) } else { found };
    let limit = limit_or(args.limit, 1_000);
    if args.group_by.is_empty() {
        let columns = ["source", "type", "target"].map(|key| end_column(estate, key, lang)).to_vec();
        let mut rows: Vec<Row> = found
            .iter()
            .map(|edge| {
                ["source", "type", "target"]
                    .into_iter()
                    .map(|key| (key.to_owned(), cell(estate, edge, key)))
                    .collect()
            })
            .collect();
        table::sort(&mut rows, &args.sort, &columns, &|_| Vec::new())?;
        let mut output = cut(rows, columns, &args.sort, limit, false);
        output.notes = notes;
        return Ok(output);
    }
    for (at, field) in args.group_by.iter().enumerate() {
        let known = match field.split_once('.') {
            None => matches!(field.as_str(), "source" | "target" | "type"),
            Some(("source" | "target", of)) => item_spec(estate, of).is_some(),
            Some(_) => false,
        };
        if !known {
            return Err(Error::invalid(
                format!("group_by[{at}]"),
                format!(
                    "'{field}'(으)로 묶을 수 없습니다. source, target, type, source.필드, target.필드를 쓰세요"
                ),
                format!("cannot group by '{field}'; use source, target, type, source.field or target.field"),
            ));
        }
    }
    let places: Vec<u32> = (0_u32..).take(found.len()).collect();
    let edge = |place: u32| found.get(place as usize);
    let (groups, left_out) = group(&places, &args.group_by, |place, key| {
        edge(place).map_or(Value::Null, |e| cell(estate, e, key))
    });
    // The other ends: sources when only targets are grouped by, targets otherwise.
    let by_target = args.group_by.iter().all(|key| key.starts_with("target") || key == "type")
        && args.group_by.iter().any(|key| key.starts_with("target"));
    let mut columns: Vec<Column> = args.group_by.iter().map(|key| end_column(estate, key, lang)).collect();
    let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    columns.push(column("count", pick("관계 수", "relations"), "", true));
    columns.push(column("distinct", pick("상대 항목 수", "other ends"), "", true));
    let mut rows: Vec<Row> = groups
        .into_iter()
        .map(|group| {
            let mut row: Row = args.group_by.iter().cloned().zip(group.key).collect();
            let others: HashSet<u32> = group
                .members
                .iter()
                .filter_map(|&place| edge(place))
                .map(|e| if by_target { e.source } else { e.target })
                .collect();
            row.insert("count".to_owned(), group.members.len().into());
            row.insert("distinct".to_owned(), others.len().into());
            row
        })
        .collect();
    rows.retain(|row| model::tools::holds(row, &args.having));
    table::sort(&mut rows, &args.sort, &columns, &|key| {
        key.split_once('.')
            .and_then(|(_, field)| item_spec(estate, field))
            .map(|spec| spec.words)
            .unwrap_or_default()
    })?;
    let mut output = cut(rows, columns, &args.sort, limit, true);
    output.notes = notes;
    output.notes.extend(left_out_note(left_out, &args.group_by, lang));
    Ok(output)
}

/// Relations of one type in both directions between two items, each pair once.
fn pairs(edges: Vec<Edge>) -> Vec<Edge> {
    let all: HashSet<(u32, u32, u16)> = edges.iter().map(|e| (e.source, e.target, e.kind)).collect();
    edges.into_iter().filter(|e| e.source < e.target && all.contains(&(e.target, e.source, e.kind))).collect()
}

/// The nodes of one end; nothing when every item may stand there.
fn ends(estate: &Snapshot, end: &CiSelect, lang: Lang) -> Result<(Option<HashSet<u32>>, Vec<String>)> {
    if end.codes.is_none() && end.filter.is_empty() && end.text.trim().is_empty() {
        return Ok((None, Vec::new()));
    }
    let selected = select(estate, end, lang)?;
    Ok((Some(selected.nodes.into_iter().collect()), selected.notes))
}

fn cell(estate: &Snapshot, edge: &Edge, key: &str) -> Value {
    match key.split_once('.') {
        Some(("source", field)) => item_cell(estate, edge.source, field).to_value(),
        Some(("target", field)) => item_cell(estate, edge.target, field).to_value(),
        _ => match key {
            "source" => estate.code(edge.source).into(),
            "target" => estate.code(edge.target).into(),
            "type" => estate.type_name(edge.kind).into(),
            _ => Value::Null,
        },
    }
}

fn end_column(estate: &Snapshot, key: &str, lang: Lang) -> Column {
    let pick = |ko: &str, en: &str| if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() };
    let end = |name: &str| match name {
        "source" => pick("출발", "source"),
        "target" => pick("도착", "target"),
        _ => pick("관계", "relation"),
    };
    match key.split_once('.') {
        None => column(key, end(key), "", false),
        Some((side, field)) => {
            let of = item_column(estate, key, field, lang);
            Column { label: format!("{} {}", end(side), of.label), ..of }
        }
    }
}
