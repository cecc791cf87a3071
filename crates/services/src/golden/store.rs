//! SQL of golden questions and their checks.

use chrono::{DateTime, Utc};
use model::{
    CheckId, GoldenId, RunId, TenantId, UserId,
    golden::{Golden, GoldenCheck, GoldenRules, GoldenSummary},
    perm::{GoldenManage, RunRead},
};
use serde_json::Value;
use sqlx::{Row, postgres::PgRow};
use uuid::Uuid;

use super::compare::Expected;
use crate::{
    access::{Caller, Granted},
    db::{SystemTx, TenantTx},
    error::Result,
};

/// "gold" in ASCII: one replica at a time takes what is due.
const LOCK: i64 = 0x676f_6c64;
/// Checks shown of one golden question.
const SHOWN: i64 = 50;
/// Checks kept of one golden question.
const KEPT: i64 = 500;

/// Minutes a check that was taken stays with whoever took it.
const TAKEN_MIN: i32 = 30;

/// A golden question about to be pinned.
pub struct NewGolden<'a> {
    pub id: GoldenId,
    pub run: RunId,
    pub request: Value,
    pub expected: Value,
    pub question: &'a str,
    pub rules: &'a GoldenRules,
    pub due: Option<DateTime<Utc>>,
}

/// A check that is due.
pub struct Due {
    pub tenant: TenantId,
    pub id: GoldenId,
    pub owner: UserId,
}

pub async fn count(tx: &mut TenantTx<'_>, _: Granted<GoldenManage>) -> Result<i64> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar("select count(*) from golden where tenant_id = $1")
        .bind(tenant.0)
        .fetch_one(tx.conn())
        .await?)
}

pub async fn insert(
    tx: &mut TenantTx<'_>,
    _: Granted<GoldenManage>,
    caller: &Caller,
    new: NewGolden<'_>,
) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "insert into golden (tenant_id, id, question, request, expected, note, every_min, same_moment, run_id,
                             created_by, created_name, due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(tenant.0)
    .bind(new.id.0)
    .bind(new.question)
    .bind(new.request)
    .bind(new.expected)
    .bind(new.rules.note.trim())
    .bind(i32::try_from(new.rules.every_min).unwrap_or(0))
    .bind(new.rules.same_moment)
    .bind(new.run.0)
    .bind(caller.user.0)
    .bind(&caller.login)
    .bind(new.due)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The statement that reads golden questions with their newest check; `$tail` says which and in which order.
macro_rules! summaries {
    ($tail:literal) => {
        concat!(
            "select g.id, g.question, g.note, g.every_min, g.same_moment, g.expected, g.request, g.run_id,
        g.created_name, g.created_at, g.due_at,
        c.id as check_id, c.at, c.scheduled, c.outcome, c.run_id as check_run, c.ms, c.differences, c.error
     from golden g
     left join lateral (
        select * from golden_check k where k.tenant_id = g.tenant_id and k.golden_id = g.id order by k.at desc limit 1
     ) c on true
     where g.tenant_id = $1 ",
            $tail
        )
    };
}

pub async fn list(tx: &mut TenantTx<'_>, _: Granted<RunRead>) -> Result<Vec<GoldenSummary>> {
    let tenant = tx.tenant();
    let rows = sqlx::query(summaries!(
        "order by coalesce(c.outcome in ('changed', 'failed'), false) desc, g.created_at desc"
    ))
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| summary(row).map(|(summary, ..)| summary)).collect()
}

pub async fn get(tx: &mut TenantTx<'_>, _: Granted<RunRead>, id: GoldenId) -> Result<Option<Golden>> {
    let tenant = tx.tenant();
    let Some(row) =
        sqlx::query(summaries!("and g.id = $2")).bind(tenant.0).bind(id.0).fetch_optional(tx.conn()).await?
    else {
        return Ok(None);
    };
    let (summary, expected) = summary(&row)?;
    let request: Value = row.try_get("request")?;
    let rows = sqlx::query(
        "select id as check_id, at, scheduled, outcome, run_id as check_run, ms, differences, error
         from golden_check where tenant_id = $1 and golden_id = $2 order by at desc limit $3",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(SHOWN)
    .fetch_all(tx.conn())
    .await?;
    Ok(Some(Golden {
        summary,
        answer: expected.answer,
        context_turns: request["context"]
            .as_array()
            .map_or(0, |turns| u32::try_from(turns.len()).unwrap_or(0)),
        checks: rows.iter().map(check).collect::<Result<_>>()?,
    }))
}

fn summary(row: &PgRow) -> Result<(GoldenSummary, Expected)> {
    let expected: Expected = serde_json::from_value(row.try_get("expected")?)?;
    let last: Option<Uuid> = row.try_get("check_id")?;
    let every: i32 = row.try_get("every_min")?;
    let summary = GoldenSummary {
        id: GoldenId(row.try_get("id")?),
        question: row.try_get("question")?,
        rules: GoldenRules {
            note: row.try_get("note")?,
            every_min: u32::try_from(every).unwrap_or(0),
            same_moment: row.try_get("same_moment")?,
        },
        status: expected.status,
        numbers: u32::try_from(expected.numbers.len()).unwrap_or(u32::MAX),
        run_id: RunId(row.try_get("run_id")?),
        by: row.try_get("created_name")?,
        created_at: row.try_get("created_at")?,
        due_at: row.try_get("due_at")?,
        last: last.map(|_| check(row)).transpose()?,
    };
    Ok((summary, expected))
}

fn check(row: &PgRow) -> Result<GoldenCheck> {
    let outcome: String = row.try_get("outcome")?;
    Ok(GoldenCheck {
        id: CheckId(row.try_get("check_id")?),
        at: row.try_get("at")?,
        scheduled: row.try_get("scheduled")?,
        outcome: serde_json::from_value(Value::String(outcome))?,
        run_id: row.try_get::<Option<Uuid>, _>("check_run")?.map(RunId),
        ms: row.try_get("ms")?,
        differences: serde_json::from_value(row.try_get("differences")?)?,
        error: row.try_get("error")?,
    })
}

pub async fn change(
    tx: &mut TenantTx<'_>,
    _: Granted<GoldenManage>,
    id: GoldenId,
    rules: &GoldenRules,
    due: Option<DateTime<Utc>>,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update golden set note = $3, every_min = $4, same_moment = $5,
                due_at = case when every_min = $4 then due_at else $6 end
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(rules.note.trim())
    .bind(i32::try_from(rules.every_min).unwrap_or(0))
    .bind(rules.same_moment)
    .bind(due)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whose run a check was.
pub async fn checked_by(
    tx: &mut TenantTx<'_>,
    _: Granted<GoldenManage>,
    id: GoldenId,
    run: RunId,
) -> Result<Option<UserId>> {
    let tenant = tx.tenant();
    let owner: Option<Uuid> = sqlx::query_scalar(
        "select r.user_id from golden_check c join run r on r.tenant_id = c.tenant_id and r.id = c.run_id
         where c.tenant_id = $1 and c.golden_id = $2 and c.run_id = $3 limit 1",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(run.0)
    .fetch_optional(tx.conn())
    .await?;
    Ok(owner.map(UserId))
}

pub async fn replace(
    tx: &mut TenantTx<'_>,
    _: Granted<GoldenManage>,
    id: GoldenId,
    run: RunId,
    expected: Value,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        // Asked as of the moment of a check, the answer is that of this check's moment from now on.
        "update golden set expected = $3, run_id = $4,
                request = case when same_moment then request else jsonb_set(request, '{as_of}',
                    to_jsonb((select started_at from run where tenant_id = $1 and id = $4))) end
         where tenant_id = $1 and id = $2",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(expected)
    .bind(run.0)
    .execute(tx.conn())
    .await?;
    // What differed from the answer before does not differ from this one.
    sqlx::query(
        "update golden_check set outcome = 'same', differences = '[]' where tenant_id = $1 and golden_id = $2 and run_id = $3",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(run.0)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn remove(tx: &mut TenantTx<'_>, _: Granted<GoldenManage>, id: GoldenId) -> Result<Option<String>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar("delete from golden where tenant_id = $1 and id = $2 returning question")
        .bind(tenant.0)
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?)
}

/// Request, what is expected, and whether it is asked as of the moment it was pinned.
pub async fn asked(
    tx: &mut TenantTx<'_>,
    _: Granted<RunRead>,
    id: GoldenId,
) -> Result<Option<(Value, Value, bool)>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as("select request, expected, same_moment from golden where tenant_id = $1 and id = $2")
        .bind(tenant.0)
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?)
}

/// Keeps a check, and drops the oldest beyond those kept. One by schedule makes the next one due in its time.
pub async fn add_check(tx: &mut TenantTx<'_>, _: &Caller, id: GoldenId, check: &GoldenCheck) -> Result<()> {
    let tenant = tx.tenant();
    let outcome = serde_json::to_value(check.outcome)?;
    sqlx::query(
        "insert into golden_check (tenant_id, id, golden_id, at, scheduled, outcome, run_id, ms, differences, error)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
         where exists (select from golden where tenant_id = $1 and id = $3)",
    )
    .bind(tenant.0)
    .bind(check.id.0)
    .bind(id.0)
    .bind(check.at)
    .bind(check.scheduled)
    .bind(outcome.as_str().unwrap_or("failed"))
    .bind(check.run_id.map(|run| run.0))
    .bind(check.ms)
    .bind(serde_json::to_value(&check.differences)?)
    .bind(&check.error)
    .execute(tx.conn())
    .await?;
    if check.scheduled {
        sqlx::query(
            "update golden set due_at = $3 + make_interval(mins => every_min)
             where tenant_id = $1 and id = $2 and every_min > 0",
        )
        .bind(tenant.0)
        .bind(id.0)
        .bind(check.at)
        .execute(tx.conn())
        .await?;
    }
    sqlx::query(
        "delete from golden_check where tenant_id = $1 and golden_id = $2 and id in (
            select id from golden_check where tenant_id = $1 and golden_id = $2 order by at desc offset $3)",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(KEPT)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether this replica is the one that takes what is due; until the transaction ends no other is.
pub async fn only_one(tx: &mut SystemTx<'_>) -> Result<bool> {
    Ok(sqlx::query_scalar("select pg_try_advisory_xact_lock($1)").bind(LOCK).fetch_one(tx.conn()).await?)
}

/// Takes what is due and puts it off for a while: whoever dies over a check holds it back no longer.
pub async fn take_due(tx: &mut SystemTx<'_>, now: DateTime<Utc>, most: i64) -> Result<Vec<Due>> {
    let rows: Vec<(Uuid, Uuid, Uuid)> = sqlx::query_as(
        "update golden g set due_at = $1 + make_interval(mins => least(greatest(g.every_min, 1), $3))
         from (select tenant_id, id from golden where due_at <= $1 order by due_at limit $2) d
         where g.tenant_id = d.tenant_id and g.id = d.id
         returning g.tenant_id, g.id, g.created_by",
    )
    .bind(now)
    .bind(most)
    .bind(TAKEN_MIN)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(tenant, id, owner)| Due { tenant: TenantId(tenant), id: GoldenId(id), owner: UserId(owner) })
        .collect())
}

pub async fn unschedule(tx: &mut SystemTx<'_>, tenant: TenantId, id: GoldenId) -> Result<()> {
    sqlx::query("update golden set every_min = 0, due_at = null where tenant_id = $1 and id = $2")
        .bind(tenant.0)
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
