//! Signing in and out: the first administrator, rotation, reuse, revocation, throttling.

use std::time::Duration;

use model::{
    ErrorCode,
    auth::{FirstAdmin, SignIn},
    perm::Role,
};
use services::{App, Client, Error, access::Trace, auth};
use testkit::{PASSWORD, TestApp};

fn credentials(login: &str, password: &str) -> SignIn {
    SignIn { login: login.to_owned(), password: password.to_owned() }
}

fn here() -> Client {
    TestApp::client([192, 0, 2, 1])
}

async fn signed_in(app: &App) -> auth::Tokens {
    auth::sign_in(app, &here(), credentials("admin@one", PASSWORD)).await.unwrap()
}

async fn alive(app: &App, tokens: &auth::Tokens) -> bool {
    auth::authenticate(app, tokens.access.expose(), Trace::default()).await.is_ok()
}

async fn renewed(app: &App, tokens: &auth::Tokens) -> Result<auth::Tokens, Error> {
    auth::refresh(app, &here(), tokens.refresh.expose()).await
}

fn kind(error: Error) -> ErrorCode {
    error.to_api().kind
}

/// Moves the last exchange of every session into the past.
async fn let_grace_pass(test: &TestApp) {
    let mut conn = test.superuser().await;
    sqlx::raw_sql("update sessions set rotated_at = rotated_at - interval '11 seconds'")
        .execute(&mut conn)
        .await
        .unwrap();
}

#[tokio::test]
async fn sec_aut_07_the_first_administrator_needs_the_token_once() {
    let (app, _database) = TestApp::start_empty().await;
    assert!(auth::setup_state(&app).await.unwrap().needs_admin);
    let token = auth::setup_token(&app).await.unwrap().unwrap();
    let request = |token: &str, password: &str| FirstAdmin {
        token: token.to_owned(),
        login: "kim".to_owned(),
        name: "김하나".to_owned(),
        password: password.to_owned(),
        organisation: "한빛은행".to_owned(),
    };

    let wrong =
        auth::create_first_admin(&app, &here(), request("0000", PASSWORD)).await.unwrap_err().to_api();
    assert_eq!(wrong.fields[0].path, "token");
    let weak = auth::create_first_admin(&app, &here(), request(&token, "kim kim kim kim"))
        .await
        .unwrap_err()
        .to_api();
    assert_eq!(weak.fields[0].path, "password");

    let tokens = auth::create_first_admin(&app, &here(), request(&token, PASSWORD)).await.unwrap();
    assert_eq!((tokens.me.role, tokens.me.tenant_name.as_str()), (Role::Admin, "한빛은행"));
    let caller = auth::authenticate(&app, tokens.access.expose(), Trace::default()).await.unwrap();
    assert_eq!(auth::me(&app, &caller).await.unwrap(), tokens.me);

    assert!(!auth::setup_state(&app).await.unwrap().needs_admin);
    assert!(auth::setup_token(&app).await.unwrap().is_none());
    let again = auth::create_first_admin(&app, &here(), request(&token, PASSWORD)).await.unwrap_err();
    assert_eq!(kind(again), ErrorCode::Invalid);
}

#[tokio::test]
async fn a_setup_token_runs_out() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    sqlx::raw_sql("delete from memberships").execute(&mut conn).await.unwrap();
    let token = auth::setup_token(&test.app).await.unwrap().unwrap();
    sqlx::raw_sql("update setup_tokens set expires_at = now()").execute(&mut conn).await.unwrap();
    let request = FirstAdmin {
        token,
        login: "new".to_owned(),
        name: "New".to_owned(),
        password: PASSWORD.to_owned(),
        organisation: "New".to_owned(),
    };
    let error = auth::create_first_admin(&test.app, &here(), request).await.unwrap_err().to_api();
    assert!(error.message.en.contains("run out"), "{error:?}");
}

#[tokio::test]
async fn signing_in_does_not_mind_case_and_spaces_and_gives_the_caller_their_tenant() {
    let test = TestApp::start().await;
    let tokens = auth::sign_in(&test.app, &here(), credentials(" Viewer@TWO ", PASSWORD)).await.unwrap();
    let caller = auth::authenticate(&test.app, tokens.access.expose(), Trace::default()).await.unwrap();
    assert_eq!((caller.tenant, caller.role), (test.two.tenant.id, Role::Viewer));
    assert_eq!(caller.user, test.two.viewer.user);
    assert_eq!(auth::me(&test.app, &caller).await.unwrap().tenant_name, "다온물산");
}

#[tokio::test]
async fn sec_aut_05_unknown_person_wrong_password_and_disabled_account_answer_alike() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    sqlx::raw_sql("update users set disabled_at = now() where login = 'viewer@one'")
        .execute(&mut conn)
        .await
        .unwrap();
    let mut answers = Vec::new();
    for (login, password) in
        [("nobody", PASSWORD), ("admin@one", "something else 12"), ("viewer@one", PASSWORD)]
    {
        answers.push(
            auth::sign_in(&test.app, &here(), credentials(login, password)).await.unwrap_err().to_api(),
        );
    }
    assert_eq!(answers[0].kind, ErrorCode::BadCredentials);
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn sec_aut_06_failures_slow_down_the_one_who_fails_and_not_the_owner() {
    let test = TestApp::start().await;
    signed_in(&test.app).await;
    let attacker = TestApp::client([198, 51, 100, 9]);
    for n in 1..=5 {
        let error = auth::sign_in(&test.app, &attacker, credentials("admin@one", "wrong password"))
            .await
            .unwrap_err();
        assert_eq!(kind(error), ErrorCode::BadCredentials, "try {n}");
    }
    let refused =
        auth::sign_in(&test.app, &attacker, credentials("admin@one", PASSWORD)).await.unwrap_err().to_api();
    assert_eq!(refused.kind, ErrorCode::TooMany);
    let wait = refused.retry_after_ms.unwrap();
    assert!((50_000..=60_000).contains(&wait), "{wait}");
    for login in ["nobody"; 5] {
        let _ = auth::sign_in(&test.app, &attacker, credentials(login, "x")).await;
    }
    let unknown = auth::sign_in(&test.app, &attacker, credentials("nobody", "x")).await.unwrap_err();
    assert_eq!(kind(unknown), ErrorCode::TooMany, "an unknown account answers like a known one");
    signed_in(&test.app).await;

    // Many addresses against one account: a new address is refused, the owner's known one is not.
    for n in 0..20 {
        let _ =
            auth::sign_in(&test.app, &TestApp::client([203, 0, 113, n]), credentials("admin@one", "wrong"))
                .await;
    }
    let new = TestApp::client([203, 0, 113, 200]);
    let refused = auth::sign_in(&test.app, &new, credentials("admin@one", PASSWORD)).await.unwrap_err();
    assert_eq!(kind(refused), ErrorCode::TooMany);
    signed_in(&test.app).await;
}

#[tokio::test]
async fn a_block_ends_by_itself_and_grows_when_failing_goes_on() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let fail = async || {
        let error =
            auth::sign_in(&test.app, &here(), credentials("viewer@one", "wrong")).await.unwrap_err().to_api();
        (error.kind, error.retry_after_ms)
    };
    for _ in 0..5 {
        fail().await;
    }
    assert_eq!(fail().await.0, ErrorCode::TooMany);
    sqlx::raw_sql("update sign_in_failures set blocked_until = now()").execute(&mut conn).await.unwrap();
    assert_eq!(fail().await.0, ErrorCode::BadCredentials);
    let (kind, wait) = fail().await;
    assert_eq!(kind, ErrorCode::TooMany);
    assert!(wait.unwrap() > 100_000, "two minutes now");
    sqlx::raw_sql("update sign_in_failures set blocked_until = now()").execute(&mut conn).await.unwrap();
    auth::sign_in(&test.app, &here(), credentials("viewer@one", PASSWORD)).await.unwrap();
    assert_eq!(fail().await.0, ErrorCode::BadCredentials, "success forgets the failures");
}

#[tokio::test]
async fn sec_ses_03_a_refresh_token_works_once_and_a_spent_one_ends_the_session() {
    let test = TestApp::start().await;
    let first = signed_in(&test.app).await;
    let second = renewed(&test.app, &first).await.unwrap();
    let third = renewed(&test.app, &second).await.unwrap();
    assert!(alive(&test.app, &third).await);
    // Two generations old: no grace, however little time has passed.
    assert_eq!(kind(renewed(&test.app, &first).await.unwrap_err()), ErrorCode::SignedOut);
    assert!(!alive(&test.app, &third).await, "the whole family is ended");
    assert_eq!(kind(renewed(&test.app, &third).await.unwrap_err()), ErrorCode::SignedOut);
    let mut conn = test.superuser().await;
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log order by id desc limit 1")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    assert_eq!(actions, ["auth.token_reused"]);
}

#[tokio::test]
async fn sec_ses_03_the_token_before_is_taken_for_ten_seconds_while_the_new_one_is_unused() {
    let test = TestApp::start().await;
    let first = signed_in(&test.app).await;
    let lost = renewed(&test.app, &first).await.unwrap();
    let tab = renewed(&test.app, &first).await.unwrap();
    assert!(alive(&test.app, &lost).await && alive(&test.app, &tab).await);
    let next = renewed(&test.app, &tab).await.unwrap();
    assert!(alive(&test.app, &next).await);

    let_grace_pass(&test).await;
    assert_eq!(
        kind(renewed(&test.app, &lost).await.unwrap_err()),
        ErrorCode::SignedOut,
        "a sibling is spent too"
    );
    assert!(!alive(&test.app, &next).await);
}

#[tokio::test]
async fn after_the_grace_the_token_before_ends_the_session() {
    let test = TestApp::start().await;
    let first = signed_in(&test.app).await;
    let second = renewed(&test.app, &first).await.unwrap();
    let_grace_pass(&test).await;
    assert!(renewed(&test.app, &first).await.is_err());
    assert!(!alive(&test.app, &second).await);
}

#[tokio::test]
async fn two_exchanges_at_the_same_moment_are_two_tabs_and_not_a_theft() {
    let test = TestApp::start().await;
    let first = signed_in(&test.app).await;
    let (a, b) = tokio::join!(renewed(&test.app, &first), renewed(&test.app, &first));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(alive(&test.app, &a).await && alive(&test.app, &b).await);
}

#[tokio::test]
async fn sec_ses_04_a_dump_of_the_database_signs_nobody_in() {
    let test = TestApp::start().await;
    let tokens = signed_in(&test.app).await;
    let mut conn = test.superuser().await;
    let rows: Vec<String> = sqlx::query_scalar(
        "select row_to_json(t)::text from refresh_tokens t union all select row_to_json(s)::text from sessions s
         union all select row_to_json(u)::text from users u union all select row_to_json(a)::text from audit_log a",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let dump = rows.join("\n");
    for secret in [tokens.refresh.expose(), tokens.access.expose(), PASSWORD] {
        assert!(!dump.contains(secret));
    }
}

#[tokio::test]
async fn sec_ses_05_idle_and_old_sessions_end() {
    let test = TestApp::start().await;
    let mut conn = test.superuser().await;
    let idle = signed_in(&test.app).await;
    sqlx::raw_sql("update refresh_tokens set expires_at = now()").execute(&mut conn).await.unwrap();
    assert_eq!(kind(renewed(&test.app, &idle).await.unwrap_err()), ErrorCode::SignedOut);

    let old = signed_in(&test.app).await;
    sqlx::raw_sql("update sessions set expires_at = now()").execute(&mut conn).await.unwrap();
    assert!(renewed(&test.app, &old).await.is_err());
    assert!(!alive(&test.app, &old).await);

    sqlx::raw_sql("update sessions set expires_at = now() - interval '31 days'")
        .execute(&mut conn)
        .await
        .unwrap();
    assert!(auth::sweep(&test.app).await.unwrap() >= 2);
    assert_eq!(kind(renewed(&test.app, &old).await.unwrap_err()), ErrorCode::SignedOut);
}

#[tokio::test]
async fn sec_ses_06_signing_out_ends_both_tokens_here_at_once_and_on_a_replica_within_a_second() {
    let test = TestApp::start().await;
    let replica = test.replica().await;
    let tokens = signed_in(&test.app).await;
    let other = signed_in(&test.app).await;
    assert!(alive(&test.app, &tokens).await && alive(&replica, &tokens).await);

    let caller = auth::authenticate(&test.app, tokens.access.expose(), Trace::default()).await.unwrap();
    assert_eq!(auth::recheck(&test.app, &caller).await.unwrap().user, caller.user);
    auth::sign_out(&test.app, &caller).await.unwrap();
    assert!(!alive(&test.app, &tokens).await);
    assert_eq!(kind(auth::recheck(&test.app, &caller).await.unwrap_err()), ErrorCode::SignedOut);
    assert!(renewed(&test.app, &tokens).await.is_err());
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert!(!alive(&replica, &tokens).await);
    assert!(alive(&test.app, &other).await, "another session of the same person goes on");
    auth::sign_out(&test.app, &caller).await.unwrap();
    replica.db.close().await;
}

#[tokio::test]
async fn sec_ses_07_a_disabled_person_and_a_changed_role_count_within_a_second() {
    let test = TestApp::start().await;
    let tokens = signed_in(&test.app).await;
    assert!(alive(&test.app, &tokens).await);
    let mut conn = test.superuser().await;
    sqlx::raw_sql("update memberships set role = 'viewer' where role = 'admin'")
        .execute(&mut conn)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let caller = auth::authenticate(&test.app, tokens.access.expose(), Trace::default()).await.unwrap();
    assert_eq!(caller.role, Role::Viewer);
    sqlx::raw_sql("update users set disabled_at = now()").execute(&mut conn).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    assert!(!alive(&test.app, &tokens).await);
    assert!(renewed(&test.app, &tokens).await.is_err());
}

#[tokio::test]
async fn nonsense_is_signed_out_and_never_a_fault() {
    let test = TestApp::start().await;
    for token in ["", "a.b.c", &"x".repeat(10_000), "\0"] {
        let error = auth::authenticate(&test.app, token, Trace::default()).await.unwrap_err();
        assert_eq!(kind(error), ErrorCode::SignedOut);
        assert_eq!(kind(auth::refresh(&test.app, &here(), token).await.unwrap_err()), ErrorCode::SignedOut);
    }
    for login in ["", "\0", &"x".repeat(1_000)] {
        let error = auth::sign_in(&test.app, &here(), credentials(login, "x")).await.unwrap_err();
        assert_eq!(kind(error), ErrorCode::BadCredentials);
    }
}
