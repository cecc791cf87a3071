//! Bringing in an estate: files, what their columns mean, a trial, the import with its rejected rows.

mod check;
mod columns;
mod draft;
mod files;
mod inspector;
mod kept;
mod labels;
mod run;
mod samples;
mod start;
mod state;
mod types;
mod upload;
mod yaml;

use leptos::prelude::*;

use self::state::{ImportPageState, Stage};
use crate::{
    i18n::{self, percent, t},
    ui::{
        Button, Crumb, Icon, Kind, Size, ic,
        session::{Session, use_session},
        set_crumbs,
    },
};

/// Keeps what is being imported for as long as the program runs, over changes of page and language, and forgets it when
/// the person signs out. Called once, above all pages.
pub fn keep_import() {
    let state = ImportPageState::new();
    provide_context(state);
    let session = use_session();
    Effect::new(move || {
        if session.with(|session| *session == Session::Out) {
            state.clear();
        }
    });
}

/// The page of `/import`.
#[component]
pub fn ImportPage() -> impl IntoView {
    let x = t().import;
    set_crumbs(vec![Crumb::here(x.title())]);
    let state = use_context::<ImportPageState>().unwrap_or_else(ImportPageState::new);
    state.open();
    let yaml = RwSignal::new(false);
    view! {
        <div class="im page flush" class:run-stage=move || state.stage.get() == Stage::Run>
            <header class="editor-head">
                <h1>{x.title()}</h1>
                <Steps state/>
                <span class="grow"></span>
                {move || (state.stage.get() == Stage::Map).then(|| view! {
                    <Button kind=Kind::Ghost icon=ic::BRACES on_click=move |_| yaml.set(true)>{x.mapping_yaml()}</Button>
                })}
            </header>
            {move || match state.stage.get() {
                Stage::Files => view! { <start::Start state/> }.into_any(),
                Stage::Map => view! {
                    <files::FileList state/>
                    <columns::Columns state/>
                    <inspector::Inspector state/>
                    <Gate state/>
                }.into_any(),
                Stage::Run => view! { <run::RunView state/> }.into_any(),
            }}
            <yaml::YamlDialog state open=yaml/>
        </div>
    }
}

#[component]
fn Steps(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    let steps = [(Stage::Files, x.step_files()), (Stage::Map, x.step_map()), (Stage::Run, x.step_run())];
    view! {
        <ol class="steps" aria-label=x.steps()>
            {steps.into_iter().enumerate().map(|(at, (stage, name))| {
                let done = move || (state.stage.get() as u8) > stage as u8;
                let current = move || (state.stage.get() == stage).then_some("step");
                view! {
                    <li class:done=done aria-current=current>
                        <b>{move || if done() { view! { <Icon glyph=ic::CHECK class="s"/> }.into_any() } else { (at + 1).into_any() }}</b>{name}
                    </li>
                }
            }).collect_view()}
        </ol>
    }
}

/// What stands between the files and the import.
#[component]
fn Gate(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    let files = move || {
        state.drafts.with(|drafts| drafts.iter().filter(|draft| draft.file.problem.is_none()).count()) as u64
    };
    let doubtful =
        move || state.drafts.with(|drafts| drafts.iter().map(draft::Draft::doubtful).sum::<usize>()) as u64;
    // Which files lack what; a mapping read from YAML stands on its own.
    let missing = Memo::new(move |_| {
        if state.mapping.with(Option::is_some) {
            return Vec::new();
        }
        state.drafts.with(|drafts| {
            drafts
                .iter()
                .enumerate()
                .filter(|(_, draft)| draft.file.problem.is_none())
                .flat_map(|(at, draft)| {
                    draft.missing().into_iter().map(move |role| (at, draft.file.name.clone(), role))
                })
                .collect::<Vec<_>>()
        })
    });
    let words = move || {
        missing.with(|missing| {
            missing
                .iter()
                .map(|(_, file, role)| format!("{file}: {}", labels::role(role)))
                .collect::<Vec<_>>()
                .join(", ")
        })
    };
    let go_there = move || {
        if let Some((at, ..)) = missing.with_untracked(|missing| missing.first().cloned()) {
            state.current.set(at);
            state.column.set(None);
        }
    };
    let blocked = Signal::derive(move || {
        files() == 0 || !missing.with(Vec::is_empty) || state.checking.get() || state.starting.get()
    });
    view! {
        <footer class="gate-bar">
            <span class="gate"><Icon glyph=ic::CIRCLE_CHECK class="ic-ok"/><span><b>{move || x.gate_files(files())}</b>
                <span class="small">{move || state.drafts.with(|drafts| {
                        let rows = drafts.iter().map(|d| d.file.rows).sum();
                        if drafts.iter().any(|d| d.file.estimated) { x.file_rows_about(rows) } else { x.file_rows(rows) }
                    })}</span></span></span>
            <span class="gate">
                {move || match state.mapping.get() {
                    Some(mapping) => view! {
                        <Icon glyph=ic::BRACES class="ic-info"/><span><b>{x.mapping_used(&mapping.name)}</b>
                        <button class="btn ghost sm" on:click=move |_| { state.mapping.set(None); state.check.set(None); }>{x.mapping_drop()}</button></span>
                    }.into_any(),
                    None if !missing.with(Vec::is_empty) => view! {
                        <Icon glyph=ic::CIRCLE_ALERT class="ic-warn"/><span><b>{x.gate_map_missing(missing.with(Vec::len) as u64)}</b></span>
                    }.into_any(),
                    None if doubtful() == 0 => view! { <Icon glyph=ic::CIRCLE_CHECK class="ic-ok"/><span><b>{x.gate_map_ok()}</b></span> }.into_any(),
                    None => view! { <Icon glyph=ic::CIRCLE_ALERT class="ic-warn"/><span><b>{x.gate_map_doubt(doubtful())}</b></span> }.into_any(),
                }}
            </span>
            {move || state.check.get().map(|check| view! {
                <span class="gate"><Icon glyph=ic::CIRCLE_ALERT class=if check.counts.rejected == 0 { "ic-ok" } else { "ic-warn" }/>
                    <span><b>{x.gate_rejected(&percent(run::share(check.counts.rejected, check.counts.read)))}</b><span class="small">{i18n::number(check.counts.rejected)}</span></span></span>
                <span class="gate"><Icon glyph=ic::BOX class="ic-info"/><span><b>{x.gate_new(check.counts.items_new)}</b>
                    <span class="small">{x.gate_new_detail(check.counts.items_changed, check.counts.items_same)}</span></span></span>
            })}
            <span class="end">
                {move || { let what = words(); (!what.is_empty()).then(|| view! {
                    <button type="button" class="btn ghost small soft missing" title=what.clone() on:click=move |_| go_there()><span class="cut">{x.missing_roles(&what)}</span></button>
                }) }}
                <Button size=Size::Large disabled=blocked busy=state.checking on_click=move |_| state.try_out()>{x.try_out()}</Button>
                <Button size=Size::Large kind=Kind::Primary icon=ic::UPLOAD disabled=blocked busy=state.starting on_click=move |_| state.start()>{x.import()}</Button>
            </span>
        </footer>
    }
}
