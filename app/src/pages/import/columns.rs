//! The mapping over the first rows: each column with what it is, how sure the guess is, and a select to correct it.

use leptos::prelude::*;
use model::{
    UploadId,
    imports::{ColumnGuess, UploadedFile},
};

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

/// The file looked at. Built anew for another file only: whoever corrects columns by keyboard keeps their place.
#[component]
pub fn Columns(state: ImportPageState) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let at = state.current.get();
        state.drafts.with(|drafts| drafts.get(at).map(|draft| (at, draft.file.id)))
    });
    let draft = move || {
        let (at, _) = shown.get()?;
        state.drafts.with_untracked(|drafts| drafts.get(at).cloned())
    };
    view! {
        <section class="cv" aria-label=t().import.step_map()>
            {move || draft().map(|draft| {
                let id = draft.file.id;
                let rows = Memo::new(move |_| said(state, id, |draft| draft.rows.clone()).unwrap_or_default());
                view! { <FileHead state file=draft.file.clone() rows/><Head state draft rows/> }
            })}
            <Checked state/>
        </section>
    }
}

/// Something of the draft of a file, as it is now.
fn said<T>(state: ImportPageState, id: UploadId, what: impl Fn(&Draft) -> T) -> Option<T> {
    state.drafts.with(|drafts| drafts.iter().find(|draft| draft.file.id == id).map(what))
}

#[component]
fn FileHead(state: ImportPageState, file: UploadedFile, rows: Memo<String>) -> impl IntoView {
    let x = t().import;
    let options = ROW_KINDS.iter().map(|kind| Choice::new(*kind, labels::rows(kind))).collect::<Vec<_>>();
    view! {
        <div class="head">
            <h2 class="cut">{file.name.clone()}</h2>
            <span class="small faint nowrap">{i18n::bytes(file.bytes)}" · "{x.first_rows(file.sample.len().min(ROWS) as u64)}</span>
            <span class="end row-kind">
                <span class="small faint nowrap">{x.row_is()}</span>
                <Select value=rows options label=x.row_is() on_change=move |rows: String| state.edit(|draft| draft.set_rows(&rows))/>
            </span>
        </div>
    }
}

#[component]
fn Head(state: ImportPageState, draft: Draft, rows: Memo<String>) -> impl IntoView {
    if let Some(problem) = files::problem(&draft.file) {
        return problem;
    }
    let id = draft.file.id;
    let heads = draft
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| view! { <ColumnHead state id at name=column.column.clone() rows/> })
        .collect_view();
    let skipped = Memo::new(move |_| {
        said(state, id, |draft| draft.columns.iter().map(|column| column.role == "skip").collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let body = draft.file.sample.iter().take(ROWS).map(|row| view! {
        <tr>
            {row.iter().enumerate().map(|(at, cell)| {
                let (text, full) = (cell.clone(), cell.clone());
                let skip = move || skipped.with(|skipped| skipped.get(at).copied().unwrap_or(false));
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
fn ColumnHead(
    state: ImportPageState,
    id: UploadId,
    at: usize,
    name: String,
    rows: Memo<String>,
) -> impl IntoView {
    let x = t().import;
    let column = Memo::new(move |_| said(state, id, |draft| draft.columns.get(at).cloned()).flatten());
    let role = Memo::new(move |_| column.with(|c| c.as_ref().map(|c| c.role.clone()).unwrap_or_default()));
    let options = Memo::new(move |_| {
        rows.with(|rows| {
            roles(rows).iter().map(|role| Choice::new(*role, labels::role(role))).collect::<Vec<_>>()
        })
    });
    let label = x.column_is(&name);
    view! {
        <th scope="col" class:sel=move || state.column.get() == Some(at) on:focusin=move |_| state.column.set(Some(at)) on:click=move |_| state.column.set(Some(at))>
            <div class="mc">
                <span class="src cut"><code>{name}</code></span>
                <Select value=role options label on_change=move |role: String| state.edit(|draft| draft.set_role(at, &role))/>
                {move || column.get().map(|column| {
                    let sure = column.certainty >= 0.6;
                    let note = note(&column);
                    let certainty = if column.certainty >= 1.0 { x.by_hand().to_owned() } else { percent(column.certainty) };
                    view! {
                        <span class="tr cut" title=note.clone()>{note.clone()}</span>
                        <span class="cf" class:ok=sure class:warn=!sure>
                            {if sure { view! { <Icon glyph=ic::CIRCLE_CHECK class="s ic-ok"/> } } else { view! { <Icon glyph=ic::CIRCLE_HELP class="s ic-warn"/> } }}
                            {certainty}
                        </span>
                    }
                })}
            </div>
        </th>
    }
}

/// What becomes of a column: the name of its field or metric, or why it is what it is.
fn note(column: &ColumnGuess) -> String {
    match column.role.as_str() {
        "field" | "value" if !column.name.is_empty() => column.name.clone(),
        "field" => column.column.clone(),
        _ if column.certainty >= 1.0 => String::new(),
        _ => i18n::l(&column.why),
    }
}
