//! Design tokens for a library that cannot read them: ECharts knows neither `oklch()` nor `light-dark()`, so that every
//! token is painted on one pixel and read back as `rgb()`.

use std::{cell::RefCell, collections::HashMap};

use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

use super::js;

thread_local! {
    static VERSION: RefCell<Option<ArcRwSignal<u32>>> = const { RefCell::new(None) };
    static CACHE: RefCell<(u32, HashMap<String, String>)> = RefCell::default();
}

/// Counts changes of the theme: what is drawn with resolved colours is drawn again when it changes.
pub fn version() -> ArcRwSignal<u32> {
    VERSION.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| {
            let signal = ArcRwSignal::new(0);
            watch(&signal);
            signal
        })
        .clone()
    })
}

/// Both ways a theme can change: the user's choice on `<html>`, the system's choice.
fn watch(signal: &ArcRwSignal<u32>) {
    let Some(window) = web_sys::window() else { return };
    let changed = {
        let signal = signal.clone();
        Closure::<dyn Fn()>::new(move || signal.update(|n| *n += 1)).into_js_value()
    };
    if let Some(root) = window.document().and_then(|d| d.document_element())
        && let Ok(observer) = web_sys::MutationObserver::new(changed.unchecked_ref())
    {
        let init = web_sys::MutationObserverInit::new();
        init.set_attributes(true);
        init.set_attribute_filter(&js_sys::Array::of2(&"data-theme".into(), &"data-density".into()));
        drop(observer.observe_with_options(&root, &init));
    }
    if let Ok(Some(media)) = window.match_media("(prefers-color-scheme: dark)") {
        drop(media.add_event_listener_with_callback("change", changed.unchecked_ref()));
    }
}

/// Resolves every text of the form `var(--token)` in an option; `var(--token)/0.3` also sets its opacity.
pub fn resolve(option: &mut Value) {
    match option {
        Value::String(text) => {
            if let Some(color) = token(text) {
                *text = color;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(resolve),
        Value::Object(map) => map.values_mut().for_each(resolve),
        _ => {}
    }
}

/// The colour of a token as a canvas takes it: `color("accent-soft")`.
pub fn color(name: &str) -> String {
    token(&format!("var(--{name})")).unwrap_or_default()
}

fn token(text: &str) -> Option<String> {
    let rest = text.strip_prefix("var(--")?;
    let (name, alpha) = rest.split_once(')')?;
    let now = version().get_untracked();
    let known = CACHE.with_borrow_mut(|(at, colors)| {
        if *at != now {
            *at = now;
            colors.clear();
        }
        colors.get(text).cloned()
    });
    if known.is_some() {
        return known;
    }
    let color = if name == "font" {
        font()?
    } else {
        paint(name, alpha.strip_prefix('/').and_then(|a| a.parse().ok()))?
    };
    CACHE.with_borrow_mut(|(_, colors)| colors.insert(text.to_owned(), color.clone()));
    Some(color)
}

fn font() -> Option<String> {
    let window = web_sys::window()?;
    let body = window.document()?.body()?;
    window.get_computed_style(&body).ok()??.get_property_value("font-family").ok()
}

/// The computed colour of `--name`, as the canvas stores it.
fn paint(name: &str, alpha: Option<f64>) -> Option<String> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let probe: HtmlElement = document.create_element("span").ok()?.dyn_into().ok()?;
    js::call(
        &js::get(&probe, "style").ok()?,
        "setProperty",
        &["color".into(), format!("var(--{name})").into()],
    )
    .ok()?;
    document.body()?.append_child(&probe).ok()?;
    let color = window
        .get_computed_style(&probe)
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value("color").ok());
    probe.remove();
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(1);
    canvas.set_height(1);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    js::set(&context, "fillStyle", &JsValue::from_str(&color?));
    context.fill_rect(0.0, 0.0, 1.0, 1.0);
    let pixel = context.get_image_data(0.0, 0.0, 1.0, 1.0).ok()?.data();
    let [r, g, b, a] = <[u8; 4]>::try_from(pixel.0.as_slice()).ok()?;
    let opacity = f64::from(a) / 255.0 * alpha.unwrap_or(1.0);
    Some(if opacity >= 1.0 {
        format!("rgb({r}, {g}, {b})")
    } else {
        format!("rgba({r}, {g}, {b}, {opacity:.3})")
    })
}
