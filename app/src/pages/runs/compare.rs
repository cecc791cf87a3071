//! Two runs beside each other: in a sentence, step by step, then what else differs.

use leptos::prelude::*;
use model::{
    RunId,
    run::{RunComparison, RunSummary, StepPair},
};
use serde_json::Value;

use super::{
    columns::{cost_words, status_of},
    state::set_pair,
};
use crate::{
    api,
    i18n::{date_time, duration_ms, l, number, t},
    pages::trace::{run_href, step_href},
    ui::{Button, IconButton, Kind, LinkButton, Loaded, Size, call, estate::Address, ic, remote},
};

/// Steps shown beside each other.
const STEPS: usize = 200;

/// The panel under the list.
#[component]
pub fn Compare(address: Address, pair: Signal<Vec<RunId>>) -> impl IntoView {
    let text = t().runs;
    let release = move || address.update(|q| set_pair(q, &[]));
    view! {
        <section class="run-compare" aria-label=text.compare() data-testid="compare"
            on:keydown=move |event| if event.key() == "Escape" { release() }>
            {move || match pair.get().as_slice() {
                [a, b] => view! { <Both address a=*a b=*b/> }.into_any(),
                _ => view! {
                    <div class="head"><h2>{text.compare()}</h2><span class="small soft grow">{text.compare_hint()}</span>
                        <Button kind=Kind::Ghost size=Size::Small on_click=move |_| release()>{text.release()}</Button></div>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Both(address: Address, a: RunId, b: RunId) -> impl IntoView {
    let found = remote(move || call(move || api::runs::compare_runs(a, b)));
    view! { <Loaded remote=found let:found>{compared(address, &found)}</Loaded> }
}

fn compared(address: Address, found: &RunComparison) -> AnyView {
    let text = t().runs;
    let (a, b) = (found.a.id, found.b.id);
    let side = |letter: &'static str, run: &RunSummary| {
        view! {
            <span class="row"><span class="pick-letter" class:b=letter == "B">{letter}</span>
                <a class="plain nowrap" href=run_href(run.id)>{date_time(run.started_at)}" · "{run.total_ms.map(duration_ms)}</a></span>
        }
    };
    let differences = differences(found);
    let count = differences.iter().filter(|d| d.differs).count() as u64;
    let rows: Vec<_> = differences
        .into_iter()
        .map(|d| {
            view! {
                <tr><td class="faint wrap">{d.what}</td><td class="wrap">{d.a}</td><td class="wrap" class:strong=d.differs>{d.b}</td></tr>
            }
        })
        .collect();
    view! {
        <div class="head">
            <h2>{text.compare()}</h2>
            {side("A", &found.a)}
            {side("B", &found.b)}
            <IconButton glyph=ic::ARROW_LEFT_RIGHT size=Size::Small label=text.swap() on_click=move |_| address.update(|q| set_pair(q, &[b, a]))/>
            <span class="grow"></span>
            <LinkButton href=run_href(b) icon=ic::LIST_TREE>{text.k_open()}" B"</LinkButton>
            <Button kind=Kind::Ghost on_click=move |_| address.update(|q| set_pair(q, &[])) kbd="Esc">{text.release()}</Button>
        </div>
        <p class="verdict" data-testid="verdict">{l(&found.verdict)}</p>
        <div class="cols">
            <div class="card scroll" tabindex="0" role="region" aria-label=text.step()>{steps(found)}</div>
            <div class="card scroll" tabindex="0" role="region" aria-label=text.differs(count)>
                <table class="data-table sized">
                    <colgroup><col style="width:26%"/><col style="width:34%"/><col/></colgroup>
                    <thead><tr><th scope="col">{text.differs(count)}</th><th scope="col">"A"</th><th scope="col">"B"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
    .into_any()
}

/// Steps of both, with bars over the same time.
fn steps(found: &RunComparison) -> AnyView {
    let text = t().runs;
    let end = |pair: &StepPair| {
        let of = |step: &Option<model::run::RunStep>| step.as_ref().map_or(0.0, |s| s.started_ms + s.ms);
        of(&pair.a).max(of(&pair.b))
    };
    let most = found.steps.iter().map(end).fold(0.001_f64, f64::max);
    let (a_run, b_run) = (found.a.id, found.b.id);
    let rows: Vec<_> = found
        .steps
        .iter()
        .take(STEPS)
        .map(|pair| {
            let bar = |step: &Option<model::run::RunStep>, class: &'static str| {
                step.as_ref().map(|s| {
                    let bad = s.error.is_some();
                    let (left, width) = (s.started_ms / most * 100.0, s.ms / most * 100.0);
                    view! { <i class=class class:bad=bad style=format!("left:{left:.2}%;width:{width:.2}%")></i> }
                })
            };
            let label = pair
                .a
                .as_ref()
                .or(pair.b.as_ref())
                .map(|s| if s.label.is_empty() { s.tool.clone() } else { s.label.clone() })
                .unwrap_or_default();
            let href = step_href(if pair.b.is_some() { b_run } else { a_run }, &pair.path);
            let time = |step: &Option<model::run::RunStep>| step.as_ref().map(|s| duration_ms(s.ms)).unwrap_or("–".to_owned());
            let (delta, loud) = match (&pair.a, &pair.b) {
                (Some(a), Some(b)) => match &b.error {
                    Some(_) if a.error.is_none() => (t().runs.st_failed().to_owned(), true),
                    _ => delta(a.ms, b.ms),
                },
                (Some(_), None) => (text.only_a().to_owned(), true),
                _ => (text.only_b().to_owned(), true),
            };
            view! {
                <tr>
                    <td><a class="plain cut" href=href title=label.clone()>{label.clone()}</a></td>
                    <td class="two" aria-hidden="true">{bar(&pair.a, "a")}{bar(&pair.b, "b")}</td>
                    <td class="num faint">{time(&pair.a)}</td>
                    <td class="num">{time(&pair.b)}</td>
                    <td class="num" class:strong=loud>{delta}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="data-table sized">
            <colgroup><col style="width:34%"/><col/><col style="width:76px"/><col style="width:76px"/><col style="width:88px"/></colgroup>
            <thead><tr><th scope="col">{text.step()}</th><th scope="col">{text.span(&duration_ms(most))}</th><th scope="col" class="num">"A"</th><th scope="col" class="num">"B"</th><th scope="col" class="num">{text.difference()}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// How much longer the second took, and whether that is worth saying loudly.
fn delta(a: f64, b: f64) -> (String, bool) {
    let by = b - a;
    let sign = if by < 0.0 { "−" } else { "+" };
    (format!("{sign}{}", duration_ms(by.abs())), by.abs() > 20.0 && by.abs() > a.max(b) * 0.2)
}

struct Difference {
    what: String,
    a: String,
    b: String,
    differs: bool,
}

/// What else differs: question, status, plan, arguments, rows, cost, answer.
fn differences(found: &RunComparison) -> Vec<Difference> {
    let text = t().runs;
    let mut out = Vec::new();
    let mut tell = |what: String, a: String, b: String| {
        let differs = a != b;
        out.push(Difference { what, a, b, differs });
    };
    if found.a.title != found.b.title {
        tell(text.d_question().to_owned(), found.a.title.clone(), found.b.title.clone());
    }
    tell(
        text.d_status().to_owned(),
        status_of(found.a.status).1.to_owned(),
        status_of(found.b.status).1.to_owned(),
    );
    let plan = if found.plan_differs { text.other() } else { text.same() };
    tell(text.d_plan().to_owned(), if found.plan_differs { "–" } else { plan }.to_owned(), plan.to_owned());
    for pair in &found.steps {
        for change in &pair.args {
            tell(text.d_args(&pair.path, &change.path), short(&change.a), short(&change.b));
        }
        if let (Some(a), Some(b)) = (&pair.a, &pair.b) {
            if a.rows != b.rows {
                tell(text.d_rows(&pair.path), number(a.rows), number(b.rows));
            } else if pair.differs.iter().any(|d| d == "output") {
                tell(text.d_output(&pair.path), "–".to_owned(), text.other().to_owned());
            }
            if a.tool != b.tool {
                tell(text.d_tool(&pair.path), a.tool.clone(), b.tool.clone());
            }
        }
        if let Some(error) = pair.b.as_ref().and_then(|s| s.error.clone()) {
            let before = pair.a.as_ref().and_then(|s| s.error.clone()).unwrap_or_default();
            tell(pair.path.clone(), before, error);
        }
    }
    let cost = |run: &RunSummary| format!("{} · {}", number(run.tokens), cost_words(run.cost));
    tell(text.d_cost().to_owned(), cost(&found.a), cost(&found.b));
    let answer = |answer: &str| answer.chars().take(280).collect::<String>();
    tell(text.d_answer().to_owned(), answer(&found.answer_a), answer(&found.answer_b));
    out
}

fn short(value: &Value) -> String {
    let text = match value {
        Value::Null => t().runs.absent().to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(120).collect()
}
