//! Possession and pronouns: what belongs to something named, and what was named before.

use model::{Condition, graph::Direction};

use super::{
    Domain, Part, Reader,
    sets::{kind_filter, one_of},
};
use crate::{
    lexicon::W,
    logic::{Ask, Hop, ItemSet, MetricWant, Start, Want},
};

impl Reader<'_> {
    /// `X의 서버`, `the OS of X`: items of a kind that belong to X.
    pub(super) fn possessed(&self, set: ItemSet, kinds: Vec<String>, filter: Vec<Condition>) -> ItemSet {
        if kinds.is_empty() && filter.is_empty() {
            return set;
        }
        let own = self.kinds_of(&set);
        let overlap = !kinds.is_empty() && own.iter().any(|k| kinds.contains(k));
        let hopped = !matches!(set.start, Start::Codes(_));
        if kinds.is_empty() || overlap || (hopped && own.is_empty() && self.may_narrow(&set)) {
            let mut set = set;
            if !overlap || hopped {
                set.filter.extend(kind_filter(&kinds, &filter));
            } else {
                set.filter.extend(filter);
            }
            return set;
        }
        let systems = self.are_systems(&own);
        // Of a system that a ranking names: what belongs to it has its value.
        if let Start::Best(ask) = &set.start
            && crate::generate::grouped_by_field(ask).is_some()
            && set.is_simple()
        {
            return ItemSet {
                start: Start::Members(ask.clone()),
                filter: kind_filter(&kinds, &filter),
                ..ItemSet::default()
            };
        }
        if systems
            && let Some(field) = self.index.role(model::schema::FieldRole::System)
            && let Some(codes) = set.named()
        {
            let values: Vec<String> = codes
                .iter()
                .filter_map(|c| self.index.item_by_code(c))
                .filter_map(|item| item.fields.get(&field.key).and_then(|v| v.as_str()).map(str::to_owned))
                .collect();
            let mut all = kind_filter(&kinds, &filter);
            all.push(one_of(&field.key, &values));
            return ItemSet::fitting(all);
        }
        let all: Vec<String> = self.index.catalogue().relations.iter().map(|r| r.key.clone()).collect();
        let joined = self.joining(&all, Direction::Both, &own, &kinds);
        let (types, depth) = if joined.is_empty() && !self.index.vocabulary().links.is_empty() {
            (Vec::new(), 0)
        } else {
            (joined, 1)
        };
        let direction = if depth == 0 { Direction::Out } else { Direction::Both };
        let hop = Hop { from: set, types, direction, depth, least: 1, impact: None, not_start: true };
        ItemSet {
            start: Start::Hop(Box::new(hop)),
            filter: kind_filter(&kinds, &filter),
            ..ItemSet::default()
        }
    }

    /// `그중 1위`, `2위는`, `the second one`: one row of the last ranking or list.
    fn nth_of_last(&self) -> Option<(usize, ItemSet, usize)> {
        if self.has_any(&[W::Most, W::Fewest, W::Max, W::Min, W::Longest, W::Shortest]) {
            return None;
        }
        let (at, (n, mut len)) = (0..self.mentions.len())
            .filter(|&i| !self.used[i])
            .find_map(|i| self.ordinal_at(i).map(|o| (i, o)))?;
        let ask = self.focus.ask.as_ref()?;
        let mut nth = ask.clone();
        let ranked = match &mut nth {
            Ask::Items(_, Want::TopRows { n: most, place, .. } | Want::TopGroups { n: most, place, .. })
            | Ask::Records(_, Want::TopGroups { n: most, place, .. })
            | Ask::Metric(_, MetricWant::Top { n: most, place, .. }) => {
                (*place, *most) = (true, n);
                true
            }
            _ => false,
        };
        // `그중 1위 서버`, `the first one`
        let mut from = at;
        if at > 0 && self.mentions[at - 1].any(&[W::Those]) {
            from -= 1;
            len += 1;
        }
        while self.mentions.get(from + len).is_some_and(|m| {
            m.any(&[W::Thing]) && m.senses.iter().all(|(s, _)| matches!(s, crate::dictionary::Sense::Word(_)))
        }) || matches!(self.parts.get(from + len), Some(Part::Kinds(_)))
            && !matches!(self.parts.get(from + len - 1), Some(Part::Kinds(_)))
        {
            len += 1;
        }
        if ranked {
            let by_item = match &nth {
                Ask::Records(_, Want::TopGroups { by, .. }) => {
                    by.first().is_some_and(|b| b.starts_with("ci"))
                }
                _ => true,
            };
            return by_item
                .then(|| (from, ItemSet { start: Start::Best(Box::new(nth)), ..ItemSet::default() }, len));
        }
        let code = self.focus.answered.get(usize::try_from(n).ok()?.checked_sub(1)?)?;
        matches!(ask, Ask::Items(..)).then(|| (from, ItemSet::codes(vec![code.clone()]), len))
    }

    pub(super) fn may_narrow(&self, set: &ItemSet) -> bool {
        set.kinds().is_empty()
    }

    /// A pronoun: its place, what it points to, and how many mentions it takes (`그 WAS`).
    pub(super) fn pointing(&self) -> Option<(usize, ItemSet, usize)> {
        if !self.focus.any {
            return None;
        }
        let explicit = self.parts.iter().any(|p| matches!(p, Part::Items(_) | Part::Prefix(_)));
        if !explicit && let Some(found) = self.nth_of_last() {
            return Some(found);
        }
        let at = self.mentions.iter().enumerate().position(|(i, m)| {
            self.parts[i] == Part::Word && m.any(&[W::It, W::Those]) && !self.relative(i)
        })?;
        let kind = self.parts.get(at + 1).and_then(|p| match p {
            Part::Kinds(kinds) => Some(kinds.clone()),
            _ => None,
        });
        let thing = self.mentions.get(at + 1).is_some_and(|m| m.is(W::Thing));
        let those = self.mentions[at].is(W::Those);
        // `its switches`, `그 시스템의 서버`: what belongs to it, not the thing itself.
        let owns = matches!(self.words(at), "its" | "their" | "whose")
            || kind.as_ref().is_some_and(|kinds| {
                self.focus.set.as_ref().is_some_and(|s| {
                    let own = self.kinds_of(s);
                    !own.is_empty()
                        && !own.iter().any(|k| kinds.contains(k))
                        && !self
                            .focus
                            .named
                            .iter()
                            .any(|c| self.index.item_by_code(c).is_some_and(|x| kinds.contains(&x.kind)))
                })
            });
        if owns
            && kind.is_some()
            && let Some(set) = self.focus.set.clone()
        {
            return Some((at, set, 1));
        }
        // What a ranking gave is known only when it has run.
        if kind.is_some()
            && let Some(set) = self.focus.set.as_ref().filter(|s| matches!(s.start, Start::Best(_)))
            && !matches!(self.focus.answered.as_slice(), [_])
        {
            return Some((at, set.clone(), 2));
        }
        if let Some(kinds) = &kind
            && let Some(set) = &self.focus.set
            && self.kinds_of(set) == *kinds
            && !self.is_single(set)
        {
            return Some((at, set.clone(), 2));
        }
        if let Some(kinds) = &kind
            && (!those || self.focus.set.as_ref().is_none_or(|s| self.kinds_of(s) != *kinds))
        {
            let fits =
                |c: &&String| self.index.item_by_code(c).is_some_and(|item| kinds.contains(&item.kind));
            if let Some(code) = self.focus.named.iter().find(fits) {
                return Some((at, ItemSet::codes(vec![code.clone()]), 2));
            }
        }
        if explicit && !those {
            return None;
        }
        if matches!(self.domain, Domain::Record(_)) && those {
            return None;
        }
        if those && let Some(set) = self.focus.set.clone() {
            let len = if thing && self.mentions[at + 1].senses.len() == 1 { 2 } else { 1 };
            return Some((at, set, len));
        }
        // One thing: what the last answer named, when it named one; else what the question named.
        let one = match self.focus.answered.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
        let set = match (&self.focus.set, one) {
            (_, Some(code)) if self.answer_is_meant(&code) => ItemSet::codes(vec![code]),
            (Some(set), _) => set.clone(),
            (None, Some(code)) => ItemSet::codes(vec![code]),
            (None, None) => return None,
        };
        Some((at, set, if thing { 2 } else { 1 }))
    }

    /// The item of the last answer is meant when the last question asked which item it is.
    pub(super) fn answer_is_meant(&self, code: &str) -> bool {
        match &self.focus.set {
            Some(set) => match set.named() {
                Some(codes) => !codes.iter().any(|c| c == code) && codes.len() != 1,
                None => true,
            },
            None => true,
        }
    }

    /// `that`, `which` and `this` before a time or a verb are no pronouns.
    pub(super) fn relative(&self, i: usize) -> bool {
        let m = &self.mentions[i];
        if !matches!(m.words.as_str(), "that" | "this" | "이" | "저") {
            return false;
        }
        let before = i.checked_sub(1).map(|k| &self.parts[k]);
        let after = self.parts.get(i + 1);
        matches!(
            before,
            Some(Part::Kinds(_) | Part::Items(_) | Part::Set(_) | Part::Rec | Part::System { .. })
        ) || matches!(after, Some(Part::Rel { .. } | Part::Time))
            || (i > 0 && self.mentions[i - 1].is(W::Thing))
    }
}
