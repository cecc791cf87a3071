//! The picture itself.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use leptos::{html::Div, prelude::*};
use model::graph::Subgraph;
use wasm_bindgen::{JsCast, closure::Closure};

use super::{
    NodeState, NodeStates, badness,
    keys::keys,
    labels::labels,
    layout::{self, Layout, Order, Placed, Room},
    pan::{MARGIN, Pan},
    wires::{Heads, Wires},
};
use crate::{
    i18n::t,
    ui::{Icon, IconButton, Size, button::Kind, ic},
};

/// Height of the line that names the layers, in pixels.
pub const HEAD: f64 = 28.0;

/// Greatest height of a picture inside of a page, in pixels.
const MOST_TALL: i32 = 560;

/// Room a node takes beside its code, in pixels: edges, state, depth of impact, one number of evidence.
const EDGES: i32 = 18;
const DOT: i32 = 16;
const DEPTH: i32 = 21;
const REF: i32 = 23;
/// Width of a letter in tenths of a pixel; a little more than most take.
const LETTER_TENTHS: i32 = 68;

/// What the nodes and lines need to know.
#[derive(Clone, Copy)]
pub struct Scene {
    pub layout: Memo<Arc<Layout>>,
    selected: Signal<Option<String>>,
    pub focus: RwSignal<Option<String>>,
    pub highlight: Signal<HashMap<String, u32>>,
    states: Signal<NodeStates>,
    refs: Signal<HashMap<String, Vec<u32>>>,
    find: Signal<String>,
    open: RwSignal<HashSet<String>>,
    labels: Memo<Arc<HashMap<String, String>>>,
    kind_label: Option<Callback<String, String>>,
    on_select: Callback<String>,
    pub on_open: Option<Callback<String>>,
}

impl Scene {
    fn kind(&self, key: &str) -> String {
        self.kind_label.map_or_else(|| key.to_owned(), |label| label.run(key.to_owned()))
    }

    /// The least depth of impact among the codes of a node; 0 when it is not hit.
    pub fn hit(&self, node: &Placed) -> u32 {
        self.highlight.with(|hits| codes(node).filter_map(|code| hits.get(code)).copied().min().unwrap_or(0))
    }

    fn state(&self, node: &Placed) -> NodeState {
        self.states.with(|states| {
            codes(node)
                .filter_map(|code| states.get(code))
                .max_by_key(|s| badness(s.tone))
                .cloned()
                .unwrap_or_default()
        })
    }

    /// A press on a node: a group opens, an item is chosen.
    pub fn press(&self, node: &Placed) {
        if node.members.is_empty() {
            self.on_select.run(node.code.clone());
        } else {
            self.open.update(|open| {
                open.insert(node.key.clone());
            });
        }
    }
}

fn codes(node: &Placed) -> impl Iterator<Item = &String> {
    node.members.iter().chain(node.members.is_empty().then_some(&node.code))
}

/// A picture of items and relations.
#[component]
pub fn TopologyView(
    /// What to draw; depth 0 are the items asked about.
    #[prop(into)]
    graph: Signal<Subgraph>,
    /// The chosen item.
    #[prop(into)]
    selected: Signal<Option<String>>,
    /// An item is chosen.
    #[prop(into)]
    on_select: Callback<String>,
    /// An item is opened (Enter, double click).
    #[prop(optional, into)]
    on_open: Option<Callback<String>>,
    /// Depth of an impact by code, from 1: lit, with its numeral.
    #[prop(optional, into)]
    highlight: Signal<HashMap<String, u32>>,
    /// States by code.
    #[prop(optional, into)]
    states: Signal<NodeStates>,
    /// Numbers of evidence by code.
    #[prop(optional, into)]
    refs: Signal<HashMap<String, Vec<u32>>>,
    /// Letters marked in the codes.
    #[prop(optional, into)]
    find: Signal<String>,
    /// How layers are found.
    #[prop(optional, into)]
    order: Signal<Order>,
    /// Name of a kind; its key when absent.
    #[prop(optional, into)]
    kind_label: Option<Callback<String, String>>,
    /// Stands inside of a page that scrolls, at least this high in pixels; fills its place when 0.
    #[prop(optional)]
    height: u32,
) -> impl IntoView {
    let stage = NodeRef::<Div>::new();
    let pan = Pan::new(stage);
    let open = RwSignal::new(HashSet::<String>::new());
    let focus = RwSignal::new(None::<String>);
    let room = RwSignal::new(Room::default());
    let layout = Memo::new(move |_| {
        let keep: HashSet<String> = selected.get().into_iter().collect();
        Arc::new(graph.with(|g| layout::layout(g, order.get(), &open.read(), &keep, room.get())))
    });
    // One label at a time would not know which others it looks like.
    let written = Memo::new(move |_| {
        let layout = layout.get();
        let items: Vec<&Placed> = layout.nodes.iter().filter(|n| n.members.is_empty()).collect();
        let (hits, states, refs) = (highlight.read(), states.read(), refs.read());
        let rooms: Vec<(String, usize)> = items
            .iter()
            .map(|n| {
                let dot = states.get(&n.code).is_some_and(|s| !s.word.is_empty());
                let refs = refs.get(&n.code).map_or(0, Vec::len);
                (n.code.clone(), letters(layout.node_w, dot, hits.contains_key(&n.code), refs))
            })
            .collect();
        Arc::new(items.iter().map(|n| n.key.clone()).zip(labels(&rooms)).collect::<HashMap<_, _>>())
    });
    let scene = Scene {
        layout,
        selected,
        focus,
        highlight,
        states,
        refs,
        find,
        open,
        labels: written,
        kind_label,
        on_select,
        on_open,
    };
    let embedded = height > 0;
    let least = i32::try_from(height).unwrap_or(MOST_TALL);
    // Another start closes the groups and shows all of it.
    let subject = Memo::new(move |_| {
        graph
            .with(|g| g.nodes.iter().take_while(|n| n.depth == 0).map(|n| n.code.clone()).collect::<Vec<_>>())
    });
    Effect::new(move |before: Option<()>| {
        subject.track();
        if before.is_some() {
            open.set(HashSet::new());
            pan.touched.set(false);
        }
    });
    let fit = move || {
        layout.with_untracked(|l| {
            pan.fit(l.width, l.height, middle(l, selected.get_untracked().as_deref()), HEAD)
        });
    };
    Effect::new(move |_| {
        layout.track();
        if stage.get().is_some() && !pan.touched.get_untracked() {
            fit();
        }
    });
    keep_fitted(stage, move || {
        if let Some(Some(stage)) = stage.try_get_untracked() {
            // In steps, so that a scroll bar that comes or goes does not move everything.
            let step = |pixels: i32| pixels.div_euclid(16) * 16;
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            let margin = 2 * MARGIN as i32;
            let tall = if embedded { least } else { stage.client_height() };
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            let now = Room {
                width: step(stage.client_width() - margin),
                height: step(tall - HEAD as i32 - margin),
            };
            if room.get_untracked() != now {
                room.set(now);
            }
        }
        if !pan.touched.get_untracked() {
            fit();
        }
    });
    let count = move || layout.with(|l| l.nodes.len());
    // In a page that scrolls the picture takes the height it needs, within bounds.
    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
    let tall = move || {
        layout.with(|l| (l.height + HEAD as i32 + 2 * MARGIN as i32).clamp(least, least.max(MOST_TALL)))
    };
    view! {
        <section
            class="topo-stage"
            class:embedded=embedded
            style=move || embedded.then(|| format!("height:{}px", tall()))
            aria-label=t().topology.picture()
            data-testid="topology"
        >
            <div
                node_ref=stage
                class="topo-hand"
                on:wheel=move |event| pan.wheel(&event, embedded)
                on:pointerdown=move |event| {
                    // A press on a node belongs to the node.
                    if event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).and_then(|e| e.closest(".topo-node").ok().flatten()).is_none() {
                        pan.down(&event);
                    }
                }
                on:pointermove=move |event| pan.moved(&event)
                on:pointerup=move |event| pan.up(&event)
                on:pointercancel=move |event| pan.up(&event)
            >
                <Heads layout pan/>
                <div class="topo-map" style=move || {
                    let v = pan.view.get();
                    format!("transform:translate({:.1}px,{:.1}px) scale({:.3})", v.x, v.y, v.scale)
                }>
                    <Wires scene/>
                    <div
                        role="listbox"
                        class="topo-list"
                        aria-label=move || t().topology.picture_of(count() as u64)
                        on:keydown=move |event| keys(&event, scene, pan)
                    >
                        <Nodes scene/>
                    </div>
                </div>
            </div>
            <div class="topo-zoom" role="group" aria-label=t().topology.zoom()>
                <IconButton glyph=ic::MINUS label=t().topology.zoom_out() kind=Kind::Plain size=Size::Small on_click=move |_| pan.zoom(1.0 / 1.25)/>
                <button type="button" class="btn sm" aria-label=t().topology.zoom_fit() title=t().topology.zoom_fit() on:click=move |_| fit()>
                    {move || format!("{:.0} %", pan.view.get().scale * 100.0)}
                </button>
                <IconButton glyph=ic::PLUS label=t().topology.zoom_in() kind=Kind::Plain size=Size::Small on_click=move |_| pan.zoom(1.25)/>
                <Show when=move || !open.read().is_empty()>
                    <button type="button" class="btn sm" on:click=move |_| open.set(HashSet::new())>
                        <Icon glyph=ic::LAYERS class="s"/>
                        {t().topology.fold_all()}
                    </button>
                </Show>
            </div>
        </section>
    }
}

/// The middle of the chosen node, else of the start.
pub fn middle(layout: &Layout, chosen: Option<&str>) -> (i32, i32) {
    let node = layout
        .nodes
        .iter()
        .find(|n| Some(n.key.as_str()) == chosen)
        .or_else(|| layout.nodes.iter().find(|n| n.depth == 0));
    node.map_or((layout.width / 2, layout.height / 2), |n| (n.x + layout.node_w / 2, n.y + 13))
}

/// Fits again when the stage changes its size.
fn keep_fitted(stage: NodeRef<Div>, refit: impl Fn() + 'static) {
    let held = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    let refit = StoredValue::new_local(refit);
    Effect::new(move |_| {
        let Some(element) = stage.get() else { return };
        let changed = Closure::<dyn FnMut()>::new(move || {
            refit.try_with_value(|f| f());
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&element);
            held.set_value(Some((observer, changed)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = held.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
}

#[component]
fn Nodes(scene: Scene) -> impl IntoView {
    move || {
        let layout = scene.layout.get();
        // One node can be reached with Tab: the one that had the focus, else the chosen one, else the first.
        layout
            .nodes
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, node)| view! { <Node scene node at/> })
            .collect_view()
    }
}

#[component]
fn Node(scene: Scene, node: Placed, at: usize) -> impl IntoView {
    let shown = StoredValue::new(node.clone());
    let key = node.key.clone();
    let group = !node.members.is_empty();
    let chosen = Memo::new(move |_| {
        scene.selected.get().is_some_and(|s| shown.with_value(|n| n.members.is_empty() && n.code == s))
    });
    let tabbable = Memo::new(move |_| {
        let layout = scene.layout.get();
        let has = |k: &String| layout.nodes.iter().any(|n| n.key == *k);
        match scene.focus.get().filter(has).or_else(|| scene.selected.get().filter(has)) {
            Some(k) => k == key,
            None => at == 0,
        }
    });
    let hit = Memo::new(move |_| shown.with_value(|n| scene.hit(n)));
    let state = Memo::new(move |_| shown.with_value(|n| scene.state(n)));
    let refs = Memo::new(move |_| {
        shown.with_value(|n| {
            let mut all: Vec<u32> =
                scene.refs.with(|refs| codes(n).filter_map(|c| refs.get(c)).flatten().copied().collect());
            all.sort_unstable();
            all.dedup();
            all
        })
    });
    let kind = scene.kind(&node.kind);
    let title = if group {
        t().topology.group_of(&kind, node.members.len() as u64)
    } else {
        format!("{} · {} · {kind}", node.code, node.name)
    };
    let label = {
        let title = title.clone();
        move || {
            let mut text = title.clone();
            let state = state.get();
            if !state.word.is_empty() {
                text = format!("{text}, {}", state.word);
            }
            match hit.get() {
                0 => text,
                depth => format!("{text}, {}", t().topology.impact_depth(depth)),
            }
        }
    };
    let class = move || {
        let mut class = String::from("topo-node");
        if group {
            class.push_str(" group");
        }
        if hit.get() > 0 {
            class.push_str(" hit");
        }
        class
    };
    let focus_key = node.key.clone();
    let (own, whole) = (node.key.clone(), if group { kind.clone() } else { node.code.clone() });
    let name =
        Memo::new(move |_| scene.labels.with(|l| l.get(&own).cloned()).unwrap_or_else(|| whole.clone()));
    view! {
        <div
            class=class
            role="option"
            aria-selected=move || chosen.get().to_string()
            aria-label=label
            tabindex=move || if tabbable.get() { "0" } else { "-1" }
            title=title
            data-key=node.key.clone()
            style=format!("left:{}px;top:{}px;width:{}px", node.x, node.y, scene.layout.with_untracked(|l| l.node_w))
            on:click=move |_| shown.with_value(|n| scene.press(n))
            on:dblclick=move |_| {
                if let Some(open) = scene.on_open && !group {
                    open.run(shown.with_value(|n| n.code.clone()));
                }
            }
            on:focus=move |_| scene.focus.set(Some(focus_key.clone()))
        >
            {move || {
                let NodeState { tone, word } = state.get();
                (!word.is_empty()).then(|| view! { <span class=format!("dot {}", tone.class())></span> })
            }}
            <span class="cut">{move || marked(&name.read(), &scene.find.get())}</span>
            {group.then(|| view! { <span class="n">{node.members.len()}</span> })}
            {move || refs.get().into_iter().map(|n| view! { <span class="ev">{n}</span> }).collect_view()}
            {move || match hit.get() {
                0 => None,
                depth => Some(view! { <span class=format!("depth d{}", depth.min(3))>{depth}</span> }),
            }}
        </div>
    }
}

/// Room for the code in a node, in letters: what stands beside it is taken off.
fn letters(node_w: i32, dot: bool, hit: bool, refs: usize) -> usize {
    let beside = EDGES + if dot { DOT } else { 0 } + if hit { DEPTH } else { 0 };
    let refs = i32::try_from(refs).unwrap_or(0).saturating_mul(REF);
    usize::try_from((node_w - beside - refs).max(0) * 10 / LETTER_TENTHS).unwrap_or(0)
}

/// The code with the letters looked for marked.
fn marked(text: &str, find: &str) -> AnyView {
    let lower = text.to_lowercase();
    let find = find.trim().to_lowercase();
    match lower.find(&find) {
        Some(at)
            if !find.is_empty()
                && lower.len() == text.len()
                && text.is_char_boundary(at)
                && text.is_char_boundary(at + find.len()) =>
        {
            let (before, rest) = text.split_at(at);
            let (hit, after) = rest.split_at(find.len());
            view! { {before.to_owned()}<mark>{hit.to_owned()}</mark>{after.to_owned()} }.into_any()
        }
        _ => text.to_owned().into_any(),
    }
}
