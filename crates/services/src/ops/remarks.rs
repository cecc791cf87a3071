//! What an answer says about itself: that there is less than was asked for, and which step a remark comes from.

use std::{cmp::Ordering, collections::BTreeMap};

use model::{
    Lang,
    answer::AnswerBlock,
    plan::{Kind, Plan, StepStatus},
};
use planner::{
    compose::{Composed, StepResult},
    say::Say,
};
use serde_json::{Map, Value};

/// Places that are written out.
const WRITTEN: usize = 50;

/// Results of steps by their id.
type Results = BTreeMap<String, StepResult>;

/// Puts the remarks into an answer.
pub fn add(plan: &Plan, results: &Results, mut composed: Composed) -> Composed {
    for ranking in rankings(plan, results) {
        if let Some(sentence) = ranking.sentence(plan.lang) {
            tell(&mut composed, &ranking.step, &sentence);
        }
    }
    link(results, &mut composed);
    composed
}

/// A ranking of several places that was asked for.
struct Ranking {
    step: String,
    /// Places asked for.
    asked: usize,
    /// Places there are; those that tie with the last one asked for included.
    found: usize,
}

impl Ranking {
    /// What a reader who counts the places wants to know.
    fn sentence(&self, lang: Lang) -> Option<String> {
        let Self { asked, found, .. } = self;
        Some(match (lang, found.cmp(asked)) {
            (_, Ordering::Equal) => return None,
            (Lang::Ko, Ordering::Less) => {
                format!("{asked}개를 물으셨지만 해당하는 것은 {found}개뿐입니다.")
            }
            (Lang::En, Ordering::Less) if *found == 1 => {
                format!("You asked for {asked}; there is only 1.")
            }
            (Lang::En, Ordering::Less) => format!("You asked for {asked}; there are only {found}."),
            (Lang::Ko, Ordering::Greater) => {
                format!("{asked}번째와 값이 같은 것이 더 있어 모두 {found}개를 적었습니다.")
            }
            (Lang::En, Ordering::Greater) => {
                format!("{found} are named, because more have the same value as number {asked}.")
            }
        })
    }
}

fn rankings(plan: &Plan, results: &Results) -> Vec<Ranking> {
    let mut out = Vec::new();
    for node in plan.nodes() {
        let Kind::Compose { blocks } = &node.kind else { continue };
        // The answer of a branch not taken is not given.
        if results.get(&node.id).is_some_and(|r| r.status == StepStatus::Skipped && r.error.is_none()) {
            continue;
        }
        for block in blocks {
            let Some(Say::Top { column, value, n, place: false, .. }) = Say::from_block(block) else {
                continue;
            };
            let Some(result) = results.get(&block.from).filter(|r| r.status == StepStatus::Ok) else {
                continue;
            };
            let asked = usize::try_from(n).unwrap_or(usize::MAX);
            let ranked = |row: &&Map<String, Value>| row.get(&column).is_some_and(|cell| !cell.is_null());
            let rows: Vec<&Map<String, Value>> = result.output.rows.iter().filter(ranked).collect();
            let last = rows.get(asked.saturating_sub(1)).and_then(|row| row.get(&value));
            let found = match last.filter(|last| !last.is_null()) {
                Some(last) => {
                    let ties = rows.iter().skip(asked).take_while(|row| row.get(&value) == Some(last));
                    asked + ties.count()
                }
                None => rows.len().min(asked),
            };
            let all = !result.output.truncated && result.output.total <= result.output.rows.len() as u64;
            if asked > 1 && found > 0 && (found > asked || all) && found <= WRITTEN {
                out.push(Ranking { step: block.from.clone(), asked, found });
            }
        }
    }
    out
}

/// The sentence stands below what it is about, with the number of the same evidence.
fn tell(composed: &mut Composed, step: &str, sentence: &str) {
    let Some(n) = composed.evidence.iter().find(|one| one.step == step).map(|one| one.n) else { return };
    let about = |block: &AnswerBlock| matches!(block, AnswerBlock::Text { refs, .. } if refs.contains(&n));
    let after = composed.blocks.iter().position(about).map_or(composed.blocks.len(), |at| at + 1);
    let text = format!("{sentence}[{n}]");
    composed.blocks.insert(after, AnswerBlock::Text { text, refs: vec![n] });
    composed.answer = format!("{}\n{sentence}", composed.answer);
}

/// A remark of a tool ends as a sentence does and carries the number of the step it comes from.
fn link(results: &Results, composed: &mut Composed) {
    for block in &mut composed.blocks {
        let AnswerBlock::Text { text, refs } = block else { continue };
        if !refs.is_empty() {
            continue;
        }
        let from = composed.evidence.iter().find(|one| {
            let notes =
                results.get(&one.step).map(|result| result.output.notes.as_slice()).unwrap_or_default();
            notes.iter().any(|note| !note.trim().is_empty() && text.ends_with(note.trim()))
        });
        let Some(n) = from.map(|one| one.n) else { continue };
        if text.ends_with(|c: char| c.is_alphanumeric() || c == ')') {
            // The plain text says the same.
            let lines: Vec<String> = composed
                .answer
                .lines()
                .map(|line| if line == text { format!("{line}.") } else { line.to_owned() })
                .collect();
            composed.answer = lines.join("\n");
            text.push('.');
        }
        text.push_str(&format!("[{n}]"));
        refs.push(n);
    }
}

#[cfg(test)]
mod tests {
    use model::{
        answer::{AnswerStatus, Evidence},
        plan::{BlockSpec, Budget, Node, Origin},
        tools::ToolOutput,
    };
    use serde_json::json;

    use super::*;

    fn plan(n: u32, place: bool, lang: Lang) -> Plan {
        let options = json!({ "subject": "servers", "column": "code", "value": "count", "unit": "count",
            "counter": "", "n": n, "desc": true, "with": [], "place": place });
        let options = options.as_object().cloned().unwrap_or_default();
        let blocks = vec![BlockSpec { from: "s1".into(), say: "top".into(), options }];
        Plan {
            goal: String::new(),
            lang,
            origin: Origin::User,
            root: Node::new("answer", "", Kind::Compose { blocks }),
            confidence: 1.0,
            why: Vec::new(),
            timeout_ms: 1_000,
            tz: String::new(),
            budget: Budget::default(),
        }
    }

    fn results(rows: usize, total: u64, note: &str) -> Results {
        let row = |i: usize| json!({ "code": format!("srv-{i}"), "count": i.min(4) }).as_object().cloned();
        let output = ToolOutput {
            rows: (0..rows).filter_map(row).collect(),
            total,
            notes: vec![note.to_owned()],
            ..ToolOutput::default()
        };
        let result = StepResult { status: StepStatus::Ok, tool: "ci.aggregate".into(), output, error: None };
        BTreeMap::from([("s1".to_owned(), result)])
    }

    fn composed(texts: &[(&str, Vec<u32>)]) -> Composed {
        let block = |(text, refs): &(&str, Vec<u32>)| AnswerBlock::Text {
            text: (*text).to_owned(),
            refs: refs.clone(),
        };
        Composed {
            status: AnswerStatus::Answered,
            answer: texts.iter().map(|(text, _)| *text).collect::<Vec<_>>().join("\n"),
            blocks: texts.iter().map(block).collect(),
            evidence: vec![Evidence {
                n: 1,
                step: "s1".into(),
                tool: "ci.aggregate".into(),
                what: String::new(),
                rows: 2,
                sample: Vec::new(),
            }],
            follow_ups: Vec::new(),
        }
    }

    #[test]
    fn a_ranking_with_fewer_places_than_asked_for_says_so_below_its_list() {
        let list = || composed(&[("Servers: 1. a 2. b", vec![1]), ("Note: the data end yesterday", vec![])]);
        let short = add(&plan(3, false, Lang::En), &results(2, 2, ""), list());
        assert!(short.answer.ends_with("\nYou asked for 3; there are only 2."), "{}", short.answer);
        let second =
            AnswerBlock::Text { text: "You asked for 3; there are only 2.[1]".into(), refs: vec![1] };
        assert_eq!(short.blocks.get(1), Some(&second));
        let korean = add(&plan(3, false, Lang::Ko), &results(1, 1, ""), list());
        assert!(korean.answer.ends_with("3개를 물으셨지만 해당하는 것은 1개뿐입니다."));
    }

    #[test]
    fn a_ranking_with_more_places_than_asked_for_says_that_they_tie() {
        let before = composed(&[("Servers", vec![1])]);
        let after = add(&plan(5, false, Lang::En), &results(7, 20, ""), before.clone());
        assert_eq!(after.answer, "Servers\n7 are named, because more have the same value as number 5.");
        let korean = add(&plan(6, false, Lang::Ko), &results(7, 20, ""), before);
        assert!(korean.answer.ends_with("6번째와 값이 같은 것이 더 있어 모두 7개를 적었습니다."));
    }

    #[test]
    fn nothing_is_said_where_all_places_are_there_or_more_of_them_are_not_shown() {
        let before = composed(&[("Servers", vec![1])]);
        for (n, place, rows, total) in
            [(2, false, 2, 2), (1, false, 1, 1), (3, true, 2, 2), (3, false, 2, 9), (3, false, 0, 0)]
        {
            let after = add(&plan(n, place, Lang::En), &results(rows, total, ""), before.clone());
            assert_eq!(after, before, "{n} {place} {rows} {total}");
        }
    }

    #[test]
    fn a_remark_of_a_tool_carries_the_number_of_its_step() {
        let before = composed(&[("Servers", vec![1]), ("Note: the data end yesterday", vec![])]);
        let after = add(&plan(1, false, Lang::En), &results(1, 1, "the data end yesterday"), before.clone());
        let linked = AnswerBlock::Text { text: "Note: the data end yesterday.[1]".into(), refs: vec![1] };
        assert_eq!(
            (after.blocks.get(1), after.answer.as_str()),
            (Some(&linked), "Servers\nNote: the data end yesterday.")
        );
    }
}
