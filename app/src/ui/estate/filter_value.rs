//! The value of a condition being made.

use leptos::prelude::*;
use model::{Op, schema::FieldType};

use super::{
    filter::{Draft, FilterField},
    text::tx,
};
use crate::ui::{Check, Input, ic};

/// The control for the value: ticks for known values, else a field of the right type.
#[component]
pub fn ValueInput(
    draft: RwSignal<Draft>,
    typed: RwSignal<String>,
    counts: Signal<Vec<(String, u64)>>,
    fields: Signal<Vec<FilterField>>,
    on_enter: Callback<()>,
) -> impl IntoView {
    let shape = Memo::new(move |_| {
        draft.with(|d| {
            let r#type = fields.with(|all| all.iter().find(|f| f.def.key == d.field).map(|f| f.def.r#type));
            (d.op, r#type, d.field.clone())
        })
    });
    move || {
        let (op, r#type, key) = shape.get();
        match (op, r#type) {
            (None | Some(Op::Exists | Op::Missing), _) | (_, None) => ().into_any(),
            (Some(Op::In | Op::NotIn), _) => view! { <ValueList draft counts fields key/> }.into_any(),
            (_, Some(FieldType::Bool)) => {
                let one = move |value: &'static str, word: &'static str| {
                    view! {
                        <Check
                            checked=Signal::derive(move || draft.with(|d| d.chosen.first().map_or(value == "true", |c| c == value)))
                            on_change=move |_| draft.update(|d| d.chosen = vec![value.to_owned()])
                        >
                            {word}
                        </Check>
                    }
                };
                let common = crate::i18n::t().common;
                view! { <div class="stack">{one("true", common.yes())} {one("false", common.no())}</div> }
                    .into_any()
            }
            (_, Some(FieldType::Time)) => {
                view! { <Input value=typed r#type="datetime-local" label=tx().value()/> }.into_any()
            }
            (_, Some(FieldType::Number)) => {
                let unit = fields.with_untracked(|all| {
                    all.iter().find(|f| f.def.key == key).map(|f| f.def.unit.clone()).unwrap_or_default()
                });
                view! { <Input value=typed r#type="number" label=tx().value() placeholder=tx().value() unit=unit/> }.into_any()
            }
            _ => view! { <Input value=typed label=tx().value() placeholder=tx().value() on_enter=on_enter/> }
                .into_any(),
        }
    }
}

/// Known values to tick, with how often each occurs.
#[component]
fn ValueList(
    draft: RwSignal<Draft>,
    counts: Signal<Vec<(String, u64)>>,
    fields: Signal<Vec<FilterField>>,
    key: String,
) -> impl IntoView {
    let find = RwSignal::new(String::new());
    let field = fields.with_untracked(|all| all.iter().find(|f| f.def.key == key).cloned());
    let known = StoredValue::new(field);
    let shown = move || {
        let name = |v: &str| {
            known.with_value(|f| {
                f.as_ref().and_then(|f| f.names.get(v).cloned()).unwrap_or_else(|| v.to_owned())
            })
        };
        let mut rows: Vec<(String, String, Option<u64>)> =
            counts.get().into_iter().map(|(v, n)| (name(&v), v, Some(n))).collect();
        let has = |rows: &[(String, String, Option<u64>)], v: &str| rows.iter().any(|r| r.1 == v);
        known.with_value(|f| {
            for v in f.iter().flat_map(|f| f.def.values.iter()) {
                if !has(&rows, v) {
                    rows.push((name(v), v.clone(), None));
                }
            }
        });
        for v in draft.with_untracked(|d| d.chosen.clone()) {
            if !has(&rows, &v) {
                rows.insert(0, (name(&v), v, None));
            }
        }
        let wanted = find.get().trim().to_lowercase();
        rows.retain(|(name, value, _)| {
            wanted.is_empty()
                || name.to_lowercase().contains(&wanted)
                || value.to_lowercase().contains(&wanted)
        });
        rows.truncate(200);
        rows
    };
    view! {
        <Input value=find label=tx().find_value() placeholder=tx().find_value() icon=ic::SEARCH/>
        <div class="filter-values" role="group" aria-label=tx().values()>
            {move || {
                let rows = shown();
                if rows.is_empty() {
                    return view! { <p class="small faint">{tx().no_values()}</p> }.into_any();
                }
                rows.into_iter()
                    .map(|(name, value, count)| {
                        let (mine, picked) = (value.clone(), value);
                        view! {
                            <div class="filter-value">
                                <Check
                                    checked=Signal::derive(move || draft.with(|d| d.chosen.contains(&mine)))
                                    on_change=move |on| {
                                        draft.update(|d| {
                                            d.chosen.retain(|v| *v != picked);
                                            if on {
                                                d.chosen.push(picked.clone());
                                            }
                                        });
                                    }
                                >
                                    <span class="cut">{name}</span>
                                </Check>
                                <span class="small faint">{count.map(crate::i18n::number)}</span>
                            </div>
                        }
                    })
                    .collect_view()
                    .into_any()
            }}
        </div>
    }
}
