//! Two values and their difference.

use model::Lang;
use serde_json::Value;

use super::{MEMBERS, Saying, Told, opening, rest, table, unknown};
use crate::compose::{
    prose::Prose,
    step::{Row, Step},
    value,
};

/// What [`crate::say::Say::Compare`] asks for.
pub struct Compare<'a> {
    pub subject: &'a str,
    pub column: &'a str,
    pub sides: &'a (String, String),
    pub unit: &'a str,
    pub how: &'a str,
}

/// One comparison.
struct Pair {
    a: f64,
    b: f64,
}

pub fn say(step: &Step<'_>, ask: &Compare<'_>) -> Saying {
    let windows = step.rows().first().is_some_and(|row| row.contains_key("a") && row.contains_key("b"));
    if windows { in_windows(step, ask) } else { two_rows(step, ask) }
}

fn in_windows(step: &Step<'_>, ask: &Compare<'_>) -> Saying {
    let pairs: Vec<(&Row, Pair)> = step
        .rows()
        .iter()
        .filter_map(|row| {
            let number = |key: &str| row.get(key).and_then(Value::as_f64);
            Some((row, Pair { a: number("a")?, b: number("b")? }))
        })
        .collect();
    if pairs.is_empty() {
        return Saying::new(unknown(step, ask.subject), Told::Unknown);
    }
    let own = step.column_unit("a");
    let ask = Compare { unit: if ask.unit.is_empty() { own.as_str() } else { ask.unit }, ..*ask };
    let mut prose = Prose::default();
    if let [(_, pair)] = pairs.as_slice() {
        yes_or_no(step, &mut prose, pair, ask.how);
    }
    prose.text(&opening(step, ask.subject));
    let shown = pairs.len().min(MEMBERS);
    if let [(row, pair)] = pairs.as_slice() {
        prose.text(" ");
        if let Some(name) =
            step.name(row, ask.column).filter(|_| !ask.column.is_empty() && !ask.how.is_empty())
        {
            prose.strong(&name).text(": ");
        }
        difference(step, &mut prose, pair, &ask);
        prose.cite(step.n);
    } else {
        prose.text(step.frame.pick(" 다음과 같습니다.", "")).cite(step.n);
        for (row, pair) in pairs.iter().take(shown) {
            prose.item().text(&step.name(row, ask.column).unwrap_or_default()).text(": ");
            difference(step, &mut prose, pair, &ask);
        }
    }
    rest(step, &mut prose, shown, step.total(), "");
    Saying::new(prose, Told::Value).with(table(step, ask.subject))
}

/// Two rows of one list: two items, two groups.
fn two_rows(step: &Step<'_>, ask: &Compare<'_>) -> Saying {
    let measure = step.columns().into_iter().find(|c| c.numeric && c.key != ask.column && c.key != "samples");
    let (Some(measure), [first, second, ..]) = (measure, step.rows()) else {
        return match step.rows() {
            [] => Saying::new(unknown(step, ask.subject), Told::Unknown),
            _ => super::rows(step),
        };
    };
    // The sides stand in the order of the question, whatever the order of the rows.
    let swapped = step.name(first, ask.column).is_some_and(|n| n == ask.sides.1 && n != ask.sides.0);
    let (first, second) = if swapped { (second, first) } else { (first, second) };
    let number = |row: &Row| row.get(&measure.key).and_then(Value::as_f64);
    let (Some(a), Some(b)) = (number(first), number(second)) else {
        return super::rows(step);
    };
    let names = (
        step.name(first, ask.column).unwrap_or_else(|| ask.sides.0.clone()),
        step.name(second, ask.column).unwrap_or_else(|| ask.sides.1.clone()),
    );
    let unit = if ask.unit.is_empty() { measure.unit.as_str() } else { ask.unit };
    let mut prose = Prose::default();
    prose.text(&opening(step, ask.subject)).text(" ");
    difference(step, &mut prose, &Pair { a, b }, &Compare { sides: &names, unit, ..*ask });
    prose.cite(step.n);
    Saying::new(prose, Told::Value).with(table(step, ask.subject))
}

/// Whether the other is more or less, where that is asked.
fn yes_or_no(step: &Step<'_>, prose: &mut Prose, pair: &Pair, how: &str) {
    let yes = match how {
        "more" => pair.b > pair.a,
        "less" => pair.b < pair.a,
        _ => return,
    };
    let (ko, en) = if yes { ("예.", "Yes.") } else { ("아니요.", "No.") };
    prose.strong(step.frame.pick(ko, en)).text(" ");
}

/// `어제 12.3%, 오늘 15.4%로 3.1%p 늘었습니다(25.2%).`
fn difference(step: &Step<'_>, prose: &mut Prose, pair: &Pair, ask: &Compare<'_>) {
    let (lang, unit, sides) = (step.frame.lang, ask.unit, ask.sides);
    let amount = |number: f64| step.amount(number, unit, "", None);
    let change = pair.b - pair.a;
    let change_unit = if unit == "%" { "%p" } else { unit };
    let by = value::quantity(change.abs(), change_unit, None, lang);
    let percent = if pair.a != 0.0 && change != 0.0 && ask.how != "difference" && ask.how != "ratio" {
        format!(" ({}%)", value::number((change / pair.a * 100.0).abs(), "%", None))
    } else {
        String::new()
    };
    let (a, b) = (side(&sides.0, "a"), side(&sides.1, "b"));
    // What is asked about comes first.
    match (ask.how, lang) {
        ("difference", Lang::Ko) => {
            let word = if change > 0.0 {
                " 많습니다"
            } else if change < 0.0 {
                " 적습니다"
            } else {
                " 차이로 같습니다"
            };
            prose.text(&format!("{b} 쪽이 ")).strong(&by).text(word).text(": ");
        }
        ("difference", Lang::En) => {
            let word = if change > 0.0 {
                " more for "
            } else if change < 0.0 {
                " fewer for "
            } else {
                " difference for "
            };
            prose.strong(&by).text(word).text(b).text(": ");
        }
        ("ratio", Lang::Ko) if pair.a != 0.0 => {
            prose.strong(&format!("{}배", value::number(pair.b / pair.a, "", None))).text(": ");
        }
        ("ratio", Lang::En) if pair.a != 0.0 => {
            prose.strong(&format!("{} times", value::number(pair.b / pair.a, "", None))).text(": ");
        }
        ("change_pct", Lang::Ko) if pair.a != 0.0 => {
            let word = if change >= 0.0 { " 증가" } else { " 감소" };
            prose
                .strong(&format!("{}%", value::number((change / pair.a * 100.0).abs(), "%", None)))
                .text(word)
                .text(": ");
        }
        ("change_pct", Lang::En) if pair.a != 0.0 => {
            let word = if change >= 0.0 { " more" } else { " less" };
            prose
                .strong(&format!("{}%", value::number((change / pair.a * 100.0).abs(), "%", None)))
                .text(word)
                .text(": ");
        }
        _ => {}
    }
    prose.text(&format!("{a} ")).strong(&amount(pair.a)).text(&format!(", {b} ")).strong(&amount(pair.b));
    if ask.how == "ratio" || ask.how == "change_pct" {
        prose.text(".");
        return;
    }
    if ask.how == "difference" {
        prose.text(".");
        return;
    }
    match (lang, change) {
        (Lang::Ko, c) if c > 0.0 => prose.text(&format!(" — {b} 쪽이 {by} 큽니다{percent}.")),
        (Lang::Ko, c) if c < 0.0 => prose.text(&format!(" — {b} 쪽이 {by} 작습니다{percent}.")),
        (Lang::Ko, _) => prose.text(" — 같습니다."),
        (Lang::En, c) if c > 0.0 => prose.text(&format!(" — {b} is higher by {by}{percent}.")),
        (Lang::En, c) if c < 0.0 => prose.text(&format!(" — {b} is lower by {by}{percent}.")),
        (Lang::En, _) => prose.text(" — they are equal."),
    };
}

fn side<'a>(name: &'a str, otherwise: &'a str) -> &'a str {
    if name.is_empty() { otherwise } else { name }
}
