//! Screen.

use leptos::prelude::*;

/// Screen.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <h1>"…"</h1> }
}
