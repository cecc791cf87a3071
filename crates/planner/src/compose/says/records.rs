//! Records: the newest one, or many in time order.

use model::Lang;

use super::{MEMBERS, Saying, Told, none, opening, pictures, rest, subject_of, table};
use crate::compose::{
    korean::{self, Josa},
    prose::Prose,
    step::{Row, Step},
};

/// What says which record it is, and is told with every record.
const IDENTITY: [&str; 2] = ["at", "ci"];

/// What [`crate::say::Say::Records`] asks for.
pub struct Records<'a> {
    pub subject: &'a str,
    pub latest: bool,
    pub fields: &'a [String],
    pub n: u32,
    pub place: bool,
}

pub fn say(step: &Step<'_>, ask: &Records<'_>) -> Saying {
    let Records { subject, latest, fields, n, place } = *ask;
    let at = if place { usize::try_from(n).unwrap_or(1).saturating_sub(1) } else { 0 };
    let latest = latest || place;
    let Some(first) = step.rows().get(at) else {
        return Saying::new(none(step, subject), Told::Nothing);
    };
    let asked: Vec<String> = if fields.is_empty() {
        step.columns().into_iter().map(|column| column.key).collect()
    } else {
        fields.to_vec()
    };
    let mut prose = Prose::default();
    if latest || step.total() == 1 {
        one(step, &mut prose, subject, first, &asked);
        prose.cite(step.n);
        return Saying::new(prose, Told::Value).with(table(step, subject).filter(|_| !latest));
    }
    let total = step.total();
    let shown = step.rows().len().min(MEMBERS);
    let counter = "건";
    prose.text(&opening(step, subject)).text(" ");
    // The newest few were asked for: how many there are in all is not the answer.
    let few = n > 0 && u64::from(n) < total;
    let total = if few { shown as u64 } else { total };
    let count = step.amount(total as f64, "", counter, None);
    match step.frame.lang {
        Lang::Ko if few => prose.text("다음 ").strong(&count).text("입니다."),
        Lang::Ko => prose.text("모두 ").strong(&count).text("입니다."),
        Lang::En => prose.strong(&count).text("."),
    };
    prose.cite(step.n);
    for row in step.rows().iter().take(shown) {
        prose.item();
        let identity: Vec<String> = IDENTITY.iter().filter_map(|key| step.cell(row, key)).collect();
        prose.text(&identity.join(" · "));
        let parts = parts(step, row, &asked);
        if !parts.is_empty() {
            let parts: Vec<String> =
                parts.into_iter().map(|(label, value)| format!("{label} {value}")).collect();
            prose.text(": ").text(&parts.join(", "));
        }
    }
    rest(step, &mut prose, shown, total, counter);
    Saying::new(prose, Told::Value).with(pictures::timeline_block(step, subject)).with(table(step, subject))
}

/// Labels and values of the fields asked for, without what identifies the record.
fn parts(step: &Step<'_>, row: &Row, asked: &[String]) -> Vec<(String, String)> {
    asked
        .iter()
        .filter(|key| !IDENTITY.contains(&key.as_str()))
        .filter_map(|key| Some((step.column_label(key), step.cell(row, key)?)))
        .collect()
}

/// `srv-erp-03의 가장 최근 유지보수는 2025-12-20 09:14:21 UTC 건으로, 유형은 reboot(재부팅), 결과는 success(성공)입니다.`
fn one(step: &Step<'_>, prose: &mut Prose, subject: &str, row: &Row, asked: &[String]) {
    let subject = subject_of(step, subject);
    let ci = step.cell(row, "ci").filter(|ci| !names(&subject, ci));
    let at = step.cell(row, "at");
    let parts = parts(step, row, asked);
    match step.frame.lang {
        Lang::Ko => {
            prose.text(&korean::with(&subject, Josa::Topic)).text(" ");
            let head: Vec<String> = at.into_iter().chain(ci).collect();
            for (i, value) in head.iter().enumerate() {
                prose.text(if i > 0 { ", " } else { "" }).strong(value);
            }
            if !head.is_empty() && !parts.is_empty() {
                prose.text(" 건으로, ");
            }
            for (i, (label, value)) in parts.iter().enumerate() {
                prose.text(if i > 0 { ", " } else { "" });
                prose.text(&korean::with(label, Josa::Topic)).text(" ").strong(value);
            }
            prose.text("입니다.");
        }
        Lang::En => {
            prose.text(&super::capital(&subject)).text(": ");
            let head: Vec<(String, String)> = [("ci", ci), ("at", at)]
                .into_iter()
                .filter_map(|(key, value)| Some((step.column_label(key), value?)))
                .collect();
            for (i, (label, value)) in head.iter().chain(&parts).enumerate() {
                prose.text(if i > 0 { ", " } else { "" }).text(label).text(" ").strong(value);
            }
            prose.text(".");
        }
    }
}

/// Whether a text names a code as a whole: `srv-10` does not name `srv-1`.
fn names(text: &str, code: &str) -> bool {
    let part_of_code = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.match_indices(code).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + code.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part_of_code) && !after.is_some_and(part_of_code)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_code_is_named_only_as_a_whole() {
        assert!(names("srv-1의 유지보수", "srv-1"));
        assert!(names("maintenance of srv-1", "srv-1"));
        assert!(!names("srv-10의 유지보수", "srv-1"));
        assert!(!names("x-srv-1", "srv-1"));
    }
}
