//! SQL of conversations.

use chrono::{DateTime, Utc};
use model::{
    RunId, ThreadId, UserId,
    answer::{AnswerBlock, AskResponse},
    chat::{ThreadSummary, Turn},
    perm,
};
use sqlx::Row;
use uuid::Uuid;

use crate::{access::Granted, db::TenantTx, error::Result};

type May = Granted<perm::ChatUse>;

pub async fn threads(
    tx: &mut TenantTx<'_>,
    _: May,
    user: UserId,
    search: &str,
) -> Result<Vec<ThreadSummary>> {
    let tenant = tx.tenant();
    let rows = sqlx::query(
        "select t.id, t.title, t.updated_at, count(r.id) as questions,
                (array_agg(r.response order by r.started_at desc))[1] as last
         from chat_thread t left join run r on r.tenant_id = t.tenant_id and r.thread_id = t.id
         where t.tenant_id = $1 and t.user_id = $2 and t.deleted_at is null
           and ($3 = '' or strpos(lower(t.title), lower($3)) > 0 or exists (
                select from run s where s.tenant_id = t.tenant_id and s.thread_id = t.id
                and (strpos(lower(s.question), lower($3)) > 0 or strpos(lower(s.response->>'answer'), lower($3)) > 0)))
         group by t.tenant_id, t.id, t.title, t.updated_at
         order by t.updated_at desc limit 200",
    )
    .bind(tenant.0)
    .bind(user.0)
    .bind(search)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let last: Option<serde_json::Value> = row.try_get("last")?;
            Ok(ThreadSummary {
                id: ThreadId(row.try_get("id")?),
                title: row.try_get("title")?,
                questions: u32::try_from(row.try_get::<i64, _>("questions")?).unwrap_or(u32::MAX),
                blocks: last
                    .and_then(|value| serde_json::from_value::<AskResponse>(value).ok())
                    .map(|response| count_blocks(&response.blocks))
                    .unwrap_or_default(),
                updated_at: row.try_get("updated_at")?,
            })
        })
        .collect()
}

fn count_blocks(blocks: &[AnswerBlock]) -> Vec<(String, u32)> {
    let mut counts: Vec<(String, u32)> = Vec::new();
    for block in blocks {
        let name = match block {
            AnswerBlock::Text { .. } => continue,
            AnswerBlock::Number { .. } => "number",
            AnswerBlock::Table { .. } => "table",
            AnswerBlock::Chart { .. } => "chart",
            AnswerBlock::Topology { .. } => "topology",
            AnswerBlock::Timeline { .. } => "timeline",
            AnswerBlock::Hypotheses { .. } => "hypotheses",
        };
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, n)) => *n += 1,
            None => counts.push((name.to_owned(), 1)),
        }
    }
    counts
}

pub async fn title(tx: &mut TenantTx<'_>, _: May, user: UserId, id: ThreadId) -> Result<Option<String>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar(
        "select title from chat_thread where tenant_id = $1 and id = $2 and user_id = $3 and deleted_at is null",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(user.0)
    .fetch_optional(tx.conn())
    .await?)
}

pub async fn turns(tx: &mut TenantTx<'_>, id: ThreadId) -> Result<Vec<Turn>> {
    let tenant = tx.tenant();
    let rows: Vec<(Uuid, String, DateTime<Utc>, Option<serde_json::Value>)> = sqlx::query_as(
        "select id, question, started_at, response from run
         where tenant_id = $1 and thread_id = $2 order by started_at, id",
    )
    .bind(tenant.0)
    .bind(id.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(run, question, asked_at, response)| Turn {
            run_id: RunId(run),
            question,
            asked_at,
            answer: response.and_then(|value| serde_json::from_value(value).ok()),
        })
        .collect())
}

pub async fn create(tx: &mut TenantTx<'_>, _: May, user: UserId, id: ThreadId, title: &str) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query("insert into chat_thread (tenant_id, id, user_id, title) values ($1, $2, $3, $4)")
        .bind(tenant.0)
        .bind(id.0)
        .bind(user.0)
        .bind(title)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub async fn touch(tx: &mut TenantTx<'_>, _: May, user: UserId, id: ThreadId) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update chat_thread set updated_at = now()
         where tenant_id = $1 and id = $2 and user_id = $3 and deleted_at is null",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(user.0)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn rename(
    tx: &mut TenantTx<'_>,
    _: May,
    user: UserId,
    id: ThreadId,
    title: &str,
    by_hand: bool,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update chat_thread set title = $4, titled_by_hand = $5
         where tenant_id = $1 and id = $2 and user_id = $3 and deleted_at is null and ($5 or not titled_by_hand)",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(user.0)
    .bind(title)
    .bind(by_hand)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_deleted(
    tx: &mut TenantTx<'_>,
    _: May,
    user: UserId,
    id: ThreadId,
    deleted: bool,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update chat_thread set deleted_at = case when $4 then now() end
         where tenant_id = $1 and id = $2 and user_id = $3 and (deleted_at is null) = $4",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(user.0)
    .bind(deleted)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
