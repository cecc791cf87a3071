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
                {move || match (state.error.get(), state.status.get()) {
                    (Some(error), _) => view! { <ErrorState error on_retry=move |()| { state.error.set(None); state.stage.set(Stage::Map); }/> }.into_any(),
                    (None, Some(status)) => view! { <Progress state status/> }.into_any(),
                    (None, None) => view! { <p class="row soft" role="status"><span class="dot run"></span>{t().import.running()}</p> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Progress(state: ImportPageState, status: ImportStatus) -> impl IntoView {
    let x = t().import;
    let (title, note) = match status.state {
        ImportState::Running => (x.running(), x.running_text().to_owned()),
        ImportState::Done => (x.done(), String::new()),
        ImportState::Failed => (x.failed(), x.nothing_written().to_owned()),
        ImportState::Interrupted => (x.interrupted(), x.nothing_written().to_owned()),
        ImportState::Undone => (x.undone(), String::new()),
    };
    let running = status.state == ImportState::Running;
    let asking = RwSignal::new(false);
    let (id, name) = (status.id, status.name.clone());
    view! {
        <div class="row" aria-live="polite">
            <h1>{title}</h1>
            {running.then(|| view! { <span class="badge accent"><span class="dot run"></span>{percent(status.progress)}</span> })}
            <span class="soft grow cut">{name.clone()}</span>
            {(status.state == ImportState::Done).then(|| view! {
                <button class="btn danger" data-testid="undo-import" on:click=move |_| asking.set(true)><Icon glyph=ic::UNDO_2/>{x.undo()}</button>
            })}
        </div>
        <p class="soft">{if running && !status.file.is_empty() { x.reading(&status.file) } else { note }}</p>
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
        <Confirm open=asking title=x.undo() text=x.undo_ask(&name) action=x.undo() on_confirm=move |()| state.undo(id)/>
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
            <button class="btn" on:click=move |_| { state.status.set(None); state.stage.set(Stage::Files); }>{x.again()}</button>
        </div>
    }
}
