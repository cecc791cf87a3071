//! The first visit: the administrator and the first organisation. Every rule is visible before it is broken.

mod checks;
mod rules;

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::{ApiError, auth::FirstAdmin};

use self::rules::{login_problem, password_rules, strength};
use super::signin::{Failure, GateFoot};
use crate::{
    api,
    i18n::{sentence, t},
    ui::{
        BrandMark, Button, Field, Icon, Input, Kind, Size,
        form::submit,
        ic,
        session::{self, Session, use_session},
        set_title,
    },
};

/// The page. A token in the address (`/setup?token=…`) is filled in.
#[component]
pub fn FirstAdminPage() -> impl IntoView {
    set_title(t().shell.setup_title());
    let session = use_session();
    let navigate = use_navigate();
    Effect::new(move || {
        let to = match session.get() {
            Session::In(_) => "/",
            Session::Out => "/signin",
            _ => return,
        };
        navigate(to, leptos_router::NavigateOptions { replace: true, ..Default::default() });
    });
    view! {
        <div class="gate-page">
            <main class="center">
                <div class="setup">
                    <SetupForm />
                    <checks::ServerChecks />
                </div>
            </main>
            <GateFoot />
        </div>
    }
}

#[component]
fn SetupForm() -> impl IntoView {
    let text = t().shell;
    let given = use_query_map().with_untracked(|query| query.get("token")).unwrap_or_default();
    let token = RwSignal::new(given);
    let name = RwSignal::new(String::new());
    let login = RwSignal::new(String::new());
    let organisation = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    // what the server said about a field stands at the field until it is changed
    let said = move |path: &'static str, value: RwSignal<String>| {
        Effect::new(move |first: Option<()>| {
            value.track();
            if first.is_some() {
                failed.update(|failed| {
                    if let Some(error) = failed {
                        error.fields.retain(|field| field.path != path);
                    }
                });
            }
        });
        move || {
            failed
                .read()
                .as_ref()
                .and_then(|e| e.fields.iter().find(|f| f.path == path).map(|f| sentence(&f.reason)))
        }
    };
    let (token_said, name_said, login_said) =
        (said("token", token), said("name", name), said("login", login));
    let (organisation_said, password_said) = (said("organisation", organisation), said("password", password));
    let login_error = Signal::derive(move || {
        login_said().or_else(|| login_problem(login.read().trim()).map(str::to_owned))
    });
    let rules = Memo::new(move |_| {
        password_rules(&password.read(), &[&name.read(), &login.read(), &organisation.read()])
    });
    let missing = Memo::new(move |_| {
        let empty = |value: RwSignal<String>| value.read().trim().is_empty();
        if empty(token) {
            Some(text.setup_token())
        } else if empty(name) {
            Some(text.setup_name())
        } else if empty(login) || login_problem(login.read().trim()).is_some() {
            Some(text.login())
        } else if empty(organisation) {
            Some(text.setup_organisation())
        } else if password.read().is_empty() {
            Some(text.password())
        } else {
            None
        }
    });
    let blocked = Memo::new(move |_| missing.get().is_some() || !rules.read().accepted());
    let go = move || {
        if busy.get_untracked() || blocked.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let trimmed = |value: RwSignal<String>| value.read_untracked().trim().to_owned();
        let request = FirstAdmin {
            token: trimmed(token),
            login: trimmed(login),
            name: trimmed(name),
            password: password.get_untracked(),
            organisation: trimmed(organisation),
        };
        leptos::task::spawn_local(async move {
            match api::auth::create_first_admin(request).await {
                Ok(me) => session::signed_in(me),
                Err(error) => {
                    failed.try_set(Some(error.0));
                }
            }
            busy.try_set(false);
        });
    };
    let general = move || failed.get().filter(|error| error.fields.is_empty());
    view! {
        <section>
            <div class="brand">
                <BrandMark />
                {text.product()}
            </div>
            <h1>{text.setup_title()}</h1>
            <p class="soft">{text.setup_text()}</p>
            <form class="setup-form" novalidate on:submit=submit(go)>
                {move || general().map(|error| view! { <div class="all"><Failure error=error /></div> })}
                <Field label=text.setup_token() hint=text.setup_token_hint() error=Signal::derive(token_said) class="all">
                    <Input value=token size=Size::Large mono=true autofocus=true />
                </Field>
                <Field label=text.setup_name() error=Signal::derive(name_said)>
                    <Input value=name autocomplete="name" size=Size::Large />
                </Field>
                <Field label=text.login() error=login_error>
                    <Input value=login autocomplete="username" size=Size::Large />
                </Field>
                <Field
                    label=text.setup_organisation()
                    hint=text.setup_organisation_hint()
                    error=Signal::derive(organisation_said)
                    class="all"
                >
                    <Input value=organisation autocomplete="organization" size=Size::Large />
                </Field>
                <div class="stack all">
                    <Field label=text.password() error=Signal::derive(password_said)>
                        <Input value=password r#type="password" autocomplete="new-password" size=Size::Large />
                    </Field>
                    {move || {
                        let n = strength(&password.read(), &rules.read());
                        view! {
                            <div class="meter4" role="img" aria-label=text.strength(n)>
                                {(1..=4).map(|i| view! { <i class=if i <= n { "on" } else { "" }></i> }).collect_view()}
                            </div>
                        }
                    }}
                    <ul class="reqs">
                        {move || {
                            let rules = rules.get();
                            [
                                (rules.long_enough, text.rule_length()),
                                (rules.without_names, text.rule_names()),
                                (rules.not_plain, text.rule_plain()),
                                (rules.long, text.rule_long()),
                            ]
                                .into_iter()
                                .map(|(met, rule)| view! { <Rule met=met rule=rule typed=!password.read().is_empty() && rule != text.rule_long() /> })
                                .collect_view()
                        }}
                    </ul>
                    <p class="small faint">{text.rule_server()}</p>
                </div>
                <div class="all row go">
                    <Button
                        kind=Kind::Primary
                        size=Size::Large
                        r#type="submit"
                        busy=busy
                        disabled=blocked
                    >
                        {move || if busy.get() { text.setup_creating() } else { text.setup_continue() }}
                    </Button>
                    <span class="small soft" role="status">
                        {move || match missing.get() {
                            Some(what) => Some(text.setup_missing(what)),
                            None => blocked.get().then(|| text.setup_weak().to_owned()),
                        }}
                    </span>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Rule(met: bool, rule: &'static str, typed: bool) -> impl IntoView {
    let (glyph, class) = match (met, typed) {
        (true, _) => (ic::CHECK, "s ic-ok"),
        (false, true) => (ic::X, "s ic-warn"),
        (false, false) => (ic::MINUS, "s"),
    };
    view! {
        <li class=if met || typed { "" } else { "faint" }>
            <Icon glyph=glyph class=class />
            {rule}
        </li>
    }
}
