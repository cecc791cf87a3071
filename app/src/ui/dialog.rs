//! Dialogs and drawers on the browser's own `<dialog>`: it traps the focus, closes on Esc and gives the focus back.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

use super::{Button, IconButton, Kind, Size, form::fresh_id, ic};
use crate::i18n::t;

/// Moves the focus to the element with this id.
pub fn focus_id(id: &str) {
    if let Some(element) =
        document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
    {
        _ = element.focus();
    }
}

/// A `<dialog>` that follows a signal. The inside is built when it opens.
#[component]
fn Modal(
    open: RwSignal<bool>,
    class: String,
    labelled_by: Option<String>,
    label: Option<Signal<String>>,
    /// Closes by Esc and by a press beside it.
    light: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() {
            if !dialog.open() {
                _ = dialog.show_modal();
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class=class
            aria-labelledby=labelled_by
            aria-label=move || label.map(|label| label.get())
            on:close=move |_| {
                if open.try_get_untracked() == Some(true) {
                    open.set(false);
                }
            }
            on:cancel=move |event: web_sys::Event| {
                if !light {
                    event.prevent_default();
                }
            }
            on:mousedown=move |event| {
                // a press on the dialog itself, not on something inside: beside its panel
                let event: &web_sys::MouseEvent = &event;
                let outside = event
                    .target()
                    .is_some_and(|target| event.current_target().is_some_and(|own| own == target));
                if light && outside {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}

/// A dialog: head, body, foot.
#[component]
pub fn Dialog(
    /// Whether it is open; Esc, the cross and a press beside it close it.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Further classes: widths.
    #[prop(optional, into)]
    class: String,
    /// False: only its own buttons close it.
    #[prop(default = true)]
    light: bool,
    /// The buttons.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    children: ChildrenFn,
) -> impl IntoView {
    let id = fresh_id("dialog");
    let title_id = id.clone();
    view! {
        <Modal open=open class=format!("dialog {class}") labelled_by=Some(id) label=None light=light>
            <header>
                <h2 id=title_id.clone() class="grow">{move || title.get()}</h2>
                {light
                    .then(|| {
                        view! {
                            <IconButton glyph=ic::X size=Size::Small label=t().common.close() on_click=move |_| open.set(false) />
                        }
                    })}
            </header>
            <div class="dialog-body">{children()}</div>
            {footer.as_ref().map(|footer| view! { <footer>{footer.run()}</footer> })}
        </Modal>
    }
}

/// A bare dialog, for what draws its own inside: the command palette.
#[component]
pub fn BareDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// Its class.
    #[prop(into)]
    class: String,
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <Modal open=open class=class labelled_by=None label=Some(label) light=true>
            {children()}
        </Modal>
    }
}

/// A panel that slides over the right edge of the page (over the bottom on a phone).
#[component]
pub fn Drawer(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Further classes: `left`, widths.
    #[prop(optional, into)]
    class: String,
    children: ChildrenFn,
) -> impl IntoView {
    let id = fresh_id("drawer");
    let title_id = id.clone();
    view! {
        <Modal open=open class=format!("drawer {class}") labelled_by=Some(id) label=None light=true>
            <header class="head">
                <h2 id=title_id.clone() class="grow cut">{move || title.get()}</h2>
                <IconButton glyph=ic::X size=Size::Small label=t().common.close() on_click=move |_| open.set(false) />
            </header>
            <div class="drawer-body">{children()}</div>
        </Modal>
    }
}

/// Asks before something is taken away: what, what follows from it, and the way back.
#[component]
pub fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What follows.
    #[prop(into)]
    text: Signal<String>,
    /// The word on the button.
    #[prop(into)]
    action: Signal<String>,
    /// Whether it takes something away.
    #[prop(default = true)]
    danger: bool,
    /// What happens.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let footer = move || {
        view! {
            <span class="grow"></span>
            <Button size=Size::Large on_click=move |_| open.set(false)>
                {t().common.cancel()}
            </Button>
            <Button
                size=Size::Large
                kind=if danger { Kind::DangerSolid } else { Kind::Primary }
                on_click=move |_| {
                    open.set(false);
                    on_confirm.run(());
                }
            >
                {move || action.get()}
            </Button>
        }
    };
    view! {
        <Dialog open=open title=title class="narrow" footer=footer>
            <p class="soft">{move || text.get()}</p>
        </Dialog>
    }
}
