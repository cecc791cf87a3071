//! Text as it is compared: compatibility characters unified, letter case folded.

use std::borrow::Cow;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// The form in which texts are compared: NFKC, lower case.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfkc().flat_map(char::to_lowercase).collect()
    }
}

/// Whether a text is the same as an already folded one.
pub(super) fn same(text: &str, folded_other: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(folded_other) } else { folded(text) == folded_other }
}

/// A scalar as the text a person would type; nothing for what is absent, for lists and objects.
pub(crate) fn shown(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A number written as text; words like `inf` are no numbers.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        .then(|| text.parse::<f64>().ok())
        .flatten()
        .filter(|n| n.is_finite())
}
