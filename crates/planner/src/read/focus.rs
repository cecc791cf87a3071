//! What a turn leaves for the next: what was asked, of which items, and what was named.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Focus, Part, turn::read};
use crate::{
    dictionary::Sense,
    logic::{Ask, ItemSet, Start, Want},
    scan::scan,
    text::atoms::atoms,
    vocabulary::Index,
};

/// Rebuilds what earlier turns were about.
pub fn focus(index: &Index, context: &[model::answer::ContextTurn], as_of: DateTime<Utc>, tz: Tz) -> Focus {
    let mut focus = Focus::default();
    let recent = context.len().saturating_sub(6);
    for turn in &context[recent..] {
        let (named, windows, asks) = {
            let (turn, asks, _) = super::clauses::read_all(index, &turn.user, &focus, as_of, tz);
            (named_in(&turn.reader), turn.reader.times.windows.clone(), asks)
        };
        let answered = items_in(index, &turn.assistant);
        step(&mut focus, named, windows.into_iter().next(), &asks);
        focus
            .named
            .splice(0..0, answered.iter().filter(|c| !focus.named.contains(c)).cloned().collect::<Vec<_>>());
        focus.named.truncate(40);
        focus.answered = answered;
        focus.values = values_in(index, &turn.assistant);
    }
    focus
}

/// What a part of a question leaves for the next part.
pub(super) fn advance(
    index: &Index,
    text: &str,
    ask: &Ask,
    focus: &mut Focus,
    (as_of, tz): (DateTime<Utc>, Tz),
) {
    let (named, window) = {
        let turn = read(index, text, focus, as_of, tz);
        (named_in(&turn.reader), turn.reader.times.windows.first().cloned())
    };
    step(focus, named, window, std::slice::from_ref(ask));
    focus.within = true;
    focus.answered.clear();
}

fn named_in(reader: &super::Reader<'_>) -> Vec<String> {
    reader
        .parts
        .iter()
        .flat_map(|p| match p {
            Part::Items(codes) => codes.clone(),
            Part::System { item, .. } => item.iter().cloned().collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn step(focus: &mut Focus, mut named: Vec<String>, window: Option<crate::time::Window>, asks: &[Ask]) {
    focus.any = true;
    for ask in asks {
        note(ask, focus);
        focus.ask = Some(ask.clone());
    }
    if asks.is_empty() && !named.is_empty() {
        focus.set = Some(ItemSet::codes(named.clone()));
    }
    if !asks.is_empty() {
        focus.window = window.or(focus.window.take());
    }
    named.extend(focus.named.iter().filter(|c| !named.contains(c)).cloned().collect::<Vec<_>>());
    named.truncate(40);
    focus.named = named;
}

pub(super) fn note(ask: &Ask, focus: &mut Focus) {
    match ask {
        Ask::Items(_, Want::TopRows { .. } | Want::TopGroups { .. } | Want::GroupsThat { .. }) => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
            focus.records = None;
        }
        Ask::Items(set, _) => {
            focus.set = Some(set.clone());
            focus.records = None;
        }
        Ask::Records(set, want) => {
            focus.records = Some(set.clone());
            match want {
                Want::TopGroups { by, .. } | Want::GroupsThat { by, .. }
                    if by.len() == 1 && by[0].starts_with("ci") =>
                {
                    focus.set =
                        Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
                }
                _ => focus.set = set.of.clone().or(focus.set.take()),
            }
        }
        Ask::Newest { set, .. } => {
            focus.records = Some(set.clone());
            focus.set = set.of.clone().or(focus.set.take());
        }
        Ask::Metric(_, crate::logic::MetricWant::Top { .. } | crate::logic::MetricWant::Over { .. }) => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
        }
        Ask::Metric(set, _) => focus.set = set.of.clone().or(focus.set.take()),
        Ask::Anomalies { of, .. } | Ask::Changes { of, .. } => focus.set = of.clone().or(focus.set.take()),
        Ask::Forecast { set, .. } => focus.set = set.of.clone().or(focus.set.take()),
        Ask::Then(_, second) => note(second, focus),
        Ask::Edges { by: Some(by), top, having, .. }
            if by != "type" && (top.is_some() || having.is_some()) =>
        {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
        }
        Ask::Path { from, to, .. } => focus.set = Some(ItemSet::codes(vec![from.clone(), to.clone()])),
        Ask::Both(list) => {
            if let Some((_, ask)) = list.last() {
                note(ask, focus);
            }
        }
        _ => {}
    }
}

/// Values of fields of records in a text.
fn values_in(index: &Index, text: &str) -> Vec<(usize, String, String)> {
    let atoms = atoms(text);
    let mut out: Vec<(usize, String, String)> = Vec::new();
    for m in scan(index, &atoms, &[]).iter().filter(|m| !m.fuzzy) {
        for (s, n) in &m.senses {
            if let Sense::RecValue(k, f, v) = s
                && *n >= 3
                && !out.iter().any(|(a, b, c)| a == k && b == f && c == v)
            {
                out.push((*k, f.clone(), v.clone()));
            }
        }
    }
    out
}

/// Codes of items in a text.
fn items_in(index: &Index, text: &str) -> Vec<String> {
    let atoms = atoms(text);
    let mut out: Vec<String> = Vec::new();
    for m in scan(index, &atoms, &[]) {
        for (s, n) in &m.senses {
            if let Sense::Item(i) = s
                && *n >= 3
                && let Some(item) = index.item(*i)
                && !out.contains(&item.code)
                && !m.fuzzy
            {
                out.push(item.code.clone());
            }
        }
    }
    out
}
