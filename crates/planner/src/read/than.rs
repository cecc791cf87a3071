//! Conditions told by another item: `srv-01보다 메모리가 큰 서버`, `storages bigger than st-01`.

use model::{Condition, Op};
use serde_json::Value;

use super::{Domain, Part, Reader};
use crate::{lexicon::W, text::hangul::Josa};

/// Beginnings of words for more and for less.
const MORE: [&[&str]; 2] = [
    &["크", "큰", "커", "컸", "많", "높", "길", "긴", "오래"],
    &["more", "larger", "bigger", "greater", "higher", "longer"],
];
const LESS: [&[&str]; 2] = [&["작", "적", "낮", "짧"], &["less", "fewer", "smaller", "lower", "shorter"]];

/// The key of a value that is the mean of a field over the items.
pub(crate) const AVERAGE: &str = "average";

impl Reader<'_> {
    /// `메모리가 평균보다 큰 서버`, `servers above the average memory`.
    pub(super) fn take_than_average(&mut self) {
        if self.domain != Domain::Items {
            return;
        }
        let Some(at) = self.place(W::Avg) else { return };
        let before = |d: usize| at.checked_sub(d).map_or("", |k| self.words(k));
        let near = |list: &[&str]| {
            list.contains(&before(1))
                || matches!(before(1), "the" | "its" | "their") && list.contains(&before(2))
        };
        let than =
            self.mentions[at].josa.contains(&Josa::Than) || matches!(self.words(at + 1), "보다" | "보다는");
        let (words, op) = if than {
            let Some(found) = self.more_or_less(at) else { return };
            found
        } else if near(&["above", "over", "exceeding"]) || matches!(self.words(at + 1), "이상" | "초과") {
            (vec![at + 1], Op::Gt)
        } else if near(&["below", "under"]) || matches!(self.words(at + 1), "이하" | "미만") {
            (vec![at + 1], Op::Lt)
        } else if before(1).ends_with("than") || before(2).ends_with("than") && before(1) == "the" {
            let Some(found) = self.more_or_less(at) else { return };
            found
        } else {
            return;
        };
        let number = |p: &Part| match p {
            Part::Field(list) => list.iter().find(|f| self.is_number(f)).cloned(),
            _ => None,
        };
        let mut fields = (0..self.parts.len()).filter(|&i| !self.used[i]);
        let Some((i, field)) = fields.find_map(|i| number(&self.parts[i]).map(|f| (i, f))) else { return };
        self.because("", "value", format!("{field} {} avg", super::conditions::sign_of(op)));
        self.item_conditions
            .push((i, Condition::new(field.clone(), op, serde_json::json!({ (AVERAGE): field }))));
        for k in words.into_iter().chain([at, i]).filter(|k| *k < self.parts.len()) {
            if !self.parts[k].is_thing() {
                self.used[k] = true;
            }
        }
        for k in (1..=3).filter_map(|d| at.checked_sub(d)) {
            let w = self.words(k);
            if w.ends_with("than") || matches!(w, "above" | "below" | "over" | "under" | "exceeding") {
                self.used[k] = true;
            }
        }
    }

    /// A number of an item that is named is the limit for others.
    pub(super) fn take_than_items(&mut self) {
        if self.domain != Domain::Items {
            return;
        }
        let Some((at, code)) = self.compared_item() else { return };
        let index = self.index;
        let Some(item) = index.item_by_code(&code) else { return };
        let number = |f: &String| item.fields.get(f.as_str()).filter(|v| v.is_number()).cloned();
        let fields: Vec<(usize, String, Value)> = (0..self.parts.len())
            .filter(|&i| !self.used[i])
            .filter_map(|i| match &self.parts[i] {
                Part::Field(list) => list.iter().find_map(|f| number(f).map(|v| (i, f.clone(), v))),
                _ => None,
            })
            .collect();
        let kind = item.kind.clone();
        let (field_at, field, value) = match fields.as_slice() {
            [one] => (Some(one.0), one.1.clone(), one.2.clone()),
            [] => {
                let Some(field) = self.one_size_of(&kind) else { return };
                let Some(value) = number(&field) else { return };
                (None, field, value)
            }
            _ => return,
        };
        let Some((word, op)) = self.more_or_less(at) else { return };
        let shown = crate::vocabulary::text_of(&value);
        self.because(&code, "value", format!("{field} {} {shown}", super::conditions::sign_of(op)));
        self.item_conditions.push((at, Condition::new(field, op, value)));
        // Another kind may be asked for; else those of its own.
        if self.parts.iter().any(|p| matches!(p, Part::Kinds(_))) {
            self.parts[at] = Part::Word;
        } else {
            self.parts[at] = Part::Kinds(vec![kind]);
        }
        self.mentions[at].josa.clear();
        for k in field_at.into_iter().chain(word).chain((self.parts[at] == Part::Word).then_some(at)) {
            self.used[k] = true;
        }
        if let Some(than) = at.checked_sub(1).filter(|&k| self.words(k).ends_with("than")) {
            self.used[than] = true;
        }
    }

    /// The one item others are compared with.
    fn compared_item(&self) -> Option<(usize, String)> {
        (0..self.parts.len()).find_map(|i| match &self.parts[i] {
            Part::Items(codes) => {
                let than = self.mentions[i].josa.contains(&Josa::Than)
                    || matches!(self.words(i + 1), "보다" | "보다는" | "보단")
                    || i > 0 && self.words(i - 1).ends_with("than");
                let [one] = codes.as_slice() else { return None };
                than.then(|| (i, one.clone()))
            }
            _ => None,
        })
    }

    /// Which way it is compared, and the words that say so.
    fn more_or_less(&self, at: usize) -> Option<(Vec<usize>, Op)> {
        let side = |lists: [&[&str]; 2], i: usize| {
            let w = self.words(i);
            let list = if w.is_ascii() { lists[1] } else { lists[0] };
            list.iter()
                .any(|b| w == *b || !w.is_ascii() && w.starts_with(b) || w.starts_with(&format!("{b} ")))
        };
        let near: Vec<usize> = if self.lang == model::Lang::Ko {
            (at + 1..(at + 6).min(self.mentions.len())).collect()
        } else {
            (1..=5).filter_map(|d| at.checked_sub(d)).collect()
        };
        let ok = |i: &usize| !self.parts[*i].is_thing() && self.mentions[*i].sign.is_none();
        let found = near.iter().copied().filter(ok).find(|&i| side(MORE, i) || side(LESS, i))?;
        let op = if side(MORE, found) { Op::Gt } else { Op::Lt };
        // `더 큰`, `가장` beside it are part of the same words.
        let mut words = vec![found];
        words.extend(near.iter().copied().filter(|&i| {
            self.mentions[i].any(&[W::Most, W::Fewest, W::Max, W::Min, W::Difference, W::Compare, W::Either])
                || self.words(i) == "더"
        }));
        Some((words, op))
    }

    /// The one field of a kind that tells a size in bytes.
    pub(super) fn one_size_of(&self, kind: &str) -> Option<String> {
        let mut sizes = self.index.catalogue().fields.iter().filter(|f| {
            let (unit, key) = (f.unit.to_lowercase(), f.key.to_lowercase());
            self.index.kind_has(kind, &f.key)
                && ["tb", "gb", "mb", "tib", "gib", "mib"]
                    .iter()
                    .any(|u| unit == *u || unit.is_empty() && key.ends_with(&format!("_{u}")))
        });
        match (sizes.next(), sizes.next()) {
            (Some(f), None) => Some(f.key.clone()),
            _ => None,
        }
    }
}
