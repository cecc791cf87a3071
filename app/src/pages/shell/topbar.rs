//! The top bar: where this is, find or run, shortcuts.

use leptos::prelude::*;

use super::Frame;
use crate::{
    i18n::t,
    ui::{Icon, IconButton, frame::use_crumbs, ic},
};

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let text = t().shell;
    let frame = expect_context::<Frame>();
    let crumbs = use_crumbs();
    view! {
        <header class="topbar">
            <IconButton glyph=ic::MENU class="rail-open" label=text.menu() on_click=move |_| frame.rail.set(true) />
            <nav class="crumbs" aria-label=text.where_am_i()>
                {move || {
                    let all = crumbs.get();
                    let last = all.len().saturating_sub(1);
                    all.into_iter()
                        .enumerate()
                        .map(|(i, crumb)| {
                            let arrow = (i > 0).then(|| view! { <Icon glyph=ic::CHEVRON_RIGHT class="s" /> });
                            let step = match crumb.href {
                                Some(href) if i < last => view! { <a href=href>{crumb.label}</a> }.into_any(),
                                _ if i == last => view! { <span aria-current="page">{crumb.label}</span> }.into_any(),
                                _ => view! { <span>{crumb.label}</span> }.into_any(),
                            };
                            view! {
                                {arrow}
                                {step}
                            }
                        })
                        .collect_view()
                }}
            </nav>
            <button
                type="button"
                class="find"
                aria-label=text.find_run()
                aria-keyshortcuts="Control+K Meta+K"
                data-testid="find"
                on:click=move |_| frame.palette.set(true)
            >
                <Icon glyph=ic::SEARCH class="s" />
                <span>{text.find_run()}</span>
                <kbd>{find_key()}</kbd>
            </button>
            <IconButton
                glyph=ic::CIRCLE_QUESTION_MARK
                label=text.shortcuts_here()
                on_click=move |_| frame.help.set(true)
            />
        </header>
    }
}

/// Whether keys are named as on a Mac.
pub fn is_mac() -> bool {
    window().navigator().user_agent().is_ok_and(|agent| agent.contains("Mac"))
}

/// The keys that open find or run.
pub fn find_key() -> &'static str {
    if is_mac() { "⌘ K" } else { "Ctrl K" }
}
