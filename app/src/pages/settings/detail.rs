//! One setting: which value wins and how to change it.

use leptos::prelude::*;
use model::settings::{SettingSource, SettingValue};

use super::rows::{shown, source};
use crate::{
    i18n::{sentence, t},
    ui::{Badge, Button, Callout, IconButton, Kind, Size, Tone, ic, states::copy},
};

/// The pane at the side.
#[component]
pub fn Detail(setting: SettingValue, chosen: RwSignal<Option<String>>) -> impl IntoView {
    let text = t().shell;
    let sources = [SettingSource::Flag, SettingSource::Environment, SettingSource::Default];
    let order = sources
        .into_iter()
        .map(|from| {
            let (word, tone) = source(from);
            let wins = from == setting.source;
            let value = if wins {
                Some(setting.value.clone())
            } else if from == SettingSource::Default {
                Some(setting.default.clone())
            } else {
                None
            };
            let note = if wins {
                text.set_now().to_owned()
            } else if from == SettingSource::Environment {
                setting.env.clone()
            } else {
                String::new()
            };
            let class = match (wins, &value) {
                (true, _) => "win",
                (false, Some(_)) => "lost",
                (false, None) => "",
            };
            view! {
                <div class=class>
                    <Badge tone=tone>{word}</Badge>
                    {match value {
                        Some(value) => view! { <code>{shown(&value)}</code> }.into_any(),
                        None => view! { <span class="faint">{text.set_not_set()}</span> }.into_any(),
                    }}
                    <span class="small">{note}</span>
                </div>
            }
        })
        .collect_view();
    let key = setting.key.clone();
    let line = format!("{}={}", setting.env, setting.value);
    view! {
        <aside class="det" aria-label=setting.key.clone()>
            <div class="head">
                <h2 class="cut mono">{setting.key.clone()}</h2>
                <div class="end">
                    <IconButton glyph=ic::COPY size=Size::Small label=text.set_copy_key() on_click=move |_| copy(key.clone()) />
                    <IconButton glyph=ic::X size=Size::Small label=t().common.close() on_click=move |_| chosen.set(None) />
                </div>
            </div>
            <div class="pad">
                <p>{sentence(&setting.about)}</p>
            </div>
            <div class="pad">
                <h3>{text.set_order()}</h3>
                <div class="order3">{order}</div>
                <p class="small soft">{text.set_read_only()}</p>
            </div>
            <div class="pad">
                <h3>{text.set_how()}</h3>
                <Callout tone=Tone::Info icon=ic::POWER>
                    {text.set_how_text(&setting.env)}
                </Callout>
                <div class="row">
                    <Button kind=Kind::Ghost size=Size::Small icon=ic::COPY on_click=move |_| copy(line.clone())>
                        {text.set_copy_line()}
                    </Button>
                </div>
            </div>
        </aside>
    }
}
