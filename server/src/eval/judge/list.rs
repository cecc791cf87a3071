//! Sets, tables, rankings, ways.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

use super::{
    super::{gold::Tolerance, text},
    Said,
    value::plain,
};

/// Every member and nothing else that looks like one.
pub(super) fn set(
    said: &Said<'_>,
    required: &[Value],
    allowed: &[Value],
    pattern: &str,
    pairs: bool,
) -> Result<(), String> {
    let pattern = Regex::new(&pattern.to_lowercase()).map_err(|error| format!("pattern: {error}"))?;
    if pairs {
        return pair_set(said, required, &pattern);
    }
    let required: BTreeSet<String> = required.iter().map(plain).collect();
    if required.is_empty() && !said.denies() {
        return Err("does not say that there is none".into());
    }
    let allowed: BTreeSet<String> = allowed.iter().map(plain).collect();
    let missing: Vec<_> = required.iter().filter(|name| !occurs(said, name)).cloned().collect();
    if !missing.is_empty() {
        return Err(format!("missing {}", missing.join(", ")));
    }
    let extra: BTreeSet<String> = text::names(&said.text, &pattern)
        .into_iter()
        .map(|(_, name)| name)
        .filter(|name| {
            !required.contains(name) && !allowed.contains(name) && text::whole(&said.asked, name).is_empty()
        })
        .collect();
    if extra.is_empty() { Ok(()) } else { Err(format!("also names {}", Vec::from_iter(extra).join(", "))) }
}

fn occurs(said: &Said<'_>, name: &str) -> bool {
    if name.is_ascii() { !text::whole(&said.text, name).is_empty() } else { said.text.contains(name) }
}

fn pair_set(said: &Said<'_>, required: &[Value], pattern: &Regex) -> Result<(), String> {
    let ordered = |mut pair: Vec<String>| {
        pair.sort();
        pair
    };
    let required: BTreeSet<Vec<String>> = required
        .iter()
        .filter_map(|pair| pair.as_array().map(|pair| ordered(pair.iter().map(plain).collect())))
        .collect();
    let found: BTreeSet<Vec<String>> = said
        .text
        .split(['\n', ';', ','])
        .map(|part| text::names(part, pattern).into_iter().map(|(_, name)| name).collect::<Vec<_>>())
        .filter(|names| names.len() == 2)
        .map(ordered)
        .collect();
    if found == required { Ok(()) } else { Err(format!("pairs {found:?} instead of {required:?}")) }
}

/// Every key stands with its value, and no further key.
pub(super) fn table(
    said: &Said<'_>,
    rows: &BTreeMap<String, Value>,
    tolerance: Tolerance,
) -> Result<(), String> {
    let keys: Vec<String> = rows.keys().map(|key| key.to_lowercase()).collect();
    for (key, value) in rows {
        stands_with(said, &key.to_lowercase(), value, tolerance, &keys)?;
    }
    let pattern = keys.first().and_then(|key| text::like(key));
    let named = pattern.and_then(|pattern| {
        let mut names = text::names(&said.text, &pattern).into_iter().map(|(_, name)| name);
        names.find(|name| !keys.contains(name) && text::whole(&said.asked, name).is_empty())
    });
    let listed = || {
        let mut rows = text::rows(&said.text).into_iter().map(|row| row.label);
        rows.find(|label| !TOTALS.contains(label) && !keys.iter().any(|key| names(label, key)))
    };
    match named.or_else(|| listed().map(str::to_owned)) {
        Some(name) => Err(format!("also names {name}")),
        None => Ok(()),
    }
}

/// Labels of a row that sums up the others.
const TOTALS: &[&str] = &["합계", "전체", "총계", "total", "sum", "all"];

/// Whether the label of a row is, or contains, a key.
fn names(label: &str, key: &str) -> bool {
    if key.is_ascii() { !text::whole(label, key).is_empty() } else { label.contains(key) }
}

/// Somewhere `key` is followed, before the next key, by its value — or, where no number follows, is preceded by it.
fn stands_with(
    said: &Said<'_>,
    key: &str,
    value: &Value,
    tolerance: Tolerance,
    keys: &[String],
) -> Result<(), String> {
    let borders: Vec<usize> =
        keys.iter().flat_map(|key| text::whole(&said.text, key)).map(|range| range.start).collect();
    let places = text::whole(&said.text, key);
    if places.is_empty() {
        return Err(format!("{key} does not occur"));
    }
    let right = |part: &str, first: bool| match value.as_f64() {
        Some(gold) => {
            let numbers = text::numbers(part);
            let chosen = if first { numbers.first() } else { numbers.last() };
            chosen.map(|number| tolerance.same(gold, number.value))
        }
        None => Some(part.contains(&plain(value))),
    };
    // Where a list is given, its points decide.
    let mut rows = text::rows(&said.text).into_iter().filter(|row| names(row.label, key)).peekable();
    if rows.peek().is_some_and(|row| !row.value.is_empty()) {
        let holds = rows.any(|row| right(row.value, true) == Some(true));
        return if holds { Ok(()) } else { Err(format!("{key} does not stand with {value}")) };
    }
    let holds = places.iter().any(|place| {
        let next = borders.iter().copied().filter(|at| *at > place.start).min().unwrap_or(said.text.len());
        let before = borders.iter().copied().filter(|at| *at < place.start).max().unwrap_or(0);
        let line = said.text[before..place.start].rfind('\n').map_or(before, |at| before + at);
        right(&said.text[place.end..next], true).or_else(|| right(&said.text[line..place.start], false))
            == Some(true)
    });
    if holds { Ok(()) } else { Err(format!("{key} does not stand with {value}")) }
}

/// The names come in this order, and no other of their form among them.
pub(super) fn ranked(
    said: &Said<'_>,
    rows: &[(String, Value)],
    ties: &[Vec<String>],
    values: Option<Tolerance>,
) -> Result<(), String> {
    let names: Vec<String> = rows.iter().map(|(name, _)| name.to_lowercase()).collect();
    let mut places = Vec::new();
    for name in &names {
        let place = text::whole(&said.text, name).first().map(|range| range.start);
        places.push(place.ok_or_else(|| format!("{name} does not occur"))?);
    }
    let tied = |a: &str, b: &str| {
        ties.iter().any(|group| {
            let has = |name: &str| group.iter().any(|member| member.to_lowercase() == name);
            has(a) && has(b)
        })
    };
    for n in 1..names.len() {
        if places[n] < places[n - 1] && !tied(&names[n], &names[n - 1]) {
            return Err(format!("{} comes before {}", names[n], names[n - 1]));
        }
    }
    if let Some(pattern) = names.first().and_then(|name| text::like(name)) {
        let last = places.iter().copied().max().unwrap_or(0);
        let other = text::names(&said.text, &pattern).into_iter().find(|(at, name)| {
            *at < last && !names.contains(name) && text::whole(&said.asked, name).is_empty()
        });
        if let Some((_, name)) = other {
            return Err(format!("{name} is among the first {}", names.len()));
        }
    }
    if let Some(tolerance) = values {
        for (name, value) in rows {
            stands_with(said, &name.to_lowercase(), value, tolerance, &names)?;
        }
    }
    Ok(())
}

/// One of the ways is given in order, and the number of hops, where it is given, is right.
pub(super) fn path(said: &Said<'_>, length: u32, paths: &[Vec<String>]) -> Result<(), String> {
    let given = paths.iter().any(|path| {
        let path: Vec<String> = path.iter().map(|name| name.to_lowercase()).collect();
        in_order(said, &path)
    });
    if !given {
        return Err(format!("no line gives a way of {length} hops in order"));
    }
    let Ok(pattern) = Regex::new(r"(\d+)\s?(홉|단계|hops?|steps?)") else { return Ok(()) };
    let wrong = pattern.captures_iter(&said.text).find(|found| found[1].parse() != Ok(length));
    wrong.map_or(Ok(()), |found| Err(format!("says {} instead of {length} hops", &found[0])))
}

/// A line names the members one after the other, with no other member between.
fn in_order(said: &Said<'_>, path: &[String]) -> bool {
    said.text.lines().chain([said.text.as_str()]).any(|line| {
        let mut found: Vec<(usize, usize)> = path
            .iter()
            .enumerate()
            .flat_map(|(n, name)| text::whole(line, name).into_iter().map(move |range| (range.start, n)))
            .collect();
        found.sort_unstable();
        let order: Vec<usize> = found.into_iter().map(|(_, n)| n).collect();
        order.windows(path.len()).any(|window| window.iter().copied().eq(0..path.len()))
    })
}
