//! Requests in English: verbs of change at the head of a clause or behind words of request.

use crate::lexicon::verbs::{EN_BEFORE, EN_CHANGE, EN_DOUBLE, KO_REQUEST};

pub(super) fn english(text: &str) -> Option<String> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-' | '_' | '.' | '/')))
        .map(|w| w.trim_matches(['.', '/', '-']))
        .filter(|w| !w.is_empty())
        .collect();
    for (i, word) in words.iter().enumerate() {
        let pair = words.get(i + 1).map(|next| format!("{word} {next}"));
        let phrase = matches!(
            pair.as_deref(),
            Some(
                "get rid"
                    | "shut down"
                    | "turn off"
                    | "turn on"
                    | "switch off"
                    | "roll back"
                    | "wipe out"
                    | "take down"
                    | "bring down"
                    | "power off"
                    | "power down"
                    | "clean up"
                    | "kick off"
                    | "spin up"
                    | "scale up"
                    | "scale down"
            )
        );
        if !EN_CHANGE.contains(word) && !phrase {
            continue;
        }
        let next = words.get(i + 1).copied().unwrap_or_default();
        if next.chars().any(crate::text::is_hangul) {
            // Korean decides by its own endings: `reboot 해줘`, but `reboot 유지보수`.
            let ordered =
                i + 2 == words.len() && matches!(next, "해" | "해요" | "쳐" | "좀") && !text.contains('?');
            if ordered || KO_REQUEST.iter().any(|e| next.starts_with(e)) {
                return Some((*word).to_owned());
            }
            continue;
        }
        if !heads_request(text, &words, i) {
            continue;
        }
        if EN_DOUBLE.contains(word) && !phrase && !takes_thing(&words, i) {
            continue;
        }
        if ["graph", "chart", "table", "list", "report", "summary", "picture", "diagram"]
            .iter()
            .any(|o| words[i + 1..].iter().take(4).any(|w| w == o))
            && matches!(*word, "create" | "make" | "add" | "write" | "put" | "format")
        {
            continue;
        }
        return Some((*word).to_owned());
    }
    None
}

/// The verb stands at the head of the text, of a clause, or behind words of request.
fn heads_request(text: &str, words: &[&str], i: usize) -> bool {
    if i == 0 {
        return true;
    }
    let before = words[..i].join(" ");
    // Questions how something is done or whether it was done are about it.
    let asked = [
        "how do",
        "how can",
        "how to",
        "how would",
        "who",
        "when",
        "did",
        "does",
        "was",
        "were",
        "has",
        "have",
        "had",
        "why",
        "what",
    ];
    if asked.iter().any(|a| before.starts_with(a) || before.ends_with(&format!(" {a}")))
        && !before.contains("please")
        && !before.ends_with(" and then")
        && !before.ends_with(" and")
    {
        return false;
    }
    if EN_BEFORE.iter().any(|b| before == *b || before.ends_with(&format!(" {b}"))) {
        if before.ends_with(" to") || before == "to" {
            let wish = [
                "want to",
                "need to",
                "like to",
                "have to",
                "going to",
                "able to",
                "you to",
                "us to",
                "possible to",
                "help me to",
                "try to",
                "ask you to",
                "is to",
                "now to",
                "ready to",
                "time to",
                "allowed to",
            ];
            return wish.iter().any(|w| before.ends_with(w));
        }
        if before.ends_with(" and") || before == "and" {
            // `show patches and upgrades` lists things; a verb takes one.
            return true;
        }
        return true;
    }
    // Behind a sign that ends a clause.
    let Some(at) = position_of(text, words, i) else { return false };
    text[..at].trim_end().ends_with([',', ';', '.', ':', '!', '?', '"', '\'', '(', '-'])
}

fn position_of(text: &str, words: &[&str], i: usize) -> Option<usize> {
    let mut at = 0;
    for (k, word) in words.iter().enumerate() {
        let found = text[at..].find(word)? + at;
        if k == i {
            return Some(found);
        }
        at = found + word.len();
    }
    None
}

/// What follows is a thing the verb acts on, not the rest of a noun phrase.
fn takes_thing(words: &[&str], i: usize) -> bool {
    let Some(next) = words.get(i + 1) else { return i == 0 && words.len() == 1 };
    let determiner = matches!(
        *next,
        "the"
            | "all"
            | "every"
            | "this"
            | "that"
            | "these"
            | "those"
            | "it"
            | "my"
            | "our"
            | "a"
            | "an"
            | "any"
            | "them"
            | "each"
            | "both"
            | "everything"
            | "me"
            | "new"
            | "status"
            | "criticality"
            | "owner"
            | "severity"
            | "his"
            | "their"
            | "its"
            | "up"
            | "down"
            | "off"
            | "on"
            | "as"
            | "another"
    );
    let code = next.contains('-') && next.chars().any(|c| c.is_ascii_alphabetic());
    let noun_follows = words
        .get(i + 1..)
        .is_some_and(|rest| rest.iter().take(2).any(|w| NOUNS.contains(w) || *w == "rates" || *w == "date"));
    if determiner || code {
        return !noun_follows || determiner;
    }
    // `restart server …`, `delete events …`: a clear verb takes a bare noun too.
    matches!(
        words[i],
        "delete"
            | "remove"
            | "drop"
            | "insert"
            | "add"
            | "create"
            | "kill"
            | "execute"
            | "install"
            | "register"
            | "restart"
            | "reboot"
            | "shut"
            | "set"
            | "change"
            | "update"
            | "run"
            | "stop"
            | "start"
            | "clear"
            | "reset"
            | "approve"
            | "close"
            | "cancel"
            | "mark"
            | "deploy"
            | "apply"
            | "edit"
            | "scale"
            | "archive"
            | "resolve"
            | "lock"
            | "disable"
    ) && !noun_follows_as_name(words, i)
}

/// Nouns a verb of change may be the first part of.
const NOUNS: &[&str] = &[
    "history",
    "histories",
    "records",
    "record",
    "count",
    "counts",
    "events",
    "event",
    "maintenance",
    "jobs",
    "job",
    "work",
    "works",
    "logs",
    "log",
    "type",
    "types",
    "per",
    "by",
    "requests",
    "rate",
    "performed",
    "done",
    "activities",
    "tickets",
    "operations",
    "statistics",
    "stats",
    "time",
    "times",
];

/// What follows such a name.
const LINKS: &[&str] = &[
    "in",
    "on",
    "of",
    "for",
    "during",
    "with",
    "from",
    "vs",
    "versus",
    "and",
    "or",
    "was",
    "were",
    "is",
    "are",
    "last",
    "yesterday",
    "today",
    "share",
];

/// `reboot maintenance`, `update events`, `patch count`: the verb is the first part of a name.
fn noun_follows_as_name(words: &[&str], i: usize) -> bool {
    let next = words.get(i + 1).copied().unwrap_or_default();
    let double_noun = matches!(
        words[i],
        "restart"
            | "reboot"
            | "set"
            | "change"
            | "update"
            | "run"
            | "stop"
            | "start"
            | "deploy"
            | "close"
            | "reset"
    );
    double_noun && (NOUNS.contains(&next) || LINKS.contains(&next))
}
