//! Reading a question: mentions to parts, parts to the logical form.

mod absent;
mod again;
mod amounts;
mod audit;
mod audit_words;
mod carried;
mod checks;
pub mod clauses;
pub mod conditions;
mod coordinate;
mod dimensions;
pub mod domain;
mod embed;
mod ends;
pub(crate) mod exact;
pub mod fields;
pub(crate) mod fillers;
pub mod focus;
mod gloss;
mod going_on;
pub mod graph;
pub mod groups;
mod hours;
mod hyphens;
pub mod items;
mod merging;
mod metric_choice;
pub mod metrics;
mod number_fields;
pub mod numbers;
pub mod parts;
mod passive;
mod percentiles;
mod phrases;
mod pieces;
mod pointing;
mod quantified;
mod ranked_by;
mod record_fields;
mod record_parts;
mod recorded;
pub mod records;
mod relations;
mod routes;
pub mod sets;
mod sharing;
mod since;
pub mod than;
mod time_words;
pub mod turn;
mod units;
mod versus;

use model::{Condition, Lang, plan::Reason};

use crate::{
    lexicon::W,
    logic::{Ask, ItemSet, RecordSet},
    scan::Mention,
    text::has_hangul,
    time::{Times, Window},
    vocabulary::Index,
};
pub use domain::Domain;
pub use parts::Part;

/// Why a question cannot be read into something the data answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// A code that does not exist.
    UnknownItem(String),
    /// Words that several items are called by.
    Several {
        /// What was said.
        words: String,
        /// The items.
        codes: Vec<String>,
    },
    /// A word that should name a value, a system or a kind and names none.
    UnknownValue(String),
    /// An attribute nothing has.
    UnknownField {
        /// What was asked for.
        words: String,
        /// The items it was asked of.
        of: Vec<String>,
        /// What they have instead.
        has: Vec<String>,
    },
    /// No data of a metric for an item.
    NoMetric {
        /// What was asked for.
        words: String,
        /// The item.
        of: Vec<String>,
    },
    /// A window without data.
    OutsideData {
        /// What there are data of.
        what: String,
        /// The window.
        window: Window,
        /// The time covered.
        covers: (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>),
    },
    /// The future.
    Future,
    /// Root causes cannot be searched.
    RootCause,
    /// A word that points to something not mentioned before.
    NothingMeant,
    /// A greeting, or a question about what can be asked.
    Help,
    /// A time told by something that happened, and not which.
    Unanchored(String),
    /// Nothing in the question is known.
    NotUnderstood,
    /// A part of the question is not known and would change the answer.
    Unclear(String),
    /// It was understood but for these words.
    LeftOut {
        /// What was understood.
        understood: Box<Ask>,
        /// What was not.
        words: Vec<String>,
    },
}

/// What earlier turns left: the last logical form and what was named.
#[derive(Debug, Clone, Default)]
pub struct Focus {
    /// What was asked last.
    pub ask: Option<Ask>,
    /// The items of the last question.
    pub set: Option<ItemSet>,
    /// The records of the last question.
    pub records: Option<RecordSet>,
    /// Codes named, newest first, by question and answer.
    pub named: Vec<String>,
    /// Codes the answers named, newest first.
    pub answered: Vec<String>,
    /// Values of fields of records the last answer named: kind, field, value.
    pub values: Vec<(usize, String, String)>,
    /// The window of the last question.
    pub window: Option<Window>,
    /// Something was said before.
    pub any: bool,
    /// It was said in the same question.
    pub within: bool,
}

/// A question under reading.
pub struct Reader<'a> {
    /// The estate.
    pub index: &'a Index,
    /// Mentions in order.
    pub mentions: Vec<Mention>,
    /// What each was taken for.
    pub parts: Vec<Part>,
    /// Expressions of time.
    pub times: Times,
    /// What the question is about.
    pub domain: Domain,
    /// Language of the question.
    pub lang: Lang,
    /// Earlier turns.
    pub focus: &'a Focus,
    /// Mentions that have found their place.
    pub used: Vec<bool>,
    /// Conditions on items found among the mentions: place and condition.
    pub item_conditions: Vec<(usize, Condition)>,
    /// Conditions on records.
    pub rec_conditions: Vec<(usize, Condition)>,
    /// Conditions on values of a metric.
    pub value_conditions: Vec<(usize, Condition)>,
    /// A condition on how many there are (`10건 이상인`).
    pub how_many: Option<Condition>,
    /// Groups are items of a kind (`스위치별`).
    pub by_items: bool,
    /// Numbers that say how many.
    pub amount: Option<u32>,
    /// Words inside phrases that found no place in them.
    pub left: Vec<String>,
    /// Mentions taken for a pronoun: from, to.
    pub pointed: Option<(usize, usize)>,
    /// A kind was read as a word for items of any kind.
    pub wide: bool,
    /// The words are a noun phrase: its head is what is wanted, whatever is said of it.
    pub phrase: bool,
    /// A kind and a number that are the end of several codes.
    pub several: Option<(String, Vec<String>)>,
    /// The number is a place in an order (`두 번째로 큰`): only that one is wanted.
    pub place_only: bool,
    /// The last condition of the question before was turned into its opposite (`나머지는?`).
    pub turned_over: bool,
    /// Reasons.
    pub why: Vec<Reason>,
}

impl Reader<'_> {
    /// True when a word of the lexicon is there and stands for itself.
    pub fn has(&self, word: W) -> bool {
        self.mentions.iter().enumerate().any(|(i, m)| m.is(word) && self.counts_as_word(i))
    }

    /// True when one of these words is there.
    pub fn has_any(&self, words: &[W]) -> bool {
        words.iter().any(|w| self.has(*w))
    }

    /// Place of the first mention of a word.
    pub fn place(&self, word: W) -> Option<usize> {
        self.mentions.iter().enumerate().position(|(i, m)| m.is(word) && self.counts_as_word(i))
    }

    /// Place of the first of these words.
    pub fn place_any(&self, words: &[W]) -> Option<usize> {
        self.mentions.iter().enumerate().position(|(i, m)| m.any(words) && self.counts_as_word(i))
    }

    /// A mention taken for something of the estate is no word of the lexicon any more.
    fn counts_as_word(&self, i: usize) -> bool {
        match self.parts.get(i) {
            None => true,
            Some(Part::Word | Part::Unknown | Part::RecField(_) | Part::Field(_) | Part::Concept(_)) => {
                !self.used.get(i).copied().unwrap_or(false)
            }
            Some(_) => false,
        }
    }

    /// The one window of the question.
    pub fn window(&self) -> Option<Window> {
        self.times.windows.first().cloned()
    }

    /// The text of the mention.
    pub fn words(&self, i: usize) -> &str {
        self.mentions.get(i).map_or("", |m| m.words.as_str())
    }

    /// Notes a reason.
    pub fn because(&mut self, words: &str, slot: &str, meaning: impl Into<String>) {
        let reason = Reason { words: words.to_owned(), slot: slot.to_owned(), meaning: meaning.into() };
        if !self.why.contains(&reason) {
            self.why.push(reason);
        }
    }

    /// Number of rows wanted: the number said, else one.
    pub fn n(&self) -> u32 {
        self.amount.unwrap_or(1).clamp(1, 1000)
    }
}

/// The language a question is written in.
pub fn language(text: &str) -> Lang {
    if has_hangul(text) { Lang::Ko } else { Lang::En }
}
