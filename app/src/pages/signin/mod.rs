//! Signing in, and the foot that the pages before the frame share.

use leptos::{html, prelude::*};
use leptos_router::hooks::{use_navigate, use_query_map};
use model::{ErrorCode, auth::SignIn};

use crate::{
    api,
    i18n::{Lang, sentence, t, use_lang},
    ui::{
        BrandMark, Button, Callout, Choice, Field, Icon, Input, Kind, Segmented, Size, Tone,
        form::submit,
        ic,
        session::{self, Session, use_session},
        set_title,
        states::TraceId,
    },
};

/// Where to go after signing in: the address one came from, when it is one of ours.
fn next(wanted: Option<String>) -> String {
    wanted
        .filter(|to| to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"))
        .unwrap_or_else(|| "/".to_owned())
}

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let text = t().shell;
    set_title(text.sign_in());
    let session = use_session();
    let navigate = use_navigate();
    let query = use_query_map();
    Effect::new(move || match session.get() {
        Session::In(_) => {
            let to = next(query.with_untracked(|query| query.get("next")));
            navigate(&to, leptos_router::NavigateOptions { replace: true, ..Default::default() });
        }
        Session::NeedsAdmin => {
            navigate("/setup", leptos_router::NavigateOptions { replace: true, ..Default::default() })
        }
        _ => {}
    });
    view! {
        <div class="gate-page">
            <main class="center">
                <SignInForm />
            </main>
            <GateFoot />
        </div>
    }
}

#[component]
fn SignInForm() -> impl IntoView {
    let text = t().shell;
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<model::ApiError>);
    let caps = RwSignal::new(false);
    let password_input = NodeRef::<html::Input>::new();
    let login_error = Signal::derive(move || {
        (tried.get() && login.read().trim().is_empty()).then(|| text.need_login().to_owned())
    });
    let password_error = Signal::derive(move || {
        (tried.get() && password.read().is_empty()).then(|| text.need_password().to_owned())
    });
    let go = move || {
        tried.set(true);
        if busy.get_untracked()
            || login.read_untracked().trim().is_empty()
            || password.read_untracked().is_empty()
        {
            return;
        }
        busy.set(true);
        failed.set(None);
        let request =
            SignIn { login: login.read_untracked().trim().to_owned(), password: password.get_untracked() };
        leptos::task::spawn_local(async move {
            match api::auth::sign_in(request).await {
                Ok(me) => session::signed_in(me),
                Err(error) => {
                    failed.try_set(Some(error.0));
                    if let Some(input) = password_input.try_get_untracked().flatten() {
                        _ = input.focus();
                        input.select();
                    }
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form
            class="sign"
            novalidate
            on:submit=submit(go)
            on:keyup=move |event| caps.set(event.get_modifier_state("CapsLock"))
        >
            <div class="brand">
                <BrandMark />
                {text.product()}
            </div>
            <h1>{text.sign_in()}</h1>
            {move || failed.get().map(|error| view! { <Failure error=error /> })}
            <Field label=text.login() error=login_error>
                <Input value=login autocomplete="username" size=Size::Large autofocus=true />
            </Field>
            <Field
                label=text.password()
                error=password_error
                hint=Signal::derive(move || caps.get().then(|| text.caps_lock().to_owned()))
            >
                <Input
                    value=password
                    r#type="password"
                    autocomplete="current-password"
                    size=Size::Large
                    node_ref=password_input
                />
            </Field>
            <Button kind=Kind::Primary size=Size::Large r#type="submit" busy=busy>
                {move || if busy.get() { text.signing_in() } else { text.sign_in() }}
            </Button>
        </form>
    }
}

/// What the server said, with the trace for who can help.
#[component]
pub fn Failure(
    /// It.
    error: model::ApiError,
) -> impl IntoView {
    let hint = error.hint.as_ref().map(sentence);
    // a wrong password needs no trace
    let trace = error
        .trace_id
        .clone()
        .filter(|_| matches!(error.kind, ErrorCode::Internal | ErrorCode::Unavailable | ErrorCode::Timeout));
    view! {
        <Callout tone=Tone::Danger>
            <b>{sentence(&error.message)}</b>
            {hint.map(|hint| view! { <br /> {hint} })}
            {trace.map(|id| view! { <br /> <TraceId id=id /> })}
        </Callout>
    }
}

/// The foot: which server, how it is reached, which version, which language.
#[component]
pub fn GateFoot() -> impl IntoView {
    let text = t().shell;
    let lang = use_lang();
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let host = location.host().unwrap_or_default();
    view! {
        <footer class="foot-line">
            <span>
                <Icon glyph=ic::SERVER class="s" />
                {host}
            </span>
            <span>
                <Icon glyph=if secure { ic::LOCK } else { ic::LOCK_OPEN } class="s" />
                {if secure { text.tls() } else { text.plain_http() }}
            </span>
            <span>{text.version(env!("CARGO_PKG_VERSION"))}</span>
            <Segmented
                label=text.language()
                value=Signal::derive(move || if lang.get() == Lang::Ko { "ko" } else { "en" }.to_owned())
                options=vec![Choice::new("ko", "한국어"), Choice::new("en", "English")]
                on_change=move |value: String| lang.set(if value == "en" { Lang::En } else { Lang::Ko })
            />
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(next(Some("/cis?text=db".into())), "/cis?text=db");
        assert_eq!(next(Some("//evil.example".into())), "/");
        assert_eq!(next(Some("https://evil.example".into())), "/");
        assert_eq!(next(Some("/\\evil.example".into())), "/");
        assert_eq!(next(None), "/");
    }
}
