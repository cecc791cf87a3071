//! The set of items a question is about: names, kinds, values and relations put together.

use model::{Condition, Op, graph::Direction};
use serde_json::json;

use super::{Domain, Part, Reader};
use crate::{
    generate::grouped_by_field,
    lexicon::{W, relations::Turn},
    logic::{Ask, ItemSet, Start},
    text::hangul::Josa,
};

/// A piece of the question that takes part in choosing items.
#[derive(Debug, Clone)]
pub(super) enum Unit {
    Set {
        set: ItemSet,
        case: Option<Josa>,
        from: usize,
        to: usize,
    },
    System {
        field: String,
        values: Vec<String>,
        items: Vec<String>,
        case: Option<Josa>,
        from: usize,
        to: usize,
    },
    Kind {
        kinds: Vec<String>,
        filter: Vec<Condition>,
        case: Option<Josa>,
        from: usize,
        to: usize,
    },
    Rel {
        family: String,
        types: Vec<String>,
        turn: Turn,
        exact: bool,
        from: usize,
        to: usize,
    },
}

impl Unit {
    pub(super) fn span(&self) -> (usize, usize) {
        match self {
            Self::Set { from, to, .. }
            | Self::System { from, to, .. }
            | Self::Kind { from, to, .. }
            | Self::Rel { from, to, .. } => (*from, *to),
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
                Unit::Set { set, .. } => {
                    built.names.extend(set.named().map(<[String]>::to_vec).unwrap_or_default())
                }
                Unit::Kind { kinds, .. } => built.kinds.push(kinds.clone()),
                Unit::System { items, .. } => built.names.extend(items.clone()),
                Unit::Rel { .. } => {}
            }
        }
        self.own_condition(&mut units, &mut built);
        self.follow(&mut units, &mut built);
        self.finish(units, &mut built);
        built
    }

    /// `OS가 8.4인 서버`: what is said of one kind narrows another that it belongs to.
    fn own_condition(&self, units: &mut Vec<Unit>, built: &mut Built) {
        let mut k = 0;
        while k + 1 < units.len() {
            let owned = match (&units[k], &units[k + 1]) {
                (
                    Unit::Kind { kinds: a, filter: fa, case: Some(Josa::Subject), from, .. },
                    Unit::Kind { kinds: b, filter: fb, case, to, .. },
                ) if !a.is_empty() && !b.is_empty() && !fa.is_empty() && a.iter().all(|x| !b.contains(x)) => {
                    // Nothing but the condition stands between them.
                    let (behind, next) = (units[k].span().1, units[k + 1].span().0);
                    let said = (behind..next)
                        .any(|i| self.used[i] && matches!(self.parts[i], Part::Value(..) | Part::Number));
                    let bare = (behind..next).all(|i| {
                        self.used[i]
                            || matches!(self.parts[i], Part::Word | Part::Unknown)
                                && !self.mentions[i].any(&[W::And, W::Or])
                    });
                    let mine = fa.iter().all(|c| super::parts::kinds_have(self.index, a, &c.field));
                    (said && bare && mine && next - behind <= 4).then(|| {
                        let set = self.possessed(kind_set(a, fa.clone()), b.clone(), fb.clone());
                        Unit::Set { set, case: *case, from: *from, to: *to }
                    })
                }
                _ => None,
            };
            if let Some(unit) = owned {
                units[k] = unit;
                units.remove(k + 1);
                built.hopped = true;
                built.any = true;
            } else {
                k += 1;
            }
        }
    }

    fn units(&mut self) -> Vec<Unit> {
        let mut out: Vec<Unit> = Vec::new();
        let it = self.pointing();
        for i in 0..self.parts.len() {
            let case = self.mentions[i].case();
            if let Some((at, set, len)) = &it
                && (*at..at + len).contains(&i)
            {
                if i == *at {
                    let last = self.mentions.get(i + len - 1).and_then(|m| m.case()).or(case);
                    out.push(Unit::Set { set: set.clone(), case: last, from: i, to: i + len });
                }
                continue;
            }
            if self.used[i] && !matches!(self.parts[i], Part::Value(..)) {
                continue;
            }
            match self.parts[i].clone() {
                Part::Items(codes) => {
                    let (w, c) = (self.words(i).to_owned(), codes.join(", "));
                    self.because(&w, "ci", c);
                    out.push(Unit::Set { set: ItemSet::codes(codes), case, from: i, to: i + 1 });
                }
                Part::Set(set) => out.push(Unit::Set { set, case, from: i, to: i + 1 }),
                Part::Prefix(prefix) => {
                    let set = ItemSet::fitting(vec![Condition::new("code", Op::Prefix, prefix)]);
                    out.push(Unit::Set { set, case, from: i, to: i + 1 });
                }
                Part::System { field, value, item } => {
                    let w = self.words(i).to_owned();
                    self.because(&w, "value", format!("{field} = {value}"));
                    out.push(Unit::System {
                        field,
                        values: vec![value],
                        items: item.into_iter().collect(),
                        case,
                        from: i,
                        to: i + 1,
                    });
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
                    // `의존 당하는`: the passive of it.
                    let passive = self
                        .mentions
                        .get(i + 1)
                        .is_some_and(|m| m.words.starts_with("당하") || m.words.starts_with("당한"));
                    let (turn, to) = match (passive, turn) {
                        (true, Turn::Plain) => (Turn::Flip, i + 2),
                        (true, _) => (turn, i + 2),
                        _ => (turn, i + 1),
                    };
                    out.push(Unit::Rel { family, types, turn, exact, from: i, to });
                }
                Part::Word if self.mentions[i].is(W::Thing) && !self.mentions[i].is(W::Filler) => {
                    out.push(Unit::Kind { kinds: Vec::new(), filter: Vec::new(), case, from: i, to: i + 1 });
                }
                _ => {}
            }
        }
        if let Some((at, _, len)) = &it {
            let w = (*at..at + len).map(|k| self.words(k)).collect::<Vec<_>>().join(" ");
            self.because(&w, "context", "");
            self.pointed = Some((*at, at + len));
        }
        // Conditions go to the kind they stand beside.
        let conditions = std::mem::take(&mut self.item_conditions);
        for (at, condition) in conditions {
            let ahead = out
                .iter()
                .position(|u| matches!(u, Unit::Kind { from, .. } if *from > at && *from - at <= 4));
            let behind = out.iter().rposition(|u| matches!(u, Unit::Kind { from, .. } if *from < at));
            let blocked = ahead.is_some_and(|k| {
                let (from, _) = out[k].span();
                out.iter().any(|u| !matches!(u, Unit::Kind { .. }) && u.span().0 > at && u.span().0 < from)
            });
            let english = self.mentions[at].words.is_ascii() && self.lang == model::Lang::En;
            let adjacent = ahead.is_some_and(|k| out[k].span().0 <= at + if english { 2 } else { 4 });
            let target = match (ahead.filter(|_| adjacent && !blocked), behind) {
                (Some(k), None) => Some(k),
                (Some(k), Some(b)) => {
                    Some(if english && at - out[b].span().0 <= 4 && out[k].span().0 > at + 1 { b } else { k })
                }
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
                    // `톰캣 위에서 도는 앱`: what has such a value, where a relation leads on from it.
                    let related = out.iter().any(|u| matches!(u, Unit::Rel { .. }))
                        && out.iter().any(|u| matches!(u, Unit::Kind { kinds, .. } if !kinds.is_empty()));
                    let kinds = if related { self.kinds_with(&condition) } else { Vec::new() };
                    out.insert(
                        place,
                        Unit::Kind { kinds, filter: vec![condition], case: None, from: at, to: at + 1 },
                    );
                }
            }
        }
        out
    }

    /// The kinds of the items that have a value; none when they are many.
    fn kinds_with(&self, condition: &Condition) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        if condition.op != Op::Eq {
            return out;
        }
        for item in &self.index.vocabulary().items {
            if item.fields.get(&condition.field) == Some(&condition.value) && !out.contains(&item.kind) {
                out.push(item.kind.clone());
            }
        }
        if out.len() > 3 {
            out.clear();
        }
        out
    }

    /// `빼고`, `제외` behind a kind, `except` before it.
    pub(super) fn left_out(&self, i: usize) -> bool {
        let after = self.mentions[i + 1..].iter().take(3).take_while(|m| !m.named());
        let mut before =
            (1..=3).filter_map(|d| i.checked_sub(d)).map(|k| &self.mentions[k]).take_while(|m| !m.named());
        after.clone().any(|m| m.is(W::Not) && !m.words.is_ascii() && m.words != "아닌")
            || before.any(|m| m.is(W::Not) && m.words.is_ascii() && m.words != "not")
    }

    /// The kinds of the members of a set, where they can be told.
    pub fn kinds_of(&self, set: &ItemSet) -> Vec<String> {
        let own = set.kinds();
        if !own.is_empty() {
            return own;
        }
        match &set.start {
            Start::Codes(codes) => {
                let mut out: Vec<String> = Vec::new();
                for item in codes.iter().filter_map(|c| self.index.item_by_code(c)) {
                    if !out.contains(&item.kind) {
                        out.push(item.kind.clone());
                    }
                }
                out
            }
            Start::Best(ask) => self.kinds_of_best(ask),
            _ => Vec::new(),
        }
    }

    /// The kinds of what a ranking names.
    fn kinds_of_best(&self, ask: &Ask) -> Vec<String> {
        let system = self.index.role(model::schema::FieldRole::System).map(|f| f.key.clone());
        if let Some(field) = grouped_by_field(ask) {
            return if Some(field) == system { self.index.system_kinds() } else { Vec::new() };
        }
        match ask {
            Ask::Items(set, _) => self.kinds_of(set),
            Ask::Records(records, _) => records.of.as_ref().map(|s| self.kinds_of(s)).unwrap_or_default(),
            Ask::Edges { source, target, by, .. } => {
                self.kinds_of(if by.as_deref() == Some("target") { target } else { source })
            }
            Ask::Metric(set, _) => {
                let own = set.of.as_ref().map(|s| self.kinds_of(s)).unwrap_or_default();
                let key = self.index.catalogue().metrics.get(set.metric).map(|m| m.key.as_str());
                let measured = key.and_then(|k| self.index.vocabulary().measured.get(k));
                match measured {
                    Some(codes) if own.is_empty() => self.kinds_of(&ItemSet::codes(codes.clone())),
                    _ => own,
                }
            }
            _ => Vec::new(),
        }
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
                        Some(mut old) => {
                            match (old.named().map(<[String]>::to_vec), s.named().map(<[String]>::to_vec)) {
                                (Some(mut a), Some(b)) => {
                                    a.extend(b.into_iter().filter(|c| !a.contains(c)).collect::<Vec<_>>());
                                    old.start = Start::Codes(a);
                                    Some(old)
                                }
                                (Some(_), None) => Some(s),
                                // Both hold: `A에 연결되고 B를 쓰는 서버`.
                                (None, None) if s.kinds().is_empty() => {
                                    old.inside.push(s);
                                    Some(old)
                                }
                                (None, None) => {
                                    let mut s = s;
                                    s.inside.push(old);
                                    Some(s)
                                }
                                _ => Some(old),
                            }
                        }
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
                    Some((field, values, items))
                        if (named_kinds.is_empty() || system_kinds) && filter.is_empty() =>
                    {
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
            || (self.has_any(&[W::Count, W::List, W::Thing, W::Each, W::Avg, W::Sum])
                && !self.parts.iter().enumerate().any(|(i, p)| matches!(p, Part::Field(_)) && !self.used[i]))
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

pub(super) fn kind_set(kinds: &[String], filter: Vec<Condition>) -> ItemSet {
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
