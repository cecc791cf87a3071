//! The page of a configuration item.

use leptos::prelude::*;

use crate::{
    i18n::t,
    ui::{Crumb, set_crumbs},
};

/// The page of a configuration item.
#[component]
pub fn CiPage() -> impl IntoView {
    let title = t().ci.title();
    set_crumbs(vec![Crumb::here(title)]);
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{title}</h1>
            </div>
        </div>
    }
}
