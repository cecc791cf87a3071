//! The rail: groups of screens, with counts of what they hold, and who is signed in.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::perm::Role;

use super::{
    Frame,
    screens::{Group, SCREENS, Screen},
};
use crate::{
    api,
    i18n::{lang, t},
    ui::{BrandMark, Icon, IconButton, Size, call, ic, prefs::prefs, remote, session},
};

/// The rail at the side; on a phone its inside is shown in a drawer.
#[component]
pub fn Rail() -> impl IntoView {
    view! {
        <nav class="rail" aria-label=t().shell.main_menu()>
            <RailInside folding=true />
        </nav>
    }
}

/// The rail inside of a drawer.
#[component]
pub fn RailBody() -> impl IntoView {
    view! {
        <nav class="rail" aria-label=t().shell.main_menu()>
            <RailInside folding=false />
        </nav>
    }
}

#[component]
fn RailInside(folding: bool) -> impl IntoView {
    let text = t().shell;
    let frame = expect_context::<Frame>();
    let prefs = prefs();
    let me = session::me();
    let role = me.as_ref().map_or(Role::Viewer, |me| me.role);
    let items = remote(move || call(move || api::cmdb::estate_state(lang())));
    let path = use_location().pathname;
    let count = move |href: &str| {
        let value = items.value.read();
        value.as_ref().and_then(|state| match href {
            "/cis" => Some(state.cis),
            _ => None,
        })
    };
    // the numbers are asked for again when a person comes back from importing, and while there are none
    let was_import = StoredValue::new(false);
    Effect::new(move || {
        let import = path.read().starts_with("/import");
        let none = items.value.with_untracked(|state| state.as_ref().is_some_and(|state| state.cis == 0));
        if none || (was_import.get_value() && !import) {
            items.reload();
        }
        was_import.set_value(import);
    });
    let tenant = me.as_ref().map(|me| me.tenant_name.clone()).unwrap_or_default();
    let tenant_title = tenant.clone();
    let name = me.as_ref().map(|me| me.name.clone()).unwrap_or_default();
    let initial = name.chars().next().map(String::from).unwrap_or_default();
    view! {
        <a class="rail-brand" href="/" aria-label=text.home()>
            <BrandMark />
            <span>{text.product()}</span>
        </a>
        <div class="rail-tenant" title=tenant_title>
            <Icon glyph=ic::BUILDING_2 class="s" />
            <span class="cut">{tenant}</span>
        </div>
        <div class="rail-list">
            {Group::ALL
                .into_iter()
                .map(|group| {
                    let screens: Vec<&Screen> = SCREENS
                        .iter()
                        .filter(|screen| screen.group == group && screen.least <= role)
                        .collect();
                    if screens.is_empty() {
                        return ().into_any();
                    }
                    let open = Memo::new(move |_| !prefs.folded.read().iter().any(|key| key == group.key()));
                    let toggle = move |_| {
                        prefs
                            .folded
                            .update(|folded| {
                                if open.get_untracked() {
                                    folded.push(group.key().to_owned());
                                } else {
                                    folded.retain(|key| key != group.key());
                                }
                            });
                    };
                    view! {
                        <button
                            type="button"
                            class="rail-group"
                            aria-expanded=move || open.get().to_string()
                            on:click=toggle
                        >
                            {group.label()}
                            <Icon glyph=ic::CHEVRON_DOWN class="s" />
                        </button>
                        {screens
                            .into_iter()
                            .map(|screen| {
                                let current = Memo::new(move |_| screen.holds(&path.read()));
                                // folded groups keep the screen one is on; a slim rail has no groups to fold
                                let shown = Memo::new(move |_| {
                                    open.get() || current.get() || (folding && prefs.slim.get())
                                });
                                view! {
                                    <Show when=move || shown.get()>
                                        <a
                                            class="rail-item"
                                            href=screen.href
                                            title=move || (folding && prefs.slim.get()).then(|| screen.label())
                                            aria-label=move || (folding && prefs.slim.get()).then(|| screen.label())
                                            aria-current=move || current.get().then_some("page")
                                            on:click=move |_| frame.rail.set(false)
                                        >
                                            <Icon glyph=screen.glyph />
                                            <span>{screen.label()}</span>
                                            {move || match count(screen.href).filter(|n| *n > 0 && !prefs.slim.get()) {
                                                Some(n) => {
                                                    view! { <span class="count">{crate::i18n::number(n)}</span> }.into_any()
                                                }
                                                None => view! { <kbd>{format!("G {}", screen.letter)}</kbd> }.into_any(),
                                            }}
                                        </a>
                                    </Show>
                                }
                            })
                            .collect_view()}
                    }
                        .into_any()
                })
                .collect_view()}
        </div>
        <div class="rail-user">
            <button
                type="button"
                class="who"
                data-testid=folding.then_some("account")
                aria-haspopup="dialog"
                aria-label=text.account()
                aria-expanded=move || frame.account.get().to_string()
                on:click=move |_| {
                    frame.rail.set(false);
                    frame.account.set(true);
                }
            >
                <span class="avatar" aria-hidden="true">{initial}</span>
                <span class="grow">
                    <span class="strong cut">{name}</span>
                    <span class="faint cut">{role_name(role)}</span>
                </span>
            </button>
            {folding
                .then(|| {
                    view! {
                        {move || {
                            let slim = prefs.slim.get();
                            view! {
                                <IconButton
                                    glyph=if slim { ic::PANEL_LEFT_OPEN } else { ic::PANEL_LEFT_CLOSE }
                                    size=Size::Small
                                    label=if slim { text.unfold_menu() } else { text.fold_menu() }
                                    on_click=move |_| prefs.slim.update(|slim| *slim = !*slim)
                                />
                            }
                        }}
                    }
                })}
        </div>
    }
}

/// The name of a role.
pub fn role_name(role: Role) -> &'static str {
    let text = t().shell;
    match role {
        Role::Viewer => text.role_viewer(),
        Role::Developer => text.role_developer(),
        Role::Manager => text.role_manager(),
        Role::Admin => text.role_admin(),
    }
}
