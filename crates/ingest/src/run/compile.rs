//! A mapping made ready for one file: columns found, zones and formats read. What does not fit becomes a problem with its
//! place in the mapping.

use std::{cell::RefCell, collections::BTreeMap};

use model::imports::{FileMapping, ItemRef, Mapping, Patterns, Rows, TimeRef};

use super::{
    fields::{FieldPlan, Scope},
    metrics,
    survey::Kinds,
};
use crate::{lookup, path::Path, pattern, read::Row, say::Problem, time::Times, value::tidy};

/// Makes plans for one file.
pub(super) struct Compiler<'a> {
    pub mapping: &'a Mapping,
    pub head: Option<&'a [String]>,
    pub stem: &'a str,
    /// Place of the entry in the mapping.
    pub at: String,
    /// One of several files: a field or metric it lacks is no mistake.
    pub one_of_many: bool,
    pub problems: Vec<Problem>,
}

/// How the rows of a file find their items.
pub(super) struct ItemPlan<'a> {
    pub path: Path,
    pub reference: &'a ItemRef,
    pub order: Vec<String>,
    /// What rejected rows call it.
    pub name: String,
    counts: RefCell<BTreeMap<String, u64>>,
    /// The lookup that found the item of the last row.
    last: RefCell<String>,
}

/// A time column.
pub(super) struct TimePlan<'a> {
    pub path: Path,
    pub times: Times,
    pub name: &'a str,
}

/// Which rows are taken.
pub(super) struct Filter<'a> {
    parts: Vec<(Path, &'a [String], bool)>,
}

impl<'a> Compiler<'a> {
    pub fn new(
        mapping: &'a Mapping,
        i: usize,
        name: &'a str,
        head: Option<&'a [String]>,
        one_of_many: bool,
    ) -> Self {
        Self {
            mapping,
            head,
            stem: pattern::stem(name),
            at: format!("files[{i}]"),
            one_of_many,
            problems: Vec::new(),
        }
    }

    /// Makes every plan of an entry for the problems alone.
    pub fn everything(&mut self, entry: &'a FileMapping) {
        let kinds = Kinds::default();
        self.filter(entry);
        match &entry.rows {
            Rows::Items(rows) => {
                self.path("code", &rows.code);
                self.optional("id", &rows.id);
                self.optional("name", &rows.name);
                self.path("kind", &rows.kind);
                FieldPlan::new(self, Scope::Items, &rows.fields, &rows.skip, &[], &kinds);
            }
            Rows::ItemFields(rows) => {
                self.item("item", &rows.item);
                FieldPlan::new(self, Scope::Items, &rows.fields, &rows.skip, &[], &kinds);
            }
            Rows::Relations(rows) => {
                self.item("source", &rows.source);
                self.item("target", &rows.target);
                self.path("type", &rows.r#type);
                FieldPlan::new(self, Scope::Relations, &rows.fields, &rows.skip, &[], &kinds);
            }
            Rows::Records(rows) => {
                self.optional("id", &rows.id);
                if let Some(item) = &rows.item {
                    self.item("item", item);
                }
                self.time("at", &rows.at);
                if let Some(until) = &rows.until {
                    self.time("until", until);
                }
                FieldPlan::new(self, Scope::Records(&rows.kind), &rows.fields, &rows.skip, &[], &kinds);
            }
            Rows::MetricsWide(rows) => {
                metrics::WidePlan::new(self, rows);
            }
            Rows::MetricsLong(rows) => {
                self.item("item", &rows.item);
                self.time("at", &rows.at);
                self.path("metric", &rows.metric);
                self.path("value", &rows.value);
                self.optional("unit", &rows.unit);
            }
        }
    }

    /// A path that has to be there.
    pub fn path(&mut self, key: &str, text: &str) -> Path {
        Path::new(text, self.head, self.stem).unwrap_or_else(|text| {
            self.problems.push(Problem { path: format!("{}.{key}", self.at), text });
            Path::Absent
        })
    }

    /// A path that may be left out of the mapping.
    pub fn optional(&mut self, key: &str, text: &str) -> Path {
        if text.trim().is_empty() { Path::Absent } else { self.path(key, text) }
    }

    /// A path that some of several files may lack.
    pub fn lenient(&mut self, key: &str, text: &str) -> Path {
        if self.one_of_many {
            Path::new(text, self.head, self.stem).unwrap_or(Path::Absent)
        } else {
            self.path(key, text)
        }
    }

    pub fn item(&mut self, key: &str, reference: &'a ItemRef) -> ItemPlan<'a> {
        ItemPlan {
            path: self.path(&format!("{key}.column"), &reference.column),
            reference,
            order: lookup::order(reference),
            name: reference.column.clone(),
            counts: RefCell::default(),
            last: RefCell::default(),
        }
    }

    pub fn time(&mut self, key: &str, at: &'a TimeRef) -> TimePlan<'a> {
        let times = Times::new(at, &self.mapping.tz).unwrap_or_else(|text| {
            self.problems.push(Problem { path: format!("{}.{key}.format", self.at), text });
            Times::auto()
        });
        TimePlan { path: self.path(&format!("{key}.column"), &at.column), times, name: &at.column }
    }

    pub fn filter(&mut self, entry: &'a FileMapping) -> Filter<'a> {
        let mut parts = Vec::new();
        for (key, keep, conditions) in [("only", true, &entry.only), ("except", false, &entry.except)] {
            for (column, patterns) in conditions {
                let path = self.path(&format!("{key}.{column}"), column);
                parts.push((path, Patterns::all(patterns), keep));
            }
        }
        Filter { parts }
    }
}

impl ItemPlan<'_> {
    /// A plan for values that are not in a column.
    pub fn without_column<'a>(reference: &'a ItemRef, name: &str) -> ItemPlan<'a> {
        ItemPlan {
            path: Path::Absent,
            reference,
            order: lookup::order(reference),
            name: name.to_owned(),
            counts: RefCell::default(),
            last: RefCell::default(),
        }
    }

    /// Counts a row that found its item by this lookup.
    pub fn count(&self, by: &str) {
        self.add(by);
        by.clone_into(&mut self.last.borrow_mut());
    }

    /// Counts one more row of the item found last.
    pub fn again(&self) {
        let last = self.last.borrow();
        // an item that was made a row ago is found from then on
        self.add(if *last == "created" { "code" } else { &last });
    }

    fn add(&self, by: &str) {
        let mut counts = self.counts.borrow_mut();
        match counts.get_mut(by) {
            Some(count) => *count += 1,
            None => {
                counts.insert(by.to_owned(), 1);
            }
        }
    }

    pub fn counted(&self) -> Vec<(String, u64)> {
        self.counts.borrow().iter().map(|(by, n)| (by.clone(), *n)).collect()
    }
}

impl Filter<'_> {
    /// Whether a row is taken.
    pub fn keeps(&self, row: Row<'_>) -> bool {
        self.parts.iter().all(|(path, patterns, keep)| {
            let at = path.at(row);
            let text = at.text().unwrap_or_default();
            patterns.iter().any(|pattern| pattern::fits(&tidy(pattern), &text)) == *keep
        })
    }
}
