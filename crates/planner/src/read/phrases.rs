//! Phrases whose words mean something else together than alone, put right before parts are taken.

use crate::{dictionary::Sense, lexicon::W, scan::Mention};

/// Puts them right.
pub(super) fn settle(mentions: &mut [Mention]) {
    let is = |m: &Mention, list: &[&str]| list.contains(&m.words.as_str());
    let word = |m: &mut Mention, w: W| m.senses = vec![(Sense::Word(w), 3)];
    for i in 0..mentions.len() {
        // `end up depending`: no field that tells an end.
        if is(&mentions[i], &["end", "ends", "ended", "ending"])
            && mentions.get(i + 1).is_some_and(|m| m.words == "up")
        {
            word(&mut mentions[i], W::Filler);
            word(&mut mentions[i + 1], W::Filler);
        }
        if is(&mentions[i], &["end up", "ends up", "ended up", "ending up"]) {
            word(&mut mentions[i], W::Filler);
        }
        let far = [
            "ultimately",
            "eventually",
            "결국",
            "결국엔",
            "결국은",
            "궁극적으로",
            "최종적으로",
            "in the end",
        ];
        if is(&mentions[i], &far) {
            word(&mut mentions[i], W::Indirect);
        }
        // `from source to target`: the way the relations point.
        let ends =
            [("source", "target"), ("소스", "타깃"), ("소스", "타겟"), ("소스", "대상"), ("출발", "도착")];
        let next = if mentions.get(i + 1).is_some_and(|m| is(m, &["to", "→"]) || m.sign.is_some()) {
            i + 2
        } else {
            i + 1
        };
        if ends.iter().any(|(a, _)| mentions[i].words == *a)
            && mentions.get(next).is_some_and(|m| ends.iter().any(|(_, b)| m.words == *b))
        {
            for m in &mut mentions[i..=next] {
                if m.sign.is_none() {
                    word(m, W::Direction);
                }
            }
        }
        // `besides servers, …`: left out.
        if is(&mentions[i], &["besides", "aside"]) && i + 1 < mentions.len() && mentions[i].unknown() {
            word(&mut mentions[i], W::Not);
        }
        // `몇퍼쯤`, `몇 프로`: a share.
        let share = ["몇퍼", "몇프로", "몇푸로"];
        if mentions[i].unknown() && share.iter().any(|w| mentions[i].words.replace(' ', "").starts_with(w)) {
            word(&mut mentions[i], W::Share);
        }
    }
    path_of_items(mentions);
}

/// The shortest path between two items is no question about records, whatever else the words may name.
fn path_of_items(mentions: &mut [Mention]) {
    let item = |m: &Mention| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Item(_)));
    if !mentions.iter().any(|m| m.is(W::Path)) || mentions.iter().filter(|m| item(m)).count() != 2 {
        return;
    }
    for m in mentions.iter_mut() {
        let record = |s: &Sense| matches!(s, Sense::Rec(_) | Sense::RecField(..) | Sense::RecValue(..));
        if !item(m) && m.senses.iter().any(|(s, _)| record(s)) {
            m.senses.retain(|(s, _)| !record(s));
            if m.senses.is_empty() {
                m.senses = vec![(Sense::Word(W::Filler), 2)];
            }
        }
    }
}

/// A value that tells its place by a letter before the name of the field (`b존` of `zone-b`): the value.
pub(super) fn lettered<'v>(letter: &str, values: impl Iterator<Item = &'v String>) -> Option<&'v String> {
    if letter.is_empty() || letter.len() > 3 || !letter.chars().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut found = values.filter(|v| {
        v.len() > letter.len() + 1
            && v.to_lowercase().ends_with(letter)
            && v[..v.len() - letter.len()].ends_with(['-', '_', ' ', '/'])
    });
    match (found.next(), found.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}
