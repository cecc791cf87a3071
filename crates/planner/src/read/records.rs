//! Questions about records: events, maintenance, changes, tickets, whatever the estate keeps.

use model::{
    Condition, Op,
    schema::{FieldRole, FieldType},
};

use super::{Part, Reader, Trouble, sets::Built};
use crate::{
    dictionary::group_of,
    lexicon::W,
    logic::{Ask, ItemSet, RecordSet, Recorded, Reduce, Start, Want, outside},
    text::squash,
};

impl Reader<'_> {
    /// Reads a question about records of a kind.
    pub fn read_records(&mut self, kind: usize) -> Result<Ask, Trouble> {
        let explicit = self.parts.contains(&Part::Rec);
        let best = self.best_items();
        let mut by = self.take_groups();
        let number = self.number_wanted(kind);
        let versus = self.times.windows.len() == 2
            || self.has_any(&[W::Difference, W::Compare]) && !self.has(W::Either) && self.pairs_named();
        let compared = if by.is_empty() && !versus { self.compared_dimension() } else { None };
        let top =
            if by.is_empty() && compared.is_none() && !versus { self.top_dimension(number.is_some()) } else { None };
        if let Some(dimension) = compared {
            by.push(dimension);
        }
        if let Some(dimension) = top.clone() {
            by.push(dimension);
        }
        let item_fields = self.take_fields();
        let fields = self.record_fields(kind);
        let built = self.build_set();
        let mut set = self.record_set(kind, &built);
        if let Some((field, desc)) = best {
            let rows = Ask::Items(built.set.clone(), Want::TopRows { field, n: 1, desc, place: false, fields: Vec::new() });
            set.of = Some(ItemSet { start: Start::Best(Box::new(rows)), ..ItemSet::default() });
        }
        let earlier = self.earlier(kind, explicit, &built);
        let new_conditions: Vec<Condition> = self.rec_conditions.iter().map(|(_, c)| c.clone()).collect();
        let share_part = self.share_part(kind, earlier.is_some());
        if let Some(old) = &earlier {
            set = self.continued(set, old.clone(), &built);
        }
        if let Some(window) = &set.window
            && let Some(covers) = self.index.catalogue().records.get(kind).and_then(|r| r.covers)
            && outside(window, covers)
        {
            let what = self
                .index
                .catalogue()
                .records
                .get(kind)
                .map(|r| r.label.get(self.lang).to_owned())
                .unwrap_or_default();
            return Err(Trouble::OutsideData { what, window: window.clone(), covers });
        }
        if let Some(ask) = self.without_or_with(&set, &built, earlier.is_some()) {
            return Ok(ask);
        }
        if let Some(ask) = self
            .two_periods(&set, number.as_deref(), &by)
            .or_else(|| self.two_parts(&set, number.as_deref(), &by))
        {
            return Ok(ask);
        }
        if let Some(other) = self.second_kind(kind) {
            let one = |k: usize| {
                let set = RecordSet { kind: k, ..set.clone() };
                (String::new(), Ask::Records(set, Want::Number(Reduce::Count)))
            };
            return Ok(Ask::Both(vec![one(kind), one(other)]));
        }
        if let Some(having) = self.how_many.clone() {
            let by = if by.is_empty() { vec![self.what_counts(&built)] } else { by };
            return Ok(Ask::Records(set, Want::GroupsThat { by, measure: Reduce::Count, having }));
        }
        let outcome_rate = self.has(W::Share);
        // `심각도별 건수와 비율`: of all of them.
        if outcome_rate && share_part.as_ref().is_none_or(Vec::is_empty) && !by.is_empty() && top.is_none() {
            return Ok(Ask::Records(set, Want::Groups { by, measure: Reduce::Percent }));
        }
        if outcome_rate && let Some(part) = share_part {
            let mut whole = set.clone();
            whole.filter.retain(|c| !part.contains(c));
            let measure = Reduce::Share(part);
            if !by.is_empty() {
                return Ok(Ask::Records(whole, self.grouped(by, measure)));
            }
            return Ok(Ask::Records(whole, Want::Number(measure)));
        }
        if let Some((by, over)) = self.per_each(&by, number.as_deref()) {
            return Ok(Ask::Records(set, Want::Overall { by, measure: Reduce::Count, over }));
        }
        if let Some(field) = &number {
            let several = self.reductions();
            let mut measures: Vec<Reduce> =
                several.iter().map(|f| Reduce::Of((*f).to_owned(), field.clone())).collect();
            if several.is_empty()
                && self.has_any(&[W::Avg, W::Sum, W::Median])
                && self.count_beside()
                && let Some(own) = self.record_reduction(number.as_deref())
            {
                measures = vec![Reduce::Count, own];
            }
            if !measures.is_empty() {
                let each = |measure: Reduce| {
                    let want = if by.is_empty() {
                        Want::Number(measure)
                    } else {
                        Want::Groups { by: by.clone(), measure }
                    };
                    (String::new(), Ask::Records(set.clone(), want))
                };
                return Ok(Ask::Both(measures.into_iter().map(each).collect()));
            }
        }
        let reduce = self.record_reduction(number.as_deref());
        if top.is_some() || !by.is_empty() {
            let measure = reduce.unwrap_or(if self.has(W::Share) {
                Reduce::Share(new_conditions)
            } else {
                Reduce::Count
            });
            let ask = Ask::Records(set, self.grouped(by.clone(), measure));
            if !item_fields.is_empty()
                && (by == ["ci"] || matches!(by.as_slice(), [one] if one.starts_with("ci.")))
            {
                let best = ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() };
                let keys = item_fields.iter().map(|l| self.field_for(l, &built.set)).collect();
                return Ok(Ask::Then(Box::new(ask), Box::new(Ask::Items(best, Want::Fields(keys)))));
            }
            return Ok(ask);
        }
        if let Some(f) = number.clone()
            && self.has_any(&[W::Max, W::Min, W::Longest, W::Shortest, W::Most, W::Fewest])
        {
            let desc = !self.has_any(&[W::Min, W::Shortest, W::Fewest]);
            if reduce.is_none() || self.asks_record() {
                return Ok(Ask::Records(set, Want::TopRows { field: f, n: self.n(), desc, place: self.place_only, fields }));
            }
        }
        if let Some(reduce) = reduce {
            return Ok(Ask::Records(set, Want::Number(reduce)));
        }
        if self.has_any(&[W::Longest, W::Shortest])
            && let Some(f) = self.index.rec_role(kind, FieldRole::Duration)
        {
            let desc = self.has(W::Longest);
            return Ok(Ask::Records(set, Want::TopRows { field: f.key.clone(), n: self.n(), desc, place: self.place_only, fields }));
        }
        let newest = self.has(W::Latest);
        if newest || self.has(W::Earliest) {
            return Ok(Ask::Newest { set, n: self.n(), newest, fields: self.newest_fields(kind, fields) });
        }
        let duration_asked = fields
            .iter()
            .any(|f| self.index.rec_field(kind, f).is_some_and(|d| d.role == Some(FieldRole::Duration)));
        if self.has(W::Count) && !(duration_asked && self.is_short(&set)) {
            return Ok(Ask::Records(set, Want::Number(Reduce::Count)));
        }
        let polar = self.lang == model::Lang::En
            && self.mentions.first().is_some_and(|m| {
                matches!(m.words.as_str(), "did" | "does" | "do" | "has" | "have" | "had" | "is" | "are" | "was" | "were")
            });
        if (self.has(W::Exists) || polar)
            && !self.has_any(&[W::Which, W::List, W::When, W::Who])
            && fields.is_empty()
        {
            return Ok(Ask::Records(set, Want::Exists(true)));
        }
        if let (Some(_), Some(ask)) = (&earlier, &self.focus.ask)
            && fields.is_empty()
            && !self.has_any(&[W::List, W::When, W::Who])
        {
            return Ok(reapply(ask, set));
        }
        if self.has_any(&[W::When, W::Who]) || !fields.is_empty() && self.is_one_item(&built) {
            return Ok(Ask::Newest {
                set,
                n: if self.has(W::List) { 20 } else { 1 },
                newest: true,
                fields: self.newest_fields(kind, fields),
            });
        }
        if !item_fields.is_empty() && new_conditions.is_empty() && set.window.is_none() {
            let keys: Vec<String> = item_fields.iter().map(|l| self.field_for(l, &built.set)).collect();
            return Ok(Ask::Items(built.set.clone(), Want::Fields(keys)));
        }
        Ok(Ask::Records(set, Want::List(fields)))
    }

    fn is_short(&self, set: &RecordSet) -> bool {
        set.of.as_ref().is_some_and(|s| s.named().is_some())
            && !self.mentions.iter().any(|m| m.words.contains('건'))
    }

    fn is_one_item(&self, built: &Built) -> bool {
        built.any && !built.set.is_plain()
    }

    /// `which record`, `the longest work`: a record is wanted, not a value.
    fn asks_record(&self) -> bool {
        self.has_any(&[W::Which, W::List, W::Longest, W::Shortest]) || self.amount.is_some()
    }

    /// What has so many records: the kind named, else items.
    fn what_counts(&self, built: &Built) -> String {
        let systems =
            built.kinds.iter().flatten().any(|k| {
                self.index.systems.values().filter_map(|&i| self.index.item(i)).any(|x| x.kind == *k)
            });
        match self.index.role(FieldRole::System) {
            Some(f) if systems => format!("ci.{}", f.key),
            _ => "ci".to_owned(),
        }
    }

    /// The records of this question.
    fn record_set(&self, kind: usize, built: &Built) -> RecordSet {
        let of = built.any.then(|| built.set.clone()).filter(|s| !s.is_all());
        RecordSet {
            kind,
            of,
            filter: self.rec_conditions.iter().map(|(_, c)| c.clone()).collect(),
            window: self.window(),
        }
    }

    /// The records of an earlier question that this one goes on about.
    fn earlier(&self, kind: usize, explicit: bool, built: &Built) -> Option<RecordSet> {
        let old = self.focus.records.clone().filter(|r| r.kind == kind)?;
        let those = self.has(W::Those);
        let lonely = !built.any && !explicit;
        // Without a word of its own for what is counted, the question is about the same records.
        let unsaid = !explicit && self.rec_conditions.is_empty();
        (those && !built.any || lonely || unsaid || self.goes_on() && !explicit).then_some(old)
    }

    /// The earlier records, narrowed or turned by what this question says.
    fn continued(&self, new: RecordSet, old: RecordSet, built: &Built) -> RecordSet {
        let mut out = old;
        let narrowing = self.has(W::Those);
        for c in new.filter {
            if !narrowing {
                out.filter.retain(|o| o.field != c.field);
            }
            if !out.filter.contains(&c) {
                out.filter.push(c);
            }
        }
        if new.window.is_some() {
            out.window = new.window;
        }
        if built.any {
            out.of = match (out.of.take(), new.of) {
                (Some(mut old), Some(new)) if narrowing && old.is_plain() && new.is_plain() => {
                    old.filter.extend(new.filter);
                    Some(old)
                }
                (Some(mut old), Some(new)) if new.is_plain() && old.is_plain() => {
                    old.filter.retain(|o| !new.filter.iter().any(|n| n.field == o.field));
                    old.filter.extend(new.filter);
                    Some(old)
                }
                (_, new) => new,
            };
        }
        out
    }

    /// Fields of the records that are asked for.
    fn record_fields(&mut self, kind: usize) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for i in 0..self.parts.len() {
            if self.used[i] {
                continue;
            }
            if let Part::RecField(f) = &self.parts[i] {
                let f = f.clone();
                self.used[i] = true;
                let w = self.words(i).to_owned();
                self.because(&w, "field", f.clone());
                if !out.contains(&f) {
                    out.push(f);
                }
            }
        }
        if self.has(W::When) && !out.iter().any(|f| f == "at") {
            out.insert(0, "at".to_owned());
        }
        if self.has(W::Who)
            && !out.iter().any(|f| is_person(self.index.rec_field(kind, f)))
            && let Some(f) = self.person(kind)
        {
            out.push(f);
        }
        if self.has(W::KindOf)
            && let Some(f) = self.index.rec_role(kind, FieldRole::Category)
            && !out.contains(&f.key)
        {
            out.push(f.key.clone());
        }
        if self.mentions.iter().any(|m| m.any(&[W::Thing]) && m.words.starts_with("ci")) && self.has(W::Which)
        {
            out.push("ci".to_owned());
        }
        out
    }

    /// The field that tells who did it.
    fn person(&self, kind: usize) -> Option<String> {
        let fields = &self.index.catalogue().records.get(kind)?.fields;
        for concept in ["performer", "assignee", "requested by", "approved by"] {
            let words: Vec<String> = group_of(concept).into_iter().map(squash).collect();
            if let Some(f) = fields
                .iter()
                .find(|f| words.contains(&squash(&f.key)) || words.contains(&squash(&f.label.ko)))
            {
                return Some(f.key.clone());
            }
        }
        fields.iter().find(|f| f.role == Some(FieldRole::Owner)).map(|f| f.key.clone())
    }

    fn newest_fields(&self, kind: usize, fields: Vec<String>) -> Vec<String> {
        let _ = kind;
        fields
    }

    /// A number field the question reduces or ranks by.
    fn number_wanted(&self, kind: usize) -> Option<String> {
        let reducing = self.has_any(&[
            W::Avg,
            W::Sum,
            W::Median,
            W::Max,
            W::Min,
            W::Longest,
            W::Shortest,
            W::Most,
            W::Fewest,
            W::Value,
        ]) || self.percentile().is_some()
            || self.mentions.iter().any(|m| matches!(m.words.as_str(), "총" | "total" | "in total"));
        let named = self.parts.iter().enumerate().find_map(|(i, p)| match p {
            Part::RecField(f) if !self.used[i] && !self.is_each(i) => {
                self.index.rec_field(kind, f).filter(|d| d.r#type == FieldType::Number).map(|d| d.key.clone())
            }
            _ => None,
        });
        if named.is_some() {
            return named.filter(|_| reducing);
        }
        let duration = self.index.rec_role(kind, FieldRole::Duration).map(|f| f.key.clone());
        let time_words = self.mentions.iter().any(|m| {
            matches!(
                m.words.as_str(),
                "시간"
                    | "분"
                    | "걸린"
                    | "걸렸"
                    | "걸리"
                    | "how long"
                    | "long"
                    | "minutes"
                    | "hours"
                    | "took"
                    | "time"
                    | "take"
            )
        });
        if time_words && self.has_any(&[W::Avg, W::Sum, W::Median])
            || self.has_any(&[W::Longest, W::Shortest])
        {
            return duration;
        }
        None
    }

    /// `p95`, `95th percentile`.
    pub fn percentile(&self) -> Option<String> {
        self.mentions.iter().enumerate().find_map(|(i, m)| {
            let c = m.senses.iter().find_map(|(s, _)| match s {
                crate::dictionary::Sense::Concept(c)
                    if matches!(c.as_str(), "p50" | "p90" | "p95" | "p99") =>
                {
                    Some(c.clone())
                }
                _ => None,
            });
            c.or_else(|| ["p50", "p90", "p95", "p99"].into_iter().find(|p| m.words == *p).map(str::to_owned))
                .or_else(|| {
                    let (n, unit) = m.number.as_ref()?;
                    let next = self.words(i + 1);
                    ((unit == "th" && next.starts_with("percentile"))
                        || next.starts_with("퍼센타일")
                        || next.starts_with("분위")
                        || next.starts_with("백분위"))
                    .then(|| format!("p{}", *n as u32))
                })
        })
    }

    pub(super) fn record_reduction(&self, number: Option<&str>) -> Option<Reduce> {
        let f = number?.to_owned();
        if self.has(W::Avg) {
            return Some(Reduce::Of("avg".into(), f));
        }
        if self.has(W::Sum)
            || self.mentions.iter().any(|m| matches!(m.words.as_str(), "총" | "total" | "in total"))
                && !self.mentions.iter().any(|m| m.words.contains('건'))
        {
            return Some(Reduce::Of("sum".into(), f));
        }
        if self.has(W::Median) {
            return Some(Reduce::Of("p50".into(), f));
        }
        if let Some(p) = self.percentile() {
            return Some(Reduce::Of(p, f));
        }
        if self.has_any(&[W::Max]) && !self.asks_record() {
            return Some(Reduce::Of("max".into(), f));
        }
        if self.has_any(&[W::Min]) && !self.asks_record() {
            return Some(Reduce::Of("min".into(), f));
        }
        None
    }

    /// The dimension a superlative ranks: `가장 많은 서버`, `which day had the most`.
    fn top_dimension(&mut self, number: bool) -> Option<String> {
        let most = self.place_any(&[W::Most, W::Fewest]);
        let extreme = self.place_any(&[W::Max, W::Min]);
        let top = self.place_any(&[W::Top, W::Bottom]).filter(|_| self.amount.is_some());
        let averaged = number && self.has_any(&[W::Avg, W::Sum]) || self.has(W::Share);
        let at = most.or(top).or(extreme.filter(|_| averaged || !number))?;
        if number && !averaged && most.is_none() && top.is_none() {
            return None;
        }
        let mut best: Option<(i32, usize, String)> = None;
        for i in 0..self.parts.len() {
            if self.used[i] || i == at {
                continue;
            }
            let Some(dimension) = self.dimension(i) else { continue };
            let numeric = match &self.parts[i] {
                Part::RecField(f) => match self.domain {
                    super::Domain::Record(k) => self.index.rec_field(k, f).is_some_and(|d| {
                        d.role == Some(FieldRole::Duration) || d.r#type == FieldType::Number && number
                    }),
                    _ => false,
                },
                Part::Field(list) => list
                    .first()
                    .and_then(|f| self.index.field(f))
                    .is_some_and(|f| f.r#type == FieldType::Number),
                _ => false,
            };
            if numeric {
                continue;
            }
            let which =
                |d: usize| i.checked_sub(d).is_some_and(|k| self.mentions[k].any(&[W::Which, W::Who]));
            let mut score = 0;
            score += if which(1) {
                6
            } else if which(2) {
                4
            } else {
                0
            };
            score += match i.checked_sub(at) {
                Some(d) if self.lang == model::Lang::Ko => {
                    if d <= 4 {
                        14
                    } else {
                        4
                    }
                }
                _ => 0,
            };
            score +=
                if i > at && i - at <= 2 && self.lang == model::Lang::En && top.is_some() { 4 } else { 0 };
            score += match &self.parts[i] {
                Part::RecField(_) => 3,
                Part::Kinds(_) => 2,
                Part::Field(_) => 0,
                _ if self.mentions[i].is(W::Thing) => 1,
                _ => 2,
            };
            if best.as_ref().is_none_or(|(b, ..)| score > *b) {
                best = Some((score, i, dimension));
            }
        }
        match best {
            Some((score, i, dimension)) if score > 0 => {
                if dimension != "ci" {
                    self.used[i] = true;
                }
                Some(dimension)
            }
            _ if self.has(W::When) => Some("day".to_owned()),
            _ if self.has(W::Who) => match self.domain {
                super::Domain::Record(k) => {
                    let owner = self.index.role(FieldRole::Owner).map(|f| format!("ci.{}", f.key));
                    self.person(k).or(owner).or(Some("ci".to_owned()))
                }
                _ => None,
            },
            _ if number && !averaged => None,
            _ if most.is_none() && top.is_none() => None,
            _ => Some("ci".to_owned()),
        }
    }

    /// `서버와 DB 중 어느 쪽이`, `patch와 reboot 비교`: what is set side by side is the dimension.
    fn compared_dimension(&self) -> Option<String> {
        if !self.has_any(&[W::Either, W::Compare, W::Difference]) || self.times.windows.len() > 1 {
            return None;
        }
        if let Some((_, c)) = self
            .rec_conditions
            .iter()
            .find(|(_, c)| c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() > 1))
        {
            return Some(c.field.clone());
        }
        let kinds = self
            .parts
            .iter()
            .enumerate()
            .filter(|(i, p)| matches!(p, Part::Kinds(_)) && !self.used[*i])
            .count();
        let items: usize = self.parts.iter().map(|p| if let Part::Items(c) = p { c.len() } else { 0 }).sum();
        let systems = self.parts.iter().filter(|p| matches!(p, Part::System { .. })).count();
        match (items, systems, kinds) {
            (2.., _, _) => Some("ci".to_owned()),
            (_, 2.., _) => self.index.role(FieldRole::System).map(|f| format!("ci.{}", f.key)),
            (_, _, 2..) => Some("ci.kind".to_owned()),
            _ => None,
        }
    }

    /// Exactly two values, items, systems or kinds stand side by side.
    fn pairs_named(&self) -> bool {
        let two = |c: &Condition| c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() == 2);
        let items: usize = self.parts.iter().map(|p| if let Part::Items(c) = p { c.len() } else { 0 }).sum();
        let systems = self.parts.iter().filter(|p| matches!(p, Part::System { .. })).count();
        let kinds = self.parts.iter().filter(|p| matches!(p, Part::Kinds(k) if k.len() == 1)).count();
        self.rec_conditions.iter().any(|(_, c)| two(c)) || items == 2 || systems == 2 || kinds == 2
    }

    /// What part of the records a share is about.
    fn share_part(&self, kind: usize, goes_on: bool) -> Option<Vec<Condition>> {
        let conditions = &self.rec_conditions;
        let said = |words: &[&str]| self.mentions.iter().any(|m| words.iter().any(|w| m.words.contains(w)));
        if said(&["성공률", "성공율", "성공 비율", "성공 확률", "success rate"])
            && !conditions.iter().any(|(_, c)| self.is_outcome(kind, &c.field))
        {
            return self.outcome(kind, "success", Op::Eq);
        }
        if said(&["실패율", "실패률", "실패 비율", "failure rate"]) {
            return self.outcome(kind, "failed", Op::Eq).or_else(|| self.outcome(kind, "success", Op::Ne));
        }
        if goes_on && !conditions.is_empty() {
            return Some(conditions.iter().map(|(_, c)| c.clone()).collect());
        }
        let marker = self.mentions.iter().position(|m| {
            matches!(m.words.as_str(), "중" | "중에" | "중에서" | "가운데" | "among" | "out of")
                || m.words.ends_with("중에")
        });
        let english = marker.is_some_and(|at| self.words(at).is_ascii());
        if let Some(at) = marker.filter(|_| english) {
            // `the share of A among B`: the part stands before it.
            let before: Vec<Condition> =
                conditions.iter().filter(|(i, _)| *i < at).map(|(_, c)| c.clone()).collect();
            if !before.is_empty() {
                return Some(before);
            }
        }
        if let Some(at) = marker.filter(|_| !english) {
            let after: Vec<Condition> =
                conditions.iter().filter(|(i, _)| *i > at).map(|(_, c)| c.clone()).collect();
            if !after.is_empty() {
                return Some(after);
            }
        }
        if let Some((_, c)) = conditions.iter().find(|(_, c)| self.is_outcome(kind, &c.field)) {
            return Some(vec![c.clone()]);
        }
        // Both ends of a range are one part.
        let last = conditions.last()?;
        Some(conditions.iter().filter(|(_, c)| c.field == last.1.field).map(|(_, c)| c.clone()).collect())
    }

    fn is_outcome(&self, kind: usize, field: &str) -> bool {
        self.index.rec_field(kind, field).is_some_and(|f| f.role == Some(FieldRole::Outcome))
    }

    fn outcome(&self, kind: usize, concept: &str, op: Op) -> Option<Vec<Condition>> {
        let field = self.index.rec_role(kind, FieldRole::Outcome)?;
        let words: Vec<String> = group_of(concept).into_iter().map(squash).collect();
        let value = field.values.iter().find(|v| words.contains(&squash(v)))?;
        Some(vec![Condition::new(field.key.clone(), op, value.clone())])
    }

    /// Items without, or with, such records.
    fn without_or_with(&self, records: &RecordSet, built: &Built, goes_on: bool) -> Option<Ask> {
        if goes_on {
            return None;
        }
        let of = records.of.clone().unwrap_or_default();
        let bare = RecordSet { of: None, ..records.clone() };
        let things = built.kinds.iter().any(|_| true) || self.has(W::Thing) || built.any;
        let count = self.has(W::Count);
        if self.has(W::Never) && things && of.named().is_none() {
            let set = ItemSet { without: vec![bare], ..of };
            let want = if count && !self.has(W::List) {
                Want::Number(Reduce::Count)
            } else {
                Want::List(Vec::new())
            };
            return Some(Ask::Items(set, want));
        }
        if !self.items_are_asked(built)
            || of.named().is_some()
            || self.has_any(&[W::Most, W::Fewest, W::Share, W::Avg, W::Sum, W::Latest, W::Each, W::Top])
            || self.how_many.is_some() && !self.phrase
        {
            return None;
        }
        if let Some(set) = self.others_have(&bare) {
            let want = if count { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
            return Some(Ask::Items(set, want));
        }
        let set = ItemSet { with: self.recorded(bare), ..of };
        let want = if count { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
        Some(Ask::Items(set, want))
    }

    /// `DB에 이벤트가 있었던 서버`: the records are those of one kind, wanted are the items of another it belongs to.
    fn others_have(&self, records: &RecordSet) -> Option<ItemSet> {
        if self.lang != model::Lang::Ko {
            return None;
        }
        let rec = self.parts.iter().position(|p| matches!(p, Part::Rec | Part::RecValue(..)))?;
        let kind = |i: usize| match &self.parts[i] {
            Part::Kinds(k) => Some(k.clone()),
            _ => None,
        };
        let place = (0..rec).rev().find(|&i| {
            kind(i).is_some()
                && matches!(
                    self.mentions[i].case(),
                    Some(crate::text::hangul::Josa::At | crate::text::hangul::Josa::Inside | crate::text::hangul::Josa::Of)
                )
        })?;
        let head = (rec + 1..self.parts.len()).rev().find(|&i| kind(i).is_some())?;
        let (from, to) = (kind(place)?, kind(head)?);
        // Only kinds: anything else named would have to be put somewhere as well.
        let others = self.parts.iter().enumerate().any(|(i, p)| {
            i != place && i != head && (p.is_thing() || matches!(p, Part::Rel { .. }))
        });
        if from.iter().any(|k| to.contains(k)) || others {
            return None;
        }
        let all: Vec<String> = self.index.catalogue().relations.iter().map(|r| r.key.clone()).collect();
        let types = self.joining(&all, model::graph::Direction::Both, &from, &to);
        if types.is_empty() {
            return None;
        }
        let of = ItemSet {
            with: self.recorded(records.clone()),
            ..ItemSet::fitting(super::sets::kind_filter(&from, &[]))
        };
        Some(of.hop(types, model::graph::Direction::Both, super::sets::kind_filter(&to, &[])))
    }

    /// The records every item must have: as many as was said, each of several kinds when both are meant.
    fn recorded(&self, records: RecordSet) -> Vec<Recorded> {
        let one = |records: RecordSet| Recorded { records, count: self.how_many.clone() };
        let also = |m: &crate::scan::Mention| {
            m.senses.iter().any(|(s, n)| matches!(s, crate::dictionary::Sense::Rec(_)) && *n >= 2)
                && m.josa.contains(&crate::text::hangul::Josa::Plain)
        };
        let each_too = self.mentions.iter().filter(|m| also(m)).count() > 1;
        if !self.both_said() && !each_too {
            return vec![one(records)];
        }
        let several = records.filter.iter().position(|c| c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() > 1));
        if let Some(k) = several
            && let Some(values) = records.filter[k].value.as_array()
        {
            let field = records.filter[k].field.clone();
            return values
                .iter()
                .map(|v| {
                    let mut part = records.clone();
                    part.filter[k] = Condition::new(field.clone(), Op::Eq, v.clone());
                    one(part)
                })
                .collect();
        }
        if self.times.windows.len() > 1 {
            let of = |w: &crate::time::Window| one(RecordSet { window: Some(w.clone()), ..records.clone() });
            return self.times.windows.iter().map(of).collect();
        }
        let other = self.mentions.iter().flat_map(|m| m.senses.iter()).find_map(|(s, n)| match s {
            crate::dictionary::Sense::Rec(k) if *k != records.kind && *n >= 2 => Some(*k),
            _ => None,
        });
        let mut out = vec![one(records.clone())];
        if let Some(kind) = other {
            let filter = records
                .filter
                .iter()
                .filter_map(|c| self.same_value_in(kind, records.kind, c))
                .collect();
            out.push(one(RecordSet { kind, filter, ..records }));
        }
        out
    }

    /// A condition on the records of one kind as one on those of another, by the role of its field.
    fn same_value_in(&self, kind: usize, of: usize, c: &Condition) -> Option<Condition> {
        let role = self.index.rec_field(of, &c.field)?.role?;
        let field = self.index.rec_role(kind, role)?;
        Some(Condition { field: field.key.clone(), ..c.clone() })
    }

    /// `둘 다`, `both`: all of what stands side by side is meant at once.
    pub(super) fn both_said(&self) -> bool {
        const WORDS: &[&str] =
            &["both", "둘 다", "둘다", "모두", "공통", "공통으로", "공통적으로", "양쪽", "동시에", "in common", "common", "전부 다", "다 같이"];
        let text = self.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        WORDS.iter().any(|w| format!(" {text} ").contains(&format!(" {w} ")))
    }

    /// The question asks for items that have records, not for the records.
    fn items_are_asked(&self, built: &Built) -> bool {
        let kind_at = |i: usize| {
            matches!(self.parts.get(i), Some(Part::Kinds(_)))
                || self.mentions.get(i).is_some_and(|m| m.is(W::Thing))
                    && self.parts.get(i) == Some(&Part::Word)
        };
        let any_kind = (0..self.parts.len()).any(kind_at);
        if !any_kind || built.hopped {
            return false;
        }
        if self.phrase {
            return true;
        }
        let rec = self.parts.iter().position(|p| matches!(p, Part::Rec | Part::RecValue(..)));
        if let Some(c) = self.place(W::Count) {
            let words = self.words(c);
            if words.contains('대') || words.contains("곳") || words.contains("군데") {
                return true;
            }
            if words.contains('건') || words.contains('회') || words.contains('번') {
                return false;
            }
            if words.is_ascii() {
                return kind_at(c + 1)
                    || (self
                        .parts
                        .get(c + 1)
                        .is_some_and(|p| matches!(p, Part::System { .. } | Part::Value(..)))
                        && kind_at(c + 2));
            }
            // Korean: the noun the number was asked of stands before it.
            let last = (0..c).rev().find(|&i| kind_at(i) || self.parts[i] == Part::Rec);
            return last.is_some_and(kind_at) && rec.is_some_and(|r| last.is_some_and(|l| l > r));
        }
        // `servers with both a patch and a reboot`, `CIs that had no maintenance`
        if self.lang == model::Lang::En
            && let Some(k) = (0..self.parts.len()).find(|&i| kind_at(i))
            && rec.is_some_and(|r| r > k)
            && self.mentions.get(k + 1).is_some_and(|m| {
                matches!(m.words.as_str(), "with" | "that" | "which" | "having" | "without" | "whose" | "where")
            })
        {
            return true;
        }
        if let Some(w) = self.place(W::Which)
            && self.lang == model::Lang::En
        {
            return kind_at(w + 1)
                || (self
                    .parts
                    .get(w + 1)
                    .is_some_and(|p| matches!(p, Part::System { .. } | Part::Value(..)))
                    && kind_at(w + 2));
        }
        // Korean: the head noun stands last.
        let last = (0..self.parts.len()).rev().find(|&i| kind_at(i) || self.parts[i] == Part::Rec);
        self.lang == model::Lang::Ko
            && last.is_some_and(kind_at)
            && rec.is_some_and(|r| last.is_some_and(|l| l > r))
            && self.mentions.iter().any(|m| {
                matches!(
                    m.words.as_str(),
                    "발생한"
                        | "난"
                        | "있었"
                        | "있는"
                        | "생긴"
                        | "발생"
                        | "수행한"
                        | "수행된"
                        | "진행된"
                        | "진행한"
                        | "했던"
                        | "받은"
                        | "된"
                        | "나온"
                        | "있던"
                        | "한"
                )
            })
    }

    /// `유지보수와 작업 건수`: another kind of record beside this one, both to be counted.
    fn second_kind(&self, kind: usize) -> Option<usize> {
        let joined = |a: usize, b: usize| {
            let (a, b) = (a.min(b), a.max(b));
            self.mentions[a].josa.contains(&crate::text::hangul::Josa::With) && b - a <= 2
                || (a + 1..b).any(|k| self.mentions[k].is(W::And)) && b - a <= 4
        };
        if !self.has_any(&[W::Count, W::Compare]) || self.has(W::Either) || !self.rec_conditions.is_empty() {
            return None;
        }
        let own = self.parts.iter().position(|p| *p == Part::Rec)?;
        self.mentions.iter().enumerate().find_map(|(i, m)| {
            m.senses.iter().find_map(|(s, n)| match s {
                crate::dictionary::Sense::Rec(k)
                    if *k != kind
                        && *n >= 2
                        && joined(own, i)
                        && !m.senses.iter().any(|(s, _)| *s == crate::dictionary::Sense::Rec(kind)) =>
                {
                    Some(*k)
                }
                _ => None,
            })
        })
    }

    /// `메모리가 가장 큰 서버의 이벤트`: items chosen by a number of theirs, before the records are looked at.
    fn best_items(&mut self) -> Option<(String, bool)> {
        let rec = self.parts.iter().rposition(|p| *p == Part::Rec)?;
        for i in 0..self.parts.len() {
            let Part::Field(list) = &self.parts[i] else { continue };
            if self.used[i] || self.is_each(i) {
                continue;
            }
            let field = self.pick_field(list);
            if !self.index.field(&field).is_some_and(|f| f.r#type == FieldType::Number) {
                continue;
            }
            let ko = self.lang == model::Lang::Ko;
            let near = |j: usize| {
                self.parts.get(j) == Some(&Part::Word)
                    && self.mentions[j].any(&[W::Max, W::Min, W::Most, W::Fewest])
            };
            let places: Vec<usize> = if ko {
                (i + 1..=i + 3).collect()
            } else {
                (1..=2).filter_map(|d| i.checked_sub(d)).collect()
            };
            if ko && i > rec {
                continue;
            }
            if let Some(j) = places.into_iter().find(|j| near(*j)) {
                let desc = self.mentions[j].any(&[W::Max, W::Most]);
                self.used[i] = true;
                self.used[j] = true;
                // `가장` beside it is part of the same words.
                for k in i + 1..j {
                    self.used[k] = true;
                }
                return Some((field, desc));
            }
        }
        None
    }
}

/// The last question about other records.
fn reapply(ask: &Ask, set: RecordSet) -> Ask {
    match ask {
        Ask::Records(_, Want::Exists(_)) => Ask::Records(set, Want::List(Vec::new())),
        Ask::Records(_, want) => Ask::Records(set, want.clone()),
        Ask::Newest { n, newest, fields, .. } => {
            Ask::Newest { set, n: *n, newest: *newest, fields: fields.clone() }
        }
        _ => Ask::Records(set, Want::Number(Reduce::Count)),
    }
}

fn is_person(field: Option<&model::schema::FieldDef>) -> bool {
    let Some(f) = field else { return false };
    ["performer", "assignee", "requested by", "approved by", "owner", "reporter"].iter().any(|c| {
        let words: Vec<String> = group_of(c).into_iter().map(squash).collect();
        words.contains(&squash(&f.key))
            || words.contains(&squash(&f.label.ko))
            || words.contains(&squash(&f.label.en))
    })
}
