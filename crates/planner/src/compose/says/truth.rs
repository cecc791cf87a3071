//! Yes or no.

use model::Lang;

use super::{MEMBERS, Saying, Told, is_or_are, rest, subject_of, table};
use crate::compose::{
    korean::{self, Josa},
    prose::Prose,
    step::Step,
};

pub fn say(step: &Step<'_>, subject: &str, rows_mean_yes: bool, column: &str) -> Saying {
    let subject = subject_of(step, subject);
    let mut names: Vec<String> = Vec::new();
    for row in step.rows() {
        if let Some(name) = step.name(row, column)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    let found = !step.rows().is_empty() || step.total() > 0;
    let yes = found == rows_mean_yes;
    let mut prose = Prose::default();
    let lang = step.frame.lang;
    prose.strong(match (lang, yes) {
        (Lang::Ko, true) => "예",
        (Lang::Ko, false) => "아니요",
        (Lang::En, true) => "Yes",
        (Lang::En, false) => "No",
    });
    match (lang, found) {
        (Lang::Ko, true) => prose.text(&format!(", {} 있습니다", korean::with(&subject, Josa::Subject))),
        (Lang::Ko, false) => prose.text(&format!(", {} 없습니다", korean::with(&subject, Josa::Topic))),
        (Lang::En, true) => prose.text(&format!(": there {} {subject}", is_or_are(&subject))),
        (Lang::En, false) => prose.text(&format!(": there {} no {subject}", is_or_are(&subject))),
    };
    let shown = names.len().min(MEMBERS);
    if shown > 0 {
        let listed: Vec<&str> = names.iter().take(shown).map(String::as_str).collect();
        prose.text(" (").text(&listed.join(", ")).text(")");
    }
    prose.text(".").cite(step.n);
    rest(step, &mut prose, shown, names.len() as u64, "");
    let told = if found { Told::Value } else { Told::Nothing };
    Saying::new(prose, told).with((names.len() > 1).then(|| table(step, &subject)).flatten())
}
