//! What a person has to decide before a run goes on.

use chrono::{DateTime, Utc};
use model::{
    ApiError, ErrorCode, RunId, UserId, perm,
    perm::Role,
    run::{Approval, Decision},
};
use serde_json::json;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use super::{seen, seen_by};
use crate::{
    access::{Caller, Granted},
    app::App,
    audit::{self, Entry},
    db::{SystemTx, TenantTx},
    error::{Error, Result},
};

/// Longest reason, in characters.
const REASON_MAX: usize = 1_000;

#[derive(FromRow)]
struct Stored {
    run_id: Uuid,
    path: String,
    kind: String,
    what: String,
    who: String,
    asked_by: Uuid,
    asked_by_name: String,
    asked_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    approved: Option<bool>,
    decided_by: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    reason: String,
    status: String,
}

const APPROVAL: &str = "select a.run_id, a.path, a.kind, a.what, a.who, r.user_id as asked_by,
    coalesce(u.name, '') as asked_by_name, a.asked_at, a.expires_at, a.approved, d.name as decided_by, a.decided_at,
    a.reason, r.status
    from run_approval a join run r on r.tenant_id = a.tenant_id and r.id = a.run_id
    left join users u on u.id = r.user_id left join users d on d.id = a.decided_by";

impl Stored {
    fn shown(self, caller: &Caller) -> Result<Approval> {
        let who: Role = self.who.parse().map_err(Error::Internal)?;
        let asked_by = UserId(self.asked_by);
        let open = self.approved.is_none() && self.expires_at > Utc::now() && self.status == "waiting";
        Ok(Approval {
            run_id: RunId(self.run_id),
            step: self.path,
            may_decide: open && may_decide(caller, who, asked_by, &self.kind).is_ok(),
            kind: self.kind,
            what: self.what,
            who,
            asked_by,
            asked_by_name: self.asked_by_name,
            asked_at: self.asked_at,
            expires_at: self.expires_at,
            approved: self.approved,
            decided_by: self.decided_by.unwrap_or_default(),
            decided_at: self.decided_at,
            reason: self.reason,
        })
    }
}

/// Whoever needs a role above viewer to decide never decides about their own run; whether to go on without a failed step
/// is for the one who asked.
fn may_decide(caller: &Caller, who: Role, asked_by: UserId, kind: &str) -> Result<()> {
    if kind == "ask" {
        return if caller.user == asked_by || caller.role >= Role::Manager {
            Ok(())
        } else {
            Err(forbidden(who))
        };
    }
    caller.grant::<perm::ApprovalDecide>()?;
    if caller.role < who {
        return Err(forbidden(who));
    }
    if caller.user == asked_by {
        return Err(ApiError::new(
            ErrorCode::Forbidden,
            "자기가 시작한 실행은 스스로 승인할 수 없습니다",
            "nobody decides about a run of their own",
        )
        .with_hint("다른 사람에게 승인을 요청하세요", "ask somebody else to decide")
        .into());
    }
    Ok(())
}

fn forbidden(who: Role) -> Error {
    let who = who.as_str();
    ApiError::new(
        ErrorCode::Forbidden,
        "이 결정을 할 권한이 없습니다",
        "you do not have the right to decide this",
    )
    .with_hint(format!("{who} 역할이 필요합니다"), format!("the role {who} is needed"))
    .into()
}

/// What waits for a decision, or was decided lately; newest first, at most 200.
pub async fn approvals(app: &App, caller: &Caller, decided: bool) -> Result<Vec<Approval>> {
    caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let tenant = tx.tenant();
    // Whoever may decide has to see what there is to decide, whose run it may be.
    let only = seen_by(caller).filter(|_| caller.grant::<perm::ApprovalDecide>().is_err());
    let rows: Vec<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{APPROVAL} where a.tenant_id = $1 and ($2::uuid is null or r.user_id = $2)
         and (a.approved is not null) = $3 and ($3 or r.status = 'waiting') order by a.asked_at desc limit 200"
    )))
    .bind(tenant.0)
    .bind(only.map(|user| user.0))
    .bind(decided)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| row.shown(caller)).collect()
}

/// All decisions of a run.
pub async fn of_run(
    tx: &mut TenantTx<'_>,
    _: Granted<perm::RunRead>,
    caller: &Caller,
    id: RunId,
) -> Result<Vec<Approval>> {
    let tenant = tx.tenant();
    let rows: Vec<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{APPROVAL} where a.tenant_id = $1 and a.run_id = $2 order by a.asked_at"
    )))
    .bind(tenant.0)
    .bind(id.0)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| row.shown(caller)).collect()
}

async fn one(tx: &mut TenantTx<'_>, caller: &Caller, id: RunId, step: &str) -> Result<Option<Approval>> {
    let tenant = tx.tenant();
    let row: Option<Stored> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{APPROVAL} where a.tenant_id = $1 and a.run_id = $2 and a.path = $3"
    )))
    .bind(tenant.0)
    .bind(id.0)
    .bind(step)
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| row.shown(caller)).transpose()
}

/// Decides and sets the run free to be taken up by any server.
pub(crate) async fn decide(
    app: &App,
    caller: &Caller,
    id: RunId,
    step: &str,
    decision: Decision,
) -> Result<Approval> {
    let may = caller.grant::<perm::RunRead>()?;
    let reason = decision.reason.trim();
    if !decision.approve && reason.is_empty() {
        return Err(Error::invalid("reason", "거절하는 이유를 적으세요", "say why it is denied"));
    }
    if reason.chars().count() > REASON_MAX {
        return Err(Error::invalid(
            "reason",
            format!("이유는 {REASON_MAX}자를 넘을 수 없습니다"),
            format!("a reason has at most {REASON_MAX} characters"),
        ));
    }
    let mut tx = app.db.tenant(caller).await?;
    if caller.grant::<perm::ApprovalDecide>().is_err() {
        // Who may decide nothing sees only what is their own.
        seen(&mut tx, may, caller, id).await?;
    }
    let approval = one(&mut tx, caller, id, step).await?.ok_or_else(|| missing(step))?;
    may_decide(caller, approval.who, approval.asked_by, &approval.kind)?;
    let tenant = tx.tenant();
    let done = sqlx::query(
        "update run_approval set approved = $4, decided_by = $5, decided_at = now(), reason = $6
         where tenant_id = $1 and run_id = $2 and path = $3 and approved is null and expires_at > now()
           and exists (select 1 from run where tenant_id = $1 and id = $2 and status = 'waiting')",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(step)
    .bind(decision.approve)
    .bind(caller.user.0)
    .bind(reason)
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 {
        return Err(ApiError::new(
            ErrorCode::Conflict,
            "이미 결정되었거나 기한이 지났습니다",
            "it was decided before, or its time has passed",
        )
        .into());
    }
    free(tx.conn(), tenant.0, id.0).await?;
    let entry = Entry::by(caller, "approval.decide", format!("run/{id}/{step}"))
        .after(json!({ "approved": decision.approve, "reason": reason, "what": approval.what }));
    audit::record(tx.conn(), entry).await?;
    let approval = one(&mut tx, caller, id, step).await?.ok_or_else(|| missing(step))?;
    tx.commit().await?;
    Ok(approval)
}

/// A waiting run is at work again as soon as some server takes it up.
async fn free(conn: &mut sqlx::PgConnection, tenant: Uuid, id: Uuid) -> Result<()> {
    sqlx::query(
        "update run set status = 'running', locked_by = null, locked_until = now()
         where tenant_id = $1 and id = $2 and status = 'waiting'",
    )
    .bind(tenant)
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// Denies what nobody decided in time.
pub(super) async fn expire(tx: &mut SystemTx<'_>) -> Result<u64> {
    let rows = sqlx::query(
        "update run_approval set approved = false, decided_at = now()
         where approved is null and expires_at <= now() returning tenant_id, run_id",
    )
    .fetch_all(tx.conn())
    .await?;
    for row in &rows {
        free(tx.conn(), row.try_get("tenant_id")?, row.try_get("run_id")?).await?;
    }
    Ok(rows.len() as u64)
}

fn missing(step: &str) -> Error {
    Error::not_found(
        format!("단계 {step}에는 결정할 것이 없습니다"),
        format!("there is nothing to decide about the step {step}"),
    )
}
