//! Fields and what stands in them.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::{context::Provider, ev, prelude::*};
use wasm_bindgen::JsCast;

pub use super::choice::Choice;
use super::{Icon, IconButton, Size, ic, ic::Glyph};
use crate::i18n::t;

static NEXT_ID: AtomicU32 = AtomicU32::new(1);

/// An id that no other element has.
pub fn fresh_id(prefix: &str) -> String {
    format!("{prefix}-{}", NEXT_ID.fetch_add(1, Ordering::Relaxed))
}

/// What a field tells the control inside of it.
#[derive(Clone)]
pub(super) struct InField {
    pub id: String,
    pub error: Signal<Option<String>>,
    required: bool,
}

/// Label, control, hint and error of one value. The control inside finds its id and its error by itself.
#[component]
pub fn Field(
    /// What the value is.
    #[prop(into)]
    label: Signal<String>,
    /// Shown under it: the rule, before it is broken.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong and how to mend it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Further classes.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let id = fresh_id("f");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class=format!("field {class}")>
            <label for=id.clone()>{move || label.get()}</label>
            <Provider value=InField { id: id.clone(), error, required }>{children()}</Provider>
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <span class="err" id=error_id.clone() role="alert">
                                <Icon glyph=ic::CIRCLE_ALERT class="s" />
                                {text}
                            </span>
                        }
                    })
            }}
            {move || hint.get().map(|text| view! { <span class="hint" id=hint_id.clone()>{text}</span> })}
        </div>
    }
}

/// A line of text. Without `value` and `on_input` it is a plain control: give it `value=RwSignal`.
#[component]
pub fn Input(
    /// The text.
    value: RwSignal<String>,
    /// `text`, `password`, `email`, `number`, `search`, `datetime-local` …
    #[prop(default = "text")]
    r#type: &'static str,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    /// For a control outside of a [`Field`].
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// `username`, `current-password` …
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// An icon before it.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// A unit after it.
    #[prop(optional, into)]
    unit: MaybeProp<String>,
    /// Typewriter letters: codes, tokens.
    #[prop(optional)]
    mono: bool,
    /// Not available now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Called after each change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
    /// Called for Enter.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// The element, for the one who must focus it.
    #[prop(optional)]
    node_ref: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let field = use_context::<InField>();
    let (id, error, required) =
        field.map_or((None, Signal::default(), false), |f| (Some(f.id), f.error, f.required));
    let describes = id.as_ref().map(|id| format!("{id}-error {id}-hint"));
    let shown = RwSignal::new(false);
    let secret = r#type == "password";
    if autofocus {
        Effect::new(move || {
            if let Some(input) = node_ref.get() {
                _ = input.focus();
            }
        });
    }
    view! {
        <span class=format!("input{}", size.class()) aria-invalid=move || error.get().is_some().then_some("true")>
            {icon.map(|glyph| view! { <Icon glyph=glyph class="s faint" /> })}
            <input
                node_ref=node_ref
                id=id
                class=if mono { "mono" } else { "" }
                type=move || if secret && shown.get() { "text" } else { r#type }
                prop:value=move || value.get()
                placeholder=move || placeholder.get()
                aria-label=move || label.get()
                autocomplete=autocomplete
                spellcheck="false"
                disabled=move || disabled.get()
                required=required
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=describes
                on:input:target=move |event| {
                    value.set(event.target().value());
                    if let Some(call) = on_input {
                        call.run(event.target().value());
                    }
                }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() && let Some(call) = on_enter {
                        call.run(());
                    }
                }
            />
            {move || unit.get().map(|unit| view! { <span class="faint small nowrap">{unit}</span> })}
            {secret
                .then(|| {
                    view! {
                        {move || {
                            let (glyph, label) = if shown.get() {
                                (ic::EYE_OFF, t().shell.hide_password())
                            } else {
                                (ic::EYE, t().shell.show_password())
                            };
                            view! {
                                <IconButton
                                    glyph=glyph
                                    size=Size::Small
                                    label=label
                                    on_click=move |_| shown.update(|on| *on = !*on)
                                />
                            }
                        }}
                    }
                })}
        </span>
    }
}

/// The search of a list: `/` goes to it, Esc empties it. Typing is passed on after a pause of 200 ms.
#[component]
pub fn SearchBox(
    /// The text, set after the pause.
    value: RwSignal<String>,
    /// What is searched.
    #[prop(into)]
    label: Signal<String>,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
) -> impl IntoView {
    let typed = RwSignal::new(value.get_untracked());
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        let outside = value.get();
        if outside != typed.get_untracked().trim() {
            typed.set(outside);
        }
    });
    let generation = StoredValue::new(0u32);
    let commit = move |text: String| {
        typed.set(text.clone());
        let mine = generation.with_value(|n| n + 1);
        generation.set_value(mine);
        set_timeout(
            move || {
                if generation.try_get_value() == Some(mine)
                    && value.try_get_untracked().is_some_and(|v| v != text.trim())
                {
                    value.set(text.trim().to_owned());
                }
            },
            std::time::Duration::from_millis(200),
        );
    };
    super::keys::on_search_key(move || {
        if let Some(input) = input.get_untracked() {
            _ = input.focus();
            input.select();
        }
    });
    view! {
        <label class="input search-box">
            <span class="sr">{move || label.get()}</span>
            <Icon glyph=ic::SEARCH class="s faint" />
            <input
                node_ref=input
                type="text"
                role="searchbox"
                autocomplete="off"
                spellcheck="false"
                placeholder=move || placeholder.get().unwrap_or_else(|| label.get())
                prop:value=move || typed.get()
                on:input:target=move |event| commit(event.target().value())
                on:keydown=move |event| {
                    if event.key() == "Escape" && !event.is_composing() {
                        event.stop_propagation();
                        if typed.get_untracked().is_empty() {
                            if let Some(input) = input.get_untracked() {
                                _ = input.blur();
                            }
                        } else {
                            commit(String::new());
                        }
                    }
                }
            />
            <kbd>"/"</kbd>
        </label>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The text.
    value: RwSignal<String>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: MaybeProp<String>,
    /// For a control outside of a [`Field`].
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Typewriter letters.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let field = use_context::<InField>();
    let (id, error) = field.map_or((None, Signal::default()), |f| (Some(f.id), f.error));
    let describes = id.as_ref().map(|id| format!("{id}-error {id}-hint"));
    view! {
        <textarea
            class=if mono { "input mono" } else { "input" }
            id=id
            rows=rows
            placeholder=move || placeholder.get()
            aria-label=move || label.get()
            aria-invalid=move || error.get().is_some().then_some("true")
            aria-describedby=describes
            prop:value=move || value.get()
            on:input:target=move |event| value.set(event.target().value())
        ></textarea>
    }
}

/// The form's fields as one: submits without leaving the page.
pub fn submit(action: impl Fn() + 'static) -> impl Fn(ev::SubmitEvent) + 'static {
    move |event: ev::SubmitEvent| {
        event.prevent_default();
        action();
    }
}

/// Whether a key event belongs to someone who is typing.
pub fn is_typing(target: Option<web_sys::EventTarget>) -> bool {
    let Some(element) = target.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) else { return false };
    let name = element.tag_name().to_ascii_lowercase();
    if element.is_content_editable() || name == "textarea" || name == "select" {
        return true;
    }
    name == "input"
        && !matches!(
            element.get_attribute("type").as_deref(),
            Some("checkbox" | "radio" | "button" | "submit")
        )
}
