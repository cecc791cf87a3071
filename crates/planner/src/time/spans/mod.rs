//! Single expressions of time at a place in a question.

use chrono::{Datelike, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};

use crate::text::atoms::{Atom, Form};

mod calendar;
mod english;
mod korean;
mod loose;
mod numeric;
mod ranges;

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
        Form::Word => numeric::numeric(atoms, i, now, before)
            .or_else(|| loose::english(atoms, i, now, before))
            .or_else(|| english::english(atoms, i, now)),
        Form::Syllable => loose::korean(atoms, i, now, before).or_else(|| korean::korean(atoms, i, now)),
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
