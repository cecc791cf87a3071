//! Small things that show a fact: time, figure, card, key and value, remark, meter.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::{Icon, Tone, ic, ic::Glyph};
use crate::i18n::{
    Zone, absolute_in, date_time,
    format::{now, use_zone},
    relative, time_ms,
};

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// `12분 전`, `14:02`, `어제 18:20`.
    #[default]
    Relative,
    /// `2026-11-24 14:02`.
    Full,
    /// `14:02:31`.
    Clock,
}

/// A time in the reader's zone; the exact time in both zones is shown on hover.
#[component]
pub fn Time(
    /// When.
    #[prop(into)]
    at: Signal<DateTime<Utc>>,
    /// How it is written.
    #[prop(optional)]
    form: TimeForm,
) -> impl IntoView {
    let zone = use_zone();
    view! {
        <time
            datetime=move || at.get().to_rfc3339()
            title=move || {
                let (zone, at) = (zone.get(), at.get());
                format!("{}\n{}", absolute_in(zone, at), absolute_in(zone.other(), at))
            }
        >
            {move || {
                zone.track();
                match form {
                    TimeForm::Relative => relative(at.get(), now()),
                    TimeForm::Full => date_time(at.get()),
                    TimeForm::Clock => time_ms(at.get()),
                }
            }}
        </time>
    }
}

/// The zone times are shown in, for heads of columns: `시각 (KST)`.
pub fn zone_label() -> &'static str {
    let zone: Zone = crate::i18n::format::zone();
    zone.label()
}

/// Letters of a code that are never cut off: those of a family differ at their end.
const TAIL: usize = 6;

/// A code in a narrow place: what does not fit is left out before its end.
#[component]
pub fn Code(
    /// It.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= 2 * TAIL {
        return text.into_any();
    }
    let (head, tail) = letters.split_at(letters.len() - TAIL);
    let (head, tail): (String, String) = (head.iter().collect(), tail.iter().collect());
    view! { <span class="mid-cut" title=text><span>{head}</span><span>{tail}</span></span> }.into_any()
}

/// A figure with its name, unit and what it is compared with.
#[component]
pub fn Kpi(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// The figure.
    #[prop(into)]
    value: Signal<String>,
    /// Its unit.
    #[prop(optional, into)]
    unit: MaybeProp<String>,
    /// What it is compared with.
    #[prop(optional, into)]
    delta: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <div class="kpi">
            <span class="label">{move || label.get()}</span>
            <span class="value">{move || value.get()} {move || unit.get().map(|unit| view! { <small>{unit}</small> })}</span>
            {move || delta.get().map(|delta| view! { <span class="delta">{delta}</span> })}
        </div>
    }
}

/// A card; give it a [`Head`] and a body.
#[component]
pub fn Card(
    /// Further classes.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    view! { <section class=format!("card {class}")>{children()}</section> }
}

/// The head of a card or pane: title, then what stands at its end.
#[component]
pub fn Head(
    /// What follows.
    #[prop(into)]
    title: Signal<String>,
    /// A remark after the title.
    #[prop(optional, into)]
    note: MaybeProp<String>,
    /// What stands at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="head">
            <h2>{move || title.get()}</h2>
            {move || note.get().map(|note| view! { <span class="small faint">{note}</span> })}
            {children.map(|children| view! { <div class="end">{children()}</div> })}
        </div>
    }
}

/// Keys and values: give it `<dt>` and `<dd>`.
#[component]
pub fn Kv(children: Children) -> impl IntoView {
    view! { <dl class="kv">{children()}</dl> }
}

/// A remark that belongs to what stands near it.
#[component]
pub fn Callout(
    /// Its tone.
    #[prop(optional)]
    tone: Tone,
    /// Its icon; that of the tone when absent.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    let glyph = icon.unwrap_or(match tone {
        Tone::Ok => ic::CIRCLE_CHECK,
        Tone::Warn => ic::TRIANGLE_ALERT,
        Tone::Danger => ic::CIRCLE_ALERT,
        _ => ic::INFO,
    });
    view! {
        <div class=format!("callout {}", tone.class()) role=if tone == Tone::Danger { "alert" } else { "note" }>
            <Icon glyph=glyph />
            <span class="grow">{children()}</span>
        </div>
    }
}

/// How full something is.
#[component]
pub fn Meter(
    /// 0 … 1.
    #[prop(into)]
    share: Signal<f64>,
    /// What it measures.
    #[prop(into)]
    label: Signal<String>,
    /// Its tone: warn or danger near a limit.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    let percent = move || (share.get().clamp(0.0, 1.0) * 100.0).round();
    view! {
        <div
            class=move || format!("meter {}", tone.get().class())
            role="progressbar"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent().to_string()
        >
            <i style:width=move || format!("{}%", percent())></i>
        </div>
    }
}
