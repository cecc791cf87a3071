//! Signing in.

use serde::{Deserialize, Serialize};

use crate::{ids::*, perm::Role};

/// Whether the installation has its administrator yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupState {
    /// True until the first administrator exists.
    pub needs_admin: bool,
}

/// Creates the first administrator and the first tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FirstAdmin {
    /// The one-time token printed at start.
    pub token: String,
    /// Login name or e-mail address.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// Password.
    pub password: String,
    /// Name of the organisation, the first tenant.
    pub organisation: String,
}

/// Name and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Login name or e-mail address.
    pub login: String,
    /// Password.
    pub password: String,
}

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    pub user: UserId,
    /// Login name.
    pub login: String,
    /// Name shown.
    pub name: String,
    /// The tenant of this session.
    pub tenant: TenantId,
    /// Name of the tenant.
    pub tenant_name: String,
    /// Role in it.
    pub role: Role,
}
