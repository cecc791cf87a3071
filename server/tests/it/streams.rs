//! Streams under bad conditions: people who sign out, readers that do not read, senders that do not send, thousands at once.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{PASSWORD, Server, data, http::Client, imports::events, until};

/// A run that waits for a person, so that its stream stays open.
fn waiting_run(client: &Client) -> String {
    let plan = json!({
        "goal": "wait", "lang": "en", "origin": {"by": "user"}, "confidence": 1.0, "timeout_ms": 60_000,
        "root": {"id": "root", "kind": "seq", "nodes": [
            {"id": "ok", "kind": "approve", "what": "Go on?", "who": "admin", "expires_s": 3600},
            {"id": "s1", "kind": "tool", "tool": "ci.search", "args": {"limit": 5}},
            {"id": "answer", "kind": "compose", "blocks": [{"from": "s1", "say": "list"}]},
        ]},
    });
    let began = client.post("/api/v1/plans/run", &json!({ "plan": plan }));
    assert_eq!(began.status, 202, "{began:?}");
    let id = began.json()["data"]["run_id"].as_str().expect("an id").to_owned();
    until("the run waits", || data(&client.get(&format!("/api/v1/runs/{id}")))["run"]["status"] == "waiting");
    id
}

/// Opens a stream and leaves it open.
fn open(addr: &str, token: &str, run: &str) -> TcpStream {
    let mut stream = TcpStream::connect(addr).expect("a connection");
    let head = format!(
        "GET /api/sse/runs/{run} HTTP/1.1\r\nhost: {addr}\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream
}

/// Reads until something holds of what came.
fn read_until(stream: &mut TcpStream, what: &str, mut holds: impl FnMut(&str) -> bool) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let (mut text, mut piece) = (String::new(), [0; 4096]);
    while !holds(&text) {
        let count = stream.read(&mut piece).expect("the stream goes on");
        assert!(count > 0, "{what}: the stream ended with {text}");
        text.push_str(&String::from_utf8_lossy(&piece[..count]));
    }
    text
}

/// How long until the other end closes.
fn until_closed(stream: &mut TcpStream, most: Duration) -> Duration {
    let begun = Instant::now();
    stream.set_read_timeout(Some(most)).expect("a timeout");
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece) {
            Ok(0) => return begun.elapsed(),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return begun.elapsed(),
            Err(error) => panic!("still open after {:?}: {error}", begun.elapsed()),
        }
    }
}

#[test]
fn signing_out_ends_the_open_streams_of_that_session_within_a_second_and_no_other() {
    let server = Server::start();
    let admin = server.admin();
    let signed = server
        .client()
        .post("/api/v1/auth/sign-in", &json!({"login": "kim@example.com", "password": PASSWORD}));
    let mut second = server.client();
    second.keep_token(&signed);
    let run = waiting_run(&admin);
    let mut here = open(&server.addr, admin.token(), &run);
    let mut there = open(&server.addr, second.token(), &run);
    for stream in [&mut here, &mut there] {
        read_until(stream, "the run is told", |text| text.contains("approval_required"));
    }
    assert_eq!(second.post("/api/v1/auth/sign-out", &json!({})).status, 200);
    let took = until_closed(&mut there, Duration::from_secs(5));
    assert!(took < Duration::from_millis(1_500), "it ended after {took:?}");
    here.set_read_timeout(Some(Duration::from_millis(1_500))).expect("a timeout");
    let still = here.read(&mut [0; 64]).map_err(|error| error.kind());
    assert!(matches!(still, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "{still:?}");
}

#[test]
fn a_stream_goes_on_after_the_last_event_that_was_seen_and_says_when_there_is_no_more() {
    let server = Server::start();
    let admin = server.admin();
    let run = waiting_run(&admin);
    // Half of it while the run waits, the rest after it went on: no event is missing, none comes twice.
    let mut stream = open(&server.addr, admin.token(), &run);
    let text = read_until(&mut stream, "the run is told", |text| text.contains("approval_required"));
    drop(stream);
    let ids = text.lines().filter_map(|line| line.strip_prefix("id:")?.trim().parse::<u64>().ok());
    let seen = ids.max().expect("numbered events");
    assert_eq!(admin.post(&format!("/api/v1/runs/{run}/stop"), &json!({})).status, 200);
    let path = format!("/api/sse/runs/{run}");
    let whole = events(&admin.get(&path).body, "run");
    assert_eq!(whole.last().expect("events").1["type"], "finished");
    assert!(whole.iter().map(|(seq, _)| *seq).is_sorted_by(|a, b| a < b));
    for after in [0, 1, seen, seen + 1] {
        let rest = admin.send("GET", &path, &[("last-event-id", &after.to_string())], b"");
        let told: Vec<u64> = events(&rest.body, "run").iter().map(|(seq, _)| *seq).collect();
        let expected: Vec<u64> = whole.iter().map(|(seq, _)| *seq).filter(|seq| *seq > after).collect();
        assert_eq!(told, expected, "after {after}");
        assert!(rest.body.contains("event: done"), "{rest:?}");
    }
    // Whoever has seen the end is told that nothing follows.
    let last = whole.last().map_or(0, |(seq, _)| *seq);
    let nothing = admin.send("GET", &path, &[("last-event-id", &last.to_string())], b"");
    assert!(nothing.body.contains("event: done"), "{nothing:?}");
}

#[test]
fn heads_and_bodies_that_come_byte_by_byte_are_given_up_on_and_hold_nobody_else() {
    let server = Server::start();
    let admin = server.admin();
    let mut head = TcpStream::connect(&server.addr).expect("a connection");
    head.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\nx-slow: ").expect("half a head");
    let mut body = TcpStream::connect(&server.addr).expect("a connection");
    let begin = format!(
        "POST /api/v1/ask HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n\r\n{{",
        server.addr,
        admin.token()
    );
    body.write_all(begin.as_bytes()).expect("the begin of a body");
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while begun.elapsed() < Duration::from_secs(24) {
                std::thread::sleep(Duration::from_secs(2));
                assert_eq!(server.client().get("/livez").status, 200);
                if body.write_all(b" ").is_err() {
                    break;
                }
            }
            let mut answer = String::new();
            let _ = body.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = body.read_to_string(&mut answer);
            assert!(answer.starts_with("HTTP/1.1 504") && answer.contains("50401"), "{answer}");
        });
        scope.spawn(|| until_closed(&mut head, Duration::from_secs(45)));
    });
}

#[test]
fn two_thousand_open_streams_cost_little_memory_and_slow_nobody_down() {
    const STREAMS: usize = 2_000;
    let server = Server::start();
    let admin = server.admin();
    let run = waiting_run(&admin);
    let memory = || {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
    };
    let before = memory();
    let mut streams: Vec<TcpStream> = (0..STREAMS).map(|_| open(&server.addr, admin.token(), &run)).collect();
    for stream in &mut streams {
        read_until(stream, "the run is told", |text| text.contains("approval_required"));
    }
    let each = memory().saturating_sub(before) / STREAMS;
    let asked = Instant::now();
    for _ in 0..20 {
        assert_eq!(admin.get("/api/v1/auth/me").status, 200);
    }
    let request = asked.elapsed() / 20;
    println!("{STREAMS} open streams: {} KiB each, a request beside them {request:?}", each >> 10);
    assert!(each < 100 << 10, "{each} bytes for each stream");
    assert!(request < Duration::from_millis(250), "a request beside them takes {request:?}");

    // All of them hear of the end.
    assert_eq!(admin.post(&format!("/api/v1/runs/{run}/stop"), &json!({})).status, 200);
    for stream in &mut streams {
        read_until(stream, "the end", |text| text.contains("\"type\":\"finished\""));
    }
}

#[test]
fn the_server_ends_in_time_although_streams_are_open_and_somebody_does_not_read() {
    let mut server = Server::start();
    let admin = server.admin();
    let run = waiting_run(&admin);
    let streams: Vec<TcpStream> = (0..20).map(|_| open(&server.addr, admin.token(), &run)).collect();
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    server.signal("-TERM");
    server.child.wait().expect("it ends");
    assert!(begun.elapsed() < Duration::from_secs(8), "it took {:?}", begun.elapsed());
    drop(streams);
}
