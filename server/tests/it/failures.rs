//! What an import goes through: PostgreSQL killed under it, and a disk that runs full.

use std::{
    fmt::Write,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{PASSWORD, Server, data, http::Client, passable_dir, template};

/// Items, and so many samples that there is time to do something about them.
fn files(items: u32, samples: u32) -> (String, String) {
    let mut first = String::from("code,name,kind\n");
    for n in 0..items {
        writeln!(first, "srv-{n:05},서버 {n},server").expect("a row");
    }
    let mut second = String::from("code,at,metric,value\n");
    for n in 0..samples {
        let (item, minute) = (n % items, n / items);
        writeln!(
            second,
            "srv-{item:05},2026-01-{:02}T{:02}:{:02}:00Z,cpu,{}.{n}",
            1 + minute / 1_440,
            minute / 60 % 24,
            minute % 60,
            n % 100
        )
        .expect("a row");
    }
    (first, second)
}

/// Uploads both files and gives the request that imports them.
fn request(admin: &Client, (items, samples): (String, String)) -> Value {
    let ids = [("items.csv", &items), ("samples.csv", &samples)].map(|(name, text)| {
        let file = data(&admin.upload(name, text));
        file["id"].clone()
    });
    let yaml = "name: big\nfiles:\n  - {file: items.csv, rows: items, code: code, name: name, kind: kind}\n  - {file: samples.csv, rows: metrics_long, item: code, at: at, metric: metric, value: value}\n";
    let mapping = admin.post("/api/imports/parse", &json!({ "yaml": yaml })).json();
    json!({ "uploads": ids, "mapping": mapping })
}

/// Waits until something holds, longer than other tests: a database has to recover meanwhile.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(180), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn state(admin: &Client, id: &str) -> Option<Value> {
    let answer = admin.get(&format!("/api/v1/imports/{id}"));
    (answer.status == 200).then(|| answer.json()["data"].clone())
}

/// Begins an import and waits until rows of it are written.
fn at_work(admin: &Client, request: &Value) -> String {
    let id = data(&admin.post("/api/v1/imports", request)).as_str().expect("an id").to_owned();
    until("the import is at work", || {
        let now = state(admin, &id).expect("how it stands");
        assert_eq!(now["state"], "running", "too quick for this test: {now}");
        now["counts"]["samples_new"].as_u64() > Some(0)
    });
    id
}

fn completes(admin: &Client, request: &Value, items: u64) {
    let mut id = None;
    until("an import can begin", || {
        let begun = admin.post("/api/v1/imports", request);
        id = begun.json()["data"].as_str().map(str::to_owned);
        begun.status == 200
    });
    let id = id.expect("an id");
    until("the import is done", || {
        let now = state(admin, &id).expect("how it stands");
        assert!(now["state"] == "running" || now["state"] == "done", "{now}");
        now["state"] == "done"
    });
    assert_eq!(data(&admin.get("/api/v1/estate"))["cis"].as_u64(), Some(items));
}

#[test]
fn postgres_killed_under_an_import_leaves_nothing_half_applied_and_the_next_run_completes_it() {
    let server = Server::start();
    let admin = server.admin();
    let request = request(&admin, files(200, 600_000));
    let id = at_work(&admin, &request);
    let pid_file = server.dir.path().join("data/pg/cluster/postmaster.pid");
    let pid = fs::read_to_string(pid_file).expect("its process id").lines().next().map(str::to_owned);
    let killed = Command::new("kill").args(["-KILL", &pid.expect("a number")]).status().expect("kill");
    assert!(killed.success());

    // Requests meanwhile are told so, never half an answer; then it is known that the import has ended.
    until("the import is known to have ended", || {
        let now = admin.get(&format!("/api/v1/imports/{id}"));
        assert!(matches!(now.status, 200 | 503), "{now:?}");
        now.status == 200 && now.json()["data"]["state"] != "running"
    });
    let ended = state(&admin, &id).expect("how it stands");
    assert!(ended["state"] == "failed" || ended["state"] == "interrupted", "{ended}");
    assert!(ended["message"]["ko"].as_str().is_some_and(|text| text.contains("데이터베이스")), "{ended}");
    assert_eq!(data(&admin.get("/api/v1/estate"))["cis"], 0, "half an import is visible");
    completes(&admin, &request, 200);
}

/// A small disk of its own, where this process may mount one.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path, mib: u32) -> Option<Self> {
        let size = format!("size={mib}m,mode=755");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tobit-test"]).arg(at).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

#[test]
fn a_disk_that_runs_full_under_an_import_is_named_and_everything_goes_on_when_there_is_room() {
    let base = passable_dir();
    let Some(disk) = SmallDisk::mount(base.path(), 420) else {
        println!("skipped: no disk may be mounted here");
        return;
    };
    let dir = tempfile::tempdir_in(base.path()).expect("a directory");
    assert!(Command::new("chmod").arg("755").arg(dir.path()).status().expect("chmod").success());
    let copied =
        Command::new("cp").arg("-a").arg(template()).arg(dir.path().join("data")).status().expect("cp");
    assert!(copied.success());
    let server = Server::start_on(dir);
    let mut admin = server.admin();
    let request = request(&admin, files(200, 400_000));

    let ballast = base.path().join("ballast");
    fill(base.path(), &ballast, 1 << 20);
    let id = data(&admin.post("/api/v1/imports", &request)).as_str().expect("an id").to_owned();
    until("the import has ended", || state(&admin, &id).is_some_and(|now| now["state"] != "running"));
    let ended = state(&admin, &id).expect("how it stands");
    let said = ended["message"]["ko"].as_str().unwrap_or_default();
    assert!(ended["state"] == "failed" && said.contains("공간"), "{ended}");

    fs::remove_file(&ballast).expect("room");
    until("the server is ready", || server.client().get("/readyz").status == 200);
    // The session may have run out while the database was away.
    let signed = admin.post("/api/v1/auth/sign-in", &json!({"login":"kim@example.com","password":PASSWORD}));
    admin.keep_token(&signed);
    assert_eq!(data(&admin.get("/api/v1/estate"))["cis"], 0, "half an import is visible");
    completes(&admin, &request, 200);
    drop(server);
    drop(disk);
}

/// Fills a disk until so many bytes are left.
fn fill(disk: &Path, ballast: &Path, left: u64) {
    let free = Command::new("df").args(["--output=avail", "-B1"]).arg(disk).output().expect("df");
    let free: u64 = String::from_utf8_lossy(&free.stdout)
        .lines()
        .nth(1)
        .and_then(|line| line.trim().parse().ok())
        .expect("a number");
    let made =
        Command::new("fallocate").arg("-l").arg(free.saturating_sub(left).to_string()).arg(ballast).status();
    assert!(made.expect("fallocate").success());
}
