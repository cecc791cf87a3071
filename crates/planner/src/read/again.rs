//! A relation that is named once more to say how far it is followed: `의존하는 것을 간접 의존까지`, `… depends on, including indirect
//! dependencies`. It adds no second step.

use crate::{dictionary::Sense, lexicon::W, scan::Mention};

/// Takes the second naming for a word without meaning of its own.
pub(super) fn once(mentions: &mut [Mention]) {
    let family = |m: &Mention| {
        m.senses.iter().find_map(|(s, n)| match s {
            Sense::Rel { family, .. } if *n >= 2 => Some(family.clone()),
            _ => None,
        })
    };
    let far = |m: &Mention| m.any(&[W::Indirect, W::Direct]);
    let named = |m: &Mention| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Item(_)));
    for i in 1..mentions.len() {
        let Some(own) = family(&mentions[i]) else { continue };
        if !far(&mentions[i - 1]) {
            continue;
        }
        // Nothing it could start from stands between.
        let before = (0..i - 1).rev().find(|&k| family(&mentions[k]).is_some_and(|f| f == own));
        let Some(before) = before else { continue };
        if mentions[before + 1..i].iter().any(named) {
            continue;
        }
        mentions[i].senses = vec![(Sense::Word(W::Filler), 2)];
    }
    // `순환 관계인가요`: the noun with its verb.
    for m in mentions.iter_mut().filter(|m| m.unknown()) {
        if matches!(m.words.as_str(), "관계인" | "관계인가" | "관계인지" | "관계이") {
            m.senses = vec![(Sense::Word(W::Filler), 2)];
        }
    }
}
