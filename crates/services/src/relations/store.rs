//! SQL of relation types.

use chrono::{DateTime, Utc};
use model::{
    perm::RelationsEdit,
    schema::{RelationType, Travel},
};
use sqlx::types::Json;

use crate::{access::Granted, db::TenantTx, error::Result};

/// What a person said by hand.
#[derive(Debug, sqlx::FromRow)]
pub struct Said {
    pub key: String,
    #[sqlx(rename = "set_by")]
    pub by: Option<String>,
    #[sqlx(rename = "set_at")]
    pub at: Option<DateTime<Utc>>,
}

/// Who said what by hand.
pub async fn said(tx: &mut TenantTx<'_>) -> Result<Vec<Said>> {
    let tenant = tx.tenant();
    Ok(sqlx::query_as(
        "SELECT key, set_by, set_at FROM relation_type WHERE tenant_id = $1 AND set_by IS NOT NULL",
    )
    .bind(tenant.0)
    .fetch_all(tx.conn())
    .await?)
}

/// Keeps what a person said; a type only the relations know gets an entry.
pub async fn set(
    tx: &mut TenantTx<'_>,
    _: Granted<RelationsEdit>,
    relation: &RelationType,
    travel: Travel,
    by: &str,
) -> Result<()> {
    let tenant = tx.tenant();
    sqlx::query(
        "INSERT INTO relation_type (tenant_id, key, label, synonyms, impact, forward, decided, set_by, set_at, position)
         VALUES ($1, $2, $3, $4, $5, $6, true, $7, $8, 1000)
         ON CONFLICT (tenant_id, key) DO UPDATE SET impact = excluded.impact, forward = excluded.forward,
            decided = true, set_by = excluded.set_by, set_at = excluded.set_at",
    )
    .bind(tenant.0)
    .bind(&relation.key)
    .bind(Json(&relation.label))
    .bind(&relation.synonyms)
    .bind(travel.to_source())
    .bind(travel.to_target())
    .bind(by)
    .bind(Utc::now())
    .execute(tx.conn())
    .await?;
    Ok(())
}
