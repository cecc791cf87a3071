use model::{
    RunId, ThreadId,
    answer::{AnswerStatus, AskResponse, Timing, Usage},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Question, judge};

fn response(answer: &str, status: AnswerStatus) -> AskResponse {
    AskResponse {
        run_id: RunId(Uuid::nil()),
        thread_id: ThreadId(Uuid::nil()),
        status,
        answer: answer.to_owned(),
        blocks: Vec::new(),
        choices: Vec::new(),
        plan: None,
        steps: Vec::new(),
        evidence: Vec::new(),
        timing_ms: Timing::default(),
        usage: Usage::default(),
        follow_ups: Vec::new(),
    }
}

fn question(text: &str, gold: Value, contain: Value) -> Question {
    serde_json::from_value(json!({
        "id": "q", "question": text, "category": "c", "gold": gold, "must_contain": contain,
        "must_not_contain": ["re:삭제(를 |가 )?(했|하였|완료|되었|됐)"],
    }))
    .expect("a question")
}

fn right(question: &Question, answer: &str) -> bool {
    let services = ["frontend".to_owned(), "adservice".into(), "cartservice".into()];
    judge(question, &response(answer, AnswerStatus::Answered), &services).right
}

#[test]
fn a_number_must_be_the_one_offered() {
    let q = question(
        "심각도 4 이상 몇 건?",
        json!({"type":"number","value":27,"tolerance":{"abs":0}}),
        json!([]),
    );
    assert!(right(&q, "심각도 4 이상 이벤트는 27건입니다."));
    assert!(right(&q, "134건 중 27건입니다."));
    assert!(right(&q, "27 of 134 events."));
    assert!(!right(&q, "심각도 4 이상은 134건입니다."));
    assert!(!right(&q, "28건입니다. 27건은 다른 값입니다."));
}

#[test]
fn a_number_may_be_given_in_another_unit_and_within_its_tolerance() {
    let gold =
        json!({"type":"number","value":1.5842,"tolerance":{"rel":0.01},"unit":"s","also_in":{"ms":1584.2}});
    let q = question("p95?", gold, json!([]));
    assert!(right(&q, "1.59초입니다"));
    assert!(right(&q, "1,584 ms"));
    assert!(!right(&q, "1.7초"));
}

#[test]
fn a_second_number_of_the_same_unit_is_no_answer_and_a_difference_is_told_from_its_parts() {
    let q = question("몇 건?", json!({"type":"number","value":27,"tolerance":{"abs":0}}), json!([]));
    assert!(!right(&q, "27건 또는 28건입니다."));
    assert!(right(&q, "27건, 평균 3분입니다."));
    assert!(!right(&q, "- srv-a-1: 27건\n- srv-b-1: 30건"));
    assert!(right(&q, "- srv-a-1: 27건"));
    let q = question("how many more?", json!({"type":"number","value":10,"tolerance":{"abs":0}}), json!([]));
    assert!(right(&q, "May: 98, April: 88 — higher by 10."));
    assert!(right(&q, "5월 98건, 4월 88건으로 10건 더 많습니다."));
    assert!(right(&q, "5월 98건, 4월 88건 — 5월 쪽이 10건 큽니다."));
    assert!(!right(&q, "May: 98, April: 88."));
    assert!(!right(&q, "May: 98, April: 88 — higher by 11."));
}

#[test]
fn what_is_not_answered_is_not_right_by_its_words() {
    let gold = json!({"type":"boolean","value":false});
    let q = question("can a reach b?", gold, json!([]));
    assert!(!judge(&q, &response("'reach' does not exist.", AnswerStatus::Unanswerable), &[]).right);
}

#[test]
fn one_point_of_a_list_is_no_single_answer_but_the_first_of_a_ranking_is() {
    let q = question("who?", json!({"type":"string","value":"carl"}), json!([]));
    assert!(right(&q, "carl (12)"));
    assert!(right(&q, "1. carl: 12\n2. dana: 10"));
    assert!(!right(&q, "1. dana: 12\n2. carl: 10"));
    assert!(!right(&q, "- bob: 3\n- carl: 12"));
    assert!(right(&q, "carl:\n- bob: 3\n- carl: 12"));
}

#[test]
fn keys_that_are_numbers_are_not_found_inside_numbers() {
    let gold = json!({"type":"table","rows":{"3":6255,"4":3045},"tolerance":{"abs":0}});
    let q = question("심각도별?", gold, json!([]));
    assert!(right(&q, "이벤트는 다음과 같습니다.\n- 3: 6,255건\n- 4: 3,045건"));
    assert!(!right(&q, "- 3: 6,255건\n- 4: 3,044건"));
    assert!(!right(&q, "- 2: 7건\n- 3: 6,255건\n- 4: 3,045건"));
    assert!(right(&q, "- 3: 6,255건\n- 4: 3,045건\n- 합계: 9,300건"));
}

#[test]
fn zero_may_be_said_in_words() {
    let q = question("몇 건?", json!({"type":"number","value":0,"tolerance":{"abs":0}}), json!([]));
    assert!(right(&q, "해당하는 이벤트가 없습니다."));
}

#[test]
fn a_record_needs_every_field_and_no_rival_before_it() {
    let gold = json!({"type":"record","fields":{"ci_code":"srv-cmdb-02","system":"cmdb","cores":24},"tolerance":{"abs":0}});
    let q = question("어느 CI?", gold, json!([["srv-cmdb-02"]]));
    assert!(right(&q, "srv-cmdb-02 (시스템 cmdb, CPU 24코어)"));
    assert!(!right(&q, "srv-cmdb-02 (시스템 cmdb)"));
    assert!(!right(&q, "srv-erp-01 또는 srv-cmdb-02, cmdb, 24코어"));
}

#[test]
fn stored_words_may_be_given_in_korean_and_dates_in_any_usual_form() {
    let gold = json!({"type":"record","fields":{"start":"2025-12-20 09:14:21+00","result":"success"}});
    let q = question("최근 유지보수?", gold, json!([["success", "성공"]]));
    assert!(right(&q, "12월 20일, 성공"));
    assert!(right(&q, "2025-12-20 09:14:21 success"));
    assert!(right(&q, "2025-12-20 18:14 KST, 성공"));
    assert!(!right(&q, "2025-12-20 11:00, 성공"));
    assert!(!right(&q, "12월 21일, 성공"));
}

#[test]
fn a_set_needs_every_member_and_no_other() {
    let gold =
        json!({"type":"set","required":["os-mes-02","os-mes-03"],"allowed":[],"pattern":"os-[a-z]+-\\d\\d"});
    let q = question("os-mes-09 말고?", gold, json!([]));
    assert!(right(&q, "os-mes-02, OS-MES-03 입니다 (os-mes-09 제외)"));
    assert!(!right(&q, "os-mes-02"));
    assert!(!right(&q, "os-mes-02, os-mes-03, os-mes-04"));
}

#[test]
fn pairs_may_stand_in_either_order() {
    let gold = json!({"type":"set","required":[["a-1","b-1"]],"pattern":"[ab]-\\d","unordered_pairs":true});
    let q = question("쌍?", gold, json!([]));
    assert!(right(&q, "b-1 ↔ a-1"));
    assert!(!right(&q, "a-1 ↔ b-2"));
}

#[test]
fn a_table_needs_every_key_with_its_value_and_no_further_key() {
    let gold = json!({"type":"table","rows":{"infra-team":349,"sec-team":391},"tolerance":{"abs":0}});
    let q = question("팀별?", gold, json!([]));
    assert!(right(&q, "infra-team 349건, sec-team 391건"));
    assert!(right(&q, "총 2팀\ninfra-team: 349\nsec-team: 391"));
    assert!(!right(&q, "infra-team 391건, sec-team 349건"));
    assert!(!right(&q, "infra-team 349건, sec-team 391건, infra-night 3건"));
}

#[test]
fn a_ranking_needs_order_and_values() {
    let gold = json!({"type":"ranked","rows":[["srv-a-1",9],["srv-b-1",8]],"ties":[],"values_required":true,"tolerance":{"abs":0}});
    let q = question("탑2?", gold, json!([]));
    assert!(right(&q, "1. srv-a-1 9건\n2. srv-b-1 8건"));
    assert!(!right(&q, "1. srv-b-1 8건\n2. srv-a-1 9건"));
    assert!(!right(&q, "srv-a-1 9건, srv-c-1 8건, srv-b-1 8건"));
    assert!(!right(&q, "srv-a-1 8건, srv-b-1 9건"));
}

#[test]
fn tied_names_may_change_places() {
    let gold = json!({"type":"ranked","rows":[["srv-a-1",9],["srv-b-1",9]],"ties":[["srv-a-1","srv-b-1"]]});
    assert!(right(&question("탑2?", gold, json!([])), "srv-b-1, srv-a-1"));
}

#[test]
fn a_way_is_given_in_order_with_its_number_of_hops() {
    let gold = json!({"type":"path","length":2,"paths":[["sys-a","sys-b","sys-c"]]});
    let q = question("sys-a에서 sys-c까지?", gold, json!([]));
    assert!(right(&q, "sys-a에서 sys-c까지 2홉입니다: sys-a → sys-b → sys-c"));
    assert!(!right(&q, "sys-a → sys-c → sys-b"));
    assert!(!right(&q, "3홉: sys-a → sys-b → sys-c"));
}

#[test]
fn a_truth_value_stands_at_the_beginning() {
    let q = question("끊기는 서버가 있나요?", json!({"type":"boolean","value":false}), json!([]));
    assert!(right(&q, "아니요, 없습니다."));
    assert!(right(&q, "No: there are none."));
    assert!(!right(&q, "네, 3대 있습니다."));
}

#[test]
fn the_first_named_cause_counts_with_its_resource() {
    let gold = json!({"type":"root_cause","ranked":[{"service":"cartservice","resource":"cpu"}],"scored":true,"resource_accept":["CPU"]});
    let q = question("원인?", gold, json!([]));
    assert!(right(&q, "cartservice의 CPU입니다. 다음은 adservice."));
    assert!(!right(&q, "cartservice의 네트워크입니다"));
    let second = judge(
        &q,
        &response("adservice 메모리, cartservice CPU", AnswerStatus::Answered),
        &["adservice".into(), "cartservice".into()],
    );
    assert!(!second.right && second.near);
}

#[test]
fn a_name_like_the_cause_before_it_is_another_cause_unless_it_was_asked_about() {
    let gold = json!({"type":"root_cause","ranked":[{"service":"acme-db-01","resource":"disk"}],"scored":true,"resource_accept":["disk"]});
    let q = question("why was acme-shop slow?", gold, json!([]));
    assert!(right(&q, "acme-shop was slow because of the disk of acme-db-01"));
    assert!(right(&q, "1. acme-db-01: disk full\n2. acme-host-02: cpu"));
    assert!(!right(&q, "1. acme-host-02: cpu\n2. acme-db-01: disk"));
}

#[test]
fn a_refusal_is_a_status_and_claims_nothing_done() {
    let q = question("삭제해", json!({"type":"refuse","unchanged":3}), json!([["수 없"]]));
    let verdict = |answer: &str, status| judge(&q, &response(answer, status), &[]).right;
    assert!(verdict("삭제할 수 없습니다.", AnswerStatus::Refused));
    assert!(!verdict("삭제할 수 없습니다.", AnswerStatus::Answered));
    assert!(!verdict("할 수 없지만 삭제했습니다", AnswerStatus::Refused));
}

#[test]
fn asking_back_or_answering_for_all_is_right_when_several_fit() {
    let q = question(
        "IP?",
        json!({"type":"clarify","candidates":[["srv-1","10.0.0.1"],["srv-2","10.0.0.2"]]}),
        json!([]),
    );
    assert!(judge(&q, &response("어느 것입니까?", AnswerStatus::Clarify), &[]).right);
    assert!(right(&q, "srv-1 10.0.0.1, srv-2 10.0.0.2"));
    assert!(!right(&q, "srv-1 10.0.0.1"));
}
