//! Tabs: one of several views of the same thing.

use leptos::prelude::*;

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its value: goes into the address.
    pub value: String,
    /// Its words.
    pub label: String,
    /// A number after the words.
    pub count: Option<u64>,
}

impl Tab {
    /// A tab.
    pub fn new(value: impl Into<String>, label: impl Into<String>, count: Option<u64>) -> Self {
        Self { value: value.into(), label: label.into(), count }
    }
}

/// The row of tabs. Arrow keys move, the view under it is labelled by the caller with `id` as `aria-labelledby`
/// `{id}-{value}` and has the id `{id}-panel`.
#[component]
pub fn Tabs(
    /// Prefix of ids.
    #[prop(into)]
    id: String,
    /// The chosen one.
    #[prop(into)]
    value: Signal<String>,
    /// What there is.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// What the tabs are of.
    #[prop(into)]
    label: Signal<String>,
    /// Called with the value chosen.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let list = NodeRef::<leptos::html::Div>::new();
    let ids = id.clone();
    let step = move |by: i32| {
        let all = tabs.get_untracked();
        let here = all.iter().position(|tab| tab.value == value.get_untracked()).unwrap_or(0) as i32;
        let next = (here + by).rem_euclid(all.len().max(1) as i32) as usize;
        if let Some(tab) = all.get(next) {
            on_change.run(tab.value.clone());
            let next_id = format!("{ids}-{}", tab.value);
            request_animation_frame(move || super::dialog::focus_id(&next_id));
        }
    };
    view! {
        <div
            class="tabs"
            role="tablist"
            node_ref=list
            aria-label=move || label.get()
            on:keydown=move |event| match event.key().as_str() {
                "ArrowRight" => {
                    event.prevent_default();
                    step(1);
                }
                "ArrowLeft" => {
                    event.prevent_default();
                    step(-1);
                }
                _ => {}
            }
        >
            {move || {
                let id = id.clone();
                tabs.get()
                    .into_iter()
                    .map(|tab| {
                        let (mine, chosen) = (tab.value.clone(), tab.value.clone());
                        let selected = Signal::derive(move || value.read().as_str() == mine);
                        view! {
                            <button
                                type="button"
                                role="tab"
                                id=format!("{id}-{}", tab.value)
                                aria-selected=move || selected.get().to_string()
                                tabindex=move || if selected.get() { "0" } else { "-1" }
                                on:click=move |_| on_change.run(chosen.clone())
                            >
                                {tab.label}
                                {tab.count.map(|n| view! { <span class="count">{crate::i18n::number(n)}</span> })}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
