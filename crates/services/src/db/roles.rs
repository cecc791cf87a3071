//! The login roles of the pools: made where we may, explained where we may not.
//!
//! Roles belong to the whole server, so two databases of one server share them. Neither owns a table, is a superuser or
//! bypasses row-level security; `tobit_sys` sees all tenants by a policy of its own, so no privilege that managed servers
//! refuse is needed.

use std::time::Duration;

use model::{ApiError, ErrorCode};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};

use super::connect::DbOptions;
use crate::error::{Error, Result};

/// Answers requests; sees one tenant.
pub(super) const APP: &str = "tobit_app";
/// Works for the listed system reasons; sees all tenants.
pub(super) const SYS: &str = "tobit_sys";

/// Makes both roles able to log in with their passwords.
pub(super) async fn ensure(
    conn: &mut PgConnection,
    owner: &PgConnectOptions,
    options: &DbOptions,
) -> Result<()> {
    for role in [APP, SYS] {
        ensure_one(conn, owner, options, role).await?;
    }
    Ok(())
}

async fn ensure_one(
    conn: &mut PgConnection,
    owner: &PgConnectOptions,
    options: &DbOptions,
    role: &str,
) -> Result<()> {
    let exists: bool = sqlx::query_scalar("select exists (select 1 from pg_roles where rolname = $1)")
        .bind(role)
        .fetch_one(&mut *conn)
        .await?;
    if exists && can_log_in(owner, options, role).await? {
        return Ok(());
    }
    if exists && !options.embedded && !options.keys.given && !options.password_given(role) {
        return Err(made_with_another_secret(role));
    }
    let verb = if exists { "ALTER" } else { "CREATE" };
    // NOSUPERUSER and NOBYPASSRLS are the defaults of CREATE ROLE; only a superuser may name them in ALTER ROLE.
    let statement =
        format!("{verb} ROLE {} LOGIN PASSWORD {}", ident(role), literal(options.password(role).expose()));
    for _ in 0..5 {
        match run(conn, statement.clone()).await {
            Ok(()) => return Ok(()),
            Err(Error::Database(cause)) if is(&cause, "42501") => return Err(may_not_make_roles(owner)),
            // The same change by another database of this server at the same moment.
            Err(Error::Database(cause))
                if is(&cause, "XX000") || is(&cause, "23505") || is(&cause, "42710") =>
            {
                tokio::time::sleep(Duration::from_millis(200)).await;
                if can_log_in(owner, options, role).await? {
                    return Ok(());
                }
            }
            Err(other) => return Err(other),
        }
    }
    Err(Error::Internal(format!("the role {role} cannot be made: others keep changing it")))
}

async fn can_log_in(owner: &PgConnectOptions, options: &DbOptions, role: &str) -> Result<bool> {
    let login = owner.clone().username(role).password(options.password(role).expose());
    match PgConnection::connect_with(&login).await {
        Ok(conn) => {
            conn.close().await?;
            Ok(true)
        }
        // 28P01 wrong password, 28000 not allowed to log in.
        Err(cause) if is(&cause, "28P01") || is(&cause, "28000") => Ok(false),
        Err(cause) => Err(cause.into()),
    }
}

fn is(cause: &sqlx::Error, code: &str) -> bool {
    cause.as_database_error().is_some_and(|e| e.code().as_deref() == Some(code))
}

/// Runs one statement that takes no parameters. Every name and text in it has passed [`ident`] or [`literal`].
pub(super) async fn run(conn: &mut PgConnection, statement: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await?;
    Ok(())
}

/// A quoted identifier.
pub(super) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('\0', "").replace('"', "\"\""))
}

/// A quoted text; `E''` so that the meaning of a backslash does not depend on a setting.
fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\0', "").replace('\\', "\\\\").replace('\'', "''"))
}

fn may_not_make_roles(owner: &PgConnectOptions) -> Error {
    let name = owner.get_username();
    let sql = format!(
        "ALTER ROLE {name} CREATEROLE; -- or, without that right: \
         CREATE ROLE {APP} LOGIN PASSWORD '<1>'; CREATE ROLE {SYS} LOGIN PASSWORD '<2>'; \
         then set TOBIT_DB_APP_PASSWORD=<1> TOBIT_DB_SYS_PASSWORD=<2>"
    );
    ApiError::new(
        ErrorCode::Unavailable,
        format!("데이터베이스 역할 {name}은(는) 역할 {APP}, {SYS}을(를) 만들거나 바꿀 권한이 없습니다"),
        format!("the database role {name} may not make or change the roles {APP} and {SYS}"),
    )
    .with_hint(
        format!("데이터베이스 관리자로 실행하세요: {sql}"),
        format!("run as an administrator of the database: {sql}"),
    )
    .into()
}

fn made_with_another_secret(role: &str) -> Error {
    ApiError::new(
        ErrorCode::Unavailable,
        format!("데이터베이스 역할 {role}이(가) 다른 비밀값으로 만들어져 있습니다"),
        format!("the database role {role} was made with another secret"),
    )
    .with_hint(
        "모든 서버에서 TOBIT_SECRET을 같은 값으로 지정하세요. 다른 서버가 없다면 지정한 값으로 역할을 이어받습니다",
        "set TOBIT_SECRET to the same value on every replica; where there is no other, the given value takes the role over",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_leave_their_quotes() {
        assert_eq!(ident("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("a'b\\c"), "E'a''b\\\\c'");
    }
}
