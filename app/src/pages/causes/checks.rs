//! Checks with their weights and bounds, and what to look at next.

use leptos::prelude::*;
use model::{
    Localized,
    rca::{Check, CheckRule, NextCheck, Resource, Template},
};

use super::Scene;
use crate::{
    i18n::{lang, t},
    ui::{Input, Size},
};

/// The rule of a check, made when there is none; one that says nothing is taken out again.
fn rule(template: &mut Template, check: Check, change: impl FnOnce(&mut CheckRule)) {
    let at = template.checks.iter().position(|rule| rule.check == check).unwrap_or_else(|| {
        template.checks.push(CheckRule { check, weight: 1.0, from: None, full: None });
        template.checks.len() - 1
    });
    if let Some(rule) = template.checks.get_mut(at) {
        change(rule);
        if rule.weight == 1.0 && rule.from.is_none() && rule.full.is_none() {
            template.checks.remove(at);
        }
    }
}

/// The number of a field: nothing for an empty one, outside of every range for what is none.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.parse().unwrap_or(-1.0))
}

/// The table of checks. What scrolls stands outside of what is switched off, so that the keyboard reaches it.
#[component]
pub fn Checks(scene: Scene, #[prop(into)] fixed: Signal<bool>) -> impl IntoView {
    let text = t().causes;
    let rows = Check::ALL.map(|check| row(scene, check));
    view! {
        <section class="rcat-part">
            <h3>{text.checks()}</h3><p class="small soft">{text.checks_text()}</p>
            <div class="card scroll" tabindex="0" role="region" aria-label=text.checks()>
                <fieldset disabled=move || fixed.get()><table class="data-table rcat-checks">
                    <thead><tr><th scope="col">{text.check()}</th><th scope="col">{text.weight()}</th><th scope="col">{text.begins()}</th><th scope="col">{text.full()}</th><th scope="col">{text.measure()}</th></tr></thead>
                    <tbody>{rows.into_iter().collect_view()}</tbody>
                </table></fieldset>
            </div>
        </section>
    }
}

fn row(scene: Scene, check: Check) -> AnyView {
    let text = t().causes;
    let name = check.label().get(lang()).to_owned();
    let now = scene.draft.with_untracked(|d| d.rule(check).copied());
    let weight = RwSignal::new(now.map_or(1.0, |rule| rule.weight).to_string());
    let show = |value: Option<f64>| RwSignal::new(value.map(|v| v.to_string()).unwrap_or_default());
    let (from, full) = (show(now.and_then(|r| r.from)), show(now.and_then(|r| r.full)));
    let measure = check.measure();
    let bound = |value: RwSignal<String>,
                 what: &str,
                 usual: Option<f64>,
                 set: fn(&mut CheckRule, Option<f64>)| {
        usual.map(|usual| {
            let put = move |text: String| scene.draft.update(|d| rule(d, check, |r| set(r, number(&text))));
            view! { <Input value=value r#type="number" size=Size::Small label=text.of_check(what, &name) placeholder=usual.to_string() on_input=put/> }
        })
    };
    let begins = bound(from, text.begins(), measure.as_ref().map(|m| m.from), |r, v| r.from = v);
    let ends = bound(full, text.full(), measure.as_ref().and_then(|m| m.full), |r, v| r.full = v);
    let put = move |text: String| {
        scene.draft.update(|d| rule(d, check, |r| r.weight = number(&text).unwrap_or(1.0)))
    };
    let wrong = move || {
        let at = scene.draft.with(|d| d.checks.iter().position(|rule| rule.check == check))?;
        ["weight", "from", "full"].iter().find_map(|field| scene.fault(&format!("checks[{at}].{field}")))
    };
    view! {
        <tr data-testid="cause-check" data-check=format!("{check:?}")>
            <th scope="row">{name.clone()}{move || wrong().map(|why| view! { <span class="rcat-wrong block" role="alert">{why}</span> })}</th>
            <td><Input value=weight r#type="number" size=Size::Small label=text.of_check(text.weight(), &name) on_input=put/></td>
            <td>{begins}</td><td>{ends}</td>
            <td class="small faint">{measure.map(|m| m.what.get(lang()).to_owned())}</td>
        </tr>
    }
    .into_any()
}

/// What to look at next, by resource.
#[component]
pub fn Next(scene: Scene, #[prop(into)] fixed: Signal<bool>) -> impl IntoView {
    let text = t().causes;
    let rows = Resource::ALL.map(|resource| {
        let usual = resource.next_check();
        let now = scene.draft.with_untracked(|d| d.next_text(resource).cloned()).unwrap_or_default();
        let (ko, en) = (RwSignal::new(now.ko), RwSignal::new(now.en));
        let put = move |_: String| {
            let text = Localized::new(ko.get_untracked().trim(), en.get_untracked().trim());
            scene.draft.update(|d| {
                d.next.retain(|next| next.resource != resource);
                if !text.ko.is_empty() || !text.en.is_empty() {
                    d.next.push(NextCheck { resource, text });
                }
            });
        };
        let name = resource.label().get(lang()).to_owned();
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td><Input value=ko size=Size::Small label=text.of_check(text.korean(), &name) placeholder=usual.ko on_input=put/></td>
                <td><Input value=en size=Size::Small label=text.of_check(text.english(), &name) placeholder=usual.en on_input=put/></td>
            </tr>
        }
    });
    view! {
        <section class="rcat-part">
            <h3>{text.next()}</h3><p class="small soft">{text.next_text()}</p>
            <div class="card scroll" tabindex="0" role="region" aria-label=text.next()>
                <fieldset disabled=move || fixed.get()><table class="data-table rcat-next">
                    <thead><tr><th scope="col">{text.resource()}</th><th scope="col">{text.korean()}</th><th scope="col">{text.english()}</th></tr></thead>
                    <tbody>{rows.into_iter().collect_view()}</tbody>
                </table></fieldset>
            </div>
        </section>
    }
}
