//! Single expressions of time at a place in a question.

use chrono::{Datelike, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};

use super::parts::hangul;
use crate::text::{
    atoms::{Atom, Form},
    leading_number,
};

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// One day.
    Day,
    /// A longer piece of the calendar.
    Calendar,
    /// A clock time, its day still open.
    Clock,
    /// A clock time on a day.
    Moment,
    /// Back from now.
    Rolling,
}

/// One expression of time.
#[derive(Debug, Clone)]
pub struct Span {
    /// Begin.
    pub from: NaiveDateTime,
    /// End, exclusive.
    pub to: NaiveDateTime,
    /// First atom.
    pub begin: usize,
    /// Atom after the last.
    pub end: usize,
    /// What it is.
    pub kind: SpanKind,
    /// The year was said or follows from the words.
    pub year_given: bool,
    /// A minute of the clock.
    pub point: bool,
    /// AM or PM was said.
    pub afternoon: Option<bool>,
}

fn span(
    from: NaiveDateTime,
    to: NaiveDateTime,
    begin: usize,
    end: usize,
    kind: SpanKind,
    year_given: bool,
) -> Span {
    Span { from, to, begin, end, kind, year_given, point: false, afternoon: None }
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN)
}

fn days(begin: usize, end: usize, from: NaiveDate, n: i64, given: bool) -> Span {
    let kind = if n == 1 { SpanKind::Day } else { SpanKind::Calendar };
    span(midnight(from), midnight(from + Duration::days(n)), begin, end, kind, given)
}

fn month(begin: usize, end: usize, year: i32, m: u32, given: bool) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, m, 1)?;
    let to = from.checked_add_months(Months::new(1))?;
    Some(span(midnight(from), midnight(to), begin, end, SpanKind::Calendar, given))
}

/// The year a month without one belongs to: the last such month not after now.
fn year_for(now: NaiveDateTime, m: u32, d: u32) -> i32 {
    if (m, d) <= (now.month(), now.day()) || m <= now.month() { now.year() } else { now.year() - 1 }
}

/// The expression of time at atom `i`.
pub fn at(atoms: &[Atom], i: usize, now: NaiveDateTime, before: &[Span]) -> Option<Span> {
    let atom = &atoms[i];
    match atom.form {
        Form::Sign => None,
        Form::Word => numeric(atoms, i, now, before).or_else(|| english(atoms, i, now)),
        Form::Syllable => korean(atoms, i, now),
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

fn is(atoms: &[Atom], i: usize, text: &str) -> bool {
    atoms.get(i).is_some_and(|a| a.text == text)
}

fn clock(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split(':');
    let h: u32 = parts.next()?.parse().ok()?;
    let m: u32 = parts.next()?.parse().ok()?;
    let s: u32 = parts.next().map_or(Some(0), |s| s.parse().ok())?;
    (parts.next().is_none() && h <= 24 && m < 60 && s < 60).then_some((h, m, s))
}

fn clock_span(
    now: NaiveDateTime,
    (h, m, s): (u32, u32, u32),
    begin: usize,
    end: usize,
    hour: bool,
    pm: Option<bool>,
) -> Span {
    let h = match pm {
        Some(true) if h < 12 => h + 12,
        Some(false) if h == 12 => 0,
        _ => h,
    };
    let from = midnight(now.date()) + Duration::seconds(i64::from(h * 3600 + m * 60 + s));
    let to = from + if hour { Duration::hours(1) } else { Duration::minutes(1) };
    Span { point: !hour, afternoon: pm, ..span(from, to, begin, end, SpanKind::Clock, true) }
}

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

fn numeric(atoms: &[Atom], i: usize, now: NaiveDateTime, before: &[Span]) -> Option<Span> {
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

fn syllable(atoms: &[Atom], i: usize) -> &str {
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
    for (k, names) in [
        ["첫째주", "첫주", "첫번째주"],
        ["둘째주", "두번째주", "둘째"],
        ["셋째주", "세번째주", "셋째"],
        ["넷째주", "네번째주", "넷째"],
    ]
    .iter()
    .enumerate()
    {
        if let Some(name) = names.iter().find(|w| rest.starts_with(**w)) {
            return part(1 + 7 * k as u32, 7, name.chars().count());
        }
    }
    if rest.starts_with("초") && !rest.starts_with("초과") {
        return part(1, 10, 1);
    }
    if rest.starts_with("중순") {
        return part(11, 10, 2);
    }
    if rest.starts_with("말") && !rest.starts_with("말고") {
        let end = NaiveDate::from_ymd_opt(year, m, 1)?.checked_add_months(Months::new(1))?;
        let from = NaiveDate::from_ymd_opt(year, m, 21)?;
        return Some(days(begin, at + 3, from, (end - from).num_days(), given));
    }
    month(begin, at + 2, year, m, given)
}

/// `3시`, `3시 20분`, `3시 반` at atom `at`.
fn hour(
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

fn whole_year(begin: usize, end: usize, year: i32) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let to = NaiveDate::from_ymd_opt(year + 1, 1, 1)?;
    Some(span(midnight(from), midnight(to), begin, end, SpanKind::Calendar, true))
}

fn quarter(begin: usize, end: usize, year: i32, q: u32, given: bool) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, q * 3 - 2, 1)?;
    let to = from.checked_add_months(Months::new(3))?;
    Some(span(midnight(from), midnight(to), begin, end, SpanKind::Calendar, given))
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Duration::days(i64::from(date.weekday().num_days_from_monday()))
}

/// What a calendar word names: unit and how many units back.
fn calendar(begin: usize, end: usize, unit: char, back: i64, now: NaiveDateTime) -> Option<Span> {
    let today = now.date();
    match unit {
        'd' => Some(days(begin, end, today - Duration::days(back), 1, true)),
        'w' => Some(days(begin, end, monday(today) - Duration::weeks(back), 7, true)),
        'm' => {
            let then = today.with_day(1)?.checked_sub_months(Months::new(u32::try_from(back).ok()?))?;
            month(begin, end, then.year(), then.month(), true)
        }
        'q' => {
            let q = i64::from(today.month0() / 3) + 1 - back;
            let (year, q) = (i64::from(today.year()) + (q - 1).div_euclid(4), (q - 1).rem_euclid(4) + 1);
            quarter(begin, end, i32::try_from(year).ok()?, u32::try_from(q).ok()?, true)
        }
        _ => whole_year(begin, end, today.year() - i32::try_from(back).ok()?),
    }
}

fn rolling(begin: usize, end: usize, unit: char, n: i64, now: NaiveDateTime) -> Option<Span> {
    let to = now + Duration::seconds(1);
    let from = match unit {
        's' => now - Duration::seconds(n),
        'i' => now - Duration::minutes(n),
        'h' => now - Duration::hours(n),
        'd' => now - Duration::days(n),
        'w' => now - Duration::weeks(n),
        'm' => now.checked_sub_months(Months::new(u32::try_from(n).ok()?))?,
        _ => now.checked_sub_months(Months::new(u32::try_from(n).ok()?.checked_mul(12)?))?,
    };
    Some(span(from, to, begin, end, SpanKind::Rolling, true))
}

const KO_CALENDAR: &[(&str, char, i64)] = &[
    ("다음날", 'd', -1),
    ("이튿날", 'd', -1),
    ("익일", 'd', -1),
    ("그저께", 'd', 2),
    ("엊그제", 'd', 2),
    ("그제", 'd', 2),
    ("오늘", 'd', 0),
    ("금일", 'd', 0),
    ("당일", 'd', 0),
    ("어제", 'd', 1),
    ("전날", 'd', 1),
    ("작일", 'd', 1),
    ("지지난주", 'w', 2),
    ("저저번주", 'w', 2),
    ("이번주", 'w', 0),
    ("금주", 'w', 0),
    ("지난주", 'w', 1),
    ("저번주", 'w', 1),
    ("전주", 'w', 1),
    ("지지난달", 'm', 2),
    ("저저번달", 'm', 2),
    ("이번달", 'm', 0),
    ("이달", 'm', 0),
    ("금월", 'm', 0),
    ("당월", 'm', 0),
    ("지난달", 'm', 1),
    ("저번달", 'm', 1),
    ("전월", 'm', 1),
    ("이번분기", 'q', 0),
    ("당분기", 'q', 0),
    ("지난분기", 'q', 1),
    ("저번분기", 'q', 1),
    ("전분기", 'q', 1),
    ("올해", 'y', 0),
    ("금년", 'y', 0),
    ("이번년도", 'y', 0),
    ("작년", 'y', 1),
    ("지난해", 'y', 1),
    ("전년도", 'y', 1),
    ("재작년", 'y', 2),
];

fn korean(atoms: &[Atom], i: usize, now: NaiveDateTime) -> Option<Span> {
    if !atoms[i].first {
        return None;
    }
    let run = hangul(atoms, i, 6);
    // `최근 7일`, `지난 24시간`, `최근 일주일`
    for lead in ["최근", "지난", "직전", "과거"] {
        let Some(rest) = run.strip_prefix(lead) else { continue };
        let at = i + lead.chars().count();
        for (word, unit, n) in [
            ("일주일", 'w', 1),
            ("한주", 'w', 1),
            ("한달", 'm', 1),
            ("한시간", 'h', 1),
            ("하루", 'd', 1),
            ("일년", 'y', 1),
            ("이틀", 'd', 2),
            ("사흘", 'd', 3),
            ("보름", 'd', 15),
            ("두달", 'm', 2),
            ("세달", 'm', 3),
            ("두시간", 'h', 2),
            ("반년", 'm', 6),
        ] {
            if rest.starts_with(word) {
                return rolling(i, at + word.chars().count(), unit, n, now);
            }
        }
        if rest.is_empty()
            && let Some((value, unit)) = atoms.get(at).and_then(|a| leading_number(&a.text))
        {
            let n = value as i64;
            if let Some(u) = unit_of(unit) {
                return rolling(i, at + 1, u, n, now);
            }
            let tail = hangul(atoms, at + 1, 4);
            for (word, u) in [
                ("시간", 'h'),
                ("분기", 'q'),
                ("분", 'i'),
                ("일", 'd'),
                ("주", 'w'),
                ("개월", 'm'),
                ("달", 'm'),
                ("년", 'y'),
                ("초", 's'),
            ] {
                if tail.starts_with(word) && u != 'q' {
                    let mut end = at + 1 + word.chars().count();
                    for more in ["간", "동안", "내", "이내"] {
                        if hangul(atoms, end, 2).starts_with(more) {
                            end += more.chars().count();
                        }
                    }
                    return rolling(i, end, u, n, now);
                }
            }
        }
    }
    if let Some((word, unit, back)) =
        KO_CALENDAR.iter().filter(|(w, _, _)| run.starts_with(w)).max_by_key(|(w, _, _)| w.len())
    {
        let n = word.chars().count();
        // The words may be written with a space, but not begin in the middle of another.
        return calendar(i, i + n, *unit, *back, now);
    }
    for (word, from, n) in [("상반기", 1, 6), ("하반기", 7, 6)] {
        if run.starts_with(word) {
            let year = year_for(now, from, 1);
            let start = NaiveDate::from_ymd_opt(year, from, 1)?;
            let end = start.checked_add_months(Months::new(n))?;
            return Some(span(midnight(start), midnight(end), i, i + 3, SpanKind::Calendar, false));
        }
    }
    for (word, pm, whole) in [
        ("오전", false, (0, 12)),
        ("오후", true, (12, 24)),
        ("새벽", false, (0, 6)),
        ("아침", false, (6, 9)),
        ("저녁", true, (18, 21)),
        ("밤", true, (21, 24)),
        ("낮", true, (12, 18)),
    ] {
        let Some(rest) = run.strip_prefix(word) else { continue };
        let at = i + word.chars().count();
        if rest.is_empty()
            && let Some(a) = atoms.get(at)
        {
            if let Some(h) = number(&a.text).filter(|h| *h <= 12 && syllable(atoms, at + 1) == "시") {
                return hour(atoms, i, at, h, now, Some(pm));
            }
            if let Some(t) = clock(&a.text) {
                return Some(clock_span(now, t, i, at + 1, false, Some(pm)));
            }
        }
        if matches!(word, "오전" | "오후" | "새벽") {
            let day = midnight(now.date());
            let to = day + Duration::hours(whole.1);
            return Some(Span {
                afternoon: Some(pm),
                ..span(day + Duration::hours(whole.0), to, i, at, SpanKind::Clock, true)
            });
        }
    }
    for (word, h) in [("정오", 12), ("자정", 0)] {
        if run.starts_with(word) {
            return Some(clock_span(now, (h, 0, 0), i, i + 2, false, None));
        }
    }
    None
}

fn unit_of(text: &str) -> Option<char> {
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

fn month_name(text: &str) -> Option<u32> {
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

fn year_after(atoms: &[Atom], i: usize, otherwise: i32) -> (i32, usize, bool) {
    let at = if is(atoms, i, ",") { i + 1 } else { i };
    match atoms.get(at).and_then(|a| number(&a.text)).filter(|y| (1990..2200).contains(y)) {
        Some(y) => (y as i32, at + 1, true),
        None => (otherwise, i, false),
    }
}

fn small_number(text: &str) -> Option<i64> {
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

fn english(atoms: &[Atom], i: usize, now: NaiveDateTime) -> Option<Span> {
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
    if matches!(text, "next" | "following") && word(i + 1) == "day" {
        return calendar(i, i + 2, 'd', -1, now);
    }
    if text == "day" && word(i + 1) == "after" && i > 0 && word(i - 1) == "the" {
        return calendar(i, i + 2, 'd', -1, now);
    }
    match text {
        "today" => return calendar(i, i + 1, 'd', 0, now),
        "yesterday" => return calendar(i, i + 1, 'd', 1, now),
        "noon" => return Some(clock_span(now, (12, 0, 0), i, i + 1, false, None)),
        "midnight" => return Some(clock_span(now, (0, 0, 0), i, i + 1, false, None)),
        _ => {}
    }
    // `first week of December`, `last week of November`
    let nth = ["first", "second", "third", "fourth", "last"].iter().position(|w| *w == text);
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
            _ => None,
        };
    }
    None
}
