//! Nothing answers a stranger but what is listed here. A new operation that does is found by this test.

use std::collections::BTreeSet;

use serde_json::json;

use super::Server;

/// What somebody who is not signed in may call.
const PUBLIC: &[&str] = &[
    "GET /api/v1/auth/setup",
    "POST /api/v1/auth/first-admin",
    "POST /api/v1/auth/sign-in",
    "POST /api/v1/auth/refresh",
];

#[test]
fn every_operation_refuses_a_stranger_but_the_listed_ones() {
    let server = Server::start();
    let nobody = server.client();
    let api = nobody.get("/api/openapi.json").json();
    let mut public = BTreeSet::new();
    for (path, item) in api["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            let method = method.to_uppercase();
            let name = format!("{method} {path}");
            let filled = path
                .replace("{id}", "01a20d44-f516-713e-89a3-7a00f5a710f1")
                .replace("{code}", "srv-1")
                .replace("{name}", "x");
            let answer = nobody.send(&method, &filled, &[("content-type", "application/json")], b"{}");
            if PUBLIC.contains(&name.as_str()) {
                public.insert(name);
            } else {
                assert_eq!(
                    (answer.status, answer.json()["code"].as_u64()),
                    (401, Some(40101)),
                    "{name}: {answer:?}"
                );
            }
        }
    }
    assert_eq!(public.len(), PUBLIC.len(), "a listed operation is gone: {public:?}");
    for stream in ["runs", "imports"] {
        let answer = nobody.get(&format!("/api/sse/{stream}/01a20d44-f516-713e-89a3-7a00f5a710f1"));
        assert_eq!(answer.status, 401, "{answer:?}");
    }
}

#[test]
fn functions_of_the_user_interface_refuse_a_stranger_too() {
    let server = Server::start();
    let nobody = server.client();
    let id = "01a20d44-f516-713e-89a3-7a00f5a710f1";
    for (path, body) in [
        ("auth/me", json!({})),
        ("auth/sign-out", json!({})),
        ("chat/threads", json!({"search": ""})),
        ("chat/thread", json!({"id": id})),
        ("chat/ask", json!({"request": {"question": "?"}})),
        ("chat/answer", json!({"id": id})),
        ("cmdb/list", json!({"query": {}})),
        ("cmdb/get", json!({"code": "srv-1"})),
        ("cmdb/catalogue", json!({})),
        ("cmdb/state", json!({"lang": "ko"})),
        ("events/list", json!({"query": {}})),
        ("graph/query", json!({"query": {"op": "cycles"}})),
        ("imports/uploads", json!({})),
        ("imports/list", json!({})),
        ("imports/relation-types", json!({"id": id, "column": "type"})),
        ("relations/list", json!({})),
        ("relations/set", json!({"request": {"key": "uses", "travel": "none"}})),
        ("imports/undo", json!({"id": id})),
        ("imports/demo", json!({"request": {"seed": 1, "cis": 60}})),
        ("imports/remove-demo", json!({})),
        ("metrics/series", json!({"ci": "srv-1"})),
        ("runs/list", json!({"query": {}})),
        ("runs/get", json!({"id": id})),
        ("golden/list", json!({})),
        ("golden/pin", json!({"request": {"run_id": id}})),
        ("golden/check", json!({"id": id})),
        ("golden/remove", json!({"id": id})),
        ("incidents/list", json!({"query": {}})),
        ("incidents/get", json!({"id": "INC-1"})),
        ("incidents/state", json!({})),
        ("incidents/rescan", json!({})),
        ("incidents/anomalies", json!({"query": {}})),
        ("incidents/not-anomaly", json!({"id": id, "request": {"reason": "x"}})),
        ("incidents/feedback", json!({"series": null})),
        ("incidents/withdraw", json!({"id": id})),
        ("causes/list", json!({})),
        ("causes/get", json!({"key": "x"})),
        ("causes/check", json!({"template": {}})),
        ("causes/save", json!({"request": {"template": {}}})),
        ("causes/revert", json!({"key": "x", "version": 1})),
        ("causes/activate", json!({"key": "x", "version": 1})),
        ("causes/remove", json!({"key": "x"})),
        ("causes/try", json!({"request": {}})),
        ("synonyms/set", json!({"request": {"set": "kind", "key": "x", "words": []}})),
        ("settings/list", json!({})),
    ] {
        let answer = nobody.post(&format!("/api/{path}"), &body);
        assert_eq!(
            (answer.status, answer.json()["kind"].as_str()),
            (401, Some("signed_out")),
            "{path}: {answer:?}"
        );
    }
    let setup = nobody.post("/api/auth/setup", &json!({}));
    assert_eq!((setup.status, setup.json()["needs_admin"].as_bool()), (200, Some(true)));
}
