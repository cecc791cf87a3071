//! SQL of tenants and memberships.

use model::{TenantId, UserId, perm::Role};
use uuid::Uuid;

use super::Tenant;
use crate::{db::SystemTx, error::Result};

type Row = (Uuid, String, String);

fn tenant((id, slug, name): Row) -> Tenant {
    Tenant { id: TenantId(id), slug, name }
}

pub(super) async fn all(tx: &mut SystemTx<'_>) -> Result<Vec<Tenant>> {
    let rows: Vec<Row> = sqlx::query_as("select id, slug, name from tenants order by created_at, id")
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(tenant).collect())
}

pub(super) async fn get(tx: &mut SystemTx<'_>, id: TenantId) -> Result<Tenant> {
    let row: Row = sqlx::query_as("select id, slug, name from tenants where id = $1")
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
    Ok(tenant(row))
}

pub(super) async fn find(tx: &mut SystemTx<'_>, text: &str) -> Result<Option<Tenant>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, slug, name from tenants where slug = $1 or name = $1 order by (slug = $1) desc, created_at limit 1",
    )
    .bind(text)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(tenant))
}

/// False where the slug is taken.
pub(super) async fn insert(tx: &mut SystemTx<'_>, tenant: &Tenant) -> Result<bool> {
    let done =
        sqlx::query("insert into tenants (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing")
            .bind(tenant.id.0)
            .bind(&tenant.slug)
            .bind(&tenant.name)
            .execute(tx.conn())
            .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn add_member(
    tx: &mut SystemTx<'_>,
    tenant: TenantId,
    user: UserId,
    role: Role,
) -> Result<()> {
    sqlx::query("insert into memberships (tenant_id, user_id, role) values ($1, $2, $3)")
        .bind(tenant.0)
        .bind(user.0)
        .bind(role.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}
