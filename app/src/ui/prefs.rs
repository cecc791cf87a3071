//! What a reader has chosen: language, theme, density, time zone, keys, rail. Kept in this browser.

use std::sync::LazyLock;

use leptos::prelude::*;

use crate::i18n::{Lang, Zone, format::use_zone, use_lang};

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As it is stored and as `data-theme` wants it.
    pub fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_key(key: &str) -> Self {
        match key {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// The choices as signals.
#[derive(Debug, Clone, Copy)]
pub struct Prefs {
    /// Colours.
    pub theme: RwSignal<Theme>,
    /// Rows of 40 px instead of 32.
    pub roomy: RwSignal<bool>,
    /// The rail shows icons only.
    pub slim: RwSignal<bool>,
    /// Shortcuts of one letter work.
    pub letters: RwSignal<bool>,
    /// Groups of the rail that are folded, by key.
    pub folded: RwSignal<Vec<String>>,
}

struct Store {
    theme: ArcRwSignal<Theme>,
    roomy: ArcRwSignal<bool>,
    slim: ArcRwSignal<bool>,
    letters: ArcRwSignal<bool>,
    folded: ArcRwSignal<Vec<String>>,
}

static STORE: LazyLock<Store> = LazyLock::new(|| Store {
    theme: ArcRwSignal::new(Theme::from_key(&read("theme").unwrap_or_default())),
    roomy: ArcRwSignal::new(read("density").as_deref() == Some("comfortable")),
    slim: ArcRwSignal::new(read("rail").as_deref() == Some("slim")),
    letters: ArcRwSignal::new(read("letters").as_deref() != Some("off")),
    folded: ArcRwSignal::new(
        read("folded")
            .map(|list| list.split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect())
            .unwrap_or_default(),
    ),
});

/// The choices.
pub fn prefs() -> Prefs {
    Prefs {
        theme: STORE.theme.clone().into(),
        roomy: STORE.roomy.clone().into(),
        slim: STORE.slim.clone().into(),
        letters: STORE.letters.clone().into(),
        folded: STORE.folded.clone().into(),
    }
}

/// A value kept in this browser.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(&format!("tobit.{key}")).ok().flatten()
}

/// Keeps a value in this browser; without storage it lasts as long as the page.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        _ = storage.set_item(&format!("tobit.{key}"), value);
    }
}

/// Forgets a value.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        _ = storage.remove_item(&format!("tobit.{key}"));
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Reads language and zone and keeps the page and the storage in step with the choices from then on.
pub fn install() {
    let (lang, zone, prefs) = (use_lang(), use_zone(), prefs());
    lang.set(match read("lang").as_deref() {
        Some("ko") => Lang::Ko,
        Some("en") => Lang::En,
        _ => {
            let spoken = window().navigator().language().unwrap_or_else(|| "ko".to_owned());
            if spoken.starts_with("ko") { Lang::Ko } else { Lang::En }
        }
    });
    if read("zone").as_deref() == Some("UTC") {
        zone.set(Zone::Utc);
    }
    let root = document().document_element();
    let attribute = move |name: &str, value: Option<&str>| {
        if let Some(root) = &root {
            _ = match value {
                Some(value) => root.set_attribute(name, value),
                None => root.remove_attribute(name),
            };
        }
    };
    let set = attribute.clone();
    Effect::new(move || set("lang", Some(if lang.get() == Lang::Ko { "ko" } else { "en" })));
    let set = attribute.clone();
    Effect::new(move || {
        let theme = prefs.theme.get();
        set("data-theme", (theme != Theme::System).then_some(theme.key()));
    });
    Effect::new(move || attribute("data-density", prefs.roomy.get().then_some("comfortable")));
    keep("lang", move || if lang.get() == Lang::Ko { "ko" } else { "en" }.to_owned());
    keep("zone", move || zone.get().label().to_owned());
    keep("theme", move || prefs.theme.get().key().to_owned());
    keep("density", move || if prefs.roomy.get() { "comfortable" } else { "compact" }.to_owned());
    keep("rail", move || if prefs.slim.get() { "slim" } else { "wide" }.to_owned());
    keep("letters", move || if prefs.letters.get() { "on" } else { "off" }.to_owned());
    keep("folded", move || prefs.folded.get().join(","));
}

/// Writes a choice when it changes, not when the page opens: what was never chosen stays open to a better default.
fn keep(key: &'static str, value: impl Fn() -> String + 'static) {
    Effect::new(move |before: Option<String>| {
        let value = value();
        if before.is_some_and(|before| before != value) {
            write(key, &value);
        }
        value
    });
}

/// Height of a table row in pixels.
pub fn row_height() -> f64 {
    if prefs().roomy.get() { 40.0 } else { 32.0 }
}
