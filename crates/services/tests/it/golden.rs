//! Golden questions: pinned, asked again, changed estates noticed, schedules kept by one replica.

use model::{
    ErrorCode,
    answer::{AnswerStatus, AskRequest},
    golden::{CheckOutcome, DifferenceIn, GoldenRules, PinGolden},
    imports::DemoRequest,
};
use services::{Caller, app::Shared, golden, imports, ops};
use testkit::TestApp;

async fn with_demo() -> TestApp {
    let test = TestApp::start().await;
    let demo = DemoRequest { seed: 3, cis: 80 };
    imports::run_demo(&test.app, &test.one.admin, demo, None, |_| ()).await.unwrap();
    test
}

async fn ask(app: &Shared, caller: &Caller, question: &str) -> model::answer::AskResponse {
    let request = AskRequest { question: question.to_owned(), ..AskRequest::default() };
    let answer = ops::ask(app, caller, request).await.unwrap();
    assert_eq!(answer.status, AnswerStatus::Answered, "{answer:?}");
    answer
}

fn pinned(run_id: model::RunId, every_min: u32) -> PinGolden {
    PinGolden { run_id, rules: GoldenRules { every_min, ..GoldenRules::default() } }
}

#[tokio::test]
async fn a_pinned_answer_comes_out_again_until_the_estate_changes_and_the_number_that_differs_is_named() {
    let test = with_demo().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let answer = ask(app, admin, "서버가 총 몇 대야?").await;
    let id = golden::pin(app, admin, pinned(answer.run_id, 0)).await.unwrap();

    let check = golden::check(app, admin, id).await.unwrap();
    assert_eq!((check.outcome, check.differences.len()), (CheckOutcome::Same, 0), "{check:?}");
    // The conversation of a check is not among those of the person.
    assert_eq!(services::chat::threads(app, admin, "").await.unwrap().len(), 1);

    imports::remove_demo(app, admin).await.unwrap();
    let demo = DemoRequest { seed: 3, cis: 140 };
    imports::run_demo(app, admin, demo, None, |_| ()).await.unwrap();
    let check = golden::check(app, admin, id).await.unwrap();
    assert_eq!(check.outcome, CheckOutcome::Changed, "{check:?}");
    assert!(
        check.differences.iter().any(|d| d.r#in == DifferenceIn::Number && d.before != d.after),
        "{check:?}"
    );
    let all = golden::list(app, admin).await.unwrap();
    assert_eq!(all[0].last.as_ref().map(|c| c.outcome), Some(CheckOutcome::Changed));

    golden::accept(app, admin, id, check.run_id.unwrap()).await.unwrap();
    assert_eq!(golden::check(app, admin, id).await.unwrap().outcome, CheckOutcome::Same);
    assert_eq!(golden::get(app, admin, id).await.unwrap().checks.len(), 3);
}

#[tokio::test]
async fn what_is_due_is_checked_once_however_many_replicas_look_and_nobody_else_sees_it() {
    let test = with_demo().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let answer = ask(app, admin, "서버가 총 몇 대야?").await;
    let id = golden::pin(app, admin, pinned(answer.run_id, 60)).await.unwrap();
    assert_eq!(golden::check_due(app).await.unwrap(), 0, "not due yet");

    let mut conn = test.superuser().await;
    sqlx::query("update golden set due_at = now() - interval '1 minute'").execute(&mut conn).await.unwrap();
    let other = test.replica().await;
    let (one, two) = tokio::join!(golden::check_due(app), golden::check_due(&other));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let found = golden::get(app, admin, id).await.unwrap();
    assert!(found.checks.len() == 1 && found.checks[0].scheduled, "{found:?}");
    assert!(found.summary.due_at.is_some_and(|due| due > chrono::Utc::now()));

    assert!(golden::list(app, &test.two.admin).await.unwrap().is_empty());
    let error = golden::get(app, &test.two.admin, id).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_schedule_outlives_its_server_and_a_check_it_died_over_is_made_by_the_next() {
    let test = with_demo().await;
    let (app, admin) = (&test.app, &test.one.admin);
    let answer = ask(app, admin, "서버가 총 몇 대야?").await;
    let id = golden::pin(app, admin, pinned(answer.run_id, 1_440)).await.unwrap();
    let mut conn = test.superuser().await;
    let past = "update golden set due_at = now() - interval '1 minute'";
    sqlx::query(past).execute(&mut conn).await.unwrap();

    // A server takes the check and dies while it asks.
    {
        let dying = test.replica().await;
        let mut held = sqlx::Connection::begin(&mut conn).await.unwrap();
        sqlx::query("lock table golden_check in access exclusive mode").execute(&mut *held).await.unwrap();
        let early = tokio::time::timeout(std::time::Duration::from_secs(3), golden::check_due(&dying)).await;
        assert!(early.is_err(), "the check cannot be kept");
        held.rollback().await.unwrap();
    }
    let soon = chrono::Utc::now() + chrono::Duration::minutes(31);
    let due = golden::get(app, admin, id).await.unwrap().summary.due_at.unwrap();
    assert!(due > chrono::Utc::now() && due < soon, "it is not put off by a whole day: {due}");

    // The next server, later.
    let next = test.replica().await;
    assert_eq!(golden::check_due(&next).await.unwrap(), 0, "not yet");
    sqlx::query(past).execute(&mut conn).await.unwrap();
    assert_eq!(golden::check_due(&next).await.unwrap(), 1);
    let found = golden::get(&next, admin, id).await.unwrap();
    assert_eq!(
        found.checks.first().map(|check| (check.scheduled, check.outcome)),
        Some((true, CheckOutcome::Same))
    );
    let day = chrono::Utc::now() + chrono::Duration::hours(23);
    assert!(found.summary.due_at.unwrap() > day, "the next one is due in a day");
}

#[tokio::test]
async fn who_only_looks_may_read_golden_questions_and_change_none() {
    let test = with_demo().await;
    let (app, viewer) = (&test.app, &test.one.viewer);
    let answer = ask(app, viewer, "서버가 총 몇 대야?").await;
    let error = golden::pin(app, viewer, pinned(answer.run_id, 0)).await.unwrap_err().to_api();
    assert_eq!(error.kind, ErrorCode::Forbidden);
    assert!(golden::list(app, viewer).await.unwrap().is_empty());

    let own = ask(app, &test.one.admin, "서버가 총 몇 대야?").await;
    let error = golden::pin(app, &test.one.admin, pinned(own.run_id, 2)).await.unwrap_err().to_api();
    assert_eq!((error.kind, error.fields[0].path.as_str()), (ErrorCode::Invalid, "rules.every_min"));
}
