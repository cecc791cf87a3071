//! Tenants: the organisations whose data never meets, and who belongs to each.
//!
//! Invariant: only the system's transaction makes tenants and memberships; requests see their own.

mod store;

use model::{ApiError, ErrorCode, TenantId, UserId, perm::Role};
use uuid::Uuid;

use crate::{
    app::App,
    db::{SystemReason, SystemTx},
    error::Result,
};

/// How to get an administrator, in Korean and English.
pub(crate) const ADMIN_HINT: (&str, &str) = (
    "tobit admin create로 관리자를 만들거나 브라우저에서 첫 관리자를 만드세요",
    "make one by `tobit admin create`, or the first one in the browser",
);

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Name for programs and the command line.
    pub slug: String,
    /// Name shown.
    pub name: String,
}

/// Every tenant, oldest first: for the command line and the server's own work.
pub async fn all(app: &App) -> Result<Vec<Tenant>> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    store::all(&mut tx).await
}

/// Makes a tenant: for the command line.
pub async fn create(app: &App, name: &str) -> Result<Tenant> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    let tenant = create_in(&mut tx, name).await?;
    tx.commit().await?;
    Ok(tenant)
}

pub(crate) async fn create_in(tx: &mut SystemTx<'_>, name: &str) -> Result<Tenant> {
    let base = slug(name);
    let mut tenant = Tenant { id: TenantId(Uuid::now_v7()), slug: base.clone(), name: name.to_owned() };
    let mut number = 1;
    while !store::insert(tx, &tenant).await? {
        number += 1;
        tenant.slug = format!("{base}-{number}");
    }
    Ok(tenant)
}

/// The tenant of this slug or name.
pub(crate) async fn find_in(tx: &mut SystemTx<'_>, text: &str) -> Result<Option<Tenant>> {
    store::find(tx, text.trim()).await
}

pub(crate) async fn get_in(tx: &mut SystemTx<'_>, id: TenantId) -> Result<Tenant> {
    store::get(tx, id).await
}

/// The only tenant; where there are none or several, what to do.
pub(crate) async fn only_in(tx: &mut SystemTx<'_>) -> Result<Tenant> {
    let mut all = store::all(tx).await?;
    if all.len() > 1 {
        let names = all.iter().map(|t| t.slug.as_str()).collect::<Vec<_>>().join(", ");
        return Err(ApiError::new(
            ErrorCode::Invalid,
            "조직이 여럿이라 하나를 골라야 합니다",
            "there are several organisations; choose one",
        )
        .with_hint(format!("--tenant로 지정하세요: {names}"), format!("name it with --tenant: {names}"))
        .into());
    }
    all.pop().ok_or_else(|| {
        ApiError::new(ErrorCode::NotFound, "아직 조직이 없습니다", "there is no organisation yet")
            .with_hint(ADMIN_HINT.0, ADMIN_HINT.1)
            .into()
    })
}

pub(crate) async fn add_member_in(
    tx: &mut SystemTx<'_>,
    tenant: TenantId,
    user: UserId,
    role: Role,
) -> Result<()> {
    store::add_member(tx, tenant, user, role).await
}

/// A name for programs out of a name for people: ASCII letters, digits and hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 40 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "org".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_is_ascii_and_never_empty() {
        assert_eq!(slug("Hanbit Bank, Ltd."), "hanbit-bank-ltd");
        assert_eq!(slug("한빛은행"), "org");
        assert_eq!(slug("한빛 Bank"), "bank");
        assert_eq!(slug(&"a".repeat(99)).len(), 40);
    }
}
