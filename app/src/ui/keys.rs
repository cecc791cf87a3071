//! Keys that work on the whole page. One listener in the frame; pages add their own keys, shown by `?`.

use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

use leptos::prelude::*;

/// A key of the page now open.
#[derive(Clone)]
pub struct PageKey {
    owner: u32,
    /// The key as it is shown: `C`, `Shift X`.
    pub key: String,
    /// What it does.
    pub label: String,
    action: Callback<()>,
}

static KEYS: LazyLock<ArcRwSignal<Vec<PageKey>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
/// Owner and what it does.
type Search = (u32, Callback<()>);

static SEARCHES: LazyLock<ArcRwSignal<Vec<Search>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Keys being added by a page.
#[derive(Default)]
pub struct PageKeys(Vec<(String, String, Callback<()>)>);

impl PageKeys {
    /// Adds a key of one letter. Letters rest while somebody types or when switched off.
    #[must_use]
    pub fn on(
        mut self,
        key: &str,
        label: impl Into<String>,
        action: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        self.0.push((key.to_owned(), label.into(), Callback::new(move |()| action())));
        self
    }
}

/// Makes keys work while the calling component is shown.
///
/// ```ignore
/// page_keys(PageKeys::default().on("T", "토폴로지로", move || navigate("/topology", Default::default())));
/// ```
pub fn page_keys(keys: PageKeys) {
    let owner = NEXT.fetch_add(1, Ordering::Relaxed);
    KEYS.update(|all| {
        all.extend(keys.0.into_iter().map(|(key, label, action)| PageKey { owner, key, label, action }));
    });
    on_cleanup(move || KEYS.update(|all| all.retain(|key| key.owner != owner)));
}

/// The keys of the page now open.
pub fn use_page_keys() -> RwSignal<Vec<PageKey>> {
    KEYS.clone().into()
}

/// Runs the page's action for a key, if it has one.
pub(crate) fn run_page_key(key: &str) -> bool {
    let action = KEYS
        .with_untracked(|all| all.iter().rev().find(|k| k.key.eq_ignore_ascii_case(key)).map(|k| k.action));
    if let Some(action) = action {
        action.run(());
    }
    action.is_some()
}

/// Registers what `/` does while the calling component is shown; the one shown last wins.
pub fn on_search_key(action: impl Fn() + Send + Sync + 'static) {
    let owner = NEXT.fetch_add(1, Ordering::Relaxed);
    SEARCHES.update_untracked(|all| all.push((owner, Callback::new(move |()| action()))));
    on_cleanup(move || SEARCHES.update_untracked(|all| all.retain(|(o, _)| *o != owner)));
}

/// Goes to the search of the page, if it has one.
pub(crate) fn run_search_key() -> bool {
    let action = SEARCHES.with_untracked(|all| all.last().map(|(_, action)| *action));
    if let Some(action) = action {
        action.run(());
    }
    action.is_some()
}
