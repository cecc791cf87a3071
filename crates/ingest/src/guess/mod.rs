//! What a file seems to be and what its columns seem to mean: from names in both languages, from the shapes of values, from
//! codes the estate knows. A person corrects it; nothing is imported by a guess alone.

mod columns;
mod shape;
mod travel;
mod words;

use std::collections::HashSet;

use model::{
    Localized,
    imports::{ColumnGuess, FileMapping},
};

use self::{
    columns::Columns,
    shape::Shape,
    words::{Says, Topic},
};
use crate::pattern;

pub use self::travel::travel;
pub(crate) use self::words::{role, unit};

/// What the estate, and the other files of the import, have.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Codes of items.
    pub codes: HashSet<String>,
    /// Identifiers of items in files.
    pub ids: HashSet<String>,
    /// Names of items.
    pub names: HashSet<String>,
    /// Kinds of items.
    pub kinds: HashSet<String>,
}

/// What a row seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Items,
    ItemFields,
    Relations,
    Records,
    Wide,
    Edges,
    Long,
}

/// Guesses what a file is and what each of its columns means.
pub fn guess(
    name: &str,
    columns: &[String],
    sample: &[Vec<String>],
    known: &Known,
) -> (FileMapping, Vec<ColumnGuess>) {
    let loose: HashSet<String> = known.codes.iter().map(|code| code.to_lowercase()).collect();
    let seen: Vec<Column<'_>> = columns
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let values: Vec<&str> = sample.iter().map(|row| row.get(i).map_or("", String::as_str)).collect();
            Column { name: column, says: words::says(column), shape: Shape::new(&values, known, &loose) }
        })
        .collect();
    let stem = pattern::stem(name);
    let what = what(stem, &seen, known);
    let (rows, guesses) = Columns::new(stem, &seen, known, sample).rows(what);
    (FileMapping::new(name, rows), guesses)
}

/// A column: its name, what the name says, what the values look like.
struct Column<'a> {
    name: &'a str,
    says: Vec<Says>,
    shape: Shape,
}

impl Column<'_> {
    fn says(&self, what: Says) -> bool {
        self.says.contains(&what)
    }

    /// A time a row can be about.
    fn is_time(&self) -> bool {
        self.shape.times > 0.6 && !self.says(Says::Written) && !self.says(Says::Skip)
    }

    fn is_quantity(&self) -> bool {
        self.shape.numbers > 0.8
            && self.shape.times < 0.5
            && !self.says.iter().any(|s| {
                matches!(
                    s,
                    Says::Id
                        | Says::Code
                        | Says::Kind
                        | Says::Skip
                        | Says::Happening
                        | Says::At
                        | Says::Until
                )
            })
    }
}

fn what(stem: &str, columns: &[Column<'_>], known: &Known) -> What {
    let topic = words::topic(stem);
    let any = |says: Says| columns.iter().any(|c| c.says(says));
    let count = |says: Says| columns.iter().filter(|c| c.says(says)).count();
    let time = columns.iter().any(Column::is_time);
    let finders = columns.iter().filter(|c| c.shape.finds_items() > 0.6 && !c.is_quantity()).count();
    let ends = columns.iter().any(|c| c.says(Says::Source)) && columns.iter().any(|c| c.says(Says::Target));
    let no_time_but_two_ends = !time && finders >= 2 && columns.len() <= 6 && !any(Says::Kind);
    if (ends && !any(Says::Value) && (!time || topic == Some(Topic::Relations))) || no_time_but_two_ends {
        return What::Relations;
    }
    let quantities = columns.iter().filter(|c| c.is_quantity()).count();
    if time {
        if any(Says::Metric) && any(Says::Value) {
            return What::Long;
        }
        let others = columns.iter().filter(|c| !c.is_time() && !c.is_quantity()).count();
        let mostly_numbers =
            quantities >= 2 && quantities > others || (topic == Some(Topic::Metrics) && quantities > 0);
        if mostly_numbers && count(Says::Happening) < 2 {
            let edges =
                columns.iter().filter(|c| c.is_quantity() && columns::edge(c.name, known).is_some()).count();
            let item = columns.iter().any(|c| c.says(Says::Item) || c.shape.finds_items() > 0.6);
            return if !item && edges * 2 > quantities { What::Edges } else { What::Wide };
        }
    }
    let item_words = 3 * usize::from(any(Says::Code))
        + 2 * usize::from(any(Says::Name))
        + 2 * usize::from(any(Says::Kind))
        + count(Says::Property)
        + 2 * usize::from(topic == Some(Topic::Items));
    let record_words = if time { 2 } else { 0 }
        + 2 * count(Says::Happening)
        + usize::from(any(Says::Until)) * 2
        + 3 * usize::from(topic == Some(Topic::Records));
    let dated = columns.iter().any(|c| c.shape.times > 0.6);
    if dated && record_words > item_words {
        return What::Records;
    }
    let refers = columns.iter().any(|c| {
        (c.shape.ids > 0.6 || c.shape.codes > 0.6)
            && (c.says(Says::Item) || c.says(Says::Id) || c.says(Says::Code))
    });
    let describes = any(Says::Kind) || any(Says::Name);
    if refers && !describes {
        return What::ItemFields;
    }
    // identifiers with objects of attributes and nothing that names or sorts them
    let objects = columns.iter().any(|c| c.shape.objects > 0.6);
    if objects && !describes && !any(Says::Code) { What::ItemFields } else { What::Items }
}

fn say(ko: impl Into<String>, en: impl Into<String>) -> Localized {
    Localized::new(ko, en)
}
