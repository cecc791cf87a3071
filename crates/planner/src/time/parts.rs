//! Small parts of expressions of time: zones, links between two of them, words before and after.

use chrono_tz::Tz;

use crate::text::atoms::{Atom, Form};

/// How a window is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// From its begin on.
    Since,
    /// From its end on.
    After,
    /// Until its begin.
    Before,
    /// Until its end.
    Until,
}

/// What stands before a span.
pub struct Lead {
    /// `between`.
    pub between: bool,
    /// How it opens the window.
    pub open: Option<Open>,
    /// First atom of the expression.
    pub begin: usize,
}

/// What stands after a span.
pub struct Tail {
    /// How it opens the window.
    pub open: Open,
    /// Atom after the expression.
    pub end: usize,
}

/// The zone a question names, with its atoms.
pub fn zone(atoms: &[Atom]) -> Option<(Tz, (usize, usize))> {
    for (i, atom) in atoms.iter().enumerate() {
        let tz = match atom.text.as_str() {
            "kst" => Some(chrono_tz::Asia::Seoul),
            "jst" => Some(chrono_tz::Asia::Tokyo),
            "utc" | "gmt" | "zulu" => Some(chrono_tz::UTC),
            "cet" => Some(chrono_tz::Europe::Berlin),
            "est" | "et" => Some(chrono_tz::America::New_York),
            "pst" => Some(chrono_tz::America::Los_Angeles),
            _ => None,
        };
        if let Some(tz) = tz {
            return Some((tz, (i, i + 1)));
        }
        let run = hangul(atoms, i, 6);
        for name in ["한국시간", "한국표준시", "서울시간"] {
            if run.starts_with(name) {
                return Some((chrono_tz::Asia::Seoul, (i, i + name.chars().count())));
            }
        }
        // `지금 서울 몇시야`
        for (city, tz) in [
            ("서울", chrono_tz::Asia::Seoul),
            ("한국", chrono_tz::Asia::Seoul),
            ("도쿄", chrono_tz::Asia::Tokyo),
            ("싱가포르", chrono_tz::Asia::Singapore),
            ("런던", chrono_tz::Europe::London),
            ("베를린", chrono_tz::Europe::Berlin),
            ("파리", chrono_tz::Europe::Paris),
            ("뉴욕", chrono_tz::America::New_York),
        ] {
            let asked = run.strip_prefix(city).is_some_and(|rest| {
                ["은몇시", "몇시", "은지금몇시", "지금몇시", "현재시", "기준몇시"]
                    .iter()
                    .any(|w| rest.starts_with(w))
            });
            if asked && atom.first {
                return Some((tz, (i, i + city.chars().count())));
            }
        }
        let named = match atom.text.as_str() {
            "korean" | "korea" | "seoul" | "kst" => Some(chrono_tz::Asia::Seoul),
            "tokyo" | "japan" => Some(chrono_tz::Asia::Tokyo),
            "berlin" | "paris" | "madrid" => Some(chrono_tz::Europe::Berlin),
            "london" => Some(chrono_tz::Europe::London),
            "singapore" => Some(chrono_tz::Asia::Singapore),
            _ => None,
        };
        if let Some(tz) = named
            && atoms.get(i + 1).is_some_and(|a| a.text == "time")
        {
            let from = i.checked_sub(1).filter(|k| atoms[*k].text == "in").unwrap_or(i);
            return Some((tz, (from, i + 2)));
        }
        // `Asia/Seoul`: an IANA name.
        if let (Some(slash), Some(city)) = (atoms.get(i + 1), atoms.get(i + 2))
            && slash.text == "/"
            && let Some(tz) = chrono_tz::TZ_VARIANTS
                .iter()
                .find(|tz| tz.name().eq_ignore_ascii_case(&format!("{}/{}", atom.text, city.text)))
        {
            return Some((*tz, (i, i + 3)));
        }
    }
    None
}

/// Up to `most` Hangul syllables from `i` on, spaces left out.
pub fn hangul(atoms: &[Atom], i: usize, most: usize) -> String {
    atoms[i.min(atoms.len())..]
        .iter()
        .take(most)
        .take_while(|a| a.form == Form::Syllable)
        .map(|a| a.text.as_str())
        .collect()
}

/// The atom after the day of the week that repeats a date (`12/22 월`, `2025-12-22(월요일)`, `15 December (Mon)`).
pub fn weekday_behind(atoms: &[Atom], end: usize, day: bool) -> usize {
    let open = atoms.get(end).is_some_and(|a| a.text == "(");
    let at = if open { end + 1 } else { end };
    if !day || at >= atoms.len() {
        return end;
    }
    let run = hangul(atoms, at, 4);
    let korean = |c: char| "월화수목금토일".contains(c);
    let len = match run.chars().collect::<Vec<_>>().as_slice() {
        [d, '요', '일', ..] if korean(*d) => 3,
        // One syllable alone, apart from the date: `일` directly behind a number would be the day itself.
        [d, ..] if korean(*d) && (open || atoms[at].spaced) && atoms.get(at + 1).is_none_or(|a| a.first) => 1,
        [] if open
            && ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .any(|d| atoms[at].text.starts_with(d)) =>
        {
            1
        }
        _ => return end,
    };
    match (open, atoms.get(at + len).is_some_and(|a| a.text == ")")) {
        (true, true) => at + len + 1,
        (true, false) => end,
        (false, _) => at + len,
    }
}

/// True when nothing but filling words stands between two atoms.
pub fn gap(atoms: &[Atom], from: usize, to: usize) -> bool {
    from <= to
        && atoms[from..to].iter().all(|a| {
            matches!(a.text.as_str(), "의" | "," | "at" | "에" | "from" | "between" | "일" | "자" | "날")
        })
}

/// The same for a clock before a date.
pub fn gap_english(atoms: &[Atom], from: usize, to: usize) -> bool {
    from <= to
        && atoms[from..to].iter().all(|a| {
            matches!(
                a.text.as_str(),
                "on" | ","
                    | "of"
                    | "utc"
                    | "kst"
                    | "est"
                    | "et"
                    | "pst"
                    | "cet"
                    | "jst"
                    | "gmt"
                    | "in"
                    | "seoul"
                    | "tokyo"
                    | "korean"
                    | "time"
            )
        })
}

/// True when the atoms between two spans make a range of them.
pub fn links(atoms: &[Atom], from: usize, to: usize, between: bool) -> bool {
    if from > to {
        return false;
    }
    let text: String = atoms[from..to].iter().map(|a| a.text.as_str()).collect();
    let text =
        text.replace("쯤", "").replace("경", "").replace("정도", "").replace("utc", "").replace("kst", "");
    matches!(
        text.as_str(),
        "~" | "-"
            | "to"
            | "until"
            | "till"
            | "through"
            | "thru"
            | "부터"
            | "에서"
            | "에서부터"
            | "→"
            | "up to"
            | "upto"
            | "~~"
            | "부터시작해서"
            | "이후"
            | "이후부터"
    ) || (between && matches!(text.as_str(), "and" | "&" | "와" | "과"))
        || (matches!(text.as_str(), "와" | "과" | "이랑" | "랑") && {
            let after: String = hangul(atoms, to, 30);
            after.contains("사이")
        })
}

/// Words before a span.
pub fn before(atoms: &[Atom], begin: usize) -> Lead {
    let word =
        |back: usize| begin.checked_sub(back).and_then(|i| atoms.get(i)).map_or("", |a| a.text.as_str());
    let (mut at, mut open, mut between) = (begin, None, false);
    // `from the`, `in the`, `on` say nothing of their own.
    match word(1) {
        "between" => {
            between = true;
            at = begin - 1;
        }
        "since" => {
            open = Some(Open::Since);
            at = begin - 1;
        }
        "after" => {
            open = Some(Open::After);
            at = begin - 1;
        }
        "before" => {
            open = Some(Open::Before);
            at = begin - 1;
        }
        "until" | "till" => {
            open = Some(Open::Until);
            at = begin - 1;
        }
        "from" => at = begin - 1,
        _ => {}
    }
    if matches!(word(1), "in" | "on" | "at" | "during" | "for") {
        at = begin - 1;
    }
    Lead { between, open, begin: at }
}

/// Words after a span.
pub fn after(atoms: &[Atom], end: usize) -> Option<Tail> {
    let run = hangul(atoms, end, 8);
    let table: [(&str, Option<Open>); 21] = [
        ("부터지금까지", Some(Open::Since)),
        ("부터현재까지", Some(Open::Since)),
        ("부터오늘까지", Some(Open::Since)),
        ("이후로", Some(Open::Since)),
        ("이후", Some(Open::Since)),
        ("부터", Some(Open::Since)),
        ("넘어서", Some(Open::After)),
        ("이전", Some(Open::Before)),
        ("전까지", Some(Open::Before)),
        ("까지만", Some(Open::Until)),
        ("까지", Some(Open::Until)),
        ("한달간", None),
        ("한달동안", None),
        ("한달", None),
        ("하루동안", None),
        ("하루", None),
        ("사이에", None),
        ("사이", None),
        ("동안", None),
        ("중에", None),
        ("쯤", None),
    ];
    for (word, open) in table {
        if let Some(rest) = run.strip_prefix(word) {
            let end = end + word.chars().count();
            return match open {
                Some(open) => Some(Tail { open, end }),
                None => after(atoms, end).or({
                    let _ = rest;
                    None
                }),
            };
        }
    }
    if let (Some("onwards" | "onward"), _) = (atoms.get(end).map(|a| a.text.as_str()), ()) {
        return Some(Tail { open: Open::Since, end: end + 1 });
    }
    if atoms.get(end).is_some_and(|a| a.text == "or") && atoms.get(end + 1).is_some_and(|a| a.text == "later")
    {
        return Some(Tail { open: Open::Since, end: end + 2 });
    }
    None
}
