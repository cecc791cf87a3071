use super::*;
use crate::{Item, Vocabulary};

fn index() -> Index {
    let item =
        |code: &str| Item { code: code.into(), name: code.into(), kind: "server".into(), ..Item::default() };
    Index::new(Vocabulary {
        items: ["pay-gateway-01", "pay-gateway-02", "ledger-store", "mail-relay"].map(item).into(),
        ..Vocabulary::default()
    })
}

fn plan(nodes: Vec<Node>, blocks: Vec<BlockSpec>) -> Plan {
    let mut nodes = nodes;
    nodes.push(Node::new("a", "", Kind::Compose { blocks }));
    Plan {
        goal: "goal".into(),
        lang: Lang::En,
        origin: model::plan::Origin::Rule,
        root: Node::new("root", "", Kind::Seq { nodes }),
        confidence: 0.9,
        why: Vec::new(),
        timeout_ms: 1_000,
        tz: String::new(),
        budget: model::plan::Budget::default(),
    }
}

fn args(plan: &Plan, id: &str) -> (String, Value) {
    plan.nodes()
        .into_iter()
        .find(|n| n.id == id)
        .and_then(|n| match &n.kind {
            Kind::Tool { tool, args } => Some((tool.clone(), Value::Object(args.clone()))),
            _ => None,
        })
        .unwrap()
}

fn setback(path: &str, tool: &str, args: Value, empty: bool) -> Setback {
    Setback { path: path.into(), tool: tool.into(), args, empty }
}

#[test]
fn an_item_that_does_not_exist_gives_way_to_the_nearest() {
    let given = json!({ "select": { "codes": ["ledger-stor"] } });
    let plan = plan(vec![Node::tool("s1", "Look up ledger-stor", "ci.get", given.clone())], Vec::new());
    let found = alternatives(&index(), &plan, &[setback("s1", "ci.get", given, true)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].change, Change::Nearest);
    assert_eq!(args(&found[0].plan, "s1").1["select"]["codes"], json!(["ledger-store"]));
    assert!(found[0].plan.goal.contains("ledger-stor'") && found[0].why.ko.contains("ledger-store"));
}

#[test]
fn two_items_as_near_as_each_other_are_not_chosen_between() {
    let given = json!({ "ci": "pay-gateway" });
    let plan = plan(vec![Node::tool("s1", "", "graph.impact", given.clone())], Vec::new());
    assert!(alternatives(&index(), &plan, &[setback("s1", "graph.impact", given, false)]).is_empty());
}

#[test]
fn an_empty_time_gets_a_wider_one_beside_it() {
    let given = json!({ "select": { "kind": "event", "from": "2026-03-01T09:00:00Z", "to": "2026-03-01T10:00:00Z" } });
    let say =
        Say::Records { subject: "events".into(), latest: false, fields: Vec::new(), n: 0, place: false };
    let plan =
        plan(vec![Node::tool("s1", "Find events", "event.search", given.clone())], vec![say.to_block("s1")]);
    let found = alternatives(&index(), &plan, &[setback("s1", "event.search", given.clone(), true)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].change, Change::Wider);
    assert_eq!(args(&found[0].plan, "s1").1, given, "the step that was asked for stays");
    assert_eq!(args(&found[0].plan, "s1w").1["select"]["from"], "2026-02-28T10:00:00Z");
    let Kind::Compose { blocks } = &found[0].plan.nodes().into_iter().find(|n| n.id == "a").unwrap().kind
    else {
        panic!("the answer is composed")
    };
    assert_eq!(blocks.iter().map(|b| b.from.as_str()).collect::<Vec<_>>(), ["s1", "s1w"]);
    // It ends: the widest is not widened again for ever.
    let mut now = found[0].plan.clone();
    for _ in 0..5 {
        let Some(next) =
            alternatives(&index(), &now, &[setback("s1w", "event.search", Value::Null, true)]).pop()
        else {
            return;
        };
        now = next.plan;
    }
    panic!("widened without end");
}

#[test]
fn yes_or_no_is_answered_by_an_empty_result() {
    let given = json!({ "select": { "kind": "event", "from": "2026-03-01T09:00:00Z", "to": "2026-03-01T10:00:00Z" } });
    let say = Say::YesNo { subject: "events".into(), rows_mean_yes: true, column: "ci".into() };
    let plan = plan(vec![Node::tool("s1", "", "event.search", given.clone())], vec![say.to_block("s1")]);
    assert!(alternatives(&index(), &plan, &[setback("s1", "event.search", given, true)]).is_empty());
}

#[test]
fn a_tool_that_failed_gives_way_to_one_of_the_same_use() {
    let given = json!({ "metric": "cpu", "n": 3, "least": true });
    let first = plan(vec![Node::tool("s1", "", "metric.top", given.clone())], Vec::new());
    let found = alternatives(&index(), &first, &[setback("s1", "metric.top", given.clone(), false)]);
    assert_eq!(found.len(), 1);
    let (tool, with) = args(&found[0].plan, "s1");
    assert_eq!(tool, "metric.query");
    assert_eq!(
        with,
        json!({ "metric": "cpu", "sort": [{ "by": "avg", "desc": false }], "agg": ["avg"], "limit": 3 })
    );
    // An empty result is no failure of the tool.
    assert!(alternatives(&index(), &first, &[setback("s1", "metric.top", given, true)]).is_empty());
    let inside =
        plan(vec![Node::tool("s2", "", "graph.neighbours", json!({ "ci": "mail-relay" }))], Vec::new());
    let found =
        alternatives(&index(), &inside, &[setback("s1[2].s2", "graph.neighbours", Value::Null, false)]);
    assert_eq!(args(&found[0].plan, "s2").0, "graph.traverse");
}
