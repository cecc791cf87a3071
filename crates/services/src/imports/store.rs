//! All SQL of the slice.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use model::{
    ImportId, Localized, TenantId, UploadId, UserId,
    imports::{ImportCounts, ImportState, ImportStatus, Mapping, Reject},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    db::{SystemTx, TenantTx},
    error::{Error, Result},
};

/// Rejected rows a status carries.
pub(super) const SHOWN: i64 = 200;

/// A file that waits.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub id: UploadId,
    pub name: String,
    pub bytes: u64,
    pub preview: Preview,
    pub codes: Vec<String>,
    pub ids: Vec<String>,
}

/// The first look at a file, as it is kept.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Preview {
    pub columns: Vec<String>,
    pub sample: Vec<Vec<String>>,
    pub rows: u64,
    #[serde(default)]
    pub estimated: bool,
    pub problem: Option<Localized>,
}

type UploadRow = (Uuid, String, i64, Json<Preview>, Vec<String>, Vec<String>);

/// The files of a person, oldest first.
pub(super) async fn uploads(tx: &mut TenantTx<'_>, user: UserId) -> Result<Vec<Upload>> {
    let tenant = tx.tenant();
    let rows: Vec<UploadRow> = sqlx::query_as(
        "SELECT id, name, bytes, preview, codes, ids FROM upload
         WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at, name",
    )
    .bind(tenant.0)
    .bind(user.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name, bytes, Json(preview), codes, ids)| Upload {
            id: UploadId(id),
            name,
            bytes: bytes.unsigned_abs(),
            preview,
            codes,
            ids,
        })
        .collect())
}

/// Number and bytes of the files of a person.
pub(super) async fn upload_totals(tx: &mut TenantTx<'_>, user: UserId) -> Result<(u64, u64)> {
    let tenant = tx.tenant();
    let (files, bytes): (i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(bytes), 0)::int8 FROM upload WHERE tenant_id = $1 AND user_id = $2",
    )
    .bind(tenant.0)
    .bind(user.0)
    .fetch_one(tx.conn())
    .await?;
    Ok((files.unsigned_abs(), bytes.unsigned_abs()))
}

/// Notes a file; gives the one of the same name it takes the place of.
pub(super) async fn add_upload(
    tx: &mut TenantTx<'_>,
    user: UserId,
    upload: &Upload,
) -> Result<Option<UploadId>> {
    let tenant = tx.tenant();
    let old: Option<Uuid> = sqlx::query_scalar(
        "DELETE FROM upload WHERE tenant_id = $1 AND user_id = $2 AND name = $3 RETURNING id",
    )
    .bind(tenant.0)
    .bind(user.0)
    .bind(&upload.name)
    .fetch_optional(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO upload (tenant_id, id, user_id, name, bytes, preview, codes, ids)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tenant.0)
    .bind(upload.id.0)
    .bind(user.0)
    .bind(&upload.name)
    .bind(i64::try_from(upload.bytes).unwrap_or(i64::MAX))
    .bind(Json(&upload.preview))
    .bind(&upload.codes)
    .bind(&upload.ids)
    .execute(tx.conn())
    .await?;
    Ok(old.map(UploadId))
}

/// Forgets a file; says whether it was there.
pub(super) async fn remove_upload(tx: &mut TenantTx<'_>, user: UserId, id: UploadId) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query("DELETE FROM upload WHERE tenant_id = $1 AND user_id = $2 AND id = $3")
        .bind(tenant.0)
        .bind(user.0)
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Codes, identifiers, names and kinds of the items there are, for guessing.
pub(super) async fn items_for_guessing(
    tx: &mut TenantTx<'_>,
) -> Result<Vec<(String, Option<String>, String, String)>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "SELECT code, external_id, name, kind FROM ci WHERE tenant_id = $1 ORDER BY code LIMIT 50000",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?)
}

/// Takes the lock of the imports of a tenant until the transaction ends; false when an import is at work.
pub(super) async fn lock(conn: &mut PgConnection, tenant: TenantId) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtextextended('import of ' || $1, 0))")
        .bind(tenant.to_string())
        .fetch_one(conn)
        .await?)
}

/// An import to be begun.
pub(super) struct NewImport<'a> {
    pub id: ImportId,
    pub name: &'a str,
    pub demo: bool,
    pub mapping: Option<&'a Mapping>,
    pub by: &'a str,
    pub at: DateTime<Utc>,
}

/// Notes that an import began.
pub(super) async fn begin(tx: &mut TenantTx<'_>, import: &NewImport<'_>) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO import (tenant_id, id, name, demo, state, mapping, started_by, started_at, seen_at)
         VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $7)",
    )
    .bind(tenant.0)
    .bind(import.id.0)
    .bind(import.name)
    .bind(import.demo)
    .bind(import.mapping.map(Json))
    .bind(import.by)
    .bind(import.at)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes how an import stands; says who asked to cancel it, where somebody has.
pub(super) async fn save(tx: &mut TenantTx<'_>, status: &ImportStatus) -> Result<Option<String>> {
    let tenant = tx.tenant();
    let asked: Option<Option<String>> = sqlx::query_scalar(
        "UPDATE import SET state = $3, file = $4, progress = $5, counts = $6, message = $7, finished_at = $8, seen_at = $9
         WHERE tenant_id = $1 AND id = $2 RETURNING cancel_asked_by",
    )
    .bind(tenant.0)
    .bind(status.id.0)
    .bind(word(status.state))
    .bind(&status.file)
    .bind(status.progress)
    .bind(Json(status.counts))
    .bind(status.message.as_ref().map(Json))
    .bind(status.finished_at)
    .bind(Utc::now())
    .fetch_optional(tx.conn())
    .await?;
    Ok(asked.flatten())
}

/// Asks whoever works on an import to end it; false where nobody says to be at work on it.
pub(super) async fn ask_to_cancel(tx: &mut TenantTx<'_>, id: ImportId, by: &str) -> Result<bool> {
    let tenant = tx.tenant();
    let done = sqlx::query(
        "UPDATE import SET cancel_asked_at = coalesce(cancel_asked_at, $4), cancel_asked_by = coalesce(cancel_asked_by, $3)
         WHERE tenant_id = $1 AND id = $2 AND state = 'running'",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(by)
    .bind(Utc::now())
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds rejected rows behind the `from` there are.
pub(super) async fn add_rejects(
    tx: &mut TenantTx<'_>,
    id: ImportId,
    from: usize,
    rejects: &[Reject],
) -> Result<()> {
    let tenant = tx.tenant();
    let place = |i: usize| i32::try_from(from + i).unwrap_or(i32::MAX);
    sqlx::query(
        "INSERT INTO import_reject (tenant_id, import_id, seq, file, line, field, value, reason, label)
         SELECT $1, $2, x.* FROM unnest($3::int4[], $4::text[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::jsonb[]) AS x",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind((0..rejects.len()).map(place).collect::<Vec<_>>())
    .bind(rejects.iter().map(|r| r.file.clone()).collect::<Vec<_>>())
    .bind(rejects.iter().map(|r| i64::try_from(r.line).unwrap_or(i64::MAX)).collect::<Vec<_>>())
    .bind(rejects.iter().map(|r| r.field.replace('\0', "␀")).collect::<Vec<_>>())
    .bind(rejects.iter().map(|r| r.value.replace('\0', "␀")).collect::<Vec<_>>())
    .bind(rejects.iter().map(|r| r.reason.clone()).collect::<Vec<_>>())
    .bind(rejects.iter().map(|r| Json(r.text.clone())).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Rejected rows in order, `limit` of them behind number `after`.
pub(super) async fn rejects(
    tx: &mut TenantTx<'_>,
    id: ImportId,
    after: i32,
    limit: i64,
) -> Result<Vec<(i32, Reject)>> {
    type Row = (i32, String, i64, String, String, String, Json<Localized>);
    let tenant = tx.tenant();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT seq, file, line, field, value, reason, label FROM import_reject
         WHERE tenant_id = $1 AND import_id = $2 AND seq > $3 ORDER BY seq LIMIT $4",
    )
    .bind(tenant.0)
    .bind(id.0)
    .bind(after)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(seq, file, line, field, value, reason, Json(text))| {
            (seq, Reject { file, line: line.unsigned_abs(), field, value, reason, text })
        })
        .collect())
}

type ImportRow = (
    Uuid,
    String,
    String,
    String,
    f64,
    Json<Option<ImportCounts>>,
    Option<Json<Localized>>,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
);

fn status_of(row: ImportRow) -> Result<ImportStatus> {
    let (id, name, state, file, progress, Json(counts), message, started_at, finished_at) = row;
    Ok(ImportStatus {
        id: ImportId(id),
        name,
        state: state_of(&state)?,
        file,
        progress,
        counts: counts.unwrap_or_default(),
        message: message.map(|Json(text)| text),
        rejects: Vec::new(),
        started_at,
        finished_at,
    })
}

/// An import with its first rejected rows.
pub(super) async fn status(tx: &mut TenantTx<'_>, id: ImportId) -> Result<Option<ImportStatus>> {
    let tenant = tx.tenant();
    let sql = "SELECT id, name, state, file, progress, CASE WHEN counts = '{}' THEN 'null' ELSE counts END,
                      message, started_at, finished_at
               FROM import WHERE tenant_id = $1 AND id = $2";
    let row: Option<ImportRow> =
        sqlx::query_as(sql).bind(tenant.0).bind(id.0).fetch_optional(tx.conn()).await?;
    let Some(row) = row else { return Ok(None) };
    let mut status = status_of(row)?;
    status.rejects = rejects(tx, id, -1, SHOWN).await?.into_iter().map(|(_, reject)| reject).collect();
    Ok(Some(status))
}

/// The latest imports, newest first.
pub(super) async fn list(tx: &mut TenantTx<'_>) -> Result<Vec<ImportStatus>> {
    let tenant = tx.tenant();
    let rows: Vec<ImportRow> = sqlx::query_as(
        "SELECT id, name, state, file, progress, CASE WHEN counts = '{}' THEN 'null' ELSE counts END,
                message, started_at, finished_at
         FROM import WHERE tenant_id = $1 ORDER BY started_at DESC, id DESC LIMIT 50",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(status_of).collect()
}

/// Demo imports that are in, newest first.
pub(super) async fn demos(tx: &mut TenantTx<'_>) -> Result<Vec<ImportId>> {
    let tenant = tx.tenant();
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM import WHERE tenant_id = $1 AND demo AND state = 'done' ORDER BY started_at DESC",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(ImportId).collect())
}

/// Tenants with an import that says it is at work.
pub(super) async fn running(tx: &mut SystemTx<'_>) -> Result<Vec<TenantId>> {
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT DISTINCT tenant_id FROM import WHERE state = 'running'")
        .fetch_all(tx.conn())
        .await?;
    Ok(ids.into_iter().map(TenantId).collect())
}

/// Marks the imports of a tenant that say they are at work; call it under the lock.
pub(super) async fn interrupt(tx: &mut SystemTx<'_>, tenant: TenantId, message: &Localized) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE import SET state = 'interrupted', message = $2, finished_at = $3
         WHERE tenant_id = $1 AND state = 'running'",
    )
    .bind(tenant.0)
    .bind(Json(message))
    .bind(Utc::now())
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// How many of these relations there are already. One look into the key per row: of a join the planner expects too few rows
/// to choose well, because it multiplies the share of the tenant with that of row-level security.
pub(super) async fn count_relations(
    tx: &mut TenantTx<'_>,
    ends: &HashSet<(Uuid, Uuid, String)>,
) -> Result<u64> {
    let tenant = tx.tenant();
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS x (source_id, target_id, type)
         JOIN LATERAL (SELECT 1 FROM ci_edge e WHERE e.tenant_id = $1 AND e.source_id = x.source_id
                         AND e.target_id = x.target_id AND e.type = x.type LIMIT 1) AS y ON true",
    )
    .bind(tenant.0)
    .bind(ends.iter().map(|e| e.0).collect::<Vec<_>>())
    .bind(ends.iter().map(|e| e.1).collect::<Vec<_>>())
    .bind(ends.iter().map(|e| e.2.clone()).collect::<Vec<_>>())
    .fetch_one(tx.conn())
    .await?;
    Ok(count.unsigned_abs())
}

/// How many of these records there are already.
pub(super) async fn count_records(tx: &mut TenantTx<'_>, keys: &HashSet<(String, String)>) -> Result<u64> {
    let tenant = tx.tenant();
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM unnest($2::text[], $3::text[]) AS x (kind, external_id)
         JOIN LATERAL (SELECT 1 FROM record r WHERE r.tenant_id = $1 AND r.kind = x.kind
                         AND r.external_id = x.external_id LIMIT 1) AS y ON true",
    )
    .bind(tenant.0)
    .bind(keys.iter().map(|k| k.0.clone()).collect::<Vec<_>>())
    .bind(keys.iter().map(|k| k.1.clone()).collect::<Vec<_>>())
    .fetch_one(tx.conn())
    .await?;
    Ok(count.unsigned_abs())
}

fn word(state: ImportState) -> &'static str {
    match state {
        ImportState::Running => "running",
        ImportState::Done => "done",
        ImportState::Failed => "failed",
        ImportState::Interrupted => "interrupted",
        ImportState::Cancelled => "cancelled",
        ImportState::Undone => "undone",
    }
}

fn state_of(word: &str) -> Result<ImportState> {
    match word {
        "running" => Ok(ImportState::Running),
        "done" => Ok(ImportState::Done),
        "failed" => Ok(ImportState::Failed),
        "interrupted" => Ok(ImportState::Interrupted),
        "cancelled" => Ok(ImportState::Cancelled),
        "undone" => Ok(ImportState::Undone),
        other => Err(Error::Internal(format!("unknown state of an import: {other}"))),
    }
}

/// Fields of records that no record has any more.
pub(super) async fn forget_unused_record_fields(tx: &mut TenantTx<'_>) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "DELETE FROM record_field f WHERE tenant_id = $1
         AND NOT EXISTS (SELECT 1 FROM record r WHERE r.tenant_id = $1 AND r.kind = f.kind AND r.fields ? f.key)",
    )
    .bind(tenant.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}
