//! Relations.

use std::collections::{HashMap, HashSet};

use model::imports::{FileMapping, RelationRows};

use super::{
    Fate, LONGEST_CODE, Run,
    compile::Compiler,
    fields::{FieldPlan, Scope, used},
    fits,
    items::open,
    survey::{Sources, survey},
};
use crate::{
    rows::NewRelation,
    say::{self, Error},
};

pub(super) fn relations<'a>(
    run: &mut Run<'a>,
    i: usize,
    entry: &'a FileMapping,
    rows: &'a RelationRows,
    names: &'a [String],
) -> Result<(), Error> {
    let sources = Sources {
        scope: Scope::Relations,
        fields: &rows.fields,
        skip: &rows.skip,
        used: used(&[&rows.source.column, &rows.target.column, &rows.r#type]),
    };
    let kinds = survey(run, i, entry, names, &sources)?;
    let mut types: HashMap<String, u32> = HashMap::new();
    let mut seen: HashSet<(u32, u32, u32)> = HashSet::new();
    for name in names {
        let mut table = open(run, entry, name)?;
        let head = table.head().map(<[String]>::to_vec);
        let mut compiler = Compiler::new(run.mapping, i, name, head.as_deref(), names.len() > 1);
        let source = compiler.item("source", &rows.source);
        let target = compiler.item("target", &rows.target);
        let r#type = compiler.path("type", &rows.r#type);
        let filter = compiler.filter(entry);
        let mut fields =
            FieldPlan::new(&mut compiler, Scope::Relations, &rows.fields, &rows.skip, &sources.used, &kinds);
        run.each_row(name, &mut table, &filter, |run, row| {
            let r#type = r#type.at(row);
            let r#type = r#type.text().ok_or_else(|| say::missing(&rows.r#type))?;
            fits(&rows.r#type, &r#type, LONGEST_CODE)?;
            let fields = fields.read(row)?;
            let source = run.find(&source, row)?.ok_or_else(|| say::missing(&rows.source.column))?;
            let target = run.find(&target, row)?.ok_or_else(|| say::missing(&rows.target.column))?;
            let next = u32::try_from(types.len()).unwrap_or(u32::MAX);
            let number = match types.get(r#type.as_ref()) {
                Some(number) => *number,
                None => *types.entry(r#type.clone().into_owned()).or_insert(next),
            };
            run.observer.relation(&r#type);
            // the same relation again says nothing new
            if seen.insert((source, target, number)) {
                let relation = NewRelation { source, target, r#type: r#type.into_owned(), fields };
                run.go(|sink, _| sink.relation(relation))?;
            }
            Ok(Fate::Taken)
        })?;
        run.note_lookups(name, &source);
        run.note_lookups(name, &target);
        fields.tell(&mut run.observer);
    }
    Ok(())
}
