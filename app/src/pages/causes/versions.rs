//! Versions of a template: who saved them and why, what differs, bringing one back.

use leptos::{prelude::*, task::spawn_local};
use model::rca::{RcaTemplateDetail, RcaTemplateVersion, TemplateChange, template_changes};

use super::Scene;
use crate::{
    api,
    i18n::{date_time, t},
    ui::{
        Button, Choice, Empty, Field, LinkButton, Loaded, Select, Size, call, ic, remote, toast, toast_error,
    },
};

/// The list of versions, and what the chosen one differs in.
#[component]
pub fn Versions(scene: Scene, found: RcaTemplateDetail) -> impl IntoView {
    let text = t().causes;
    if found.versions.is_empty() {
        return view! { <Empty title=text.no_versions() text=text.read_only() glyph=ic::HISTORY/> }
            .into_any();
    }
    let version = found.version;
    let before = found.versions.iter().map(|v| v.version).find(|v| *v < version);
    let other =
        RwSignal::new(before.or(found.versions.first().map(|v| v.version)).unwrap_or(version).to_string());
    let choices: Vec<Choice> =
        found.versions.iter().map(|v| Choice::new(v.version.to_string(), text.version(v.version))).collect();
    let rows = found.versions.iter().map(|v| line(scene, &found, v)).collect_view();
    let key = found.summary.key.clone();
    let against = remote(move || {
        let (key, version) = (key.clone(), other.read().parse::<u32>().ok());
        call(move || api::causes::get_rca_template(key.clone(), version))
    });
    let shown = StoredValue::new(found.template);
    view! {
        <ul class="rcat-versions" role="list" data-testid="cause-versions">{rows}</ul>
        <section class="rcat-part">
            <Field label=text.compare_with()><Select value=other options=choices on_change=move |value| other.set(value)/></Field>
            <Loaded remote=against let:old>
                {changes(shown.with_value(|shown| if old.version <= version { template_changes(&old.template, shown) } else { template_changes(shown, &old.template) }))}
            </Loaded>
        </section>
    }
    .into_any()
}

fn line(scene: Scene, found: &RcaTemplateDetail, v: &RcaTemplateVersion) -> AnyView {
    let text = t().causes;
    let (key, version) = (found.summary.key.clone(), v.version);
    let href = format!("/causes?key={key}&version={version}&tab=versions");
    let busy = RwSignal::new(false);
    let revert = move |_| {
        let key = key.clone();
        busy.set(true);
        spawn_local(async move {
            match call(move || api::causes::revert_rca_template(key.clone(), version)).await {
                Ok(new) => {
                    toast(text.reverted(new));
                    scene.address.update(|q| q.set("version", ""));
                    scene.list.reload();
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let force = found.summary.active == Some(version);
    let old = version != found.summary.latest && scene.may;
    view! {
        <li class="rcat-version" aria-current=(found.version == version).then_some("true")>
            <b class="nowrap">{text.version(version)}</b>
            {force.then(|| view! { <span class="small up nowrap">{text.in_force(version)}</span> })}
            <span class="small soft grow cut" title=v.reason.clone()>{v.of.map(|of| text.back_of(of))}" "{v.reason.clone()}</span>
            <span class="small faint nowrap">{v.by.clone()}" · "{date_time(v.at)}</span>
            <LinkButton size=Size::Small href=href>{text.open()}</LinkButton>
            {old.then(|| view! { <Button size=Size::Small icon=ic::UNDO_2 busy=busy on_click=revert>{text.revert()}</Button> })}
        </li>
    }
    .into_any()
}

fn changes(list: Vec<TemplateChange>) -> AnyView {
    let text = t().causes;
    if list.is_empty() {
        return view! { <p class="small faint">{text.no_changes()}</p> }.into_any();
    }
    let count = list.len() as u64;
    let show = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "–".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    view! {
        <div class="card scroll" tabindex="0" role="region" aria-label=text.changes(count)>
            <table class="data-table rcat-diff" data-testid="cause-changes">
                <thead><tr><th scope="col">{text.place()}</th><th scope="col">{text.before()}</th><th scope="col">{text.after()}</th></tr></thead>
                <tbody>{list.iter().map(|c| view! { <tr><td><code>{c.path.clone()}</code></td><td class="diff-del">{show(&c.before)}</td><td class="diff-add">{show(&c.after)}</td></tr> }).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
