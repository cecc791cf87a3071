//! The frame around every screen.

use leptos::prelude::*;
use leptos_router::components::Outlet;

/// The frame.
#[component]
pub fn Shell() -> impl IntoView {
    view! { <div class="app"><main id="main"><Outlet /></main></div> }
}
