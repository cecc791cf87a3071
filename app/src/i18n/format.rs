//! Numbers and times as a person reads them. Times are shown in Korean time unless the reader chose UTC; the other zone
//! is shown on hover by `ui::Time`.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc};
use leptos::prelude::*;
use model::Lang;

use super::lang;

/// The time zone times are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zone {
    /// Korean standard time, UTC+9.
    #[default]
    Kst,
    /// Coordinated universal time.
    Utc,
}

impl Zone {
    /// Its short name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Kst => "KST",
            Self::Utc => "UTC",
        }
    }

    /// Its IANA name, as [`model::answer::AskRequest::tz`] takes it.
    pub fn iana(self) -> &'static str {
        match self {
            Self::Kst => "Asia/Seoul",
            Self::Utc => "UTC",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Kst => Self::Utc,
            Self::Utc => Self::Kst,
        }
    }

    /// Its offset in seconds.
    pub fn offset_seconds(self) -> i32 {
        match self {
            Self::Kst => 9 * 3600,
            Self::Utc => 0,
        }
    }

    fn at(self, time: DateTime<Utc>) -> DateTime<FixedOffset> {
        match FixedOffset::east_opt(self.offset_seconds()) {
            Some(offset) => time.with_timezone(&offset),
            None => time.fixed_offset(),
        }
    }
}

static ZONE: LazyLock<ArcRwSignal<Zone>> = LazyLock::new(|| ArcRwSignal::new(Zone::default()));

/// The chosen time zone as a signal.
pub fn use_zone() -> RwSignal<Zone> {
    RwSignal::from(ZONE.clone())
}

/// The chosen time zone, without tracking it.
pub fn zone() -> Zone {
    ZONE.get_untracked()
}

/// The clock of the browser.
pub fn now() -> DateTime<Utc> {
    #[cfg(target_arch = "wasm32")]
    {
        DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        Utc::now()
    }
}

/// A whole number with thousands set apart: `12,480`.
pub fn number(value: impl TryInto<i128>) -> String {
    let value = value.try_into().unwrap_or(i128::MAX);
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A number with as many digits as carry meaning, at most `digits` after the point: `2,310`, `0.042`, `82.4`.
pub fn decimal(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.*}", digits, value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut out = number(whole.parse::<i128>().unwrap_or(0));
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    if value < 0.0 && out.chars().any(|c| matches!(c, '1'..='9')) { format!("-{out}") } else { out }
}

/// A number shortened for a narrow place: `1.2만`, `12k`.
pub fn compact(value: f64) -> String {
    let steps: &[(f64, &str)] = match lang() {
        Lang::Ko => &[(1e8, "억"), (1e4, "만")],
        Lang::En => &[(1e9, "B"), (1e6, "M"), (1e4, "k")],
    };
    for (step, name) in steps {
        if value.abs() >= *step {
            let step = if *name == "k" { 1e3 } else { *step };
            return format!("{}{name}", decimal(value / step, 1));
        }
    }
    decimal(value, 2)
}

/// A share of one as a percentage: `82 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", decimal(share * 100.0, 1))
}

/// A size: `512 B`, `1.4 MB`.
pub fn bytes(value: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut size = value as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < units.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{} {}", decimal(size, usize::from(unit > 0)), units[unit])
}

/// A length of time given in milliseconds: `42 ms`, `1.1초`, `3분 20초`, `2일 4시간`.
pub fn duration_ms(ms: f64) -> String {
    let ko = lang() == Lang::Ko;
    if ms < 1.0 {
        return format!("{} ms", decimal(ms, 2));
    }
    if ms < 1000.0 {
        return format!("{} ms", decimal(ms, 0));
    }
    if ms < 60_000.0 {
        return format!("{}{}", decimal(ms / 1000.0, 1), if ko { "초" } else { " s" });
    }
    let seconds = (ms / 1000.0) as u64;
    let (days, hours, minutes, rest) =
        (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let parts = [(days, "일", "d"), (hours, "시간", "h"), (minutes, "분", "min"), (rest, "초", "s")];
    let first = parts.iter().position(|(n, ..)| *n > 0).unwrap_or(3);
    parts[first..]
        .iter()
        .take(2)
        .filter(|(n, ..)| *n > 0)
        .map(|(n, k, e)| if ko { format!("{n}{k}") } else { format!("{n} {e}") })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Hours and minutes in the chosen zone: `14:02`.
pub fn time(at: DateTime<Utc>) -> String {
    zone().at(at).format("%H:%M").to_string()
}

/// Time with seconds: `14:02:31`.
pub fn time_ms(at: DateTime<Utc>) -> String {
    zone().at(at).format("%H:%M:%S").to_string()
}

/// Date and time of milliseconds since 1970, as charts and answers carry them: `2026-11-24 14:02`.
pub fn time_of_ms(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).map_or_else(|| "–".to_owned(), date_time)
}

/// The day a time falls on in the chosen zone.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    zone().at(at).date_naive()
}

/// A day without the year: `11월 24일`, `24 Nov`.
pub fn day(at: DateTime<Utc>) -> String {
    let at = zone().at(at);
    match lang() {
        Lang::Ko => format!("{}월 {}일", at.month(), at.day()),
        Lang::En => at.format("%-d %b").to_string(),
    }
}

/// A date: `2026-11-24`.
pub fn date(at: DateTime<Utc>) -> String {
    zone().at(at).format("%Y-%m-%d").to_string()
}

/// Date and time in the chosen zone: `2026-11-24 14:02`.
pub fn date_time(at: DateTime<Utc>) -> String {
    zone().at(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Date and time with seconds and the zone's name: what stands behind a short time.
pub fn absolute_in(zone: Zone, at: DateTime<Utc>) -> String {
    format!("{} {}", zone.at(at).format("%Y-%m-%d %H:%M:%S"), zone.label())
}

/// How long ago: `방금`, `12분 전`, `14:02` today, `어제 18:20`, `11월 18일`, then the date.
pub fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let ko = lang() == Lang::Ko;
    let seconds = (now - at).num_seconds();
    let (then, today) = (zone().at(at), zone().at(now));
    let days = (today.date_naive() - then.date_naive()).num_days();
    let clock = format!("{:02}:{:02}", then.hour(), then.minute());
    match (seconds, days) {
        (-5..60, _) => if ko { "방금" } else { "just now" }.to_owned(),
        (60..3600, _) => {
            let n = seconds / 60;
            if ko { format!("{n}분 전") } else { format!("{n} min ago") }
        }
        (_, 0) => clock,
        (_, 1) => {
            if ko {
                format!("어제 {clock}")
            } else {
                format!("yesterday {clock}")
            }
        }
        _ if then.year() == today.year() => day(at),
        _ => date(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_set_apart() {
        assert_eq!(number(0u8), "0");
        assert_eq!(number(999u64), "999");
        assert_eq!(number(-1_284_000i64), "-1,284,000");
        assert_eq!(decimal(2310.0, 1), "2,310");
        assert_eq!(decimal(-0.04, 1), "0");
        assert_eq!(decimal(f64::NAN, 1), "–");
    }

    #[test]
    fn lengths_of_time_show_two_units() {
        assert_eq!(duration_ms(42.4), "42 ms");
        assert_eq!(duration_ms(1100.0), "1.1초");
        assert_eq!(duration_ms(200_000.0), "3분 20초");
        assert_eq!(duration_ms(187_200_000.0), "2일 4시간");
    }

    #[test]
    fn times_near_now_are_told_from_now() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(relative(now, now), "방금");
        assert_eq!(relative(now - chrono::Duration::minutes(12), now), "12분 전");
    }
}
