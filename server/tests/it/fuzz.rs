//! Requests nobody means: every operation with bodies, addresses and types that are broken in every way. The server answers
//! each with an error that says what is wrong, never with one of its own, and nothing panics.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use super::{
    data,
    http::{Answer, Client},
    operations::{Ground, Row, Who, rows},
};

/// Bodies that are no request of anything; the largest one costs time and is not sent to everything.
fn junk(huge: bool) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [
        &b""[..],
        b"{",
        b"nul",
        b"null",
        b"\"text\"",
        b"[]",
        b"[{}]",
        b"1e999",
        b"{\"a\":1e999}",
        b"\xff\xfe{\x00}\x00",
        b"{\"\xff\":\"\xc3\x28\"}",
        b"{\"\\u0000\":\"\\u0000\"}",
        b"{\"\\ud800\":\"\\udfff\\ud800\"}",
        b"{\"id\":1,\"id\":2}",
        b"{} {}",
        b"\xef\xbb\xbf{}",
    ]
    .iter()
    .map(|body| body.to_vec())
    .collect();
    all.push("[".repeat(100_000).into_bytes());
    all.push(format!("{}1{}", "{\"a\":".repeat(60), "}".repeat(60)).into_bytes());
    if huge {
        all.push(format!("{{\"a\":\"{}\"}}", "x".repeat(10 << 20)).into_bytes());
    }
    all
}

/// Texts of JSON put in the place of a value, each of another type or beyond a border.
const VALUES: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "18446744073709551616",
    "-9223372036854775808",
    "1e308",
    "0.5",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"a\\u0000b\"",
    "\"\\ud800\"",
    "\"\\u202e\\u2066\\ufeff\"",
    "\"'; drop table ci; --\"",
    "\"$s1.rows[*].x\"",
    "\"{{s1.total}}\"",
    "\"-262143-01-01T00:00:00Z\"",
    "\"+262142-12-31T23:59:60Z\"",
    "\"00000000-0000-0000-0000-000000000000\"",
    "[]",
    "{}",
    "[null]",
    "{\"\":{\"\":[[[]]]}}",
];

/// Parts of addresses.
const PARTS: &[&str] = &[
    "x",
    "0",
    "-1",
    "%00",
    "a%00b",
    "%ff",
    "%ed%a0%80",
    "%2e%2e%2f%2e%2e%2f",
    "%F0%9F%92%A3",
    "INC-0",
    "INC-99999999999999999999",
    "INC--1",
    "00000000-0000-0000-0000-000000000000",
    "99999999999999999999",
    "1e400",
    "NaN",
    "-262143-01-01T00:00:00Z",
    "%2B262142-12-31T23:59:60Z",
    "2026-02-30T25:61:61Z",
    "",
];

/// Ways to every value of a body: keys and places.
fn ways(value: &Value, to: &str, found: &mut Vec<String>) {
    found.push(to.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                ways(value, &format!("{to}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(list) => {
            if let Some(first) = list.first() {
                ways(first, &format!("{to}/0"), found);
            }
        }
        _ => {}
    }
}

/// What was answered to what, as far as it is wrong.
#[derive(Default)]
struct Findings {
    sent: usize,
    wrong: BTreeSet<String>,
}

impl Findings {
    fn judge(&mut self, row: &Row, what: &str, answer: &Answer) {
        self.sent += 1;
        let body: Option<Value> = serde_json::from_str(&answer.body).ok();
        let told = match (&body, row.is_function()) {
            (Some(body), true) => body,
            (Some(body), false) => &body["data"],
            (None, _) => &Value::Null,
        };
        let wrong = match answer.status {
            500.. => Some("an error of the server"),
            400.. if !told["kind"].is_string() || !told["trace_id"].is_string() => {
                Some("no error that can be read")
            }
            400..
                if !row.is_function()
                    && body.as_ref().is_none_or(|body| body["code"].as_u64() < Some(40_000)) =>
            {
                Some("no envelope")
            }
            // What is wrong with the words of a request is said of a part of it.
            400 if told["fields"].as_array().is_none_or(Vec::is_empty) && told["hint"].is_null() => {
                Some("neither a field nor a hint")
            }
            _ => None,
        };
        if let Some(wrong) = wrong {
            let short = |text: &str| text.chars().take(300).collect::<String>();
            self.wrong.insert(format!(
                "{}: {wrong}: {} → {} {}",
                row.op,
                short(what),
                answer.status,
                short(&answer.body)
            ));
        }
    }
}

/// A body that costs nothing where it is valid after all.
fn harmless(row: &Row, body: Value) -> Value {
    if row.op.ends_with("imports/demo") || row.op.ends_with("/demo") {
        return match row.is_function() {
            true => json!({"request": {"seed": 1, "cis": 1}}),
            false => json!({"seed": 1, "cis": 1}),
        };
    }
    body
}

fn break_bodies(ground: &Ground, row: &Row, client: &Client, all: &mut Findings) {
    let kind = ("content-type", "application/json");
    let (method, path) = (row.method(), row.address(&ground.made));
    let Some(body) = row.json(&ground.made).map(|body| harmless(row, body)) else { return };
    for junk in junk(row.op.len().is_multiple_of(8)) {
        let answer = client.send(method, &path, &[kind], &junk);
        all.judge(row, &String::from_utf8_lossy(&junk), &answer);
    }
    let text = body.to_string();
    for other in [
        "",
        "text/plain",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "\u{e9}",
    ] {
        let headers = [("content-type", other)];
        let answer =
            client.send(method, &path, if other.is_empty() { &[] } else { &headers }, text.as_bytes());
        all.judge(row, other, &answer);
    }
    let mut found = Vec::new();
    ways(&body, "", &mut found);
    // Of long bodies some ways, another choice for each operation.
    let step = found.len().div_ceil(12);
    for (n, way) in found.iter().enumerate().filter(|(n, _)| n % step == row.op.len() % step) {
        for (m, value) in VALUES.iter().enumerate() {
            // A third of the values for each way: all of them come up somewhere.
            if (n + m) % 3 != 0 {
                continue;
            }
            let mut broken = body.clone();
            let Some(place) = broken.pointer_mut(way) else { continue };
            *place = json!("\u{1}here");
            let broken = broken.to_string().replace("\"\\u0001here\"", value);
            let answer = client.send(method, &path, &[kind], broken.as_bytes());
            all.judge(row, &format!("{way} = {value}"), &answer);
        }
        let mut long = body.clone();
        if let Some(place) = long.pointer_mut(way) {
            *place = json!("가".repeat(50_000));
            all.judge(
                row,
                &format!("{way} = a long text"),
                &client.send(method, &path, &[kind], long.to_string().as_bytes()),
            );
        }
    }
}

fn break_addresses(ground: &Ground, row: &Row, client: &Client, api: &Value, all: &mut Findings) {
    if row.is_function() {
        return;
    }
    let body = row.json(&ground.made).map(|body| harmless(row, body).to_string()).unwrap_or_default();
    let kind = ("content-type", "application/json");
    let long = "x".repeat(7_000);
    let described = row.op.split(' ').nth(1).unwrap_or_default();
    let parts = || PARTS.iter().copied().chain([long.as_str()]);
    if let (Some(open), Some(close)) = (described.find('{'), described.find('}')) {
        let query = row
            .address(&ground.made)
            .split_once('?')
            .map(|(_, query)| format!("?{query}"))
            .unwrap_or_default();
        for part in parts() {
            let path = format!("{}{part}{}{query}", &described[..open], &described[close + 1..]);
            let answer = client.send(row.method(), &path, &[kind], body.as_bytes());
            if !part.is_empty() || answer.status >= 500 {
                all.judge(row, &path, &answer);
            }
        }
    }
    let operation = &api["paths"][described][row.method().to_lowercase()];
    for parameter in operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
        let name = parameter["name"].as_str().unwrap_or_default();
        let full = row.address(&ground.made);
        let (path, query) = full.split_once('?').unwrap_or((&full, ""));
        let others: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}=")))
            .collect();
        for part in parts() {
            let query = others
                .iter()
                .copied()
                .map(str::to_owned)
                .chain([format!("{name}={part}")])
                .collect::<Vec<_>>()
                .join("&");
            let path = format!("{path}?{query}");
            all.judge(row, &path, &client.send(row.method(), &path, &[kind], body.as_bytes()));
        }
    }
}

#[test]
fn nothing_that_is_sent_makes_the_server_fail() {
    let ground = Ground::make();
    let api = ground.server.client().get("/api/openapi.json").json();
    let mut all = Findings::default();
    for row in rows() {
        // Streams have no body, and whoever signs out sends nothing more.
        if row.ends_the_session() {
            continue;
        }
        let client = match row.who {
            Who::Anyone => ground.server.client(),
            Who::From(least) => ground.member(least).clone(),
        };
        break_bodies(&ground, &row, &client, &mut all);
        break_addresses(&ground, &row, &client, &api, &mut all);
        ground.until_imported();
    }
    let boundary = "multipart/form-data; boundary=edge";
    let upload = rows().into_iter().find(|row| row.op == "POST /api/v1/imports/files").expect("uploads");
    for (kind, body) in forms(boundary) {
        let developer = ground.member(model::perm::Role::Developer);
        all.judge(
            &upload,
            &body.chars().take(100).collect::<String>(),
            &developer.send("POST", &upload.path, &[("content-type", kind)], body.as_bytes()),
        );
    }
    assert!(!data(&ground.server.client().get("/api/v1/auth/setup")).is_null(), "the server is still there");
    let logs = fs::read_dir(ground.server.dir.path().join("data/logs")).expect("logs").flatten();
    let log: String = logs.filter_map(|file| fs::read_to_string(file.path()).ok()).collect();
    let stderr = fs::read_to_string(ground.server.dir.path().join("stderr")).unwrap_or_default();
    for line in log.lines().chain(stderr.lines()).filter(|line| line.contains("panicked")) {
        all.wrong.insert(line.chars().take(500).collect());
    }
    assert!(all.sent > 3_000, "only {} requests were sent", all.sent);
    let wrong: Vec<String> = all.wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), all.sent, wrong.join("\n"));
}

/// Forms with files that are none.
fn forms(boundary: &'static str) -> Vec<(&'static str, String)> {
    let part = |head: &str, body: &str| format!("--edge\r\n{head}\r\n\r\n{body}\r\n--edge--\r\n");
    let named = |name: &str| format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
    vec![
        ("text/plain", "x".into()),
        ("multipart/form-data", "x".into()),
        (boundary, String::new()),
        (boundary, "--edge\r\n".into()),
        (boundary, "--edge--\r\n".into()),
        (boundary, part("content-disposition: form-data; name=\"file\"", "a,b\n1,2\n")),
        (boundary, part(&named(""), "a,b\n1,2\n")),
        (boundary, part(&named(&"x".repeat(5_000)), "a,b\n")),
        (boundary, part(&named("../../../etc/passwd"), "a,b\n1,2\n")),
        (boundary, part(&named("\u{202e}vsc.exe"), "\0\0\0")),
        (boundary, part(&named("empty.csv"), "")),
        (boundary, part(&named("a.json"), &"[".repeat(10_000))),
        (boundary, part(&named("a.csv"), &format!("{}\n", ",".repeat(50_000)))),
        (boundary, part(&named("a.csv"), "a,a,a\n\"1,2\n3\n")),
    ]
}
