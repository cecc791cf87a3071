//! SQL of runs and their steps.

use model::{
    RunId, ThreadId, UserId,
    answer::{AskResponse, StepReport},
    perm,
};
use serde_json::Value;

use crate::{
    access::{Caller, Granted},
    db::{SystemTx, TenantTx},
    error::Result,
};

/// A run about to begin.
pub struct NewRun<'a> {
    pub id: RunId,
    pub kind: &'a str,
    pub thread: Option<ThreadId>,
    pub question: &'a str,
    pub request: Value,
    /// Seconds after which it is taken for dead.
    pub lease_s: f64,
    /// The template it came from, or empty.
    pub template: &'a str,
    /// The run it was forked from and the step.
    pub forked: Option<&'a (RunId, String)>,
}

pub async fn begin(tx: &mut TenantTx<'_>, caller: &Caller, run: NewRun<'_>) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "insert into run (tenant_id, id, kind, user_id, thread_id, question, request, status, trace_id,
                          parent_trace_id, locked_until, template, forked_from, forked_step)
         values ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9, now() + make_interval(secs => $10), $11, $12, $13)",
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
    .bind(run.lease_s)
    .bind(run.template)
    .bind(run.forked.map(|(id, _)| id.0))
    .bind(run.forked.map(|(_, step)| step))
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn finish(tx: &mut TenantTx<'_>, response: &AskResponse) -> Result<()> {
    let tenant = tx.tenant();
    let status = serde_json::to_value(response.status)?;
    sqlx::query(
        "update run set status = $3, plan = $4, response = $5, finished_at = now(), total_ms = $6, locked_until = null
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(response.run_id.0)
    .bind(status.as_str().unwrap_or("failed"))
    .bind(response.plan.as_ref().map(serde_json::to_value).transpose()?)
    .bind(serde_json::to_value(response)?)
    .bind(response.timing_ms.total)
    .execute(tx.conn())
    .await?;
    steps(tx, response.run_id, &response.steps).await
}

/// One statement for all steps: a question has a handful, a workflow hundreds.
async fn steps(tx: &mut TenantTx<'_>, run: RunId, steps: &[StepReport]) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "insert into run_step (tenant_id, run_id, ord, path, tool, label, args, status, row_count, ms, error)
         select $1, $2, s.ord, s.step->>'id', s.step->>'tool', s.step->>'label', s.step->'args', s.step->>'status',
                (s.step->>'rows')::bigint, (s.step->>'ms')::float8, s.step->>'error'
         from (select value as step, ordinality::int as ord from jsonb_array_elements($3) with ordinality) s",
    )
    .bind(tenant.0)
    .bind(run.0)
    .bind(serde_json::to_value(steps)?)
    .execute(tx.conn())
    .await?;
    Ok(())
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

/// Ends runs whose lease has passed.
pub async fn end_abandoned(tx: &mut SystemTx<'_>) -> Result<u64> {
    let done = sqlx::query(
        "update run set status = 'failed', finished_at = now(), locked_until = null
         where status = 'running' and locked_until < now()",
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
