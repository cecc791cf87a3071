//! Hyphens that join a field with its number (`severity-5`) or two ends of a range (`impact 4-5`): written apart, so that they
//! are read like the same without them.

use std::borrow::Cow;

use crate::{dictionary::Sense, text::squash, vocabulary::Index};

/// The text with such hyphens put right; names of the estate stay as they are.
pub(super) fn apart<'t>(index: &Index, text: &'t str) -> Cow<'t, str> {
    if !text.contains('-') {
        return text.into();
    }
    let field = |word: &str| {
        index.dictionary.get(&squash(word)).is_some_and(|senses| {
            senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Field(_) | Sense::RecField(..)))
        })
    };
    let short = |text: &str| (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit());
    let mut out: Vec<String> = Vec::new();
    let mut changed = false;
    for word in text.split(' ') {
        // Signs and particles behind it stay where they are.
        let end = word
            .char_indices()
            .find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '-'))
            .map_or(word.len(), |(at, _)| at);
        let (core, tail) = word.split_at(end);
        let made = core.split_once('-').and_then(|(a, b)| {
            if !short(b) || index.dictionary.get(&squash(core)).is_some() {
                return None;
            }
            let before = out.last().map(String::as_str).unwrap_or_default();
            if short(a) && field(before) {
                return Some(format!("{a}~{b}{tail}"));
            }
            (a.chars().all(|c| c.is_ascii_alphabetic()) && field(a)).then(|| format!("{a} {b}{tail}"))
        });
        changed |= made.is_some();
        out.push(made.unwrap_or_else(|| word.to_owned()));
    }
    if changed { out.join(" ").into() } else { text.into() }
}
