//! What a page tells the frame around it: its way in the top bar and its name in the browser's tab.

use std::sync::LazyLock;

use leptos::prelude::*;

/// One step of the way to this page. Without `href` it is the page itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    /// A step without a page of its own (a group), or this page.
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

static CRUMBS: LazyLock<ArcRwSignal<Vec<Crumb>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));

/// The way, for the top bar.
pub fn use_crumbs() -> RwSignal<Vec<Crumb>> {
    CRUMBS.clone().into()
}

/// Tells the frame the way to this page, the page itself last, and names the browser's tab after it.
pub fn set_crumbs(crumbs: Vec<Crumb>) {
    if let Some(last) = crumbs.last() {
        set_title(&last.label);
    }
    if CRUMBS.get_untracked() != crumbs {
        CRUMBS.set(crumbs);
    }
}

/// Names the browser's tab.
pub fn set_title(title: &str) {
    document().set_title(&format!("{title} · Tobit"));
}
