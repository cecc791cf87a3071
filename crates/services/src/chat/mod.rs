//! Conversations: threads of a person, their titles, what was asked and answered in them.
//!
//! Invariant: a thread belongs to one person; another person of the same tenant does not find it.

mod store;

use model::{
    RunId, ThreadId,
    chat::{Thread, ThreadSummary, Turn},
    perm,
};

use crate::{
    access::Caller,
    app::App,
    db::TenantTx,
    error::{Error, Result},
};

/// Longest title kept, in characters.
const TITLE_MAX: usize = 120;

/// Conversations of the caller, newest first, at most 200. `search` looks into titles, questions and answers.
pub async fn threads(app: &App, caller: &Caller, search: &str) -> Result<Vec<ThreadSummary>> {
    let may = caller.grant::<perm::ChatUse>()?;
    let mut tx = app.db.tenant(caller).await?;
    store::threads(&mut tx, may, caller.user, search.trim()).await
}

/// A conversation with its answers.
pub async fn thread(app: &App, caller: &Caller, id: ThreadId) -> Result<Thread> {
    let may = caller.grant::<perm::ChatUse>()?;
    let mut tx = app.db.tenant(caller).await?;
    let title = store::title(&mut tx, may, caller.user, id).await?.ok_or_else(|| missing(id))?;
    let turns = store::turns(&mut tx, id).await?;
    Ok(Thread { id, title, turns })
}

/// Gives a conversation another title, which is kept from then on.
pub async fn rename(app: &App, caller: &Caller, id: ThreadId, title: &str) -> Result<()> {
    let may = caller.grant::<perm::ChatUse>()?;
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE_MAX {
        return Err(Error::invalid(
            "title",
            format!("제목은 1자 이상 {TITLE_MAX}자 이하여야 합니다"),
            format!("a title has 1 to {TITLE_MAX} characters"),
        ));
    }
    let mut tx = app.db.tenant(caller).await?;
    if !store::rename(&mut tx, may, caller.user, id, title, true).await? {
        return Err(missing(id));
    }
    tx.commit().await
}

/// Removes a conversation; [`restore`] brings it back.
pub async fn remove(app: &App, caller: &Caller, id: ThreadId) -> Result<()> {
    set_deleted(app, caller, id, true).await
}

/// Brings a removed conversation back.
pub async fn restore(app: &App, caller: &Caller, id: ThreadId) -> Result<()> {
    set_deleted(app, caller, id, false).await
}

async fn set_deleted(app: &App, caller: &Caller, id: ThreadId, deleted: bool) -> Result<()> {
    let may = caller.grant::<perm::ChatUse>()?;
    let mut tx = app.db.tenant(caller).await?;
    if !store::set_deleted(&mut tx, may, caller.user, id, deleted).await? {
        return Err(missing(id));
    }
    tx.commit().await
}

/// The thread a question goes to: the one named, if it is the caller's, or a new one titled `title`.
pub(crate) async fn open(
    tx: &mut TenantTx<'_>,
    caller: &Caller,
    id: Option<ThreadId>,
    title: &str,
) -> Result<ThreadId> {
    let may = caller.grant::<perm::ChatUse>()?;
    if let Some(id) = id {
        return if store::touch(tx, may, caller.user, id).await? { Ok(id) } else { Err(missing(id)) };
    }
    let id = ThreadId(uuid::Uuid::now_v7());
    let title: String = title.chars().take(TITLE_MAX).collect();
    store::create(tx, may, caller.user, id, &title).await?;
    Ok(id)
}

/// Questions and answers of a thread so far, oldest first.
pub(crate) async fn turns(tx: &mut TenantTx<'_>, id: ThreadId) -> Result<Vec<Turn>> {
    store::turns(tx, id).await
}

/// What the last answers of a thread held is derived from the run; nothing else is stored for it.
pub(crate) fn missing(id: ThreadId) -> Error {
    Error::not_found(format!("대화 {id}을(를) 찾을 수 없습니다"), format!("conversation {id} not found"))
}

/// A run that is not there, or not the caller's.
pub(crate) fn missing_run(id: RunId) -> Error {
    Error::not_found(format!("실행 {id}을(를) 찾을 수 없습니다"), format!("run {id} not found"))
}
