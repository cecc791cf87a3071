//! The list of items and what its filters offer.

use std::collections::HashMap;

use model::cmdb::{CiListQuery, CiPage, CiSummary, Facet};
use serde_json::Value;

use super::{
    filter::{item_cell, item_spec, unknown_field},
    select::{retain, tokens},
    snapshot::Snapshot,
    table::compare,
    text::shown,
};
use crate::error::{Error, Result};

/// Rows of a page when none were asked for, and the most there are.
const PAGE: (u32, u32) = (100, 500);

/// Values a facet lists.
const FACET_VALUES: usize = 50;

/// A page of the list.
pub(super) fn page(estate: &Snapshot, query: &CiListQuery) -> Result<CiPage> {
    let mut nodes: Vec<u32> = estate.nodes().collect();
    check_text(&query.text)?;
    retain(estate, &mut nodes, &query.text, &query.filter)?;
    sort(estate, &mut nodes, &query.sort)?;
    let limit = if query.limit == 0 { PAGE.0 } else { query.limit.min(PAGE.1) };
    let items = nodes
        .iter()
        .skip(query.offset as usize)
        .take(limit as usize)
        .filter_map(|&node| summary(estate, node))
        .collect();
    Ok(CiPage { items, total: nodes.len() as u64, all: estate.items().len() as u64 })
}

/// The values of fields among the items that fit everything but the conditions on the field itself: those are the values
/// a person may choose instead.
pub(super) fn facets(estate: &Snapshot, query: &CiListQuery, fields: &[String]) -> Result<Vec<Facet>> {
    check_text(&query.text)?;
    let mut facets = Vec::with_capacity(fields.len());
    for (at, field) in fields.iter().enumerate() {
        if item_spec(estate, field).is_none() {
            return Err(unknown_field(&format!("fields[{at}]"), field));
        }
        let others: Vec<_> =
            query.filter.iter().filter(|condition| condition.field != *field).cloned().collect();
        let mut nodes: Vec<u32> = estate.nodes().collect();
        retain(estate, &mut nodes, &query.text, &others)?;
        let mut counts: HashMap<String, u64> = HashMap::new();
        for node in nodes {
            match item_cell(estate, node, field).to_value() {
                Value::Array(list) => list.iter().filter_map(shown).for_each(|value| {
                    *counts.entry(value.into_owned()).or_default() += 1;
                }),
                value => {
                    if let Some(value) = shown(&value) {
                        *counts.entry(value.into_owned()).or_default() += 1;
                    }
                }
            }
        }
        let mut values: Vec<(String, u64)> = counts.into_iter().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        values.truncate(FACET_VALUES);
        facets.push(Facet { field: field.clone(), values });
    }
    Ok(facets)
}

/// An item as lists show it.
pub(super) fn summary(estate: &Snapshot, node: u32) -> Option<CiSummary> {
    let (item, meta) = (estate.item(node)?, estate.meta(node)?);
    Some(CiSummary {
        id: meta.id,
        code: item.code.clone(),
        name: item.name.clone(),
        kind: item.kind.clone(),
        fields: item.fields.clone(),
        relations: u32::try_from(estate.topology().degree(node)).unwrap_or(u32::MAX),
        recent_events: meta.recent_events,
        updated_at: meta.updated_at,
    })
}

fn check_text(text: &str) -> Result<()> {
    if text.len() > 1_000 || tokens(text).len() > 20 {
        return Err(Error::invalid(
            "text",
            "검색어가 너무 깁니다. 20단어, 1000바이트 이내로 줄여 주세요",
            "the search text is too long; use at most 20 words and 1000 bytes",
        ));
    }
    Ok(())
}

fn sort(estate: &Snapshot, nodes: &mut Vec<u32>, by: &str) -> Result<()> {
    let (field, desc) = by.strip_prefix('-').map_or((by, false), |field| (field, true));
    // Nodes are in the order of their codes already.
    if field.is_empty() || field == "code" {
        if desc {
            nodes.reverse();
        }
        return Ok(());
    }
    let value = |node: u32| -> Value {
        match field {
            "relations" => estate.topology().degree(node).into(),
            "recent_events" => estate.meta(node).map(|m| m.recent_events).into(),
            "updated_at" => estate.meta(node).map(|m| m.updated_at.to_rfc3339()).into(),
            other => item_cell(estate, node, other).to_value(),
        }
    };
    let words = match field {
        "relations" | "recent_events" | "updated_at" => Vec::new(),
        other => item_spec(estate, other).ok_or_else(|| unknown_field("sort", other))?.words,
    };
    let mut keyed: Vec<(Value, u32)> = nodes.iter().map(|&node| (value(node), node)).collect();
    keyed.sort_by(|a, b| compare(&a.0, &b.0, &words, desc).then_with(|| a.1.cmp(&b.1)));
    nodes.clear();
    nodes.extend(keyed.into_iter().map(|(_, node)| node));
    Ok(())
}
