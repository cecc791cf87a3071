//! From the URL of a server to a database that is ready: version, roles, migrations, pools, and the refusal to start where
//! row-level security would not hold.
//!
//! Safe with any number of replicas: everything that changes the database happens under one advisory lock.

use std::{str::FromStr, time::Duration};

use model::{ApiError, ErrorCode, Localized};
use sqlx::{
    Connection, PgConnection,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    Db,
    roles::{self, APP, SYS},
};
use crate::{
    error::{Error, Result},
    secret::{Keys, Secret},
};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// "tobit" in ASCII: one start at a time changes the database.
const START_LOCK: i64 = 0x0074_6f62_6974;
const LEAST_VERSION: i32 = 150_000;
const CONNECT_TRIES: u32 = 20;
/// How long a server may take to answer; a network that swallows everything would never do.
const ANSWER: Duration = Duration::from_secs(10);

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// URL of the role that owns the tables; it migrates and answers no request.
    pub owner_url: Secret,
    /// Behind the passwords of the roles.
    pub keys: Keys,
    /// Password of `tobit_app`, where an administrator made the roles.
    pub app_password: Option<Secret>,
    /// Password of `tobit_sys`, where an administrator made the roles.
    pub sys_password: Option<Secret>,
    /// The cluster is our own: its roles may be changed without asking.
    pub embedded: bool,
    /// Connections for requests.
    pub app_pool: u32,
    /// Connections for the system.
    pub system_pool: u32,
}

impl DbOptions {
    /// The usual options for an owner's URL.
    pub fn new(owner_url: Secret, keys: Keys) -> Self {
        Self {
            owner_url,
            keys,
            app_password: None,
            sys_password: None,
            embedded: false,
            app_pool: 10,
            system_pool: 3,
        }
    }

    /// Password of a role: the given one, else the derived one.
    pub(super) fn password(&self, role: &str) -> Secret {
        let given = if role == APP { &self.app_password } else { &self.sys_password };
        given.clone().unwrap_or_else(|| self.keys.role_password(role))
    }

    /// Whether the password of `role` was given rather than derived.
    pub(super) fn password_given(&self, role: &str) -> bool {
        if role == APP { self.app_password.is_some() } else { self.sys_password.is_some() }
    }
}

impl Db {
    /// Makes the database ready and opens the pools.
    pub async fn connect(options: &DbOptions) -> Result<Self> {
        let owner = parse(options.owner_url.expose())?;
        prepare(&owner, options).await?;
        let app = pool(&owner, APP, options, options.app_pool).await?;
        let system = pool(&owner, SYS, options, options.system_pool).await?;
        let db = Self::new(app, system);
        db.check_roles().await?;
        Ok(db)
    }

    /// Migrates without opening pools: `tobit migrate`.
    pub async fn migrate(options: &DbOptions) -> Result<()> {
        prepare(&parse(options.owner_url.expose())?, options).await
    }

    /// What is missing where the database has no pgvector, with the one command that mends it.
    pub async fn without_vector(&self) -> Result<Option<Localized>> {
        let (there, installed, major, name): (bool, bool, i32, String) = sqlx::query_as(
            "select exists (select 1 from pg_extension where extname = 'vector'),
                    exists (select 1 from pg_available_extensions where name = 'vector'),
                    current_setting('server_version_num')::int / 10000, current_database()::text",
        )
        .fetch_one(&self.app)
        .await?;
        Ok((!there).then(|| {
            let (ko, en, command) = match installed {
                true => (
                    "데이터베이스 관리자로 실행하세요",
                    "run as an administrator of the database",
                    format!("psql -d {name} -c 'CREATE EXTENSION vector'"),
                ),
                false => (
                    "데이터베이스 서버에서 실행하고 Tobit을 다시 시작하세요",
                    "run on the machine of the database, and start Tobit again",
                    format!("apt-get install postgresql-{major}-pgvector"),
                ),
            };
            Localized::new(
                format!("데이터베이스 {name}에 pgvector가 없어 의미 검색을 켤 수 없습니다. {ko}: {command}"),
                format!(
                    "the database {name} has no pgvector, so search by meaning stays off; {en}: {command}"
                ),
            )
        }))
    }

    /// Refuses pools whose roles could bypass row-level security.
    pub async fn check_roles(&self) -> Result<()> {
        for (pool, role) in [(&self.app, APP), (&self.system, SYS)] {
            let (name, powerful): (String, bool) = sqlx::query_as(
                "select current_user::text, rolsuper or rolbypassrls from pg_roles where rolname = current_user",
            )
            .fetch_one(pool)
            .await?;
            if powerful || name != role {
                return Err(ApiError::new(
                    ErrorCode::Unavailable,
                    format!("데이터베이스 역할 {name}이(가) 행 수준 보안을 우회할 수 있어 시작하지 않습니다"),
                    format!("refusing to start: the database role {name} can bypass row-level security"),
                )
                .with_hint(
                    format!("관리자로 실행하세요: ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"),
                    format!("run as an administrator: ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"),
                )
                .into());
            }
        }
        Ok(())
    }
}

async fn prepare(owner: &PgConnectOptions, options: &DbOptions) -> Result<()> {
    let mut conn = open(owner).await?;
    check_version(&mut conn).await?;
    sqlx::query("select pg_advisory_lock($1)").bind(START_LOCK).execute(&mut conn).await?;
    let done = async {
        roles::ensure(&mut conn, owner, options).await?;
        MIGRATIONS.run(&mut conn).await.map_err(explain_migration)?;
        check_vector(&mut conn).await
    }
    .await;
    // Closing the session gives the lock back, also after an error.
    let closed = conn.close().await;
    done?;
    Ok(closed?)
}

fn parse(url: &str) -> Result<PgConnectOptions> {
    let ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let read = PgConnectOptions::from_str(url).ok().filter(|_| ours);
    read.map(|o| o.application_name("tobit")).ok_or_else(|| {
        Error::from(
            ApiError::new(
                ErrorCode::Invalid,
                "DATABASE_URL을 읽을 수 없습니다",
                "DATABASE_URL cannot be read",
            )
            .with_hint(
                "예: postgres://사용자:비밀번호@호스트:5432/tobit",
                "for example: postgres://user:password@host:5432/tobit",
            ),
        )
    })
}

/// Connects as the owner. A server that is still starting is waited for; a database that is not there is made.
async fn open(owner: &PgConnectOptions) -> Result<PgConnection> {
    let mut made = false;
    let mut tries = 0;
    loop {
        let cause = match tokio::time::timeout(ANSWER, PgConnection::connect_with(owner)).await {
            Ok(Ok(conn)) => return Ok(conn),
            Ok(Err(cause)) => cause,
            Err(_) => sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()),
        };
        let code = cause.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
        tries += 1;
        match code.as_deref() {
            Some("3D000") if !made => {
                made = true;
                create_database(owner).await?;
            }
            Some("57P03") | None if tries < CONNECT_TRIES && may_pass(&cause) => {
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
            _ => return Err(unreachable_server(owner, &cause)),
        }
    }
}

/// Whether trying again makes sense: the server is starting, not misnamed.
fn may_pass(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Io(io) => {
            matches!(io.kind(), std::io::ErrorKind::ConnectionRefused | std::io::ErrorKind::ConnectionReset)
        }
        sqlx::Error::Database(_) => true,
        _ => false,
    }
}

async fn create_database(owner: &PgConnectOptions) -> Result<()> {
    let name = owner.get_database().unwrap_or("tobit").to_owned();
    let mut conn = PgConnection::connect_with(&owner.clone().database("postgres"))
        .await
        .map_err(|cause| unreachable_server(owner, &cause))?;
    let made = roles::run(&mut conn, format!("CREATE DATABASE {}", roles::ident(&name))).await;
    conn.close().await?;
    match made {
        Err(Error::Database(cause))
            if cause.as_database_error().is_some_and(|e| e.code().as_deref() == Some("42501")) =>
        {
            Err(ApiError::new(
                ErrorCode::Unavailable,
                format!("데이터베이스 {name}이(가) 없고 만들 권한도 없습니다"),
                format!("the database {name} does not exist and this role may not make it"),
            )
            .with_hint(
                format!("관리자로 실행하세요: CREATE DATABASE {name} OWNER {}", owner.get_username()),
                format!("run as an administrator: CREATE DATABASE {name} OWNER {}", owner.get_username()),
            )
            .into())
        }
        // Another replica was quicker.
        Err(Error::Database(cause))
            if cause.as_database_error().is_some_and(|e| e.code().as_deref() == Some("42P04")) =>
        {
            Ok(())
        }
        other => other,
    }
}

fn unreachable_server(owner: &PgConnectOptions, cause: &sqlx::Error) -> Error {
    let place = format!("{}:{}", owner.get_host(), owner.get_port());
    let (ko, en) = why_not(owner, cause);
    ApiError::new(
        ErrorCode::Unavailable,
        format!("데이터베이스 {place}에 연결할 수 없습니다: {ko}"),
        format!("cannot connect to the database at {place}: {en}"),
    )
    .with_hint(
        "서버가 켜져 있는지, DATABASE_URL의 주소와 계정이 맞는지 확인하세요",
        "check that the server runs and that address and account in DATABASE_URL are right",
    )
    .into()
}

/// Why there is no connection, in both languages where it is one of the usual reasons.
fn why_not(owner: &PgConnectOptions, cause: &sqlx::Error) -> (String, String) {
    use std::io::ErrorKind::{ConnectionRefused, TimedOut};
    let (role, host) = (owner.get_username(), owner.get_host());
    let code = cause.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
    let (ko, en) = match (code.as_deref(), cause) {
        (Some("28P01"), _) => (
            format!("역할 {role}이(가) 없거나 비밀번호가 맞지 않습니다"),
            format!("there is no role {role}, or its password is wrong"),
        ),
        (Some("28000"), _) => (
            format!("역할 {role}은(는) 여기에서 로그인할 수 없습니다 (pg_hba.conf)"),
            format!("the role {role} may not log in from here (pg_hba.conf)"),
        ),
        (Some("53300"), _) => (
            "연결이 더 남아 있지 않습니다 (max_connections)".into(),
            "no connection is left (max_connections)".into(),
        ),
        (_, sqlx::Error::Io(io)) if io.kind() == ConnectionRefused => {
            ("그 포트에서 듣는 서버가 없습니다".into(), "no server listens at that port".into())
        }
        (_, sqlx::Error::Io(io)) if io.kind() == TimedOut => (
            format!("{}초 안에 응답하지 않습니다", ANSWER.as_secs()),
            format!("no answer within {} s", ANSWER.as_secs()),
        ),
        (_, sqlx::Error::Io(io)) if io.to_string().contains("lookup address") => {
            (format!("{host}이라는 이름의 서버를 찾을 수 없습니다"), format!("the name {host} is not known"))
        }
        _ => (cause.to_string(), cause.to_string()),
    };
    (ko, en)
}

async fn pool(owner: &PgConnectOptions, role: &str, options: &DbOptions, size: u32) -> Result<sqlx::PgPool> {
    let login = owner.clone().username(role).password(options.password(role).expose());
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_secs(300))
        .connect_with(login)
        .await
        .map_err(|cause| unreachable_server(owner, &cause))
}

async fn check_version(conn: &mut PgConnection) -> Result<()> {
    let (version, text, folds): (i32, String, bool) = sqlx::query_as(
        "select current_setting('server_version_num')::int, current_setting('server_version'), 'ÄB' ilike 'äb'",
    )
    .fetch_one(conn)
    .await?;
    if version < LEAST_VERSION {
        return Err(ApiError::new(
            ErrorCode::Unavailable,
            format!("PostgreSQL {text}은(는) 너무 오래되었습니다"),
            format!("PostgreSQL {text} is too old"),
        )
        .with_hint("PostgreSQL 15 이상을 쓰세요", "use PostgreSQL 15 or newer")
        .into());
    }
    if !folds {
        tracing::warn!(
            "the database folds upper and lower case of ASCII only; search of names is weaker than it could be: \
             create it with LC_CTYPE C.UTF-8"
        );
    }
    Ok(())
}

/// Vector search needs pgvector 0.6; without it everything else works, and [`Db::without_vector`] says what is missing.
async fn check_vector(conn: &mut PgConnection) -> Result<()> {
    let found = "select extversion from pg_extension where extname = 'vector'";
    let mut version: Option<String> = sqlx::query_scalar(found).fetch_optional(&mut *conn).await?;
    // It may have been installed after the tables were made; whether this role may create it, is not ours to say.
    if version.is_none()
        && sqlx::raw_sql("create extension if not exists vector").execute(&mut *conn).await.is_ok()
    {
        version = sqlx::query_scalar(found).fetch_optional(&mut *conn).await?;
    }
    let Some(version) = version else { return Ok(()) };
    let number = |n: usize| version.split('.').nth(n).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
    match (number(0), number(1)) {
        (0, 0..=5) => Err(ApiError::new(
            ErrorCode::Unavailable,
            format!("pgvector {version}은(는) 너무 오래되었습니다"),
            format!("pgvector {version} is too old"),
        )
        .with_hint(
            "0.6 이상을 설치하고 ALTER EXTENSION vector UPDATE를 실행하세요",
            "install 0.6 or newer and run ALTER EXTENSION vector UPDATE",
        )
        .into()),
        (0, 6 | 7) => {
            tracing::warn!(%version, "pgvector below 0.8: filtered vector search may find fewer rows than asked for");
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The failures an administrator can mend, said as such.
fn explain_migration(error: sqlx::migrate::MigrateError) -> Error {
    use sqlx::migrate::MigrateError;
    let told = match &error {
        MigrateError::VersionMissing(version) => Some((
            format!("데이터베이스가 이 버전보다 새롭습니다 (마이그레이션 {version})"),
            format!("the database is newer than this version (migration {version})"),
            "더 새로운 버전의 프로그램을 실행하세요",
            "run a newer version of the program",
        )),
        MigrateError::VersionMismatch(version) => Some((
            format!("적용된 마이그레이션 {version}의 내용이 이 버전과 다릅니다"),
            format!("the applied migration {version} differs from that of this version"),
            "데이터베이스를 만든 버전의 프로그램을 쓰거나 새 데이터베이스로 시작하세요",
            "use the version that made the database, or begin with a new database",
        )),
        MigrateError::Execute(cause) if permission_denied(cause) => Some((
            format!("테이블을 만들 권한이 없습니다: {cause}"),
            format!("this role may not make tables: {cause}"),
            "DATABASE_URL의 역할을 데이터베이스의 소유자로 만드세요: ALTER DATABASE … OWNER TO …",
            "make the role of DATABASE_URL the owner of the database: ALTER DATABASE … OWNER TO …",
        )),
        MigrateError::ExecuteMigration(cause, version) if permission_denied(cause) => Some((
            format!("마이그레이션 {version}을 실행할 권한이 없습니다: {cause}"),
            format!("this role may not run migration {version}: {cause}"),
            "DATABASE_URL의 역할을 데이터베이스의 소유자로 만드세요: ALTER DATABASE … OWNER TO …",
            "make the role of DATABASE_URL the owner of the database: ALTER DATABASE … OWNER TO …",
        )),
        _ => None,
    };
    match told {
        Some((ko, en, ko_hint, en_hint)) => {
            ApiError::new(ErrorCode::Unavailable, ko, en).with_hint(ko_hint, en_hint).into()
        }
        None => error.into(),
    }
}

fn permission_denied(cause: &sqlx::Error) -> bool {
    cause.as_database_error().is_some_and(|e| e.code().as_deref() == Some("42501"))
}
