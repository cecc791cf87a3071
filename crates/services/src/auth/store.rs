//! SQL of signing in. Everything here works before or beside a tenant, so it takes the system's transaction.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, Utc};
use model::{SessionId, TenantId, UserId};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::{db::SystemTx, error::Result};

/// One start at a time makes the first administrator.
const SETUP_LOCK: i64 = 0x0074_6f62_6975;

/// A person about to sign in.
#[derive(Debug, FromRow)]
pub(super) struct Person {
    pub id: Uuid,
    pub login: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A place of a person in a tenant.
#[derive(Debug, FromRow)]
pub(super) struct Member {
    pub tenant_id: Uuid,
    pub tenant_name: String,
    pub role: String,
}

/// What a session gives its holder at this moment.
#[derive(Debug, FromRow)]
pub(super) struct Standing {
    pub login: String,
    pub lang: String,
    pub role: String,
}

/// A presented refresh token with its session.
#[derive(Debug, FromRow)]
pub(super) struct Presented {
    pub tenant_id: Uuid,
    pub session_id: Uuid,
    pub token_generation: i32,
    pub token_expires_at: DateTime<Utc>,
    pub generation: i32,
    pub rotated_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub user_id: Uuid,
    pub login: String,
    pub name: String,
    pub disabled_at: Option<DateTime<Utc>>,
    pub tenant_name: String,
    pub role: String,
}

/// A session to be stored.
pub(super) struct NewSession<'a> {
    pub id: SessionId,
    pub tenant: TenantId,
    pub user: UserId,
    pub address: &'a str,
    pub user_agent: &'a str,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn lock_setup(conn: &mut PgConnection) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock($1)").bind(SETUP_LOCK).execute(conn).await?;
    Ok(())
}

pub(super) async fn has_admin(conn: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar("select exists (select 1 from memberships where role = 'admin')")
        .fetch_one(conn)
        .await?)
}

pub(super) async fn add_setup_token(
    tx: &mut SystemTx<'_>,
    hash: &[u8],
    expires_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("insert into setup_tokens (hash, expires_at) values ($1, $2)")
        .bind(hash)
        .bind(expires_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// When the token of this hash runs out; none where there is no such token.
pub(super) async fn setup_token(tx: &mut SystemTx<'_>, hash: &[u8]) -> Result<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar("select expires_at from setup_tokens where hash = $1")
        .bind(hash)
        .fetch_optional(tx.conn())
        .await?)
}

pub(super) async fn drop_setup_tokens(tx: &mut SystemTx<'_>) -> Result<()> {
    sqlx::query("delete from setup_tokens").execute(tx.conn()).await?;
    Ok(())
}

pub(super) async fn add_user(
    tx: &mut SystemTx<'_>,
    id: UserId,
    login: &str,
    name: &str,
    password_hash: &str,
) -> Result<()> {
    sqlx::query("insert into users (id, login, name, password_hash) values ($1, $2, $3, $4)")
        .bind(id.0)
        .bind(login)
        .bind(name)
        .bind(password_hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn person(tx: &mut SystemTx<'_>, login: &str) -> Result<Option<Person>> {
    Ok(sqlx::query_as(
        "select id, login, name, password_hash, disabled_at from users where lower(login) = lower($1)",
    )
    .bind(login)
    .fetch_optional(tx.conn())
    .await?)
}

pub(super) async fn set_password_hash(tx: &mut SystemTx<'_>, user: Uuid, hash: &str) -> Result<()> {
    sqlx::query("update users set password_hash = $2 where id = $1")
        .bind(user)
        .bind(hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The tenant a person signs in to: the one joined first.
pub(super) async fn first_membership(tx: &mut SystemTx<'_>, user: Uuid) -> Result<Option<Member>> {
    Ok(sqlx::query_as(
        "select m.tenant_id, t.name as tenant_name, m.role
         from memberships m join tenants t on t.id = m.tenant_id
         where m.user_id = $1 order by m.created_at, m.tenant_id limit 1",
    )
    .bind(user)
    .fetch_optional(tx.conn())
    .await?)
}

/// The administrator of a tenant who was there first.
pub(super) async fn first_admin(tx: &mut SystemTx<'_>, tenant: TenantId) -> Result<Option<(Uuid, String)>> {
    Ok(sqlx::query_as(
        "select u.id, u.login from memberships m join users u on u.id = m.user_id
         where m.tenant_id = $1 and m.role = 'admin' and u.disabled_at is null
         order by m.created_at, u.id limit 1",
    )
    .bind(tenant.0)
    .fetch_optional(tx.conn())
    .await?)
}

/// Whether the account was signed in from this address before.
pub(super) async fn knows_address(tx: &mut SystemTx<'_>, user: Uuid, address: &str) -> Result<bool> {
    Ok(sqlx::query_scalar("select exists (select 1 from sessions where user_id = $1 and address = $2)")
        .bind(user)
        .bind(address)
        .fetch_one(tx.conn())
        .await?)
}

pub(super) async fn add_session(tx: &mut SystemTx<'_>, session: NewSession<'_>) -> Result<()> {
    sqlx::query(
        "insert into sessions (tenant_id, id, user_id, address, user_agent, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(session.tenant.0)
    .bind(session.id.0)
    .bind(session.user.0)
    .bind(session.address)
    .bind(session.user_agent)
    .bind(session.now)
    .bind(session.expires_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn add_refresh_token(
    tx: &mut SystemTx<'_>,
    (tenant, session): (TenantId, SessionId),
    generation: i32,
    hash: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "insert into refresh_tokens (tenant_id, id, session_id, generation, hash, issued_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(tenant.0)
    .bind(Uuid::now_v7())
    .bind(session.0)
    .bind(generation)
    .bind(hash)
    .bind(now)
    .bind(expires_at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The session of a refresh token, locked until the end of the transaction: two exchanges at once happen one after the other.
pub(super) async fn presented(tx: &mut SystemTx<'_>, hash: &[u8]) -> Result<Option<Presented>> {
    Ok(sqlx::query_as(
        "select s.tenant_id, s.id as session_id, r.generation as token_generation, r.expires_at as token_expires_at,
                s.generation, s.rotated_at, s.expires_at, s.revoked_at,
                u.id as user_id, u.login, u.name, u.disabled_at, t.name as tenant_name, m.role
         from refresh_tokens r
         join sessions s on s.tenant_id = r.tenant_id and s.id = r.session_id
         join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
         join users u on u.id = s.user_id
         join tenants t on t.id = s.tenant_id
         where r.hash = $1
         for update of s",
    )
    .bind(hash)
    .fetch_optional(tx.conn())
    .await?)
}

/// Raises the generation of a session: every token of an older one is spent.
pub(super) async fn rotate(
    tx: &mut SystemTx<'_>,
    tenant: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "update sessions set generation = generation + 1, rotated_at = $3, seen_at = $3 where tenant_id = $1 and id = $2",
    )
    .bind(tenant)
    .bind(session)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends a session; false where it had ended.
pub(super) async fn revoke(
    tx: &mut SystemTx<'_>,
    (tenant, session): (TenantId, SessionId),
    why: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query(
        "update sessions set revoked_at = $3, revoked_why = $4 where tenant_id = $1 and id = $2 and revoked_at is null",
    )
    .bind(tenant.0)
    .bind(session.0)
    .bind(now)
    .bind(why)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What the session gives at this moment; none where it has ended, or the person or the membership is gone.
pub(super) async fn standing(
    tx: &mut SystemTx<'_>,
    (tenant, session): (TenantId, SessionId),
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<Standing>> {
    Ok(sqlx::query_as(
        "select u.login, u.lang, m.role
         from sessions s
         join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
         join users u on u.id = s.user_id
         where s.tenant_id = $1 and s.id = $2 and s.user_id = $3
           and s.revoked_at is null and s.expires_at > $4 and u.disabled_at is null",
    )
    .bind(tenant.0)
    .bind(session.0)
    .bind(user.0)
    .bind(now)
    .fetch_optional(tx.conn())
    .await?)
}

/// Of sessions, given as tenants, sessions and people side by side, those that still stand.
pub(super) async fn still_standing(
    tx: &mut SystemTx<'_>,
    (tenants, sessions, users): (Vec<Uuid>, Vec<Uuid>, Vec<Uuid>),
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>> {
    let standing: Vec<Uuid> = sqlx::query_scalar(
        "select s.id
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (tenant_id, id, user_id)
         join sessions s on s.tenant_id = k.tenant_id and s.id = k.id and s.user_id = k.user_id
         join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
         join users u on u.id = s.user_id
         where s.revoked_at is null and s.expires_at > $4 and u.disabled_at is null",
    )
    .bind(tenants)
    .bind(sessions)
    .bind(users)
    .bind(now)
    .fetch_all(tx.conn())
    .await?;
    Ok(standing.into_iter().collect())
}

/// What membership gives a person at this moment; none where the membership is gone or the person is disabled.
pub(super) async fn member(
    tx: &mut SystemTx<'_>,
    tenant: TenantId,
    user: UserId,
) -> Result<Option<Standing>> {
    Ok(sqlx::query_as(
        "select u.login, u.lang, m.role from memberships m join users u on u.id = m.user_id
         where m.tenant_id = $1 and m.user_id = $2 and u.disabled_at is null",
    )
    .bind(tenant.0)
    .bind(user.0)
    .fetch_optional(tx.conn())
    .await?)
}

pub(super) async fn blocked_until(tx: &mut SystemTx<'_>, key: &[u8]) -> Result<Option<DateTime<Utc>>> {
    let row: Option<Option<DateTime<Utc>>> =
        sqlx::query_scalar("select blocked_until from sign_in_failures where key = $1")
            .bind(key)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.flatten())
}

/// Counts a failure and gives the number so far; one whose last failure is older than `since` begins anew.
pub(super) async fn count_failure(
    tx: &mut SystemTx<'_>,
    key: &[u8],
    now: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<i32> {
    Ok(sqlx::query_scalar(
        "insert into sign_in_failures as f (key, failures, last_at) values ($1, 1, $2)
         on conflict (key) do update
         set failures = case when f.last_at < $3 then 1 else f.failures + 1 end, last_at = $2, blocked_until = null
         returning failures",
    )
    .bind(key)
    .bind(now)
    .bind(since)
    .fetch_one(tx.conn())
    .await?)
}

pub(super) async fn block(tx: &mut SystemTx<'_>, key: &[u8], until: DateTime<Utc>) -> Result<()> {
    sqlx::query("update sign_in_failures set blocked_until = $2 where key = $1")
        .bind(key)
        .bind(until)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn forget_failures(tx: &mut SystemTx<'_>, key: &[u8]) -> Result<()> {
    sqlx::query("delete from sign_in_failures where key = $1").bind(key).execute(tx.conn()).await?;
    Ok(())
}

/// Takes one failure back, and the block where the count is below its limit again.
pub(super) async fn take_back_failure(tx: &mut SystemTx<'_>, key: &[u8], limit: i32) -> Result<()> {
    sqlx::query(
        "update sign_in_failures
         set failures = greatest(failures - 1, 0), blocked_until = case when failures - 1 < $2 then null else blocked_until end
         where key = $1",
    )
    .bind(key)
    .bind(limit)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes what has expired: sessions after `keep` (they tell known addresses), the rest at once.
pub(super) async fn sweep(tx: &mut SystemTx<'_>, now: DateTime<Utc>, keep: Duration) -> Result<u64> {
    let keep = chrono::Duration::from_std(keep).unwrap_or(chrono::Duration::days(30));
    let mut gone = 0;
    for (statement, before) in [
        ("delete from sessions where expires_at < $1", now - keep),
        // A spent token is kept as long as its session lives: it is how a stolen one is found.
        (
            "delete from refresh_tokens r using sessions s
             where s.tenant_id = r.tenant_id and s.id = r.session_id and s.expires_at < $1",
            now,
        ),
        ("delete from sign_in_failures where last_at < $1", now - chrono::Duration::days(1)),
        ("delete from setup_tokens where expires_at < $1", now),
    ] {
        gone += sqlx::query(statement).bind(before).execute(tx.conn()).await?.rows_affected();
    }
    Ok(gone)
}

/// Names of the person and the tenant of a caller, under row-level security.
pub(super) async fn names(tx: &mut crate::db::TenantTx<'_>, user: UserId) -> Result<(String, String)> {
    Ok(sqlx::query_as(
        "select u.name, t.name from users u cross join tenants t where u.id = $1 and t.id = $2",
    )
    .bind(user.0)
    .bind(tx.tenant().0)
    .fetch_one(tx.conn())
    .await?)
}
