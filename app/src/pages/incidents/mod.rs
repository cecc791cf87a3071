//! Incidents: what left the usual near each other at the same time, how it spread, what may have caused it.

mod detail;
mod spread;

use leptos::prelude::*;
use model::incident::{IncidentPage, IncidentQuery, IncidentSummary};

use crate::{
    api,
    i18n::{date_time, duration_ms, t},
    ui::{
        Crumb, Empty, ErrorState, LinkButton, Remote, Skeleton, StatusDot, Tone,
        button::Kind,
        call,
        estate::{Address, RangePicker, Span, use_narrow},
        ic, remote, set_crumbs,
    },
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Scene {
    address: Address,
    query: Memo<IncidentQuery>,
    page: Remote<IncidentPage>,
    chosen: Memo<Option<String>>,
}

impl Scene {
    fn href(self, id: &str) -> String {
        let mut query = self.address.query.get();
        query.set("id", id);
        query.href("/incidents")
    }
}

/// The page of `/incidents`.
#[component]
pub fn IncidentsPage() -> impl IntoView {
    let text = t().incidents;
    let address = Address::of(|| "/incidents".to_owned());
    let narrow = use_narrow();
    let query = Memo::new(move |_| {
        let span = address.query.with(|q| Span::parse(q.get("range"), Span::Last(72)));
        match span {
            // the server knows where the data end
            Span::Between(from, to) => IncidentQuery { from: Some(from), to: Some(to) },
            _ => IncidentQuery::default(),
        }
    });
    let page = remote(move || {
        let query = query.get();
        call(move || api::incidents::list_incidents(query.clone()))
    });
    let chosen = Memo::new(move |_| {
        let asked = address.query.with(|q| q.get("id").to_owned());
        if !asked.is_empty() {
            return Some(asked);
        }
        let first = page.value.with(|page| page.as_ref()?.items.first().map(|i| i.id.clone()));
        first.filter(|_| !narrow.get())
    });
    let scene = Scene { address, query, page, chosen };
    Effect::new(move || {
        let here = chosen.get().and_then(|id| page.value.with(|page| named(page.as_ref()?, &id)));
        set_crumbs(match here {
            Some(name) => vec![Crumb::link(text.title(), "/incidents"), Crumb::here(name)],
            None => vec![Crumb::here(text.title())],
        });
    });
    let shape = Memo::new(move |_| (page.value.with(Option::is_some), page.error.get()));
    view! {
        <div class="incs" class:chosen=move || chosen.get().is_some() data-testid="incidents">
            {move || match shape.get() {
                (false, Some(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| page.reload())/> }.into_any(),
                (false, None) => view! { <div class="inc-wait"><p class="row soft" role="status"><span class="dot run"></span>{text.finding()}</p><Skeleton rows=10/></div> }.into_any(),
                (true, _) => view! {
                    <List scene/>
                    {move || match scene.chosen.get() {
                        Some(id) => view! { <detail::Detail scene id/> }.into_any(),
                        None => view! { <section class="inc-det"><p class="soft pad">{text.pick()}</p></section> }.into_any(),
                    }}
                }.into_any(),
            }}
        </div>
    }
}

fn named(page: &IncidentPage, id: &str) -> Option<String> {
    page.items.iter().find(|i| i.id == id).map(name)
}

/// Its first item and how many others.
fn name(incident: &IncidentSummary) -> String {
    let first = incident.items.first().map(String::as_str).unwrap_or_default();
    t().incidents.name(first, incident.items.len() as u64)
}

/// How an incident stands: shape and word.
fn tone(incident: &IncidentSummary) -> (Tone, &'static str) {
    let text = t().incidents;
    match (incident.ongoing, incident.severe) {
        (true, true) => (Tone::Danger, text.ongoing()),
        (true, false) => (Tone::Warn, text.ongoing()),
        (false, true) => (Tone::Danger, text.ended()),
        (false, false) => (Tone::Warn, text.ended()),
    }
}

#[component]
fn List(scene: Scene) -> impl IntoView {
    let text = t().incidents;
    let show = RwSignal::new("all");
    let items =
        move || scene.page.value.with(|page| page.as_ref().map(|p| p.items.clone()).unwrap_or_default());
    let fits = move |incident: &IncidentSummary| match show.get() {
        "ongoing" => incident.ongoing,
        "explained" => incident.cause.is_some(),
        _ => true,
    };
    let chip = move |key: &'static str, label: fn(u64) -> String, count: fn(&IncidentSummary) -> bool| {
        view! {
            <button type="button" class="chip" aria-pressed=move || (show.get() == key).to_string() on:click=move |_| show.set(key)>
                {move || label(items().iter().filter(|i| count(i)).count() as u64)}
            </button>
        }
    };
    let span =
        Signal::derive(move || scene.address.query.with(|q| Span::parse(q.get("range"), Span::Last(72))));
    let end = Signal::derive(move || scene.page.value.with(|page| page.as_ref().map(|p| p.window.1)));
    let foot = move || {
        scene.page.value.with(|page| {
            page.as_ref().map(|page| {
                view! {
                    <p class="small faint inc-foot">
                        {text.looked(u64::from(page.series))}" "
                        {(page.alone > 0).then(|| text.alone(u64::from(page.alone)))}
                    </p>
                }
            })
        })
    };
    let none = move || {
        let series = scene.page.value.with(|page| page.as_ref().map_or(0, |p| p.series));
        if series == 0 {
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
                {chip("all", |n| t().incidents.all(n), |_| true)}
                {chip("ongoing", |n| t().incidents.ongoing_n(n), |i| i.ongoing)}
                {chip("explained", |n| t().incidents.explained_n(n), |i| i.cause.is_some())}
                <span class="grow"></span>
                <RangePicker span=span end=end on_change=move |span: Span| scene.address.push(|q| {
                    q.set("id", "");
                    q.set("range", match span.bounds(end.get_untracked()) {
                        (Some(from), Some(to)) => Span::Between(from, to).text(),
                        _ => String::new(),
                    });
                })/>
            </div>
            <div class="scroll inc-items" tabindex="0">
                {move || {
                    let all: Vec<IncidentSummary> = items().into_iter().filter(fits).collect();
                    if all.is_empty() {
                        none()
                    } else {
                        all.into_iter().map(|incident| view! { <Entry scene incident/> }).collect_view().into_any()
                    }
                }}
                {foot}
            </div>
        </section>
    }
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
            <span class="row"><StatusDot tone=tone label=word bare=true/><b class="cut grow">{name(&incident)}</b>
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
                None => view! { <span class="small faint">{text.not_yet()}</span> }.into_any(),
            }}
            <span class="row small faint"><span class="cut grow">{systems}</span>
                <span class="nowrap">{text.counts(u64::from(incident.deviations), u64::from(incident.events))}</span></span>
        </a>
    }
}
