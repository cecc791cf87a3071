//! The list of settings, by group.

use leptos::prelude::*;
use model::settings::{SettingSource, SettingValue};

use super::group_of;
use crate::{
    i18n::{sentence, t},
    ui::{Badge, NoMatch, Tone},
};

/// The name and tone of a source.
pub(super) fn source(source: SettingSource) -> (&'static str, Tone) {
    let text = t().shell;
    match source {
        SettingSource::Default => (text.set_default(), Tone::Line),
        SettingSource::Environment => (text.set_env(), Tone::Neutral),
        SettingSource::Flag => (text.set_flag(), Tone::Info),
    }
}

/// A value as it is shown: an empty one says so.
pub(super) fn shown(value: &str) -> String {
    if value.is_empty() { t().shell.set_empty().to_owned() } else { value.to_owned() }
}

/// The rows.
#[component]
pub fn Rows(
    #[prop(into)] rows: Signal<Vec<SettingValue>>,
    chosen: RwSignal<Option<String>>,
    #[prop(into)] on_clear: Callback<()>,
) -> impl IntoView {
    move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <NoMatch on_clear=on_clear /> }.into_any();
        }
        let mut group = String::new();
        let mut out = Vec::with_capacity(rows.len() + 8);
        for row in rows {
            if group_of(&row.key) != group {
                group = group_of(&row.key).to_owned();
                out.push(view! { <div class="sec"><h2>{t().shell.set_group(&group)}</h2></div> }.into_any());
            }
            out.push(view! { <Row setting=row chosen=chosen /> }.into_any());
        }
        out.into_any()
    }
}

#[component]
fn Row(setting: SettingValue, chosen: RwSignal<Option<String>>) -> impl IntoView {
    let (word, tone) = source(setting.source);
    let (mine, choice) = (setting.key.clone(), setting.key.clone());
    view! {
        <button
            type="button"
            class="set"
            aria-current=move || (chosen.read().as_ref() == Some(&mine)).then_some("true")
            on:click=move |_| chosen.set(Some(choice.clone()))
        >
            <span class="what">
                <span class="row">
                    <b class="cut">{sentence(&setting.about)}</b>
                </span>
                <code class="small faint cut val">{setting.key}</code>
            </span>
            <span class="ctl">
                {if setting.value.is_empty() {
                    view! { <span class="faint">{shown(&setting.value)}</span> }.into_any()
                } else {
                    view! { <code class="cut val" title=setting.value.clone()>{setting.value.clone()}</code> }.into_any()
                }}
            </span>
            <span class="src">
                <Badge tone=tone>{word}</Badge>
            </span>
        </button>
    }
}
