//! Bringing data in over HTTP: upload, check, import, live progress, rejected rows, taking out again.

use serde_json::{Value, json};

use super::{Server, data, http::Client};

const ITEMS: &str =
    "코드,이름,종류,담당\nsrv-1,웹 서버 1,server,김\nsrv-2,웹 서버 2,server,이\n,이름만,server,박\n";

fn mapping(client: &Client) -> Value {
    let yaml = "name: test\nfiles:\n  - file: items.csv\n    rows: items\n    code: 코드\n    name: 이름\n    kind: 종류\n    fields:\n      owner: 담당\n";
    let answer = client.post("/api/imports/parse", &json!({ "yaml": yaml }));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The data of the events of a stream, by name.
pub fn events(body: &str, name: &str) -> Vec<(u64, Value)> {
    let blocks = body.split("\n\n").filter(|block| block.contains(&format!("event: {name}")));
    blocks
        .filter_map(|block| {
            let line = |key: &str| block.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
            let id = line("id:").and_then(|id| id.parse().ok()).unwrap_or(0);
            Some((id, serde_json::from_str(line("data:")?).ok()?))
        })
        .collect()
}

#[test]
fn files_are_uploaded_checked_imported_and_taken_out_again() {
    let server = Server::start();
    let admin = server.admin();
    let file = data(&admin.upload("items.csv", ITEMS));
    assert_eq!(file["columns"], json!(["코드", "이름", "종류", "담당"]));
    assert_eq!(data(&admin.get("/api/v1/imports/files")).as_array().map(Vec::len), Some(1));

    let request = json!({ "uploads": [file["id"]], "mapping": mapping(&admin) });
    let check = data(&admin.post("/api/v1/imports/check", &request));
    assert_eq!(
        (check["counts"]["accepted"].as_u64(), check["counts"]["rejected"].as_u64()),
        (Some(2), Some(1)),
        "{check}"
    );

    let id = data(&admin.post("/api/v1/imports", &request));
    let id = id.as_str().expect("an id");
    let stream = admin.get(&format!("/api/sse/imports/{id}"));
    assert!(stream.header("content-type").is_some_and(|kind| kind.starts_with("text/event-stream")));
    let told = events(&stream.body, "import");
    assert_eq!(
        told.last().map(|(_, status)| status["state"].clone()),
        Some(json!("done")),
        "{}",
        stream.body
    );
    assert!(stream.body.trim_end().ends_with("event: done\ndata: {}"), "{}", stream.body);

    let page = data(&admin.get("/api/v1/cis?text=%EC%9B%B9&limit=10"));
    assert_eq!(page["total"], 2, "{page}");
    assert_eq!(data(&admin.get("/api/v1/cis/srv-1"))["ci"]["fields"]["owner"], "김");
    let csv = admin.get(&format!("/api/v1/imports/{id}/rejects.csv"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(csv.body.contains("items.csv,4,"), "{}", csv.body);

    let undone = data(&admin.post(&format!("/api/v1/imports/{id}/undo"), &json!({})));
    assert_eq!(undone["state"], "undone");
    assert_eq!(data(&admin.get("/api/v1/cis"))["total"], 0);
}

#[test]
fn a_form_without_a_file_is_told_what_is_missing() {
    let server = Server::start();
    let admin = server.admin();
    let form = "--edge\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nx\r\n--edge--\r\n";
    let kind = ("content-type", "multipart/form-data; boundary=edge");
    let answer = admin.send("POST", "/api/v1/imports/files", &[kind], form.as_bytes());
    assert_eq!(
        (answer.status, answer.json()["data"]["fields"][0]["path"].as_str()),
        (400, Some("file")),
        "{answer:?}"
    );
    let answer = server.client().send("POST", "/api/v1/imports/files", &[kind], form.as_bytes());
    assert_eq!(answer.status, 401);
}
