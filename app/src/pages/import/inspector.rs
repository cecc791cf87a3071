//! What a column cannot say: names of fields, how rows find their items, how times are read.

use leptos::prelude::*;
use model::schema::RecordRole;

use super::{draft::Draft, labels, state::ImportPageState};
use crate::{
    i18n::{self, t, zone},
    ui::{Choice, Field, Input, Select},
};

/// The panel beside the mapping.
#[component]
pub fn Inspector(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    // Built anew for another file, column or kind of rows only: a field keeps its place while it is typed in.
    let shown = Memo::new(move |_| {
        let at = state.current.get();
        let rows =
            state.drafts.with(|drafts| drafts.get(at).map(|draft| (draft.file.id, draft.rows.clone())));
        (at, state.column.get(), rows)
    });
    view! {
        <aside class="inspector" aria-label=x.step_map()>
            {move || {
                let (at, column, _) = shown.get();
                state.drafts.with_untracked(|drafts| drafts.get(at).cloned()).map(|draft| view! {
                    <ColumnPart state draft=draft.clone() column/>
                    <FilePart state draft/>
                })
            }}
        </aside>
    }
}

#[component]
fn ColumnPart(state: ImportPageState, draft: Draft, column: Option<usize>) -> impl IntoView {
    let x = t().import;
    let Some((at, guess)) = column.and_then(|at| draft.columns.get(at).cloned().map(|guess| (at, guess)))
    else {
        return view! { <div class="pad"><p class="small soft">{x.pick_column()}</p></div> }.into_any();
    };
    let values: Vec<String> = draft
        .file
        .sample
        .iter()
        .filter_map(|row| row.get(at).cloned())
        .filter(|v| !v.is_empty())
        .take(4)
        .collect();
    let named =
        matches!(guess.role.as_str(), "field") || (guess.role == "value" && draft.rows == "metrics_wide");
    let name = RwSignal::new(if guess.name.is_empty() { guess.column.clone() } else { guess.name.clone() });
    let label = if guess.role == "value" { x.metric_name() } else { x.field_name() };
    view! {
        <div class="pad">
            <h2><code>{guess.column.clone()}</code>" → "{labels::role(&guess.role)}</h2>
            <p class="small soft">{i18n::l(&guess.why)}</p>
        </div>
        <div class="pad stack">
            {named.then(|| view! {
                <Field label>
                    <Input value=name on_input=move |text: String| state.edit(|draft| {
                        if let Some(column) = draft.columns.get_mut(at) { column.name = text.trim().to_owned(); }
                    })/>
                </Field>
            })}
            <div class="field"><span class="label">{x.values()}</span>
                <ul class="samples">{values.into_iter().map(|value| view! { <li><code class="cut">{value}</code></li> }).collect_view()}</ul>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn FilePart(state: ImportPageState, draft: Draft) -> impl IntoView {
    let x = t().import;
    let rows = draft.rows.clone();
    let is = |kinds: &[&str]| kinds.contains(&rows.as_str());
    let text = |value: &str| RwSignal::new(value.to_owned());
    let fixed = (is(&["items"]) && draft.column("kind").is_none())
        .then(|| x.fixed_kind())
        .or_else(|| (is(&["relations"]) && draft.column("type").is_none()).then(|| x.fixed_type()));
    let finds = is(&["item_fields", "relations", "records", "metrics_wide", "metrics_long"]);
    let timed = is(&["records", "metrics_wide", "metrics_long"]);
    let role = RwSignal::new(role_key(draft.record_role).to_owned());
    view! {
        <div class="pad stack">
            {fixed.map(|label| view! {
                <Field label><Input value=text(&draft.fixed) on_input=move |text: String| state.edit(|draft| draft.fixed = text.trim().to_owned())/></Field>
            })}
            {is(&["records"]).then(|| view! {
                <Field label=x.record_name()><Input value=text(&draft.record) on_input=move |text: String| state.edit(|draft| draft.record = text.trim().to_owned())/></Field>
                <Field label=x.record_role()>
                    <Select value=role options=record_roles() on_change=move |key: String| {
                        let chosen = role_of(&key);
                        role.set(key);
                        state.edit(|draft| draft.record_role = chosen);
                    }/>
                </Field>
            })}
            {finds.then(|| view! {
                <Field label=x.find_how() hint=x.find_hint()>
                    <Input value=text(&draft.by.join(", ")) on_input=move |text: String| state.edit(|draft| {
                        draft.by = text.split(',').map(str::trim).filter(|by| !by.is_empty()).map(str::to_owned).collect();
                    })/>
                </Field>
                <Field label=x.create_as() hint=x.create_hint()>
                    <Input value=text(&draft.create_as) on_input=move |text: String| state.edit(|draft| draft.create_as = text.trim().to_owned())/>
                </Field>
            })}
            {timed.then(|| view! {
                <Field label=x.time_format() hint=x.time_hint()>
                    <Input value=text(&draft.time_format) mono=true on_input=move |text: String| state.edit(|draft| draft.time_format = text.trim().to_owned())/>
                </Field>
                <p class="small faint">{x.zone_note(zone().iana())}</p>
            })}
        </div>
    }
}

fn record_roles() -> Vec<Choice> {
    let x = t().import;
    vec![
        Choice::new("event", x.rr_event()),
        Choice::new("maintenance", x.rr_maintenance()),
        Choice::new("change", x.rr_change()),
        Choice::new("ticket", x.rr_ticket()),
        Choice::new("other", x.rr_other()),
    ]
}

fn role_key(role: RecordRole) -> &'static str {
    match role {
        RecordRole::Event => "event",
        RecordRole::Maintenance => "maintenance",
        RecordRole::Change => "change",
        RecordRole::Ticket => "ticket",
        RecordRole::Other => "other",
    }
}

fn role_of(key: &str) -> RecordRole {
    match key {
        "event" => RecordRole::Event,
        "maintenance" => RecordRole::Maintenance,
        "change" => RecordRole::Change,
        "ticket" => RecordRole::Ticket,
        _ => RecordRole::Other,
    }
}
