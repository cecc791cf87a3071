//! Which aids are drawn in all charts: the expected range, the forecast. Entries of the legend that are switches; what was
//! chosen is kept by the browser.

use std::cell::RefCell;

use leptos::prelude::*;

use super::text::tx;
use crate::ui::prefs;

const USUAL: &str = "chart-usual";
const AHEAD: &str = "chart-ahead";

thread_local! {
    static SHOWN: RefCell<Option<(ArcRwSignal<bool>, ArcRwSignal<bool>)>> = const { RefCell::new(None) };
}

fn signals() -> (ArcRwSignal<bool>, ArcRwSignal<bool>) {
    SHOWN.with_borrow_mut(|slot| {
        let read = |key| ArcRwSignal::new(prefs::read(key).as_deref() != Some("off"));
        slot.get_or_insert_with(|| (read(USUAL), read(AHEAD))).clone()
    })
}

/// Whether expected ranges are drawn.
pub fn usual_shown() -> bool {
    signals().0.get()
}

/// Whether forecasts are drawn.
pub fn ahead_shown() -> bool {
    signals().1.get()
}

/// The legend of the aids: what they look like, and whether they are drawn.
#[component]
pub fn AidSwitches(
    /// There are expected ranges.
    #[prop(into)]
    usual: Signal<bool>,
    /// There are forecasts.
    #[prop(into)]
    ahead: Signal<bool>,
) -> impl IntoView {
    let (usual_on, ahead_on) = signals();
    let entry = |on: ArcRwSignal<bool>, key: &'static str, mark: &'static str, name: &'static str| {
        let (pressed, press) = (on.clone(), on);
        view! {
            <button type="button" class="aid-switch" aria-pressed=move || pressed.get().to_string()
                on:click=move |_| {
                    press.update(|on| *on = !*on);
                    prefs::write(key, if press.get_untracked() { "on" } else { "off" });
                }>
                <i class=mark></i>{name}
            </button>
        }
    };
    view! {
        {move || usual.get().then(|| entry(usual_on.clone(), USUAL, "aid-usual", tx().usual()))}
        {move || ahead.get().then(|| entry(ahead_on.clone(), AHEAD, "ln aid-ahead", tx().ahead()))}
    }
}
