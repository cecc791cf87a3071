//! What answers say: changes on and around an item, the moment taken as now, ties and rankings that are shorter than asked
//! for.

use chrono::{DateTime, Utc};
use futures::StreamExt;
use model::{
    Lang,
    answer::{AnswerBlock, AnswerStatus, AskRequest, AskResponse, AskStarted},
    plan::{BlockSpec, Budget, Kind, Node, Origin, Plan, StepStatus},
    run::{Fork, RunPlan},
};
use serde_json::{Value, json};
use services::ops;
use testkit::TestApp;

use crate::estate::{at, import, load};

async fn estate() -> TestApp {
    let test = TestApp::start().await;
    load(&test.app, &test.one.admin, import()).await;
    test
}

fn plan(lang: Lang, tool: &str, args: Value, say: &str, options: Value) -> Plan {
    let options = options.as_object().cloned().unwrap_or_default();
    let blocks = vec![BlockSpec { from: "s1".into(), say: say.into(), options }];
    let nodes = vec![Node::tool("s1", "look", tool, args), Node::new("answer", "", Kind::Compose { blocks })];
    Plan {
        goal: "look".into(),
        lang,
        origin: Origin::User,
        root: Node::new("root", "", Kind::Seq { nodes }),
        confidence: 1.0,
        why: Vec::new(),
        timeout_ms: 10_000,
        tz: "UTC".into(),
        budget: Budget::default(),
    }
}

async fn run(test: &TestApp, plan: Plan) -> AskResponse {
    let request = RunPlan { plan: Some(plan), ..RunPlan::default() };
    ops::run_plan_and_wait(&test.app, &test.one.viewer, request).await.unwrap()
}

/// The rows of `change.search`, as item, relations away and outcome.
async fn changes(test: &TestApp, args: Value) -> (Vec<(String, Option<u64>, String)>, AskResponse) {
    let answer =
        run(test, plan(Lang::En, "change.search", args, "changes", json!({ "subject": "changes" }))).await;
    let rows = answer.evidence.first().map(|one| one.sample.clone()).unwrap_or_default();
    let text = |row: &serde_json::Map<String, Value>, key: &str| {
        row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let rows = rows.iter().map(|row| (text(row, "ci"), row["hops"].as_u64(), text(row, "outcome"))).collect();
    (rows, answer)
}

fn row(ci: &str, hops: Option<u64>, outcome: &str) -> (String, Option<u64>, String) {
    (ci.to_owned(), hops, outcome.to_owned())
}

#[tokio::test]
async fn changes_are_found_on_an_item_and_on_what_it_is_joined_to_newest_first() {
    let test = estate().await;
    let (rows, answer) = changes(&test, json!({ "ci": "host1" })).await;
    let [near, second, first] =
        [row("vm1", Some(1), "Success"), row("host1", Some(0), "failed"), row("host1", Some(0), "success")];
    assert_eq!(rows, [near.clone(), second.clone(), first.clone()]);
    assert_eq!(answer.status, AnswerStatus::Answered);
    assert!(answer.answer.contains("vm1 (1 relation away): care, Success"), "{}", answer.answer);

    let (own, _) = changes(&test, json!({ "ci": ["host1"], "hops": 0 })).await;
    assert_eq!(own, [second.clone(), first]);
    let window = json!({ "ci": "host1", "from": "2025-12-02T00:00:00Z", "to": "2025-12-03T00:00:00Z" });
    assert_eq!(changes(&test, window).await.0, [second]);
    let (anywhere, answer) = changes(&test, json!({ "limit": 1 })).await;
    assert_eq!(anywhere, [row("vm1", None, "Success")]);
    assert!(answer.answer.contains("1 of 3"), "the total is said: {}", answer.answer);
    // The database is two relations away from the host.
    let alarms = json!({ "ci": "host1", "kinds": ["alarm"], "hops": 2, "limit": 100 });
    let (alarms, _) = changes(&test, alarms).await;
    assert_eq!(alarms.iter().filter(|row| row.1 == Some(2)).count(), 1, "{alarms:?}");
    assert_eq!(alarms.len(), 9);
}

#[tokio::test]
async fn changes_that_cannot_be_looked_for_are_said_with_what_is_wrong() {
    let test = estate().await;
    let (rows, answer) = changes(&test, json!({ "ci": "ghost" })).await;
    assert_eq!(rows, []);
    assert!(answer.answer.contains("ghost"), "{}", answer.answer);
    for (args, named) in [(json!({ "kinds": ["magic"] }), "magic"), (json!({ "hops": 4 }), "3")] {
        let (_, answer) = changes(&test, args).await;
        let step = answer.steps.iter().find(|step| step.id == "s1").unwrap();
        assert_eq!(step.status, StepStatus::Failed);
        assert!(step.error.as_deref().unwrap_or_default().contains(named), "{:?}", step.error);
        assert!(answer.answer.contains(named), "{}", answer.answer);
    }
}

#[tokio::test]
async fn a_window_outside_the_data_is_said_for_every_kind_of_change_by_its_name() {
    let test = estate().await;
    let args = json!({ "ci": "host1", "from": "2030-01-01T00:00:00Z", "to": "2030-02-01T00:00:00Z" });
    let (rows, answer) = changes(&test, args).await;
    assert_eq!(rows, []);
    assert!(
        answer.answer.contains("Note: care: ") && answer.answer.contains("2025-12-01"),
        "{}",
        answer.answer
    );
}

#[tokio::test]
async fn what_was_changed_is_asked_in_words_of_both_languages() {
    let test = estate().await;
    let ask = async |question: &str| {
        let request = AskRequest {
            question: question.into(),
            as_of: Some(at("2025-12-04T00:00:00Z")),
            ..AskRequest::default()
        };
        ops::ask(&test.app, &test.one.viewer, request).await.unwrap()
    };
    for question in ["what changed on host1 in the last 3 days?", "최근 3일 동안 host1에 뭐가 바뀌었어?"]
    {
        let answer = ask(question).await;
        assert_eq!(answer.status, AnswerStatus::Answered, "{}", answer.answer);
        assert!(
            answer.steps.iter().any(|step| step.tool == "change.search"),
            "{question}: {:?}",
            answer.steps
        );
        assert!(answer.answer.contains("host1") && answer.answer.contains("vm1"), "{}", answer.answer);
    }
}

#[tokio::test]
async fn the_time_is_that_of_the_moment_taken_as_now_also_when_the_run_is_begun_again() {
    let test = estate().await;
    let (app, caller) = (&test.app, &test.one.viewer);
    let ask = async |question: &str, as_of: Option<DateTime<Utc>>| {
        let request = AskRequest {
            question: question.into(),
            as_of,
            tz: Some("Asia/Seoul".into()),
            ..AskRequest::default()
        };
        ops::ask(app, caller, request).await.unwrap()
    };
    let as_of = at("2025-12-04T20:30:00Z");
    for question in ["지금 몇 시야?", "what time is it?"] {
        let answer = ask(question, Some(as_of)).await;
        assert!(answer.answer.contains("2025-12-05 05:30:00"), "{}", answer.answer);
        let step = answer.steps.iter().find(|step| step.tool == "time.now").unwrap().id.clone();
        let again = ops::fork(app, caller, answer.run_id, Fork { step, args: None }).await.unwrap();
        assert_eq!(ended(&test, again).await.answer, answer.answer);
        let clock = ask(question, None).await;
        assert!(!clock.answer.contains("2025-12-05"), "{}", clock.answer);
    }
}

async fn ended(test: &TestApp, started: AskStarted) -> AskResponse {
    let (app, caller) = (&test.app, &test.one.viewer);
    ops::subscribe(app, caller, started.run_id, 0).await.unwrap().for_each(|_| async {}).await;
    ops::answer(app, caller, started.run_id).await.unwrap()
}

/// A ranking of the levels of alarms: info and minor three times each, major and critical twice each.
fn levels(lang: Lang, n: u32) -> Plan {
    let args = json!({ "select": { "kind": "alarm" }, "group_by": ["level"], "measures": [{ "fn": "count" }],
        "sort": [{ "by": "count", "desc": true }], "limit": n });
    let options = json!({ "subject": "levels", "column": "level", "value": "count", "unit": "count", "counter": "",
        "n": n, "desc": true, "with": [] });
    plan(lang, "event.aggregate", args, "top", options)
}

#[tokio::test]
async fn everything_that_ties_at_the_first_place_or_at_the_cut_is_named_in_text_and_table() {
    let test = estate().await;
    for (n, wanted) in [(1, vec!["info", "minor"]), (3, vec!["info", "minor", "major", "critical"])] {
        let answer = run(&test, levels(Lang::En, n)).await;
        let table = answer.blocks.iter().find_map(|block| match block {
            AnswerBlock::Table { rows, .. } => Some(rows),
            _ => None,
        });
        let rows = table.map(|rows| json!(rows).to_string().to_lowercase()).unwrap_or_default();
        let text = answer.answer.to_lowercase();
        for level in &wanted {
            assert!(text.contains(level) && rows.contains(level), "{n} {level}: {text} {rows}");
        }
        assert!(wanted.len() == 4 || !text.contains("major"), "{text}");
        assert_eq!(
            text.contains("4 are named, because more have the same value as number 3."),
            n == 3,
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_ranking_that_is_shorter_than_asked_for_says_so_with_its_evidence() {
    let test = estate().await;
    for (lang, sentence) in [
        (Lang::En, "You asked for 7; there are only 4."),
        (Lang::Ko, "7개를 물으셨지만 해당하는 것은 4개뿐입니다."),
    ] {
        let answer = run(&test, levels(lang, 7)).await;
        assert!(answer.answer.ends_with(sentence), "{}", answer.answer);
        let block = AnswerBlock::Text { text: format!("{sentence}[1]"), refs: vec![1] };
        assert!(answer.blocks.contains(&block), "{:?}", answer.blocks);
        assert!(!run(&test, levels(lang, 4)).await.answer.contains(sentence));
    }
}
