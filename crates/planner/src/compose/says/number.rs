//! One number.

use model::answer::AnswerBlock;
use serde_json::Value;

use super::{Saying, Told, labelled, opening, subject_of, unknown};
use crate::compose::{
    prose::Prose,
    step::{Row, Step},
};
use model::Lang;

/// What [`crate::say::Say::Number`] asks for.
pub struct Number<'a> {
    pub subject: &'a str,
    pub column: &'a str,
    pub unit: &'a str,
    pub counter: &'a str,
    pub decimals: Option<u8>,
    pub with: &'a [String],
}

pub fn say(step: &Step<'_>, ask: &Number<'_>) -> Saying {
    let counted = Row::from_iter([(ask.column.to_owned(), Value::from(step.total()))]);
    let first = step.rows().first();
    let row = match first {
        Some(row) if row.contains_key(ask.column) => row,
        // A count of rows is known without a column of its own.
        _ if matches!(ask.column, "total" | "count") => &counted,
        _ => return Saying::new(unknown(step, ask.subject), Told::Unknown),
    };
    // Asked for in another unit than it is kept in.
    let own = step.column_unit(ask.column);
    let scaled = crate::compose::value::factor(&own, ask.unit).and_then(|factor| {
        let number = row.get(ask.column)?.as_f64()? * factor;
        let mut scaled = row.clone();
        scaled.insert(ask.column.to_owned(), Value::from(number));
        Some(scaled)
    });
    let row = scaled.as_ref().unwrap_or(row);
    let Some(value) = step.measured(row, ask.column, ask.unit, ask.counter, ask.decimals) else {
        return Saying::new(unknown(step, ask.subject), Told::Unknown);
    };
    let mut prose = Prose::default();
    prose.text(&opening(step, ask.subject)).text(" ").strong(&value);
    let beside = first.map(|row| labelled(step, row, ask.with, &[ask.column])).unwrap_or_default();
    match step.frame.lang {
        Lang::Ko => prose.text("입니다"),
        Lang::En => &mut prose,
    };
    if !beside.is_empty() {
        prose.text(&format!(" ({})", beside.join(", ")));
    }
    prose.text(".").cite(step.n);
    let own_unit = step.column_unit(ask.column);
    let unit = if ask.unit.is_empty() { own_unit.as_str() } else { ask.unit };
    let block = row.get(ask.column).and_then(Value::as_f64).map(|number| AnswerBlock::Number {
        label: subject_of(step, ask.subject),
        value: number,
        unit: shown_unit(step.frame.lang, unit, ask.counter),
        refs: vec![step.n],
    });
    Saying::new(prose, Told::Value).with(block)
}

fn shown_unit(lang: Lang, unit: &str, counter: &str) -> String {
    match (unit, lang) {
        ("" | "count", Lang::Ko) => counter.to_owned(),
        ("" | "count", Lang::En) => String::new(),
        (unit, Lang::Ko) => crate::compose::korean::unit(unit).to_owned(),
        (unit, Lang::En) => unit.to_owned(),
    }
}
