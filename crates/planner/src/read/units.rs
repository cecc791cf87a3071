//! Units of numbers, and numbers as values of a field.

use model::{
    Op,
    schema::{FieldDef, FieldRole, FieldType},
};
use serde_json::{Value, json};

pub(super) fn typed(def: Option<&FieldDef>, value: f64, unit: &str, words: &str) -> Value {
    let text = def.is_some_and(|d| matches!(d.r#type, FieldType::Text | FieldType::List));
    if text {
        let said = words.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
        let known = def.and_then(|d| {
            d.values.iter().find(|v| v.eq_ignore_ascii_case(said) || v.parse::<f64>() == Ok(value))
        });
        return json!(known.map_or(said, String::as_str));
    }
    let value = match (def.map(|d| d.unit.as_str()), normal_unit(unit)) {
        (Some("min"), Some("h")) => value * 60.0,
        (Some("GB" | "GiB"), Some("tb")) => value * 1024.0,
        (Some("TB" | "TiB"), Some("gb")) => value / 1024.0,
        (Some("h"), Some("min")) => value / 60.0,
        (None | Some(""), Some("h")) if def.is_some_and(|d| d.role == Some(FieldRole::Duration)) => {
            value * 60.0
        }
        _ => value,
    };
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

/// The values of a text that have a number in them (`fw-472`), as far as their number fits an order.
pub(super) fn ordered_texts(def: Option<&FieldDef>, op: Op, limit: f64) -> Option<Vec<String>> {
    let def = def.filter(|d| d.r#type == FieldType::Text && !d.values.is_empty())?;
    if def.distinct > def.values.len() as u64 {
        return None;
    }
    let number = |v: &String| {
        let from = v.find(|c: char| c.is_ascii_digit())?;
        crate::text::leading_number(&v[from..]).map(|(n, _)| n)
    };
    let fits = |n: f64| match op {
        Op::Lt => n < limit,
        Op::Le => n <= limit,
        Op::Gt => n > limit,
        Op::Ge => n >= limit,
        _ => false,
    };
    // What is written as a number only is compared as such.
    let worded = def.values.iter().any(|v| v.starts_with(char::is_alphabetic));
    if !worded
        || !matches!(op, Op::Lt | Op::Le | Op::Gt | Op::Ge)
        || def.values.iter().any(|v| number(v).is_none())
    {
        return None;
    }
    Some(def.values.iter().filter(|v| number(v).is_some_and(fits)).cloned().collect())
}

pub fn is_unit(word: &str) -> bool {
    normal_unit(word).is_some()
        || matches!(
            word,
            "개" | "대" | "건" | "번" | "회" | "명" | "급" | "레벨" | "초" | "ms" | "s" | "seconds"
        )
}

pub(super) fn unit_is_certain(unit: &str) -> bool {
    matches!(normal_unit(unit), Some("gb" | "tb" | "mb" | "core"))
}

pub(super) fn normal_unit(unit: &str) -> Option<&'static str> {
    Some(match unit.to_lowercase().as_str() {
        "gb" | "g" | "gib" | "기가" | "기가바이트" | "gig" | "gigs" | "gigabytes" | "gigabyte" => "gb",
        "tb" | "tib" | "테라" | "테라바이트" | "terabytes" | "terabyte" => "tb",
        "mb" | "mib" | "메가" | "메가바이트" => "mb",
        "min" | "mins" | "minute" | "minutes" | "분" => "min",
        "h" | "hour" | "hours" | "hr" | "hrs" | "시간" => "h",
        "core" | "cores" | "코어" => "core",
        _ => return None,
    })
}
