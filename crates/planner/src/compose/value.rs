//! Numbers, times and stored values in writing. Rounding never changes what a number says: whole numbers stay as they
//! are, others keep at least four significant digits.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use model::Lang;
use serde_json::Value;

use super::korean;

/// A number with thousands separators: `1,140`, `1.5842`, `88.51`.
pub fn number(value: f64, unit: &str, decimals: Option<u8>) -> String {
    grouped(&plain_number(value, unit, decimals))
}

/// The same without separators: for numbers that name rather than count (ports, years).
pub fn plain_number(value: f64, unit: &str, decimals: Option<u8>) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    if let Some(decimals) = decimals {
        return unsigned_zero(format!("{value:.*}", usize::from(decimals.min(10))));
    }
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return unsigned_zero(format!("{value:.0}"));
    }
    let size = value.abs();
    let places = match size {
        _ if size >= 10.0 => 2,
        _ if size >= 1.0 && unit == "%" => 2,
        _ if size >= 1.0 => 4,
        _ if size >= 0.1 => 4,
        // Four significant digits: as many zeros as there are after the point come on top.
        _ => (4 - size.log10().ceil() as i32).clamp(4, 12) as usize,
    };
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    unsigned_zero(text.to_owned())
}

fn unsigned_zero(text: String) -> String {
    if text.starts_with('-') && text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A number with its unit as the language writes it: `128GB`, `128 GB`, `142.76분`, `76.79%`.
pub fn quantity(value: f64, unit: &str, decimals: Option<u8>, lang: Lang) -> String {
    let number = number(value, unit, decimals);
    format!("{number}{}", unit_after(unit, lang))
}

/// What a number of one unit is multiplied by to be one of another; none where they are the same or have nothing in common.
pub fn factor(from: &str, to: &str) -> Option<f64> {
    let size = |unit: &str| {
        Some(match unit {
            "ms" => ('t', 0.001),
            "s" => ('t', 1.0),
            "min" => ('t', 60.0),
            "h" => ('t', 3600.0),
            "MB" | "MiB" | "Mi" => ('b', 1.0),
            "GB" | "GiB" => ('b', 1024.0),
            "TB" | "TiB" => ('b', 1024.0 * 1024.0),
            _ => return None,
        })
    };
    let ((a, one), (b, other)) = (size(from)?, size(to)?);
    (a == b && one != other).then(|| one / other)
}

/// A unit as it stands after a number, with the space before it where one belongs.
pub fn unit_after(unit: &str, lang: Lang) -> String {
    match (unit, lang) {
        ("" | "count" | "1", _) => String::new(),
        ("%" | "%p", _) => unit.to_owned(),
        (_, Lang::Ko) => korean::unit(unit).to_owned(),
        (_, Lang::En) => format!(" {unit}"),
    }
}

/// A moment: `2025-12-20 09:14:21 UTC`.
pub fn time(at: DateTime<Utc>, tz: Tz) -> String {
    if tz == Tz::UTC {
        at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
    } else {
        at.with_timezone(&tz).format("%Y-%m-%d %H:%M:%S %Z").to_string()
    }
}

/// Reads a stored moment.
pub fn as_time(value: &Value) -> Option<DateTime<Utc>> {
    let text = value.as_str()?;
    // Shorter texts are dates or codes; what follows is what RFC 3339 needs at least.
    if text.len() < 20 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc))
}

/// The start of a time bucket (`day`, `hour`, …) as a person writes it; other columns give `None`.
pub fn bucket(column: &str, value: &Value, tz: Tz) -> Option<String> {
    let at = as_time(value)?.with_timezone(&tz);
    let zone = at.format("%Z").to_string();
    match column {
        "day" | "date" | "week" => Some(at.format("%Y-%m-%d").to_string()),
        "month" => Some(at.format("%Y-%m").to_string()),
        "hour" | "minute" => Some(format!("{} {zone}", at.format("%Y-%m-%d %H:%M"))),
        _ => None,
    }
}

/// The start of a bucket in milliseconds since 1970, for the axis of a chart.
pub fn bucket_ms(value: &Value) -> Option<f64> {
    if let Some(at) = as_time(value) {
        return Some(at.timestamp_millis() as f64);
    }
    let text = value.as_str()?;
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_keep_what_they_say() {
        assert_eq!(number(1140.0, "", None), "1,140");
        assert_eq!(number(1.58423, "s", None), "1.5842");
        assert_eq!(number(76.7908, "%", None), "76.79");
        assert_eq!(number(88.5147, "%", None), "88.51");
        assert_eq!(number(201.8516, "Mi", None), "201.85");
        assert_eq!(number(0.001_234_56, "s", None), "0.001235");
        assert_eq!(number(19.3732, "%", Some(1)), "19.4");
        assert_eq!(number(-0.0, "", None), "0");
        assert_eq!(number(-1_234_567.0, "", None), "-1,234,567");
        assert_eq!(number(100.0, "%", None), "100");
        assert_eq!(number(f64::NAN, "", None), "-");
    }

    #[test]
    fn units_are_written_as_the_language_does() {
        assert_eq!(quantity(142.76, "min", None, Lang::Ko), "142.76분");
        assert_eq!(quantity(128.0, "GB", None, Lang::En), "128 GB");
        assert_eq!(quantity(5.0, "%", None, Lang::En), "5%");
    }

    proptest! {
        #[test]
        fn rounding_stays_within_half_a_percent(value in -1e12f64..1e12) {
            let shown = number(value, "", None).replace(',', "");
            let back: f64 = shown.parse().unwrap();
            prop_assert!((back - value).abs() <= value.abs() * 0.005 + 1e-12);
        }

        #[test]
        fn any_number_can_be_written(bits in any::<u64>(), decimals in proptest::option::of(any::<u8>())) {
            let _ = number(f64::from_bits(bits), "s", decimals);
        }
    }
}
