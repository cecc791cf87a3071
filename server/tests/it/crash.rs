//! The server killed while it imports: nothing is half applied, and the next run completes it.

use std::{fmt::Write, fs, time::Duration};

use serde_json::Value;

use super::{Server, command, data};

#[test]
fn a_kill_during_an_import_leaves_nothing_half_applied_and_the_next_run_completes_it() {
    let server = Server::start();
    let admin = server.admin();
    let folder = server.dir.path().join("files");
    fs::create_dir(&folder).expect("a folder");
    let mut items = String::from("code,name,kind\n");
    let mut samples = String::from("code,at,metric,value\n");
    for n in 0..2_000 {
        writeln!(items, "srv-{n:05},서버 {n},server").expect("a row");
    }
    for n in 0..400_000 {
        writeln!(
            samples,
            "srv-{:05},2026-01-{:02}T{:02}:{:02}:00Z,cpu,{}",
            n % 2_000,
            1 + n / 100_000,
            n / 4_200 % 24,
            n / 70 % 60,
            n % 100
        )
        .expect("a row");
    }
    fs::write(folder.join("a-items.csv"), items).expect("a file");
    fs::write(folder.join("b-samples.csv"), samples).expect("a file");
    let mapping = server.dir.path().join("mapping.yaml");
    let yaml = "name: big\ntz: UTC\nfiles:\n  - file: a-items.csv\n    rows: items\n    code: code\n    name: name\n    kind: kind\n  - file: b-samples.csv\n    rows: metrics_long\n    item: {column: code, by: [code]}\n    at: at\n    metric: metric\n    value: value\n";
    fs::write(&mapping, yaml).expect("a file");
    let args = [
        "import".to_owned(),
        folder.to_string_lossy().into_owned(),
        "--mapping".into(),
        mapping.to_string_lossy().into_owned(),
    ];

    // The command dies with the server's PostgreSQL and without its own end, as a machine that loses power would.
    let mut import = command(server.dir.path()).args(&args).spawn().expect("the program");
    let running = || {
        let list = data(&admin.get("/api/v1/imports"));
        list[0]["state"] == "running" && list[0]["progress"].as_f64().is_some_and(|progress| progress > 0.02)
    };
    super::until("the import is at work", running);
    import.kill().expect("kill -9");
    import.wait().expect("it ends");
    let dir = server.kill();

    let server = Server::start_on(dir);
    let mut admin = server.client();
    let signed = admin.post(
        "/api/v1/auth/sign-in",
        &serde_json::json!({"login":"kim@example.com","password":super::PASSWORD}),
    );
    admin.keep_token(&signed);
    assert_eq!(data(&admin.get("/api/v1/estate"))["cis"], 0, "half an import is visible");
    super::until("the import is known to have ended", || {
        let state: Value = data(&admin.get("/api/v1/imports"))[0]["state"].clone();
        state == "interrupted" || {
            std::thread::sleep(Duration::from_millis(500));
            false
        }
    });

    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let again = server.run(&args);
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    super::until("the estate is whole", || data(&admin.get("/api/v1/estate"))["cis"] == 2_000);
}
