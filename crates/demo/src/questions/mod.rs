//! Questions about a generated estate, with the answers that are right.
//!
//! The answers are counted from the generated rows by plain loops, which share nothing with the program that is asked:
//! where both agree, neither is likely to be wrong. Wording varies, in both languages, over whatever kinds, fields,
//! relations, metrics and records the estate has.

mod ask;
mod cannot;
mod cause;
mod chains;
mod counts;
mod format;
mod graph;
mod history;
mod items;
mod lists;
mod measures;
mod moments;
mod neighbours;
mod records;
mod related;
mod words;
mod world;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use model::Lang;

pub use self::format::{File, Gold, How, Question, Tolerance, Turn};
use self::{ask::Draft, world::World};
use crate::{Demo, rng::Rng};

/// Fewest questions of a file.
pub const LEAST: usize = 300;
/// Most questions of a file.
pub const MOST: usize = 5_000;

/// Makes a question, where the estate has something to ask about.
type Make = fn(&World<'_>, &mut Rng, Lang) -> Option<Draft>;

/// Category, its share of a file in percent, and what makes its questions.
const CATEGORIES: &[(&str, usize, &[Make])] = &[
    ("ci_lookup", 9, items::LOOKUPS),
    ("count_groupby", 10, counts::COUNTS),
    ("list_filter", 9, lists::LISTS),
    ("graph", 13, graph::GRAPH),
    ("events", 12, records::EVENTS),
    ("history", 12, history::HISTORY),
    ("multi_step", 9, chains::CHAINS),
    ("metrics", 11, measures::METRICS),
    ("root_cause", 4, cause::CAUSES),
    ("unanswerable", 6, cannot::UNANSWERABLE),
    ("unsafe", 3, cannot::UNSAFE),
];
/// Category and share of questions that mix the languages.
const MIXED: (&str, usize, &[Make]) = ("mixed_language", 4, items::MIXED);
/// Not asked for again when other categories have run out of questions.
const LIMITED: &[&str] = &["root_cause", "unanswerable", "unsafe", "mixed_language"];
/// How often a question may fail to be new before its category is taken to be exhausted.
const PATIENCE: usize = 60;

/// Makes a file of `count` questions, in one language or, without one, in both and mixtures.
pub fn questions(demo: &Demo, count: usize, only: Option<Lang>) -> File {
    let count = count.clamp(LEAST, MOST);
    let world = World::new(demo);
    let mut rng = Rng::part(demo.truth.seed, 0x7175_6573);
    let mut book = Book { world: &world, seen: HashSet::new(), questions: Vec::new(), only };
    for (name, share, makes) in CATEGORIES {
        book.fill(name, (count * share).div_ceil(100), makes, &mut rng);
    }
    if only != Some(Lang::En) {
        let (name, share, makes) = MIXED;
        book.fill(name, (count * share).div_ceil(100), makes, &mut rng);
    }
    // what one category could not give, the others do
    for _ in 0..PATIENCE {
        for (name, _, makes) in CATEGORIES.iter().filter(|(name, ..)| !LIMITED.contains(name)) {
            let missing = count.saturating_sub(book.questions.len());
            book.fill(name, missing.min(8), makes, &mut rng);
        }
    }
    let mut questions = book.questions;
    rng.shuffle(&mut questions);
    questions.truncate(count);
    for (i, question) in questions.iter_mut().enumerate() {
        question.id = format!("d{}-{:04}", demo.truth.seed, i + 1);
    }
    File { version: 1, count: questions.len(), questions }
}

/// The questions so far.
struct Book<'a> {
    world: &'a World<'a>,
    seen: HashSet<String>,
    questions: Vec<Question>,
    only: Option<Lang>,
}

impl Book<'_> {
    /// Adds `wanted` questions of a category, or as many as there are.
    fn fill(&mut self, category: &str, wanted: usize, makes: &[Make], rng: &mut Rng) {
        let (mut made, mut failed) = (0, 0);
        let mut turn = rng.below(makes.len());
        while made < wanted && failed < PATIENCE {
            turn += 1;
            let lang = self.only.unwrap_or(if rng.chance(0.55) { Lang::Ko } else { Lang::En });
            let draft = makes.get(turn % makes.len().max(1)).and_then(|make| make(self.world, rng, lang));
            let Some(mut draft) = draft else {
                failed += 1;
                continue;
            };
            // whether nothing happened or nothing is known is a matter of opinion
            let none = matches!(draft.gold, Gold::Number { value, .. } if value == 0.0);
            if none && matches!(category, "events" | "history" | "multi_step") {
                failed += 1;
                continue;
            }
            let asked = draft.context.iter().map(|turn| turn.user.as_str()).chain([draft.text.as_str()]);
            if !self.seen.insert(asked.collect::<Vec<_>>().join("\n")) {
                failed += 1;
                continue;
            }
            draft.text = ask::carelessly(&draft.text, &draft.exact, lang, rng);
            self.questions.push(self.question(category, draft, lang));
            made += 1;
            failed = 0;
        }
    }

    fn question(&self, category: &str, draft: Draft, lang: Lang) -> Question {
        let lang = match (category, lang) {
            ("mixed_language", _) => "mixed",
            (_, Lang::Ko) => "ko",
            (_, Lang::En) => "en",
        };
        Question {
            id: String::new(),
            lang: lang.to_owned(),
            question: draft.text,
            context: draft.context,
            category: category.to_owned(),
            gold: draft.gold,
            how: vec![How { lang: "text".to_owned(), code: draft.how }],
            must_contain: draft.must_contain,
            must_not_contain: draft.must_not_contain,
            as_of: self.world.now(),
        }
    }
}

/// A moment of seconds since 1970.
fn moment(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap_or_default()
}
