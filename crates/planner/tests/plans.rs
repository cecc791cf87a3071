//! The planner on the sample questions: every one is read, refused or asked back as its kind demands.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read fails the test")]

mod support;

use model::answer::ContextTurn;
use planner::{Index, Outcome, Question};

fn show(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Plan(plan) => {
            let mut out = format!("PLAN {} ({:.2})", plan.goal, plan.confidence);
            for node in plan.nodes() {
                match &node.kind {
                    model::plan::Kind::Tool { tool, args } => {
                        out.push_str(&format!(
                            "\n    {} {tool} {}",
                            node.id,
                            serde_json::to_string(args).unwrap()
                        ));
                    }
                    model::plan::Kind::Compose { blocks } => {
                        for b in blocks {
                            out.push_str(&format!(
                                "\n    say {} {} {}",
                                b.from,
                                b.say,
                                serde_json::to_string(&b.options).unwrap()
                            ));
                        }
                    }
                    _ => {}
                }
            }
            if std::env::var("WHY").is_ok() {
                for r in &plan.why {
                    out.push_str(&format!("\n    why {} '{}' {}", r.slot, r.words, r.meaning));
                }
            }
            out
        }
        Outcome::Clarify { text, choices, .. } => format!("CLARIFY {text} [{}]", choices.len()),
        Outcome::Unanswerable { text, choices, .. } => format!(
            "UNANSWERABLE {text} [{}]",
            choices.iter().map(|c| c.question.as_str()).collect::<Vec<_>>().join(" | ")
        ),
        Outcome::Refuse { text, .. } => format!("REFUSE {text}"),
    }
}

#[test]
fn sample_questions_are_read() {
    let Some(vocabulary) = support::sample() else {
        println!("skipped: no sample data");
        return;
    };
    let begun = std::time::Instant::now();
    let index = Index::new(vocabulary);
    println!("index {:?}", begun.elapsed());
    let path = std::env::var("QUESTIONS")
        .map(std::path::PathBuf::from)
        .unwrap_or_else(|_| support::data().unwrap().join("questions/dev.json"));
    let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for q in file["questions"].as_array().unwrap() {
        let context: Vec<ContextTurn> = serde_json::from_value(q["context"].clone()).unwrap_or_default();
        let text = q["question"].as_str().unwrap();
        let as_of = q["as_of"].as_str().unwrap_or("2025-12-31T23:59:59+00:00").parse().unwrap();
        let question = Question { text, context: &context, as_of, tz: chrono_tz::UTC, lang: None };
        let begun = std::time::Instant::now();
        let outcome = index.plan(&question);
        let took = begun.elapsed();
        println!("\n{} {} {:?}\n  {}\n  {}", q["id"], q["category"], took, text, show(&outcome));
        let kind = q["gold"]["type"].as_str().unwrap_or_default();
        let fits = match kind {
            "refuse" => matches!(outcome, Outcome::Refuse { .. }),
            "root_cause" | "unanswerable" => {
                matches!(outcome, Outcome::Unanswerable { .. } | Outcome::Plan(_))
            }
            "clarify" => matches!(outcome, Outcome::Clarify { .. } | Outcome::Plan(_)),
            _ => matches!(outcome, Outcome::Plan(_)),
        };
        if !fits {
            wrong.push(text.to_owned());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
