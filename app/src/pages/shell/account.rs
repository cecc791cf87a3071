//! The account menu: who, language, theme, density, time zone, shortcuts, sign out.

use leptos::prelude::*;

use super::{Frame, rail::role_name};
use crate::{
    api,
    i18n::{Lang, Zone, format::use_zone, t, use_lang},
    ui::{
        Choice, Icon, Segmented,
        dialog::BareDialog,
        ic,
        prefs::{Theme, prefs},
        session, toast,
    },
};

/// The menu, over the rail's foot.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let frame = expect_context::<Frame>();
    view! {
        <BareDialog open=frame.account label=t().shell.account() class="account">
            <Inside />
        </BareDialog>
    }
}

#[component]
fn Inside() -> impl IntoView {
    let text = t().shell;
    let frame = expect_context::<Frame>();
    let me = session::me();
    let name = me.as_ref().map(|me| me.name.clone()).unwrap_or_default();
    let line = me.as_ref().map(|me| format!("{} · {}", me.login, role_name(me.role))).unwrap_or_default();
    let initial = name.chars().next().map(String::from).unwrap_or_default();
    view! {
        <div class="who">
            <span class="avatar" aria-hidden="true">{initial}</span>
            <span class="grow">
                <b>{name}</b>
                <br />
                <span class="small faint">{line}</span>
            </span>
        </div>
        <hr class="rule" />
        <Choices />
        <hr class="rule" />
        <div class="menu" role="menu" aria-label=text.account() on:keydown=|event| crate::ui::menu::walk(&event)>
            <button
                type="button"
                role="menuitem"
                on:click=move |_| {
                    frame.account.set(false);
                    frame.help.set(true);
                }
            >
                <Icon glyph=ic::KEYBOARD class="faint" />
                {text.shortcuts_here()}
                <kbd>"?"</kbd>
            </button>
            <button
                type="button"
                role="menuitem"
                data-testid="sign-out"
                on:click=move |_| {
                    frame.account.set(false);
                    sign_out();
                }
            >
                <Icon glyph=ic::LOG_OUT class="faint" />
                {text.sign_out()}
            </button>
        </div>
    }
    .into_any()
}

/// Language, theme, density and time zone.
#[component]
pub fn Choices() -> impl IntoView {
    let text = t().shell;
    let prefs = prefs();
    let (lang, zone) = (use_lang(), use_zone());
    let key = |lang: Lang| if lang == Lang::Ko { "ko" } else { "en" }.to_owned();
    let pref = |label: &'static str, control: AnyView| {
        view! {
            <div class="pref">
                <span>{label}</span>
                {control}
            </div>
        }
    };
    view! {
        {pref(
            text.language(),
            view! {
                <Segmented
                    label=text.language()
                    value=Signal::derive(move || key(lang.get()))
                    options=vec![Choice::new("ko", "한국어"), Choice::new("en", "English")]
                    on_change=move |value: String| lang.set(if value == "en" { Lang::En } else { Lang::Ko })
                />
            }
                .into_any(),
        )}
        {pref(
            text.theme(),
            view! {
                <Segmented
                    label=text.theme()
                    value=Signal::derive(move || prefs.theme.get().key().to_owned())
                    options=vec![
                        Choice::new("system", text.theme_system()),
                        Choice::new("light", text.theme_light()),
                        Choice::new("dark", text.theme_dark()),
                    ]
                    on_change=move |value: String| {
                        prefs
                            .theme
                            .set(match value.as_str() {
                                "light" => Theme::Light,
                                "dark" => Theme::Dark,
                                _ => Theme::System,
                            })
                    }
                />
            }
                .into_any(),
        )}
        {pref(
            text.density(),
            view! {
                <Segmented
                    label=text.density()
                    value=Signal::derive(move || if prefs.roomy.get() { "roomy" } else { "dense" }.to_owned())
                    options=vec![Choice::new("dense", text.dense()), Choice::new("roomy", text.roomy())]
                    on_change=move |value: String| prefs.roomy.set(value == "roomy")
                />
            }
                .into_any(),
        )}
        {pref(
            text.zone(),
            view! {
                <Segmented
                    label=text.zone()
                    value=Signal::derive(move || zone.get().label().to_owned())
                    options=vec![Choice::new("KST", "KST"), Choice::new("UTC", "UTC")]
                    on_change=move |value: String| zone.set(if value == "UTC" { Zone::Utc } else { Zone::Kst })
                />
            }
                .into_any(),
        )}
    }
    .into_any()
}

/// Ends the session, here and on the server.
pub fn sign_out() {
    leptos::task::spawn_local(async {
        // what matters is that this browser forgets; a server that cannot be reached lets the session run out
        _ = api::auth::sign_out().await;
        session::signed_out();
        toast(t().shell.signed_out());
    });
}
