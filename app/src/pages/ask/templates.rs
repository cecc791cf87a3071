//! Templates: a plan saved under a name, called again with other values.

use leptos::{prelude::*, task::spawn_local};
use model::{
    plan::{Kind, Node, Plan},
    run::{NewTemplate, PlanTemplate, RunPlan, TemplateParam},
};
use serde_json::{Map, Value};

use super::state::AskState;
use crate::{
    api,
    i18n::{l, t},
    ui::{
        Button, Check, Dialog, Empty, Field, Icon, IconButton, Input, Kind as Look, Loaded, Size, TextArea,
        call, ic, remote, session, toast, toast_error,
    },
};

/// Values of a plan that are offered as parameters.
const OFFERED: usize = 24;

/// The button that opens the templates.
#[component]
pub fn TemplateMenu(state: AskState) -> impl IntoView {
    let text = t().trace;
    let open = RwSignal::new(false);
    view! {
        <span data-testid="templates"><IconButton glyph=ic::LAYOUT_TEMPLATE size=Size::Small label=text.templates() on_click=move |_| open.set(true)/></span>
        <Dialog open title=text.templates()><List state open/></Dialog>
    }
}

#[component]
fn List(state: AskState, open: RwSignal<bool>) -> impl IntoView {
    let text = t().trace;
    let all = remote(|| call(api::plans::list_templates));
    let chosen = RwSignal::new(None::<PlanTemplate>);
    let may_remove = session::may(<model::perm::PlanSave as model::perm::Permission>::LEAST);
    let remove = move |name: String| {
        spawn_local(async move {
            match call(move || api::plans::remove_template(name.clone())).await {
                Ok(()) => {
                    toast(text.template_removed());
                    all.reload();
                }
                Err(error) => toast_error(&error),
            }
        });
    };
    let empty = move || view! { <Empty title=text.templates_none() glyph=ic::LAYOUT_TEMPLATE/> };
    let is_empty = Callback::new(|all: Vec<PlanTemplate>| all.is_empty());
    move || {
        match chosen.get() {
        Some(template) => view! { <Call state open template chosen/> }.into_any(),
        None => view! {
            <Loaded remote=all is_empty=is_empty empty=empty let:all>
                <ul class="template-list">
                    {all.into_iter().map(|template| {
                        let (name, removed) = (template.name.clone(), template.name.clone());
                        let title = if template.title.is_empty() { name.clone() } else { template.title.clone() };
                        let about = template.about.clone();
                        view! {
                            <li class="row">
                                <button type="button" class="template grow" data-testid="template" on:click=move |_| chosen.set(Some(template.clone()))>
                                    <Icon glyph=ic::LAYOUT_TEMPLATE/>
                                    <span class="grow"><b class="cut">{title}</b><span class="small faint cut">{about}</span></span>
                                    <code class="small faint">{name}</code>
                                </button>
                                {may_remove.then(|| view! { <IconButton glyph=ic::TRASH_2 size=Size::Small label=format!("{}: {removed}", t().common.remove()) on_click=move |_| remove(removed.clone())/> })}
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </Loaded>
        }.into_any(),
    }
    }
}

/// Calls a template with values.
#[component]
fn Call(
    state: AskState,
    open: RwSignal<bool>,
    template: PlanTemplate,
    chosen: RwSignal<Option<PlanTemplate>>,
) -> impl IntoView {
    let text = t().trace;
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Vec::<(String, String)>::new());
    let fields: Vec<(TemplateParam, RwSignal<String>)> = template
        .params
        .iter()
        .map(|param| (param.clone(), RwSignal::new(param.default.as_ref().map(shown).unwrap_or_default())))
        .collect();
    let title = if template.title.is_empty() { template.name.clone() } else { template.title.clone() };
    let name = template.name.clone();
    let given = fields.clone();
    let heading = title.clone();
    let run = move || {
        let mut args = Map::new();
        for (param, value) in &given {
            let value = value.get_untracked();
            if !value.trim().is_empty() {
                args.insert(param.name.clone(), typed(&param.r#type, value.trim()));
            }
        }
        let request = RunPlan { template: name.clone(), args, ..RunPlan::default() };
        let title = title.clone();
        busy.set(true);
        spawn_local(async move {
            match state.run_plan(title, request).await {
                Ok(()) => _ = open.try_set(false),
                Err(error) if !error.fields.is_empty() => {
                    errors.try_set(error.fields.iter().map(|f| (f.path.clone(), l(&f.reason))).collect());
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); run(); }>
            <h3>{heading}</h3>
            {(!template.about.is_empty()).then(|| view! { <p class="soft">{template.about.clone()}</p> })}
            {fields.into_iter().map(|(param, value)| {
                let name = param.name.clone();
                let error = Signal::derive(move || errors.with(|all| all.iter().find(|(path, _)| path.ends_with(name.as_str())).map(|(_, why)| why.clone())));
                let label = if param.about.is_empty() { param.name.clone() } else { param.about.clone() };
                let hint = if param.default.is_none() { format!("{} · {}", param.r#type, text.needed()) } else { param.r#type.clone() };
                view! { <Field label=label hint=hint error=error><Input value=value size=Size::Large/></Field> }
            }).collect_view()}
            <div class="row end">
                <Button size=Size::Large on_click=move |_| chosen.set(None)>{t().common.back()}</Button>
                <Button size=Size::Large kind=Look::Primary r#type="submit" icon=ic::PLAY busy=busy>{text.run_again()}</Button>
            </div>
        </form>
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What was typed, as the type of the parameter wants it; what does not fit goes as text and is refused by the server.
fn typed(kind: &str, text: &str) -> Value {
    match kind {
        "number" | "boolean" | "list" | "any" => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
        }
        _ => Value::from(text),
    }
}

/// A value of a plan that can become a parameter.
#[derive(Debug, Clone, PartialEq)]
struct Offer {
    step: String,
    place: Vec<Key>,
    name: String,
    value: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Key {
    Name(String),
    At(usize),
}

/// Plain values of the arguments: what a person might want to give anew.
fn offers(plan: &Plan) -> Vec<Offer> {
    let mut out: Vec<Offer> = Vec::new();
    for node in plan.nodes() {
        if let Kind::Tool { args, .. } | Kind::Call { args, .. } = &node.kind {
            for (key, value) in args {
                find(&node.id, vec![Key::Name(key.clone())], key, value, &mut out);
            }
        }
    }
    out.truncate(OFFERED);
    let mut used: Vec<String> = Vec::new();
    for offer in &mut out {
        let base = offer.name.clone();
        let mut n = 1;
        while used.contains(&offer.name) {
            n += 1;
            offer.name = format!("{base}{n}");
        }
        used.push(offer.name.clone());
    }
    out
}

fn find(step: &str, place: Vec<Key>, name: &str, value: &Value, out: &mut Vec<Offer>) {
    let below = |key: Key| {
        let mut place = place.clone();
        place.push(key);
        place
    };
    match value {
        Value::String(text) if !text.is_empty() && !text.starts_with('$') => {
            out.push(Offer { step: step.to_owned(), name: word(name), value: value.clone(), place })
        }
        Value::Number(_) => {
            out.push(Offer { step: step.to_owned(), name: word(name), value: value.clone(), place });
        }
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                find(step, below(Key::At(n)), name, inner, out);
            }
        }
        Value::Object(map) => {
            // of a condition only its value is of interest; its name is that of the field
            let field = map.get("field").and_then(Value::as_str);
            for (key, inner) in map {
                match field {
                    Some(_) if key != "value" => {}
                    Some(field) => find(step, below(Key::Name(key.clone())), field, inner, out),
                    None => find(step, below(Key::Name(key.clone())), key, inner, out),
                }
            }
        }
        _ => {}
    }
}

fn word(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if word.chars().next().is_some_and(char::is_alphabetic) { word } else { format!("p{word}") }
}

/// Puts a reference to a parameter where a value was.
fn replace(node: &mut Node, offer: &Offer) -> bool {
    if node.id == offer.step
        && let Kind::Tool { args, .. } | Kind::Call { args, .. } = &mut node.kind
    {
        let mut places = offer.place.iter();
        let Some(Key::Name(first)) = places.next() else { return false };
        let mut value = args.get_mut(first);
        for key in places {
            value = match (key, value) {
                (Key::Name(name), Some(Value::Object(map))) => map.get_mut(name),
                (Key::At(at), Some(Value::Array(list))) => list.get_mut(*at),
                _ => None,
            };
        }
        if let Some(value) = value {
            *value = Value::from(format!("$args.{}", offer.name));
            return true;
        }
    }
    node.children_mut().into_iter().any(|child| replace(child, offer))
}

/// Saves a plan as a template.
#[component]
pub fn SaveTemplate(
    /// The plan.
    plan: Plan,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let plan = StoredValue::new(plan);
    view! {
        <Dialog open title=t().trace.save_template()>
            {move || view! { <SaveForm plan=plan.get_value() open/> }}
        </Dialog>
    }
}

#[component]
fn SaveForm(plan: Plan, open: RwSignal<bool>) -> impl IntoView {
    let text = t().trace;
    let (name, title, about) =
        (RwSignal::new(String::new()), RwSignal::new(plan.goal.clone()), RwSignal::new(String::new()));
    let offers = offers(&plan);
    let chosen = RwSignal::new(vec![false; offers.len()]);
    let (busy, errors) = (RwSignal::new(false), RwSignal::new(Vec::<(String, String)>::new()));
    let error_of = move |field: &'static str| {
        Signal::derive(move || {
            errors.with(|all| all.iter().find(|(path, _)| path == field).map(|(_, why)| why.clone()))
        })
    };
    let known = offers.clone();
    let save = move || {
        let mut plan = plan.clone();
        let picked = chosen.get_untracked();
        let params: Vec<TemplateParam> = known
            .iter()
            .zip(&picked)
            .filter(|(offer, picked)| **picked && replace(&mut plan.root, offer))
            .map(|(offer, _)| TemplateParam {
                name: offer.name.clone(),
                about: String::new(),
                r#type: if offer.value.is_number() { "number" } else { "text" }.to_owned(),
                default: Some(offer.value.clone()),
            })
            .collect();
        let template = NewTemplate {
            name: name.get_untracked().trim().to_owned(),
            title: title.get_untracked().trim().to_owned(),
            about: about.get_untracked().trim().to_owned(),
            params,
            plan,
            version: 0,
        };
        busy.set(true);
        errors.set(Vec::new());
        spawn_local(async move {
            match call(move || api::plans::save_template(template.clone())).await {
                Ok(saved) => {
                    toast(text.template_saved(&saved.name));
                    open.try_set(false);
                }
                Err(error) if !error.fields.is_empty() => {
                    errors.try_set(error.fields.iter().map(|f| (f.path.clone(), l(&f.reason))).collect());
                }
                Err(error) => toast_error(&error),
            }
            busy.try_set(false);
        });
    };
    let other = move || {
        errors.with(|all| {
            let own = ["name", "title", "about"];
            all.iter()
                .filter(|(path, _)| !own.contains(&path.as_str()))
                .map(|(path, why)| format!("{path}: {why}"))
                .collect::<Vec<_>>()
        })
    };
    view! {
        <form class="stack" data-testid="template-form" on:submit=move |event| { event.prevent_default(); save(); }>
            <Field label=text.template_name() hint=text.template_name_hint() error=error_of("name") required=true>
                <Input value=name mono=true size=Size::Large autofocus=true/>
            </Field>
            <Field label=text.template_title() error=error_of("title")><Input value=title size=Size::Large/></Field>
            <Field label=text.template_about() error=error_of("about")><TextArea value=about rows=2/></Field>
            {(!offers.is_empty()).then(|| view! {
                <fieldset class="stack template-values">
                    <legend class="label">{text.template_params()}</legend>
                    <p class="small faint">{text.template_params_hint()}</p>
                    {offers.iter().enumerate().map(|(at, offer)| {
                        let (name, value) = (offer.name.clone(), shown(&offer.value));
                        view! {
                            <Check checked=Signal::derive(move || chosen.with(|all| all.get(at).copied().unwrap_or(false))) on_change=move |on| chosen.update(|all| if let Some(slot) = all.get_mut(at) { *slot = on })>
                                <code>{name}</code>" "<span class="soft">{value}</span>
                            </Check>
                        }
                    }).collect_view()}
                </fieldset>
            })}
            {move || other().into_iter().map(|why| view! { <p class="err small">{why}</p> }).collect_view()}
            <div class="row end">
                <Button size=Size::Large on_click=move |_| open.set(false)>{t().common.cancel()}</Button>
                <Button size=Size::Large kind=Look::Primary r#type="submit" busy=busy>{t().common.save()}</Button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_chosen_value_becomes_a_reference_to_the_parameter() {
        let mut plan: Plan = serde_json::from_value(json!({
            "goal": "", "lang": "en", "origin": {"by": "user"}, "confidence": 1.0,
            "root": {"id": "s1", "kind": "tool", "tool": "ci.search",
                "args": {"select": {"filter": [{"field": "kind", "op": "eq", "value": "host"}]}, "ci": "$s0.code", "limit": 5}}
        }))
        .unwrap();
        let found = offers(&plan);
        let told: Vec<(&str, String)> =
            found.iter().map(|o| (o.name.as_str(), o.value.to_string())).collect();
        assert_eq!(told, [("limit", "5".to_owned()), ("kind", "\"host\"".to_owned())]);
        assert!(replace(&mut plan.root, &found[1]));
        let text = serde_json::to_string(&plan).unwrap();
        assert!(text.contains("\"value\":\"$args.kind\""), "{text}");
    }
}
