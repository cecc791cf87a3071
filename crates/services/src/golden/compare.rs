//! What of an answer is to come out again, and how two of them differ.

use std::collections::BTreeMap;

use model::{
    answer::{AnswerBlock, AnswerStatus, AskResponse},
    golden::{CheckOutcome, Difference, DifferenceIn},
    plan::{Kind, Node},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Differences told of one check.
const TOLD: usize = 100;
/// Numbers kept of one answer.
const NUMBERS: usize = 2_000;
/// Two numbers nearer than this, relative to their size, are the same.
const NEAR: f64 = 1e-9;

/// What of an answer is to come out again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// How the question ended.
    pub status: AnswerStatus,
    /// The answer as plain text.
    pub answer: String,
    /// Numbers by what they are of.
    pub numbers: Vec<(String, f64)>,
    /// Steps of the plan by their place.
    pub plan: Vec<(String, String)>,
}

impl Expected {
    /// What of this answer is to come out again.
    pub fn of(answer: &AskResponse) -> Self {
        let mut numbers = Numbers::default();
        for block in &answer.blocks {
            numbers.take(block);
        }
        let mut plan = Vec::new();
        if let Some(answered) = &answer.plan {
            steps(&answered.root, "1", &mut plan);
        }
        Self { status: answer.status, answer: answer.answer.clone(), numbers: numbers.out, plan }
    }
}

#[derive(Default)]
struct Numbers {
    out: Vec<(String, f64)>,
    seen: BTreeMap<String, u32>,
}

impl Numbers {
    fn take(&mut self, block: &AnswerBlock) {
        match block {
            AnswerBlock::Number { label, value, .. } => self.add(label.clone(), *value),
            AnswerBlock::Table { title, columns, rows, total, .. } => {
                #[expect(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
                self.add(format!("{title} · rows"), *total as f64);
                for row in rows {
                    let name = name_of(row, columns.iter().filter(|c| !c.numeric).map(|c| c.key.as_str()));
                    for column in columns.iter().filter(|c| c.numeric) {
                        if let Some(value) = row.get(&column.key).and_then(Value::as_f64) {
                            self.add(format!("{title} · {name} · {}", column.label), value);
                        }
                    }
                }
            }
            AnswerBlock::Chart { title, series, .. } => {
                for line in series {
                    let sum: f64 = line.points.iter().map(|point| point.1).filter(|v| v.is_finite()).sum();
                    self.add(format!("{title} · {} · Σ", line.name), sum);
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            AnswerBlock::Topology { title, graph, .. } => {
                self.add(format!("{title} · items"), graph.nodes.len() as f64);
            }
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            AnswerBlock::Timeline { title, entries, .. } => {
                self.add(format!("{title} · entries"), entries.len() as f64);
            }
            _ => {}
        }
    }

    /// A name that comes twice is numbered, so that rows of the same name are compared in order.
    fn add(&mut self, name: String, value: f64) {
        if self.out.len() >= NUMBERS || !value.is_finite() {
            return;
        }
        let n = self.seen.entry(name.clone()).or_insert(0);
        *n += 1;
        self.out.push((if *n == 1 { name } else { format!("{name} #{n}") }, value));
    }
}

/// The first two texts of a row, which tell it apart.
fn name_of<'a>(row: &Map<String, Value>, keys: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<String> = keys
        .filter_map(|key| match row.get(key)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        })
        .take(2)
        .collect();
    texts.join(" ")
}

/// Steps with their arguments. Identifiers of nodes are left out: a plan that only numbers its steps otherwise is the
/// same plan.
fn steps(node: &Node, place: &str, out: &mut Vec<(String, String)>) {
    let said = match &node.kind {
        Kind::Tool { tool, args } => format!("{tool} {}", Value::Object(args.clone())),
        _ => {
            let mut own = serde_json::to_value(&node.kind).unwrap_or_default();
            if let Some(map) = own.as_object_mut() {
                for inside in ["nodes", "then", "else", "body", "cases", "default", "plan"] {
                    map.remove(inside);
                }
            }
            own.to_string()
        }
    };
    out.push((place.to_owned(), said));
    for (n, child) in node.children().into_iter().enumerate() {
        steps(child, &format!("{place}.{}", n + 1), out);
    }
}

/// How `now` differs from what was expected.
pub fn compare(expected: &Expected, now: &Expected) -> (CheckOutcome, Vec<Difference>) {
    let mut found = Vec::new();
    let mut told = |r#in, what: &str, before: Option<String>, after: Option<String>| {
        found.push(Difference { r#in, what: what.to_owned(), before, after });
    };
    if expected.status != now.status {
        told(DifferenceIn::Status, "status", Some(word(expected.status)), Some(word(now.status)));
    }
    let after: BTreeMap<&str, f64> = now.numbers.iter().map(|(name, v)| (name.as_str(), *v)).collect();
    let before: BTreeMap<&str, f64> = expected.numbers.iter().map(|(name, v)| (name.as_str(), *v)).collect();
    for (name, value) in &expected.numbers {
        match after.get(name.as_str()) {
            Some(other) if near(*value, *other) => {}
            other => told(
                DifferenceIn::Number,
                name,
                Some(value.to_string()),
                other.map(std::string::ToString::to_string),
            ),
        }
    }
    for (name, value) in now.numbers.iter().filter(|(name, _)| !before.contains_key(name.as_str())) {
        told(DifferenceIn::Number, name, None, Some(value.to_string()));
    }
    let plan: BTreeMap<&str, &str> = now.plan.iter().map(|(p, s)| (p.as_str(), s.as_str())).collect();
    let planned: BTreeMap<&str, &str> = expected.plan.iter().map(|(p, s)| (p.as_str(), s.as_str())).collect();
    for (place, step) in &expected.plan {
        let other = plan.get(place.as_str());
        if other != Some(&step.as_str()) {
            told(DifferenceIn::Plan, place, Some(step.clone()), other.map(|s| (*s).to_owned()));
        }
    }
    for (place, step) in now.plan.iter().filter(|(place, _)| !planned.contains_key(place.as_str())) {
        told(DifferenceIn::Plan, place, None, Some(step.clone()));
    }
    let reworded = expected.answer != now.answer;
    let outcome = match (found.is_empty(), reworded) {
        (true, false) => CheckOutcome::Same,
        (true, true) => CheckOutcome::Reworded,
        (false, _) => CheckOutcome::Changed,
    };
    found.truncate(TOLD - 1);
    if reworded {
        found.push(Difference {
            r#in: DifferenceIn::Text,
            what: "answer".to_owned(),
            before: Some(expected.answer.clone()),
            after: Some(now.answer.clone()),
        });
    }
    (outcome, found)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= NEAR * a.abs().max(b.abs()).max(1.0)
}

fn word(status: AnswerStatus) -> String {
    serde_json::to_value(status).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(numbers: &[(&str, f64)], plan: &[&str], answer: &str) -> Expected {
        Expected {
            status: AnswerStatus::Answered,
            answer: answer.to_owned(),
            numbers: numbers.iter().map(|(name, v)| ((*name).to_owned(), *v)).collect(),
            plan: plan.iter().enumerate().map(|(n, s)| (format!("1.{n}"), (*s).to_owned())).collect(),
        }
    }

    #[test]
    fn the_same_answer_has_no_differences() {
        let one = expected(&[("servers", 12.0)], &["ci.aggregate {}"], "12");
        assert_eq!(compare(&one, &one.clone()), (CheckOutcome::Same, Vec::new()));
    }

    #[test]
    fn rounding_of_sums_is_no_difference_and_another_number_is() {
        let one = expected(&[("load", 0.3)], &[], "a");
        let near = expected(&[("load", 0.1 + 0.2)], &[], "a");
        assert_eq!(compare(&one, &near).0, CheckOutcome::Same);
        let (outcome, found) = compare(&one, &expected(&[("load", 0.31)], &[], "a"));
        assert_eq!(outcome, CheckOutcome::Changed);
        assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (Some("0.3"), Some("0.31")));
    }

    #[test]
    fn numbers_that_came_or_went_are_told() {
        let (_, found) = compare(&expected(&[("a", 1.0)], &[], ""), &expected(&[("b", 2.0)], &[], ""));
        let told: Vec<_> =
            found.iter().map(|d| (d.what.as_str(), d.before.is_some(), d.after.is_some())).collect();
        assert_eq!(told, [("a", true, false), ("b", false, true)]);
    }

    #[test]
    fn other_words_alone_are_told_apart_from_other_facts() {
        let (outcome, found) = compare(&expected(&[], &["x"], "one"), &expected(&[], &["x"], "two"));
        assert_eq!((outcome, found[0].r#in), (CheckOutcome::Reworded, DifferenceIn::Text));
        assert_eq!(compare(&expected(&[], &["x"], ""), &expected(&[], &["y"], "")).0, CheckOutcome::Changed);
    }

    #[test]
    fn rows_of_the_same_name_are_compared_in_order() {
        let mut numbers = Numbers::default();
        numbers.add("t · web · cpu".to_owned(), 1.0);
        numbers.add("t · web · cpu".to_owned(), 2.0);
        assert_eq!(numbers.out[1].0, "t · web · cpu #2");
    }
}
