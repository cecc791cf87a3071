//! An organisation with something of everything, and another one beside it.

use std::{collections::BTreeMap, fmt::Write as _};

use model::perm::Role;
use serde_json::{Value, json};
use services::auth;
use testkit::{PASSWORD, TestApp, cluster_url};

use crate::{Server, data, http::Client, until};

/// What stands in names, values and titles of the first organisation and in no request: whoever sees it has seen data of
/// that organisation.
pub const HIDDEN: &str = "감춰진";

/// A server with two organisations.
pub struct Ground {
    /// The program.
    pub server: Server,
    /// Somebody of the first organisation for each role, from the least.
    pub members: Vec<(Role, Client)>,
    /// The administrator of the second one.
    pub other: Client,
    /// What was made, by the name rows call it by.
    pub made: BTreeMap<&'static str, Value>,
    database: Option<TestApp>,
    runtime: tokio::runtime::Runtime,
}

impl Ground {
    /// Makes both organisations, and something of everything in the first.
    pub fn make() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let database = runtime.block_on(async {
            let t = TestApp::start().await;
            for (role, login) in [(Role::Developer, "developer@one"), (Role::Manager, "manager@one")] {
                let tenant = t.one.tenant.id;
                auth::create_member(&t.app, tenant, (login, login), PASSWORD, role).await.expect("a member");
            }
            t.app.db.close().await;
            t
        });
        let url = cluster_url(database.database());
        let server =
            Server::start_with(&[("DATABASE_URL", &url), ("TOBIT_SECRET", "a secret for tests only")]);
        let signed_in = |login: &str| sign_in(&server, login);
        let members = [Role::Viewer, Role::Developer, Role::Manager, Role::Admin]
            .map(|role| (role, signed_in(&format!("{}@one", role.as_str()))))
            .to_vec();
        let other = signed_in("admin@two");
        let mut ground =
            Self { server, members, other, made: BTreeMap::new(), database: Some(database), runtime };
        ground.bring_in();
        ground.ask();
        ground.author();
        ground
    }

    /// Somebody with exactly a role.
    pub fn member(&self, role: Role) -> &Client {
        &self.members.iter().find(|(other, _)| *other == role).expect("a member").1
    }

    /// A new session of somebody with exactly a role.
    pub fn again(&self, role: Role) -> Client {
        sign_in(&self.server, &format!("{}@one", role.as_str()))
    }

    /// Waits until no import is at work.
    pub fn until_imported(&self) {
        until("imports have ended", || {
            let list = data(&self.member(Role::Developer).get("/api/v1/imports"));
            list.as_array().into_iter().flatten().all(|import| import["state"] != "running")
        });
    }

    fn keep(&mut self, name: &'static str, value: &Value) {
        assert!(!value.is_null(), "{name}");
        self.made.insert(name, value.clone());
    }

    /// Imports items, relations, tickets and metrics, leaves files behind, and waits for the incident in them.
    fn bring_in(&mut self) {
        let developer = self.member(Role::Developer).clone();
        let files = [
            (
                "items.csv",
                format!(
                    "code,name,kind,owner\nzz-1,{HIDDEN} 하나,server,{HIDDEN} 김\nzz-2,{HIDDEN} 둘,server,{HIDDEN} 이\n{HIDDEN}-3,{HIDDEN} 셋,storage,\n,{HIDDEN} 넷,server,\n"
                ),
            ),
            ("links.csv", "from,to,type\nzz-1,zz-2,uses\n".to_owned()),
            (
                "tickets.csv",
                format!(
                    "no,code,at,rank,title\nT-1,zz-1,2026-11-18 09:00,3,{HIDDEN} 장애\nT-2,zz-2,2026-11-19 22:30,1,{HIDDEN} 변경\n"
                ),
            ),
            ("samples.csv", samples()),
        ];
        let ids: Vec<Value> =
            files.iter().map(|(name, text)| data(&developer.upload(name, text))["id"].clone()).collect();
        let yaml = format!(
            "name: {HIDDEN} 가져오기\ntz: UTC\nfiles:\n  - {{file: items.csv, rows: items, code: code, name: name, kind: kind, fields: {{owner: owner}}}}\n  - {{file: links.csv, rows: relations, source: from, target: to, type: type}}\n  - {{file: tickets.csv, rows: records, kind: ticket, id: no, item: code, at: at, fields: {{rank: rank, title: title}}}}\n  - {{file: samples.csv, rows: metrics_long, item: code, at: at, metric: metric, value: value}}\n"
        );
        let mapping = self.mapping(&yaml);
        let import = data(&developer.post("/api/v1/imports", &json!({ "uploads": ids, "mapping": mapping })));
        self.keep("import1", &import);
        self.until_imported();
        let status = data(&developer.get(&format!("/api/v1/imports/{}", import.as_str().expect("an id"))));
        assert_eq!(
            (status["state"].as_str(), status["counts"]["rejected"].as_u64()),
            (Some("done"), Some(1)),
            "{status}"
        );

        for (name, file) in [("import2", "second.csv"), ("import3", "third.csv")] {
            let text = format!("code,name,kind\n{file},x,storage\n");
            let upload = data(&developer.upload(file, &text))["id"].clone();
            let yaml = format!(
                "name: {HIDDEN}\nfiles:\n  - {{file: {file}, rows: items, code: code, name: name, kind: kind}}\n"
            );
            let mapping = self.mapping(&yaml);
            let import =
                data(&developer.post("/api/v1/imports", &json!({ "uploads": [upload], "mapping": mapping })));
            self.keep(name, &import);
            self.until_imported();
        }
        for (name, file) in [("upload1", "kept.csv"), ("upload2", "first.csv"), ("upload3", "last.csv")] {
            let upload = data(&developer.upload(file, "from,to,type\nzz-1,zz-2,uses\nzz-2,zz-1,감시\n"));
            self.keep(name, &upload["id"]);
        }
        let mapping = self.mapping("name: again\nfiles:\n  - {file: kept.csv, rows: relations, source: from, target: to, type: type}\n");
        self.keep("mapping", &mapping);

        let series = data(&developer.get("/api/v1/cis/zz-1/series"));
        self.keep("series", &series[0]["id"]);
        until("anomalies are found", || {
            data(&developer.get("/api/v1/anomalies"))["items"].as_array().is_some_and(|all| all.len() >= 4)
                && data(&developer.get("/api/v1/incidents"))["total"].as_u64() > Some(0)
        });
        let found = data(&developer.get("/api/v1/anomalies"))["items"].clone();
        self.keep("anomaly1", &found[0]["id"]);
        self.keep("anomaly2", &found[1]["id"]);
        for (name, at) in [("feedback1", 2), ("feedback2", 3)] {
            let id = found[at]["id"].as_str().expect("an id");
            let said = data(
                &developer.post(&format!("/api/v1/anomalies/{id}/feedback"), &json!({"reason": HIDDEN})),
            );
            self.keep(name, &said["id"]);
        }
        let incidents = data(&developer.get("/api/v1/incidents"));
        self.keep("incident", &incidents["items"][0]["id"]);
    }

    fn mapping(&self, yaml: &str) -> Value {
        let read = self.member(Role::Developer).post("/api/imports/parse", &json!({ "yaml": yaml }));
        assert_eq!(read.status, 200, "{read:?}");
        read.json()
    }

    /// Questions, their conversations and plans, and runs that wait.
    fn ask(&mut self) {
        let (viewer, developer) = (self.member(Role::Viewer).clone(), self.member(Role::Developer).clone());
        for (run, thread) in [("run", "thread"), ("run2", "thread2")] {
            let asked = data(&viewer.post("/api/v1/ask", &json!({"question": "서버가 총 몇 대야?"})));
            let id = asked["thread_id"].as_str().expect("a conversation");
            let title = json!({ "title": format!("{HIDDEN} 대화") }).to_string();
            let kind = ("content-type", "application/json");
            assert_eq!(
                viewer.send("PATCH", &format!("/api/v1/threads/{id}"), &[kind], title.as_bytes()).status,
                200
            );
            self.keep(run, &asked["run_id"]);
            self.keep(thread, &asked["thread_id"]);
            self.keep("plan", &asked["plan"]);
        }
        for name in ["drun1", "drun2", "drun3", "drun4", "drun5"] {
            let asked = data(&developer.post("/api/v1/ask", &json!({"question": "서버가 총 몇 대야?"})));
            self.keep(name, &asked["run_id"]);
        }
        for name in ["wait1", "wait2", "wait3", "wait4", "wait5"] {
            let began = viewer.post("/api/v1/plans/run", &json!({ "plan": waiting(), "title": HIDDEN }));
            assert_eq!(began.status, 202, "{began:?}");
            let id = began.json()["data"]["run_id"].clone();
            let path = format!("/api/v1/runs/{}", id.as_str().expect("an id"));
            until("the run waits", || data(&viewer.get(&path))["run"]["status"] == "waiting");
            self.keep(name, &id);
        }
    }

    /// Golden questions, templates of plans and of root causes.
    fn author(&mut self) {
        let developer = self.member(Role::Developer).clone();
        for (name, run) in [("golden1", "drun1"), ("golden2", "drun2"), ("golden3", "drun3")] {
            let rules = json!({"note": HIDDEN, "every_min": 0, "same_moment": true});
            let pinned =
                data(&developer.post("/api/v1/golden", &json!({"run_id": self.made[run], "rules": rules})));
            self.keep(name, &pinned);
        }
        let first = self.made["golden1"].as_str().expect("an id").to_owned();
        let check = data(&developer.post(&format!("/api/v1/golden/{first}/check"), &json!({})));
        self.keep("checked", &check["run_id"]);
        for name in ["count", "count2", "count3"] {
            let template = json!({"name": name, "title": HIDDEN, "plan": self.made["plan"], "version": 0});
            assert_eq!(developer.post("/api/v1/plans/templates", &template).status, 200);
        }
        let built_in = data(&developer.get("/api/v1/rca/templates"))[0]["key"].clone();
        let path = format!("/api/v1/rca/templates/{}", built_in.as_str().expect("a key"));
        let template = data(&developer.get(&path))["template"].clone();
        let named = |key: &str| {
            let mut template = template.clone();
            template["key"] = json!(key);
            template["name"] = json!({"ko": key, "en": key});
            template
        };
        for key in ["mine", "mine2", "mine3"] {
            let mut hidden = named(key);
            hidden["name"] = json!({"ko": format!("{HIDDEN} 틀"), "en": format!("{HIDDEN} template")});
            for (base, hops) in [(0, 2), (1, 3)] {
                hidden["hops"] = json!(hops);
                let saved = developer.post(
                    "/api/v1/rca/templates",
                    &json!({"template": hidden, "base": base, "reason": HIDDEN}),
                );
                assert_eq!(saved.status, 200, "{saved:?}");
            }
        }
        self.keep("cause_a", &named("made-a"));
        self.keep("cause_b", &named("made-b"));
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // Pools want to be dropped where they were made.
        let _inside = self.runtime.enter();
        drop(self.database.take());
    }
}

fn sign_in(server: &Server, login: &str) -> Client {
    let mut client = server.client();
    let signed = client.post("/api/v1/auth/sign-in", &json!({ "login": login, "password": PASSWORD }));
    client.keep_token(&signed);
    client
}

/// A plan that waits for a decision.
fn waiting() -> Value {
    json!({
        "goal": "wait", "lang": "en", "origin": {"by": "user"}, "confidence": 1.0, "timeout_ms": 60_000,
        "root": {"id": "root", "kind": "seq", "nodes": [
            {"id": "ok", "kind": "approve", "what": "Go on?", "who": "developer", "expires_s": 3600},
            {"id": "s1", "kind": "tool", "tool": "ci.search", "args": {"limit": 5}},
            {"id": "answer", "kind": "compose", "blocks": [{"from": "s1", "say": "list"}]},
        ]},
    })
}

/// Four days of three metrics of two items, all of which leave the usual for the last two hours.
fn samples() -> String {
    let mut text = String::from("code,at,metric,value\n");
    let steps: u32 = 4 * 24 * 12;
    for (n, (code, metric)) in
        ["zz-1", "zz-2"].iter().flat_map(|code| ["cpu", "mem", "disk"].map(|m| (code, m))).enumerate()
    {
        for step in 0..steps {
            let (day, minute) = (16 + step / 288, step % 288 * 5);
            let usual = f64::from((step * 37 + n as u32 * 11) % 23) * 0.2 + 20.0;
            let value = if step + 24 >= steps { 95.0 } else { usual };
            writeln!(
                text,
                "{code},2026-11-{day:02}T{:02}:{:02}:00Z,{metric},{value:.1}",
                minute / 60,
                minute % 60
            )
            .expect("a row");
        }
    }
    text
}
