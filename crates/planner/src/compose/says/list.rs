//! Every member of a list.

use model::Lang;

use super::{MEMBERS, Saying, Told, labelled, none, opening, rest, table};
use crate::compose::{prose::Prose, step::Step};

pub fn say(step: &Step<'_>, subject: &str, column: &str, counter: &str, with: &[String]) -> Saying {
    let mut members: Vec<(String, Vec<String>)> = Vec::new();
    for row in step.rows() {
        let Some(name) = step.name(row, column) else { continue };
        let beside = labelled(step, row, with, &[column]);
        // Several rows of one member (events of one item) name it once.
        if !members.iter().any(|(known, said)| *known == name && *said == beside) {
            members.push((name, beside));
        }
    }
    if members.is_empty() {
        return Saying::new(none(step, subject), Told::Nothing);
    }
    // Rows left out by a limit are members too, unless rows repeated members.
    let all_distinct = members.len() == step.rows().len();
    let total = if all_distinct { step.total() } else { members.len() as u64 };
    let shown = members.len().min(MEMBERS);
    let mut prose = Prose::default();
    prose.text(&opening(step, subject)).text(" ");
    let plain = members.iter().all(|(_, beside)| beside.is_empty());
    if total == 1 && plain {
        prose.strong(&members.first().map(|(name, _)| name.clone()).unwrap_or_default());
        if step.frame.lang == Lang::Ko {
            prose.text("입니다");
        }
        prose.text(".").cite(step.n);
        return Saying::new(prose, Told::Value).with(one_row_table(step, subject));
    }
    let count = step.amount(total as f64, "", counter, None);
    match step.frame.lang {
        Lang::Ko => prose.text("모두 ").strong(&count).text("입니다"),
        Lang::En => prose.strong(&count),
    };
    if plain {
        let names: Vec<&str> = members.iter().take(shown).map(|(name, _)| name.as_str()).collect();
        match step.frame.lang {
            Lang::Ko => prose.text(": "),
            Lang::En => prose.text(" — "),
        };
        prose.text(&names.join(", ")).text(".").cite(step.n);
    } else {
        prose.text(".").cite(step.n);
        for (name, beside) in members.iter().take(shown) {
            prose.item().strong(name);
            if !beside.is_empty() {
                prose.text(": ").text(&beside.join(", "));
            }
        }
    }
    rest(step, &mut prose, shown, total, counter);
    Saying::new(prose, Told::Value).with(table(step, subject))
}

/// A single row is worth a table only when it has more to show than its name.
fn one_row_table(step: &Step<'_>, subject: &str) -> Option<model::answer::AnswerBlock> {
    (step.columns().len() > 2).then(|| table(step, subject)).flatten()
}
