//! The screens of the product, one folder each, and the addresses they have.

pub mod ask;
pub mod causes;
pub mod ci;
pub mod cis;
pub mod components;
pub mod events;
pub mod first_admin;
pub mod golden;
pub mod import;
pub mod incidents;
pub mod not_found;
pub mod parts;
pub mod relations;
pub mod runs;
pub mod settings;
pub mod shell;
pub mod signin;
pub mod synonyms;
pub mod topology;
pub mod trace;

use leptos::{context::Provider, prelude::*};
use leptos_router::{
    components::{Outlet, ParentRoute, Route, Router, Routes},
    hooks::use_location,
    params::ParamsMap,
    path,
};

use crate::{
    i18n::use_lang,
    ui::{prefs, session, toast::ToastHost},
};

/// The whole user interface.
///
/// A change of language builds the pages anew: every text is read once, where it is used. What a page must keep over
/// that lives in the address or outside of the component.
#[component]
pub fn App() -> impl IntoView {
    prefs::install();
    ask::keep_conversation();
    import::keep_import();
    leptos::task::spawn_local(session::start());
    parts::fetch_soon();
    let lang = use_lang();
    view! {
        {move || {
            lang.track();
            view! { <Screens /> }.into_any()
        }}
        <ToastHost />
    }
}

#[component]
fn Screens() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| view! { <not_found::NotFoundPage /> }.into_any()>
                <Route path=path!("/signin") view=|| view! { <signin::SignInPage /> }.into_any() />
                <Route path=path!("/setup") view=|| view! { <first_admin::FirstAdminPage /> }.into_any() />
                <ParentRoute path=path!("") view=|| view! { <shell::Shell /> }.into_any()>
                    // one page for both addresses, so that the first question does not build it anew
                    <ParentRoute path=path!("") view=|| view! { <Asking /> }.into_any()>
                        <Route path=path!("") view=|| () />
                        <Route path=path!("threads/:id") view=|| () />
                    </ParentRoute>
                    <Route path=path!("cis") view=|| parts::CIS.view() />
                    <Route path=path!("cis/:code") view=|| parts::CI.view() />
                    <Route path=path!("events") view=|| parts::EVENTS.view() />
                    <Route path=path!("topology") view=|| parts::TOPOLOGY.view() />
                    <Route path=path!("incidents") view=|| parts::INCIDENTS.view() />
                    <Route path=path!("runs") view=|| parts::RUNS.view() />
                    <Route path=path!("runs/golden") view=|| parts::GOLDEN.view() />
                    <Route path=path!("runs/:id") view=|| parts::TRACE.view() />
                    <Route path=path!("import") view=|| parts::IMPORT.view() />
                    <Route path=path!("causes") view=|| parts::CAUSES.view() />
                    <Route path=path!("words") view=|| parts::WORDS.view() />
                    <Route path=path!("relations") view=|| parts::RELATIONS.view() />
                    <Route path=path!("settings") view=|| parts::SETTINGS.view() />
                    <Route path=path!("components") view=|| parts::COMPONENTS.view() />
                    <Route path=path!("*any") view=|| view! { <not_found::NotFoundPage /> }.into_any() />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The conversation page. It stays while its address goes from `/` to `/threads/:id`, so it is given the parameter that
/// only the inner route has.
#[component]
fn Asking() -> impl IntoView {
    let path = use_location().pathname;
    let params = ArcMemo::new(move |_| {
        let mut params = ParamsMap::new();
        if let Some(id) = path.read().strip_prefix("/threads/") {
            params.insert("id", id.to_owned());
        }
        params
    });
    view! {
        <Provider value=params>
            <ask::AskPage />
        </Provider>
        <Outlet />
    }
}
