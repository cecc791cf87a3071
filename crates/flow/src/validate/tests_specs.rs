//! Checks that need to know what tools take, give and do.

use model::{
    Lang,
    perm::Role,
    plan::{Budget, Case, Kind, Node, OnError, Origin, Plan, Retry},
    tools::{Effect, ToolSpec},
};
use serde_json::{Value, json};

use super::*;
use crate::tools::Access;

/// Two tools: one looks, one writes.
struct Specs(Vec<ToolSpec>);

fn specs() -> Specs {
    let spec = |name: &str, effect| ToolSpec {
        name: name.into(),
        about: String::new(),
        effect,
        permission: String::new(),
        source: String::new(),
        cost_ms: 10,
        input: json!({
            "type": "object",
            "properties": {
                "limit": { "type": "integer" },
                "order": { "$ref": "#/$defs/Order" },
                "select": { "type": "object", "properties": { "codes": {}, "text": { "type": ["string", "null"] } } },
                "window": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }] },
                "either": { "oneOf": [{ "type": "null" }, { "type": "object", "required": ["a"], "properties": { "a": { "type": "number" } } }] },
            },
            "required": ["limit"],
            "additionalProperties": false,
            "$defs": { "Order": { "type": "string", "enum": ["up", "down"] } },
        }),
        output: json!({
            "type": "object",
            "properties": {
                "rows": { "type": "array", "items": { "type": "object", "properties": { "code": { "type": "string" } } } },
                "total": { "type": "integer" },
            },
            "additionalProperties": false,
        }),
    };
    Specs(vec![spec("look", Effect::Read), spec("write", Effect::Write)])
}

impl Catalog for Specs {
    fn access(&self, tool: &str) -> Access {
        if self.spec(tool).is_some() { Access::Allowed } else { Access::Unknown }
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|spec| spec.name.clone()).collect()
    }

    fn spec(&self, tool: &str) -> Option<&ToolSpec> {
        self.0.iter().find(|spec| spec.name == tool)
    }

    fn templates(&self) -> Option<Vec<String>> {
        Some(vec!["known".into()])
    }
}

fn plan(root: Node) -> Plan {
    Plan {
        goal: String::new(),
        lang: Lang::En,
        origin: Origin::User,
        root,
        confidence: 1.0,
        why: vec![],
        timeout_ms: 1000,
        tz: String::new(),
        budget: Budget::default(),
    }
}

fn found(root: Node) -> Vec<(String, IssueCode)> {
    validate(&plan(root), &specs()).into_iter().map(|issue| (issue.path, issue.code)).collect()
}

fn look(id: &str, mut args: Value) -> Node {
    if args.get("limit").is_none() {
        args["limit"] = json!(1);
    }
    Node::tool(id, "", "look", args)
}

fn seq(nodes: Vec<Node>) -> Node {
    Node::new("q", "", Kind::Seq { nodes })
}

fn approve(id: &str) -> Node {
    Node::new(id, "", Kind::Approve { what: "go on?".into(), who: Role::Manager, expires_s: 60 })
}

fn write(id: &str) -> Node {
    Node::tool(id, "", "write", json!({ "limit": 1 }))
}

fn one(path: &str, code: IssueCode) -> Vec<(String, IssueCode)> {
    vec![(path.to_owned(), code)]
}

#[test]
fn arguments_are_held_against_the_schema_of_the_tool() {
    assert!(
        found(look(
            "a",
            json!({ "order": "up", "either": null, "window": ["x", "y"], "select": { "text": null } })
        ))
        .is_empty()
    );
    assert_eq!(found(Node::tool("a", "", "look", json!({}))), one("root.args", IssueCode::BadArgument));
    for (args, place) in [
        (json!({ "limit": 1.5 }), "root.args.limit"),
        (json!({ "colour": 1 }), "root.args.colour"),
        (json!({ "order": "left" }), "root.args.order"),
        (json!({ "window": ["x", 3] }), "root.args.window[1]"),
        (json!({ "either": { "a": "x" } }), "root.args.either.a"),
        (json!({ "select": { "text": 3 } }), "root.args.select.text"),
    ] {
        assert_eq!(found(look("a", args)), one(place, IssueCode::BadArgument));
    }
}

#[test]
fn references_give_what_the_argument_takes() {
    let after = |args: Value| found(seq(vec![look("a", json!({})), look("b", args)]));
    assert!(after(json!({ "limit": "$a.total", "select": { "codes": "$a.rows[*].code", "text": "$a.rows[0].code" } })).is_empty());
    assert_eq!(
        after(json!({ "limit": "$a.rows[0].code" })),
        one("root.nodes[1].args.limit", IssueCode::TypeMismatch)
    );
    assert_eq!(
        after(json!({ "select": { "text": "$a.rows[*].code" } })),
        one("root.nodes[1].args.select.text", IssueCode::TypeMismatch)
    );
    assert_eq!(
        after(json!({ "limit": "$a.count" })),
        one("root.nodes[1].args.limit", IssueCode::UnknownOutput)
    );
}

#[test]
fn what_changes_something_needs_an_approval_before_it() {
    assert_eq!(found(write("w")), one("root", IssueCode::NeedsApproval));
    assert!(found(seq(vec![approve("ok"), look("a", json!({})), write("w")])).is_empty());
    assert_eq!(found(seq(vec![write("w"), approve("ok")])), one("root.nodes[0]", IssueCode::NeedsApproval));
    let beside = Node::new(
        "p",
        "",
        Kind::Par { nodes: vec![approve("ok"), write("w")], max: 0, need: Default::default() },
    );
    assert_eq!(found(beside), one("root.nodes[1]", IssueCode::NeedsApproval));
    let tolerated = Node { on_error: OnError::Skip, ..approve("ok") };
    assert_eq!(found(seq(vec![tolerated, write("w")])), one("root.nodes[1]", IssueCode::NeedsApproval));
    let inside =
        Node::new("i", "", Kind::If { cond: "args.x".into(), then: Box::new(write("w")), otherwise: None });
    assert!(found(seq(vec![approve("ok"), inside])).is_empty());
}

#[test]
fn limits_make_sense_and_the_plan_can_be_paid_for() {
    let repeat = |max| {
        Node::new(
            "l",
            "",
            Kind::Loop { body: Box::new(look("a", json!({}))), until: "a.total > round".into(), max },
        )
    };
    assert!(found(repeat(10)).is_empty());
    assert_eq!(found(repeat(0)), one("root.max", IssueCode::BadLimit));
    assert_eq!(found(repeat(1_001)), one("root.max", IssueCode::TooManyRounds));
    let often = Node { retry: Retry { times: 9, backoff_ms: 1 }, ..look("a", json!({})) };
    assert_eq!(found(often), one("root.retry.times", IssueCode::BadLimit));
    let never = Node::new("a", "", Kind::Approve { what: "x".into(), who: Role::Admin, expires_s: 0 });
    assert_eq!(found(never), one("root.expires_s", IssueCode::BadLimit));
    let mut poor = plan(seq(vec![look("a", json!({})), look("b", json!({}))]));
    poor.budget.calls = 1;
    assert_eq!(validate(&poor, &specs())[0].code, IssueCode::TooCostly);
    let mut greedy = plan(look("a", json!({})));
    let none = u64::MAX;
    greedy.budget =
        Budget { steps: none, calls: none, rows: none, bytes: none, tokens: none, money: 1e300, depth: 255 };
    let places: Vec<String> = validate(&greedy, &specs()).into_iter().map(|issue| issue.path).collect();
    let named =
        ["money", "steps", "calls", "rows", "bytes", "tokens", "depth"].map(|name| format!("budget.{name}"));
    assert_eq!(places, named, "what a run holds it holds in memory");
    let cost = cost(&plan(repeat(10)), &specs());
    assert_eq!((cost.nodes, cost.calls, cost.ms), (2, 10, 100));
}

#[test]
fn names_inside_of_new_kinds_of_nodes_are_checked_too() {
    let switch = |on: &str, default: Node| {
        let cases =
            vec![Case { value: json!(1), node: look("c", json!({ "select": { "codes": "$z.rows" } })) }];
        Node::new("s", "", Kind::Switch { on: on.into(), cases, default: Some(Box::new(default)) })
    };
    let issues = found(seq(vec![look("a", json!({})), switch("b.total", look("d", json!({})))]));
    assert_eq!(
        issues,
        [
            ("root.nodes[1].on".to_owned(), IssueCode::UnknownReference),
            ("root.nodes[1].cases[0].node.args.select.codes".to_owned(), IssueCode::UnknownReference)
        ]
    );
    let expand =
        Node::new("e", "", Kind::Expand { question: "who owns {{x.rows[0]}}?".into(), max_depth: 1 });
    assert_eq!(found(expand), one("root.question", IssueCode::UnknownReference));
    let call = Node::new("e", "", Kind::Call { template: "other".into(), args: Default::default() });
    assert_eq!(found(call), one("root.template", IssueCode::UnknownTemplate));
    assert_eq!(found(look("last", json!({}))), one("root.id", IssueCode::BadId));
    let when = Node { when: Some("1 <".into()), ..look("a", json!({})) };
    assert_eq!(found(when), one("root.when", IssueCode::BadExpression));
    let instead = Node {
        on_error: OnError::Fallback(Box::new(look("b", json!({ "limit": "$a.total" })))),
        ..look("a", json!({}))
    };
    assert_eq!(found(instead), one("root.on_error.fallback.args.limit", IssueCode::LaterReference));
}
