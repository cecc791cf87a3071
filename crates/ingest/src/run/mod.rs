//! Files through a mapping, in the order in which they need each other.

mod compile;
mod fields;
mod items;
mod metrics;
mod records;
mod relations;
mod survey;

use std::collections::{BTreeMap, HashSet};

use model::imports::{ImportCounts, ItemRef, Mapping, Reject, Rows};
use serde_json::Map;

use self::compile::{Compiler, Filter, ItemPlan};
use crate::{
    catalogue::Observer,
    lookup::{self, Hit, Index},
    pattern,
    read::{Files, ReadError, Row, Table},
    rows::{Go, KnownItem, NewItem, Outcome, Sink},
    say::{self, Error, Problem, Refusal},
};

/// Longest code or identifier, in letters.
const LONGEST_CODE: usize = 200;
/// Longest name, in letters.
const LONGEST_NAME: usize = 500;
/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 2_000;

/// Reads the files through the mapping and hands every row to the sink: items first, then their fields, relations,
/// records, metrics. Whether mapping and files fit is found out before the first row is handed over. `known` are the
/// items the estate has already; their numbers are their places.
pub fn run(
    mapping: &Mapping,
    files: &dyn Files,
    known: impl IntoIterator<Item = KnownItem>,
    sink: &mut dyn Sink,
) -> Result<Outcome, Error> {
    let (chosen, problems) = fitting(mapping, files);
    if !problems.is_empty() {
        return Err(Error::Mapping(problems));
    }
    let mut index = Index::new(references(mapping));
    for item in known {
        let no = index.add(&item.code);
        index.learn(no, "id", &item.id);
        index.learn(no, "name", &item.name);
        index.learn_fields(no, &item.fields);
    }
    let total: u64 = chosen.iter().flatten().map(|name| files.bytes(name)).sum();
    let mut run = Run {
        mapping,
        files,
        sink,
        index,
        counts: ImportCounts::default(),
        lookups: BTreeMap::new(),
        observer: Observer::default(),
        pending: Some(BTreeMap::new()),
        described: HashSet::new(),
        met: metrics::Met::default(),
        done: 0,
        total: total.max(1),
    };
    for phase in 0..5 {
        if phase == 2 {
            run.release()?;
        }
        for (i, (entry, names)) in mapping.files.iter().zip(&chosen).enumerate() {
            match (&entry.rows, phase) {
                (Rows::Items(rows), 0) => items::items(&mut run, i, entry, rows, names)?,
                (Rows::ItemFields(rows), 1) => items::item_fields(&mut run, i, entry, rows, names)?,
                (Rows::Relations(rows), 2) => relations::relations(&mut run, i, entry, rows, names)?,
                (Rows::Records(rows), 3) => records::records(&mut run, i, entry, rows, names)?,
                (Rows::MetricsWide(rows), 4) => metrics::wide(&mut run, i, entry, rows, names)?,
                (Rows::MetricsLong(rows), 4) => metrics::long(&mut run, i, entry, rows, names)?,
                _ => {}
            }
        }
    }
    run.go(|sink, counts| sink.progress("", 1.0, counts))?;
    Ok(Outcome {
        counts: run.counts,
        lookups: run.lookups.into_iter().map(|((file, by), n)| (file, by, n)).collect(),
        catalogue: run.observer.catalogue(mapping),
    })
}

/// Finds out whether mapping and files fit, by the heads of the files: [`run`] does the same before the first row.
pub fn fit(mapping: &Mapping, files: &dyn Files) -> Vec<Problem> {
    fitting(mapping, files).1
}

/// The files of each entry, and what does not fit.
fn fitting(mapping: &Mapping, files: &dyn Files) -> (Vec<Vec<String>>, Vec<Problem>) {
    let mut problems = crate::mapping::validate(mapping);
    let chosen = choose(mapping, &files.names(), &mut problems);
    if problems.is_empty() {
        plans(mapping, files, &chosen, &mut problems);
    }
    (chosen, problems)
}

/// The files of each entry.
fn choose(mapping: &Mapping, names: &[String], problems: &mut Vec<Problem>) -> Vec<Vec<String>> {
    let mut chosen = Vec::new();
    for (i, entry) in mapping.files.iter().enumerate() {
        let found: Vec<String> = pattern::select(&entry.file, names).into_iter().map(str::to_owned).collect();
        if found.is_empty() {
            let there = names.iter().take(30).map(String::as_str).collect::<Vec<_>>().join(", ");
            problems.push(Problem::new(
                format!("files[{i}].file"),
                format!("'{}'에 맞는 파일이 없습니다. 있는 파일: {there}", entry.file),
                format!("no file fits '{}'; there are: {there}", entry.file),
            ));
        }
        chosen.push(found);
    }
    chosen
}

/// Opens every file once and makes its plan, so that a missing column is known before anything is written.
fn plans(mapping: &Mapping, files: &dyn Files, chosen: &[Vec<String>], problems: &mut Vec<Problem>) {
    for (i, (entry, names)) in mapping.files.iter().zip(chosen).enumerate() {
        let mut own = Vec::new();
        for name in names {
            match Table::open(files, name, &entry.format) {
                Ok(table) => {
                    let mut compiler = Compiler::new(mapping, i, name, table.head(), names.len() > 1);
                    compiler.everything(entry);
                    for problem in compiler.problems {
                        if !own.contains(&problem) {
                            own.push(problem);
                        }
                    }
                }
                Err(text) => own.push(Problem {
                    path: format!("files[{i}]"),
                    text: model::Localized::new(
                        format!("{name}: {}", text.ko),
                        format!("{name}: {}", text.en),
                    ),
                }),
            }
        }
        problems.extend(own);
    }
}

fn references(mapping: &Mapping) -> Vec<&ItemRef> {
    mapping
        .files
        .iter()
        .flat_map(|entry| match &entry.rows {
            Rows::Items(_) => vec![],
            Rows::ItemFields(rows) => vec![&rows.item],
            Rows::Relations(rows) => vec![&rows.source, &rows.target],
            Rows::Records(rows) => rows.item.iter().collect(),
            Rows::MetricsWide(rows) => match &rows.edges {
                Some(edges) => vec![&edges.item],
                None => vec![&rows.item],
            },
            Rows::MetricsLong(rows) => vec![&rows.item],
        })
        .collect()
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Taken,
    /// Some of its values were refused and reported; the others were taken.
    InPart,
    LeftOut,
}

/// Why a row was not taken, or nothing more is wanted.
#[derive(Debug)]
enum Fail {
    Refuse(Refusal),
    Stop(Error),
}

impl From<Refusal> for Fail {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse(refusal)
    }
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self::Stop(error)
    }
}

/// An import at work.
struct Run<'a> {
    mapping: &'a Mapping,
    files: &'a dyn Files,
    sink: &'a mut dyn Sink,
    index: Index,
    counts: ImportCounts,
    lookups: BTreeMap<(String, String), u64>,
    observer: Observer,
    /// Items wait here until all their fields are known; `None` once they have been handed over.
    pending: Option<BTreeMap<u32, NewItem>>,
    /// Items an items file of this import describes.
    described: HashSet<u32>,
    met: metrics::Met,
    done: u64,
    total: u64,
}

impl Run<'_> {
    fn go(&mut self, hand: impl FnOnce(&mut dyn Sink, &ImportCounts) -> Go) -> Result<(), Error> {
        if hand(self.sink, &self.counts).is_break() { Err(Error::Stopped) } else { Ok(()) }
    }

    /// Hands over the items that waited.
    fn release(&mut self) -> Result<(), Error> {
        for (_, item) in self.pending.take().unwrap_or_default() {
            self.go(|sink, _| sink.item(item))?;
        }
        Ok(())
    }

    fn put_item(&mut self, item: NewItem) -> Result<(), Error> {
        self.observer.kind(&item.kind);
        match &mut self.pending {
            Some(pending) => {
                pending.insert(item.no, item);
                Ok(())
            }
            None => self.go(|sink, _| sink.item(item)),
        }
    }

    fn reject(&mut self, file: &str, line: u64, refusal: Refusal) -> Result<(), Error> {
        let Refusal { field, value, reason, text } = refusal;
        let reject = Reject { file: file.to_owned(), line, field, value, reason: reason.to_owned(), text };
        self.go(|sink, _| sink.reject(reject))
    }

    /// Finds the item of a row, or makes it where the mapping says so. `None` when the row names none.
    fn find(&mut self, plan: &ItemPlan<'_>, row: Row<'_>) -> Result<Option<u32>, Fail> {
        let at = plan.path.at(row);
        let Some(text) = at.text() else { return Ok(None) };
        self.find_text(plan, &text).map(Some)
    }

    fn find_text(&mut self, plan: &ItemPlan<'_>, text: &str) -> Result<u32, Fail> {
        let value = lookup::part(plan.reference, text);
        match self.index.find(&plan.order, plan.reference.lowercase, &value) {
            Hit::One(no, by) => {
                plan.count(by);
                Ok(no)
            }
            Hit::Several(by) => {
                plan.count("none");
                Err(say::ambiguous_item(&plan.name, text, by).into())
            }
            Hit::None if plan.reference.create_as.is_empty() || value.is_empty() => {
                plan.count("none");
                Err(say::no_such_item(&plan.name, text, &plan.order).into())
            }
            Hit::None => {
                // an item whose code it is must not be made again, whatever it is looked up by
                if let Some(no) = self.index.by_code(&value) {
                    plan.count("code");
                    return Ok(no);
                }
                code_fits(&plan.name, &value)?;
                plan.count("created");
                let no = self.index.add(&value);
                self.index.learn(no, "name", &value);
                self.put_item(NewItem {
                    no,
                    code: self.index.code(no),
                    name: value,
                    kind: plan.reference.create_as.clone(),
                    id: String::new(),
                    fields: Map::new(),
                })?;
                Ok(no)
            }
        }
    }

    /// Reads a file row by row; `take` says what became of each.
    fn each_row(
        &mut self,
        name: &str,
        table: &mut Table,
        filter: &Filter<'_>,
        mut take: impl FnMut(&mut Self, Row<'_>) -> Result<Fate, Fail>,
    ) -> Result<(), Error> {
        let before = self.done;
        loop {
            let (line, fate) = match table.next() {
                Ok(None) => break,
                Ok(Some(row)) if !filter.keeps(row) => (row.line, Ok(Fate::LeftOut)),
                Ok(Some(row)) => (row.line, take(self, row)),
                Err(ReadError::Row { line, refusal }) => (line, Err(Fail::Refuse(refusal))),
                Err(ReadError::File(text)) => return Err(Error::File { file: name.to_owned(), text }),
            };
            self.counts.read += 1;
            match fate {
                Ok(Fate::Taken) => self.counts.accepted += 1,
                Ok(Fate::InPart) => self.counts.rejected += 1,
                Ok(Fate::LeftOut) => self.counts.skipped += 1,
                Err(Fail::Refuse(refusal)) => {
                    self.counts.rejected += 1;
                    self.reject(name, line, refusal)?;
                }
                Err(Fail::Stop(error)) => return Err(error),
            }
            if self.counts.read.is_multiple_of(REPORT_EVERY) {
                self.done = before + table.bytes_read();
                self.report(name)?;
            }
        }
        self.done = before + self.files.bytes(name);
        self.report(name)
    }

    fn report(&mut self, name: &str) -> Result<(), Error> {
        let done = (self.done as f64 / self.total as f64).min(1.0);
        self.go(|sink, counts| sink.progress(name, done, counts))
    }

    /// Whether a reference would find this value.
    fn knows(&self, plan: &ItemPlan<'_>, text: &str) -> bool {
        let value = lookup::part(plan.reference, text);
        matches!(self.index.find(&plan.order, plan.reference.lowercase, &value), Hit::One(..))
    }

    fn note_lookups(&mut self, name: &str, plan: &ItemPlan<'_>) {
        for (by, n) in plan.counted() {
            *self.lookups.entry((name.to_owned(), by)).or_default() += n;
        }
    }
}

fn code_fits(field: &str, code: &str) -> Result<(), Refusal> {
    fits(field, code, LONGEST_CODE)
}

fn fits(field: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(say::nul(field));
    }
    if text.len() > most && text.chars().count() > most {
        return Err(say::too_long(field, text, most));
    }
    Ok(())
}
