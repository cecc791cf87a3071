//! What stands in front of every request: origins, sizes, headers, envelope, traces.

use serde_json::json;

use super::{Server, data};

#[test]
fn requests_of_other_sites_are_refused() {
    let server = Server::start();
    let admin = server.admin();
    let cookie = format!("tobit_access={}", admin.token());
    let client = server.client();
    let host = format!("http://{}", server.addr);
    let json = ("content-type", "application/json");
    let sign_out = |headers: &[(&str, &str)]| client.send("POST", "/api/auth/me", headers, b"{}").status;
    assert_eq!(
        sign_out(&[json, ("cookie", &cookie), ("origin", &host), ("sec-fetch-site", "same-origin")]),
        200
    );
    assert_eq!(sign_out(&[json, ("cookie", &cookie), ("origin", &host)]), 200);
    for headers in [
        &[json, ("cookie", &cookie), ("origin", "https://evil.example")][..],
        &[json, ("cookie", &cookie), ("sec-fetch-site", "cross-site")],
        &[json, ("cookie", &cookie), ("origin", &host), ("sec-fetch-site", "same-site")],
        &[json, ("cookie", &cookie), ("origin", "null")],
        &[json, ("cookie", &cookie)],
    ] {
        assert_eq!(sign_out(headers), 403, "{headers:?}");
    }
    let get =
        client.send("GET", "/api/v1/auth/me", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")], b"");
    assert_eq!(get.status, 403);
}

#[test]
fn errors_come_in_the_envelope_in_the_language_asked_for() {
    let server = Server::start();
    let admin = server.admin();
    let english = admin.send("GET", "/api/v1/cis/no-such-item", &[("accept-language", "en")], b"");
    let korean = admin.get("/api/v1/cis/no-such-item");
    assert_eq!((english.status, korean.status), (404, 404));
    assert!(english.json()["message"].as_str().is_some_and(str::is_ascii), "{english:?}");
    assert!(!korean.json()["message"].as_str().is_some_and(str::is_ascii), "{korean:?}");
    assert_eq!(english.json()["code"], 40401);

    let unknown = admin.post("/api/v1/ask", &json!({"question":"?","surprise":1}));
    assert_eq!((unknown.status, unknown.json()["code"].as_u64()), (400, Some(40001)), "{unknown:?}");
    let plain = admin.send("POST", "/api/v1/ask", &[("content-type", "text/plain")], b"{}");
    assert_eq!((plain.status, plain.json()["code"].as_u64()), (415, Some(41501)));
    let method = admin.send("PUT", "/api/v1/ask", &[], b"");
    assert_eq!((method.status, method.json()["code"].as_u64()), (405, Some(40501)));
    let bad_id = admin.get("/api/v1/runs/not-an-id");
    assert_eq!(bad_id.status, 400, "{bad_id:?}");
    let page = server.client().get("/somewhere");
    assert_eq!(page.status, 404);
    assert!(page.body.contains("make run"), "without a built user interface the page says what to do");
}

#[test]
fn functions_of_the_user_interface_name_what_they_cannot_read() {
    let server = Server::start();
    let admin = server.admin();
    for (body, status) in [
        (&b"{}"[..], 400),
        (b"", 400),
        (b"[]", 400),
        (b"{\"search\":1}", 400),
        (b"{\"search\":\"\xff\"}", 400),
        (b"{\"search\":\"\"}", 200),
    ] {
        let answer = admin.send("POST", "/api/chat/threads", &[("content-type", "application/json")], body);
        assert_eq!(answer.status, status, "{body:?}: {answer:?}");
        if status == 400 {
            let told = answer.json();
            assert_eq!(
                (told["kind"].as_str(), told["fields"][0]["path"].as_str()),
                (Some("invalid"), Some("body"))
            );
            assert!(told["trace_id"].is_string(), "{told}");
        }
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = admin.send("POST", "/api/chat/threads", &form, b"search=");
    assert_eq!(
        (answer.status, answer.json()["kind"].as_str()),
        (415, Some("unsupported_type")),
        "{answer:?}"
    );
    let answer = admin.send("GET", "/api/chat/threads", &[], b"");
    assert_eq!(
        (answer.status, answer.json()["kind"].as_str()),
        (405, Some("method_not_allowed")),
        "{answer:?}"
    );
}

#[test]
fn bodies_and_heads_have_limits() {
    let server = Server::start();
    let admin = server.admin();
    let long = json!({"question": "x".repeat(2 << 20)});
    for path in ["/api/v1/ask", "/api/chat/ask"] {
        let answer = admin.post(path, &long);
        assert_eq!(answer.status, 413, "{path}: {answer:?}");
    }
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let answer = admin.send("POST", "/api/v1/ask", &[("content-type", "application/json")], deep.as_bytes());
    assert_eq!(answer.status, 413, "{answer:?}");
    let url = admin.get(&format!("/api/v1/threads?search={}", "x".repeat(9 << 10)));
    assert_eq!(url.status, 413);
    let head = admin.send("GET", "/api/v1/threads", &[("x-long", &"x".repeat(17 << 10))], b"");
    assert_eq!(head.status, 413);
}

#[test]
fn every_answer_carries_its_headers_and_its_trace_and_so_does_the_log() {
    let server = Server::start();
    let client = server.client();
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{id}-00f067aa0ba902b7-01");
    let answer = client.send("GET", "/api/v1/auth/setup", &[("traceparent", &parent)], b"");
    assert!(!data(&answer).is_null());
    assert_eq!(answer.header("x-trace-id"), Some(id));
    assert!(
        answer
            .header("traceparent")
            .is_some_and(|sent| sent.starts_with(&format!("00-{id}-")) && *sent != *parent)
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");

    let failed = client.get("/api/v1/auth/me");
    assert_eq!(failed.json()["data"]["trace_id"].as_str(), failed.header("x-trace-id"));
    let logs = server.dir.path().join("data/logs");
    super::until("the log tells of the request", || {
        let files = std::fs::read_dir(&logs).into_iter().flatten().flatten();
        let text: String = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
        let line = text.lines().find(|line| line.contains(id) && line.contains("answered"));
        line.is_some_and(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
            line["spans"][0]["trace_id"] == id && line["spans"][0]["parent_id"] == "00f067aa0ba902b7"
        })
    });
}
