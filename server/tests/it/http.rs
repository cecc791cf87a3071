//! A small HTTP client: what it sends and gets is exactly what stands here.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The first header of a name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A cookie it sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.iter().filter(|(key, _)| key == "set-cookie");
        cookies
            .filter_map(|(_, value)| value.strip_prefix(&format!("{name}=")))
            .next()?
            .split(';')
            .next()
            .map(str::to_owned)
    }
}

/// Sends requests to a server, with the token of a person where there is one.
#[derive(Debug, Clone)]
pub struct Client {
    addr: String,
    token: Option<String>,
}

impl Client {
    pub fn new(addr: &str) -> Self {
        Self { addr: addr.to_owned(), token: None }
    }

    /// Signs in with the access cookie of an answer.
    pub fn keep_token(&mut self, answer: &Answer) {
        self.token = answer.cookie("tobit_access");
        assert!(self.token.is_some(), "{answer:?}");
    }

    /// The token, as a cookie carries it.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("somebody is signed in")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// Sends a file as a form does.
    pub fn upload(&self, name: &str, content: &str) -> Answer {
        let body = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--edge--\r\n"
        );
        self.send(
            "POST",
            "/api/v1/imports/files",
            &[("content-type", "multipart/form-data; boundary=edge")],
            body.as_bytes(),
        )
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.addr).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.addr,
            body.len()
        );
        if let Some(token) = &self.token {
            head.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(b"\r\n")).expect("the head is sent");
        // A server that refuses a body may close before it has read all of it.
        let _ = stream.write_all(body);
        read(stream)
    }
}

fn read(stream: TcpStream) -> Answer {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    let mut next = |reader: &mut BufReader<TcpStream>| {
        line.clear();
        reader.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    };
    let status = next(&mut reader).split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    loop {
        let line = next(&mut reader);
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut raw = Vec::new();
    let _ = reader.read_to_end(&mut raw);
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if chunked { joined(&raw) } else { raw };
    Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// The parts of a chunked body, joined.
fn joined(mut raw: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = raw.windows(2).position(|pair| pair == b"\r\n") {
        let size = std::str::from_utf8(&raw[..end])
            .ok()
            .and_then(|text| usize::from_str_radix(text.trim(), 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        let from = end + 2;
        body.extend_from_slice(raw.get(from..from + size).unwrap_or_default());
        raw = raw.get(from + size + 2..).unwrap_or_default();
    }
    body
}
