//! Numbers in Korean words before what they count: `세 대`, `백건`, `십오 분`, `오짜리`, `여섯시` become `3대`, `100건`, `15 분`,
//! `5짜리`, `6시`, so that they are read as they are in digits.

use std::borrow::Cow;

use super::is_hangul;

const NATIVE: [&str; 9] = ["두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"];
/// Hours of the clock, longest first.
const HOURS: [(&str, u32); 12] = [
    ("열한", 11),
    ("열두", 12),
    ("다섯", 5),
    ("여섯", 6),
    ("일곱", 7),
    ("여덟", 8),
    ("아홉", 9),
    ("한", 1),
    ("두", 2),
    ("세", 3),
    ("네", 4),
    ("열", 10),
];
const COUNTED: [&str; 7] = ["대", "개", "건", "곳", "명", "가지", "군데"];
/// What numerals of Chinese origin count.
const MEASURED: [&str; 24] = [
    "개월",
    "시간",
    "퍼센트",
    "프로",
    "기가",
    "테라",
    "코어",
    "단계",
    "개",
    "대",
    "건",
    "명",
    "분",
    "초",
    "일",
    "번",
    "회",
    "위",
    "등",
    "홉",
    "년",
    "배",
    "점",
    "짜리",
];
/// What may stand behind a single digit of that kind; before other words it is too often a part of them (`이번`, `사건`).
const DIGIT: [&str; 4] = ["짜리", "단계", "등급", "홉"];

/// What may follow in the same word: particles and signs, so that `세 대상` and `백분율` stay what they are.
fn ends(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| {
        !is_hangul(c) || "는은이가를을만의씩로도와과야요인까중쯤에안넘나보정짜동간마당".contains(c)
    })
}

fn counted(word: &str, units: &[&str]) -> bool {
    units.iter().any(|unit| word.strip_prefix(unit).is_some_and(ends))
}

/// The text with such numbers in digits.
pub(super) fn in_digits(text: &str) -> Cow<'_, str> {
    let may = |c: char| "두세네섯곱덟홉열한십백천짜단등홉".contains(c);
    if !text.chars().any(may) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        let (space, from) = rest.split_at(start);
        let word = from.get(..from.find(char::is_whitespace).unwrap_or(from.len())).unwrap_or(from);
        let after = from.get(word.len()..).unwrap_or_default();
        let next = after.trim_start();
        out.push_str(space);
        rest = after;
        if let Some(n) = NATIVE.iter().position(|number| *number == word)
            && counted(next, &COUNTED)
        {
            out.push_str(&(n + 2).to_string());
            rest = next;
        } else if let Some((n, tail)) = native(word) {
            out.push_str(&n.to_string());
            out.push_str(tail);
        } else if let Some((n, tail)) = sino(word)
            && (counted(tail, &MEASURED) || tail.is_empty() && counted(next, &MEASURED))
        {
            out.push_str(&n.to_string());
            out.push_str(tail);
            if tail.is_empty() {
                rest = next;
            }
        } else if let Some((n, tail)) = digit(word)
            && counted(tail, &DIGIT)
        {
            out.push_str(&n.to_string());
            out.push_str(tail);
        } else {
            out.push_str(word);
            continue;
        }
        if std::ptr::eq(rest, next) {
            // What is counted stands directly behind.
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            out.push_str(rest.get(..end).unwrap_or_default());
            rest = rest.get(end..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out.into()
}

/// `다섯개`, `두건`, written in one word; `세대` is a word of its own.
fn native(word: &str) -> Option<(usize, &str)> {
    let (n, rest) =
        NATIVE.iter().enumerate().find_map(|(n, name)| Some((n + 2, word.strip_prefix(name)?)))?;
    (counted(rest, &COUNTED) && !word.starts_with("세대")).then_some((n, rest))
}

/// An hour of the clock in words (`여섯` of `여섯시부터`): how many syllables say it, and which.
pub(super) fn hour(syllables: &[char]) -> Option<(usize, u32)> {
    HOURS.iter().find_map(|(name, n)| {
        let len = name.chars().count();
        let said =
            syllables.get(..len)?.iter().copied().eq(name.chars()) && syllables.get(len) == Some(&'시');
        let rest: String = syllables.get(len + 1..)?.iter().collect();
        let ends = rest.is_empty()
            || ["부터", "까지", "에", "쯤", "경", "반", "대", "정각", "이후", "전", "사이", "엔", "의"]
                .iter()
                .any(|t| rest.starts_with(t));
        (said && ends).then_some((len, *n))
    })
}

fn digit(word: &str) -> Option<(u32, &str)> {
    let c = word.chars().next()?;
    let n = "일이삼사오육칠팔구".chars().position(|d| d == c)?;
    Some((u32::try_from(n + 1).ok()?, word.get(c.len_utf8()..)?))
}

/// `백이십`: its value, and what stands behind it. Ten, hundred or thousand is part of it.
fn sino(word: &str) -> Option<(u32, &str)> {
    let (mut total, mut one, mut large, mut end) = (0_u32, 0_u32, false, 0);
    for (i, c) in word.char_indices() {
        if let Some(n) = "일이삼사오육칠팔구".chars().position(|d| d == c) {
            if one > 0 {
                break;
            }
            one = u32::try_from(n + 1).ok()?;
        } else if let Some(unit) = [('십', 10), ('백', 100), ('천', 1000)].iter().find(|(s, _)| *s == c) {
            total += one.max(1) * unit.1;
            one = 0;
            large = true;
        } else {
            break;
        }
        end = i + c.len_utf8();
    }
    // `십일`: eleven, or ten days; the last digit may count as well.
    if large && one == 1 && word.get(end..).is_some_and(str::is_empty) {
        let short = end - '일'.len_utf8();
        return Some((total, word.get(short..)?));
    }
    large.then_some((total + one, word.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::in_digits;

    #[test]
    fn numbers_in_words_become_digits_before_what_they_count() {
        for (words, digits) in [
            ("서버 세 대는", "서버 3대는"),
            ("백건 넘게", "100건 넘게"),
            ("이백 건 이상", "200건 이상"),
            ("십오분 동안", "15분 동안"),
            ("심각도 오짜리", "심각도 5짜리"),
            ("삼십 분", "30분"),
            ("다섯개 넘게", "5개 넘게"),
        ] {
            assert_eq!(in_digits(words), digits, "{words}");
        }
    }

    #[test]
    fn hours_in_words_are_hours() {
        let read = |text: &str| super::hour(&text.chars().collect::<Vec<_>>());
        assert_eq!(read("한시부터"), Some((1, 1)));
        assert_eq!(read("열두시"), Some((2, 12)));
        assert_eq!(read("네시대"), Some((1, 4)));
        assert_eq!(read("한시적으로"), None);
        assert_eq!(read("다시"), None);
    }

    #[test]
    fn words_that_only_begin_like_numbers_stay() {
        for words in [
            "백분율",
            "백업 몇 건",
            "이번 사건",
            "세 대상",
            "한시적으로",
            "천안 센터",
            "열심히",
            "백엔드 서버",
            "다시",
        ] {
            assert_eq!(in_digits(words), words);
        }
    }
}
