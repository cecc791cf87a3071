//! SQL of looking at runs: the list, one run, its steps, what two of them hold.

use chrono::{DateTime, Utc};
use model::{
    RunId, ThreadId, UserId,
    answer::AskResponse,
    perm,
    plan::{Plan, StepStatus},
    run::{RunQuery, RunStatus, RunStep, RunSummary},
};
use serde_json::Value;
use sqlx::{FromRow, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    access::Granted,
    db::TenantTx,
    error::{Error, Result},
};

type May = Granted<perm::RunRead>;

/// Runs counted for the chips above the list.
const COUNTED: i64 = 10_000;

/// A filter as the statements take it.
pub struct Filter<'a> {
    pub query: &'a RunQuery,
    /// Only runs of this person.
    pub user: Option<UserId>,
    /// The last row of the page before.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub limit: i64,
}

const SUMMARY: &str = "r.id, r.kind, r.status, r.question, r.template, r.user_id, coalesce(u.name, '') as user_name,
    r.thread_id, r.started_at, r.finished_at, r.total_ms, r.step_count, r.tokens, r.cost, r.trace_id, r.forked_from,
    r.forked_step, r.takeovers,
    (select array_agg(t.total_ms order by t.started_at) from (
        select s.total_ms, s.started_at from run s
        where s.tenant_id = r.tenant_id and md5(s.question) = md5(r.question) and s.question = r.question
          and s.kind = r.kind and s.user_id = r.user_id and s.total_ms is not null and s.started_at <= r.started_at
        order by s.started_at desc limit 30) t) as trend";

const FITS: &str = "r.tenant_id = $1 and ($2::uuid is null or r.user_id = $2)
    and ($3::timestamptz is null or r.started_at >= $3) and ($4::timestamptz is null or r.started_at < $4)
    and ($5::float8 is null or r.total_ms >= $5)
    and ($6 = '' or strpos(lower(r.question), $6) > 0 or strpos(r.template, $6) > 0 or r.trace_id = $6
         or strpos(lower(u.name), $6) > 0 or strpos(lower(u.login), $6) > 0 or r.id::text = $6)";

pub async fn list(tx: &mut TenantTx<'_>, _: May, filter: &Filter<'_>) -> Result<Vec<RunSummary>> {
    let sql = format!(
        "select {SUMMARY} from run r left join users u on u.id = r.user_id where {FITS}
         and (cardinality($7::text[]) = 0 or r.status = any($7)) and (cardinality($8::text[]) = 0 or r.kind = any($8))
         and ($9::timestamptz is null or (r.started_at, r.id) < ($9, $10))
         order by r.started_at desc, r.id desc limit $11"
    );
    let query = filter.query;
    let statuses: Vec<&str> = query.status.iter().map(|status| status.as_str()).collect();
    let rows = bind_filter(sqlx::query(sqlx::AssertSqlSafe(sql)), tx, filter)
        .bind(statuses)
        .bind(&query.kind)
        .bind(filter.after.map(|(at, _)| at))
        .bind(filter.after.map(|(_, id)| id))
        .bind(filter.limit)
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(summary).collect()
}

/// How many fit by kind and status, whatever kind and status are asked for.
pub async fn counts(
    tx: &mut TenantTx<'_>,
    _: May,
    filter: &Filter<'_>,
) -> Result<Vec<(String, String, u64)>> {
    let sql = format!(
        "select t.kind, t.status, count(*) from (
            select r.kind, r.status from run r left join users u on u.id = r.user_id where {FITS} limit $7) t
         group by t.kind, t.status order by t.kind, t.status"
    );
    let rows = bind_filter(sqlx::query(sqlx::AssertSqlSafe(sql)), tx, filter)
        .bind(COUNTED)
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            let count: i64 = row.try_get(2)?;
            Ok((row.try_get(0)?, row.try_get(1)?, u64::try_from(count).unwrap_or_default()))
        })
        .collect()
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn bind_filter<'q>(query: Query<'q>, tx: &TenantTx<'_>, filter: &Filter<'_>) -> Query<'q> {
    query
        .bind(tx.tenant().0)
        .bind(filter.user.map(|user| user.0))
        .bind(filter.query.from)
        .bind(filter.query.until)
        .bind(filter.query.min_ms)
        .bind(filter.query.text.trim().to_lowercase())
}

fn summary(row: &PgRow) -> Result<RunSummary> {
    let status: String = row.try_get("status")?;
    let whole = |n: i64| u64::try_from(n).unwrap_or_default();
    let small = |n: i32| u32::try_from(n).unwrap_or_default();
    Ok(RunSummary {
        id: RunId(row.try_get("id")?),
        kind: row.try_get("kind")?,
        status: stored_status(&status)?,
        title: row.try_get("question")?,
        template: row.try_get("template")?,
        user: UserId(row.try_get("user_id")?),
        user_name: row.try_get("user_name")?,
        thread_id: row.try_get::<Option<Uuid>, _>("thread_id")?.map(ThreadId),
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        total_ms: row.try_get("total_ms")?,
        steps: small(row.try_get("step_count")?),
        tokens: whole(row.try_get("tokens")?),
        cost: row.try_get("cost")?,
        trace_id: row.try_get("trace_id")?,
        forked_from: row.try_get::<Option<Uuid>, _>("forked_from")?.map(RunId),
        forked_step: row.try_get("forked_step")?,
        takeovers: small(row.try_get("takeovers")?),
        trend: row.try_get::<Option<Vec<f64>>, _>("trend")?.unwrap_or_default(),
    })
}

/// A status as it is stored.
pub fn stored_status(status: &str) -> Result<RunStatus> {
    status.parse().map_err(Error::Internal)
}

/// A run as it is stored.
pub struct Stored {
    pub summary: RunSummary,
    pub request: Value,
    pub plan: Option<Plan>,
    pub response: Option<AskResponse>,
    pub spent: Value,
}

/// Whether there is a run of the tenant, and of this person when `user` is given; how many steps it left.
pub async fn seen(tx: &mut TenantTx<'_>, _: May, user: Option<UserId>, id: RunId) -> Result<Option<u32>> {
    let tenant = tx.tenant();
    let steps: Option<i32> = sqlx::query_scalar(
        "select step_count from run where tenant_id = $1 and id = $2 and ($3::uuid is null or user_id = $3)",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(user.map(|user| user.0))
    .fetch_optional(tx.conn())
    .await?;
    Ok(steps.map(|steps| u32::try_from(steps).unwrap_or_default()))
}

/// A run of the tenant; only one's own when `user` is given. Its answer comes without the steps where there are many: they
/// are read page by page.
pub async fn run(tx: &mut TenantTx<'_>, _: May, user: Option<UserId>, id: RunId) -> Result<Option<Stored>> {
    let sql = format!(
        "select {SUMMARY}, r.request, r.plan, r.spent,
             case when r.step_count > $4 then r.response || '{{\"steps\": []}}' else r.response end as response
         from run r left join users u on u.id = r.user_id
         where r.tenant_id = $1 and r.id = $2 and ($3::uuid is null or r.user_id = $3)"
    );
    let tenant = tx.tenant();
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(id.0)
        .bind(user.map(|user| user.0))
        .bind(i32::try_from(super::STEPS_WITH_ANSWER).unwrap_or(i32::MAX))
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let plan: Option<Value> = row.try_get("plan")?;
    let response: Option<Value> = row.try_get("response")?;
    Ok(Some(Stored {
        summary: summary(&row)?,
        request: row.try_get("request")?,
        plan: plan.map(serde_json::from_value).transpose()?,
        response: response.map(serde_json::from_value).transpose()?,
        spent: row.try_get("spent")?,
    }))
}

/// Runs forked from one.
pub async fn forks(tx: &mut TenantTx<'_>, _: May, id: RunId) -> Result<Vec<RunId>> {
    let tenant = tx.tenant();
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from run where tenant_id = $1 and forked_from = $2 order by started_at limit 100",
    )
    .bind(tenant.0)
    .bind(id.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(RunId).collect())
}

#[derive(FromRow)]
struct StepRow {
    ord: i32,
    path: String,
    tool: String,
    label: String,
    status: String,
    started_ms: f64,
    ms: f64,
    row_count: i64,
    output_bytes: i64,
    attempts: i32,
    cached: bool,
    copied: bool,
    error: Option<String>,
    code: String,
}

const STEP: &str =
    "ord, path, tool, label, status, started_ms, ms, row_count, output_bytes, attempts, cached, copied,
    error, code";

impl StepRow {
    fn step(self) -> Result<RunStep> {
        let small = |n: i32| u32::try_from(n).unwrap_or_default();
        let whole = |n: i64| u64::try_from(n).unwrap_or_default();
        Ok(RunStep {
            ord: small(self.ord),
            status: step_status(&self.status)?,
            path: self.path,
            tool: self.tool,
            label: self.label,
            started_ms: self.started_ms,
            ms: self.ms,
            rows: whole(self.row_count),
            bytes: whole(self.output_bytes),
            attempts: small(self.attempts),
            cached: self.cached,
            copied: self.copied,
            error: self.error,
            code: self.code,
        })
    }
}

/// The status of a step as it is stored.
pub fn step_status(status: &str) -> Result<StepStatus> {
    Ok(serde_json::from_value(Value::String(status.to_owned()))?)
}

/// Steps in the order of beginning.
pub async fn steps(
    tx: &mut TenantTx<'_>,
    _: May,
    id: RunId,
    offset: u32,
    limit: u32,
) -> Result<Vec<RunStep>> {
    let tenant = tx.tenant();
    let sql = format!(
        "select {STEP} from run_step where tenant_id = $1 and run_id = $2
         order by started_ms, start_seq, ord offset $3 limit $4"
    );
    let rows: Vec<StepRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(id.0)
        .bind(i64::from(offset))
        .bind(i64::from(limit))
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(StepRow::step).collect()
}

/// How many steps there are.
pub async fn step_count(tx: &mut TenantTx<'_>, _: May, id: RunId) -> Result<u32> {
    let tenant = tx.tenant();
    let count: i64 = sqlx::query_scalar("select count(*) from run_step where tenant_id = $1 and run_id = $2")
        .bind(tenant.0)
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A step with its arguments and the hash of its output.
pub async fn step(
    tx: &mut TenantTx<'_>,
    _: May,
    id: RunId,
    path: &str,
) -> Result<Option<(RunStep, Value, Option<Vec<u8>>)>> {
    let tenant = tx.tenant();
    let sql = format!(
        "select {STEP}, args, output_hash from run_step
         where tenant_id = $1 and run_id = $2 and path = $3 order by ord desc limit 1"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(id.0)
        .bind(path)
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let step = StepRow::from_row(&row)?.step()?;
    Ok(Some((step, row.try_get("args")?, row.try_get("output_hash")?)))
}

/// A step as two runs are compared by it.
pub struct Compared {
    pub step: RunStep,
    pub args: Value,
    pub output: Option<Vec<u8>>,
}

/// The first steps of a run with what they are compared by.
pub async fn compared(tx: &mut TenantTx<'_>, _: May, id: RunId, limit: i64) -> Result<Vec<Compared>> {
    let tenant = tx.tenant();
    let sql = format!(
        "select {STEP}, args, output_hash from run_step where tenant_id = $1 and run_id = $2
         order by started_ms, start_seq, ord limit $3"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(tenant.0)
        .bind(id.0)
        .bind(limit)
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Compared {
                step: StepRow::from_row(row)?.step()?,
                args: row.try_get("args")?,
                output: row.try_get("output_hash")?,
            })
        })
        .collect()
}

/// Events of a kind.
pub async fn events(tx: &mut TenantTx<'_>, _: May, id: RunId, kind: &str) -> Result<Vec<Value>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar(
        "select payload from run_event where tenant_id = $1 and run_id = $2 and kind = $3 order by seq",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(kind)
    .fetch_all(tx.conn())
    .await?)
}

/// An output by its hash, as JSON; none when it is no longer kept.
pub async fn blob(tx: &mut TenantTx<'_>, hash: &[u8]) -> Result<Option<Value>> {
    let tenant = tx.tenant();
    let row: Option<(Vec<u8>, bool)> =
        sqlx::query_as("select bytes, deflated from run_blob where tenant_id = $1 and hash = $2")
            .bind(tenant.0)
            .bind(hash)
            .fetch_optional(tx.conn())
            .await?;
    row.map(|(bytes, deflated)| super::blob::unpack(&bytes, deflated)).transpose()
}
