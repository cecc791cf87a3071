//! Questions about items: fields, lists, counts, groups, rankings.

use model::{Condition, Op, schema::FieldRole};

use super::{Part, Reader, Trouble, sets::Built};
use crate::{
    lexicon::W,
    logic::{Ask, ItemSet, Reduce, Start, Want},
};

/// Nouns of a reduction; adjectives ask which item it is.
const NOUNS: &[&str] = &[
    "최대",
    "최댓값",
    "최대값",
    "최고치",
    "최고값",
    "최소",
    "최솟값",
    "최소값",
    "최저치",
    "최저값",
    "max",
    "maximum",
    "min",
    "minimum",
    "peak",
    "피크",
];

impl Reader<'_> {
    /// `메모리가 가장 큰 서버의 존이랑 스토리지`: a field of something and what is joined to it, side by side.
    fn field_and_related(&mut self) -> Option<Ask> {
        let listed = |a: usize, b: usize| {
            b - a <= 3
                && (self.mentions[a].josa.contains(&crate::text::hangul::Josa::With)
                    || (a + 1..b)
                        .any(|k| self.mentions[k].any(&[W::And]) || self.mentions[k].sign == Some(',')))
                && (a + 1..b).all(|k| {
                    self.mentions[k].any(&[W::And, W::Which, W::Filler]) || self.mentions[k].sign == Some(',')
                })
        };
        let field =
            |i: usize| matches!(self.parts.get(i), Some(Part::Field(_))) && !self.used[i] && !self.is_each(i);
        let kind = |i: usize| {
            matches!(self.parts.get(i), Some(Part::Kinds(_)))
                && !self.used[i]
                && !self.is_each(i)
                && self.kind_as_field(i).is_none()
        };
        let owner = self.parts.iter().any(|p| match p {
            Part::Items(codes) => codes.len() == 1,
            Part::Set(_) => true,
            _ => false,
        });
        if !owner || self.has_any(&[W::Count, W::Down, W::Impact, W::Same, W::Path]) {
            return None;
        }
        let pairs = (0..self.parts.len()).flat_map(|a| (a + 1..=a + 3).map(move |b| (a, b)));
        let (a, b) = pairs
            .filter(|&(_, b)| b < self.parts.len())
            .find(|&(a, b)| (field(a) && kind(b) || kind(a) && field(b)) && listed(a, b))?;
        // Korean: nothing but the verb of asking may follow, or the kind is one that is narrowed.
        let more = self.parts[b + 1..]
            .iter()
            .any(|p| matches!(p, Part::Kinds(_) | Part::Rel { .. } | Part::Field(_)));
        if self.lang == model::Lang::Ko && more {
            return None;
        }
        let (f, k) = if field(a) { (a, b) } else { (b, a) };
        let before = (self.parts.clone(), self.used.clone(), self.item_conditions.clone(), self.why.len());
        let mut asks = Vec::new();
        for out in [k, f] {
            (self.parts, self.used, self.item_conditions) =
                (before.0.clone(), before.1.clone(), before.2.clone());
            self.parts[out] = Part::Word;
            self.used[out] = true;
            if let Ok(ask) = self.read_items() {
                asks.push((String::new(), ask));
            }
        }
        self.parts = before.0;
        if asks.len() == 2 {
            return Some(Ask::Both(asks));
        }
        (self.used, self.item_conditions) = (before.1, before.2);
        self.why.truncate(before.3);
        None
    }

    /// Reads a question about items.
    pub fn read_items(&mut self) -> Result<Ask, Trouble> {
        if let Some(both) = self.field_and_related() {
            return Ok(both);
        }
        if let Some(ask) = self.all_of_them() {
            return ask;
        }
        let mut by = self.take_groups();
        let mut wanted = self.take_fields();
        if wanted.is_empty()
            && let Some(field) = self.field_of_unit()
        {
            wanted.push(vec![field]);
        }
        // `average cores per server`: the items themselves are no groups; beside another dimension they are what is grouped.
        let relation = self.parts.iter().any(|p| matches!(p, Part::Rel { .. }));
        if by.len() > 1 && !relation
            || by == ["source"]
                && !relation
                && wanted.iter().flatten().any(|f| self.is_number(f))
                && self.has_any(&[W::Avg, W::Sum, W::Max, W::Min, W::Median])
        {
            by.retain(|b| b != "source");
        }
        if let Some(words) = self.kinds_of_a_kind(&by) {
            return Err(Trouble::Unclear(words));
        }
        let absent = self.take_absent();
        let rest = self.the_rest();
        let mut built = self.build_set();
        self.leave_out_kinds(&mut built);
        built.set.outside.extend(absent);
        if let Some(ask) = self.read_everything(&built) {
            return Ok(ask);
        }
        if let Some(ask) = self.read_graph(&built, &by, &wanted)? {
            return Ok(ask);
        }
        let mut set = built.set.clone();
        let mut inherited = false;
        if let Some(turned) = self.turned(&built) {
            set = turned;
            inherited = true;
        }
        // `설치장소별 장비 수`: what is counted and by what is said, so it goes on from nothing.
        let complete = !by.is_empty() && self.has(W::Count) && self.has(W::Thing) && !self.goes_on();
        if !built.any
            && !complete
            && self.focus.any
            && let Some(old) = &self.focus.set
            && (!wanted.is_empty() || self.goes_on() || self.mentions.len() <= 4)
        {
            set = old.clone();
            inherited = true;
        }
        if let Some(rest) = rest {
            set = rest;
            inherited = true;
            if self.has(W::Count)
                && let Some(Ask::Items(_, want @ Want::Number(_))) = &self.focus.ask
            {
                return Ok(Ask::Items(set, want.clone()));
            }
        }
        // `what RAID level does X use`: the field is one of X itself, no relation is followed.
        if let Start::Hop(hop) = &set.start
            && set.filter.iter().all(|c| c.field == "kind")
            && {
                let own = self.kinds_of(&hop.from);
                set.kinds().iter().all(|k| own.contains(k))
            }
            && hop.from.named().is_some()
            && !wanted.is_empty()
            && wanted.iter().all(|w| {
                let kinds = self.kinds_of(&hop.from);
                w.iter().any(|f| super::parts::kinds_have(self.index, &kinds, f))
            })
        {
            set = hop.from.clone();
        }
        if let Some(narrowed) = self.narrowed(&built) {
            set = narrowed;
            inherited = true;
        }
        let wanted = self.system_of_others(&mut set, wanted);
        let missing = self.missing_attribute(&set);
        let mut fields: Vec<String> = Vec::new();
        for w in &wanted {
            let f = self.field_for(w, &set);
            if !fields.contains(&f) {
                fields.push(f);
            }
        }
        self.check_fields(&fields, &set)?;
        if fields.is_empty()
            && by.is_empty()
            && let Some(trouble) = missing
        {
            return Err(trouble);
        }
        if self.has(W::Never)
            && let Some(ask) = self.lacking(&set, &fields)
        {
            return Ok(ask);
        }
        if let Some(ask) = self.same_as_others(&set, &fields, &built) {
            return Ok(ask);
        }
        let number = fields.iter().find(|f| self.is_number(f)).cloned();
        if let Some(ask) = self.two_kinds(&set, number.as_deref(), &by) {
            return Ok(ask);
        }
        let mut by = if by.is_empty() { self.side_by_side(&set) } else { by };
        // `시스템별 서버 수와 앱 수`: each kind is counted.
        let counts = self
            .mentions
            .iter()
            .enumerate()
            .filter(|(i, m)| m.is(W::Count) && self.parts[*i] == Part::Word)
            .count();
        if !by.is_empty() && counts > 1 && set.kinds().len() > 1 && !by.iter().any(|b| b == "kind") {
            by.push("kind".to_owned());
        }
        if let Some((by, over)) = self.per_each(&by, number.as_deref()) {
            return Ok(Ask::Items(set, Want::Overall { by, measure: Reduce::Count, over }));
        }
        if let Some(field) = &number {
            let several = self.reductions();
            if !several.is_empty() {
                let each = |f: &&str| {
                    let measure = Reduce::Of((*f).to_owned(), field.clone());
                    let want = if by.is_empty() {
                        Want::Number(measure)
                    } else {
                        Want::Groups { by: by.clone(), measure }
                    };
                    (String::new(), Ask::Items(set.clone(), want))
                };
                return Ok(Ask::Both(several.iter().map(each).collect()));
            }
        }
        let reduce = self.reduction(number.as_deref());
        if let Some(having) = self.how_many.clone() {
            let mut set = set.clone();
            let is_system = |k: &String| {
                self.index.systems.values().filter_map(|&i| self.index.item(i)).any(|x| x.kind == *k)
            };
            let others: Vec<String> =
                built.kinds.iter().flatten().filter(|k| !is_system(k)).cloned().collect();
            let field =
                by.first().cloned().or_else(|| self.index.role(FieldRole::System).map(|f| f.key.clone()));
            // `repositories shared by more than one app`: the values of a field that so many items have.
            let valued = fields.iter().find(|f| {
                !self.is_number(f) && !others.is_empty() && super::parts::kinds_have(self.index, &others, f)
            });
            let field = match valued.filter(|_| by.is_empty()) {
                Some(f) => {
                    set.filter.push(Condition::new(f.clone(), Op::Exists, serde_json::Value::Null));
                    Some(f.clone())
                }
                None => field,
            };
            if let Some(field) = field.filter(|_| !others.is_empty() || !by.is_empty()) {
                set.filter.retain(|c| c.field != "kind");
                if !others.is_empty() {
                    set.filter.insert(0, super::sets::one_of("kind", &others));
                }
                return Ok(Ask::Items(
                    set,
                    Want::GroupsThat { by: vec![field], measure: Reduce::Count, having },
                ));
            }
        }
        if !by.is_empty()
            && self.has(W::Share)
            && reduce.is_none()
            && !self.has_any(&[W::Most, W::Fewest, W::Max, W::Min])
        {
            return Ok(Ask::Items(set, Want::Groups { by, measure: Reduce::Percent }));
        }
        if !by.is_empty() {
            let measure = reduce.unwrap_or(Reduce::Count);
            return Ok(Ask::Items(set, self.grouped(by, measure)));
        }
        // `제일 큰 스토리지`: by the one size its kind has.
        let sized = ["큰", "작은", "biggest", "largest", "smallest", "bigger", "smaller", "크", "작", "커"];
        let number = number.or_else(|| {
            let kinds = set.kinds();
            let says = self.mentions.iter().any(|m| {
                m.any(&[W::Max, W::Min]) && sized.iter().any(|w| m.words.split(' ').any(|x| x.starts_with(w)))
            });
            match kinds.as_slice() {
                [one] if says && fields.is_empty() => self.one_size_of(one),
                _ => None,
            }
        });
        if let Some(ask) = self.ranked(&set, &fields, number.as_deref(), &built) {
            return Ok(ask);
        }
        if self.has(W::Share)
            && let Some(ask) = self.item_share(&set)
        {
            return Ok(ask);
        }
        if let Some(reduce) = reduce {
            return Ok(Ask::Items(set, Want::Number(reduce)));
        }
        let single = self.is_single(&set);
        // `how many ports does the MES switch have`: of every one of them, unless a total is asked for.
        let total = self.has_any(&[W::Sum, W::All, W::Together])
            || self
                .mentions
                .iter()
                .any(|m| matches!(m.words.as_str(), "총" | "total" | "in total" | "총합" | "altogether"));
        let one_each = fields.first().is_some_and(|f| self.is_number(f))
            && !total
            && !self.distinct_meant()
            && (self.lang == model::Lang::Ko || self.singular_kind());
        if self.has(W::Count) && one_each && !fields.is_empty() && (built.any || inherited) {
            let want =
                if single || set.named().is_some() { Want::Fields(fields) } else { Want::List(fields) };
            return Ok(Ask::Items(set, want));
        }
        if self.has(W::Count) && (!single || fields.is_empty()) {
            let reduce = match fields.first() {
                Some(f) if self.is_number(f) && !self.distinct_meant() => Reduce::Of("sum".into(), f.clone()),
                Some(f) if self.distinct_meant() || !self.is_number(f) => Reduce::Distinct(f.clone()),
                _ if self.distinct_meant() && self.has(W::KindOf) => Reduce::Distinct("kind".into()),
                _ => Reduce::Count,
            };
            if built.any || inherited || self.has(W::Thing) || !set.is_all() || !fields.is_empty() {
                return Ok(Ask::Items(set, Want::Number(reduce)));
            }
        }
        if !fields.is_empty() {
            // `which vendors do we have`: the values there are.
            if !built.any
                && !inherited
                && let [field] = fields.as_slice()
                && !self.is_number(field)
                && self.has_any(&[W::Which, W::List, W::Exists])
                && !self.parts.contains(&Part::Unknown)
            {
                let by = vec![field.clone()];
                let set = ItemSet::fitting(vec![Condition::new(
                    field.clone(),
                    Op::Exists,
                    serde_json::Value::Null,
                )]);
                return Ok(Ask::Items(set, Want::Groups { by, measure: Reduce::Count }));
            }
            if !built.any && !inherited {
                return Err(self.nothing_named());
            }
            let want =
                if single || set.named().is_some() { Want::Fields(fields) } else { Want::List(fields) };
            return Ok(Ask::Items(set, want));
        }
        if inherited
            && !self.has_any(&[W::Code, W::Name, W::List])
            && let Some(Ask::Items(_, want)) = &self.focus.ask
        {
            return Ok(Ask::Items(set, want.clone()));
        }
        if self.pointed.is_some()
            && self.has(W::Those)
            && !self.has_any(&[W::List, W::Which, W::Who, W::Where, W::Code, W::Name, W::Exists])
            && matches!(self.focus.ask, Some(Ask::Items(_, Want::Number(Reduce::Count))))
        {
            return Ok(Ask::Items(set, Want::Number(Reduce::Count)));
        }
        if built.any || inherited {
            // `does` asks for a yes or no only at the head of the question.
            let asks = self
                .mentions
                .iter()
                .enumerate()
                .any(|(i, m)| m.is(W::Exists) && !(m.words == "does" && i > 0));
            if asks && self.has(W::Exists) && !self.has(W::Which) && !self.has(W::List) {
                return Ok(Ask::Items(set, Want::Exists(true)));
            }
            // `srv-01 메모리는 srv-02보다 커?`: what is said of a thing that is named is so or not.
            if set.named().is_some()
                && !built.hopped
                && set.filter.iter().any(|c| !matches!(c.field.as_str(), "kind" | "code"))
                && !self.has_any(&[W::Which, W::List, W::Details])
            {
                return Ok(Ask::Items(set, Want::Exists(true)));
            }
            if set.named().is_some() && !built.hopped && self.has(W::Name) && !self.has(W::Details) {
                return Ok(Ask::Items(set, Want::Fields(vec!["name".into()])));
            }
            if set.named().is_some()
                && !built.hopped
                && let Some(there) = self.what_is_there(&set)
            {
                return Ok(Ask::Items(there, Want::List(Vec::new())));
            }
            if set.named().is_some() && !built.hopped {
                if self.focus.any
                    && !self.has(W::Details)
                    && let Some(ask) = self.same_again(&set)
                {
                    return Ok(ask);
                }
                return Ok(Ask::Items(set, Want::Fields(vec!["*".into()])));
            }
            return Ok(Ask::Items(set, Want::List(Vec::new())));
        }
        if self.has(W::Thing) && self.has_any(&[W::Count, W::List]) {
            let want = if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
            return Ok(Ask::Items(set, want));
        }
        Err(self.vague())
    }

    /// `srv-1에 뭐 있어?`, `what's on srv-1`: what runs on it.
    fn what_is_there(&self, set: &ItemSet) -> Option<ItemSet> {
        let item = self.parts.iter().position(|p| matches!(p, Part::Items(_)))?;
        let there = if self.lang == model::Lang::Ko {
            self.mentions[item].case() == Some(crate::text::hangul::Josa::At)
                && self.mentions.get(item + 1).is_some_and(|m| m.is(W::Which))
        } else {
            matches!(self.words(0), "what" | "whats" | "what is" | "what's")
                && item > 0
                && self.words(item - 1) == "on"
                && self.mentions[item + 1..].iter().all(|m| m.sign.is_some())
        };
        if !there || self.has(W::Not) {
            return None;
        }
        let v = self.index.vocabulary();
        let types: Vec<String> = v
            .catalogue
            .relations
            .iter()
            .filter(|r| matches!(crate::dictionary::family_of(v, &r.key), Some("run" | "deploy")))
            .map(|r| r.key.clone())
            .collect();
        let types = self.joining(&types, model::graph::Direction::In, &self.kinds_of(set), &[]);
        (!types.is_empty()).then(|| set.clone().hop(types, model::graph::Direction::In, Vec::new()))
    }

    fn nothing_named(&self) -> Trouble {
        let unknown = self.parts.contains(&Part::Unknown);
        if unknown && !self.parts.iter().any(Part::is_thing) && self.has_any(&[W::Who, W::Where]) {
            return Trouble::NotUnderstood;
        }
        if self.has_any(&[W::It, W::Those]) { Trouble::NothingMeant } else { Trouble::Unclear(String::new()) }
    }

    /// The grouping, when only the first groups are wanted.
    pub fn grouped(&self, by: Vec<String>, measure: Reduce) -> Want {
        if self.has_any(&[W::Most, W::Max, W::Top]) {
            return Want::TopGroups { by, measure, n: self.n(), desc: true, place: self.place_only };
        }
        if self.has_any(&[W::Fewest, W::Min, W::Bottom]) {
            return Want::TopGroups { by, measure, n: self.n(), desc: false, place: self.place_only };
        }
        Want::Groups { by, measure }
    }

    /// True when the set can have one member only.
    pub fn is_single(&self, set: &ItemSet) -> bool {
        match &set.start {
            Start::Codes(codes) => codes.len() <= 3,
            Start::Best(_) => true,
            _ => false,
        }
    }

    /// A reduction over a field of items.
    pub(super) fn reduction(&self, number: Option<&str>) -> Option<Reduce> {
        let field = number?.to_owned();
        let noun = self.mentions.iter().any(|m| NOUNS.contains(&m.words.as_str()));
        if self.has(W::Avg) {
            return Some(Reduce::Of("avg".into(), field));
        }
        if self.has(W::Median) {
            return Some(Reduce::Of("p50".into(), field));
        }
        if self.has(W::Sum)
            || (self.has(W::Count)
                && self
                    .mentions
                    .iter()
                    .any(|m| matches!(m.words.as_str(), "총" | "total" | "in total" | "총합")))
        {
            return Some(Reduce::Of("sum".into(), field));
        }
        if noun && self.has(W::Max) && !self.asks_which() {
            return Some(Reduce::Of("max".into(), field));
        }
        if noun && self.has(W::Min) && !self.asks_which() {
            return Some(Reduce::Of("min".into(), field));
        }
        None
    }

    /// The question asks which item, not which value.
    fn asks_which(&self) -> bool {
        self.has_any(&[W::Which, W::Code, W::Who, W::List]) || self.amount.is_some()
    }

    /// `메모리가 가장 큰 서버`, `which owner has the most servers`.
    fn ranked(
        &mut self,
        set: &ItemSet,
        fields: &[String],
        number: Option<&str>,
        built: &Built,
    ) -> Option<Ask> {
        let up = self.place_any(&[W::Most, W::Max, W::Longest]);
        let down = self.place_any(&[W::Fewest, W::Min, W::Shortest]);
        let top = self.place(W::Top);
        if up.is_none()
            && down.is_none()
            && (top.is_none() || self.amount.is_none())
            && self.place(W::Bottom).is_none()
        {
            return None;
        }
        let desc = down.is_none() && self.place(W::Bottom).is_none();
        // `제일 큰 서버랑 제일 작은 서버`, `the largest and the smallest`: both ends.
        if let (Some(f), Some(a), Some(b)) = (number, up, down) {
            let (from, to) = (a.min(b), a.max(b));
            let joined = (from..to).any(|k| {
                self.mentions[k].any(&[W::And])
                    || self.mentions[k].sign == Some(',')
                    || self.mentions[k].josa.contains(&crate::text::hangul::Josa::With)
            });
            if joined {
                let one = |desc: bool| {
                    let want = Want::TopRows {
                        field: f.to_owned(),
                        n: self.n(),
                        desc,
                        place: false,
                        fields: Vec::new(),
                    };
                    (String::new(), Ask::Items(set.clone(), want))
                };
                return Some(Ask::Both(vec![one(a < b), one(a > b)]));
            }
        }
        if let Some(f) = number {
            let more: Vec<String> = fields.iter().filter(|x| *x != f).cloned().collect();
            return Some(Ask::Items(
                set.clone(),
                Want::TopRows {
                    field: f.to_owned(),
                    n: self.n(),
                    desc,
                    place: self.place_only,
                    fields: more,
                },
            ));
        }
        // Without a number to rank by it is the number of items that is ranked, by a field.
        let systems = self.index.role(FieldRole::System).map(|f| f.key.clone());
        let text = fields.first().cloned();
        let by_kind = built.kinds.iter().find(|k| {
            k.iter().any(|k| {
                self.index.systems.values().filter_map(|&i| self.index.item(i)).any(|x| x.kind == *k)
            })
        });
        let mut set = set.clone();
        let by = match (text, by_kind, systems) {
            (Some(f), _, _) => f,
            (None, Some(kinds), Some(system)) => {
                let kinds = kinds.clone();
                set.filter.retain(|c| c.field != "kind");
                let others: Vec<String> =
                    built.kinds.iter().flatten().filter(|k| !kinds.contains(k)).cloned().collect();
                if !others.is_empty() {
                    set.filter.push(super::sets::one_of("kind", &others));
                }
                system
            }
            _ if self.has(W::KindOf) => "kind".to_owned(),
            _ => return None,
        };
        Some(Ask::Items(
            set,
            Want::TopGroups {
                by: vec![by],
                measure: Reduce::Count,
                n: self.n(),
                desc,
                place: self.place_only,
            },
        ))
    }

    /// `서버 중 cisco 비율`: the last condition is the part, the others the whole.
    fn item_share(&self, set: &ItemSet) -> Option<Ask> {
        let mut whole = set.clone();
        // `전체 CI 중 WAS 비율`: without another condition the kind is the part.
        let part = whole
            .filter
            .iter()
            .rposition(|c| c.field != "kind" && c.field != "code")
            .or_else(|| whole.filter.iter().position(|c| c.field == "kind"))?;
        let condition = whole.filter.remove(part);
        Some(Ask::Items(whole, Want::Number(Reduce::Share(vec![condition]))))
    }

    /// `담당자가 없는 서버`, `systems without a cache`.
    fn lacking(&mut self, set: &ItemSet, fields: &[String]) -> Option<Ask> {
        let field = fields.first()?;
        let mut set = set.clone();
        if set.named().is_some() {
            return None;
        }
        set.filter.push(Condition::new(field.clone(), Op::Missing, serde_json::Value::Null));
        let want = if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
        Some(Ask::Items(set, want))
    }
}
