//! What floats: popovers and menus. Placed at their trigger, closed by Esc, by a press beside them, by leaving.

use leptos::{context::Provider, ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{Icon, ic, ic::Glyph};

/// Something floating at its trigger. The trigger toggles `open` itself.
#[component]
pub fn Popover(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// What opens it.
    #[prop(into)]
    trigger: ViewFn,
    /// Its class: `pop`, `menu`, `panel` …
    #[prop(default = "pop".to_owned(), into)]
    class: String,
    /// Its role.
    #[prop(default = "dialog")]
    role: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let anchor = NodeRef::<html::Span>::new();
    let panel = NodeRef::<html::Div>::new();
    let place = RwSignal::new(String::new());
    let close = move |give_back: bool| {
        open.set(false);
        if give_back && let Some(anchor) = anchor.get_untracked() {
            focus_first(&anchor);
        }
    };
    // placed once it is there and its size is known
    Effect::new(move || {
        if !open.get() {
            place.set(String::new());
            return;
        }
        let (Some(anchor), Some(panel)) = (anchor.get(), panel.get()) else { return };
        let at = anchor.get_bounding_client_rect();
        let size =
            |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|v| v.as_f64()).unwrap_or(0.0);
        let (width, height) = (size(window().inner_width()), size(window().inner_height()));
        let (panel_width, panel_height) = (f64::from(panel.offset_width()), f64::from(panel.offset_height()));
        let left = at.left().min(width - panel_width - 8.0).max(8.0);
        let (below, above) = (height - at.bottom() - 12.0, at.top() - 12.0);
        let vertical = if panel_height <= below || below >= above {
            format!("top:{}px;max-height:{below}px", at.bottom() + 4.0)
        } else {
            format!("bottom:{}px;max-height:{above}px", height - at.top() + 4.0)
        };
        place.set(format!("left:{left}px;{vertical}"));
        focus_first(&panel);
    });
    let outside = window_event_listener(ev::pointerdown, move |event| {
        if !open.try_get_untracked().unwrap_or(false) {
            return;
        }
        let inside = anchor.get_untracked().zip(event.target()).is_some_and(|(anchor, target)| {
            target.dyn_ref::<web_sys::Node>().is_some_and(|node| anchor.contains(Some(node)))
        });
        if !inside {
            close(false);
        }
    });
    on_cleanup(move || outside.remove());
    view! {
        <span
            class="anchor"
            node_ref=anchor
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    event.stop_propagation();
                    event.prevent_default();
                    close(true);
                }
            }
        >
            {trigger.run()}
            <Show when=move || open.get()>
                <div
                    class=format!("floating {class}")
                    node_ref=panel
                    role=role
                    tabindex="-1"
                    aria-label=move || label.get()
                    style=move || place.get()
                >
                    {children()}
                </div>
            </Show>
        </span>
    }
}

fn focus_first(within: &web_sys::Element) {
    let found = within
        .query_selector("[autofocus],[aria-selected=true],input:not([disabled]),button:not([disabled]),a[href],select,textarea")
        .ok()
        .flatten()
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = found {
        _ = element.focus();
    }
}

#[derive(Clone, Copy)]
struct InMenu(RwSignal<bool>);

/// A menu of actions. Arrow keys move, Home and End jump, letters find.
#[component]
pub fn Menu(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// What opens it.
    #[prop(into)]
    trigger: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Popover open=open label=label trigger=trigger class="menu-pop" role="presentation">
            <Provider value=InMenu(open)>
                <div class="menu" role="menu" aria-label=move || label.get() on:keydown=|event| walk(&event)>
                    {children.with_value(|children| children())}
                </div>
            </Provider>
        </Popover>
    }
}

/// Moves the focus among the items of the menu or list an event comes from.
pub fn walk(event: &ev::KeyboardEvent) {
    let Some(list) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let Ok(nodes) =
        list.query_selector_all("[role^=menuitem]:not([disabled]),[role=option]:not([aria-disabled])")
    else {
        return;
    };
    let items: Vec<web_sys::HtmlElement> =
        (0..nodes.length()).filter_map(|i| nodes.get(i)?.dyn_into::<web_sys::HtmlElement>().ok()).collect();
    if items.is_empty() {
        return;
    }
    let active = document().active_element();
    let here = items
        .iter()
        .position(|item| active.as_ref().is_some_and(|a| a == item.as_ref() as &web_sys::Element));
    let last = items.len() - 1;
    let next = match (event.key().as_str(), here) {
        ("ArrowDown", Some(here)) if here < last => here + 1,
        ("ArrowDown", _) | ("Home", _) => 0,
        ("ArrowUp", Some(here)) if here > 0 => here - 1,
        ("ArrowUp", _) | ("End", _) => last,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    _ = items[next].focus();
}

/// An action of a menu. It closes the menu. With `checked` it is one of several choices.
#[component]
pub fn MenuItem(
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// Its key.
    #[prop(optional)]
    kbd: &'static str,
    /// A choice: whether it is on.
    #[prop(optional, into)]
    checked: MaybeProp<bool>,
    /// Keeps the menu open.
    #[prop(optional)]
    stay: bool,
    /// Not available now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What happens.
    #[prop(into)]
    on_click: Callback<()>,
    children: Children,
) -> impl IntoView {
    let menu = use_context::<InMenu>();
    let choice = checked.get_untracked().is_some();
    view! {
        <button
            type="button"
            role=if choice { "menuitemcheckbox" } else { "menuitem" }
            aria-checked=move || checked.get().map(|on| on.to_string())
            disabled=move || disabled.get()
            on:click=move |_| {
                if !stay && let Some(InMenu(open)) = menu {
                    open.set(false);
                }
                on_click.run(());
            }
        >
            {choice
                .then(|| {
                    view! {
                        <Icon
                            glyph=ic::CHECK
                            class=Signal::derive(move || {
                                if checked.get().unwrap_or(false) { "s" } else { "s unseen" }.to_owned()
                            })
                        />
                    }
                })}
            {icon.map(|glyph| view! { <Icon glyph=glyph class="faint" /> })}
            <span class="cut grow">{children()}</span>
            {(!kbd.is_empty()).then(|| view! { <kbd>{kbd}</kbd> })}
        </button>
    }
}
