//! What left the usual, what is foretold, what was changed, and the time.

use model::Lang;
use serde_json::Value;

use super::{MEMBERS, Saying, Told, none, opening, pictures, rest, subject_of, table};
use crate::compose::{
    columns,
    korean::{self, Josa},
    prose::Prose,
    step::{Row, Step},
    value,
};

/// Stretches written out; the table has all of them.
const STRETCHES: usize = 10;

/// Stretches out of the ordinary, the strongest first.
pub fn anomalies(step: &Step<'_>, subject: &str) -> Saying {
    let frame = step.frame;
    if step.rows().is_empty() {
        let mut prose = Prose::default();
        let subject = subject_of(step, subject);
        match frame.lang {
            Lang::Ko => {
                prose.text(&korean::with(&subject, Josa::Topic)).text(" ").strong("없습니다").text(".")
            }
            Lang::En => prose.text("There are ").strong("no").text(&format!(" {subject}.")),
        };
        prose.cite(step.n);
        return Saying::new(prose, Told::Nothing);
    }
    let total = step.total();
    let mut prose = Prose::default();
    let count = step.amount(total as f64, "", "건", None);
    prose.text(&opening(step, subject)).text(" ");
    match frame.lang {
        Lang::Ko => prose.text("모두 ").strong(&count).text("입니다."),
        Lang::En => prose.strong(&count).text("."),
    };
    prose.cite(step.n);
    let shown = step.rows().len().min(STRETCHES);
    for row in step.rows().iter().take(shown) {
        prose.item();
        stretch(step, &mut prose, row);
    }
    rest(step, &mut prose, shown, total, "건");
    Saying::new(prose, Told::Value)
        .with(pictures::chart(step, subject, "", false).blocks.into_iter().next())
        .with(table(step, subject))
}

fn stretch(step: &Step<'_>, prose: &mut Prose, row: &Row) {
    let frame = step.frame;
    let key = row.get("metric").and_then(Value::as_str).unwrap_or_default();
    let metric = frame.catalogue.metrics.iter().find(|m| m.key == key);
    let label = metric.map_or(key, |m| m.label.get(frame.lang));
    let unit = metric.map_or("", |m| m.unit.as_str());
    let number = |column: &str| {
        row.get(column).and_then(Value::as_f64).map(|v| value::quantity(v, unit, None, frame.lang))
    };
    let form = match row.get("form").and_then(Value::as_str).unwrap_or_default() {
        "high" => frame.pick("평소보다 높음", "higher than usual"),
        "low" => frame.pick("평소보다 낮음", "lower than usual"),
        "flat" => frame.pick("값이 움직이지 않음", "does not move"),
        "silent" => frame.pick("값이 들어오지 않음", "no samples"),
        "apart" => frame.pick("같은 종류와 다름", "apart from its peers"),
        other => other,
    };
    let who = step.name(row, "ci").unwrap_or_default();
    let time = |column: &str| row.get(column).and_then(value::as_time).map(|at| value::time(at, frame.tz));
    prose.strong(&format!("{who} {label}")).text(": ").text(form);
    if let (Some(value), Some(expected)) = (number("value"), number("expected")) {
        prose.text(&match frame.lang {
            Lang::Ko => format!(", {value} (평소 {expected})"),
            Lang::En => format!(", {value} (usually {expected})"),
        });
    }
    if let (Some(from), Some(until)) = (time("from"), time("until")) {
        prose.text(&format!(", {from} – {until}"));
    }
}

/// How a metric goes on: the last moment foretold for each series, and when the limit is reached.
pub fn forecast(step: &Step<'_>, subject: &str, unit: &str, limit: Option<f64>) -> Saying {
    let frame = step.frame;
    let mut last: Vec<&Row> = Vec::new();
    for row in step.rows() {
        let same = |other: &&Row| other.get("ci") == row.get("ci") && other.get("peer") == row.get("peer");
        match last.iter_mut().find(|other| same(other)) {
            Some(place) => *place = row,
            None => last.push(row),
        }
    }
    if last.is_empty() {
        return Saying::new(super::unknown(step, subject), Told::Unknown);
    }
    let mut prose = Prose::default();
    prose.text(&opening(step, subject));
    prose.text(frame.pick(" 다음과 같습니다.", "")).cite(step.n);
    let amount = |row: &Row, column: &str| {
        row.get(column)
            .and_then(Value::as_f64)
            .map(|v| value::quantity(v, unit, None, frame.lang))
            .unwrap_or_default()
    };
    for row in last.iter().take(MEMBERS) {
        prose.item().strong(&step.name(row, "ci").unwrap_or_default()).text(": ");
        let at = row.get("at").and_then(value::as_time).map(|at| value::time(at, frame.tz));
        let at = at.unwrap_or_default();
        let (expected, low, high) = (amount(row, "expected"), amount(row, "low"), amount(row, "high"));
        if let Some(limit) = limit {
            let limit = value::quantity(limit, unit, None, frame.lang);
            let reached = row.get("reaches").and_then(value::as_time).map(|t| value::time(t, frame.tz));
            match (frame.lang, reached) {
                (Lang::Ko, Some(t)) => prose.text(&format!("{limit}에 이르는 때 ")).strong(&t).text(", "),
                (Lang::Ko, None) => {
                    prose.text(&format!("{at}까지 {limit}에 ")).strong("이르지 않음").text(", ")
                }
                (Lang::En, Some(t)) => prose.text(&format!("reaches {limit} at ")).strong(&t).text(", "),
                (Lang::En, None) => {
                    prose.text("does ").strong("not reach").text(&format!(" {limit} until {at}, "))
                }
            };
        }
        match frame.lang {
            Lang::Ko => prose.text(&format!("{at}에 ")).strong(&expected).text(&format!(" ({low} – {high})")),
            Lang::En => prose.strong(&expected).text(&format!(" at {at} ({low} – {high})")),
        };
    }
    let shown = last.len().min(MEMBERS);
    rest(step, &mut prose, shown, last.len() as u64, "개");
    Saying::new(prose, Told::Value)
        .with(pictures::chart(step, subject, unit, false).blocks.into_iter().next())
        .with(table(step, subject))
}

/// What was changed, newest first.
pub fn changes(step: &Step<'_>, subject: &str) -> Saying {
    if step.rows().is_empty() {
        return Saying::new(none(step, subject), Told::Nothing);
    }
    let frame = step.frame;
    let total = step.total();
    let mut prose = Prose::default();
    let count = step.amount(total as f64, "", "건", None);
    prose.text(&opening(step, subject)).text(" ");
    match frame.lang {
        Lang::Ko => prose.text("모두 ").strong(&count).text("입니다."),
        Lang::En => prose.strong(&count).text("."),
    };
    prose.cite(step.n);
    let shown = step.rows().len().min(MEMBERS);
    for row in step.rows().iter().take(shown) {
        prose.item();
        let head: Vec<String> = ["at", "ci"].iter().filter_map(|key| step.cell(row, key)).collect();
        prose.text(&head.join(" · "));
        if let Some(hops) = row.get("hops").and_then(Value::as_u64).filter(|hops| *hops > 0) {
            prose.text(&match frame.lang {
                Lang::Ko => format!(" ({hops}단계 떨어짐)"),
                Lang::En if hops == 1 => " (1 relation away)".to_owned(),
                Lang::En => format!(" ({hops} relations away)"),
            });
        }
        let told: Vec<String> =
            ["record", "what", "outcome"].iter().filter_map(|key| step.cell(row, key)).collect();
        if !told.is_empty() {
            prose.text(": ").text(&told.join(", "));
        }
    }
    rest(step, &mut prose, shown, total, "건");
    Saying::new(prose, Told::Value).with(pictures::timeline_block(step, subject)).with(table(step, subject))
}

/// `지금은 2026-03-02 05:30:00 (월요일, Asia/Seoul)입니다.`
pub fn now(step: &Step<'_>) -> Saying {
    let Some(row) = step.rows().first() else {
        return Saying::new(super::unknown(step, ""), Told::Unknown);
    };
    let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
    let day = columns::weekday(text("weekday"), step.frame.lang).unwrap_or_default();
    let mut prose = Prose::default();
    match step.frame.lang {
        Lang::Ko => {
            prose.text("지금은 ").strong(text("local")).text(&format!(" ({day}, {})입니다.", text("zone")))
        }
        Lang::En => prose.text("It is ").strong(text("local")).text(&format!(" ({day}, {}).", text("zone"))),
    };
    prose.cite(step.n);
    Saying::new(prose, Told::Value)
}
