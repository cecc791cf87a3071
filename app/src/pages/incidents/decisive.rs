//! The series that decides: that of the likely cause, with its expected range and the moment it left it. And every
//! deviation, each of which can be said to be none.

use chrono::Duration;
use leptos::prelude::*;
use model::{
    SeriesId,
    incident::{Deviation, IncidentDetail},
    metrics::RangeQuery,
};

use super::{
    Scene,
    say::{NotAnomalyButton, form},
};
use crate::{
    api,
    i18n::{date_time, decimal, t, time},
    ui::{
        Loaded, call,
        chart::{LineChart, LineSeries, LineSpec, Mark, float},
        estate::Book,
        remote,
    },
};

/// Points of the line, hours before and after the incident, deviations shown.
const POINTS: u32 = 400;
const BEFORE_H: i64 = 6;
const AFTER_H: i64 = 2;
const SHOWN: usize = 40;

/// The deviation that decides: of the item of the best hypothesis and its metric, else the strongest of all.
fn deciding(detail: &IncidentDetail) -> Option<(String, Deviation)> {
    let all = || detail.lanes.iter().flat_map(|lane| lane.deviations.iter().map(|d| (&lane.ci, d)));
    let strongest = |a: &(&String, &Deviation), b: &(&String, &Deviation)| a.1.sigma.total_cmp(&b.1.sigma);
    let best = detail.hypotheses.first();
    let of_best = best.and_then(|h| {
        let here = || all().filter(|(ci, d)| **ci == h.ci || d.peer == h.ci);
        here().filter(|(_, d)| d.metric == h.metric).max_by(strongest).or_else(|| here().max_by(strongest))
    });
    of_best.or_else(|| all().max_by(strongest)).map(|(ci, d)| (ci.clone(), d.clone()))
}

/// The chart of it.
#[component]
pub fn Decisive(detail: IncidentDetail, book: Option<Book>) -> impl IntoView {
    let text = t().incidents;
    let Some((ci, d)) = deciding(&detail) else { return ().into_any() };
    let window =
        (detail.summary.from - Duration::hours(BEFORE_H), detail.summary.until + Duration::hours(AFTER_H));
    let series: SeriesId = d.series;
    let data = remote(move || {
        let query = RangeQuery {
            series: vec![series],
            from: window.0,
            to: window.1,
            max_points: POINTS,
            usual: true,
            ahead_h: 0,
        };
        call(move || api::metrics::metric_range(query.clone()))
    });
    let metric = book.as_ref().map_or_else(|| d.metric.clone(), |book| book.metric(&d.metric));
    let name = if d.peer.is_empty() {
        format!("{ci} · {metric}")
    } else {
        format!("{ci} → {} · {metric}", d.peer)
    };
    let title = name.clone();
    let at = d.from.timestamp_millis();
    let changes: Vec<Mark> = detail
        .changes
        .iter()
        .filter(|change| change.at >= window.0)
        .map(|change| Mark {
            at: change.at.timestamp_millis(),
            until: None,
            n: None,
            label: format!("{} {}", change.ci, change.title),
        })
        .collect();
    view! {
        <section class="inc-box" aria-label=text.decisive() data-testid="decisive">
            <div class="row"><h2>{text.decisive()}</h2><span class="soft cut">{title}</span></div>
            <Loaded remote=data let:found>
                {
                    let Some(one) = found.into_iter().next() else { return ().into_any() };
                    let mut marks = changes.clone();
                    marks.push(Mark { at, until: None, n: Some(1), label: text.first_deviation().to_owned() });
                    marks.sort_by_key(|mark| mark.at);
                    let missing = one.usual.as_ref().and_then(|u| u.missing.clone());
                    let spec = LineSpec {
                        series: vec![LineSeries {
                            name: name.clone(),
                            points: one.points.iter().map(|p| (float(p.0), p.1)).collect(),
                            usual: one.usual.iter().flat_map(|u| &u.band).map(|p| (float(p.0), p.1, p.3)).collect(),
                            ..LineSeries::default()
                        }],
                        outside: one.usual.iter().flat_map(|u| &u.anomalies).map(|d| (d.from.timestamp_millis(), d.until.timestamp_millis())).collect(),
                        unit: one.unit.clone(),
                        window: Some((window.0.timestamp_millis(), window.1.timestamp_millis())),
                        marks,
                        ..LineSpec::default()
                    };
                    view! {
                        <LineChart spec=Signal::stored(spec) label=Signal::stored(name.clone()) height=180/>
                        {missing.map(|note| view! { <p class="small faint">{crate::i18n::sentence(&note)}</p> })}
                    }.into_any()
                }
            </Loaded>
        </section>
    }
    .into_any()
}

/// Every deviation, in order of time.
#[component]
pub fn Deviations(scene: Scene, detail: IncidentDetail, book: Option<Book>) -> impl IntoView {
    let text = t().incidents;
    let mut all: Vec<(String, Deviation)> = detail
        .lanes
        .iter()
        .flat_map(|lane| lane.deviations.iter().map(|d| (lane.ci.clone(), d.clone())))
        .collect();
    all.sort_by_key(|(_, d)| d.from);
    let count = all.len() as u64;
    let shown = RwSignal::new(SHOWN.min(all.len()));
    let all = StoredValue::new(all);
    let book = StoredValue::new(book);
    let rows = move || {
        let rows = all.with_value(|all| all.iter().take(shown.get()).cloned().collect::<Vec<_>>());
        rows.into_iter().map(|(ci, d)| line(ci, d, scene, book)).collect_view()
    };
    view! {
        <section class="inc-box" aria-label=text.deviations_n(count)>
            <div class="row"><h2>{text.deviations_n(count)}</h2></div>
            <ul data-testid="deviations">{rows}</ul>
            {move || ((shown.get() as u64) < count).then(|| view! {
                <button type="button" class="btn sm" on:click=move |_| shown.update(|n| *n += SHOWN)>{text.more()}</button>
            })}
        </section>
    }
}

fn line(ci: String, d: Deviation, scene: Scene, book: StoredValue<Option<Book>>) -> AnyView {
    let text = t().incidents;
    let (metric, unit) = book.with_value(|book| match book {
        Some(book) => {
            (book.metric(&d.metric), book.metric_def(&d.metric).map(|m| m.unit.clone()).unwrap_or_default())
        }
        None => (d.metric.clone(), String::new()),
    });
    let peer = if d.peer.is_empty() { String::new() } else { format!(" → {}", d.peer) };
    let sigmas = (d.sigma > 0.0).then(|| text.sigmas(&decimal(d.sigma, 1)));
    view! {
        <li class="inc-dev">
            <time class="small faint nowrap" title=date_time(d.from)>{time(d.from)}"–"{time(d.until)}</time>
            <span class="grow"><a class="id" href=super::values_href(&ci, d.from, d.until)>{ci.clone()}</a>{peer}" "{metric}" "<span class="soft" title=sigmas>{form(&d, &unit)}</span></span>
            <NotAnomalyButton ci=ci.clone() deviation=d on_done=move |()| { scene.again.update(|n| *n += 1); scene.page.reload(); }/>
        </li>
    }
    .into_any()
}
