//! Pieces of texts as conditions: `이름에 inventory 들어가는`, `starting with 10.56`.

use model::{Condition, Op};

use super::{Domain, Part, Reader};
use crate::{lexicon::W, text::hangul::Josa};

impl Reader<'_> {
    /// `이름에 inventory 들어가는`, `whose message contains timeout`: a piece of a text.
    pub(super) fn take_parts_of_names(&mut self) {
        const CONTAIN: &[&str] = &[
            "들어가는",
            "들어간",
            "들어있는",
            "들어",
            "포함된",
            "포함하는",
            "포함한",
            "포함되",
            "포함",
            "contains",
            "contain",
            "containing",
            "includes",
            "include",
            "including",
            "named",
            "called",
            "like",
        ];
        const BEGIN: &[&str] = &[
            "시작하는",
            "시작되는",
            "starting with",
            "starts with",
            "start with",
            "begins with",
            "beginning with",
        ];
        for i in 0..self.parts.len() {
            let word = self.words(i).to_owned();
            let bare = matches!(word.as_str(), "starting" | "beginning" | "starts" | "begins")
                && self.parts.get(i + 1) == Some(&Part::Number);
            // `9로 시작하는`
            let by = word.starts_with("시작")
                && i > 0
                && self.mentions[i - 1].josa.iter().any(|j| matches!(j, Josa::By));
            let begins = BEGIN.contains(&word.as_str())
                || bare
                || by
                || word == "with"
                    && i > 0
                    && matches!(self.words(i - 1), "starting" | "beginning" | "starts" | "begins");
            if !begins && !CONTAIN.contains(&word.as_str()) {
                continue;
            }
            let ko = !word.is_ascii();
            let near: Vec<usize> = if ko {
                (1..=3).filter_map(|d| i.checked_sub(d)).collect()
            } else {
                (i + 1..=i + 2).filter(|&k| k < self.parts.len()).collect()
            };
            let value = near.iter().copied().find(|&k| {
                let text = matches!(self.parts[k], Part::Unknown)
                    && self.mentions[k].words.chars().count() > 1
                    && !matches!(self.words(k), "라는" | "이라는" | "이란" | "라고" | "이라고")
                    && self.mentions[k].sign.is_none();
                text || begins && self.parts[k] == Part::Number
            });
            let field =
                (1..=6).filter_map(|d| i.checked_sub(d)).find_map(|k| self.text_field(k).map(|f| (k, f)));
            let field = field.or_else(|| {
                let behind = (i + 1..=i + 3).filter(|&k| begins && k < self.parts.len());
                behind.filter(|_| ko).find_map(|k| self.text_field(k).map(|f| (k, f)))
            });
            let Some(v) = value else { continue };
            let named = matches!(word.as_str(), "named" | "called");
            let (at, (rec, field)) = match field {
                Some(found) => found,
                None if named || self.domain == Domain::Items => (i, (false, "name".to_owned())),
                None => continue,
            };
            let mut text = self.words(v).to_owned();
            // `10.56.` before more words: the dot belongs to it.
            if self.parts[v] == Part::Number
                && self.mentions.get(v + 1).is_some_and(|m| m.sign == Some('.') && !m.spaced)
                && v + 2 < self.mentions.len()
            {
                text.push('.');
            }
            let op = if begins { Op::Prefix } else { Op::Contains };
            self.because(&text, "value", format!("{field} ~ {text}"));
            let condition = Condition::new(field, op, text);
            if rec {
                self.rec_conditions.push((v, condition))
            } else {
                self.item_conditions.push((v, condition))
            }
            for k in [at, v, i] {
                self.used[k] = true;
                self.parts[k] = Part::Word;
            }
        }
    }

    /// A field whose text may be searched: one of the records (true) or of the items.
    pub(super) fn text_field(&self, i: usize) -> Option<(bool, String)> {
        match &self.parts[i] {
            Part::RecField(f) => Some((true, f.clone())),
            Part::Field(list) => Some((false, self.pick_field(list))),
            _ if self.mentions[i].is(W::Name) => Some((false, "name".to_owned())),
            _ if self.mentions[i].is(W::Code) => Some((false, "code".to_owned())),
            _ => None,
        }
    }
}
