//! Other ways to put a question that was not understood whole: without the words that are not known, or with the nearest
//! word that is.

use model::answer::Choice;

use crate::{
    Question,
    dictionary::Sense,
    plan::choices,
    text::{has_hangul, similar, squash},
    vocabulary::Index,
};

/// Fewest and most ways offered.
const OFFERED: (usize, usize) = (2, 4);
/// Least likeness of a word that may have been meant.
const LIKE: f32 = 0.4;

impl Index {
    /// Two to four questions that can be answered, the nearest first.
    pub(crate) fn rewritings(&self, question: &Question<'_>, unknown: &[String]) -> Vec<Choice> {
        let mut out: Vec<String> = Vec::new();
        let mut without = question.text.to_owned();
        for word in unknown {
            without = replaced(&without, word, "");
        }
        self.offer(question, without, &mut out);
        for word in unknown.iter().take(3) {
            for near in self.nearest_words(word) {
                if out.len() < OFFERED.1 {
                    self.offer(question, replaced(question.text, word, &near), &mut out);
                }
            }
        }
        if out.len() < OFFERED.0 {
            let lang = question.lang.unwrap_or_else(|| crate::read::language(question.text));
            for example in self.examples(lang) {
                if out.len() <= OFFERED.0 && !out.contains(&example) {
                    out.push(example);
                }
            }
        }
        out.truncate(OFFERED.1);
        choices(out)
    }

    /// Keeps a question that is another one and is understood whole.
    fn offer(&self, question: &Question<'_>, text: String, out: &mut Vec<String>) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if squash(&text).chars().count() < 3 || text == question.text.trim() || out.contains(&text) {
            return;
        }
        let focus = crate::read::focus::focus(self, question.context, question.as_of, question.tz);
        let turn = crate::read::turn::read(self, &text, &focus, question.as_of, question.tz);
        let whole = turn.ask.as_ref().is_ok_and(|ask| turn.reader.words_left(ask).is_empty());
        if whole && turn.reader.confidence() >= crate::plan::SURE {
            out.push(text);
        }
    }

    /// Words of the estate that are written nearly like this one.
    fn nearest_words(&self, word: &str) -> Vec<String> {
        let key = squash(word);
        let first = key.chars().next();
        let mut near: Vec<(f32, &str)> = self
            .dictionary
            .candidates(has_hangul(word))
            .iter()
            .map(|(other, _)| other.as_str())
            .filter(|other| other.chars().next() == first && *other != key)
            .filter(|other| {
                let senses = self.dictionary.get(other).unwrap_or_default();
                senses.iter().any(|(s, n)| *n >= 2 && !matches!(s, Sense::Word(_) | Sense::Attribute))
            })
            .map(|other| (similar::trigrams(&key, other), other))
            .filter(|(likeness, _)| *likeness >= LIKE)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        near.into_iter().take(2).map(|(_, word)| word.to_owned()).collect()
    }
}

/// The text with one word put for another, whatever its case.
fn replaced(text: &str, word: &str, with: &str) -> String {
    let lower = text.to_lowercase();
    match lower.find(&word.to_lowercase()) {
        Some(at) if lower.len() == text.len() && text.is_char_boundary(at) => {
            let end = at + word.len();
            match (text.get(..at), text.get(end..)) {
                (Some(before), Some(after)) => format!("{before}{with}{after}"),
                _ => text.to_owned(),
            }
        }
        _ => text.to_owned(),
    }
}
