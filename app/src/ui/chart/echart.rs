//! The one component that draws with ECharts: anything that is an option goes in.

use std::rc::Rc;

use leptos::{html::Div, prelude::*};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;

use super::{js, loader, text::tx, theme};

/// Makes the HTML of a tooltip from the parameters ECharts gives; texts must be escaped.
pub type Tooltip = Rc<dyn Fn(&JsValue) -> String>;

/// What lives as long as the chart: the chart itself, who watches its size, and the tooltip's function.
#[derive(Default)]
struct Drawn {
    chart: Option<JsValue>,
    observer: Option<web_sys::ResizeObserver>,
    _resized: Option<Closure<dyn FnMut()>>,
    tooltip: Option<Closure<dyn Fn(JsValue) -> JsValue>>,
}

impl Drop for Drawn {
    fn drop(&mut self) {
        if let Some(observer) = self.observer.take() {
            observer.disconnect();
        }
        if let Some(chart) = self.chart.take() {
            _ = js::call(&chart, "dispose", &[]);
        }
    }
}

/// A chart. Charts of the same `group` share their crosshair.
#[component]
pub fn EChart(
    /// The option, as ECharts documents it; colours may be `var(--token)`.
    #[prop(into)]
    option: Signal<Value>,
    /// What the chart says, for who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// Height in pixels.
    #[prop(into)]
    height: Signal<u32>,
    /// Charts that share a crosshair.
    #[prop(optional, into)]
    group: String,
    /// Makes the tooltip; that of ECharts when absent.
    #[prop(optional)]
    tooltip: Option<Tooltip>,
) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let drawn = StoredValue::new_local(Drawn::default());
    let tooltip = StoredValue::new_local(tooltip);
    let library = RwSignal::new_local(loader::loaded());
    let failed = RwSignal::new(false);
    let version = theme::version();

    if library.with_untracked(Option::is_none) {
        spawn_local(async move {
            let loaded = loader::echarts().await;
            if failed.try_set(loaded.is_none()).is_none() {
                library.try_set(loaded);
            }
        });
    }
    Effect::new(move |_| {
        version.track();
        let (Some(element), Some(library)) = (host.get(), library.get()) else { return };
        let mut value = option.get();
        theme::resolve(&mut value);
        let Ok(parsed) = js_sys::JSON::parse(&value.to_string()) else { return };
        drawn.update_value(|drawn| {
            if drawn.chart.is_none() {
                *drawn = start(&element, &library, &group, tooltip.get_value());
            }
            if let Some(function) = &drawn.tooltip
                && let Ok(target) = js::get(&parsed, "tooltip")
                && target.is_object()
            {
                js::set(&target, "formatter", function.as_ref());
            }
            if let Some(chart) = &drawn.chart {
                _ = js::call(chart, "setOption", &[parsed, JsValue::TRUE]);
            }
        });
    });
    on_cleanup(move || {
        // Dropping disposes the chart.
        drawn.try_update_value(std::mem::take);
    });
    view! {
        <div
            node_ref=host
            role="img"
            aria-label=move || label.get()
            class="echart"
            style=move || format!("height:{}px;width:100%", height.get())
        ></div>
        <Show when=move || failed.get()>
            <p class="small faint" role="status">{tx().not_loaded()}</p>
        </Show>
    }
}

/// The first chart below an element as a PNG, twice its size, as the address of its data.
pub fn picture(below: &web_sys::Element) -> Option<String> {
    let element = below.query_selector(".echart").ok()??;
    let chart = js::call(&loader::loaded()?, "getInstanceByDom", &[element.into()]).ok()?;
    let how = js_sys::Object::new();
    js::set(&how, "type", &"png".into());
    js::set(&how, "pixelRatio", &2.into());
    js::set(&how, "backgroundColor", &theme::color("surface").into());
    js::call(&chart, "getDataURL", &[how.into()]).ok()?.as_string()
}

/// Makes the chart in `element` and keeps its size that of the element.
fn start(
    element: &web_sys::HtmlDivElement,
    library: &JsValue,
    group: &str,
    tooltip: Option<Tooltip>,
) -> Drawn {
    let Ok(chart) = js::call(library, "init", &[element.into(), JsValue::NULL]) else {
        return Drawn::default();
    };
    if !group.is_empty() {
        js::set(&chart, "group", &group.into());
        _ = js::call(library, "connect", &[group.into()]);
    }
    let target = chart.clone();
    let resized = Closure::<dyn FnMut()>::new(move || _ = js::call(&target, "resize", &[]));
    let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        observer.observe(element);
    }
    let tooltip = tooltip.map(|make| {
        Closure::<dyn Fn(JsValue) -> JsValue>::new(move |params: JsValue| JsValue::from_str(&make(&params)))
    });
    Drawn { chart: Some(chart), observer, _resized: Some(resized), tooltip }
}
