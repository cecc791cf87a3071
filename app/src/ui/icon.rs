//! Icons and the mark of the product.

use leptos::prelude::*;

use super::ic::Glyph;

/// An icon of 16 px; `class` may add `s` (14 px), `l` (20 px) or a colour (`ic-ok`, `ic-warn`, `faint`).
/// It says nothing to a screen reader: the word stands beside it or in the label of its button.
#[component]
pub fn Icon(
    /// Which one, a constant of [`super::ic`].
    glyph: Glyph,
    /// Further classes.
    #[prop(optional, into)]
    class: Signal<String>,
) -> impl IntoView {
    view! {
        <svg
            class=move || format!("i {}", class.read().as_str())
            viewBox="0 0 24 24"
            aria-hidden="true"
            inner_html=glyph.0
        ></svg>
    }
}

/// The mark of the product.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 22 22" aria-hidden="true">
            <rect width="22" height="22" rx="5" fill="currentColor" />
            <path class="brand-strokes" d="M6 5.5v11M6 5.5h10M6 11h7.5M6 16.5h10" stroke-width="2" stroke-linecap="round" fill="none" />
        </svg>
    }
}
