use model::{
    Lang,
    plan::{BlockSpec, Kind, Need, Node, Origin, Plan},
};
use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;
use crate::tools::Access;

struct Known;

impl Catalog for Known {
    fn access(&self, tool: &str) -> Access {
        match tool {
            "look" => Access::Allowed,
            "secret" => Access::Denied,
            _ => Access::Unknown,
        }
    }

    fn names(&self) -> Vec<String> {
        vec!["look".into()]
    }
}

fn plan(root: Node) -> Plan {
    Plan {
        goal: String::new(),
        lang: Lang::Ko,
        origin: Origin::User,
        root,
        confidence: 1.0,
        why: vec![],
        timeout_ms: 1000,
        tz: String::new(),
        budget: Default::default(),
    }
}

fn look(id: &str) -> Node {
    Node::tool(id, "", "look", json!({}))
}

fn after(id: &str, reference: &str) -> Node {
    Node::tool(id, "", "look", json!({ "select": { "ci": [reference] } }))
}

fn seq(id: &str, nodes: Vec<Node>) -> Node {
    Node::new(id, "", Kind::Seq { nodes })
}

fn dag(nodes: Vec<Node>) -> Node {
    Node::new("d", "", Kind::Dag { nodes })
}

fn compose(id: &str, from: &str) -> Node {
    let blocks = vec![BlockSpec { from: from.into(), say: "number".into(), options: Map::new() }];
    Node::new(id, "", Kind::Compose { blocks })
}

fn each(id: &str, items: &str, max: u32, body: Node) -> Node {
    let body = Box::new(body);
    Node::new(id, "", Kind::ForEach { items: items.into(), var: "item".into(), body, max, par: 2 })
}

fn found(root: Node) -> Vec<(String, IssueCode)> {
    validate(&plan(root), &Known)
        .into_iter()
        .inspect(|issue| assert!(!issue.hint.ko.is_empty() && !issue.hint.en.is_empty()))
        .map(|issue| (issue.path, issue.code))
        .collect()
}

#[test]
fn a_sound_plan_has_no_issues() {
    let cond = Node::new(
        "s4",
        "",
        Kind::If {
            cond: "s1.total > 0 and s2.total > 0".into(),
            then: Box::new(look("s5")),
            otherwise: None,
        },
    );
    let root = seq(
        "s0",
        vec![
            look("s1"),
            Node::new(
                "p",
                "",
                Kind::Par {
                    nodes: vec![after("s2", "$s1.rows[*].code"), look("s3")],
                    max: 0,
                    need: Need::All,
                },
            ),
            cond,
            each("s6", "$s2.rows[*].code", 10, after("s7", "$item")),
            after("s8", "$s6.rows[0]"),
            dag(vec![after("s10", "$s9.total"), look("s9")]),
            compose("s11", "s7"),
        ],
    );
    assert_eq!(found(root), []);
}

#[test]
fn each_fault_is_found_at_its_place() {
    let root = seq(
        "s0",
        vec![
            after("s1", "$s2.rows"),
            Node::tool("s2", "", "nope", json!({})),
            Node::tool("s2", "", "secret", json!({})),
            after("s3", "$zzz.rows"),
            after("s4", "$s1.rows + 1"),
            after("s5", "$$s1 is a text"),
            Node::tool("1 2", "", "look", json!({})),
        ],
    );
    let expected = [
        ("root.nodes[2].id", IssueCode::DuplicateId),
        ("root.nodes[6].id", IssueCode::BadId),
        ("root.nodes[0].args.select.ci[0]", IssueCode::LaterReference),
        ("root.nodes[1].tool", IssueCode::UnknownTool),
        ("root.nodes[2].tool", IssueCode::Denied),
        ("root.nodes[3].args.select.ci[0]", IssueCode::UnknownReference),
        ("root.nodes[4].args.select.ci[0]", IssueCode::BadExpression),
    ];
    assert_eq!(found(root), expected.map(|(path, code)| (path.to_owned(), code)));
}

#[test]
fn siblings_at_the_same_time_do_not_see_each_other() {
    let par = |nodes| Node::new("p", "", Kind::Par { nodes, max: 0, need: Need::All });
    let codes = found(par(vec![look("s1"), after("s2", "$s1.rows")]));
    assert_eq!(codes, [("root.nodes[1].args.select.ci[0]".to_owned(), IssueCode::LaterReference)]);
}

#[test]
fn circles_in_a_dag_are_named() {
    let issues = validate(&plan(dag(vec![after("a", "$b.rows"), after("b", "$a.rows"), look("c")])), &Known);
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].code, IssueCode::Cycle);
    assert!(issues[0].hint.en.contains("a, b"));
}

#[test]
fn the_inside_of_a_loop_is_not_seen_from_outside() {
    let root = seq("s0", vec![look("s1"), each("s2", "$s1.rows", 5, look("s3")), after("s4", "$s3.rows")]);
    assert_eq!(found(root), [("root.nodes[2].args.select.ci[0]".to_owned(), IssueCode::LaterReference)]);
}

#[test]
fn bounds_are_kept() {
    let many = seq("s0", (1..=MAX_NODES).map(|i| look(&format!("n{i}"))).collect());
    assert_eq!(found(many), [("root".to_owned(), IssueCode::TooManyNodes)]);

    let deep = (0..MAX_DEPTH).fold(look("leaf"), |inner, i| seq(&format!("q{i}"), vec![inner]));
    assert_eq!(found(deep)[0].1, IssueCode::TooDeep);

    let inner = each("b", "$item", 40, look("c"));
    let inner = Node {
        kind: match inner.kind {
            Kind::ForEach { items, body, max, par, .. } => {
                Kind::ForEach { items, var: "other".into(), body, max, par }
            }
            kind => kind,
        },
        ..inner
    };
    let loops = seq("s0", vec![look("s1"), each("a", "$s1.rows", 40, inner)]);
    assert_eq!(found(loops), [("root.nodes[1].body.max".to_owned(), IssueCode::TooManyRounds)]);

    let early = seq("s0", vec![look("s1"), compose("s2", "s1"), look("s3")]);
    assert_eq!(found(early), [("root.nodes[1]".to_owned(), IssueCode::ComposeNotLast)]);

    assert_eq!(found(seq("s0", vec![])), [("root".to_owned(), IssueCode::Empty)]);
    let need = Node::new("p", "", Kind::Par { nodes: vec![look("a")], max: 0, need: Need::AtLeast(2) });
    assert_eq!(found(need), [("root.need".to_owned(), IssueCode::BadLimit)]);
}

#[test]
fn a_condition_that_cannot_be_read_says_why() {
    let root = Node::new(
        "i",
        "",
        Kind::If { cond: "s1.total = 0".into(), then: Box::new(look("a")), otherwise: None },
    );
    let issues = validate(&plan(root), &Known);
    assert_eq!((issues[0].path.as_str(), issues[0].code), ("root.cond", IssueCode::BadExpression));
    assert!(issues[0].hint.ko.contains("=="));
}

proptest! {
    #[test]
    fn no_text_in_a_plan_makes_it_panic(id in ".{0,8}", reference in r"\$?.{0,12}", cond in ".{0,12}", max in any::<u32>()) {
        let body = Node::new("i", "", Kind::If { cond, then: Box::new(look(&id)), otherwise: None });
        let root = seq("s0", vec![after("s1", &reference), each("s2", &reference, max, body)]);
        let _ = validate(&plan(root), &Known);
    }
}
