//! The frame around every screen: rail, top bar, palette, account menu, shortcuts, what is said when the server is away
//! or the session has ended.

mod account;
mod expired;
mod help;
mod hotkeys;
mod offline;
mod palette;
mod palette_items;
mod rail;
mod screens;
mod topbar;
pub mod trouble;

use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_navigate},
};

use crate::{
    i18n::t,
    ui::{
        Drawer, Skeleton,
        prefs::prefs,
        session::{Session, use_session},
    },
};

pub use palette_items::ask_address;
pub use rail::role_name;
pub use screens::{SCREENS, Screen};
pub use topbar::find_key;

/// What the parts of the frame open.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The command palette.
    pub palette: RwSignal<bool>,
    /// The list of shortcuts.
    pub help: RwSignal<bool>,
    /// The account menu.
    pub account: RwSignal<bool>,
    /// The rail as a drawer, on a phone.
    pub rail: RwSignal<bool>,
}

/// The frame. Without a session it leads to the sign-in page, which leads back to the same address.
#[component]
pub fn Shell() -> impl IntoView {
    let session = use_session();
    let location = use_location();
    let navigate = use_navigate();
    Effect::new(move || {
        let to = match session.get() {
            Session::Out => {
                let search = location.search.get_untracked();
                let mark = if search.is_empty() { "" } else { "?" };
                let here = format!("{}{mark}{search}", location.pathname.get_untracked());
                if here == "/" {
                    "/signin".to_owned()
                } else {
                    format!("/signin?next={}", js_sys::encode_uri_component(&here))
                }
            }
            Session::NeedsAdmin => "/setup".to_owned(),
            _ => return,
        };
        navigate(&to, leptos_router::NavigateOptions { replace: true, ..Default::default() });
    });
    // built once per person: a renewed token changes nothing here
    let state = Memo::new(move |_| match session.get() {
        Session::In(me) => Some(Ok(me.user)),
        Session::Unreachable(error) => Some(Err(*error)),
        Session::Unknown | Session::Out | Session::NeedsAdmin => None,
    });
    move || match state.get() {
        Some(Ok(_)) => view! { <Framed /> }.into_any(),
        Some(Err(error)) => view! { <trouble::Unreachable error=error /> }.into_any(),
        None => view! { <div class="whole"><Skeleton rows=0 /></div> }.into_any(),
    }
}

#[component]
fn Framed() -> impl IntoView {
    let frame = Frame {
        palette: RwSignal::new(false),
        help: RwSignal::new(false),
        account: RwSignal::new(false),
        rail: RwSignal::new(false),
    };
    provide_context(frame);
    hotkeys::install(frame);
    let slim = prefs().slim;
    view! {
        <a class="btn skip" href="#main" rel="external" on:click=|event| {
            event.prevent_default();
            crate::ui::dialog::focus_id("main");
        }>
            {t().shell.skip()}
        </a>
        <div class=move || if slim.get() { "app slim" } else { "app" }>
            <rail::Rail />
            <topbar::TopBar />
            <div class="stage">
                <offline::OfflineBanner />
                <main id="main" tabindex="-1">
                    <Outlet />
                </main>
            </div>
        </div>
        <Drawer open=frame.rail title=t().shell.main_menu() class="left">
            <rail::RailBody />
        </Drawer>
        <palette::Palette />
        <account::AccountMenu />
        <help::Help />
        <expired::SessionEnded />
    }
    .into_any()
}
