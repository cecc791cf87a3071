//! One value, or several that belong together.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::{gold::Tolerance, text},
    Said,
};

/// The value occurs, and the sentence that gives it offers no other number for the same thing.
pub(super) fn number(
    said: &Said<'_>,
    value: f64,
    tolerance: Tolerance,
    accept: &[f64],
    also_in: &BTreeMap<String, f64>,
) -> Result<(), String> {
    let right = |number: f64| {
        let mut golds = [value].into_iter().chain(accept.iter().copied()).chain(also_in.values().copied());
        golds.any(|gold| tolerance.same(gold, number))
    };
    let asked: Vec<f64> = text::numbers(&said.asked).into_iter().map(|number| number.value).collect();
    // A number of the question repeated is not yet an answer, unless it is the right one.
    let is_news = |number: &text::Number| right(number.value) || !asked.contains(&number.value);
    for line in sentences(&said.text) {
        let found: Vec<text::Number> = text::numbers(line).into_iter().filter(is_news).collect();
        let Some(first) = found.iter().find(|number| !is_whole(line, number)).or(found.first()) else {
            continue;
        };
        // "98 in May, 88 in April: 10 more": what is compared stands before the difference.
        let difference = found.iter().find(|number| is_difference(line, number));
        let chosen = if right(first.value) { first } else { difference.unwrap_or(first) };
        if !right(chosen.value) {
            return Err(if found.iter().any(|n| right(n.value)) {
                format!("another number comes before {value}")
            } else {
                format!("says {} instead of {value}", first.value)
            });
        }
        let rival = found.iter().find(|n| {
            !right(n.value)
                && difference.is_none()
                && !is_whole(line, n)
                && unit(line, n) == unit(line, chosen)
        });
        if let Some(rival) = rival {
            return Err(format!("offers {} as well as {value}", rival.value));
        }
        return no_other_row(said, line, &right);
    }
    if value == 0.0 && said.denies() { Ok(()) } else { Err(format!("{value} does not occur")) }
}

/// A value given in a row of a list is one of many, unless the other rows give the same or none.
fn no_other_row(said: &Said<'_>, line: &str, right: &impl Fn(f64) -> bool) -> Result<(), String> {
    if !text::is_row(line) {
        return Ok(());
    }
    let others = text::rows(&said.text).into_iter().filter_map(|row| {
        let number = text::numbers(row.value).into_iter().next()?;
        (!right(number.value)).then_some(number.value)
    });
    others.into_iter().next().map_or(Ok(()), |other| Err(format!("lists {other} as well")))
}

/// The unit behind a number: `건`, `%p`, `ms`.
fn unit<'t>(line: &'t str, number: &text::Number) -> &'t str {
    const COUNTERS: &[&str] =
        &["건", "개", "대", "번", "회", "분", "초", "시간", "일", "홉", "단계", "명", "곳"];
    let after = line[number.at.end..].trim_start_matches(' ');
    if let Some(counter) = COUNTERS.iter().find(|counter| after.starts_with(**counter)) {
        return &after[..counter.len()];
    }
    let end = after.find(|c: char| !c.is_ascii_alphabetic() && c != '%').unwrap_or(after.len());
    &after[..end]
}

/// Whether a number is said to be the distance of two others: `10건 더`, `lower by 5 %p`.
fn is_difference(line: &str, number: &text::Number) -> bool {
    const BEFORE: &[&str] =
        &["by", "difference", "difference:", "difference of", "차이는", "차이", "차이:", "증감"];
    const AFTER: &[&str] = &[
        "더", "큽", "큰", "크", "작", "많", "적", "증가", "감소", "늘", "줄", "높", "낮", "차이", "길", "짧",
        "more", "less", "fewer", "higher", "lower", "longer", "shorter",
    ];
    let before = line[..number.at.start].trim_end_matches([' ', '+', '-']);
    let unit = unit(line, number);
    let after = line[number.at.end..].trim_start()[..].trim_start_matches(unit).trim_start();
    unit.ends_with("%p")
        || BEFORE.iter().any(|word| before.ends_with(word))
        || AFTER.iter().any(|word| after.starts_with(word))
}

/// Whether a number is the whole another one is a part of: `전체 120건 중 27건`, `27 of 120`.
fn is_whole(line: &str, number: &text::Number) -> bool {
    let before = line[..number.at.start].trim_end();
    let unit = |c: char| c == '%' || c.is_alphabetic() && c != '중' && c != '가';
    let after = line[number.at.end..].trim_start().trim_start_matches(unit).trim_start();
    ["of", "전체", "/"].iter().any(|word| before.ends_with(word))
        || after.starts_with('중')
        || after.starts_with("가운데")
}

/// Sentences and lines; a dot inside a number or name does not end one.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.split_inclusive(". ")).filter(|line| !line.trim().is_empty())
}

/// The text occurs, and no other of the same kind is offered before it.
pub(super) fn string(said: &Said<'_>, value: &Value, accept: &[Value]) -> Result<(), String> {
    let golds: Vec<String> = [value].into_iter().chain(accept).map(plain).collect();
    let words: Vec<String> = golds.iter().flat_map(|gold| said.synonyms(gold)).collect();
    let has = |part: &str| words.iter().any(|word| occurs(part, word));
    if !has(&said.text) {
        return Err(format!("{} does not occur", golds.join(" / ")));
    }
    // One of several points of a list is not *the* answer; the first of a ranking is.
    let rows = text::rows(&said.text);
    let lead = said.text.lines().take_while(|line| !text::is_row(line)).any(has);
    let chosen = |row: &text::Row<'_>| has(row.label) || has(row.value);
    let ranked = rows.first().is_some_and(|row| row.numbered && chosen(row));
    if let Some(other) = rows.iter().find(|row| !chosen(row)).filter(|_| !lead && !ranked) {
        return Err(format!("lists {} as well", other.label));
    }
    no_rival(said, &golds)
}

/// Every field of the record, or every field of one of its alternatives, is right.
pub(super) fn record(
    said: &Said<'_>,
    fields: &BTreeMap<String, Value>,
    accept: &[BTreeMap<String, Value>],
    tolerance: Tolerance,
) -> Result<(), String> {
    let mut first = Ok(());
    for (n, candidate) in [fields].into_iter().chain(accept).enumerate() {
        let result = candidate.iter().try_for_each(|(name, value)| field(said, name, value, tolerance));
        if result.is_ok() {
            return Ok(());
        }
        if n == 0 {
            first = result;
        }
    }
    first
}

fn field(said: &Said<'_>, name: &str, value: &Value, tolerance: Tolerance) -> Result<(), String> {
    let missing = || format!("{name} = {value} does not occur");
    if let Some(number) = value.as_f64() {
        let found = text::numbers(&said.text).iter().any(|n| tolerance.same(number, n.value));
        return if found { Ok(()) } else { Err(missing()) };
    }
    if value.is_null() {
        return if said.denies() { Ok(()) } else { Err(missing()) };
    }
    let word = plain(value);
    if let Some((day, time)) = text::moment(&word) {
        return moment(said, day, time).map_err(|why| format!("{name}: {why}"));
    }
    if !said.synonyms(&word).iter().any(|word| occurs(&said.text, word)) {
        return Err(missing());
    }
    no_rival(said, &[word])
}

/// The day must be right, and the time when the answer gives one.
fn moment(said: &Said<'_>, day: chrono::NaiveDate, time: Option<chrono::NaiveTime>) -> Result<(), String> {
    let says_day = text::says_day(&said.text, day);
    let Some(time) = time else {
        return if says_day { Ok(()) } else { Err(format!("{day} does not occur")) };
    };
    let gives_time = !text::times(&said.text).is_empty();
    if gives_time && !text::says_time(&said.text, time) {
        return Err(format!("another time than {time}"));
    }
    if says_day || gives_time { Ok(()) } else { Err(format!("{day} {time} does not occur")) }
}

/// "No other candidate is offered": the first name of that form which the question does not contain is a right one.
fn no_rival(said: &Said<'_>, golds: &[String]) -> Result<(), String> {
    let Some(pattern) = golds.first().and_then(|gold| text::like(gold)) else { return Ok(()) };
    let rival = text::names(&said.text, &pattern)
        .into_iter()
        .map(|(_, name)| name)
        .find(|name| text::whole(&said.asked, name).is_empty() || golds.contains(name));
    match rival {
        Some(name) if !golds.contains(&name) => Err(format!("names {name} before {}", golds.join(" / "))),
        _ => Ok(()),
    }
}

/// The answer begins with this truth value.
pub(super) fn boolean(said: &Said<'_>, value: bool) -> Result<(), String> {
    const NO: &[&str] = &["아니", "없", "않", "no,", "no.", "no:", "no ", "not ", "none", "false", "n't"];
    const YES: &[&str] = &[
        "네,",
        "예,",
        "네.",
        "예.",
        "있습니다",
        "맞습니다",
        "그렇습니다",
        "yes",
        "true",
        "there is",
        "there are",
    ];
    let first = sentences(&said.text).next().unwrap_or_default();
    let place = |words: &[&str]| words.iter().filter_map(|word| first.find(word)).min();
    let said = match (place(NO), place(YES)) {
        (Some(no), Some(yes)) => Some(yes < no),
        (Some(_), None) => Some(false),
        (None, Some(_)) => Some(true),
        (None, None) => None,
    };
    if said == Some(value) { Ok(()) } else { Err(format!("does not begin by saying {value}")) }
}

/// Whether a word occurs: names as a whole, everything else anywhere.
fn occurs(text: &str, word: &str) -> bool {
    if word.is_ascii() && !word.contains(' ') {
        !text::whole(text, word).is_empty()
    } else {
        text.contains(word)
    }
}

/// A value as lower-case text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        other => other.to_string().to_lowercase(),
    }
}
