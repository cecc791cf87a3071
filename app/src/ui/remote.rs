//! Data from the server, and the one way a view shows that it is loading, failed, empty or there.

use std::future::Future;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::ApiError;

use super::{ErrorState, Icon, Skeleton, ic, net};
use crate::i18n::{format::now, t, time_ms};

/// A value that lives on the server. While it is fetched again, the last good value stays.
pub struct Remote<T: Send + Sync + 'static> {
    /// The last good value.
    pub value: RwSignal<Option<T>>,
    /// What went wrong at the last try.
    pub error: RwSignal<Option<ApiError>>,
    /// A request is on its way.
    pub loading: RwSignal<bool>,
    /// When the value came.
    pub at: RwSignal<Option<DateTime<Utc>>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Send + Sync + 'static> Remote<T> {
    /// Fetches it again.
    pub fn reload(&self) {
        self.again.update(|n| *n += 1);
    }
}

/// Fetches a value now and whenever a signal read inside of `fetch` changes. An answer that comes after a newer request
/// is dropped.
///
/// ```ignore
/// let page = remote(move || { let query = query.get(); call(move || api::cmdb::list_cis(query.clone())) });
/// ```
pub fn remote<T, F, Fut>(fetch: F) -> Remote<T>
where
    T: Send + Sync + 'static,
    F: Fn() -> Fut + 'static,
    Fut: Future<Output = Result<T, ApiError>> + 'static,
{
    let remote = Remote {
        value: RwSignal::new(None),
        error: RwSignal::new(None),
        loading: RwSignal::new(true),
        at: RwSignal::new(None),
        again: RwSignal::new(0),
    };
    let generation = StoredValue::new(0u64);
    let reconnected = net::use_reconnected();
    Effect::new(move || {
        remote.again.track();
        reconnected.track();
        let mine = generation.with_value(|n| n + 1);
        generation.set_value(mine);
        remote.loading.set(true);
        let answer = fetch();
        leptos::task::spawn_local(async move {
            let answer = answer.await;
            if generation.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(value) => {
                    remote.value.try_set(Some(value));
                    remote.error.try_set(None);
                    remote.at.try_set(Some(now()));
                }
                Err(error) => {
                    remote.error.try_set(Some(error));
                }
            }
            remote.loading.try_set(false);
        });
    });
    remote
}

/// Shows a [`Remote`]: skeleton, failure, emptiness or the value. `children` gets the value and is called again for each
/// new one; a view that wants to keep its place (a table) reads `remote.value` itself instead.
#[component]
pub fn Loaded<T, V>(
    /// The value.
    remote: Remote<T>,
    /// Whether a value is empty.
    #[prop(optional, into)]
    is_empty: Option<Callback<T, bool>>,
    /// What stands there when it is.
    #[prop(optional, into)]
    empty: ViewFn,
    /// What stands there until the first value; rows when absent.
    #[prop(optional, into)]
    skeleton: Option<ViewFn>,
    /// The view of a value.
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let retry = Callback::new(move |()| remote.reload());
    move || match (remote.value.get(), remote.error.get()) {
        (None, Some(error)) => view! { <ErrorState error=error on_retry=retry /> }.into_any(),
        (None, None) => match &skeleton {
            Some(skeleton) => skeleton.run().into_any(),
            None => view! { <Skeleton /> }.into_any(),
        },
        (Some(value), error) => {
            let body = if is_empty.is_some_and(|check| check.run(value.clone())) {
                empty.run().into_any()
            } else {
                children(value).into_any()
            };
            match error {
                Some(error) => view! {
                    <StaleNote error=error at=remote.at.get_untracked() retry=retry />
                    {body}
                }
                .into_any(),
                None => body,
            }
        }
    }
}

/// The last good value stays; this says that it is not the newest.
#[component]
pub fn StaleNote(
    /// Why.
    error: ApiError,
    /// From when the value is.
    at: Option<DateTime<Utc>>,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let text = t().common;
    let reach = net::use_reach();
    // A server that cannot be reached is said once, over the page.
    let away = net::is_away(&error);
    let message = crate::i18n::sentence(&error.message);
    move || {
        (!(away && reach.read().lost)).then(|| {
            view! {
                <div class="callout warn stale" role="status">
                    <Icon glyph=ic::CLOCK_ALERT />
                    <span class="grow">
                        {message.clone()} ". " {at.map(|at| text.stale(&time_ms(at)))}
                    </span>
                    <button type="button" class="btn ghost sm" on:click=move |_| retry.run(())>
                        {text.retry()}
                    </button>
                </div>
            }
        })
    }
}
