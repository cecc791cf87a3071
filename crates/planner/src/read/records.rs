//! Questions about records: events, maintenance, changes, tickets, whatever the estate keeps.

use model::{
    Condition,
    schema::{FieldRole, FieldType},
};

use super::{Part, Reader, Trouble, sets::Built};
use crate::{
    dictionary::group_of,
    lexicon::W,
    logic::{Ask, ItemSet, RecordSet, Reduce, Start, Want, outside},
};

impl Reader<'_> {
    /// Reads a question about records of a kind.
    pub fn read_records(&mut self, kind: usize) -> Result<Ask, Trouble> {
        let explicit = self.parts.contains(&Part::Rec);
        self.take_hours_of_day();
        self.take_equal_fields(kind);
        self.take_named_before(kind);
        let best = self.best_items();
        let mut by = self.take_groups();
        let number = self.number_wanted(kind);
        let versus = self.times.windows.len() == 2
            || self.has_any(&[W::Difference, W::Compare]) && !self.has(W::Either) && self.pairs_named();
        let compared = if by.is_empty() && !versus { self.compared_dimension() } else { None };
        let top = if by.is_empty() && compared.is_none() && !versus {
            self.top_dimension(number.is_some())
        } else {
            None
        };
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
            let rows = Ask::Items(
                built.set.clone(),
                Want::TopRows { field, n: 1, desc, place: false, fields: Vec::new() },
            );
            set.of = Some(ItemSet { start: Start::Best(Box::new(rows)), ..ItemSet::default() });
        }
        let earlier = self.earlier(kind, explicit, &built);
        // `did anyone …  X this month? how many tickets?`: a later sentence of one question is about the same items and time.
        if self.focus.within && earlier.is_none() && !built.any {
            let own = self.focus.set.clone().filter(|s| s.named().is_some());
            set.of = set.of.take().or(own);
            set.window = set.window.take().or(self.focus.window.clone());
        }
        let new_conditions: Vec<Condition> = self.rec_conditions.iter().map(|(_, c)| c.clone()).collect();
        let share_part = self.share_part(kind, earlier.is_some());
        if share_part.is_some() && self.has(W::Share) {
            // The word for a failure is in the part.
            for i in 0..self.mentions.len() {
                let failure =
                    group_of("failed").contains(&self.words(i)) || self.words(i).starts_with("실패");
                if failure && self.parts[i] == Part::Unknown {
                    self.used[i] = true;
                    self.parts[i] = Part::Word;
                }
            }
        }
        if let Some(old) = &earlier {
            let old = if new_conditions.is_empty() && !built.any {
                self.the_other_records().unwrap_or_else(|| old.clone())
            } else {
                old.clone()
            };
            set = self.continued(set, old, &built);
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
            let items = by == ["ci"];
            let ask = Ask::Records(set, Want::GroupsThat { by, measure: Reduce::Count, having });
            // `… 16건 이상인 서버와 각 서버의 코어 수`
            if items && !item_fields.is_empty() {
                let best = ItemSet { start: Start::Best(Box::new(ask.clone())), ..ItemSet::default() };
                let keys = item_fields.iter().map(|l| self.field_for(l, &built.set)).collect();
                return Ok(Ask::Then(Box::new(ask), Box::new(Ask::Items(best, Want::Fields(keys)))));
            }
            return Ok(ask);
        }
        let outcome_rate = self.has(W::Share);
        // `심각도별 건수와 비율`: of all of them.
        if outcome_rate && share_part.as_ref().is_none_or(Vec::is_empty) && !by.is_empty() && top.is_none() {
            return Ok(Ask::Records(set, Want::Groups { by, measure: Reduce::Percent }));
        }
        if outcome_rate && let Some(part) = share_part {
            let mut whole = set.clone();
            whole.filter.retain(|c| !part.contains(c));
            let good = part.iter().any(|c| {
                c.op == model::Op::Eq
                    && c.value
                        .as_str()
                        .is_some_and(|v| group_of("success").contains(&v.to_lowercase().as_str()))
            });
            let measure = Reduce::Share(part);
            if !by.is_empty() {
                return Ok(Ask::Records(whole, self.judged(self.grouped(by, measure), good)));
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
                return Ok(Ask::Records(
                    set,
                    Want::TopRows { field: f, n: self.n(), desc, place: self.place_only, fields },
                ));
            }
        }
        if let Some(reduce) = reduce {
            return Ok(Ask::Records(set, Want::Number(reduce)));
        }
        if self.has_any(&[W::Longest, W::Shortest])
            && let Some(f) = self.index.rec_role(kind, FieldRole::Duration)
        {
            let desc = self.has(W::Longest);
            return Ok(Ask::Records(
                set,
                Want::TopRows { field: f.key.clone(), n: self.n(), desc, place: self.place_only, fields },
            ));
        }
        let newest = self.has(W::Latest);
        if newest || self.has(W::Earliest) {
            return Ok(Ask::Newest { set, n: self.n(), newest, fields: self.newest_fields(kind, fields) });
        }
        let duration_asked = fields
            .iter()
            .any(|f| self.index.rec_field(kind, f).is_some_and(|d| d.role == Some(FieldRole::Duration)));
        // `이벤트 합계`, `events combined`: how many they are together.
        let counted = self.has(W::Count) || self.has(W::Sum) && number.is_none() && fields.is_empty();
        if counted && !(duration_asked && self.is_short(&set)) {
            return Ok(Ask::Records(set, Want::Number(Reduce::Count)));
        }
        let polar = self.lang == model::Lang::En
            && self.mentions.first().is_some_and(|m| {
                matches!(
                    m.words.as_str(),
                    "did" | "does" | "do" | "has" | "have" | "had" | "is" | "are" | "was" | "were"
                )
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
        // `the longest one … and who did it?`: of that one.
        if earlier.is_some()
            && new_conditions.is_empty()
            && !fields.is_empty()
            && let Some(Ask::Records(old, Want::TopRows { field, n, desc, place, .. })) = &self.focus.ask
            && *old == set
        {
            let (field, n, desc, place) = (field.clone(), *n, *desc, *place);
            return Ok(Ask::Records(set, Want::TopRows { field, n, desc, place, fields }));
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

    /// `the worst success rate` is the lowest, `the best failure rate` as well.
    fn judged(&self, want: Want, good: bool) -> Want {
        let said = |list: &[&str]| self.mentions.iter().any(|m| list.iter().any(|w| m.words.contains(w)));
        let worst = said(&["worst", "poorest", "최악", "나쁜", "나쁘", "저조", "안 좋", "안좋"]);
        let best = !worst && said(&["best", "좋은", "좋았", "우수"]);
        match want {
            Want::TopGroups { by, measure, n, place, .. } if worst || best => {
                Want::TopGroups { by, measure, n, place, desc: good == best }
            }
            other => other,
        }
    }

    /// `requester equals approver`, `요청자와 승인자가 같은`: two fields of one record compared with each other.
    fn take_equal_fields(&mut self, kind: usize) {
        let equal = |m: &crate::scan::Mention| {
            m.is(W::Same)
                || matches!(m.words.as_str(), "equals" | "equal" | "equal to" | "같고" | "일치하는" | "일치")
        };
        let differ = |m: &crate::scan::Mention| {
            matches!(m.words.as_str(), "different" | "differ" | "differs" | "다른" | "상이한")
        };
        let Some(at) = self.mentions.iter().position(|m| equal(m) || differ(m)) else { return };
        let mut found: Vec<(usize, String)> = Vec::new();
        for (i, p) in self.parts.iter().enumerate() {
            if let Part::RecField(f) = p
                && !self.used[i]
                && !found.iter().any(|(_, x)| x == f)
                && self.index.rec_field(kind, f).is_some_and(|d| d.r#type == FieldType::Text)
            {
                found.push((i, f.clone()));
            }
        }
        let [(a, first), (b, second)] = found.as_slice() else { return };
        let (a, b) = (*a, *b);
        let denied = differ(&self.mentions[at])
            || self.mentions.get(at + 1).is_some_and(|m| m.any(&[W::Not, W::Never]));
        let op = if denied { model::Op::Ne } else { model::Op::Eq };
        let condition = Condition::new(first.clone(), op, serde_json::json!({ "field": second }));
        self.because("", "value", format!("{first} = {second}"));
        self.rec_conditions.push((a, condition));
        for k in [a, b, at] {
            self.used[k] = true;
        }
        self.parts[at] = Part::Word;
    }

    fn is_short(&self, set: &RecordSet) -> bool {
        set.of.as_ref().is_some_and(|s| s.named().is_some())
            && !self.mentions.iter().any(|m| m.words.contains('건'))
    }

    fn is_one_item(&self, built: &Built) -> bool {
        built.any && !built.set.is_plain()
    }

    /// `which record`, `the longest work`: a record is wanted, not a value.
    pub(super) fn asks_record(&self) -> bool {
        self.has_any(&[W::Which, W::List, W::Longest, W::Shortest]) || self.amount.is_some()
    }

    /// What has so many records: the kind named, else items.
    fn what_counts(&self, built: &Built) -> String {
        // `100건 넘은 날`, `days with more than 100 events`
        let parts: [(&[&str], &str); 4] = [
            (&["날", "날이", "날은", "날짜", "며칠", "day", "days"], "day"),
            (&["달", "달이", "month", "months"], "month"),
            (&["주", "week", "weeks"], "week"),
            (&["시간대", "hour of day"], "hour_of_day"),
        ];
        let said = |words: &[&str]| {
            self.mentions
                .iter()
                .any(|m| m.time.is_none() && m.number.is_none() && words.contains(&m.words.as_str()))
        };
        if let Some((_, part)) = parts.iter().find(|(words, _)| said(words)) {
            return (*part).to_owned();
        }
        // `작업 10건 넘게 요청한 사람`, `who requested more than 100 changes`
        if let super::Domain::Record(kind) = self.domain {
            let person = self.parts.iter().find_map(|p| match p {
                Part::RecField(f) if super::record_fields::is_person(self.index.rec_field(kind, f)) => {
                    Some(f.clone())
                }
                _ => None,
            });
            let asked = self.has(W::Who)
                || self
                    .mentions
                    .iter()
                    .any(|m| matches!(m.words.as_str(), "사람" | "팀" | "people" | "team" | "teams"));
            if let Some(person) = person.or_else(|| asked.then(|| self.person(kind)).flatten())
                && !self.rec_conditions.iter().any(|(_, c)| c.field == person)
            {
                return person;
            }
        }
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
            after: None,
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
