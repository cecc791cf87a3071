//! Text of an answer: bold, code, lists and evidence marks `[1]`, and nothing else. No HTML is ever set.

use leptos::prelude::*;

use super::state::{AskState, TurnState};
use crate::i18n::t;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Plain(String),
    /// Bold.
    Bold(String),
    /// A code, a name.
    Code(String),
    /// The number of an evidence.
    Mark(u32),
}

/// Splits a line into its pieces. What is not closed is plain text.
pub fn pieces(line: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let found = match c {
            '*' => delimited(rest, "**").map(|(text, after)| (Piece::Bold(text), after)),
            '`' => delimited(rest, "`").map(|(text, after)| (Piece::Code(text), after)),
            '[' => mark(rest),
            _ => None,
        };
        match found {
            Some((piece, after)) => {
                if !plain.is_empty() {
                    out.push(Piece::Plain(std::mem::take(&mut plain)));
                }
                out.push(piece);
                rest = after;
            }
            None => {
                plain.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    if !plain.is_empty() {
        out.push(Piece::Plain(plain));
    }
    out
}

fn delimited<'a>(text: &'a str, sign: &str) -> Option<(String, &'a str)> {
    let inner = text.strip_prefix(sign)?;
    let (found, after) = inner.split_once(sign)?;
    (!found.is_empty()).then(|| (found.to_owned(), after))
}

fn mark(text: &str) -> Option<(Piece, &str)> {
    let (number, after) = text.strip_prefix('[')?.split_once(']')?;
    Some((Piece::Mark(number.parse().ok()?), after))
}

/// A text of an answer. The first line stands out when `lead` is set.
#[component]
pub fn RichText(state: AskState, turn: TurnState, text: String, lead: bool) -> impl IntoView {
    let mut views: Vec<AnyView> = Vec::new();
    let mut items: Vec<String> = Vec::new();
    let mut first = lead;
    for line in text.lines().map(str::trim).chain(std::iter::once("")) {
        if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("• ")) {
            items.push(item.to_owned());
            continue;
        }
        if !items.is_empty() {
            let list = std::mem::take(&mut items);
            views.push(view! { <ul class="bullets">{list.into_iter().map(|item| view! { <li>{line_view(state, turn, &item)}</li> }).collect_view()}</ul> }.into_any());
        }
        if line.is_empty() {
            continue;
        }
        let class = if std::mem::take(&mut first) { "lead" } else { "" };
        views.push(view! { <p class=class>{line_view(state, turn, line)}</p> }.into_any());
    }
    views
}

/// A code longer than this may break, so that a narrow window holds it.
const LONGEST_WHOLE: usize = 30;

/// Splits a text so that a code with hyphens and a figure with its `%` can be kept on one line (`true`).
fn parts(text: &str) -> Vec<(String, bool)> {
    let mut out: Vec<(String, bool)> = Vec::new();
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end();
        let code = bare.len() <= LONGEST_WHOLE && bare.trim_matches('-').contains('-');
        match out.last_mut() {
            // The sign goes with the last word before it, and with nothing else of it.
            Some((before, false))
                if bare.starts_with('%') && before.trim_end().ends_with(|c: char| c.is_ascii_digit()) =>
            {
                let from = before.trim_end().rfind(' ').map_or(0, |at| at + 1);
                let figure = before.split_off(from);
                if before.is_empty() {
                    out.pop();
                }
                out.push((figure + word, true));
            }
            Some((before, false)) if !code => before.push_str(word),
            _ if code => {
                out.push((bare.to_owned(), true));
                if bare.len() < word.len() {
                    out.push((" ".to_owned(), false));
                }
            }
            _ => out.push((word.to_owned(), false)),
        }
    }
    out
}

fn whole_words(text: &str) -> AnyView {
    parts(text)
        .into_iter()
        .map(
            |(text, whole)| {
                if whole { view! { <span class="nowrap">{text}</span> }.into_any() } else { text.into_any() }
            },
        )
        .collect_view()
        .into_any()
}

fn line_view(state: AskState, turn: TurnState, line: &str) -> AnyView {
    pieces(line)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => whole_words(&text),
            Piece::Bold(text) => view! { <b>{whole_words(&text)}</b> }.into_any(),
            Piece::Code(text) => view! { <code>{text}</code> }.into_any(),
            Piece::Mark(n) => view! { <Mark state turn n/> }.into_any(),
        })
        .collect_view()
        .into_any()
}

/// The number of an evidence: pointer or focus lights the same number everywhere, a click opens it.
#[component]
pub fn Mark(state: AskState, turn: TurnState, n: u32) -> impl IntoView {
    let me = (turn.key, n);
    let lit = move || state.hot.get() == Some(me);
    view! {
        <a class="ev" class:hot=lit href=format!("#ev-{}-{n}", turn.key) aria-label=t().common.evidence(n) data-testid="evidence-mark"
            on:mouseenter=move |_| state.hot.set(Some(me)) on:mouseleave=move |_| state.hot.set(None)
            on:focus=move |_| state.hot.set(Some(me)) on:blur=move |_| state.hot.set(None)
            on:click=move |ev| { ev.prevent_default(); super::evidence::reveal(turn.key, n); }>
            {n}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_into_words_bold_code_and_marks() {
        assert_eq!(
            pieces("총 **43대**입니다[1]. `srv-1`"),
            vec![
                Piece::Plain("총 ".into()),
                Piece::Bold("43대".into()),
                Piece::Plain("입니다".into()),
                Piece::Mark(1),
                Piece::Plain(". ".into()),
                Piece::Code("srv-1".into()),
            ]
        );
    }

    #[test]
    fn a_code_and_a_percentage_stay_on_one_line() {
        let whole = |text: &str| {
            let all = parts(text);
            assert_eq!(all.iter().map(|(t, _)| t.as_str()).collect::<String>(), text);
            all.into_iter().filter(|(_, whole)| *whole).map(|(t, _)| t).collect::<Vec<_>>()
        };
        assert_eq!(whole("1단계: srv-cmdb-01, sys-cmdb 끝"), ["srv-cmdb-01,", "sys-cmdb"]);
        assert_eq!(whole("원인 (확신도 49 %)."), ["49 %)."]);
        assert_eq!(whole("no code - here"), Vec::<String>::new());
        assert_eq!(whole(""), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_closed_stays_as_it_is() {
        assert_eq!(pieces("a ** b [x] `c"), vec![Piece::Plain("a ** b [x] `c".into())]);
    }
}
