//! The list: how the search stands, what it found, what people said to be none.

use leptos::{prelude::*, task::spawn_local};
use model::incident::{IncidentPage, IncidentQuery, IncidentSummary};

use super::{Scene, feedback::FeedbackPanel, name, scan::ScanLine, tone};
use crate::{
    api,
    i18n::{date_time, duration_ms, t},
    ui::{
        Button, Empty, LinkButton, StatusDot,
        button::Kind,
        call,
        estate::{RangePicker, Span},
        ic, toast_error,
    },
};

#[component]
pub fn List(scene: Scene) -> impl IntoView {
    let text = t().incidents;
    let feedback = RwSignal::new(false);
    let show = Memo::new(move |_| scene.address.query.with(|q| q.get("show").to_owned()));
    // The first page comes with the page; further ones are put behind it.
    let further = RwSignal::new((Vec::<IncidentSummary>::new(), None::<String>));
    let busy = RwSignal::new(false);
    Effect::new(move || {
        scene.page.value.with(|page| further.set((Vec::new(), page.as_ref().and_then(|p| p.next.clone()))));
    });
    let items = move || {
        let mut items =
            scene.page.value.with(|page| page.as_ref().map(|p| p.items.clone()).unwrap_or_default());
        items.extend(further.with(|f| f.0.clone()));
        items
    };
    let more = move |_| {
        let Some(cursor) = further.with_untracked(|f| f.1.clone()) else { return };
        let query = IncidentQuery { cursor: Some(cursor), ..scene.query.get_untracked() };
        busy.set(true);
        spawn_local(async move {
            match call(move || api::incidents::list_incidents(query.clone())).await {
                Ok(page) => {
                    further.try_update(|(items, next)| {
                        items.extend(page.items);
                        *next = page.next;
                    });
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let chip = move |key: &'static str, label: fn(u64) -> String, count: fn(&IncidentPage) -> u64| {
        let shown = Memo::new(move |_| scene.page.value.with(|page| page.as_ref().map(count)));
        view! {
            <button type="button" class="chip" aria-pressed=move || (show.get() == key).to_string()
                on:click=move |_| scene.address.push(|q| { q.set("id", ""); q.set("show", key); })>
                {move || label(shown.get().unwrap_or(0))}
            </button>
        }
    };
    let span = Signal::derive(move || scene.address.query.with(|q| Span::parse(q.get("range"), Span::All)));
    let end = Signal::derive(move || {
        scene.page.value.with(|page| page.as_ref().and_then(|p| p.scan.covered_until))
    });
    let foot = move || {
        scene.page.value.with(|page| {
            page.as_ref().map(|page| {
                view! {
                    <p class="small faint inc-foot">
                        {text.looked(u64::from(page.scan.series))}" "
                        {(page.scan.alone > 0).then(|| text.alone(u64::from(page.scan.alone)))}" "
                        {(page.scan.too_short > 0).then(|| text.too_short(u64::from(page.scan.too_short)))}
                    </p>
                }
            })
        })
    };
    let none = move || {
        let scan = scene.page.value.with(|page| page.as_ref().map(|p| p.scan.clone()).unwrap_or_default());
        if scan.series == 0 && !scan.running && !scan.waiting {
            return view! {
                <Empty title=text.no_data() text=text.no_data_text() glyph=ic::SIREN>
                    <LinkButton kind=Kind::Primary href="/import" icon=ic::UPLOAD>{text.import()}</LinkButton>
                </Empty>
            }
            .into_any();
        }
        view! { <Empty title=text.none() text=text.none_text() glyph=ic::SIREN/> }.into_any()
    };
    view! {
        <section class="inc-list" aria-label=text.list()>
            <div class="inc-top">
                {chip("", |n| t().incidents.all(n), |p| p.total)}
                {chip("ongoing", |n| t().incidents.ongoing_n(n), |p| p.ongoing)}
                {chip("explained", |n| t().incidents.explained_n(n), |p| p.explained)}
                <span class="grow"></span>
                <RangePicker span=span end=end on_change=move |span: Span| scene.address.push(|q| {
                    q.set("id", "");
                    // the list has an end of its own: a length counts back from the end of the data
                    q.set("range", match span.bounds(end.get_untracked()) {
                        (Some(from), Some(to)) => Span::Between(from, to).text(),
                        _ => String::new(),
                    });
                })/>
            </div>
            <ScanLine scene/>
            <div class="scroll inc-items" tabindex="0">
                {move || {
                    let all = items();
                    if all.is_empty() {
                        none()
                    } else {
                        parts(scene, all).into_any()
                    }
                }}
                {move || further.with(|f| f.1.is_some()).then(|| view! {
                    <p class="pad"><Button busy=busy on_click=more>{text.more()}</Button></p>
                })}
                {foot}
                <p class="inc-foot"><button type="button" class="btn ghost sm" data-testid="open-feedback" on:click=move |_| feedback.set(true)>{text.said_list()}</button></p>
            </div>
        </section>
        <FeedbackPanel scene open=feedback/>
    }
}

/// Those that go on before those that are over, each part under its name.
fn parts(scene: Scene, all: Vec<IncidentSummary>) -> AnyView {
    let text = t().incidents;
    let (now, over): (Vec<_>, Vec<_>) = all.into_iter().partition(|incident| incident.ongoing);
    [(text.ongoing(), now), (text.ended(), over)]
        .into_iter()
        .filter(|(_, part)| !part.is_empty())
        .map(|(name, part)| {
            view! {
                <h2 class="inc-part">{name}</h2>
                {part.into_iter().map(|incident| view! { <Entry scene incident/> }).collect_view()}
            }
        })
        .collect_view()
        .into_any()
}

#[component]
fn Entry(scene: Scene, incident: IncidentSummary) -> impl IntoView {
    let text = t().incidents;
    let (tone, word) = tone(&incident);
    let id = incident.id.clone();
    let lasted = (incident.until - incident.from).num_milliseconds().max(60_000) as f64;
    let cause = incident.cause.clone();
    let systems = incident.items.iter().skip(1).take(3).cloned().collect::<Vec<_>>().join(", ");
    view! {
        <a class="inc" href=scene.href(&incident.id) aria-current=move || (scene.chosen.read().as_deref() == Some(id.as_str())).then_some("true") data-testid="incident">
            <span class="row"><StatusDot tone=tone label=word bare=true/><span class="small soft mono">{incident.id.clone()}</span><b class="cut grow">{name(&incident)}</b>
                <span class="small faint nowrap">{date_time(incident.from)}" · "{duration_ms(lasted)}</span></span>
            {match cause {
                Some(cause) => {
                    let percent = (cause.confidence * 100.0).round();
                    view! {
                        <span class="h"><span class="cut small">{cause.ci}" · "{crate::i18n::l(&cause.resource)}</span>
                            <span class="meter" role="img" aria-label=text.confidence(&format!("{percent}"))><i style=format!("width:{percent}%")></i></span>
                            <b class="small num">{format!("{percent} %")}</b></span>
                    }.into_any()
                }
                None => view! { <span class="small faint">{if incident.explained { text.no_cause() } else { text.not_yet() }}</span> }.into_any(),
            }}
            <span class="row small faint"><span class="cut grow">{systems}</span>
                <span class="nowrap">{text.counts(u64::from(incident.deviations), u64::from(incident.events))}</span></span>
        </a>
    }
}
