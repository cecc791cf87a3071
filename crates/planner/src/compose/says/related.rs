//! Items reached over relations, and paths.

use std::collections::BTreeMap;

use model::{Lang, answer::AnswerBlock};
use serde_json::Value;

use super::{MEMBERS, Saying, Told, none, opening, rest, table};
use crate::compose::{
    korean::{self, Josa},
    prose::Prose,
    step::Step,
};

pub fn say(step: &Step<'_>, subject: &str, start: &[String], impact: bool) -> Saying {
    let start = start.join(", ");
    let subject = match (subject.trim(), step.frame.lang) {
        ("", Lang::Ko) if impact => format!("{start}에 장애가 나면 영향을 받는 항목"),
        ("", Lang::En) if impact => format!("items affected when {start} fails"),
        ("", Lang::Ko) => format!("{} 관련된 항목", korean::with(&start, Josa::With)),
        ("", Lang::En) => format!("items related to {start}"),
        (subject, _) => subject.to_owned(),
    };
    let mut by_depth: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut members = 0;
    for row in step.rows() {
        let Some(code) = step.cell(row, "code") else { continue };
        let depth = row.get("depth").and_then(Value::as_u64).unwrap_or(1);
        let codes = by_depth.entry(depth).or_default();
        if !codes.contains(&code) {
            codes.push(code);
            members += 1;
        }
    }
    if members == 0 {
        return Saying::new(none(step, &subject), Told::Nothing);
    }
    let total = step.total();
    let shown = members.min(MEMBERS);
    let mut prose = Prose::default();
    let mut left = MEMBERS;
    let count = step.amount(total as f64, "", "개", None);
    prose.text(&opening(step, &subject)).text(" ");
    match step.frame.lang {
        Lang::Ko => prose.text("모두 ").strong(&count).text("입니다"),
        Lang::En => prose.strong(&count),
    };
    if by_depth.len() == 1 {
        let codes = by_depth.into_values().flatten().take(left).collect::<Vec<_>>().join(", ");
        match step.frame.lang {
            Lang::Ko => prose.text(": "),
            Lang::En => prose.text(" — "),
        };
        prose.text(&codes).text(".").cite(step.n);
    } else {
        prose.text(".").cite(step.n);
        for (depth, codes) in by_depth {
            let codes: Vec<String> = codes.into_iter().take(left).collect();
            left -= codes.len();
            if codes.is_empty() {
                break;
            }
            prose.item();
            match step.frame.lang {
                Lang::Ko => prose.text(&format!("{depth}단계: ")),
                Lang::En if depth == 1 => prose.text("1 hop: "),
                Lang::En => prose.text(&format!("{depth} hops: ")),
            };
            prose.text(&codes.join(", "));
        }
    }
    rest(step, &mut prose, shown, total, "개");
    Saying::new(prose, Told::Value).with(table(step, &subject))
}

pub fn path(step: &Step<'_>, from: &str, to: &str, only_length: bool, whether: bool) -> Saying {
    let mut prose = Prose::default();
    let lang = step.frame.lang;
    if whether {
        match (lang, step.rows().is_empty()) {
            (Lang::Ko, false) => prose.strong("예").text(", "),
            (Lang::Ko, true) => prose.strong("아니요").text(", "),
            (Lang::En, false) => prose.strong("Yes").text(": "),
            (Lang::En, true) => prose.strong("No").text(": "),
        };
    }
    if step.rows().is_empty() {
        match lang {
            Lang::Ko => prose
                .text(&format!("{from}에서 {} 이어지는 경로는 ", korean::with(to, Josa::Toward)))
                .strong("없습니다")
                .text("."),
            Lang::En => prose
                .text(if whether { "there is " } else { "There is " })
                .strong("no path")
                .text(&format!(" from {from} to {to}.")),
        };
        prose.cite(step.n);
        return Saying::new(prose, Told::Nothing);
    }
    let codes: Vec<String> = step.rows().iter().filter_map(|row| step.cell(row, "code")).collect();
    let stored = step.rows().first().and_then(|row| row.get("length")).and_then(Value::as_u64);
    let length = stored.unwrap_or_else(|| codes.len().saturating_sub(1) as u64);
    let length_text = match lang {
        Lang::Ko => format!("{length}홉"),
        Lang::En if length == 1 => "1 hop".to_owned(),
        Lang::En => format!("{length} hops"),
    };
    match lang {
        Lang::Ko => {
            prose.text(&format!("{from}에서 {to}까지 가장 짧은 경로는 ")).strong(&length_text).text("입니다")
        }
        Lang::En => {
            let the = if whether { "the" } else { "The" };
            prose.text(&format!("{the} shortest path from {from} to {to} has ")).strong(&length_text)
        }
    };
    if !only_length {
        prose.text(": ").text(&codes.join(" → "));
    }
    prose.text(".").cite(step.n);
    let number = AnswerBlock::Number {
        label: step.frame.pick("가장 짧은 경로", "shortest path").to_owned(),
        value: length as f64,
        unit: step.frame.pick("홉", "hops").to_owned(),
        refs: vec![step.n],
    };
    Saying::new(prose, Told::Value).with(only_length.then_some(number))
}
