//! Questions in many wordings over the sample estates: each is read the way it is meant. A line of `questions.txt` is
//! the question (earlier turns before it, parted by ` // `, an answer behind ` => `), a tab, and what the plan does.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read fails the test")]

#[path = "support/show.rs"]
mod show;
#[path = "support/mod.rs"]
mod support;

use model::answer::ContextTurn;
use planner::{Index, Outcome, Question};

const QUESTIONS: &str = include_str!("questions.txt");

fn read(index: &Index, line: &str) -> Outcome {
    let mut turns: Vec<&str> = line.split(" // ").collect();
    let text = turns.pop().unwrap();
    let context: Vec<ContextTurn> = turns
        .iter()
        .map(|t| {
            let (user, assistant) = t.split_once(" => ").unwrap_or((t, ""));
            ContextTurn { user: user.to_owned(), assistant: assistant.to_owned() }
        })
        .collect();
    let shop = ["service", "서비스", "frontend", "front-end", "프론트", "front end", "CPU 사용", "성공률이"];
    let day = if shop.iter().any(|w| line.contains(w)) { "2022-08-22" } else { "2025-12-31" };
    let as_of = format!("{day}T23:59:59Z").parse().unwrap();
    index.plan(&Question { text, context: &context, as_of, tz: chrono_tz::UTC, lang: None })
}

#[test]
fn questions_are_read_as_they_are_meant() {
    let Some(vocabulary) = support::sample() else {
        println!("skipped: no sample data");
        return;
    };
    let index = Index::new(vocabulary);
    let mut wrong = Vec::new();
    let mut n = 0;
    for line in QUESTIONS.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (question, expected) = line.split_once('\t').unwrap_or((line, ""));
        let got = show::signature(&read(&index, question));
        if std::env::var("SHOW").is_ok() {
            println!("{question}\t{got}");
        }
        n += 1;
        if got != expected {
            wrong.push(format!("{question}\n  wanted {expected}\n  got    {got}"));
        }
    }
    assert!(n >= 120 || std::env::var("SHOW").is_ok(), "{n} questions only");
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}

/// `LINES=file cargo test -p planner --test questions readings -- --nocapture` shows how other questions are read.
#[test]
fn readings_of_a_file_are_shown() {
    let (Ok(path), Some(vocabulary)) = (std::env::var("LINES"), support::sample()) else { return };
    let index = Index::new(vocabulary);
    for line in std::fs::read_to_string(path).unwrap().lines().filter(|l| !l.trim().is_empty()) {
        let outcome = read(&index, line.split('\t').next().unwrap_or(line));
        let words = match &outcome {
            Outcome::Plan(plan) => format!("{} ({:.2})", plan.goal, plan.confidence),
            Outcome::Clarify { text, .. }
            | Outcome::Unanswerable { text, .. }
            | Outcome::Refuse { text, .. } => text.clone(),
        };
        println!("? {line}\n  {words}\n  {}", show::signature(&outcome));
    }
}

#[test]
fn examples_of_the_estate_can_be_planned() {
    let Some(vocabulary) = support::sample() else {
        println!("skipped: no sample data");
        return;
    };
    let index = Index::new(vocabulary);
    for lang in [model::Lang::Ko, model::Lang::En] {
        let examples = index.examples(lang);
        assert!(examples.len() >= 5, "{examples:?}");
        for text in examples {
            let as_of = "2025-12-31T23:59:59Z".parse().unwrap();
            let question =
                Question { text: &text, context: &[], as_of, tz: chrono_tz::UTC, lang: Some(lang) };
            assert!(matches!(index.plan(&question), Outcome::Plan(_)), "{text}");
        }
    }
}

#[test]
fn planning_takes_milliseconds_at_most() {
    let Some(vocabulary) = support::sample() else {
        println!("skipped: no sample data");
        return;
    };
    let index = Index::new(vocabulary);
    let questions: Vec<&str> =
        QUESTIONS.lines().filter_map(|l| l.split('\t').next()).filter(|l| !l.is_empty()).collect();
    let begun = std::time::Instant::now();
    for question in &questions {
        read(&index, question);
    }
    let each = begun.elapsed() / u32::try_from(questions.len()).unwrap();
    println!("{each:?} per question, unoptimised");
    assert!(each < std::time::Duration::from_millis(60), "{each:?}");
}

#[test]
fn titles_name_what_a_question_is_about() {
    let Some(vocabulary) = support::sample() else {
        println!("skipped: no sample data");
        return;
    };
    let index = Index::new(vocabulary);
    for (question, word) in [
        ("srv-mon-03 12월 이벤트 총 몇건?", "srv-mon-03"),
        ("Which CI has the most maintenance records and how many?", "maintenance"),
        ("안녕하세요 반갑습니다", "안녕하세요"),
    ] {
        let title = index.title(question);
        assert!(title.contains(word) && title.chars().count() <= 40, "{title}");
    }
}
