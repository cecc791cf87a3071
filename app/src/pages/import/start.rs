//! Before any file: where to drop, what can be imported, what was imported before.

use leptos::prelude::*;
use model::imports::{DemoRequest, ImportState, ImportStatus};

use super::{files::Drop, samples::Sample, state::ImportPageState};
use crate::{
    i18n::{self, number, t},
    ui::{ErrorState, Icon, Skeleton, StatusDot, Tone, ic, ic::Glyph},
};

/// The first step.
#[component]
pub fn Start(state: ImportPageState) -> impl IntoView {
    let x = t().import;
    let what: [(Glyph, Sample, &str, &str); 4] = [
        (ic::BOX, Sample::Items, x.k_items(), x.about_items()),
        (ic::NETWORK, Sample::Relations, x.k_relations(), x.about_relations()),
        (ic::RADIO_TOWER, Sample::Records, x.k_records(), x.about_records()),
        (ic::CHART_LINE, Sample::Metrics, x.short_metrics(), x.about_metrics()),
    ];
    view! {
        <section class="start">
            <div class="in">
                <Drop state large=true/>
                <section class="card">
                    <div class="head"><h2>{x.what()}</h2><span class="small faint cut">{x.what_note()}</span></div>
                    <ul>{what.into_iter().map(|(glyph, sample, name, about)| view! {
                        <li class="what">
                            <Icon glyph class="faint"/><b>{name}</b><span class="soft">{about}</span>
                            <span class="row get">
                                <button type="button" class="btn ghost sm" aria-label=x.blank_of(name) on:click=move |_| sample.download(false)><Icon glyph=ic::DOWNLOAD class="s"/>{x.blank()}</button>
                                <button type="button" class="btn ghost sm" aria-label=x.example_of(name) on:click=move |_| sample.download(true)>{x.example()}</button>
                            </span>
                        </li>
                    }).collect_view()}</ul>
                </section>
                <div class="row wrap-row">
                    <span class="soft">{x.no_files()}</span>
                    <button class="btn" data-testid="import-demo" on:click=move |_| state.demo(DemoRequest { seed: 1, cis: 300 })><Icon glyph=ic::PLAY/>{x.demo()}</button>
                    <span class="small faint">{x.cli()}": "<code class="nowrap">"tobit import DIR --mapping FILE"</code></span>
                </div>
                <section class="card">
                    <div class="head"><h2>{x.history()}</h2></div>
                    {move || match (state.history.get(), state.unread.get()) {
                        (None, None) => view! { <Skeleton rows=3/> }.into_any(),
                        (None, Some(error)) => view! { <ErrorState error on_retry=move |()| state.load()/> }.into_any(),
                        (Some(list), _) if list.is_empty() => view! { <p class="soft small pad">{x.no_history()}</p> }.into_any(),
                        (Some(list), _) => list.into_iter().map(|status| view! { <Past state status/> }).collect_view().into_any(),
                    }}
                </section>
            </div>
        </section>
    }
}

#[component]
fn Past(state: ImportPageState, status: ImportStatus) -> impl IntoView {
    let x = t().import;
    let (tone, word) = match status.state {
        ImportState::Running => (Tone::Run, x.running()),
        ImportState::Done => (Tone::Ok, x.done()),
        ImportState::Failed => (Tone::Danger, x.failed()),
        ImportState::Interrupted => (Tone::Warn, x.interrupted()),
        ImportState::Cancelled => (Tone::Off, x.cancelled()),
        ImportState::Undone => (Tone::Off, x.undone()),
    };
    let shown = status.clone();
    view! {
        <button class="past" on:click=move |_| { state.status.set(Some(shown.clone())); state.stage.set(super::state::Stage::Run); }>
            <StatusDot tone label=word/><b class="cut">{status.name}</b>
            <span class="small faint grow n">{x.n_accepted()}" "{number(status.counts.accepted)}" · "{x.n_rejected()}" "{number(status.counts.rejected)}</span>
            <span class="small faint nowrap">{i18n::date_time(status.started_at)}</span>
        </button>
    }
}
