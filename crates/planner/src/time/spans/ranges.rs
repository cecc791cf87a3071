//! Parts of a year behind it (`2024 Q3`) and days of one month that name it once (`May 3 to 7`, `3 to 7 May`).

use chrono::{Months, NaiveDate, NaiveDateTime};

use super::{
    Span, SpanKind, calendar, days,
    english::{month_name, year_after},
    midnight, number, span, year_for,
};
use crate::text::atoms::{Atom, Form};

/// `Q3`, `H1` behind a year.
pub(super) fn part_of_year(atoms: &[Atom], begin: usize, at: usize, year: i32) -> Option<Span> {
    let at = if atoms.get(at).is_some_and(|a| matches!(a.text.as_str(), "-" | "'s" | "년")) {
        at + 1
    } else {
        at
    };
    let text = atoms.get(at)?.text.as_str();
    if let Some(q) = text.strip_prefix('q').and_then(number).filter(|q| (1..=4).contains(q)) {
        return calendar::quarter(begin, at + 1, year, q, true);
    }
    let half = ["h1", "h2"].iter().position(|h| *h == text)?;
    let from = NaiveDate::from_ymd_opt(year, 1 + 6 * u32::try_from(half).ok()?, 1)?;
    let to = from.checked_add_months(Months::new(6))?;
    Some(span(midnight(from), midnight(to), begin, at + 1, SpanKind::Calendar, true))
}

/// A day of a month: `17`, `17th`.
fn day(atoms: &[Atom], at: usize) -> Option<u32> {
    let text = atoms.get(at)?.text.as_str();
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    number(bare).filter(|d| (1..=31).contains(d))
}

fn link(atoms: &[Atom], at: usize, between: bool) -> bool {
    atoms.get(at).is_some_and(|a| {
        matches!(a.text.as_str(), "to" | "through" | "thru" | "until" | "till" | "-" | "–" | "~")
            || between && a.text == "and"
    })
}

fn before(atoms: &[Atom], i: usize) -> &str {
    i.checked_sub(1).and_then(|k| atoms.get(k)).map_or("", |a| a.text.as_str())
}

/// `Dec 17 to 19`: the month at `i`.
pub(super) fn month_then_days(atoms: &[Atom], i: usize, m: u32, now: NaiveDateTime) -> Option<Span> {
    let first = day(atoms, i + 1)?;
    if !link(atoms, i + 2, before(atoms, i) == "between") {
        return None;
    }
    let last = day(atoms, i + 3).filter(|last| *last > first)?;
    // `Dec 17 to 19 o'clock`, `May 3 to 7 June`, `May 3 to 7 pm`: something else is named by the second number.
    let behind = atoms.get(i + 4).map_or("", |a| a.text.as_str());
    let other =
        matches!(behind, "am" | "pm" | "o" | "h" | "hours" | "hrs" | "hour" | ":" | "시" | "분" | "%")
            || month_name(behind).is_some()
            || atoms.get(i + 4).is_some_and(|a| a.form == Form::Syllable && !a.spaced);
    if other {
        return None;
    }
    let (year, end, given) = year_after(atoms, i + 4, year_for(now, m, first));
    let from = NaiveDate::from_ymd_opt(year, m, first)?;
    Some(days(i, end, from, i64::from(last - first + 1), given))
}

/// `17 to 19 December`, `17-19 Dec`: the first number at `i`.
pub(super) fn days_then_month(atoms: &[Atom], i: usize, now: NaiveDateTime) -> Option<Span> {
    let joined = atoms.get(i)?.text.split_once('-').and_then(|(a, b)| Some((number(a)?, number(b)?, i + 1)));
    let (first, last, at) = match joined {
        Some(joined) => joined,
        None if link(atoms, i + 1, before(atoms, i) == "between") => {
            (day(atoms, i)?, day(atoms, i + 2)?, i + 3)
        }
        None => return None,
    };
    let at = if atoms.get(at).is_some_and(|a| a.text == "of") { at + 1 } else { at };
    let m = month_name(&atoms.get(at)?.text)?;
    if !(1..=31).contains(&first) || last <= first || last > 31 {
        return None;
    }
    let (year, end, given) = year_after(atoms, at + 1, year_for(now, m, first));
    let from = NaiveDate::from_ymd_opt(year, m, first)?;
    Some(days(i, end, from, i64::from(last - first + 1), given))
}
