//! One template: what can be done with it, and its views.

use leptos::{prelude::*, task::spawn_local};
use model::{
    ApiError,
    rca::{BUILT_IN, RcaTemplateDetail, SaveRcaTemplate, Template, TemplateFault, TemplateFaultCode},
};

use super::{Scene, checks, form, state, trial::Try, versions::Versions};
use crate::{
    api,
    i18n::{l, t},
    ui::{
        Button, Callout, Confirm, Input, Kind, Loaded, Remote, Tab, Tabs, TextArea, Tone, call, ic, remote,
        toast, toast_error,
    },
};

/// One template.
#[component]
pub fn Detail(scene: Scene, key: String) -> impl IntoView {
    let asked = scene.address.value("version");
    let detail = remote(move || {
        // what the list says has changed, so the template may have too
        scene.list.at.track();
        let (key, version) = (key.clone(), asked.read().parse::<u32>().ok());
        call(move || api::causes::get_rca_template(key.clone(), version))
    });
    view! { <Loaded remote=detail let:found><Shown scene detail found/></Loaded> }
}

#[component]
fn Shown(scene: Scene, detail: Remote<RcaTemplateDetail>, found: RcaTemplateDetail) -> impl IntoView {
    let text = t().causes;
    let saved = StoredValue::new(found.template.clone());
    scene.fresh.set(false);
    scene.replace(found.template.clone());
    let tab = scene.address.value("tab");
    let tab = Signal::derive(move || if tab.read().is_empty() { "form".to_owned() } else { tab.get() });
    let fixed = Signal::derive(move || !scene.may || (found.summary.built_in && !scene.fresh.get()));
    let tabs = Signal::derive(move || {
        let count = detail.value.with(|d| d.as_ref().map(|d| d.versions.len() as u64));
        vec![
            Tab::new("form", text.t_form(), None),
            Tab::new("json", text.t_json(), None),
            Tab::new("versions", text.t_versions(), count),
            Tab::new("try", text.t_try(), None),
        ]
    });
    let changed = Memo::new(move |_| scene.fresh.get() || scene.draft.with(|d| saved.with_value(|s| d != s)));
    let faults = Memo::new(move |_| {
        let mut all = scene.draft.with(Template::faults);
        all.extend(
            scene
                .told
                .get()
                .into_iter()
                .filter(|told| !all.iter().any(|f| f.path == told.path))
                .collect::<Vec<_>>(),
        );
        all
    });
    let kept = StoredValue::new(found.clone());
    let head = found.summary.clone();
    view! {
        <header class="rcat-head">
            <div class="row wrap-row">
                <h2 class="grow">{move || scene.draft.with(|d| l(&d.name))}</h2>
                {move || if scene.fresh.get() { ().into_any() } else { state(&head) }}
            </div>
            <p class="small faint">{(found.version > 0).then(|| text.version(found.version))}" "<code>{move || scene.draft.with(|d| d.key.clone())}</code></p>
            <Acts scene kept changed faults/>
            {move || (changed.get() && scene.may).then(|| view! { <p class="small soft" role="status">{text.unsaved()}</p> })}
            {move || (!scene.may).then(|| view! { <Callout tone=Tone::Info>{text.no_right()}</Callout> })}
            {move || (scene.may && fixed.get()).then(|| view! { <Callout tone=Tone::Info>{text.read_only()}</Callout> })}
            {move || {
                let list = faults.get();
                (!list.is_empty()).then(|| view! {
                    <Callout tone=Tone::Warn><b>{text.faults(list.len() as u64)}</b>
                        <ul data-testid="cause-faults">{list.into_iter().map(|f| view! { <li><code>{f.path}</code>" "{l(&f.hint)}</li> }).collect_view()}</ul>
                    </Callout>
                })
            }}
        </header>
        <Tabs id="rcat" value=tab tabs label=text.tabs() on_change=move |value: String| scene.address.push(|q| q.set("tab", if value == "form" { String::new() } else { value }))/>
        <div id="rcat-panel" role="tabpanel" aria-labelledby=move || format!("rcat-{}", tab.get())>
            {move || {
                scene.epoch.track();
                match tab.get().as_str() {
                    "json" => view! { <Json scene fixed/> }.into_any(),
                    "versions" => view! { <Versions scene found=kept.get_value()/> }.into_any(),
                    "try" => view! { <Try scene/> }.into_any(),
                    _ => view! {
                        <div class="rcat-form">
                            <fieldset class="rcat-form" disabled=move || fixed.get()>
                                <form::Head scene/><form::When scene/><form::Whom scene/>
                            </fieldset>
                            <checks::Checks scene fixed/><checks::Next scene fixed/>
                        </div>
                    }.into_any(),
                }
            }}
        </div>
    }
}

/// The buttons.
#[component]
fn Acts(
    scene: Scene,
    kept: StoredValue<RcaTemplateDetail>,
    changed: Memo<bool>,
    faults: Memo<Vec<TemplateFault>>,
) -> impl IntoView {
    let text = t().causes;
    let (busy, removing) = (RwSignal::new(false), RwSignal::new(false));
    let reason = RwSignal::new(String::new());
    let (version, summary) = kept.with_value(|k| (k.version, k.summary.clone()));
    let own = !summary.built_in;
    let key = StoredValue::new(summary.key.clone());
    let copy = move |_| {
        let mut copy = scene.draft.get_untracked();
        copy.key = format!("{}-copy", copy.key);
        if !copy.name.ko.is_empty() {
            copy.name.ko = model::Localized::new(format!("{} 사본", copy.name.ko), "").ko;
        }
        if !copy.name.en.is_empty() {
            copy.name.en = format!("Copy of {}", copy.name.en);
        }
        scene.replace(copy);
        scene.fresh.set(true);
        scene.address.push(|q| q.set("tab", ""));
    };
    let save = move |_| {
        let template = scene.draft.get_untracked();
        let base = if scene.fresh.get_untracked() { 0 } else { kept.with_value(|k| k.summary.latest) };
        let request = SaveRcaTemplate { template, base, reason: reason.get_untracked() };
        busy.set(true);
        spawn_local(async move {
            let key = request.template.key.clone();
            match call(move || api::causes::save_rca_template(request.clone())).await {
                Ok(version) => {
                    toast(text.saved(version));
                    scene.fresh.try_set(false);
                    scene.address.update(|q| {
                        q.set("key", key);
                        q.set("version", "");
                    });
                    scene.list.reload();
                }
                Err(error) => refused(scene, &error),
            }
            busy.try_set(false);
        });
    };
    let force = move |version: Option<u32>| {
        busy.set(true);
        spawn_local(async move {
            match call(move || api::causes::activate_rca_template(key.get_value(), version)).await {
                Ok(()) => {
                    toast(version.map_or_else(|| text.taken().to_owned(), |v| text.put_done(v)));
                    scene.list.reload();
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let remove = move |()| {
        spawn_local(async move {
            match call(move || api::causes::remove_rca_template(key.get_value())).await {
                Ok(()) => {
                    toast(text.removed());
                    scene.address.update(|q| {
                        q.set("key", "");
                        q.set("version", "");
                    });
                    scene.list.reload();
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    let may_save = move || (own || scene.fresh.get()) && changed.get();
    let wrong =
        Signal::derive(move || faults.with(|f| f.iter().any(|f| f.code != TemplateFaultCode::Unknown)));
    view! {
        {scene.may.then(|| view! {
            <div class="row wrap-row rcat-acts">
                {move || may_save().then(|| view! {
                    <span class="rcat-reason"><Input value=reason label=text.reason() placeholder=text.reason()/></span>
                    <Button kind=Kind::Primary icon=ic::CHECK busy=busy disabled=wrong on_click=save>{text.save()}</Button>
                })}
                {move || (own && !changed.get()).then(|| if summary.active == Some(version) {
                    view! { <Button icon=ic::POWER busy=busy on_click=move |_| force(None)>{text.take()}</Button> }.into_any()
                } else {
                    view! { <Button kind=Kind::Primary icon=ic::POWER busy=busy on_click=move |_| force(Some(version))>{text.put()}</Button> }.into_any()
                })}
                {move || (!scene.fresh.get()).then(|| view! { <Button icon=ic::COPY_PLUS on_click=copy>{text.copy()}</Button> })}
                {move || (own && !scene.fresh.get()).then(|| view! { <Button kind=Kind::Danger icon=ic::TRASH_2 on_click=move |_| removing.set(true)>{t().common.remove()}</Button> })}
            </div>
        })}
        <Confirm open=removing title=text.remove_title() text=text.remove_text() action=t().common.remove() on_confirm=remove/>
    }
}

/// Puts what the server refused beside the fields.
fn refused(scene: Scene, error: &ApiError) {
    let told: Vec<TemplateFault> = error
        .fields
        .iter()
        .filter_map(|field| {
            let path = field.path.strip_prefix("template.")?;
            let hint = field.reason.clone();
            Some(TemplateFault { path: path.to_owned(), code: TemplateFaultCode::Unknown, hint })
        })
        .collect();
    if told.is_empty() {
        toast_error(error);
    }
    scene.told.try_set(told);
}

/// The template as text.
#[component]
fn Json(scene: Scene, fixed: Signal<bool>) -> impl IntoView {
    let text = t().causes;
    let written =
        RwSignal::new(scene.draft.with_untracked(|d| serde_json::to_string_pretty(d).unwrap_or_default()));
    let wrong = RwSignal::new(None::<String>);
    let apply = move |_| match written.with_untracked(|w| serde_json::from_str::<Template>(w)) {
        Ok(mut template) => {
            wrong.set(None);
            // the identifier of what was saved before stays
            if !scene.fresh.get_untracked() && scene.chosen.get_untracked() != BUILT_IN {
                template.key = scene.chosen.get_untracked();
            }
            scene.replace(template);
        }
        Err(cause) => wrong.set(Some(text.json_wrong(&cause.to_string()))),
    };
    view! {
        <div class="stack rcat-json">
            <p class="small soft">{text.json_text()}</p>
            <TextArea value=written rows=24 mono=true label=text.t_json()/>
            {move || wrong.get().map(|why| view! { <p class="rcat-wrong" role="alert">{why}</p> })}
            {move || (!fixed.get()).then(|| view! { <div class="row"><Button icon=ic::CHECK on_click=apply>{text.json_apply()}</Button></div> })}
        </div>
    }
}
