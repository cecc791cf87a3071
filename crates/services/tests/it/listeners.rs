//! Who listens to a run: those who close their page, those who come back, thousands at once, people who may not any more.

use std::time::Duration;

use futures::{FutureExt, StreamExt, future::join_all};
use model::{
    RunId,
    answer::RunEvent,
    plan::{Kind, Node},
    run::{RunPlan, RunStatus},
};
use serde_json::json;
use services::{Caller, access::Trace, app::Shared, auth, ops, runs};
use sqlx::{Connection, PgConnection};
use testkit::{PASSWORD, TestApp};

use crate::{
    estate::{import, load},
    runs::{seq, until_ended},
};

/// A run of one search of records.
async fn search(app: &Shared, caller: &Caller) -> RunId {
    let select = json!({ "select": { "kind": "alarm" }, "limit": 10 });
    let mut plan = seq(vec![Node { cache_s: Some(0), ..Node::tool("s1", "", "event.search", select) }], "s1");
    plan.timeout_ms = 180_000;
    let plan = RunPlan { plan: Some(plan), ..RunPlan::default() };
    ops::run_plan(app, caller, plan).await.unwrap().run_id
}

/// Nobody reads records until this ends: whoever does waits.
async fn hold(conn: &mut PgConnection) -> sqlx::Transaction<'_, sqlx::Postgres> {
    let mut held = conn.begin().await.unwrap();
    sqlx::query("lock table record in access exclusive mode").execute(&mut *held).await.unwrap();
    held
}

async fn status(app: &Shared, caller: &Caller, id: RunId) -> RunStatus {
    runs::get(app, caller, id).await.unwrap().run.status
}

/// Listens until the search has begun.
async fn listen(
    app: &Shared,
    caller: &Caller,
    id: RunId,
) -> futures::stream::BoxStream<'static, (u64, RunEvent)> {
    let mut events = ops::subscribe(app, caller, id, 0).await.unwrap().boxed();
    loop {
        match events.next().await.unwrap().1 {
            RunEvent::StepStarted { id } if id == "s1" => return events,
            RunEvent::Finished { .. } => panic!("the run is over before anybody leaves"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_run_whose_page_was_closed_is_stopped_after_its_grace_and_one_that_was_opened_again_goes_on() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let (app, caller) = (&t.app, &t.one.viewer);
    // What is known of the estate is read before.
    let first = search(app, caller).await;
    assert_eq!(until_ended(app, caller, first).await.run.status, RunStatus::Answered);

    let mut conn = t.superuser().await;
    let held = hold(&mut conn).await;
    let (left, back) = (search(app, caller).await, search(app, caller).await);
    let moved = search(app, caller).await;
    for id in [left, back, moved] {
        drop(listen(app, caller, id).await);
    }
    let again = listen(app, caller, back).await;
    // Another server may be the one a page comes back to.
    let replica = t.replica().await;
    let elsewhere = ops::subscribe(&replica, caller, moved, 0).await.unwrap();
    let elsewhere = tokio::spawn(elsewhere.collect::<Vec<(u64, RunEvent)>>());
    for _ in 0..600 {
        if status(app, caller, left).await.ended() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // It ended although its statement still had to wait: that was cancelled too.
    assert_eq!(status(app, caller, left).await, RunStatus::Cancelled);
    for id in [back, moved] {
        assert_eq!(status(app, caller, id).await, RunStatus::Running, "somebody came back in time");
    }
    held.rollback().await.unwrap();
    assert!(matches!(elsewhere.await.unwrap().last(), Some((_, RunEvent::Finished { .. }))));
    assert_eq!(status(app, caller, moved).await, RunStatus::Answered);
    let rest: Vec<(u64, RunEvent)> = again.collect().await;
    assert!(matches!(rest.last(), Some((_, RunEvent::Finished { .. }))));
    assert_eq!(status(app, caller, back).await, RunStatus::Answered);
}

#[tokio::test]
async fn many_who_follow_a_run_by_its_journal_all_hear_all_of_it_from_wherever_they_were() {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let mut conn = t.superuser().await;
    let id = {
        let first = search(app, caller).await;
        until_ended(app, caller, first).await;
        let held = hold(&mut conn).await;
        let id = search(app, caller).await;
        drop(listen(app, caller, id).await);
        // On another server there is nothing of it in memory.
        let replica = t.replica().await;
        let listeners = (0..300).map(|n| {
            let replica = Shared::clone(&replica);
            async move {
                let events = ops::subscribe(&replica, caller, id, n % 3).await.unwrap();
                (
                    n % 3,
                    events.map(|(seq, event)| (seq, json!(event)["type"].clone())).collect::<Vec<_>>().await,
                )
            }
        });
        let (told, ()) = futures::join!(join_all(listeners), held.rollback().map(Result::unwrap));
        let whole = &told[0].1;
        assert_eq!(whole.last().unwrap().1, "finished");
        for (after, told) in &told {
            let expected: Vec<_> = whole.iter().filter(|(seq, _)| seq > after).cloned().collect();
            assert_eq!(*told, expected, "after {after}");
        }
        id
    };
    assert_eq!(status(app, caller, id).await, RunStatus::Answered);
}

/// A person who is signed in.
async fn signed_in(t: &TestApp, login: &str) -> Caller {
    let credentials = model::auth::SignIn { login: login.to_owned(), password: PASSWORD.to_owned() };
    let tokens = auth::sign_in(&t.app, &TestApp::client([192, 0, 2, 1]), credentials).await.unwrap();
    auth::authenticate(&t.app, tokens.access.expose(), Trace::default()).await.unwrap()
}

#[tokio::test]
async fn a_stream_ends_soon_after_its_reader_signed_out_was_disabled_or_left_the_organisation_on_any_server()
{
    let t = TestApp::start().await;
    let mut conn = t.superuser().await;
    let replica = t.replica().await;
    for how in [
        "update sessions set revoked_at = now(), revoked_why = 'signed_out' where user_id = $1",
        "update users set disabled_at = now() where id = $1",
        "delete from memberships where user_id = $1",
    ] {
        let (stays, goes) = (signed_in(&t, "admin@one").await, signed_in(&t, "viewer@one").await);
        let (other, open, there) = (
            auth::open_stream(&t.app, &stays),
            auth::open_stream(&t.app, &goes),
            auth::open_stream(&replica, &goes),
        );
        let early = tokio::time::timeout(Duration::from_millis(1_200), open.signed_out()).await;
        assert!(early.is_err(), "it was looked at and still stands");
        sqlx::query(how).bind(goes.user.0).execute(&mut conn).await.unwrap();
        let both = futures::future::join(open.signed_out(), there.signed_out());
        tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
        assert!(other.signed_out().now_or_never().is_none(), "others go on");
        for back in [
            "update users set disabled_at = null",
            "insert into memberships (tenant_id, user_id, role) select $2, $1, 'viewer'
             where not exists (select from memberships where tenant_id = $2 and user_id = $1)",
        ] {
            let query = sqlx::query(back);
            let query = if back.contains("$1") { query.bind(goes.user.0).bind(goes.tenant.0) } else { query };
            query.execute(&mut conn).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_crowd_at_the_door_is_let_in_with_a_handful_of_looks() {
    let t = TestApp::start().await;
    let credentials = model::auth::SignIn { login: "viewer@one".into(), password: PASSWORD.to_owned() };
    let tokens = auth::sign_in(&t.app, &TestApp::client([192, 0, 2, 1]), credentials).await.unwrap();
    let known = (0..3_000).map(|_| auth::authenticate(&t.app, tokens.access.expose(), Trace::default()));
    assert!(join_all(known).await.into_iter().all(|caller| caller.is_ok()));
    let caller = signed_in(&t, "viewer@one").await;
    let plan = seq(
        vec![Node::new(
            "ok",
            "",
            Kind::Approve { what: "?".into(), who: model::perm::Role::Admin, expires_s: 60 },
        )],
        "ok",
    );
    let started =
        ops::run_plan(&t.app, &caller, RunPlan { plan: Some(plan), ..RunPlan::default() }).await.unwrap();
    let opened =
        (0..3_000).map(|_| ops::subscribe(&t.app, &caller, started.run_id, 0).map(|opened| opened.is_ok()));
    assert!(join_all(opened).await.into_iter().all(|opened| opened));
}
