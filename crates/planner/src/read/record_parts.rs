//! What a mention is taken for in a question about records.

use super::{Part, Reader, parts::FIRM};
use crate::{dictionary::Sense, lexicon::W, scan::Mention};

impl Reader<'_> {
    pub(super) fn record_part(&self, i: usize, kind: usize) -> Option<Part> {
        let m = &self.mentions[i];
        if m.senses.iter().any(|(s, _)| *s == Sense::Rec(kind)) {
            let elsewhere =
                m.senses.iter().any(|(s, n)| matches!(s, Sense::RecValue(k, ..) if *k == kind) && *n >= 2);
            let another = self
                .mentions
                .iter()
                .enumerate()
                .any(|(j, o)| j != i && o.senses.iter().any(|(s, _)| *s == Sense::Rec(kind)));
            if !(elsewhere && another) {
                return Some(Part::Rec);
            }
        }
        let firm = FIRM.iter().any(|w| m.is(*w));
        let best_field = m
            .senses
            .iter()
            .filter_map(|(s, n)| match s {
                Sense::RecField(k, f) if *k == kind => Some((*n, f.clone())),
                _ => None,
            })
            .max_by_key(|(n, _)| *n);
        let values: Vec<(u8, String, String)> = m
            .senses
            .iter()
            .filter_map(|(s, n)| match s {
                Sense::RecValue(k, f, v) if *k == kind => Some((*n, f.clone(), v.clone())),
                _ => None,
            })
            .collect();
        let strongest = values.iter().map(|(n, ..)| *n).max();
        // The same name in several fields: the field that is named beside it (`alice가 승인한`, `approved by alice`).
        let best_value =
            values.into_iter().filter(|(n, ..)| Some(*n) == strongest).min_by_key(|(_, f, _)| {
                let asked_before =
                    self.focus.records.as_ref().is_some_and(|r| r.filter.iter().any(|c| c.field == *f));
                (self.distance_to_field(i, kind, f), !asked_before)
            });
        let thing = m.any(&[W::Thing, W::Details, W::Filler, W::Each]);
        if let Some((n, f, v)) = best_value
            && best_field.as_ref().is_none_or(|(fn_, _)| n >= *fn_)
            && (!thing
                || self.field_beside(i, kind, &f)
                || n >= 3 && (self.before_record(i, kind) || self.like_beside(i, kind, &f)))
            && !(firm && n < 3)
            && !(m.any(&[W::Share]))
        {
            return Some(Part::RecValue(f, v));
        }
        let own_kind = m.senses.iter().any(|(s, n)| matches!(s, Sense::Kind(_)) && *n >= 2);
        if let Some((n, f)) = best_field
            && !(firm && n < 2)
            && !own_kind
            && !(n < 3
                && m.senses
                    .iter()
                    .any(|(s, other)| matches!(s, Sense::Field(_)) && *other > n && *other >= 2))
        {
            return Some(Part::RecField(f));
        }
        None
    }

    /// `정보 events`: directly before the word for the records.
    pub(super) fn before_record(&self, i: usize, kind: usize) -> bool {
        self.mentions[i].josa.is_empty()
            && self
                .mentions
                .get(i + 1)
                .is_some_and(|m| m.senses.iter().any(|(s, n)| *s == Sense::Rec(kind) && *n >= 3))
    }

    /// Another value of the same field is named that can be nothing else, and this one stands like it.
    pub(super) fn like_beside(&self, i: usize, kind: usize, field: &str) -> bool {
        let subject = self.mentions[i].case();
        self.mentions.iter().enumerate().any(|(k, m)| {
            k != i
                && m.case() == subject
                && subject.is_some()
                && !m.any(&[W::Thing, W::Details, W::Filler])
                && m.senses.iter().any(|(s, n)| {
                    *n >= 3 && matches!(s, Sense::RecValue(x, f, _) if *x == kind && f == field)
                })
        })
    }

    /// How far the nearest name of the field is, on the side where the language puts it.
    pub(super) fn distance_to_field(&self, i: usize, kind: usize, field: &str) -> usize {
        let names = |m: &Mention| {
            m.senses
                .iter()
                .any(|(s, n)| *n >= 2 && matches!(s, Sense::RecField(k, f) if *k == kind && f == field))
        };
        let ko = self.lang == model::Lang::Ko;
        self.mentions
            .iter()
            .enumerate()
            .filter(|(_, m)| names(m))
            .map(|(j, _)| match (j > i, ko) {
                (true, true) | (false, false) => i.abs_diff(j) * 4,
                _ => i.abs_diff(j) * 4 + 3,
            })
            .min()
            .unwrap_or(1000)
    }

    /// The name of the field stands directly beside the mention.
    pub(super) fn field_beside(&self, i: usize, kind: usize, field: &str) -> bool {
        let names = |j: Option<usize>| {
            j.and_then(|j| self.mentions.get(j)).is_some_and(|m| {
                m.senses.iter().any(|(s, _)| matches!(s, Sense::RecField(k, f) if *k == kind && f == field))
            })
        };
        names(i.checked_sub(1)) || names(Some(i + 1)) || names(i.checked_sub(2))
    }
}
