//! Who may do what: every operation of the REST API and every function of the user interface, with valid requests, by
//! nobody, by roles that are too low, by the administrator of another organisation, and by whoever may. A new operation
//! without a row in `operations/rows.txt` is found by this test.

use std::{collections::BTreeSet, fmt::Write as _};

use app as _; // Without a reference no function of the user interface is registered.
use model::perm::Role;
use serde_json::Value;

use super::{
    data,
    http::{Answer, Client},
    operations::{Ground, HIDDEN, Row, Who, rows},
};

/// Names of all operations there are.
fn operations(nobody: &Client) -> BTreeSet<String> {
    let api = nobody.get("/api/openapi.json").json();
    let mut all = BTreeSet::new();
    for (path, item) in api["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("operations").keys() {
            all.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        all.insert(format!("fn {}", path.trim_start_matches("/api/")));
    }
    all
}

/// The kind of an error, in the envelope or without.
fn kind(answer: &Answer) -> Option<String> {
    let body: Value = serde_json::from_str(&answer.body).ok()?;
    body["kind"].as_str().or(body["data"]["kind"].as_str()).map(str::to_owned)
}

/// An answer as a failed test shows it.
fn told_as(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.body)
}

/// What the first organisation has, as its people see it.
fn state(ground: &Ground) -> String {
    let thread = ground.made["thread"].as_str().expect("a conversation");
    let mut text = String::new();
    for (role, path) in [
        (Role::Viewer, "/api/v1/threads"),
        (Role::Viewer, &format!("/api/v1/threads/{thread}")),
        (Role::Viewer, "/api/v1/catalogue"),
        (Role::Viewer, "/api/v1/catalogue/relations"),
        (Role::Viewer, "/api/v1/cis"),
        (Role::Developer, "/api/v1/imports"),
        (Role::Developer, "/api/v1/imports/files"),
        (Role::Developer, "/api/v1/anomaly-feedback"),
        (Role::Developer, "/api/v1/golden"),
        (Role::Developer, "/api/v1/plans/templates"),
        (Role::Developer, "/api/v1/rca/templates"),
        (Role::Manager, "/api/v1/runs?limit=200"),
        (Role::Manager, "/api/v1/approvals"),
    ] {
        writeln!(text, "{path}: {}", data(&ground.member(role).get(path))).expect("a line");
    }
    text
}

#[test]
fn nobody_does_what_is_not_theirs_to_do() {
    let ground = Ground::make();
    let nobody = ground.server.client();
    let rows = rows();
    let (named, there) = (
        rows.iter()
            .map(|row| row.op.to_owned())
            .filter(|op| !op.contains("/api/sse/"))
            .collect::<BTreeSet<_>>(),
        operations(&nobody),
    );
    assert!(there.len() > 150, "{there:?}");
    assert_eq!(
        (there.difference(&named).collect::<Vec<_>>(), named.difference(&there).collect::<Vec<_>>()),
        (vec![], vec![]),
        "operations without a row, rows without an operation"
    );

    let mut wrong = Vec::new();
    let before = state(&ground);
    for row in &rows {
        refused(&ground, row, &mut wrong);
    }
    if state(&ground) != before {
        wrong.push(format!("something has changed\nbefore: {before}\nafter: {}", state(&ground)));
    }
    for row in &rows {
        let Who::From(least) = row.who else { continue };
        let answer = if row.ends_the_session() {
            row.send(&ground.again(least), &ground.made)
        } else {
            row.send(ground.member(least), &ground.made)
        };
        if answer.status != row.ok {
            wrong.push(format!("{}: {least:?} should get {}: {}", row.op, row.ok, told_as(&answer)));
        }
        if answer.status == 200 && (row.op.contains("import") || row.op.contains("demo")) {
            ground.until_imported();
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Sends a request as everybody who may not.
fn refused(ground: &Ground, row: &Row, wrong: &mut Vec<String>) {
    let mut check = |who: &str, answer: &Answer, status: u16, kinds: &[&str]| {
        let told = kind(answer);
        let right = answer.status == status
            && (kinds.is_empty() || kinds.iter().any(|kind| told.as_deref() == Some(kind)));
        if !right {
            wrong.push(format!("{}: {who} should get {status} {kinds:?}: {}", row.op, told_as(answer)));
        }
        if answer.body.contains(HIDDEN) {
            wrong.push(format!("{}: {who} sees data of the first organisation: {}", row.op, told_as(answer)));
        }
    };
    let nobody = row.send(&ground.server.client(), &ground.made);
    let Who::From(least) = row.who else {
        return check("nobody", &nobody, row.ok, &[]);
    };
    check("nobody", &nobody, 401, &["signed_out"]);
    for (role, member) in ground.members.iter().filter(|(role, _)| *role < least) {
        check(role.as_str(), &row.send(member, &ground.made), 403, &["forbidden"]);
    }
    if row.other != 0 {
        check("another organisation", &row.send(&ground.other, &ground.made), row.other, &[]);
    }
}
