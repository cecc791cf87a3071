//! The dialog of a session that has ended: sign in again and go on at the same place. What was typed stays in the page
//! under it; the calls that failed are repeated afterwards.

use leptos::{html, prelude::*};
use model::auth::SignIn;
use wasm_bindgen::JsCast;

use crate::{
    api,
    i18n::{sentence, t},
    ui::{
        Button, Dialog, Field, Icon, Input, Kind, Size,
        form::submit,
        ic,
        session::{me, signed_in, signed_out, use_expired},
        states::copy,
    },
};

/// The dialog.
#[component]
pub fn SessionEnded() -> impl IntoView {
    let open = use_expired();
    view! {
        <Dialog open=open title=t().shell.expired_title() class="narrow" light=false>
            <Inside />
        </Dialog>
    }
}

/// What is typed in the page right now.
fn typed() -> Vec<String> {
    let Ok(nodes) =
        document().query_selector_all("main textarea, main input:not([type=checkbox]):not([type=password])")
    else {
        return Vec::new();
    };
    (0..nodes.length())
        .filter_map(|i| {
            let node = nodes.get(i)?;
            let value = match node.dyn_ref::<web_sys::HtmlTextAreaElement>() {
                Some(area) => area.value(),
                None => node.dyn_ref::<web_sys::HtmlInputElement>()?.value(),
            };
            (!value.trim().is_empty()).then_some(value)
        })
        .collect()
}

#[component]
fn Inside() -> impl IntoView {
    let text = t().shell;
    let who = me();
    let login = who.as_ref().map(|me| me.login.clone()).unwrap_or_default();
    let name = who.as_ref().map(|me| me.name.clone()).unwrap_or_default();
    let initial = name.chars().next().map(String::from).unwrap_or_default();
    let kept = typed();
    let chars: usize = kept.iter().map(|value| value.chars().count()).sum();
    let summary = if kept.is_empty() {
        text.expired_nothing().to_owned()
    } else {
        text.expired_fields(kept.len() as u64, chars as u64)
    };
    let all = kept.join("\n\n");
    let password = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            _ = input.focus();
        }
    });
    let as_login = login.clone();
    let go_on = move || {
        if busy.get_untracked() {
            return;
        }
        if password.read_untracked().is_empty() {
            error.set(Some(text.need_password().to_owned()));
            return;
        }
        busy.set(true);
        let request = SignIn { login: as_login.clone(), password: password.get_untracked() };
        leptos::task::spawn_local(async move {
            match api::auth::sign_in(request).await {
                Ok(me) => signed_in(me),
                Err(failed) => {
                    error.try_set(Some(sentence(&failed.0.message)));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit(go_on)>
            <p class="soft">
                <Icon glyph=ic::CLOCK_ALERT class="ic-warn" />
                " "
                {text.expired_text()}
            </p>
            <div class="kept">
                <dl class="kv small">
                    <dt>{text.expired_kept()}</dt>
                    <dd>{summary}</dd>
                </dl>
            </div>
            <div class="row">
                <span class="avatar" aria-hidden="true">{initial}</span>
                <span class="grow cut">{name} " " <span class="small faint">{login}</span></span>
                <Button kind=Kind::Ghost size=Size::Small on_click=move |_| signed_out()>
                    {text.expired_other()}
                </Button>
            </div>
            <Field label=text.password() error=error>
                <Input value=password r#type="password" autocomplete="current-password" size=Size::Large node_ref=input />
            </Field>
            <div class="row">
                {(!all.is_empty())
                    .then(|| {
                        let all = all.clone();
                        view! {
                            <Button kind=Kind::Ghost size=Size::Large on_click=move |_| copy(all.clone())>
                                {text.expired_copy()}
                            </Button>
                        }
                    })}
                <span class="grow"></span>
                <Button kind=Kind::Primary size=Size::Large r#type="submit" busy=busy>
                    {text.expired_continue()}
                </Button>
            </div>
        </form>
    }
    .into_any()
}
