//! Leases: this server says that it still works on its runs, and takes up those whose server died or that were decided.

use std::{collections::HashMap, time::Duration};

use chrono::Utc;
use model::{RunId, TenantId, ThreadId, UserId, answer::AskStarted};
use tokio_util::sync::CancellationToken;

use super::answering::{Job, Work};
use crate::{
    access::Trace,
    app::Shared,
    auth,
    db::SystemReason,
    error::{Error, Result},
    runs::{self, store},
};

/// How often leases are renewed and runs looked for; a fifth of a lease.
const BEAT: Duration = Duration::from_secs(3);
/// Runs taken up at a time.
const MOST: i64 = 16;
/// A run that killed so many servers is not tried again.
const TRIES: i32 = 3;
/// How often what is old is swept away.
const SWEEP: Duration = Duration::from_secs(3_600);

/// Renews the leases of the runs of this server, as long as it has any. Begun with the first run.
pub fn keep_leases(app: &Shared) {
    app.runs.heart.get_or_init(|| {
        let app = std::sync::Arc::downgrade(app);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                let Some(app) = app.upgrade() else { return };
                if let Err(error) = beat(&app).await {
                    tracing::warn!(cause = %error, "leases of runs could not be renewed");
                }
            }
        });
    });
}

async fn beat(app: &Shared) -> Result<()> {
    let runs = app.runs.at_work();
    if runs.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = runs.iter().map(|(id, _)| id.0).collect();
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let held: HashMap<_, _> = store::renew(&mut tx, app.runs.server(), &ids).await?.into_iter().collect();
    tx.commit().await?;
    for (id, live) in runs {
        match held.get(&id.0) {
            Some(false) => {}
            Some(true) => live.cancel.cancel(),
            None => {
                // It has ended since, or another server has it: in both cases nothing is to be written any more.
                if app.runs.at_work().iter().any(|(other, _)| *other == id) {
                    if let Some(keeper) = live.keeper() {
                        keeper.close();
                    }
                    live.cancel.cancel();
                }
            }
        }
    }
    Ok(())
}

/// Takes up runs until the program ends.
pub async fn work(app: Shared, stop: CancellationToken) {
    let mut swept = tokio::time::Instant::now();
    loop {
        if let Err(error) = take_up(&app).await {
            tracing::warn!(cause = %error, "runs could not be taken up");
        }
        if swept <= tokio::time::Instant::now() {
            swept += SWEEP;
            match runs::sweep(&app).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "old steps and runs were removed"),
                Err(error) => tracing::warn!(cause = %error, "old runs could not be removed"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(BEAT) => {}
        }
    }
}

/// Denies what nobody decided in time, and takes up every run that nobody works on. Gives how many.
pub async fn take_up(app: &Shared) -> Result<usize> {
    if app.runs.is_leaving() {
        return Ok(0);
    }
    runs::expire_approvals(app).await?;
    let mut tx = app.db.system(SystemReason::Recover).await?;
    let orphans = store::take_over(&mut tx, app.runs.server(), MOST).await?;
    tx.commit().await?;
    let count = orphans.len();
    if count > 0 {
        keep_leases(app);
    }
    for orphan in orphans {
        let (tenant, id) = (TenantId(orphan.tenant_id), RunId(orphan.id));
        if let Err(error) = go_on(app, orphan).await {
            tracing::warn!(run.id = %id, cause = %error, "a run cannot go on");
            let mut tx = app.db.system(SystemReason::Recover).await?;
            store::give_up(&mut tx, tenant, id).await?;
            tx.commit().await?;
        }
    }
    Ok(count)
}

async fn go_on(app: &Shared, orphan: store::Orphan) -> Result<()> {
    if orphan.takeovers > TRIES {
        return Err(Error::Internal("its servers died over it".to_owned()));
    }
    let trace = Trace { id: orphan.trace_id, parent: orphan.parent_trace_id };
    let (tenant, user) = (TenantId(orphan.tenant_id), UserId(orphan.user_id));
    let caller = auth::member_caller(app, tenant, user, trace)
        .await?
        .ok_or_else(|| Error::Internal("whoever began it may not any more".to_owned()))?;
    let thread =
        orphan.thread_id.ok_or_else(|| Error::Internal("it belongs to no conversation".to_owned()))?;
    let started = AskStarted { run_id: RunId(orphan.id), thread_id: ThreadId(thread) };
    let job = Job::read(&orphan.kind, orphan.request)?;
    let spent = serde_json::from_value(orphan.spent)?;
    let age = (Utc::now() - orphan.started_at).to_std().unwrap_or_default();
    let work = Work::again(app, &caller, job, started, spent, age).await?;
    if orphan.stop {
        work.stop();
    }
    tracing::info!(run.id = %started.run_id, takeovers = orphan.takeovers, "a run goes on");
    work.resumed(String::new());
    if app.runs.is_leaving() {
        work.hand_over();
    }
    app.runs.spawn(work.answer());
    Ok(())
}
