//! The list of events.

use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{Crumb, set_crumbs},
};

/// The list of events.
#[component]
pub fn EventsPage() -> impl IntoView {
    let title = t().events.title();
    set_crumbs(vec![Crumb::here(title)]);
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{title}</h1>
            </div>
        </div>
    }
}
