//! Chips (a choice that can be changed), badges (a fact), counters, keys, status, criticality, evidence.

use leptos::{ev::MouseEvent, prelude::*};

use super::{Icon, ic, ic::Glyph};
use crate::i18n::t;

/// A state. Its shape and its word say it, the colour repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Tone {
    /// Says nothing.
    #[default]
    Neutral,
    /// As it should be.
    Ok,
    /// Needs a look.
    Warn,
    /// A limit is crossed, something failed.
    Danger,
    /// Worth knowing.
    Info,
    /// No answer, switched off.
    Off,
    /// Under maintenance.
    Maint,
    /// At work.
    Run,
    /// You are here, this is evidence.
    Accent,
    /// An edge only.
    Line,
}

impl Tone {
    /// The class of this tone.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Danger => "danger",
            Self::Info => "info",
            Self::Off => "off",
            Self::Maint => "maint",
            Self::Run => "run",
            Self::Accent => "accent",
            Self::Line => "line",
        }
    }

    /// The word for this state.
    pub fn word(self) -> &'static str {
        let text = t().common;
        match self {
            Self::Ok => text.st_ok(),
            Self::Warn => text.st_warn(),
            Self::Danger => text.st_danger(),
            Self::Info => text.st_info(),
            Self::Off => text.st_off(),
            Self::Maint => text.st_maint(),
            Self::Run => text.st_run(),
            Self::Neutral | Self::Accent | Self::Line => "",
        }
    }
}

/// A state: its shape and its word. Without `label` the usual word of the tone is used; `bare` shows the shape alone and
/// reads the word to a screen reader.
#[component]
pub fn StatusDot(
    /// The state.
    #[prop(into)]
    tone: Signal<Tone>,
    /// Its word; that of the tone when absent.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Only the shape.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let word = move || label.get().unwrap_or_else(|| tone.get().word().to_owned());
    view! {
        <span class="status-word">
            <span class=move || format!("dot {}", tone.get().class()) aria-hidden="true"></span>
            {if bare {
                view! { <span class="sr">{word}</span> }.into_any()
            } else {
                view! { <span>{word}</span> }.into_any()
            }}
        </span>
    }
}

/// A fact in a few words.
#[component]
pub fn Badge(
    /// Its tone.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// An icon before it.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge {}", tone.get().class())>
            {icon.map(|glyph| view! { <Icon glyph=glyph class="s" /> })}
            {children()}
        </span>
    }
}

/// A counter. `hot` is for what waits for a person.
#[component]
pub fn Count(
    /// The number.
    #[prop(into)]
    n: Signal<u64>,
    /// Waits for a person.
    #[prop(optional, into)]
    hot: Signal<bool>,
) -> impl IntoView {
    view! { <span class=move || if hot.get() { "count hot" } else { "count" }>{move || crate::i18n::number(n.get())}</span> }
}

/// A key cap.
#[component]
pub fn Kbd(
    /// The key.
    #[prop(into)]
    key: String,
) -> impl IntoView {
    view! { <kbd>{key}</kbd> }
}

/// A choice that is on or off.
#[component]
pub fn Chip(
    /// Whether it is on.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// An icon before the word.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Opens something: whether it is open; shows an arrow.
    #[prop(optional, into)]
    expanded: MaybeProp<bool>,
    /// A dashed edge: adds something.
    #[prop(optional)]
    add: bool,
    /// What happens.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let opens = expanded.get_untracked().is_some();
    view! {
        <button
            type="button"
            class=if add { "chip add" } else { "chip" }
            aria-pressed=move || pressed.get().map(|on| on.to_string())
            aria-expanded=move || expanded.get().map(|on| on.to_string())
            aria-haspopup=opens.then_some("true")
            on:click=move |event| {
                if let Some(action) = on_click {
                    action.run(event);
                }
            }
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph class="s" /> })}
            {children()}
            {opens.then(|| view! { <Icon glyph=ic::CHEVRON_DOWN class="s" /> })}
        </button>
    }
}

/// A condition that narrows a list: field, value and a cross. Pressing it opens the condition when `on_open` is given.
#[component]
pub fn FilterChip(
    /// What is narrowed.
    #[prop(into)]
    field: Signal<String>,
    /// To what.
    #[prop(into)]
    value: Signal<String>,
    /// Takes the condition away.
    #[prop(into)]
    on_remove: Callback<()>,
    /// Opens the condition.
    #[prop(optional, into)]
    on_open: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    view! {
        <span class="chip on" data-testid="filter-chip">
            {match on_open {
                Some(open) => {
                    view! {
                        <button type="button" class="chip-part" on:click=move |event| open.run(event)>
                            <em>{move || field.get()}</em>
                            <span class="cut">{move || value.get()}</span>
                        </button>
                    }
                        .into_any()
                }
                None => view! { <em>{move || field.get()}</em> <span class="cut">{move || value.get()}</span> }.into_any(),
            }}
            <button
                type="button"
                class="chip-part"
                aria-label=move || t().common.remove_filter(&format!("{} {}", field.get(), value.get()))
                on:click=move |_| on_remove.run(())
            >
                <Icon glyph=ic::X class="s" />
            </button>
        </span>
    }
}

/// Criticality as five bars.
#[component]
pub fn Crit(
    /// 0 … 5.
    #[prop(into)]
    level: Signal<u32>,
) -> impl IntoView {
    view! {
        <span class="crit" role="img" aria-label=move || t().common.criticality(level.get())>
            {(1..=5).map(|n| view! { <i class=move || if n <= level.get() { "on" } else { "" }></i> }).collect_view()}
        </span>
    }
}

/// The number of a piece of evidence: the same in sentence, table, chart, timeline and topology. `hot` lights it, as all
/// of the same number are lit while one of them is pointed at.
#[component]
pub fn Ev(
    /// The number.
    n: u32,
    /// Lit.
    #[prop(optional, into)]
    hot: Signal<bool>,
    /// Its card is open.
    #[prop(optional, into)]
    expanded: MaybeProp<bool>,
    /// Opens it.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// Pointed at, or no longer.
    #[prop(optional, into)]
    on_point: Option<Callback<bool>>,
) -> impl IntoView {
    let point = move |on: bool| {
        if let Some(point) = on_point {
            point.run(on);
        }
    };
    view! {
        <button
            type="button"
            class=move || if hot.get() { "ev hot" } else { "ev" }
            aria-label=move || t().common.evidence(n)
            aria-expanded=move || expanded.get().map(|on| on.to_string())
            on:click=move |event| {
                if let Some(action) = on_click {
                    action.run(event);
                }
            }
            on:pointerenter=move |_| point(true)
            on:pointerleave=move |_| point(false)
            on:focus=move |_| point(true)
            on:blur=move |_| point(false)
        >
            {n}
        </button>
    }
}
