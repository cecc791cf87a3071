//! `ci.search` and `ci.aggregate`.

use model::{
    Lang,
    answer::Column,
    tools::{CiAggregate, CiSearch, ToolOutput},
};
use serde_json::Value;

use super::{
    super::{
        filter::{Cell, Filter, item_cell, item_spec, unknown_field},
        select::select,
        snapshot::Snapshot,
        table::{self, Function, Row, column, cut, limit_or},
    },
    groups::{Group, group, measured},
    item_column,
};
use crate::error::{Error, Result};

/// Fields asked for, `*` standing for all of them; an unknown one is an error.
pub(super) fn fields(estate: &Snapshot, asked: &[String]) -> Result<Vec<String>> {
    let mut fields: Vec<String> = Vec::new();
    for (at, field) in asked.iter().enumerate() {
        if field == "*" {
            fields.extend(estate.catalogue().fields.iter().map(|f| f.key.clone()));
        } else if item_spec(estate, field).is_some() {
            fields.push(field.clone());
        } else {
            return Err(unknown_field(&format!("fields[{at}]"), field));
        }
    }
    let mut seen = std::collections::HashSet::new();
    fields.retain(|field| !matches!(field.as_str(), "code" | "name" | "kind") && seen.insert(field.clone()));
    Ok(fields)
}

/// Words in order of the fields of items, for sorting.
pub(super) fn words(estate: &Snapshot) -> impl Fn(&str) -> Vec<String> + Send + Sync {
    |field| item_spec(estate, field).map(|spec| spec.words).unwrap_or_default()
}

/// The first columns of a row about an item.
pub(super) fn identity(estate: &Snapshot, node: u32) -> Row {
    ["code", "name", "kind"]
        .into_iter()
        .map(|field| (field.to_owned(), item_cell(estate, node, field).to_value()))
        .collect()
}

/// Adds fields of an item to a row, absent ones as null.
pub(super) fn add_fields(estate: &Snapshot, node: u32, fields: &[String], row: &mut Row) {
    for field in fields {
        row.insert(field.clone(), item_cell(estate, node, field).to_value());
    }
}

/// Finds items.
pub(in super::super) fn search(estate: &Snapshot, args: &CiSearch, lang: Lang) -> Result<ToolOutput> {
    let selected = select(estate, &args.select, lang)?;
    let mut fields = fields(estate, &args.fields)?;
    if args.fields.iter().any(|field| field == "*") {
        // All fields of a mixed estate are mostly empty: those none of the items has say nothing.
        fields.retain(|field| {
            selected.nodes.iter().any(|&n| !matches!(item_cell(estate, n, field), Cell::Missing))
        });
    }
    let mut columns: Vec<Column> =
        ["code", "name", "kind"].into_iter().map(|field| item_column(estate, field, field, lang)).collect();
    columns.extend(fields.iter().map(|field| item_column(estate, field.clone(), field, lang)));
    // A field sorted by need not be among those shown.
    let extra: Vec<String> = args
        .sort
        .iter()
        .map(|sort| sort.by.clone())
        .filter(|by| !columns.iter().any(|c| c.key == *by) && item_spec(estate, by).is_some())
        .collect();
    let mut sortable = columns.clone();
    sortable.extend(extra.iter().map(|field| item_column(estate, field.clone(), field, lang)));
    let mut rows: Vec<Row> = selected
        .nodes
        .iter()
        .map(|&node| {
            let mut row = identity(estate, node);
            add_fields(estate, node, &fields, &mut row);
            add_fields(estate, node, &extra, &mut row);
            row
        })
        .collect();
    table::sort(&mut rows, &args.sort, &sortable, &words(estate))?;
    let mut output = cut(rows, columns, &args.sort, limit_or(args.limit, 1_000), false);
    for row in &mut output.rows {
        for field in &extra {
            row.remove(field);
        }
    }
    output.notes = selected.notes;
    Ok(output)
}

/// Counts and summarises items by groups.
pub(in super::super) fn aggregate(estate: &Snapshot, args: &CiAggregate, lang: Lang) -> Result<ToolOutput> {
    let selected = select(estate, &args.select, lang)?;
    for (at, field) in args.group_by.iter().enumerate() {
        if item_spec(estate, field).is_none() {
            return Err(unknown_field(&format!("group_by[{at}]"), field));
        }
    }
    let mut measures = Vec::with_capacity(args.measures.len());
    for (at, measure) in args.measures.iter().enumerate() {
        let function = Function::parse(&format!("measures[{at}].fn"), &measure.r#fn)?;
        if function != Function::Derived
            && (function.needs_field() || !measure.field.is_empty())
            && item_spec(estate, &measure.field).is_none()
        {
            return Err(unknown_field(&format!("measures[{at}].field"), &measure.field));
        }
        measures.push((measure, function, Filter::of_items(&measure.filter, estate)?));
    }
    if measures.is_empty() {
        return Err(Error::invalid(
            "measures",
            "계산할 값이 없습니다. measures에 하나 이상 지정해 주세요",
            "nothing to compute; name at least one in measures",
        ));
    }

    let cells = |node: u32, field: &str| item_cell(estate, node, field).to_value();
    let (groups, left_out) = group(&selected.nodes, &args.group_by, cells);
    let mut columns: Vec<Column> =
        args.group_by.iter().map(|field| item_column(estate, field.clone(), field, lang)).collect();
    for (measure, function, _) in &measures {
        let source = (!measure.field.is_empty() && *function != Function::Derived)
            .then(|| item_column(estate, "", &measure.field, lang));
        let label = table::measure_label(measure, source.as_ref().map_or("", |s| s.label.as_str()), lang);
        let unit = match function {
            Function::Share => "%".to_owned(),
            Function::Derived if measure.r#fn == "change_pct" => "%".to_owned(),
            Function::Count | Function::Distinct | Function::Derived => String::new(),
            _ => source.map(|s| s.unit).unwrap_or_default(),
        };
        columns.push(column(table::measure_name(measure), label, unit, true));
    }
    let mut rows = Vec::with_capacity(groups.len());
    for Group { key, members } in groups {
        let mut row: Row = args.group_by.iter().cloned().zip(key).collect();
        for (measure, function, filter) in &measures {
            let fit: Vec<u32> = members.iter().copied().filter(|&n| filter.accepts_item(estate, n)).collect();
            let values = fit.iter().map(|&node| cells(node, &measure.field));
            row.insert(
                table::measure_name(measure),
                measured(*function, &measure.field, members.len(), fit.len(), values),
            );
        }
        rows.push(row);
    }
    table::derive(&mut rows, &args.measures);
    rows.retain(|row| model::tools::holds(row, &args.having));
    if !args.over.is_empty() {
        let first = args.measures.first().map(table::measure_name).unwrap_or_default();
        let mut output = table::reduce_groups(&rows, &first, &args.over, 0, lang)?;
        output.notes = selected.notes;
        return Ok(output);
    }
    table::sort(&mut rows, &args.sort, &columns, &words(estate))?;
    let mut output = cut(rows, columns, &args.sort, limit_or(args.limit, 1_000), true);
    output.notes = selected.notes;
    output.notes.extend(left_out_note(left_out, &args.group_by, lang));
    Ok(output)
}

/// What is said about rows without a value of a group field.
pub(crate) fn left_out_note(left_out: u64, by: &[String], lang: Lang) -> Option<String> {
    let fields = by.join(", ");
    (left_out > 0).then(|| match lang {
        Lang::Ko => format!("{fields} 값이 없는 {left_out}건은 묶음에 들어가지 않았습니다"),
        Lang::En => format!("{left_out} without {fields} are in no group"),
    })
}

/// Absent values of a JSON cell.
pub(super) fn absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
