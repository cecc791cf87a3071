//! Conditions as chips, and the form that makes one: any field, any comparison that fits its type.

use std::collections::HashMap;

use leptos::prelude::*;
use model::{
    Condition, Op,
    schema::{FieldDef, FieldType},
};
use serde_json::Value;

use super::{book::label_of, filter_value::ValueInput, range, text::tx, value::value_text};
use crate::ui::{Button, Chip, FilterChip, Kind, Popover, Select, form::Choice, ic};

/// A field conditions may be made on.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterField {
    /// It.
    pub def: FieldDef,
    /// Its name.
    pub label: String,
    /// Names of values that are keys.
    pub names: HashMap<String, String>,
}

impl FilterField {
    /// A field of the catalogue.
    pub fn of(def: &FieldDef) -> Self {
        Self { def: def.clone(), label: label_of(def), names: HashMap::new() }
    }

    /// A field whose values are keys with names.
    pub fn named(def: FieldDef, label: impl Into<String>, names: HashMap<String, String>) -> Self {
        Self { def, label: label.into(), names }
    }

    fn ops(&self) -> &'static [Op] {
        match self.def.r#type {
            FieldType::Number => {
                &[Op::Ge, Op::Le, Op::Eq, Op::Ne, Op::Gt, Op::Lt, Op::In, Op::Exists, Op::Missing]
            }
            FieldType::Bool => &[Op::Eq, Op::Exists, Op::Missing],
            FieldType::Time => &[Op::Ge, Op::Lt, Op::Exists, Op::Missing],
            FieldType::Text | FieldType::List => {
                &[Op::In, Op::NotIn, Op::Contains, Op::Prefix, Op::Exists, Op::Missing]
            }
        }
    }

    fn shown(&self, value: &Value) -> String {
        let text = if self.def.r#type == FieldType::Time {
            super::value::moment_of(value).map_or_else(|| value_text(value), crate::i18n::date_time)
        } else {
            value_text(value)
        };
        self.names.get(&text).cloned().unwrap_or(text)
    }

    fn json(&self, text: &str) -> Value {
        match self.def.r#type {
            FieldType::Number => text
                .trim()
                .parse::<f64>()
                .ok()
                .and_then(|n| {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "only for whole numbers of a small size"
                    )]
                    let whole = (n.fract() == 0.0 && n.abs() < 1e15).then_some(n as i64);
                    whole.map(Value::from).or_else(|| serde_json::Number::from_f64(n).map(Value::Number))
                })
                .unwrap_or_else(|| Value::from(text)),
            FieldType::Bool => Value::Bool(text == "true"),
            FieldType::Time => {
                range::parse_local(text).map_or_else(|| Value::from(text), |t| Value::from(t.to_rfc3339()))
            }
            FieldType::Text | FieldType::List => Value::from(text),
        }
    }
}

fn op_word(op: Op, r#type: FieldType) -> &'static str {
    match (op, r#type) {
        (Op::Ge, FieldType::Time) => tx().op_after(),
        (Op::Lt, FieldType::Time) => tx().op_before(),
        (Op::Eq, _) => tx().op_eq(),
        (Op::Ne, _) => tx().op_ne(),
        (Op::Lt, _) => tx().op_lt(),
        (Op::Le, _) => tx().op_le(),
        (Op::Gt, _) => tx().op_gt(),
        (Op::Ge, _) => tx().op_ge(),
        (Op::In, _) => tx().op_in(),
        (Op::NotIn, _) => tx().op_not_in(),
        (Op::Contains, _) => tx().op_contains(),
        (Op::Prefix, _) => tx().op_prefix(),
        (Op::Exists, _) => tx().op_exists(),
        (Op::Missing, _) => tx().op_missing(),
    }
}

/// A condition in words: name of the field, and what it is compared with.
pub fn describe(condition: &Condition, field: Option<&FilterField>) -> (String, String) {
    let label = field.map_or_else(|| condition.field.clone(), |f| f.label.clone());
    let one = |v: &Value| field.map_or_else(|| value_text(v), |f| f.shown(v));
    let value = match &condition.value {
        Value::Array(values) => match values.as_slice() {
            [] => String::new(),
            [a] => one(a),
            [a, b] => format!("{}, {}", one(a), one(b)),
            [a, rest @ ..] => tx().more(&one(a), rest.len() as u64),
        },
        other => one(other),
    };
    let text = match condition.op {
        Op::Eq | Op::In => value,
        Op::Ne | Op::NotIn => tx().d_ne(&value),
        Op::Lt => tx().d_lt(&value),
        Op::Le => tx().d_le(&value),
        Op::Gt => tx().d_gt(&value),
        Op::Ge => tx().d_ge(&value),
        Op::Contains => tx().d_contains(&value),
        Op::Prefix => tx().d_prefix(&value),
        Op::Exists => tx().op_exists().to_owned(),
        Op::Missing => tx().op_missing().to_owned(),
    };
    (label, text)
}

/// What is being made in the form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// The condition it replaces.
    pub at: Option<usize>,
    /// Key of the field.
    pub field: String,
    /// The comparison.
    pub op: Option<Op>,
    /// Values ticked.
    pub chosen: Vec<String>,
}

/// Chips of the conditions and the form behind them. `asked` is the field whose values the form offers; the page answers
/// with `counts`.
#[component]
pub fn FilterBar(
    /// Fields conditions may be made on.
    #[prop(into)]
    fields: Signal<Vec<FilterField>>,
    /// The conditions.
    #[prop(into)]
    conditions: Signal<Vec<Condition>>,
    /// They changed.
    #[prop(into)]
    on_change: Callback<Vec<Condition>>,
    /// The field whose values are wanted.
    asked: RwSignal<Option<String>>,
    /// Its values with their numbers, most frequent first.
    #[prop(into)]
    counts: Signal<Vec<(String, u64)>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let draft = RwSignal::new(Draft::default());
    let typed = RwSignal::new(String::new());
    let field_of = move |key: &str| fields.with(|all| all.iter().find(|f| f.def.key == key).cloned());
    let choose_field = move |key: String| {
        let op = field_of(&key).and_then(|f| f.ops().first().copied());
        draft.update(|d| *d = Draft { at: d.at, field: key.clone(), op, chosen: Vec::new() });
        typed.set(String::new());
        asked.set(Some(key));
    };
    let begin = move || {
        draft.set(Draft::default());
        let first = fields.with_untracked(|all| all.first().map(|f| f.def.key.clone()));
        if let Some(key) = first {
            choose_field(key);
        }
    };
    let edit = move |at: usize| {
        let Some(condition) = conditions.with_untracked(|all| all.get(at).cloned()) else { return };
        let list = |v: &Value| match v {
            Value::Array(values) => values.iter().map(value_text).collect(),
            Value::Null => Vec::new(),
            Value::Bool(b) => vec![b.to_string()],
            other => vec![value_text(other)],
        };
        let chosen: Vec<String> = list(&condition.value);
        let time = field_of(&condition.field).is_some_and(|f| f.def.r#type == FieldType::Time);
        typed.set(if time {
            super::value::moment_of(&condition.value).map(range::local_text).unwrap_or_default()
        } else {
            chosen.first().cloned().unwrap_or_default()
        });
        asked.set(Some(condition.field.clone()));
        draft.set(Draft { at: Some(at), field: condition.field, op: Some(condition.op), chosen });
        open.set(true);
    };
    let remove = move |at: usize| {
        let mut all = conditions.get_untracked();
        if at < all.len() {
            all.remove(at);
            on_change.run(all);
        }
    };
    let apply = move || {
        let d = draft.get_untracked();
        let (Some(field), Some(op)) = (field_of(&d.field), d.op) else { return };
        let value = match op {
            Op::Exists | Op::Missing => Value::Null,
            Op::In | Op::NotIn if !d.chosen.is_empty() => {
                Value::Array(d.chosen.iter().map(|v| field.json(v)).collect())
            }
            Op::In | Op::NotIn => return,
            _ if field.def.r#type == FieldType::Bool => {
                field.json(d.chosen.first().map_or("true", String::as_str))
            }
            _ if typed.with_untracked(|t| t.trim().is_empty()) => return,
            _ => field.json(typed.get_untracked().trim()),
        };
        let condition = Condition { field: d.field, op, value };
        let mut all = conditions.get_untracked();
        match d.at.filter(|at| *at < all.len()) {
            Some(at) => all[at] = condition,
            None => all.push(condition),
        }
        open.set(false);
        on_change.run(all);
    };
    view! {
        {move || {
            fields.track();
            conditions
                .get()
                .into_iter()
                .enumerate()
                .map(|(at, condition)| {
                    let (label, text) = describe(&condition, field_of(&condition.field).as_ref());
                    view! { <FilterChip field=label value=text on_remove=move |()| remove(at) on_open=move |_| edit(at)/> }
                })
                .collect_view()
        }}
        <Popover
            open=open
            label=tx().add_filter()
            class="pop filter-form"
            trigger=move || {
                view! {
                    <Chip add=true icon=ic::LIST_FILTER on_click=move |_| {
                        if !open.get_untracked() {
                            begin();
                        }
                        open.update(|o| *o = !*o);
                    }>
                        <span data-testid="add-filter">{tx().add_filter()}</span>
                    </Chip>
                }
            }
        >
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    apply();
                }
            >
                <div class="filter-pair">
                    <Select
                        label=tx().field()
                        value=Signal::derive(move || draft.with(|d| d.field.clone()))
                        options=Signal::derive(move || fields.with(|all| all.iter().map(|f| Choice::new(&f.def.key, &f.label)).collect()))
                        on_change=choose_field
                    />
                    <Select
                        label=tx().operator()
                        value=Signal::derive(move || draft.with(|d| d.op.map(op_key).unwrap_or_default()))
                        options=Signal::derive(move || {
                            let key = draft.with(|d| d.field.clone());
                            field_of(&key)
                                .map(|f| f.ops().iter().map(|op| Choice::new(op_key(*op), op_word(*op, f.def.r#type))).collect())
                                .unwrap_or_default()
                        })
                        on_change=move |key: String| {
                            draft.update(|d| {
                                d.op = field_of(&d.field).and_then(|f| f.ops().iter().copied().find(|op| op_key(*op) == key));
                            });
                        }
                    />
                </div>
                <ValueInput draft typed counts fields on_enter=Callback::new(move |()| apply())/>
                <div class="row filter-end">
                    <Button kind=Kind::Primary r#type="submit">{tx().apply()}</Button>
                </div>
            </form>
        </Popover>
    }
}

fn op_key(op: Op) -> String {
    serde_json::to_value(op).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
