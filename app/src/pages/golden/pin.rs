//! Pinning an answer, and how it is checked.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError, RunId,
    golden::{GoldenRules, PinGolden},
};

use crate::{
    api,
    i18n::t,
    ui::{Button, Choice, Dialog, Field, Input, Kind, Select, Size, call, toast},
};

/// The rules as a form writes them.
#[derive(Clone, Copy)]
pub struct RulesForm {
    note: RwSignal<String>,
    every: RwSignal<String>,
    moment: RwSignal<String>,
}

impl RulesForm {
    /// A form that begins with these rules.
    pub fn new(rules: &GoldenRules) -> Self {
        Self {
            note: RwSignal::new(rules.note.clone()),
            every: RwSignal::new(rules.every_min.to_string()),
            moment: RwSignal::new(if rules.same_moment { "same" } else { "now" }.to_owned()),
        }
    }

    /// The rules it says.
    pub fn rules(self) -> GoldenRules {
        GoldenRules {
            note: self.note.get_untracked().trim().to_owned(),
            every_min: self.every.get_untracked().parse().unwrap_or(0),
            same_moment: self.moment.get_untracked() == "same",
        }
    }
}

/// The interval in words.
pub fn every_words(minutes: u32) -> String {
    let text = t().runs;
    match minutes {
        0 => text.g_manual().to_owned(),
        60 => text.g_hour().to_owned(),
        360 => text.g_six_hours().to_owned(),
        1_440 => text.g_day().to_owned(),
        10_080 => text.g_week().to_owned(),
        n => text.g_minutes(u64::from(n)),
    }
}

/// The fields of the rules.
#[component]
pub fn RulesFields(form: RulesForm, error: Signal<Option<ApiError>>) -> impl IntoView {
    let text = t().runs;
    let intervals = Signal::derive(move || {
        let mut minutes = vec![0, 60, 360, 1_440, 10_080];
        if let Ok(own) = form.every.read().parse::<u32>()
            && !minutes.contains(&own)
        {
            minutes.push(own);
        }
        minutes.into_iter().map(|n| Choice::new(n.to_string(), every_words(n))).collect::<Vec<_>>()
    });
    let moments = vec![Choice::new("same", text.g_same_moment()), Choice::new("now", text.g_now())];
    view! {
        <Field label=text.g_note() hint=text.g_note_hint() error=Signal::derive(move || error.get().map(|e| super::told(&e)))>
            <Input value=form.note size=Size::Large/>
        </Field>
        <Field label=text.g_every()>
            <Select value=form.every options=intervals on_change=move |value| form.every.set(value) size=Size::Large/>
        </Field>
        <Field label=text.g_moment()>
            <Select value=form.moment options=moments on_change=move |value| form.moment.set(value) size=Size::Large/>
        </Field>
    }
}

/// Pins the answer of a run.
#[component]
pub fn PinDialog(
    /// The run.
    run: RunId,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let text = t().runs;
    let form = RulesForm::new(&GoldenRules::default());
    let (busy, error) = (RwSignal::new(false), RwSignal::new(None));
    let pin = move || {
        let request = PinGolden { run_id: run, rules: form.rules() };
        busy.set(true);
        spawn_local(async move {
            match call(move || api::golden::pin_golden(request.clone())).await {
                Ok(_) => {
                    open.try_set(false);
                    toast(text.g_pinned());
                }
                Err(found) => _ = error.try_set(Some(found)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Dialog open title=text.g_pin()>
            <form class="stack" data-testid="pin-form" on:submit=move |event| { event.prevent_default(); pin(); }>
                <p class="soft">{text.g_pin_text()}</p>
                <RulesFields form error=error.into()/>
                <div class="row end">
                    <Button size=Size::Large on_click=move |_| open.set(false)>{t().common.cancel()}</Button>
                    <Button size=Size::Large kind=Kind::Primary r#type="submit" busy=busy>{text.g_pin()}</Button>
                </div>
            </form>
        </Dialog>
    }
}
