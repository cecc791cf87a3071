//! The two ends of a relation: from which piece of the question it is seen, and to which kind it leads.

use model::Condition;

use super::{Reader, sets::Unit};
use crate::lexicon::W;

/// The kinds a relation leads to, and conditions on them.
type Head = (Vec<String>, Vec<Condition>);

impl Reader<'_> {
    /// Which unit a relation is seen from, and whether Korean word order decides.
    pub(super) fn anchor(&self, units: &[Unit], r: usize) -> Option<(usize, bool)> {
        let kinds =
            units.iter().filter(|u| matches!(u, Unit::Kind { kinds, .. } if !kinds.is_empty())).count();
        let narrows = |k: usize| {
            let (Some(Unit::System { items, .. }), Some(Unit::Rel { types, family, .. })) =
                (units.get(k), units.get(r))
            else {
                return false;
            };
            let own = self.kinds_of(&crate::logic::ItemSet::codes(items.clone()));
            kinds > 1
                && family != "compose"
                && !self.index.vocabulary().links.is_empty()
                && self.joining(types, model::graph::Direction::Both, &own, &[]).is_empty()
        };
        // A system that no such relation touches only narrows.
        let named =
            |k: usize| matches!(units.get(k), Some(Unit::Set { .. } | Unit::System { .. })) && !narrows(k);
        let left = (0..r).rev().find(|&k| named(k));
        let right = (r + 1..units.len()).find(|&k| named(k));
        let hangul = |k: usize| {
            let (from, to) = units[k].span();
            (from..to).any(|i| !self.mentions[i].josa.is_empty()) || self.lang == model::Lang::Ko
        };
        let rel_ascii = {
            let (from, _) = units[r].span();
            self.words(from).is_ascii()
        };
        match (left, right) {
            (Some(l), _) if hangul(l) && !(rel_ascii && self.lang == model::Lang::En) => Some((l, true)),
            (Some(l), Some(k)) => {
                // English: what stands directly behind the verb is its object.
                let direct = units[r + 1..k].iter().all(|u| matches!(u, Unit::Kind { .. })) && k == r + 1;
                if direct { Some((k, false)) } else { Some((l, false)) }
            }
            (Some(l), None) => Some((l, false)),
            (None, Some(k)) => Some((k, false)),
            (None, None)
                if self.by_items
                    || self.how_many.is_some() && kinds == 2 && self.domain == super::Domain::Items
                    || self.has_any(&[W::Most, W::Fewest]) && !self.narrowed_before(units, r) =>
            {
                None
            }
            (None, None) => {
                // Kinds on both sides: `servers that run databases`.
                let kind = |k: Option<usize>| {
                    k.filter(|&k| matches!(units.get(k), Some(Unit::Kind { kinds, .. }) if !kinds.is_empty()))
                };
                let (l, k) = (kind(r.checked_sub(1)), kind(Some(r + 1)));
                match (l, k) {
                    (Some(l), Some(_)) if self.lang == model::Lang::Ko => Some((l, true)),
                    // A chain is followed from its end: `apps that run on a WAS hosted by a server`.
                    (Some(_), Some(k))
                        if (r + 1..units.len()).all(|x| !matches!(units[x], Unit::Rel { .. })) =>
                    {
                        Some((k, false))
                    }
                    (Some(_), Some(_)) if self.lang == model::Lang::En => None,
                    (Some(_), Some(k)) => Some((k, false)),
                    _ => None,
                }
            }
        }
    }

    /// `시스코 스위치에 연결된 서버 중 … 가장 많은`: the relation only chooses what is ranked.
    fn narrowed_before(&self, units: &[Unit], r: usize) -> bool {
        let best = self.place_any(&[W::Most, W::Fewest]).unwrap_or(0);
        let kind = |k: Option<usize>| {
            k.and_then(|k| units.get(k))
                .filter(|u| matches!(u, Unit::Kind { kinds, .. } if !kinds.is_empty()))
        };
        let (Some(left), Some(right)) = (kind(r.checked_sub(1)), kind(Some(r + 1))) else { return false };
        let conditions = |u: &Unit| matches!(u, Unit::Kind { filter, .. } if !filter.is_empty());
        let among = self
            .mentions
            .get(right.span().1)
            .is_some_and(|m| m.words.starts_with('중') || m.words == "가운데");
        if self.lang == model::Lang::En {
            // `of the servers connected to cisco switches, which has the most …`
            let comma = (right.span().1..best).any(|i| self.mentions[i].sign == Some(','));
            return right.span().1 <= best && comma;
        }
        right.span().1 <= best && (among || conditions(left))
    }

    /// The kind the relation leads to.
    pub(super) fn head(
        &self,
        units: &[Unit],
        r: usize,
        a: usize,
        korean: bool,
    ) -> (Option<Head>, Option<usize>) {
        let kind = |k: usize| match units.get(k) {
            Some(Unit::Kind { kinds, filter, .. }) => Some((kinds.clone(), filter.clone())),
            _ => None,
        };
        let candidates: Vec<usize> = if korean {
            let mut c = vec![r + 1];
            if r > a + 1 {
                c.push(r - 1);
            }
            c
        } else if a > r {
            let mut c = Vec::new();
            if r > 0 {
                c.push(r - 1);
            }
            c.push(a + 1);
            c
        } else {
            let mut c = Vec::new();
            if r > a + 1 {
                c.push(r - 1);
            }
            if a > 0 {
                c.push(a - 1);
            }
            c.push(r + 1);
            c
        };
        for k in candidates {
            if k == a {
                continue;
            }
            if let Some(found) = kind(k) {
                return (Some(found), Some(k));
            }
        }
        (None, None)
    }
}
