//! Size and shape: bounds, limits, the place of compose.

use model::plan::{Kind, Need, Node, Plan};

use super::{Issue, IssueCode, MAX_DEPTH, MAX_NODES, MAX_ROUNDS};

/// Checks the shape; false when the plan is too large to be looked at further.
pub fn check(plan: &Plan, issues: &mut Vec<Issue>) -> bool {
    let mut nodes = 0;
    walk(&plan.root, "root", 1, 1, &mut nodes, issues);
    if nodes > MAX_NODES {
        issues.push(Issue::new(
            "root",
            IssueCode::TooManyNodes,
            format!("노드가 {nodes}개입니다. {MAX_NODES}개 이하로 줄이십시오"),
            format!("there are {nodes} nodes; keep them within {MAX_NODES}"),
        ));
    }
    !issues.iter().any(|issue| matches!(issue.code, IssueCode::TooDeep | IssueCode::TooManyNodes))
}

fn walk(node: &Node, path: &str, depth: usize, rounds: u64, nodes: &mut usize, issues: &mut Vec<Issue>) {
    *nodes += 1;
    if depth > MAX_DEPTH {
        issues.push(Issue::new(
            path,
            IssueCode::TooDeep,
            format!("{MAX_DEPTH}단계보다 깊습니다. 안쪽 노드를 밖으로 꺼내십시오"),
            format!("nested deeper than {MAX_DEPTH} levels; move inner nodes out"),
        ));
        return;
    }
    let mut rounds = rounds;
    match &node.kind {
        Kind::Seq { nodes: children } | Kind::Par { nodes: children, .. } | Kind::Dag { nodes: children } => {
            group(node, children, path, issues);
        }
        Kind::ForEach { max, body, .. } => {
            rounds = rounds.saturating_mul(u64::from(*max));
            loops(*max, rounds, path, issues);
            if holds_compose(body) {
                issues.push(compose_issue(&format!("{path}.body")));
            }
        }
        Kind::Tool { .. } | Kind::If { .. } | Kind::Compose { .. } => {}
    }
    for (step, child) in steps(node) {
        walk(child, &format!("{path}{step}"), depth + 1, rounds, nodes, issues);
    }
}

fn group(node: &Node, children: &[Node], path: &str, issues: &mut Vec<Issue>) {
    if children.is_empty() {
        issues.push(Issue::new(
            path,
            IssueCode::Empty,
            "하위 노드가 없습니다. 하나 이상 넣으십시오",
            "it has no children; add at least one",
        ));
    }
    if let Kind::Par { need: Need::AtLeast(least), .. } = &node.kind
        && (*least == 0 || usize::from(*least) > children.len())
    {
        issues.push(Issue::new(
            format!("{path}.need"),
            IssueCode::BadLimit,
            format!("필요한 성공 수는 1에서 {} 사이여야 합니다", children.len()),
            format!("the number that must succeed lies between 1 and {}", children.len()),
        ));
    }
    let parallel = matches!(node.kind, Kind::Par { .. });
    for (i, child) in children.iter().enumerate() {
        let rest = children.get(i + 1..).unwrap_or_default();
        let followed = rest.iter().any(|later| !matches!(later.kind, Kind::Compose { .. }));
        if holds_compose(child) && (parallel || followed) {
            issues.push(compose_issue(&format!("{path}.nodes[{i}]")));
        }
    }
}

fn loops(max: u32, rounds: u64, path: &str, issues: &mut Vec<Issue>) {
    if max == 0 {
        issues.push(Issue::new(
            format!("{path}.max"),
            IssueCode::BadLimit,
            "반복 최대 횟수가 0입니다. 1 이상으로 정하십시오",
            "the loop may go round 0 times; allow at least 1",
        ));
    }
    if rounds > MAX_ROUNDS {
        issues.push(Issue::new(
            format!("{path}.max"),
            IssueCode::TooManyRounds,
            format!("반복이 모두 {rounds}번까지 돌 수 있습니다. 곱이 {MAX_ROUNDS} 이하가 되게 줄이십시오"),
            format!("the loops may go round {rounds} times together; keep the product within {MAX_ROUNDS}"),
        ));
    }
}

fn compose_issue(path: &str) -> Issue {
    Issue::new(
        path,
        IssueCode::ComposeNotLast,
        "compose는 마지막 노드여야 합니다",
        "compose must be the last node",
    )
}

fn holds_compose(node: &Node) -> bool {
    matches!(node.kind, Kind::Compose { .. }) || node.children().into_iter().any(holds_compose)
}

/// The children of a node with the way to them.
pub fn steps(node: &Node) -> Vec<(String, &Node)> {
    match &node.kind {
        Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => {
            nodes.iter().enumerate().map(|(i, child)| (format!(".nodes[{i}]"), child)).collect()
        }
        Kind::If { then, otherwise, .. } => {
            let then = std::iter::once((".then".to_owned(), then.as_ref()));
            then.chain(otherwise.as_deref().map(|node| (".else".to_owned(), node))).collect()
        }
        Kind::ForEach { body, .. } => vec![(".body".to_owned(), body.as_ref())],
        Kind::Tool { .. } | Kind::Compose { .. } => Vec::new(),
    }
}
