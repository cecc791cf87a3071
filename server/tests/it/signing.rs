//! The first visit, signing in and out, health, descriptions.

use serde_json::json;

use super::{PASSWORD, Server, command, data};

#[test]
fn a_first_visit_makes_the_administrator_once_and_signing_out_counts_at_once() {
    let server = Server::start();
    let nobody = server.client();
    assert_eq!(data(&nobody.get("/api/v1/auth/setup"))["needs_admin"], true);
    assert_eq!(nobody.get("/api/v1/auth/me").status, 401);

    let wrong =
        json!({"token":"0".repeat(64),"login":"a@b.c","name":"가","password":PASSWORD,"organisation":"나"});
    let refused = nobody.post("/api/v1/auth/first-admin", &wrong);
    assert_eq!(
        (refused.status, refused.json()["data"]["fields"][0]["path"].as_str()),
        (400, Some("token")),
        "{refused:?}"
    );

    let admin = server.admin();
    assert_eq!(data(&admin.get("/api/v1/auth/me"))["tenant_name"], "한빛");
    assert_eq!(data(&nobody.get("/api/v1/auth/setup"))["needs_admin"], false);

    let bad = nobody.post("/api/v1/auth/sign-in", &json!({"login":"kim@example.com","password":"wrong"}));
    assert_eq!((bad.status, bad.json()["code"].as_u64()), (401, Some(40102)));
    let good = nobody.post("/api/v1/auth/sign-in", &json!({"login":"kim@example.com","password":PASSWORD}));
    let mut second = nobody.clone();
    second.keep_token(&good);
    let cookies: Vec<_> = good.headers.iter().filter(|(name, _)| name == "set-cookie").collect();
    assert!(
        cookies.iter().all(|(_, cookie)| cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict")),
        "{cookies:?}"
    );

    assert_eq!(second.post("/api/v1/auth/sign-out", &json!({})).status, 200);
    assert_eq!(second.get("/api/v1/auth/me").status, 401, "the token outlives its session");
    assert_eq!(admin.get("/api/v1/auth/me").status, 200, "another session was ended");
}

#[test]
fn health_names_its_parts_and_the_server_comes_back_when_postgres_dies() {
    let server = Server::start();
    let client = server.client();
    assert_eq!((client.get("/livez").status, client.get("/readyz").status), (200, 200));
    let parts = client.get("/readyz").json();
    assert_eq!(
        (parts["parts"][0]["name"].as_str(), parts["parts"][0]["ok"].as_bool()),
        (Some("database"), Some(true))
    );
    assert_eq!(parts["parts"][1]["ok"], false, "there is no user interface in this test");

    let pid_file = server.dir.path().join("data/pg/cluster/postmaster.pid");
    let postmaster = || {
        let text = std::fs::read_to_string(&pid_file).unwrap_or_default();
        text.lines().next().map(str::to_owned)
    };
    let pid = postmaster().expect("the cluster runs");
    assert!(std::process::Command::new("kill").args(["-KILL", &pid]).status().expect("kill").success());
    // Readiness may still be told from before the kill until the dead connections are met.
    super::until("another PostgreSQL", || postmaster().is_some_and(|now| now != pid));
    super::until("ready again", || client.get("/readyz").status == 200);
    assert_eq!(data(&client.get("/api/v1/auth/setup"))["needs_admin"], true);
}

#[test]
fn a_clean_stop_ends_postgres_and_the_next_start_is_quick() {
    let server = Server::start();
    let pid_file = server.dir.path().join("data/pg/cluster/postmaster.pid");
    server.signal("-INT");
    let mut server = server;
    assert!(server.child.wait().expect("it ends").success());
    assert!(!pid_file.exists(), "postgres was left behind");
    let empty = tempfile::tempdir().expect("a directory");
    let dir = std::mem::replace(&mut server.dir, empty);
    drop(server);
    let begun = std::time::Instant::now();
    let again = Server::start_on(dir);
    assert!(begun.elapsed().as_secs() < 10, "a warm start took {:?}", begun.elapsed());
    assert_eq!(again.client().get("/readyz").status, 200);
}

#[test]
fn a_port_or_a_directory_in_use_is_said_with_the_way_out() {
    let server = Server::start();
    let other = tempfile::tempdir().expect("a directory");
    let port = command(other.path()).args(["serve", "--addr", &server.addr]).output().expect("the program");
    let said = String::from_utf8_lossy(&port.stderr).into_owned();
    assert!(
        !port.status.success() && said.contains("다른 프로그램") && said.contains("TOBIT_ADDR="),
        "{said}"
    );

    let same = server.run(&["serve", "--addr", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&same.stderr).into_owned();
    assert!(
        !same.status.success()
            && said.contains("--data-dir")
            && said.contains(&format!("pid {}", server.child.id())),
        "{said}"
    );
}

#[test]
fn the_api_describes_itself_and_its_page_needs_nothing_from_elsewhere() {
    let server = Server::start();
    let client = server.client();
    let api = client.get("/api/openapi.json").json();
    let ask = &api["paths"]["/api/v1/ask"]["post"];
    assert!(ask["responses"]["200"]["content"]["text/event-stream"].is_object(), "{ask}");
    for field in [
        "run_id",
        "thread_id",
        "status",
        "answer",
        "blocks",
        "choices",
        "plan",
        "steps",
        "evidence",
        "timing_ms",
        "usage",
    ] {
        assert!(
            api["components"]["schemas"]["AskResponse"]["properties"][field].is_object(),
            "{field} is not described"
        );
    }
    for (path, kind) in [
        ("/api/docs", "text/html"),
        ("/api/docs/page.js", "text/javascript"),
        ("/api/docs/page.css", "text/css"),
    ] {
        let file = client.get(path);
        assert!(
            file.status == 200 && file.header("content-type").is_some_and(|value| value.starts_with(kind)),
            "{path}"
        );
        assert!(!file.body.contains("https://"), "{path} names another site");
    }
    let printed = server.run(&["openapi"]);
    let printed: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    assert_eq!(printed, api);
}
