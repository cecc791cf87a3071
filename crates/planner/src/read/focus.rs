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
        let next = {
            let turn_read = read(index, &turn.user, &focus, as_of, tz);
            let mut next = focus.clone();
            next.any = true;
            let mut named: Vec<String> = turn_read
                .reader
                .parts
                .iter()
                .flat_map(|p| match p {
                    Part::Items(codes) => codes.clone(),
                    Part::System { item, .. } => item.iter().cloned().collect(),
                    _ => Vec::new(),
                })
                .collect();
            if let Ok(ask) = turn_read.ask {
                note(&ask, &mut next);
                next.window = turn_read.reader.times.windows.first().cloned().or(next.window);
                next.ask = Some(ask);
            } else if !named.is_empty() {
                next.set = Some(ItemSet::codes(named.clone()));
            }
            let answered = items_in(index, &turn.assistant);
            named.extend(answered.iter().filter(|c| !named.contains(c)).cloned().collect::<Vec<_>>());
            named.extend(next.named.iter().filter(|c| !named.contains(c)).cloned().collect::<Vec<_>>());
            named.truncate(40);
            next.named = named;
            next.answered = answered;
            next
        };
        focus = next;
    }
    focus
}

pub(super) fn note(ask: &Ask, focus: &mut Focus) {
    match ask {
        Ask::Items(set, Want::TopRows { n: 1, .. }) => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
            let _ = set;
        }
        Ask::Items(set, _) => {
            focus.set = Some(set.clone());
            focus.records = None;
        }
        Ask::Records(set, want) => {
            focus.records = Some(set.clone());
            match want {
                Want::TopGroups { by, .. } if by.len() == 1 && by[0].starts_with("ci") => {
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
        Ask::Metric(set, crate::logic::MetricWant::Top { n: 1, .. }) => {
            focus.set = Some(ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() });
            let _ = set;
        }
        Ask::Metric(set, _) => focus.set = set.of.clone().or(focus.set.take()),
        Ask::Then(_, second) => note(second, focus),
        Ask::Edges { top: Some((1, _)), .. } => {
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
