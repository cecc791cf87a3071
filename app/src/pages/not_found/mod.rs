//! Screen.

use leptos::prelude::*;

/// Screen.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <h1>"…"</h1> }
}
