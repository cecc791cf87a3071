//! SQL of the life of a run: begun, held by a lease, ended, taken over, swept away.

use chrono::{DateTime, Utc};
use model::{
    RunId, TenantId, ThreadId, UserId,
    answer::AskResponse,
    perm,
    run::{RunStatus, Spent},
};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::read::stored_status;
use crate::{
    access::{Caller, Granted},
    db::{SystemTx, TenantTx},
    error::Result,
};

/// Seconds a run stays with its server without a sign of life.
pub const LEASE_S: f64 = 15.0;

/// A run about to begin.
pub struct NewRun<'a> {
    pub id: RunId,
    pub kind: &'a str,
    pub thread: Option<ThreadId>,
    pub question: &'a str,
    pub request: Value,
    /// The server that works on it.
    pub server: Uuid,
    /// The template it came from, or empty.
    pub template: &'a str,
    /// The run it was forked from and the step.
    pub forked: Option<&'a (RunId, String)>,
}

pub async fn begin(tx: &mut TenantTx<'_>, caller: &Caller, run: NewRun<'_>) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "insert into run (tenant_id, id, kind, user_id, thread_id, question, request, status, trace_id,
                          parent_trace_id, locked_until, locked_by, template, forked_from, forked_step)
         values ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9, now() + make_interval(secs => $10), $11, $12, $13, $14)",
    )
    .bind(tenant.0)
    .bind(run.id.0)
    .bind(run.kind)
    .bind(caller.user.0)
    .bind(run.thread.map(|thread| thread.0))
    .bind(run.question)
    .bind(run.request)
    .bind(&caller.trace.id)
    .bind(&caller.trace.parent)
    .bind(LEASE_S)
    .bind(run.server)
    .bind(run.template)
    .bind(run.forked.map(|(id, _)| id.0))
    .bind(run.forked.map(|(_, step)| step))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How a run ended.
pub struct End<'a> {
    pub response: &'a AskResponse,
    /// The status stored, as the response has it or `cancelled`.
    pub status: &'a str,
    pub spent: Spent,
    pub steps: u32,
    pub server: Uuid,
}

/// Ends a run; false when it is in the hands of another server.
pub async fn finish(tx: &mut TenantTx<'_>, end: End<'_>) -> Result<bool> {
    let tenant = tx.tenant();
    let mut few;
    let mut response = end.response;
    if response.steps.len() > super::STEPS_WITH_ANSWER {
        few = response.clone();
        super::few_steps(&mut few);
        response = &few;
    }
    let done = sqlx::query(
        "update run set status = $3, plan = $4, response = $5, finished_at = now(), total_ms = $6, locked_until = null,
             locked_by = null, spent = $7, step_count = $8, tokens = $9, cost = $10
         where tenant_id = $1 and id = $2 and locked_by = $11",
    )
    .bind(tenant.0)
    .bind(response.run_id.0)
    .bind(end.status)
    .bind(response.plan.as_ref().map(serde_json::to_value).transpose()?)
    .bind(serde_json::to_value(response)?)
    .bind(response.timing_ms.total)
    .bind(serde_json::to_value(end.spent)?)
    .bind(i32::try_from(end.steps).unwrap_or(i32::MAX))
    .bind(i64::try_from(response.usage.tokens_in + response.usage.tokens_out).unwrap_or(i64::MAX))
    .bind(response.usage.cost)
    .bind(end.server)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lays a run down until somebody has decided.
pub async fn suspend(
    tx: &mut TenantTx<'_>,
    id: RunId,
    server: Uuid,
    spent: Spent,
    steps: u32,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update run set status = 'waiting', locked_by = null, locked_until = null, spent = $4, step_count = $5
         where tenant_id = $1 and id = $2 and locked_by = $3",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(server)
    .bind(serde_json::to_value(spent)?)
    .bind(i32::try_from(steps).unwrap_or(i32::MAX))
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a run back to whoever takes it up first.
pub async fn hand_over(
    tx: &mut TenantTx<'_>,
    id: RunId,
    server: Uuid,
    spent: Spent,
    steps: u32,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update run set locked_by = null, locked_until = now(), spent = $4, step_count = $5
         where tenant_id = $1 and id = $2 and locked_by = $3 and status = 'running'",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(server)
    .bind(serde_json::to_value(spent)?)
    .bind(i32::try_from(steps).unwrap_or(i32::MAX))
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn response(
    tx: &mut TenantTx<'_>,
    _: Granted<perm::RunRead>,
    user: UserId,
    id: RunId,
) -> Result<Option<AskResponse>> {
    let tenant = tx.tenant();
    let stored: Option<Option<Value>> =
        sqlx::query_scalar("select response from run where tenant_id = $1 and id = $2 and user_id = $3")
            .bind(tenant.0)
            .bind(id.0)
            .bind(user.0)
            .fetch_optional(tx.conn())
            .await?;
    Ok(stored.flatten().map(serde_json::from_value).transpose()?)
}

/// How a run stands, and its answer.
pub async fn end(tx: &mut TenantTx<'_>, id: RunId) -> Result<Option<(RunStatus, Option<AskResponse>)>> {
    let tenant = tx.tenant();
    let row: Option<(String, Option<Value>)> = sqlx::query_as(
        "select status, case when finished_at is not null then response end from run where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(id.0)
    .fetch_optional(tx.conn())
    .await?;
    row.map(|(status, response)| {
        Ok((stored_status(&status)?, response.map(serde_json::from_value).transpose()?))
    })
    .transpose()
}

/// Asks whoever works on a run to stop; a run nobody works on is stopped here. False when there is nothing to stop.
pub async fn request_stop(tx: &mut TenantTx<'_>, id: RunId) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update run set stop_requested_at = now(),
             locked_until = case when status = 'waiting' then now() else locked_until end,
             status = 'running'
         where tenant_id = $1 and id = $2 and status in ('running', 'waiting')",
    )
    .bind(tenant.0)
    .bind(id.0)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How far runs are: status, number of the last event, place of the last step.
pub async fn marks(
    tx: &mut SystemTx<'_>,
    runs: &[(TenantId, RunId)],
) -> Result<Vec<((TenantId, RunId), super::follow::Mark)>> {
    type Row = (Uuid, Uuid, Option<String>, Option<i64>, Option<i32>);
    let rows: Vec<Row> = sqlx::query_as(
        "select k.tenant_id, k.id, r.status,
             (select max(e.seq) from run_event e where e.tenant_id = k.tenant_id and e.run_id = k.id),
             (select max(s.ord) from run_step s where s.tenant_id = k.tenant_id and s.run_id = k.id)
         from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
         left join run r on r.tenant_id = k.tenant_id and r.id = k.id",
    )
    .bind(runs.iter().map(|(tenant, _)| tenant.0).collect::<Vec<_>>())
    .bind(runs.iter().map(|(_, run)| run.0).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(tenant, run, status, seq, ord)| ((TenantId(tenant), RunId(run)), (status, seq, ord)))
        .collect())
}

/// Notes that somebody listens to runs here.
pub async fn note_heard(tx: &mut SystemTx<'_>, runs: &[(TenantId, RunId)]) -> Result<()> {
    sqlx::query(
        "update run r set heard_at = now() from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
         where r.tenant_id = k.tenant_id and r.id = k.id and r.status = 'running'",
    )
    .bind(runs.iter().map(|(tenant, _)| tenant.0).collect::<Vec<_>>())
    .bind(runs.iter().map(|(_, run)| run.0).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether somebody listened to a run on another server within the last seconds.
pub async fn was_heard(tx: &mut TenantTx<'_>, id: RunId, seconds: f64) -> Result<bool> {
    let tenant = tx.tenant();
    let heard: Option<bool> = sqlx::query_scalar(
        "select coalesce(heard_at > now() - make_interval(secs => $3), false) from run where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(seconds)
    .fetch_optional(tx.conn())
    .await?;
    Ok(heard.unwrap_or(false))
}

/// Renews the lease of runs; gives those still held, and whether they are to stop.
pub async fn renew(tx: &mut SystemTx<'_>, server: Uuid, runs: &[Uuid]) -> Result<Vec<(Uuid, bool)>> {
    Ok(sqlx::query_as(
        "update run set locked_until = now() + make_interval(secs => $3)
         where id = any($2) and locked_by = $1 and status = 'running'
         returning id, stop_requested_at is not null",
    )
    .bind(server)
    .bind(runs)
    .bind(LEASE_S)
    .fetch_all(tx.conn())
    .await?)
}

/// A run whose server died over it, or that was decided.
#[derive(Debug, FromRow)]
pub struct Orphan {
    pub tenant_id: Uuid,
    pub id: Uuid,
    pub user_id: Uuid,
    pub kind: String,
    pub thread_id: Option<Uuid>,
    pub request: Value,
    pub trace_id: String,
    pub parent_trace_id: Option<String>,
    pub started_at: DateTime<Utc>,
    pub takeovers: i32,
    pub spent: Value,
    pub stop: bool,
}

/// Takes over at most `most` runs whose lease has passed. No two servers get the same.
pub async fn take_over(tx: &mut SystemTx<'_>, server: Uuid, most: i64) -> Result<Vec<Orphan>> {
    Ok(sqlx::query_as(
        "update run r set locked_by = $1, locked_until = now() + make_interval(secs => $3),
             takeovers = r.takeovers + case when r.locked_by is null then 0 else 1 end
         from (select tenant_id, id from run where status = 'running' and locked_until < now()
               order by locked_until limit $2 for update skip locked) o
         where r.tenant_id = o.tenant_id and r.id = o.id
         returning r.tenant_id, r.id, r.user_id, r.kind, r.thread_id, r.request, r.trace_id,
             r.parent_trace_id, r.started_at, r.takeovers, r.spent, r.stop_requested_at is not null as stop",
    )
    .bind(server)
    .bind(most)
    .bind(LEASE_S)
    .fetch_all(tx.conn())
    .await?)
}

/// Ends a run nobody can go on with.
pub async fn give_up(tx: &mut SystemTx<'_>, tenant: TenantId, id: RunId) -> Result<()> {
    sqlx::query(
        "update run set status = 'failed', finished_at = now(), locked_until = null, locked_by = null
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends runs without a conversation or a person, which cannot be taken up.
pub async fn end_hopeless(tx: &mut SystemTx<'_>) -> Result<u64> {
    let done = sqlx::query(
        "update run set status = 'failed', finished_at = now(), locked_until = null, locked_by = null
         where status = 'running' and locked_until < now() and thread_id is null",
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Removes at most `most` rows of each kind that are older than they are kept: steps, events, sub-plans and outputs after
/// `step_days`, headers after `run_days`. Gives how many. A run that still waits for somebody keeps all it has: whoever
/// decides late must not make it do again what it has done.
pub async fn sweep(tx: &mut SystemTx<'_>, step_days: f64, run_days: f64, most: i64) -> Result<u64> {
    // An output counts as used at most a day and a half before the step that gave it last.
    sqlx::query(
        "update run_blob b set used_at = now() from run_step s join run r on r.tenant_id = s.tenant_id and r.id = s.run_id
         where r.status in ('running', 'waiting') and r.started_at < now() - make_interval(secs => ($1 - 2) * 86400)
           and b.tenant_id = s.tenant_id and b.hash = s.output_hash
           and b.used_at < now() - make_interval(secs => ($1 - 2) * 86400)",
    )
    .bind(step_days)
    .execute(tx.conn())
    .await?;
    let mut gone = 0;
    for sql in [
        "delete from run_step where ctid = any(array(select s.ctid from run_step s
            where s.ended_at < now() - make_interval(secs => $1 * 86400)
              and not exists (select from run r where r.tenant_id = s.tenant_id and r.id = s.run_id
                              and r.status in ('running', 'waiting')) limit $2))",
        "delete from run_event where ctid = any(array(select e.ctid from run_event e
            where e.at < now() - make_interval(secs => $1 * 86400)
              and not exists (select from run r where r.tenant_id = e.tenant_id and r.id = e.run_id
                              and r.status in ('running', 'waiting')) limit $2))",
        "delete from run_subplan where ctid = any(array(select p.ctid from run_subplan p
            join run r on r.tenant_id = p.tenant_id and r.id = p.run_id
            where r.started_at < now() - make_interval(secs => $1 * 86400)
              and r.status not in ('running', 'waiting') limit $2))",
        "delete from run_blob where ctid = any(array(select ctid from run_blob
            where used_at < now() - make_interval(secs => ($1 + 2) * 86400) limit $2))",
    ] {
        gone += sqlx::query(sql).bind(step_days).bind(most).execute(tx.conn()).await?.rows_affected();
    }
    // What is part of a conversation goes with the conversation, and a conversation that was removed goes as well: those of
    // the checks of golden questions among them.
    for sql in [
        "delete from run where ctid = any(array(select ctid from run
            where started_at < now() - make_interval(secs => $1 * 86400) and status not in ('running', 'waiting')
              and thread_id is null limit $2))",
        "delete from chat_thread where ctid = any(array(select ctid from chat_thread
            where deleted_at < now() - make_interval(secs => $1 * 86400) limit $2))",
    ] {
        gone += sqlx::query(sql).bind(run_days).bind(most).execute(tx.conn()).await?.rows_affected();
    }
    Ok(gone)
}
