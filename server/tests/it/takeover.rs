//! Two servers on one database, one of them killed while it works: every run ends, and no step ends twice.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
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

    /// Told to end, as a service manager does.
    fn stop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(told.success());
        assert!(self.child.wait().expect("it ends").success());
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

/// A server with a generated estate on a database of its own, and its administrator.
struct Site {
    first: Replica,
    admin: Client,
    database: String,
}

impl Site {
    fn start(name: &str) -> Self {
        let site = Self::empty(name);
        let dir = tempfile::tempdir().expect("a temporary directory");
        let loaded = command(&site.database, dir.path())
            .args(["demo", "load", "--cis", "80", "--seed", "3"])
            .output()
            .expect("the program");
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        site
    }

    /// The same without data.
    fn empty(name: &str) -> Self {
        let database = format!("{name}_{}", std::process::id());
        let first = Replica::start(&database);
        let admin = first.admin();
        Self { first, admin, database }
    }

    /// Another server on the same database, and the administrator there.
    fn another(&self) -> (Replica, Client) {
        let second = Replica::start(&self.database);
        let other = second.signed_in();
        (second, other)
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

/// Begins a run of a long plan and gives its identifier.
fn begin(client: &Client, n: usize, times: usize) -> String {
    let began = client.post("/api/v1/plans/run", &json!({ "plan": long_plan(n, times) }));
    assert_eq!(began.status, 202, "{began:?}");
    began.json()["data"]["run_id"].as_str().expect("an id").to_owned()
}

/// Begins runs and waits until all of them are at work.
fn at_work(client: &Client, count: usize, times: usize) -> Vec<String> {
    let ids: Vec<String> = (0..count).map(|n| begin(client, n, times)).collect();
    until("the runs are at work", || ids.iter().all(|id| steps_of(client, id).len() > 20));
    ids
}

/// A run as it stands.
fn run_of(client: &Client, id: &str) -> Value {
    data(&client.get(&format!("/api/v1/runs/{id}")))["run"].clone()
}

/// Steps of a run that have ended.
fn steps_of(client: &Client, id: &str) -> Vec<Value> {
    let page = data(&client.get(&format!("/api/v1/runs/{id}/steps?limit=2000")));
    page["items"].as_array().cloned().unwrap_or_default()
}

fn all_steps(client: &Client, ids: &[String]) -> BTreeMap<String, Vec<Value>> {
    ids.iter().map(|id| (id.clone(), steps_of(client, id))).collect()
}

/// Waits until a run has ended, for as long as it gets anywhere: a busy machine may take its time.
fn until_ended(client: &Client, id: &str) {
    let (mut steps, mut since) = (0, Instant::now());
    while run_of(client, id)["status"] == "running" {
        std::thread::sleep(Duration::from_millis(200));
        let page = data(&client.get(&format!("/api/v1/runs/{id}/steps?limit=1")));
        let now = page["total"].as_u64().expect("a number");
        if now > steps {
            (steps, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < Duration::from_secs(60), "nothing has happened since step {steps}");
    }
}

/// Every run ends well, all of its steps were done, none of them twice, and what had ended before stands as it was: at the
/// same place, with the same time. Gives each run and its steps.
fn goes_on(client: &Client, before: &BTreeMap<String, Vec<Value>>, times: usize) -> Vec<(Value, Vec<Value>)> {
    let mut ended = Vec::new();
    for (id, before) in before {
        until_ended(client, id);
        let run = run_of(client, id);
        assert_eq!(run["status"], "answered", "{run}");
        let after = steps_of(client, id);
        let paths: BTreeSet<&str> = after.iter().filter_map(|step| step["path"].as_str()).collect();
        assert_eq!(paths.len(), after.len(), "a step ended twice");
        for path in ["root".to_owned(), "s1".to_owned(), "answer".to_owned()]
            .into_iter()
            .chain((0..times).flat_map(|n| [format!("each{n}"), format!("each{n}[0].look{n}")]))
        {
            assert!(paths.contains(path.as_str()), "{path} is missing");
        }
        for step in before {
            assert!(after.contains(step), "{step} has changed");
        }
        ended.push((run, after));
    }
    ended
}

/// A run that was given to another server: nobody took it, and nothing of it looks broken off.
fn was_given(ended: &[(Value, Vec<Value>)]) {
    for (run, steps) in ended {
        assert_eq!(run["takeovers"], 0, "it was given, not taken: {run}");
        let odd: Vec<&Value> = steps.iter().filter(|step| step["status"] != "ok").collect();
        assert!(odd.is_empty(), "the end of the server is no fault of a step: {odd:?}");
    }
}

#[test]
fn a_killed_server_loses_no_run_and_no_step_ends_twice() {
    let mut site = Site::start("takeover");
    let (_second, other) = site.another();
    let ids = at_work(&site.admin, 4, 3);
    site.first.kill();
    let before = all_steps(&other, &ids);
    let unfinished = before.values().filter(|steps| steps.len() < 180).count();
    assert!(unfinished > 0, "nothing was at work when the server was killed");

    // Whoever listens on the other server hears the rest, and the end.
    let seen = 10;
    let rest =
        other.send("GET", &format!("/api/sse/runs/{}", ids[0]), &[("last-event-id", &seen.to_string())], b"");
    let told = events(&rest.body, "run");
    assert!(told.iter().map(|(seq, _)| *seq).is_sorted_by(|a, b| a < b), "numbers go up only");
    assert!(told.first().is_some_and(|(seq, _)| *seq == seen + 1), "{:?}", told.first());
    assert_eq!(told.last().expect("events").1["type"], "finished");
    goes_on(&other, &before, 3);
}

#[test]
fn a_server_that_is_told_to_end_hands_its_runs_to_another_at_once() {
    let mut site = Site::start("handover");
    let (_second, other) = site.another();
    let ids = at_work(&site.admin, 3, 16);
    let told = Instant::now();
    site.first.stop();
    assert!(told.elapsed() < Duration::from_secs(10), "the server took {:?} to end", told.elapsed());
    let before = all_steps(&other, &ids);
    // Whoever is given a run does not wait for its lease: nobody has to take it.
    was_given(&goes_on(&other, &before, 16));
}

#[test]
fn a_server_goes_on_with_its_runs_after_its_next_start() {
    let mut site = Site::start("restart");
    let ids = at_work(&site.admin, 2, 16);
    site.first.stop();
    let (_second, other) = site.another();
    let before = all_steps(&other, &ids);
    was_given(&goes_on(&other, &before, 16));
}

#[test]
fn what_one_server_imports_the_other_answers_about_at_once() {
    let site = Site::empty("caches");
    let (_second, other) = site.another();
    let admin = &site.admin;
    let ask = |client: &Client| {
        let answer =
            client.post("/api/v1/ask", &json!({"question": "how many configuration items are there?"}));
        data(&answer)["answer"].as_str().unwrap_or_default().to_owned()
    };
    let empty = ask(&other);
    for cis in [80, 120] {
        let made = admin.post("/api/v1/demo", &json!({"seed": 3, "cis": cis}));
        assert!(made.status < 300, "{made:?}");
        until("the demo is in", || {
            std::thread::sleep(Duration::from_millis(100));
            data(&admin.get("/api/v1/imports"))[0]["state"] == "done"
        });
        let all = data(&admin.get("/api/v1/cis?limit=1"))["all"].as_u64().expect("a number");
        // Not within some time: the very next question.
        let answer = ask(&other);
        assert!(answer != empty && answer.contains(&all.to_string()), "{all} items: {answer}");
        assert_eq!(answer, ask(admin));
        if cis == 80 {
            assert!(admin.send("DELETE", "/api/v1/demo", &[], b"").status < 300);
            until("the demo is out", || data(&other.get("/api/v1/cis?limit=1"))["all"] == 0);
        }
    }
}

#[test]
fn a_run_is_stopped_on_whichever_server_it_works() {
    let site = Site::start("stop");
    let (_second, other) = site.another();
    for client in [&site.admin, &other] {
        let id = begin(&site.admin, 0, 16);
        std::thread::sleep(Duration::from_millis(300));
        let stopped = client.post(&format!("/api/v1/runs/{id}/stop"), &json!({}));
        assert_eq!(stopped.status, 200, "{stopped:?}");
        until("the run is stopped", || {
            std::thread::sleep(Duration::from_millis(100));
            run_of(&other, &id)["status"] == "cancelled"
        });
        let again = client.post(&format!("/api/v1/runs/{id}/stop"), &json!({}));
        assert!(matches!(again.status, 200 | 409), "{again:?}");
    }
}
