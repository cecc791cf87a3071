//! What an answer says: its numbers, names, days and times, found in plain text of either language.

use std::ops::Range;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use regex::Regex;

/// A number in a text, with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Value, thousands separators removed.
    pub value: f64,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

/// Digits that are no quantity: dates, times, addresses and versions, references, list numbers, links.
const NO_QUANTITY: &[&str] = &[
    r"https?://\S+",
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
    r"\d{4}-\d{2}(?-u:\b)",
    r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?",
    r"\d+\.\d+\.\d+(\.\d+)?",
    r"\d{4}\s?년",
    r"\d{1,2}\s?월(\s?\d{1,2}\s?일)?",
    r"(오전|오후)\s?\d{1,2}\s?시",
    r"\d{1,2}\s?시\s?\d{1,2}\s?분",
    r"(?i)(?-u:\b)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}(,\s?\d{4})?(?-u:\b)",
    r"(?i)(?-u:\b)\d{1,2}\s(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?-u:\b)",
    r"\[\d+\]",
    // conditions and the length of a ranking, which an answer repeats in its own words
    r"[<>≥≤]=?\s?\d[\d,.]*",
    r"\d[\d,.]*\s?[가-힣a-zA-Z%]{0,3}\s?(이상|이하|초과|미만)",
    r"상위\s?\d+",
    r"(?i)(?-u:\b)(top|highest|lowest)\s\d+",
    r"(?m)^\s*\d+[.)]\s",
];

/// The edge of a number or an English word; Hangul may follow it at once (`15입니다`).
const B: &str = r"(?-u:\b)";

fn patterns() -> &'static [Regex] {
    static ONCE: std::sync::OnceLock<Vec<Regex>> = std::sync::OnceLock::new();
    ONCE.get_or_init(|| NO_QUANTITY.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect())
}

/// The quantities of a text, in order. Digits inside names (`srv-03`, `p95`) are none.
pub fn numbers(text: &str) -> Vec<Number> {
    let mut masked: Vec<u8> = text.bytes().collect();
    for pattern in patterns() {
        for found in pattern.find_iter(text) {
            masked[found.range()].fill(b'~');
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < masked.len() {
        if !masked[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = number_end(&masked, at);
        if !part_of_a_name(&masked, at, end) {
            let digits: String =
                masked[at..end].iter().filter(|byte| **byte != b',').map(|byte| char::from(*byte)).collect();
            if let Ok(value) = digits.parse::<f64>() {
                let value = if negative(&masked, at) { -value } else { value };
                found.push(Number { value, at: at..end });
            }
        }
        at = end;
    }
    found
}

/// Past the last digit of `1,234.5` that begins at `at`.
fn number_end(text: &[u8], at: usize) -> usize {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = at;
    while digit(end) {
        end += 1;
    }
    while text.get(end) == Some(&b',') && (1..=3).all(|n| digit(end + n)) && !digit(end + 4) {
        end += 4;
    }
    if text.get(end) == Some(&b'.') && digit(end + 1) {
        end += 1;
        while digit(end) {
            end += 1;
        }
    }
    end
}

/// `srv-03`, `p95`, `os-8a`: joined to letters in front, or to letters and further digits behind.
fn part_of_a_name(text: &[u8], at: usize, end: usize) -> bool {
    let before = at.checked_sub(1).map(|n| text[n]);
    let joined = match before {
        Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => true,
        Some(b'-' | b'.') => at.checked_sub(2).is_some_and(|n| text[n].is_ascii_alphanumeric()),
        _ => false,
    };
    let letters = text[end..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let after = text.get(end + letters);
    let goes_on = match after {
        Some(byte) if byte.is_ascii_digit() && letters > 0 => true,
        Some(b'-') => text.get(end + letters + 1).is_some_and(u8::is_ascii_alphabetic),
        _ => false,
    };
    joined || goes_on
}

fn negative(text: &[u8], at: usize) -> bool {
    let sign = at.checked_sub(1).is_some_and(|n| text[n] == b'-');
    sign && at.checked_sub(2).is_none_or(|n| !text[n].is_ascii_alphanumeric())
}

/// Whether a byte may stand inside a name.
fn of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Where `name` stands as a whole name, without letter case. `text` and `name` are lower case.
pub fn whole(text: &str, name: &str) -> Vec<Range<usize>> {
    if name.is_empty() {
        return Vec::new();
    }
    let ascii = |at: Option<usize>, edge: Option<u8>| {
        let neighbour = at.and_then(|at| text.as_bytes().get(at)).copied();
        // An edge that is no letter of a name (`…/order-06`, `%`) needs no border.
        edge.is_some_and(of_a_name) && neighbour.is_some_and(of_a_name)
    };
    text.match_indices(name)
        .map(|(at, found)| at..at + found.len())
        .filter(|range| {
            let before = ascii(range.start.checked_sub(1), name.bytes().next());
            let after = ascii(Some(range.end), name.bytes().last());
            // Digits of `3,045` or `14.0` are no name of their own.
            let digit =
                |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
            let mark =
                |at: Option<usize>| matches!(at.and_then(|at| text.as_bytes().get(at)), Some(b',' | b'.'));
            let (start, end) = (range.start.checked_sub(1), Some(range.end));
            let inner = digit(Some(range.start)) && mark(start) && digit(range.start.checked_sub(2))
                || digit(range.end.checked_sub(1)) && mark(end) && digit(Some(range.end + 1));
            // `srv-1` ends a sentence in `srv-1-`? A trailing hyphen alone belongs to the text, not to the name.
            let dash = text.as_bytes().get(range.end) == Some(&b'-')
                && text.as_bytes().get(range.end + 1).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            !before && !inner && (!after || dash)
        })
        .collect()
}

/// One point of a list: `- label: value`, `2. label: value`.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    /// What stands before the colon, or all of it.
    pub label: &'t str,
    /// What stands behind the colon.
    pub value: &'t str,
    /// Whether the points are counted.
    pub numbered: bool,
}

/// Whether a line is a point of a list.
pub fn is_row(line: &str) -> bool {
    point(line).is_some()
}

/// A point of a list without its mark, and whether it is counted.
fn point(line: &str) -> Option<(&str, bool)> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("- ").or_else(|| line.strip_prefix("• ")) {
        return Some((rest, false));
    }
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let counted = rest.len() < line.len();
    rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")).filter(|_| counted).map(|rest| (rest, true))
}

/// The points of the lists of a text, in order.
pub fn rows(text: &str) -> Vec<Row<'_>> {
    text.lines()
        .filter_map(point)
        .map(|(line, numbered)| {
            let (label, value) = line.split_once(": ").unwrap_or((line, ""));
            Row { label, value, numbered }
        })
        .collect()
}

/// A pattern of whole names that look like `name`: the same first word, letters for letters, digits for digits.
pub fn like(name: &str) -> Option<Regex> {
    let (first, _) = name.split_once('-')?;
    let plain = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| Regex::new(&format!(r"{first}(-[a-z0-9]+)+")).ok()).flatten()
}

/// Names that fit a pattern, each as a whole, in order. `text` is lower case.
pub fn names(text: &str, pattern: &Regex) -> Vec<(usize, String)> {
    pattern
        .find_iter(text)
        .filter(|found| {
            let before = found.start().checked_sub(1).map(|at| text.as_bytes()[at]);
            !before.is_some_and(of_a_name)
        })
        .map(|found| (found.start(), found.as_str().trim_end_matches('-').to_owned()))
        .collect()
}

/// A moment as gold answers write it: `2025-12-20`, `2025-12-20 09:14`, `2025-12-20 09:14:21+00`.
pub fn moment(text: &str) -> Option<(NaiveDate, Option<NaiveTime>)> {
    let text = text
        .trim()
        .trim_end_matches("+00:00")
        .trim_end_matches("+00")
        .trim_end_matches('Z')
        .replace('T', " ");
    if let Ok(day) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        return Some((day, None));
    }
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .map(|moment| (moment.date(), Some(moment.time())))
}

/// Whether a text names a day in any usual form.
pub fn says_day(text: &str, day: NaiveDate) -> bool {
    let (y, m, d) = (day.year(), day.month(), day.day());
    let month = day.format("%b").to_string().to_lowercase();
    let pattern = format!(
        r"({B}{y}[-/.]0?{m}[-/.]0?{d}{B}|0?{m}\s?월\s?0?{d}\s?일|{B}0?{m}/0?{d}{B}|{B}{m:02}-{d:02}{B}|{month}[a-z]*\.?\s0?{d}{B}|{B}0?{d}(st|nd|rd|th)?\s(of\s)?{month})"
    );
    Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(text))
}

/// The times of day a text names, as hour and minute.
pub fn times(text: &str) -> Vec<(u32, u32)> {
    let Ok(pattern) = Regex::new(
        r"(?-u:\b)(\d{1,2}):(\d{2})(?::\d{2})?\s?(am|pm)?|(오전|오후)?\s?(\d{1,2})\s?시(?:\s?(\d{1,2})\s?분)?",
    ) else {
        return Vec::new();
    };
    let number = |text: Option<regex::Match<'_>>| text.and_then(|found| found.as_str().parse::<u32>().ok());
    pattern
        .captures_iter(text)
        .filter_map(|found| {
            let hour = number(found.get(1).or(found.get(5)))?;
            let minute = number(found.get(2).or(found.get(6))).unwrap_or(0);
            let half = found.get(3).or(found.get(4)).map(|half| half.as_str());
            let hour = match half {
                Some("pm" | "오후") if hour < 12 => hour + 12,
                Some("am" | "오전") if hour == 12 => 0,
                _ => hour,
            };
            Some((hour, minute))
        })
        .collect()
}

/// Whether a time of day is among those a text names; nine hours later where it speaks of Korean time.
pub fn says_time(text: &str, time: NaiveTime) -> bool {
    let korean = text.contains("kst") || text.contains("한국 시간");
    times(text).iter().any(|&(hour, minute)| {
        minute == time.minute() && (hour == time.hour() || (korean && hour == (time.hour() + 9) % 24))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<f64> {
        numbers(text).into_iter().map(|number| number.value).collect()
    }

    #[test]
    fn quantities_are_found_with_units_separators_and_signs() {
        assert_eq!(values("총 1,234건, 128GB, -3.5 %, 24포트"), [1234.0, 128.0, -3.5, 24.0]);
    }

    #[test]
    fn names_dates_times_addresses_and_references_are_no_quantities() {
        let text = "srv-mon-03의 p95는 2025-12-20 09:14:21, 12월 15일, 10.1.2.3 [1] https://a.b/c-06";
        assert_eq!(values(text), Vec::<f64>::new());
        assert_eq!(values("1. srv-a 134건\n2. srv-b 131건"), [134.0, 131.0]);
    }

    #[test]
    fn conditions_and_the_length_of_a_ranking_are_no_quantities() {
        assert_eq!(values("소요 시간 > 180인 작업: 66건"), [66.0]);
        assert_eq!(values("심각도 4 이상 이벤트는 27건, 180분 초과 3건"), [27.0, 3.0]);
        assert_eq!(values("상위 1개 업무의 앱은 6개"), [6.0]);
        assert_eq!(values("top 3 hosts: 12"), [12.0]);
    }

    #[test]
    fn a_name_is_found_whole_only() {
        assert_eq!(whole("srv-1 과 srv-10", "srv-1").len(), 1);
        assert_eq!(whole("sys-erp은 …", "sys-erp").len(), 1);
        assert_eq!(whole("my-sys-erp", "sys-erp").len(), 0);
    }

    #[test]
    fn a_day_is_understood_in_any_usual_form() {
        let day = NaiveDate::from_ymd_opt(2025, 12, 5).unwrap();
        for text in [
            "2025-12-05",
            "2025.12.5",
            "12월 5일",
            "12월5일",
            "12/5",
            "dec 5",
            "december 5",
            "5 dec",
            "5th of dec",
        ] {
            assert!(says_day(text, day), "{text}");
        }
        assert!(!says_day("2025-12-15", day));
    }

    #[test]
    fn times_of_day_are_understood_in_both_languages() {
        let time = NaiveTime::from_hms_opt(6, 46, 0).unwrap();
        for text in ["06:46", "6:46 am", "6시 46분", "오전 6시 46분", "15:46 kst"] {
            assert!(says_time(text, time), "{text}");
        }
        assert!(!says_time("16:46", time));
    }

    #[test]
    fn names_alike_share_the_first_word() {
        let pattern = like("srv-mon-03").unwrap();
        let found: Vec<_> =
            names("srv-mes-02, os-mes-02, srv-a-1.", &pattern).into_iter().map(|(_, name)| name).collect();
        assert_eq!(found, ["srv-mes-02", "srv-a-1"]);
        assert!(like("adservice").is_none());
    }
}
