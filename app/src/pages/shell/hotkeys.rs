//! The one listener for keys of the whole page: `Ctrl K`, `G` and a letter, `/`, `?`, `[`, and the page's own letters.
//! Letters rest while somebody types, while a dialog is open, and when they are switched off.

use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;

use super::{Frame, screens::SCREENS};
use crate::ui::{
    form::is_typing,
    keys::{run_page_key, run_search_key},
    prefs::prefs,
    session,
};

/// How long `G` waits for its letter, in milliseconds.
const WAIT_MS: f64 = 1200.0;

/// Listens while the frame is there.
pub fn install(frame: Frame) {
    let navigate = use_navigate();
    let prefs = prefs();
    let after_g = StoredValue::new(0.0_f64);
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.is_composing() || event.default_prevented() {
            return;
        }
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            frame.palette.update(|open| *open = !*open);
            return;
        }
        if event.ctrl_key() || event.meta_key() || event.alt_key() || !prefs.letters.get_untracked() {
            return;
        }
        let dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
        if dialog || is_typing(event.target()) {
            return;
        }
        let now = js_sys::Date::now();
        let waited = now - after_g.get_value() < WAIT_MS;
        after_g.set_value(0.0);
        let letter = latin(&key, &event.code());
        if waited {
            let role = session::me().map(|me| me.role);
            let screen = SCREENS.iter().find(|s| letter.eq_ignore_ascii_case(&s.letter.to_string()));
            if let Some(screen) = screen.filter(|s| role.is_some_and(|role| s.least <= role)) {
                event.prevent_default();
                navigate(screen.href, Default::default());
            }
            return;
        }
        let done = match letter.as_str() {
            "g" => {
                after_g.set_value(now);
                true
            }
            "/" => run_search_key(),
            "?" => {
                frame.help.set(true);
                true
            }
            "[" => {
                prefs.slim.update(|slim| *slim = !*slim);
                true
            }
            letter => run_page_key(letter),
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// The Latin letter of a key, also when the keyboard writes Hangul: `ㅎ` is `g`.
fn latin(key: &str, code: &str) -> String {
    if key.is_ascii() {
        return if key.chars().count() == 1 { key.to_ascii_lowercase() } else { key.to_owned() };
    }
    code.strip_prefix("Key").map_or_else(|| key.to_owned(), str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::latin;

    #[test]
    fn a_hangul_key_is_its_latin_letter() {
        assert_eq!(latin("ㅎ", "KeyG"), "g");
        assert_eq!(latin("G", "KeyG"), "g");
        assert_eq!(latin("?", "Slash"), "?");
        assert_eq!(latin("Enter", "Enter"), "Enter");
    }
}
