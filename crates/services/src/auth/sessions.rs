//! Sessions: beginning, renewing, ending, and how each stands within the last second.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use model::{Lang, SessionId, TenantId, UserId, auth::Me, perm::Role};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Tokens, seconds, store, stored_lang, stored_role, throttle, token};
use crate::{
    access::Client,
    app::App,
    audit::{self, Entry},
    db::{SystemReason, SystemTx},
    error::Result,
};

/// How old an answer about a session may be.
const FRESH: Duration = Duration::from_secs(1);
/// Sessions looked at in the database at the same time. A crowd at the door waits here, for as long as it takes, and leaves
/// connections to others; whoever asks for a session somebody has just looked at needs no look of their own.
const LOOKS: usize = 2;
/// Longer than any access token lives (see the limits of `session.access_minutes`).
const REMEMBER_ENDED: Duration = Duration::from_secs(2 * 3600);
const MAX_USER_AGENT: usize = 300;

/// What a session gives its holder.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub login: String,
    pub role: Role,
    pub lang: Lang,
}

/// Sessions seen within the last second, and those ended here.
pub(super) struct Seen {
    inner: Mutex<Inner>,
    looks: Semaphore,
}

impl Default for Seen {
    fn default() -> Self {
        Self { inner: Mutex::default(), looks: Semaphore::new(LOOKS) }
    }
}

#[derive(Default)]
struct Inner {
    live: HashMap<SessionId, (Instant, Standing)>,
    ended: HashMap<SessionId, Instant>,
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, id: SessionId) {
        let mut inner = self.lock();
        inner.live.remove(&id);
        inner.ended.insert(id, Instant::now());
    }

    fn is_ended(&self, id: SessionId) -> bool {
        self.lock().ended.contains_key(&id)
    }

    fn fresh(&self, id: SessionId) -> Option<Standing> {
        self.lock().live.get(&id).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, standing)| standing.clone())
    }

    /// What is known without asking: that it has ended, or how it stood within the last second.
    fn known(&self, id: SessionId) -> Option<Option<Standing>> {
        if self.is_ended(id) { Some(None) } else { self.fresh(id).map(Some) }
    }

    /// Keeps an answer that was asked for at `asked`: the second counts from the question.
    fn keep(&self, id: SessionId, asked: Instant, standing: &Standing) {
        let mut inner = self.lock();
        if inner.live.len() > 4_096 {
            inner.live.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        inner.live.insert(id, (asked, standing.clone()));
    }

    pub fn forget_old(&self) {
        let mut inner = self.lock();
        inner.live.retain(|_, (at, _)| at.elapsed() < FRESH);
        inner.ended.retain(|_, at| at.elapsed() < REMEMBER_ENDED);
    }
}

/// Begins a session with its first pair of tokens.
pub(super) async fn begin(app: &App, tx: &mut SystemTx<'_>, client: &Client, me: Me) -> Result<Tokens> {
    let now = Utc::now();
    let id = SessionId(Uuid::now_v7());
    let expires_at = now + app.auth.absolute_ttl;
    let user_agent: String =
        client.user_agent.chars().take(MAX_USER_AGENT).filter(|c| !c.is_control()).collect();
    let session = store::NewSession {
        id,
        tenant: me.tenant,
        user: me.user,
        address: &throttle::network(client.address),
        user_agent: &user_agent,
        now,
        expires_at,
    };
    store::add_session(tx, session).await?;
    let entry = Entry::of(me.tenant, Some(me.user), &me.login, "auth.sign_in", id.to_string(), &client.trace);
    audit::record(tx.conn(), entry).await?;
    issue(app, tx, id, 0, expires_at, me).await
}

/// A pair of tokens of a generation of a session.
pub(super) async fn issue(
    app: &App,
    tx: &mut SystemTx<'_>,
    id: SessionId,
    generation: i32,
    session_expires_at: DateTime<Utc>,
    me: Me,
) -> Result<Tokens> {
    let now = Utc::now();
    let expires_at = session_expires_at.min(now + app.auth.idle_ttl);
    let (refresh, hash) = token::refresh_token();
    store::add_refresh_token(tx, (me.tenant, id), generation, &hash, now, expires_at).await?;
    let refresh_ttl = (expires_at - now).to_std().unwrap_or_default();
    let access_ttl = app.auth.access_ttl.min((session_expires_at - now).to_std().unwrap_or_default());
    let access = app.auth.signer.sign(me.user, id, me.tenant, seconds(now), access_ttl)?;
    Ok(Tokens { access, access_ttl, refresh, refresh_ttl, me })
}

/// Ends a session: here at once, on every replica within a second. False where it had ended.
pub(super) async fn end(
    app: &App,
    tx: &mut SystemTx<'_>,
    session: (TenantId, SessionId),
    why: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let ended = store::revoke(tx, session, why, now).await?;
    app.auth.sessions.end(session.1);
    Ok(ended)
}

/// How a session stands, at most a second old.
pub(super) async fn standing(
    app: &App,
    session: (TenantId, SessionId),
    user: UserId,
) -> Result<Option<Standing>> {
    let (seen, id) = (&app.auth.sessions, session.1);
    if let Some(known) = seen.known(id) {
        return Ok(known);
    }
    let _turn = seen.looks.acquire().await.ok();
    if let Some(known) = seen.known(id) {
        return Ok(known);
    }
    let asked = Instant::now();
    let mut tx = app.db.system(SystemReason::Authenticate).await?;
    let row = store::standing(&mut tx, session, user, Utc::now()).await?;
    let Some(row) = row else { return Ok(None) };
    let standing = Standing { login: row.login, role: stored_role(&row.role)?, lang: stored_lang(&row.lang) };
    seen.keep(id, asked, &standing);
    Ok(Some(standing))
}
