//! Tree and waterfall in one row per step, or the steps in the order of time. Only the rows in view exist, and they stay
//! where they are while the list is scrolled: what they show changes.

use std::sync::Arc;

use leptos::{ev, html, prelude::*};

use super::{
    Scene,
    row::{Line, ROW, Row},
    tree::ticks,
};
use crate::{
    i18n::{duration_ms, t},
    ui::form::fresh_id,
};

/// Rows above and below the view that exist as well.
const MARGIN: usize = 8;
/// The rows that exist begin at a multiple of this: they change what they show once in so many rows.
const CHUNK: usize = 8;
/// Height of the head in pixels.
const HEAD: f64 = 26.0;

/// The rows. With `log`, leaves only, in the order of time, with what they say instead of bars.
#[component]
pub fn Waterfall(scene: Scene, log: bool) -> impl IntoView {
    let text = t().trace;
    let scroller = NodeRef::<html::Div>::new();
    let view = RwSignal::new((0.0_f64, 800.0_f64));
    let order = Memo::new(move |_| if log { Arc::new(by_time(scene)) } else { scene.rows.get() });
    // The first row that exists, and how many there are.
    let range = Memo::new(move |_| {
        let (top, tall) = view.get();
        let total = order.read().len();
        let first = ((top / ROW) as usize).saturating_sub(MARGIN) / CHUNK * CHUNK;
        let count = (tall / ROW) as usize + 1 + 2 * MARGIN + CHUNK;
        (first.min(total), count.min(total.saturating_sub(first)))
    });
    let first = Memo::new(move |_| range.get().0);
    let count = Memo::new(move |_| range.get().1);
    let measure = move || {
        if let Some(Some(element)) = scroller.try_get_untracked() {
            let now = (f64::from(element.scroll_top()), f64::from(element.client_height()));
            if view.try_get_untracked().is_some_and(|before| before != now) {
                view.set(now);
            }
        }
    };
    Effect::new(move || {
        if scroller.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    // The chosen row is brought into view, when it is not.
    let bring = move || {
        let path = scene.chosen.get_untracked();
        let Some(Some(element)) = scroller.try_get_untracked() else { return };
        let at = scene.tree.with_untracked(|tree| tree.index.get(&path).copied()).and_then(|at| {
            let at = u32::try_from(at).ok()?;
            order.with_untracked(|rows| rows.iter().position(|row| *row == at))
        });
        let Some(at) = at else { return };
        let (top, tall) = (f64::from(element.scroll_top()), f64::from(element.client_height()) - HEAD);
        let y = at as f64 * ROW;
        if y < top {
            element.set_scroll_top(y as i32);
        } else if y + ROW > top + tall {
            element.set_scroll_top((y + ROW - tall).ceil() as i32);
        }
    };
    Effect::new(move |brought: Option<String>| {
        let path = scene.chosen.get();
        let here = scene.tree.with(|tree| tree.index.contains_key(&path)) && scroller.get().is_some();
        // Once: whoever scrolls on is not called back when more steps come in.
        if here && brought.as_ref() != Some(&path) {
            // On a phone the step that is shown takes a part of the list away first.
            request_animation_frame(bring);
        }
        if here { path } else { String::new() }
    });
    Effect::new(move || {
        scene.inspecting.track();
        request_animation_frame(measure);
    });
    let keydown = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let page = (view.get_untracked().1 / ROW) as i64;
        match event.key().as_str() {
            "ArrowDown" => scene.step(1),
            "ArrowUp" => scene.step(-1),
            "PageDown" => scene.step(page),
            "PageUp" => scene.step(-page),
            "Home" => scene.step(i64::from(i32::MIN)),
            "End" => scene.step(i64::from(i32::MAX)),
            "ArrowLeft" => fold(scene, true),
            "ArrowRight" => fold(scene, false),
            "Enter" => crate::ui::dialog::focus_id("trace-inspector"),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let id = fresh_id("steps");
    let active = {
        let id = id.clone();
        move || {
            let at = scene.tree.with(|tree| scene.chosen.with(|path| tree.index.get(path).copied()));
            // a row that is scrolled away is not there to be named
            let (from, count) = range.get();
            let shown = |at: &usize| {
                order.with(|rows| {
                    rows.get(from..(from + count).min(rows.len()))
                        .is_some_and(|rows| rows.iter().any(|row| *row as usize == *at))
                })
            };
            at.filter(shown).map(|at| format!("{id}-{at}"))
        }
    };
    let label = if log { text.log() } else { text.tree() };
    view! {
        <div class="trace-list scroll" class:log=log node_ref=scroller on:scroll=move |_| measure()>
            <div class="trace-head" aria-hidden="true">
                <span>{text.step()}</span>
                <span class="num">{text.time()}</span>
                {if log { view! { <span></span> }.into_any() } else { view! { <Axis scene/> }.into_any() }}
            </div>
            <div
                role="tree"
                class="trace-rows"
                tabindex="0"
                aria-label=label
                aria-activedescendant=active
                style=move || format!("height:{}px", order.read().len() as f64 * ROW)
                on:keydown=keydown
                data-testid="trace-tree"
            >
                <For each=move || 0..count.get() key=|slot| *slot let:slot>
                    <Row scene line=line_of(scene, order, first, slot, log) id=id.clone() log/>
                </For>
            </div>
        </div>
    }
}

/// What the row in a place shows.
fn line_of(
    scene: Scene,
    order: Memo<Arc<Vec<u32>>>,
    first: Memo<usize>,
    slot: usize,
    log: bool,
) -> Memo<Option<Line>> {
    Memo::new(move |_| {
        let at = first.get() + slot;
        let row = order.with(|rows| rows.get(at).copied())? as usize;
        scene.tree.with(|tree| Some(Line::of(tree.spans.get(row)?, at, row, log)))
    })
}

/// Leaves in the order of their beginning.
fn by_time(scene: Scene) -> Vec<u32> {
    scene.tree.with(|tree| {
        let mut rows: Vec<u32> = (0..tree.spans.len())
            .filter(|at| tree.spans[*at].end == at + 1)
            .filter_map(|at| u32::try_from(at).ok())
            .collect();
        rows.sort_by(|a, b| tree.spans[*a as usize].from.total_cmp(&tree.spans[*b as usize].from));
        rows
    })
}

/// Closes or opens the chosen row; closing a closed one goes to the row that holds it.
fn fold(scene: Scene, close: bool) {
    let path = scene.chosen.get_untracked();
    let Some((below, parent)) = scene.tree.with_untracked(|tree| {
        let at = *tree.index.get(&path)?;
        let span = &tree.spans[at];
        Some((span.end > at + 1, span.parent.map(|p| tree.spans[p].path.clone())))
    }) else {
        return;
    };
    let closed = scene.closed.with_untracked(|closed| closed.contains(&path));
    if close && below && !closed {
        scene.closed.update(|set| _ = set.insert(path));
    } else if close {
        if let Some(parent) = parent {
            scene.choose(parent);
        }
    } else if closed {
        scene.closed.update(|set| _ = set.remove(&path));
    } else {
        scene.step(1);
    }
}

/// The times over the bars.
#[component]
fn Axis(scene: Scene) -> impl IntoView {
    view! {
        <span class="trace-axis">
            {move || {
                let total = scene.tree.read().total;
                let (from, until) = scene.window.get();
                let (a, b) = (from * total, until * total);
                ticks(a, b, 7.0)
                    .into_iter()
                    .map(|at| {
                        let left = (at - a) / (b - a) * 100.0;
                        let edge = if left < 4.0 { "first" } else if left > 94.0 { "last" } else { "" };
                        view! { <span class=edge style=format!("left:{left:.2}%")>{short(at)}</span> }
                    })
                    .collect_view()
            }}
        </span>
    }
}

fn short(ms: f64) -> String {
    if ms == 0.0 { "0".to_owned() } else { duration_ms(ms) }
}
