//! Choosing: one of a list, one of a few, yes or no.

use leptos::prelude::*;

use super::{Icon, Size, form::InField, ic};

/// One of a list: value and words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// The words.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// One of several, as the browser's own list: it works with every keyboard and screen reader.
#[component]
pub fn Select(
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// What there is.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// Called with the value chosen.
    #[prop(into)]
    on_change: Callback<String>,
    /// For a control outside of a [`Field`].
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// Not available now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let field = use_context::<InField>();
    let (id, error) = field.map_or((None, Signal::default()), |f| (Some(f.id), f.error));
    let describes = id.as_ref().map(|id| format!("{id}-error {id}-hint"));
    view! {
        <span class=format!("select{}", size.class())>
            <select
                id=id
                aria-label=move || label.get()
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=describes
                disabled=move || disabled.get()
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {move || {
                    let chosen = value.get();
                    options
                        .get()
                        .into_iter()
                        .map(|option| {
                            let selected = option.value == chosen;
                            view! {
                                <option value=option.value selected=selected>
                                    {option.label}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
            <Icon glyph=ic::CHEVRON_DOWN class="s" />
        </span>
    }
}

/// A box to tick. `partial` shows that only some of what it stands for are ticked.
#[component]
pub fn Check(
    /// Ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Some are.
    #[prop(optional, into)]
    partial: Signal<bool>,
    /// Read to a screen reader when there are no words beside it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Not available now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with the new state.
    #[prop(into)]
    on_change: Callback<bool>,
    /// Words beside it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let input = view! {
        <input
            type="checkbox"
            class="check"
            prop:checked=move || checked.get()
            prop:indeterminate=move || partial.get()
            aria-label=move || label.get()
            disabled=move || disabled.get()
            on:change=move |event| on_change.run(event_target_checked(&event))
        />
    };
    match children {
        Some(children) => view! { <label class="row">{input} <span>{children()}</span></label> }.into_any(),
        None => input.into_any(),
    }
}

/// On or off, at once.
#[component]
pub fn Switch(
    /// On.
    #[prop(into)]
    checked: Signal<bool>,
    /// What it switches.
    #[prop(into)]
    label: Signal<String>,
    /// Called with the new state.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <input
            type="checkbox"
            role="switch"
            class="switch"
            prop:checked=move || checked.get()
            aria-label=move || label.get()
            on:change=move |event| on_change.run(event_target_checked(&event))
        />
    }
}

/// One of a few, side by side.
#[component]
pub fn Segmented(
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// What there is.
    #[prop(into)]
    options: Signal<Vec<Choice>>,
    /// What is chosen here.
    #[prop(into)]
    label: Signal<String>,
    /// Called with the value chosen.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    view! {
        <span class="seg" role="group" aria-label=move || label.get()>
            {move || {
                options
                    .get()
                    .into_iter()
                    .map(|option| {
                        let (mine, chosen) = (option.value.clone(), option.value);
                        view! {
                            <button
                                type="button"
                                aria-pressed=move || (value.read().as_str() == mine).to_string()
                                on:click=move |_| on_change.run(chosen.clone())
                            >
                                {option.label}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </span>
    }
}
