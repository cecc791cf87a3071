//! Making accounts, and the caller of the command line.

use model::{
    ApiError, ErrorCode, Lang, TenantId, UserId,
    auth::{FirstAdmin, Me},
    perm::Role,
};
use uuid::Uuid;

use super::{password, store};
use crate::{
    access::{Caller, Trace},
    app::App,
    audit::{self, Entry},
    db::{SystemReason, SystemTx},
    error::{Error, Result},
    tenants,
};

/// Most characters of a name.
pub(super) const MAX_NAME: usize = 200;

/// An account to be made: the texts of the form, trimmed and checked.
pub(super) struct NewAccount<'a> {
    pub login: &'a str,
    pub name: &'a str,
    pub organisation: &'a str,
}

impl<'a> NewAccount<'a> {
    pub fn of_first_admin(request: &'a FirstAdmin) -> Result<Self> {
        Self::new(&request.login, &request.name, &request.organisation)
    }

    fn new(login: &'a str, name: &'a str, organisation: &'a str) -> Result<Self> {
        let login = filled("login", login)?;
        if login.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Error::invalid(
                "login",
                "로그인 이름에는 공백을 쓸 수 없습니다",
                "a login name may not contain spaces",
            ));
        }
        Ok(Self { login, name: filled("name", name)?, organisation: filled("organisation", organisation)? })
    }

    pub fn check_password(&self, path: &str, password: &str) -> Result<()> {
        password::check(path, password, &[self.login, self.name, self.organisation])
    }

    /// Stores the person; a login that exists already is said as such.
    pub async fn insert(&self, tx: &mut SystemTx<'_>, hash: &str) -> Result<UserId> {
        if store::person(tx, self.login).await?.is_some() {
            return Err(Error::invalid(
                "login",
                format!("로그인 이름 {}이(가) 이미 있습니다", self.login),
                format!("the login name {} exists already", self.login),
            ));
        }
        let id = UserId(Uuid::now_v7());
        store::add_user(tx, id, self.login, self.name, hash).await?;
        Ok(id)
    }
}

fn filled<'a>(path: &str, text: &'a str) -> Result<&'a str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(path, "값을 입력하세요", "fill this in"));
    }
    if text.contains(char::is_control) {
        return Err(Error::invalid(
            path,
            "줄바꿈과 제어 문자는 쓸 수 없습니다",
            "no line breaks or control characters",
        ));
    }
    if text.chars().count() > MAX_NAME {
        return Err(Error::invalid(
            path,
            format!("{MAX_NAME}자 이하로 입력하세요"),
            format!("at most {MAX_NAME} characters"),
        ));
    }
    Ok(text)
}

/// Creates an administrator from the command line; the organisation is made where there is none of that name.
pub async fn create_admin(
    app: &App,
    login: &str,
    name: &str,
    password: &str,
    organisation: &str,
) -> Result<Me> {
    let new = NewAccount::new(login, name, organisation)?;
    new.check_password("password", password)?;
    let hash = app.auth.hasher.hash(password).await?;
    let mut tx = app.db.system(SystemReason::Administer).await?;
    store::lock_setup(tx.conn()).await?;
    let tenant = match tenants::find_in(&mut tx, new.organisation).await? {
        Some(tenant) => tenant,
        None => tenants::create_in(&mut tx, new.organisation).await?,
    };
    let user = new.insert(&mut tx, &hash).await?;
    tenants::add_member_in(&mut tx, tenant.id, user, Role::Admin).await?;
    store::drop_setup_tokens(&mut tx).await?;
    let entry =
        Entry::of(tenant.id, None, "command line", "auth.admin_created", new.login, &Trace::default());
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    Ok(Me {
        user,
        login: new.login.to_owned(),
        name: new.name.to_owned(),
        tenant: tenant.id,
        tenant_name: tenant.name,
        role: Role::Admin,
    })
}

/// Creates a person with a role in a tenant that exists, from the command line.
pub async fn create_member(
    app: &App,
    tenant: TenantId,
    (login, name): (&str, &str),
    password: &str,
    role: Role,
) -> Result<UserId> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    let organisation = tenants::get_in(&mut tx, tenant).await?.name;
    drop(tx);
    let new = NewAccount::new(login, name, &organisation)?;
    new.check_password("password", password)?;
    let hash = app.auth.hasher.hash(password).await?;
    let mut tx = app.db.system(SystemReason::Administer).await?;
    let user = new.insert(&mut tx, &hash).await?;
    tenants::add_member_in(&mut tx, tenant, user, role).await?;
    let entry = Entry::of(tenant, None, "command line", "auth.member_created", new.login, &Trace::default());
    audit::record(tx.conn(), entry).await?;
    tx.commit().await?;
    Ok(user)
}

/// The caller of work the server does on behalf of a person when it is due: with the rights that person has now. None
/// where the person is disabled or no longer a member.
pub async fn member_caller(
    app: &App,
    tenant: TenantId,
    user: UserId,
    trace: Trace,
) -> Result<Option<Caller>> {
    let mut tx = app.db.system(SystemReason::Schedule).await?;
    let Some(member) = store::member(&mut tx, tenant, user).await? else { return Ok(None) };
    Ok(Some(Caller {
        user,
        login: member.login,
        tenant,
        role: super::stored_role(&member.role)?,
        session: None,
        lang: super::stored_lang(&member.lang),
        trace,
    }))
}

/// The caller of the command line: whoever may start the program on the machine acts as the first administrator of the
/// tenant named by `tenant` (its slug), or of the only one.
pub async fn cli_caller(app: &App, tenant: Option<&str>, lang: Lang, trace: Trace) -> Result<Caller> {
    let mut tx = app.db.system(SystemReason::Administer).await?;
    let chosen = match tenant {
        Some(text) => tenants::find_in(&mut tx, text).await?.ok_or_else(|| {
            Error::not_found(
                format!("조직 {text}이(가) 없습니다"),
                format!("there is no organisation {text}"),
            )
        })?,
        None => tenants::only_in(&mut tx).await?,
    };
    let Some((user, login)) = store::first_admin(&mut tx, chosen.id).await? else {
        return Err(ApiError::new(
            ErrorCode::NotFound,
            format!("조직 {}에 관리자가 없습니다", chosen.name),
            format!("the organisation {} has no administrator", chosen.name),
        )
        .with_hint(tenants::ADMIN_HINT.0, tenants::ADMIN_HINT.1)
        .into());
    };
    Ok(Caller { user: UserId(user), login, tenant: chosen.id, role: Role::Admin, session: None, lang, trace })
}
