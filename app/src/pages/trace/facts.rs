//! Times and counts of a step, and why the plan is as it is.

use leptos::prelude::*;
use model::{
    plan::{Node, Origin},
    run::{RunDetail, StepDetail},
};

use super::{head::share_words, json, restart::step_of_plan};
use crate::{
    i18n::{bytes, duration_ms, number, percent, t},
    ui::Kv,
};

/// Times and counts of a step.
#[component]
pub fn Facts(
    /// The step.
    detail: StepDetail,
    /// Milliseconds of the run.
    total: f64,
) -> impl IntoView {
    let text = t().trace;
    let step = detail.step;
    let until = step.started_ms + step.ms;
    view! {
        <Kv>
            <dt>{text.start_end()}</dt><dd>{format!("+{} → +{}", duration_ms(step.started_ms), duration_ms(until))}</dd>
            <dt>{text.took()}</dt><dd>{duration_ms(step.ms)}</dd>
            <dt>{text.share()}</dt><dd>{share_words(step.ms, total)}</dd>
            <dt>{text.rows_read()}</dt><dd>{number(step.rows)}</dd>
            <dt>{text.size()}</dt><dd>{bytes(step.bytes)}</dd>
            <dt>{text.attempts()}</dt><dd>{number(step.attempts)}</dd>
            <dt>{text.cache()}</dt><dd>{if step.cached { text.cached_yes() } else { text.cached_no() }}</dd>
            {detail.assets.iter().map(|asset| view! {
                <dt>{text.asset()}</dt>
                <dd data-testid="step-asset"><a href=format!("/causes?key={}", asset.key)>{crate::i18n::l(&asset.name)}</a>" "<code class="faint">{format!("{}@{}", asset.key, asset.version)}</code></dd>
            }).collect_view()}
            {step.copied.then(|| view! { <dt>{text.copied()}</dt><dd>{t().common.yes()}</dd> })}
            {step.error.clone().map(|error| view! { <dt>{text.error()}</dt><dd class="up">{error}" "<code class="faint">{step.code.clone()}</code></dd> })}
        </Kv>
    }
}

/// Why the plan is as it is: how the question was read, and what the plan says about the chosen step.
#[component]
pub fn Why(
    /// The run.
    detail: RunDetail,
    /// The chosen step.
    step: Option<StepDetail>,
) -> impl IntoView {
    let text = t().trace;
    let Some(plan) = detail.plan else {
        return view! { <p class="small faint">{text.why_none()}</p> }.into_any();
    };
    let origin = match &plan.origin {
        Origin::Rule => text.o_rule().to_owned(),
        Origin::User => text.o_user().to_owned(),
        Origin::Llm { model } => model.clone(),
        Origin::Template { name } => name.clone(),
    };
    let reasons = plan
        .why
        .iter()
        .map(|reason| view! { <tr><td>{reason.words.clone()}</td><td class="wrap">{reason.meaning.clone()}</td></tr> })
        .collect_view();
    let node = step.and_then(|step| {
        let held = step_of_plan(&step.step.path).to_owned();
        let inner = step.step.path.rsplit('.').next().unwrap_or_default().to_owned();
        let nodes = plan.nodes();
        let found = nodes.iter().find(|n| n.id == inner).or_else(|| nodes.iter().find(|n| n.id == held));
        found.map(|node| view! { <section class="stack"><h3>{text.why_step()}</h3>{json::code(&without_inside(node), &[])}</section> })
    });
    view! {
        {node}
        <section class="stack">
            <h3>{text.why_title()}</h3>
            {(!plan.goal.is_empty()).then(|| view! { <p class="soft">{plan.goal.clone()}</p> })}
            {if plan.why.is_empty() {
                view! { <p class="small faint">{text.why_none()}</p> }.into_any()
            } else {
                view! {
                    <div class="card"><table class="data-table"><thead><tr><th scope="col">{text.words()}</th><th scope="col">{text.meaning()}</th></tr></thead><tbody>{reasons}</tbody></table></div>
                }.into_any()
            }}
            <Kv>
                <dt>{text.confidence()}</dt><dd>{percent(f64::from(plan.confidence))}</dd>
                <dt>{text.origin()}</dt><dd>{origin}</dd>
            </Kv>
        </section>
        {(!detail.replans.is_empty()).then(|| view! {
            <section class="stack"><h3>{text.replans()}</h3><ul class="small">{detail.replans.iter().map(|why| view! { <li>{why.clone()}</li> }).collect_view()}</ul></section>
        })}
    }
    .into_any()
}

/// A node as JSON without the nodes inside of it: they have rows of their own.
fn without_inside(node: &Node) -> serde_json::Value {
    let mut value = serde_json::to_value(node).unwrap_or_default();
    if let Some(map) = value.as_object_mut() {
        for inside in ["nodes", "then", "else", "body", "cases", "default", "fallback"] {
            map.remove(inside);
        }
    }
    value
}
