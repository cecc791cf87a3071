//! Questions about all, none and each other: `전부 active야?`, `systems nobody depends on`, `apps that share a repository with
//! another`.

use model::{Condition, Op};
use serde_json::{Value, json};

use super::{Part, Reader, Trouble, going_on::opposite, sets::Built};
use crate::{
    lexicon::{W, relations::Turn},
    logic::{Ask, ItemSet, Reduce, Start, Want},
    text::hangul::Josa,
};

impl Reader<'_> {
    /// `앱 3개 이상 얹힌 서버는 전부 active야?`, `are all servers of X active?`: whether there is one for which it does not hold.
    pub(super) fn all_of_them(&mut self) -> Option<Result<Ask, Trouble>> {
        let (all, value) = self.said_of_all()?;
        let place = self.item_conditions.iter().position(|(at, _)| *at == value)?;
        let before = (self.parts.clone(), self.used.clone(), self.item_conditions.clone(), self.why.len());
        let (_, mut condition) = self.item_conditions.remove(place);
        condition.op = opposite(condition.op)?;
        // `do all apps use java`: the verb belongs to the value.
        let verb =
            (all + 1..value).find(|&k| matches!(&self.parts[k], Part::Rel { family, .. } if family == "use"));
        for k in [all, value].into_iter().chain(verb) {
            self.used[k] = true;
            self.parts[k] = Part::Word;
        }
        let set = match self.read_items() {
            Ok(Ask::Items(set, Want::List(_) | Want::Exists(_))) => Some(set),
            Ok(ask @ Ask::Edges { having: Some(_), .. }) => {
                Some(ItemSet { start: Start::Best(Box::new(ask)), ..ItemSet::default() })
            }
            _ => None,
        };
        let Some(mut set) = set else {
            (self.parts, self.used, self.item_conditions) = (before.0, before.1, before.2);
            self.why.truncate(before.3);
            return None;
        };
        set.filter.push(condition);
        self.because("", "operation", "all");
        Some(Ok(Ask::Items(set, Want::Exists(false))))
    }

    /// The word for all, and the value that is said of them.
    fn said_of_all(&self) -> Option<(usize, usize)> {
        const ALL: &[&str] = &["전부", "모두", "다", "전체", "죄다", "all", "every"];
        let all = (0..self.mentions.len())
            .find(|&i| self.mentions[i].is(W::All) && ALL.contains(&self.words(i)) && !self.used[i])?;
        let value = (all + 1..self.parts.len()).rfind(|&k| matches!(self.parts[k], Part::Value(..)))?;
        let last = |k: usize| {
            self.parts[k + 1..]
                .iter()
                .all(|p| matches!(p, Part::Word | Part::Sign | Part::Unknown | Part::Field(_)))
                && !self.mentions[k + 1..].iter().any(|m| m.any(&[W::List, W::Count, W::Thing]))
        };
        let fits = if self.lang == model::Lang::Ko {
            all > 0
                && self.mentions[all - 1].case() == Some(Josa::Subject)
                && matches!(self.parts[all - 1], Part::Kinds(_) | Part::Word | Part::Set(_))
        } else {
            all <= 2
                && matches!(self.words(0), "is" | "are" | "were" | "was" | "do" | "does" | "have" | "has")
        };
        (fits && last(value)).then_some((all, value))
    }

    /// `systems nobody depends on`, `아무도 의존하지 않는 시스템`, `storages nothing uses`: items at no end of such relations.
    pub(super) fn unjoined(&self, built: &Built) -> Option<Ask> {
        let (_, types, turn) = built.loose.as_ref().filter(|_| !built.hopped)?;
        const SUBJECT: &[&str] =
            &["nobody", "no one", "noone", "nothing", "none", "아무도", "누구도", "아무것도 없이"];
        const OBJECT: &[&str] = &["아무것도", "아무데도", "아무 데도", "어디에도", "어떤 것도", "아무 것도"];
        let kinds = built.kinds.iter().rev().find(|k| !k.is_empty())?;
        let rel = self.parts.iter().position(|p| matches!(p, Part::Rel { .. }))?;
        let text = |i: usize| {
            let own = self.words(i).to_owned();
            let next = self.words(i + 1);
            [own.clone(), format!("{own} {next}")]
        };
        let find = |list: &[&str]| {
            (0..self.mentions.len()).find(|&i| {
                text(i).iter().any(|t| list.iter().any(|w| t == w || !w.is_ascii() && t.starts_with(w)))
            })
        };
        // Who does it comes before the verb; in English what it is done to comes behind.
        let target = match (find(SUBJECT), find(OBJECT)) {
            (Some(at), _) if at < rel || self.lang == model::Lang::Ko => true,
            (Some(_), _) => false,
            (None, Some(_)) => false,
            (None, None) => return None,
        };
        let target = if matches!(turn, Turn::Flip | Turn::Sources) { !target } else { target };
        let own = ItemSet::fitting(super::sets::kind_filter(kinds, &[]));
        let edges = |target: bool| {
            let (source, to, by) = match target {
                true => (ItemSet::default(), own.clone(), "target"),
                false => (own.clone(), ItemSet::default(), "source"),
            };
            let ask = Ask::Edges {
                source,
                target: to,
                types: types.clone(),
                by: Some(by.to_owned()),
                top: None,
                having: None,
            };
            ItemSet { start: Start::Best(Box::new(ask)), ..ItemSet::default() }
        };
        let mut set = ItemSet { filter: built.set.filter.clone(), ..own.clone() };
        set.outside = match turn {
            Turn::Either => vec![edges(true), edges(false)],
            _ => vec![edges(target)],
        };
        let want = if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
        Some(Ask::Items(set, want))
    }

    /// `저장소를 다른 앱이랑 같이 쓰는 앱`, `servers with a duplicate ip`: items whose value of a field another one has as well.
    pub(super) fn same_as_others(&self, set: &ItemSet, fields: &[String], built: &Built) -> Option<Ask> {
        let [field] = fields else { return None };
        let doubled = self
            .mentions
            .iter()
            .any(|m| ["중복", "겹치", "겹친", "duplicate"].iter().any(|w| m.words.starts_with(w)));
        let others = self.has_any(&[W::Other, W::Mutual]) || doubled;
        if !self.has(W::Same)
            || !others
            || !built.names.is_empty()
            || built.kinds.iter().all(Vec::is_empty)
            || !set.is_plain()
            || self.how_many.is_some()
        {
            return None;
        }
        let mut whole = set.clone();
        whole.filter.push(Condition::new(field.clone(), Op::Exists, Value::Null));
        let having = Condition::new("count", Op::Gt, json!(1));
        let groups =
            Ask::Items(whole, Want::GroupsThat { by: vec![field.clone()], measure: Reduce::Count, having });
        let set = ItemSet {
            start: Start::Members(Box::new(groups)),
            filter: set.filter.clone(),
            ..ItemSet::default()
        };
        let want =
            if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(vec![field.clone()]) };
        Some(Ask::Items(set, want))
    }
}
