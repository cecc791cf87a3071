//! How answers end: answered, partial, unanswerable, failed.

use super::*;

#[test]
fn a_window_outside_the_data_is_named() {
    let args =
        json!({"select": {"kind": "care", "from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}});
    let c = one(
        Lang::Ko,
        "history.aggregate",
        args,
        json!([{"count": 0}]),
        number("유지보수", "count", "count", "건"),
    );
    assert_eq!(c.status, AnswerStatus::Unanswerable);
    assert!(c.answer.contains("자료는 없습니다") && c.answer.contains("2025-12-31"), "{}", c.answer);
}

#[test]
fn a_failed_step_makes_the_answer_partial_and_says_why() {
    let nodes = vec![
        Node::tool("s1", "서버 수", "ci.aggregate", json!({})),
        Node::tool("s2", "이벤트 수", "event.aggregate", json!({})),
    ];
    let says =
        [("s1", number("서버", "count", "count", "대")), ("s2", number("이벤트", "count", "count", "건"))];
    let failed = StepResult {
        status: StepStatus::Failed,
        tool: "event.aggregate".into(),
        output: ToolOutput::default(),
        error: Some("저장소에 닿지 못했습니다.".into()),
    };
    let results = BTreeMap::from([
        ("s1".to_owned(), done("ci.aggregate", output(json!([{"count": 3}])))),
        ("s2".to_owned(), failed.clone()),
    ]);
    let both = plan(Lang::Ko, nodes.clone(), &says);
    let c = compose(index(), &both, &results);
    assert_eq!(c.status, AnswerStatus::Partial);
    assert_eq!(c.answer, "서버는 3대입니다.\n이벤트 수는 알 수 없습니다: 저장소에 닿지 못했습니다.");
    let only = plan(Lang::Ko, nodes, &says[1..]);
    assert_eq!(compose(index(), &only, &results).status, AnswerStatus::Failed);
}

#[test]
fn a_step_without_a_subject_is_unanswerable_not_broken() {
    let nodes = vec![
        Node::tool("s1", "app-x의 서버", "graph.traverse", json!({})),
        Node::tool("s2", "최근 유지보수", "history.search", json!({"select": {"ci": "$s1.rows[0].code"}})),
    ];
    let say =
        Say::Records {
            subject: "최근 유지보수".into(), latest: true, fields: vec![], n: 1, place: false
        };
    let skipped = StepResult {
        status: StepStatus::Skipped,
        tool: "history.search".into(),
        output: ToolOutput::default(),
        error: Some("s1".into()),
    };
    let results = BTreeMap::from([
        ("s1".to_owned(), done("graph.traverse", output(json!([])))),
        ("s2".to_owned(), skipped),
    ]);
    let c = compose(index(), &plan(Lang::Ko, nodes, &[("s2", say)]), &results);
    assert_eq!(c.status, AnswerStatus::Unanswerable);
    assert!(c.answer.contains("'app-x의 서버' 단계에서 해당하는 것이 없습니다"), "{}", c.answer);
}

#[test]
fn a_branch_not_taken_is_not_missed() {
    let nodes = vec![
        Node::tool("s1", "", "ci.aggregate", json!({})),
        Node::tool("s2", "", "event.search", json!({})),
    ];
    let says = [("s1", number("서버", "count", "", "대")), ("s2", number("이벤트", "count", "", "건"))];
    let left_out = StepResult {
        status: StepStatus::Skipped,
        tool: "event.search".into(),
        output: ToolOutput::default(),
        error: None,
    };
    let results = BTreeMap::from([
        ("s1".to_owned(), done("ci.aggregate", output(json!([{"count": 3}])))),
        ("s2".to_owned(), left_out),
    ]);
    let c = compose(index(), &plan(Lang::Ko, nodes, &says), &results);
    assert_eq!((c.answer.as_str(), c.status), ("서버는 3대입니다.", AnswerStatus::Answered));
}

#[test]
fn evidence_is_numbered_once_per_step() {
    let nodes = vec![Node::tool("s1", "서버 찾기", "ci.search", json!({}))];
    let list =
        Say::List { subject: "서버".into(), column: "code".into(), counter: "대".into(), with: vec![] };
    let says = [("s1", number("서버", "total", "", "대")), ("s1", list)];
    let results =
        BTreeMap::from([("s1".to_owned(), done("ci.search", output(json!([{"code": "a"}, {"code": "b"}]))))]);
    let c = compose(index(), &plan(Lang::Ko, nodes, &says), &results);
    assert_eq!(c.evidence.len(), 1);
    assert_eq!((c.evidence[0].n, c.evidence[0].rows, c.evidence[0].what.as_str()), (1, 2, "서버 찾기"));
    assert!(c.answer.starts_with("서버는 2대입니다."));
}

#[test]
fn a_remark_of_a_tool_is_told_unless_it_says_the_same_again() {
    let args =
        json!({"select": {"kind": "care", "from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}});
    let mut out = output(json!([{"count": 0}]));
    out.notes = vec!["data covers 2025-12-01 00:00 UTC ~".into(), "not in the estate: x-1".into()];
    let c = told(Lang::En, "history.aggregate", args, out, number("maintenance", "count", "count", ""));
    assert_eq!(
        c.answer,
        "There is no maintenance data for that time. The data covers 2025-12-01 00:00:00 UTC to 2025-12-31 23:59:00 UTC.\n\
         Note: not in the estate: x-1"
    );
}

#[test]
fn a_loop_told_by_its_body_is_one_list() {
    let body = Box::new(Node::tool("s3", "", "event.search", json!({})));
    let each = Node::new(
        "s2",
        "",
        Kind::ForEach { items: "$s1.rows".into(), var: "item".into(), body, max: 5, par: 1 },
    );
    let list =
        Say::List { subject: "items".into(), column: "code".into(), counter: String::new(), with: vec![] };
    let results = BTreeMap::from([
        ("s2[0].s3".to_owned(), done("event.search", output(json!([{"code": "a"}])))),
        ("s2[1].s3".to_owned(), done("event.search", output(json!([{"code": "b"}])))),
    ]);
    let plan = plan(Lang::En, vec![each], &[("s3", list)]);
    let c = compose(index(), &plan, &results);
    assert_eq!((c.answer.as_str(), c.status), ("Items: 2 — a, b.", AnswerStatus::Answered));

    let mut results = results;
    let timed_out = StepResult {
        status: StepStatus::TimedOut,
        tool: "event.search".into(),
        output: ToolOutput::default(),
        error: None,
    };
    results.insert("s2[2].s3".to_owned(), StepResult { error: Some("it was too slow".into()), ..timed_out });
    let c = compose(index(), &plan, &results);
    assert_eq!(c.status, AnswerStatus::Partial);
    assert_eq!(c.answer, "Items: 2 — a, b.\nA part is not available because it was too slow.");
}
