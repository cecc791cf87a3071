//! The keyboard of the picture: it walks along relations.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    layout::{Layout, NODE_H},
    pan::Pan,
    view::{HEAD, Scene, middle},
};

/// Left and right follow a relation, up and down stay in the layer, Enter opens, E opens a group, + - 0 zoom.
pub fn keys(event: &KeyboardEvent, scene: Scene, pan: Pan) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let layout = scene.layout.get_untracked();
    let Some(at) = scene.focus.get_untracked().and_then(|key| layout.nodes.iter().position(|n| n.key == key))
    else {
        return;
    };
    let node = &layout.nodes[at];
    let next = match event.key().as_str() {
        "ArrowRight" => along(&layout, at, true),
        "ArrowLeft" => along(&layout, at, false),
        "ArrowDown" => {
            (at + 1 < layout.nodes.len() && layout.nodes[at + 1].layer == node.layer).then_some(at + 1)
        }
        "ArrowUp" => at.checked_sub(1).filter(|&i| layout.nodes[i].layer == node.layer),
        "Home" => Some(0),
        "End" => layout.nodes.len().checked_sub(1),
        "Enter" => {
            event.prevent_default();
            match scene.on_open {
                Some(open) if node.members.is_empty() => open.run(node.code.clone()),
                _ => scene.press(node),
            }
            return;
        }
        " " | "e" | "E" => {
            event.prevent_default();
            scene.press(node);
            return;
        }
        "+" | "=" => return pan.zoom(1.25),
        "-" => return pan.zoom(1.0 / 1.25),
        "0" => return pan.fit(layout.width, layout.height, middle(&layout, Some(&node.key)), HEAD),
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(to) = next {
        let target = &layout.nodes[to];
        scene.focus.set(Some(target.key.clone()));
        pan.reveal(f64::from(target.x), f64::from(target.y), f64::from(layout.node_w), NODE_H, HEAD);
        focus_node(event, &target.key);
    }
}

/// The nearest node along a relation towards the right, or the left.
fn along(layout: &Layout, at: usize, right: bool) -> Option<usize> {
    let here = &layout.nodes[at];
    layout
        .wires
        .iter()
        .filter_map(|wire| {
            let other = if wire.from == at {
                wire.to
            } else if wire.to == at {
                wire.from
            } else {
                return None;
            };
            let there = &layout.nodes[other];
            let fits = if right { there.x > here.x } else { there.x < here.x };
            fits.then_some((other, (there.x - here.x).abs(), (there.y - here.y).abs()))
        })
        .min_by_key(|(_, dx, dy)| (*dx, *dy))
        .map(|(other, ..)| other)
}

fn focus_node(event: &KeyboardEvent, key: &str) {
    let Some(list) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let Ok(nodes) = list.query_selector_all(".topo-node") else { return };
    for i in 0..nodes.length() {
        if let Some(element) = nodes.item(i).and_then(|n| n.dyn_into::<web_sys::HtmlElement>().ok())
            && element.get_attribute("data-key").as_deref() == Some(key)
        {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            drop(element.focus_with_options(&options));
            return;
        }
    }
}
