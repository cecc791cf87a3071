//! Which metric the words of a question name.

use std::collections::BTreeSet;

use super::{
    Part, Reader,
    domain::{concepts, head},
    sets::Built,
};
use crate::{
    dictionary::{Sense, concept},
    lexicon::W,
    text::words,
};

impl Reader<'_> {
    pub(super) fn concepts_named(&self) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        for (i, p) in self.parts.iter().enumerate() {
            let names = match p {
                Part::Concept(c) => vec![c.clone()],
                // What was said, not all that the metric is called.
                Part::Metric(m) => {
                    let own = self.index.concepts_of(*m);
                    words(self.words(i))
                        .iter()
                        .flat_map(|w| words(&concept(w)).into_iter().chain([concept(w)]).collect::<Vec<_>>())
                        .map(|w| concept(&w))
                        .filter(|c| own.contains(c))
                        .collect()
                }
                _ => Vec::new(),
            };
            for c in names {
                for w in words(&c) {
                    out.insert(concept(&w));
                }
                out.insert(c);
            }
        }
        out
    }

    /// The metric the words name, without regard to items.
    pub fn best_metric(&self) -> Option<usize> {
        self.best_metric_of(&[], &[])
    }

    pub(super) fn best_metric_for(&self, built: &Built) -> Option<usize> {
        // What was reached over relations is measured, not where it started.
        if matches!(built.set.start, crate::logic::Start::Hop(_)) && !built.set.kinds().is_empty() {
            return self.best_metric_of(&[], &built.set.kinds());
        }
        self.best_metric_of(&built.names, &[])
    }

    fn best_metric_of(&self, items: &[String], reached: &[String]) -> Option<usize> {
        let mut found = if self.parts.is_empty() { concepts(&self.mentions) } else { self.concepts_named() };
        let named: Vec<String> = (0..self.mentions.len()).filter_map(|i| self.percentile_at(i)).collect();
        if let Some(p) = self.percentile_apart().filter(|p| named.iter().any(|n| n != p)) {
            found.remove(&p);
        }
        for m in self.mentions.iter().filter(|m| m.is(W::Share)) {
            // `success rate`, `성공률` are words for a share as well.
            for (s, _) in &m.senses {
                if let Sense::Concept(c) = s {
                    found.insert(c.clone());
                    found.extend(words(c).iter().map(|w| concept(w)));
                }
            }
        }
        let whole: Vec<usize> = self
            .mentions
            .iter()
            .flat_map(|m| m.senses.iter())
            .filter_map(|(s, n)| match s {
                Sense::Metric(i) if *n >= 2 => Some(*i),
                _ => None,
            })
            .collect();
        let units = self.units_named();
        let kinds: Vec<String> = if !reached.is_empty() {
            reached.to_vec()
        } else {
            self.parts
                .iter()
                .flat_map(|p| match p {
                    Part::Kinds(k) => k.clone(),
                    Part::Set(set) => self.kinds_of(set),
                    _ => Vec::new(),
                })
                .collect()
        };
        let mut best: Option<(f32, usize)> = None;
        for (i, metric) in self.index.catalogue().metrics.iter().enumerate() {
            let own = self.index.concepts_of(i);
            let hit: Vec<&String> = found.iter().filter(|c| own.contains(*c)).collect();
            let heads = hit.iter().filter(|c| head(c)).count();
            let special = hit.iter().any(|c| {
                matches!(c.as_str(), "success" | "network" | "syscall" | "p50" | "p90" | "p95" | "p99")
            });
            if heads == 0 && !special && !whole.contains(&i) {
                continue;
            }
            let mut score = 0.0;
            for c in &hit {
                score += if head(c) { 3.0 } else { 1.2 };
            }
            for c in found.iter().filter(|c| !own.contains(*c) && c.split(' ').count() == 1) {
                score -= if head(c) && self.is_metric_word(c) {
                    3.0
                } else if matches!(c.as_str(), "usage" | "rate") {
                    0.4
                } else {
                    0.9
                };
            }
            for c in own.iter().filter(|c| !found.contains(*c) && c.split(' ').count() == 1) {
                score -= match c.as_str() {
                    "usage" | "time" | "bytes" | "s" | "m" | "mi" | "ops" => 0.1,
                    "rate" => 0.25,
                    "p95" => 0.5,
                    "p50" | "p90" | "p99" => 0.55,
                    "pod" => 0.3,
                    "client" => 0.7,
                    _ => 0.6,
                };
            }
            if whole.contains(&i) {
                score += 1.5;
            }
            if !metric.unit.is_empty() && units.iter().any(|u| same_unit(u, &metric.unit)) {
                score += 1.0;
            } else if !units.is_empty() && !metric.unit.is_empty() {
                score -= 0.3;
            }
            let measured = self.index.vocabulary().measured.get(&metric.key);
            if let Some(list) = measured
                && !items.is_empty()
            {
                score += if items.iter().all(|c| list.contains(c)) { 2.0 } else { -4.0 };
            }
            if let Some(list) = measured
                && items.is_empty()
                && !kinds.is_empty()
            {
                let on = list
                    .iter()
                    .filter_map(|c| self.index.item_by_code(c))
                    .any(|item| kinds.contains(&item.kind));
                score += if on { 2.5 } else { -2.5 };
            }
            let ranks = self.amount.is_some() || self.has_any(&[W::Top, W::Bottom, W::Most, W::Fewest]);
            if ranks && measured.is_some_and(|l| l.len() == 1) && items.is_empty() {
                score -= 2.0;
            }
            if metric.per_edge != (items.len() >= 2 && self.pair_meant()) {
                score -= 2.0;
            }
            if best.is_none_or(|(b, _)| score > b) {
                best = Some((score, i));
            }
        }
        best.map(|(_, i)| i)
    }

    pub(super) fn is_metric_word(&self, c: &str) -> bool {
        self.index.concepts.iter().any(|own| own.contains(c))
    }

    /// `frontend → checkoutservice`, `from A to B`: a call edge.
    pub(super) fn pair_meant(&self) -> bool {
        let arrow = self.mentions.iter().any(|m| matches!(m.sign, Some('→' | '>')) || m.words == "to");
        let call = self.mentions.iter().any(|m| {
            m.senses.iter().any(|(s, _)| match s {
                Sense::Rel { family, .. } => family == "call",
                Sense::Metric(k) => self.index.catalogue().metrics.get(*k).is_some_and(|m| m.per_edge),
                _ => false,
            }) || m.words.starts_with("호출")
                || matches!(m.words.as_str(), "call" | "calls" | "calling")
        });
        !self.has_any(&[W::Compare, W::Either]) && (arrow || call)
    }

    pub(super) fn units_named(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (i, m) in self.mentions.iter().enumerate() {
            let bracket = i > 0
                && self.mentions[i - 1].sign == Some('(')
                && self.mentions.get(i + 1).is_some_and(|n| n.sign == Some(')'));
            if bracket {
                out.push(if m.sign == Some('%') { "%".to_owned() } else { m.words.clone() });
            }
            if m.is(W::Percent) || m.sign == Some('%') || m.number.as_ref().is_some_and(|(_, u)| u == "%") {
                out.push("%".to_owned());
            }
            if matches!(m.words.as_str(), "mi" | "mib" | "초" | "seconds" | "ms" | "밀리초") {
                out.push(m.words.clone());
            }
        }
        out
    }
}

fn same_unit(a: &str, b: &str) -> bool {
    let norm = |u: &str| match u.to_lowercase().as_str() {
        "mi" | "mib" | "mebibytes" => "mib".to_owned(),
        "s" | "초" | "sec" | "seconds" => "s".to_owned(),
        "ms" | "밀리초" => "s".to_owned(),
        "%" | "percent" => "%".to_owned(),
        other => other.to_owned(),
    };
    norm(a) == norm(b)
}
