//! Whether the window is a phone's.

use leptos::{ev, prelude::*};

/// Narrower than this many pixels is a phone.
const PHONE: &str = "(max-width: 760px)";

/// Whether the window is a phone's; follows its size.
pub fn use_narrow() -> Signal<bool> {
    let now = || window().match_media(PHONE).ok().flatten().is_some_and(|m| m.matches());
    let narrow = RwSignal::new(now());
    let listener = window_event_listener(ev::resize, move |_| {
        if narrow.get_untracked() != now() {
            narrow.set(now());
        }
    });
    on_cleanup(move || listener.remove());
    narrow.into()
}
