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
    view! {
        <section class="rn" aria-label=t().import.step_run() data-testid="import-run">
            <div class="wrap2">
                {move || match (state.error.get(), state.status.with(Option::is_some)) {
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
    move || state.status.get().map(|status| view! { <Figures state status/> })
}

#[component]
fn Figures(state: ImportPageState, status: ImportStatus) -> impl IntoView {
    let x = t().import;
    let running = status.state == ImportState::Running;
    let note = match status.state {
        ImportState::Running if !status.file.is_empty() => x.reading(&status.file),
        ImportState::Running => x.running_text().to_owned(),
        ImportState::Failed | ImportState::Interrupted | ImportState::Cancelled => {
            x.nothing_written().to_owned()
        }
        ImportState::Done | ImportState::Undone => String::new(),
    };
    let id = status.id;
    view! {
        {(!note.is_empty()).then(|| view! { <p class="soft">{note}</p> })}
        {running.then(|| view! {
            <div class="meter" role="progressbar" aria-label=x.running() aria-valuemin="0" aria-valuemax="100" aria-valuenow=format!("{:.0}", status.progress * 100.0)>
                <i style=format!("width:{}%", status.progress * 100.0)></i>
            </div>
        })}
        {status.message.as_ref().map(|message| view! { <div class="callout danger" role="alert"><Icon glyph=ic::CIRCLE_ALERT/><span>{i18n::l(message)}</span></div> })}
        <Numbers counts=status.counts/>
        {(!running).then(|| view! { <NextSteps state/> })}
        {(status.counts.rejected > 0).then(|| view! {
            <section class="card">
                <div class="head"><h2>{x.n_rejected()}" "{number(status.counts.rejected)}</h2>
                    <span class="end"><a class="btn sm" href=format!("/api/v1/imports/{id}/rejects.csv") download rel="external"><Icon glyph=ic::DOWNLOAD class="s"/>{x.rejects_csv()}</a></span>
                </div>
                <Rejects rejects=status.rejects.clone()/>
            </section>
        })}
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
fn NextSteps(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    view! {
        <div class="row next">
            <a class="btn primary" href="/"><Icon glyph=ic::MESSAGE_CIRCLE_QUESTION_MARK/>{x.ask_now()}</a>
            <a class="btn" href="/cis"><Icon glyph=ic::NETWORK/>{x.see_cis()}</a>
            <button class="btn" on:click=move |_| state.begin_again()>{x.again()}</button>
        </div>
    }
}
