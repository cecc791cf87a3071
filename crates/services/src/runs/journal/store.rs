//! SQL of the journal.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use flow::{Ask, Decided, Entry, Replay};
use model::{Localized, RunId, answer::StepReport, plan::Plan, tools::ToolOutput};
use serde_json::{Value, json};
use sqlx::{FromRow, Row};

use super::{Keeper, Kept};
use crate::{
    db::TenantTx,
    error::Result,
    runs::{
        blob::{self, Blob},
        read::step_status,
    },
};

/// A step to be written.
#[derive(Clone)]
pub struct StepRow {
    pub keeper: Arc<Keeper>,
    pub ord: i32,
    pub entry: Arc<Entry>,
    pub output_hash: Option<Vec<u8>>,
    pub output_bytes: usize,
}

/// An event to be written.
#[derive(Clone)]
pub struct EventRow {
    pub keeper: Arc<Keeper>,
    pub seq: u64,
    pub kind: &'static str,
    pub payload: Value,
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Text as PostgreSQL takes it: its texts hold no NUL.
fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

fn clean_json(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text)),
        Value::Array(items) => Value::Array(items.iter().map(clean_json).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (clean(key), clean_json(value))).collect())
        }
        other => other.clone(),
    }
}

pub async fn write_blobs(tx: &mut TenantTx<'_>, blobs: impl Iterator<Item = &Blob>) -> Result<()> {
    let (mut hashes, mut bytes, mut deflated) = (Vec::new(), Vec::new(), Vec::new());
    for blob in blobs {
        hashes.push(blob.hash.as_slice());
        bytes.push(blob.bytes.as_slice());
        deflated.push(blob.deflated);
    }
    if hashes.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    // In one order, so that two servers that write the same outputs do not wait for each other in a circle.
    sqlx::query(
        "insert into run_blob (tenant_id, hash, bytes, deflated)
         select $1, b.hash, b.bytes, b.deflated
         from unnest($2::bytea[], $3::bytea[], $4::bool[]) as b (hash, bytes, deflated) order by b.hash
         on conflict (tenant_id, hash) do update set used_at = now()
         where run_blob.used_at < now() - interval '1 day'",
    )
    .bind(tenant.0)
    .bind(hashes)
    .bind(bytes)
    .bind(deflated)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn write_steps(tx: &mut TenantTx<'_>, steps: &[StepRow]) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    let reports: Vec<&StepReport> = steps.iter().map(|step| &step.entry.report).collect();
    let column = |of: fn(&StepReport) -> &str| reports.iter().map(|r| clean(of(r))).collect::<Vec<_>>();
    let status = |report: &StepReport| serde_json::to_value(report.status);
    let statuses = reports.iter().map(|r| status(r)).collect::<std::result::Result<Vec<_>, _>>()?;
    let statuses: Vec<&str> = statuses.iter().map(|s| s.as_str().unwrap_or("failed")).collect();
    sqlx::query(
        "insert into run_step as old (tenant_id, run_id, ord, path, tool, label, args, status, row_count, ms, error,
             started_ms, attempts, cached, copied, code, output_hash, output_bytes, fault, start_seq, end_seq)
         select $1, s.* from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[],
             $9::int8[], $10::float8[], $11::text[], $12::float8[], $13::int[], $14::bool[], $15::bool[], $16::text[],
             $17::bytea[], $18::int8[], $19::jsonb[], $20::int8[], $21::int8[]) s
         on conflict (tenant_id, run_id, path) where end_seq is not null do update set
             tool = excluded.tool, label = excluded.label, args = excluded.args, status = excluded.status,
             row_count = excluded.row_count, ms = excluded.ms, error = excluded.error, started_ms = excluded.started_ms,
             attempts = excluded.attempts, code = excluded.code, output_hash = excluded.output_hash,
             output_bytes = excluded.output_bytes, fault = excluded.fault, start_seq = excluded.start_seq,
             end_seq = excluded.end_seq, ended_at = now()
         where old.status = 'running'",
    )
    .bind(tenant.0)
    .bind(steps.iter().map(|step| step.keeper.run.0).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.ord).collect::<Vec<_>>())
    .bind(column(|report| &report.id))
    .bind(column(|report| &report.tool))
    .bind(column(|report| &report.label))
    .bind(reports.iter().map(|report| clean_json(&report.args)).collect::<Vec<_>>())
    .bind(statuses)
    .bind(reports.iter().map(|report| number(report.rows)).collect::<Vec<_>>())
    .bind(reports.iter().map(|report| report.ms).collect::<Vec<_>>())
    .bind(reports.iter().map(|report| report.error.as_deref().map(clean)).collect::<Vec<_>>())
    .bind(reports.iter().map(|report| report.started_ms).collect::<Vec<_>>())
    .bind(reports.iter().map(|report| i32::try_from(report.attempts).unwrap_or(i32::MAX)).collect::<Vec<_>>())
    .bind(reports.iter().map(|report| report.cached).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.entry.copied).collect::<Vec<_>>())
    .bind(column(|report| &report.code))
    .bind(steps.iter().map(|step| step.output_hash.clone()).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| number(step.output_bytes as u64)).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.entry.fault.as_ref().map(|fault| clean_json(&json!(fault)))).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.entry.start_seq.map(number)).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| number(step.entry.end_seq)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn write_events(tx: &mut TenantTx<'_>, events: &[EventRow]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    sqlx::query(
        "insert into run_event (tenant_id, run_id, seq, kind, payload)
         select $1, e.* from unnest($2::uuid[], $3::int8[], $4::text[], $5::jsonb[]) e on conflict do nothing",
    )
    .bind(tenant.0)
    .bind(events.iter().map(|event| event.keeper.run.0).collect::<Vec<_>>())
    .bind(events.iter().map(|event| number(event.seq)).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.kind).collect::<Vec<_>>())
    .bind(events.iter().map(|event| clean_json(&event.payload)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that a step that changes something begins; false when the run is in other hands.
pub async fn begin_effect(tx: &mut TenantTx<'_>, keeper: &Keeper, path: &str, ord: i32) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "insert into run_step (tenant_id, run_id, ord, path, tool, label, args, status, row_count, ms, end_seq)
         select $1, $2, $3, $4, '', '', '{}', 'running', 0, 0, 0
         where exists (select 1 from run where tenant_id = $1 and id = $2 and locked_by = $5 and locked_until > now())",
    )
    .bind(tenant.0)
    .bind(keeper.run.0)
    .bind(ord)
    .bind(path)
    .bind(keeper.server)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sub-plans are kept below their step; their event follows with its own number.
pub async fn keep_subplan(tx: &mut TenantTx<'_>, run: RunId, path: &str, plan: &Plan) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "insert into run_subplan (tenant_id, run_id, path, plan) values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(tenant.0)
    .bind(run.0)
    .bind(path)
    .bind(clean_json(&serde_json::to_value(plan)?))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What became of asking.
pub enum Asked {
    /// It is asked now.
    New { asked_at: DateTime<Utc>, expires_at: DateTime<Utc> },
    /// It was asked before and is not decided.
    Open,
    /// It was decided.
    Decided(Decided),
}

pub async fn ask(tx: &mut TenantTx<'_>, run: RunId, ask: &Ask) -> Result<Asked> {
    let tenant = tx.tenant();
    let new: Option<(DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(
        "insert into run_approval (tenant_id, run_id, path, kind, what, who, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) on conflict do nothing
         returning asked_at, expires_at",
    )
    .bind(tenant.0)
    .bind(run.0)
    .bind(&ask.path)
    .bind(ask.kind)
    .bind(clean(&ask.what))
    .bind(ask.who.as_str())
    .bind(f64::from(ask.expires_s))
    .fetch_optional(tx.conn())
    .await?;
    if let Some((asked_at, expires_at)) = new {
        return Ok(Asked::New { asked_at, expires_at });
    }
    let (approved, by, reason): (Option<bool>, Option<String>, String) = sqlx::query_as(
        "select a.approved, u.name, a.reason from run_approval a left join users u on u.id = a.decided_by
         where a.tenant_id = $1 and a.run_id = $2 and a.path = $3",
    )
    .bind(tenant.0)
    .bind(run.0)
    .bind(&ask.path)
    .fetch_one(tx.conn())
    .await?;
    let by = by.unwrap_or_default();
    Ok(match approved {
        None => Asked::Open,
        Some(true) => Asked::Decided(Decided::Approved { by, reason }),
        Some(false) => Asked::Decided(Decided::Denied { by, reason }),
    })
}

#[derive(FromRow)]
struct Stored {
    path: String,
    tool: String,
    label: String,
    args: Value,
    status: String,
    row_count: i64,
    ms: f64,
    error: Option<String>,
    started_ms: f64,
    attempts: i32,
    cached: bool,
    code: String,
    fault: Option<Value>,
    bytes: Option<Vec<u8>>,
    deflated: Option<bool>,
    output_hash: Option<Vec<u8>>,
}

pub(super) const REPORT: &str = "s.path, s.tool, s.label, s.args, s.status, s.row_count, s.ms, s.error, s.started_ms, s.attempts, s.cached, s.code";

/// A step as it was told.
pub(super) fn report(row: &sqlx::postgres::PgRow) -> Result<StepReport> {
    let status: String = row.try_get("status")?;
    Ok(StepReport {
        id: row.try_get("path")?,
        tool: row.try_get("tool")?,
        label: row.try_get("label")?,
        args: row.try_get("args")?,
        status: step_status(&status)?,
        rows: u64::try_from(row.try_get::<i64, _>("row_count")?).unwrap_or_default(),
        ms: row.try_get("ms")?,
        started_ms: row.try_get("started_ms")?,
        attempts: u32::try_from(row.try_get::<i32, _>("attempts")?).unwrap_or_default(),
        cached: row.try_get("cached")?,
        error: row.try_get("error")?,
        code: row.try_get("code")?,
    })
}

/// Everything a run left until now.
pub async fn load(tx: &mut TenantTx<'_>, run: RunId) -> Result<Kept> {
    let tenant = tx.tenant();
    let mut kept = Kept::default();
    let steps: Vec<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "select {REPORT}, s.fault, s.output_hash, b.bytes, b.deflated from run_step s
         left join run_blob b on b.tenant_id = s.tenant_id and b.hash = s.output_hash
         where s.tenant_id = $1 and s.run_id = $2 and s.end_seq is not null"
    )))
    .bind(tenant.0)
    .bind(run.0)
    .fetch_all(tx.conn())
    .await?;
    for step in steps {
        if step.status == "running" {
            kept.begun.insert(step.path);
            continue;
        }
        // A step that was stopped has not done its work, and one whose output is gone cannot stand for it.
        if step.status == "cancelled" || (step.output_hash.is_some() && step.bytes.is_none()) {
            continue;
        }
        let output: ToolOutput = match step.bytes.zip(step.deflated) {
            Some((bytes, deflated)) => serde_json::from_value(blob::unpack(&bytes, deflated)?)?,
            None => ToolOutput::default(),
        };
        let fault: Option<Localized> = step.fault.map(serde_json::from_value).transpose()?;
        let report = StepReport {
            id: step.path.clone(),
            tool: step.tool,
            label: step.label,
            args: step.args,
            status: step_status(&step.status)?,
            rows: u64::try_from(step.row_count).unwrap_or_default(),
            ms: step.ms,
            started_ms: step.started_ms,
            attempts: u32::try_from(step.attempts).unwrap_or_default(),
            cached: step.cached,
            error: step.error,
            code: step.code,
        };
        kept.steps.insert(step.path, Replay { report, output: Arc::new(output), fault, told: true });
    }
    let plans: Vec<(String, Value)> =
        sqlx::query_as("select path, plan from run_subplan where tenant_id = $1 and run_id = $2")
            .bind(tenant.0)
            .bind(run.0)
            .fetch_all(tx.conn())
            .await?;
    for (path, plan) in plans {
        kept.plans.insert(path, serde_json::from_value(plan)?);
    }
    let plan: Option<Value> = sqlx::query_scalar(
        "select payload->'plan' from run_event where tenant_id = $1 and run_id = $2 and kind = 'planned'
         order by seq limit 1",
    )
    .bind(tenant.0)
    .bind(run.0)
    .fetch_optional(tx.conn())
    .await?;
    kept.plan = plan.map(serde_json::from_value).transpose()?;
    kept.whys = sqlx::query_scalar(
        "select payload->>'why' from run_event where tenant_id = $1 and run_id = $2 and kind = 'replanned' order by seq",
    )
    .bind(tenant.0)
    .bind(run.0)
    .fetch_all(tx.conn())
    .await?;
    let (seq, ord): (Option<i64>, Option<i32>) = sqlx::query_as(
        "select greatest((select max(seq) from run_event where tenant_id = $1 and run_id = $2), max(end_seq)), max(ord)
         from run_step where tenant_id = $1 and run_id = $2",
    )
    .bind(tenant.0)
    .bind(run.0)
    .fetch_one(tx.conn())
    .await?;
    kept.last_seq = u64::try_from(seq.unwrap_or_default()).unwrap_or_default();
    kept.ord = ord.unwrap_or_default();
    Ok(kept)
}
