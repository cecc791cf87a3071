//! Screen.

use leptos::prelude::*;

/// Screen.
#[component]
pub fn ComponentsPage() -> impl IntoView {
    view! { <h1>"…"</h1> }
}
