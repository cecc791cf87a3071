//! Configuration items and their fields.

use std::collections::HashSet;

use model::imports::{FileMapping, ItemFieldRows, ItemRows};

use super::{
    Fail, Fate, LONGEST_NAME, Run, code_fits,
    compile::Compiler,
    fields::{FieldPlan, Scope, used},
    fits,
    survey::{Sources, survey},
};
use crate::{
    read::Table,
    rows::{ItemFields, NewItem},
    say::{self, Error},
};

pub(super) fn items<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    rows: &'a ItemRows,
    names: &'a [String],
) -> Result<(), Error> {
    let sources = Sources {
        scope: Scope::Items,
        fields: &rows.fields,
        skip: &rows.skip,
        used: used(&[&rows.code, &rows.id, &rows.name, &rows.kind]),
    };
    let kinds = survey(run, i, entry, names, &sources)?;
    for name in names {
        let mut table = open(run, entry, name)?;
        let head = table.head().map(<[String]>::to_vec);
        let mut compiler = Compiler::new(run.mapping, i, name, head.as_deref(), names.len() > 1);
        let code = compiler.path("code", &rows.code);
        let id = compiler.optional("id", &rows.id);
        let title = compiler.optional("name", &rows.name);
        let kind = compiler.path("kind", &rows.kind);
        let filter = compiler.filter(entry);
        let mut fields =
            FieldPlan::new(&mut compiler, Scope::Items, &rows.fields, &rows.skip, &sources.used, &kinds);
        run.each_row(name, &mut table, &filter, |run, row| {
            let code = code.at(row);
            let code = code.text().ok_or_else(|| say::missing(&rows.code))?;
            code_fits(&rows.code, &code)?;
            let known = run.index.by_code(&code);
            if known.is_some_and(|no| run.described.contains(&no)) {
                return if entry.once {
                    Ok(Fate::LeftOut)
                } else {
                    Err(say::duplicate(&rows.code, &code).into())
                };
            }
            let kind = kind.at(row);
            let kind = kind.text().ok_or_else(|| say::missing(&rows.kind))?;
            fits(&rows.kind, &kind, LONGEST_NAME)?;
            let title = title.at(row);
            let title = title.text().unwrap_or_else(|| code.clone());
            fits(&rows.name, &title, LONGEST_NAME)?;
            let id = id.at(row);
            let id = id.text().unwrap_or_default();
            fits(&rows.id, &id, LONGEST_NAME)?;
            let fields = fields.read(row)?;
            let no = run.index.add(&code);
            run.described.insert(no);
            run.index.learn(no, "id", &id);
            run.index.learn(no, "name", &title);
            run.index.learn_fields(no, &fields);
            run.put_item(NewItem {
                no,
                code: run.index.code(no),
                name: title.into_owned(),
                kind: kind.into_owned(),
                id: id.into_owned(),
                fields,
            })?;
            Ok(Fate::Taken)
        })?;
        fields.tell(&mut run.observer);
    }
    Ok(())
}

pub(super) fn item_fields<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    rows: &'a ItemFieldRows,
    names: &'a [String],
) -> Result<(), Error> {
    let sources = Sources {
        scope: Scope::Items,
        fields: &rows.fields,
        skip: &rows.skip,
        used: used(&[&rows.item.column]),
    };
    let kinds = survey(run, i, entry, names, &sources)?;
    let mut seen = HashSet::new();
    for name in names {
        let mut table = open(run, entry, name)?;
        let head = table.head().map(<[String]>::to_vec);
        let mut compiler = Compiler::new(run.mapping, i, name, head.as_deref(), names.len() > 1);
        let item = compiler.item("item", &rows.item);
        let filter = compiler.filter(entry);
        let mut fields =
            FieldPlan::new(&mut compiler, Scope::Items, &rows.fields, &rows.skip, &sources.used, &kinds);
        run.each_row(name, &mut table, &filter, |run, row| {
            let no = run.find(&item, row)?.ok_or_else(|| say::missing(&rows.item.column))?;
            if entry.once && seen.contains(&no) {
                return Ok(Fate::LeftOut);
            }
            let fields = fields.read(row)?;
            seen.insert(no);
            run.index.learn_fields(no, &fields);
            match run.pending.as_mut().and_then(|pending| pending.get_mut(&no)) {
                Some(pending) => pending.fields.extend(fields),
                None => {
                    let code = run.index.code(no);
                    run.go(|sink, _| sink.fields(ItemFields { no, code, fields }))?;
                }
            }
            Ok::<_, Fail>(Fate::Taken)
        })?;
        run.note_lookups(name, &item);
        fields.tell(&mut run.observer);
    }
    Ok(())
}

/// Opens a file of an entry.
pub(super) fn open(run: &Run<'_>, entry: &FileMapping, name: &str) -> Result<Table, Error> {
    Table::open(run.files, name, &entry.format).map_err(|text| Error::File { file: name.to_owned(), text })
}
