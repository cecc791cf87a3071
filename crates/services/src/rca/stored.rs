//! SQL of templates and their versions.

use chrono::{DateTime, Utc};
use model::{
    CiId,
    perm::{EstateRead, RcaEdit},
    rca::{RcaTemplateSummary, RcaTemplateVersion, Template},
};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    access::{Caller, Granted},
    db::TenantTx,
    error::Result,
};

/// Versions shown of one template.
const SHOWN: i64 = 200;

/// A version about to be kept.
pub struct NewVersion<'a> {
    pub key: &'a str,
    pub version: u32,
    pub body: Value,
    pub reason: String,
    pub of: Option<u32>,
}

#[derive(sqlx::FromRow)]
struct Row {
    key: String,
    latest: i32,
    active: Option<i32>,
    newest: Json<Template>,
    used: Option<Json<Template>>,
    by_name: String,
    at: DateTime<Utc>,
}

impl Row {
    fn summary(self) -> RcaTemplateSummary {
        let newest = self.newest.0;
        let applies = self.used.map_or(newest.applies, |used| used.0.applies);
        RcaTemplateSummary {
            key: self.key,
            name: newest.name,
            latest: self.latest.unsigned_abs(),
            active: self.active.map(i32::unsigned_abs),
            applies,
            built_in: false,
            by: self.by_name,
            at: Some(self.at),
        }
    }
}

/// The statement that reads templates with their newest version and the one in force; `$tail` says which.
macro_rules! summaries {
    ($tail:literal) => {
        concat!(
            "select t.key, t.latest, t.active, n.body as newest, a.body as used, n.by_name, n.at
             from rca_template t
             join rca_template_version n on n.tenant_id = t.tenant_id and n.key = t.key and n.version = t.latest
             left join rca_template_version a on a.tenant_id = t.tenant_id and a.key = t.key and a.version = t.active
             where t.tenant_id = $1 ",
            $tail
        )
    };
}

fn int(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

pub async fn list(tx: &mut TenantTx<'_>, _: Granted<EstateRead>) -> Result<Vec<RcaTemplateSummary>> {
    let tenant = tx.tenant();
    let rows: Vec<Row> =
        sqlx::query_as(summaries!("order by t.key")).bind(tenant.0).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(Row::summary).collect())
}

pub async fn summary(
    tx: &mut TenantTx<'_>,
    _: Granted<EstateRead>,
    key: &str,
) -> Result<Option<RcaTemplateSummary>> {
    let tenant = tx.tenant();
    let row: Option<Row> = sqlx::query_as(summaries!("and t.key = $2"))
        .bind(tenant.0)
        .bind(key)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(Row::summary))
}

/// A version.
pub async fn body(
    tx: &mut TenantTx<'_>,
    _: Granted<EstateRead>,
    key: &str,
    version: u32,
) -> Result<Option<Template>> {
    let tenant = tx.tenant();
    let body: Option<Json<Template>> = sqlx::query_scalar(
        "select body from rca_template_version where tenant_id = $1 and key = $2 and version = $3",
    )
    .bind(tenant.0)
    .bind(key)
    .bind(int(version))
    .fetch_optional(tx.conn())
    .await?;
    Ok(body.map(|body| body.0))
}

/// The versions in force, by key.
pub async fn active(tx: &mut TenantTx<'_>, _: Granted<EstateRead>) -> Result<Vec<(Template, u32)>> {
    let tenant = tx.tenant();
    let rows: Vec<(Json<Template>, i32)> = sqlx::query_as(
        "select v.body, v.version from rca_template t
         join rca_template_version v on v.tenant_id = t.tenant_id and v.key = t.key and v.version = t.active
         where t.tenant_id = $1 order by t.key",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(body, version)| (body.0, version.unsigned_abs())).collect())
}

/// Keys of the metrics measured on some items, or on any.
pub async fn measured(tx: &mut TenantTx<'_>, _: Granted<EstateRead>, items: &[CiId]) -> Result<Vec<String>> {
    let tenant = tx.tenant();
    let items: Vec<Uuid> = items.iter().map(|id| id.0).collect();
    Ok(sqlx::query_scalar(
        "select distinct metric from series
         where tenant_id = $1 and (cardinality($2::uuid[]) = 0 or ci_id = any ($2) or peer_id = any ($2))",
    )
    .bind(tenant.0)
    .bind(items)
    .fetch_all(tx.conn())
    .await?)
}

/// Version, who made it, when, why, and the version it was taken back to.
type VersionRow = (i32, String, DateTime<Utc>, String, Option<i32>);

/// Versions, newest first.
pub async fn versions(
    tx: &mut TenantTx<'_>,
    _: Granted<EstateRead>,
    key: &str,
) -> Result<Vec<RcaTemplateVersion>> {
    let tenant = tx.tenant();
    let rows: Vec<VersionRow> = sqlx::query_as(
        "select version, by_name, at, reason, of_version from rca_template_version
         where tenant_id = $1 and key = $2 order by version desc limit $3",
    )
    .bind(tenant.0)
    .bind(key)
    .bind(SHOWN)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(version, by, at, reason, of)| RcaTemplateVersion {
            version: version.unsigned_abs(),
            by,
            at,
            reason,
            of: of.map(i32::unsigned_abs),
        })
        .collect())
}

pub async fn count(tx: &mut TenantTx<'_>, _: Granted<RcaEdit>) -> Result<i64> {
    let tenant = tx.tenant();
    Ok(sqlx::query_scalar("select count(*) from rca_template where tenant_id = $1")
        .bind(tenant.0)
        .fetch_one(tx.conn())
        .await?)
}

/// A template that is new; false when its key is taken.
pub async fn create(tx: &mut TenantTx<'_>, _: Granted<RcaEdit>, key: &str) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "insert into rca_template (tenant_id, key, latest) values ($1, $2, 1) on conflict (tenant_id, key) do nothing",
    )
    .bind(tenant.0)
    .bind(key)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The next version after `base`; none when that is not the newest one.
pub async fn advance(
    tx: &mut TenantTx<'_>,
    _: Granted<RcaEdit>,
    key: &str,
    base: u32,
) -> Result<Option<u32>> {
    let tenant = tx.tenant();
    let next: Option<i32> = sqlx::query_scalar(
        "update rca_template set latest = latest + 1 where tenant_id = $1 and key = $2 and latest = $3 returning latest",
    )
    .bind(tenant.0)
    .bind(key)
    .bind(int(base))
    .fetch_optional(tx.conn())
    .await?;
    Ok(next.map(i32::unsigned_abs))
}

/// Keeps a version.
pub async fn add(
    tx: &mut TenantTx<'_>,
    _: Granted<RcaEdit>,
    caller: &Caller,
    new: &NewVersion<'_>,
) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "insert into rca_template_version (tenant_id, key, version, body, reason, of_version, by_name)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(tenant.0)
    .bind(new.key)
    .bind(int(new.version))
    .bind(&new.body)
    .bind(&new.reason)
    .bind(new.of.map(int))
    .bind(&caller.login)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a version in force; false when there is no such template.
pub async fn activate(
    tx: &mut TenantTx<'_>,
    _: Granted<RcaEdit>,
    key: &str,
    version: Option<u32>,
) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query("update rca_template set active = $3 where tenant_id = $1 and key = $2")
        .bind(tenant.0)
        .bind(key)
        .bind(version.map(int))
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn remove(tx: &mut TenantTx<'_>, _: Granted<RcaEdit>, key: &str) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query("delete from rca_template where tenant_id = $1 and key = $2")
        .bind(tenant.0)
        .bind(key)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}
