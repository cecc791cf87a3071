//! Time as people say it in passing: `last night`, `새벽에`, `over the weekend`, `퇴근 후`, `요즘`, `just now`.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Weekday};

use super::{
    Span, SpanKind,
    calendar::{monday, rolling},
    days,
    english::unit_of,
    midnight, span,
};
use crate::{text::atoms::Atom, time::parts::hangul};

/// Hours of a part of the day that has a name of its own.
type Hours = (i64, i64);

/// A night: from the evening before.
const NIGHT: Hours = (-6, 6);

/// A part of the day. Beside a date it is one of that day; alone the last one that has begun.
fn part(
    (begin, end): (usize, usize),
    (from, to): Hours,
    now: NaiveDateTime,
    before: &[Span],
    afternoon: Option<bool>,
) -> Span {
    let today = midnight(now.date());
    let dated = before.iter().any(|b| b.kind == SpanKind::Day);
    let begun = from <= i64::from(now.hour());
    let day = if dated || begun { today } else { today - Duration::days(1) };
    let kind = if dated || begun && from >= 0 { SpanKind::Clock } else { SpanKind::Calendar };
    let (from, to) = (day + Duration::hours(from), day + Duration::hours(to));
    Span { afternoon, ..span(from, to, begin, end, kind, true) }
}

/// The night that ended this morning.
fn last_night(begin: usize, end: usize, now: NaiveDateTime) -> Span {
    let today = midnight(now.date());
    let hours = |h: i64| today + Duration::hours(h);
    span(hours(NIGHT.0), hours(NIGHT.1), begin, end, SpanKind::Calendar, true)
}

/// Saturday and Sunday: the last ones that have begun.
fn weekend(begin: usize, end: usize, now: NaiveDateTime, back: i64) -> Span {
    let saturday = monday(now.date()) + Duration::days(5) - Duration::weeks(back);
    days(begin, end, saturday, 2, true)
}

fn last_weekend(begin: usize, end: usize, now: NaiveDateTime) -> Span {
    let begun = matches!(now.weekday(), Weekday::Sat | Weekday::Sun);
    weekend(begin, end, now, if begun { 0 } else { 1 })
}

/// The last such day before today, or the one of the week so many weeks back.
fn weekday(begin: usize, end: usize, now: NaiveDateTime, day: u8, back: Option<i64>) -> Span {
    let of = |weeks: i64| monday(now.date()) - Duration::weeks(weeks) + Duration::days(i64::from(day));
    let date: NaiveDate = match back {
        Some(weeks) => of(weeks),
        None if of(0) < now.date() => of(0),
        None => of(1),
    };
    days(begin, end, date, 1, true)
}

/// Days of the year that have a name everywhere: month, day.
const NAMED: [(&str, u32, u32); 12] = [
    ("크리스마스이브", 12, 24),
    ("크리스마스", 12, 25),
    ("성탄절", 12, 25),
    ("새해첫날", 1, 1),
    ("신정", 1, 1),
    ("섣달그믐", 12, 31),
    ("christmas eve", 12, 24),
    ("christmas day", 12, 25),
    ("christmas", 12, 25),
    ("new years eve", 12, 31),
    ("new years day", 1, 1),
    ("xmas", 12, 25),
];

/// Such a day: the last one that is not after now.
fn named_day(begin: usize, end: usize, now: NaiveDateTime, month: u32, day: u32) -> Option<Span> {
    let date = NaiveDate::from_ymd_opt(super::year_for(now, month, day), month, day)?;
    Some(days(begin, end, date, 1, false))
}

const KO_DAYS: [&str; 7] = ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"];

/// In Korean.
pub(super) fn korean(atoms: &[Atom], i: usize, now: NaiveDateTime, before: &[Span]) -> Option<Span> {
    if !atoms[i].first {
        return None;
    }
    let run = hangul(atoms, i, 9);
    let begins =
        |words: &[&str]| words.iter().filter(|w| run.starts_with(**w)).map(|w| i + w.chars().count()).max();
    if let Some((name, month, day)) = NAMED.iter().find(|(name, ..)| run.starts_with(name)) {
        return named_day(i, i + name.chars().count(), now, *month, *day);
    }
    // `12월 전반 대비 후반`: of the month named before.
    if let Some(last) =
        before.last().filter(|b| b.kind == SpanKind::Calendar && b.to - b.from <= Duration::days(31))
        && let Some(part) = ["후반부", "후반", "하순"].iter().find(|w| run.starts_with(**w))
        && last.from.month() == (last.to - Duration::days(1)).month()
    {
        let (from, n) = super::numeric::part_of_month(last.from.year(), last.from.month(), part)?;
        return Some(days(i, i + part.chars().count(), from, n, last.year_given));
    }
    if let Some(end) = begins(&["어젯밤", "어제밤", "간밤", "지난밤", "밤사이", "밤새도록", "밤새"])
    {
        return Some(last_night(i, end, now));
    }
    if let Some(end) = begins(&["지난주말", "저번주말", "주말동안", "주말사이", "주말새"])
    {
        return Some(last_weekend(i, end, now));
    }
    if let Some(end) = begins(&["이번주말"]) {
        return Some(weekend(i, end, now, 0));
    }
    for (lead, back) in [
        ("지지난주", Some(2)),
        ("지난주", Some(1)),
        ("저번주", Some(1)),
        ("이번주", Some(0)),
        ("지난", None),
        ("저번", None),
    ] {
        let Some(rest) = run.strip_prefix(lead) else { continue };
        if let Some(day) = KO_DAYS.iter().position(|d| rest.starts_with(d)) {
            let end = i + lead.chars().count() + 3;
            return Some(weekday(i, end, now, u8::try_from(day).ok()?, back));
        }
    }
    if let Some(end) = begins(&["요즘", "요새", "요즈음", "근래", "최근들어"]) {
        return rolling(i, end, 'd', 7, now);
    }
    if let Some(end) = begins(&["방금전", "방금", "좀전", "조금전", "금방"]) {
        return if said_before(atoms, end) { None } else { rolling(i, end, 'i', 30, now) };
    }
    if let Some(end) = begins(&["아까전", "아까"]) {
        return if said_before(atoms, end) { None } else { rolling(i, end, 'h', 3, now) };
    }
    for (words, hours, afternoon) in [
        (["퇴근후", "퇴근이후", "업무종료후"].as_slice(), (18, 24), Some(true)),
        (&["출근전", "업무시작전"], (0, 9), Some(false)),
        (&["업무시간", "근무시간", "영업시간", "일과시간"], (9, 18), None),
        (&["점심시간", "점심때", "점심"], (12, 13), Some(true)),
        (&["한밤중", "한밤"], (0, 5), Some(false)),
        (&["대낮", "한낮"], (12, 16), Some(true)),
    ] {
        if let Some(end) = begins(words) {
            // `업무시간 외`: what lies outside is no window.
            if hangul(atoms, end, 3).starts_with('외') || hangul(atoms, end, 3).starts_with("이외") {
                return None;
            }
            return Some(part((i, end), hours, now, before, afternoon));
        }
    }
    for (word, hours, afternoon) in
        [("아침", (6, 9), Some(false)), ("저녁", (18, 21), Some(true)), ("밤", (21, 24), Some(true))]
    {
        let Some(rest) = run.strip_prefix(word) else { continue };
        let end = i + word.chars().count();
        let clock = rest.is_empty()
            && atoms.get(end).is_some_and(|a| a.text.starts_with(|c: char| c.is_ascii_digit()));
        let apart = atoms.get(end).is_none_or(|a| a.first)
            || ["에", "시간", "때", "부터", "까지", "동안"].iter().any(|p| rest.starts_with(p));
        if !clock && apart {
            return Some(part((i, end), hours, now, before, afternoon));
        }
    }
    None
}

/// `아까 그 서버`, `방금 말한 것`: earlier in the conversation, no time.
fn said_before(atoms: &[Atom], end: usize) -> bool {
    let run = hangul(atoms, end, 6);
    let run = run.strip_prefix('에').unwrap_or(&run);
    ["그", "말한", "말했", "물어", "결과", "본", "나온", "얘기", "했던"].iter().any(|w| run.starts_with(w))
}

/// In English.
pub(super) fn english(atoms: &[Atom], i: usize, now: NaiveDateTime, before: &[Span]) -> Option<Span> {
    let word = |k: usize| atoms.get(k).map_or("", |a| a.text.as_str());
    let hours_of = |part: &str| match part {
        "morning" => Some(((6, 12), false)),
        "afternoon" => Some(((12, 18), true)),
        "evening" => Some(((18, 24), true)),
        _ => None,
    };
    let joined = format!("{} {} {}", word(i), word(i + 1), word(i + 2));
    let named = NAMED.iter().find(|(name, ..)| {
        joined.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    if let Some((name, month, day)) = named {
        return named_day(i, i + name.split(' ').count(), now, *month, *day);
    }
    let today = midnight(now.date());
    let of_day = |end: usize, back: i64, (from, to): Hours, pm: bool| {
        let day = today - Duration::days(back);
        let (from, to) = (day + Duration::hours(from), day + Duration::hours(to));
        Span { afternoon: Some(pm), ..span(from, to, i, end, SpanKind::Calendar, true) }
    };
    match (word(i), word(i + 1)) {
        ("last" | "previous", "night") => return Some(last_night(i, i + 2, now)),
        ("overnight", _) => return Some(last_night(i, i + 1, now)),
        ("yesterday", "night") => return Some(last_night(i, i + 2, now)),
        ("during", "the") if word(i + 2) == "night" => return Some(last_night(i, i + 3, now)),
        ("tonight", _) => return Some(of_day(i + 1, 0, (18, 24), true)),
        ("this", part) => {
            if part == "weekend" {
                return Some(last_weekend(i, i + 2, now));
            }
            if let Some((hours, pm)) = hours_of(part) {
                return Some(of_day(i + 2, 0, hours, pm));
            }
        }
        ("yesterday", part) => {
            if let Some((hours, pm)) = hours_of(part) {
                return Some(of_day(i + 2, 1, hours, pm));
            }
        }
        ("earlier", "today") => return Some(days(i, i + 2, now.date(), 1, true)),
        ("lately", _) => return rolling(i, i + 1, 'd', 7, now),
        ("these", "days") | ("of", "late") => return rolling(i, i + 2, 'd', 7, now),
        ("just", "now") => return rolling(i, i + 2, 'i', 30, now),
        ("a", "moment" | "minute") if word(i + 2) == "ago" => return rolling(i, i + 3, 'i', 30, now),
        ("over" | "during", "the") if word(i + 2) == "weekend" => return Some(last_weekend(i, i + 3, now)),
        ("last" | "past", "weekend") => return Some(last_weekend(i, i + 2, now)),
        ("after", "hours" | "work") => return Some(part((i, i + 2), (18, 24), now, before, Some(true))),
        ("business" | "working" | "office" | "work", "hours") => {
            let outside = i > 0 && matches!(word(i - 1), "outside" | "of" | "beyond");
            return (!outside).then(|| part((i, i + 2), (9, 18), now, before, None));
        }
        ("lunchtime", _) => return Some(part((i, i + 1), (12, 13), now, before, Some(true))),
        ("last" | "past", "couple" | "few" | "several") => {
            let at = if word(i + 2) == "of" { i + 3 } else { i + 2 };
            let unit = unit_of(word(at)).filter(|_| word(at).len() > 2)?;
            return rolling(i, at + 1, unit, if word(i + 1) == "couple" { 2 } else { 3 }, now);
        }
        ("last" | "past" | "previous", day) => {
            const DAYS: [&str; 7] =
                ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            if let Some(day) = DAYS.iter().position(|d| *d == day) {
                return Some(weekday(i, i + 2, now, u8::try_from(day).ok()?, None));
            }
        }
        _ => {}
    }
    None
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    #[test]
    fn a_part_of_the_day_alone_is_the_last_that_has_begun() {
        let noon =
            NaiveDate::from_ymd_opt(2026, 3, 4).unwrap().and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap());
        assert_eq!(part((0, 1), (18, 21), noon, &[], None).from.to_string(), "2026-03-03 18:00:00");
        assert_eq!(part((0, 1), (6, 9), noon, &[], None).from.to_string(), "2026-03-04 06:00:00");
        assert_eq!(weekday(0, 1, noon, 2, None).from.to_string(), "2026-02-25 00:00:00");
        assert_eq!(last_weekend(0, 1, noon).from.to_string(), "2026-02-28 00:00:00");
    }
}
