//! Relations of a question: from which piece they are seen, which way, and to which kind they lead.

use model::{Condition, graph::Direction};

use super::{
    Reader,
    sets::{Built, Unit, flip, kind_filter, kind_set, one_of},
};
use crate::{
    lexicon::{W, relations::Turn},
    logic::{Ask, Hop, ItemSet, Start},
    text::hangul::Josa,
};

impl Reader<'_> {
    /// The types that join members of `from` with items of `kinds` in this direction.
    pub(in crate::read) fn joining(
        &self,
        types: &[String],
        direction: Direction,
        from: &[String],
        kinds: &[String],
    ) -> Vec<String> {
        let links = &self.index.vocabulary().links;
        if links.is_empty() {
            return types.to_vec();
        }
        let fits = |a: &str, b: &str| {
            (from.is_empty() || from.iter().any(|k| k == a))
                && (kinds.is_empty() || kinds.iter().any(|k| k == b))
        };
        let mut out: Vec<String> = Vec::new();
        for link in links {
            let out_ok = direction != Direction::In && fits(&link.source, &link.target);
            let in_ok = direction != Direction::Out && fits(&link.target, &link.source);
            if (types.is_empty() || types.contains(&link.r#type))
                && (out_ok || in_ok)
                && !out.contains(&link.r#type)
            {
                out.push(link.r#type.clone());
            }
        }
        if types.is_empty() { out } else { types.iter().filter(|t| out.contains(t)).cloned().collect() }
    }

    /// Follows the relations, innermost first.
    pub(super) fn follow(&mut self, units: &mut Vec<Unit>, built: &mut Built) {
        loop {
            // A relation beside something named comes first, then the one next to what it gave.
            let place = units
                .iter()
                .enumerate()
                .filter(|(_, u)| matches!(u, Unit::Rel { .. }))
                .min_by_key(|(r, _)| {
                    let named = |k: Option<usize>| {
                        k.and_then(|k| units.get(k))
                            .is_some_and(|u| matches!(u, Unit::Set { .. } | Unit::System { .. }))
                    };
                    let distance = if named(r.checked_sub(1)) || named(Some(r + 1)) {
                        0
                    } else if named(r.checked_sub(2)) || named(Some(r + 2)) {
                        1
                    } else {
                        2
                    };
                    // English chains are followed from their end.
                    let order =
                        if distance == 2 && self.lang == model::Lang::En { usize::MAX - *r } else { *r };
                    (distance, order)
                })
                .map(|(r, _)| r);
            let Some(r) = place else { return };
            let Unit::Rel { family, types, turn, exact, from: rel_at, to: rel_to } = units[r].clone() else {
                return;
            };
            let anchor = self.anchor(units, r);
            let Some((a, korean)) = anchor else {
                built.loose = built.loose.take().or(Some((family, types, turn)));
                units.remove(r);
                continue;
            };
            if self.own_first(units, a, r) {
                continue;
            }
            // `databases in the CMDB system run postgres`: a system that no such relation touches only narrows.
            let system = match &units[a] {
                Unit::System { items, .. } => Some(items.clone()),
                Unit::Set { set, .. } => set.named().map(<[String]>::to_vec),
                _ => None,
            };
            if let Some(items) = system {
                let own = self.kinds_of(&ItemSet::codes(items));
                let links = !self.index.vocabulary().links.is_empty();
                if links
                    && family != "compose"
                    && self.are_systems(&own)
                    && self.joining(&types, Direction::Both, &own, &[]).is_empty()
                {
                    units.remove(r);
                    continue;
                }
            }
            let (set, case) = match units[a].clone() {
                Unit::Set { set, case, .. } => (set, case),
                Unit::System { field, values, items, case, .. } => {
                    if items.is_empty() || (family == "compose" && !exact) {
                        (ItemSet::fitting(vec![one_of(&field, &values)]), case)
                    } else {
                        (ItemSet::codes(items), case)
                    }
                }
                Unit::Kind { kinds, filter, case, .. } => (kind_set(&kinds, filter), case),
                Unit::Rel { .. } => return,
            };
            let (head, head_at) = self.head(units, r, a, korean);
            // `X에 뜬 것`: with nothing at its other end, the verb says of the records that they came about.
            if head.is_none() && matches!(self.domain, super::Domain::Record(_)) && korean && units.len() == 2
            {
                units.remove(r);
                continue;
            }
            // `os-01 위에서 돌아가는`: the place word stands for the particle.
            let behind = units[a].span().1;
            let case = match case {
                None if korean
                    && self.mentions.get(behind).is_some_and(|m| m.is(W::PrepOn) && !m.words.is_ascii()) =>
                {
                    Some(Josa::At)
                }
                other => other,
            };
            // `those run haproxy`: a value the items themselves have is a condition on them, no place they run on.
            if let Some((kinds, filter)) = &head
                && kinds.is_empty()
                && !filter.is_empty()
                && {
                    let own = self.kinds_of(&set);
                    filter
                        .iter()
                        .all(|c| !own.is_empty() && super::parts::kinds_have(self.index, &own, &c.field))
                }
            {
                units.remove(r);
                continue;
            }
            let member =
                family == "compose" && !exact && set.is_plain() && matches!(units[a], Unit::System { .. });
            let next = if member {
                // The field says what belongs to a system more fully than the relations may.
                let mut next = set.clone();
                next.filter.extend(head.as_ref().map(|(k, f)| kind_filter(k, f)).unwrap_or_default());
                next
            } else {
                self.step(
                    set,
                    &family,
                    &types,
                    turn,
                    exact,
                    case,
                    korean,
                    a < r,
                    head.clone(),
                    (rel_at, rel_to),
                )
            };
            let next = self.all_of(next, (units[a].span(), rel_at, rel_to));
            let (next, left) = self.but_not(next, units, r, a);
            let next = if self.denied(rel_at, rel_to) {
                let (kinds, filter) = head.clone().unwrap_or_default();
                let mut filter = filter;
                if let Some(codes) = set_of(&next).and_then(ItemSet::named) {
                    // What is denied of X is not asked of X itself.
                    filter.extend(codes.iter().map(|c| Condition::new("code", model::Op::Ne, c.clone())));
                }
                ItemSet { outside: reached_by(&next), ..ItemSet::fitting(kind_filter(&kinds, &filter)) }
            } else {
                next
            };
            built.hopped = true;
            built.any = true;
            let mut taken = vec![r, a];
            taken.extend(head_at);
            taken.extend(left);
            taken.sort_unstable();
            let first = taken[0];
            let (mut from, mut to, mut case_after) = (usize::MAX, 0, None);
            for &k in &taken {
                let (f, t) = units[k].span();
                from = from.min(f);
                if t > to {
                    to = t;
                    case_after = match &units[k] {
                        Unit::Set { case, .. } | Unit::System { case, .. } | Unit::Kind { case, .. } => *case,
                        Unit::Rel { to, .. } => self.mentions.get(to - 1).and_then(|m| m.case()),
                    };
                }
            }
            for &k in taken.iter().rev() {
                units.remove(k);
            }
            units.insert(first, Unit::Set { set: next, case: case_after, from, to });
        }
    }

    /// `시스템의 서버에 연결된`, `connected to servers of X`: what belongs to the anchor is where the relation starts. The
    /// two units become one.
    fn own_first(&self, units: &mut Vec<Unit>, a: usize, r: usize) -> bool {
        let ko = a < r && self.lang == model::Lang::Ko;
        let k =
            if ko { r.checked_sub(1).filter(|k| *k == a + 1) } else { Some(r + 1).filter(|k| k + 1 == a) };
        let Some(k) = k else { return false };
        let (
            Unit::Set { set, case: set_case, from: sf, to: st, .. },
            Unit::Kind { kinds, filter, case, from: kf, to: kt, .. },
        ) = (&units[a], &units[k])
        else {
            return false;
        };
        let linked = if ko {
            let owner = *set_case == Some(Josa::Of)
                || matches!(set_case, Some(Josa::Plain) | None)
                    && matches!(units.get(r + 1), Some(Unit::Kind { kinds, .. }) if !kinds.is_empty());
            owner && matches!(case, Some(Josa::At | Josa::Inside | Josa::Object | Josa::With))
        } else {
            (*kt..*sf).all(|i| matches!(self.words(i), "of" | "in" | "the" | "on"))
        };
        if !linked || kinds.is_empty() || self.kinds_of(set).iter().any(|x| kinds.contains(x)) {
            return false;
        }
        let owned = self.possessed(set.clone(), kinds.clone(), filter.clone());
        let unit = Unit::Set {
            set: owned,
            case: if ko { *case } else { *set_case },
            from: (*sf).min(*kf),
            to: (*st).max(*kt),
        };
        let first = a.min(k);
        units[first] = unit;
        units.remove(first + 1);
        true
    }

    /// `A와 B에 모두 연결된`, `connected to both A and B`: reached from every one of them.
    fn all_of(&self, set: ItemSet, (anchor, from, to): ((usize, usize), usize, usize)) -> ItemSet {
        const WORDS: &[&str] = &[
            "both",
            "둘 다",
            "둘다",
            "모두",
            "공통",
            "공통으로",
            "공통적으로",
            "양쪽",
            "양쪽 모두",
            "동시에",
            "common",
            "in common",
        ];
        let Start::Hop(hop) = &set.start else { return set };
        let codes = hop.from.named().filter(|c| c.len() > 1).map(<[String]>::to_vec);
        let several = hop.from.is_plain().then(|| hop.from.kinds()).filter(|k| k.len() > 1);
        let Some(codes) = codes.or_else(|| several.clone()) else { return set };
        let by_kind = several.is_some();
        let low = anchor.0.min(from).saturating_sub(2);
        let high = (anchor.1.max(to) + 2).min(self.mentions.len());
        let text = self.mentions[low..high].iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        if !WORDS.iter().any(|w| format!(" {text} ").contains(&format!(" {w} "))) {
            return set;
        }
        let of = |code: &String| {
            let mut one = hop.as_ref().clone();
            one.from = if by_kind {
                let rest: Vec<Condition> =
                    hop.from.filter.iter().filter(|c| c.field != "kind").cloned().collect();
                ItemSet::fitting(kind_filter(std::slice::from_ref(code), &rest))
            } else {
                ItemSet::codes(vec![code.clone()])
            };
            ItemSet { start: Start::Hop(Box::new(one)), filter: set.filter.clone(), ..ItemSet::default() }
        };
        let mut all = codes.iter().map(of);
        let mut first = all.next().unwrap_or_default();
        first.inside = all.collect();
        first
    }

    /// `connected to A but not to B`: the same relation from B is left out. Gives the unit that is used up.
    fn but_not(&self, set: ItemSet, units: &[Unit], r: usize, a: usize) -> (ItemSet, Option<usize>) {
        let Start::Hop(hop) = &set.start else { return (set, None) };
        let last = r.max(a);
        let Some(k) =
            (last + 1..units.len()).find(|&k| matches!(units[k], Unit::Set { .. } | Unit::System { .. }))
        else {
            return (set, None);
        };
        let (from, _) = units[k].span();
        let denied = (1..=4)
            .filter_map(|d| from.checked_sub(d))
            .take_while(|&k| !self.mentions[k].named() || self.mentions[k].is(W::Not))
            .any(|k| self.mentions[k].is(W::Not) && self.mentions[k].words.is_ascii());
        let other = match &units[k] {
            Unit::Set { set, .. } => set.clone(),
            Unit::System { items, .. } if !items.is_empty() => ItemSet::codes(items.clone()),
            _ => return (set, None),
        };
        if !denied {
            return (set, None);
        }
        let mut out = set.clone();
        let mut hop = hop.as_ref().clone();
        hop.from = other;
        out.outside.push(ItemSet { start: Start::Hop(Box::new(hop)), ..ItemSet::default() });
        (out, Some(k))
    }

    /// `연결되지 않은`, `does not call`: the relation is denied.
    pub(super) fn denied(&self, from: usize, to: usize) -> bool {
        let ko = self.mentions.get(to).is_some_and(|m| {
            !m.words.is_ascii() && m.any(&[W::Never, W::Not]) && m.words.starts_with(['않', '안', '못', '없'])
        }) || self.mentions.get(to).is_some_and(|m| {
            matches!(
                m.words.as_str(),
                "지 않은" | "지 않는" | "되지 않은" | "되지 않는" | "하지 않은" | "하지 않는"
            )
        });
        let none_behind = self.mentions.get(to).is_some_and(|m| m.words == "no" || m.words == "none");
        let en = none_behind
            || (1..=2).filter_map(|d| from.checked_sub(d)).any(|k| {
                self.mentions[k].words.is_ascii()
                    && self.mentions[k].any(&[W::Not, W::Never])
                    && !self.mentions[k].named()
            });
        ko || en
    }

    #[expect(clippy::too_many_arguments, reason = "all of them are facts of one sentence")]
    pub(super) fn step(
        &self,
        set: ItemSet,
        family: &str,
        types: &[String],
        turn: Turn,
        exact: bool,
        case: Option<Josa>,
        korean: bool,
        anchor_first: bool,
        head: Option<(Vec<String>, Vec<Condition>)>,
        rel: (usize, usize),
    ) -> ItemSet {
        let (kinds, filter) = head.unwrap_or_default();
        let plain = if korean {
            match case {
                Some(Josa::At | Josa::Object | Josa::With | Josa::By) => Direction::In,
                // `srv-01에서 돌아가는`, but `sys-a에서 의존하는`.
                Some(Josa::Inside) if matches!(family, "run" | "deploy" | "compose" | "connect") => {
                    Direction::In
                }
                Some(Josa::Of) if matches!(turn, Turn::Plain | Turn::Flip) && rel.1 - rel.0 == 1 => {
                    Direction::Out
                }
                _ => Direction::Out,
            }
        } else if anchor_first {
            Direction::Out
        } else {
            Direction::In
        };
        let mut direction = match turn {
            Turn::Plain => plain,
            Turn::Flip => flip(plain),
            Turn::Targets => Direction::Out,
            Turn::Sources => Direction::In,
            Turn::Either => Direction::Both,
        };
        if !korean && !anchor_first && matches!(turn, Turn::Plain) && self.is_noun_of(rel) {
            direction = Direction::Out;
        }
        let from = self.kinds_of(&set);
        let mut chosen = self.joining(types, direction, &from, &kinds);
        if chosen.is_empty() && direction != Direction::Both {
            let other = self.joining(types, flip(direction), &from, &kinds);
            if !other.is_empty() {
                direction = flip(direction);
                chosen = other;
            }
        }
        if !exact && family == "deploy" {
            let own: Vec<String> = chosen
                .iter()
                .filter(|t| crate::dictionary::family_of(self.index.vocabulary(), t) == Some("deploy"))
                .cloned()
                .collect();
            if !own.is_empty() {
                chosen = own;
            }
        }
        let indirect =
            self.has(W::Indirect) || (self.has(W::All) && family == "depend" && self.has_any(&[W::Step]));
        // `directly or transitively`: however far.
        let mut depth = if indirect { 0 } else { 1 };
        if self.has(W::Step)
            && self.has(W::Direct).eq(&false)
            && let Some(n) = self.steps()
        {
            depth = n;
        }
        let mut filter = kind_filter(&kinds, &filter);
        if chosen.is_empty() && depth != 1 && !types.is_empty() {
            // `직간접으로 의존하는`: along these relations only, however far.
            chosen = types.to_vec();
        }
        // `이 OS 쓰는 서버`: used in the wide sense, by whatever joins the two.
        if chosen.is_empty() && !exact && family == "use" && !from.is_empty() && !kinds.is_empty() {
            chosen = self.joining(&[], Direction::Both, &from, &kinds);
            if !chosen.is_empty() {
                direction = Direction::Both;
            }
        }
        if chosen.is_empty() {
            // Nothing joins the two kinds directly: everything on the way may be passed.
            let hop = Hop {
                from: set,
                types: Vec::new(),
                direction,
                depth: 0,
                least: 1,
                impact: None,
                not_start: true,
            };
            return ItemSet { start: Start::Hop(Box::new(hop)), filter, ..ItemSet::default() };
        }
        // When every type of the family is meant, naming them all is the same as naming the family.
        filter.dedup();
        let hop = Hop { from: set, types: chosen, direction, depth, least: 1, impact: None, not_start: true };
        ItemSet { start: Start::Hop(Box::new(hop)), filter, ..ItemSet::default() }
    }

    /// `dependency of X`: the noun belongs to what follows `of`.
    pub(super) fn is_noun_of(&self, rel: (usize, usize)) -> bool {
        self.mentions.get(rel.1).is_some_and(|m| m.words == "of") && self.words(rel.0).ends_with("cy")
    }

    /// A number of steps that was said.
    pub fn steps(&self) -> Option<u32> {
        let at = self.place_any(&[W::Step, W::Hops])?;
        let number = |k: Option<usize>| {
            k.and_then(|k| self.mentions.get(k)).and_then(|m| m.number.as_ref()).map(|(v, _)| *v as u32)
        };
        number(at.checked_sub(1)).or_else(|| match at.checked_sub(1).map(|k| self.words(k)) {
            Some("two" | "두") => Some(2),
            Some("three" | "세") => Some(3),
            _ => None,
        })
    }
}

/// What a step over relations reaches, for leaving it out. From many items the ends of the relations are asked for, for
/// a start is never a member of what is reached from it.
pub(super) fn reached_by(next: &ItemSet) -> Vec<ItemSet> {
    let plain = ItemSet { filter: Vec::new(), inside: Vec::new(), ..next.clone() };
    let Start::Hop(hop) = &next.start else { return vec![plain] };
    if hop.from.named().is_some() || hop.depth != 1 {
        return vec![plain];
    }
    let edges = |by: &str| {
        let (source, target) = match by {
            "target" => (hop.from.clone(), ItemSet::default()),
            _ => (ItemSet::default(), hop.from.clone()),
        };
        let ask = Ask::Edges {
            source,
            target,
            types: hop.types.clone(),
            by: Some(by.to_owned()),
            top: None,
            having: None,
        };
        ItemSet { start: Start::Best(Box::new(ask)), ..ItemSet::default() }
    };
    match hop.direction {
        Direction::Out => vec![edges("target")],
        Direction::In => vec![edges("source")],
        Direction::Both => vec![edges("target"), edges("source")],
    }
}

/// The set a hop starts from.
fn set_of(set: &ItemSet) -> Option<&ItemSet> {
    match &set.start {
        Start::Hop(hop) => Some(&hop.from),
        _ => None,
    }
}
