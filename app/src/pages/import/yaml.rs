//! The mapping as YAML: saved for the command line, or read from a file.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::state::ImportPageState;
use crate::{
    api::imports as api,
    i18n::t,
    ui::{Button, Dialog, Kind, TextArea, call, toast_error},
};

/// The dialog with the mapping as text: saved, copied, replaced.
#[component]
pub fn YamlDialog(state: ImportPageState, open: RwSignal<bool>) -> impl IntoView {
    let x = t().import;
    let text = RwSignal::new(String::new());
    Effect::new(move || {
        if open.get() {
            spawn_local(async move {
                state.learned().await;
                let mapping = state.mapping();
                match call(move || api::mapping_yaml(mapping.clone())).await {
                    Ok(yaml) => text.set(yaml),
                    Err(error) => toast_error(&error),
                }
            });
        }
    });
    let apply = move || {
        let yaml = text.get_untracked();
        spawn_local(async move {
            match call(move || api::parse_mapping(yaml.clone())).await {
                Ok(mapping) => {
                    state.mapping.set(Some(mapping));
                    state.check.set(None);
                    open.set(false);
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    let save =
        move || crate::ui::download::text("mapping.yaml", "text/yaml;charset=utf-8", &text.get_untracked());
    view! {
        <Dialog open title=x.mapping_yaml()>
            <div class="stack yaml-body">
                <TextArea value=text rows=20 mono=true label=x.mapping_yaml() placeholder=x.mapping_paste()/>
                <div class="row end">
                    <Button on_click=move |_| save()>{x.mapping_save()}</Button>
                    <Button kind=Kind::Primary on_click=move |_| apply()>{x.mapping_use()}</Button>
                </div>
            </div>
        </Dialog>
    }
}
