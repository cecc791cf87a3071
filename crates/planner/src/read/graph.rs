//! Questions about the topology: paths, impact, cycles, numbers of relations.

use model::graph::Direction;

use super::{
    Part, Reader, Trouble,
    sets::{Built, flip},
};
use crate::{
    lexicon::{W, relations::Turn},
    logic::{Ask, Hop, ItemSet, Reduce, Start, Want},
};

impl Reader<'_> {
    /// A question of the topology, if it is one.
    pub fn read_graph(
        &mut self,
        built: &Built,
        by: &[String],
        wanted: &[Vec<String>],
    ) -> Result<Option<Ask>, Trouble> {
        let types = self.types_named();
        if self.has(W::Cycle) && built.names.len() == 2 {
            let filter = vec![super::sets::one_of("code", &built.names)];
            return Ok(Some(Ask::Pairs { types, filter }));
        }
        if self.has(W::Cycle) {
            let asks = self.has(W::Exists) && !self.has_any(&[W::Which, W::List]);
            return Ok(Some(Ask::Cycles { types, exists: asks }));
        }
        if self.has(W::Mutual) && !types.is_empty() && built.names.len() < 2 {
            let filter = built.set.filter.iter().filter(|c| c.field != "kind").cloned().collect();
            return Ok(Some(Ask::Pairs { types, filter }));
        }
        if self.has_any(&[W::Path, W::Hops]) && built.names.len() >= 2 {
            return Ok(Some(self.path(built, types)));
        }
        if let Some(ask) = self.impact(built, wanted) {
            return Ok(Some(ask));
        }
        if let Some(ask) = self.joined(built) {
            return Ok(Some(ask));
        }
        if let Some(ask) = self.shared(built) {
            return Ok(Some(ask));
        }
        if let Some(ask) = self.unjoined(built) {
            return Ok(Some(ask));
        }
        Ok(self.relations_counted(built, by))
    }

    /// Relation types named anywhere in the question.
    fn types_named(&self) -> Vec<String> {
        let mut exact: Vec<String> = Vec::new();
        let mut loose: Vec<String> = Vec::new();
        for p in &self.parts {
            if let Part::Rel { types, exact: e, .. } = p {
                let list = if *e { &mut exact } else { &mut loose };
                list.extend(types.iter().filter(|t| !list.contains(t)).cloned().collect::<Vec<_>>());
            }
        }
        if exact.is_empty() { loose } else { exact }
    }

    /// Types of relations named by their own keys or labels.
    fn exact_types(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for p in &self.parts {
            if let Part::Rel { types, exact: true, .. } = p {
                out.extend(types.iter().filter(|t| !out.contains(t)).cloned().collect::<Vec<_>>());
            }
        }
        out
    }

    fn path(&self, built: &Built, types: Vec<String>) -> Ask {
        let (mut from, mut to) = (built.names[0].clone(), built.names[1].clone());
        // `to X from Y`
        let place = |code: &str| {
            self.parts.iter().position(|p| match p {
                Part::Items(c) => c.iter().any(|x| x == code),
                Part::System { item, .. } => item.as_deref() == Some(code),
                _ => false,
            })
        };
        if let (Some(a), Some(b)) = (place(&from), place(&to))
            && a.checked_sub(1).is_some_and(|k| self.words(k) == "to")
            && b.checked_sub(1).is_some_and(|k| self.words(k) == "from")
        {
            std::mem::swap(&mut from, &mut to);
        }
        let directed = !types.is_empty()
            && types.iter().all(|t| {
                !matches!(crate::dictionary::family_of(self.index.vocabulary(), t), Some("connect"))
            });
        let direction = if self.has(W::Direction) || directed { Direction::Out } else { Direction::Both };
        let asks_way = self.has(W::Path) || self.has(W::List);
        let only_length = self.has(W::Hops)
            && (!self.mentions.iter().any(|m| m.any(&[W::Path]) && m.words.chars().count() > 2)
                || self.has(W::Count) && !asks_way);
        let whether = self.has(W::Exists) && !self.has_any(&[W::Count, W::List, W::Which]);
        Ask::Path { from, to, types, direction, only_length, whether }
    }

    /// `is X connected to Y?`: whether a relation joins two things that are named.
    fn joined(&self, built: &Built) -> Option<Ask> {
        let [a, b] = built.names.as_slice() else { return None };
        // `의존하는지 알려줘`, `tell me whether …`: shown or not, it is a yes or no.
        let whether = self.mentions.iter().any(|m| {
            m.words.ends_with("는지")
                || m.words.contains("여부")
                || matches!(m.words.as_str(), "whether" | "if")
        });
        if built.kinds.iter().any(|k| !k.is_empty())
            || self.has_any(&[W::Count, W::Which, W::Same])
            || self.has(W::List) && !whether
        {
            return None;
        }
        let (types, turn, family) = self.parts.iter().enumerate().find_map(|(i, p)| match p {
            // `dependent on` is said of what depends.
            Part::Rel { types, turn: Turn::Sources, family, .. }
                if matches!(self.words(i + 1), "on" | "upon") || self.words(i).ends_with(" on") =>
            {
                Some((types.clone(), Turn::Plain, family.clone()))
            }
            Part::Rel { types, turn, family, .. } => Some((types.clone(), *turn, family.clone())),
            _ => None,
        })?;
        if self.has(W::Mutual) {
            let filter = vec![super::sets::one_of("code", &[a.clone(), b.clone()])];
            return Some(Ask::Pairs { types, filter });
        }
        let direction = match turn {
            Turn::Either => Direction::Both,
            Turn::Flip | Turn::Sources => Direction::In,
            _ => Direction::Out,
        };
        // What depends on something fails with it: where no relation of this name begins at such items, that decides.
        let own = self.kinds_of(&ItemSet::codes(vec![a.clone()]));
        if family == "depend"
            && direction == Direction::Out
            && self.joining(&types, direction, &own, &[]).is_empty()
        {
            let hop = Hop {
                from: ItemSet::codes(vec![b.clone()]),
                types: Vec::new(),
                direction: Direction::In,
                depth: 0,
                least: 1,
                impact: Some(false),
                not_start: true,
            };
            let filter = vec![super::sets::one_of("code", std::slice::from_ref(a))];
            let set = ItemSet { start: Start::Hop(Box::new(hop)), filter, ..ItemSet::default() };
            return Some(Ask::Items(set, Want::Exists(true)));
        }
        let set = ItemSet::codes(vec![a.clone()]).hop(
            types,
            direction,
            vec![super::sets::one_of("code", std::slice::from_ref(b))],
        );
        let mut set = set;
        if let Start::Hop(hop) = &mut set.start
            && self.has(W::Indirect)
        {
            hop.depth = 0;
        }
        Some(Ask::Items(set, Want::Exists(true)))
    }

    /// What fails when something fails.
    fn impact(&mut self, built: &Built, wanted: &[Vec<String>]) -> Option<Ask> {
        let down = self.has(W::Down);
        let affected = self.has(W::Impact);
        let described = self.parts.iter().find_map(|p| match p {
            Part::Set(set) => Some(set.clone()),
            _ => None,
        });
        if (!down && !affected)
            || described.is_none() && built.names.is_empty() && !matches!(built.set.start, Start::Codes(_))
        {
            return None;
        }
        let names = if described.is_some() {
            Vec::new()
        } else if built.names.is_empty() {
            built.set.named()?.to_vec()
        } else {
            built.names.clone()
        };
        let first: Vec<String> = names.first().cloned().into_iter().collect();
        let start_set = match described {
            Some(set) => set,
            None => ItemSet::codes(first.clone()),
        };
        let own = self.kinds_of(&start_set);
        let mut kinds: Vec<String> = Vec::new();
        for k in &built.kinds {
            if !k.is_empty() && k.iter().all(|x| !own.contains(x)) {
                kinds = k.clone();
            }
        }
        // `which systems are hit if system X fails`: of its own kind, named apart from it.
        if kinds.is_empty()
            && let Some(same) = built.kinds.iter().find(|k| !k.is_empty())
        {
            kinds = same.clone();
        }
        // A kind no failure can reach from there is an everyday word for what is affected (`서비스`).
        let everyday = kinds.iter().all(|k| crate::dictionary::concept(k) == "service");
        if everyday && !kinds.is_empty() && !self.reaches(&own, &kinds) {
            self.because("", "kind", "affected items of any kind");
            kinds.clear();
            self.wide = true;
        }
        let redundancy = self.has(W::Redundant);
        let mut filter = super::sets::kind_filter(&kinds, &[]);
        if first.is_empty() {
            // The conditions of what fails are its own.
        } else {
            let own =
                |c: &&model::Condition| c.field != "kind" || matches!(c.op, model::Op::Ne | model::Op::NotIn);
            filter.extend(built.set.filter.iter().filter(own).cloned());
        }
        let types = if redundancy {
            // A connection that is lost completely is a matter of the types that join the two kinds.
            let reached = |to: &String| kinds.is_empty() || kinds.contains(to);
            let all: Vec<String> = self
                .index
                .vocabulary()
                .links
                .iter()
                .filter(|l| self.carries(l).iter().any(|(from, to)| own.contains(from) && reached(to)))
                .map(|l| l.r#type.clone())
                .collect();
            let mut unique: Vec<String> = Vec::new();
            for t in all {
                if !unique.contains(&t) {
                    unique.push(t);
                }
            }
            unique
        } else {
            // `장애 시 RUNS_ON만 따라가면`: only over the type that was named.
            self.exact_types()
        };
        let depth = if self.has(W::Direct) && !self.has(W::Indirect) { 1 } else { self.steps().unwrap_or(0) };
        let start = if names.len() > 1 && !self.has(W::Either) { ItemSet::codes(names) } else { start_set };
        let hop = Hop {
            from: start,
            types,
            direction: Direction::In,
            depth,
            least: 1,
            impact: Some(redundancy),
            not_start: true,
        };
        let set = ItemSet { start: Start::Hop(Box::new(hop)), filter, ..ItemSet::default() };
        let want = if self.has(W::Count) && !self.has(W::List) {
            Want::Number(Reduce::Count)
        } else if self.has(W::Exists) && !self.has_any(&[W::Which, W::List]) {
            Want::Exists(true)
        } else {
            // `whose owners`: fields of what is affected.
            let fields =
                wanted.iter().map(|w| self.field_for(w, &set)).filter(|f| f != "name" && f != "code");
            Want::List(fields.collect())
        };
        self.because("", "operation", "impact");
        Some(Ask::Items(set, want))
    }

    /// A failure of items of some kinds can come to items of others.
    fn reaches(&self, from: &[String], to: &[String]) -> bool {
        let links = &self.index.vocabulary().links;
        if links.is_empty() || from.is_empty() {
            return true;
        }
        let mut seen: Vec<&str> = from.iter().map(String::as_str).collect();
        let mut i = 0;
        while let Some(kind) = seen.get(i).copied() {
            for (_, to) in links.iter().flat_map(|l| self.carries(l)).filter(|(from, _)| *from == kind) {
                if !seen.contains(&to.as_str()) {
                    seen.push(to);
                }
            }
            i += 1;
        }
        to.iter().any(|k| seen.contains(&k.as_str()))
    }

    /// From which kind to which a failure comes over relations of a type.
    fn carries<'l>(&self, link: &'l crate::vocabulary::Link) -> Vec<(&'l String, &'l String)> {
        let types = &self.index.catalogue().relations;
        let way = types
            .iter()
            .find(|r| r.key == link.r#type)
            .map_or(model::schema::Travel::ToSource, model::schema::RelationType::travel);
        let mut out = Vec::new();
        if way.to_source() {
            out.push((&link.target, &link.source));
        }
        if way.to_target() {
            out.push((&link.source, &link.target));
        }
        out
    }

    /// Relations counted per item, or altogether.
    fn relations_counted(&mut self, built: &Built, by: &[String]) -> Option<Ask> {
        let relation_word = self.mentions.iter().any(|m| {
            matches!(
                m.words.trim_end_matches(['는', '은', '가', '이', '를', '의']),
                "관계"
                    | "relations"
                    | "relation"
                    | "relationships"
                    | "relationship"
                    | "edges"
                    | "links"
                    | "관계들"
            )
        });
        // `X를 쓰는 서버가 다 합해서 몇 대`: the servers are counted, not the relations.
        let summed = self.has(W::Sum) && built.hopped && built.set.kinds().is_empty();
        if summed
            && let Start::Hop(hop) = &built.set.start
            && !matches!(hop.from.start, Start::Codes(_))
        {
            let (source, target) = match hop.direction {
                Direction::In => (ItemSet::fitting(built.set.filter.clone()), hop.from.clone()),
                _ => (hop.from.clone(), ItemSet::fitting(built.set.filter.clone())),
            };
            return Some(Ask::Edges {
                source,
                target,
                types: hop.types.clone(),
                by: None,
                top: None,
                having: None,
            });
        }
        // `앱이 제일 많이 쓰는 언어`: a field of theirs is ranked, no relation.
        let kinds: Vec<String> = built.kinds.iter().flatten().cloned().collect();
        let ranked_field = built.loose.as_ref().is_some_and(|(family, ..)| family == "use")
            && built.kinds.iter().filter(|k| !k.is_empty()).count() == 1
            && self.parts.iter().any(|p| match p {
                Part::Field(list) => {
                    list.iter().any(|f| !self.is_number(f) && super::parts::kinds_have(self.index, &kinds, f))
                }
                _ => false,
            });
        if ranked_field {
            return None;
        }
        let loose = built.loose.clone().or_else(|| self.counted_kinds(built, by));
        let ranking = self.has_any(&[W::Most, W::Fewest, W::Max, W::Min]) || self.how_many.is_some();
        let per = by.iter().any(|b| b == "source") || !by.is_empty() && loose.is_some();
        if let Some((_, types, turn)) = &loose
            && (ranking || per)
            && !built.hopped
        {
            return Some(self.edges_by(built, types.clone(), *turn, by));
        }
        if relation_word && built.names.is_empty() {
            let types = self.types_named();
            let by_type = !by.is_empty() || self.has(W::Each) || self.has(W::KindOf);
            let top = ranking.then(|| (self.n(), !self.has_any(&[W::Fewest, W::Min])));
            let by = if by_type || ranking && !self.has(W::Thing) { Some("type".to_owned()) } else { None };
            return Some(Ask::Edges {
                source: ItemSet::default(),
                target: ItemSet::default(),
                types,
                by,
                top,
                having: None,
            });
        }
        None
    }

    /// `서비스가 2개 이상 있는 노드`, `which hosts have the most databases`: two kinds and a number of one per the other, joined by
    /// whatever joins them.
    fn counted_kinds(&self, built: &Built, by: &[String]) -> Option<(String, Vec<String>, Turn)> {
        let kinds: Vec<&Vec<String>> = built.kinds.iter().filter(|k| !k.is_empty()).collect();
        let [a, b] = kinds.as_slice() else { return None };
        let ranked = self.has_any(&[W::Most, W::Fewest])
            && !self.phrase
            && !self.parts.iter().any(|p| matches!(p, Part::Rel { .. }))
            && !self.are_systems(a)
            && !self.are_systems(b);
        // `서버당 앱 몇 개`: one per the other.
        let per = by == ["source"] && self.has(W::Count);
        if self.how_many.is_none() && !ranked && !per {
            return None;
        }
        let mut types: Vec<String> = Vec::new();
        for l in &self.index.vocabulary().links {
            let joins = a.contains(&l.source) && b.contains(&l.target)
                || b.contains(&l.source) && a.contains(&l.target);
            if joins && !types.contains(&l.r#type) {
                types.push(l.r#type.clone());
            }
        }
        (!types.is_empty()).then(|| (String::new(), types, Turn::Plain))
    }

    fn edges_by(&self, built: &Built, types: Vec<String>, turn: Turn, by: &[String]) -> Ask {
        // The group is the kind that is ranked or named with `each`; the other end is what is counted.
        let links = &self.index.vocabulary().links;
        let kinds: Vec<&Vec<String>> = built.kinds.iter().filter(|k| !k.is_empty()).collect();
        let systems = |k: &Vec<String>| {
            self.index.systems.values().filter_map(|&i| self.index.item(i)).any(|x| k.contains(&x.kind))
        };
        let mut group: Vec<String> = if by.is_empty() {
            match (kinds.as_slice(), self.lang) {
                ([one], _) => (*one).clone(),
                ([first, ..], model::Lang::En) => (*first).clone(),
                ([.., last], model::Lang::Ko) => (*last).clone(),
                _ => Vec::new(),
            }
        } else {
            let first = (by == ["source"]).then(|| kinds.first()).flatten();
            kinds.iter().find(|k| systems(k)).or(first).map(|k| (*k).clone()).unwrap_or_default()
        };
        if group.is_empty() && by.iter().any(|b| b.ends_with("system") || b == "source") {
            group = self
                .index
                .systems
                .values()
                .filter_map(|&i| self.index.item(i))
                .map(|x| x.kind.clone())
                .collect();
            group.sort();
            group.dedup();
        }
        let counted: Vec<String> =
            kinds.iter().find(|k| ***k != group).map(|k| (*k).clone()).unwrap_or_default();
        let may = |source: bool| {
            links.is_empty()
                || links.iter().any(|l| {
                    types.contains(&l.r#type) && {
                        let (g, c) = if source { (&l.source, &l.target) } else { (&l.target, &l.source) };
                        (group.is_empty() || group.contains(g)) && (counted.is_empty() || counted.contains(c))
                    }
                })
        };
        let wanted_source = match turn {
            Turn::Sources => false,
            Turn::Flip => false,
            _ => !self.passive_of_group(),
        };
        let source = if may(wanted_source) { wanted_source } else { !wanted_source };
        let set = |k: &[String]| ItemSet::fitting(super::sets::kind_filter(k, &[]));
        let (a, b) = if source { (set(&group), set(&counted)) } else { (set(&counted), set(&group)) };
        let top = self
            .has_any(&[W::Most, W::Fewest, W::Max, W::Min])
            .then_some(())
            .filter(|()| self.how_many.is_none())
            .map(|()| (self.n(), !self.has_any(&[W::Fewest, W::Min])));
        let _ = flip(Direction::Out);
        Ask::Edges {
            source: a,
            target: b,
            types,
            by: Some(if source { "source" } else { "target" }.to_owned()),
            top,
            having: self.how_many.clone(),
        }
    }

    /// `가장 많은 시스템이 의존하는 시스템`: what is ranked is at the other end.
    fn passive_of_group(&self) -> bool {
        let rel = self.parts.iter().position(|p| matches!(p, Part::Rel { .. }));
        let most = self.place_any(&[W::Most, W::Max, W::Fewest]);
        match (rel, most, self.lang) {
            (Some(r), Some(m), model::Lang::Ko) => {
                let subject = |k: usize| {
                    matches!(self.parts[k], Part::Kinds(_))
                        && self.mentions[k].case() == Some(crate::text::hangul::Josa::Subject)
                };
                m < r && (m..r).any(subject)
                    || self.mentions[r].words.ends_with("되는")
                    || super::passive::receives(&self.mentions, r, self.lang)
            }
            (Some(r), Some(_), model::Lang::En) => {
                self.words(r).ends_with("by")
                    || self.mentions.get(r + 1).is_some_and(|m| m.words == "by")
                    || super::passive::receives(&self.mentions, r, self.lang)
            }
            _ => false,
        }
    }
}
