//! The set of items a question is about: names, kinds, values and relations put together.

use model::{Condition, Op, graph::Direction};
use serde_json::json;

use super::{Domain, Part, Reader};
use crate::{
    lexicon::{W, relations::Turn},
    logic::{Hop, ItemSet, Start},
    text::hangul::Josa,
};

/// A piece of the question that takes part in choosing items.
#[derive(Debug, Clone)]
enum Unit {
    Set { set: ItemSet, case: Option<Josa>, from: usize, to: usize },
    System { field: String, values: Vec<String>, items: Vec<String>, case: Option<Josa>, from: usize, to: usize },
    Kind { kinds: Vec<String>, filter: Vec<Condition>, case: Option<Josa>, from: usize, to: usize },
    Rel { family: String, types: Vec<String>, turn: Turn, exact: bool, from: usize, to: usize },
}

impl Unit {
    fn span(&self) -> (usize, usize) {
        match self {
            Self::Set { from, to, .. } | Self::System { from, to, .. } | Self::Kind { from, to, .. } | Self::Rel { from, to, .. } => (*from, *to),
        }
    }
}

/// What the pieces came to.
#[derive(Debug, Clone, Default)]
pub struct Built {
    /// The items.
    pub set: ItemSet,
    /// Something was named, or chosen by relations.
    pub any: bool,
    /// Named items, in order.
    pub names: Vec<String>,
    /// A relation word that joined nothing: family, types.
    pub loose: Option<(String, Vec<String>, Turn)>,
    /// The set is a system named by its value alone.
    pub system_alone: Option<String>,
    /// Kinds named, in order.
    pub kinds: Vec<Vec<String>>,
    /// A relation was followed.
    pub hopped: bool,
}

impl Reader<'_> {
    /// Puts the pieces together. Parts already used (groups, fields) take no part.
    pub fn build_set(&mut self) -> Built {
        let mut units = self.units();
        self.merge(&mut units);
        let mut built = Built::default();
        for u in &units {
            match u {
                Unit::Set { set, .. } => built.names.extend(set.named().map(<[String]>::to_vec).unwrap_or_default()),
                Unit::Kind { kinds, .. } => built.kinds.push(kinds.clone()),
                Unit::System { items, .. } => built.names.extend(items.clone()),
                Unit::Rel { .. } => {}
            }
        }
        self.follow(&mut units, &mut built);
        self.finish(units, &mut built);
        built
    }

    fn units(&mut self) -> Vec<Unit> {
        let mut out: Vec<Unit> = Vec::new();
        let it = self.pointing();
        for i in 0..self.parts.len() {
            if self.used[i] && !matches!(self.parts[i], Part::Value(..)) {
                continue;
            }
            let case = self.mentions[i].case();
            match self.parts[i].clone() {
                Part::Items(codes) => {
                    let (w, c) = (self.words(i).to_owned(), codes.join(", "));
                    self.because(&w, "ci", c);
                    out.push(Unit::Set { set: ItemSet::codes(codes), case, from: i, to: i + 1 });
                }
                Part::Prefix(prefix) => {
                    let set = ItemSet::fitting(vec![Condition::new("code", Op::Prefix, prefix)]);
                    out.push(Unit::Set { set, case, from: i, to: i + 1 });
                }
                Part::System { field, value, item } => {
                    let w = self.words(i).to_owned();
                    self.because(&w, "value", format!("{field} = {value}"));
                    out.push(Unit::System { field, values: vec![value], items: item.into_iter().collect(), case, from: i, to: i + 1 });
                }
                // `(서버 자신은 빼고)`: left out, and never a member of what is reached.
                Part::Kinds(_) if self.left_out(i) => {}
                Part::Kinds(kinds) => {
                    let (w, k) = (self.words(i).to_owned(), kinds.join(", "));
                    self.because(&w, "kind", k);
                    out.push(Unit::Kind { kinds, filter: Vec::new(), case, from: i, to: i + 1 });
                }
                Part::Rel { family, types, turn, exact } => {
                    let (w, k) = (self.words(i).to_owned(), types.join(", "));
                    self.because(&w, "relation", k);
                    out.push(Unit::Rel { family, types, turn, exact, from: i, to: i + 1 });
                }
                Part::Word if it.is_some() && Some(i) == it.as_ref().map(|(at, ..)| *at) => {
                    if let Some((_, set, len)) = it.clone() {
                        let last = self.mentions.get(i + len - 1).and_then(|m| m.case()).or(case);
                        let w = self.words(i).to_owned();
                        self.because(&w, "context", "");
                        out.push(Unit::Set { set, case: last, from: i, to: i + len });
                    }
                }
                Part::Word if self.mentions[i].is(W::Thing) && !self.mentions[i].is(W::Filler) => {
                    out.push(Unit::Kind { kinds: Vec::new(), filter: Vec::new(), case, from: i, to: i + 1 });
                }
                _ => {}
            }
            if let (Some((at, _, len)), Some(last)) = (&it, out.last())
                && last.span().0 < at + len
                && last.span().0 > *at
            {
                out.pop();
            }
        }
        // Conditions go to the kind they stand beside.
        let conditions = std::mem::take(&mut self.item_conditions);
        for (at, condition) in conditions {
            let ahead = out.iter().position(|u| matches!(u, Unit::Kind { from, .. } if *from > at && *from - at <= 4));
            let behind = out.iter().rposition(|u| matches!(u, Unit::Kind { from, .. } if *from < at));
            let blocked = ahead.is_some_and(|k| {
                let (from, _) = out[k].span();
                out.iter().any(|u| !matches!(u, Unit::Kind { .. }) && u.span().0 > at && u.span().0 < from)
            });
            let english = self.mentions[at].words.is_ascii() && self.lang == model::Lang::En;
            let adjacent = ahead.is_some_and(|k| out[k].span().0 <= at + if english { 2 } else { 4 });
            let target = match (ahead.filter(|_| adjacent && !blocked), behind) {
                (Some(k), None) => Some(k),
                (Some(k), Some(b)) => Some(if english && at - out[b].span().0 <= 4 && out[k].span().0 > at + 1 { b } else { k }),
                (None, b) => b.or(ahead),
            };
            let fits = target.filter(|k| match &out[*k] {
                Unit::Kind { kinds, .. } => super::parts::kinds_have(self.index, kinds, &condition.field),
                _ => false,
            });
            let target = fits.or_else(|| {
                out.iter().position(|u| matches!(u, Unit::Kind { kinds, .. } if super::parts::kinds_have(self.index, kinds, &condition.field)))
            });
            match target.and_then(|k| out.get_mut(k)) {
                Some(Unit::Kind { filter, .. }) => filter.push(condition),
                _ => {
                    let place = out.iter().position(|u| u.span().0 > at).unwrap_or(out.len());
                    out.insert(place, Unit::Kind { kinds: Vec::new(), filter: vec![condition], case: None, from: at, to: at + 1 });
                }
            }
        }
        out
    }

    /// `빼고`, `제외` behind a kind, `except` before it.
    fn left_out(&self, i: usize) -> bool {
        let after = self.mentions[i + 1..].iter().take(3).take_while(|m| !m.named());
        let mut before = (1..=3).filter_map(|d| i.checked_sub(d)).map(|k| &self.mentions[k]).take_while(|m| !m.named());
        after.clone().any(|m| m.is(W::Not) && !m.words.is_ascii() && m.words != "아닌")
            || before.any(|m| m.is(W::Not) && m.words.is_ascii() && m.words != "not")
    }

    /// Values of one field, kinds side by side, a kind beside an item of that kind: one unit.
    fn merge(&self, units: &mut Vec<Unit>) {
        let mut i = 0;
        while i + 1 < units.len() {
            let (a, b) = (units[i].clone(), units[i + 1].clone());
            let near = b.span().0 - a.span().1 <= 1;
            let between: Vec<&str> = (a.span().1..b.span().0).map(|k| self.words(k)).collect();
            let joined = near && between.iter().all(|w| matches!(*w, "and" | "or" | "," | "및" | "&" | "/" | "또는" | "+" | "혹은" | "와" | "과"));
            let bare = between.is_empty();
            let merged = match (a, b) {
                (Unit::Kind { kinds: ka, filter: fa, from, case: ca, .. }, Unit::Kind { kinds: kb, filter: fb, case, to, from: bf })
                    if joined
                        && (ka.is_empty() || kb.is_empty() || !bare || matches!(ca, Some(Josa::With)))
                        && !(ka.is_empty() && !fa.is_empty() && !self.adjacent_condition(from, bf)) =>
                {
                    let mut kinds = ka.clone();
                    kinds.extend(kb.into_iter().filter(|k| !ka.contains(k)));
                    let mut filter = fa;
                    filter.extend(fb);
                    Some(Unit::Kind { kinds, filter, case, from, to })
                }
                // `구성요소(COMPOSED_OF)`, `의존관계 DEPENDS_ON`: the type behind the word for it
                (
                    Unit::Rel { family, types: ta, turn, exact: ea, from, .. },
                    Unit::Rel { types: tb, exact: eb, to, .. },
                ) if (bare || between == ["("]) && ta.iter().any(|t| tb.contains(t)) => {
                    let types = if eb { tb } else { ta };
                    Some(Unit::Rel { family, types, turn, exact: ea || eb, from, to })
                }
                (Unit::Set { set: sa, from, .. }, Unit::Set { set: sb, case, to, .. })
                    if joined && sa.named().is_some() && sb.named().is_some() =>
                {
                    let mut codes = sa.named().map(<[String]>::to_vec).unwrap_or_default();
                    codes.extend(sb.named().map(<[String]>::to_vec).unwrap_or_default());
                    Some(Unit::Set { set: ItemSet::codes(codes), case, from, to })
                }
                (
                    Unit::System { field, values: va, items: ia, from, .. },
                    Unit::System { values: vb, items: ib, case, to, .. },
                ) if joined || near && between.iter().all(|w| matches!(*w, "(" | ")")) => {
                    let mut values = va;
                    values.extend(vb.into_iter().filter(|v| !values.contains(v)).collect::<Vec<_>>());
                    let mut items = ia;
                    items.extend(ib.into_iter().filter(|v| !items.contains(v)).collect::<Vec<_>>());
                    Some(Unit::System { field, values, items, case, from, to })
                }
                // `스카다(SCADA) 시스템`
                (Unit::System { field, values, items, from, .. }, Unit::Kind { kinds, filter, case, to, .. })
                    if (bare || between == [")"]) && filter.is_empty() && self.are_systems(&kinds) =>
                {
                    Some(Unit::System { field, values, items, case, from, to })
                }
                (Unit::Kind { kinds, filter, from, .. }, Unit::System { field, values, items, case, to, .. })
                    if bare && filter.is_empty() && self.are_systems(&kinds) && self.words(from).is_ascii() && self.lang == model::Lang::En =>
                {
                    Some(Unit::System { field, values, items, case, from, to })
                }
                // `SRV-MON-03 서버`, `server srv-mon-03`
                (Unit::Set { set, from, case: ca, .. }, Unit::Kind { kinds, filter, case, to, .. })
                    if bare && filter.is_empty() && (ca.is_none() || ca == Some(Josa::Plain)) && self.appositive(&set, &kinds) =>
                {
                    Some(Unit::Set { set, case, from, to })
                }
                (Unit::Kind { kinds, filter, from, .. }, Unit::Set { set, case, to, .. })
                    if bare && filter.is_empty() && self.appositive(&set, &kinds) && !self.are_systems(&kinds) =>
                {
                    Some(Unit::Set { set, case, from, to })
                }
                _ => None,
            };
            match merged {
                Some(unit) => {
                    units[i] = unit;
                    units.remove(i + 1);
                    i = i.saturating_sub(1);
                }
                None => i += 1,
            }
        }
    }

    fn adjacent_condition(&self, from: usize, to: usize) -> bool {
        to <= from + 2
    }

    fn are_systems(&self, kinds: &[String]) -> bool {
        !kinds.is_empty()
            && self.index.systems.values().filter_map(|&i| self.index.item(i)).any(|item| kinds.contains(&item.kind))
    }

    fn appositive(&self, set: &ItemSet, kinds: &[String]) -> bool {
        let Some(codes) = set.named() else {
            return kinds.is_empty();
        };
        kinds.is_empty() || codes.iter().filter_map(|c| self.index.item_by_code(c)).all(|item| kinds.contains(&item.kind))
    }

    /// The kinds of the members of a set, where they can be told.
    pub fn kinds_of(&self, set: &ItemSet) -> Vec<String> {
        let own = set.kinds();
        if !own.is_empty() {
            return own;
        }
        if let Start::Codes(codes) = &set.start {
            let mut out: Vec<String> = Vec::new();
            for item in codes.iter().filter_map(|c| self.index.item_by_code(c)) {
                if !out.contains(&item.kind) {
                    out.push(item.kind.clone());
                }
            }
            return out;
        }
        Vec::new()
    }

    /// The types that join members of `from` with items of `kinds` in this direction.
    fn joining(&self, types: &[String], direction: Direction, from: &[String], kinds: &[String]) -> Vec<String> {
        let links = &self.index.vocabulary().links;
        if links.is_empty() {
            return types.to_vec();
        }
        let fits = |a: &str, b: &str| (from.is_empty() || from.iter().any(|k| k == a)) && (kinds.is_empty() || kinds.iter().any(|k| k == b));
        let mut out: Vec<String> = Vec::new();
        for link in links {
            let out_ok = direction != Direction::In && fits(&link.source, &link.target);
            let in_ok = direction != Direction::Out && fits(&link.target, &link.source);
            if (types.is_empty() || types.contains(&link.r#type)) && (out_ok || in_ok) && !out.contains(&link.r#type) {
                out.push(link.r#type.clone());
            }
        }
        if types.is_empty() { out } else { types.iter().filter(|t| out.contains(t)).cloned().collect() }
    }

    /// Follows the relations, innermost first.
    fn follow(&mut self, units: &mut Vec<Unit>, built: &mut Built) {
        loop {
            // A relation beside something named comes first, then the one next to what it gave.
            let place = units
                .iter()
                .enumerate()
                .filter(|(_, u)| matches!(u, Unit::Rel { .. }))
                .min_by_key(|(r, _)| {
                    let named = |k: Option<usize>| k.and_then(|k| units.get(k)).is_some_and(|u| matches!(u, Unit::Set { .. } | Unit::System { .. }));
                    let distance = if named(r.checked_sub(1)) || named(Some(r + 1)) { 0 } else if named(r.checked_sub(2)) || named(Some(r + 2)) { 1 } else { 2 };
                    (distance, *r)
                })
                .map(|(r, _)| r);
            let Some(r) = place else { return };
            let Unit::Rel { family, types, turn, exact, from: rel_at, to: rel_to } = units[r].clone() else { return };
            let anchor = self.anchor(units, r);
            let Some((a, korean)) = anchor else {
                built.loose = built.loose.take().or(Some((family, types, turn)));
                units.remove(r);
                continue;
            };
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
            // `os-01 위에서 돌아가는`: the place word stands for the particle.
            let behind = units[a].span().1;
            let case = match case {
                None if korean && self.mentions.get(behind).is_some_and(|m| m.is(W::PrepOn) && !m.words.is_ascii()) => Some(Josa::At),
                other => other,
            };
            // `those run haproxy`: a value the items themselves have is a condition on them, no place they run on.
            if let Some((kinds, filter)) = &head
                && kinds.is_empty()
                && !filter.is_empty()
                && {
                    let own = self.kinds_of(&set);
                    filter.iter().all(|c| !own.is_empty() && super::parts::kinds_have(self.index, &own, &c.field))
                }
            {
                units.remove(r);
                continue;
            }
            let member = family == "compose" && !exact && set.is_plain() && matches!(units[a], Unit::System { .. });
            let next = if member {
                // The field says what belongs to a system more fully than the relations may.
                let mut next = set.clone();
                next.filter.extend(head.as_ref().map(|(k, f)| kind_filter(k, f)).unwrap_or_default());
                next
            } else {
                self.step(set, &family, &types, turn, exact, case, korean, a < r, head.clone(), (rel_at, rel_to))
            };
            let next = if self.denied(rel_at, rel_to) {
                let (kinds, filter) = head.clone().unwrap_or_default();
                ItemSet { outside: Some(Box::new(ItemSet { filter: Vec::new(), ..next })), ..ItemSet::fitting(kind_filter(&kinds, &filter)) }
            } else {
                next
            };
            built.hopped = true;
            built.any = true;
            let mut taken = vec![r, a];
            taken.extend(head_at);
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

    /// `연결되지 않은`, `does not call`: the relation is denied.
    fn denied(&self, from: usize, to: usize) -> bool {
        let ko = self.mentions.get(to).is_some_and(|m| !m.words.is_ascii() && m.any(&[W::Never, W::Not]) && m.words.starts_with(['않', '안', '못', '없']))
            || self.mentions.get(to).is_some_and(|m| matches!(m.words.as_str(), "지 않은" | "지 않는" | "되지 않은" | "되지 않는" | "하지 않은" | "하지 않는"));
        let en = (1..=2).filter_map(|d| from.checked_sub(d)).any(|k| self.mentions[k].words.is_ascii() && self.mentions[k].any(&[W::Not, W::Never]) && !self.mentions[k].named());
        ko || en
    }

    /// Which unit a relation is seen from, and whether Korean word order decides.
    fn anchor(&self, units: &[Unit], r: usize) -> Option<(usize, bool)> {
        let named = |k: usize| matches!(units.get(k), Some(Unit::Set { .. } | Unit::System { .. }));
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
            (None, None) if self.has_any(&[W::Most, W::Fewest]) => None,
            (None, None) => {
                // Kinds on both sides: `servers that run databases`.
                let kind = |k: Option<usize>| k.filter(|&k| matches!(units.get(k), Some(Unit::Kind { kinds, .. }) if !kinds.is_empty()));
                let (l, k) = (kind(r.checked_sub(1)), kind(Some(r + 1)));
                match (l, k) {
                    (Some(l), Some(_)) if self.lang == model::Lang::Ko => Some((l, true)),
                    (Some(_), Some(k)) => Some((k, false)),
                    _ => None,
                }
            }
        }
    }

    /// The kind the relation leads to.
    fn head(&self, units: &[Unit], r: usize, a: usize, korean: bool) -> (Option<(Vec<String>, Vec<Condition>)>, Option<usize>) {
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

    #[expect(clippy::too_many_arguments, reason = "all of them are facts of one sentence")]
    fn step(
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
                Some(Josa::Inside) if matches!(family, "run" | "deploy" | "compose" | "connect") => Direction::In,
                Some(Josa::Of) if matches!(turn, Turn::Plain | Turn::Flip) && rel.1 - rel.0 == 1 => Direction::Out,
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
        let indirect = self.has(W::Indirect) || (self.has(W::All) && family == "depend" && self.has_any(&[W::Step]));
        let mut depth = if indirect && !self.has(W::Direct) { 0 } else { 1 };
        if self.has(W::Step) && self.has(W::Direct).eq(&false)
            && let Some(n) = self.steps()
        {
            depth = n;
        }
        let mut filter = kind_filter(&kinds, &filter);
        if chosen.is_empty() {
            // Nothing joins the two kinds directly: everything on the way may be passed.
            let hop = Hop { from: set, types: Vec::new(), direction, depth: 0, least: 1, impact: None, not_start: true };
            return ItemSet { start: Start::Hop(Box::new(hop)), filter, ..ItemSet::default() };
        }
        // When every type of the family is meant, naming them all is the same as naming the family.
        filter.dedup();
        let hop = Hop { from: set, types: chosen, direction, depth, least: 1, impact: None, not_start: true };
        ItemSet { start: Start::Hop(Box::new(hop)), filter, ..ItemSet::default() }
    }

    /// `dependency of X`: the noun belongs to what follows `of`.
    fn is_noun_of(&self, rel: (usize, usize)) -> bool {
        self.mentions.get(rel.1).is_some_and(|m| m.words == "of") && self.words(rel.0).ends_with("cy")
    }

    /// A number of steps that was said.
    pub fn steps(&self) -> Option<u32> {
        let at = self.place_any(&[W::Step, W::Hops])?;
        let number = |k: Option<usize>| k.and_then(|k| self.mentions.get(k)).and_then(|m| m.number.as_ref()).map(|(v, _)| *v as u32);
        number(at.checked_sub(1)).or_else(|| match at.checked_sub(1).map(|k| self.words(k)) {
            Some("two" | "두") => Some(2),
            Some("three" | "세") => Some(3),
            _ => None,
        })
    }

    /// Names, systems and kinds that no relation joined: possession and conditions.
    fn finish(&mut self, units: Vec<Unit>, built: &mut Built) {
        let mut set: Option<ItemSet> = None;
        let mut systems: Option<(String, Vec<String>, Vec<String>)> = None;
        let mut kinds: Vec<(Vec<String>, Vec<Condition>, usize)> = Vec::new();
        let mut sets = 0;
        for u in units {
            match u {
                Unit::Set { set: s, .. } => {
                    sets += 1;
                    set = match set {
                        None => Some(s),
                        Some(mut old) => match (old.named().map(<[String]>::to_vec), s.named().map(<[String]>::to_vec)) {
                            (Some(mut a), Some(b)) => {
                                a.extend(b.into_iter().filter(|c| !a.contains(c)).collect::<Vec<_>>());
                                old.start = Start::Codes(a);
                                Some(old)
                            }
                            (Some(_), None) => Some(s),
                            _ => Some(old),
                        },
                    };
                }
                Unit::System { field, values, items, .. } => {
                    systems = match systems {
                        None => Some((field, values, items)),
                        Some((f, mut v, mut it)) => {
                            v.extend(values);
                            it.extend(items);
                            Some((f, v, it))
                        }
                    };
                }
                Unit::Kind { kinds: k, filter, from, .. } => kinds.push((k, filter, from)),
                Unit::Rel { .. } => {}
            }
        }
        built.any |= sets > 0 || systems.is_some();
        let (named_kinds, filter) = merge_kinds(&kinds);
        match set {
            Some(s) => built.set = self.possessed(s, named_kinds, filter),
            None => {
                let system_kinds = self.are_systems(&named_kinds);
                match systems.take() {
                    Some((field, values, items)) if (named_kinds.is_empty() || system_kinds) && filter.is_empty() => {
                        built.system_alone = Some(field.clone());
                        built.set = if items.is_empty() || self.by_value_meant() {
                            ItemSet::fitting(vec![one_of(&field, &values)])
                        } else {
                            ItemSet::codes(items)
                        };
                    }
                    Some((field, values, _)) => {
                        let mut all = kind_filter(&named_kinds, &filter);
                        all.push(one_of(&field, &values));
                        built.set = ItemSet::fitting(all);
                    }
                    None => built.set = ItemSet::fitting(kind_filter(&named_kinds, &filter)),
                }
            }
        }
        if let Some((field, values, _)) = systems
            && !matches!(built.set.start, Start::Codes(_))
        {
            built.set.filter.push(one_of(&field, &values));
        }
        built.any |= !built.set.is_all();
    }

    /// A system named alone stands for what belongs to it where records or members are asked for.
    fn by_value_meant(&self) -> bool {
        matches!(self.domain, Domain::Record(_))
            || (self.has_any(&[W::Count, W::List, W::Thing, W::Each, W::Avg, W::Sum]) && !self.parts.iter().enumerate().any(|(i, p)| matches!(p, Part::Field(_)) && !self.used[i]))
    }

    /// `X의 서버`, `the OS of X`: items of a kind that belong to X.
    fn possessed(&self, set: ItemSet, kinds: Vec<String>, filter: Vec<Condition>) -> ItemSet {
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
        let (types, depth) = if joined.is_empty() && !self.index.vocabulary().links.is_empty() { (Vec::new(), 0) } else { (joined, 1) };
        let direction = if depth == 0 { Direction::Out } else { Direction::Both };
        let hop = Hop { from: set, types, direction, depth, least: 1, impact: None, not_start: true };
        ItemSet { start: Start::Hop(Box::new(hop)), filter: kind_filter(&kinds, &filter), ..ItemSet::default() }
    }

    fn may_narrow(&self, set: &ItemSet) -> bool {
        set.kinds().is_empty()
    }

    /// A pronoun: its place, what it points to, and how many mentions it takes (`그 WAS`).
    fn pointing(&self) -> Option<(usize, ItemSet, usize)> {
        if !self.focus.any {
            return None;
        }
        let explicit = self.parts.iter().any(|p| matches!(p, Part::Items(_) | Part::Prefix(_)));
        let at = self.mentions.iter().enumerate().position(|(i, m)| self.parts[i] == Part::Word && m.any(&[W::It, W::Those]) && !self.relative(i))?;
        let kind = self.parts.get(at + 1).and_then(|p| match p {
            Part::Kinds(kinds) => Some(kinds.clone()),
            _ => None,
        });
        let thing = self.mentions.get(at + 1).is_some_and(|m| m.is(W::Thing));
        let those = self.mentions[at].is(W::Those);
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
            let fits = |c: &&String| self.index.item_by_code(c).is_some_and(|item| kinds.contains(&item.kind));
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
    fn answer_is_meant(&self, code: &str) -> bool {
        match &self.focus.set {
            Some(set) => match set.named() {
                Some(codes) => !codes.iter().any(|c| c == code) && codes.len() != 1,
                None => true,
            },
            None => true,
        }
    }

    /// `that`, `which` and `this` before a time or a verb are no pronouns.
    fn relative(&self, i: usize) -> bool {
        let m = &self.mentions[i];
        if !matches!(m.words.as_str(), "that" | "this" | "이" | "저") {
            return false;
        }
        let before = i.checked_sub(1).map(|k| &self.parts[k]);
        let after = self.parts.get(i + 1);
        matches!(before, Some(Part::Kinds(_) | Part::Items(_) | Part::Rec | Part::System { .. }))
            || matches!(after, Some(Part::Rel { .. } | Part::Time))
            || (i > 0 && self.mentions[i - 1].is(W::Thing))
    }
}

/// The other way.
pub fn flip(direction: Direction) -> Direction {
    match direction {
        Direction::Out => Direction::In,
        Direction::In => Direction::Out,
        Direction::Both => Direction::Both,
    }
}

/// A field is one of the values.
pub fn one_of(field: &str, values: &[String]) -> Condition {
    match values {
        [one] => Condition::new(field, Op::Eq, one.clone()),
        many => Condition::new(field, Op::In, json!(many)),
    }
}

/// The conditions a kind with its filter comes to.
pub fn kind_filter(kinds: &[String], filter: &[Condition]) -> Vec<Condition> {
    let mut out = Vec::new();
    if !kinds.is_empty() {
        out.push(one_of("kind", kinds));
    }
    out.extend(filter.iter().cloned());
    out
}

fn kind_set(kinds: &[String], filter: Vec<Condition>) -> ItemSet {
    ItemSet::fitting(kind_filter(kinds, &filter))
}

fn merge_kinds(kinds: &[(Vec<String>, Vec<Condition>, usize)]) -> (Vec<String>, Vec<Condition>) {
    let mut out: Vec<String> = Vec::new();
    let mut filter: Vec<Condition> = Vec::new();
    for (k, f, _) in kinds {
        out.extend(k.iter().filter(|x| !out.contains(x)).cloned().collect::<Vec<_>>());
        filter.extend(f.iter().filter(|c| !filter.contains(c)).cloned().collect::<Vec<_>>());
    }
    (out, filter)
}
