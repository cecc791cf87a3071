//! Items chosen by their records: those that have some, all of several, none, or those of what belongs to them.

use model::{Condition, Op};

use super::{Part, Reader, sets::Built};
use crate::{
    lexicon::W,
    logic::{Ask, ItemSet, RecordSet, Recorded, Reduce, Want},
};

impl Reader<'_> {
    /// Items without, or with, such records.
    pub(super) fn without_or_with(&self, records: &RecordSet, built: &Built, goes_on: bool) -> Option<Ask> {
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
            || self.has_any(&[
                W::Most,
                W::Fewest,
                W::Share,
                W::Avg,
                W::Sum,
                W::Latest,
                W::Earliest,
                W::Each,
                W::Top,
            ])
            || self.has_any(&[W::Longest, W::Shortest])
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
    pub(super) fn others_have(&self, records: &RecordSet) -> Option<ItemSet> {
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
                    Some(
                        crate::text::hangul::Josa::At
                            | crate::text::hangul::Josa::Inside
                            | crate::text::hangul::Josa::Of
                    )
                )
        })?;
        let head = (rec + 1..self.parts.len()).rev().find(|&i| kind(i).is_some())?;
        let (from, to) = (kind(place)?, kind(head)?);
        // Only kinds: anything else named would have to be put somewhere as well.
        let others = self
            .parts
            .iter()
            .enumerate()
            .any(|(i, p)| i != place && i != head && (p.is_thing() || matches!(p, Part::Rel { .. })));
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
    pub(super) fn recorded(&self, records: RecordSet) -> Vec<Recorded> {
        let one = |records: RecordSet| Recorded { records, count: self.how_many.clone() };
        let also = |m: &crate::scan::Mention| {
            m.senses.iter().any(|(s, n)| matches!(s, crate::dictionary::Sense::Rec(_)) && *n >= 2)
                && m.josa.contains(&crate::text::hangul::Josa::Plain)
        };
        let each_too = self.mentions.iter().filter(|m| also(m)).count() > 1;
        if !self.both_said() && !each_too {
            return vec![one(records)];
        }
        let several = records
            .filter
            .iter()
            .position(|c| c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() > 1));
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
            let filter =
                records.filter.iter().filter_map(|c| self.same_value_in(kind, records.kind, c)).collect();
            out.push(one(RecordSet { kind, filter, ..records }));
        }
        out
    }

    /// A condition on the records of one kind as one on those of another, by the role of its field.
    pub(super) fn same_value_in(&self, kind: usize, of: usize, c: &Condition) -> Option<Condition> {
        let role = self.index.rec_field(of, &c.field)?.role?;
        let field = self.index.rec_role(kind, role)?;
        Some(Condition { field: field.key.clone(), ..c.clone() })
    }

    /// `둘 다`, `both`: all of what stands side by side is meant at once.
    pub(super) fn both_said(&self) -> bool {
        const WORDS: &[&str] = &[
            "both",
            "둘 다",
            "둘다",
            "모두",
            "공통",
            "공통으로",
            "공통적으로",
            "양쪽",
            "동시에",
            "in common",
            "common",
            "전부 다",
            "다 같이",
        ];
        let text = self.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        WORDS.iter().any(|w| format!(" {text} ").contains(&format!(" {w} ")))
    }

    /// The question asks for items that have records, not for the records.
    pub(super) fn items_are_asked(&self, built: &Built) -> bool {
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
                matches!(
                    m.words.as_str(),
                    "with" | "that" | "which" | "having" | "without" | "whose" | "where"
                )
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
}
