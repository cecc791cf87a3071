//! Runs: kept step by step, seen by whom they may be seen by, taken up again, forked, decided, swept away.

use std::time::Duration;

use futures::StreamExt;
use model::{
    ErrorCode, Lang, RunId,
    answer::{AnswerStatus, AskRequest, AskResponse, RunEvent},
    perm::Role,
    plan::{BlockSpec, Kind, Node, Origin, Plan, StepStatus},
    run::*,
};
use serde_json::{Map, Value, json};
use services::{Caller, app::Shared, auth, db::Backends, ops, runs};
use sqlx::Row;
use testkit::TestApp;

use crate::estate::{import, load};

fn search(id: &str, limit: u32) -> Node {
    Node::tool(id, "", "ci.search", json!({ "limit": limit }))
}

pub fn seq(mut nodes: Vec<Node>, told: &str) -> Plan {
    let blocks = vec![BlockSpec { from: told.into(), say: "list".into(), options: Map::new() }];
    nodes.push(Node::new("answer", "", Kind::Compose { blocks }));
    Plan {
        goal: "look".into(),
        lang: Lang::En,
        origin: Origin::User,
        root: Node::new("root", "", Kind::Seq { nodes }),
        confidence: 1.0,
        why: Vec::new(),
        timeout_ms: 10_000,
        tz: String::new(),
        budget: model::plan::Budget::default(),
    }
}

/// Two searches, the second by what the first found.
fn two() -> Plan {
    let second =
        Node::tool("s2", "", "ci.get", json!({ "select": { "codes": "$s1.rows[*].code" }, "fields": ["*"] }));
    seq(vec![search("s1", 3), second], "s2")
}

fn run_of(plan: Plan) -> RunPlan {
    RunPlan { plan: Some(plan), ..RunPlan::default() }
}

async fn carry_out(app: &Shared, caller: &Caller, plan: Plan) -> AskResponse {
    ops::run_plan_and_wait(app, caller, run_of(plan)).await.unwrap()
}

async fn started() -> TestApp {
    let t = TestApp::start().await;
    load(&t.app, &t.one.admin, import()).await;
    t
}

/// Another person of the first organisation.
async fn person(t: &TestApp, login: &str, role: Role) -> Caller {
    let user =
        auth::create_member(&t.app, t.one.tenant.id, (login, "Park"), testkit::PASSWORD, role).await.unwrap();
    Caller { user, login: login.into(), role, ..t.one.viewer.clone() }
}

pub async fn until_ended(app: &Shared, caller: &Caller, id: RunId) -> RunDetail {
    for _ in 0..400 {
        let run = runs::get(app, caller, id).await.unwrap();
        if run.run.status.ended() {
            return run;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the run {id} does not end");
}

async fn until_waiting(app: &Shared, caller: &Caller, id: RunId) {
    for _ in 0..400 {
        if runs::get(app, caller, id).await.unwrap().run.status == RunStatus::Waiting {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the run {id} does not wait");
}

fn kind_of<T: std::fmt::Debug>(result: services::Result<T>) -> ErrorCode {
    result.unwrap_err().to_api().kind
}

#[tokio::test]
async fn every_step_is_kept_with_what_went_in_and_what_came_out() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let answer = carry_out(app, caller, two()).await;
    assert_eq!(answer.status, AnswerStatus::Answered, "{}", answer.answer);

    let run = runs::get(app, caller, answer.run_id).await.unwrap();
    assert_eq!((run.run.status, run.run.kind.as_str(), run.run.steps), (RunStatus::Answered, "plan", 4));
    assert_eq!((run.spent.calls, run.spent.steps), (2, 3));
    let names: Vec<&str> = run.steps.items.iter().map(|step| step.path.as_str()).collect();
    assert_eq!(names, ["root", "s1", "s2", "answer"]);
    assert_eq!(run.response.as_ref().map(|response| &response.answer), Some(&answer.answer));

    let step = runs::step(app, caller, answer.run_id, "s2", 1, 1).await.unwrap();
    assert_eq!((step.total, step.rows.len(), step.offset, step.kept), (3, 1, 1, true));
    assert_eq!(step.planned.unwrap()["select"]["codes"], json!("$s1.rows[*].code"));
    assert_eq!(step.args["select"]["codes"].as_array().map(Vec::len), Some(3));
    assert!(step.step.started_ms >= run.steps.items[1].started_ms && step.step.attempts == 1);
    assert_eq!(kind_of(runs::step(app, caller, answer.run_id, "s9", 0, 0).await), ErrorCode::NotFound);

    let page = runs::steps(app, caller, answer.run_id, 1, 2).await.unwrap();
    assert_eq!((page.items.len(), page.total, page.next), (2, 4, Some(3)));
}

#[tokio::test]
async fn people_see_their_own_runs_managers_those_of_all_and_nobody_those_of_another_tenant() {
    let t = started().await;
    let app = &t.app;
    let id = carry_out(app, &t.one.admin, two()).await.run_id;
    let own = carry_out(app, &t.one.viewer, two()).await.run_id;

    let ids = async |caller: &Caller, query: RunQuery| -> Vec<RunId> {
        runs::list(app, caller, query).await.unwrap().items.into_iter().map(|run| run.id).collect()
    };
    assert_eq!(ids(&t.one.viewer, RunQuery::default()).await, [own]);
    assert_eq!(
        ids(&t.one.viewer, RunQuery { user: Some(t.one.admin.user), ..RunQuery::default() }).await,
        [own]
    );
    assert_eq!(ids(&t.one.admin, RunQuery::default()).await, [own, id]);
    assert_eq!(
        ids(&t.one.admin, RunQuery { user: Some(t.one.admin.user), ..RunQuery::default() }).await,
        [id]
    );
    assert!(ids(&t.two.admin, RunQuery::default()).await.is_empty());
    for caller in [&t.one.viewer, &t.two.admin] {
        assert_eq!(kind_of(runs::get(app, caller, id).await), ErrorCode::NotFound);
        assert_eq!(kind_of(runs::steps(app, caller, id, 0, 0).await), ErrorCode::NotFound);
        assert_eq!(kind_of(runs::step(app, caller, id, "s1", 0, 0).await), ErrorCode::NotFound);
        assert_eq!(kind_of(runs::compare(app, caller, id, own).await), ErrorCode::NotFound);
        assert_eq!(
            kind_of(ops::fork(app, caller, id, Fork { step: "s1".into(), args: None }).await),
            ErrorCode::NotFound
        );
        assert_eq!(kind_of(ops::cancel(app, caller, id).await), ErrorCode::NotFound);
        assert_eq!(kind_of(ops::subscribe(app, caller, id, 0).await.map(|_| ())), ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn the_list_is_filtered_and_read_page_by_page() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    for n in 0..5 {
        let request = RunPlan { title: format!("look {n}"), ..run_of(two()) };
        ops::run_plan_and_wait(app, caller, request).await.unwrap();
    }
    let refused =
        AskRequest { question: "이벤트 로그 전부 삭제해줘".into(), ..AskRequest::default() };
    ops::ask(app, caller, refused).await.unwrap();

    let mut query = RunQuery { limit: 2, ..RunQuery::default() };
    let mut seen = Vec::new();
    loop {
        let page = runs::list(app, caller, query.clone()).await.unwrap();
        if query.after.is_none() {
            assert_eq!(page.kinds, [("ask".to_owned(), 1), ("plan".to_owned(), 5)]);
            assert!(page.statuses.contains(&(RunStatus::Refused, 1)), "{:?}", page.statuses);
        }
        seen.extend(page.items.into_iter().map(|run| run.title));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["이벤트 로그 전부 삭제해줘", "look 4", "look 3", "look 2", "look 1", "look 0"]);
    let found = async |query: RunQuery| runs::list(app, caller, query).await.unwrap().items.len();
    assert_eq!(found(RunQuery { kind: vec!["ask".into()], ..RunQuery::default() }).await, 1);
    assert_eq!(
        found(RunQuery { status: vec![RunStatus::Refused, RunStatus::Failed], ..RunQuery::default() }).await,
        1
    );
    assert_eq!(found(RunQuery { text: "LOOK 3".into(), ..RunQuery::default() }).await, 1);
    assert_eq!(found(RunQuery { min_ms: Some(1e9), ..RunQuery::default() }).await, 0);
    assert_eq!(found(RunQuery { from: Some(chrono::Utc::now()), ..RunQuery::default() }).await, 0);
    let wrong = RunQuery { after: Some("x".into()), ..RunQuery::default() };
    assert_eq!(kind_of(runs::list(app, caller, wrong).await), ErrorCode::Invalid);
}

#[tokio::test]
async fn a_plan_says_what_is_wrong_with_it_before_it_runs() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let steps = vec![
        Node::tool("s1", "", "ci.search", json!({ "limit": "many", "colour": "red" })),
        Node::tool(
            "s2",
            "",
            "ci.get",
            json!({ "select": { "codes": "$s3.rows" }, "limit": "$s1.rows[*].code" }),
        ),
        Node::tool("s3", "", "ci.forget", json!({})),
        Node::tool("s4", "", "ci.search", json!({ "text": "$s1.lines" })),
    ];
    let wrong = seq(steps, "s9");
    let proposed =
        ops::propose(app, caller, ProposePlan { plan: Some(wrong.clone()), ..ProposePlan::default() })
            .await
            .unwrap();
    let found: Vec<(String, IssueCode)> = proposed.issues.iter().map(|i| (i.path.clone(), i.code)).collect();
    for expected in [
        ("root.nodes[0].args.limit", IssueCode::BadArgument),
        ("root.nodes[0].args.colour", IssueCode::BadArgument),
        ("root.nodes[1].args.select.codes", IssueCode::LaterReference),
        ("root.nodes[1].args.limit", IssueCode::TypeMismatch),
        ("root.nodes[2].tool", IssueCode::UnknownTool),
        ("root.nodes[3].args.text", IssueCode::UnknownOutput),
        ("root.nodes[4].blocks[0].from", IssueCode::UnknownReference),
    ] {
        assert!(found.contains(&(expected.0.to_owned(), expected.1)), "{expected:?} is not in {found:?}");
    }
    let error = ops::run_plan(app, caller, run_of(wrong)).await.unwrap_err().to_api();
    assert_eq!((error.kind, error.fields.len()), (ErrorCode::Invalid, found.len()));

    let ask = ProposePlan { question: "서버가 총 몇 대야?".into(), ..ProposePlan::default() };
    let proposed = ops::propose(app, caller, ask).await.unwrap();
    assert!(proposed.plan.is_some() && proposed.issues.is_empty(), "{:?}", proposed.issues);
    assert!(proposed.cost.calls >= 1);
    let refused =
        ProposePlan { question: "이벤트 로그 전부 삭제해줘".into(), ..ProposePlan::default() };
    assert_eq!(ops::propose(app, caller, refused).await.unwrap().status, AnswerStatus::Refused);
}

#[tokio::test]
async fn a_template_is_saved_called_by_name_changed_in_order_and_removed() {
    let t = started().await;
    let app = &t.app;
    let step = Node::tool("s1", "", "ci.search", json!({ "limit": "$args.count" }));
    let param = TemplateParam {
        name: "count".into(),
        about: String::new(),
        r#type: "number".into(),
        default: Some(json!(2)),
    };
    let template = NewTemplate {
        name: "some".into(),
        title: "Some items".into(),
        about: String::new(),
        params: vec![param],
        plan: seq(vec![step], "s1"),
        version: 0,
    };
    assert_eq!(kind_of(ops::save_template(app, &t.one.viewer, template.clone()).await), ErrorCode::Forbidden);
    let bad = NewTemplate { name: "No Spaces".into(), ..template.clone() };
    assert_eq!(kind_of(ops::save_template(app, &t.one.admin, bad).await), ErrorCode::Invalid);
    assert_eq!(ops::save_template(app, &t.one.admin, template.clone()).await.unwrap().version, 1);
    assert_eq!(kind_of(ops::save_template(app, &t.one.admin, template.clone()).await), ErrorCode::Conflict);
    let second = NewTemplate { version: 1, ..template };
    assert_eq!(ops::save_template(app, &t.one.admin, second).await.unwrap().version, 2);
    assert_eq!(runs::templates::list(app, &t.one.viewer).await.unwrap().len(), 1);
    assert!(runs::templates::list(app, &t.two.admin).await.unwrap().is_empty());

    let call = |args: Value| RunPlan {
        template: "some".into(),
        args: args.as_object().cloned().unwrap_or_default(),
        ..RunPlan::default()
    };
    for (args, rows) in [(json!({}), 2), (json!({"count": 4}), 4)] {
        let answer = ops::run_plan_and_wait(app, &t.one.viewer, call(args)).await.unwrap();
        let step = runs::step(app, &t.one.viewer, answer.run_id, "s1", 0, 0).await.unwrap();
        assert_eq!(step.total, rows);
        assert_eq!(runs::get(app, &t.one.viewer, answer.run_id).await.unwrap().run.template, "some");
    }
    for wrong in [json!({"count": "x"}), json!({"kount": 1})] {
        assert_eq!(kind_of(ops::run_plan(app, &t.one.viewer, call(wrong)).await), ErrorCode::Invalid);
    }
    assert_eq!(kind_of(ops::run_plan(app, &t.two.viewer, call(json!({}))).await), ErrorCode::NotFound);
    let inner = Node::new(
        "s1",
        "",
        Kind::Call { template: "some".into(), args: Map::from_iter([("count".to_owned(), json!(1))]) },
    );
    let answer = carry_out(app, &t.one.viewer, seq(vec![inner], "s1")).await;
    let run = runs::get(app, &t.one.viewer, answer.run_id).await.unwrap();
    assert_eq!(run.subplans.len(), 1);
    assert!(run.steps.items.iter().any(|step| step.path == "s1.s1" && step.rows == 1));

    assert_eq!(kind_of(runs::templates::remove(app, &t.one.viewer, "some").await), ErrorCode::Forbidden);
    runs::templates::remove(app, &t.one.admin, "some").await.unwrap();
    assert_eq!(kind_of(runs::templates::get(app, &t.one.admin, "some").await), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_fork_takes_over_what_does_not_change_and_both_runs_are_compared() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let first = carry_out(app, caller, two()).await;
    let args = json!({ "select": { "codes": "$s1.rows[0].code" } });
    let fork = Fork { step: "s2".into(), args: args.as_object().cloned() };
    let second = ops::fork(app, caller, first.run_id, fork).await.unwrap();
    let run = until_ended(app, caller, second.run_id).await;
    assert_eq!((run.run.forked_from, run.run.forked_step.as_deref()), (Some(first.run_id), Some("s2")));
    let copied: Vec<(&str, bool)> = run.steps.items.iter().map(|s| (s.path.as_str(), s.copied)).collect();
    assert!(copied.contains(&("s1", true)) && copied.contains(&("s2", false)), "{copied:?}");
    assert_eq!(runs::step(app, caller, second.run_id, "s1", 0, 0).await.unwrap().total, 3);
    assert_eq!(runs::step(app, caller, second.run_id, "s2", 0, 0).await.unwrap().total, 1);
    assert_eq!(run.run.thread_id, Some(first.thread_id));
    assert_eq!(runs::get(app, caller, first.run_id).await.unwrap().forks, [second.run_id]);

    let both = runs::compare(app, caller, first.run_id, second.run_id).await.unwrap();
    assert!(both.plan_differs && both.answer_differs);
    let pair = both.steps.iter().find(|pair| pair.path == "s2").unwrap();
    for what in ["args", "rows", "output"] {
        assert!(pair.differs.iter().any(|differs| differs == what), "{:?}", pair.differs);
    }
    assert!(pair.args.iter().any(|change| change.path == "select.codes"), "{:?}", pair.args);
    let same = both.steps.iter().find(|pair| pair.path == "s1").unwrap();
    assert!(same.differs.is_empty(), "{:?}", same.differs);
    let unknown = Fork { step: "s7".into(), args: None };
    assert_eq!(kind_of(ops::fork(app, caller, first.run_id, unknown).await), ErrorCode::Invalid);
}

fn with_approval(who: Role, expires_s: u32) -> Plan {
    let approve =
        Node::new("ok", "", Kind::Approve { what: "go on with {{s1.total}}?".into(), who, expires_s });
    seq(vec![search("s1", 3), approve, search("s2", 2)], "s2")
}

#[tokio::test]
async fn a_run_waits_for_somebody_else_to_decide_and_goes_on_where_it_was() {
    let t = started().await;
    let app = &t.app;
    let manager = person(&t, "park@one", Role::Manager).await;
    let answer = carry_out(app, &t.one.viewer, with_approval(Role::Manager, 3_600)).await;
    assert_eq!(answer.status, AnswerStatus::Partial);
    let id = answer.run_id;
    until_waiting(app, &t.one.viewer, id).await;

    let open = runs::approvals(app, &manager, false).await.unwrap();
    assert_eq!((open.len(), open[0].step.as_str(), open[0].may_decide), (1, "ok", true));
    assert!(open[0].what.starts_with("go on with"), "{}", open[0].what);
    assert!(!runs::approvals(app, &t.one.viewer, false).await.unwrap()[0].may_decide);
    assert!(runs::approvals(app, &t.two.admin, false).await.unwrap().is_empty());

    let yes = || Decision { approve: true, reason: "fine".into() };
    assert_eq!(kind_of(ops::decide(app, &t.one.viewer, id, "ok", yes()).await), ErrorCode::Forbidden);
    assert_eq!(kind_of(ops::decide(app, &t.two.admin, id, "ok", yes()).await), ErrorCode::NotFound);
    let silent = Decision { approve: false, reason: " ".into() };
    assert_eq!(kind_of(ops::decide(app, &manager, id, "ok", silent).await), ErrorCode::Invalid);
    // Any server may be the one that hears the decision.
    let replica = t.replica().await;
    assert_eq!(ops::decide(&replica, &manager, id, "ok", yes()).await.unwrap().approved, Some(true));
    assert_eq!(kind_of(ops::decide(app, &manager, id, "ok", yes()).await), ErrorCode::Conflict);
    let run = until_ended(app, &t.one.viewer, id).await;
    assert_eq!((run.run.status, run.run.takeovers), (RunStatus::Answered, 0));
    let calls: u64 = run.spent.calls;
    assert_eq!(calls, 2, "the first search was not made again");
    assert_eq!(run.approvals[0].decided_by, "Park");

    let own = carry_out(app, &manager, with_approval(Role::Manager, 3_600)).await.run_id;
    until_waiting(app, &manager, own).await;
    assert_eq!(kind_of(ops::decide(app, &manager, own, "ok", yes()).await), ErrorCode::Forbidden);
    // A run that waits can be stopped too.
    ops::cancel(app, &manager, own).await.unwrap();
    assert_eq!(until_ended(app, &manager, own).await.run.status, RunStatus::Cancelled);
}

#[tokio::test]
async fn what_nobody_decides_in_time_is_denied() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let id = carry_out(app, caller, with_approval(Role::Manager, 1)).await.run_id;
    until_waiting(app, caller, id).await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    ops::take_up(app).await.unwrap();
    let run = until_ended(app, caller, id).await;
    let step = |path: &str| run.steps.items.iter().find(|step| step.path == path).unwrap().status;
    assert_eq!((step("ok"), step("s2")), (StepStatus::Denied, StepStatus::Skipped));
    assert!(run.response.is_some(), "there is an answer that says so");
}

/// Makes a run look as if its server had died when only these steps were written.
async fn died(t: &TestApp, id: RunId, written: &[&str]) {
    let mut conn = t.superuser().await;
    let written: Vec<String> = written.iter().map(|path| (*path).to_owned()).collect();
    sqlx::query("delete from run_step where run_id = $1 and path <> all($2)")
        .bind(id.0)
        .bind(&written)
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query(
        "update run set status = 'running', response = null, finished_at = null, locked_by = gen_random_uuid(),
         locked_until = now() - interval '1 second' where id = $1",
    )
    .bind(id.0)
    .execute(&mut conn)
    .await
    .unwrap();
}

#[tokio::test]
async fn a_run_whose_server_died_is_taken_up_by_one_other_and_repeats_nothing() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let id = carry_out(app, caller, two()).await.run_id;
    died(&t, id, &["s1"]).await;
    let when = async || -> chrono::DateTime<chrono::Utc> {
        let row = sqlx::query("select ended_at from run_step where run_id = $1 and path = 's1'");
        row.bind(id.0).fetch_one(&mut t.superuser().await).await.unwrap().get(0)
    };
    let before = when().await;
    let (a, b) = (t.replica().await, t.replica().await);
    let (first, second) = tokio::join!(ops::take_up(&a), ops::take_up(&b));
    assert_eq!(first.unwrap() + second.unwrap(), 1, "exactly one server takes it");
    let run = until_ended(&a, caller, id).await;
    assert_eq!((run.run.status, run.run.takeovers, run.steps.total), (RunStatus::Answered, 1, 4));
    assert_eq!(when().await, before, "what had ended was not run again");

    // Whoever lost a run writes no more of it.
    for _ in 0..4 {
        died(&t, id, &["s1"]).await;
        ops::take_up(&a).await.unwrap();
        until_ended(&a, caller, id).await;
    }
    let run = runs::get(&a, caller, id).await.unwrap();
    assert_eq!(run.run.status, RunStatus::Failed, "a run that kills its servers is given up");
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off_also_on_another_server() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let id = carry_out(app, caller, two()).await.run_id;
    let all: Vec<(u64, RunEvent)> = ops::subscribe(app, caller, id, 0).await.unwrap().collect().await;
    let replica = t.replica().await;
    let elsewhere: Vec<(u64, RunEvent)> =
        ops::subscribe(&replica, caller, id, 0).await.unwrap().collect().await;
    // What a float loses on its way through JSON is no difference.
    let shape = |told: &[(u64, RunEvent)]| -> Vec<(u64, Value, Value)> {
        let json = told.iter().map(|(seq, event)| (*seq, json!(event)));
        json.map(|(seq, event)| {
            (seq, event["type"].clone(), json!([event["id"], event["step"]["id"], event["step"]["args"]]))
        })
        .collect()
    };
    assert_eq!(shape(&all), shape(&elsewhere));
    let rest: Vec<(u64, RunEvent)> = ops::subscribe(&replica, caller, id, 5).await.unwrap().collect().await;
    assert_eq!(shape(&rest), shape(&all[5..]));
    assert!(matches!(rest.last(), Some((_, RunEvent::Finished { .. }))));
}

#[tokio::test]
async fn the_same_call_is_not_made_twice_until_the_data_change() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let cached = async |caller: &Caller| {
        let id = carry_out(app, caller, two()).await.run_id;
        let steps = runs::get(app, caller, id).await.unwrap().steps.items;
        steps.into_iter().filter(|step| step.cached).count()
    };
    assert_eq!((cached(caller).await, cached(caller).await), (0, 2));
    assert_eq!(cached(&t.one.admin).await, 0, "other rights are another question");
    load(app, &t.one.admin, import()).await;
    assert_eq!(cached(caller).await, 0, "the data are others now");
    let mut never = two();
    never.root.children_mut()[0].cache_s = Some(0);
    let id = carry_out(app, caller, never).await.run_id;
    assert!(!runs::step(app, caller, id, "s1", 0, 0).await.unwrap().step.cached);
}

#[tokio::test]
async fn a_call_that_is_given_up_stops_its_statement_on_the_server() {
    let t = TestApp::start().await;
    let backends = Backends::default();
    let mut work = Box::pin(backends.noting(async {
        let mut tx = t.app.db.tenant(&t.one.viewer).await?;
        sqlx::query("select pg_sleep(60)").execute(tx.conn()).await?;
        Ok::<(), services::Error>(())
    }));
    let early = tokio::time::timeout(Duration::from_millis(300), &mut work).await;
    assert!(early.is_err(), "it is at work");
    let sleeping = async || -> i64 {
        sqlx::query_scalar("select count(*) from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active' and datname = $1")
            .bind(t.database())
            .fetch_one(&mut t.superuser().await)
            .await
            .unwrap()
    };
    assert_eq!(sleeping().await, 1);
    t.app.db.stop(&backends).await.unwrap();
    drop(work);
    for _ in 0..100 {
        if sleeping().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(sleeping().await, 0);
    // The connection is as good as new for the next one.
    let mut tx = t.app.db.tenant(&t.one.viewer).await.unwrap();
    sqlx::query("select 1").execute(tx.conn()).await.unwrap();
}

#[tokio::test]
async fn steps_and_outputs_are_swept_away_after_a_month_and_the_header_stays() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let id = carry_out(app, caller, two()).await.run_id;
    let mut conn = t.superuser().await;
    for sql in [
        "update run_step set ended_at = now() - interval '31 days'",
        "update run_event set at = now() - interval '31 days'",
        "update run_blob set used_at = now() - interval '31 days'",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    assert!(runs::sweep(app).await.unwrap() >= 6);
    let run = runs::get(app, caller, id).await.unwrap();
    assert_eq!((run.steps.total, run.run.status), (0, RunStatus::Answered));
    assert!(run.response.is_some());
    let told = runs::step(app, caller, id, "s1", 0, 0).await.unwrap_err().to_api();
    assert!(told.kind == ErrorCode::NotFound && told.message.en.contains("30 days"), "{told:?}");
}

#[tokio::test]
async fn a_run_that_waits_longer_than_steps_are_kept_does_nothing_twice_when_it_is_decided() {
    let t = started().await;
    let app = &t.app;
    let manager = person(&t, "park@one", Role::Manager).await;
    let id = carry_out(app, &t.one.viewer, with_approval(Role::Manager, 31 * 24 * 3_600)).await.run_id;
    until_waiting(app, &t.one.viewer, id).await;
    let removed = carry_out(app, &t.one.viewer, two()).await;
    services::chat::remove(app, &t.one.viewer, removed.thread_id).await.unwrap();
    let mut conn = t.superuser().await;
    for sql in [
        "update run set started_at = now() - interval '31 days'",
        "update run_step set ended_at = now() - interval '31 days'",
        "update run_event set at = now() - interval '31 days'",
        "update run_blob set used_at = now() - interval '33 days'",
        "update chat_thread set deleted_at = now() - interval '366 days' where deleted_at is not null",
    ] {
        sqlx::query(sql).execute(&mut conn).await.unwrap();
    }
    runs::sweep(app).await.unwrap();
    assert_eq!(kind_of(runs::get(app, &t.one.viewer, removed.run_id).await), ErrorCode::NotFound);
    let yes = Decision { approve: true, reason: "at last".into() };
    ops::decide(app, &manager, id, "ok", yes).await.unwrap();
    let run = until_ended(app, &t.one.viewer, id).await;
    assert_eq!(
        (run.run.status, run.spent.calls),
        (RunStatus::Answered, 2),
        "the first search was not made again"
    );
}

#[tokio::test]
async fn an_answer_keeps_few_of_many_steps_and_the_rest_is_read_page_by_page() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let again = Kind::Loop { body: Box::new(search("look", 1)), until: "false".into(), max: 600 };
    let answer =
        carry_out(app, caller, seq(vec![Node::new("again", "", again), search("s1", 3)], "s1")).await;
    let kept = ops::answer(app, caller, answer.run_id).await.unwrap();
    let names: Vec<&str> = kept.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(names, ["root", "again", "s1", "answer"]);
    let run = runs::get(app, caller, answer.run_id).await.unwrap();
    assert_eq!((run.steps.total, run.steps.items.len(), run.steps.next), (604, 500, Some(500)));
    assert_eq!(run.response.map(|response| response.answer), Some(kept.answer));
    let rest = runs::steps(app, caller, answer.run_id, 500, 2_000).await.unwrap();
    assert_eq!((rest.items.len(), rest.next), (104, None));
}

#[tokio::test]
async fn absurd_plans_and_arguments_are_refused_or_end_well_whoever_sends_them() {
    let t = started().await;
    let (app, caller) = (&t.app, &t.one.viewer);
    let mut greedy = two();
    greedy.budget.bytes = u64::MAX;
    let error = ops::run_plan(app, caller, run_of(greedy)).await.unwrap_err().to_api();
    assert_eq!(error.fields[0].path, "plan.budget.bytes");
    let many = seq((0..9_000).map(|n| search(&format!("n{n}"), 1)).collect(), "n0");
    let error = ops::run_plan(app, caller, run_of(many)).await.unwrap_err().to_api();
    assert!((1..=100).contains(&error.fields.len()), "{}", error.fields.len());
    let deep = (0..60)
        .fold(search("leaf", 1), |inner, n| Node::new(format!("q{n}"), "", Kind::Seq { nodes: vec![inner] }));
    assert_eq!(
        kind_of(ops::run_plan(app, caller, run_of(seq(vec![deep], "leaf"))).await),
        ErrorCode::Invalid
    );
    // Known only on the way: a number where codes belong, rows where a text belongs.
    for args in [
        json!({ "select": { "codes": "$s1.total" } }),
        json!({ "select": { "codes": "$s1.rows" } }),
        json!({ "select": { "text": "$s1.rows" } }),
    ] {
        let plan = seq(vec![search("s1", 3), Node::tool("s2", "", "ci.search", args)], "s2");
        match ops::run_plan_and_wait(app, caller, run_of(plan)).await {
            Ok(answer) => assert!(!answer.answer.is_empty()),
            Err(error) => assert_eq!(error.to_api().kind, ErrorCode::Invalid),
        }
    }
    // Two templates that call each other.
    for (name, other) in [("ping", "pong"), ("pong", "ping")] {
        let call =
            |template: &str| Node::new("c", "", Kind::Call { template: template.into(), args: Map::new() });
        let template = |version, plan| NewTemplate {
            name: name.into(),
            title: String::new(),
            about: String::new(),
            params: Vec::new(),
            plan,
            version,
        };
        ops::save_template(app, &t.one.admin, template(0, two())).await.unwrap();
        let plan = seq(vec![call(other)], "c");
        if let Err(error) = ops::save_template(app, &t.one.admin, template(1, plan)).await {
            assert_eq!(error.to_api().kind, ErrorCode::Invalid);
        }
    }
    let called = RunPlan { template: "pong".into(), ..RunPlan::default() };
    let answer = ops::run_plan_and_wait(app, caller, called).await.unwrap();
    assert!(answer.steps.len() < 60, "{} steps", answer.steps.len());
}
