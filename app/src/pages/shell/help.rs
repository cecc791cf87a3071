//! The list of shortcuts: everywhere, lists, screens, and those of the page now open.

use leptos::prelude::*;

use super::{Frame, screens::SCREENS, topbar::is_mac};
use crate::{
    i18n::t,
    ui::{Dialog, Switch, frame::use_crumbs, keys::use_page_keys, prefs::prefs},
};

/// The dialog.
#[component]
pub fn Help() -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <Dialog open=frame.help title=t().shell.shortcuts() class="wide">
            <Inside />
        </Dialog>
    }
}

#[component]
fn Inside() -> impl IntoView {
    let text = t().shell;
    let prefs = prefs();
    let control = if is_mac() { "⌘" } else { "Ctrl" };
    let here = use_crumbs()
        .with_untracked(|crumbs| crumbs.last().map(|crumb| crumb.label.clone()))
        .unwrap_or_default();
    let own = use_page_keys().get_untracked();
    view! {
        <div class="keys-cols">
            <div>
                <h3>{text.keys_everywhere()}</h3>
                {line(text.k_palette(), &[control, "K"])}
                {line(text.k_send(), &[control, "↵"])}
                {line(text.k_search(), &["/"])}
                {line(text.k_help(), &["?"])}
                {line(text.k_rail(), &["["])}
                {line(text.k_escape(), &["Esc"])}
                <h3>{text.keys_lists()}</h3>
                {line(text.k_down_up(), &["J", "K"])}
                {line(text.k_open(), &["↵"])}
                {line(text.k_peek(), &["Space"])}
                {line(text.k_select(), &["X"])}
                {line(text.k_select_to(), &["Shift", "X"])}
            </div>
            <div>
                <h3>{text.keys_go()}</h3>
                {SCREENS
                    .iter()
                    .map(|screen| {
                        view! {
                            <div class="hk">
                                <span>{screen.label()}</span>
                                <span class="row">
                                    <kbd>"G"</kbd>
                                    <span class="faint small">{text.k_then()}</span>
                                    <kbd>{screen.letter.to_string()}</kbd>
                                </span>
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
            <div>
                {(!own.is_empty())
                    .then(|| {
                        view! {
                            <h3>{here}</h3>
                            {own.into_iter().map(|key| line(&key.label, &[key.key.as_str()])).collect_view()}
                        }
                    })}
                <h3>{text.keys_letters()}</h3>
                <div class="pref">
                    <span>{text.k_single()}</span>
                    <Switch label=text.k_single() checked=prefs.letters on_change=move |on| prefs.letters.set(on) />
                </div>
                <p class="small faint">{text.k_single_hint()}</p>
            </div>
        </div>
    }
    .into_any()
}

fn line(label: &str, keys: &[&str]) -> impl IntoView + use<> {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    view! {
        <div class="hk">
            <span>{label.to_owned()}</span>
            <span class="row">{keys.into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</span>
        </div>
    }
}
