//! The picture of items and relations as a PNG, drawn on a canvas from the same layout.

use std::collections::HashSet;

use model::graph::Subgraph;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::layout::{self, NODE_H, Order, Room};
use crate::ui::chart::{color, js_call};

/// Pixels of the file per pixel of the picture.
const SCALE: f64 = 2.0;
/// Room around the picture in pixels.
const EDGE: f64 = 24.0;
/// A picture larger than this in either direction is drawn smaller.
const MOST: f64 = 12_000.0;

/// The whole picture as a PNG, as the address of its data.
pub fn picture(graph: &Subgraph) -> Option<String> {
    let all = HashSet::new();
    let room = Room { width: 1_200, height: 700 };
    let layout = layout::layout(graph, Order::Hops, &all, &all, room);
    let (width, height) = (f64::from(layout.width) + 2.0 * EDGE, f64::from(layout.height) + 2.0 * EDGE);
    let scale = SCALE.min(MOST / width.max(height));
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels, bounded above")]
    let pixels = |length: f64| (length * scale).ceil() as u32;
    canvas.set_width(pixels(width));
    canvas.set_height(pixels(height));
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    pen.scale(scale, scale).ok()?;
    pen.set_fill_style_str(&color("surface"));
    pen.fill_rect(0.0, 0.0, width, height);
    pen.translate(EDGE, EDGE).ok()?;

    pen.set_stroke_style_str(&color("n-8"));
    for wire in &layout.wires {
        if let Some(path) = path(&wire.path) {
            _ = js_call(&pen, "stroke", &[path]);
        }
    }
    let node_w = f64::from(layout.node_w);
    pen.set_font(&format!("500 12px {}", color("font")));
    pen.set_text_baseline("middle");
    for node in &layout.nodes {
        let (x, y) = (f64::from(node.x), f64::from(node.y));
        let start = node.depth == 0;
        pen.set_fill_style_str(&color(if start { "accent-soft" } else { "surface" }));
        pen.fill_rect(x, y, node_w, NODE_H);
        pen.set_stroke_style_str(&color(if start { "accent" } else { "line-strong" }));
        pen.stroke_rect(x + 0.5, y + 0.5, node_w - 1.0, NODE_H - 1.0);
        pen.set_fill_style_str(&color("text"));
        let name = match node.members.len() {
            0 => node.code.clone(),
            n => format!("{} ×{n}", node.kind),
        };
        pen.fill_text_with_max_width(&name, x + 8.0, y + NODE_H / 2.0 + 1.0, node_w - 16.0).ok()?;
    }
    canvas.to_data_url_with_type("image/png").ok()
}

/// A path of an SVG as the canvas takes it.
fn path(data: &str) -> Option<JsValue> {
    let make: js_sys::Function =
        crate::ui::chart::js_get(&web_sys::window()?.into(), "Path2D").ok()?.dyn_into().ok()?;
    js_sys::Reflect::construct(&make, &js_sys::Array::of1(&data.into())).ok()
}
