//! What the palette offers for what was typed.

use leptos::prelude::*;
use model::{chat::ThreadSummary, cmdb::CiSummary, perm::Role};

use super::screens::SCREENS;
use crate::{
    i18n::{Lang, t, use_lang},
    ui::{
        Selection, ic,
        ic::Glyph,
        prefs::{Theme, prefs},
    },
};

/// What choosing an entry does.
#[derive(Clone)]
pub enum Act {
    /// Goes to an address.
    Go(String),
    /// Does something at once.
    Do(Callback<()>),
}

/// An entry.
#[derive(Clone)]
pub struct Entry {
    /// Its group.
    pub group: String,
    /// Its icon.
    pub glyph: Glyph,
    /// Its words.
    pub label: String,
    /// A remark after them.
    pub note: String,
    /// Its key.
    pub kbd: String,
    /// What it does.
    pub act: Act,
}

/// Which entries a first sign asks for: `>` commands, `@` items, `?` the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Everything.
    All,
    /// Commands.
    Actions,
    /// Items.
    Items,
    /// The question.
    Question,
}

/// What was typed, without its first sign.
pub fn read(typed: &str) -> (Only, &str) {
    let typed = typed.trim();
    match typed.chars().next() {
        Some('>') => (Only::Actions, typed[1..].trim_start()),
        Some('@') => (Only::Items, typed[1..].trim_start()),
        Some('?') => (Only::Question, typed[1..].trim_start()),
        _ => (Only::All, typed),
    }
}

/// The address that asks a question.
pub fn ask_address(question: &str) -> String {
    format!("/?ask={}", js_sys::encode_uri_component(question))
}

fn holds(label: &str, words: &str) -> bool {
    let label = label.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| label.contains(word))
}

/// The entries for what was typed.
pub fn entries(
    typed: &str,
    role: Role,
    items: &[CiSummary],
    threads: &[ThreadSummary],
    selection: Option<&Selection>,
    kind: impl Fn(&str) -> String,
) -> Vec<Entry> {
    let text = t().shell;
    let (only, words) = read(typed);
    let mut out = Vec::new();
    let some = !words.is_empty();
    // What is selected is what a person most likely came for.
    if matches!(only, Only::All | Only::Actions)
        && let Some(selection) = selection
    {
        out.extend(selection.acts.iter().filter(|act| holds(&act.label, words)).map(|act| Entry {
            group: selection.title.clone(),
            glyph: act.glyph,
            label: act.label.clone(),
            note: String::new(),
            kbd: String::new(),
            act: Act::Do(act.action),
        }));
    }
    if only == Only::All {
        for screen in SCREENS.iter().filter(|s| s.least <= role && holds(s.label(), words)) {
            out.push(Entry {
                group: text.pal_go().to_owned(),
                glyph: screen.glyph,
                label: screen.label().to_owned(),
                note: String::new(),
                kbd: format!("G {}", screen.letter),
                act: Act::Go(screen.href.to_owned()),
            });
        }
    }
    if matches!(only, Only::All | Only::Items) && (some || only == Only::Items) {
        for item in items.iter().take(8) {
            out.push(Entry {
                group: text.pal_items().to_owned(),
                glyph: ic::BOX,
                label: item.code.clone(),
                note: if item.name == item.code {
                    kind(&item.kind)
                } else {
                    format!("{} · {}", item.name, kind(&item.kind))
                },
                kbd: String::new(),
                act: Act::Go(format!("/cis/{}", js_sys::encode_uri_component(&item.code))),
            });
        }
    }
    if only == Only::All {
        for thread in threads.iter().take(5) {
            out.push(Entry {
                group: text.pal_threads().to_owned(),
                glyph: ic::MESSAGE_SQUARE,
                label: thread.title.clone(),
                note: crate::i18n::relative(thread.updated_at, crate::i18n::now()),
                kbd: String::new(),
                act: Act::Go(format!("/threads/{}", thread.id)),
            });
        }
    }
    if matches!(only, Only::All | Only::Actions) && (some || only == Only::Actions) {
        out.extend(actions().into_iter().filter(|entry| holds(&entry.label, words)));
    }
    if some && matches!(only, Only::All | Only::Question) {
        out.push(Entry {
            group: text.pal_ask().to_owned(),
            glyph: ic::MESSAGE_CIRCLE_QUESTION_MARK,
            label: format!("“{words}”"),
            note: String::new(),
            kbd: "Ctrl ↵".to_owned(),
            act: Act::Go(ask_address(words)),
        });
    }
    out
}

fn actions() -> Vec<Entry> {
    let text = t().shell;
    let action = |glyph, label: &str, act| Entry {
        group: text.pal_actions().to_owned(),
        glyph,
        label: label.to_owned(),
        note: String::new(),
        kbd: String::new(),
        act,
    };
    let run = |action: fn()| Act::Do(Callback::new(move |()| action()));
    vec![
        action(ic::PLUS, text.act_new_thread(), Act::Go("/".to_owned())),
        action(
            ic::TYPE,
            text.act_language(),
            run(|| {
                use_lang().update(|lang| *lang = if *lang == Lang::Ko { Lang::En } else { Lang::Ko });
            }),
        ),
        action(ic::MONITOR, text.act_theme_light(), run(|| prefs().theme.set(Theme::Light))),
        action(ic::MOON, text.act_theme_dark(), run(|| prefs().theme.set(Theme::Dark))),
        action(ic::ROWS_3, text.act_density(), run(|| prefs().roomy.update(|roomy| *roomy = !*roomy))),
        action(ic::LOG_OUT, text.sign_out(), run(super::account::sign_out)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sign_chooses_what_is_offered() {
        assert_eq!(read(" > 테마"), (Only::Actions, "테마"));
        assert_eq!(read("@db"), (Only::Items, "db"));
        assert_eq!(read("? 왜 느려"), (Only::Question, "왜 느려"));
        assert_eq!(read("결제"), (Only::All, "결제"));
    }

    #[test]
    fn all_words_must_be_found() {
        assert!(holds("Configuration items", "items conf"));
        assert!(!holds("Configuration items", "items events"));
        assert!(holds("구성 항목", ""));
    }
}
