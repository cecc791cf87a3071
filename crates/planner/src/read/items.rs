//! Questions about items: fields, lists, counts, groups, rankings.

use model::{
    Condition, Op,
    schema::{FieldRole, FieldType},
};

use super::{Domain, Part, Reader, Trouble, sets::Built};
use crate::{
    dictionary::Sense,
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
    /// Reads a question about items.
    pub fn read_items(&mut self) -> Result<Ask, Trouble> {
        let mut by = self.take_groups();
        let mut wanted = self.take_fields();
        if wanted.is_empty()
            && let Some(field) = self.field_of_unit()
        {
            wanted.push(vec![field]);
        }
        // `average cores per server`: the items themselves are no groups; beside another dimension they are what is grouped.
        let relation = self.parts.iter().any(|p| matches!(p, Part::Rel { .. }));
        if by.len() > 1 && !relation || by == ["source"] && !relation && wanted.iter().flatten().any(|f| self.is_number(f)) && self.has_any(&[W::Avg, W::Sum, W::Max, W::Min, W::Median]) {
            by.retain(|b| b != "source");
        }
        if let Some(words) = self.kinds_of_a_kind(&by) {
            return Err(Trouble::Unclear(words));
        }
        let built = self.build_set();
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
        if !built.any
            && self.focus.any
            && let Some(old) = &self.focus.set
            && (!wanted.is_empty() || self.goes_on() || self.mentions.len() <= 4)
        {
            set = old.clone();
            inherited = true;
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
        let number = fields.iter().find(|f| self.is_number(f)).cloned();
        if let Some(ask) = self.two_kinds(&set, number.as_deref(), &by) {
            return Ok(ask);
        }
        let by = if by.is_empty() { self.side_by_side(&set) } else { by };
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
        if !by.is_empty() && self.has(W::Share) && reduce.is_none() && !self.has_any(&[W::Most, W::Fewest, W::Max, W::Min]) {
            return Ok(Ask::Items(set, Want::Groups { by, measure: Reduce::Percent }));
        }
        if !by.is_empty() {
            let measure = reduce.unwrap_or(Reduce::Count);
            return Ok(Ask::Items(set, self.grouped(by, measure)));
        }
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
            || self.mentions.iter().any(|m| matches!(m.words.as_str(), "총" | "total" | "in total" | "총합" | "altogether"));
        let one_each = fields.first().is_some_and(|f| self.is_number(f))
            && !total
            && !self.distinct_meant()
            && (self.lang == model::Lang::Ko || self.singular_kind());
        if self.has(W::Count) && one_each && !fields.is_empty() && (built.any || inherited) {
            let want = if single || set.named().is_some() { Want::Fields(fields) } else { Want::List(fields) };
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
            if set.named().is_some() && !built.hopped && self.has(W::Name) && !self.has(W::Details) {
                return Ok(Ask::Items(set, Want::Fields(vec!["name".into()])));
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
        Err(Trouble::NotUnderstood)
    }

    /// `OS 종류별 서버 수`: kinds of one kind as groups of another; what tells them apart is not said.
    fn kinds_of_a_kind(&self, by: &[String]) -> Option<String> {
        let at = (1..self.parts.len()).find(|&i| {
            self.mentions[i].is(W::KindOf)
                && matches!(&self.parts[i - 1], Part::Kinds(k) if !self.are_systems(k))
                && self.mentions[i - 1].josa.is_empty()
        })?;
        let others = self.parts.iter().enumerate().any(|(k, p)| k != at - 1 && matches!(p, Part::Kinds(_)));
        (others && by.iter().any(|b| b == "kind")).then(|| self.words(at - 1).to_owned())
    }

    /// `what happened yesterday?`, `어제 무슨 일 있었어?`: records of every kind.
    fn read_everything(&self, built: &Built) -> Option<Ask> {
        let window = self.window()?;
        let text = self.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        let asks = ["무슨 일", "무슨일", "어떤 일", "happened", "happen", "went on", "going on", "뭔 일", "별일"];
        if !asks.iter().any(|a| text.contains(a)) {
            return None;
        }
        let of = built.any.then(|| built.set.clone()).filter(|s| !s.is_all());
        let mut out = Vec::new();
        for (kind, r) in self.index.catalogue().records.iter().enumerate() {
            if r.count == 0 || r.covers.is_some_and(|c| crate::logic::outside(&window, c)) {
                continue;
            }
            let set = crate::logic::RecordSet { kind, of: of.clone(), filter: Vec::new(), window: Some(window.clone()) };
            out.push((String::new(), Ask::Records(set.clone(), Want::Number(Reduce::Count))));
            out.push((String::new(), Ask::Newest { set, n: 5, newest: true, fields: Vec::new() }));
        }
        (!out.is_empty()).then_some(Ask::Both(out))
    }

    /// `how many TB does X hold`: the unit says which field is meant.
    fn field_of_unit(&self) -> Option<String> {
        let at = self.place(W::Count)?;
        let unit = (at + 1..=at + 2).find(|&j| super::numbers::is_unit(self.words(j)))?;
        match self.by_unit(self.words(unit))? {
            (false, field) => Some(field),
            _ => None,
        }
    }

    /// The kind is named in the singular.
    fn singular_kind(&self) -> bool {
        self.parts
            .iter()
            .enumerate()
            .filter(|(_, p)| matches!(p, Part::Kinds(_)))
            .all(|(i, _)| !self.words(i).ends_with('s') || matches!(self.words(i), "os" | "was" | "dbms"))
    }

    /// `ERP 서버 몇 대?` – `MES는?`: the last set with another value.
    fn turned(&self, built: &Built) -> Option<ItemSet> {
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
    fn narrowed(&self, built: &Built) -> Option<ItemSet> {
        let old = self.focus.set.as_ref()?;
        let only = self.mentions.iter().enumerate().any(|(i, m)| {
            m.words == "only" && i <= 2
                || m.words == "just" && i == 0
                || m.josa.contains(&crate::text::hangul::Josa::Only)
                || matches!(m.words.as_str(), "ones" | "것만" | "애들만" | "만")
        });
        let bare = built.kinds.iter().all(Vec::is_empty) && built.names.is_empty() && built.set.is_plain() && !built.hopped;
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

    /// `스토리지 중 … 시스템은?`: systems beside other kinds are what these belong to.
    fn system_of_others(&self, set: &mut ItemSet, mut wanted: Vec<Vec<String>>) -> Vec<Vec<String>> {
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
    fn side_by_side(&self, set: &ItemSet) -> Vec<String> {
        // `서버 수와 앱 수`: each of them is counted.
        let counts = self
            .mentions
            .iter()
            .enumerate()
            .filter(|(i, m)| m.is(W::Count) && self.parts[*i] == Part::Word && !matches!(m.words.as_str(), "총" | "total"))
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
                    && self.has(W::Count)
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

    fn is_number(&self, field: &str) -> bool {
        self.index.field(field).is_some_and(|f| f.r#type == FieldType::Number)
    }

    fn distinct_meant(&self) -> bool {
        self.mentions.iter().any(|m| {
            matches!(
                m.words.as_str(),
                "종류"
                    | "different"
                    | "distinct"
                    | "unique"
                    | "kinds"
                    | "몇 종"
                    | "몇종"
                    | "서로 다른"
                    | "종"
                    | "가지"
                    | "몇 가지"
            )
        })
    }

    /// Fields asked for, each with its candidates; conditions and groups have taken theirs before.
    pub fn take_fields(&mut self) -> Vec<Vec<String>> {
        let mut out: Vec<Vec<String>> = Vec::new();
        for i in 0..self.parts.len() {
            if self.used[i] {
                continue;
            }
            let found = match &self.parts[i] {
                Part::Field(list) => Some(list.clone()),
                Part::Kinds(_) => self.kind_as_field(i),
                _ => None,
            };
            if let Some(list) = found {
                self.used[i] = true;
                let (w, l) = (self.words(i).to_owned(), list.first().cloned().unwrap_or_default());
                self.because(&w, "field", l);
                if !out.contains(&list) {
                    out.push(list);
                }
            }
        }
        let role = |r: FieldRole| self.index.role(r).map(|f| f.key.clone());
        if self.has(W::Who)
            && let Some(owner) = role(FieldRole::Owner)
            && !out.iter().any(|l| l.contains(&owner))
        {
            out.push(vec![owner]);
        }
        if self.has(W::Where)
            && let Some(place) = role(FieldRole::Location)
            && !out.iter().any(|l| l.contains(&place))
            && !self.has_any(&[W::Most, W::Fewest, W::Max, W::Min, W::Top, W::Bottom])
            && !self.parts.iter().any(|p| matches!(p, Part::Rel { .. }))
        {
            out.push(vec![place]);
        }
        out
    }

    /// `어느 시스템 소속`: a kind that is also a field, asked for of something named.
    fn kind_as_field(&self, i: usize) -> Option<Vec<String>> {
        let m = &self.mentions[i];
        let fields: Vec<String> = m
            .senses
            .iter()
            .filter_map(|(s, n)| match s {
                Sense::Field(f) if *n >= 2 => Some(f.clone()),
                _ => None,
            })
            .collect();
        if fields.is_empty() {
            return None;
        }
        let asked = |k: Option<usize>| k.and_then(|k| self.mentions.get(k)).is_some_and(|m| m.is(W::Which));
        let of_what =
            self.parts.iter().enumerate().any(|(k, p)| {
                k != i && (matches!(p, Part::Items(_) | Part::Set(_) | Part::Rec | Part::Kinds(_)))
            });
        let rel = self.parts.iter().any(|p| matches!(p, Part::Rel { family, .. } if family != "compose"));
        let belongs = self.parts.iter().any(|p| matches!(p, Part::Rel { family, .. } if family == "compose"));
        let superlative = self.has_any(&[W::Most, W::Max, W::Min, W::Fewest]);
        // `postgres 쓰는 DB의 시스템`: at the end, belonging to a kind.
        let owned = i > 0
            && i + 2 >= self.parts.len()
            && matches!(self.parts[i - 1], Part::Kinds(_) | Part::Items(_) | Part::Set(_))
            && self.mentions[i - 1].case() == Some(crate::text::hangul::Josa::Of)
            && !superlative;
        if owned {
            return Some(fields);
        }
        ((asked(i.checked_sub(1))
            && of_what
            && !rel
            && (belongs || superlative || self.parts.iter().any(|p| matches!(p, Part::Items(_))))
            || asked(i.checked_sub(1)) && self.parts.iter().any(|p| matches!(p, Part::Items(_))) && !rel)
            && !(superlative && matches!(self.domain, Domain::Items) && !belongs))
            .then_some(fields)
    }

    /// Of the candidates the field that the items have.
    pub fn field_for(&self, candidates: &[String], set: &ItemSet) -> String {
        let kinds = self.kinds_of(set);
        let has = |f: &&String| {
            if let Some(codes) = set.named() {
                return codes
                    .iter()
                    .filter_map(|c| self.index.item_by_code(c))
                    .any(|item| item.fields.get(f.as_str()).is_some_and(|v| !v.is_null()));
            }
            super::parts::kinds_have(self.index, &kinds, f)
        };
        let found = candidates.iter().find(has);
        // Items that are named by their address have no field for it.
        let address = |f: &&String| self.index.field(f).is_some_and(|d| d.role == Some(FieldRole::Address));
        if found.is_none() && candidates.iter().any(|f| address(&f)) && !kinds.is_empty() {
            let numeric = |c: &str| c.split('.').count() == 4 && c.chars().all(|c| c.is_ascii_digit() || c == '.');
            let mut of = self.index.vocabulary().items.iter().filter(|x| kinds.contains(&x.kind)).peekable();
            if of.peek().is_some() && of.all(|x| numeric(&x.code)) {
                return "code".to_owned();
            }
        }
        found.or(candidates.first()).cloned().unwrap_or_default()
    }

    /// A field that no item of the set has is said to be missing, never replaced.
    fn check_fields(&self, fields: &[String], set: &ItemSet) -> Result<(), Trouble> {
        let kinds = self.kinds_of(set);
        if kinds.is_empty() {
            return Ok(());
        }
        for f in fields {
            if !super::parts::kinds_have(self.index, &kinds, f) {
                return Err(self.unknown_field(self.label_of(f), set));
            }
        }
        Ok(())
    }

    /// How a field is called in the language of the question.
    pub fn label_of(&self, key: &str) -> String {
        self.index.field(key).map_or(key.to_owned(), |f| {
            let label = f.label.get(self.lang);
            if label.is_empty() { key.to_owned() } else { label.to_owned() }
        })
    }

    fn unknown_field(&self, words: String, set: &ItemSet) -> Trouble {
        let kinds = self.kinds_of(set);
        let has = self
            .index
            .catalogue()
            .fields
            .iter()
            .filter(|f| super::parts::kinds_have(self.index, &kinds, &f.key))
            .map(|f| self.label_of(&f.key))
            .collect();
        let of = set.named().map(<[String]>::to_vec).unwrap_or(kinds);
        Trouble::UnknownField { words, of, has }
    }

    /// An attribute that is asked for and that nothing has.
    fn missing_attribute(&self, set: &ItemSet) -> Option<Trouble> {
        let named = set.named().is_some() || !set.is_all();
        let at = self.parts.iter().position(|p| *p == Part::Attribute);
        if let Some(i) = at
            && named
        {
            return Some(self.unknown_field(self.words(i).to_owned(), set));
        }
        None
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
        if let Some(f) = number {
            let more: Vec<String> = fields.iter().filter(|x| *x != f).cloned().collect();
            return Some(Ask::Items(
                set.clone(),
                Want::TopRows { field: f.to_owned(), n: self.n(), desc, place: self.place_only, fields: more },
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
        Some(Ask::Items(set, Want::TopGroups { by: vec![by], measure: Reduce::Count, n: self.n(), desc, place: self.place_only }))
    }

    /// `서버 중 cisco 비율`: the last condition is the part, the others the whole.
    fn item_share(&self, set: &ItemSet) -> Option<Ask> {
        let mut whole = set.clone();
        let part = whole.filter.iter().rposition(|c| c.field != "kind" && c.field != "code")?;
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
