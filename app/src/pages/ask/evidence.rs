//! The panel of evidence: pictures of the answer, and every source with its first rows.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::answer::{AnswerBlock, AskResponse, Column, Evidence};
use wasm_bindgen::JsCast;

use super::{
    blocks,
    state::{AskState, TurnState},
    table,
    wording::{self, Wording},
};
use crate::{
    i18n::t,
    pages::trace::step_href,
    ui::{Choice, Icon, Segmented, ic},
};

/// Shows the evidence of a turn: scrolls to it and lights it.
pub fn reveal(turn: u32, n: u32) {
    let find = || web_sys::window()?.document()?.get_element_by_id(&format!("ev-{turn}-{n}"));
    if let Some(element) = find() {
        if let Some(details) = element.query_selector("details").ok().flatten() {
            let _ = details.set_attribute("open", "");
        }
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
        if let Ok(element) = element.dyn_into::<web_sys::HtmlElement>() {
            let _ = element.focus();
        }
    }
}

/// What the address asks for, `?run=…&ev=…`: shows that evidence once its answer is there.
pub fn reveal_asked(state: AskState) {
    let query = use_query_map();
    let done = StoredValue::new(String::new());
    Effect::new(move || {
        let (run, n) = query
            .with(|q| (q.get("run").unwrap_or_default(), q.get("ev").and_then(|n| n.parse::<u32>().ok())));
        let asked = format!("{run} {n:?}");
        if run.is_empty() || done.with_value(|done| *done == asked) {
            return;
        }
        let found = state.turns.with(|turns| {
            turns.iter().copied().find(|turn| turn.run.with(|id| id.is_some_and(|id| id.to_string() == run)))
        });
        let Some(turn) = found.filter(|turn| turn.answer.with(Option::is_some)) else { return };
        done.set_value(asked);
        state.shown.set(Some(turn.key));
        if let Some(n) = n {
            state.hot.set(Some((turn.key, n)));
            set_timeout(move || reveal(turn.key, n), std::time::Duration::from_millis(120));
        }
    });
}

/// The evidence of the newest answer, or of the one that was asked for.
#[component]
pub fn Canvas(state: AskState) -> impl IntoView {
    let a = t().ask;
    let last = Memo::new(move |_| {
        let asked = state.shown.get();
        state.turns.with(|turns| {
            let known = asked.filter(|key| turns.iter().any(|turn| turn.key == *key));
            known.or(turns.last().map(|turn| turn.key))
        })
    });
    let turn = move || {
        last.get()
            .and_then(|key| state.turns.with_untracked(|turns| turns.iter().find(|t| t.key == key).copied()))
    };
    let mode = RwSignal::new("pictures".to_owned());
    let count = move || {
        turn()
            .and_then(|turn| turn.answer.with(|answer| answer.as_ref().map(|a| a.evidence.len())))
            .unwrap_or(0) as u64
    };
    let options = vec![Choice::new("pictures", a.pictures()), Choice::new("list", a.list())];
    view! {
        <aside class="canvas" aria-label=move || a.evidence(count()) data-testid="evidence">
            <div class="head">
                <h2>{move || a.evidence(count())}</h2>
                <span class="small faint cut">{a.evidence_note()}</span>
                <span class="end"><Segmented value=mode options label=a.evidence_note() on_change=move |value| mode.set(value)/></span>
            </div>
            <div class="body scroll">
                {move || {
                    let Some(turn) = turn() else { return waiting(t().ask.no_evidence()) };
                    turn.answer.with(|answer| match answer {
                        Some(answer) if answer.evidence.is_empty() => waiting(t().ask.none_read()),
                        Some(answer) => content(state, turn, answer, mode.get() == "list"),
                        None => waiting(t().ask.no_evidence()),
                    })
                }}
            </div>
        </aside>
    }
}

fn waiting(text: &'static str) -> AnyView {
    view! { <div class="empty"><Icon glyph=ic::LIST_TREE/><p>{text}</p></div> }.into_any()
}

fn content(state: AskState, turn: TurnState, answer: &AskResponse, list_only: bool) -> AnyView {
    let pictures: Vec<AnyView> = if list_only {
        Vec::new()
    } else {
        answer.blocks.iter().filter_map(|block| blocks::picture(state, turn, block)).collect()
    };
    // The answer's own tables know what a field is called.
    let names: HashMap<String, String> = answer
        .blocks
        .iter()
        .filter_map(|block| match block {
            AnswerBlock::Table { columns, .. } => Some(columns),
            _ => None,
        })
        .flatten()
        .map(|column| (column.key.clone(), column.label.clone()))
        .collect();
    view! {
        {pictures}
        <ul class="stack">
            {answer.evidence.iter().map(|evidence| view! { <Source state turn evidence=evidence.clone() names=names.clone() open=list_only/> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn Source(
    state: AskState,
    turn: TurnState,
    evidence: Evidence,
    names: HashMap<String, String>,
    open: bool,
) -> impl IntoView {
    let me = (turn.key, evidence.n);
    let keys: Vec<String> =
        evidence.sample.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let book = wording::book();
    let sample = StoredValue::new(evidence.sample);
    let n = evidence.n;
    let table = move || {
        let wording = Wording::of(turn, Some(n), book.value.get());
        let columns: Vec<Column> = keys.iter().map(|key| column(&wording, names.get(key), key)).collect();
        let heads = columns
            .iter()
            .map(|column| view! { <th scope="col" title=column.key.clone()>{column.label.clone()}</th> });
        let heads = heads.collect_view();
        let rows = sample.with_value(|sample| {
            sample.iter().take(20).map(|row| view! {
            <tr>{columns.iter().map(|column| table::cell(&wording, column, row)).collect_view()}</tr>
        }).collect_view()
        });
        view! { <table class="data-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table> }
    };
    view! {
        <li class="card source" id=format!("ev-{}-{}", turn.key, evidence.n) tabindex="-1" class:hot=move || state.hot.get() == Some(me)
            on:mouseenter=move |_| state.hot.set(Some(me)) on:mouseleave=move |_| state.hot.set(None)>
            <details open=open>
                <summary class="row">
                    <span class="ev" class:hot=move || state.hot.get() == Some(me)>{evidence.n}</span>
                    <span class="grow cut">{evidence.what.clone()}</span>
                    <code class="faint small nowrap">{evidence.tool.clone()}</code>
                    <span class="small faint nowrap">{t().ask.step_rows(evidence.rows)}</span>
                </summary>
                {turn.run.get_untracked().map(|run| view! {
                    <p class="row small source-trace"><a href=step_href(run, &evidence.step) data-testid="evidence-trace"><Icon glyph=ic::LIST_TREE class="s"/>" "{t().trace.to_trace()}</a></p>
                })}
                <div class="scroll" tabindex="0">{table}</div>
            </details>
        </li>
    }
}

/// A column of the rows behind a sentence: called as in the table of the answer, where it stands there.
fn column(wording: &Wording, name: Option<&String>, key: &str) -> Column {
    let label = name.filter(|name| name.as_str() != key).cloned().unwrap_or_else(|| wording.head(key));
    Column { key: key.to_owned(), label, unit: String::new(), numeric: false }
}
