//! The whole run in small: which part of it is shown, chosen by dragging.

use leptos::{ev, html, prelude::*};

use super::{Scene, tree::Tree};
use crate::i18n::t;

/// Lines drawn; of more steps those that take the most time stand for the others.
const LINES: usize = 240;
/// Height in pixels.
const TALL: f64 = 30.0;

/// One line: left and width in percent, height in pixels, class.
fn lines(tree: &Tree) -> Vec<(f64, f64, f64, &'static str)> {
    let mut rows: Vec<usize> = (0..tree.spans.len()).collect();
    if rows.len() > LINES {
        rows.sort_by(|a, b| tree.spans[*b].ms().total_cmp(&tree.spans[*a].ms()));
        rows.truncate(LINES);
        rows.sort_unstable();
    }
    let count = rows.len().max(1) as f64;
    rows.iter()
        .enumerate()
        .map(|(n, at)| {
            let span = &tree.spans[*at];
            let class = if span.bad() {
                "bad"
            } else if span.critical {
                "crit"
            } else {
                ""
            };
            let width = (span.ms() / tree.total * 100.0).max(0.3);
            (span.from / tree.total * 100.0, width, n as f64 / count * (TALL - 2.0), class)
        })
        .collect()
}

/// The whole run in small.
#[component]
pub fn Minimap(scene: Scene) -> impl IntoView {
    let text = t().trace;
    let map = NodeRef::<html::Div>::new();
    let begun = StoredValue::new(None::<f64>);
    let place = move |event: &ev::PointerEvent| {
        let element = map.get_untracked()?;
        let area = element.get_bounding_client_rect();
        Some(((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0))
    };
    let drag = move |event: &ev::PointerEvent| {
        let (Some(a), Some(b)) = (begun.get_value(), place(event)) else { return };
        if (a - b).abs() > 0.01 {
            scene.window.set((a.min(b), a.max(b)));
        }
    };
    view! {
        <div
            class="trace-map"
            node_ref=map
            role="img"
            aria-label=text.minimap()
            title=text.minimap()
            on:pointerdown=move |event| {
                begun.set_value(place(&event));
                if let Some(element) = map.get_untracked() {
                    _ = element.set_pointer_capture(event.pointer_id());
                }
            }
            on:pointermove=move |event| drag(&event)
            on:pointerup=move |event| {
                drag(&event);
                begun.set_value(None);
            }
            on:dblclick=move |_| scene.window.set((0.0, 1.0))
        >
            {move || {
                scene
                    .tree
                    .with(|tree| lines(tree))
                    .into_iter()
                    .map(|(left, width, top, class)| {
                        view! { <i class=class style=format!("left:{left:.2}%;width:{width:.2}%;top:{top:.1}px")></i> }
                    })
                    .collect_view()
            }}
            <span
                class="trace-window"
                style=move || {
                    let (from, until) = scene.window.get();
                    format!("left:{:.2}%;right:{:.2}%", from * 100.0, (1.0 - until) * 100.0)
                }
            ></span>
        </div>
    }
}
