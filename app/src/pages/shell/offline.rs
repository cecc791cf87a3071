//! The banner that says the server is away, and tries again: after 2, 4, 8, 16, then every 30 seconds.

use leptos::prelude::*;

use crate::{
    api,
    i18n::{now, t, time_ms},
    ui::{
        Button, Icon, Size, ic,
        net::{answered, lost, use_reach, use_reconnected},
        toast,
    },
};

/// Longest pause between tries, in seconds.
const LONGEST_S: u32 = 30;

fn probe() {
    leptos::task::spawn_local(async {
        // any answer will do, and this one needs no session
        match api::auth::setup_state().await {
            Err(error) if error.0.kind == model::ErrorCode::Unavailable && error.0.trace_id.is_none() => {
                lost()
            }
            _ => answered(),
        }
    });
}

/// The banner.
#[component]
pub fn OfflineBanner() -> impl IntoView {
    let reach = use_reach();
    let left = RwSignal::new(0u32);
    Effect::new(move || {
        let reach = reach.get();
        if reach.lost {
            left.set(2u32.saturating_pow(reach.tries.min(5)).min(LONGEST_S));
        }
    });
    let tick = set_interval_with_handle(
        move || {
            if !reach.try_with_untracked(|reach| reach.lost).unwrap_or(false) {
                return;
            }
            let seconds = left.get_untracked();
            if seconds > 1 {
                left.set(seconds - 1);
            } else if seconds == 1 {
                left.set(0);
                probe();
            }
        },
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    let away = window_event_listener(leptos::ev::offline, |_| lost());
    let back = window_event_listener(leptos::ev::online, |_| probe());
    on_cleanup(move || {
        away.remove();
        back.remove();
    });
    let reconnected = use_reconnected();
    Effect::new(move |before: Option<u32>| {
        let times = reconnected.get();
        if before.is_some_and(|before| before < times) {
            toast(t().shell.back_online());
        }
        times
    });
    let text = t().shell;
    let shown = Memo::new(move |_| reach.read().lost);
    view! {
        <Show when=move || shown.get()>
            <div class="banner warn" role="status">
                <span>
                    <Icon glyph=ic::UNPLUG class="s" />
                    " "
                    <b>{text.offline()}</b>
                    " "
                    {move || text.offline_since(&time_ms(reach.read().last.unwrap_or_else(now)))}
                </span>
                <span class="grow"></span>
                <span class="nowrap" aria-hidden="true">{move || text.offline_retry(left.get(), reach.read().tries)}</span>
                <Button size=Size::Small icon=ic::ROTATE_CW on_click=move |_| probe()>
                    {text.retry_now()}
                </Button>
            </div>
        </Show>
    }
}
