//! Every operation of the program with a valid request of it, and an organisation in which those requests mean something:
//! what a test of all operations stands on.

mod ground;

use std::collections::BTreeMap;

use model::perm::Role;
use serde_json::Value;

pub use ground::{Ground, HIDDEN};

use super::http::{Answer, Client};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Also somebody who is not signed in.
    Anyone,
    /// The least role.
    From(Role),
}

/// An operation with a valid request.
#[derive(Debug, Clone)]
pub struct Row {
    /// `METHOD path` as the description of the API has it, or `fn endpoint`.
    pub op: &'static str,
    /// Who may.
    pub who: Who,
    /// Status for whoever may.
    pub ok: u16,
    /// Status for another organisation that sends the very same; 0 where it is not sent.
    pub other: u16,
    /// The address with its query.
    pub path: String,
    /// The body; empty for none, `@file` for a form with a file.
    pub body: &'static str,
}

/// Every row of `rows.txt`.
pub fn rows() -> Vec<Row> {
    let lines = include_str!("rows.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let parts: Vec<&str> = line.splitn(5, '|').map(str::trim).collect();
    let [op, who, statuses, rest @ ..] = parts.as_slice() else { panic!("{line}") };
    let who = match *who {
        "anyone" => Who::Anyone,
        role => Who::From(role.parse().expect("a role")),
    };
    let (ok, other) = statuses.split_once(' ').expect("two statuses");
    let path = match op.strip_prefix("fn ") {
        Some(endpoint) => format!("/api/{endpoint}"),
        None => rest.first().copied().unwrap_or_default().to_owned(),
    };
    Row {
        op,
        who,
        ok: ok.parse().expect("a status"),
        other: other.parse().expect("a status"),
        path,
        body: rest.get(1).copied().unwrap_or_default(),
    }
}

impl Row {
    /// The method of the request.
    pub fn method(&self) -> &'static str {
        if self.is_function() { "POST" } else { self.op.split(' ').next().unwrap_or_default() }
    }

    /// Whether it is a function of the user interface.
    pub fn is_function(&self) -> bool {
        self.op.starts_with("fn ")
    }

    /// Whether it ends the session of whoever sends it.
    pub fn ends_the_session(&self) -> bool {
        self.op.ends_with("sign-out")
    }

    /// The address, with what the test has made.
    pub fn address(&self, made: &BTreeMap<&'static str, Value>) -> String {
        let mut path = self.path.clone();
        // Longer names first: `$run` begins `$runs` too.
        for (name, value) in made.iter().rev() {
            if let Some(text) = value.as_str() {
                path = path.replace(&format!("${name}"), text);
            }
        }
        assert!(!path.contains('$'), "{path} names something that was not made");
        path
    }

    /// The body, with what the test has made; none where there is none, or a form.
    pub fn json(&self, made: &BTreeMap<&'static str, Value>) -> Option<Value> {
        if self.body.is_empty() || self.body == "@file" {
            return None;
        }
        let read = match self.body.strip_prefix('$') {
            Some(_) => Value::String(self.body.to_owned()),
            None => serde_json::from_str(self.body)
                .unwrap_or_else(|error| panic!("{}: {error}: {}", self.op, self.body)),
        };
        Some(filled(read, made))
    }

    /// Sends it.
    pub fn send(&self, client: &Client, made: &BTreeMap<&'static str, Value>) -> Answer {
        let path = self.address(made);
        if self.body == "@file" {
            return client.upload("also.csv", "code,name,kind\nzz-7,x,server\n");
        }
        match self.json(made) {
            Some(body) => client.send(
                self.method(),
                &path,
                &[("content-type", "application/json")],
                body.to_string().as_bytes(),
            ),
            None => client.send(self.method(), &path, &[], b""),
        }
    }
}

/// A value in which `"$name"` stands for what was made.
fn filled(value: Value, made: &BTreeMap<&'static str, Value>) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('$') {
            Some(name) => made.get(name).unwrap_or_else(|| panic!("{name} was not made")).clone(),
            None => Value::String(text),
        },
        Value::Array(list) => list.into_iter().map(|value| filled(value, made)).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, filled(value, made))).collect(),
        other => other,
    }
}
