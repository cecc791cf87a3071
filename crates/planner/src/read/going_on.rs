//! Questions that go on from the last one, and what beside the kinds named is meant.

use model::{Condition, Op, schema::FieldRole};

use super::{Part, Reader, sets::Built};
use crate::{
    lexicon::W,
    logic::{Ask, ItemSet, Reduce, Start, Want},
};

impl Reader<'_> {
    /// `OS 종류별 서버 수`: kinds of one kind as groups of another; what tells them apart is not said.
    pub(super) fn kinds_of_a_kind(&self, by: &[String]) -> Option<String> {
        let at = (1..self.parts.len()).find(|&i| {
            self.mentions[i].is(W::KindOf)
                && matches!(&self.parts[i - 1], Part::Kinds(k) if !self.are_systems(k))
                && self.mentions[i - 1].josa.is_empty()
        })?;
        let others = self.parts.iter().enumerate().any(|(k, p)| k != at - 1 && matches!(p, Part::Kinds(_)));
        (others && by.iter().any(|b| b == "kind")).then(|| self.words(at - 1).to_owned())
    }

    /// `what happened yesterday?`, `어제 무슨 일 있었어?`: records of every kind.
    pub(super) fn read_everything(&self, built: &Built) -> Option<Ask> {
        let window = self.window()?;
        let text = self.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        let asks =
            ["무슨 일", "무슨일", "어떤 일", "happened", "happen", "went on", "going on", "뭔 일", "별일"];
        if !asks.iter().any(|a| text.contains(a)) {
            return None;
        }
        let of = built.any.then(|| built.set.clone()).filter(|s| !s.is_all());
        let mut out = Vec::new();
        for (kind, r) in self.index.catalogue().records.iter().enumerate() {
            if r.count == 0 || r.covers.is_some_and(|c| crate::logic::outside(&window, c)) {
                continue;
            }
            let set = crate::logic::RecordSet {
                kind,
                of: of.clone(),
                filter: Vec::new(),
                window: Some(window.clone()),
                after: None,
            };
            out.push((String::new(), Ask::Records(set.clone(), Want::Number(Reduce::Count))));
            out.push((String::new(), Ask::Newest { set, n: 5, newest: true, fields: Vec::new() }));
        }
        (!out.is_empty()).then_some(Ask::Both(out))
    }

    /// `how many TB does X hold`: the unit says which field is meant.
    pub(super) fn field_of_unit(&self) -> Option<String> {
        if let Some(field) = self.size_asked() {
            return Some(field);
        }
        let at = self.place(W::Count)?;
        let unit = (at + 1..=at + 2).find(|&j| super::numbers::is_unit(self.words(j)))?;
        match self.by_unit(self.words(unit))? {
            (false, field) => Some(field),
            _ => None,
        }
    }

    /// `how big is it`, `얼마나 커`: the one field of the item that is measured in bytes.
    fn size_asked(&self) -> Option<String> {
        let asked = (0..self.mentions.len()).any(|i| {
            let word = self.words(i);
            let size = matches!(word, "big" | "large" | "크기" | "용량")
                || ["커", "큰", "크"].iter().any(|w| word.starts_with(w)) && word.chars().count() <= 4;
            let how = i > 0 && matches!(self.words(i - 1), "how" | "얼마나" | "얼만큼");
            size && how || matches!(word, "how big" | "how large")
        });
        if !asked || self.parts.iter().any(|p| matches!(p, Part::Field(_) | Part::Attribute)) {
            return None;
        }
        let codes = self.parts.iter().find_map(|p| match p {
            Part::Items(codes) => Some(codes.clone()),
            _ => None,
        });
        let codes = codes.or_else(|| self.focus.set.as_ref()?.named().map(<[String]>::to_vec))?;
        let item = self.index.item_by_code(codes.first()?)?;
        let mut sizes = self.index.catalogue().fields.iter().filter(|f| {
            let unit = f.unit.to_lowercase();
            let end = f.key.to_lowercase();
            item.fields.get(&f.key).is_some_and(serde_json::Value::is_number)
                && ["tb", "gb", "mb", "tib", "gib", "mib"]
                    .iter()
                    .any(|u| unit == *u || unit.is_empty() && end.ends_with(&format!("_{u}")))
        });
        match (sizes.next(), sizes.next()) {
            (Some(f), None) => Some(f.key.clone()),
            _ => None,
        }
    }

    /// The kind is named in the singular.
    pub(super) fn singular_kind(&self) -> bool {
        self.parts
            .iter()
            .enumerate()
            .filter(|(_, p)| matches!(p, Part::Kinds(_)))
            .all(|(i, _)| !self.words(i).ends_with('s') || matches!(self.words(i), "os" | "was" | "dbms"))
    }

    /// `ERP 서버 몇 대?` – `MES는?`: the last set with another value.
    pub(super) fn turned(&self, built: &Built) -> Option<ItemSet> {
        let old = self.focus.set.as_ref().filter(|s| s.is_plain() && !s.filter.is_empty())?;
        if self.has_any(&[W::Those, W::It]) || self.mentions.len() > 5 || built.hopped || !built.any {
            return None;
        }
        let new: Vec<Condition> = match (&built.system_alone, built.set.named()) {
            (Some(field), Some(codes)) => {
                let values: Vec<String> = codes
                    .iter()
                    .filter_map(|c| self.index.item_by_code(c))
                    .filter_map(|x| x.fields.get(field).and_then(|v| v.as_str()).map(str::to_owned))
                    .collect();
                vec![super::sets::one_of(field, &values)]
            }
            _ if built.set.is_plain() && built.kinds.iter().all(Vec::is_empty) => built.set.filter.clone(),
            _ => return None,
        };
        let same = |c: &Condition| c.field != "code" && old.filter.iter().any(|o| o.field == c.field);
        if new.is_empty() || !new.iter().all(same) {
            return None;
        }
        let mut set = old.clone();
        set.filter.retain(|o| !new.iter().any(|c| c.field == o.field));
        set.filter.extend(new);
        Some(set)
    }

    /// `only the ones in zone-a`, `cisco만`: the last set, narrowed by what is said now.
    pub(super) fn narrowed(&self, built: &Built) -> Option<ItemSet> {
        let old = self.focus.set.as_ref()?;
        let only = self.mentions.iter().enumerate().any(|(i, m)| {
            m.words == "only" && i <= 2
                || m.words == "just" && i == 0
                || m.josa.contains(&crate::text::hangul::Josa::Only)
                || matches!(m.words.as_str(), "ones" | "것만" | "애들만" | "만")
        });
        let bare = built.kinds.iter().all(Vec::is_empty)
            && built.names.is_empty()
            && built.set.is_plain()
            && !built.hopped;
        if !only || !bare || built.set.filter.is_empty() || self.has_any(&[W::Those, W::It]) {
            return None;
        }
        let mut set = old.clone();
        for c in &built.set.filter {
            if !set.filter.contains(c) {
                set.filter.push(c.clone());
            }
        }
        Some(set)
    }

    /// What is left over is asked for: `나머지는?`, `and the rest?`, `그거 말고 다른 건?`.
    fn asks_the_rest(&self) -> bool {
        let rest = |m: &crate::scan::Mention| {
            m.is(W::Other) && matches!(m.words.as_str(), "나머지" | "rest" | "others" | "other ones")
        };
        let but_those = self.mentions.iter().enumerate().any(|(i, m)| {
            m.any(&[W::It, W::Those])
                && (self.mentions.get(i + 1).is_some_and(|n| n.is(W::Not) && !n.words.is_ascii())
                    || m.words.is_ascii() && i > 0 && self.mentions[i - 1].is(W::Not))
        });
        self.focus.any && (self.mentions.iter().any(rest) || but_those)
    }

    /// The items the last question left out.
    pub(super) fn the_rest(&mut self) -> Option<ItemSet> {
        let mut set = self.focus.set.clone().filter(|s| s.is_plain() && self.asks_the_rest())?;
        let own = self.kinds_of(&set);
        let same = self.parts.iter().all(|p| match p {
            Part::Kinds(kinds) => kinds.iter().all(|k| own.contains(k)),
            Part::Items(_) | Part::Set(_) | Part::Prefix(_) | Part::System { .. } | Part::Rel { .. } => false,
            _ => true,
        });
        if !same || !self.item_conditions.is_empty() {
            return None;
        }
        let last = set.filter.iter().rposition(|c| !matches!(c.field.as_str(), "kind" | "code"))?;
        set.filter[last].op = opposite(set.filter[last].op)?;
        self.turned_over = true;
        for i in 0..self.parts.len() {
            if self.mentions[i].any(&[W::It, W::Those, W::Not, W::Other]) {
                self.used[i] = true;
            }
        }
        Some(set)
    }

    /// `그 팀이 …`, `that person`: what the last question about records ranked and the answer named, as a condition.
    pub(super) fn take_named_before(&mut self, kind: usize) {
        let Some(Ask::Records(old, Want::TopGroups { by, .. })) = &self.focus.ask else { return };
        let [field] = by.as_slice() else { return };
        if field.starts_with("ci") || self.rec_conditions.iter().any(|(_, c)| c.field == *field) {
            return;
        }
        let (field, old_kind) = (field.clone(), old.kind);
        let at = super::turn::pointed_group(self.index, &self.mentions, &field).filter(|at| !self.used[*at]);
        let Some(at) = at else { return };
        let mut values: Vec<&String> = self
            .focus
            .values
            .iter()
            .filter(|(k, f, _)| *k == old_kind && *f == field)
            .map(|(.., v)| v)
            .collect();
        values.dedup();
        let [value] = values.as_slice() else { return };
        let value = (*value).clone();
        // Records of another kind may have the field as well.
        if self.index.rec_field(kind, &field).is_none() {
            return;
        }
        let words = self.words(at).to_owned();
        self.because(&words, "value", format!("{field} = {value}"));
        self.rec_conditions.push((at, Condition::new(field, Op::Eq, value)));
        for k in at..=at + 1 {
            self.used[k] = true;
            self.parts[k] = Part::Word;
        }
        self.pointed = Some((at, at + 2));
    }

    /// The records the last question left out.
    pub(super) fn the_other_records(&mut self) -> Option<crate::logic::RecordSet> {
        let mut set = self.focus.records.clone().filter(|_| self.asks_the_rest())?;
        let last = set.filter.last_mut()?;
        last.op = opposite(last.op)?;
        self.turned_over = true;
        Some(set)
    }

    /// `스토리지 중 … 시스템은?`: systems beside other kinds are what these belong to.
    pub(super) fn system_of_others(
        &self,
        set: &mut ItemSet,
        mut wanted: Vec<Vec<String>>,
    ) -> Vec<Vec<String>> {
        let Some(field) = self.index.role(FieldRole::System).map(|f| f.key.clone()) else { return wanted };
        let is_system = |k: &String| {
            self.index.systems.values().filter_map(|&i| self.index.item(i)).any(|x| x.kind == *k)
        };
        let kinds = set.kinds();
        let others: Vec<String> = kinds.iter().filter(|k| !is_system(k)).cloned().collect();
        let ranked = self.has_any(&[W::Max, W::Min, W::Most, W::Fewest]);
        let number = wanted.iter().flatten().any(|f| self.is_number(f));
        if others.is_empty() || others.len() == kinds.len() || (ranked && !number) {
            return wanted;
        }
        set.filter.retain(|c| c.field != "kind");
        set.filter.insert(0, super::sets::one_of("kind", &others));
        if !self.has(W::Count) {
            wanted.push(vec![field]);
        }
        wanted
    }

    /// `cisco랑 arista 몇 대씩`: values set side by side are groups.
    pub(super) fn side_by_side(&self, set: &ItemSet) -> Vec<String> {
        // `서버 수와 앱 수`: each of them is counted.
        let counts = self
            .mentions
            .iter()
            .enumerate()
            .filter(|(i, m)| {
                m.is(W::Count) && self.parts[*i] == Part::Word && !matches!(m.words.as_str(), "총" | "total")
            })
            .count();
        let each = self.has_any(&[W::Either, W::Compare, W::Each])
            || counts > 1
            || self.mentions.iter().any(|m| m.words == "씩");
        let several = |c: &&Condition| {
            c.op == Op::In && c.field != "code" && c.value.as_array().is_some_and(|l| l.len() > 1)
        };
        match set.filter.iter().find(several) {
            Some(c)
                if each
                    && (self.has(W::Count) || self.has(W::Either))
                    && (c.field != "kind"
                        || self.parts.iter().filter(|p| matches!(p, Part::Kinds(_))).count() > 1) =>
            {
                vec![c.field.clone()]
            }
            _ => Vec::new(),
        }
    }

    /// `what about X?`: the same question of something else.
    pub fn same_again(&self, set: &ItemSet) -> Option<Ask> {
        match self.focus.ask.clone()? {
            Ask::Items(old, want) => Some(Ask::Items(rerooted(&old, set), want)),
            Ask::Records(mut r, want) => {
                r.of = Some(set.clone());
                Some(Ask::Records(r, want))
            }
            Ask::Newest { set: mut r, n, newest, fields } => {
                r.of = Some(set.clone());
                Some(Ask::Newest { set: r, n, newest, fields })
            }
            Ask::Metric(mut m, want) => {
                m.of = Some(set.clone());
                Some(Ask::Metric(m, want))
            }
            _ => None,
        }
    }

    /// A question that goes on from the last one.
    pub fn goes_on(&self) -> bool {
        self.focus.any
            && (self.has_any(&[W::Those, W::It, W::About])
                || self
                    .mentions
                    .first()
                    .is_some_and(|m| m.any(&[W::Then, W::And, W::About]) && m.senses.len() <= 3))
    }
}

/// What does not fit where the other does.
pub(super) fn opposite(op: Op) -> Option<Op> {
    Some(match op {
        Op::Eq => Op::Ne,
        Op::Ne => Op::Eq,
        Op::In => Op::NotIn,
        Op::NotIn => Op::In,
        Op::Ge => Op::Lt,
        Op::Lt => Op::Ge,
        Op::Gt => Op::Le,
        Op::Le => Op::Gt,
        Op::Exists => Op::Missing,
        Op::Missing => Op::Exists,
        Op::Prefix | Op::Contains => return None,
    })
}

/// The same relations from another start, where the old set followed some.
fn rerooted(old: &ItemSet, new: &ItemSet) -> ItemSet {
    match &old.start {
        Start::Hop(hop) => {
            let mut hop = hop.as_ref().clone();
            hop.from = rerooted(&hop.from, new);
            ItemSet { start: Start::Hop(Box::new(hop)), ..old.clone() }
        }
        _ => new.clone(),
    }
}
