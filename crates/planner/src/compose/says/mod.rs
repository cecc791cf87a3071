//! One way of saying per kind of [`Say`]: each writes its sentences and adds its blocks.

mod causes;
mod compare;
mod fields;
mod groups;
mod list;
mod number;
mod pictures;
mod records;
mod related;
mod truth;
mod watch;

use model::{Lang, answer::AnswerBlock};

use super::{
    korean::{self, Josa},
    prose::Prose,
    step::{Row, Step},
};
use crate::say::Say;

/// Members of a list written out; more of them are counted only.
pub const MEMBERS: usize = 50;

/// Rows a table block carries.
pub const TABLE_ROWS: usize = 500;

/// What became of one thing to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It was said.
    Value,
    /// There is nothing, and that is the answer.
    Nothing,
    /// The data do not say.
    Unknown,
    /// Only drawn.
    Drawn,
}

/// Sentences and blocks of one thing to say.
pub struct Saying {
    /// The sentences.
    pub prose: Prose,
    /// What stands beside them.
    pub blocks: Vec<AnswerBlock>,
    /// What became of it.
    pub told: Told,
}

impl Saying {
    fn new(prose: Prose, told: Told) -> Self {
        Self { prose, blocks: Vec::new(), told }
    }

    fn with(mut self, block: Option<AnswerBlock>) -> Self {
        self.blocks.extend(block);
        self
    }
}

/// Says one thing about a step. `alone` is true when nothing in words stands beside it.
pub fn say(say: &Say, step: &Step<'_>, alone: bool) -> Saying {
    match say {
        Say::Number { subject, column, unit, counter, decimals, with } => {
            number::say(step, &number::Number { subject, column, unit, counter, decimals: *decimals, with })
        }
        Say::List { subject, column, counter, with } => list::say(step, subject, column, counter, with),
        Say::Fields { column, fields } => fields::say(step, column, fields),
        Say::Groups { subject, by, values, unit, counter, share } => {
            groups::say(step, &groups::Groups { subject, by, values, unit, counter, share: *share })
        }
        Say::Top { subject, column, value, unit, counter, n, desc: _, with, place } => {
            let top = groups::Top { subject, column, value, unit, counter, n: *n, with, place: *place };
            groups::top(step, &top)
        }
        Say::Related { subject, start, impact } => related::say(step, subject, start, *impact),
        Say::Path { from, to, only_length, whether } => related::path(step, from, to, *only_length, *whether),
        Say::YesNo { subject, rows_mean_yes, column } => truth::say(step, subject, *rows_mean_yes, column),
        Say::Records { subject, latest, fields, n, place } => {
            records::say(step, &records::Records { subject, latest: *latest, fields, n: *n, place: *place })
        }
        Say::Compare { subject, column, sides, unit, how } => {
            compare::say(step, &compare::Compare { subject, column, sides, unit, how })
        }
        Say::Chart { subject, unit } => pictures::chart(step, subject, unit, alone),
        Say::Causes { subject } => causes::say(step, subject),
        Say::Anomalies { subject } => watch::anomalies(step, subject),
        Say::Forecast { subject, unit, limit } => watch::forecast(step, subject, unit, *limit),
        Say::Changes { subject } => watch::changes(step, subject),
        Say::Now { .. } => watch::now(step),
        Say::Timeline { subject } => pictures::timeline(step, subject, alone),
    }
}

/// Says the rows of a step nobody said how to say: its columns, row by row.
pub fn rows(step: &Step<'_>) -> Saying {
    let columns: Vec<String> = step.columns().into_iter().map(|column| column.key).collect();
    fields::say(step, "", &columns)
}

/// The subject of a sentence with its particle: `서버는`; in English the words and a colon: `Servers:`.
fn opening(step: &Step<'_>, subject: &str) -> String {
    let subject = subject_of(step, subject);
    match step.frame.lang {
        Lang::Ko => korean::with(&subject, Josa::Topic),
        Lang::En => format!("{}:", capital(&subject)),
    }
}

/// The subject, or what the step is about when the plan gives none.
fn subject_of(step: &Step<'_>, subject: &str) -> String {
    let subject = subject.trim();
    if !subject.is_empty() {
        subject.to_owned()
    } else if !step.label.is_empty() {
        step.label.to_owned()
    } else {
        step.frame.pick("결과", "result").to_owned()
    }
}

/// A first letter for the beginning of a sentence; codes stay as they are.
fn capital(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if !first.chars().all(|c| c.is_ascii_lowercase()) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(c) => c.to_ascii_uppercase().to_string() + chars.as_str(),
        None => String::new(),
    }
}

/// "There is no such thing", as a sentence.
fn none(step: &Step<'_>, subject: &str) -> Prose {
    let subject = subject_of(step, subject);
    let mut prose = Prose::default();
    match step.frame.lang {
        Lang::Ko => prose.text(&korean::with(&subject, Josa::Topic)).text(" ").strong("없습니다").text("."),
        Lang::En => prose.text("There ").text(is_or_are(&subject)).strong(" no ").text(&subject).text("."),
    };
    prose.cite(step.n);
    prose
}

/// `is` or `are`, by the noun a subject begins with: its last word before the words that narrow it.
fn is_or_are(subject: &str) -> &'static str {
    const NARROWING: [&str; 17] = [
        "with",
        "without",
        "of",
        "that",
        "which",
        "affected",
        "joined",
        "connected",
        "in",
        "on",
        "at",
        "from",
        "to",
        "named",
        "related",
        "directly",
        "by",
    ];
    let head = subject
        .split([',', ' '])
        .take_while(|word| !NARROWING.contains(word))
        .filter(|word| !word.is_empty())
        .last()
        .unwrap_or_default();
    let many = head.ends_with('s') && !["ss", "us", "is"].iter().any(|end| head.ends_with(end));
    if many { "are" } else { "is" }
}

/// "The data do not say", as a sentence.
fn unknown(step: &Step<'_>, subject: &str) -> Prose {
    let subject = subject_of(step, subject);
    let mut prose = Prose::default();
    match step.frame.lang {
        Lang::Ko => prose
            .text(&korean::with(&subject, Josa::Topic))
            .text(" 알 수 없습니다. 해당하는 자료가 ")
            .strong("없습니다")
            .text("."),
        Lang::En => {
            prose.text(&format!("{}: there is ", capital(&subject))).strong("no data").text(" for it.")
        }
    };
    prose.cite(step.n);
    prose
}

/// Columns with their values: `유형 reboot(재부팅), 결과 success(성공)`; absent values are left out.
fn labelled(step: &Step<'_>, row: &Row, columns: &[String], except: &[&str]) -> Vec<String> {
    columns
        .iter()
        .filter(|key| !except.contains(&key.as_str()))
        .filter_map(|key| Some(format!("{} {}", step.column_label(key), step.cell(row, key)?)))
        .collect()
}

/// A table of the rows of a step.
fn table(step: &Step<'_>, title: &str) -> Option<AnswerBlock> {
    let columns = step.columns();
    if step.rows().is_empty() || columns.is_empty() {
        return None;
    }
    Some(AnswerBlock::Table {
        title: subject_of(step, title),
        columns,
        rows: step.rows().iter().take(TABLE_ROWS).cloned().collect(),
        total: step.total(),
        refs: vec![step.n],
    })
}

/// How many more there are than were written out, as the last line.
fn rest(step: &Step<'_>, prose: &mut Prose, shown: usize, total: u64, counter: &str) {
    let left = total.saturating_sub(shown as u64);
    if left == 0 {
        return;
    }
    let total = step.amount(total as f64, "", counter, None);
    let shown = step.amount(shown as f64, "", counter, None);
    match step.frame.lang {
        Lang::Ko => prose.line().text(&format!("(전체 {total} 가운데 {shown}만 적었습니다.)")),
        Lang::En => prose.line().text(&format!("({shown} of {total} are shown.)")),
    };
}
