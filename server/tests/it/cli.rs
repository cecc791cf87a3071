//! The command line, beside a running server and alone.

use std::{fs, io::Write, process::Stdio};

use serde_json::Value;

use super::{PASSWORD, Server, command, data};

#[test]
fn commands_work_beside_a_running_server() {
    let server = Server::start();
    let admin = server.admin();
    let truth = server.dir.path().join("truth.json");
    let truth_path = truth.to_string_lossy().into_owned();
    let loaded = server.run(&["demo", "load", "--cis", "70", "--seed", "5", "--truth", &truth_path]);
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    let truth: Value = serde_json::from_str(&fs::read_to_string(truth).expect("the truth")).expect("JSON");
    assert!(truth["incidents"].as_array().is_some_and(|incidents| incidents.len() >= 6), "{truth}");
    // What another process brought in is seen at once.
    super::until("the server sees the demo", || {
        data(&admin.get("/api/v1/estate"))["cis"].as_u64() == Some(70)
    });

    let asked = server.run(&["ask", "서버가 총 몇 대야?", "--json"]);
    let answer: Value = serde_json::from_slice(&asked.stdout).expect("JSON");
    assert_eq!((asked.status.code(), answer["status"].as_str()), (Some(0), Some("answered")), "{answer}");
    let refused = server.run(&["ask", "delete all events"]);
    assert_eq!(refused.status.code(), Some(3), "{}", String::from_utf8_lossy(&refused.stdout));

    let removed = server.run(&["demo", "remove"]);
    assert!(removed.status.success(), "{}", String::from_utf8_lossy(&removed.stderr));
    super::until("the server sees them gone", || {
        data(&admin.get("/api/v1/estate"))["cis"].as_u64() == Some(0)
    });
}

#[test]
fn an_administrator_is_made_an_estate_imported_and_questions_scored_without_a_server() {
    let dir = tempfile::tempdir().expect("a directory");
    assert!(
        std::process::Command::new("chmod").arg("755").arg(dir.path()).status().expect("chmod").success()
    );
    let mut create = command(dir.path())
        .args(["admin", "create", "lee@example.com", "--organisation", "두레"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    writeln!(create.stdin.take().expect("input"), "{PASSWORD}").expect("the password is sent");
    let created = create.wait_with_output().expect("it ends");
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));

    fs::create_dir(dir.path().join("files")).expect("a folder");
    let rows: String = (1..=7).map(|n| format!("srv-{n:02},서버 {n},server\n")).collect();
    fs::write(dir.path().join("files/items.csv"), format!("code,name,kind\n{rows}")).expect("a file");
    let mapping = "name: seven\nfiles:\n  - file: items.csv\n    rows: items\n    code: code\n    name: name\n    kind: kind\n";
    fs::write(dir.path().join("mapping.yaml"), mapping).expect("a file");
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let run = |args: &[&str]| command(dir.path()).args(args).output().expect("the program");
    for items in ["새 항목 7", "items new 0"] {
        let imported = run(&["import", &path("files"), "--mapping", &path("mapping.yaml")]);
        let said = String::from_utf8_lossy(&imported.stderr).into_owned();
        assert!(imported.status.success(), "{said}");
        assert!(said.contains(items.trim_start_matches("새 항목 7")), "{said}");
    }

    let refused = run(&["import", &path("files"), "--mapping", &path("absent.yaml")]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("absent.yaml") && said.contains("examples/mappings"),
        "{said}"
    );
    let wrong = mapping.replace("code: code", "code: nummer");
    fs::write(dir.path().join("wrong.yaml"), wrong).expect("a file");
    let refused = run(&["import", &path("files"), "--mapping", &path("wrong.yaml")]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("nummer"), "the place to mend is named: {said}");
    fs::write(dir.path().join("wrong.yaml"), "files: [").expect("a file");
    let refused = run(&["import", &path("files"), "--mapping", &path("wrong.yaml")]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("line 2, column 1"),
        "the place to mend is named: {said}"
    );

    let questions = r#"{"version":1,"count":2,"questions":[
        {"id":"a","lang":"ko","question":"서버가 총 몇 대야?","category":"count","gold":{"type":"number","value":7,"tolerance":{"abs":0}}},
        {"id":"b","lang":"ko","question":"서버가 총 몇 대야?","category":"count","gold":{"type":"number","value":8,"tolerance":{"abs":0}}}]}"#;
    fs::write(dir.path().join("questions.json"), questions).expect("a file");
    let scored = run(&["eval", &path("questions.json"), "--json"]);
    let report: Value = serde_json::from_slice(&scored.stdout).expect("JSON");
    assert_eq!(
        (report["all"]["right"].as_u64(), report["all"]["all"].as_u64()),
        (Some(1), Some(2)),
        "{report}"
    );
    let text = String::from_utf8_lossy(&run(&["eval", &path("questions.json")]).stdout).into_owned();
    assert!(text.contains("✗ b [count]") && text.contains("plan:") && text.contains("50.0 %"), "{text}");
}

#[test]
fn wrong_settings_and_wrong_files_are_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let wrong =
        command(dir.path()).env("TOBIT_ADDR", "nowhere").arg("migrate").output().expect("the program");
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(
        !wrong.status.success() && said.contains("TOBIT_ADDR") && said.contains("127.0.0.1:3940"),
        "{said}"
    );
    let file = dir.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let wrong = command(&file).arg("serve").output().expect("the program");
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(
        !wrong.status.success() && said.contains("file/data/logs") && said.contains("--data-dir"),
        "{said}"
    );

    std::fs::create_dir_all(dir.path().join("data")).expect("a directory");
    std::fs::write(dir.path().join("data/secret"), "short").expect("a file");
    let wrong = command(dir.path())
        .env("DATABASE_URL", "postgres://a:b@127.0.0.1:1/x")
        .arg("migrate")
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && said.contains("16 characters") && said.contains("backup"), "{said}");
    let wrong = command(dir.path())
        .env("TOBIT_SECRET", "0123456789abcdef")
        .env("DATABASE_URL", "mysql://a:b@127.0.0.1:1/x")
        .arg("migrate")
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && said.contains("postgres://user:password@host"), "{said}");

    let missing = command(dir.path()).args(["eval", "/no/such/file.json"]).output().expect("the program");
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(!missing.status.success() && said.contains("/no/such/file.json"), "{said}");
}
