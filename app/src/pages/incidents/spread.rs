//! How it spread: one lane per item, farther items lower, a line through the first deviation of each.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::{
    incident::{IncidentDetail, Lane},
    rca::Check,
};

use super::detail::{Numbered, mark};
use crate::i18n::{date_time, t, time};

/// Height of a lane in pixels; must be that of `.spread-lane`.
const TALL: f64 = 26.0;

/// The picture.
#[component]
pub fn Spread(
    detail: IncidentDetail,
    /// The findings, by the numbers of which the picture leads to them.
    evidence: Vec<Numbered>,
    hot: RwSignal<Option<u32>>,
) -> impl IntoView {
    let text = t().incidents;
    let from =
        detail.changes.iter().map(|c| c.at).chain([detail.summary.from]).min().unwrap_or(detail.summary.from);
    let from = from.max(detail.summary.from - chrono::Duration::hours(2));
    let span = (detail.summary.until - from).num_milliseconds().max(60_000) as f64;
    // a little room at both ends, so that the first and the last mark are whole
    let (start, span) = (from.timestamp_millis() as f64 - span * 0.02, span * 1.06);
    let place =
        move |at: DateTime<Utc>| ((at.timestamp_millis() as f64 - start) / span * 100.0).clamp(0.0, 100.0);
    let has_changes = !detail.changes.is_empty();
    let offset = f64::from(u8::from(has_changes)) * TALL;
    let mut points: Vec<(DateTime<Utc>, f64, f64)> = detail
        .lanes
        .iter()
        .enumerate()
        .map(|(n, lane)| (lane.first, place(lane.first), offset + n as f64 * TALL + TALL / 2.0))
        .collect();
    points.sort_by_key(|point| point.0);
    let path: String = points
        .iter()
        .enumerate()
        .map(|(n, (_, x, y))| format!("{}{x:.2} {y:.1}", if n == 0 { "M" } else { "L" }))
        .collect();
    let tall = offset + detail.lanes.len() as f64 * TALL;
    let label = text.reach_label(
        detail.lanes.len() as u64,
        &date_time(detail.summary.from),
        &date_time(detail.summary.until),
    );
    let ticks: Vec<_> = (0..5)
        .map(|n| {
            let share = f64::from(n) / 4.0;
            let at = DateTime::from_timestamp_millis((start + span * share) as i64).unwrap_or_default();
            let class = if n == 0 {
                "first"
            } else if n == 4 {
                "last"
            } else {
                ""
            };
            view! { <span class=class style=format!("left:{}%", share * 100.0)>{time(at)}</span> }
        })
        .collect();
    let until = detail.summary.until;
    let cause = detail.hypotheses.first().map(|h| h.ci.clone());
    // a number stands where its finding begins: at the first deviation of an item, at a change
    let of = |fits: &dyn Fn(&Numbered) -> bool, at: DateTime<Utc>| {
        let found = evidence.iter().find(|e| fits(e))?;
        Some(
            view! { <span class="spread-n" style=format!("left:{:.2}%", place(at))>{mark(found.n, hot)}</span> },
        )
    };
    let lanes: Vec<_> = detail
        .lanes
        .iter()
        .map(|lane| {
            let shown = |e: &Numbered| e.finding.ci == lane.ci && e.finding.before.is_some();
            one(lane, cause.as_deref(), until, place, of(&shown, lane.first).into_any())
        })
        .collect();
    let marks: Vec<_> = detail
        .changes
        .iter()
        .map(|change| {
            let shown = |e: &Numbered| e.finding.check == Check::Change && e.finding.at == Some(change.at);
            of(&shown, change.at)
        })
        .collect();
    let changes = detail.changes.clone();
    view! {
        <div class="spread" role="group" aria-label=label data-testid="spread">
            {has_changes.then(|| view! {
                <div class="spread-lane"><span class="spread-name"><b>{text.changes()}</b></span>
                    <span class="spread-track">{changes.into_iter().map(|change| view! {
                        <i class="change" style=format!("left:{:.2}%", place(change.at)) title=format!("{} {} {}", date_time(change.at), change.ci, change.title)></i>
                    }).collect_view()}{marks}</span></div>
            })}
            {lanes}
            <svg class="spread-line" viewBox=format!("0 0 100 {tall}") preserveAspectRatio="none" style=format!("height:{tall}px") aria-hidden="true">
                <path d=path vector-effect="non-scaling-stroke"></path>
            </svg>
            <div class="spread-axis" aria-hidden="true">{ticks}</div>
        </div>
    }
}

fn one(
    lane: &Lane,
    cause: Option<&str>,
    until: DateTime<Utc>,
    place: impl Fn(DateTime<Utc>) -> f64,
    number: AnyView,
) -> AnyView {
    let text = t().incidents;
    let role = match lane.distance {
        Some(0) if cause == Some(lane.ci.as_str()) => text.candidate().to_owned(),
        Some(n) if n > 0 => text.steps_away(n),
        _ => String::new(),
    };
    let last = lane.deviations.iter().map(|d| d.until).max().unwrap_or(until);
    let (left, right) = (place(lane.first), place(last));
    let tone = if lane.severe { "bad" } else { "warn" };
    let ticks: Vec<_> = lane
        .deviations
        .iter()
        .map(|d| view! { <i class=tone style=format!("left:{:.2}%;width:max(2px, {:.2}%)", place(d.from), place(d.until) - place(d.from)) title=format!("{} {}", d.metric, date_time(d.from))></i> })
        .collect();
    let events: Vec<_> = lane
        .events
        .iter()
        .map(|e| view! { <i class="event" style=format!("left:{:.2}%", place(e.at)) title=format!("{} {} {}", date_time(e.at), e.title, e.note)></i> })
        .collect();
    view! {
        <div class="spread-lane">
            <span class="spread-name"><a class="plain cut" href=format!("/cis/{}", lane.ci) title=lane.name.clone()>{lane.ci.clone()}</a><span class="small faint nowrap">{role}</span></span>
            <span class="spread-track">
                <i class=format!("span {tone}") style=format!("left:{left:.2}%;width:{:.2}%", (right - left).max(0.4))></i>
                {ticks}{events}
                <i class="dot-first" style=format!("left:{left:.2}%")></i>
                {number}
            </span>
        </div>
    }
    .into_any()
}
