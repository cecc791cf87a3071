//! Pieces of the calendar, counted from now.

use chrono::{Datelike, Duration, Months, NaiveDate, NaiveDateTime};

use super::{Span, SpanKind, days, midnight, month, span};

pub(super) fn whole_year(begin: usize, end: usize, year: i32) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let to = NaiveDate::from_ymd_opt(year + 1, 1, 1)?;
    Some(span(midnight(from), midnight(to), begin, end, SpanKind::Calendar, true))
}

pub(super) fn quarter(begin: usize, end: usize, year: i32, q: u32, given: bool) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, q * 3 - 2, 1)?;
    let to = from.checked_add_months(Months::new(3))?;
    Some(span(midnight(from), midnight(to), begin, end, SpanKind::Calendar, given))
}

pub(super) fn monday(date: NaiveDate) -> NaiveDate {
    date - Duration::days(i64::from(date.weekday().num_days_from_monday()))
}

/// What a calendar word names: unit and how many units back.
pub(super) fn calendar(begin: usize, end: usize, unit: char, back: i64, now: NaiveDateTime) -> Option<Span> {
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

pub(super) fn rolling(begin: usize, end: usize, unit: char, n: i64, now: NaiveDateTime) -> Option<Span> {
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
