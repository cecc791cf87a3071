//! Words that are not spelt as the estate spells them: foreign words in Hangul, typing errors.

use super::Scanner;
use crate::{
    dictionary::Sense,
    text::{hangul, similar},
};

impl Scanner<'_> {
    /// A Hangul word that is a foreign word, an acronym letter by letter, or a typing error.
    pub(super) fn by_sound_or_spelling(&self, i: usize, end: usize) -> Option<(usize, String)> {
        let dict = &self.index.dictionary;
        let whole: String = self.atoms[i..end].iter().map(|a| a.text.as_str()).collect();
        // `걸린거야` is a verb, no foreign word.
        if crate::read::fillers::light_verb(&whole) {
            return None;
        }
        for to in (i + 2..=end).rev() {
            if !self.tail_reads(to, 4) {
                continue;
            }
            let part: String = self.atoms[i..to].iter().map(|a| a.text.as_str()).collect();
            if let Some(key) = hangul::spelled(&part).filter(|k| dict.get(k).is_some()) {
                return Some((to, key));
            }
            let sound = hangul::sound_of_hangul(&part);
            let least = if part.chars().count() <= 2 { 2 } else { 3 };
            // `굴리고`: what goes on like a verb is no foreign word.
            let rest: String = self.atoms[to..end].iter().map(|a| a.text.as_str()).collect();
            let verb = ["고", "면", "서", "던", "지", "니", "려", "거", "겠", "다가"]
                .iter()
                .any(|e| rest.starts_with(e))
                && rest != "고";
            let verb = verb || rest == "고" && self.atoms.get(end).is_some_and(|a| a.text == "있");
            if !verb
                && sound.len() >= least
                && hangul::may_be_foreign(&part)
                && let Some(key) = self.sounds_like(&sound)
                && (part.chars().count() > 2 && key.contains(['a', 'e', 'i', 'o', 'u', 'y'])
                    || hangul::vowels_agree(&part, &key) && (to < end || !self.names_record_value(&key)))
            {
                return Some((to, key));
            }
            if to - i >= 3
                && let Some(key) = self.near(&part, true)
            {
                return Some((to, key));
            }
        }
        None
    }

    /// The phrase names nothing but values of records, which are people and words of the trade.
    fn names_record_value(&self, key: &str) -> bool {
        let senses = self.index.dictionary.get(key).unwrap_or_default();
        senses.iter().all(|(s, _)| matches!(s, Sense::RecValue(..)))
    }

    /// The one name or value that sounds like this.
    fn sounds_like(&self, sound: &str) -> Option<String> {
        let dict = &self.index.dictionary;
        let all = dict.sounding(sound);
        let names = |k: &&String| {
            dict.get(k).is_some_and(|s| {
                s.iter().any(|(s, n)| {
                    // Short sounds are shared by many words: only names the estate itself uses count there.
                    let least = if sound.len() > 2 { 2 } else { 4 };
                    matches!(s, Sense::Item(_))
                        || *n >= least
                            && (matches!(s, Sense::Value(..) | Sense::RecValue(..))
                                || sound.len() > 2 && matches!(s, Sense::Kind(_)))
                })
            })
        };
        let own: Vec<&String> = all.iter().filter(names).collect();
        match own.as_slice() {
            [one] => return Some((*one).clone()),
            [first, rest @ ..] if rest.iter().all(|k| dict.get(k) == dict.get(first)) => {
                return Some((*first).clone());
            }
            _ => {}
        }
        if sound.len() < 4 {
            return None;
        }
        // The beginning of a name, when there is only one such name.
        let mut found = self
            .index
            .named_by_letters
            .iter()
            .filter(|(code, _)| hangul::sound_of_latin(code).starts_with(sound));
        match (found.next(), found.next()) {
            (Some((code, _)), None) => Some(code.clone()),
            _ => None,
        }
    }

    /// The one phrase of the dictionary within the tolerance of a typing error.
    pub(super) fn near(&self, word: &str, hangul_word: bool) -> Option<String> {
        // What is a word of its own is no misspelt one.
        if crate::lexicon::harmless(word) {
            return None;
        }
        let dict = &self.index.dictionary;
        let letters = hangul::letters(word);
        let most =
            if hangul_word { usize::from(letters.len() >= 6) } else { similar::tolerance(letters.len()) };
        if most == 0 {
            return None;
        }
        let mut best: Option<(usize, bool, &str)> = None;
        for (key, other) in dict.candidates(hangul_word) {
            if other.first() != letters.first() || other.len().abs_diff(letters.len()) > most {
                continue;
            }
            let Some(d) = similar::distance_of(&letters, other, most) else { continue };
            let own = dict
                .get(key)
                .is_some_and(|s| s.iter().any(|(s, _)| !matches!(s, Sense::Word(_) | Sense::Attribute)));
            if best.is_none_or(|(bd, bown, _)| (d, !own) < (bd, !bown)) {
                best = Some((d, own, key));
            }
        }
        best.map(|(_, _, key)| key.to_owned())
    }

    /// The one item whose name, all letters, is spelled nearly like this.
    pub(super) fn near_name(&self, word: &str) -> Option<usize> {
        if word.len() < 8 || !word.chars().all(|c| c.is_ascii_alphabetic()) || crate::lexicon::harmless(word)
        {
            return None;
        }
        let most = similar::tolerance(word.len());
        let mut found = self.index.named_by_letters.iter().filter(|(code, _)| {
            code.len().abs_diff(word.len()) <= most
                && code.as_bytes().first() == word.as_bytes().first()
                && similar::distance(word, code, most).is_some()
        });
        match (found.next(), found.next()) {
            (Some((_, i)), None) => Some(*i),
            _ => None,
        }
    }

    /// The one item whose code is the same but for zeros before its numbers (`db-7` and `db-07`).
    pub(super) fn same_number(&self, text: &str) -> Option<usize> {
        let wanted = without_zeros(text);
        let squash: String = wanted.chars().filter(|c| c.is_alphanumeric()).collect();
        let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
        // Codes are looked up by their digits: the same with one or two zeros more or less.
        let mut runs: Vec<String> = Vec::new();
        for width in 1..=4 {
            runs.push(digits(&padded(text, width, true)));
            runs.push(digits(&padded(text, width, false)));
        }
        runs.sort();
        runs.dedup();
        let mut found = runs.iter().filter_map(|r| self.index.by_digits.get(r)).flatten().filter(|&&i| {
            self.index.item(i).is_some_and(|item| {
                let code = without_zeros(&item.code.to_lowercase());
                code.chars().filter(|c| c.is_alphanumeric()).eq(squash.chars())
            })
        });
        match (found.next(), found.next()) {
            (Some(one), None) => Some(*one),
            _ => None,
        }
    }

    /// The one item whose code has the same digits and nearly the same letters.
    pub(super) fn near_code(&self, squash: &str) -> Option<usize> {
        let digits: String = squash.chars().filter(char::is_ascii_digit).collect();
        let most = similar::tolerance(squash.len()).min(2);
        let mut best: Option<(usize, usize)> = None;
        let mut tie = false;
        for &i in self.index.by_digits.get(&digits)? {
            let Some(item) = self.index.item(i) else { continue };
            let code = crate::text::squash(&item.code);
            let Some(d) = similar::distance(squash, &code, most) else { continue };
            match best {
                Some((b, _)) if d > b => {}
                Some((b, _)) if d == b => tie = true,
                _ => {
                    best = Some((d, i));
                    tie = false;
                }
            }
        }
        best.filter(|_| !tie).map(|(_, i)| i)
    }
}

/// The numbers in a code, each without the zeros before it.
fn without_zeros(code: &str) -> String {
    padded(code, 0, true)
}

/// The numbers in a code, all or only the last of them, with zeros before them up to a width.
fn padded(code: &str, width: usize, all: bool) -> String {
    let mut out = String::with_capacity(code.len() + 4);
    let mut rest = code;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |n| at + n);
        let run = &rest[at..end];
        let bare = run.trim_start_matches('0');
        let last = !rest[end..].contains(|c: char| c.is_ascii_digit());
        let bare = if bare.is_empty() { "0" } else { bare };
        if all || last {
            out.push_str(&format!("{bare:0>width$}"))
        } else {
            out.push_str(run)
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
