//! Two servers on one database, one of them killed while it works: every run ends, and no step ends twice.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use super::{PASSWORD, PROGRAM, data, http::Client, imports::events, until};

/// A server on a database of others.
struct Replica {
    child: Child,
    addr: String,
    setup_token: Option<String>,
    _dir: tempfile::TempDir,
}

fn command(database: &str, dir: &std::path::Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LANG", "en_US.UTF-8")
        .env("DATABASE_URL", testkit::cluster_url(database))
        .env("TOBIT_SECRET", "a-secret-both-servers-know-0123456789")
        .env("TOBIT_DATA_DIR", dir.join("data"))
        .env("TOBIT_DIST", dir.join("dist"))
        .env("TOBIT_PASSWORD_MEMORY_KIB", "19456")
        .env("TOBIT_PASSWORD_PASSES", "2")
        .stdin(Stdio::null());
    command
}

impl Replica {
    fn start(database: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut child = command(database, dir.path())
            .args(["serve", "--addr", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(dir.path().join("stderr")).expect("a file"))
            .spawn()
            .expect("the program");
        let mut setup_token = None;
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let addr = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!(
                    "no server: {}",
                    std::fs::read_to_string(dir.path().join("stderr")).unwrap_or_default()
                );
            };
            if let Some((_, token)) = line.split_once("setup token: ") {
                setup_token = Some(token.trim().to_owned());
            }
            if let Some(addr) = line.strip_prefix("http://") {
                break addr.to_owned();
            }
        };
        Self { child, addr, setup_token, _dir: dir }
    }

    fn admin(&self) -> Client {
        let mut client = Client::new(&self.addr);
        let body = json!({
            "token": self.setup_token.clone().expect("a setup token"),
            "login": "kim@example.com", "name": "김관리", "password": PASSWORD, "organisation": "한빛",
        });
        let made = client.post("/api/v1/auth/first-admin", &body);
        client.keep_token(&made);
        client
    }

    fn signed_in(&self) -> Client {
        let mut client = Client::new(&self.addr);
        let made =
            client.post("/api/v1/auth/sign-in", &json!({"login": "kim@example.com", "password": PASSWORD}));
        client.keep_token(&made);
        client
    }

    fn kill(&mut self) {
        self.child.kill().expect("kill -9");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A plan that takes about a second for each time: the same search for every item of a list, `times` over. One that is
/// stopped must last longer than the three seconds in which another server hears of it.
fn long_plan(n: usize, times: usize) -> Value {
    let search = json!({
        "id": "look", "kind": "tool", "tool": "event.search", "cache_s": 0,
        "args": { "select": { "kind": "event", "ci": "$item" }, "limit": 1000 },
    });
    let each = json!({
        "id": "each", "kind": "for_each", "items": "$s1.rows[*].code", "var": "item", "body": search, "max": 60, "par": 1,
    });
    let nodes: Vec<Value> = (0..times)
        .map(|i| {
            let mut each = each.clone();
            each["id"] = json!(format!("each{i}"));
            each["body"]["id"] = json!(format!("look{i}"));
            each
        })
        .collect();
    let mut all = vec![json!({"id": "s1", "kind": "tool", "tool": "ci.search", "args": {"limit": 60}})];
    all.extend(nodes);
    all.push(json!({"id": "answer", "kind": "compose", "blocks": [{"from": "s1", "say": "list"}]}));
    json!({
        "goal": format!("look {n}"), "lang": "en", "origin": {"by": "user"}, "confidence": 1.0, "timeout_ms": 120_000,
        "root": {"id": "root", "kind": "seq", "nodes": all},
    })
}

#[test]
fn a_killed_server_loses_no_run_and_no_step_ends_twice() {
    let database = format!("takeover_{}", std::process::id());
    let mut first = Replica::start(&database);
    let admin = first.admin();
    let dir = tempfile::tempdir().expect("a temporary directory");
    let loaded = command(&database, dir.path()).args(["demo", "load", "--cis", "80", "--seed", "3"]).output();
    let loaded = loaded.expect("the program");
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    let second = Replica::start(&database);
    let other = second.signed_in();

    let ids: Vec<String> = (0..4)
        .map(|n| {
            let began = admin.post("/api/v1/plans/run", &json!({ "plan": long_plan(n, 3) }));
            assert_eq!(began.status, 202, "{began:?}");
            began.json()["data"]["run_id"].as_str().expect("an id").to_owned()
        })
        .collect();
    let steps = |id: &str| -> Vec<Value> {
        let page = data(&other.get(&format!("/api/v1/runs/{id}/steps?limit=2000")));
        page["items"].as_array().cloned().unwrap_or_default()
    };
    until("the runs are at work", || ids.iter().all(|id| steps(id).len() > 20));
    first.kill();
    let before: BTreeMap<String, Vec<Value>> = ids.iter().map(|id| (id.clone(), steps(id))).collect();
    let unfinished = ids.iter().filter(|id| before[*id].len() < 180).count();
    assert!(unfinished > 0, "nothing was at work when the server was killed");

    // Whoever listens on the other server hears the rest, and the end.
    let seen = 10;
    let rest =
        other.send("GET", &format!("/api/sse/runs/{}", ids[0]), &[("last-event-id", &seen.to_string())], b"");
    let told = events(&rest.body, "run");
    assert!(told.iter().map(|(seq, _)| *seq).is_sorted_by(|a, b| a < b), "numbers go up only");
    assert!(told.first().is_some_and(|(seq, _)| *seq == seen + 1), "{:?}", told.first());
    assert_eq!(told.last().expect("events").1["type"], "finished");

    for id in &ids {
        until("the run ends", || {
            std::thread::sleep(Duration::from_millis(200));
            data(&other.get(&format!("/api/v1/runs/{id}")))["run"]["status"] != "running"
        });
        let run = data(&other.get(&format!("/api/v1/runs/{id}")));
        assert_eq!(run["run"]["status"], "answered", "{}", run["run"]);
        let after = steps(id);
        let mut paths: Vec<&str> = after.iter().filter_map(|step| step["path"].as_str()).collect();
        let count = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), count, "a step ended twice");
        for path in ["root", "s1", "each0", "each2", "answer", "look2"] {
            assert!(paths.iter().any(|known| known.ends_with(path)), "{path} is missing");
        }
        // What had ended stands as it was: the same place, the same time.
        for step in &before[id] {
            assert!(after.contains(step), "{step} has changed");
        }
    }
}

#[test]
fn a_run_is_stopped_on_whichever_server_it_works() {
    let database = format!("stop_{}", std::process::id());
    let first = Replica::start(&database);
    let admin = first.admin();
    let dir = tempfile::tempdir().expect("a temporary directory");
    let loaded = command(&database, dir.path()).args(["demo", "load", "--cis", "80", "--seed", "3"]).output();
    assert!(loaded.expect("the program").status.success());
    let second = Replica::start(&database);
    let other = second.signed_in();
    for (client, began) in [(&admin, &admin), (&other, &admin)] {
        let began = began.post("/api/v1/plans/run", &json!({ "plan": long_plan(0, 16) }));
        let id = began.json()["data"]["run_id"].as_str().expect("an id").to_owned();
        std::thread::sleep(Duration::from_millis(300));
        let stopped = client.post(&format!("/api/v1/runs/{id}/stop"), &json!({}));
        assert_eq!(stopped.status, 200, "{stopped:?}");
        until("the run is stopped", || {
            std::thread::sleep(Duration::from_millis(100));
            data(&other.get(&format!("/api/v1/runs/{id}")))["run"]["status"] == "cancelled"
        });
        let again = client.post(&format!("/api/v1/runs/{id}/stop"), &json!({}));
        assert!(matches!(again.status, 200 | 409), "{again:?}");
    }
}
