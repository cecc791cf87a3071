//! Sessions behind open streams: one look of the server for all of them, so that thousands of streams cost one statement.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use model::{SessionId, TenantId, UserId};
use tokio_util::sync::CancellationToken;

use super::store;
use crate::{
    access::Caller,
    app::{App, Shared},
    db::SystemReason,
    error::Result,
};

/// How often the sessions are looked at: what ends one ends its streams within a second.
const LOOK: Duration = Duration::from_millis(500);

/// The sessions behind the open streams of this server.
#[derive(Default)]
pub(super) struct Watched {
    open: Mutex<HashMap<SessionId, Entry>>,
    begun: OnceLock<()>,
}

struct Entry {
    tenant: TenantId,
    user: UserId,
    streams: usize,
    ended: CancellationToken,
}

/// The session of an open stream; dropped with it.
pub struct OpenStream {
    app: Shared,
    session: Option<SessionId>,
    ended: CancellationToken,
}

impl OpenStream {
    /// Waits until the session has ended; for ever where there is none.
    pub async fn signed_out(&self) {
        self.ended.cancelled().await;
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let Some(session) = self.session else { return };
        let mut open = self.app.auth.streams.lock();
        if let Some(entry) = open.get_mut(&session) {
            entry.streams = entry.streams.saturating_sub(1);
            if entry.streams == 0 {
                open.remove(&session);
            }
        }
    }
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Entry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes that a stream is open for a caller, from now on until what is given is dropped.
pub fn open_stream(app: &Shared, caller: &Caller) -> OpenStream {
    let Some(session) = caller.session else {
        return OpenStream { app: Arc::clone(app), session: None, ended: CancellationToken::new() };
    };
    let ended = {
        let mut open = app.auth.streams.lock();
        let entry = open.entry(session).or_insert_with(|| Entry {
            tenant: caller.tenant,
            user: caller.user,
            streams: 0,
            ended: CancellationToken::new(),
        });
        entry.streams += 1;
        entry.ended.clone()
    };
    app.auth.streams.begun.get_or_init(|| {
        let app = Arc::downgrade(app);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let Some(app) = app.upgrade() else { return };
                if let Err(error) = look(&app).await {
                    // While the database is away nobody can sign out either.
                    tracing::debug!(cause = %error, "sessions of streams could not be looked at");
                }
            }
        });
    });
    OpenStream { app: Arc::clone(app), session: Some(session), ended }
}

/// Ends the streams of sessions that have ended, and of people who may not any more.
async fn look(app: &App) -> Result<()> {
    let mut keys = (Vec::new(), Vec::new(), Vec::new());
    for (session, entry) in app.auth.streams.lock().iter() {
        keys.0.push(entry.tenant.0);
        keys.1.push(session.0);
        keys.2.push(entry.user.0);
    }
    if keys.0.is_empty() {
        return Ok(());
    }
    let asked = keys.1.clone();
    let mut tx = app.db.system(SystemReason::Authenticate).await?;
    let standing = store::still_standing(&mut tx, keys, chrono::Utc::now()).await?;
    let open = app.auth.streams.lock();
    for session in asked.iter().filter(|session| !standing.contains(session)) {
        if let Some(entry) = open.get(&SessionId(*session)) {
            entry.ended.cancel();
        }
    }
    Ok(())
}
