//! Who calls, and the proof of what they may do.
//!
//! Invariant: a [`Granted`] is made only by [`Caller::grant`]; a storing function that asks for one cannot be reached
//! without the permission having been checked.

use std::{marker::PhantomData, net::IpAddr};

use model::{
    ApiError, ErrorCode, Lang, SessionId, TenantId, UserId,
    perm::{Permission, Role},
};

use crate::error::Error;

/// Trace of a request: its own id (32 hex digits) and that of the request it is part of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// Trace id of W3C `traceparent`.
    pub id: String,
    /// Span id of the caller, where one was sent.
    pub parent: Option<String>,
}

/// From where a request comes, before anybody is known.
#[derive(Debug, Clone)]
pub struct Client {
    /// Network address.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Language asked for.
    pub lang: Lang,
    /// Trace of the request.
    pub trace: Trace,
}

/// Who calls: made at authentication only, bound to one tenant.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The person.
    pub user: UserId,
    /// Name of the person, for records of what happened.
    pub login: String,
    /// The tenant of the session.
    pub tenant: TenantId,
    /// Role in that tenant.
    pub role: Role,
    /// The session; none for the command line.
    pub session: Option<SessionId>,
    /// Language of the person.
    pub lang: Lang,
    /// Trace of the request.
    pub trace: Trace,
}

/// Proof that a caller holds the permission `P`.
#[derive(Debug, Clone, Copy)]
pub struct Granted<P: Permission> {
    proof: PhantomData<P>,
}

impl Caller {
    /// The detector: it works in one tenant that was found to be due, with the least role there is.
    pub(crate) fn detector(tenant: TenantId, trace: Trace) -> Self {
        Self {
            user: UserId(uuid::Uuid::nil()),
            login: "detector".to_owned(),
            tenant,
            role: Role::Viewer,
            session: None,
            lang: Lang::Ko,
            trace,
        }
    }

    /// Proves a permission, or says who could grant it.
    pub fn grant<P: Permission>(&self) -> Result<Granted<P>, Error> {
        if self.role >= P::LEAST {
            return Ok(Granted { proof: PhantomData });
        }
        let least = P::LEAST.as_str();
        Err(ApiError::new(
            ErrorCode::Forbidden,
            "이 작업을 할 권한이 없습니다",
            "you do not have the right to do this",
        )
        .with_hint(
            format!("{least} 역할이 필요합니다. 관리자에게 요청하세요 ({})", P::NAME),
            format!("the role {least} is needed; ask an administrator ({})", P::NAME),
        )
        .into())
    }
}
