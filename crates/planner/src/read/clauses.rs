//! Questions of several sentences: each is read as a turn that goes on from the one before.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    Focus, focus,
    turn::{Turn, read},
};
use crate::{
    lexicon::W,
    logic::{Ask, Want},
    scan::scan,
    text::atoms::atoms,
    vocabulary::Index,
};

/// How a part follows the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A sentence of its own.
    Sentence,
    /// `X: what of it?` – the first part only names something.
    Colon,
    /// `…, and who owns it?`, `…이고 그 담당자는`.
    And,
}

/// Reads a text of one or several sentences: what is asked, in order, and the last turn.
pub fn read_all<'a>(
    index: &'a Index,
    text: &str,
    focus: &'a Focus,
    as_of: DateTime<Utc>,
    tz: Tz,
) -> (Turn<'a>, Vec<Ask>, Vec<String>) {
    let whole = |text: &str| {
        let turn = read(index, text, focus, as_of, tz);
        let asks: Vec<Ask> = turn.ask.iter().cloned().collect();
        let left = asks.first().map(|ask| turn.reader.words_left(ask)).unwrap_or_default();
        if (!left.is_empty() || super::coordinate::points_back(text))
            && let Some((turn, asks)) = super::coordinate::halves(index, text, focus, (as_of, tz))
        {
            return (turn, asks, Vec::new());
        }
        (turn, asks, left)
    };
    let parts = split(index, text);
    if parts.len() < 2 || parts.iter().skip(1).any(|(part, _)| instructs(part)) {
        return whole(text);
    }
    let mut asks: Vec<Ask> = Vec::new();
    let mut last: Option<Turn<'a>> = None;
    let mut now = focus.clone();
    let mut why = Vec::new();
    let mut left = Vec::new();
    for (k, (part, joint)) in parts.iter().enumerate() {
        // The reader keeps no focus but the one it was given, so a later part has its own for as long as it is read.
        let (ask, reasons, words) = {
            let turn = read(index, part, &now, as_of, tz);
            let words = turn.ask.as_ref().map(|ask| turn.reader.words_left(ask)).unwrap_or_default();
            (turn.ask, turn.reader.why, words)
        };
        let Ok(ask) = ask else {
            // A greeting before the question says nothing; anything else is read as one sentence.
            if k == 0 && greeting(part) {
                continue;
            }
            return whole(text);
        };
        why.extend(reasons);
        left.extend(words);
        focus::advance(index, part, &ask, &mut now, (as_of, tz));
        let naming = parts.get(k + 1).is_some_and(|(_, j)| *j == Joint::Colon);
        let _ = joint;
        if !naming {
            asks.push(ask);
        }
        last = Some(read(index, part, focus, as_of, tz));
    }
    drop_repeated(&mut asks);
    match (last, asks.last()) {
        (Some(mut turn), Some(ask)) => {
            turn.ask = Ok(ask.clone());
            turn.reader.why = why;
            (turn, asks, left)
        }
        _ => whole(text),
    }
}

fn greeting(part: &str) -> bool {
    part.split_whitespace().count() <= 3
}

/// `last work on X: who approved it?` – the second question asks the first one more precisely.
fn drop_repeated(asks: &mut Vec<Ask>) {
    let same = |a: &Ask, b: &Ask| match (a, b) {
        (a, b) if a == b => true,
        (Ask::Newest { set: a, .. }, Ask::Newest { set: b, .. }) => a == b,
        (Ask::Items(a, Want::Fields(f) | Want::List(f)), Ask::Items(b, Want::Fields(_) | Want::List(_))) => {
            a == b && f.iter().all(|f| f == "*")
        }
        (Ask::Records(a, Want::TopRows { .. }), Ask::Records(b, Want::TopRows { .. })) => a == b,
        (Ask::Records(a, Want::List(_)), Ask::Records(b, _)) => a == b,
        _ => false,
    };
    let mut i = 0;
    while i + 1 < asks.len() {
        if same(&asks[i], &asks[i + 1]) {
            asks.remove(i);
        } else {
            i += 1;
        }
    }
}

/// The parts of a text, where the signs and words between them allow it.
fn split(index: &Index, text: &str) -> Vec<(String, Joint)> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<(String, Joint)> = Vec::new();
    let mut begin = 0;
    let mut joint = Joint::Sentence;
    let mut depth = 0_i32;
    let mut i = 0;
    let rest = |i: usize| chars[i..].iter().collect::<String>();
    while i < chars.len() {
        let c = chars[i];
        match c {
            '(' | '[' | '"' if c != '"' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        let space = |k: usize| chars.get(k).is_none_or(|c| c.is_whitespace());
        let more = |k: usize| chars[k.min(chars.len())..].iter().any(|c| c.is_alphanumeric());
        let digit = i > 0 && chars[i - 1].is_ascii_digit();
        let next = if depth > 0 {
            None
        } else if matches!(c, '?' | '？') && rest(i + 1).trim_start().starts_with('(') {
            // `…? (X 제외)`: a remark on the same question.
            None
        } else if more(i + 1) && (matches!(c, '?' | '!' | ';' | '？') || c == '.' && space(i + 1) && !digit)
        {
            Some((i + 1, Joint::Sentence))
        } else if matches!(c, ':' | '：') && space(i + 1) && more(i + 1) && goes_on(index, &rest(i + 1)) {
            Some((i + 1, Joint::Colon))
        } else if (c == ',' && more(i + 1) && opens(&rest(i + 1)) || c.is_whitespace() && joins(&chars, i))
            && goes_on(index, &rest(i + 1))
        {
            Some((i + 1, Joint::And))
        } else {
            None
        };
        if let Some((to, how)) = next {
            let part: String = chars[begin..to].iter().collect();
            if part.chars().any(char::is_alphanumeric) {
                out.push((part.trim().to_owned(), joint));
                joint = how;
                begin = to;
            }
            i = to;
        } else {
            i += 1;
        }
    }
    let part: String = chars[begin.min(chars.len())..].iter().collect();
    if part.chars().any(char::is_alphanumeric) {
        out.push((part.trim().to_owned(), joint));
    }
    out
}

/// Behind a comma a new sentence begins with a word that joins or asks.
fn opens(rest: &str) -> bool {
    let first: String =
        rest.trim_start().chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    crate::text::has_hangul(&first)
        || matches!(
            first.as_str(),
            "and"
                | "who"
                | "which"
                | "what"
                | "where"
                | "how"
                | "when"
                | "then"
                | "but"
                | "is"
                | "are"
                | "does"
                | "did"
                | "list"
                | "show"
        )
}

/// How the answer should look is no question of its own: `코드로 답해줘`, `in one line please`.
fn instructs(part: &str) -> bool {
    [
        "답해",
        "답변",
        "적어줘",
        "적어 줘",
        "표로",
        "한 줄로",
        "answer in",
        "answer with",
        "reply",
        "소수",
        "자리까지",
        "decimal",
    ]
    .iter()
    .any(|w| part.to_lowercase().contains(w))
}

/// A word that joins two sentences ends at the space `at`, or begins behind it: `…뭐고 `, `…인데 `, ` and `.
fn joins(chars: &[char], at: usize) -> bool {
    let before: String = chars[..at]
        .iter()
        .rev()
        .take_while(|c| !c.is_whitespace())
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let behind: String = chars[at + 1..].iter().take_while(|c| !c.is_whitespace()).collect();
    let verb = ["고", "며", "는데", "인데", "은데"].iter().any(|e| before.ends_with(e)) && before != "그리고";
    verb || matches!(behind.as_str(), "and" | "그리고")
}

/// The rest begins with a word that points back: `who owns it?`, `그 서버의 담당자는?`.
fn goes_on(index: &Index, rest: &str) -> bool {
    let atoms = atoms(rest);
    let mentions = scan(index, &atoms, &[]);
    let ko = crate::text::has_hangul(rest);
    let reach = if ko { 3 } else { 8 };
    let points = |i: usize| {
        let m = &mentions[i];
        let word = m.words.as_str();
        if ko {
            matches!(word, "그" | "그것" | "그건" | "그게" | "거기" | "거긴" | "해당" | "그곳" | "그쪽")
                || m.any(&[W::It, W::Those]) && !matches!(word, "이" | "저" | "이거" | "이건")
        } else {
            matches!(word, "it" | "its" | "they" | "their" | "them" | "there")
                || matches!(word, "that" | "those" | "these")
                    && mentions.get(i + 1).is_some_and(|n| n.named())
        }
    };
    (0..mentions.len().min(reach)).any(points)
}
