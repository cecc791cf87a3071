//! The parts of an answer besides text and table: number, chart, topology, timeline.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    answer::{AnswerBlock, TimelineEntry},
    graph::Subgraph,
};
use serde_json::Value;

use super::{
    hypotheses,
    rich_text::{Mark, RichText},
    saves::saves,
    state::{AskState, TurnState},
    table::TableBlock,
    wording::{self, Wording},
};
use crate::{
    i18n::{self, t, trade},
    ui::{
        Icon, Skeleton,
        chart::{AnswerChart, BarChart, LineChart},
        ic,
        topology::TopologyView,
    },
};

/// One part of an answer in the conversation: texts, numbers, tables. Pictures stand in the panel of evidence.
pub fn in_talk(state: AskState, turn: TurnState, block: AnswerBlock, lead: bool) -> AnyView {
    match block {
        AnswerBlock::Text { text, refs } => view! { <RichText state turn text lead refs/> }.into_any(),
        AnswerBlock::Number { label, value, unit, refs } => view! {
            <div class="kpi answer-number" data-testid="answer-number">
                <span class="label">{label}{marks(state, turn, &refs)}</span>
                <span class="value">{i18n::decimal(value, 4)}<small>{trade::unit(&unit, lang_of(turn)).to_owned()}</small></span>
            </div>
        }
        .into_any(),
        AnswerBlock::Table { title, columns, rows, total, refs } => {
            view! { <TableBlock state turn title columns rows total refs/> }.into_any()
        }
        AnswerBlock::Timeline { title, entries, refs } => {
            let saved =
                AnswerBlock::Timeline { title: title.clone(), entries: entries.clone(), refs: refs.clone() };
            let (book, marks) = (wording::book(), marks(state, turn, &refs).into_any());
            view! {
                <section class="card block" data-testid="answer-timeline">
                    <div class="head"><h3>{title}</h3>{marks}<span class="end">{saves(saved, None)}</span></div>
                    {move || {
                        let wording = Wording::of(turn, refs.first().copied(), book.value.get());
                        view! { <ul class="timeline pad">{entries.iter().map(|one| entry(&wording, one)).collect_view()}</ul> }
                    }}
                </section>
            }
            .into_any()
        }
        AnswerBlock::Hypotheses { title, items, refs } => {
            hypotheses::block(title, items, marks(state, turn, &refs).into_any())
        }
        AnswerBlock::Chart { .. } | AnswerBlock::Topology { .. } => ().into_any(),
    }
}

/// One picture of an answer, for the panel of evidence. `None` for what stands in the conversation.
pub fn picture(state: AskState, turn: TurnState, block: &AnswerBlock) -> Option<AnyView> {
    if let AnswerBlock::Topology { title, graph, refs } = block {
        return Some(
            view! { <Topology state turn title=title.clone() graph=graph.clone() refs=refs.clone()/> }
                .into_any(),
        );
    }
    let AnswerBlock::Chart { title, unit, refs, .. } = block else { return None };
    let label = Signal::stored(title.clone());
    let host = NodeRef::new();
    let chart = match AnswerChart::of(block)? {
        AnswerChart::Line(spec) => view! { <LineChart spec=Signal::stored(spec) label/> }.into_any(),
        AnswerChart::Bar(spec) => view! { <BarChart spec=Signal::stored(spec) label/> }.into_any(),
    };
    Some(
        view! {
            <section class="card block" node_ref=host data-testid="answer-chart">
                <div class="lane-head">{marks(state, turn, refs)}<b>{title.clone()}</b><span class="faint grow">{unit.clone()}</span>{saves(block.clone(), Some(host))}</div>
                {chart}
            </section>
        }
        .into_any(),
    )
}

#[component]
fn Topology(
    state: AskState,
    turn: TurnState,
    title: String,
    graph: Subgraph,
    refs: Vec<u32>,
) -> impl IntoView {
    let selected = RwSignal::new(None::<String>);
    // The number of the evidence stands at the items asked about.
    let numbers: HashMap<String, Vec<u32>> = graph
        .nodes
        .iter()
        .filter(|node| node.depth == 0)
        .map(|node| (node.code.clone(), refs.clone()))
        .collect();
    // Of a search for causes the way from the cause to what suffers is lit, in its order.
    let chain = turn.answer.with_untracked(|answer| {
        let blocks = answer.iter().flat_map(|answer| &answer.blocks);
        let first = blocks.into_iter().find_map(|block| match block {
            AnswerBlock::Hypotheses { items, refs: own, .. } if own.iter().any(|n| refs.contains(n)) => {
                items.first()
            }
            _ => None,
        });
        let path = first.map(|h| h.path.clone()).filter(|path| path.len() > 1).unwrap_or_default();
        path.into_iter().zip(1_u32..).collect::<HashMap<String, u32>>()
    });
    let navigate = use_navigate();
    let saved = AnswerBlock::Topology { title: title.clone(), graph: graph.clone(), refs: refs.clone() };
    // The explorer has the room that the panel has not.
    let larger = graph.nodes.iter().find(|node| node.depth == 0).map(|start| {
        let depth = graph.nodes.iter().map(|node| node.depth).max().unwrap_or(1).clamp(1, 12);
        let code = String::from(js_sys::encode_uri_component(&start.code));
        format!("/topology?start={code}&depth={depth}")
    });
    let book = wording::book();
    let (graph, numbers, chain) = (Signal::stored(graph), Signal::stored(numbers), Signal::stored(chain));
    view! {
        <section class="card block" data-testid="answer-topology">
            <div class="lane-head">{marks(state, turn, &refs)}<b class="grow cut">{title}</b>
                {larger.map(|href| view! {
                    <a class="btn ghost sm icon" href=href aria-label=t().ask.larger() title=t().ask.larger()><Icon glyph=ic::MAXIMIZE_2 class="s"/></a>
                })}
                {saves(saved, None)}
            </div>
            // Groups are written with the names of their kinds; without them the picture is drawn all the same.
            {move || match (book.value.get(), book.error.get()) {
                (None, None) => view! { <Skeleton rows=6/> }.into_any(),
                (known, _) => {
                    let navigate = navigate.clone();
                    view! {
                        <TopologyView graph selected=selected refs=numbers highlight=chain height=320
                            kind_label=Callback::new(move |key: String| known.as_ref().map_or_else(|| key.clone(), |b| b.kind(&key)))
                            on_select=move |code: String| selected.set(Some(code))
                            on_open=move |code: String| navigate(&format!("/cis/{code}"), NavigateOptions::default())/>
                    }
                    .into_any()
                }
            }}
            {move || selected.get().map(|code| view! {
                <p class="row pad small"><a class="id" href=format!("/cis/{code}")>{code.clone()}</a></p>
            })}
        </section>
    }
}

/// The numbers of the evidence of a part.
pub fn marks(state: AskState, turn: TurnState, refs: &[u32]) -> impl IntoView + use<> {
    refs.iter().map(|n| view! { <Mark state turn n=*n/> }).collect_view()
}

/// The language of an answer.
fn lang_of(turn: TurnState) -> model::Lang {
    Wording::of(turn, None, None).lang()
}

fn entry(wording: &Wording, entry: &TimelineEntry) -> impl IntoView + use<> {
    let ci = entry.ci.clone();
    let title = wording.word(&entry.title);
    let note = wording.word(&entry.note);
    view! {
        <li>
            <time title=i18n::absolute_in(i18n::format::zone().other(), entry.at)>{i18n::day(entry.at)}<br/>{i18n::time(entry.at)}</time>
            <span class="node"><span class="dot info"></span></span>
            <span>
                {(!ci.is_empty()).then(|| view! { <a class="id" href=format!("/cis/{ci}")>{ci.clone()}</a>" " })}
                {title}
                {(!note.is_empty()).then(|| view! { <span class="faint small">" · "{note}</span> })}
            </span>
        </li>
    }
}

/// A value as a person reads it; times in the chosen zone.
pub fn show(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(time) if text.len() >= 20 => i18n::date_time(time.to_utc()),
            _ => text.clone(),
        },
        Some(Value::Number(number)) => match number.as_i64() {
            Some(whole) => i18n::number(whole),
            None => i18n::decimal(number.as_f64().unwrap_or_default(), 4),
        },
        Some(Value::Bool(true)) => t().common.yes().to_owned(),
        Some(Value::Bool(false)) => t().common.no().to_owned(),
        Some(Value::Array(list)) => list.iter().map(|item| show(Some(item))).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}
