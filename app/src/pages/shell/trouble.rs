//! Whole pages that say what is wrong: the server is away, the role does not reach.

use leptos::prelude::*;
use model::{ApiError, perm::Role};

use super::rail::role_name;
use crate::{
    i18n::t,
    ui::{ErrorState, Icon, LinkButton, ic, session, set_title, states::TraceId},
};

/// Seconds between two tries to reach the server.
const AGAIN_S: u64 = 5;

/// The program could not ask the server who this is.
#[component]
pub fn Unreachable(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    set_title(t().common.error_title());
    // The person may be away: the page comes back by itself.
    let tick = set_interval_with_handle(
        || leptos::task::spawn_local(session::start()),
        std::time::Duration::from_secs(AGAIN_S),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    view! {
        <main class="whole err-page">
            <ErrorState error=error on_retry=move |()| leptos::task::spawn_local(session::start()) />
        </main>
    }
}

/// The role does not reach: which screen, which role, who can help.
#[component]
pub fn ForbiddenPage(
    /// The screen.
    #[prop(into)]
    screen: String,
    /// What the server said.
    #[prop(optional, into)]
    error: Option<ApiError>,
) -> impl IntoView {
    let text = t().shell;
    let role = session::me().map_or(Role::Viewer, |me| me.role);
    let trace = error.and_then(|error| error.trace_id);
    view! {
        <div class="err-page">
            <div class="box">
                <span class="ico">
                    <Icon glyph=ic::LOCK />
                </span>
                <p class="small faint">"403" {trace.map(|id| view! { " · " <TraceId id=id /> })}</p>
                <h1>{text.fb_title()}</h1>
                <p class="txt">{text.fb_text(&screen)}</p>
                <div class="card">
                    <div class="ln">
                        <Icon glyph=ic::SHIELD_CHECK class="faint" />
                        <span class="grow">{text.fb_role()}</span>
                        <b>{role_name(role)}</b>
                    </div>
                </div>
                <div class="row acts">
                    <LinkButton href="/">{t().common.home()}</LinkButton>
                </div>
            </div>
        </div>
    }
}

/// Shows a screen only to those whose role reaches; others see which role they have and who can help.
#[component]
pub fn Gate(
    /// The least role.
    least: Role,
    /// The screen's name.
    #[prop(into)]
    screen: String,
    children: Children,
) -> impl IntoView {
    if session::may(least) {
        children().into_any()
    } else {
        set_title(t().common.forbidden_title());
        view! { <ForbiddenPage screen=screen /> }.into_any()
    }
}
