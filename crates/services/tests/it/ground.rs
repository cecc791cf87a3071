//! Starting: roles, migrations, refusal of a role that is too powerful, settings, names of tenants.

use model::{ErrorCode, Lang, settings::SettingSource};
use services::{
    access::Trace,
    auth,
    db::{Db, DbOptions},
    secret::{Keys, Secret},
    settings, tenants,
};
use sqlx::{Connection, PgConnection};
use testkit::{PASSWORD, TestApp, cluster_url};

fn options(test: &TestApp, keys: Keys) -> DbOptions {
    DbOptions {
        app_pool: 2,
        system_pool: 2,
        ..DbOptions::new(Secret::new(cluster_url(test.database())), keys)
    }
}

fn keys() -> Keys {
    Keys::from_secret(Secret::new("a secret for tests only"))
}

#[tokio::test]
async fn replicas_that_start_at_the_same_moment_all_start() {
    let test = TestApp::start().await;
    let options = options(&test, keys());
    let started = futures::future::join_all((0..4).map(|_| Db::connect(&options))).await;
    for db in started {
        let db = db.unwrap();
        db.ping().await.unwrap();
        db.close().await;
    }
}

#[tokio::test]
async fn a_server_whose_requests_would_bypass_the_policies_does_not_start() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    // Roles belong to the whole cluster, so a role of this test's own stands in for the one that is too powerful.
    let role = format!("powerful_{}", test.database());
    let make = format!("create role {role} login superuser password 'x'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(make)).execute(&mut conn).await.unwrap();
    let pool = |user: &str, password: &str| {
        let login = cluster_url(test.database()).parse::<sqlx::postgres::PgConnectOptions>().unwrap();
        sqlx::postgres::PgPoolOptions::new().connect_lazy_with(login.username(user).password(password))
    };
    let app_password = keys().role_password("tobit_app");
    let sys_password = keys().role_password("tobit_sys");
    let right = || pool("tobit_app", app_password.expose());
    let db = Db::new(pool(&role, "x"), pool("tobit_sys", sys_password.expose()));
    let error = db.check_roles().await.unwrap_err().to_api();
    assert!(error.message.en.contains("bypass row-level security"), "{error:?}");
    db.close().await;
    let db = Db::new(right(), pool("tobit_sys", sys_password.expose()));
    db.check_roles().await.unwrap();
    db.close().await;
    let drop = format!("drop role {role}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut conn).await.unwrap();
}

#[tokio::test]
async fn roles_made_with_another_secret_are_not_taken_over_silently() {
    let test = TestApp::start().await;
    let dir = std::env::temp_dir().join(format!("tobit-{}", test.database()));
    let flags = services::config::Flags::from([("data.dir", dir.to_string_lossy().into_owned())]);
    let config = services::config::Config::read(&flags, &|_| None).unwrap();
    let other = Keys::load(&config).unwrap();
    let error = Db::connect(&options(&test, other)).await.unwrap_err().to_api();
    assert!(error.message.en.contains("another secret"), "{error:?}");
    assert!(error.hint.unwrap().en.contains("TOBIT_SECRET"));
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn an_owner_that_may_not_make_roles_is_told_what_to_run() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let owner = format!("owner_{}", test.database());
    let make = format!("create role {owner} login password 'x'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(make)).execute(&mut conn).await.unwrap();
    let url = cluster_url(test.database());
    let (_, place) = url.rsplit_once('@').unwrap();
    let given = Keys::from_secret(Secret::new("a secret nobody used before"));
    let options = DbOptions::new(Secret::new(format!("postgres://{owner}:x@{place}")), given);
    let error = Db::connect(&options).await.unwrap_err().to_api();
    assert!(error.hint.unwrap().en.contains("CREATE ROLE tobit_app"), "{}", error.message.en);
    let drop = format!("drop role {owner}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut conn).await.unwrap();
}

#[tokio::test]
async fn an_owner_without_any_privilege_but_its_database_can_migrate_and_serve() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let name = format!("plain_{}", test.database());
    for statement in [
        format!("create role {name} login createrole password 'x'"),
        format!("create database {name} owner {name}"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut conn).await.unwrap();
    }
    let url = cluster_url(&name);
    let (_, place) = url.rsplit_once('@').unwrap();
    let options = DbOptions::new(Secret::new(format!("postgres://{name}:x@{place}")), keys());
    let db = Db::connect(&options).await.unwrap();
    // Only an administrator may create the extension: everything else works, and the one command is named.
    let missing = db.without_vector().await.unwrap().unwrap();
    let command = format!("psql -d {name} -c 'CREATE EXTENSION vector'");
    assert!(missing.en.contains(&command) && missing.ko.contains(&command), "{missing:?}");
    let mut administrator = PgConnection::connect(&cluster_url(&name)).await.unwrap();
    sqlx::raw_sql("create extension vector").execute(&mut administrator).await.unwrap();
    administrator.close().await.unwrap();
    assert_eq!(db.without_vector().await.unwrap(), None);
    let app = services::App::new(test.app.config.clone(), &keys(), db).unwrap();
    // Foreign keys into tables under forced row-level security, and reading them back under the policies.
    let me = auth::create_admin(&app, "kim", "Kim", PASSWORD, "Hanbit").await.unwrap();
    let caller = auth::cli_caller(&app, None, Lang::Ko, Trace::default()).await.unwrap();
    assert_eq!(auth::me(&app, &caller).await.unwrap(), me);
    app.db.close().await;
    for statement in [format!("drop database {name} with (force)"), format!("drop role {name}")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut conn).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_made() {
    let test = TestApp::start().await;
    let name = format!("new_{}", test.database());
    let options = DbOptions::new(Secret::new(cluster_url(&name)), keys());
    Db::migrate(&options).await.unwrap();
    let statement = format!("drop database {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut test.superuser().await).await.unwrap();
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let statement = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                     values (9999, 'from the future', true, '', 0)";
    sqlx::raw_sql(statement).execute(&mut conn).await.unwrap();
    let error = Db::connect(&options(&test, keys())).await.unwrap_err().to_api();
    assert!(error.message.en.contains("newer than this version"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let mut options = DbOptions::new(Secret::new("postgres://a:geheim@127.0.0.1:9/none"), keys());
    options.app_pool = 1;
    let error = Db::connect(&options).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::Unavailable);
    assert!(
        error.message.ko.contains("127.0.0.1:9") && !format!("{error:?}").contains("geheim"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_wrong_password_and_a_name_nobody_knows_are_said_in_both_languages() {
    let test = TestApp::start().await;
    let url = cluster_url(test.database());
    let (_, place) = url.rsplit_once('@').unwrap();
    for (url, ko, en) in [
        (format!("postgres://nobody:geheim@{place}"), "비밀번호가 맞지 않습니다", "its password is wrong"),
        ("postgres://a:geheim@no-such-host.invalid:5432/x".to_owned(), "찾을 수 없습니다", "is not known"),
    ] {
        let error = Db::connect(&DbOptions::new(Secret::new(url), keys())).await.unwrap_err().to_api();
        assert_eq!(error.kind, ErrorCode::Unavailable);
        assert!(error.message.ko.contains(ko) && error.message.en.contains(en), "{error:?}");
        assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
    }
}

#[tokio::test]
async fn settings_are_shown_to_managers_with_their_source() {
    let test = TestApp::start().await;
    let all = settings::list(&test.app, &test.one.admin).await.unwrap();
    let zone = all.iter().find(|s| s.key == "time.zone").unwrap();
    assert_eq!((zone.value.as_str(), zone.source), ("UTC", SettingSource::Flag));
    let refused = settings::list(&test.app, &test.one.viewer).await.unwrap_err().to_api();
    assert_eq!(refused.kind, ErrorCode::Forbidden);
    assert!(refused.hint.unwrap().ko.contains("manager"));
}

#[tokio::test]
async fn the_command_line_acts_for_one_named_organisation() {
    let test = TestApp::start().await;
    let caller = |tenant| auth::cli_caller(&test.app, tenant, Lang::En, Trace::default());
    let several = caller(None).await.unwrap_err().to_api();
    assert!(several.hint.unwrap().en.contains("hanbit-bank"));
    assert_eq!(caller(Some("hanbit-bank")).await.unwrap().tenant, test.one.tenant.id);
    assert_eq!(caller(Some("다온물산")).await.unwrap().user, test.two.admin.user);
    assert_eq!(caller(Some("nobody")).await.unwrap_err().to_api().kind, ErrorCode::NotFound);
    let third = tenants::create(&test.app, "Hanbit Bank").await.unwrap();
    assert_eq!(third.slug, "hanbit-bank-2");
}

#[tokio::test]
async fn without_an_organisation_the_command_line_says_how_to_make_one() {
    let (app, _database) = TestApp::start_empty().await;
    let error = auth::cli_caller(&app, None, Lang::Ko, Trace::default()).await.unwrap_err().to_api();
    assert!(error.hint.unwrap().ko.contains("tobit admin create"));
    auth::create_admin(&app, "kim", "Kim", PASSWORD, "Hanbit").await.unwrap();
    let again = auth::create_admin(&app, "KIM", "Kim", PASSWORD, "Hanbit").await.unwrap_err().to_api();
    assert_eq!(again.fields[0].path, "login");
    let caller = auth::cli_caller(&app, None, Lang::Ko, Trace::default()).await.unwrap();
    assert_eq!(caller.login, "kim");
}
