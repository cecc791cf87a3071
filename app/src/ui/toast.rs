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

static ITEMS: LazyLock<ArcRwSignal<Vec<Item>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static NEXT: AtomicU32 = AtomicU32::new(1);
/// Seconds a message stays, and seconds one can be undone.
const STAY_S: u64 = 5;

/// Says that something is done.
pub fn toast(text: impl Into<String>) {
    push(Item { id: 0, text: text.into(), hint: None, trace: None, failed: false, undo: None }, Some(STAY_S));
}

/// Says that something is done and offers to undo it for five seconds.
pub fn toast_undo(text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
    let undo = Callback::new(move |()| undo());
    push(
        Item { id: 0, text: text.into(), hint: None, trace: None, failed: false, undo: Some(undo) },
        Some(STAY_S),
    );
}

/// Says that something failed. It stays until it is closed.
pub fn toast_error(error: &ApiError) {
    push(
        Item {
            id: 0,
            text: sentence(&error.message),
            hint: error.hint.as_ref().map(sentence),
            trace: error.trace_id.clone(),
            failed: true,
            undo: None,
        },
        None,
    );
}

fn push(mut item: Item, seconds: Option<u64>) {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    item.id = id;
    ITEMS.update(|items| {
        items.push(item);
        let extra = items.len().saturating_sub(4);
        items.drain(..extra);
    });
    if let Some(seconds) = seconds {
        set_timeout(move || close(id), std::time::Duration::from_secs(seconds));
    }
}

fn close(id: u32) {
    ITEMS.update(|items| items.retain(|item| item.id != id));
}

/// Where the messages appear; once in the program.
#[component]
pub fn ToastHost() -> impl IntoView {
    let items: RwSignal<Vec<Item>> = ITEMS.clone().into();
    view! {
        <div class="toasts" role="region" aria-live="polite" aria-label=move || t().common.actions()>
            <For each=move || items.get() key=|item| item.id let:item>
                <div class="toast" role=if item.failed { "alert" } else { "status" }>
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
                            let id = item.id;
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
                                </Button>
                            }
                        })}
                    <IconButton
                        glyph=ic::X
                        size=Size::Small
                        label=t().common.close()
                        on_click={
                            let id = item.id;
                            move |_| close(id)
                        }
                    />
                </div>
            </For>
        </div>
    }
}
