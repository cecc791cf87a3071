//! Fields of items or records.

use model::Lang;

use super::{MEMBERS, Saying, Told, rest, table, unknown};
use crate::compose::{
    korean::{self, Josa},
    prose::Prose,
    step::{Row, Step},
};

/// Columns that name a row, when the plan names none.
const NAMING: [&str; 3] = ["code", "ci", "name"];

pub fn say(step: &Step<'_>, column: &str, fields: &[String]) -> Saying {
    let Some(first) = step.rows().first() else {
        return Saying::new(unknown(step, ""), Told::Unknown);
    };
    let naming = if column.is_empty() {
        NAMING.into_iter().find(|key| step.cell(first, key).is_some()).unwrap_or_default()
    } else {
        column
    };
    let asked: Vec<&String> = fields.iter().filter(|key| key.as_str() != naming).collect();
    let known = step.rows().iter().any(|row| asked.iter().any(|key| step.cell(row, key).is_some()));
    let one = step.rows().len() == 1;
    if !known && !asked.is_empty() {
        return Saying::new(not_recorded(step, one.then_some(first), naming, &asked), Told::Unknown);
    }
    let mut prose = Prose::default();
    if one {
        sentence(step, &mut prose, first, naming, &asked);
        prose.cite(step.n);
        return Saying::new(prose, Told::Value).with((asked.len() > 3).then(|| table(step, "")).flatten());
    }
    let shown = step.rows().len().min(MEMBERS);
    for (i, row) in step.rows().iter().take(shown).enumerate() {
        prose.item();
        if let Some(name) = step.name(row, naming) {
            prose.text(&name);
            if !asked.is_empty() {
                prose.text(": ");
            }
        }
        for (j, key) in asked.iter().enumerate() {
            if j > 0 {
                prose.text(", ");
            }
            let value = step.cell(row, key);
            // One column needs its name only once; the reader knows what was asked.
            if asked.len() > 1 || i == 0 {
                prose.text(&step.column_label(key)).text(" ");
            }
            match value {
                Some(value) => prose.strong(&value),
                None => prose.text(step.frame.pick("기록 없음", "not recorded")),
            };
        }
        if i == 0 {
            prose.cite(step.n);
        }
    }
    rest(step, &mut prose, shown, step.total(), "");
    Saying::new(prose, Told::Value).with(table(step, ""))
}

/// `net-mes-02의 벤더는 arista, 포트 수는 24입니다.`
fn sentence(step: &Step<'_>, prose: &mut Prose, row: &Row, naming: &str, asked: &[&String]) {
    let name = step.name(row, naming);
    let lang = step.frame.lang;
    if asked.is_empty() {
        prose.strong(&name.unwrap_or_default()).text(step.frame.pick("입니다.", "."));
        return;
    }
    match (&name, lang) {
        (Some(name), Lang::Ko) => prose.text(name).text("의 "),
        (Some(name), Lang::En) => prose.text(name).text(": "),
        (None, _) => prose,
    };
    let last = asked.len() - 1;
    for (i, key) in asked.iter().enumerate() {
        let label = step.column_label(key);
        let value = step.cell(row, key);
        match lang {
            Lang::Ko => {
                prose.text(&korean::with(&label, Josa::Topic)).text(" ");
                match (value, i == last) {
                    (Some(value), true) => prose.strong(&value).text("입니다."),
                    (Some(value), false) => prose.strong(&value).text(", "),
                    (None, true) => prose.text("기록되어 있지 않습니다."),
                    (None, false) => prose.text("기록 없음, "),
                };
            }
            Lang::En => {
                prose.text(&label).text(" ");
                match value {
                    Some(value) => prose.strong(&value),
                    None => prose.text("not recorded"),
                };
                prose.text(if i == last { "." } else { ", " });
            }
        }
    }
}

fn not_recorded(step: &Step<'_>, row: Option<&Row>, naming: &str, asked: &[&String]) -> Prose {
    let labels: Vec<String> = asked.iter().map(|key| step.column_label(key)).collect();
    let labels = labels.join(", ");
    let name = row.and_then(|row| step.name(row, naming));
    let mut prose = Prose::default();
    match (step.frame.lang, name) {
        (Lang::Ko, Some(name)) => prose
            .text(&format!("{name}에는 {} 기록되어 있지 않습니다.", korean::with(&labels, Josa::Subject))),
        (Lang::Ko, None) => {
            prose.text(&format!("{} 기록되어 있지 않습니다.", korean::with(&labels, Josa::Topic)))
        }
        (Lang::En, Some(name)) => prose.text(&format!("{name} has no recorded {labels}.")),
        (Lang::En, None) => prose.text(&format!("There is no recorded {labels}.")),
    };
    prose.cite(step.n);
    prose
}
