//! What a run has told, from the journal: for listeners that come back after its memory is gone, or on another server.

use model::{RunId, answer::RunEvent};
use serde_json::Value;
use sqlx::Row;

use super::store::{REPORT, report};
use crate::{db::TenantTx, error::Result};

/// How far ahead of what the journal knows a server numbers on that takes a run over: what the dead one told without
/// having written it is not given out a second time under the same number.
pub const FIRST_AGAIN: u64 = 10_000;

/// Events at a time.
pub const PAGE: usize = 500;

/// The next events after a number, in order. The end of a run is told by its row, not from here.
pub async fn told_after(tx: &mut TenantTx<'_>, run: RunId, after: u64) -> Result<Vec<(u64, RunEvent)>> {
    let tenant = tx.tenant();
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut told = Vec::new();
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "select seq, kind, payload, {REPORT} from (
             select seq, kind, payload, null::int as ord from run_event
                 where tenant_id = $1 and run_id = $2 and seq > $3 and kind <> 'finished'
             union all
             select start_seq, 'step_started', null, ord from run_step
                 where tenant_id = $1 and run_id = $2 and start_seq > $3
             union all
             select end_seq, 'step_finished', null, ord from run_step
                 where tenant_id = $1 and run_id = $2 and end_seq > $3) e
         left join run_step s on s.tenant_id = $1 and s.run_id = $2 and s.ord = e.ord
         order by seq limit $4"
    )))
    .bind(tenant.0)
    .bind(run.0)
    .bind(after)
    .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        let seq = u64::try_from(row.try_get::<i64, _>("seq")?).unwrap_or_default();
        let kind: String = row.try_get("kind")?;
        let event = match kind.as_str() {
            "step_started" => RunEvent::StepStarted { id: row.try_get("path")? },
            "step_finished" => RunEvent::StepFinished { step: report(&row)? },
            _ => serde_json::from_value(row.try_get::<Value, _>("payload")?)?,
        };
        told.push((seq, event));
    }
    Ok(told)
}
