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

/// A line of a text of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    /// A sentence or several.
    Words(String),
    /// Members in no order.
    Bullets(Vec<String>),
    /// Places in order, from a number on.
    Places(usize, Vec<String>),
}

/// The lines of a text; neighbouring members are one list.
fn lines(text: &str) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("• ")) {
            match out.last_mut() {
                Some(Line::Bullets(items)) => items.push(item.to_owned()),
                _ => out.push(Line::Bullets(vec![item.to_owned()])),
            }
        } else if let Some((place, item)) = place(line) {
            match out.last_mut() {
                Some(Line::Places(first, items)) if place == *first + items.len() => {
                    items.push(item.to_owned())
                }
                _ => out.push(Line::Places(place, vec![item.to_owned()])),
            }
        } else {
            out.push(Line::Words(line.to_owned()));
        }
    }
    out
}

/// `3. srv-1: 5` is the third place.
fn place(line: &str) -> Option<(usize, &str)> {
    let (number, item) = line.split_once(". ")?;
    let digits = !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit());
    Some((number.parse().ok().filter(|_| digits)?, item))
}

/// The numbers a line does not carry itself; a list is led by the sentence above it.
fn unmarked(line: &Line, refs: &[u32]) -> Vec<u32> {
    let Line::Words(words) = line else { return Vec::new() };
    let marked = pieces(words).into_iter().any(|piece| matches!(piece, Piece::Mark(_)));
    if marked { Vec::new() } else { refs.to_vec() }
}

/// A text of an answer. The first line stands out when `lead` is set. Every sentence leads to where it comes from: what
/// carries no number itself gets those of the text.
#[component]
pub fn RichText(state: AskState, turn: TurnState, text: String, lead: bool, refs: Vec<u32>) -> impl IntoView {
    let item = move |item: String| view! { <li>{line_view(state, turn, &item)}</li> };
    let mut first = lead;
    lines(&text)
        .into_iter()
        .map(|line| {
            let marks = unmarked(&line, &refs);
            let class = if std::mem::take(&mut first) { "lead" } else { "" };
            match line {
                Line::Bullets(items) => {
                    view! { <ul class="bullets">{items.into_iter().map(item).collect_view()}</ul> }.into_any()
                }
                Line::Places(from, items) => {
                    view! { <ol class="places" start=from.to_string()>{items.into_iter().map(item).collect_view()}</ol> }
                        .into_any()
                }
                Line::Words(words) => view! {
                    <p class=class>
                        {line_view(state, turn, &words)}
                        {marks.into_iter().map(|n| view! { <Mark state turn n/> }).collect_view()}
                    </p>
                }
                .into_any(),
            }
        })
        .collect_view()
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
    fn members_and_places_are_lists_and_every_sentence_has_a_number() {
        let text = "서버는 다음과 같습니다.[1]\n1. a: 5\n2. b: 3\n자료는 어제까지입니다.\n- x\n- y";
        let found = lines(text);
        assert_eq!(
            found,
            [
                Line::Words("서버는 다음과 같습니다.[1]".into()),
                Line::Places(1, vec!["a: 5".into(), "b: 3".into()]),
                Line::Words("자료는 어제까지입니다.".into()),
                Line::Bullets(vec!["x".into(), "y".into()]),
            ]
        );
        let marks: Vec<Vec<u32>> = found.iter().map(|line| unmarked(line, &[1])).collect();
        assert_eq!(marks, [vec![], vec![], vec![1], vec![]]);
        assert_eq!(lines("2025. 12 is no place"), [Line::Words("2025. 12 is no place".into())]);
    }

    #[test]
    fn what_is_not_closed_stays_as_it_is() {
        assert_eq!(pieces("a ** b [x] `c"), vec![Piece::Plain("a ** b [x] `c".into())]);
    }
}
