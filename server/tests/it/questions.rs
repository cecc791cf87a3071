//! Questions over HTTP: as JSON, as a stream, taken up again, and conversations.

use serde_json::{Value, json};

use super::{Server, data, imports::events};

const STREAM: (&str, &str) = ("accept", "text/event-stream");
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_question_is_answered_as_json_and_as_a_stream_that_can_be_taken_up_again() {
    let server = Server::start();
    let admin = server.admin();
    let loaded = server.run(&["demo", "load", "--cis", "80", "--seed", "3"]);
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    let servers = data(
        &admin.post("/api/v1/cis/query", &json!({"filter":[{"field":"kind","op":"eq","value":"host"}]})),
    );
    let count = servers["total"].as_u64().expect("a number");

    let answer = data(&admin.post("/api/v1/ask", &json!({"question": "서버가 총 몇 대야?"})));
    assert_eq!(answer["status"], "answered", "{answer}");
    assert!(
        answer["answer"].as_str().is_some_and(|text| text.contains(&count.to_string())),
        "{count}: {answer}"
    );
    assert!(
        answer["plan"].is_object() && answer["steps"].as_array().is_some_and(|steps| !steps.is_empty()),
        "{answer}"
    );
    assert!(answer["evidence"].as_array().is_some_and(|evidence| !evidence.is_empty()), "{answer}");
    let run = answer["run_id"].as_str().expect("an id");
    assert_eq!(data(&admin.get(&format!("/api/v1/runs/{run}/answer")))["answer"], answer["answer"]);

    let stream = admin.send(
        "POST",
        "/api/v1/ask",
        &[STREAM, JSON],
        json!({"question":"서버가 총 몇 대야?"}).to_string().as_bytes(),
    );
    let told = events(&stream.body, "run");
    let kinds: Vec<&str> = told.iter().filter_map(|(_, event)| event["type"].as_str()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"started"), Some(&"finished")), "{kinds:?}");
    assert!(kinds.contains(&"planned") && kinds.contains(&"step_finished"), "{kinds:?}");
    assert!(told.iter().map(|(id, _)| *id).eq(1..=told.len() as u64), "numbers have gaps");
    assert!(stream.body.contains("event: done"));

    let run = told[0].1["run_id"].as_str().expect("an id").to_owned();
    let seen = told.len() as u64 - 2;
    let again =
        admin.send("GET", &format!("/api/sse/runs/{run}"), &[("last-event-id", &seen.to_string())], b"");
    let rest: Vec<u64> = events(&again.body, "run").into_iter().map(|(id, _)| id).collect();
    assert_eq!(rest, [seen + 1, seen + 2]);
}

#[test]
fn conversations_are_kept_renamed_removed_and_restored() {
    let server = Server::start();
    let admin = server.admin();
    let answer = data(&admin.post("/api/v1/ask", &json!({"question": "이벤트 로그 전부 삭제해줘"})));
    assert_eq!(answer["status"], "refused", "{answer}");
    let id = answer["thread_id"].as_str().expect("an id");
    let path = format!("/api/v1/threads/{id}");
    let titles = |admin: &super::http::Client| -> Vec<Value> {
        let list = data(&admin.get("/api/v1/threads"));
        list.as_array()
            .map(|list| list.iter().map(|thread| thread["title"].clone()).collect())
            .unwrap_or_default()
    };
    assert_eq!(titles(&admin).len(), 1);
    let renamed = admin.send("PATCH", &path, &[JSON], json!({"title":"지우기"}).to_string().as_bytes());
    assert_eq!(renamed.status, 200, "{renamed:?}");
    assert_eq!(titles(&admin), [json!("지우기")]);
    assert_eq!(data(&admin.get(&path))["turns"][0]["question"], "이벤트 로그 전부 삭제해줘");
    assert_eq!(admin.send("DELETE", &path, &[], b"").status, 200);
    assert!(titles(&admin).is_empty());
    assert_eq!(admin.post(&format!("{path}/restore"), &json!({})).status, 200);
    assert_eq!(titles(&admin).len(), 1);
}
