//! A number of records or items that is meant exactly: `exactly 2 tickets`, `only one ticket`, `티켓이 딱 1건인`, `3건뿐인`.

use super::{Domain, Part, Reader};
use crate::text::hangul::Josa;

/// Words before a number that admit no other.
pub(crate) const EXACTLY: [&str; 11] =
    ["only", "exactly", "just", "precisely", "딱", "정확히", "오직", "단", "단지", "겨우", "고작"];

impl Reader<'_> {
    /// The number says how many there are of something, no more and no less.
    pub(super) fn exactly_counted(&self, i: usize) -> bool {
        if self.mentions[i].number.as_ref().is_none_or(|(_, unit)| !unit.is_empty()) {
            return false;
        }
        let before = i.checked_sub(1).is_some_and(|k| EXACTLY.contains(&self.words(k)));
        let noun = |k: usize| matches!(self.parts.get(k), Some(Part::Rec | Part::Kinds(_)));
        if self.lang == model::Lang::En {
            let narrows = |k: &usize| {
                matches!(self.parts.get(*k), Some(Part::RecValue(..) | Part::Value(..) | Part::System { .. }))
            };
            let head = (i + 1..i + 4).find(|k| !narrows(k));
            // Something else is asked for: which have them.
            return before
                && head.is_some_and(noun)
                && (0..i).any(|k| self.parts[k].is_thing() || self.asks_things(k));
        }
        let records = matches!(self.domain, Domain::Record(_));
        let Some(counter) = self.mentions.get(i + 1).filter(|m| !m.spaced) else { return false };
        let (word, rest) = counter.words.split_once('뿐').unwrap_or((&counter.words, ""));
        let alone = word.len() + rest.len() < counter.words.len();
        let counts = match word {
            "건" | "회" | "번" | "차례" => records,
            "개" | "대" => i > 0 && noun(i - 1),
            _ => false,
        };
        let next = self.words(i + 2);
        let only = alone || next.starts_with("뿐") || counter.josa.contains(&Josa::Only) && !next.is_empty();
        let said = before || only;
        counts
            && said
            && (i + 2..self.parts.len())
                .any(|k| self.asks_things(k) || matches!(self.parts[k], Part::Kinds(_)))
    }

    fn asks_things(&self, k: usize) -> bool {
        self.mentions[k].is(crate::lexicon::W::Thing)
    }
}
