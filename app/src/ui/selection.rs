//! What is selected in the page now open, and what can be done with it: the palette offers the same.

use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

use leptos::prelude::*;

use super::ic::Glyph;

/// Something that can be done with what is selected.
#[derive(Clone)]
pub struct SelectionAct {
    /// Its icon.
    pub glyph: Glyph,
    /// Its words.
    pub label: String,
    /// What it does.
    pub action: Callback<()>,
}

impl SelectionAct {
    /// An action.
    pub fn new(glyph: Glyph, label: impl Into<String>, action: Callback<()>) -> Self {
        Self { glyph, label: label.into(), action }
    }
}

/// What is selected.
#[derive(Clone)]
pub struct Selection {
    /// In a word or two: `3 selected`, a code.
    pub badge: String,
    /// The head of what can be done: `About the 3 selected`.
    pub title: String,
    /// What can be done.
    pub acts: Vec<SelectionAct>,
}

/// By the part of the page that offers it; the one shown last wins.
static OFFERED: LazyLock<ArcRwSignal<Vec<(u32, Selection)>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Offers what is selected while the calling component is shown; `what` may read signals.
pub fn offer_selection(what: impl Fn() -> Option<Selection> + 'static) {
    let owner = NEXT.fetch_add(1, Ordering::Relaxed);
    Effect::new(move || {
        let selection = what();
        OFFERED.update(|all| {
            all.retain(|(o, _)| *o != owner);
            all.extend(selection.map(|s| (owner, s)));
        });
    });
    on_cleanup(move || OFFERED.update(|all| all.retain(|(o, _)| *o != owner)));
}

/// What is selected now.
pub fn selection() -> Option<Selection> {
    OFFERED.with(|all| all.last().map(|(_, selection)| selection.clone()))
}
