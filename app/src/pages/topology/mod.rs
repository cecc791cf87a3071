//! The topology explorer: around an item, its impact, the way to another, components and cycles. The list beside the
//! picture says the same as the picture; everything chosen lives in the address.

mod bar;
mod panel;
mod state;

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::graph::Subgraph;

use self::{
    bar::Bar,
    panel::{Panel, SidePanel},
    state::{Mode, State},
};
use crate::{
    api,
    i18n::t,
    pages::{
        ci::{codes, depths},
        cis::ci_href,
    },
    ui::{
        Crumb, Empty, ErrorState, LinkButton, Skeleton, Tone, TopologyView,
        button::Kind,
        call,
        estate::{Address, Book, CiPicker, lookup, node_states, use_book},
        ic, remote, set_crumbs,
        topology::Order,
    },
};

/// The topology explorer.
#[component]
pub fn TopologyPage() -> impl IntoView {
    let text = t().topology;
    let address = Address::of(|| "/topology".to_owned());
    let book = use_book();
    view! {
        <div class="topo">
            <h1 class="sr">{text.title()}</h1>
            {move || match (book.value.get(), book.error.get()) {
                (Some(book), _) if book.kinds.iter().all(|k| k.count == 0) => {
                    set_crumbs(vec![Crumb::link(t().cis.title(), "/cis"), Crumb::here(text.title())]);
                    view! {
                        <Empty title=text.empty_title() text=text.empty_hint() glyph=ic::NETWORK>
                            <LinkButton kind=Kind::Primary href="/import" icon=ic::UPLOAD>{text.import()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                (Some(book), _) => view! { <Explorer book address/> }.into_any(),
                (None, Some(error)) => view! { <ErrorState error=error on_retry=Callback::new(move |()| book.reload())/> }.into_any(),
                (None, None) => view! { <Skeleton rows=12/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Explorer(book: Book, address: Address) -> impl IntoView {
    let text = t().topology;
    let known = StoredValue::new(book.clone());
    let state = Memo::new(move |_| address.query.with(State::of));
    let question = Memo::new(move |_| state.with(State::query));
    let answer = remote(move || {
        let question = question.get();
        async move {
            match question {
                Some(question) => call(move || api::graph::graph_query(question.clone())).await.map(Some),
                None => Ok(None),
            }
        }
    });
    Effect::new(move || {
        let mut crumbs = vec![Crumb::link(t().cis.title(), "/cis")];
        match state.with(|s| s.start.clone()) {
            start if start.is_empty() => crumbs.push(Crumb::here(text.title())),
            start => crumbs.extend([Crumb::link(text.title(), "/topology"), Crumb::here(start)]),
        }
        set_crumbs(crumbs);
    });
    // The answer to an older question is not shown under a newer one without a start.
    let current =
        Signal::derive(
            move || if question.with(Option::is_some) { answer.value.get().flatten() } else { None },
        );
    let group = Memo::new(move |_| address.query.with(|q| q.get("group").parse::<u32>().unwrap_or(0)));
    let drawn = Memo::new(move |_| {
        current.with(|a| a.as_ref().map(|a| draw(a, state.with(|s| s.mode), group.get())).unwrap_or_default())
    });
    let items = lookup(Signal::derive(move || drawn.with(codes)));
    let selected = RwSignal::new(None::<String>);
    // The start is chosen until another item is.
    Effect::new(move || {
        let nodes = drawn.with(|g| g.nodes.first().map(|n| n.code.clone()));
        let kept = selected
            .get_untracked()
            .is_some_and(|s| drawn.with_untracked(|g| g.nodes.iter().any(|n| n.code == s)));
        let start = state.with(|s| s.start.clone());
        if !kept || selected.get_untracked().as_deref() != Some(&start) {
            selected.set(if start.is_empty() || !state.with_untracked(|s| s.mode.starts()) {
                nodes
            } else {
                Some(start)
            });
        }
    });
    let find = RwSignal::new(String::new());
    let matches = Memo::new(move |_| {
        let wanted = find.get().trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        drawn.with(|g| {
            g.nodes
                .iter()
                .filter(|n| {
                    n.code.to_lowercase().contains(&wanted) || n.name.to_lowercase().contains(&wanted)
                })
                .map(|n| n.code.clone())
                .collect()
        })
    });
    let found = Signal::derive(move || {
        let at = selected
            .with(|s| matches.with(|m| s.as_ref().and_then(|s| m.iter().position(|c| c == s))))
            .map_or(0, |i| i + 1);
        (at, matches.with(Vec::len))
    });
    let seek = Callback::new(move |forward: bool| {
        let all = matches.get_untracked();
        let here = selected.with_untracked(|s| s.as_ref().and_then(|s| all.iter().position(|c| c == s)));
        let count = all.len();
        let next = match here {
            _ if count == 0 => return,
            Some(i) if forward => (i + 1) % count,
            Some(i) => (i + count - 1) % count,
            None => 0,
        };
        selected.set(all.get(next).cloned());
    });
    let panel =
        Panel { book: known, state, answer: current, items: items.value.into(), selected, group, address };
    // The picture stays while an answer gives way to the next.
    let shape = Memo::new(move |_| {
        (question.with(Option::is_some), answer.error.get(), current.with(Option::is_none))
    });
    view! {
        <Bar book=book state=state address=address find=find found=found on_find=seek/>
        {move || match shape.get() {
            (false, ..) => view! { <Begin state address book=known/> }.into_any(),
            (true, Some(error), _) => {
                view! { <div class="topo-wide"><ErrorState error=error on_retry=Callback::new(move |()| answer.reload())/></div> }.into_any()
            }
            (true, None, true) => view! { <div class="topo-wide"><Skeleton rows=10/></div> }.into_any(),
            (true, None, false) => view! { <Stage panel drawn find/> }.into_any(),
        }}
    }
}

/// What is drawn of an answer: all of it, or the chosen group.
fn draw(answer: &Subgraph, mode: Mode, group: u32) -> Subgraph {
    if !matches!(mode, Mode::Components | Mode::Cycles) {
        return answer.clone();
    }
    let nodes: Vec<_> = answer.nodes.iter().filter(|n| n.group == group).cloned().collect();
    let inside: std::collections::HashSet<&str> = nodes.iter().map(|n| n.code.as_str()).collect();
    let edges = answer
        .edges
        .iter()
        .filter(|e| inside.contains(e.source.as_str()) && inside.contains(e.target.as_str()))
        .cloned()
        .collect();
    // Depth 1 lets many of a kind be grouped; the first stands for the start.
    let mut drawn = Subgraph { edges, nodes: Vec::new(), ..answer.clone() };
    drawn.nodes = nodes.clone();
    for node in drawn.nodes.iter_mut().skip(1) {
        node.depth = node.depth.max(1);
    }
    drawn
}

/// The picture, its key, and the list beside it.
#[component]
fn Stage(panel: Panel, drawn: Memo<Subgraph>, find: RwSignal<String>) -> impl IntoView {
    let text = t().topology;
    let state = panel.state;
    let highlight = Signal::derive(move || {
        if state.with(|s| s.mode == Mode::Impact) { drawn.with(depths) } else { HashMap::new() }
    });
    let states = Signal::derive(move || {
        panel.items.with(|i| panel.book.with_value(|b| node_states(Some(b), i.as_ref())))
    });
    let order =
        Signal::derive(move || if state.with(|s| s.mode == Mode::Path) { Order::Path } else { Order::Hops });
    let navigate = use_navigate();
    let tones = Memo::new(move |_| {
        let mut tones: Vec<(Tone, String)> = Vec::new();
        for state in states.get().values() {
            if !tones.iter().any(|(t, w)| *t == state.tone && *w == state.word) {
                tones.push((state.tone, state.word.clone()));
            }
        }
        tones.sort_by(|a, b| a.1.cmp(&b.1));
        tones.truncate(6);
        tones
    });
    view! {
        <div class="topo-picture">
            <TopologyView
                graph=drawn
                selected=panel.selected
                on_select=move |code: String| panel.selected.set(Some(code))
                on_open=move |code: String| navigate(&ci_href(&code), NavigateOptions::default())
                highlight=highlight
                states=states
                find=find
                order=order
                kind_label=Callback::new(move |key: String| panel.book.with_value(|b| b.kind(&key)))
            />
            <div class="topo-key" role="note" aria-label=text.key()>
                {move || {
                    tones
                        .get()
                        .into_iter()
                        .map(|(tone, word)| view! { <span><span class=format!("dot {}", tone.class()) aria-hidden="true"></span>{word}</span> })
                        .collect_view()
                }}
                <span><i class="g"></i>{text.key_group()}</span>
                <Show when=move || state.with(|s| s.mode == Mode::Impact)>
                    <span>
                        <span class="depth">"1"</span>
                        <span class="depth d2">"2"</span>
                        <span class="depth d3">"3"</span>
                        {text.key_impact()}
                    </span>
                </Show>
                <span>{text.key_arrow()}</span>
            </div>
        </div>
        <SidePanel panel/>
    }
}

/// Asks for what is missing.
#[component]
fn Begin(state: Memo<State>, address: Address, book: StoredValue<Book>) -> impl IntoView {
    let text = t().topology;
    let second = move || state.with(|s| s.mode == Mode::Path && !s.start.is_empty());
    move || {
        let second = second();
        view! {
            <div class="topo-wide">
                <Empty title=if second { text.path_hint() } else { text.start_hint() } text=text.start_note() glyph=ic::NETWORK>
                    <CiPicker
                        value=Signal::stored(String::new())
                        label=if second { text.to() } else { text.pick() }
                        placeholder=text.pick_placeholder()
                        book=Signal::derive(move || Some(book.get_value()))
                        on_pick=move |code: String| address.push(|q| q.set(if second { "to" } else { "start" }, code))
                        autofocus=true
                    />
                </Empty>
            </div>
        }
    }
}
