//! Buttons.

use leptos::{ev::MouseEvent, prelude::*};

use super::{Icon, ic::Glyph};

/// What a button is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// An ordinary action.
    #[default]
    Plain,
    /// The one action of the view.
    Primary,
    /// Takes something away.
    Danger,
    /// Takes something away and this is the last question.
    DangerSolid,
    /// Quiet: tool bars, rows.
    Ghost,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Primary => " primary",
            Self::Danger => " danger",
            Self::DangerSolid => " danger solid",
            Self::Ghost => " ghost",
        }
    }
}

/// Height of a button or field: 24, 28 (32 when roomy) or 36 px.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// In rows.
    Small,
    /// In bars.
    #[default]
    Normal,
    /// In forms.
    Large,
}

impl Size {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Small => " sm",
            Self::Normal => "",
            Self::Large => " lg",
        }
    }
}

/// A button with a word. `busy` shows that it is at work and takes no second press.
#[component]
pub fn Button(
    /// What it is for.
    #[prop(optional)]
    kind: Kind,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// An icon before the word.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Its key, shown after the word.
    #[prop(optional)]
    kbd: &'static str,
    /// Not available now. Say beside it why.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// At work.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// `submit` in forms.
    #[prop(default = "button")]
    r#type: &'static str,
    /// What happens.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// Further classes.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class=format!("btn{}{} {class}", kind.class(), size.class())
            type=r#type
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(action) = on_click {
                    action.run(event);
                }
            }
        >
            {move || busy.get().then(|| view! { <span class="dot run" aria-hidden="true"></span> })}
            {icon.map(|glyph| view! { <Icon glyph=glyph class=if size == Size::Small { "s" } else { "" } /> })}
            {children()}
            {(!kbd.is_empty()).then(|| view! { <kbd>{kbd}</kbd> })}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere, so it can be opened in another tab.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: Signal<String>,
    /// What it is for.
    #[prop(optional)]
    kind: Kind,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// An icon before the word.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Further classes.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a class=format!("btn{}{} {class}", kind.class(), size.class()) href=move || href.get()>
            {icon.map(|glyph| view! { <Icon glyph=glyph class=if size == Size::Small { "s" } else { "" } /> })}
            {children()}
        </a>
    }
}

/// A button that is only an icon; `label` is read to those who do not see it, and shown on hover.
#[component]
pub fn IconButton(
    /// The icon.
    glyph: Glyph,
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// What it is for.
    #[prop(default = Kind::Ghost)]
    kind: Kind,
    /// Its height.
    #[prop(optional)]
    size: Size,
    /// Not available now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Held down: a switch.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// Opens something: whether it is open.
    #[prop(optional, into)]
    expanded: MaybeProp<bool>,
    /// What happens.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// Further classes.
    #[prop(optional, into)]
    class: String,
) -> impl IntoView {
    view! {
        <button
            class=format!("btn{}{} icon {class}", kind.class(), size.class())
            type="button"
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || disabled.get()
            aria-pressed=move || pressed.get().map(|on| on.to_string())
            aria-expanded=move || expanded.get().map(|on| on.to_string())
            on:click=move |event| {
                if let Some(action) = on_click {
                    action.run(event);
                }
            }
        >
            <Icon glyph=glyph class=if size == Size::Small { "s" } else { "" } />
        </button>
    }
}
