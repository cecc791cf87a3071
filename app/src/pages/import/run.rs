//! The import at work, live, and how it ended.

use leptos::prelude::*;
use model::imports::{ImportCounts, ImportState, ImportStatus};

use super::{
    check::Rejects,
    state::{ImportPageState, Stage},
};
use crate::{
    i18n::{self, number, percent, t},
    ui::{Confirm, ErrorState, Icon, Kpi, ic},
};

/// Progress and result.
#[component]
pub fn RunView(state: ImportPageState) -> impl IntoView {
    // Built anew when there is another thing to show, not with every step forward: whoever is asked whether to cancel has
    // the time to answer.
    let begun = Memo::new(move |_| state.status.with(Option::is_some));
    view! {
        <section class="rn" aria-label=t().import.step_run() data-testid="import-run">
            <div class="wrap2">
                {move || match (state.error.get(), begun.get()) {
                    (Some(error), _) => view! { <ErrorState error on_retry=move |()| { state.error.set(None); state.stage.set(Stage::Map); }/> }.into_any(),
                    (None, true) => view! { <Head state/><Progress state/> }.into_any(),
                    (None, false) => view! { <p class="row soft" role="status"><span class="dot run"></span>{t().import.running()}</p> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// What is going on, and what can be done about it. Built anew when the import ends, not with every step forward: a
/// button keeps the focus it has.
#[component]
fn Head(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    let now = Memo::new(move |_| state.status.with(|s| s.as_ref().map(|s| (s.id, s.state, s.name.clone()))));
    let (undoing, cancelling) = (RwSignal::new(false), RwSignal::new(false));
    let id = move || now.get_untracked().map(|(id, ..)| id);
    let name = move || now.get().map(|(_, _, name)| name).unwrap_or_default();
    view! {
        <div class="row" aria-live="polite">
            {move || now.get().map(|(_, is, name)| view! {
                <h1>{title(is)}</h1>
                {(is == ImportState::Running).then(|| view! { <Percent state/> })}
                <span class="soft grow cut">{name}</span>
                {(is == ImportState::Running).then(|| view! {
                    <button class="btn" data-testid="cancel-import" disabled=move || state.cancelling.get() on:click=move |_| cancelling.set(true)>
                        <Icon glyph=ic::X/>{move || if state.cancelling.get() { x.cancelling() } else { x.cancel() }}
                    </button>
                })}
                {(is == ImportState::Done).then(|| view! {
                    <button class="btn danger" data-testid="undo-import" on:click=move |_| undoing.set(true)><Icon glyph=ic::UNDO_2/>{x.undo()}</button>
                })}
            })}
        </div>
        <Confirm open=cancelling title=x.cancel() text=x.cancel_ask() action=x.cancel()
            on_confirm=move |()| if let Some(id) = id() { state.cancel(id) }/>
        <Confirm open=undoing title=x.undo() text=Signal::derive(move || x.undo_ask(&name())) action=x.undo()
            on_confirm=move |()| if let Some(id) = id() { state.undo(id) }/>
    }
}

fn title(is: ImportState) -> &'static str {
    let x = t().import;
    match is {
        ImportState::Running => x.running(),
        ImportState::Done => x.done(),
        ImportState::Failed => x.failed(),
        ImportState::Interrupted => x.interrupted(),
        ImportState::Cancelled => x.cancelled(),
        ImportState::Undone => x.undone(),
    }
}

#[component]
fn Percent(state: ImportPageState) -> impl IntoView {
    let done = move || percent(state.status.with(|s| s.as_ref().map_or(0.0, |s| s.progress)));
    view! { <span class="badge accent" aria-live="off"><span class="dot run"></span>{done}</span> }
}

/// How far it is and what is in; rows that were not taken.
#[component]
fn Progress(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    let of = move |what: fn(&ImportStatus) -> f64| state.status.with(|s| s.as_ref().map_or(0.0, what));
    let now = Memo::new(move |_| state.status.with(|s| s.as_ref().map(|s| (s.id, s.state))));
    let running = move || now.get().is_some_and(|(_, is)| is == ImportState::Running);
    let note = Memo::new(move |_| state.status.with(|s| s.as_ref().map(note).unwrap_or_default()));
    let message = Memo::new(move |_| {
        state
            .status
            .with(|s| s.as_ref().and_then(|s| s.message.as_ref().map(|text| (s.state, i18n::l(text)))))
    });
    let done = move || of(|s| s.progress) * 100.0;
    view! {
        {move || { let note = note.get(); (!note.is_empty()).then(|| view! { <p class="soft">{note}</p> }) }}
        {move || running().then(|| view! {
            <div class="meter" role="progressbar" aria-label=x.running() aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || format!("{:.0}", done())>
                <i style=move || format!("width:{}%", done())></i>
            </div>
        })}
        {move || message.get().map(|(is, text)| {
            // what a person did is no alarm
            let wanted = matches!(is, ImportState::Cancelled | ImportState::Done | ImportState::Undone);
            view! { <div class="callout" class:danger=!wanted role=if wanted { "status" } else { "alert" }><Icon glyph=ic::CIRCLE_ALERT/><span class="lines">{text}</span></div> }
        })}
        {move || state.status.with(|s| s.as_ref().map(|s| s.counts)).map(|counts| view! { <Numbers counts/> })}
        {move || now.get().filter(|(_, is)| *is != ImportState::Running).map(|(_, is)| view! { <NextSteps state is/> })}
        <Rejected state/>
    }
}

/// What is going on or was left, in a sentence.
fn note(status: &ImportStatus) -> String {
    let x = t().import;
    match status.state {
        ImportState::Running if !status.file.is_empty() => x.reading(&status.file),
        ImportState::Running => x.running_text().to_owned(),
        ImportState::Failed | ImportState::Interrupted | ImportState::Cancelled => {
            x.nothing_written().to_owned()
        }
        ImportState::Done | ImportState::Undone => String::new(),
    }
}

/// Rows that were not taken: built anew when there are more of them to show, not with every step forward.
#[component]
fn Rejected(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    let shown = Memo::new(move |_| {
        state.status.with(|s| s.as_ref().filter(|s| s.counts.rejected > 0).map(|s| (s.id, s.rejects.len())))
    });
    let all = move || state.status.with(|s| s.as_ref().map_or(0, |s| s.counts.rejected));
    move || {
        shown.get().map(|(id, _)| {
            let rejects = state.status.with_untracked(|s| s.as_ref().map(|s| s.rejects.clone()).unwrap_or_default());
            view! {
                <section class="card">
                    <div class="head"><h2>{x.n_rejected()}" "{move || number(all())}</h2>
                        <span class="end"><a class="btn sm" href=format!("/api/v1/imports/{id}/rejects.csv") download rel="external"><Icon glyph=ic::DOWNLOAD class="s"/>{x.rejects_csv()}</a></span>
                    </div>
                    <Rejects rejects/>
                </section>
            }
        })
    }
}

#[component]
fn Numbers(counts: ImportCounts) -> impl IntoView {
    let x = t().import;
    view! {
        <div class="card kp">
            <Kpi label=x.n_accepted() value=number(counts.accepted) delta=format!("{} {}", x.n_read(), number(counts.read))/>
            <Kpi label=x.n_rejected() value=number(counts.rejected) delta=percent(share(counts.rejected, counts.read))/>
            <Kpi label=x.n_items() value=number(counts.items_new) delta=x.n_changed(counts.items_changed)/>
            <Kpi label=x.n_relations() value=number(counts.relations_new)/>
            <Kpi label=x.n_records() value=number(counts.records_new)/>
            <Kpi label=x.n_samples() value=number(counts.samples_new)/>
        </div>
    }
}

/// A share of one; 0 of nothing is nothing.
pub fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

#[component]
fn NextSteps(state: ImportPageState, is: ImportState) -> impl IntoView {
    let x = t().import;
    if !matches!(is, ImportState::Done | ImportState::Undone) {
        // files and mapping are still there
        return view! {
            <div class="row next"><button class="btn primary" on:click=move |_| state.begin_again()><Icon glyph=ic::REFRESH_CW/>{x.once_more()}</button></div>
        }
        .into_any();
    }
    view! {
        <div class="row next">
            <a class="btn primary" href="/"><Icon glyph=ic::MESSAGE_CIRCLE_QUESTION_MARK/>{x.ask_now()}</a>
            <a class="btn" href="/cis"><Icon glyph=ic::NETWORK/>{x.see_cis()}</a>
            <button class="btn" on:click=move |_| state.begin_again()>{x.again()}</button>
        </div>
    }
    .into_any()
}
