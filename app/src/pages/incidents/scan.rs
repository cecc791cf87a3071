//! How the search for anomalies stands, and asking for one.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use model::{
    incident::ScanState,
    perm::{AnomalyJudge, Permission},
};

use super::Scene;
use crate::{
    api,
    i18n::{date_time, t},
    ui::{IconButton, Size, call, ic, session::may, toast, toast_error},
};

/// How often a search at work is asked how far it is.
const BEAT: Duration = Duration::from_secs(2);

/// The line above the list.
#[component]
pub fn ScanLine(scene: Scene) -> impl IntoView {
    let text = t().incidents;
    let state = Memo::new(move |_| scene.page.value.with(|page| page.as_ref().map(|p| p.scan.clone())));
    let busy = Memo::new(move |_| state.with(|s| s.as_ref().is_some_and(|s| s.running || s.waiting)));
    // While something is at work the list is asked again, and once more when it has ended.
    Effect::new(move || {
        scene.page.at.track();
        if busy.get() {
            set_timeout(move || _ = scene.page.value.try_with_untracked(|_| scene.page.reload()), BEAT);
        }
    });
    let ask = move |_| {
        spawn_local(async move {
            match call(api::incidents::rescan).await {
                Ok(_) => {
                    toast(text.rescan_asked());
                    scene.page.reload();
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    view! {
        <div class="inc-scan small soft" data-testid="scan">
            <span role="status" class="row grow">
                {move || busy.get().then(|| view! { <span class="dot run"></span> })}
                <span>{move || state.get().map(|state| words(&state))}</span>
            </span>
            {may(AnomalyJudge::LEAST).then(|| view! { <IconButton glyph=ic::ROTATE_CW size=Size::Small label=text.rescan() on_click=ask/> })}
        </div>
        {move || state.get().and_then(|s| s.error).map(|_| view! { <p class="small inc-scan-failed" role="alert">{text.scan_failed()}</p> })}
    }
}

fn words(state: &ScanState) -> String {
    let text = t().incidents;
    let mut parts = Vec::new();
    match (state.running, state.waiting, state.ended_at) {
        (true, ..) => parts.push(text.scanning(state.done, state.todo)),
        (false, true, _) => parts.push(text.scan_waiting().to_owned()),
        (_, _, Some(at)) => parts.push(text.scan_last(&date_time(at))),
        (_, _, None) => parts.push(text.scan_never().to_owned()),
    }
    parts.extend(state.covered_until.map(|at| text.scan_until(&date_time(at))));
    parts.join(" · ")
}
