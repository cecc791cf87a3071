//! Question and vocabulary of the estate to plan, results to answer. Pure: no IO, no clock, no randomness.

pub mod alternatives;
pub mod compose;
mod dictionary;
mod examples;
mod generate;
mod lexicon;
mod logic;
mod plan;
mod read;
mod refuse;
mod rewrite;
pub mod say;
mod scan;
mod text;
mod time;
mod troubles;
pub mod vocabulary;
mod words;

pub use alternatives::{Alternative, Change, Setback, alternatives};
use chrono::{DateTime, Utc};
use model::{
    Lang,
    answer::{Choice, ContextTurn},
    plan::{Plan, Reason},
};
pub use vocabulary::{Index, Item, Link, Vocabulary};

/// A question with everything that decides its reading.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// What was typed.
    pub text: &'a str,
    /// Earlier turns, oldest first.
    pub context: &'a [ContextTurn],
    /// The moment taken as now.
    pub as_of: DateTime<Utc>,
    /// Time zone of times in the question.
    pub tz: chrono_tz::Tz,
    /// Language of the answer; that of the question when absent.
    pub lang: Option<Lang>,
}

/// What the planner made of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A plan to run.
    Plan(Box<Plan>),
    /// Several readings: ask back.
    Clarify {
        /// What to ask.
        text: String,
        /// Readings to choose from.
        choices: Vec<Choice>,
        /// Why.
        why: Vec<Reason>,
    },
    /// The data cannot answer it.
    Unanswerable {
        /// What is missing, and the nearest there is.
        text: String,
        /// Questions that could be asked instead.
        choices: Vec<Choice>,
        /// Why.
        why: Vec<Reason>,
    },
    /// It would change something or give away a secret.
    Refuse {
        /// Why.
        text: String,
        /// The words that say so.
        why: Vec<Reason>,
    },
}
