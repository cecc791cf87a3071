//! What the browser can find out about the server: whether it answers, whether its database is ready, whether the way
//! to it is encrypted, whether its clock agrees.

use gloo_net::http::Request;
use leptos::prelude::*;

use crate::{
    i18n::{duration_ms, t},
    ui::{Button, Icon, Kind, Size, Tone, ic},
};

/// More than this is wrong for sessions, in milliseconds.
const CLOCK_LIMIT_MS: f64 = 30_000.0;

#[derive(Clone)]
struct Check {
    name: &'static str,
    tone: Tone,
    found: String,
    hint: Option<&'static str>,
}

/// Asks for the two health addresses.
async fn look() -> Vec<Check> {
    let text = t().shell;
    let begun = js_sys::Date::now();
    let live = Request::get("/livez").send().await.ok().filter(|answer| answer.ok());
    let ms = js_sys::Date::now() - begun;
    let mut out = vec![match &live {
        Some(_) => Check {
            name: text.chk_server(),
            tone: Tone::Ok,
            found: text.chk_server_ok(&duration_ms(ms)),
            hint: None,
        },
        None => Check {
            name: text.chk_server(),
            tone: Tone::Danger,
            found: text.chk_server_bad().to_owned(),
            hint: Some(text.chk_server_hint()),
        },
    }];
    let ready = Request::get("/readyz").send().await.is_ok_and(|answer| answer.ok());
    out.push(Check {
        name: text.chk_ready(),
        tone: if ready { Tone::Ok } else { Tone::Danger },
        found: if ready { text.chk_ready_ok() } else { text.chk_ready_bad() }.to_owned(),
        hint: Some(text.chk_ready_hint()),
    });
    let location = window().location();
    let host = location.hostname().unwrap_or_default();
    let local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    out.push(Check {
        name: text.chk_tls(),
        tone: if secure || local { Tone::Ok } else { Tone::Warn },
        found: if secure {
            text.chk_tls_ok()
        } else if local {
            text.chk_tls_local()
        } else {
            text.chk_tls_bad()
        }
        .to_owned(),
        hint: (!secure).then(|| text.chk_tls_hint()),
    });
    if let Some(date) = live.and_then(|answer| answer.headers().get("date")) {
        // the header has whole seconds: half a second is meant on average
        let off = (js_sys::Date::parse(&date) + 500.0 - js_sys::Date::now()).abs();
        let wrong = off > CLOCK_LIMIT_MS;
        out.push(Check {
            name: text.chk_clock(),
            tone: if wrong { Tone::Warn } else { Tone::Ok },
            found: if wrong { text.chk_clock_bad(&duration_ms(off)) } else { text.chk_clock_ok().to_owned() },
            hint: wrong.then(|| text.chk_clock_hint()),
        });
    }
    out.push(Check {
        name: text.chk_model(),
        tone: Tone::Off,
        found: text.chk_model_none().to_owned(),
        hint: Some(text.chk_model_hint()),
    });
    out
}

/// The list at the side.
#[component]
pub fn ServerChecks() -> impl IntoView {
    let text = t().shell;
    let checks = RwSignal::new(Vec::<Check>::new());
    let busy = RwSignal::new(false);
    let begin = move || {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let found = look().await;
            checks.try_set(found);
            busy.try_set(false);
        });
    };
    Effect::new(begin);
    view! {
        <aside aria-label=text.this_server()>
            <div class="row">
                <h2 class="grow">{text.this_server()}</h2>
                <Button kind=Kind::Ghost size=Size::Small icon=ic::ROTATE_CW busy=busy on_click=move |_| begin()>
                    {text.check_again()}
                </Button>
            </div>
            <ul class="checks" aria-live="polite">
                {move || {
                    checks
                        .get()
                        .into_iter()
                        .map(|check| {
                            let (glyph, class) = match check.tone {
                                Tone::Ok => (ic::CIRCLE_CHECK, "ic-ok"),
                                Tone::Warn => (ic::TRIANGLE_ALERT, "ic-warn"),
                                Tone::Danger => (ic::CIRCLE_X, "ic-bad"),
                                _ => (ic::CIRCLE_DASHED, "ic-off"),
                            };
                            view! {
                                <li>
                                    <span class="mark">
                                        <Icon glyph=glyph class=class />
                                    </span>
                                    <div class="grow">
                                        <div class="row">
                                            <b>{check.name}</b>
                                            <span class="soft cut found">{check.found}</span>
                                        </div>
                                        {check.hint.map(|hint| view! { <p class="small soft">{hint}</p> })}
                                    </div>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </aside>
    }
}
