//! The answer of a run whose plan was changed on the way: what was asked first, what the other way gave, and why it was
//! taken.
//!
//! Invariant: what was not found stays not found. A wider look is told beside that, never instead of it.

use std::collections::BTreeSet;

use model::{
    Lang,
    answer::{AnswerBlock, AnswerStatus, Evidence},
    plan::Plan,
};
use planner::compose::Composed;

/// Puts both answers together. `prefix` stands before the steps of the other plan.
pub fn combine(
    (plan, first): (&Plan, Composed),
    (other_plan, mut other): (&Plan, Composed),
    why: &str,
    prefix: &str,
) -> Composed {
    let names =
        |plan: &Plan| -> BTreeSet<String> { plan.nodes().iter().map(|node| node.id.clone()).collect() };
    let (had, has) = (names(plan), names(other_plan));
    let reached = matches!(other.status, AnswerStatus::Answered | AnswerStatus::Partial);
    let added: Vec<&String> = has.difference(&had).collect();
    // A look beside what was asked keeps every step of it.
    let beside = had.is_subset(&has) && !added.is_empty();
    let found: u64 =
        other.evidence.iter().filter(|one| added.contains(&&one.step)).map(|one| one.rows).max().unwrap_or(0);
    for one in &mut other.evidence {
        one.step = format!("{prefix}{}", one.step);
    }
    if beside {
        // The sentence about the wider look leads to its step.
        let wide = |one: &&Evidence| added.iter().any(|step| one.step == format!("{prefix}{step}"));
        let refs = other.evidence.iter().find(wide).map(|one| one.n).into_iter().collect();
        return wider(plan.lang, first, other, why, (if reached { found } else { 0 }, refs));
    }
    if !reached {
        return with(first, why.to_owned());
    }
    other.answer = format!("{why}\n{}", other.answer);
    other.blocks.insert(0, text(why.to_owned()));
    other
}

/// In words only how much there is: what was asked is answered by what stands before. The page shows the rows.
fn wider(
    lang: Lang,
    first: Composed,
    other: Composed,
    why: &str,
    (found, refs): (u64, Vec<u32>),
) -> Composed {
    let told = match (found, lang) {
        (0, Lang::Ko) => format!("{why} 거기에도 없습니다."),
        (0, Lang::En) => format!("{why} There is nothing there either."),
        (rows, Lang::Ko) => format!("{why} {rows}건이 있습니다."),
        (rows, Lang::En) => format!("{why} There: {rows}."),
    };
    if found == 0 {
        return with(first, told);
    }
    let mut blocks = other.blocks;
    let after_words =
        blocks.iter().take_while(|block| matches!(block, AnswerBlock::Text { .. })).count().min(1);
    blocks.insert(after_words, AnswerBlock::Text { text: told.clone(), refs });
    Composed {
        status: first.status,
        answer: format!("{}\n{told}", first.answer),
        blocks,
        evidence: other.evidence,
        follow_ups: other.follow_ups,
    }
}

fn with(mut composed: Composed, told: String) -> Composed {
    composed.answer = format!("{}\n{told}", composed.answer);
    composed.blocks.push(text(told));
    composed
}

fn text(text: String) -> AnswerBlock {
    AnswerBlock::Text { text, refs: Vec::new() }
}

#[cfg(test)]
mod tests {
    use model::plan::{Budget, Kind, Node, Origin};
    use serde_json::json;

    use super::*;

    fn plan(steps: &[&str]) -> Plan {
        let nodes = steps.iter().map(|id| Node::tool(*id, "", "event.search", json!({}))).collect();
        Plan {
            goal: String::new(),
            lang: Lang::En,
            origin: Origin::User,
            root: Node::new("root", "", Kind::Seq { nodes }),
            confidence: 1.0,
            why: Vec::new(),
            timeout_ms: 1_000,
            tz: String::new(),
            budget: Budget::default(),
        }
    }

    fn composed(status: AnswerStatus, answer: &str, steps: &[(&str, u64)]) -> Composed {
        let evidence = steps.iter().zip(1..).map(|((step, rows), n)| Evidence {
            n,
            step: (*step).to_owned(),
            tool: "event.search".to_owned(),
            what: "events".to_owned(),
            rows: *rows,
            sample: Vec::new(),
        });
        Composed {
            status,
            answer: answer.to_owned(),
            blocks: vec![text(answer.to_owned())],
            evidence: evidence.collect(),
            follow_ups: Vec::new(),
        }
    }

    #[test]
    fn what_was_not_found_stays_the_answer_and_the_wider_look_stands_beside_it() {
        let first = composed(AnswerStatus::Answered, "No events.", &[("s1", 0)]);
        let other = composed(AnswerStatus::Answered, "No events. Three: a, b, c.", &[("s1", 0), ("s1w", 3)]);
        let (before, after) = (plan(&["s1"]), plan(&["s1", "s1w"]));
        let both =
            combine((&before, first.clone()), (&after, other), "The last day is looked at as well.", "r1.");
        assert_eq!(
            (both.status, both.answer.as_str()),
            (AnswerStatus::Answered, "No events.\nThe last day is looked at as well. There: 3.")
        );
        let steps: Vec<&str> = both.evidence.iter().map(|one| one.step.as_str()).collect();
        assert_eq!((steps, both.blocks.len()), (vec!["r1.s1", "r1.s1w"], 2));
        assert!(
            matches!(&both.blocks[1], AnswerBlock::Text { refs, .. } if *refs == [2]),
            "{:?}",
            both.blocks
        );

        let nothing = composed(AnswerStatus::Answered, "No events. None.", &[("s1", 0), ("s1w", 0)]);
        let both = combine((&before, first), (&after, nothing), "The last day too.", "r1.");
        assert_eq!(both.answer, "No events.\nThe last day too. There is nothing there either.");
        assert_eq!(both.evidence[0].step, "s1");
    }

    #[test]
    fn a_way_that_failed_is_replaced_where_the_other_one_leads_somewhere() {
        let failed = || composed(AnswerStatus::Failed, "The step failed.", &[]);
        let (before, after) = (plan(&["s1"]), plan(&["s1"]));
        let other = composed(AnswerStatus::Answered, "Three.", &[("s1", 3)]);
        let both = combine((&before, failed()), (&after, other), "Counted otherwise.", "r1.");
        assert_eq!(
            (both.status, both.answer.as_str()),
            (AnswerStatus::Answered, "Counted otherwise.\nThree.")
        );
        assert_eq!(both.evidence[0].step, "r1.s1");
        let neither = combine((&before, failed()), (&after, failed()), "Counted otherwise.", "r1.");
        assert_eq!(
            (neither.status, neither.answer.as_str()),
            (AnswerStatus::Failed, "The step failed.\nCounted otherwise.")
        );
    }
}
