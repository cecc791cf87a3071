//! Another way to an answer when a step of a plan went wrong: the nearest item for one that does not exist, a wider time
//! for an empty one, a tool of the same use for one that failed for good.
//!
//! How it is used: whoever runs plans collects what went wrong as [`Setback`]s (the path of the step, its tool, its
//! arguments after resolving references, and whether it failed or was empty) and calls [`alternatives`] with the plan in
//! force. The list is ordered, the likeliest first; every [`Alternative`] is a whole plan with the same answer block, so it
//! is validated and run like any other. `why` is what a person is told. Nothing is replaced silently: a plan for the
//! nearest item says so in its goal and in its reasons, and a plan for a wider time keeps the step that was empty and adds
//! one beside it, so that the answer tells both. An executor allows two changes of a plan in a run; after them, or when the
//! list is empty, the answer is told as it is.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use model::{
    Lang, Localized,
    plan::{BlockSpec, Kind, Node, Plan, Reason},
};
use serde_json::{Map, Value, json};

use crate::{
    say::Say,
    text::{similar, squash},
    vocabulary::Index,
};

/// A step that failed for good, or ended well without a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Setback {
    /// Its name in the run: that of the node, behind the names of loops and sub-plans (`s2[3].s3`).
    pub path: String,
    /// The tool.
    pub tool: String,
    /// Its arguments after resolving references.
    pub args: Value,
    /// True when it ended well and found nothing, false when it failed.
    pub empty: bool,
}

/// What an alternative changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The item with the nearest name.
    Nearest,
    /// A wider time beside the empty one.
    Wider,
    /// A tool of the same use.
    Tool,
}

/// Another plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// What it changes.
    pub change: Change,
    /// The plan.
    pub plan: Plan,
    /// Why it is better, for a person.
    pub why: Localized,
}

/// Least likeness of a name, and how much nearer the first must be than the second.
const LIKE: f32 = 0.45;
const MARGIN: f32 = 0.15;
/// A window up to this long is widened, to this long.
const WIDEN: [(i64, i64); 3] = [(2, 24), (26, 24 * 7), (24 * 8, 24 * 31)];

/// Plans that may do better in view of what went wrong, the likeliest first. The same input gives the same list.
pub fn alternatives(index: &Index, plan: &Plan, setbacks: &[Setback]) -> Vec<Alternative> {
    let mut out: Vec<Alternative> = Vec::new();
    for setback in setbacks {
        out.extend(nearest(index, plan, setback));
    }
    for setback in setbacks.iter().filter(|s| !s.empty) {
        out.extend(same_use(plan, setback));
    }
    for setback in setbacks.iter().filter(|s| s.empty) {
        out.extend(wider(plan, setback));
    }
    let mut seen: Vec<Node> = Vec::new();
    out.retain(|one| {
        let new = one.plan.root != plan.root && !seen.contains(&one.plan.root);
        if new {
            seen.push(one.plan.root.clone());
        }
        new
    });
    out
}

/// The node a path of a run names.
fn node_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path).split('[').next().unwrap_or(path)
}

/// Codes among the arguments that name an item: `ci`, `peer`, `to`, `codes`.
fn codes(args: &Value) -> Vec<String> {
    let Some(args) = args.as_object() else { return Vec::new() };
    let mut out = Vec::new();
    let mut take = |value: &Value| match value {
        Value::String(code) if !code.starts_with('$') => out.push(code.clone()),
        Value::Array(list) => out.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => {}
    };
    for key in ["ci", "peer"] {
        args.get(key).map(&mut take);
    }
    // `to` is an end of a path, and a moment everywhere else.
    if args.get("from").is_none() && args.get("ci").is_some() {
        args.get("to").filter(|to| moment(to).is_none()).map(&mut take);
    }
    for key in ["select", "source", "target"] {
        if let Some(select) = args.get(key).and_then(Value::as_object) {
            for inner in ["ci", "codes"] {
                select.get(inner).map(&mut take);
            }
        }
    }
    out
}

/// The plan with the nearest item for each one that does not exist.
fn nearest(index: &Index, plan: &Plan, setback: &Setback) -> Vec<Alternative> {
    let mut out = Vec::new();
    for gone in codes(&setback.args).into_iter().filter(|c| index.item_by_code(c).is_none()) {
        let mut like: Vec<(f32, &str)> = crate::troubles::nearest(index, &gone, 4)
            .into_iter()
            .filter_map(|code| index.item_by_code(&code).map(|item| item.code.as_str()))
            .map(|code| (similar::trigrams(&squash(&gone), &squash(code)), code))
            .filter(|(likeness, _)| *likeness >= LIKE)
            .collect();
        like.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let Some((best, code)) = like.first().copied() else { continue };
        // Two names as near as each other are a question for a person, not a plan.
        if like.get(1).is_some_and(|(second, _)| best - second < MARGIN) {
            continue;
        }
        let mut plan = plan.clone();
        replace(&mut plan.root, &gone, code);
        let why = Localized::new(
            format!("'{gone}' 항목이 없어 이름이 가장 가까운 '{code}'(으)로 다시 조회합니다."),
            format!("There is no item '{gone}'; '{code}' has the nearest name and is looked at instead."),
        );
        note(&mut plan, &gone, "ci", &why);
        out.push(Alternative { change: Change::Nearest, plan, why });
    }
    out
}

/// Puts one text for another in all arguments, and in labels, so that the steps say what they do.
fn replace(node: &mut Node, old: &str, new: &str) {
    fn inside(value: &mut Value, old: &str, new: &str) {
        match value {
            Value::String(text) if text == old => new.clone_into(text),
            Value::Array(list) => list.iter_mut().for_each(|v| inside(v, old, new)),
            Value::Object(map) => map.values_mut().for_each(|v| inside(v, old, new)),
            _ => {}
        }
    }
    node.label = node.label.replace(old, new);
    match &mut node.kind {
        Kind::Tool { args, .. } | Kind::Call { args, .. } => {
            args.values_mut().for_each(|v| inside(v, old, new));
        }
        Kind::Compose { blocks } => {
            for value in blocks.iter_mut().flat_map(|b| b.options.values_mut()) {
                match value {
                    Value::String(text) => *text = text.replace(old, new),
                    other => inside(other, old, new),
                }
            }
        }
        _ => {}
    }
    node.children_mut().into_iter().for_each(|child| replace(child, old, new));
}

/// Changes the tool node of a path; false when there is none.
fn change(node: &mut Node, id: &str, with: &mut dyn FnMut(&mut String, &mut Map<String, Value>)) -> bool {
    if node.id == id
        && let Kind::Tool { tool, args } = &mut node.kind
    {
        with(tool, args);
        return true;
    }
    node.children_mut().into_iter().any(|child| change(child, id, with))
}

/// A tool of the same use, with arguments it understands; none where there is no other.
fn other_tool(tool: &str, args: &Map<String, Value>) -> Option<(&'static str, Map<String, Value>)> {
    let mut args = args.clone();
    let text =
        |args: &Map<String, Value>, key: &str| args.get(key).and_then(Value::as_str).map(str::to_owned);
    let other = match tool {
        "graph.neighbours" => {
            args.insert("max_depth".into(), json!(1));
            "graph.traverse"
        }
        "graph.traverse" if args.get("max_depth") == Some(&json!(1)) => "graph.neighbours",
        "metric.top" => {
            let agg = text(&args, "agg").filter(|a| !a.is_empty()).unwrap_or_else(|| "avg".to_owned());
            let least = args.remove("least").and_then(|v| v.as_bool()).unwrap_or(false);
            let n = args.remove("n").and_then(|v| v.as_u64()).filter(|n| *n > 0).unwrap_or(10);
            args.insert("sort".into(), json!([{ "by": &agg, "desc": !least }]));
            args.insert("agg".into(), json!([agg]));
            args.insert("limit".into(), json!(n));
            "metric.query"
        }
        // One reduction, ordered by itself: a ranking.
        "metric.query" => {
            const SHARED: [&str; 7] = ["metric", "ci", "from", "to", "agg", "sort", "limit"];
            let [agg] = args.get("agg")?.as_array()?.as_slice() else { return None };
            let agg = agg.as_str()?.to_owned();
            let [sort] = args.get("sort")?.as_array()?.as_slice() else { return None };
            let by = sort.get("by").and_then(Value::as_str) == Some(agg.as_str());
            if !by || args.keys().any(|key| !SHARED.contains(&key.as_str())) {
                return None;
            }
            let least = sort.get("desc").and_then(Value::as_bool) != Some(true);
            args.remove("sort");
            if let Some(limit) = args.remove("limit") {
                args.insert("n".into(), limit);
            }
            args.insert("agg".into(), json!(agg));
            args.insert("least".into(), json!(least));
            "metric.top"
        }
        _ => return None,
    };
    Some((other, args))
}

/// The plan with a tool of the same use for the one that failed.
fn same_use(plan: &Plan, setback: &Setback) -> Option<Alternative> {
    let mut plan = plan.clone();
    let mut taken: Option<&'static str> = None;
    change(&mut plan.root, node_of(&setback.path), &mut |tool, args| {
        if let Some((other, with)) = other_tool(tool, args) {
            other.clone_into(tool);
            *args = with;
            taken = Some(other);
        }
    });
    let other = taken?;
    let failed = &setback.tool;
    let why = Localized::new(
        format!("{failed} 도구가 실패하여 같은 일을 하는 {other} 도구로 다시 조회합니다."),
        format!("The tool {failed} failed; {other} does the same and is used instead."),
    );
    note(&mut plan, failed, "operation", &why);
    Some(Alternative { change: Change::Tool, plan, why })
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|t| t.with_timezone(&Utc))
}

/// The plan with a step for a wider time beside the one that found nothing.
fn wider(plan: &Plan, setback: &Setback) -> Option<Alternative> {
    // Where an empty result is itself the answer to yes or no, or a number, nothing wider is meant.
    const LISTS: [&str; 4] = ["event.search", "history.search", "change.search", "metric.query"];
    if !LISTS.contains(&setback.tool.as_str()) {
        return None;
    }
    let id = node_of(&setback.path);
    let (mut plan, lang) = (plan.clone(), plan.lang);
    let block = block_of(&plan.root, id)?;
    let told = Say::from_block(&block)?;
    if !matches!(told, Say::Records { .. } | Say::List { .. } | Say::Number { .. } | Say::Changes { .. }) {
        return None;
    }
    let node = plan.nodes().into_iter().find(|n| n.id == id)?.clone();
    let Kind::Tool { tool, args } = &node.kind else { return None };
    let mut args = args.clone();
    let place =
        if args.contains_key("select") { args.get_mut("select")?.as_object_mut()? } else { &mut args };
    let (from, to) = (moment(place.get("from")?)?, moment(place.get("to")?)?);
    let hours = (to - from).num_minutes().div_euclid(60);
    let (_, wide) = WIDEN.iter().find(|(most, _)| hours <= *most)?;
    let begun = to - Duration::hours(*wide);
    place.insert("from".into(), json!(begun.to_rfc3339_opts(SecondsFormat::AutoSi, true)));
    let days = wide / 24;
    let label = match lang {
        Lang::Ko => format!("{} (그 전 {days}일까지)", node.label),
        Lang::En => format!("{} (within {days} days before)", node.label),
    };
    let new = format!("{id}w");
    if plan.nodes().into_iter().any(|n| n.id == new) {
        return None;
    }
    let step = Node { id: new.clone(), label, kind: Kind::Tool { tool: tool.clone(), args }, ..node.clone() };
    let mut block = BlockSpec { from: new, ..block };
    if let Some(Value::String(subject)) = block.options.get_mut("subject") {
        *subject = match lang {
            Lang::Ko => format!("{subject} (더 넓은 {days}일)"),
            Lang::En => format!("{subject} (in the wider time of {days} days)"),
        };
    }
    if !beside(&mut plan.root, id, &step) || !say_after(&mut plan.root, id, &block) {
        return None;
    }
    let why = Localized::new(
        format!("물어보신 시간에는 자료가 없어 그 전 {days}일까지 넓혀 함께 조회합니다."),
        format!(
            "There is nothing in the time asked about, so the {days} days before its end are looked at as well."
        ),
    );
    note(&mut plan, "", "time", &why);
    Some(Alternative { change: Change::Wider, plan, why })
}

/// The one block that tells a step.
fn block_of(root: &Node, id: &str) -> Option<BlockSpec> {
    let Kind::Compose { blocks } = &root.kind else {
        return root.children().into_iter().find_map(|child| block_of(child, id));
    };
    let mut told = blocks.iter().filter(|b| b.from == id);
    told.next().filter(|_| told.next().is_none()).cloned()
}

/// Puts a node behind the one named; in a node that has children only.
fn beside(node: &mut Node, id: &str, new: &Node) -> bool {
    if let Kind::Seq { nodes } | Kind::Par { nodes, .. } | Kind::Dag { nodes } = &mut node.kind
        && let Some(at) = nodes.iter().position(|n| n.id == id)
    {
        nodes.insert(at + 1, new.clone());
        return true;
    }
    node.children_mut().into_iter().any(|child| beside(child, id, new))
}

/// Adds what is said behind what is said of the step named.
fn say_after(node: &mut Node, id: &str, block: &BlockSpec) -> bool {
    if let Kind::Compose { blocks } = &mut node.kind
        && let Some(at) = blocks.iter().position(|b| b.from == id)
    {
        blocks.insert(at + 1, block.clone());
        return true;
    }
    node.children_mut().into_iter().any(|child| say_after(child, id, block))
}

/// The change stands in the goal and among the reasons.
fn note(plan: &mut Plan, words: &str, slot: &str, why: &Localized) {
    let text = why.get(plan.lang).to_owned();
    plan.goal = format!("{} ({text})", plan.goal);
    plan.why.push(Reason { words: words.to_owned(), slot: slot.to_owned(), meaning: text });
}

#[cfg(test)]
mod tests;
