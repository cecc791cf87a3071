//! Files: dropped or chosen, listed with what they seem to be.

use leptos::{ev::DragEvent, html, prelude::*};
use model::imports::UploadedFile;

use super::{draft::Draft, labels, state::ImportPageState, upload::Sending};
use crate::{
    i18n::{self, percent, t},
    ui::{Icon, IconButton, Size, StatusDot, Tone, ic},
};

/// Where files are dropped; also a button that opens the file dialog.
#[component]
pub fn Drop(state: ImportPageState, #[prop(optional)] large: bool) -> impl IntoView {
    let x = t().import;
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let choose = move || {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let drop = move |ev: DragEvent| {
        ev.prevent_default();
        over.set(false);
        if let Some(list) = ev.data_transfer().and_then(|data| data.files()) {
            state.send(files_of(&list));
        }
    };
    view! {
        <div class="drop" class:over=move || over.get() class:large=large data-testid="drop"
            on:dragover=move |ev| { ev.prevent_default(); over.set(true); } on:dragleave=move |_| over.set(false) on:drop=drop>
            <input type="file" multiple class="sr" tabindex="-1" aria-hidden="true" node_ref=input data-testid="file-input"
                accept=".csv,.json,.ndjson,.jsonl,.gz,.tsv,.txt"
                on:change=move |_| {
                    if let Some(input) = input.get_untracked() {
                        if let Some(list) = input.files() { state.send(files_of(&list)); }
                        input.set_value("");
                    }
                }/>
            <Icon glyph=ic::FILE_UP/>
            {large.then(|| view! { <h2>{x.drop_title()}</h2><p>{x.drop_text()}</p> })}
            <button type="button" class="btn" class:primary=large on:click=move |_| choose()>
                {if large { x.choose() } else { x.more_files() }}
            </button>
            <span class="faint small">{x.formats()}</span>
            {move || state.sending.get().into_iter().map(|sending| view! { <OnItsWay sending/> }).collect_view()}
        </div>
    }
}

/// A file being sent, how far it is, and a way to stop it.
#[component]
fn OnItsWay(sending: Sending) -> impl IntoView {
    let x = t().import;
    let Sending { name, share, stopped, .. } = sending;
    let (label, now) = (x.stop_sending(&name), x.sending(&name, ""));
    let (words, wide, told) = (share.clone(), share.clone(), share);
    let shown = move || {
        let share = words.get();
        if share >= 1.0 { x.looking(&name) } else { x.sending(&name, &percent(share)) }
    };
    view! {
        <span class="on-its-way small" data-testid="sending">
            <span class="row" role="status"><span class="dot run"></span><span class="cut grow">{shown}</span></span>
            <IconButton glyph=ic::X label size=Size::Small on_click=move |_| stopped.set(true)/>
            <span class="meter" role="progressbar" aria-label=now aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || format!("{:.0}", told.get() * 100.0)>
                <i style=move || format!("width:{}%", wide.get() * 100.0)></i>
            </span>
        </span>
    }
}

fn files_of(list: &web_sys::FileList) -> Vec<web_sys::File> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}

/// The files of this import.
#[component]
pub fn FileList(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    view! {
        <aside class="fls" aria-label=x.step_files()>
            <Drop state/>
            <h3>{move || x.files_head(state.drafts.with(Vec::len) as u64)}</h3>
            {move || state.drafts.get().into_iter().enumerate().map(|(at, draft)| view! { <FileRow state at draft/> }).collect_view()}
            <p class="small faint note">{x.undo_note()}</p>
        </aside>
    }
}

#[component]
fn FileRow(state: ImportPageState, at: usize, draft: Draft) -> impl IntoView {
    let x = t().import;
    let UploadedFile { id, name, rows, estimated, problem, .. } = draft.file.clone();
    let rows = if estimated { x.file_rows_about(rows) } else { x.file_rows(rows) };
    let missing = draft.missing().len() as u64;
    let doubtful = (draft.doubtful() + draft.unsure_types()) as u64;
    let (tone, word) = match (&problem, missing, doubtful) {
        (Some(_), ..) => (Tone::Danger, x.unreadable().to_owned()),
        (None, 1.., _) => (Tone::Warn, x.columns_missing(missing)),
        (None, 0, 1..) => (Tone::Warn, x.columns_doubt(doubtful)),
        _ => (Tone::Ok, x.columns_ok(draft.columns.len() as u64)),
    };
    let current = move || (state.current.get() == at).then_some("true");
    let label = x.remove_file(&name);
    view! {
        <div class="fl" aria-current=current data-testid="import-file">
            <button type="button" class="row grow" on:click=move |_| { state.current.set(at); state.column.set(None); }>
                <Icon glyph=labels::rows_glyph(&draft.rows) class="s faint"/>
                <span class="grow"><span class="cut">{name}</span><span class="small faint cut">{labels::short(&draft.rows)}" · "{rows}</span></span>
                <span class="small nowrap"><StatusDot tone label=word/></span>
            </button>
            <IconButton glyph=ic::X label size=Size::Small on_click=move |_| state.remove(id)/>
        </div>
    }
}

/// What is wrong with a file that cannot be read.
pub fn problem(file: &UploadedFile) -> Option<AnyView> {
    file.problem.as_ref().map(|problem| {
        view! { <div class="callout danger problem" role="alert"><Icon glyph=ic::FILE_X/><span>{i18n::l(problem)}</span></div> }.into_any()
    })
}
