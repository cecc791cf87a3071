//! Columns of the list: code, name and kind, every field of the catalogue, and what is counted.

use leptos::prelude::*;
use model::{
    cmdb::CiSummary,
    schema::{FieldRole, FieldType},
};
use serde_json::Value;

use super::trend::{TrendCell, Trends};
use crate::{
    i18n::{number, t},
    ui::{
        Button, Check, Code, Col, IconButton, Kind, Popover, Size, Time, TwoLines,
        estate::{Book, FieldValue},
        facts::TimeForm,
        ic,
    },
};

/// Counted events of the last 24 hours. The sign before it cannot begin the key of a field.
const EVENTS: &str = "#events";
const RELATIONS: &str = "#relations";
const UPDATED: &str = "#updated";
const TREND: &str = "#trend";
/// Code, name and kind in one, for a phone.
const LINES: &str = "#lines";

/// The meanings whose fields are shown at first, in this order.
const FIRST: [FieldRole; 4] =
    [FieldRole::System, FieldRole::Criticality, FieldRole::Owner, FieldRole::Location];

/// Every column there is: key and name.
pub fn available(book: &Book) -> Vec<(String, String)> {
    let text = t().cis;
    let mut out: Vec<(String, String)> =
        ["code", "name", "kind"].into_iter().map(|k| (k.to_owned(), book.field_label(k))).collect();
    out.extend(book.fields.iter().map(|f| (f.key.clone(), book.field_label(&f.key))));
    if !book.metrics.is_empty() {
        out.push((TREND.to_owned(), text.c_trend().to_owned()));
    }
    out.push((EVENTS.to_owned(), text.c_events_long().to_owned()));
    out.push((RELATIONS.to_owned(), text.c_relations().to_owned()));
    out.push((UPDATED.to_owned(), text.c_updated().to_owned()));
    out
}

/// The columns shown until a person chooses others.
pub fn default_keys(book: &Book) -> Vec<String> {
    let key_of = |role| book.role(role).map(|f| f.key.clone());
    let mut keys = Vec::new();
    keys.extend(key_of(FieldRole::Status));
    keys.extend(["code", "name", "kind"].map(str::to_owned));
    keys.extend(FIRST.into_iter().filter_map(key_of));
    // Without meanings the first fields stand for them.
    if keys.len() < 6 {
        let more: Vec<String> = book
            .fields
            .iter()
            .map(|f| f.key.clone())
            .filter(|k| !keys.contains(k))
            .take(7 - keys.len())
            .collect();
        keys.extend(more);
    }
    if !book.metrics.is_empty() {
        keys.push(TREND.to_owned());
    }
    keys.extend([EVENTS, RELATIONS].map(str::to_owned));
    if keys.len() < 11 {
        keys.push(UPDATED.to_owned());
    }
    keys
}

/// The columns of a phone: what tells rows apart and whether to look closer.
pub fn phone_keys(book: &Book) -> Vec<String> {
    let status = book.role(FieldRole::Status).map(|f| f.key.clone());
    status.into_iter().chain([LINES, EVENTS].map(str::to_owned)).collect()
}

/// The columns of these keys; a key that no longer exists is left out.
pub fn columns(book: &Book, keys: &[String], trends: Trends) -> Vec<Col<CiSummary>> {
    let text = t().cis;
    keys.iter()
        .filter_map(|key| {
            Some(match key.as_str() {
                "code" => Col::new("code", book.field_label("code"), 190, |ci: &CiSummary| {
                    let href = ci_href(&ci.code);
                    view! { <a class="id plain" href=href tabindex="-1"><Code text=ci.code.clone()/></a> }
                })
                .sort(),
                LINES => {
                    let book = book.clone();
                    Col::new("code", book.field_label("code"), 0, move |ci: &CiSummary| {
                        let more = if ci.name == ci.code {
                            book.kind(&ci.kind)
                        } else {
                            format!("{} · {}", ci.name, book.kind(&ci.kind))
                        };
                        view! { <TwoLines first=ci.code.clone() href=ci_href(&ci.code)>{more}</TwoLines> }
                    })
                    .sort()
                }
                "name" => {
                    Col::new("name", book.field_label("name"), 0, |ci: &CiSummary| ci.name.clone()).sort()
                }
                "kind" => {
                    let book = book.clone();
                    let wide = book.kinds.iter().map(|k| room(&book.kind(&k.key))).max().unwrap_or(80);
                    Col::new(
                        "kind",
                        book.field_label("kind"),
                        (wide + 18).clamp(80, 136),
                        move |ci: &CiSummary| {
                            let kind = book.kind(&ci.kind);
                            view! { <span class="soft">{kind}</span> }
                        },
                    )
                    .sort()
                }
                TREND => {
                    let book = book.clone();
                    Col::new(TREND, text.c_trend(), 108, move |ci: &CiSummary| {
                        view! { <TrendCell code=ci.code.clone() trends=trends book=book.clone()/> }
                    })
                }
                EVENTS => Col::new(EVENTS, text.c_events(), 68, |ci: &CiSummary| {
                    let class = if ci.recent_events > 0 { "strong" } else { "faint" };
                    view! { <span class=class>{number(ci.recent_events)}</span> }
                })
                .num(),
                RELATIONS => Col::new(RELATIONS, text.c_relations(), 78, |ci: &CiSummary| {
                    view! { <span class="soft">{number(ci.relations)}</span> }
                })
                .num(),
                UPDATED => Col::new(UPDATED, text.c_updated(), 92, |ci: &CiSummary| {
                    view! { <span class="faint"><Time at=ci.updated_at form=TimeForm::Relative/></span> }
                })
                .num(),
                _ => field_column(book, key)?,
            })
        })
        .collect()
}

/// About how wide a text is, in pixels.
fn room(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { 7 } else { 12 }).sum()
}

fn field_column(book: &Book, key: &str) -> Option<Col<CiSummary>> {
    let field = book.field(key)?.clone();
    // As wide as the longest known value, within bounds; the name gets what is left.
    let letters = field.values.iter().take(60).map(|v| room(v)).max().unwrap_or(80);
    let head = room(&book.field_label(key)) + 34;
    let width = match (field.role, field.r#type) {
        (Some(FieldRole::Status), _) => (letters + 40).clamp(80, 120).max(head),
        (Some(FieldRole::Criticality), _) => 76,
        (_, FieldType::Bool) => 76.max(head),
        (_, FieldType::Number) => 84.max(head),
        (_, FieldType::Time) => 128,
        _ => (letters + 18).clamp(72, 132).max(head),
    };
    let numeric = field.r#type == FieldType::Number && field.role != Some(FieldRole::Criticality);
    let unit = if field.unit.is_empty() { String::new() } else { format!(", {}", field.unit) };
    let label = format!("{}{unit}", book.field_label(key));
    let own = key.to_owned();
    let column = Col::new(key, label, width, move |ci: &CiSummary| {
        let value = ci.fields.get(&own).cloned().unwrap_or(Value::Null);
        view! { <FieldValue field=field.clone() value=value short=true/> }
    })
    .sort();
    Some(if numeric { column.num() } else { column })
}

/// The page of an item.
pub fn ci_href(code: &str) -> String {
    format!("/cis/{}", String::from(js_sys::encode_uri_component(code)))
}

/// The question field with the code of an item in it: what is asked about it is the person's to write.
pub fn question_href(code: &str) -> String {
    format!("/?q={}", String::from(js_sys::encode_uri_component(code)))
}

/// Chooses the columns and their order.
#[component]
pub fn ColumnChooser(
    /// The catalogue.
    #[prop(into)]
    book: Signal<Book>,
    /// Keys of the columns shown.
    #[prop(into)]
    shown: Signal<Vec<String>>,
    /// They changed; empty means the first ones again.
    #[prop(into)]
    on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let shift = move |key: &str, by: i32| {
        let mut keys = shown.get_untracked();
        if let Some(at) = keys.iter().position(|k| k == key) {
            let to = i32::try_from(at).unwrap_or(0) + by;
            if let Ok(to) = usize::try_from(to)
                && to < keys.len()
            {
                keys.swap(at, to);
                on_change.run(keys);
            }
        }
    };
    view! {
        <Popover
            open=open
            label=t().cis.columns()
            class="pop column-form"
            trigger=move || {
                view! {
                    <IconButton
                        glyph=ic::SLIDERS_HORIZONTAL
                        label=t().cis.columns()
                        expanded=Signal::derive(move || Some(open.get()))
                        on_click=move |_| open.update(|o| *o = !*o)
                    />
                }
            }
        >
            <div class="stack">
                <h3>{t().cis.columns()}</h3>
                <ul class="column-list">
                    {move || {
                        let keys = shown.get();
                        let mut all = book.with(available);
                        // Those shown come first, in their order.
                        all.sort_by_key(|(key, _)| keys.iter().position(|k| k == key).unwrap_or(usize::MAX));
                        all.into_iter()
                            .map(|(key, label)| {
                                let on = keys.contains(&key);
                                let (toggled, up, down) = (key.clone(), key.clone(), key);
                                let (higher, lower) = (format!("{label} ↑"), format!("{label} ↓"));
                                view! {
                                    <li class="row">
                                        <span class="grow">
                                            <Check
                                                checked=on
                                                on_change=move |on| {
                                                    let mut keys = shown.get_untracked();
                                                    keys.retain(|k| *k != toggled);
                                                    if on {
                                                        keys.push(toggled.clone());
                                                    }
                                                    if !keys.is_empty() {
                                                        on_change.run(keys);
                                                    }
                                                }
                                            >
                                                {label}
                                            </Check>
                                        </span>
                                        {on
                                            .then(|| {
                                                view! {
                                                    <IconButton glyph=ic::CHEVRON_UP size=Size::Small label=higher on_click=move |_| shift(&up, -1)/>
                                                    <IconButton glyph=ic::CHEVRON_DOWN size=Size::Small label=lower on_click=move |_| shift(&down, 1)/>
                                                }
                                            })}
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
                <Button kind=Kind::Ghost size=Size::Small on_click=move |_| on_change.run(Vec::new())>{t().cis.columns_reset()}</Button>
            </div>
        </Popover>
    }
}
