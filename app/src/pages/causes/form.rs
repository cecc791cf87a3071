//! The template as a form: name, when it is used, what is looked at.

use leptos::prelude::*;
use model::rca::{Candidates, Resource, Template, TimeRule};

use super::Scene;
use crate::{
    i18n::{lang, t},
    ui::{Check, Choice, Field, Input, Segmented, estate::use_book},
};

/// A line of text of the template.
fn line(
    scene: Scene,
    label: &str,
    hint: Option<&'static str>,
    path: &'static str,
    get: fn(&Template) -> String,
    set: fn(&mut Template, String),
) -> AnyView {
    let value = RwSignal::new(scene.draft.with_untracked(get));
    let error = Signal::derive(move || scene.fault(path));
    let put = move |text: String| scene.draft.update(|d| set(d, text));
    view! { <Field label=label.to_owned() hint=hint.map(str::to_owned) error=error><Input value=value on_input=put/></Field> }.into_any()
}

/// A number of the template. What is no number is outside of every range, so the field says so.
fn figure(
    scene: Scene,
    label: &str,
    path: &'static str,
    get: fn(&Template) -> f64,
    set: fn(&mut Template, f64),
) -> AnyView {
    let value = RwSignal::new(scene.draft.with_untracked(get).to_string());
    let error = Signal::derive(move || scene.fault(path));
    let put = move |text: String| scene.draft.update(|d| set(d, text.trim().parse().unwrap_or(-1.0)));
    view! { <Field label=label.to_owned() error=error><Input value=value r#type="number" on_input=put/></Field> }
        .into_any()
}

/// A number without a fraction; less than nothing is outside of every range.
fn whole(value: f64) -> u32 {
    if value < 0.0 { u32::MAX } else { value as u32 }
}

/// Identifier and name.
#[component]
pub fn Head(scene: Scene) -> impl IntoView {
    let text = t().causes;
    view! {
        <section class="rcat-part">
            <div class="rcat-fields">
                {move || scene.fresh.get().then(|| line(scene, text.key(), Some(text.key_hint()), "key", |d| d.key.clone(), |d, v| d.key = v.trim().to_owned()))}
                {line(scene, text.name_ko(), None, "name", |d| d.name.ko.clone(), |d, v| d.name.ko = v)}
                {line(scene, text.name_en(), None, "name", |d| d.name.en.clone(), |d, v| d.name.en = v)}
            </div>
        </section>
    }
}

/// Adds or takes away.
fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T, on: bool) {
    list.retain(|known| *known != value);
    if on {
        list.push(value);
    }
}

/// Conditions.
#[component]
pub fn When(scene: Scene) -> impl IntoView {
    let text = t().causes;
    let book = use_book();
    let kinds = move || {
        let kinds = book.value.with(|book| book.as_ref().map(|book| book.kinds.clone()));
        kinds.unwrap_or_default().into_iter().map(|kind| {
            let (key, own) = (kind.key.clone(), kind.key.clone());
            let checked = Signal::derive(move || scene.draft.with(|d| d.applies.kinds.contains(&own)));
            let label = crate::i18n::l(&kind.label);
            view! {
                <Check checked=checked on_change=move |on| scene.draft.update(|d| toggle(&mut d.applies.kinds, key.clone(), on))>
                    {if label.is_empty() { kind.key.clone() } else { label }}
                </Check>
            }
        }).collect_view()
    };
    let resources = Resource::ALL.map(|resource| {
        let checked = Signal::derive(move || scene.draft.with(|d| d.applies.resources.contains(&resource)));
        view! {
            <Check checked=checked on_change=move |on| scene.draft.update(|d| toggle(&mut d.applies.resources, resource, on))>
                {resource.label().get(lang()).to_owned()}
            </Check>
        }
    });
    let timed = Signal::derive(move || scene.draft.with(|d| d.applies.time.is_some()));
    let in_time = Memo::new(move |_| timed.get());
    let switch = move |on: bool| scene.draft.update(|d| d.applies.time = on.then(TimeRule::default));
    view! {
        <section class="rcat-part">
            <h3>{text.when()}</h3><p class="small soft">{text.when_text()}</p>
            <div role="group" aria-label=text.kinds()><p class="rcat-label">{text.kinds()}" "<span class="faint">{text.kinds_hint()}</span></p><div class="rcat-chips">{kinds}</div></div>
            {line(scene, text.metrics(), None, "applies.metrics[0]", |d| d.applies.metrics.join(", "), |d, v| {
                d.applies.metrics = v.split(',').map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()).collect();
            })}
            <div role="group" aria-label=text.resources()><p class="rcat-label">{text.resources()}</p><div class="rcat-chips">{resources.collect_view()}</div></div>
            <Check checked=timed on_change=switch>{text.hours()}</Check>
            {move || in_time.get().then(|| view! { <Hours scene/> })}
        </section>
    }
}

/// The hours of a template that has some.
#[component]
fn Hours(scene: Scene) -> impl IntoView {
    let text = t().causes;
    fn rule(d: &mut Template) -> &mut TimeRule {
        d.applies.time.get_or_insert_default()
    }
    let days = (1..=7_u32).map(|day| {
        let checked = Signal::derive(move || {
            scene.draft.with(|d| d.applies.time.as_ref().is_some_and(|time| time.days.contains(&day)))
        });
        view! {
            <Check checked=checked on_change=move |on| scene.draft.update(|d| toggle(&mut rule(d).days, day, on))>{text.day(day - 1)}</Check>
        }
    });
    view! {
        <div role="group" aria-label=text.days()><p class="rcat-label">{text.days()}</p><div class="rcat-chips">{days.collect_view()}</div></div>
        <div class="rcat-fields">
            {figure(scene, text.from_hour(), "applies.time.from_hour", |d| d.applies.time.as_ref().map_or(0.0, |t| f64::from(t.from_hour)), |d, v| rule(d).from_hour = whole(v))}
            {figure(scene, text.to_hour(), "applies.time.to_hour", |d| d.applies.time.as_ref().map_or(24.0, |t| f64::from(t.to_hour)), |d, v| rule(d).to_hour = whole(v))}
            {line(scene, text.tz(), None, "applies.time.tz", |d| d.applies.time.as_ref().map(|t| t.tz.clone()).unwrap_or_default(), |d, v| rule(d).tz = v.trim().to_owned())}
        </div>
    }
}

/// Candidates and numbers.
#[component]
pub fn Whom(scene: Scene) -> impl IntoView {
    let text = t().causes;
    let ways = vec![
        Choice::new("both", text.both()),
        Choice::new("below", text.below()),
        Choice::new("above", text.above()),
    ];
    let way = Signal::derive(move || {
        scene.draft.with(|d| match d.candidates {
            Candidates::Both => "both".to_owned(),
            Candidates::Below => "below".to_owned(),
            Candidates::Above => "above".to_owned(),
        })
    });
    let choose = move |value: String| {
        scene.draft.update(|d| {
            d.candidates = match value.as_str() {
                "below" => Candidates::Below,
                "above" => Candidates::Above,
                _ => Candidates::Both,
            }
        });
    };
    view! {
        <section class="rcat-part">
            <h3>{text.whom()}</h3>
            <p class="rcat-label">{text.candidates()}</p>
            <Segmented value=way options=ways label=text.candidates() on_change=choose/>
            <div class="rcat-fields">
                {figure(scene, text.hops(), "hops", |d| f64::from(d.hops), |d, v| d.hops = whole(v))}
                {figure(scene, text.baseline(), "baseline_min", |d| f64::from(d.baseline_min), |d, v| d.baseline_min = whole(v))}
                {figure(scene, text.change(), "change_min", |d| f64::from(d.change_min), |d, v| d.change_min = whole(v))}
                {figure(scene, text.least(), "least_score", |d| d.least_score, |d, v| d.least_score = v)}
                {figure(scene, text.most(), "most", |d| f64::from(d.most), |d, v| d.most = whole(v))}
            </div>
        </section>
    }
}
