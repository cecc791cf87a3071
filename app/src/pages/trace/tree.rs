//! Steps of a run as a tree with times, in time proportional to their number: thirty thousand of them are ordinary.

use std::collections::{HashMap, HashSet};

use model::{
    plan::{Node, Plan, StepStatus},
    run::{RunDetail, RunStep},
};

use crate::i18n::t;

/// Name of the row of the whole run.
pub const RUN: &str = "run";
/// Name of the row of planning.
pub const PLANNING: &str = "~plan";
/// Name of the row of composing.
pub const COMPOSING: &str = "~compose";

/// A row of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Name in the run, or one of the names above.
    pub path: String,
    /// What it does.
    pub label: String,
    /// The tool, or the kind of node.
    pub tool: String,
    /// Depth, from 0.
    pub level: u32,
    /// The row that holds it.
    pub parent: Option<usize>,
    /// Milliseconds from the begin of the run.
    pub from: f64,
    /// Milliseconds from the begin of the run.
    pub until: f64,
    /// How it ended.
    pub status: StepStatus,
    /// Rows it gave.
    pub rows: u64,
    /// Calls it took.
    pub attempts: u32,
    /// What went wrong.
    pub error: Option<String>,
    /// The row after the last one below it.
    pub end: usize,
    /// The run took as long as it did because of it.
    pub critical: bool,
}

impl Span {
    /// Milliseconds.
    pub fn ms(&self) -> f64 {
        (self.until - self.from).max(0.0)
    }

    /// Whether it went wrong.
    pub fn bad(&self) -> bool {
        matches!(self.status, StepStatus::Failed | StepStatus::TimedOut | StepStatus::Denied)
    }
}

/// The tree, rows in the order they are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    /// Rows.
    pub spans: Vec<Span>,
    /// Row by name.
    pub index: HashMap<String, usize>,
    /// Milliseconds of the run.
    pub total: f64,
    /// Levels.
    pub depth: u32,
    /// Rows of the critical path, groups not counted.
    pub critical: u64,
}

/// Which node holds which, for the names inside of one plan.
fn holders(plan: &Plan) -> HashMap<&str, &str> {
    fn walk<'p>(node: &'p Node, out: &mut HashMap<&'p str, &'p str>) {
        for child in node.children() {
            out.insert(&child.id, &node.id);
            walk(child, out);
        }
    }
    let mut out = HashMap::new();
    walk(&plan.root, &mut out);
    out
}

/// What stands before the last name of a path, and that name: `s2[3]` and `s5` of `s2[3].s5`.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

/// A name without its round: `s2` of `s2[3]`.
fn bare(path: &str) -> &str {
    match path.strip_suffix(']').and_then(|rest| rest.rfind('[')) {
        Some(at) => &path[..at],
        None => path,
    }
}

struct Places<'r> {
    main: HashMap<&'r str, &'r str>,
    subs: HashMap<&'r str, HashMap<&'r str, &'r str>>,
    at: HashMap<&'r str, usize>,
}

impl<'r> Places<'r> {
    fn of(detail: &'r RunDetail, steps: &'r [RunStep]) -> Self {
        Self {
            main: detail.plan.as_ref().map(holders).unwrap_or_default(),
            subs: detail.subplans.iter().map(|(name, plan)| (name.as_str(), holders(plan))).collect(),
            at: steps.iter().enumerate().map(|(i, step)| (step.path.as_str(), i)).collect(),
        }
    }

    /// The step that holds a step; none when that is the run itself.
    fn holder(&self, path: &str) -> Option<usize> {
        let (prefix, mut leaf) = split(path);
        let scope = bare(prefix);
        let sub = self.subs.get(scope).or_else(|| self.subs.get(prefix));
        let own = split(scope).1;
        // A group that left no step of its own is passed over.
        while let Some(up) = sub.unwrap_or(&self.main).get(leaf) {
            if sub.is_none() && !prefix.is_empty() && *up == own {
                break;
            }
            let name = if prefix.is_empty() { (*up).to_owned() } else { format!("{prefix}.{up}") };
            if let Some(found) = self.at.get(name.as_str()) {
                return Some(*found);
            }
            leaf = up;
        }
        self.at.get(scope).or_else(|| self.at.get(prefix)).copied()
    }
}

/// Makes the tree of a run out of the steps that are here.
pub fn build(detail: &RunDetail, steps: &[RunStep]) -> Tree {
    let places = Places::of(detail, steps);
    let timing = detail.response.as_ref().map(|answer| answer.timing_ms).unwrap_or_default();
    let last = steps.iter().map(|s| s.started_ms + s.ms).fold(0.0_f64, f64::max);
    let total = detail.run.total_ms.unwrap_or(0.0).max(last).max(0.001);

    let mut below: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut top = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        match places.holder(&step.path).filter(|holder| *holder != i) {
            Some(holder) => below[holder].push(i),
            None => top.push(i),
        }
    }

    let mut out = Builder { steps, below, spans: Vec::with_capacity(steps.len() + 3) };
    let run = out.own(RUN, &detail.run.title, &detail.run.kind, 0, None, 0.0, total);
    if timing.plan > 0.0 {
        out.own(PLANNING, t().trace.planning(), "plan", 1, Some(run), 0.0, timing.plan.min(total));
    }
    out.put(top, run);
    if timing.compose > 0.0 && !steps.iter().any(|s| s.tool == "compose") {
        let from = (total - timing.compose).max(0.0);
        out.own(COMPOSING, t().trace.composing(), "compose", 1, Some(run), from, total);
    }
    let mut spans = out.spans;
    let count = spans.len();
    if let Some(first) = spans.first_mut() {
        first.end = count;
    }
    let critical = mark(&mut spans);
    Tree {
        index: spans.iter().enumerate().map(|(i, s)| (s.path.clone(), i)).collect(),
        total,
        depth: spans.iter().map(|s| s.level).max().unwrap_or(0),
        critical,
        spans,
    }
}

struct Builder<'r> {
    steps: &'r [RunStep],
    below: Vec<Vec<usize>>,
    spans: Vec<Span>,
}

impl Builder<'_> {
    #[expect(clippy::too_many_arguments, reason = "a row that is no step")]
    fn own(
        &mut self,
        path: &str,
        label: &str,
        tool: &str,
        level: u32,
        parent: Option<usize>,
        from: f64,
        until: f64,
    ) -> usize {
        let at = self.spans.len();
        self.spans.push(Span {
            path: path.to_owned(),
            label: label.to_owned(),
            tool: tool.to_owned(),
            level,
            parent,
            from,
            until,
            status: StepStatus::Ok,
            rows: 0,
            attempts: 0,
            error: None,
            end: at + 1,
            critical: false,
        });
        at
    }

    /// Puts steps below a row, each followed by what is below it. A stack of its own: depth is data.
    fn put(&mut self, top: Vec<usize>, under: usize) {
        enum Work {
            Open(usize, usize),
            Close(usize),
        }
        let mut stack: Vec<Work> = top.into_iter().rev().map(|step| Work::Open(step, under)).collect();
        while let Some(work) = stack.pop() {
            match work {
                Work::Close(at) => self.spans[at].end = self.spans.len(),
                Work::Open(step, parent) => {
                    let at = self.spans.len();
                    let level = self.spans[parent].level + 1;
                    let children = std::mem::take(&mut self.below[step]);
                    let step = &self.steps[step];
                    self.spans.push(Span {
                        path: step.path.clone(),
                        label: if step.label.is_empty() { name_of(&step.tool) } else { step.label.clone() },
                        tool: step.tool.clone(),
                        level,
                        parent: Some(parent),
                        from: step.started_ms,
                        until: step.started_ms + step.ms,
                        status: step.status,
                        rows: step.rows,
                        attempts: step.attempts,
                        error: step.error.clone(),
                        end: at + 1,
                        critical: false,
                    });
                    stack.push(Work::Close(at));
                    stack.extend(children.into_iter().rev().map(|child| Work::Open(child, at)));
                }
            }
        }
    }
}

fn name_of(tool: &str) -> String {
    match tool {
        "seq" => t().trace.r_seq().to_owned(),
        "compose" => t().trace.composing().to_owned(),
        other => other.to_owned(),
    }
}

/// Marks the rows that made the run as long as it was: from the end of each marked row back, the one below it that
/// ended last, then the last one that had ended before that began. Gives how many rows without others below are marked.
fn mark(spans: &mut [Span]) -> u64 {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); spans.len()];
    for (i, span) in spans.iter().enumerate() {
        if let Some(parent) = span.parent {
            below[parent].push(i);
        }
    }
    for children in &mut below {
        children.sort_by(|a, b| spans[*b].until.total_cmp(&spans[*a].until));
    }
    let mut open = vec![0];
    let mut leaves = 0;
    while let Some(at) = open.pop() {
        let Some(span) = spans.get_mut(at) else { continue };
        span.critical = true;
        let mut edge = span.until;
        if below[at].is_empty() {
            leaves += 1;
        }
        for child in &below[at] {
            let span = &spans[*child];
            // clocks of steps are read one after the other: a little overlap is none
            if span.until <= edge + 0.05 && span.ms() > 0.0 {
                edge = span.from;
                open.push(*child);
            }
        }
    }
    leaves
}

/// The rows that are shown: what is below a closed row is left out.
pub fn shown(tree: &Tree, closed: &HashSet<String>) -> Vec<u32> {
    let mut out = Vec::with_capacity(tree.spans.len());
    let mut at = 0;
    while let Some(span) = tree.spans.get(at) {
        out.push(u32::try_from(at).unwrap_or(u32::MAX));
        at = if span.end > at + 1 && closed.contains(&span.path) { span.end } else { at + 1 };
    }
    out
}

/// Steps of a nice size over a length of time, in milliseconds, at most `most` of them.
pub fn ticks(from: f64, until: f64, most: f64) -> Vec<f64> {
    let span = (until - from).max(0.001);
    let raw = span / most;
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|s| *s >= raw).unwrap_or(raw);
    let mut at = (from / step).ceil() * step;
    let mut out = Vec::new();
    while at <= until + step * 1e-6 && out.len() < 64 {
        out.push(at);
        at += step;
    }
    out
}

#[cfg(test)]
pub mod tests {
    use chrono::{DateTime, Utc};
    use model::{
        RunId, UserId,
        run::{RunStatus, RunSummary, Spent, StepPage},
    };
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    pub fn step(path: &str, tool: &str, started_ms: f64, ms: f64) -> RunStep {
        RunStep {
            ord: 1,
            path: path.to_owned(),
            tool: tool.to_owned(),
            label: String::new(),
            status: StepStatus::Ok,
            started_ms,
            ms,
            rows: 1,
            bytes: 0,
            attempts: 1,
            cached: false,
            copied: false,
            error: None,
            code: String::new(),
        }
    }

    pub fn detail(root: Value, subplans: Vec<(String, Value)>) -> RunDetail {
        let plan = |root: Value| {
            serde_json::from_value::<Plan>(json!({
                "goal": "", "lang": "en", "origin": {"by": "rule"}, "root": root, "confidence": 1.0
            }))
            .unwrap()
        };
        RunDetail {
            run: RunSummary {
                id: RunId(Uuid::nil()),
                kind: "ask".to_owned(),
                status: RunStatus::Answered,
                title: "?".to_owned(),
                template: String::new(),
                user: UserId(Uuid::nil()),
                user_name: String::new(),
                thread_id: None,
                started_at: DateTime::<Utc>::default(),
                finished_at: None,
                total_ms: Some(100.0),
                steps: 0,
                tokens: 0,
                cost: 0.0,
                trace_id: String::new(),
                forked_from: None,
                forked_step: None,
                takeovers: 0,
                trend: Vec::new(),
            },
            request: Value::Null,
            plan: Some(plan(root)),
            subplans: subplans.into_iter().map(|(name, root)| (name, plan(root))).collect(),
            replans: Vec::new(),
            steps: StepPage::default(),
            spent: Spent::default(),
            approvals: Vec::new(),
            forks: Vec::new(),
            response: None,
        }
    }

    fn tool(id: &str) -> Value {
        json!({"id": id, "kind": "tool", "tool": "ci.search", "args": {}})
    }

    fn lines(tree: &Tree) -> Vec<String> {
        tree.spans.iter().map(|s| format!("{}{}", " ".repeat(s.level as usize), s.path)).collect()
    }

    #[test]
    fn rounds_of_a_loop_stand_below_it_and_its_body_below_the_round() {
        let body = json!({"id": "s3", "kind": "seq", "nodes": [tool("s4"), tool("s5")]});
        let root = json!({"id": "root", "kind": "seq", "nodes": [tool("s1"),
            {"id": "s2", "kind": "for_each", "items": "$s1.rows", "var": "item", "body": body, "max": 9, "par": 1}]});
        let steps = [
            step("root", "seq", 0.0, 90.0),
            step("s1", "ci.search", 0.0, 10.0),
            step("s2", "for_each", 10.0, 80.0),
            step("s2[0].s3", "seq", 10.0, 40.0),
            step("s2[0].s4", "ci.search", 10.0, 20.0),
            step("s2[0].s5", "ci.search", 30.0, 20.0),
            step("s2[1].s3", "seq", 50.0, 40.0),
        ];
        let tree = build(&detail(root, Vec::new()), &steps);
        assert_eq!(
            lines(&tree),
            ["run", " root", "  s1", "  s2", "   s2[0].s3", "    s2[0].s4", "    s2[0].s5", "   s2[1].s3"]
        );
        assert_eq!(tree.spans[3].end, 8);
    }

    #[test]
    fn groups_that_left_no_step_are_passed_over_and_sub_plans_have_names_of_their_own() {
        let root = json!({"id": "root", "kind": "seq", "nodes": [{"id": "s4", "kind": "expand", "question": "?", "max_depth": 1}]});
        let sub = json!({"id": "root", "kind": "seq", "nodes": [tool("s1"), tool("s2")]});
        let steps = [
            step("s4", "expand", 0.0, 50.0),
            step("s4.s1", "ci.search", 0.0, 20.0),
            step("s4.s2", "ci.search", 20.0, 20.0),
        ];
        let tree = build(&detail(root, vec![("s4".to_owned(), sub)]), &steps);
        assert_eq!(lines(&tree), ["run", " s4", "  s4.s1", "  s4.s2"]);
    }

    #[test]
    fn of_steps_at_the_same_time_the_longest_is_critical() {
        let root = json!({"id": "p", "kind": "par", "nodes": [tool("s1"), tool("s2"), tool("s3")]});
        let steps = [
            step("p", "par", 0.0, 100.0),
            step("s1", "ci.search", 0.0, 30.0),
            step("s2", "ci.search", 31.0, 69.0),
            step("s3", "ci.search", 0.0, 60.0),
        ];
        let tree = build(&detail(root, Vec::new()), &steps);
        let marked: Vec<&str> = tree.spans.iter().filter(|s| s.critical).map(|s| s.path.as_str()).collect();
        assert_eq!(marked, ["run", "p", "s1", "s2"]);
        assert_eq!(tree.critical, 2);
    }

    #[test]
    fn a_closed_row_hides_what_is_below_it() {
        let root = json!({"id": "p", "kind": "par", "nodes": [tool("s1"), tool("s2")]});
        let steps = [
            step("p", "par", 0.0, 9.0),
            step("s1", "ci.search", 0.0, 9.0),
            step("s2", "ci.search", 0.0, 9.0),
        ];
        let tree = build(&detail(root, Vec::new()), &steps);
        assert_eq!(shown(&tree, &HashSet::new()).len(), 4);
        assert_eq!(shown(&tree, &HashSet::from(["p".to_owned()])), [0, 1]);
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(0.0, 3800.0, 8.0), [0.0, 500.0, 1000.0, 1500.0, 2000.0, 2500.0, 3000.0, 3500.0]);
        assert!(ticks(0.0, 0.0004, 6.0).len() <= 7);
    }
}
