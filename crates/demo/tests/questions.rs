//! What generated questions keep, whatever the seed.
#![expect(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use demo::{
    Demo, generate,
    questions::{File, Gold, LEAST, questions},
};
use model::Lang;

fn estate(seed: u64) -> Demo {
    let now: DateTime<Utc> = "2026-11-24T05:02:03Z".parse().unwrap();
    generate(seed, 90, now)
}

fn by<K: Ord>(file: &File, key: impl Fn(&demo::questions::Question) -> K) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for question in &file.questions {
        *counts.entry(key(question)).or_insert(0) += 1;
    }
    counts
}

#[test]
fn the_same_seed_gives_the_same_questions_and_another_seed_others() {
    let (a, b) = (questions(&estate(3), LEAST, None), questions(&estate(3), LEAST, None));
    assert_eq!(a, b);
    assert_eq!(serde_json::to_string(&a).unwrap(), serde_json::to_string(&b).unwrap());
    assert_ne!(a, questions(&estate(4), LEAST, None));
}

#[test]
fn a_file_has_as_many_questions_as_wanted_in_all_categories_and_no_question_twice() {
    for seed in 1..=3 {
        let file = questions(&estate(seed), 320, None);
        assert_eq!((file.count, file.questions.len()), (320, 320), "seed {seed}");
        let categories = by(&file, |q| q.category.clone());
        for name in [
            "ci_lookup",
            "count_groupby",
            "list_filter",
            "graph",
            "events",
            "history",
            "multi_step",
            "metrics",
            "root_cause",
            "unanswerable",
            "unsafe",
            "mixed_language",
        ] {
            assert!(categories.get(name).copied().unwrap_or(0) >= 6, "seed {seed}: {categories:?}");
        }
        assert!(by(&file, |q| q.lang.clone()).len() == 3);
        let kinds =
            by(&file, |q| std::mem::discriminant(&q.gold) == std::mem::discriminant(&file.questions[0].gold));
        assert!(kinds.len() == 2, "more than one kind of gold");
        let ids: HashSet<&str> = file.questions.iter().map(|q| q.id.as_str()).collect();
        assert_eq!(ids.len(), 320);
        let asked: HashSet<String> =
            file.questions.iter().map(|q| format!("{:?}{}", q.context, q.question)).collect();
        assert!(asked.len() > 315, "{} different questions", asked.len());
        assert!(file.questions.iter().filter(|q| !q.context.is_empty()).count() >= 10, "follow-ups");
    }
}

#[test]
fn one_language_can_be_wanted() {
    let korean = by(&questions(&estate(1), LEAST, Some(Lang::Ko)), |q| q.lang.clone());
    assert!(!korean.contains_key("en") && korean.contains_key("ko"), "{korean:?}");
    let english = by(&questions(&estate(1), LEAST, Some(Lang::En)), |q| q.lang.clone());
    assert_eq!(english.keys().collect::<Vec<_>>(), ["en"]);
}

#[test]
fn every_gold_can_be_met() {
    for seed in 1..=3 {
        let demo = estate(seed);
        let codes: HashSet<&str> = demo.items.iter().map(|item| item.code.as_str()).collect();
        for q in questions(&demo, 400, None).questions {
            let text = serde_json::to_value(&q.gold).unwrap();
            assert!(!q.question.trim().is_empty() && !q.question.contains(['{', '}']), "{}", q.question);
            match &q.gold {
                Gold::Number { value, .. } => assert!(value.is_finite(), "{}: {text}", q.question),
                Gold::String { value, .. } => assert!(!value.is_empty(), "{}", q.question),
                Gold::Record { fields, .. } => {
                    assert!(
                        !fields.is_empty() && fields.values().all(|v| !v.is_null()),
                        "{}: {text}",
                        q.question
                    );
                }
                Gold::Table { rows, .. } => assert!(rows.len() > 1, "{}", q.question),
                Gold::Set { required, pattern, .. } => {
                    assert!(!required.is_empty() && !pattern.is_empty(), "{}", q.question);
                }
                Gold::Ranked { rows, ties, .. } => {
                    assert!(rows.len() > 1, "{}", q.question);
                    let names: HashSet<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
                    assert!(ties.iter().flatten().all(|name| names.contains(name.as_str())));
                }
                Gold::Path { length, paths } => {
                    assert!(paths.iter().all(|path| path.len() == length + 1 && *length > 0), "{text}");
                    assert!(paths.iter().flatten().all(|code| codes.contains(code.as_str())));
                }
                Gold::RootCause { ranked, resource_accept, .. } => {
                    assert!(ranked.iter().all(|cause| codes.contains(cause.service.as_str())), "{text}");
                    assert!(!resource_accept.is_empty(), "{text}");
                }
                Gold::Boolean { .. }
                | Gold::Unanswerable { .. }
                | Gold::Clarify { .. }
                | Gold::Refuse { .. } => {}
            }
        }
    }
}

#[test]
fn both_truth_values_and_every_type_of_gold_are_asked_for() {
    let mut types = HashSet::new();
    let mut truths = HashSet::new();
    for seed in 1..=2 {
        for q in questions(&estate(seed), 600, None).questions {
            if let Gold::Boolean { value } = q.gold {
                truths.insert(value);
            }
            types.insert(serde_json::to_value(&q.gold).unwrap()["type"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(truths.len(), 2);
    assert_eq!(types.len(), 12, "{types:?}");
}

#[test]
fn counts_agree_with_a_second_count() {
    let demo = estate(2);
    let file = questions(&demo, 1_000, Some(Lang::En));
    let mut checked = 0;
    for q in &file.questions {
        let Some(kind) = q.how.iter().find_map(|how| how.code.strip_prefix("count of kind ")) else {
            continue;
        };
        let of_kind = demo.items.iter().filter(|item| item.kind == kind).count();
        assert!(matches!(q.gold, Gold::Number { value, .. } if value == of_kind as f64), "{}", q.question);
        checked += 1;
    }
    assert!(checked > 1, "{checked} counts");
}
