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

fn line_view(state: AskState, turn: TurnState, line: &str) -> AnyView {
    pieces(line)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => text.into_any(),
            Piece::Bold(text) => view! { <b>{text}</b> }.into_any(),
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
    fn what_is_not_closed_stays_as_it_is() {
        assert_eq!(pieces("a ** b [x] `c"), vec![Piece::Plain("a ** b [x] `c".into())]);
    }
}
