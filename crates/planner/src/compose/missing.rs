//! What could not be found out, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::{
    Lang,
    plan::{Kind, Node, Plan, StepStatus},
};
use serde_json::Value;

use super::{
    StepResult,
    korean::{self, Josa},
    prose::Prose,
    step::{Frame, Step},
    value,
};

/// Why a step gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Its condition was false: nothing is missing.
    NotWanted,
    /// An earlier step found nothing; the text says what.
    Empty(String),
    /// Something went wrong; the text says what.
    Broken(String),
}

/// Why the step `id` gave nothing, following what it refers to.
pub fn cause(frame: Frame<'_>, plan: &Plan, results: &BTreeMap<String, StepResult>, id: &str) -> Cause {
    let nodes = plan.nodes();
    let mut id = id.to_owned();
    // As many rounds as there are steps: a plan that refers in circles ends all the same.
    for _ in 0..=nodes.len() {
        let node = nodes.iter().find(|node| node.id == id);
        let Some(result) = results.get(&id) else {
            return match results.iter().find(|(_, result)| broken(result.status)) {
                Some((_, result)) => Cause::Broken(reason(frame, result)),
                None => Cause::NotWanted,
            };
        };
        if result.status != StepStatus::Skipped {
            return Cause::Broken(reason(frame, result));
        }
        let sources = node.map(|node| references(node)).unwrap_or_default();
        let gone = sources.iter().find(|source| {
            results
                .get(*source)
                .is_none_or(|result| !matches!(result.status, StepStatus::Ok | StepStatus::Partial))
        });
        if let Some(source) = gone.filter(|source| **source != id) {
            id = source.clone();
            continue;
        }
        let empty = sources
            .iter()
            .filter_map(|source| nodes.iter().find(|node| node.id == **source))
            .find(|source| results.get(&source.id).is_some_and(|result| result.output.rows.is_empty()));
        return match (empty, &result.error) {
            (Some(source), _) => Cause::Empty(nothing_in(frame, source)),
            (None, Some(error)) => Cause::Broken(error.clone()),
            (None, None) => Cause::NotWanted,
        };
    }
    Cause::NotWanted
}

fn broken(status: StepStatus) -> bool {
    matches!(status, StepStatus::Failed | StepStatus::TimedOut | StepStatus::Denied | StepStatus::Cancelled)
}

fn reason(frame: Frame<'_>, result: &StepResult) -> String {
    if let Some(error) = result.error.as_deref().map(str::trim).filter(|error| !error.is_empty()) {
        return error.trim_end_matches('.').to_owned();
    }
    let (ko, en) = match result.status {
        StepStatus::TimedOut => {
            ("주어진 시간 안에 끝나지 않았습니다", "it did not finish in the time allowed")
        }
        StepStatus::Cancelled => ("중단되었습니다", "it was stopped"),
        StepStatus::Denied => ("이 자료를 볼 권한이 없습니다", "you may not see this data"),
        _ => ("단계를 마치지 못했습니다", "the step did not finish"),
    };
    frame.pick(ko, en).to_owned()
}

fn nothing_in(frame: Frame<'_>, source: &Node) -> String {
    let label = source.label.trim();
    match (frame.lang, label) {
        (_, "") => frame
            .pick("먼저 찾아야 할 대상이 없습니다", "what had to be found first does not exist")
            .to_owned(),
        (Lang::Ko, label) => format!("'{label}' 단계에서 해당하는 것이 없습니다"),
        (Lang::En, label) => format!("the step '{label}' found nothing"),
    }
}

/// The steps a node refers to in its arguments.
fn references(node: &Node) -> Vec<String> {
    let mut out = Vec::new();
    match &node.kind {
        Kind::Tool { args, .. } => args.values().for_each(|value| collect(value, &mut out)),
        Kind::ForEach { items, body, .. } => {
            collect(&Value::String(items.clone()), &mut out);
            out.extend(references(body));
        }
        _ => node.children().into_iter().for_each(|child| out.extend(references(child))),
    }
    out
}

fn collect(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let Some(path) = text.strip_prefix('$').filter(|path| !path.starts_with('$')) else { return };
            let id: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !id.is_empty() && !out.contains(&id) {
                out.push(id);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The sentence about something that is not there.
pub fn sentence(frame: Frame<'_>, label: &str, cause: &Cause) -> Prose {
    let mut prose = Prose::default();
    let why = match cause {
        Cause::NotWanted => return prose,
        Cause::Empty(why) | Cause::Broken(why) => why,
    };
    let label = if label.trim().is_empty() { frame.pick("이 부분", "this part") } else { label.trim() };
    match frame.lang {
        Lang::Ko => prose.text(&format!("{} 알 수 없습니다: {why}.", korean::with(label, Josa::Topic))),
        Lang::En => prose.text(&format!("Not available: {label}, because {why}.")),
    };
    prose
}

/// The sentence about a step of which a part is missing; nothing when the step does not say why.
pub fn in_part(frame: Frame<'_>, result: &StepResult) -> Prose {
    let mut prose = Prose::default();
    if result.error.is_some() {
        let why = reason(frame, result);
        match frame.lang {
            Lang::Ko => prose.text(&format!("일부는 알 수 없습니다: {why}.")),
            Lang::En => prose.text(&format!("A part is not available because {why}.")),
        };
    }
    prose
}

/// The time covered by the data a step looks at.
fn covers(step: &Step<'_>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    step.record.map(|record| record.covers).or_else(|| step.metric.map(|metric| metric.covers))?
}

/// Whether a remark of a tool is the one [`outside`] makes: it names the first day there is data for.
pub fn repeats_outside(step: &Step<'_>, note: &str) -> bool {
    covers(step).is_some_and(|(first, _)| note.contains(&first.format("%Y-%m-%d").to_string()))
}

/// Says that the window of a step lies outside the data, when it does.
pub fn outside(step: &Step<'_>) -> Option<Prose> {
    let covers = covers(step)?;
    let args = step.args?;
    let select = args.get("select").and_then(Value::as_object).unwrap_or(args);
    let moment = |key: &str| select.get(key).and_then(value::as_time);
    let after = moment("from").is_some_and(|from| from > covers.1);
    let before = moment("to").is_some_and(|to| to <= covers.0);
    if !after && !before {
        return None;
    }
    let frame = step.frame;
    let what = step
        .record
        .map(|record| &record.label)
        .or_else(|| step.metric.map(|metric| &metric.label))
        .map(|label| label.get(frame.lang))
        .unwrap_or_default();
    let mut prose = Prose::default();
    let show = |at: DateTime<Utc>| value::time(at, frame.tz);
    let (from, to) = (show(covers.0), show(covers.1));
    match frame.lang {
        Lang::Ko => prose.text(&format!(
            "물어보신 기간의 {what} 자료는 없습니다. 자료가 있는 기간은 {from}부터 {to}까지입니다."
        )),
        Lang::En => {
            prose.text(&format!("There is no {what} data for that time. The data covers {from} to {to}."))
        }
    };
    prose.cite(step.n);
    Some(prose)
}
