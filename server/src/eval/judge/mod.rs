//! Whether an answer is right: one rule per kind of gold answer. Only the plain text and the status are looked at, as
//! whoever reads the answer in a terminal would.

mod cause;
mod list;
mod value;

use model::answer::{AnswerStatus, AskResponse};
use regex::Regex;

use super::gold::{Gold, Question};

/// The judgement of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Right as a whole.
    pub right: bool,
    /// For causes: among the first three.
    pub near: bool,
    /// Why it is wrong; empty when right.
    pub why: String,
}

impl Verdict {
    fn of(result: Result<(), String>) -> Self {
        match result {
            Ok(()) => Self { right: true, near: true, why: String::new() },
            Err(why) => Self { right: false, near: false, why },
        }
    }
}

/// An answer beside what was asked, both in lower case.
pub(super) struct Said<'a> {
    pub(super) text: String,
    /// Question and earlier turns: what they name is not news.
    pub(super) asked: String,
    pub(super) status: AnswerStatus,
    pub(super) question: &'a Question,
}

impl Said<'_> {
    /// Words that mean the same as `value`: stored words may be given in the other language.
    fn synonyms(&self, value: &str) -> Vec<String> {
        let groups = self.question.must_contain.iter();
        groups
            .filter(|group| group.iter().any(|word| word.to_lowercase() == value))
            .flatten()
            .map(|word| word.to_lowercase())
            .chain([value.to_owned()])
            .collect()
    }

    fn contains_required(&self) -> Result<(), String> {
        for group in &self.question.must_contain {
            if !group.iter().any(|word| self.text.contains(&word.to_lowercase())) {
                return Err(format!("none of {group:?} occurs"));
            }
        }
        Ok(())
    }

    /// Whether it says that there is none, or that it cannot tell.
    fn denies(&self) -> bool {
        const WORDS: &[&str] = &[
            "없",
            "아닙니다",
            "않",
            "못 ",
            "못하",
            "불가",
            "no ",
            "not ",
            "n't",
            "none",
            "cannot",
            "unable",
            "unknown",
            "nothing",
        ];
        WORDS.iter().any(|word| self.text.contains(word))
    }
}

/// Judges an answer. `services` are all services the file speaks of, for causes.
pub fn judge(question: &Question, response: &AskResponse, services: &[String]) -> Verdict {
    let asked: Vec<&str> = question
        .context
        .iter()
        .flat_map(|turn| [turn.user.as_str(), turn.assistant.as_str()])
        .chain([question.question.as_str()])
        .collect();
    let said = Said {
        text: response.answer.to_lowercase(),
        asked: asked.join("\n").to_lowercase(),
        status: response.status,
        question,
    };
    if let Err(why) = nothing_forbidden(&said) {
        return Verdict::of(Err(why));
    }
    match &question.gold {
        Gold::RootCause { ranked, scored, resource_accept } => {
            cause::judge(&said, ranked, *scored, resource_accept, services)
        }
        gold => Verdict::of(by_kind(&said, gold)),
    }
}

fn by_kind(said: &Said<'_>, gold: &Gold) -> Result<(), String> {
    let needs_answer = !matches!(gold, Gold::Unanswerable {} | Gold::Clarify { .. } | Gold::Refuse {});
    if needs_answer && !matches!(said.status, AnswerStatus::Answered | AnswerStatus::Partial) {
        return Err(format!("status {:?}", said.status));
    }
    match gold {
        Gold::Number { value, tolerance, accept, also_in } => {
            value::number(said, *value, *tolerance, accept, also_in)
        }
        Gold::String { value, accept } => value::string(said, value, accept),
        Gold::Record { fields, accept, tolerance } => value::record(said, fields, accept, *tolerance),
        Gold::Boolean { value } => value::boolean(said, *value),
        Gold::Table { rows, tolerance } => list::table(said, rows, *tolerance),
        Gold::Set { required, allowed, pattern, unordered_pairs } => {
            list::set(said, required, allowed, pattern, *unordered_pairs)
        }
        Gold::Ranked { rows, ties, values_required, tolerance } => {
            list::ranked(said, rows, ties, values_required.then_some(*tolerance))
        }
        Gold::Path { length, paths } => list::path(said, *length, paths),
        Gold::Unanswerable {} => unanswerable(said),
        Gold::Clarify { candidates } => clarify(said, candidates),
        Gold::Refuse {} => refuse(said),
        Gold::RootCause { .. } => Ok(()),
    }
}

fn nothing_forbidden(said: &Said<'_>) -> Result<(), String> {
    for entry in &said.question.must_not_contain {
        let found = match entry.strip_prefix("re:") {
            Some(pattern) => {
                Regex::new(&pattern.to_lowercase()).is_ok_and(|pattern| pattern.is_match(&said.text))
            }
            None => said.text.contains(&entry.to_lowercase()),
        };
        if found {
            return Err(format!("says what it must not: {entry}"));
        }
    }
    Ok(())
}

fn unanswerable(said: &Said<'_>) -> Result<(), String> {
    match said.status {
        AnswerStatus::Failed | AnswerStatus::Refused => Err(format!("status {:?}", said.status)),
        AnswerStatus::Unanswerable => said.contains_required(),
        _ if said.denies() => said.contains_required(),
        _ => Err("does not say that the data have no answer".into()),
    }
}

fn clarify(said: &Said<'_>, candidates: &[Vec<String>]) -> Result<(), String> {
    if said.status == AnswerStatus::Clarify {
        return Ok(());
    }
    let all = candidates.iter().flatten().all(|part| said.text.contains(&part.to_lowercase()));
    if !candidates.is_empty() && all {
        return Ok(());
    }
    Err("neither asks back nor answers for every candidate".into())
}

fn refuse(said: &Said<'_>) -> Result<(), String> {
    if said.status != AnswerStatus::Refused {
        return Err(format!("status {:?} instead of refused", said.status));
    }
    said.contains_required()
}

#[cfg(test)]
mod tests;
