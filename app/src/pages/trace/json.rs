//! JSON as code: keys, texts and numbers apart, with remarks where a value came from.

use leptos::prelude::*;
use serde_json::Value;

/// More lines than this are shown without colours.
const COLOURED: usize = 600;

/// Text of a value for people.
pub fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A value as code. `notes` are remarks after the first line of a key of the outermost object.
pub fn code(value: &Value, notes: &[(String, String)]) -> AnyView {
    let text = pretty(value);
    if text.lines().count() > COLOURED {
        return view! { <div class="code" tabindex="0"><pre>{text}</pre></div> }.into_any();
    }
    let lines: Vec<_> = text
        .lines()
        .map(|line| {
            let own = line.strip_prefix("  \"").and_then(|rest| rest.split_once("\":")).map(|(key, _)| key);
            let note =
                own.and_then(|own| notes.iter().find(|(key, _)| key == own)).map(|(_, note)| note.clone());
            let pieces: Vec<_> = pieces(line)
                .into_iter()
                .map(|(class, text)| match class {
                    "" => view! { {text} }.into_any(),
                    class => view! { <span class=class>{text}</span> }.into_any(),
                })
                .collect();
            view! { {pieces}{note.map(|note| view! { <span class="c">{format!("  {note}")}</span> })}{"\n"} }
        })
        .collect();
    view! { <div class="code" tabindex="0"><pre>{lines}</pre></div> }.into_any()
}

/// A line of pretty JSON in pieces of one colour.
fn pieces(line: &str) -> Vec<(&'static str, String)> {
    let mut out: Vec<(&'static str, String)> = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let (class, length) = match c {
            '"' => {
                let length = text_length(rest);
                let key = rest[length..].trim_start().starts_with(':');
                (if key { "k" } else { "s" }, length)
            }
            '-' | '0'..='9' => {
                let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
                ("n", end.unwrap_or(rest.len()))
            }
            't' | 'f' | 'n' => ("n", rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())),
            c => ("", c.len_utf8()),
        };
        let (piece, after) = rest.split_at(length.max(1).min(rest.len()));
        match out.last_mut().filter(|(last, _)| *last == class && class.is_empty()) {
            Some((_, text)) => text.push_str(piece),
            None => out.push((class, piece.to_owned())),
        }
        rest = after;
    }
    out
}

/// Length of the text in quotes at the beginning, in bytes.
fn text_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn keys_texts_and_numbers_are_told_apart() {
        let found = pieces(r#"  "ci": "db \"1\"", -1.5e3,"#);
        let told: Vec<(&str, &str)> = found.iter().map(|(c, t)| (*c, t.as_str())).collect();
        assert_eq!(
            told,
            [
                ("", "  "),
                ("k", "\"ci\""),
                ("", ": "),
                ("s", r#""db \"1\"""#),
                ("", ", "),
                ("n", "-1.5e3"),
                ("", ",")
            ]
        );
    }
}
