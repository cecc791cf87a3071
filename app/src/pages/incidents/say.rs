//! "Not an anomaly": the button, the reason it asks for, and the words a deviation is told in.

use leptos::{prelude::*, task::spawn_local};
use model::{
    incident::{Deviation, NotAnomaly},
    perm::{AnomalyJudge, Permission},
};

use crate::{
    api,
    i18n::{date_time, decimal, t, time},
    ui::{
        Button, Dialog, Field, Kind, Size, TextArea, call, chart::with_unit, session::may, toast, toast_error,
    },
};

/// A deviation in a few words: when, its value and what is usual.
pub fn said(d: &Deviation, unit: &str) -> String {
    format!("{}–{} {}", date_time(d.from), time(d.until), form(d, unit))
}

/// What a deviation looks like.
pub fn form(d: &Deviation, unit: &str) -> String {
    let text = t().incidents;
    match (d.form.as_str(), d.value) {
        ("silent", _) | (_, None) => text.form_silent().to_owned(),
        ("flat", _) => text.form_flat().to_owned(),
        (_, Some(value)) => text.off(&with_unit(value, unit), &decimal(d.expected, 2)),
    }
}

/// Says that a deviation is none. Whoever may not does not see it.
#[component]
pub fn NotAnomalyButton(
    /// Code of the item.
    ci: String,
    /// The deviation.
    deviation: Deviation,
    /// It was said.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    if !may(AnomalyJudge::LEAST) {
        return ().into_any();
    }
    let text = t().incidents;
    let open = RwSignal::new(false);
    let what = format!("{ci} {} {}", deviation.metric, date_time(deviation.from));
    let label = text.not_anomaly_of(&what);
    let id = deviation.id;
    let told = said(&deviation, "");
    let (reason, busy, missing) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(false));
    let send = move || {
        missing.set(reason.read().trim().is_empty());
        if missing.get_untracked() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = NotAnomaly { reason: reason.get_untracked() };
        spawn_local(async move {
            match call(move || api::incidents::not_anomaly(id, request.clone())).await {
                Ok(_) => {
                    open.try_set(false);
                    toast(text.said_done());
                    on_done.try_run(());
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let error = Signal::derive(move || missing.get().then(|| text.reason_missing().to_owned()));
    view! {
        <button type="button" class="btn ghost sm nowrap" aria-label=label.clone() data-testid="not-anomaly" on:click=move |_| open.set(true)>{text.not_anomaly()}</button>
        <Dialog open title=text.not_anomaly()>
            <form class="stack" data-testid="not-anomaly-form" on:submit=move |event| { event.prevent_default(); send(); }>
                <p><b>{what.clone()}</b><br/><span class="soft">{told.clone()}</span></p>
                <p class="soft small">{text.not_anomaly_text()}</p>
                <Field label=text.reason() hint=text.reason_hint() error=error required=true>
                    <TextArea value=reason rows=3/>
                </Field>
                <div class="row end">
                    <Button size=Size::Large on_click=move |_| open.set(false)>{t().common.cancel()}</Button>
                    <Button size=Size::Large kind=Kind::Primary r#type="submit" busy=busy>{text.not_anomaly()}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
