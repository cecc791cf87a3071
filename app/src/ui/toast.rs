//! Short messages at the edge: done (with undo), failed (stays until it is read).

use std::sync::{
    LazyLock,
    atomic::{AtomicU32, Ordering},
};

use leptos::prelude::*;
use model::ApiError;

use super::{Button, Icon, IconButton, Kind, Size, ic, states::TraceId};
use crate::i18n::{sentence, t};

#[derive(Clone)]
struct Item {
    id: u32,
    text: String,
    hint: Option<String>,
    trace: Option<String>,
    failed: bool,
    undo: Option<Callback<()>>,
}

/// Takes it away when its time is over. Time stands still while it is looked at: pointer over it or focus in it.
fn expire(id: u32, held: RwSignal<bool>) -> RwSignal<u64> {
    let left = RwSignal::new(STAY_S);
    let tick = set_interval_with_handle(
        move || {
            if held.try_get_untracked() != Some(false) {
                return;
            }
            let now = left.try_update(|left| {
                *left = left.saturating_sub(1);
                *left
            });
            if now == Some(0) {
                close(id);
            }
        },
        std::time::Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(tick) = tick {
            tick.clear();
        }
    });
    left
}

static ITEMS: LazyLock<ArcRwSignal<Vec<Item>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static NEXT: AtomicU32 = AtomicU32::new(1);
/// Seconds a message stays, and seconds one can be undone.
const STAY_S: u64 = 5;

/// Says that something is done.
pub fn toast(text: impl Into<String>) {
    push(Item { id: 0, text: text.into(), hint: None, trace: None, failed: false, undo: None });
}

/// Says that something is done and offers to undo it for five seconds.
pub fn toast_undo(text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
    let undo = Callback::new(move |()| undo());
    push(Item { id: 0, text: text.into(), hint: None, trace: None, failed: false, undo: Some(undo) });
}

/// Says that something failed. It stays until it is closed.
pub fn toast_error(error: &ApiError) {
    push(Item {
        id: 0,
        text: sentence(&error.message),
        hint: error.hint.as_ref().map(sentence),
        trace: error.trace_id.clone(),
        failed: true,
        undo: None,
    });
}

fn push(mut item: Item) {
    item.id = NEXT.fetch_add(1, Ordering::Relaxed);
    ITEMS.update(|items| {
        items.push(item);
        let extra = items.len().saturating_sub(4);
        items.drain(..extra);
    });
}

fn close(id: u32) {
    ITEMS.update(|items| items.retain(|item| item.id != id));
}

/// Where the messages appear; once in the program.
#[component]
pub fn ToastHost() -> impl IntoView {
    let items: RwSignal<Vec<Item>> = ITEMS.clone().into();
    view! {
        <div class="toasts" role="region" aria-live="polite" aria-label=move || t().common.notices()>
            <For each=move || items.get() key=|item| item.id let:item>
                <Message item/>
            </For>
        </div>
    }
}

#[component]
fn Message(item: Item) -> impl IntoView {
    let id = item.id;
    let held = RwSignal::new(false);
    let left = (!item.failed).then(|| expire(id, held));
    view! {
        <div
            class="toast"
            role=item.failed.then_some("alert")
            on:pointerenter=move |_| held.set(true)
            on:pointerleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            {if item.failed {
                view! { <Icon glyph=ic::CIRCLE_X class="ic-bad" /> }
            } else {
                view! { <Icon glyph=ic::CIRCLE_CHECK class="ic-ok" /> }
            }}
            <span class="grow">
                {item.text} {item.hint.map(|hint| view! { <span class="toast-hint">{hint}</span> })}
            </span>
            {item.trace.map(|id| view! { <TraceId id=id /> })}
            {item
                .undo
                .map(|undo| {
                    view! {
                        <Button
                            kind=Kind::Ghost
                            size=Size::Small
                            on_click=move |_| {
                                close(id);
                                undo.run(());
                            }
                        >
                            {t().common.undo()}
                            <span aria-hidden="true">{move || left.map(|left| left.get())}</span>
                        </Button>
                    }
                })}
            <IconButton glyph=ic::X size=Size::Small label=t().common.close() on_click=move |_| close(id) />
        </div>
    }
}
