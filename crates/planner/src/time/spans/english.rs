//! Expressions of time in English that begin with a word.

use chrono::{Duration, Months, NaiveDate, NaiveDateTime};

use super::{
    Span, SpanKind,
    calendar::{calendar, quarter, rolling},
    clock_span, days, is, midnight, month, number, span, year_for,
};
use crate::text::{atoms::Atom, leading_number};

pub(super) fn unit_of(text: &str) -> Option<char> {
    Some(match text {
        "s" | "sec" | "secs" | "second" | "seconds" => 's',
        "m" | "min" | "mins" | "minute" | "minutes" => 'i',
        "h" | "hr" | "hrs" | "hour" | "hours" => 'h',
        "d" | "day" | "days" => 'd',
        "w" | "week" | "weeks" => 'w',
        "month" | "months" | "mo" => 'm',
        "y" | "year" | "years" => 'y',
        _ => return None,
    })
}

pub(super) fn month_name(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if text.len() < 3 {
        return None;
    }
    if text == "sept" {
        return Some(9);
    }
    NAMES.iter().position(|n| *n == text || (text.len() == 3 && n.starts_with(text))).map(|i| i as u32 + 1)
}

pub(super) fn year_after(atoms: &[Atom], i: usize, otherwise: i32) -> (i32, usize, bool) {
    let at = if is(atoms, i, ",") { i + 1 } else { i };
    match atoms.get(at).and_then(|a| number(&a.text)).filter(|y| (1990..2200).contains(y)) {
        Some(y) => (y as i32, at + 1, true),
        None => (otherwise, i, false),
    }
}

pub(super) fn small_number(text: &str) -> Option<i64> {
    Some(match text {
        "one" | "a" | "an" => 1,
        "two" | "couple" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "ten" => 10,
        "twelve" => 12,
        _ => return text.parse().ok(),
    })
}

pub(super) fn english(atoms: &[Atom], i: usize, now: NaiveDateTime) -> Option<Span> {
    let word = |k: usize| atoms.get(k).map_or("", |a| a.text.as_str());
    let text = word(i);
    if let Some(m) = month_name(text) {
        let prior = if i > 0 { word(i - 1) } else { "" };
        let plain = text != "may" && !(text == "mar" || text == "sec");
        let next = word(i + 1).trim_end_matches(|c: char| c.is_alphabetic());
        if let Some((a, b)) = word(i + 1).split_once('-')
            && let (Some(a), Some(b)) = (number(a), number(b))
            && a < b
            && b <= 31
        {
            let (year, end, given) = year_after(atoms, i + 2, year_for(now, m, a));
            return Some(days(i, end, NaiveDate::from_ymd_opt(year, m, a)?, i64::from(b - a + 1), given));
        }
        if let Some(range) = super::ranges::month_then_days(atoms, i, m, now) {
            return Some(range);
        }
        if let Some(d) = number(next).filter(|d| (1..=31).contains(d)) {
            let (year, end, given) = year_after(atoms, i + 2, year_for(now, m, d));
            return Some(days(i, end, NaiveDate::from_ymd_opt(year, m, d)?, 1, given));
        }
        if plain || matches!(prior, "in" | "during" | "since" | "of" | "for" | "before" | "after") {
            let (year, end, given) = year_after(atoms, i + 1, year_for(now, m, 1));
            return month(i, end, year, m, given);
        }
        return None;
    }
    if let Some(q) = text.strip_prefix('q').and_then(number).filter(|q| (1..=4).contains(q)) {
        let (year, end, given) = year_after(atoms, i + 1, year_for(now, q * 3 - 2, 1));
        return quarter(i, end, year, q, given);
    }
    if let Some(half) = ["h1", "h2"].iter().position(|h| *h == text) {
        let from_month = 1 + 6 * u32::try_from(half).unwrap_or(0);
        let (year, end, given) = year_after(atoms, i + 1, year_for(now, from_month, 1));
        let from = NaiveDate::from_ymd_opt(year, from_month, 1)?;
        let to = from.checked_add_months(Months::new(6))?;
        return Some(span(midnight(from), midnight(to), i, end, SpanKind::Calendar, given));
    }
    if matches!(text, "next" | "following") && word(i + 1) == "day" {
        return calendar(i, i + 2, 'd', -1, now);
    }
    if text == "day" && word(i + 1) == "after" && i > 0 && word(i - 1) == "the" {
        return calendar(i, i + 2, 'd', -1, now);
    }
    match text {
        "today" => return calendar(i, i + 1, 'd', 0, now),
        "yesterday" => return calendar(i, i + 1, 'd', 1, now),
        "noon" | "midday" => return Some(clock_span(now, (12, 0, 0), i, i + 1, false, Some(true))),
        "midnight" => return Some(clock_span(now, (0, 0, 0), i, i + 1, false, None)),
        _ => {}
    }
    // `first week of December`, `last week of November`, `the fourth quarter of 2025`
    const NTH: [[&str; 2]; 5] =
        [["first", "1st"], ["second", "2nd"], ["third", "3rd"], ["fourth", "4th"], ["last", "final"]];
    let nth = NTH.iter().position(|words| words.contains(&text));
    if let Some(q) = nth.and_then(|k| u32::try_from(k + 1).ok()).filter(|q| *q <= 4)
        && word(i + 1) == "quarter"
    {
        let at = if matches!(word(i + 2), "of" | "in") { i + 3 } else { i + 2 };
        let (year, end, given) = year_after(atoms, at, year_for(now, q * 3 - 2, 1));
        return quarter(i, if given { end } else { i + 2 }, year, q, given);
    }
    if let Some(k) = nth
        && word(i + 1) == "week"
        && matches!(word(i + 2), "of" | "in")
        && let Some(m) = month_name(word(i + 3))
    {
        let (year, end, given) = year_after(atoms, i + 4, year_for(now, m, 1));
        let first = NaiveDate::from_ymd_opt(year, m, 1)?;
        let from = if k == 4 {
            first.checked_add_months(Months::new(1))? - Duration::days(7)
        } else {
            first + Duration::days(7 * i64::try_from(k).unwrap_or(0))
        };
        return Some(days(i, end, from, 7, given));
    }
    // `the first half of December`
    if let Some(k) = ["first", "second"].iter().position(|w| *w == text)
        && word(i + 1) == "half"
        && word(i + 2) == "of"
        && let Some(m) = month_name(word(i + 3))
    {
        let (year, end, given) = year_after(atoms, i + 4, year_for(now, m, 1));
        let first = NaiveDate::from_ymd_opt(year, m, 1)?;
        let middle = first + Duration::days(15);
        let next = first.checked_add_months(Months::new(1))?;
        let (from, to) = if k == 0 { (first, middle) } else { (middle, next) };
        return Some(span(midnight(from), midnight(to), i, end, SpanKind::Calendar, given));
    }
    if let Some(k) = ["first", "second"].iter().position(|w| *w == text)
        && word(i + 1) == "half"
        && word(i + 2) == "of"
        && let Some(year) = number(word(i + 3)).filter(|y| (1990..2200).contains(y))
    {
        let from =
            NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, 1 + 6 * u32::try_from(k).unwrap_or(0), 1)?;
        let to = from.checked_add_months(Months::new(6))?;
        return Some(span(midnight(from), midnight(to), i, i + 4, SpanKind::Calendar, true));
    }
    if text == "day" && word(i + 1) == "before" && word(i + 2) != "yesterday" && i > 0 && word(i - 1) == "the"
    {
        return calendar(i, i + 2, 'd', 1, now);
    }
    if text == "day" && word(i + 1) == "before" && word(i + 2) == "yesterday" {
        return calendar(i, i + 3, 'd', 2, now);
    }
    if matches!(text, "week" | "month") && word(i + 1) == "before" && word(i + 2) == "last" {
        return calendar(i, i + 3, if text == "week" { 'w' } else { 'm' }, 2, now);
    }
    let calendar_unit = |t: &str| match t {
        "day" => Some('d'),
        "week" => Some('w'),
        "month" => Some('m'),
        "quarter" => Some('q'),
        "year" => Some('y'),
        _ => None,
    };
    // `the first event of the month`: of this one.
    if text == "of"
        && word(i + 1) == "the"
        && let Some(u) = calendar_unit(word(i + 2)).filter(|u| *u != 'd')
        && !matches!(
            i.checked_sub(1).map_or("", word),
            "hour" | "day" | "time" | "part" | "end" | "start" | "beginning" | "days" | "rest"
        )
    {
        return calendar(i, i + 3, u, 0, now);
    }
    if text == "this"
        && let Some(u) = calendar_unit(word(i + 1))
    {
        return calendar(i, i + 2, u, 0, now);
    }
    if matches!(text, "last" | "past" | "previous" | "prior" | "recent") {
        let at = i + 1;
        if let Some(n) = small_number(word(at))
            && let Some(u) = unit_of(word(at + 1)).filter(|_| word(at + 1).len() > 1)
        {
            return rolling(i, at + 2, u, n, now);
        }
        if let Some((n, unit)) = leading_number(word(at))
            && let Some(u) = unit_of(unit)
        {
            return rolling(i, at + 1, u, n as i64, now);
        }
        if word(at) == "hour" || word(at) == "minute" {
            return rolling(i, at + 1, if word(at) == "hour" { 'h' } else { 'i' }, 1, now);
        }
        if let Some(u) = calendar_unit(word(at)) {
            if text == "past" && u != 'q' {
                return rolling(i, at + 1, u, 1, now);
            }
            return calendar(i, at + 1, u, 1, now);
        }
    }
    if let Some(n) = small_number(text)
        && word(i + 2) == "ago"
        && let Some(u) = unit_of(word(i + 1))
    {
        return match u {
            'd' | 'w' | 'm' | 'y' => calendar(i, i + 3, u, n, now),
            // About that time.
            'h' => {
                let at = now - Duration::hours(n);
                let half = Duration::minutes(30);
                Some(span(at - half, at + half, i, i + 3, SpanKind::Rolling, true))
            }
            _ => None,
        };
    }
    None
}
