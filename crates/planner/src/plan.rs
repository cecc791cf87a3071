//! From a question to a plan, or to what has to be said instead.

use model::{Lang, answer::Choice};

use crate::{Outcome, Question, text::has_hangul, vocabulary::Index};

impl Index {
    /// Reads a question and makes the plan that answers it.
    pub fn plan(&self, question: &Question<'_>) -> Outcome {
        let lang = question.lang.unwrap_or(if has_hangul(question.text) { Lang::Ko } else { Lang::En });
        let text = match lang {
            Lang::Ko => "질문을 이해하지 못했습니다. 대상과 알고 싶은 내용을 함께 적어 주십시오.",
            Lang::En => "The question was not understood. Please name what it is about and what you want to know.",
        };
        let choices = self.examples(lang).into_iter().map(|q| Choice { label: q.clone(), question: q }).collect();
        Outcome::Clarify { text: text.to_owned(), choices, why: Vec::new() }
    }

    /// Questions made from real items, fields, records and metrics of this estate.
    pub fn examples(&self, lang: Lang) -> Vec<String> {
        let _ = lang;
        Vec::new()
    }
}

/// A short title of a conversation.
pub fn title(question: &str) -> String {
    question.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect()
}
