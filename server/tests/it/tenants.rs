//! Identifiers of another organisation: whoever knows them learns nothing by them, on any path of runs, plans, templates,
//! golden questions and conversations.

use std::io::Write as _;

use serde_json::{Value, json};

use super::{PASSWORD, Server, command, data, http::Client};

/// The administrator of another organisation on the same server.
fn stranger(server: &Server) -> Client {
    let mut child = command(server.dir.path())
        .args(["admin", "create", "park@example.com", "--organisation", "다른 회사"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("the program");
    writeln!(child.stdin.take().expect("its input"), "{PASSWORD}").expect("the password");
    assert!(child.wait().expect("it ends").success());
    let mut client = server.client();
    let signed =
        client.post("/api/v1/auth/sign-in", &json!({"login": "park@example.com", "password": PASSWORD}));
    client.keep_token(&signed);
    client
}

#[test]
fn identifiers_of_another_organisation_lead_nowhere_on_any_path() {
    let server = Server::start();
    let (admin, other) = (server.admin(), stranger(&server));
    let demo = server.run(&["--tenant", "한빛", "demo", "load", "--cis", "60"]);
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let asked = data(&admin.post("/api/v1/ask", &json!({"question": "서버가 총 몇 대야?"})));
    let (run, thread) =
        (asked["run_id"].as_str().expect("a run"), asked["thread_id"].as_str().expect("a thread"));
    let golden = data(&admin.post("/api/v1/golden", &json!({"run_id": run})));
    let golden = golden.as_str().or(golden["id"].as_str()).expect("a golden question").to_owned();
    let template = json!({"name": "count", "title": "세기", "about": "", "params": [], "plan": asked["plan"], "version": 0});
    let saved = admin.post("/api/v1/plans/templates", &template);
    assert_eq!(saved.status, 200, "{saved:?}");

    // Every described path of these areas that names something, with the names of the first organisation.
    let api = admin.get("/api/openapi.json").json();
    let mut tried = 0;
    for (path, item) in api["paths"].as_object().expect("paths") {
        let (area, id) = match path.split('/').nth(3) {
            Some("runs") => ("runs", run),
            Some("threads") => ("threads", thread),
            Some("golden") => ("golden", golden.as_str()),
            Some("plans") => ("plans", "count"),
            _ => continue,
        };
        if !path.contains('{') {
            continue;
        }
        for method in item.as_object().expect("operations").keys() {
            let filled = path.replace("{id}", id).replace("{name}", "count");
            let (query, body) = match (method.as_str(), path.rsplit('/').next().unwrap_or_default()) {
                ("get", "step") => ("?path=s1", json!({})),
                ("post", "decide") => ("?step=s1", json!({"approve": true})),
                ("post", "fork") => ("", json!({"step": "s1"})),
                ("post", "accept") => ("", json!({"run_id": run})),
                ("patch" | "put", _) if area == "threads" => ("", json!({"title": "내 것"})),
                ("put" | "patch", _) => ("", json!({"note": "", "every_min": 0, "same_moment": true})),
                _ => ("", json!({})),
            };
            let json = ("content-type", "application/json");
            let answer = other.send(
                &method.to_uppercase(),
                &format!("{filled}{query}"),
                &[json],
                body.to_string().as_bytes(),
            );
            assert_eq!(answer.status, 404, "{method} {path}: {answer:?}");
            assert!(!answer.body.contains("서버가 총 몇 대야"), "{method} {path}: {answer:?}");
            tried += 1;
        }
    }
    assert!(tried >= 17, "only {tried} operations were tried");

    // What names them in a body or a query leads nowhere either.
    for (what, answer) in [
        ("pin", other.post("/api/v1/golden", &json!({"run_id": run}))),
        ("ask on", other.post("/api/v1/ask", &json!({"question": "서버가 몇 대야?", "thread_id": thread}))),
        ("run a template", other.post("/api/v1/plans/run", &json!({"template": "count"}))),
        ("compare", other.get(&format!("/api/v1/runs/compare?a={run}&b={run}"))),
        ("stream", other.get(&format!("/api/sse/runs/{run}"))),
    ] {
        assert_eq!(answer.status, 404, "{what}: {answer:?}");
    }
    for list in
        ["/api/v1/runs", "/api/v1/threads", "/api/v1/golden", "/api/v1/plans/templates", "/api/v1/approvals"]
    {
        let page = data(&other.get(list));
        let items = page.get("items").unwrap_or(&page);
        let own = items.as_array().into_iter().flatten().filter(|item| is_theirs(item)).count();
        assert_eq!(own, 0, "{list}: {page}");
    }
    // Nothing of it has changed for those whose it is.
    assert_eq!(
        data(&admin.get(&format!("/api/v1/threads/{thread}")))["turns"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        data(&admin.get(&format!("/api/v1/golden/{golden}")))["checks"].as_array().map(Vec::len),
        Some(0)
    );
    assert_eq!(data(&admin.get("/api/v1/plans/templates"))[0]["name"], "count");
}

/// Whether an entry of a list is of the first organisation: everything there is in this test.
fn is_theirs(item: &Value) -> bool {
    item.to_string().contains("몇 대") || item["name"] == "count"
}
