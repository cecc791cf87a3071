//! Who is signed in, and what happens when a session runs out: it is renewed once for everybody who waits; when that
//! fails, a dialog asks for the password over the page as it stands, and the calls that waited go on afterwards.

use std::{cell::RefCell, sync::LazyLock};

use futures::{
    FutureExt,
    channel::oneshot,
    future::{LocalBoxFuture, Shared},
};
use leptos::prelude::*;
use model::{ApiError, ErrorCode, auth::Me, perm::Role};

use crate::api;

/// Whether somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Session {
    /// Not known yet.
    #[default]
    Unknown,
    /// The server could not be asked.
    Unreachable(Box<ApiError>),
    /// The installation has no administrator yet.
    NeedsAdmin,
    /// Nobody.
    Out,
    /// Somebody.
    In(Me),
}

static SESSION: LazyLock<ArcRwSignal<Session>> = LazyLock::new(|| ArcRwSignal::new(Session::Unknown));
static EXPIRED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

/// The session as a signal.
pub fn use_session() -> RwSignal<Session> {
    SESSION.clone().into()
}

/// Whether the session has run out under an open page.
pub fn use_expired() -> RwSignal<bool> {
    EXPIRED.clone().into()
}

/// Who is signed in.
pub fn me() -> Option<Me> {
    match SESSION.get_untracked() {
        Session::In(me) => Some(me),
        _ => None,
    }
}

/// Whether who is signed in has at least this role. For hiding; the server decides.
pub fn may(least: Role) -> bool {
    me().is_some_and(|me| me.role >= least)
}

type Flight<T> = Shared<LocalBoxFuture<'static, T>>;

#[derive(Clone)]
enum Renewal {
    Renewed(Me),
    Ended,
    Failed(Box<ApiError>),
}

thread_local! {
    static FLIGHT: RefCell<Option<Flight<Renewal>>> = const { RefCell::new(None) };
    static WAITING: RefCell<Vec<oneshot::Sender<bool>>> = const { RefCell::new(Vec::new()) };
}

async fn renew_once() -> Renewal {
    let flight = FLIGHT.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| {
            async {
                let outcome = match api::auth::refresh().await {
                    Ok(me) => Renewal::Renewed(me),
                    Err(api::ServerError(error)) => match error.kind {
                        ErrorCode::SignedOut
                        | ErrorCode::BadCredentials
                        | ErrorCode::Forbidden
                        | ErrorCode::Invalid => Renewal::Ended,
                        _ => Renewal::Failed(Box::new(error)),
                    },
                };
                FLIGHT.with_borrow_mut(|slot| *slot = None);
                outcome
            }
            .boxed_local()
            .shared()
        })
        .clone()
    });
    flight.await
}

/// Asks the server who this is; called once when the program starts and again by the retry of its error page.
pub async fn start() {
    let session = match api::auth::session().await {
        Ok(Some(me)) => Session::In(me),
        Ok(None) => match api::auth::setup_state().await {
            Ok(state) if state.needs_admin => Session::NeedsAdmin,
            Ok(_) => Session::Out,
            Err(api::ServerError(error)) => Session::Unreachable(Box::new(error)),
        },
        Err(api::ServerError(error)) => Session::Unreachable(Box::new(error)),
    };
    SESSION.set(session);
}

/// Tries to make a signed-out call possible again: true when it may be repeated.
pub(super) async fn recover() -> Result<bool, ApiError> {
    match renew_once().await {
        Renewal::Renewed(me) => {
            note(me);
            Ok(true)
        }
        Renewal::Failed(error) => Err(*error),
        Renewal::Ended if me().is_none() => {
            SESSION.set(Session::Out);
            Ok(false)
        }
        Renewal::Ended => {
            let (sender, receiver) = oneshot::channel();
            WAITING.with_borrow_mut(|waiting| waiting.push(sender));
            EXPIRED.set(true);
            Ok(receiver.await.unwrap_or(false))
        }
    }
}

/// Notes who signed in, from whichever way.
pub fn signed_in(me: Me) {
    note(me);
    EXPIRED.set(false);
    answer(true);
}

/// Notes that nobody is signed in any more; pages go to the sign-in page and keep their address.
pub fn signed_out() {
    SESSION.set(Session::Out);
    EXPIRED.set(false);
    answer(false);
}

fn note(me: Me) {
    if SESSION.get_untracked() != Session::In(me.clone()) {
        SESSION.set(Session::In(me));
    }
}

fn answer(go_on: bool) {
    let waiting = WAITING.with_borrow_mut(std::mem::take);
    for sender in waiting {
        _ = sender.send(go_on);
    }
}
