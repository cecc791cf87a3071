//! What lies under and over the nodes: the lines, and the names of the layers.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    layout::{self, Layout},
    pan::Pan,
    view::Scene,
};
use crate::i18n::t;

/// The line that names the layers; it moves with the picture sideways only.
#[component]
pub fn Heads(layout: Memo<Arc<Layout>>, pan: Pan) -> impl IntoView {
    view! {
        <div class="topo-heads" aria-hidden="true">
            {move || {
                let layout = layout.get();
                layout
                    .heads
                    .iter()
                    .enumerate()
                    .map(|(i, &(layer, x))| {
                        // Up to the next one, with some air between.
                        let next = layout.heads.get(i + 1).map_or(layout.width + 30, |head| head.1);
                        let room = f64::from(next - x);
                        let n = layout.nodes.iter().filter(|p| p.layer == layer).map(|p| p.members.len().max(1)).sum::<usize>();
                        let text = t().topology.layer(layer, n as u64);
                        view! {
                            <span style=move || {
                                let v = pan.view.get();
                                format!("left:{:.1}px;max-width:{:.0}px", v.x + f64::from(x) * v.scale, (room * v.scale - 8.0).max(0.0))
                            }>{text}</span>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// The lines, those of an impact above the others.
#[component]
pub fn Wires(scene: Scene) -> impl IntoView {
    view! {
        <svg class="wires" width=move || scene.layout.get().width height=move || scene.layout.get().height aria-hidden="true">
            <defs>
                <marker id="topo-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
                    <path class="arrow" d="M0 .5L8 4L0 7.5Z"></path>
                </marker>
                <marker id="topo-arrow-hit" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
                    <path class="arrow hit" d="M0 .5L8 4L0 7.5Z"></path>
                </marker>
            </defs>
            {move || {
                let layout = scene.layout.get();
                let rank = |i: usize| {
                    let node = &layout.nodes[i];
                    let hit = scene.hit(node);
                    if hit > 0 { Some(hit) } else { (node.depth == 0).then_some(0) }
                };
                let any = scene.highlight.with(|h| !h.is_empty());
                let mut wires: Vec<(u32, &layout::Wire)> = layout
                    .wires
                    .iter()
                    .map(|wire| match (rank(wire.from), rank(wire.to)) {
                        (Some(a), Some(b)) if any && a != b => (a.max(b), wire),
                        _ => (0, wire),
                    })
                    .collect();
                wires.sort_by_key(|(hit, _)| *hit > 0);
                let focus = scene.focus.get();
                wires
                    .into_iter()
                    .map(|(hit, wire)| {
                        let near = focus.as_ref().is_some_and(|f| layout.nodes[wire.from].key == *f || layout.nodes[wire.to].key == *f);
                        let class = match hit {
                            0 if near => "near",
                            0 => "",
                            1 => "h1",
                            2 => "h2",
                            _ => "h3",
                        };
                        let arrow = if hit > 0 || near { "url(#topo-arrow-hit)" } else { "url(#topo-arrow)" };
                        let title = format!("{} → {}: {}", layout.nodes[wire.from].key, layout.nodes[wire.to].key, wire.types.join(", "));
                        view! { <path class=class d=wire.path.clone() marker-end=arrow><title>{title}</title></path> }
                    })
                    .collect_view()
            }}
        </svg>
    }
}
