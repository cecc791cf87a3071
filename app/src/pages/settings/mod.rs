//! Screen.

use leptos::prelude::*;

/// Screen.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! { <h1>"…"</h1> }
}
