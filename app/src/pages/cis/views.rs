//! Saved views: names for states of the address, kept in this browser.

use leptos::prelude::*;

use crate::{
    i18n::{number, t},
    ui::{
        Button, Icon, IconButton, Input, Kind, Popover, Size,
        estate::{Address, Query},
        ic, prefs, toast, toast_undo,
    },
};

/// A name and what stands after the `?`.
type View = (String, String);

fn load(store: &str) -> Vec<View> {
    prefs::read(store).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn keep(store: &str, views: &[View]) {
    if let Ok(text) = serde_json::to_string(views) {
        prefs::write(store, &text);
    }
}

/// What of the address makes a view: not which row is looked at.
fn essence(query: &Query) -> String {
    let mut query = query.clone();
    query.set("peek", "");
    query.text()
}

/// The bar of saved views of a list. What stands at its end are the actions of the page.
#[component]
pub fn Views(
    /// Path of the page.
    path: &'static str,
    /// Where the views are kept.
    store: &'static str,
    /// The address of the page.
    address: Address,
    /// Everything there is.
    #[prop(into)]
    all: Signal<u64>,
    /// What fits now.
    #[prop(into)]
    total: Signal<u64>,
    children: Children,
) -> impl IntoView {
    let views = RwSignal::new(load(store));
    let now = Memo::new(move |_| essence(&address.query.get()));
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let save = move || {
        let wanted = name.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            return;
        }
        views.update(|all| {
            all.retain(|(n, _)| *n != wanted);
            all.push((wanted.clone(), now.get_untracked()));
        });
        views.with_untracked(|v| keep(store, v));
        open.set(false);
        name.set(String::new());
        toast(t().cis.view_saved(&wanted));
    };
    let remove = move |at: usize| {
        let before = views.get_untracked();
        let Some((gone, _)) = before.get(at).cloned() else { return };
        views.update(|all| {
            all.remove(at);
        });
        views.with_untracked(|v| keep(store, v));
        toast_undo(t().cis.view_removed(&gone), move || {
            keep(store, &before);
            views.try_set(before.clone());
        });
    };
    view! {
        <div class="views" role="toolbar" aria-label=t().cis.views()>
            <a class="view" href=path aria-current=move || now.read().is_empty().then_some("true")>
                {t().common.all()}
                " "
                <span class="faint">{move || number(all.get())}</span>
            </a>
            {move || {
                views
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(at, (label, state))| {
                        let mine = state.clone();
                        let current = Memo::new(move |_| *now.read() == mine);
                        let removing = t().cis.remove_view(&label);
                        view! {
                            <span class="view-pair">
                                <a class="view" href=format!("{path}?{state}") aria-current=move || current.get().then_some("true")>
                                    {label}
                                    {move || current.get().then(|| view! { " " <span class="faint">{number(total.get())}</span> })}
                                </a>
                                {move || {
                                    let removing = removing.clone();
                                    current
                                        .get()
                                        .then(|| view! { <IconButton glyph=ic::X size=Size::Small label=removing on_click=move |_| remove(at)/> })
                                }}
                            </span>
                        }
                    })
                    .collect_view()
            }}
            <Popover
                open=open
                label=t().cis.save_view()
                class="pop view-form"
                trigger=move || {
                    view! {
                        <button
                            type="button"
                            class="btn ghost sm icon"
                            aria-label=t().cis.save_view()
                            title=t().cis.save_view()
                            aria-expanded=move || open.get().to_string()
                            disabled=move || now.read().is_empty()
                            on:click=move |_| open.update(|o| *o = !*o)
                        >
                            <Icon glyph=ic::PLUS class="s"/>
                        </button>
                    }
                }
            >
                <form
                    class="stack"
                    on:submit=move |event| {
                        event.prevent_default();
                        save();
                    }
                >
                    <Input value=name label=t().cis.view_name() placeholder=t().cis.view_name()/>
                    <p class="small faint">{t().cis.view_hint()}</p>
                    <div class="row filter-end">
                        <Button kind=Kind::Primary r#type="submit">{t().common.save()}</Button>
                    </div>
                </form>
            </Popover>
            <span class="grow"></span>
            {children()}
        </div>
    }
}
