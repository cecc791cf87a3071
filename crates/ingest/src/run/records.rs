//! Records: events, maintenance, work, tickets, alarms.

use model::imports::{FileMapping, RecordRows};
use serde_json::{Map, Value};

use super::{
    Fate, LONGEST_NAME, Run,
    compile::{Compiler, TimePlan},
    fields::{FieldPlan, Scope, used},
    fits,
    items::open,
    survey::{Sources, survey},
};
use crate::{
    read::Row,
    rows::NewRecord,
    say::{self, Error, Refusal},
};

pub(super) fn records<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    rows: &'a RecordRows,
    names: &'a [String],
) -> Result<(), Error> {
    let item_column = rows.item.as_ref().map(|item| item.column.as_str()).unwrap_or_default();
    let until_column = rows.until.as_ref().map(|until| until.column.as_str()).unwrap_or_default();
    let scope = Scope::Records(&rows.kind);
    let sources = Sources {
        scope,
        fields: &rows.fields,
        skip: &rows.skip,
        used: used(&[&rows.id, item_column, &rows.at.column, until_column]),
    };
    let kinds = survey(run, i, entry, names, &sources)?;
    run.observer.record(&rows.kind);
    for name in names {
        let mut table = open(run, entry, name)?;
        let head = table.head().map(<[String]>::to_vec);
        let mut compiler = Compiler::new(run.mapping, i, name, head.as_deref(), names.len() > 1);
        let id = compiler.optional("id", &rows.id);
        let item = rows.item.as_ref().map(|item| compiler.item("item", item));
        let at = compiler.time("at", &rows.at);
        let until = rows.until.as_ref().map(|until| compiler.time("until", until));
        let filter = compiler.filter(entry);
        let mut fields =
            FieldPlan::new(&mut compiler, scope, &rows.fields, &rows.skip, &sources.used, &kinds);
        run.each_row(name, &mut table, &filter, |run, row| {
            let begins = time(&at, row)?.ok_or_else(|| say::missing(at.name))?;
            let ends = match &until {
                Some(until) => time(until, row)?,
                None => None,
            };
            if ends.is_some_and(|ends| ends < begins) {
                return Err(say::ends_before_it_begins(until_column, "").into());
            }
            let id = id.at(row);
            let id = id.text();
            if id.is_none() && !rows.id.is_empty() {
                return Err(say::missing(&rows.id).into());
            }
            fits(&rows.id, id.as_deref().unwrap_or_default(), LONGEST_NAME)?;
            let fields = fields.read(row)?;
            let item = match &item {
                Some(plan) => run.find(plan, row)?,
                None => None,
            };
            let key = match id {
                Some(id) => id.into_owned(),
                None => {
                    let code = item.map(|no| run.index.code(no));
                    row_key(code.as_deref().unwrap_or_default(), begins, ends, &fields)
                }
            };
            let record = NewRecord { kind: rows.kind.clone(), key, item, at: begins, until: ends, fields };
            run.go(|sink, _| sink.record(record))?;
            Ok(Fate::Taken)
        })?;
        if let Some(item) = &item {
            run.note_lookups(name, item);
        }
        fields.tell(&mut run.observer);
    }
    Ok(())
}

/// The time in a row, none where there is none.
pub(super) fn time(plan: &TimePlan<'_>, row: Row<'_>) -> Result<Option<i64>, Refusal> {
    let at = plan.path.at(row);
    match at.text() {
        None => Ok(None),
        Some(text) => plan.times.read(&text).map(Some).ok_or_else(|| say::not_a_time(plan.name, &text)),
    }
}

/// A key made of all a row says, so that the same row is the same record whenever it comes: 128-bit FNV-1a.
fn row_key(code: &str, at: i64, until: Option<i64>, fields: &Map<String, Value>) -> String {
    let mut hash = Fnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
    hash.text(code);
    hash.bytes(&at.to_le_bytes());
    hash.bytes(&until.unwrap_or(i64::MIN).to_le_bytes());
    let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
    sorted.sort_by_key(|(key, _)| *key);
    for (key, value) in sorted {
        hash.text(key);
        hash.text(&value.to_string());
    }
    format!("{:032x}", hash.0)
}

struct Fnv(u128);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xff]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_row_changes_with_anything_it_says_and_with_nothing_else() {
        let fields = |a: &str| Map::from_iter([("a".to_owned(), a.into()), ("b".to_owned(), Value::from(1))]);
        let key = row_key("web", 1, None, &fields("x"));
        assert_eq!(key, row_key("web", 1, None, &fields("x")));
        assert_eq!(key.len(), 32);
        for other in [
            row_key("web2", 1, None, &fields("x")),
            row_key("web", 2, None, &fields("x")),
            row_key("web", 1, Some(1), &fields("x")),
            row_key("web", 1, None, &fields("y")),
        ] {
            assert_ne!(key, other);
        }
    }
}
