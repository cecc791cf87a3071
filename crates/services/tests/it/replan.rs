//! Another way when a step found nothing or failed; what is told of it; listeners that do not listen; rights of who only
//! looks.

use std::time::Duration;

use futures::StreamExt;
use model::{
    ErrorCode, Lang,
    answer::{AnswerStatus, AskRequest, RunEvent},
    golden::{GoldenRules, PinGolden},
    imports::DemoRequest,
    plan::{BlockSpec, Budget, Kind, Node, Origin, Plan, StepStatus},
    run::{Fork, NewTemplate, RunPlan, RunQuery},
};
use serde_json::{Map, Value, json};
use services::{Caller, chat, golden, imports, ops, runs};
use testkit::TestApp;

async fn with_demo() -> TestApp {
    with_items(80).await
}

async fn with_items(cis: u32) -> TestApp {
    let test = TestApp::start().await;
    let demo = DemoRequest { seed: 3, cis };
    imports::run_demo(&test.app, &test.one.admin, demo, None, |_| ()).await.unwrap();
    test
}

fn plan_of(step: Node, options: Value) -> Plan {
    let options: Map<String, Value> = options.as_object().cloned().unwrap_or_default();
    let blocks = vec![BlockSpec { from: step.id.clone(), say: "records".into(), options }];
    let answer = Node::new("answer", "", Kind::Compose { blocks });
    Plan {
        goal: "look".into(),
        lang: Lang::En,
        origin: Origin::User,
        root: Node::new("root", "", Kind::Seq { nodes: vec![step, answer] }),
        confidence: 1.0,
        why: Vec::new(),
        timeout_ms: 10_000,
        tz: "UTC".into(),
        budget: Budget::default(),
    }
}

fn run_of(plan: Plan) -> RunPlan {
    RunPlan { plan: Some(plan), ..RunPlan::default() }
}

/// An item of the demo, and the end of an hour in which it had no event, though it had one some hours before.
async fn quiet_hour(test: &TestApp) -> (String, chrono::DateTime<chrono::Utc>) {
    let mut conn = test.superuser().await;
    sqlx::query_as(
        "select code, at + interval '3 hours'
         from (select c.code, r.at, lead(r.at) over (partition by c.code order by r.at) - r.at as gap
               from record r join ci c on c.tenant_id = r.tenant_id and c.id = r.ci_id where r.kind = 'event') e
         where gap > interval '4 hours' order by code, at limit 1",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap()
}

#[tokio::test]
async fn where_nothing_happened_the_run_looks_further_back_once_and_tells_both_in_trace_and_answer() {
    let test = with_demo().await;
    let (code, to) = quiet_hour(&test).await;
    let (app, caller) = (&test.app, &test.one.viewer);
    let request = AskRequest {
        question: format!("list the events of {code} in the last hour"),
        as_of: Some(to),
        ..AskRequest::default()
    };
    let started = ops::start(app, caller, request).await.unwrap();
    let told: Vec<RunEvent> =
        ops::subscribe(app, caller, started.run_id, 0).await.unwrap().map(|(_, event)| event).collect().await;
    let why = told.iter().find_map(|event| match event {
        RunEvent::Replanned { why, .. } => Some(why.clone()),
        _ => None,
    });
    let why = why.unwrap_or_else(|| panic!("no other way was taken: {told:?}"));
    let answer = ops::answer(app, caller, started.run_id).await.unwrap();
    assert!(answer.answer.contains(&why), "{}", answer.answer);
    let wider = answer.evidence.iter().find(|one| one.step.starts_with("r1.") && one.step.ends_with('w'));
    let wider =
        wider.filter(|one| one.rows > 0).unwrap_or_else(|| panic!("{:?}", answer.evidence)).step.clone();
    let run = runs::get(app, caller, started.run_id).await.unwrap();
    assert_eq!(run.replans, [why]);
    let paths: Vec<&str> = run.steps.items.iter().map(|step| step.path.as_str()).collect();
    let first = wider.trim_start_matches("r1.").trim_end_matches('w');
    assert!(paths.contains(&first) && paths.contains(&wider.as_str()), "{paths:?}");
    // The plan that was asked for is the one that is kept; the rows of the other are kept with its step.
    assert!(
        run.plan
            .is_some_and(|plan| plan.nodes().iter().all(|node| !wider.ends_with(&format!(".{}", node.id))))
    );
    let rows = runs::step(app, caller, started.run_id, &wider, 0, 5).await.unwrap();
    assert!(rows.kept && rows.total > 0);
}

#[tokio::test]
async fn a_plan_that_finds_something_is_followed_as_it_is() {
    let test = with_demo().await;
    let step = Node::tool("s1", "items", "ci.search", json!({ "limit": 3 }));
    let answer =
        ops::run_plan_and_wait(&test.app, &test.one.viewer, run_of(plan_of(step, json!({})))).await.unwrap();
    assert!(answer.steps.iter().all(|step| !step.id.starts_with("r1.")), "{:?}", answer.steps);
}

#[tokio::test]
async fn a_listener_that_takes_nothing_holds_up_no_run_and_gets_all_of_it_later() {
    let test = with_demo().await;
    let (app, caller) = (&test.app, &test.one.viewer);
    let step = Node::tool("s1", "items", "ci.search", json!({ "limit": 3 }));
    let started = ops::run_plan(app, caller, run_of(plan_of(step, json!({})))).await.unwrap();
    let mut slow = Box::pin(ops::subscribe(app, caller, started.run_id, 0).await.unwrap());
    let first = slow.next().await.unwrap();
    assert_eq!(first.0, 1);
    for _ in 0..200 {
        if runs::get(app, caller, started.run_id).await.unwrap().run.status.ended() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(runs::get(app, caller, started.run_id).await.unwrap().run.status.ended());
    let rest: Vec<(u64, RunEvent)> = slow.collect().await;
    assert!(rest.iter().map(|(seq, _)| *seq).is_sorted());
    assert!(matches!(rest.last(), Some((_, RunEvent::Finished { .. }))));
    // And the same from the journal, as another server would tell it.
    let other = test.replica().await;
    let again: Vec<(u64, RunEvent)> =
        ops::subscribe(&other, caller, started.run_id, 1).await.unwrap().collect().await;
    assert_eq!(again.len(), rest.len());
}

#[tokio::test]
async fn a_server_that_leaves_gives_its_runs_to_another_which_does_only_what_was_not_done() {
    let test = with_items(400).await;
    let (app, caller) = (&test.app, &test.one.viewer);
    let body = Node::tool(
        "look",
        "",
        "event.search",
        json!({"select": {"kind": "event", "ci": "$item"}, "limit": 500}),
    );
    let each = Kind::ForEach {
        items: "$s1.rows[*].code".into(),
        var: "item".into(),
        body: Box::new(Node { cache_s: Some(0), ..body }),
        max: 400,
        par: 1,
    };
    let mut plan = plan_of(Node::tool("s1", "items", "ci.search", json!({ "limit": 400 })), json!({}));
    if let Kind::Seq { nodes } = &mut plan.root.kind {
        nodes.insert(1, Node::new("each", "", each));
    }
    let started = ops::run_plan(app, caller, run_of(plan)).await.unwrap();
    for _ in 0..400 {
        if runs::steps(app, caller, started.run_id, 0, 100).await.unwrap().total > 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    app.runs.hand_over(Duration::ZERO).await;
    let before = runs::steps(app, caller, started.run_id, 0, 2_000).await.unwrap().items;
    assert!(before.iter().all(|step| step.status == StepStatus::Ok), "{before:?}");

    let other = test.replica().await;
    assert_eq!(ops::take_up(&other).await.unwrap(), 1);
    let told: Vec<(u64, RunEvent)> =
        ops::subscribe(&other, caller, started.run_id, 0).await.unwrap().collect().await;
    assert!(told.iter().map(|(seq, _)| *seq).is_sorted_by(|a, b| a < b), "numbers go up only");
    let mut ended: Vec<&str> = told
        .iter()
        .filter_map(|(_, event)| match event {
            RunEvent::StepFinished { step } => Some(step.id.as_str()),
            _ => None,
        })
        .collect();
    let count = ended.len();
    ended.sort_unstable();
    ended.dedup();
    assert_eq!(ended.len(), count, "a step ended twice");
    let run = runs::get(&other, caller, started.run_id).await.unwrap();
    assert_eq!((run.run.takeovers, run.response.map(|r| r.status)), (0, Some(AnswerStatus::Answered)));
    let after = runs::steps(&other, caller, started.run_id, 0, 2_000).await.unwrap().items;
    assert!(before.len() < after.len(), "the run had ended before it was handed over");
    assert!(before.iter().all(|step| after.contains(step)), "what had ended has changed");
    assert_eq!(ops::take_up(app).await.unwrap(), 0, "who leaves takes nothing up");
}

fn kind_of<T: std::fmt::Debug>(result: services::Result<T>) -> ErrorCode {
    result.unwrap_err().to_api().kind
}

#[tokio::test]
async fn who_only_looks_asks_runs_plans_and_reads_their_own_and_changes_nothing_of_the_organisation() {
    let test = with_demo().await;
    let (app, viewer, admin) = (&test.app, &test.one.viewer, &test.one.admin);
    let ask = async |caller: &Caller| {
        let request = AskRequest { question: "서버가 총 몇 대야?".into(), ..AskRequest::default() };
        ops::ask(app, caller, request).await.unwrap()
    };
    let (own, theirs) = (ask(viewer).await, ask(admin).await);
    let plan = own.plan.clone().unwrap();
    let template = NewTemplate {
        name: "count".into(),
        title: String::new(),
        about: String::new(),
        params: Vec::new(),
        plan,
        version: 0,
    };
    ops::save_template(app, admin, template.clone()).await.unwrap();
    let pin = |run_id| PinGolden { run_id, rules: GoldenRules::default() };
    let golden_id = golden::pin(app, admin, pin(theirs.run_id)).await.unwrap();

    // Allowed: one's own runs and conversations, plans, what the organisation keeps as templates and golden questions.
    assert!(runs::get(app, viewer, own.run_id).await.is_ok());
    assert!(chat::thread(app, viewer, own.thread_id).await.is_ok());
    assert_eq!(runs::templates::list(app, viewer).await.unwrap().len(), 1);
    assert!(golden::get(app, viewer, golden_id).await.is_ok());
    let called = RunPlan { template: "count".into(), ..RunPlan::default() };
    assert_eq!(ops::run_plan_and_wait(app, viewer, called).await.unwrap().answer, own.answer);
    let listed = runs::list(app, viewer, RunQuery::default()).await.unwrap().items;
    assert!(listed.iter().all(|run| run.user == viewer.user), "{listed:?}");

    // Not there: runs and conversations of others.
    let id = theirs.run_id;
    assert_eq!(kind_of(runs::get(app, viewer, id).await), ErrorCode::NotFound);
    assert_eq!(kind_of(runs::steps(app, viewer, id, 0, 0).await), ErrorCode::NotFound);
    assert_eq!(kind_of(runs::step(app, viewer, id, "s1", 0, 0).await), ErrorCode::NotFound);
    assert_eq!(kind_of(ops::answer(app, viewer, id).await), ErrorCode::NotFound);
    assert_eq!(kind_of(ops::cancel(app, viewer, id).await), ErrorCode::NotFound);
    assert_eq!(
        kind_of(ops::fork(app, viewer, id, Fork { step: "s1".into(), args: None }).await),
        ErrorCode::NotFound
    );
    assert_eq!(kind_of(ops::subscribe(app, viewer, id, 0).await.map(drop)), ErrorCode::NotFound);
    assert_eq!(kind_of(runs::compare(app, viewer, own.run_id, id).await), ErrorCode::NotFound);
    assert_eq!(kind_of(chat::thread(app, viewer, theirs.thread_id).await), ErrorCode::NotFound);
    assert_eq!(kind_of(chat::rename(app, viewer, theirs.thread_id, "x").await), ErrorCode::NotFound);
    assert_eq!(kind_of(chat::remove(app, viewer, theirs.thread_id).await), ErrorCode::NotFound);

    // Forbidden: what the organisation keeps.
    assert_eq!(kind_of(ops::save_template(app, viewer, template).await), ErrorCode::Forbidden);
    assert_eq!(kind_of(runs::templates::remove(app, viewer, "count").await), ErrorCode::Forbidden);
    assert_eq!(kind_of(golden::pin(app, viewer, pin(own.run_id)).await), ErrorCode::Forbidden);
    assert_eq!(kind_of(golden::check(app, viewer, golden_id).await), ErrorCode::Forbidden);
    assert_eq!(
        kind_of(golden::change(app, viewer, golden_id, GoldenRules::default()).await),
        ErrorCode::Forbidden
    );
    assert_eq!(kind_of(golden::accept(app, viewer, golden_id, id).await), ErrorCode::Forbidden);
    assert_eq!(kind_of(golden::remove(app, viewer, golden_id).await), ErrorCode::Forbidden);
}
