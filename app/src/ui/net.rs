//! Calls to the server: renew a session that has run out, notice when the server cannot be reached.

use std::{future::Future, sync::LazyLock};

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::{ApiError, ErrorCode};

use super::session;
use crate::{api::ServerError, i18n::format::now};

/// Whether the server answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// It did not, at the last try.
    pub lost: bool,
    /// When it last answered.
    pub last: Option<DateTime<Utc>>,
    /// Tries in vain.
    pub tries: u32,
}

static REACH: LazyLock<ArcRwSignal<Reach>> = LazyLock::new(|| ArcRwSignal::new(Reach::default()));
static RECONNECTED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(|| ArcRwSignal::new(0));

/// Whether the server answers, as a signal.
pub fn use_reach() -> RwSignal<Reach> {
    REACH.clone().into()
}

/// Changes each time the server answers again after a time without; [`super::remote`] asks again then.
pub fn use_reconnected() -> RwSignal<u32> {
    RECONNECTED.clone().into()
}

/// Calls a server function. A session that has run out is renewed once and the call repeated; when it cannot be
/// renewed, the call waits for the person to sign in again.
///
/// ```ignore
/// let page = call(move || api::cmdb::list_cis(query.clone())).await?;
/// ```
pub async fn call<T, F, Fut>(ask: F) -> Result<T, ApiError>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, ServerError>>,
{
    match ask().await {
        Err(ServerError(error)) if error.kind == ErrorCode::SignedOut => match session::recover().await {
            Ok(true) => settle(ask().await),
            Ok(false) => Err(error),
            Err(error) => settle(Err(ServerError(error))),
        },
        outcome => settle(outcome),
    }
}

/// Makes sure that the session is fresh before a stream or an upload, which cannot repeat themselves.
pub async fn fresh_session() -> Result<(), ApiError> {
    call(crate::api::auth::me).await.map(|_| ())
}

fn settle<T>(outcome: Result<T, ServerError>) -> Result<T, ApiError> {
    match outcome {
        Ok(value) => {
            answered();
            Ok(value)
        }
        Err(ServerError(error)) => {
            if is_away(&error) {
                lost();
            } else {
                answered();
            }
            Err(error)
        }
    }
}

/// Whether nobody answered: an answer of the server itself has a trace.
pub fn is_away(error: &ApiError) -> bool {
    error.kind == ErrorCode::Unavailable && error.trace_id.is_none()
}

/// Notes that the server answered.
pub fn answered() {
    let was_lost = REACH.with_untracked(|reach| reach.lost);
    if was_lost {
        REACH.set(Reach { lost: false, last: Some(now()), tries: 0 });
        RECONNECTED.update(|n| *n += 1);
    } else {
        // no one needs to hear of each answer
        REACH.update_untracked(|reach| reach.last = Some(now()));
    }
}

/// Notes that the server did not answer.
pub fn lost() {
    REACH.update(|reach| {
        reach.lost = true;
        reach.tries += 1;
    });
}
