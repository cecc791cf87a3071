//! English words of time with a typing error (`yestarday`, `decmber`): put right where the word means nothing else.

use std::borrow::Cow;

use crate::{
    lexicon::harmless,
    text::{similar, squash},
    vocabulary::Index,
};

const WORDS: &[&str] = &[
    "yesterday",
    "today",
    "january",
    "february",
    "march",
    "april",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "midnight",
];

/// Units that stand behind a word which places them.
const UNITS: [&str; 7] = ["month", "week", "quarter", "months", "weeks", "hour", "hours"];

const PLACES: [&str; 5] = ["last", "this", "past", "previous", "next"];

/// The text with such words put right.
pub(super) fn mended<'t>(index: &Index, text: &'t str) -> Cow<'t, str> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut before = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphabetic()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
        // A part of a code or of a longer word is none.
        let joined = out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
            || piece.ends_with(['-', '_', '/', '.'])
                && piece.len() > word.len()
                && text.len() > out.len() + piece.len();
        let right = if joined { None } else { right(index, word, &before) };
        match right {
            Some(right) => {
                changed = true;
                out.push_str(right);
                out.push_str(piece.get(word.len()..).unwrap_or_default());
            }
            None => out.push_str(piece),
        }
        if !word.is_empty() {
            before = word.to_lowercase();
        }
    }
    if changed { out.into() } else { text.into() }
}

fn right(index: &Index, word: &str, before: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    if lower.len() < 4 || harmless(&lower) || index.dictionary.get(&squash(&lower)).is_some() {
        return None;
    }
    let near = |right: &&&str| {
        let most = match right.len() {
            0..=5 => 1,
            6 | 7 => 1,
            _ => 2,
        };
        lower.starts_with(right.get(..1).unwrap_or_default())
            && similar::distance(&lower, right, most).is_some()
    };
    if WORDS.contains(&lower.as_str()) || UNITS.contains(&lower.as_str()) {
        return None;
    }
    let named = WORDS.iter().find(|w| w.len() > 5 && near(w));
    // Short ones are like too many other words.
    let short = || WORDS.iter().find(|w| w.len() <= 5 && w.len() == lower.len() && near(w));
    let unit = || UNITS.iter().filter(|_| PLACES.contains(&before)).find(|w| near(w));
    named.or_else(short).or_else(unit).copied()
}
