//! Which steps of a run a fork of it takes over.

use std::collections::{BTreeMap, BTreeSet};

use model::plan::{Kind, Node, OnError, Plan};

/// Whether a step is taken over by a run that begins again at `from`: it comes before in the plan and uses nothing of what
/// runs again. Steps in rounds of loops and in sub-plans go with the step that holds them.
pub fn copied(plan: &Plan, from: &str) -> impl Fn(&str) -> bool + use<> {
    let nodes = plan.nodes();
    let order: BTreeMap<String, usize> =
        nodes.iter().enumerate().map(|(place, node)| (node.id.clone(), place)).collect();
    let begin = order.get(from).copied().unwrap_or(0);
    let mut again: BTreeSet<String> = nodes.iter().skip(begin).map(|node| node.id.clone()).collect();
    // What stands before it may still use it: members of a dag are in no order.
    loop {
        let more: Vec<String> = nodes
            .iter()
            .filter(|node| !again.contains(&node.id) && uses(node).iter().any(|name| again.contains(name)))
            .map(|node| node.id.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        again.extend(more);
    }
    // A loop in which anything runs again runs as a whole.
    for node in &nodes {
        let loops = matches!(node.kind, Kind::ForEach { .. } | Kind::Loop { .. });
        let inside = below(node);
        if loops && inside.iter().any(|id| again.contains(id)) {
            again.extend(inside);
        }
    }
    let loops: BTreeSet<String> = nodes
        .iter()
        .filter(|node| matches!(node.kind, Kind::ForEach { .. } | Kind::Loop { .. }))
        .map(|node| node.id.clone())
        .collect();
    move |path: &str| {
        for part in path.split('.') {
            let id = part.split('[').next().unwrap_or(part);
            if !order.contains_key(id) || again.contains(id) {
                return false;
            }
            if !loops.contains(id) {
                // A tool, or a step whose sub-plan goes with it.
                return true;
            }
        }
        false
    }
}

fn below(node: &Node) -> Vec<String> {
    let mut ids = vec![node.id.clone()];
    node.children().into_iter().for_each(|child| ids.extend(below(child)));
    ids
}

/// Names a node uses itself, its children not counted.
fn uses(node: &Node) -> BTreeSet<String> {
    let mut bare = node.clone();
    match &mut bare.kind {
        Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => nodes.clear(),
        Kind::If { otherwise, then, .. } => {
            *otherwise = None;
            **then = empty();
        }
        Kind::Switch { cases, default, .. } => {
            cases.clear();
            *default = None;
        }
        Kind::ForEach { body, .. } | Kind::Loop { body, .. } => **body = empty(),
        Kind::Llm { fallback, .. } => **fallback = empty(),
        _ => {}
    }
    if matches!(bare.on_error, OnError::Fallback(_)) {
        bare.on_error = OnError::Fail;
    }
    flow::uses(&bare).into_iter().collect()
}

fn empty() -> Node {
    Node::new("", "", Kind::Compose { blocks: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Lang, plan::Origin};
    use serde_json::json;

    fn tool(id: &str, uses: &str) -> Node {
        Node::tool(id, "", "x", json!({ "ci": uses }))
    }

    #[test]
    fn what_comes_before_and_uses_nothing_of_it_is_taken_over() {
        let each = Kind::ForEach {
            items: "$s1.rows".into(),
            var: "item".into(),
            body: Box::new(tool("s5", "$item")),
            max: 5,
            par: 1,
        };
        let nodes = vec![
            tool("s1", "a"),
            Node::new("s4", "", each),
            Node::new(
                "d",
                "",
                Kind::Dag { nodes: vec![tool("s2", "$s3.rows"), tool("s6", "$s1.rows"), tool("s3", "b")] },
            ),
            tool("s7", "$s1.rows"),
        ];
        let plan = Plan {
            goal: String::new(),
            lang: Lang::En,
            origin: Origin::User,
            root: Node::new("s0", "", Kind::Seq { nodes }),
            confidence: 1.0,
            why: Vec::new(),
            timeout_ms: 1_000,
            tz: String::new(),
            budget: model::plan::Budget::default(),
        };
        let takes = copied(&plan, "s3");
        let taken = |paths: &[&str]| paths.iter().map(|path| takes(path)).collect::<Vec<_>>();
        assert_eq!(taken(&["s1", "s4[0].s5", "s6"]), [true, true, true]);
        assert_eq!(taken(&["s2", "s3", "s7", "unknown"]), [false, false, false, false]);
        let takes = copied(&plan, "s5");
        assert!(takes("s1") && !takes("s4[1].s5"));
    }
}
