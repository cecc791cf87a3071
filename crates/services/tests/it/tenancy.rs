//! Nobody sees another tenant's data: every table there is, gone over one by one. A new table is covered by existing.

use model::TenantId;
use serde_json::Value;
use services::Caller;
use sqlx::{AssertSqlSafe, PgConnection, Row, postgres::PgQueryResult};
use testkit::{Table, TestApp, ensure_row, tables};

/// Tables without a tenant, each for a reason. A table that is added here holds no data of tenants.
const WITHOUT_TENANT: [&str; 5] =
    ["_sqlx_migrations", "setup_tokens", "sign_in_failures", "tenants", "users"];

async fn names(conn: &mut PgConnection, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(conn).await.unwrap()
}

#[tokio::test]
async fn sec_ten_01_every_table_of_tenants_forces_row_level_security() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;

    let without = names(
        &mut conn,
        "select c.relname::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and not exists (select 1 from pg_attribute a
                           where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull and not a.attisdropped)
         order by c.relname",
    )
    .await;
    assert_eq!(without, WITHOUT_TENANT, "tables without a column tenant_id NOT NULL");

    let loose = names(
        &mut conn,
        "select c.relname::text from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
           and not (c.relrowsecurity and c.relforcerowsecurity
                    and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polroles = array['tobit_app'::regrole::oid]
                                and pg_get_expr(p.polqual, c.oid) ~ 'tenant_id = .*current_setting\\(''app.tenant_id''::text\\)'
                                and pg_get_expr(p.polwithcheck, c.oid) ~ 'tenant_id = .*current_setting\\(''app.tenant_id''::text\\)'))",
    )
    .await;
    assert!(loose.is_empty(), "CALL tenant_table for: {loose:?}");

    let extra = names(
        &mut conn,
        "select format('%s on %s', p.polname, p.polrelid::regclass) from pg_policy p
         where not (p.polroles <@ array['tobit_sys'::regrole::oid])
           and not (p.polroles = array['tobit_app'::regrole::oid] and p.polname = 'tenant_rows')",
    )
    .await;
    assert!(extra.is_empty(), "policies nobody expects: {extra:?}");
}

#[tokio::test]
async fn sec_ten_02_keys_begin_with_the_tenant_and_nothing_works_around_the_policies() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    for (what, query) in [
        (
            "keys and foreign keys between tables of tenants that do not begin with tenant_id",
            "select k.conname::text from pg_constraint k
             join pg_class c on c.oid = k.conrelid and c.relnamespace = 'public'::regnamespace
             join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
             where (k.contype = 'p' and k.conkey[1] <> t.attnum)
                or (k.contype = 'f' and k.conkey[1] <> t.attnum
                    and exists (select 1 from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'tenant_id'))",
        ),
        (
            "views that read with the rights of their owner",
            "select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
             and not coalesce(c.reloptions @> array['security_invoker=true'], false)",
        ),
        (
            "materialized views, which have no row-level security",
            "select c.relname::text from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'",
        ),
        (
            "functions that run with the rights of their owner",
            "select p.proname::text from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef",
        ),
        (
            "parts of partitioned tables that can be reached directly",
            "select c.relname::text from pg_class c where c.relispartition
             and has_table_privilege('tobit_app', c.oid, 'select, insert, update, delete')",
        ),
        (
            "tables the roles of the pools own",
            "select c.relname::text from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'tobit\\_%'",
        ),
    ] {
        let found = names(&mut conn, query).await;
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}

#[tokio::test]
async fn sec_ten_03_no_table_shows_takes_or_loses_a_row_across_tenants() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let all = tables(&mut conn).await;
    assert!(all.len() >= 5, "{all:?}");
    for table in &all {
        let row = ensure_row(&mut conn, &table.name, test.one.tenant.id).await;
        ensure_row(&mut conn, &table.name, test.two.tenant.id).await;
        let matrix = Matrix { test: &test, table, theirs: test.one.tenant.id };
        matrix.reads(&mut conn).await;
        matrix.writes(&row).await;
    }
}

struct Matrix<'a> {
    test: &'a TestApp,
    table: &'a Table,
    /// The tenant whose rows the other one must not reach.
    theirs: TenantId,
}

impl Matrix<'_> {
    async fn reads(&self, superuser: &mut PgConnection) {
        let table = &self.table.name;
        let count = format!("select count(*) from public.\"{table}\" where tenant_id = $1");
        let really: i64 = sqlx::query_scalar(AssertSqlSafe(count.clone()))
            .bind(self.theirs.0)
            .fetch_one(superuser)
            .await
            .unwrap();
        assert!(really > 0, "{table}: the row is not there, so nothing would be proven");

        let own = self.count(&self.test.one.admin, &count).await;
        assert!(own.is_none() || own == Some(really), "{table}: its own tenant sees {own:?} of {really}");
        let foreign = self.count(&self.test.two.admin, &count).await;
        assert!(foreign.is_none_or(|n| n == 0), "{table}: another tenant sees {foreign:?} rows");
        let without_filter = format!("select count(*) from public.\"{table}\" where tenant_id <> $1");
        let others = self.count(&self.test.one.admin, &without_filter).await;
        assert!(others.is_none_or(|n| n == 0), "{table}: rows of others without a filter: {others:?}");
    }

    /// None where the role may not read the table at all.
    async fn count(&self, caller: &Caller, statement: &str) -> Option<i64> {
        let mut tx = self.test.app.db.tenant(caller).await.unwrap();
        let found =
            sqlx::query(AssertSqlSafe(statement.to_owned())).bind(self.theirs.0).fetch_one(tx.conn()).await;
        match found {
            Ok(row) => Some(row.get(0)),
            Err(cause) if code(&cause) == "42501" => None,
            Err(cause) => panic!("{}: {cause}", self.table.name),
        }
    }

    async fn writes(&self, row: &Value) {
        let table = &self.table.name;
        let columns =
            self.table.columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        for statement in [
            format!(
                "update public.\"{table}\" set tenant_id = tenant_id where tenant_id = $1 and $2::jsonb is not null"
            ),
            format!("delete from public.\"{table}\" where tenant_id = $1 and $2::jsonb is not null"),
            format!(
                "update public.\"{table}\" set tenant_id = $1 where tenant_id <> $1 and $2::jsonb is not null"
            ),
            format!(
                "insert into public.\"{table}\" ({columns}) select {columns} from jsonb_populate_record(null::public.\"{table}\", $2) where $1::uuid is not null"
            ),
        ] {
            match self.write(&statement, row).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{table}: another tenant did: {statement}"),
                // The policy or a missing privilege: anything else (a duplicate key) would tell that the row is there.
                Err(cause) => assert_eq!(code(&cause), "42501", "{table}: {statement}: {cause}"),
            }
        }
    }

    async fn write(&self, statement: &str, row: &Value) -> Result<PgQueryResult, sqlx::Error> {
        let mut tx = self.test.app.db.tenant(&self.test.two.admin).await.unwrap();
        // Not committed: every statement meets the same rows.
        sqlx::query(AssertSqlSafe(statement.to_owned()))
            .bind(self.theirs.0)
            .bind(row)
            .execute(tx.conn())
            .await
    }
}

#[tokio::test]
async fn sec_ten_04_a_forgotten_tenant_is_an_error_and_never_an_empty_list() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let all = tables(&mut conn).await;
    let mut bare = test.role("tobit_app").await;
    for table in all {
        ensure_row(&mut conn, &table.name, test.one.tenant.id).await;
        let statement = format!("select count(*) from public.\"{}\"", table.name);
        let cause = sqlx::query(AssertSqlSafe(statement)).fetch_one(&mut bare).await.unwrap_err();
        // 42704 never set, 22P02 set by a transaction that is over, 42501 not granted.
        assert!(["42704", "22P02", "42501"].contains(&code(&cause).as_str()), "{}: {cause}", table.name);
    }
}

#[tokio::test]
async fn sec_ten_05_a_request_sees_its_own_organisation_and_its_people_and_no_password() {
    let test = TestApp::start().await;
    let mut tx = test.app.db.tenant(&test.two.viewer).await.unwrap();
    let logins: Vec<String> =
        sqlx::query_scalar("select login from users order by login").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(logins, ["admin@two", "viewer@two"]);
    let tenants: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from tenants").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(tenants, [test.two.tenant.id.0]);
    let cause = sqlx::query("select password_hash from users").fetch_all(tx.conn()).await.unwrap_err();
    assert_eq!(code(&cause), "42501");
}

fn code(cause: &sqlx::Error) -> String {
    cause.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned()).unwrap_or_default()
}
