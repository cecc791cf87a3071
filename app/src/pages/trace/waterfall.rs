//! Tree and waterfall in one row per step, or the steps in the order of time. Only the rows in view exist.

use leptos::{ev, html, prelude::*};
use model::plan::StepStatus;

use super::{
    Scene,
    tree::{Span, ticks},
};
use crate::{
    i18n::{duration_ms, t},
    ui::{Icon, form::fresh_id, ic},
};

/// Height of a row in pixels; must be that of `.trace-row`.
const ROW: f64 = 24.0;
/// Rows above and below the view that exist as well.
const MARGIN: usize = 16;
/// Height of the head in pixels.
const HEAD: f64 = 26.0;

/// The rows. With `log`, leaves only, in the order of time, with what they say instead of bars.
#[component]
pub fn Waterfall(scene: Scene, log: bool) -> impl IntoView {
    let text = t().trace;
    let scroller = NodeRef::<html::Div>::new();
    let view = RwSignal::new((0.0_f64, 800.0_f64));
    let order = Memo::new(move |_| if log { by_time(scene) } else { scene.rows.get().as_ref().clone() });
    let range = Memo::new(move |_| {
        let (top, tall) = view.get();
        let total = order.read().len();
        let first = (top / ROW) as usize;
        (first.saturating_sub(MARGIN).min(total), (first + (tall / ROW) as usize + 1 + MARGIN).min(total))
    });
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
    Effect::new(move || {
        let path = scene.chosen.get();
        let Some(element) = scroller.get() else { return };
        let at = scene.tree.with(|tree| tree.index.get(&path).copied()).and_then(|at| {
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
            let (from, to) = range.get();
            let shown = |at: &usize| {
                order.with(|rows| {
                    rows.get(from..to.min(rows.len()))
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
                <For
                    each=move || {
                        let (from, to) = range.get();
                        order.with(|rows| (from..to).filter_map(|at| Some((at, *rows.get(at)?))).collect::<Vec<_>>())
                    }
                    key=|(at, row)| (*at, *row)
                    let:place
                >
                    <Row scene at=place.0 row=place.1 as usize id=format!("{id}-{}", place.1) log=log/>
                </For>
            </div>
        </div>
    }
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

#[component]
fn Row(scene: Scene, at: usize, row: usize, id: String, log: bool) -> impl IntoView {
    let Some(span) = scene.tree.with_untracked(|tree| tree.spans.get(row).cloned()) else {
        return ().into_any();
    };
    let path = StoredValue::new(span.path.clone());
    let selected = move || scene.chosen.with(|chosen| path.with_value(|path| chosen == path));
    let below = span.end > row + 1 && !log;
    let open = move || scene.closed.with(|closed| path.with_value(|path| !closed.contains(path)));
    let level = if log { 0 } else { span.level };
    let toggle = move |event: ev::MouseEvent| {
        event.stop_propagation();
        scene.closed.update(|closed| {
            let path = path.get_value();
            if !closed.remove(&path) {
                closed.insert(path);
            }
        });
    };
    let (label, tool) = (span.label.clone(), span.tool.clone());
    let spoken = format!("{} {} {}", span.label, duration_ms(span.ms()), remark(&span));
    let time = if log { format!("+{}", duration_ms(span.from)) } else { duration_ms(span.ms()) };
    let shown = StoredValue::new(span.clone());
    view! {
        <div
            class="trace-row"
            role="treeitem"
            id=id
            aria-label=spoken
            attr:aria-level=(level + 1).to_string()
            attr:aria-setsize="-1"
            aria-selected=move || selected().to_string()
            aria-expanded=move || below.then(|| open().to_string())
            style=format!("top:{}px", at as f64 * ROW)
            data-status=format!("{:?}", span.status).to_lowercase()
            on:click=move |_| scene.choose(path.get_value())
            on:dblclick=move |_| scene.zoom()
        >
            <span class="trace-name" style=format!("--lv:{level}")>
                {if below {
                    view! { <span class="twist-hit" on:click=toggle><span class=move || if open() { "twist-turn" } else { "twist-turn closed" }><Icon glyph=ic::CHEVRON_DOWN class="s faint"/></span></span> }.into_any()
                } else {
                    view! { <span class="twist-hit"></span> }.into_any()
                }}
                {state_icon(span.status, span.attempts)}
                <span class="cut" title=label.clone()>{label.clone()}</span>
                <code class="faint cut">{tool}</code>
            </span>
            <span class="num soft small">{time}</span>
            {if log {
                view! { <span class="trace-said cut small" class:up=span.bad()>{said(&span)}</span> }.into_any()
            } else {
                view! { <span class="trace-bar">{move || bar(scene, &shown.get_value())}</span> }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// The bar of a step in the part of the run that is shown.
fn bar(scene: Scene, span: &Span) -> AnyView {
    let total = scene.tree.read().total;
    let (from, until) = scene.window.get();
    let width = (until - from).max(1e-9);
    let place = |ms: f64| (ms / total - from) / width;
    let (left, right) = (place(span.from), place(span.until));
    if right < 0.0 || left > 1.0 {
        return ().into_any();
    }
    let (left, right) = (left.max(0.0), right.min(1.0));
    let tone = if span.bad() {
        "bad"
    } else if span.attempts > 1 || span.status == StepStatus::Partial {
        "warn"
    } else if span.critical || !scene.path_only.get() {
        "crit"
    } else {
        ""
    };
    let words = remark(span);
    let place = if right < 0.7 {
        format!("left:calc({:.2}% + 5px)", right.max(left) * 100.0)
    } else if left > 0.3 {
        format!("right:calc({:.2}% + 5px)", (1.0 - left) * 100.0)
    } else {
        "right:6px".to_owned()
    };
    let inside = right >= 0.7 && left <= 0.3 && !tone.is_empty();
    view! {
        <i class=tone style=format!("left:{:.3}%;width:{:.3}%", left * 100.0, (right - left) * 100.0)></i>
        {(!words.is_empty()).then(|| view! { <span class=if inside { "trace-mark in" } else { "trace-mark" } style=place>{words}</span> })}
    }
    .into_any()
}

/// What there is to say about a step in a few words.
fn remark(span: &Span) -> String {
    if span.bad() {
        return span.error.clone().unwrap_or_else(|| status_word(span.status).to_owned());
    }
    let mut words = Vec::new();
    if span.rows > 0 {
        words.push(t().ask.step_rows(span.rows));
    }
    if span.attempts > 1 {
        words.push(t().trace.attempt(u64::from(span.attempts)));
    }
    if !matches!(span.status, StepStatus::Ok) {
        words.push(status_word(span.status).to_owned());
    }
    words.join(" · ")
}

fn said(span: &Span) -> String {
    match &span.error {
        Some(error) => error.clone(),
        None => format!("{} · {}", duration_ms(span.ms()), remark(span)),
    }
}

/// How a step stands, as a shape.
pub fn state_icon(status: StepStatus, attempts: u32) -> AnyView {
    let (glyph, class) = match status {
        StepStatus::Running => return view! { <span class="dot run"></span> }.into_any(),
        StepStatus::Ok if attempts > 1 => (ic::ROTATE_CW, "s ic-warn"),
        StepStatus::Ok => (ic::CIRCLE_CHECK, "s ic-ok"),
        StepStatus::Partial => (ic::CIRCLE_ALERT, "s ic-warn"),
        StepStatus::Failed => (ic::CIRCLE_X, "s ic-bad"),
        StepStatus::TimedOut => (ic::CLOCK_ALERT, "s ic-bad"),
        StepStatus::Denied => (ic::LOCK, "s ic-bad"),
        StepStatus::Cancelled => (ic::CIRCLE_SLASH, "s ic-off"),
        StepStatus::Waiting | StepStatus::Skipped => (ic::CIRCLE_DASHED, "s faint"),
    };
    view! { <Icon glyph class/> }.into_any()
}

/// How a step stands, in words.
pub fn status_word(status: StepStatus) -> &'static str {
    let text = t().trace;
    match status {
        StepStatus::Ok => text.s_ok(),
        StepStatus::Partial => text.s_partial(),
        StepStatus::Failed => text.s_failed(),
        StepStatus::TimedOut => text.s_timed_out(),
        StepStatus::Denied => text.s_denied(),
        StepStatus::Cancelled => text.s_cancelled(),
        StepStatus::Skipped => text.s_skipped(),
        StepStatus::Waiting => text.s_waiting(),
        StepStatus::Running => text.s_running(),
    }
}
