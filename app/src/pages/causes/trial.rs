//! A template tried on an item and a window, beside the one in use.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    rca::{RcaOutcome, RcaTrial, TryRcaTemplate},
};

use super::Scene;
use crate::{
    api,
    i18n::{duration_ms, l, lang, t},
    ui::{
        Button, Callout, ErrorState, Field, Input, Kind, Tone, call,
        estate::{CiPicker, parse_local, use_book},
        ic,
    },
};

/// Choosing, running, comparing.
#[component]
pub fn Try(scene: Scene) -> impl IntoView {
    let text = t().causes;
    let book = use_book();
    let item = RwSignal::new(scene.address.query.with_untracked(|q| q.get("ci").to_owned()));
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let outcome = RwSignal::new(None::<Result<RcaTrial, ApiError>>);
    let wrong = move |value: RwSignal<String>| {
        Signal::derive(move || {
            value.with(|v| !v.is_empty() && parse_local(v).is_none()).then(|| text.bad_time().to_owned())
        })
    };
    let run = move || {
        let request = TryRcaTemplate {
            template: scene.draft.get_untracked(),
            ci: Some(item.get_untracked()).filter(|code| !code.is_empty()).into_iter().collect(),
            from: from.with_untracked(|v| parse_local(v)),
            to: to.with_untracked(|v| parse_local(v)),
        };
        busy.set(true);
        spawn_local(async move {
            outcome.try_set(Some(call(move || api::causes::try_rca_template(request.clone())).await));
            busy.try_set(false);
        });
    };
    let faulty = Signal::derive(move || scene.draft.with(|d| !d.faults().is_empty()));
    view! {
        <section class="rcat-part" data-testid="cause-try">
            <p class="small soft">{text.try_text()}</p>
            <form class="rcat-fields" on:submit=move |event| { event.prevent_default(); if !faulty.get_untracked() { run(); } }>
                <div class="field"><span class="rcat-label">{text.item()}</span>
                    <CiPicker value=item label=text.item() placeholder=text.any_item() book=book.value on_pick=move |code| item.set(code)/></div>
                <Field label=text.from() hint=text.times_hint() error=wrong(from)><Input value=from r#type="datetime-local"/></Field>
                <Field label=text.to() error=wrong(to)><Input value=to r#type="datetime-local"/></Field>
                <div class="rcat-run"><Button kind=Kind::Primary icon=ic::PLAY r#type="submit" busy=busy disabled=faulty>{text.run()}</Button></div>
            </form>
        </section>
        <div aria-live="polite">
            {move || match outcome.get() {
                None => view! { <p class="small faint">{text.no_run()}</p> }.into_any(),
                Some(Err(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| run())/> }.into_any(),
                Some(Ok(trial)) => beside(&trial),
            }}
        </div>
    }
}

fn beside(trial: &RcaTrial) -> AnyView {
    let text = t().causes;
    let first = |o: &RcaOutcome| o.hypotheses.first().map(|h| (h.ci.clone(), h.resource));
    let same = first(&trial.tried) == first(&trial.present);
    let (tone, word) = if same { (Tone::Ok, text.same()) } else { (Tone::Warn, text.differs()) };
    view! {
        <Callout tone=tone>{word}</Callout>
        <div class="rcat-beside">
            {side(text.tried(), &trial.tried, "tried")}
            {side(text.present(), &trial.present, "present")}
        </div>
    }
    .into_any()
}

fn side(title: &'static str, outcome: &RcaOutcome, id: &'static str) -> AnyView {
    let text = t().causes;
    let version = if outcome.version > 0 { text.version(outcome.version) } else { String::new() };
    let rows = outcome.hypotheses.iter().map(|h| {
        let percent = (h.confidence * 100.0).round();
        view! {
            <li><span class="rank">{h.rank}</span>
                <span class="grow"><a class="id" href=format!("/cis/{}", h.ci)>{h.ci.clone()}</a>" · "{h.resource.label().get(lang()).to_owned()}
                    <span class="small soft block">{h.summary.clone()}</span></span>
                <span class="num small nowrap">{format!("{percent} %")}" "<span class="faint">{format!("({:.2})", h.score)}</span></span></li>
        }
    });
    let list = if outcome.hypotheses.is_empty() {
        view! { <p class="soft">{text.nothing()}</p> }.into_any()
    } else {
        view! { <ol class="rcat-hyps">{rows.collect_view()}</ol> }.into_any()
    };
    view! {
        <section class="card rcat-side" aria-label=title data-testid=format!("cause-{id}")>
            <header class="row"><h3 class="grow">{title}</h3><span class="small faint">{l(&outcome.name)}" "{version}" · "{duration_ms(outcome.ms)}</span></header>
            {list}
            {outcome.notes.iter().map(|note| view! { <p class="small faint">{note.clone()}</p> }).collect_view()}
        </section>
    }
    .into_any()
}
