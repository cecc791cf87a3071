//! Kinds that are denied: items nothing of some kinds belongs to, and kinds left out of what is asked for.

use model::{Condition, Op, graph::Direction};
use serde_json::json;

use super::{
    Part, Reader,
    relations::reached_by,
    sets::{Built, kind_set},
};
use crate::{lexicon::W, logic::ItemSet};

impl Reader<'_> {
    /// `DB도 웹도 올라가 있지 않은 서버`, `servers with neither a database nor a WAS`: what has to be missing. The words are used
    /// up, so that only the kind that is wanted is left.
    pub(super) fn take_absent(&mut self) -> Vec<ItemSet> {
        let ko = self.lang == model::Lang::Ko;
        let kinds: Vec<usize> = (0..self.parts.len())
            .filter(|&i| matches!(self.parts[i], Part::Kinds(_)) && !self.used[i] && !self.is_each(i))
            .collect();
        if kinds.len() < 2 || self.has_any(&[W::Down, W::Impact, W::Path]) {
            return Vec::new();
        }
        let denies = |i: usize| {
            let m = &self.mentions[i];
            if ko {
                matches!(m.words.as_str(), "안" | "못")
                    || m.is(W::Never) && m.words.ends_with('없')
                    || !m.words.is_ascii()
                        && ["없는", "없고", "없이", "않은", "않는", "않고", "안 ", "안한", "안된", "지 않"]
                            .iter()
                            .any(|w| m.words.starts_with(w) || m.words.ends_with("지 않은"))
            } else {
                const WORDS: [&str; 10] = [
                    "neither",
                    "without",
                    "without any",
                    "without a",
                    "lacking",
                    "nor",
                    "no",
                    "not",
                    "have no",
                    "has no",
                ];
                WORDS.contains(&m.words.as_str()) || m.any(&[W::Never]) && m.words.is_ascii()
            }
        };
        let (head, others, from, to) = if ko {
            // The denial stands behind the kinds it is about and before the kind that is wanted.
            let Some(deny) = (0..self.parts.len()).rev().find(|&i| denies(i)) else { return Vec::new() };
            let Some(&head) = kinds.iter().find(|&&k| k > deny) else { return Vec::new() };
            // `서버 중 WAS 없는 서버`: the kind that is wanted may be said before as well.
            let wanted = match &self.parts[head] {
                Part::Kinds(k) => k.clone(),
                _ => return Vec::new(),
            };
            let other = |k: &usize| matches!(&self.parts[*k], Part::Kinds(o) if o.iter().all(|o| !wanted.contains(o)));
            let before: Vec<usize> = kinds.iter().copied().filter(|&k| k < deny).filter(other).collect();
            let Some(&first) = before.first() else { return Vec::new() };
            let joint = before.len() > 1 && before.iter().all(|&k| self.listed(k, deny));
            let bare = before.len() == 1 && self.no_relation(first, deny) && deny - first <= 2;
            if !(joint || bare) || head - deny > 4 {
                return Vec::new();
            }
            // `안 올라간`: the verb behind it belongs to it.
            let verb = matches!(self.parts.get(deny + 1), Some(Part::Rel { .. })) && deny + 1 < head;
            (head, before, first, deny + usize::from(verb))
        } else {
            let Some(deny) = (0..self.parts.len()).find(|&i| denies(i)) else { return Vec::new() };
            let head = kinds[0];
            let behind: Vec<usize> = kinds.iter().copied().filter(|&k| k > deny).collect();
            let Some(&last) = behind.last() else { return Vec::new() };
            let strong = (deny..last).any(|i| {
                let w = self.words(i);
                matches!(w, "neither" | "nor" | "lacking" | "have no" | "has no") || w.starts_with("without")
            });
            // `host neither`: a verb that may also name a kind.
            let listed = behind.windows(2).all(|w| w[1] - w[0] <= 4);
            if head > deny || !strong || !listed {
                return Vec::new();
            }
            (head, behind, deny, last)
        };
        let (Part::Kinds(wanted), rels) = (self.parts[head].clone(), self.types_between(from, to, ko)) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for &k in &others {
            let Part::Kinds(other) = self.parts[k].clone() else { continue };
            if other.iter().any(|o| wanted.contains(o)) {
                return Vec::new();
            }
            let mut found = false;
            for direction in [Direction::Out, Direction::In] {
                let types = self.joining(&rels, direction, &other, &wanted);
                let types =
                    if types.is_empty() { self.joining(&[], direction, &other, &wanted) } else { types };
                if !types.is_empty() {
                    found = true;
                    out.extend(reached_by(&kind_set(&other, Vec::new()).hop(types, direction, Vec::new())));
                }
            }
            if !found {
                return Vec::new();
            }
        }
        for i in from..=to {
            if i == head
                || matches!(
                    self.parts[i],
                    Part::System { .. } | Part::Value(..) | Part::Time | Part::Items(_)
                )
            {
                continue;
            }
            self.used[i] = true;
            self.parts[i] = Part::Word;
        }
        // The verb of it (`host neither …`).
        let verb = |i: usize| {
            matches!(self.parts[i], Part::Rel { .. })
                || i > head
                    && self.mentions[i]
                        .senses
                        .iter()
                        .any(|(s, _)| matches!(s, crate::dictionary::Sense::Rel { .. }))
        };
        if !ko && from > 0 && verb(from - 1) {
            self.used[from - 1] = true;
            self.parts[from - 1] = Part::Word;
        }
        self.because("", "relation", "none of these");
        out
    }

    /// One of several in a list: `A도 B도`, `A나 B가`, `A와 B`.
    fn listed(&self, k: usize, deny: usize) -> bool {
        use crate::text::hangul::Josa;
        let josa = &self.mentions[k].josa;
        let particle = josa.iter().any(|j| matches!(j, Josa::With | Josa::Plain | Josa::Subject | Josa::At));
        let joint = self
            .mentions
            .get(k + 1)
            .is_some_and(|m| m.any(&[W::And, W::Or]) || matches!(m.sign, Some(',' | '/')) || m.words == "도");
        k < deny && (particle || joint)
    }

    fn no_relation(&self, from: usize, to: usize) -> bool {
        !self.parts[from..to].iter().any(|p| matches!(p, Part::Rel { .. } | Part::Rec))
    }

    /// Types of the relations said with it.
    fn types_between(&self, from: usize, to: usize, ko: bool) -> Vec<String> {
        let low = if ko { from } else { from.saturating_sub(1) };
        self.parts[low..=to]
            .iter()
            .find_map(|p| match p {
                Part::Rel { types, .. } => Some(types.clone()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// `apart from its servers`, `서버 말고 어떤 …`: kinds left out of what is asked for.
    pub(super) fn leave_out_kinds(&mut self, built: &mut Built) {
        let itself = self
            .mentions
            .iter()
            .any(|m| matches!(m.words.as_str(), "자신" | "자기" | "자체" | "itself" | "themselves" | "본인"));
        // Of a kind that is named already nothing is left out this way; then the words stay open.
        if itself || !built.set.kinds().is_empty() {
            return;
        }
        let mut out: Vec<String> = Vec::new();
        for i in 0..self.parts.len() {
            if let Part::Kinds(kinds) = &self.parts[i]
                && !self.used[i]
                && self.left_out(i)
                && kinds.len() <= 4
            {
                out.extend(kinds.iter().filter(|k| !out.contains(k)).cloned().collect::<Vec<_>>());
                self.used[i] = true;
            }
        }
        if !out.is_empty() {
            let condition = match out.as_slice() {
                [one] => Condition::new("kind", Op::Ne, one.clone()),
                many => Condition::new("kind", Op::NotIn, json!(many)),
            };
            // `mes 시스템에 서버 말고 뭐 있어`: what belongs to the system, not the system itself.
            if let (Some(field), Some(codes)) = (built.system_alone.clone(), built.set.named()) {
                let values: Vec<String> = codes
                    .iter()
                    .filter_map(|c| self.index.item_by_code(c))
                    .filter_map(|x| x.fields.get(&field).and_then(|v| v.as_str()).map(str::to_owned))
                    .collect();
                built.set = ItemSet::fitting(vec![super::sets::one_of(&field, &values)]);
            }
            built.set.filter.push(condition);
        }
    }
}
