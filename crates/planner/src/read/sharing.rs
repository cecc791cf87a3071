//! What several have in common: the same node, the same owner, the same storage.

use model::graph::Direction;

use super::{Part, Reader, sets::Built};
use crate::{
    lexicon::W,
    logic::{Ask, ItemSet, Reduce, Want},
};

impl Reader<'_> {
    /// `같은 노드에 있는 서비스`, `shares a node with X`, `same owner as X`.
    pub(super) fn shared(&mut self, built: &Built) -> Option<Ask> {
        if !self.has(W::Same) {
            return None;
        }
        // `같은 버전 쓰는 DB`: as the one item asked about before.
        let before = || match self.focus.set.as_ref().and_then(ItemSet::named) {
            Some([one]) => Some(one.clone()),
            _ => None,
        };
        let code = built.names.first().cloned().or_else(before)?;
        let item = self.index.item_by_code(&code)?;
        let own = item.kind.clone();
        let at = self.place(W::Same)?;
        if let Some(ask) = self.with_the_same(built) {
            return Some(ask);
        }
        let fields = self.parts.iter().enumerate().filter_map(|(i, p)| match p {
            Part::Field(list) => Some((i, list.clone())),
            Part::Kinds(_) => self.mentions[i].senses.iter().find_map(|(s, n)| match s {
                crate::dictionary::Sense::Field(f) if *n >= 2 => Some((i, vec![f.clone()])),
                _ => None,
            }),
            _ => None,
        });
        let near = |i: usize| i.abs_diff(at) <= 3;
        if let Some((_, list)) = fields.clone().find(|(i, _)| near(*i)) {
            let field = self.field_for(&list, &ItemSet::codes(vec![code.clone()]));
            let value = item.fields.get(&field).cloned().unwrap_or_default();
            let mut filter: Vec<model::Condition> = built
                .kinds
                .iter()
                .rev()
                .filter(|k| !k.is_empty())
                .take(1)
                .flat_map(|k| super::sets::kind_filter(k, &[]))
                .collect();
            filter.push(model::Condition::new(field, model::Op::Eq, value));
            filter.push(model::Condition::new("code", model::Op::Ne, code));
            let want = if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
            return Some(Ask::Items(ItemSet::fitting(filter), want));
        }
        let through = built.kinds.iter().find(|k| !k.is_empty() && !k.contains(&own))?.clone();
        let others: Vec<String> = built
            .kinds
            .iter()
            .rev()
            .find(|k| !k.is_empty() && **k != through)
            .cloned()
            .unwrap_or_else(|| vec![own.clone()]);
        let types: Vec<String> = self
            .index
            .vocabulary()
            .links
            .iter()
            .filter(|l| l.source == own && through.contains(&l.target))
            .map(|l| l.r#type.clone())
            .collect();
        let up = ItemSet::codes(vec![code.clone()]).hop(
            types.clone(),
            Direction::Out,
            super::sets::kind_filter(&through, &[]),
        );
        let back: Vec<String> = self
            .index
            .vocabulary()
            .links
            .iter()
            .filter(|l| others.contains(&l.source) && through.contains(&l.target))
            .map(|l| l.r#type.clone())
            .collect();
        // `같은 서버에 있는 것들`: whatever is there.
        let anything = others == vec![own.clone()]
            && !built.kinds.iter().any(|k| k.contains(&own))
            && self.has(W::Thing);
        let mut filter = super::sets::kind_filter(if anything { &[] } else { &others }, &[]);
        filter.push(model::Condition::new("code", model::Op::Ne, code));
        let back = if anything { Vec::new() } else { back };
        let set = up.hop(if back.is_empty() { types } else { back }, Direction::In, filter);
        if let Some(other) = built.names.get(1)
            && self.kinds_of(&ItemSet::codes(vec![other.clone()])).iter().all(|k| others.contains(k))
        {
            // `are A and B on the same node?`
            let mut set = set;
            set.filter = vec![super::sets::one_of("code", std::slice::from_ref(other))];
            return Some(Ask::Items(set, Want::Exists(true)));
        }
        let want = if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
        Some(Ask::Items(set, want))
    }

    /// `A와 B를 같이 쓰는 다른 서버`: what is joined to B as A is.
    pub(super) fn with_the_same(&self, built: &Built) -> Option<Ask> {
        let [a, b] = built.names.as_slice() else { return None };
        let kind = |code: &String| self.index.item_by_code(code).map(|x| x.kind.clone());
        let (ka, kb) = (kind(a)?, kind(b)?);
        let wanted: Vec<String> = built.kinds.iter().flatten().cloned().collect();
        if ka == kb || !wanted.is_empty() && !wanted.contains(&ka) && !wanted.contains(&kb) {
            return None;
        }
        let (one, via, kind, other) =
            if wanted.contains(&kb) { (b, a, kb.clone(), ka) } else { (a, b, ka.clone(), kb) };
        let all: Vec<String> = self.index.catalogue().relations.iter().map(|r| r.key.clone()).collect();
        let types = self.joining(&all, Direction::Both, &[other], std::slice::from_ref(&kind));
        if types.is_empty() {
            return None;
        }
        let filter = vec![
            super::sets::one_of("kind", &[kind]),
            model::Condition::new("code", model::Op::Ne, one.clone()),
        ];
        let set = ItemSet::codes(vec![via.clone()]).hop(types, Direction::Both, filter);
        let want = if self.has(W::Count) { Want::Number(Reduce::Count) } else { Want::List(Vec::new()) };
        Some(Ask::Items(set, want))
    }
}
