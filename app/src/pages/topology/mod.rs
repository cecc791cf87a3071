//! The explorer of the topology.

use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{Crumb, set_crumbs},
};

/// The explorer of the topology.
#[component]
pub fn TopologyPage() -> impl IntoView {
    let title = t().topology.title();
    set_crumbs(vec![Crumb::here(title)]);
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{title}</h1>
            </div>
        </div>
    }
}
