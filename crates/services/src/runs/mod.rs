//! Runs: whatever executes leaves one, with its steps. Here they are kept and read; `ops` makes those of questions.

pub(crate) mod store;

use model::{RunId, answer::AskResponse, perm};

use crate::{access::Caller, app::App, chat, db::SystemReason, error::Result};

/// The answer of a run of the caller that has ended.
pub async fn answer(app: &App, caller: &Caller, id: RunId) -> Result<AskResponse> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    store::response(&mut tx, may, caller.user, id).await?.ok_or_else(|| chat::missing_run(id))
}

/// Marks runs whose server died over them as failed; called at start and from time to time.
pub async fn recover(app: &App) -> Result<u64> {
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let ended = store::end_abandoned(&mut tx).await?;
    tx.commit().await?;
    Ok(ended)
}
