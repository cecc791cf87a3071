//! The search for anomalies: in the background, for one tenant after the other, by one server of several.
//!
//! What was judged is committed batch by batch, so a server that dies leaves its work to the next: a lease that nobody
//! renews is taken over after a minute, and series that were done are not judged again. One batch is in memory at a time
//! and one core at work; between batches it rests.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use model::{
    TenantId,
    incident::ScanState,
    perm::{AnomalyJudge, EstateRead},
};
use uuid::Uuid;

use super::{
    explain, judge, regroup,
    store::{self, Before, DayRow, moment},
};
use crate::{
    access::{Caller, Trace},
    app::{App, Shared},
    audit,
    db::SystemReason,
    error::Result,
    metrics::bands::day_ms,
};

/// Tenants taken at a time.
const AT_ONCE: i64 = 4;
/// Longest rest between two batches.
const REST: Duration = Duration::from_secs(2);

/// How the search of the tenant stands.
pub async fn state(app: &App, caller: &Caller) -> Result<ScanState> {
    caller.grant::<EstateRead>()?;
    store::state(&mut app.db.tenant(caller).await?).await
}

/// Asks for a search now; it begins within seconds, on whichever server is free.
pub async fn ask(app: &App, caller: &Caller) -> Result<ScanState> {
    let may = caller.grant::<AnomalyJudge>()?;
    let mut tx = app.db.tenant(caller).await?;
    store::ask(&mut tx, may, &caller.login).await?;
    audit::record(tx.conn(), audit::Entry::by(caller, "detector.asked", caller.tenant.to_string())).await?;
    tx.commit().await?;
    store::state(&mut app.db.tenant(caller).await?).await
}

/// Searches where something is new or somebody asked; the server calls it every few seconds. Gives the number of
/// searches made here.
pub async fn scan_due(app: &Shared) -> Result<u64> {
    let mut tx = app.db.system(SystemReason::Schedule).await?;
    let due = store::due(&mut tx, AT_ONCE).await?;
    tx.commit().await?;
    let mut made = 0;
    for tenant in due {
        match scan(app, tenant).await {
            Ok(done) => made += u64::from(done),
            Err(error) => {
                tracing::warn!(tenant = %tenant, cause = %error, "the search for anomalies did not end");
            }
        }
    }
    Ok(made)
}

/// Searches the estate of a tenant. False where another server is at it.
pub async fn scan(app: &App, tenant: TenantId) -> Result<bool> {
    let trace = Trace { id: Uuid::now_v7().simple().to_string(), parent: None };
    let caller = Caller::detector(tenant, trace);
    let owner = Uuid::now_v7();
    let mut tx = app.db.tenant(&caller).await?;
    let claimed = store::claim(&mut tx, owner).await?;
    tx.commit().await?;
    if !claimed {
        return Ok(false);
    }
    let begun = Instant::now();
    let done = search(app, &caller, owner).await;
    let how = match &done {
        Ok(Some(generation)) => Ok(*generation),
        // Another server has it now: the state is no longer ours.
        Ok(None) => return Ok(false),
        Err(error) => Err(error.to_string()),
    };
    let mut tx = app.db.tenant(&caller).await?;
    store::ended(&mut tx, owner, how).await?;
    tx.commit().await?;
    done?;
    tracing::info!(%tenant, ms = begun.elapsed().as_millis(), trace.id = %caller.trace.id, "searched for anomalies");
    Ok(true)
}

/// Gives the generation of the estate that was searched; none where another server has taken over.
async fn search(app: &App, caller: &Caller, owner: Uuid) -> Result<Option<i64>> {
    let mut tx = app.db.tenant(caller).await?;
    let generation = store::generation(&mut tx).await?;
    let days = store::days(&mut tx, judge::DEPTH_D).await?;
    let judged = store::judged(&mut tx, judge::DEPTH_D).await?;
    let taught = store::taught(&mut tx, None).await?;
    let covered = covered(&days);
    let series = days.chunk_by(|a, b| a.series_id == b.series_id).count();
    let work = judge::dirty(&days, &judged, &taught);
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let before = Before { series: count(series), todo: count(work.len()), covered };
    store::begun(&mut tx, owner, before).await?;
    tx.commit().await?;
    let mut done = 0;
    for batch in judge::batches(work) {
        let begun = Instant::now();
        let size = count(batch.len());
        if !judge::batch(app, caller, (owner, done), batch, &taught).await? {
            return Ok(None);
        }
        done += size;
        tokio::time::sleep((begun.elapsed() / 2).min(REST)).await;
    }
    regroup::run(app, caller, covered.map(|c| c.0)).await?;
    if !explain::missing(app, caller, (owner, done)).await? {
        return Ok(None);
    }
    Ok(Some(generation))
}

/// From the first day that is judged to the last sample.
fn covered(days: &[DayRow]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let from = days.iter().map(|row| day_ms(row.day)).min()?;
    let until = days.iter().map(|row| day_ms(row.day) + i64::from(row.last_ms)).max()?;
    Some((moment(from), moment(until)))
}
