//! The list of configuration items.

use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{Crumb, set_crumbs},
};

/// The list of configuration items.
#[component]
pub fn CisPage() -> impl IntoView {
    let title = t().cis.title();
    set_crumbs(vec![Crumb::here(title)]);
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{title}</h1>
            </div>
        </div>
    }
}
