//! The states every view has beside its data: empty, no match, loading, error, forbidden.

use leptos::prelude::*;
use model::{ApiError, ErrorCode};

use super::{Button, Icon, Kind, ic, ic::Glyph};
use crate::i18n::{l, sentence, t};

/// Nothing there yet: what this is for, one action, one example.
#[component]
pub fn Empty(
    /// What is missing.
    #[prop(into)]
    title: Signal<String>,
    /// What this is for.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// A picture for it.
    #[prop(default = ic::BOX)]
    glyph: Glyph,
    /// The action: buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <h2>{move || title.get()}</h2>
            {move || text.get().map(|text| view! { <p class="small">{text}</p> })}
            {children.map(|children| view! { <div class="row wrap-row">{children()}</div> })}
        </div>
    }
}

/// Filters are on and nothing is left.
#[component]
pub fn NoMatch(
    /// Takes the filters away.
    #[prop(optional, into)]
    on_clear: Option<Callback<()>>,
) -> impl IntoView {
    let text = t().common;
    view! {
        <div class="empty" role="status">
            <Icon glyph=ic::SEARCH />
            <h2>{text.no_match()}</h2>
            <p class="small">{text.no_match_hint()}</p>
            {on_clear
                .map(|clear| view! { <Button on_click=move |_| clear.run(())>{text.clear_filters()}</Button> })}
        </div>
    }
}

/// The shape of rows that are still on their way. It appears 150 ms after it is mounted, so quick answers do not flicker.
#[component]
pub fn Skeleton(
    /// Rows.
    #[prop(default = 5)]
    rows: usize,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    set_timeout(move || _ = shown.try_set(true), std::time::Duration::from_millis(150));
    view! {
        <div class="skeleton-rows" role="status" aria-busy="true">
            <span class="sr">{t().common.loading()}</span>
            <Show when=move || shown.get()>
                {(0..rows)
                    .map(|n| {
                        view! {
                            <div class=format!("skeleton-row s{}", n % 4) aria-hidden="true">
                                <i class="skeleton"></i>
                                <i class="skeleton"></i>
                                <i class="skeleton"></i>
                            </div>
                        }
                    })
                    .collect_view()}
            </Show>
        </div>
    }
}

/// A failure: what happened, why, what to do, and the trace to hand to who can help.
#[component]
pub fn ErrorState(
    /// What happened.
    #[prop(into)]
    error: Signal<ApiError>,
    /// Tries again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    let text = t().common;
    move || {
        let error = error.get();
        if error.kind == ErrorCode::Forbidden {
            return view! { <Forbidden error=error /> }.into_any();
        }
        let hint = error.hint.as_ref().map(sentence);
        let fields = error.fields.clone();
        view! {
            <div class="empty" role="alert">
                <Icon glyph=if error.kind == ErrorCode::Unavailable { ic::UNPLUG } else { ic::TRIANGLE_ALERT } />
                <h2>{sentence(&error.message)}</h2>
                {hint.map(|hint| view! { <p class="small">{hint}</p> })}
                {(!fields.is_empty())
                    .then(|| {
                        view! {
                            <ul class="small">
                                {fields
                                    .into_iter()
                                    .map(|field| view! { <li><code>{field.path}</code>" "{l(&field.reason)}</li> })
                                    .collect_view()}
                            </ul>
                        }
                    })}
                <div class="row wrap-row">
                    {on_retry.map(|retry| view! { <Button icon=ic::ROTATE_CW on_click=move |_| retry.run(())>{text.retry()}</Button> })}
                    {error.trace_id.map(|id| view! { <TraceId id=id /> })}
                </div>
            </div>
        }
            .into_any()
    }
}

/// The right is missing. Says who can give it, never whether there is anything to see.
#[component]
pub fn Forbidden(
    /// What the server said.
    #[prop(optional, into)]
    error: Option<ApiError>,
) -> impl IntoView {
    let text = t().common;
    let (title, hint, trace) = match error {
        Some(error) => (sentence(&error.message), error.hint.as_ref().map(sentence), error.trace_id),
        None => (text.forbidden_title().to_owned(), None, None),
    };
    view! {
        <div class="empty" role="alert">
            <Icon glyph=ic::LOCK />
            <h2>{title}</h2>
            <p class="small">{hint.unwrap_or_else(|| text.forbidden_hint().to_owned())}</p>
            {trace.map(|id| view! { <TraceId id=id /> })}
        </div>
    }
}

/// A trace id that can be copied.
#[component]
pub fn TraceId(
    /// It.
    id: String,
) -> impl IntoView {
    let short = if id.len() > 11 && id.is_ascii() {
        format!("{}…{}", &id[..4], &id[id.len() - 3..])
    } else {
        id.clone()
    };
    let whole = id.clone();
    view! {
        <span title=id>
            <Button kind=Kind::Ghost icon=ic::COPY on_click=move |_| copy(whole.clone())>
                {t().common.trace()}
                " "
                <code>{short}</code>
            </Button>
        </span>
    }
}

/// Copies a text and says so.
pub fn copy(text: String) {
    leptos::task::spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        if wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await.is_ok() {
            super::toast(t().common.copied());
        }
    });
}
