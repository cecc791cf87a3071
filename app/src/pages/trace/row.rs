//! A row of the list of steps: how it stands, what it is called, how long it took, its bar.

use leptos::{ev, prelude::*};
use model::plan::StepStatus;

use super::{Scene, tree::Span};
use crate::{
    i18n::{duration_ms, t},
    ui::{Icon, ic},
};

/// Height of a row in pixels; must be that of `.trace-row`.
pub const ROW: f64 = 24.0;

/// What a row shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Place in the list.
    at: usize,
    /// Place in the tree.
    row: usize,
    level: u32,
    /// Whether rows stand below it.
    holds: bool,
    span: Span,
    time: String,
    /// What there is to say about it.
    words: String,
}

impl Line {
    /// The line of a step; `log` is the list in the order of time.
    pub fn of(span: &Span, at: usize, row: usize, log: bool) -> Self {
        Self {
            at,
            row,
            level: if log { 0 } else { span.level },
            holds: span.end > row + 1 && !log,
            time: if log { format!("+{}", duration_ms(span.from)) } else { duration_ms(span.ms()) },
            words: if log { said(span) } else { remark(span) },
            span: span.clone(),
        }
    }
}

/// A row; what it shows changes while the list is scrolled.
#[component]
pub fn Row(
    /// The page.
    scene: Scene,
    /// What it shows.
    line: Memo<Option<Line>>,
    /// Begins its identifier.
    id: String,
    /// In the order of time, with words instead of bars.
    log: bool,
) -> impl IntoView {
    let told = move |of: fn(&Line) -> String| line.with(|line| line.as_ref().map(of).unwrap_or_default());
    let is = move |of: fn(&Line) -> bool| line.with(|line| line.as_ref().is_some_and(of));
    let name = Memo::new(move |_| told(|line| line.span.path.clone()));
    let path = move || name.get_untracked();
    let selected = Memo::new(move |_| scene.chosen.with(|chosen| name.with(|path| chosen == path)));
    let open = Memo::new(move |_| scene.closed.with(|closed| name.with(|path| !closed.contains(path))));
    let holds = Memo::new(move |_| is(|line| line.holds));
    let state = Memo::new(move |_| {
        line.with(|line| {
            line.as_ref().map_or((StepStatus::Skipped, 0), |l| (l.span.status, l.span.attempts.min(2)))
        })
    });
    let toggle = move |event: ev::MouseEvent| {
        if !holds.get_untracked() {
            return;
        }
        event.stop_propagation();
        scene.closed.update(|closed| {
            let path = path();
            if !closed.remove(&path) {
                closed.insert(path);
            }
        });
    };
    let place = move || line.with(|line| line.as_ref().map(|line| format!("{id}-{}", line.row)));
    view! {
        <div
            class="trace-row"
            role="treeitem"
            id=place
            aria-label=move || told(|l| format!("{} {} {}", l.span.label, duration_ms(l.span.ms()), remark(&l.span)))
            prop:ariaLevel=move || told(|line| (line.level + 1).to_string())
            aria-setsize="-1"
            aria-selected=move || selected.get().to_string()
            aria-expanded=move || holds.get().then(|| open.get().to_string())
            style=move || told(|line| format!("top:{}px;--lv:{}", line.at as f64 * ROW, line.level))
            data-status=move || told(|line| format!("{:?}", line.span.status).to_lowercase())
            on:click=move |_| scene.choose(path())
            on:dblclick=move |_| scene.zoom()
        >
            <span class="trace-name">
                <span class="twist-hit" class:leaf=move || !holds.get() on:click=toggle>
                    <span class="twist-turn" class:closed=move || !open.get()><Icon glyph=ic::CHEVRON_DOWN class="s faint"/></span>
                </span>
                {move || { let (status, attempts) = state.get(); state_icon(status, attempts) }}
                <span class="cut" title=move || told(|line| line.span.label.clone())>{move || told(|line| line.span.label.clone())}</span>
                <code class="faint cut">{move || told(|line| line.span.tool.clone())}</code>
            </span>
            <span class="num soft small">{move || told(|line| line.time.clone())}</span>
            {if log {
                view! { <span class="trace-said cut small" class:up=move || is(|line| line.span.bad())>{move || told(|line| line.words.clone())}</span> }.into_any()
            } else {
                view! { <Bar scene line/> }.into_any()
            }}
        </div>
    }
}

/// A bar and the words beside it.
#[derive(Debug, Clone, PartialEq, Default)]
struct Drawn {
    tone: &'static str,
    style: String,
    mark: &'static str,
    mark_style: String,
    words: String,
}

/// The bar of a step in the part of the run that is shown.
#[component]
fn Bar(scene: Scene, line: Memo<Option<Line>>) -> impl IntoView {
    let drawn = Memo::new(move |_| {
        let total = scene.tree.read().total;
        let (window, path_only) = (scene.window.get(), scene.path_only.get());
        line.with(|line| line.as_ref().and_then(|line| draw(line, total, window, path_only)))
    });
    let told = move |of: fn(&Drawn) -> String| {
        drawn.with(|drawn| drawn.as_ref().map_or_else(|| "display:none".to_owned(), of))
    };
    view! {
        <span class="trace-bar">
            <i class=move || drawn.with(|d| d.as_ref().map_or("", |d| d.tone)) style=move || told(|drawn| drawn.style.clone())></i>
            <span class=move || drawn.with(|d| d.as_ref().map_or("", |d| d.mark)) style=move || told(|drawn| drawn.mark_style.clone())>
                {move || drawn.with(|d| d.as_ref().map(|d| d.words.clone()).unwrap_or_default())}
            </span>
        </span>
    }
}

/// The bar of a line; none where it is outside of what is shown.
fn draw(line: &Line, total: f64, (from, until): (f64, f64), path_only: bool) -> Option<Drawn> {
    let span = &line.span;
    let width = (until - from).max(1e-9);
    let place = |ms: f64| (ms / total - from) / width;
    let (left, right) = (place(span.from), place(span.until));
    if right < 0.0 || left > 1.0 {
        return None;
    }
    let (left, right) = (left.max(0.0), right.min(1.0));
    let tone = if span.bad() {
        "bad"
    } else if span.attempts > 1 || span.status == StepStatus::Partial {
        "warn"
    } else if span.critical || !path_only {
        "crit"
    } else {
        ""
    };
    let mark_style = if line.words.is_empty() {
        "display:none".to_owned()
    } else if right < 0.7 {
        format!("left:calc({:.2}% + 5px)", right.max(left) * 100.0)
    } else if left > 0.3 {
        format!("right:calc({:.2}% + 5px)", (1.0 - left) * 100.0)
    } else {
        format!("right:calc({:.2}% + 6px)", (1.0 - right) * 100.0)
    };
    let inside = right >= 0.7 && left <= 0.3 && !tone.is_empty();
    Some(Drawn {
        tone,
        style: format!("left:{:.3}%;width:{:.3}%", left * 100.0, (right - left) * 100.0),
        mark: if inside { "trace-mark in" } else { "trace-mark" },
        mark_style,
        words: line.words.clone(),
    })
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
