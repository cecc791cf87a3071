//! From cells to typed values. What JSON gives keeps its type; a column of CSV is numbers when all of it is.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat};
use model::schema::FieldType;
use serde_json::{Number, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::{
    path::At,
    say::{self, Refusal},
    time::Times,
};

/// Longest text of a field, in letters.
const LONGEST_TEXT: usize = 65_536;

/// What the values of a field become.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// As JSON gives them; cells of CSV are text.
    AsGiven,
    Text,
    Number,
    Bool,
    Time(Times),
    List,
}

impl Kind {
    /// The kind a mapping declares; times are read with `times`.
    pub fn declared(r#type: FieldType, times: &Times) -> Self {
        match r#type {
            FieldType::Text => Self::Text,
            FieldType::Number => Self::Number,
            FieldType::Bool => Self::Bool,
            FieldType::Time => Self::Time(times.clone()),
            FieldType::List => Self::List,
        }
    }
}

/// Without blanks around it and composed: Korean from a Mac comes as single letters.
pub(crate) fn tidy(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// A typed value, none where there is none.
pub(crate) fn typed(field: &str, at: &At<'_>, kind: &Kind) -> Result<Option<Value>, Refusal> {
    let value = match (at, kind) {
        (At::Nothing, _) => return Ok(None),
        (At::Broken(text), _) => return Err(say::bad_json(field, text)),
        (At::Json(value), Kind::AsGiven) => Some(value.as_ref().clone()),
        (At::Cell(text), Kind::AsGiven | Kind::Text) => Some(Value::String(text.clone().into_owned())),
        (At::Json(value), Kind::Text) => Some(Value::String(match value.as_ref() {
            Value::String(text) => tidy(text).into_owned(),
            other => other.to_string(),
        })),
        (_, Kind::Number) => Some(number_of(field, at)?),
        (_, Kind::Bool) => Some(bool_of(field, at)?),
        (_, Kind::Time(times)) => Some(time_of(field, at, times)?),
        (_, Kind::List) => list_of(at),
    };
    if let Some(value) = &value {
        check(field, value)?;
    }
    Ok(value)
}

/// The number a metric has; none for what stands for a missing sample.
pub(crate) fn sample(field: &str, at: &At<'_>) -> Result<Option<f64>, Refusal> {
    match at {
        At::Nothing => Ok(None),
        At::Json(value) if value.is_number() => Ok(value.as_f64().filter(|v| v.is_finite())),
        _ => {
            let text = at.text().unwrap_or_default();
            if let Ok(value) = text.parse::<f64>() {
                return Ok(Some(value).filter(|v| v.is_finite()));
            }
            if absent(&text) {
                return Ok(None);
            }
            loose_number(&text).map(Some).ok_or_else(|| say::not_a_number(field, &text))
        }
    }
}

/// Words for a value that is missing.
pub(crate) fn absent(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "-" | "--" | "nan" | "null" | "none" | "n/a" | "na" | "inf" | "-inf" | "+inf" | "없음"
    )
}

/// Whether a text is a number and nothing else: no leading zero, no more digits than a number keeps.
pub(crate) fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole)
        && rest.is_none_or(is_digits)
        && (whole == "0" || !whole.starts_with('0'))
        && whole.len() + rest.map_or(0, str::len) <= 17
        && whole.len() <= 15
}

/// `true` and its usual spellings in both languages.
pub(crate) fn as_bool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" | "예" | "네" | "참" | "사용" => Some(true),
        "false" | "f" | "no" | "n" | "off" | "0" | "아니요" | "아니오" | "거짓" | "미사용" => {
            Some(false)
        }
        _ => None,
    }
}

/// A number as JSON, whole where it is whole.
pub(crate) fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Number(whole.into()));
    }
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
}

/// `1,234.5`, `85 %`, `16 GB`: a number with thousands, or with a unit behind it.
fn loose_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+')))
        .unwrap_or(text.len());
    let (digits, unit) = (text.get(..end)?, text.get(end..)?.trim());
    if unit.chars().count() > 8 || unit.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    if digits.contains(',') {
        let mut groups = digits.split('.').next()?.split(',');
        let first = groups.next()?.trim_start_matches(['-', '+']);
        if first.is_empty() || first.len() > 3 || groups.any(|g| g.len() != 3) {
            return None;
        }
    }
    digits.replace(',', "").parse::<f64>().ok().filter(|v| v.is_finite())
}

fn number_of(field: &str, at: &At<'_>) -> Result<Value, Refusal> {
    if let At::Json(value) = at
        && value.is_number()
    {
        return Ok(value.as_ref().clone());
    }
    let text = at.text().unwrap_or_default();
    number(&text)
        .or_else(|| loose_number(&text).and_then(whole_or_not))
        .ok_or_else(|| say::not_a_number(field, &text))
}

/// A whole number stays one.
fn whole_or_not(value: f64) -> Option<Value> {
    if value.fract() == 0.0 && value.abs() < 9.0e15 {
        return Some(Value::Number((value as i64).into()));
    }
    Number::from_f64(value).map(Value::Number)
}

fn bool_of(field: &str, at: &At<'_>) -> Result<Value, Refusal> {
    if let At::Json(value) = at
        && value.is_boolean()
    {
        return Ok(value.as_ref().clone());
    }
    let text = at.text().unwrap_or_default();
    as_bool(&text).map(Value::Bool).ok_or_else(|| say::not_yes_or_no(field, &text))
}

fn time_of(field: &str, at: &At<'_>, times: &Times) -> Result<Value, Refusal> {
    let text = at.text().unwrap_or_default();
    times
        .read(&text)
        .and_then(DateTime::from_timestamp_micros)
        .map(|time| Value::String(time.to_rfc3339_opts(SecondsFormat::AutoSi, true)))
        .ok_or_else(|| say::not_a_time(field, &text))
}

fn list_of(at: &At<'_>) -> Option<Value> {
    match at {
        At::Json(value) => Some(match value.as_ref() {
            Value::Array(list) => Value::Array(list.clone()),
            Value::String(text) => split(text),
            other => Value::Array(vec![other.clone()]),
        }),
        At::Cell(text) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Array(list)) => Some(Value::Array(list)),
            _ => Some(split(text)),
        },
        At::Nothing | At::Broken(_) => None,
    }
}

fn split(text: &str) -> Value {
    let separator = [';', '|', ','].into_iter().find(|c| text.contains(*c)).unwrap_or(',');
    let parts = text.split(separator).map(tidy).filter(|part| !part.is_empty());
    Value::Array(parts.map(|part| Value::String(part.into_owned())).collect())
}

/// What a database cannot hold: NUL, and texts without measure.
fn check(field: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) if text.contains('\0') => Err(say::nul(field)),
        Value::String(text) if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT => {
            Err(say::too_long(field, text, LONGEST_TEXT))
        }
        Value::Array(list) => list.iter().try_for_each(|value| check(field, value)),
        Value::Object(map) => map.iter().try_for_each(|(key, value)| {
            if key.contains('\0') { Err(say::nul(field)) } else { check(field, value) }
        }),
        _ => Ok(()),
    }
}

/// What the cells of a column have been so far: decides whether they are numbers, times, yes and no, or text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Survey {
    any: bool,
    numbers: bool,
    bools: bool,
    times: bool,
}

impl Survey {
    /// Before the first cell; `textual` for a column whose name says that its digits are no quantity.
    pub fn new(textual: bool) -> Self {
        Self { any: false, numbers: !textual, bools: true, times: true }
    }

    /// One more cell.
    pub fn see(&mut self, text: &str, times: &Times) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.any = true;
        self.numbers = self.numbers && is_plain_number(text);
        self.bools = self.bools && matches!(text.to_ascii_lowercase().as_str(), "true" | "false");
        self.times = self.times && looks_like_a_date(text) && times.read(text).is_some();
    }

    /// Whether nothing but text is left.
    pub fn is_settled(&self) -> bool {
        !(self.numbers || self.bools || self.times)
    }

    /// What the column is.
    pub fn kind(&self, times: &Times) -> Kind {
        match (self.any, self.numbers, self.bools, self.times) {
            (true, true, ..) => Kind::Number,
            (true, _, true, _) => Kind::Bool,
            (true, _, _, true) => Kind::Time(times.clone()),
            _ => Kind::Text,
        }
    }
}

/// A date at the beginning and more than a bare number: `2025-12-01…`, `2026년 1월 …`.
pub(crate) fn looks_like_a_date(text: &str) -> bool {
    let year = text.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()));
    let separator = text.get(4..).and_then(|rest| rest.chars().next());
    year && matches!(separator, Some('-' | '/' | '.' | '년'))
        && text.chars().count() >= 8
        && !is_plain_number(text)
}

/// Whether a name says that its digits are no quantity: versions, codes, numbers of telephones.
pub(crate) fn is_textual_name(name: &str) -> bool {
    const WORDS: [&str; 22] = [
        "version",
        "ver",
        "release",
        "firmware",
        "code",
        "id",
        "uuid",
        "serial",
        "phone",
        "tel",
        "zip",
        "postcode",
        "sku",
        "버전",
        "코드",
        "식별자",
        "일련번호",
        "전화번호",
        "전화",
        "연락처",
        "우편번호",
        "사번",
    ];
    let name = name.to_lowercase();
    let last = name.rsplit(['_', '-', ' ', '.']).next().unwrap_or(&name);
    WORDS.iter().any(|word| last == *word || (!word.is_ascii() && name.ends_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(name: &str, cells: &[&str]) -> String {
        let times = Times::auto();
        let mut survey = Survey::new(is_textual_name(name));
        for text in cells {
            survey.see(text, &times);
        }
        match survey.kind(&times) {
            Kind::Number => "number",
            Kind::Bool => "bool",
            Kind::Time(_) => "time",
            _ => "text",
        }
        .to_owned()
    }

    #[test]
    fn a_column_is_numbers_only_when_all_of_it_is_and_its_name_does_not_say_otherwise() {
        assert_eq!(survey("ports", &["24", "48", ""]), "number");
        assert_eq!(survey("load", &["0.5", "-3", "12.25"]), "number");
        assert_eq!(survey("ports", &["24", "n/a"]), "text");
        assert_eq!(survey("version", &["8.4", "14.0"]), "text");
        assert_eq!(survey("os_version", &["8.4"]), "text");
        assert_eq!(survey("장비코드", &["1001", "1002"]), "text");
        assert_eq!(survey("zone", &["01", "02"]), "text");
        assert_eq!(survey("card", &["1234567890123456789"]), "text");
        assert_eq!(survey("active", &["true", "False"]), "bool");
        assert_eq!(survey("done", &["2025-12-01 00:01:26+00", "2025-12-01"]), "time");
        assert_eq!(survey("empty", &["", " "]), "text");
    }

    #[test]
    fn numbers_with_thousands_or_units_are_read_where_a_number_is_asked_for() {
        assert_eq!(loose_number("1,234.5"), Some(1234.5));
        assert_eq!(loose_number("85 %"), Some(85.0));
        assert_eq!(loose_number("16GB"), Some(16.0));
        assert_eq!(loose_number("12,34"), None);
        assert_eq!(loose_number("fw-12"), None);
        assert_eq!(loose_number("10.0.0.1"), None);
        assert_eq!(loose_number("about 5"), None);
    }

    #[test]
    fn missing_samples_are_left_out_and_other_texts_are_refused() {
        for text in ["NaN", "", "null", "-", "inf"] {
            assert_eq!(sample("v", &At::Cell(text.into())).unwrap(), None, "{text}");
        }
        assert_eq!(sample("v", &At::Cell("1e-3".into())).unwrap(), Some(0.001));
        assert_eq!(sample("v", &At::Cell("high".into())).unwrap_err().reason, "not_a_number");
    }

    #[test]
    fn decomposed_hangul_is_composed() {
        assert_eq!(tidy(" 서버 "), "서버");
    }
}
