//! Times as files write them: RFC 3339 and its spellings, Go's, Korean, numbers since 1970, or a pattern.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use model::{Localized, imports::TimeRef};

/// Reads the times of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    format: Format,
    tz: Tz,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Format {
    Auto,
    EpochSeconds,
    EpochMillis,
    Pattern(String),
}

const SECOND: i64 = 1_000_000;
/// 1900 to 2300: what lies outside is a misread number.
const SENSIBLE: std::ops::Range<i64> = -2_208_988_800 * SECOND..10_413_792_000 * SECOND;

impl Times {
    /// Every spelling that can be told apart, in UTC where none is named.
    pub fn auto() -> Self {
        Self { format: Format::Auto, tz: Tz::UTC }
    }

    /// What a mapping says; `tz` is the zone of the mapping.
    pub fn new(at: &TimeRef, tz: &str) -> Result<Self, Localized> {
        let name = if at.tz.is_empty() { tz } else { &at.tz };
        let tz = if name.is_empty() { Tz::UTC } else { zone(name)? };
        let format = match at.format.as_str() {
            "" | "auto" => Format::Auto,
            "epoch_s" => Format::EpochSeconds,
            "epoch_ms" => Format::EpochMillis,
            pattern if is_pattern(pattern) => Format::Pattern(pattern.to_owned()),
            other => {
                return Err(Localized::new(
                    format!(
                        "'{other}' 시각 형식을 알 수 없습니다. auto, epoch_s, epoch_ms 또는 %Y-%m-%d %H:%M:%S 같은 형식을 쓰세요"
                    ),
                    format!(
                        "unknown time format '{other}'; use auto, epoch_s, epoch_ms or a pattern as %Y-%m-%d %H:%M:%S"
                    ),
                ));
            }
        };
        Ok(Self { format, tz })
    }

    /// Microseconds since 1970.
    pub fn read(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        let micros = match &self.format {
            Format::Auto => self.auto_read(text),
            Format::EpochSeconds => epoch(text, SECOND),
            Format::EpochMillis => epoch(text, 1_000),
            Format::Pattern(pattern) => self.by_pattern(text, pattern),
        }?;
        SENSIBLE.contains(&micros).then_some(micros)
    }

    fn auto_read(&self, text: &str) -> Option<i64> {
        if let Some(found) = self.iso(text) {
            return Some(found);
        }
        if text.contains('년') {
            return self.korean(text);
        }
        if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return self.digits(text);
        }
        self.dotted(text).or_else(|| DateTime::parse_from_rfc2822(text).ok().map(|t| t.timestamp_micros()))
    }

    /// `2025-12-01T00:01:26.5+00:00` and everything like it: `/` or `.` in the date, a blank for the T, no seconds, no zone,
    /// Go's ` +0000 UTC m=+0.1`.
    fn iso(&self, text: &str) -> Option<i64> {
        let b = text.as_bytes();
        let year = number(b.get(..4)?)?;
        let separator = *b.get(4)?;
        if !matches!(separator, b'-' | b'/' | b'.') {
            return None;
        }
        let (month, used) = small(b.get(5..)?)?;
        let at = 5 + used;
        if *b.get(at)? != separator {
            return None;
        }
        let (day, used) = small(b.get(at + 1..)?)?;
        let mut at = at + 1 + used;
        let date = days(year, month, day)?;
        if at == b.len() {
            return self.resolve(date, 0, 0);
        }
        if !matches!(b.get(at), Some(b'T' | b't' | b' ')) {
            return None;
        }
        at += 1;
        let (seconds, micros, used) = clock(b.get(at..)?)?;
        let rest = text.get(at + used..)?.trim_start();
        self.with_zone(date, seconds, micros, rest)
    }

    fn with_zone(&self, date: i64, seconds: i64, micros: i64, rest: &str) -> Option<i64> {
        let rest = rest.split_once(" m=").map_or(rest, |(before, _)| before);
        let rest = rest.split_once('[').map_or(rest, |(before, _)| before).trim();
        if rest.is_empty() {
            return self.resolve(date, seconds, micros);
        }
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        let offset = offset(first)?;
        // Go repeats the zone by name behind the offset
        if !second.is_empty()
            && !second.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'+' | b'-' | b'0'..=b'9'))
        {
            return None;
        }
        Some((date * 86_400 + seconds - offset) * SECOND + micros)
    }

    /// A wall clock in the zone of the column. A time that a change of clocks skips is moved behind it; one that comes twice is the first.
    fn resolve(&self, date: i64, seconds: i64, micros: i64) -> Option<i64> {
        let naive = date * 86_400 + seconds;
        if self.tz == Tz::UTC {
            return Some(naive * SECOND + micros);
        }
        let wall = DateTime::from_timestamp(naive, 0)?.naive_utc();
        let offset = match self.tz.offset_from_local_datetime(&wall).earliest() {
            Some(offset) => offset.fix().local_minus_utc(),
            None => {
                let before = wall.checked_sub_signed(chrono::Duration::hours(3))?;
                self.tz.offset_from_local_datetime(&before).earliest()?.fix().local_minus_utc()
            }
        };
        Some((naive - i64::from(offset)) * SECOND + micros)
    }

    /// `2026년 11월 24일 오후 2시 5분 3초`, `2026년 11월 24일 14:05`.
    fn korean(&self, text: &str) -> Option<i64> {
        let (year, rest) = text.split_once('년')?;
        let (month, rest) = rest.split_once('월')?;
        let (day, rest) = rest.split_once('일')?;
        let date = days(whole(year)?, whole(month)?, whole(day)?)?;
        // a day of the week in brackets
        let rest = rest.trim();
        let rest = rest.strip_prefix('(').and_then(|r| r.split_once(')')).map_or(rest, |(_, r)| r.trim());
        let (half, rest) = half_of_day(rest);
        if rest.is_empty() {
            return if half.is_none() { self.resolve(date, 0, 0) } else { None };
        }
        let Some((hour, rest)) = rest.split_once('시') else {
            let (seconds, micros, used) = clock(rest.as_bytes())?;
            let zone = rest.get(used..)?.trim();
            return self.with_zone(date, in_half(seconds, half)?, micros, zone);
        };
        let hour = whole(hour)?;
        let (minute, rest) = rest.split_once('분').map_or((Some(0), rest), |(m, rest)| (whole(m), rest));
        let (second, rest) = rest.split_once('초').map_or((Some(0), rest), |(s, rest)| (whole(s), rest));
        let (minute, second) = (minute?, second?);
        if hour > 24 || minute > 59 || second > 59 {
            return None;
        }
        self.with_zone(date, in_half(hour * 3_600 + minute * 60 + second, half)?, 0, rest.trim())
    }

    /// `2026. 11. 24. 오후 2:05:00`, as Korean Windows writes it.
    fn dotted(&self, text: &str) -> Option<i64> {
        let mut parts = text.splitn(4, ['.', '-', '/']);
        let (year, month, day) = (whole(parts.next()?)?, whole(parts.next()?)?, parts.next()?.trim());
        let tail = parts.next().unwrap_or_default();
        let (day, rest) = match day.split_once(' ') {
            Some((day, rest)) => (day, rest.trim()),
            None => (day, tail.trim()),
        };
        let date = days(year, month, whole(day)?)?;
        let (half, rest) = half_of_day(rest);
        if rest.is_empty() {
            return if half.is_none() { self.resolve(date, 0, 0) } else { None };
        }
        let (seconds, micros, used) = clock(rest.as_bytes())?;
        let (late, zone) = half_of_day(rest.get(used..)?.trim());
        self.with_zone(date, in_half(seconds, half.or(late))?, micros, zone)
    }

    /// `20261124`, `20261124140500`, or a number since 1970 whose size tells its unit.
    fn digits(&self, text: &str) -> Option<i64> {
        let b = text.as_bytes();
        let dated = |b: &[u8]| -> Option<i64> {
            days(number(b.get(..4)?)?, number(b.get(4..6)?)?, number(b.get(6..8)?)?)
        };
        match b.len() {
            _ if b.contains(&b'.') => {
                let whole = text.split('.').next()?.len();
                if (9..=10).contains(&whole) { epoch(text, SECOND) } else { None }
            }
            8 => self.resolve(dated(b)?, 0, 0),
            9 | 10 => epoch(text, SECOND),
            12 | 14 => {
                let (hour, minute) = (number(b.get(8..10)?)?, number(b.get(10..12)?)?);
                let second = if b.len() == 14 { number(b.get(12..14)?)? } else { 0 };
                if hour > 23 || minute > 59 || second > 59 {
                    return None;
                }
                self.resolve(dated(b)?, hour * 3_600 + minute * 60 + second, 0)
            }
            13 => epoch(text, 1_000),
            16 => epoch(text, 1),
            19 => text.parse::<i64>().ok().map(|nanos| nanos / 1_000),
            _ => None,
        }
    }

    fn by_pattern(&self, text: &str, pattern: &str) -> Option<i64> {
        if let Ok(time) = DateTime::parse_from_str(text, pattern) {
            return Some(time.timestamp_micros());
        }
        let wall = NaiveDateTime::parse_from_str(text, pattern).ok().or_else(|| {
            NaiveDate::parse_from_str(text, pattern).ok().map(|date| date.and_time(NaiveTime::MIN))
        })?;
        let (seconds, micros) =
            (wall.and_utc().timestamp(), i64::from(wall.and_utc().timestamp_subsec_micros()));
        self.resolve(0, seconds, micros)
    }
}

fn zone(name: &str) -> Result<Tz, Localized> {
    let name = if name.eq_ignore_ascii_case("KST") { "Asia/Seoul" } else { name };
    name.parse::<Tz>().map_err(|_| {
        Localized::new(
            format!("'{name}' 시간대가 없습니다. Asia/Seoul, UTC 같은 IANA 이름을 쓰세요"),
            format!("there is no time zone '{name}'; use an IANA name as Asia/Seoul or UTC"),
        )
    })
}

fn is_pattern(pattern: &str) -> bool {
    pattern.contains('%')
        && chrono::format::StrftimeItems::new(pattern)
            .all(|item| !matches!(item, chrono::format::Item::Error))
}

fn epoch(text: &str, unit: i64) -> Option<i64> {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.checked_mul(unit);
    }
    let value = text.parse::<f64>().ok()? * unit as f64;
    // beyond 2^53 a float no longer counts single microseconds, but no time of ours lies there
    (value.is_finite() && value.abs() < 9.0e15).then(|| value.round() as i64)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
}

/// One or two digits and how many there were.
fn small(b: &[u8]) -> Option<(i64, usize)> {
    let used = if b.get(1).is_some_and(u8::is_ascii_digit) { 2 } else { 1 };
    Some((number(b.get(..used)?)?, used))
}

fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() || text.len() > 4 { None } else { number(text.as_bytes()) }
}

/// Days since 1970 of a date that exists.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=last).contains(&day) || !(1..=9_999).contains(&year) {
        return None;
    }
    // years begin in March, so that the leap day is the last (proleptic Gregorian calendar)
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = y.div_euclid(400);
    let of_era = y - era * 400;
    let of_year = (153 * m + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// `HH:MM[:SS[.fraction]]`: seconds of the day, microseconds, bytes used.
fn clock(b: &[u8]) -> Option<(i64, i64, usize)> {
    let (hour, used) = small(b)?;
    let mut at = used;
    if b.get(at) != Some(&b':') {
        return None;
    }
    let minute = number(b.get(at + 1..at + 3)?)?;
    at += 3;
    let (mut second, mut micros) = (0, 0);
    if b.get(at) == Some(&b':') {
        second = number(b.get(at + 1..at + 3)?)?;
        at += 3;
        if matches!(b.get(at), Some(b'.' | b',')) {
            let digits = b.get(at + 1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
            for place in 0..6 {
                let digit =
                    b.get(at + 1 + place).filter(|_| place < digits).map_or(0, |b| i64::from(b - b'0'));
                micros = micros * 10 + digit;
            }
            at += 1 + digits;
        }
    }
    let end_of_day = hour == 24 && minute == 0 && second == 0;
    if (hour > 23 && !end_of_day) || minute > 59 || second > 60 {
        return None;
    }
    Some((hour * 3_600 + minute * 60 + second.min(59), micros, at))
}

/// Seconds east of UTC: `Z`, `+09`, `+0900`, `+09:00`, or a name that is the same everywhere.
fn offset(text: &str) -> Option<i64> {
    match text {
        "Z" | "z" | "UTC" | "GMT" => return Some(0),
        "KST" => return Some(9 * 3_600),
        _ => {}
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    let b = digits.as_bytes();
    let (hours, minutes) = match b.len() {
        1 | 2 => (number(b)?, 0),
        4 => (number(b.get(..2)?)?, number(b.get(2..)?)?),
        _ => return None,
    };
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

fn half_of_day(text: &str) -> (Option<Half>, &str) {
    for (word, half) in
        [("오전", Half::Morning), ("오후", Half::Afternoon), ("AM", Half::Morning), ("PM", Half::Afternoon)]
    {
        if let Some(rest) = text.strip_prefix(word) {
            return (Some(half), rest.trim_start());
        }
    }
    (None, text)
}

fn in_half(seconds: i64, half: Option<Half>) -> Option<i64> {
    let noon = 12 * 3_600;
    match half {
        None => Some(seconds),
        Some(_) if seconds >= 13 * 3_600 => None,
        Some(Half::Morning) => Some(if seconds >= noon { seconds - noon } else { seconds }),
        Some(Half::Afternoon) => Some(if seconds >= noon { seconds } else { seconds + noon }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        in_zone(text, "", "")
    }

    fn in_zone(text: &str, format: &str, tz: &str) -> Option<String> {
        let at = TimeRef { column: "t".into(), format: format.into(), tz: tz.into() };
        let micros = Times::new(&at, "").unwrap().read(text)?;
        Some(DateTime::from_timestamp_micros(micros)?.format("%Y-%m-%d %H:%M:%S%.f").to_string())
    }

    #[test]
    fn spellings_of_rfc_3339_are_read() {
        for text in [
            "2025-12-01T00:01:26Z",
            "2025-12-01 00:01:26+00",
            "2025-12-01 09:01:26+09:00",
            "2025-12-01T09:01:26+0900",
            "2025-12-01 00:01:26",
            "2025/12/01 00:01:26",
            "2025.12.01 00:01:26",
            "2025-12-1 0:01:26",
            "2025-12-01 09:01:26 KST",
            "2025-12-01T09:01:26+09:00[Asia/Seoul]",
            "2025-12-01 00:01:26 +0000 UTC",
            "20251201000126",
            "1764547286",
            "1764547286000",
            "1764547286000000",
            "1764547286000000000",
            "2025년 12월 1일 0시 1분 26초",
            "2025년 12월 1일 오전 12시 1분 26초",
            "2025. 12. 1. 오전 12:01:26",
            "Mon, 01 Dec 2025 00:01:26 +0000",
        ] {
            assert_eq!(utc(text).as_deref(), Some("2025-12-01 00:01:26"), "{text}");
        }
    }

    #[test]
    fn the_time_of_go_is_read_with_its_fraction() {
        let text = "2022-08-22 03:51:19.607158889 +0000 UTC m=+0.113112869";
        assert_eq!(utc(text).as_deref(), Some("2022-08-22 03:51:19.607158"));
    }

    #[test]
    fn korean_times_are_read() {
        assert_eq!(utc("2026년 11월 24일 14시 5분").as_deref(), Some("2026-11-24 14:05:00"));
        assert_eq!(utc("2026년 11월 24일 (화) 오후 2:05").as_deref(), Some("2026-11-24 14:05:00"));
        assert_eq!(utc("2026년11월24일").as_deref(), Some("2026-11-24 00:00:00"));
        assert_eq!(
            in_zone("2026년 11월 24일 14시 5분", "", "Asia/Seoul").as_deref(),
            Some("2026-11-24 05:05:00")
        );
        assert_eq!(utc("2026. 11. 24. 오후 2:05:00").as_deref(), Some("2026-11-24 14:05:00"));
        assert_eq!(utc("2026-11-24 2:05"), Some("2026-11-24 02:05:00".to_owned()));
    }

    #[test]
    fn a_wall_clock_is_read_in_the_zone_of_the_mapping() {
        assert_eq!(in_zone("2025-12-01 09:00", "", "Asia/Seoul").as_deref(), Some("2025-12-01 00:00:00"));
        assert_eq!(in_zone("2025-12-01", "", "KST").as_deref(), Some("2025-11-30 15:00:00"));
        // the hour a change of clocks skips, and the one that comes twice
        assert_eq!(in_zone("2025-03-30 02:30", "", "Europe/Berlin").as_deref(), Some("2025-03-30 01:30:00"));
        assert_eq!(in_zone("2025-10-26 02:30", "", "Europe/Berlin").as_deref(), Some("2025-10-26 00:30:00"));
    }

    #[test]
    fn patterns_and_epochs_are_read_when_asked_for() {
        assert_eq!(in_zone("24/11/2026 14:05", "%d/%m/%Y %H:%M", "").as_deref(), Some("2026-11-24 14:05:00"));
        assert_eq!(in_zone("24.11.2026", "%d.%m.%Y", "").as_deref(), Some("2026-11-24 00:00:00"));
        assert_eq!(in_zone("5", "epoch_s", "").as_deref(), Some("1970-01-01 00:00:05"));
        assert_eq!(in_zone("1661140279.5", "epoch_s", "").as_deref(), Some("2022-08-22 03:51:19.500"));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "soon",
            "2025-13-01",
            "2025-02-29",
            "2025-12-01 25:00",
            "12",
            "33.33.33.76",
            "8.4",
            "2025-12-01 00:00 noon",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
        let at = TimeRef { column: "t".into(), format: "dd.mm".into(), tz: String::new() };
        assert!(Times::new(&at, "").unwrap_err().ko.contains("형식"));
        let at = TimeRef { column: "t".into(), format: String::new(), tz: "Mars".into() };
        assert!(Times::new(&at, "").is_err());
    }

    proptest::proptest! {
        #[test]
        fn whatever_chrono_writes_is_read_back(seconds in 0_i64..4_000_000_000, micros in 0_i64..1_000_000) {
            let time = DateTime::from_timestamp_micros(seconds * 1_000_000 + micros).unwrap();
            let read = Times::auto().read(&time.to_rfc3339());
            proptest::prop_assert_eq!(read, Some(time.timestamp_micros()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = Times::auto().read(&text);
        }
    }
}
