//! Beside the picture: the chosen item, and the list that says the same as the picture.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::graph::{GraphNode, Subgraph};

use super::state::{Mode, State};
use crate::{
    i18n::{number, t},
    pages::cis::{ci_href, question_href},
    ui::{
        Button, LinkButton, Selection, SelectionAct, StatusDot,
        button::Kind,
        estate::{Address, Book, Items, item_state},
        ic, offer_selection,
    },
};

/// Groups listed of components and cycles.
const MOST_GROUPS: usize = 200;

/// What the panel needs to know.
#[derive(Clone, Copy)]
pub struct Panel {
    /// The catalogue.
    pub book: StoredValue<Book>,
    /// What is shown.
    pub state: Memo<State>,
    /// The answer.
    pub answer: Signal<Option<Subgraph>>,
    /// What is known of the items.
    pub items: Signal<Option<Items>>,
    /// The chosen item.
    pub selected: RwSignal<Option<String>>,
    /// The chosen group of components or cycles.
    pub group: Memo<u32>,
    /// The address of the page.
    pub address: Address,
}

/// The panel.
#[component]
pub fn SidePanel(panel: Panel) -> impl IntoView {
    let text = t().topology;
    view! {
        <aside class="inspector topo-side" aria-label=text.panel()>
            <Chosen panel/>
            <div class="topo-sum pad">{move || panel.answer.get().map(|a| summary(&a, &panel.state.get()))}</div>
            <div class="topo-items" tabindex="0" role="region" aria-label=text.as_list() data-testid="topology-list">
                {move || {
                    panel.answer.get().map(|answer| match panel.state.with(|s| s.mode) {
                        Mode::Components | Mode::Cycles => groups(&answer, panel).into_any(),
                        Mode::Path => hops(&answer, panel).into_any(),
                        Mode::Around | Mode::Impact => steps(&answer, panel).into_any(),
                    })
                }}
            </div>
            <footer class="topo-keys">
                <span><kbd>"←"</kbd><kbd>"→"</kbd>{text.keys_relation()}</span>
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>{text.keys_layer()}</span>
                <span><kbd>"E"</kbd>{text.keys_group()}</span>
                <span><kbd>"Enter"</kbd>{text.keys_open()}</span>
            </footer>
        </aside>
    }
}

/// The sentence over the list.
fn summary(answer: &Subgraph, state: &State) -> AnyView {
    let text = t().topology;
    let n = answer.total;
    let sentence = match state.mode {
        Mode::Impact if n == 0 => text.impact_none().to_owned(),
        Mode::Impact => text.impact_sum(n),
        Mode::Around if n == 0 => text.around_none().to_owned(),
        Mode::Around => text.around_sum(n),
        Mode::Path if answer.nodes.is_empty() => text.path_none().to_owned(),
        Mode::Path => text.path_sum(answer.nodes.len().saturating_sub(1) as u64),
        Mode::Components => text.components_sum(by_group(answer).len() as u64),
        Mode::Cycles if answer.nodes.is_empty() => text.cycles_none().to_owned(),
        Mode::Cycles => text.cycles_sum(by_group(answer).len() as u64),
    };
    let shown = answer.nodes.iter().filter(|n| n.depth > 0).count() as u64;
    let cut = answer.truncated.then(|| view! { <p class="small callout warn">{text.cut(shown, n)}</p> });
    view! { <p><b>{sentence}</b></p> {cut} }.into_any()
}

/// The chosen item with what can be done from it.
#[component]
fn Chosen(panel: Panel) -> impl IntoView {
    let text = t().topology;
    move || {
        let code = panel.selected.get()?;
        let ci = panel.items.with(|items| items.as_ref().and_then(|i| i.get(&code).cloned()));
        let (name, kind, events, state) = panel.book.with_value(|book| match &ci {
            Some(ci) => {
                (ci.name.clone(), book.kind(&ci.kind), u64::from(ci.recent_events), item_state(book, ci))
            }
            None => {
                let node = panel
                    .answer
                    .with(|a| a.as_ref().and_then(|a| a.nodes.iter().find(|n| n.code == code).cloned()));
                node.map_or_else(Default::default, |n| {
                    (n.name, book.kind(&n.kind), 0, crate::ui::topology::NodeState::default())
                })
            }
        });
        let (start, stop, path) = (code.clone(), code.clone(), code.clone());
        let go = move |mode: Mode, code: String| {
            panel.address.push(|q| {
                q.set("start", code);
                q.set("mode", if mode == Mode::Around { "" } else { mode.key() });
                q.set("depth", "");
                q.set("to", "");
            });
        };
        let ask = question_href(&code);
        offer(&code, go);
        Some(view! {
            <div class="pad" data-testid="topology-chosen">
                <div class="row">
                    {(!state.word.is_empty()).then(|| view! { <StatusDot tone=state.tone label=state.word.clone() bare=true/> })}
                    <h2 class="insp-title grow"><a class="id" href=ci_href(&code)>{code.clone()}</a></h2>
                    {(!state.word.is_empty()).then(|| view! { <span class=format!("badge {}", state.tone.class())>{state.word.clone()}</span> })}
                </div>
                <p class="small faint">{name} " · " {kind}</p>
                {(events > 0).then(|| view! { <p class="small">{text.events_24h(events)}</p> })}
                <div class="row topo-acts">
                    <LinkButton kind=Kind::Primary href=ask icon=ic::MESSAGE_CIRCLE_QUESTION_MARK>{text.ask_cause()}</LinkButton>
                    <Button on_click=move |_| go(Mode::Impact, stop.clone())>{text.what_if()}</Button>
                    <Button icon=ic::ROUTE on_click=move |_| go(Mode::Path, path.clone())>{text.path_from()}</Button>
                    <Button on_click=move |_| go(Mode::Around, start.clone())>{text.start_here()}</Button>
                </div>
            </div>
        })
    }
}

/// The palette offers what the buttons do.
fn offer(code: &str, go: impl Fn(Mode, String) + Copy + Send + Sync + 'static) {
    let text = t().topology;
    let code = code.to_owned();
    let to = move |mode: Mode, code: String| Callback::new(move |()| go(mode, code.clone()));
    let acts = vec![
        SelectionAct::new(ic::NETWORK, text.start_here(), to(Mode::Around, code.clone())),
        SelectionAct::new(ic::NETWORK, text.what_if(), to(Mode::Impact, code.clone())),
        SelectionAct::new(ic::ROUTE, text.path_from(), to(Mode::Path, code.clone())),
    ];
    let title = t().shell.pal_about(&code);
    offer_selection(move || {
        Some(Selection { badge: code.clone(), title: title.clone(), acts: acts.clone() })
    });
}

/// A row of the list; choosing it chooses its node in the picture.
fn row(node: &GraphNode, note: String, panel: Panel) -> AnyView {
    let (code, mine, picked) = (node.code.clone(), node.code.clone(), node.code.clone());
    let ci = panel.items.with_untracked(|items| items.as_ref().and_then(|i| i.get(&code).cloned()));
    let state = ci.as_ref().map(|ci| panel.book.with_value(|b| item_state(b, ci))).unwrap_or_default();
    let events = ci.map_or(0, |ci| ci.recent_events);
    view! {
        <li>
            <button
                type="button"
                class="topo-row"
                aria-current=move || panel.selected.with(|s| s.as_deref() == Some(mine.as_str())).then_some("true")
                on:click=move |_| panel.selected.set(Some(picked.clone()))
            >
                {(!state.word.is_empty()).then(|| view! { <StatusDot tone=state.tone label=state.word bare=true/> })}
                <span class="nowrap">{code}</span>
                <span class="small faint cut grow">{node.name.clone()}</span>
                <span class="small faint nowrap">{note}</span>
                <b class="small num topo-count" title=t().topology.events_24h(u64::from(events))>{(events > 0).then(|| number(events))}</b>
            </button>
        </li>
    }
    .into_any()
}

/// Items by step.
fn steps(answer: &Subgraph, panel: Panel) -> impl IntoView + use<> {
    panel.items.track();
    let text = t().topology;
    let mut by_depth: BTreeMap<u32, Vec<GraphNode>> = BTreeMap::new();
    for node in answer.nodes.iter().filter(|n| n.depth > 0) {
        by_depth.entry(node.depth).or_default().push(node.clone());
    }
    by_depth
        .into_iter()
        .map(|(depth, nodes)| {
            let word = if depth == 1 { text.step_direct().to_owned() } else { text.step_n(depth) };
            let count = nodes.len();
            let rows: Vec<_> =
                nodes.iter().map(|n| row(n, panel.book.with_value(|b| b.relation(&n.via)), panel)).collect();
            view! {
                <h3 class="dh">
                    <span class=format!("depth d{}", depth.min(3))>{depth}</span>
                    <b>{word}</b>
                    <span class="small faint">{number(count as u64)}</span>
                </h3>
                <ul>{rows}</ul>
            }
        })
        .collect_view()
}

/// The way, hop by hop.
fn hops(answer: &Subgraph, panel: Panel) -> impl IntoView + use<> {
    panel.items.track();
    let text = t().topology;
    let rows: Vec<_> = answer
        .nodes
        .iter()
        .enumerate()
        .map(|(i, node)| {
            let note = match i.checked_sub(1).and_then(|before| answer.nodes.get(before)) {
                None => text.hop_start().to_owned(),
                Some(before) => hop(answer, before, node, panel),
            };
            row(node, note, panel)
        })
        .collect();
    view! { <ol>{rows}</ol> }
}

/// How one item of a way leads to the next: the relation, with an arrow where it is walked.
fn hop(answer: &Subgraph, before: &GraphNode, node: &GraphNode, panel: Panel) -> String {
    let name = |key: &str| panel.book.with_value(|b| b.relation(key));
    answer
        .edges
        .iter()
        .find_map(|e| {
            if e.source == before.code && e.target == node.code {
                Some(format!("→ {}", name(&e.r#type)))
            } else if e.target == before.code && e.source == node.code {
                Some(format!("← {}", name(&e.r#type)))
            } else {
                None
            }
        })
        .unwrap_or_else(|| name(&node.via))
}

/// Items by group.
pub fn by_group(answer: &Subgraph) -> BTreeMap<u32, Vec<&GraphNode>> {
    let mut out: BTreeMap<u32, Vec<&GraphNode>> = BTreeMap::new();
    for node in &answer.nodes {
        out.entry(node.group).or_default().push(node);
    }
    out
}

/// Components or cycles; the chosen one is drawn and opened.
fn groups(answer: &Subgraph, panel: Panel) -> impl IntoView + use<> {
    panel.items.track();
    let text = t().topology;
    let now = panel.group.get();
    by_group(answer)
        .into_iter()
        .take(MOST_GROUPS)
        .map(|(group, nodes)| {
            let open = group == now;
            let rows: Vec<_> = if open { nodes.iter().take(500).map(|n| row(n, panel.book.with_value(|b| b.kind(&n.kind)), panel)).collect() } else { Vec::new() };
            let first = nodes.iter().take(2).map(|n| n.code.clone()).collect::<Vec<_>>().join(", ");
            view! {
                <button
                    type="button"
                    class="topo-row topo-group"
                    aria-expanded=open.to_string()
                    on:click=move |_| panel.address.push(|q| q.set("group", if group == 0 { String::new() } else { group.to_string() }))
                >
                    <b class="nowrap">{text.group_n(u64::from(group) + 1, nodes.len() as u64)}</b>
                    <span class="small faint cut grow">{first}</span>
                </button>
                <ul>{rows}</ul>
            }
        })
        .collect_view()
}
