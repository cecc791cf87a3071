//! Expressions of time that begin with a number: dates, clocks, `15일`, `3시 20분`.

use chrono::{Datelike, Duration, Months, NaiveDate, NaiveDateTime};

use super::{
    Span, SpanKind,
    calendar::{monday, quarter, whole_year},
    clock, clock_span, days,
    english::{month_name, year_after},
    is, midnight, month, number, span, year_for,
};
use crate::{
    text::{
        atoms::{Atom, Form},
        leading_number,
    },
    time::parts::hangul,
};

fn date(text: &str) -> Option<(i32, u32, Option<u32>)> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    match parts.as_slice() {
        [y, m, d] if y.len() == 4 => {
            let d = d.split('t').next()?;
            Some((y.parse().ok()?, number(m)?, Some(number(d)?)))
        }
        [y, m] if y.len() == 4 && m.len() <= 2 && y.starts_with(['1', '2']) => {
            Some((y.parse().ok()?, number(m).filter(|m| (1..=12).contains(m))?, None))
        }
        _ => None,
    }
}

pub(super) fn numeric(atoms: &[Atom], i: usize, now: NaiveDateTime, before: &[Span]) -> Option<Span> {
    let text = atoms[i].text.as_str();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some((a, b)) = text.split_once('-')
        && let (Some(a), Some(b)) = (clock(a), clock(b))
    {
        let from = clock_span(now, a, i, i + 1, false, None);
        let to = clock_span(now, b, i, i + 1, false, None);
        return Some(Span { to: to.from, point: false, ..from });
    }
    if let Some((d, t)) = text.split_once('t')
        && let (Some((y, m, Some(d))), Some(t)) = (date(d), clock(t.trim_end_matches('z')))
    {
        let day = NaiveDate::from_ymd_opt(y, m, d)?;
        let from = clock_span(midnight(day), t, i, i + 1, false, None);
        return Some(Span { kind: SpanKind::Moment, ..from });
    }
    if let Some((y, m, d)) = date(text) {
        return match d {
            Some(d) => Some(days(i, i + 1, NaiveDate::from_ymd_opt(y, m, d)?, 1, true)),
            None => month(i, i + 1, y, m, true),
        };
    }
    if let Some(t) = clock(text) {
        let pm = meridiem(atoms, i + 1);
        let end = if pm.is_some() { i + 2 } else { i + 1 };
        return Some(clock_span(now, t, i, end, false, pm));
    }
    if let Some(half) = text.strip_suffix("pm").or(text.strip_suffix("am")) {
        let pm = text.ends_with("pm");
        if let Some(t) = clock(half) {
            return Some(clock_span(now, t, i, i + 1, false, Some(pm)));
        }
        let h = number(half).filter(|h| *h <= 12)?;
        return Some(clock_span(now, (h, 0, 0), i, i + 1, true, Some(pm)));
    }
    if let Some((m, d)) = text.split_once('/')
        && let (Some(m), Some(d)) = (number(m), number(d))
    {
        let day = NaiveDate::from_ymd_opt(year_for(now, m, d), m, d)?;
        return Some(days(i, i + 1, day, 1, false));
    }
    let (value, unit) = leading_number(text)?;
    let n = value as u32;
    if f64::from(n) != value {
        return None;
    }
    if let Some(range) = super::ranges::days_then_month(atoms, i, now) {
        return Some(range);
    }
    if unit.is_empty() || matches!(unit, "st" | "nd" | "rd" | "th") {
        let next = if is(atoms, i + 1, "of") { i + 2 } else { i + 1 };
        if let Some(m) = atoms.get(next).and_then(|a| month_name(&a.text))
            && (1..=31).contains(&n)
        {
            let (year, end, given) = year_after(atoms, next + 1, year_for(now, m, n));
            return Some(days(i, end, NaiveDate::from_ymd_opt(year, m, n)?, 1, given));
        }
    }
    if unit.is_empty() && (1990..2200).contains(&n) {
        let year = i32::try_from(n).ok()?;
        if let Some(part) = super::ranges::part_of_year(atoms, i, i + 1, year) {
            return Some(part);
        }
        let before = i.checked_sub(1).map_or("", |k| atoms[k].text.as_str());
        if matches!(
            before,
            "in" | "during" | "of" | "for" | "since" | "year" | "throughout" | "until" | "before" | "after"
        ) {
            return whole_year(i, i + 1, i32::try_from(n).ok()?);
        }
    }
    // `on the 15th`: the last such day.
    if matches!(unit, "st" | "nd" | "rd" | "th") && (1..=31).contains(&n) {
        let before = |d: usize| i.checked_sub(d).map_or("", |k| atoms[k].text.as_str());
        let placed = before(1) == "the"
            && matches!(
                before(2),
                "on" | "than"
                    | "from"
                    | "to"
                    | "until"
                    | "since"
                    | "between"
                    | "and"
                    | "of"
                    | "before"
                    | "after"
                    | "with"
            );
        let noun = atoms.get(i + 1).is_some_and(|a| {
            a.form == Form::Word
                && !matches!(
                    a.text.as_str(),
                    "and"
                        | "to"
                        | "than"
                        | "or"
                        | "at"
                        | "from"
                        | "until"
                        | "was"
                        | "were"
                        | "did"
                        | "versus"
                        | "vs"
                        | "compared"
                )
        });
        if placed && !noun {
            let mut day = NaiveDate::from_ymd_opt(now.year(), now.month(), n)?;
            if day > now.date() {
                day = day.checked_sub_months(Months::new(1))?;
            }
            return Some(days(i, i + 1, day, 1, true));
        }
    }
    if !unit.is_empty() {
        return None;
    }
    // `between 3 and 5 pm`: the half of the day stands behind the second.
    if n <= 12
        && matches!(i.checked_sub(1).map_or("", |k| atoms[k].text.as_str()), "between" | "from")
        && atoms.get(i + 1).is_some_and(|a| matches!(a.text.as_str(), "and" | "to" | "-" | "until"))
        && let Some(second) = atoms.get(i + 2)
    {
        let pm = match second.text.as_str() {
            t if t.ends_with("pm") => Some(true),
            t if t.ends_with("am") => Some(false),
            t if number(t).is_some_and(|n| n <= 12) => meridiem(atoms, i + 3),
            _ => None,
        };
        if let Some(pm) = pm {
            return Some(clock_span(now, (n, 0, 0), i, i + 1, true, Some(pm)));
        }
    }
    // `from noon to 1`: a bare hour behind a clock.
    if (1..=12).contains(&n)
        && let Some(last) = before.last().filter(|b| b.kind == SpanKind::Clock && b.end + 1 == i)
        && matches!(atoms[i - 1].text.as_str(), "to" | "until" | "till" | "and" | "-" | "~")
        && last.afternoon.is_some()
        && meridiem(atoms, i + 1).is_none()
        && atoms.get(i + 1).is_none_or(|a| a.form == Form::Sign || a.text.len() > 1 && a.form == Form::Word)
    {
        return Some(clock_span(now, (n, 0, 0), i, i + 1, true, None));
    }
    if let Some(pm) = meridiem(atoms, i + 1)
        && n <= 12
    {
        return Some(clock_span(now, (n, 0, 0), i, i + 2, true, Some(pm)));
    }
    korean_number(atoms, i, n, now, before)
}

fn meridiem(atoms: &[Atom], i: usize) -> Option<bool> {
    match atoms.get(i)?.text.as_str() {
        "am" | "a.m" => Some(false),
        "pm" | "p.m" => Some(true),
        _ => None,
    }
}

pub(super) fn syllable(atoms: &[Atom], i: usize) -> &str {
    atoms.get(i).filter(|a| a.form == Form::Syllable).map_or("", |a| a.text.as_str())
}

/// `2025년 12월 15일`, `12월`, `15일`, `3시 20분`, `4분기`, `3일 전`.
fn korean_number(atoms: &[Atom], i: usize, n: u32, now: NaiveDateTime, before: &[Span]) -> Option<Span> {
    let rest = hangul(atoms, i + 1, 8);
    if rest.starts_with('년') && (1990..2200).contains(&n) {
        let year = n as i32;
        if let Some(m) =
            atoms.get(i + 2).and_then(|a| number(&a.text)).filter(|_| syllable(atoms, i + 3) == "월")
        {
            return month_day(atoms, i, i + 2, year, m, true);
        }
        for (word, from) in [("상반기", 1), ("하반기", 7)] {
            if rest.strip_prefix("년").or(rest.strip_prefix("년도")).is_some_and(|r| r.starts_with(word)) {
                let start = NaiveDate::from_ymd_opt(year, from, 1)?;
                let end = start.checked_add_months(Months::new(6))?;
                let n = if rest.starts_with("년도") { 6 } else { 5 };
                return Some(span(midnight(start), midnight(end), i, i + n, SpanKind::Calendar, true));
            }
        }
        let behind = if rest.starts_with("년도") { i + 3 } else { i + 2 };
        if let Some(q) = atoms.get(behind).and_then(|a| number(&a.text)).filter(|q| (1..=4).contains(q))
            && hangul(atoms, behind + 1, 2) == "분기"
        {
            return quarter(i, behind + 3, year, q, true);
        }
        if rest.starts_with("년도") {
            return whole_year(i, i + 3, year);
        }
        return whole_year(i, i + 2, year);
    }
    if rest.starts_with("분기") && (1..=4).contains(&n) {
        let year = year_for(now, n * 3 - 2, 1);
        return quarter(i, i + 3, year, n, false);
    }
    if rest.starts_with('월') && (1..=12).contains(&n) {
        return month_day(atoms, i, i, year_for(now, n, 1), n, false);
    }
    if rest.starts_with("일전") || rest.starts_with("일이전") {
        let end = i + if rest.starts_with("일전") { 3 } else { 4 };
        return Some(days(i, end, now.date() - Duration::days(i64::from(n)), 1, true));
    }
    if rest.starts_with("주전") {
        let monday = monday(now.date()) - Duration::weeks(i64::from(n));
        return Some(days(i, i + 3, monday, 7, true));
    }
    if rest.starts_with("개월전") || rest.starts_with("달전") {
        let end = i + if rest.starts_with('개') { 4 } else { 3 };
        let then = now.date().checked_sub_months(Months::new(n))?;
        return month(i, end, then.year(), then.month(), true);
    }
    if rest.starts_with('시') && !rest.starts_with("시간") && !rest.starts_with("시스") && n <= 24 {
        let pm =
            before.last().filter(|b| b.kind == SpanKind::Clock && b.end + 3 >= i).and_then(|b| b.afternoon);
        return hour(atoms, i, i, n, now, pm);
    }
    if rest.starts_with('일') && (1..=31).contains(&n) {
        let unit = ["일간", "일동안", "일이상", "일이하", "일초과", "일미만", "일넘", "일치", "일내"];
        if unit.iter().any(|u| rest.starts_with(u)) {
            return None;
        }
        let near = before.last().filter(|b| b.kind == SpanKind::Day && b.end + 4 >= i).map(|b| b.from);
        let base = near.unwrap_or(now);
        let mut day = NaiveDate::from_ymd_opt(base.year(), base.month(), n)?;
        if near.is_none() && day > now.date() {
            day = day.checked_sub_months(Months::new(1))?;
        }
        return Some(days(i, i + 2, day, 1, true));
    }
    None
}

fn month_day(atoms: &[Atom], begin: usize, at: usize, year: i32, m: u32, given: bool) -> Option<Span> {
    let day = atoms.get(at + 2).and_then(|a| leading_number(&a.text)).map(|(v, u)| (v as u32, u.to_owned()));
    if let Some((d, unit)) = day
        && unit.is_empty()
        && syllable(atoms, at + 3) == "일"
    {
        return Some(days(begin, at + 4, NaiveDate::from_ymd_opt(year, m, d)?, 1, given));
    }
    let rest = hangul(atoms, at + 2, 6);
    let part = |from: u32, n: i64, len: usize| {
        Some(days(begin, at + 2 + len, NaiveDate::from_ymd_opt(year, m, from)?, n, given))
    };
    // `첫 주말`: a Saturday and the Sunday behind it.
    let weekend = [
        ("첫주말", 0),
        ("첫째주말", 0),
        ("첫번째주말", 0),
        ("둘째주말", 1),
        ("두번째주말", 1),
        ("셋째주말", 2),
    ]
    .into_iter()
    .find(|(w, _)| rest.starts_with(w))
    .map(|(w, k)| (k, w.chars().count()));
    for (k, names) in [
        ["첫째주", "첫주", "첫번째주"],
        ["둘째주", "두번째주", "둘째"],
        ["셋째주", "세번째주", "셋째"],
        ["넷째주", "네번째주", "넷째"],
    ]
    .iter()
    .enumerate()
    {
        if let Some(name) = names.iter().find(|w| rest.starts_with(**w)).filter(|_| weekend.is_none()) {
            return part(1 + 7 * k as u32, 7, name.chars().count());
        }
    }
    if let Some((k, len)) = weekend {
        let first = NaiveDate::from_ymd_opt(year, m, 1)?;
        let days_to = (5 + 7 - first.weekday().num_days_from_monday()) % 7;
        let saturday = first + Duration::days(i64::from(days_to) + 7 * k);
        return Some(days(begin, at + 2 + len, saturday, 2, given));
    }
    if rest.starts_with("초") && !rest.starts_with("초과") {
        return part(1, 10, 1);
    }
    if let Some(w) = ["상순", "초순"].iter().find(|w| rest.starts_with(**w)) {
        return part(1, 10, w.chars().count());
    }
    if rest.starts_with("중순") {
        return part(11, 10, 2);
    }
    if let Some(w) = ["전반부", "전반", "하순", "후반부", "후반"].iter().find(|w| rest.starts_with(**w))
    {
        let (from, n) = part_of_month(year, m, w)?;
        return Some(days(begin, at + 2 + w.chars().count(), from, n, given));
    }
    if rest.starts_with("말") && !rest.starts_with("말고") {
        let end = NaiveDate::from_ymd_opt(year, m, 1)?.checked_add_months(Months::new(1))?;
        let from = NaiveDate::from_ymd_opt(year, m, 21)?;
        return Some(days(begin, at + 3, from, (end - from).num_days(), given));
    }
    month(begin, at + 2, year, m, given)
}

/// The first day of a part of a month and how many days it has.
pub(super) fn part_of_month(year: i32, m: u32, part: &str) -> Option<(NaiveDate, i64)> {
    let first = NaiveDate::from_ymd_opt(year, m, 1)?;
    let next = first.checked_add_months(Months::new(1))?;
    let (from, to) = match part {
        "전반" | "전반부" => (first, first + Duration::days(15)),
        "후반" | "후반부" => (first + Duration::days(15), next),
        _ => (first + Duration::days(20), next),
    };
    Some((from, (to - from).num_days()))
}

/// `3시`, `3시 20분`, `3시 반` at atom `at`.
pub(super) fn hour(
    atoms: &[Atom],
    begin: usize,
    at: usize,
    h: u32,
    now: NaiveDateTime,
    pm: Option<bool>,
) -> Option<Span> {
    if let Some(m) =
        atoms.get(at + 2).and_then(|a| number(&a.text)).filter(|m| *m < 60 && syllable(atoms, at + 3) == "분")
    {
        return Some(clock_span(now, (h, m, 0), begin, at + 4, false, pm));
    }
    if syllable(atoms, at + 2) == "반" {
        return Some(clock_span(now, (h, 30, 0), begin, at + 3, false, pm));
    }
    let end = if syllable(atoms, at + 2) == "대" { at + 3 } else { at + 2 };
    Some(clock_span(now, (h, 0, 0), begin, end, true, pm))
}
