//! What a measurement found, for people and for programs.

use std::collections::BTreeMap;

use model::answer::AskResponse;
use serde_json::json;

use super::{Gold, Outcome};
use crate::cli::say;

/// The category reported apart: causes are found by another engine than answers.
const APART: &str = "root_cause";

/// Right and all of a category.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    right: usize,
    near: usize,
    all: usize,
}

impl Score {
    fn add(&mut self, outcome: &Outcome) {
        self.all += 1;
        self.right += usize::from(outcome.verdict.right);
        self.near += usize::from(outcome.verdict.near);
    }

    fn percent(self) -> f64 {
        if self.all == 0 {
            0.0
        } else {
            100.0 * f64::from(u32::try_from(self.right).unwrap_or(u32::MAX))
                / f64::from(u32::try_from(self.all).unwrap_or(u32::MAX))
        }
    }
}

/// Accuracy per category; every miss with plan and answer.
pub fn text(outcomes: &[Outcome], all: bool) {
    for outcome in outcomes.iter().filter(|outcome| all || !outcome.verdict.right) {
        miss(outcome);
    }
    let (categories, whole) = scores(outcomes);
    say::line("");
    for (category, score) in &categories {
        let near = if category == APART {
            format!("   among the first three {}", score.near)
        } else {
            String::new()
        };
        say::line(format_args!(
            "{category:<16} {:>3} / {:<3} {:>6.1} %{near}",
            score.right,
            score.all,
            score.percent()
        ));
    }
    say::line(format_args!(
        "{:<16} {:>3} / {:<3} {:>6.1} %   (without {APART})",
        "all",
        whole.right,
        whole.all,
        whole.percent()
    ));
    let (p50, p95) = latency(outcomes);
    say::line(format_args!("latency          p50 {p50:.1} ms   p95 {p95:.1} ms"));
    let (p50, p95) = planning(outcomes);
    say::line(format_args!("planner alone    p50 {p50:.2} ms   p95 {p95:.2} ms"));
}

fn miss(outcome: &Outcome) {
    let question = &outcome.question;
    let mark = if outcome.verdict.right { "✓" } else { "✗" };
    say::line(format_args!("\n{mark} {} [{}] {}", question.id, question.category, question.question));
    for turn in &question.context {
        say::line(format_args!("    before:  {} → {}", turn.user, turn.assistant));
    }
    if !outcome.verdict.why.is_empty() {
        say::line(format_args!("    why:     {}", outcome.verdict.why));
    }
    say::line(format_args!("    gold:    {}", gold(&question.gold)));
    if let Some(response) = &outcome.response {
        say::line(format_args!("    answer:  [{:?}] {}", response.status, indented(&response.answer)));
        for line in plan(response) {
            say::line(format_args!("    plan:    {line}"));
        }
    }
}

/// The steps of a plan with their arguments, a line each.
fn plan(response: &AskResponse) -> Vec<String> {
    let Some(plan) = &response.plan else { return vec!["(none)".into()] };
    let steps = response.steps.iter().map(|step| {
        let failed = step.error.as_deref().map(|error| format!(" — {error}")).unwrap_or_default();
        format!("{} {} {} → {:?}, {} rows{failed}", step.id, step.tool, step.args, step.status, step.rows)
    });
    std::iter::once(plan.goal.clone()).chain(steps).collect()
}

fn indented(text: &str) -> String {
    let text: String = text.chars().take(600).collect();
    text.replace('\n', "\n             ")
}

fn gold(gold: &Gold) -> String {
    format!("{gold:?}").chars().take(300).collect()
}

fn scores(outcomes: &[Outcome]) -> (BTreeMap<String, Score>, Score) {
    let mut categories: BTreeMap<String, Score> = BTreeMap::new();
    let mut whole = Score::default();
    for outcome in outcomes {
        // A cause without a signature in the resources is reported by itself.
        let unscored = matches!(outcome.question.gold, Gold::RootCause { scored: false, .. });
        let name = if unscored { format!("{APART} (service)") } else { outcome.question.category.clone() };
        categories.entry(name).or_default().add(outcome);
        if outcome.question.category != APART {
            whole.add(outcome);
        }
    }
    (categories, whole)
}

/// Median and 95th percentile of the time to an answer, in milliseconds.
fn latency(outcomes: &[Outcome]) -> (f64, f64) {
    spread(outcomes.iter().map(|outcome| outcome.ms).collect())
}

/// The same of the part in which a question becomes a plan.
fn planning(outcomes: &[Outcome]) -> (f64, f64) {
    spread(outcomes.iter().filter_map(|outcome| Some(outcome.response.as_ref()?.timing_ms.plan)).collect())
}

fn spread(mut all: Vec<f64>) -> (f64, f64) {
    all.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        all.get((all.len() * percent / 100).min(all.len().saturating_sub(1))).copied().unwrap_or(0.0)
    };
    (at(50), at(95))
}

/// Everything as one JSON object.
pub fn json(outcomes: &[Outcome]) -> anyhow::Result<()> {
    let (categories, whole) = scores(outcomes);
    let (p50, p95) = latency(outcomes);
    let (plan_p50, plan_p95) = planning(outcomes);
    let score = |score: &Score| json!({ "right": score.right, "near": score.near, "all": score.all, "percent": score.percent() });
    let report = json!({
        "categories": categories.iter().map(|(name, s)| (name.clone(), score(s))).collect::<serde_json::Map<_, _>>(),
        "all": score(&whole),
        "latency_ms": { "p50": p50, "p95": p95 },
        "planner_ms": { "p50": plan_p50, "p95": plan_p95 },
        "questions": outcomes.iter().map(|outcome| json!({
            "id": outcome.question.id,
            "category": outcome.question.category,
            "question": outcome.question.question,
            "right": outcome.verdict.right,
            "near": outcome.verdict.near,
            "why": outcome.verdict.why,
            "ms": outcome.ms,
            "response": outcome.response,
        })).collect::<Vec<_>>(),
    });
    say::line(serde_json::to_string_pretty(&report)?);
    Ok(())
}
