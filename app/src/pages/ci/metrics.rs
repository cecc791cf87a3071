//! Charts of the metrics of an item: one window, one crosshair, the same marks in all of them.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::metrics::{RangeQuery, SeriesData, SeriesInfo};

use crate::{
    api,
    i18n::{date_time, t},
    pages::incidents::{NotAnomalyButton, said},
    ui::{
        Head, LineChart, Skeleton, call,
        chart::{
            AidSwitches, LineSeries, LineSpec, Mark, ahead_shown, float, number, usual_shown, with_unit,
        },
        estate::Book,
        remote,
    },
};

/// Lines in one chart: more cannot be told apart.
const MOST_LINES: usize = 8;
/// Charts shown before the rest is asked for.
const FIRST_CHARTS: usize = 12;
/// Points of a line.
const POINTS: u32 = 300;
/// Hours that are foretold where the data end within the window.
const AHEAD_H: u32 = 24;
/// Anomalies named below a chart.
const NAMED: usize = 3;

/// A window of time.
pub type Window = (DateTime<Utc>, DateTime<Utc>);

/// The series of one metric.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSeries {
    /// Key of the metric.
    pub metric: String,
    /// Its series: one, or one for each other end.
    pub series: Vec<SeriesInfo>,
}

/// Series by metric, in the order of the catalogue, those of the item itself before those of call edges.
pub fn by_metric(series: &[SeriesInfo], book: &Book) -> Vec<MetricSeries> {
    let mut out: Vec<MetricSeries> = Vec::new();
    for info in series {
        match out.iter_mut().find(|m| m.metric == info.metric) {
            Some(metric) => metric.series.push(info.clone()),
            None => out.push(MetricSeries { metric: info.metric.clone(), series: vec![info.clone()] }),
        }
    }
    let place = |key: &str| book.metrics.iter().position(|m| m.key == key).unwrap_or(usize::MAX);
    out.sort_by_key(|m| (m.series.iter().any(|s| s.peer.is_some()), place(&m.metric)));
    out
}

/// The time covered by series.
pub fn covers(series: &[SeriesInfo]) -> Option<Window> {
    let known = || series.iter().filter_map(|s| s.covers);
    Some((known().map(|c| c.0).min()?, known().map(|c| c.1).max()?))
}

/// The charts.
#[component]
pub fn Metrics(
    /// Code of the item.
    code: String,
    /// Series by metric.
    metrics: Vec<MetricSeries>,
    /// The catalogue.
    book: Book,
    /// The window shown.
    #[prop(into)]
    window: Signal<Option<Window>>,
    /// Changes and events.
    #[prop(into)]
    marks: Signal<Vec<Mark>>,
    /// Only the first so many, with a link to the others.
    #[prop(optional)]
    only: Option<usize>,
    /// Shows all of them.
    #[prop(into)]
    on_all: Callback<()>,
    /// Goes to the last hours that have values.
    #[prop(into)]
    on_end: Callback<()>,
) -> impl IntoView {
    let text = t().ci;
    let count = metrics.len();
    let shown = RwSignal::new(only.unwrap_or(FIRST_CHARTS).min(count));
    let covered = covers(&metrics.iter().flat_map(|m| m.series.clone()).collect::<Vec<_>>());
    let outside = move || {
        let (from, to) = window.get()?;
        let (first, last) = covered?;
        (to <= first || from > last).then(|| {
            view! {
                <p class="small metric-outside">
                    {text.covered(&date_time(first), &date_time(last))}
                    " "
                    <button type="button" class="btn sm" on:click=move |_| on_end.run(())>{text.to_end()}</button>
                </p>
            }
        })
    };
    let metrics = StoredValue::new(metrics);
    let book = StoredValue::new(book);
    view! {
        <section class="card" data-testid="ci-metrics">
            <Head title=text.metrics() note=crate::i18n::number(count as u64)>
                <span class="legend">
                    <AidSwitches usual=true ahead=true/>
                    <span><i class="key-spread"></i>{text.band()}</span>
                    <span><i class="ln key-mark"></i>{text.marks()}</span>
                </span>
                {(only.is_some_and(|n| n < count))
                    .then(|| {
                        view! {
                            <button type="button" class="btn ghost sm" on:click=move |_| on_all.run(())>{text.all_metrics(count as u64)}</button>
                        }
                    })}
            </Head>
            {outside}
            <div class="metrics">
                <For
                    each=move || metrics.with_value(|m| m.iter().take(shown.get()).cloned().collect::<Vec<_>>())
                    key=|m| m.metric.clone()
                    let:metric
                >
                    <Panel code=code.clone() metric=metric book=book.get_value() window=window marks=marks/>
                </For>
            </div>
            {move || {
                (only.is_none() && shown.get() < count)
                    .then(|| {
                        view! {
                            <p class="metric-more">
                                <button type="button" class="btn" on:click=move |_| shown.update(|n| *n += FIRST_CHARTS)>
                                    {text.more_relations((count - shown.get()) as u64)}
                                </button>
                            </p>
                        }
                    })
            }}
        </section>
    }
}

/// The chart of one metric; it loads by itself.
#[component]
fn Panel(
    code: String,
    metric: MetricSeries,
    book: Book,
    window: Signal<Option<Window>>,
    marks: Signal<Vec<Mark>>,
) -> impl IntoView {
    let text = t().ci;
    let name = book.metric(&metric.metric);
    let unit = book.metric_def(&metric.metric).map(|m| m.unit.clone()).unwrap_or_default();
    let all = metric.series.len();
    let ids: Vec<_> = metric.series.iter().take(MOST_LINES).map(|s| s.id).collect();
    let data = remote(move || {
        let window = window.get();
        let series = ids.clone();
        async move {
            let Some((from, to)) = window else { return Ok(Vec::new()) };
            let query = RangeQuery { series, from, to, max_points: POINTS, usual: true, ahead_h: AHEAD_H };
            call(move || api::metrics::metric_range(query.clone())).await
        }
    });
    let unit_of = StoredValue::new(unit);
    let title = StoredValue::new(name.clone());
    let spec = Signal::derive(move || {
        let (window, marks) = (window.get(), marks.get());
        data.value.with(|data| {
            spec(
                data.as_deref().unwrap_or_default(),
                &code,
                &title.get_value(),
                &unit_of.get_value(),
                window,
                marks,
            )
        })
    });
    let facts = move || {
        data.value.with(|data| {
            let points = &data.as_deref()?.first().filter(|_| all == 1)?.points;
            let last = points.last()?.1;
            #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
            let mean = points.iter().map(|p| p.1).sum::<f64>() / points.len() as f64;
            let unit = unit_of.get_value();
            Some(view! {
                <b class="m-last" title=text.last()>{with_unit(last, &unit)}</b>
                <span class="faint nowrap">{text.mean()} " " {number(mean)}</span>
            })
        })
    };
    // Said once: what is true of one line is true of all that are as old.
    let below = move || {
        let found = data.value.get().unwrap_or_default();
        let missing = found.iter().find_map(|s| s.usual.as_ref()?.missing.clone()).filter(|_| usual_shown());
        let unsure = found.iter().find_map(|s| s.ahead.as_ref()?.missing.clone()).filter(|_| ahead_shown());
        let notes: Vec<_> =
            missing.into_iter().chain(unsure).map(|note| crate::i18n::sentence(&note)).collect();
        let mut outside: Vec<_> = found
            .into_iter()
            .flat_map(|s| {
                let ci = s.info.ci;
                s.usual
                    .map(|usual| usual.anomalies)
                    .unwrap_or_default()
                    .into_iter()
                    .map(move |d| (ci.clone(), d))
            })
            .collect();
        outside.sort_by(|a, b| b.1.sigma.total_cmp(&a.1.sigma));
        let more = outside.len().saturating_sub(NAMED);
        outside.truncate(NAMED);
        let unit = unit_of.get_value();
        view! {
            {notes.into_iter().map(|note| view! { <p class="small faint">{note}</p> }).collect_view()}
            {(!outside.is_empty() && usual_shown()).then(|| view! {
                <ul class="metric-outside-list" data-testid="metric-anomalies">
                    {outside.into_iter().map(|(ci, d)| view! {
                        <li class="row small"><span class="grow cut">{said(&d, &unit)}</span><NotAnomalyButton ci deviation=d on_done=move |()| data.reload()/></li>
                    }).collect_view()}
                    {(more > 0).then(|| view! { <li class="small faint">{text.more_relations(more as u64)}</li> })}
                </ul>
            })}
        }
    };
    let peers = (all > MOST_LINES)
        .then(|| view! { <span class="faint small">{text.peers(MOST_LINES as u64, all as u64)}</span> });
    view! {
        <div class="metric">
            <div class="m-head">
                <span class="cut" title=metric.metric.clone()>{name}</span>
                {peers}
                {facts}
            </div>
            {move || match (data.value.with(Option::is_some), data.error.get()) {
                (_, Some(error)) => view! { <p class="small up chart-none">{crate::i18n::l(&error.message)}</p> }.into_any(),
                (true, None) => {
                    view! {
                        <LineChart spec=spec label=Signal::derive(move || title.get_value()) height=if all == 1 { 124 } else { 168 } group="ci" switches=false/>
                        {below}
                    }.into_any()
                }
                (false, None) => view! { <Skeleton rows=3/> }.into_any(),
            }}
        </div>
    }
}

fn spec(
    data: &[SeriesData],
    code: &str,
    name: &str,
    unit: &str,
    window: Option<Window>,
    marks: Vec<Mark>,
) -> LineSpec {
    let series = data
        .iter()
        .map(|s| LineSeries {
            name: line_name(&s.info, code, name),
            points: s.points.iter().map(|p| (float(p.0), p.1)).collect(),
            band: if s.bucket_ms > 0 {
                s.points.iter().map(|p| (float(p.0), p.2, p.3)).collect()
            } else {
                Vec::new()
            },
            usual: s.usual.iter().flat_map(|u| &u.band).map(|p| (float(p.0), p.1, p.3)).collect(),
            ahead: s.ahead.iter().flat_map(|a| &a.points).map(|p| (float(p.0), p.1, p.2, p.3)).collect(),
        })
        .collect();
    let outside = data
        .iter()
        .flat_map(|s| s.usual.iter().flat_map(|u| &u.anomalies))
        .map(|d| (d.from.timestamp_millis(), d.until.timestamp_millis()))
        .collect();
    LineSpec {
        outside,
        series,
        unit: unit.to_owned(),
        marks,
        limits: Vec::new(),
        window: window.map(|(a, b)| (a.timestamp_millis(), b.timestamp_millis())),
        compact: data.len() <= 1,
    }
}

/// What a line is called: the metric, or for a call edge the other end, with an arrow the way the call goes.
fn line_name(info: &SeriesInfo, code: &str, metric: &str) -> String {
    match &info.peer {
        None => metric.to_owned(),
        Some(peer) if info.ci == code => format!("→ {peer}"),
        Some(_) => format!("{} →", info.ci),
    }
}
