//! The mapping over the first rows: each column with what it is, how sure the guess is, and a select to correct it.

use leptos::prelude::*;
use model::imports::ColumnGuess;

use super::{
    check::Checked,
    draft::{Draft, ROW_KINDS, roles},
    files, labels,
    state::ImportPageState,
};
use crate::{
    i18n::{self, percent, t},
    ui::{Choice, Icon, Select, ic},
};

/// Rows of the file shown under the mapping.
const ROWS: usize = 8;

/// The file looked at.
#[component]
pub fn Columns(state: ImportPageState) -> impl IntoView {
    let draft = move || state.drafts.with(|drafts| drafts.get(state.current.get()).cloned());
    view! {
        <section class="cv" aria-label=t().import.step_map()>
            {move || draft().map(|draft| view! { <FileHead state draft=draft.clone()/><Head state draft/> })}
            <Checked state/>
        </section>
    }
}

#[component]
fn FileHead(state: ImportPageState, draft: Draft) -> impl IntoView {
    let x = t().import;
    let options = ROW_KINDS.iter().map(|kind| Choice::new(*kind, labels::rows(kind))).collect::<Vec<_>>();
    let value = draft.rows.clone();
    view! {
        <div class="head">
            <h2 class="cut">{draft.file.name.clone()}</h2>
            <span class="small faint nowrap">{i18n::bytes(draft.file.bytes)}" · "{x.first_rows(draft.file.sample.len().min(ROWS) as u64)}</span>
            <span class="end row-kind">
                <span class="small faint nowrap">{x.row_is()}</span>
                <Select value options label=x.row_is() on_change=move |rows: String| state.edit(|draft| draft.set_rows(&rows))/>
            </span>
        </div>
    }
}

#[component]
fn Head(state: ImportPageState, draft: Draft) -> impl IntoView {
    if let Some(problem) = files::problem(&draft.file) {
        return problem;
    }
    let rows = draft.rows.clone();
    let heads = draft
        .columns
        .iter()
        .cloned()
        .enumerate()
        .map(|(at, column)| {
            let rows = rows.clone();
            view! { <ColumnHead state at column rows/> }
        })
        .collect_view();
    let skips: Vec<bool> = draft.columns.iter().map(|column| column.role == "skip").collect();
    let body = draft.file.sample.iter().take(ROWS).map(|row| view! {
        <tr>
            {row.iter().enumerate().map(|(at, cell)| {
                let (text, full) = (cell.clone(), cell.clone());
                let skip = skips.get(at).copied().unwrap_or(false);
                view! { <td class:skip=skip class:sel=move || state.column.get() == Some(at) title=full>{text}</td> }
            }).collect_view()}
        </tr>
    }).collect_view();
    view! {
        <div class="mp" tabindex="0" aria-label=t().import.first_rows(ROWS as u64)>
            <table class="data-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>
        </div>
    }
    .into_any()
}

#[component]
fn ColumnHead(state: ImportPageState, at: usize, column: ColumnGuess, rows: String) -> impl IntoView {
    let x = t().import;
    let options = roles(&rows).iter().map(|role| Choice::new(*role, labels::role(role))).collect::<Vec<_>>();
    let sure = column.certainty >= 0.6;
    let note = if column.role == "field" || (column.role == "value" && !column.name.is_empty()) {
        column.name.clone()
    } else {
        i18n::l(&column.why)
    };
    let certainty = if column.certainty >= 1.0 { x.by_hand().to_owned() } else { percent(column.certainty) };
    view! {
        <th scope="col" class:sel=move || state.column.get() == Some(at) on:focusin=move |_| state.column.set(Some(at)) on:click=move |_| state.column.set(Some(at))>
            <div class="mc">
                <span class="src cut"><code>{column.column.clone()}</code></span>
                <Select value=column.role.clone() options label=x.column_is(&column.column)
                    on_change=move |role: String| state.edit(|draft| {
                        if let Some(column) = draft.columns.get_mut(at) {
                            column.role = role;
                            column.certainty = 1.0;
                        }
                    })/>
                <span class="tr cut" title=note.clone()>{note.clone()}</span>
                <span class="cf" class:ok=sure class:warn=!sure>
                    {if sure { view! { <Icon glyph=ic::CIRCLE_CHECK class="s ic-ok"/> } } else { view! { <Icon glyph=ic::CIRCLE_HELP class="s ic-warn"/> } }}
                    {certainty}
                </span>
            </div>
        </th>
    }
}
