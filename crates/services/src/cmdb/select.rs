//! Choosing items: by code, by conditions, by text.

use model::{Condition, Lang, tools::CiSelect};
use serde_json::Value;

use super::{filter::Filter, snapshot::Snapshot, text::folded};
use crate::error::Result;

/// Items chosen, and what a person should know about the choice.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    /// Nodes in order, each once.
    pub nodes: Vec<u32>,
    /// Codes that are not in the estate.
    pub notes: Vec<String>,
}

/// The codes of an argument that may be one code or a list; what is no text or number is left out.
pub(crate) fn codes_of(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(code) if !code.trim().is_empty() => Some(code.trim().to_owned()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    };
    match value {
        Value::Array(list) => list.iter().filter_map(one).collect(),
        single => one(single).into_iter().collect(),
    }
}

/// The items of an argument of codes.
pub(crate) fn named(estate: &Snapshot, value: &Value, lang: Lang) -> Selected {
    let mut selected = Selected::default();
    let mut unknown: Vec<String> = Vec::new();
    for code in codes_of(value) {
        match estate.node(&code) {
            Some(node) => selected.nodes.push(node),
            None if !unknown.contains(&code) => unknown.push(code),
            None => {}
        }
    }
    selected.nodes.sort_unstable();
    selected.nodes.dedup();
    if !unknown.is_empty() {
        let shown = unknown.iter().take(10).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = unknown.len().saturating_sub(10);
        selected.notes.push(match (lang, more) {
            (Lang::Ko, 0) => format!("등록되지 않은 항목입니다: {shown}"),
            (Lang::Ko, more) => format!("등록되지 않은 항목입니다: {shown} 외 {more}개"),
            (Lang::En, 0) => format!("not in the estate: {shown}"),
            (Lang::En, more) => format!("not in the estate: {shown} and {more} more"),
        });
    }
    selected
}

/// The items of a selection.
pub(crate) fn select(estate: &Snapshot, select: &CiSelect, lang: Lang) -> Result<Selected> {
    let mut selected = match &select.codes {
        None => Selected { nodes: estate.nodes().collect(), notes: Vec::new() },
        Some(codes) => named(estate, codes, lang),
    };
    retain(estate, &mut selected.nodes, &select.text, &select.filter)?;
    Ok(selected)
}

/// Keeps the nodes that fit text and conditions.
pub(crate) fn retain(
    estate: &Snapshot,
    nodes: &mut Vec<u32>,
    text: &str,
    filter: &[Condition],
) -> Result<()> {
    let filter = Filter::of_items(filter, estate)?;
    let tokens = tokens(text);
    if !filter.is_empty() || !tokens.is_empty() {
        nodes.retain(|&node| matches(estate, node, &tokens) && filter.accepts_item(estate, node));
    }
    Ok(())
}

/// The words of a search text, folded.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    text.split_whitespace().map(folded).collect()
}

/// Whether every word occurs somewhere in an item.
pub(crate) fn matches(estate: &Snapshot, node: u32, tokens: &[String]) -> bool {
    let text = estate.search_text(node);
    tokens.iter().all(|token| text.contains(token.as_str()))
}
