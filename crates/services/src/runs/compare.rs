//! Two runs side by side: in one sentence, step by step, and what differed.

use std::collections::HashMap;

use model::{
    Localized, RunId, perm,
    run::{RunComparison, RunSummary, StepPair, ValueChange},
};
use serde_json::Value;

use super::{
    held,
    read::{self, Compared},
};
use crate::{access::Caller, app::App, error::Result};

/// Most steps compared.
const STEPS: i64 = 2_000;
/// Most arguments of a step that are named as different.
const ARGS: usize = 20;
/// Most steps named as slower or faster.
const SLOWER: usize = 20;
/// Differences of time below this, in milliseconds, are noise.
const NOISE_MS: f64 = 1.0;

/// Two runs the caller may see.
pub async fn compare(app: &App, caller: &Caller, a: RunId, b: RunId) -> Result<RunComparison> {
    let may = caller.grant::<perm::RunRead>()?;
    let mut tx = app.db.tenant(caller).await?;
    let first = held(&mut tx, may, caller, a).await?;
    let second = held(&mut tx, may, caller, b).await?;
    let steps_a = read::compared(&mut tx, may, a, STEPS).await?;
    let steps_b = read::compared(&mut tx, may, b, STEPS).await?;
    let steps = pairs(steps_a, steps_b);
    let slower = slower(&steps);
    let text = |stored: &read::Stored| {
        stored.response.as_ref().map(|response| response.answer.clone()).unwrap_or_default()
    };
    let (answer_a, answer_b) = (text(&first), text(&second));
    let plan_differs =
        first.plan.as_ref().map(|plan| &plan.root) != second.plan.as_ref().map(|plan| &plan.root);
    let answer_differs = answer_a != answer_b;
    let differing = steps.iter().filter(|pair| !pair.differs.is_empty()).count();
    let verdict = verdict(&first.summary, &second.summary, answer_differs, differing, slower.first());
    Ok(RunComparison {
        a: first.summary,
        b: second.summary,
        verdict,
        plan_differs,
        answer_differs,
        answer_a,
        answer_b,
        steps,
        slower,
    })
}

fn pairs(a: Vec<Compared>, b: Vec<Compared>) -> Vec<StepPair> {
    let mut others: HashMap<String, (usize, Compared)> =
        b.into_iter().enumerate().map(|(i, step)| (step.step.path.clone(), (i, step))).collect();
    let mut pairs: Vec<StepPair> = a
        .into_iter()
        .map(|step| match others.remove(&step.step.path) {
            Some((_, other)) => both(step, other),
            None => alone(step, true),
        })
        .collect();
    let mut rest: Vec<(usize, Compared)> = others.into_values().collect();
    rest.sort_by_key(|(i, _)| *i);
    pairs.extend(rest.into_iter().map(|(_, step)| alone(step, false)));
    pairs
}

fn alone(step: Compared, first: bool) -> StepPair {
    let path = step.step.path.clone();
    let (a, b) = if first { (Some(step.step), None) } else { (None, Some(step.step)) };
    StepPair {
        path,
        a,
        b,
        differs: vec![if first { "only_a" } else { "only_b" }.to_owned()],
        args: Vec::new(),
    }
}

fn both(a: Compared, b: Compared) -> StepPair {
    let mut args = Vec::new();
    changes(&a.args, &b.args, "", &mut args);
    let checks = [
        ("tool", a.step.tool != b.step.tool),
        ("status", a.step.status != b.step.status),
        ("args", !args.is_empty()),
        ("rows", a.step.rows != b.step.rows),
        ("output", a.output != b.output),
    ];
    let differs = checks.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned()).collect();
    StepPair { path: a.step.path.clone(), a: Some(a.step), b: Some(b.step), differs, args }
}

/// Every place where two values differ.
fn changes(a: &Value, b: &Value, path: &str, out: &mut Vec<ValueChange>) {
    if a == b || out.len() >= ARGS {
        return;
    }
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let mut keys: Vec<&String> =
                x.keys().chain(y.keys().filter(|key| !x.contains_key(*key))).collect();
            keys.sort();
            for key in keys {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                changes(x.get(key).unwrap_or(&Value::Null), y.get(key).unwrap_or(&Value::Null), &below, out);
            }
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            for (i, (x, y)) in x.iter().zip(y).enumerate() {
                changes(x, y, &format!("{path}[{i}]"), out);
            }
        }
        _ => out.push(ValueChange { path: path.to_owned(), a: a.clone(), b: b.clone() }),
    }
}

fn slower(steps: &[StepPair]) -> Vec<(String, f64)> {
    let mut by: Vec<(String, f64)> = steps
        .iter()
        .filter_map(|pair| {
            let (a, b) = (pair.a.as_ref()?, pair.b.as_ref()?);
            // A group takes as long as what is in it; only steps that call something say where the time went.
            let works = a.attempts > 0 || b.attempts > 0;
            Some((pair.path.clone(), b.ms - a.ms)).filter(|(_, by)| works && by.abs() >= NOISE_MS)
        })
        .collect();
    by.sort_by(|(p, x), (q, y)| y.abs().total_cmp(&x.abs()).then_with(|| p.cmp(q)));
    by.truncate(SLOWER);
    by
}

fn verdict(
    a: &RunSummary,
    b: &RunSummary,
    answer_differs: bool,
    differing: usize,
    most: Option<&(String, f64)>,
) -> Localized {
    let (mut ko, mut en) = match (answer_differs, differing) {
        (false, 0) => {
            ("답과 모든 단계가 같습니다".to_owned(), "answer and all steps are the same".to_owned())
        }
        (false, n) => {
            (format!("답은 같고 단계 {n}개가 다릅니다"), format!("the answer is the same, {n} steps differ"))
        }
        (true, 0) => (
            "단계는 같지만 답이 다릅니다".to_owned(),
            "the steps are the same, the answer differs".to_owned(),
        ),
        (true, n) => {
            (format!("답이 다르고 단계 {n}개가 다릅니다"), format!("the answer and {n} steps differ"))
        }
    };
    if let (Some(x), Some(y)) = (a.total_ms, b.total_ms) {
        let by = y - x;
        if by.abs() >= NOISE_MS {
            let (word_ko, word_en) =
                if by > 0.0 { ("느립니다", "slower") } else { ("빠릅니다", "faster") };
            ko.push_str(&format!("; 두 번째가 {:.0} ms {word_ko}", by.abs()));
            en.push_str(&format!("; the second is {:.0} ms {word_en}", by.abs()));
            if let Some((path, step)) = most.filter(|(_, step)| (*step > 0.0) == (by > 0.0)) {
                ko.push_str(&format!(", 그중 {path} 단계에서 {:.0} ms", step.abs()));
                en.push_str(&format!(", {:.0} ms of it in the step {path}", step.abs()));
            }
        }
    }
    Localized::new(ko, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_difference_of_arguments_is_named_with_its_place() {
        let mut out = Vec::new();
        changes(
            &json!({"ci": ["a", "b"], "last": "1h", "filter": [{"value": 1}]}),
            &json!({"ci": ["a", "b"], "last": "2h", "filter": [{"value": 2}], "limit": 3}),
            "",
            &mut out,
        );
        let places: Vec<&str> = out.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(places, ["filter[0].value", "last", "limit"]);
    }
}
