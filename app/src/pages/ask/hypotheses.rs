//! Possible causes: place, item and resource, how likely, what speaks for and against, what is missing, what to look at.

use leptos::prelude::*;
use model::rca::{Finding, Hypothesis};

use crate::{
    i18n::{self, lang, t},
    ui::{Icon, ic},
};

/// Findings of a hypothesis shown at once.
const SHOWN: usize = 5;

/// The list of hypotheses; the first one with everything, the others folded.
pub fn block(title: String, items: Vec<Hypothesis>, marks: AnyView) -> AnyView {
    let r = t().why;
    let count = items.len() as u64;
    let heading = if title.is_empty() { r.hypotheses(count) } else { title };
    view! {
        <section class="hyps" aria-label=r.hypotheses(count) data-testid="answer-hypotheses">
            <div class="row head"><h2>{heading}</h2>{marks}<span class="small faint">{r.ranking()}</span></div>
            <ol>{items.into_iter().map(hypothesis).collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn hypothesis(h: Hypothesis) -> impl IntoView {
    let r = t().why;
    let percent = (h.confidence.clamp(0.0, 1.0) * 100.0).round();
    let first = h.rank == 1;
    let metric = (!h.metric_label.is_empty()).then(|| h.metric_label.clone());
    let title = format!("{} · {}", h.ci, h.resource.label().get(lang()));
    let counts = r.counts(h.evidence_for.len() as u64, h.evidence_against.len() as u64);
    let since =
        h.first_deviation.map(|at| (i18n::absolute_in(i18n::format::zone().other(), at), i18n::time(at)));
    let why = why(&h);
    view! {
        <li class="hyp" data-testid="hypothesis">
            <span class="rank">{h.rank}</span>
            <span class:strong=first>
                <a class="id" href=format!("/cis/{}", h.ci)>{h.ci.clone()}</a>" · "{h.resource.label().get(lang()).to_owned()}
                {metric.map(|m| view! { <span class="small faint">" "{m}</span> })}
                {since.map(|(utc, at)| view! { <span class="small faint nowrap" title=utc>" · "{at}</span> })}
            </span>
            <span class="score" role="img" aria-label=r.confidence(&title, &i18n::number(percent as u64))>
                <span class="meter"><i style=format!("width:{percent}%")></i></span><b>{format!("{percent} %")}</b>
            </span>
            {if first {
                view! { <p class="small soft wide">{h.summary.clone()}</p>{why} }.into_any()
            } else {
                view! { <details class="wide"><summary class="small">{counts}</summary><p class="small soft">{h.summary.clone()}</p>{why}</details> }.into_any()
            }}
        </li>
    }
}

fn why(h: &Hypothesis) -> AnyView {
    let r = t().why;
    let path = (h.path.len() > 1).then(|| {
        let steps = h.path.iter().enumerate().map(|(i, code)| {
            view! { {(i > 0).then_some(" → ")}<a class="id" href=format!("/cis/{code}")>{code.clone()}</a> }
        });
        view! { <dt><Icon glyph=ic::WAYPOINTS class="s"/>{r.path()}</dt><dd>{steps.collect_view()}</dd> }
    });
    let radius = (h.blast_radius > 0).then(|| {
        view! { <dt><Icon glyph=ic::RADIO class="s"/>{r.radius()}</dt><dd>{r.radius_of(u64::from(h.blast_radius), h.affected.len() as u64)}</dd> }
    });
    let texts = |list: &[String]| {
        view! { <ul>{list.iter().map(|text| view! { <li>{text.clone()}</li> }).collect_view()}</ul> }
    };
    view! {
        <dl class="why">
            {(!h.evidence_for.is_empty()).then(|| view! { <dt><Icon glyph=ic::PLUS class="s"/>{r.for_it()}</dt><dd>{findings(&h.evidence_for)}</dd> })}
            {(!h.evidence_against.is_empty()).then(|| view! { <dt><Icon glyph=ic::MINUS class="s"/>{r.against()}</dt><dd>{findings(&h.evidence_against)}</dd> })}
            {(!h.missing.is_empty()).then(|| view! { <dt><Icon glyph=ic::CIRCLE_DASHED class="s"/>{r.missing()}</dt><dd>{texts(&h.missing)}</dd> })}
            {(!h.next_checks.is_empty()).then(|| view! { <dt><Icon glyph=ic::SEARCH class="s"/>{r.next()}</dt><dd>{texts(&h.next_checks)}</dd> })}
            {path}
            {radius}
        </dl>
    }
    .into_any()
}

fn findings(list: &[Finding]) -> impl IntoView + use<> {
    let items: Vec<_> = list
        .iter()
        .take(SHOWN)
        .map(|f| view! { <li title=f.check.label().get(lang()).to_owned()>{f.text.clone()}</li> })
        .collect();
    view! { <ul>{items}</ul> }
}
