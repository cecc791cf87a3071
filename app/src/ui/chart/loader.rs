//! Loads ECharts when the first chart is shown, once.

use std::cell::RefCell;

use futures::channel::oneshot;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::js;

/// Where the library is served.
const SOURCE: &str = "/echarts.min.js";

#[derive(Default)]
struct State {
    loading: bool,
    waiting: Vec<oneshot::Sender<bool>>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// The library, where it is there already.
pub fn loaded() -> Option<JsValue> {
    let window = web_sys::window()?;
    js::get(&window, "echarts").ok().filter(JsValue::is_object)
}

/// The library; `None` when it could not be loaded. A later call tries again.
pub async fn echarts() -> Option<JsValue> {
    if let Some(library) = loaded() {
        return Some(library);
    }
    let (sender, receiver) = oneshot::channel();
    let begin = STATE.with_borrow_mut(|state| {
        state.waiting.push(sender);
        !std::mem::replace(&mut state.loading, true)
    });
    if begin && append_script().is_none() {
        finish(false);
    }
    match receiver.await {
        Ok(true) => loaded(),
        _ => None,
    }
}

fn append_script() -> Option<()> {
    let document = web_sys::window()?.document()?;
    let script: web_sys::HtmlScriptElement = document.create_element("script").ok()?.dyn_into().ok()?;
    script.set_src(SOURCE);
    let done = Closure::once_into_js(|| finish(true));
    script.set_onload(Some(done.unchecked_ref()));
    let element = script.clone();
    let failed = Closure::once_into_js(move || {
        element.remove();
        finish(false);
    });
    script.set_onerror(Some(failed.unchecked_ref()));
    document.head()?.append_child(&script).ok()?;
    Some(())
}

fn finish(success: bool) {
    let waiting = STATE.with_borrow_mut(|state| {
        state.loading = false;
        std::mem::take(&mut state.waiting)
    });
    for sender in waiting {
        // A chart that went away meanwhile no longer listens.
        _ = sender.send(success);
    }
}
