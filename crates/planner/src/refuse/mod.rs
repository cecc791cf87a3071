//! Requests that are declined: to change, run or delete something, to give away a secret, to forget the rules.

mod english;
mod korean;
#[cfg(test)]
mod tests;

use self::{
    english::english,
    korean::{korean, order},
};
use crate::{
    lexicon::{
        guarded::{COMMANDS, OVERRIDES, SECRETS},
        verbs::HARMLESS_OBJECTS,
    },
    text::norm,
};
/// Why a request is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It would change or run something; the words that say so.
    Change(String),
    /// It asks for a secret.
    Secret(String),
    /// It tries to suspend the rules.
    Override(String),
}

/// Finds a reason to decline.
pub fn refusal(text: &str) -> Option<Refusal> {
    let text = norm(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(words) = command(&text) {
        return Some(Refusal::Change(words));
    }
    if let Some(words) = korean(&text) {
        return Some(Refusal::Change(words));
    }
    if let Some(words) = english(&text) {
        return Some(Refusal::Change(words));
    }
    if let Some(words) = order(&text) {
        return Some(Refusal::Change(words));
    }
    if let Some(words) = SECRETS.iter().find(|s| contains_word(&text, s)) {
        return Some(Refusal::Secret((*words).to_owned()));
    }
    if let Some(words) = told_to_forget(&text) {
        return Some(Refusal::Override(words));
    }
    if let Some(words) = token(&text) {
        return Some(Refusal::Secret(words));
    }
    OVERRIDES.iter().find(|o| text.contains(**o)).map(|o| Refusal::Override(o.trim().to_owned()))
}

fn contains_word(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    text.match_indices(word).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        let after = &text[at + word.len()..];
        edge(text[..at].chars().next_back()) && edge(after.strip_prefix('s').unwrap_or(after).chars().next())
    })
}

fn command(text: &str) -> Option<String> {
    if let Some(c) = COMMANDS.iter().find(|c| text.contains(**c)) {
        return Some(c.trim().to_owned());
    }
    // `update … set … =`
    let update = text.find("update ")?;
    let set = text[update..].find(" set ")?;
    text[update + set..].contains('=').then(|| "update … set".to_owned())
}

fn harmless(before: &str) -> bool {
    let tail: String = before.chars().rev().take(14).collect::<Vec<_>>().into_iter().rev().collect();
    HARMLESS_OBJECTS.iter().any(|o| tail.contains(o))
}

/// Rules, limits or instructions together with a word for not minding them, in any order and with any words between.
fn told_to_forget(text: &str) -> Option<String> {
    const RULES: [&str; 12] = [
        "규칙",
        "지시",
        "지침",
        "제한",
        "제약",
        "명령",
        "rules",
        "instructions",
        "restrictions",
        "guidelines",
        "safeguards",
        "limits",
    ];
    const FORGET: [&str; 12] = [
        "잊",
        "무시",
        "어기",
        "따르지 마",
        "따르지 말",
        "벗어나",
        "forget",
        "ignore",
        "disregard",
        "do not follow",
        "don't follow",
        "set aside",
    ];
    let rule = RULES.iter().find(|word| text.contains(**word))?;
    let forget = FORGET.iter().find(|word| text.contains(**word))?;
    Some(format!("{rule} … {forget}"))
}

/// A token to be shown; tokens that are counted or measured are data.
fn token(text: &str) -> Option<String> {
    let word = ["토큰", "token"].into_iter().find(|word| contains_word(text, word))?;
    let whose = [
        "관리자",
        "admin",
        "root",
        "루트",
        "세션",
        "session",
        "사용자",
        "user",
        "로그인",
        "login",
        "내 ",
        "my ",
    ];
    whose.iter().any(|owner| text.contains(owner)).then(|| word.to_owned())
}
