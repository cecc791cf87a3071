//! Size and shape: bounds, limits, the place of compose.

use model::{
    plan::{Kind, Need, Node, OnError, Plan},
    run::PlanCost,
    tools::Effect,
};

use super::{Issue, IssueCode, MAX_DEPTH, MAX_NODES, MAX_ROUNDS};
use crate::tools::Catalog;

/// Longest a decision may be waited for, in seconds: a month.
const LONGEST_WAIT_S: u32 = 31 * 24 * 3600;
/// Longest a plan may run, in milliseconds: an hour.
const LONGEST_MS: u64 = 3_600_000;
/// Most calls after the first.
const MOST_RETRIES: u8 = 3;
/// Most sub-plans inside each other.
const MOST_SUBPLANS: u8 = 8;

/// Most nodes that start, and most calls: two hundred nodes in a thousand rounds.
const MOST_STEPS: u64 = 200_000;
/// Most rows and bytes a run may hold.
const MOST_ROWS: u64 = 1_000_000;
const MOST_BYTES: u64 = 256 << 20;
/// Most tokens of language models, and money.
const MOST_TOKENS: u64 = 10_000_000;
const MOST_MONEY: f64 = 1_000.0;

/// Checks the shape; false when the plan is too large to be looked at further.
pub fn check(plan: &Plan, issues: &mut Vec<Issue>) -> bool {
    let mut nodes = 0;
    if plan.timeout_ms == 0 || plan.timeout_ms > LONGEST_MS {
        issues.push(Issue::new(
            "timeout_ms",
            IssueCode::BadLimit,
            format!("제한 시간은 1에서 {LONGEST_MS} ms 사이여야 합니다"),
            format!("the time allowed lies between 1 and {LONGEST_MS} ms"),
        ));
    }
    if !plan.confidence.is_finite() || !(0.0..=MOST_MONEY).contains(&plan.budget.money) {
        issues.push(Issue::new(
            "budget.money",
            IssueCode::BadLimit,
            format!("비용은 0에서 {MOST_MONEY} 사이의 수여야 합니다"),
            format!("money is a number between 0 and {MOST_MONEY}"),
        ));
    }
    // What a run holds it holds in memory.
    let budget = &plan.budget;
    for (name, asked, most) in [
        ("steps", budget.steps, MOST_STEPS),
        ("calls", budget.calls, MOST_STEPS),
        ("rows", budget.rows, MOST_ROWS),
        ("bytes", budget.bytes, MOST_BYTES),
        ("tokens", budget.tokens, MOST_TOKENS),
        ("depth", u64::from(budget.depth), u64::from(MOST_SUBPLANS)),
    ] {
        if asked > most {
            issues.push(limit(&format!("budget.{name}"), 0, most));
        }
    }
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
        Kind::Loop { max, body, .. } => {
            rounds = rounds.saturating_mul(u64::from(*max));
            loops(u32::from(*max), rounds, path, issues);
            if holds_compose(body) {
                issues.push(compose_issue(&format!("{path}.body")));
            }
        }
        Kind::Switch { cases, .. } if cases.is_empty() => issues.push(Issue::new(
            format!("{path}.cases"),
            IssueCode::Empty,
            "경우가 없습니다. 하나 이상 넣으십시오",
            "it has no cases; add at least one",
        )),
        Kind::Expand { max_depth, .. } if *max_depth == 0 || *max_depth > MOST_SUBPLANS => {
            issues.push(limit(&format!("{path}.max_depth"), 1, u64::from(MOST_SUBPLANS)));
        }
        Kind::Approve { expires_s, .. } if *expires_s == 0 || *expires_s > LONGEST_WAIT_S => {
            issues.push(limit(&format!("{path}.expires_s"), 1, u64::from(LONGEST_WAIT_S)));
        }
        _ => {}
    }
    if node.retry.times > MOST_RETRIES {
        issues.push(limit(&format!("{path}.retry.times"), 0, u64::from(MOST_RETRIES)));
    }
    if node.timeout_ms == Some(0) {
        issues.push(limit(&format!("{path}.timeout_ms"), 1, LONGEST_MS));
    }
    if let OnError::Fallback(other) = &node.on_error
        && holds_compose(other)
    {
        issues.push(compose_issue(&format!("{path}.on_error.fallback")));
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

fn limit(path: &str, least: u64, most: u64) -> Issue {
    Issue::new(
        path,
        IssueCode::BadLimit,
        format!("{least}에서 {most} 사이여야 합니다"),
        format!("it lies between {least} and {most}"),
    )
}

/// Every step that changes something has an approval that was given before it: an earlier member of a sequence it stands
/// in. What stands beside it proves nothing.
pub fn approvals(plan: &Plan, catalog: &dyn Catalog, issues: &mut Vec<Issue>) {
    approved(&plan.root, "root", false, catalog, issues);
}

fn approved(node: &Node, path: &str, mut given: bool, catalog: &dyn Catalog, issues: &mut Vec<Issue>) {
    if let Kind::Tool { tool, .. } = &node.kind
        && !given
        && catalog.spec(tool).is_some_and(|spec| spec.effect != Effect::Read)
    {
        issues.push(Issue::new(
            path,
            IssueCode::NeedsApproval,
            format!("'{tool}'은(는) 데이터를 바꿉니다. 앞에 approve 노드를 두십시오"),
            format!("'{tool}' changes something; put an approve node before it in the same sequence"),
        ));
    }
    let in_order = matches!(node.kind, Kind::Seq { .. });
    for (step, child) in steps(node) {
        approved(child, &format!("{path}{step}"), given, catalog, issues);
        // An approval that may be left out or whose denial is tolerated gives nothing.
        given |= in_order
            && matches!(child.kind, Kind::Approve { .. })
            && child.on_error == OnError::Fail
            && child.when.is_none();
    }
}

/// The most a plan can do.
pub fn cost(plan: &Plan, catalog: &dyn Catalog) -> PlanCost {
    let (nodes, calls, ms) = most(&plan.root, 1, catalog);
    PlanCost { nodes, calls, ms: ms.min(plan.timeout_ms) }
}

/// Nodes written down, calls and milliseconds at their worst.
fn most(node: &Node, rounds: u64, catalog: &dyn Catalog) -> (u64, u64, u64) {
    let (mut nodes, mut calls, mut ms) = (1, 0_u64, 0_u64);
    if let Kind::Tool { tool, .. } = &node.kind {
        calls = rounds;
        let each = catalog.spec(tool).map_or(0, |spec| u64::from(spec.cost_ms));
        ms = rounds.saturating_mul(each);
    }
    let inside = match &node.kind {
        Kind::ForEach { max, .. } => rounds.saturating_mul(u64::from(*max)),
        Kind::Loop { max, .. } => rounds.saturating_mul(u64::from(*max)),
        _ => rounds,
    };
    for child in node.children() {
        let (more_nodes, more_calls, more_ms) = most(child, inside, catalog);
        nodes += more_nodes;
        calls = calls.saturating_add(more_calls);
        ms = ms.saturating_add(more_ms);
    }
    (nodes, calls, ms)
}

/// A plan whose calls cannot all be made is not begun, unless it is loops that may end earlier.
pub fn affordable(plan: &Plan, catalog: &dyn Catalog, issues: &mut Vec<Issue>) {
    let least = plan.nodes().iter().filter(|node| matches!(node.kind, Kind::Tool { .. })).count() as u64;
    let worst = cost(plan, catalog);
    let budget = plan.budget;
    if least > budget.calls || worst.nodes > budget.steps {
        issues.push(Issue::new(
            "budget",
            IssueCode::TooCostly,
            format!(
                "노드 {}개, 호출 {least}번이 필요한데 허용된 것은 단계 {}개, 호출 {}번입니다",
                worst.nodes, budget.steps, budget.calls
            ),
            format!(
                "it needs {} nodes and {least} calls; allowed are {} steps and {} calls",
                worst.nodes, budget.steps, budget.calls
            ),
        ));
    }
}

/// The children of a node with the way to them.
pub fn steps(node: &Node) -> Vec<(String, &Node)> {
    let mut steps: Vec<(String, &Node)> = match &node.kind {
        Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } => {
            nodes.iter().enumerate().map(|(i, child)| (format!(".nodes[{i}]"), child)).collect()
        }
        Kind::If { then, otherwise, .. } => {
            let then = std::iter::once((".then".to_owned(), then.as_ref()));
            then.chain(otherwise.as_deref().map(|node| (".else".to_owned(), node))).collect()
        }
        Kind::Switch { cases, default, .. } => {
            let cases = cases.iter().enumerate().map(|(i, case)| (format!(".cases[{i}].node"), &case.node));
            cases.chain(default.as_deref().map(|node| (".default".to_owned(), node))).collect()
        }
        Kind::ForEach { body, .. } | Kind::Loop { body, .. } => vec![(".body".to_owned(), body.as_ref())],
        Kind::Llm { fallback, .. } => vec![(".fallback".to_owned(), fallback.as_ref())],
        Kind::Tool { .. }
        | Kind::Expand { .. }
        | Kind::Call { .. }
        | Kind::Approve { .. }
        | Kind::Compose { .. } => Vec::new(),
    };
    if let OnError::Fallback(other) = &node.on_error {
        steps.push((".on_error.fallback".to_owned(), other));
    }
    steps
}
