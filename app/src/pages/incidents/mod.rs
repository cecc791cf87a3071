//! Incidents: what left the usual near each other at the same time, how it spread, what may have caused it.

mod decisive;
mod detail;
mod feedback;
mod list;
mod say;
mod scan;
mod spread;

pub use say::{NotAnomalyButton, said};

use chrono::{DateTime, Duration, Utc};
use leptos::prelude::*;
use model::incident::{IncidentPage, IncidentQuery, IncidentSummary};

use crate::{
    api,
    i18n::t,
    ui::{
        Crumb, ErrorState, Remote, Skeleton, Tone, call,
        estate::{Address, Span, use_narrow},
        remote, set_crumbs,
    },
};

/// Incidents of a page of the list.
const PAGE: u32 = 50;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Scene {
    address: Address,
    query: Memo<IncidentQuery>,
    page: Remote<IncidentPage>,
    /// The one that is open is read again.
    again: RwSignal<u32>,
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
        address.query.with(|q| {
            let (from, to) = Span::parse(q.get("range"), Span::All).bounds(None);
            let show = q.get("show");
            IncidentQuery {
                from,
                to,
                ci: q.get("ci").to_owned(),
                ongoing: (show == "ongoing").then_some(true),
                explained: (show == "explained").then_some(true),
                limit: PAGE,
                ..IncidentQuery::default()
            }
        })
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
    let scene = Scene { address, query, page, again: RwSignal::new(0), chosen };
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
                (false, None) => view! { <div class="inc-wait"><Skeleton rows=10/></div> }.into_any(),
                (true, _) => view! {
                    <list::List scene/>
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

/// Where the values of an item around a time are seen.
fn values_href(ci: &str, from: DateTime<Utc>, until: DateTime<Utc>) -> String {
    let span = Span::Between(from - Duration::hours(6), until + Duration::hours(2));
    let ci = String::from(js_sys::encode_uri_component(ci));
    format!("/cis/{ci}?tab=metrics&range={}", span.text())
}
