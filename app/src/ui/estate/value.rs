//! A value of any field as a person reads it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::schema::{FieldDef, FieldRole, FieldType};
use serde_json::Value;

use super::tone::{severity, status_tone};
use crate::{
    i18n::{self, t},
    ui::{Crit, StatusDot, Time, Tone, chart::number, facts::TimeForm},
};

/// A value as plain text, without unit.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => t().common.yes().to_owned(),
        Value::Bool(false) => t().common.no().to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Array(values) => values.iter().map(value_text).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.to_string(),
    }
}

/// A moment written as text, where it is one.
pub fn moment_of(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|t| t.with_timezone(&Utc))
}

/// Criticality as five bars: the place of a number in the range of the field.
pub fn bars(value: &Value) -> Option<u32> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 5")]
    (0.0..=5.0).contains(&number).then(|| number.round() as u32)
}

/// A value by the type and the meaning of its field.
#[component]
pub fn FieldValue(
    /// The field.
    field: FieldDef,
    /// The value.
    value: Value,
    /// In a row of a table: short, one line.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    if value.is_null() {
        return view! { <span class="faint">"–"</span> }.into_any();
    }
    match (field.role, field.r#type) {
        (Some(FieldRole::Status), _) => {
            let word = value_text(&value);
            let tone = status_tone(&word);
            if tone == Tone::Neutral {
                view! { <span class="cut">{word}</span> }.into_any()
            } else {
                view! { <StatusDot tone=tone label=word/> }.into_any()
            }
        }
        (Some(FieldRole::Severity), _) => {
            let s = severity(&field, &value);
            view! { <StatusDot tone=s.tone label=s.word/> }.into_any()
        }
        (Some(FieldRole::Outcome), _) => {
            let word = value_text(&value);
            let tone = status_tone(&word);
            if tone == Tone::Neutral { word.into_any() } else { view! { <StatusDot tone=tone label=word/> }.into_any() }
        }
        (Some(FieldRole::Criticality), _) if bars(&value).is_some() => view! { <Crit level=bars(&value).unwrap_or(0)/> }.into_any(),
        (_, FieldType::Time) => match moment_of(&value) {
            Some(at) => view! { <Time at=at form=if short { TimeForm::Relative } else { TimeForm::Full }/> }.into_any(),
            None => value_text(&value).into_any(),
        },
        (_, FieldType::Number) => {
            let text = value.as_f64().map_or_else(|| value_text(&value), plain_number);
            let unit = (!short && !field.unit.is_empty()).then(|| view! { <span class="faint">" " {field.unit.clone()}</span> });
            view! { <span class="nowrap">{text}{unit}</span> }.into_any()
        }
        (_, FieldType::List) if !short => match value {
            Value::Array(values) => {
                view! { <span class="row wrap-row">{values.iter().map(|v| view! { <span class="badge line">{value_text(v)}</span> }).collect_view()}</span> }
                    .into_any()
            }
            other => value_text(&other).into_any(),
        },
        (Some(FieldRole::Address), _) => view! { <code>{value_text(&value)}</code> }.into_any(),
        _ => {
            let text = value_text(&value);
            view! { <span class=if short { "cut" } else { "" } title=short.then(|| text.clone())>{text.clone()}</span> }.into_any()
        }
    }
}

/// A whole number keeps its digits, years and ports without thousands being set apart below 10 000.
fn plain_number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 10_000.0 {
        i18n::decimal(value, 0).replace(',', "")
    } else {
        number(value)
    }
}
