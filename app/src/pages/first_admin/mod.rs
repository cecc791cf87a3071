//! Screen.

use leptos::prelude::*;

/// Screen.
#[component]
pub fn FirstAdminPage() -> impl IntoView {
    view! { <h1>"…"</h1> }
}
