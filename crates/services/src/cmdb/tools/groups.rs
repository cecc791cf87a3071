//! Groups of rows and what is computed over each.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::{
    super::{
        table::{Function, compare, num, percentile},
        text::{number, shown},
    },
    items::absent,
};

/// A group: the values it shares, and its members.
pub(super) struct Group {
    pub key: Vec<Value>,
    pub members: Vec<u32>,
}

/// Groups members by fields, ordered by the group. A list counts in every one of its values. Gives also how many members
/// have no value of a field and so are in no group. Without fields there is one group, even of nothing.
pub(super) fn group(members: &[u32], by: &[String], cell: impl Fn(u32, &str) -> Value) -> (Vec<Group>, u64) {
    if by.is_empty() {
        return (vec![Group { key: Vec::new(), members: members.to_vec() }], 0);
    }
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut left_out = 0;
    for &member in members {
        let mut keys: Vec<Vec<Value>> = vec![Vec::new()];
        for field in by {
            let values: Vec<Value> = match cell(member, field) {
                Value::Array(list) => {
                    let mut seen = HashSet::new();
                    list.into_iter().filter(|v| !absent(v) && seen.insert(v.to_string())).collect()
                }
                value if absent(&value) => Vec::new(),
                value => vec![value],
            };
            keys = keys
                .into_iter()
                .flat_map(|key| {
                    values.iter().map(move |value| key.iter().cloned().chain([value.clone()]).collect())
                })
                .collect();
        }
        if keys.is_empty() {
            left_out += 1;
        }
        for key in keys {
            let name = Value::Array(key.clone()).to_string();
            groups.entry(name).or_insert_with(|| Group { key, members: Vec::new() }).members.push(member);
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| {
        a.key
            .iter()
            .zip(&b.key)
            .map(|(a, b)| compare(a, b, &[], false))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    (groups, left_out)
}

/// Computes a function over the values of the rows that fit; null when there is nothing to compute from.
pub(super) fn measured(
    function: Function,
    field: &str,
    rows: usize,
    fit: usize,
    values: impl Iterator<Item = Value>,
) -> Value {
    let numbers = |values: &mut dyn Iterator<Item = Value>| -> Vec<f64> {
        values.filter_map(|v| v.as_f64().or_else(|| shown(&v).and_then(|text| number(&text)))).collect()
    };
    let mut values = values;
    match function {
        Function::Count if field.is_empty() => fit.into(),
        Function::Count => values.filter(|v| !absent(v)).count().into(),
        Function::Derived => Value::Null,
        Function::Share if rows == 0 => Value::Null,
        #[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
        Function::Share => num(100.0 * fit as f64 / rows as f64),
        Function::Distinct => {
            let mut seen: HashSet<String> = HashSet::new();
            for value in values {
                match value {
                    Value::Array(list) => {
                        seen.extend(list.iter().filter_map(shown).map(|text| text.into_owned()))
                    }
                    other => seen.extend(shown(&other).map(|text| text.into_owned())),
                }
            }
            seen.len().into()
        }
        Function::Sum => {
            let numbers = numbers(&mut values);
            if numbers.is_empty() { Value::Null } else { num(numbers.iter().sum()) }
        }
        Function::Avg => {
            let numbers = numbers(&mut values);
            #[expect(clippy::cast_precision_loss, reason = "numbers of rows are far below 2^52")]
            let count = numbers.len() as f64;
            num(numbers.iter().sum::<f64>() / count)
        }
        Function::Min | Function::Max => {
            let present: Vec<Value> = values.filter(|v| !absent(v)).collect();
            let order = |a: &&Value, b: &&Value| compare(a, b, &[], false);
            let found = if function == Function::Min {
                present.iter().min_by(order)
            } else {
                present.iter().max_by(order)
            };
            found.cloned().unwrap_or(Value::Null)
        }
        Function::Percentile(percent) => {
            let mut numbers = numbers(&mut values);
            numbers.sort_by(f64::total_cmp);
            percentile(&numbers, percent).map_or(Value::Null, num)
        }
    }
}
