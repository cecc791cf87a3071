//! What each way of saying writes.

use super::*;

#[test]
fn a_count_is_said_with_its_counter_in_korean() {
    let c = one(
        Lang::Ko,
        "ci.aggregate",
        json!({}),
        json!([{"count": 1140}]),
        number("서버", "count", "count", "대"),
    );
    assert_eq!(c.answer, "서버는 1,140대입니다.");
    assert_eq!(c.status, AnswerStatus::Answered);
    assert!(
        matches!(&c.blocks[0], AnswerBlock::Text { text, refs } if text == "서버는 **1,140대**입니다. [1]" && refs == &[1])
    );
    assert!(
        matches!(&c.blocks[1], AnswerBlock::Number { value, unit, .. } if *value == 1140.0 && unit == "대")
    );
    assert!(!c.follow_ups.is_empty());
}

#[test]
fn zero_is_an_answer_and_no_value_is_not() {
    let zero = one(
        Lang::Ko,
        "ci.aggregate",
        json!({}),
        json!([{"count": 0}]),
        number("서버", "count", "count", "대"),
    );
    assert_eq!((zero.answer.as_str(), zero.status), ("서버는 0대입니다.", AnswerStatus::Answered));
    let args = json!({"metric": "latency"});
    let none =
        one(Lang::Ko, "metric.query", args, json!([{"avg": null}]), number("평균 지연", "avg", "s", ""));
    assert_eq!(none.status, AnswerStatus::Unanswerable);
    assert!(none.answer.contains("없습니다"), "{}", none.answer);
}

#[test]
fn a_measured_number_keeps_its_digits_and_unit() {
    let args = json!({"metric": "latency"});
    let rows = json!([{"ci": "checkout", "avg": 1.584_23, "max_at": "2022-08-22T06:46:00Z"}]);
    let say = Say::Number {
        subject: "checkout의 평균 지연".into(),
        column: "avg".into(),
        unit: String::new(),
        counter: String::new(),
        decimals: None,
        with: vec!["max_at".into()],
    };
    let c = one(Lang::Ko, "metric.query", args, rows, say);
    assert_eq!(c.answer, "checkout의 평균 지연은 1.5842초입니다 (시각 2022-08-22 06:46:00 UTC).");
}

#[test]
fn every_member_of_a_list_is_named() {
    let rows = json!([{"code": "net-1"}, {"code": "net-2"}, {"code": "net-3"}]);
    let say = |subject: &str| Say::List {
        subject: subject.into(),
        column: "code".into(),
        counter: "대".into(),
        with: vec![],
    };
    let c = one(Lang::Ko, "ci.search", json!({}), rows.clone(), say("네트워크 장비"));
    assert_eq!(c.answer, "네트워크 장비는 모두 3대입니다: net-1, net-2, net-3.");
    let c = one(Lang::En, "ci.search", json!({}), rows, say("network devices"));
    assert_eq!(c.answer, "Network devices: 3 — net-1, net-2, net-3.");
    let c = one(Lang::Ko, "ci.search", json!({}), json!([]), say("네트워크 장비"));
    assert_eq!((c.answer.as_str(), c.status), ("네트워크 장비는 없습니다.", AnswerStatus::Answered));
}

#[test]
fn a_long_list_names_fifty_and_the_total() {
    let rows: Vec<Value> = (0..120).map(|i| json!({"code": format!("c-{i:03}")})).collect();
    let say =
        Say::List { subject: "items".into(), column: "code".into(), counter: String::new(), with: vec![] };
    let c = one(Lang::En, "ci.search", json!({}), json!(rows), say);
    assert!(c.answer.contains("c-049") && !c.answer.contains("c-050"));
    assert!(c.answer.starts_with("Items: 120 — ") && c.answer.contains("(50 of 120 are shown.)"));
}

#[test]
fn fields_are_said_with_labels_of_the_catalogue() {
    let rows = json!([{"code": "net-2", "vendor": "arista", "ports": 24, "memory": 128}]);
    let say = |fields: &[&str]| Say::Fields {
        column: "code".into(),
        fields: fields.iter().map(|f| (*f).to_owned()).collect(),
    };
    let c = one(Lang::Ko, "ci.get", json!({}), rows.clone(), say(&["vendor", "ports", "memory"]));
    assert_eq!(c.answer, "net-2의 벤더는 arista, 포트 수는 24, 메모리는 128GB입니다.");
    let c = one(Lang::En, "ci.get", json!({}), rows.clone(), say(&["vendor", "ports"]));
    assert_eq!(c.answer, "net-2: vendor arista, ports 24.");
    let c = one(Lang::Ko, "ci.get", json!({}), rows, say(&["status"]));
    assert_eq!(c.answer, "net-2에는 상태가 기록되어 있지 않습니다.");
    assert_eq!(c.status, AnswerStatus::Unanswerable);
}

#[test]
fn the_newest_record_is_one_sentence_with_translations() {
    let rows = json!([{"at": "2025-12-20T09:14:21Z", "ci": "srv-3", "work": "reboot", "result": "success", "took": 31}]);
    let say = Say::Records {
        subject: "srv-3의 가장 최근 유지보수".into(),
        latest: true,
        fields: vec!["work".into(), "result".into()],
        n: 1,
        place: false,
    };
    let c = one(Lang::Ko, "history.search", json!({"select": {"kind": "care"}}), rows, say);
    assert_eq!(
        c.answer,
        "srv-3의 가장 최근 유지보수는 2025-12-20 09:14:21 UTC 건으로, 유형은 reboot(재부팅), 결과는 success(성공)입니다."
    );
}

#[test]
fn times_are_shown_in_the_zone_of_the_question() {
    let rows = json!([{"at": "2025-12-20T09:14:21Z", "ci": "srv-3", "work": "x"}]);
    let say = Say::Records { subject: "work".into(), latest: true, fields: vec![], n: 1, place: false };
    let mut plan = plan(Lang::En, vec![Node::tool("s1", "", "history.search", json!({}))], &[("s1", say)]);
    plan.tz = "Asia/Seoul".into();
    let c = compose(index(), &plan, &BTreeMap::from([("s1".into(), done("history.search", output(rows)))]));
    assert!(c.answer.contains("2025-12-20 18:14:21 KST"), "{}", c.answer);
}

#[test]
fn groups_are_lines_with_a_chart_and_no_total() {
    let rows = json!([{"work": "a-team", "count": 376}, {"work": "b-team", "count": 1349}]);
    let say = Say::Groups {
        subject: "팀별 유지보수".into(),
        by: vec!["work".into()],
        values: vec!["count".into()],
        unit: "count".into(),
        counter: "건".into(),
        share: false,
    };
    let c = one(Lang::Ko, "history.aggregate", json!({"select": {"kind": "care"}}), rows, say);
    assert_eq!(c.answer, "팀별 유지보수는 다음과 같습니다.\n- a-team: 376건\n- b-team: 1,349건");
    assert!(c.blocks.iter().any(|b| matches!(b, AnswerBlock::Chart { form, .. } if form == "bar")));
    assert!(c.blocks.iter().any(|b| matches!(b, AnswerBlock::Table { .. })));
}

#[test]
fn the_first_place_is_a_sentence_and_ties_are_kept() {
    let say = |n| Say::Top {
        subject: "이벤트가 가장 많은 서버".into(),
        column: "ci".into(),
        value: "count".into(),
        unit: "count".into(),
        counter: "건".into(),
        n,
        desc: true,
        with: vec!["ci.system".into()],
        place: false,
    };
    let rows = json!([{"ci": "srv-1", "count": 5, "ci.system": "erp"}]);
    let c = one(Lang::Ko, "event.aggregate", json!({}), rows, say(1));
    assert_eq!(c.answer, "이벤트가 가장 많은 서버는 srv-1입니다 (5건, 시스템 erp).");
    let rows = json!([{"ci": "srv-1", "count": 5}, {"ci": "srv-2", "count": 5}, {"ci": "srv-3", "count": 4}]);
    let c = one(Lang::Ko, "event.aggregate", json!({}), rows.clone(), say(1));
    assert_eq!(c.answer, "이벤트가 가장 많은 서버는 srv-1, srv-2입니다 (각 5건).");
    let c = one(Lang::Ko, "event.aggregate", json!({}), rows, say(2));
    assert_eq!(c.answer, "이벤트가 가장 많은 서버는 다음과 같습니다.\n1. srv-1: 5건\n2. srv-2: 5건");
}

#[test]
fn what_is_related_is_told_by_depth_with_a_picture() {
    let mut out = output(json!([
        {"code": "a", "depth": 1}, {"code": "b", "depth": 2}, {"code": "c", "depth": 2}
    ]));
    let node = |code: &str, depth| GraphNode {
        code: code.into(),
        name: code.into(),
        kind: "srv".into(),
        depth,
        parent: String::new(),
        via: String::new(),
        group: 0,
    };
    out.graph = Some(Subgraph { nodes: vec![node("root", 0), node("a", 1)], ..Subgraph::default() });
    let say = Say::Related { subject: String::new(), start: vec!["root".into()], impact: true };
    let c = told(Lang::Ko, "graph.impact", json!({}), out, say);
    assert_eq!(c.answer, "root에 장애가 나면 영향을 받는 항목은 모두 3개입니다.\n- 1단계: a\n- 2단계: b, c");
    assert!(c.blocks.iter().any(|b| matches!(b, AnswerBlock::Topology { .. })));
}

#[test]
fn a_path_is_said_in_order_or_by_its_length_only() {
    let rows = json!([
        {"code": "x", "hop": 0, "length": 2}, {"code": "y", "hop": 1, "length": 2}, {"code": "z", "hop": 2, "length": 2}
    ]);
    let say = |only_length| Say::Path { from: "x".into(), to: "z".into(), only_length, whether: false };
    let c = one(Lang::Ko, "graph.path", json!({}), rows.clone(), say(false));
    assert_eq!(c.answer, "x에서 z까지 가장 짧은 경로는 2홉입니다: x → y → z.");
    let c = one(Lang::En, "graph.path", json!({}), rows, say(true));
    assert_eq!(c.answer, "The shortest path from x to z has 2 hops.");
    let c = one(Lang::Ko, "graph.path", json!({}), json!([]), say(false));
    assert_eq!(c.answer, "x에서 z로 이어지는 경로는 없습니다.");
    let say = || Say::Path { from: "x".into(), to: "z".into(), only_length: false, whether: true };
    let rows = json!([{"code": "x", "length": 1}, {"code": "z", "length": 1}]);
    let c = one(Lang::En, "graph.path", json!({}), rows.clone(), say());
    assert_eq!(c.answer, "Yes: the shortest path from x to z has 1 hop: x → z.");
    let c = one(Lang::Ko, "graph.path", json!({}), rows, say());
    assert_eq!(c.answer, "예, x에서 z까지 가장 짧은 경로는 1홉입니다: x → z.");
    let c = one(Lang::En, "graph.path", json!({}), json!([]), say());
    assert_eq!(c.answer, "No: there is no path from x to z.");
}

#[test]
fn yes_and_no_are_the_first_words() {
    let say =
        |rows_mean_yes| Say::YesNo {
            subject: "끊기는 서버".into(), rows_mean_yes, column: "code".into()
        };
    let none = one(Lang::Ko, "ci.search", json!({}), json!([]), say(true));
    assert!(none.answer.starts_with("아니요"), "{}", none.answer);
    assert_eq!(none.status, AnswerStatus::Answered);
    assert_eq!(none.answer, "아니요, 끊기는 서버는 없습니다.");
    let say = Say::YesNo { subject: "servers that fail".into(), rows_mean_yes: true, column: "code".into() };
    let some = one(Lang::En, "ci.search", json!({}), json!([{"code": "srv-1"}]), say);
    assert_eq!(some.answer, "Yes: there are servers that fail (srv-1).");
}

#[test]
fn a_comparison_says_both_sides_and_the_difference() {
    let rows = json!([{"ci": "checkout", "a": 10.0, "b": 12.5, "change": 2.5, "change_pct": 25.0}]);
    let say = Say::Compare {
        subject: "checkout 지연".into(),
        column: "ci".into(),
        sides: ("어제".into(), "오늘".into()),
        unit: "s".into(),
        how: String::new(),
    };
    let c = one(Lang::Ko, "metric.compare", json!({"metric": "latency"}), rows, say);
    assert_eq!(c.answer, "checkout 지연은 어제 10초, 오늘 12.5초 — 오늘 쪽이 2.5초 큽니다 (25%).");
}

#[test]
fn a_chart_alone_is_also_told_in_words() {
    let out = ToolOutput {
        series: vec![SeriesOut {
            name: "checkout".into(),
            points: vec![(0.0, 1.0), (60_000.0, 3.0), (120_000.0, 2.0)],
            ..SeriesOut::default()
        }],
        ..ToolOutput::default()
    };
    let say = Say::Chart { subject: "지연 추이".into(), unit: String::new() };
    let c = told(Lang::Ko, "metric.query", json!({"metric": "latency"}), out, say);
    assert_eq!(c.status, AnswerStatus::Answered);
    assert!(c.answer.contains("최댓값 3초 (1970-01-01 00:01:00 UTC)"), "{}", c.answer);
}
