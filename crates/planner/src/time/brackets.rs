//! `12월 첫째 주(1~7일)`, `the last week of November (24-30)`: days in brackets say which days of the period are meant.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};

use super::spans::{Span, SpanKind};
use crate::text::{atoms::Atom, leading_number};

/// A period of the calendar with days in brackets directly behind it becomes these days. The atom after the bracket.
pub fn days_in_bracket(atoms: &[Atom], open: usize, spans: &mut [Span]) -> Option<usize> {
    let last = spans.last_mut().filter(|s| s.kind == SpanKind::Calendar)?;
    if atoms.get(open)?.text != "(" || last.end > open || open - last.end > 1 {
        return None;
    }
    let close = (open + 1..atoms.len()).take(9).find(|&k| atoms[k].text == ")")?;
    let mut days: Vec<u32> = Vec::new();
    for atom in &atoms[open + 1..close] {
        let text = atom.text.as_str();
        if let Some((a, b)) = text.split_once('-') {
            for day in [a, b] {
                let (n, unit) = leading_number(day)?;
                if !matches!(unit, "" | "st" | "nd" | "rd" | "th") {
                    return None;
                }
                days.push(n as u32);
            }
        } else if let Some((n, unit)) = leading_number(text) {
            if !matches!(unit, "" | "st" | "nd" | "rd" | "th") || n.fract() != 0.0 {
                return None;
            }
            days.push(n as u32);
        } else if !matches!(text, "일" | "~" | "-" | "–" | "부" | "터" | "까" | "지" | "to") {
            return None;
        }
    }
    let [first, to] = days.as_slice() else { return None };
    let date = |d: u32| NaiveDate::from_ymd_opt(last.from.year(), last.from.month(), d);
    let (from, to) = (date(*first)?, date(*to)?);
    // The days have to belong to the period, or they are something else.
    let near = Duration::days(7);
    if from > to
        || from.and_time(NaiveTime::MIN) < last.from - near
        || to.and_time(NaiveTime::MIN) > last.to + near
    {
        return None;
    }
    last.from = from.and_time(NaiveTime::MIN);
    last.to = to.and_time(NaiveTime::MIN) + Duration::days(1);
    last.end = close + 1;
    Some(close + 1)
}
