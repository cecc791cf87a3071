//! A first pass over CSV files: which columns are numbers, times, yes and no, or text.

use std::collections::HashMap;

use model::imports::{FileMapping, TimeRef};

use super::{
    Run,
    compile::Compiler,
    fields::{FieldPlan, Scope},
};
use crate::{
    read::{Cells, ReadError, Table},
    say::Error,
    time::Times,
    value::{Kind, Survey, is_textual_name},
};

/// Kinds of the fields of an entry, by field.
#[derive(Debug, Default)]
pub(super) struct Kinds(HashMap<String, Kind>);

impl Kinds {
    /// The kind of a field.
    pub fn of(&self, field: &str) -> Kind {
        self.0.get(field).cloned().unwrap_or(Kind::AsGiven)
    }
}

/// What the fields of an entry are read from.
pub(super) struct Sources<'a> {
    pub scope: Scope<'a>,
    pub fields: &'a std::collections::BTreeMap<String, String>,
    pub skip: &'a [String],
    pub used: Vec<&'a str>,
}

/// Looks through all files of an entry.
pub(super) fn survey<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    names: &'a [String],
    sources: &Sources<'a>,
) -> Result<Kinds, Error> {
    let times = Times::new(&TimeRef::default(), &run.mapping.tz).unwrap_or_else(|_| Times::auto());
    let mut surveys: HashMap<String, Survey> = HashMap::new();
    for name in names {
        let fail = |text| Error::File { file: name.clone(), text };
        let mut table = Table::open(run.files, name, &entry.format).map_err(fail)?;
        let Some(head) = table.head().map(<[String]>::to_vec) else { continue };
        let mut compiler = Compiler::new(run.mapping, i, name, Some(&head), names.len() > 1);
        let filter = compiler.filter(entry);
        let plan = FieldPlan::new(
            &mut compiler,
            sources.scope,
            sources.fields,
            sources.skip,
            &sources.used,
            &Kinds::default(),
        );
        let columns = plan.open_columns();
        for (key, column) in &columns {
            let named = head.get(*column).is_some_and(|name| is_textual_name(name));
            surveys.entry(key.clone()).or_insert_with(|| Survey::new(named || is_textual_name(key)));
        }
        loop {
            let row = match table.next() {
                Ok(None) => break,
                Ok(Some(row)) => row,
                Err(ReadError::Row { .. }) => continue,
                Err(ReadError::File(text)) => return Err(fail(text)),
            };
            let Cells::Csv(record) = row.cells else { continue };
            if !filter.keeps(row) {
                continue;
            }
            let mut settled = true;
            for (key, column) in &columns {
                if let Some(survey) = surveys.get_mut(key).filter(|survey| !survey.is_settled()) {
                    survey.see(record.get(*column).unwrap_or_default(), &times);
                    settled &= survey.is_settled();
                }
            }
            if settled {
                break;
            }
        }
    }
    Ok(Kinds(surveys.into_iter().map(|(key, survey)| (key, survey.kind(&times))).collect()))
}
