//! One incident: in a sentence, how it spread, the series that decides, hypotheses, the evidence they rest on, deviations,
//! what happened when.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::{
    incident::{Deviation, IncidentDetail, Lane},
    rca::{Check, Finding, Hypothesis},
};

use super::{
    Scene,
    decisive::{Decisive, Deviations},
    name,
    say::form,
    spread::Spread,
    tone,
};
use crate::{
    api,
    i18n::{date_time, decimal, duration_ms, l, lang, t, time},
    pages::shell::ask_address,
    ui::{
        Icon, LinkButton, Loaded, StatusDot, Tone, call,
        dialog::focus_id,
        estate::{Book, use_book},
        ic::{self, Glyph},
        remote,
    },
};

/// Deviations of one item shown at the side.
const SHOWN: usize = 2;

/// One incident.
#[component]
pub fn Detail(scene: Scene, id: String) -> impl IntoView {
    let detail = remote(move || {
        let id = id.clone();
        scene.again.track();
        call(move || api::incidents::get_incident(id.clone()))
    });
    let book = use_book();
    view! {
        <div class="inc-main">
            <Loaded remote=detail let:detail>
                {move || view! { <Shown scene detail=detail.clone() book=book.value.get()/> }}
            </Loaded>
        </div>
    }
}

/// A finding with the number it is shown by.
#[derive(Clone)]
pub struct Numbered {
    pub n: u32,
    pub finding: Finding,
    against: bool,
}

/// Findings of all hypotheses, each once, in order.
fn numbered(hypotheses: &[Hypothesis]) -> Vec<Numbered> {
    let mut out: Vec<Numbered> = Vec::new();
    for hypothesis in hypotheses {
        let both = hypothesis.evidence_for.iter().map(|f| (f, false));
        for (finding, against) in both.chain(hypothesis.evidence_against.iter().map(|f| (f, true))) {
            if !out.iter().any(|known| known.finding.text == finding.text) {
                out.push(Numbered { n: out.len() as u32 + 1, finding: finding.clone(), against });
            }
        }
    }
    out
}

#[component]
fn Shown(scene: Scene, detail: IncidentDetail, book: Option<Book>) -> impl IntoView {
    let text = t().incidents;
    let s = detail.summary.clone();
    let (dot, word) = tone(&s);
    let lead =
        detail.hypotheses.first().map(|h| h.summary.clone()).unwrap_or_else(|| text.no_cause().to_owned());
    let why: Vec<String> = detail.why.iter().map(l).collect();
    let evidence = numbered(&detail.hypotheses);
    let hot = RwSignal::new(None::<u32>);
    let lasted = (s.until - s.from).num_milliseconds().max(60_000) as f64;
    let named =
        detail.hypotheses.first().map(|h| h.ci.clone()).or(s.items.first().cloned()).unwrap_or_default();
    let question = text.ask_text(
        &named,
        &date_time(s.from),
        &date_time(s.until.max(s.from + chrono::Duration::minutes(5))),
    );
    let hypotheses: Vec<_> = detail.hypotheses.iter().map(|h| hypothesis(h, &evidence, hot)).collect();
    let count = detail.hypotheses.len() as u64;
    let rows: Vec<_> = evidence.iter().map(|e| source(e, hot, s.from)).collect();
    let notes = detail.notes.clone();
    let impact = format!("/topology?start={}", js_sys::encode_uri_component(&named));
    view! {
        <section class="inc-det scroll" tabindex="0" aria-label=name(&s)>
            <p class="narrow-only"><a href="/incidents">{text.back()}</a></p>
            <header class="inc-title">
                <StatusDot tone=dot label=word/>
                <span class="soft mono">{s.id.clone()}</span><h1>{name(&s)}</h1>
                <span class="soft nowrap">{date_time(s.from)}" · "{text.lasted(&duration_ms(lasted))}</span>
                <span class="grow"></span>
                <LinkButton href=ask_address(&question) icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.ask()}</LinkButton>
            </header>
            <div><p class="lead" data-testid="incident-lead">{lead}</p><p class="soft inc-why">{why.join(" ")}</p></div>
            <section class="inc-box" aria-label=text.reach()>
                <div class="row"><h2>{text.reach()}</h2><span class="small faint cut wide-only">{text.reach_note()}</span>
                    <span class="grow"></span>
                    <span class="legend"><span><i class="spread-key bad"></i>{text.legend_severe()}</span><span><i class="spread-key warn"></i>{text.legend_warn()}</span><span><i class="spread-key event"></i>{text.legend_event()}</span><span><i class="ln lg-line"></i>{text.legend_order()}</span></span></div>
                <Spread detail=detail.clone() evidence=evidence.clone() hot/>
            </section>
            <Decisive detail=detail.clone() book=book.clone()/>
            <section class="inc-box" aria-label=text.hypotheses(count) data-testid="hypotheses">
                <div class="row"><h2>{text.hypotheses(count)}</h2></div>
                {if hypotheses.is_empty() {
                    view! { <p class="soft pad-y">{text.no_cause()}</p> }.into_any()
                } else {
                    view! { <ol class="inc-hyps">{hypotheses}</ol> }.into_any()
                }}
                {notes.into_iter().map(|note| view! { <p class="small faint">{note}</p> }).collect_view()}
            </section>
            {(!rows.is_empty()).then(|| view! {
                <section class="inc-box" aria-label=text.evidence(evidence.len() as u64)>
                    <div class="row"><h2>{text.evidence(evidence.len() as u64)}</h2></div>
                    <ul data-testid="incident-evidence">{rows}</ul>
                </section>
            })}
            <Deviations scene detail=detail.clone() book=book.clone()/>
        </section>
        <aside class="inspector inc-side" aria-label=text.affected(detail.lanes.len() as u64)>
            <div class="pad">
                <div class="row"><h3 class="grow">{text.affected(detail.lanes.len() as u64)}</h3><a class="small" href=impact>{text.topology()}</a></div>
                <ul>{detail.lanes.iter().map(|lane| affected(lane, book.as_ref())).collect_view()}</ul>
            </div>
            <div class="pad">
                <h3>{text.timeline()}</h3>
                {detail.changes.is_empty().then(|| view! { <p class="small faint">{text.no_changes()}</p> })}
                <ol class="timeline" data-testid="incident-timeline">{happened(&detail).into_iter().map(|(at, glyph, ci, what, note)| view! {
                    <li><time title=date_time(at)>{time(at)}</time><span class="node"><Icon glyph=glyph class="s"/></span>
                        <span class="small"><a class="id" href=format!("/cis/{ci}")>{ci.clone()}</a>" "{what}" "<span class="faint">{note}</span></span></li>
                }).collect_view()}</ol>
            </div>
            {(!detail.apart.is_empty()).then(|| view! {
                <div class="pad">
                    <h3>{text.apart()}</h3>
                    <ul class="small">{detail.apart.iter().map(|other| view! {
                        <li class="inc-apart"><a href=scene.href(&other.id)>{other.ci.clone()}</a>" "<span class="faint">{l(&other.why)}</span></li>
                    }).collect_view()}</ul>
                </div>
            })}
        </aside>
    }
}

/// Moments of a timeline at most.
const MOMENTS: usize = 40;

type Moment = (DateTime<Utc>, Glyph, String, String, String);

/// Changes, first deviations and events, in order of time.
fn happened(detail: &IncidentDetail) -> Vec<Moment> {
    let text = t().incidents;
    let mut all: Vec<Moment> = Vec::new();
    for change in &detail.changes {
        all.push((
            change.at,
            ic::GIT_COMMIT_HORIZONTAL,
            change.ci.clone(),
            change.title.clone(),
            change.note.clone(),
        ));
    }
    for lane in &detail.lanes {
        all.push((lane.first, ic::CHART_LINE, lane.ci.clone(), text.began().to_owned(), String::new()));
        for event in &lane.events {
            all.push((event.at, ic::RADIO, lane.ci.clone(), event.title.clone(), event.note.clone()));
        }
    }
    all.sort_by_key(|moment| moment.0);
    all.truncate(MOMENTS);
    all
}

fn hypothesis(h: &Hypothesis, evidence: &[Numbered], hot: RwSignal<Option<u32>>) -> AnyView {
    let text = t().incidents;
    let percent = (h.confidence.clamp(0.0, 1.0) * 100.0).round();
    let mine: Vec<u32> = evidence
        .iter()
        .filter(|e| h.evidence_for.iter().chain(&h.evidence_against).any(|f| f.text == e.finding.text))
        .map(|e| e.n)
        .take(8)
        .collect();
    let first = h.rank == 1;
    let list = |head: &'static str, items: &[String]| {
        (!items.is_empty()).then(|| view! { <p class="small soft"><b>{head}</b>" "{items.join(" · ")}</p> })
    };
    view! {
        <li class="inc-hyp" data-testid="incident-hypothesis">
            <span class="rank">{h.rank}</span>
            <span>
                <span class:strong=first><a class="id" href=format!("/cis/{}", h.ci)>{h.ci.clone()}</a>" · "{h.resource.label().get(lang()).to_owned()}" "</span>
                {mine.into_iter().map(|n| mark(n, hot)).collect_view()}
                {(!first).then(|| view! { <span class="small soft block">{h.summary.clone()}</span> })}
                {first.then(|| list(text.missing(), &h.missing))}
                {first.then(|| list(text.next(), &h.next_checks))}
            </span>
            <span class="score" role="img" aria-label=text.confidence(&format!("{percent}"))><span class="meter"><i style=format!("width:{percent}%")></i></span><b>{format!("{percent} %")}</b></span>
        </li>
    }
    .into_any()
}

/// The number of a finding: lights its row, and goes to it.
pub fn mark(n: u32, hot: RwSignal<Option<u32>>) -> AnyView {
    view! {
        <button type="button" class="ev" class:hot=move || hot.get() == Some(n) aria-label=t().common.evidence(n)
            on:pointerenter=move |_| hot.set(Some(n)) on:pointerleave=move |_| hot.set(None)
            on:focus=move |_| hot.set(Some(n)) on:blur=move |_| hot.set(None)
            on:click=move |_| focus_id(&format!("inc-ev-{n}"))>{n}</button>
    }
    .into_any()
}

/// What a finding is about, as a picture.
fn glyph(check: Check) -> Glyph {
    match check {
        Check::Shift | Check::Slowdown | Check::Errors => ic::CHART_LINE,
        Check::Gap | Check::Flow => ic::ROUTE,
        Check::Reach => ic::NETWORK,
        Check::Order => ic::CLOCK,
        Check::Change => ic::GIT_COMMIT_HORIZONTAL,
        Check::Events => ic::RADIO,
        Check::Capacity => ic::GAUGE,
        Check::Explained => ic::CORNER_DOWN_RIGHT,
    }
}

fn source(e: &Numbered, hot: RwSignal<Option<u32>>, from: DateTime<Utc>) -> AnyView {
    let n = e.n;
    let at = e.finding.at.map(time);
    // the rows a finding rests on: the values of its item around its moment
    let link = (!e.finding.ci.is_empty()).then(|| {
        let at = e.finding.at.unwrap_or(from);
        view! { " "<a class="small" href=super::values_href(&e.finding.ci, at, at) data-testid="evidence-row">{t().incidents.row_link()}</a> }
    });
    let value =
        e.finding.before.zip(e.finding.after).map(|(before, after)| {
            format!("{} → {} {}", decimal(before, 2), decimal(after, 2), e.finding.unit)
        });
    view! {
        <li class="inc-ev" id=format!("inc-ev-{n}") tabindex="-1" class:hot=move || hot.get() == Some(n)>
            <span class="ev" class:hot=move || hot.get() == Some(n)>{n}</span>
            <span class="k"><Icon glyph=glyph(e.finding.check) class="s"/>{e.finding.check.label().get(lang()).to_owned()}</span>
            <span class="grow">{e.finding.text.clone()}{link}</span>
            <span class="small faint nowrap">{value}" "{e.against.then(|| t().incidents.against())}" "{at}</span>
        </li>
    }
    .into_any()
}

fn affected(lane: &Lane, book: Option<&Book>) -> AnyView {
    let text = t().incidents;
    let worst = {
        let mut all: Vec<&Deviation> = lane.deviations.iter().collect();
        all.sort_by(|a, b| b.sigma.total_cmp(&a.sigma));
        all.truncate(SHOWN);
        all.into_iter().map(|d| said(d, book)).collect::<Vec<_>>().join(" · ")
    };
    let dot = if lane.severe { Tone::Danger } else { Tone::Warn };
    view! {
        <li class="inc-svc">
            <StatusDot tone=dot bare=true/>
            <span class="grow"><a class="id" href=format!("/cis/{}", lane.ci)>{lane.ci.clone()}</a>" "<span class="small faint">{worst}</span></span>
            <span class="small soft nowrap">{match lane.distance { Some(0) => String::new(), None => text.no_way().to_owned(), Some(n) => text.steps_away(n) }}</span>
        </li>
    }
    .into_any()
}

/// A deviation in a few words: the metric, its value and what is usual.
fn said(d: &Deviation, book: Option<&Book>) -> String {
    let metric = book.map_or_else(|| d.metric.clone(), |book| book.metric(&d.metric));
    let unit = book.and_then(|book| book.metric_def(&d.metric)).map(|m| m.unit.as_str()).unwrap_or_default();
    format!("{metric} {}", form(d, unit))
}
