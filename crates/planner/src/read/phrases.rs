//! Phrases whose words mean something else together than alone, put right before parts are taken.

use crate::{dictionary::Sense, lexicon::W, scan::Mention, text::hangul::Josa};

/// Puts them right.
pub(super) fn settle(mentions: &mut Vec<Mention>) {
    explained(mentions);
    pieces_of_names(mentions);
    where_to(mentions);
    taking_most(mentions);
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
        // `percent로`, `as a percentage`: a share, where nothing is compared in percent.
        let number = i > 0 && (mentions[i - 1].number.is_some() || mentions[i - 1].sign == Some('('));
        if mentions[i].is(W::Percent)
            && !number
            && !mentions.iter().any(|m| m.any(&[W::Difference, W::Share]))
        {
            mentions[i].senses = vec![(Sense::Word(W::Share), 2)];
        }
        // `더 high`: more of it.
        if i > 0 && is(&mentions[i - 1], &["더", "more", "제일", "가장", "젤"]) && mentions[i].words == "high"
        {
            word(&mut mentions[i], W::Max);
        }
        if i > 0 && is(&mentions[i - 1], &["더", "more", "제일", "가장", "젤"]) && mentions[i].words == "low"
        {
            word(&mut mentions[i], W::Min);
        }
        // `중요도 등급`, `severity level`: the noun says nothing that the field before it does not.
        if i > 0
            && is(&mentions[i], &["등급", "수준", "레벨", "level", "grade"])
            && mentions[i - 1].josa.is_empty()
        {
            let field = |m: &Mention| {
                m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Field(_) | Sense::RecField(..)))
            };
            if field(&mentions[i - 1]) {
                word(&mut mentions[i], W::Filler);
            }
        }
        // `deploy 되어 있는`: the verb of a relation, no value of records.
        let passive = mentions
            .get(i + 1)
            .is_some_and(|m| ["되", "된", "돼", "됐"].iter().any(|w| m.words.starts_with(w)));
        if passive && mentions[i].senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Rel { .. })) {
            mentions[i].senses.retain(|(s, _)| matches!(s, Sense::Rel { .. }));
        }
        // `누가 cpu 더 썼어`: one of several.
        if is(&mentions[i], &["더"])
            && mentions[..i].iter().any(|m| m.any(&[W::Who, W::Which, W::Where]))
            && !mentions.iter().any(|m| m.is(W::Difference))
        {
            word(&mut mentions[i], W::Either);
        }
        // `몇 %`, `what %`: a share.
        if is(&mentions[i], &["몇", "what"]) && mentions.get(i + 1).is_some_and(|m| m.sign == Some('%')) {
            word(&mut mentions[i], W::Share);
        }
        // `몇퍼쯤`, `몇 프로`: a share.
        let share = ["몇퍼", "몇프로", "몇푸로"];
        if mentions[i].unknown() && share.iter().any(|w| mentions[i].words.replace(' ', "").starts_with(w)) {
            word(&mut mentions[i], W::Share);
        }
    }
    path_of_items(mentions);
}

/// `boxes (servers)`: a word nobody knows with the known one in brackets behind it is the known one.
fn explained(mentions: &mut Vec<Mention>) {
    let mut i = 0;
    while i + 3 < mentions.len() {
        let bracket = mentions[i + 1].sign == Some('(') && mentions[i + 3].sign == Some(')');
        if mentions[i].unknown()
            && mentions[i].words.chars().count() > 1
            && bracket
            && mentions[i + 2].named()
        {
            let josa = mentions[i].josa.clone();
            mentions[i + 2].josa.extend(josa);
            mentions[i + 2].spaced = mentions[i].spaced;
            mentions.remove(i + 3);
            mentions.drain(i..i + 2);
        } else if bracket && mentions[i].named() && mentions[i + 2].named() {
            // `존(location)`: the word in brackets says which of its senses is meant.
            let inside = mentions[i + 2].senses.clone();
            let shared: Vec<_> = mentions[i]
                .senses
                .iter()
                .filter(|(s, _)| !matches!(s, Sense::Word(_)) && inside.iter().any(|(t, _)| s == t))
                .cloned()
                .collect();
            let valued = |s: &Sense| matches!(s, Sense::RecValue(..) | Sense::Value(..));
            let kind = shared.iter().any(|(s, _)| matches!(s, Sense::Kind(_)));
            let shared: Vec<_> = match !kind && shared.iter().any(|(s, _)| valued(s)) {
                true => shared.into_iter().filter(|(s, _)| valued(s)).collect(),
                false => shared,
            };
            if !shared.is_empty() && shared.len() < mentions[i].senses.len() {
                let strength = |s: &Sense| inside.iter().find(|(t, _)| t == s).map_or(0, |(_, n)| *n);
                mentions[i].senses =
                    shared.into_iter().map(|(s, n)| (strength(&s).max(n), s)).map(|(n, s)| (s, n)).collect();
                mentions.drain(i + 1..i + 4);
            }
        }
        i += 1;
    }
}

/// `이름에 audit 들어가는`, `name contains order`: a piece of a text, whatever else it may name.
fn pieces_of_names(mentions: &mut [Mention]) {
    let text = |m: &Mention| m.any(&[W::Name, W::Code]);
    for i in 0..mentions.len() {
        let word = mentions[i].words.as_str();
        let ko = ["들어가", "들어간", "들어있", "들어 있", "포함"].iter().any(|w| word.starts_with(w));
        let en = matches!(word, "contains" | "contain" | "containing" | "includes" | "including" | "with");
        let piece = if ko {
            let named =
                (2..=3).any(|d| i >= d && text(&mentions[i - d]) && mentions[i - d].josa.contains(&Josa::At));
            i.checked_sub(1).filter(|_| named)
        } else if en && i > 0 && text(&mentions[i - 1]) {
            (i + 1..mentions.len().min(i + 3)).find(|&k| mentions[k].sign.is_none())
        } else {
            None
        };
        if let Some(k) = piece.filter(|&k| mentions[k].number.is_none() && mentions[k].time.is_none()) {
            mentions[k].senses.clear();
        }
    }
}

/// `어디어디까지`, `어디까지`: which ones, no place.
fn where_to(mentions: &mut [Mention]) {
    let place = |m: &Mention| m.words == "어디";
    for i in 0..mentions.len() {
        if !place(&mentions[i]) {
            continue;
        }
        let doubled = mentions.get(i + 1).is_some_and(|m| place(m) && !m.spaced)
            || i > 0 && place(&mentions[i - 1]) && !mentions[i].spaced;
        let until = mentions[i].josa.contains(&Josa::Until);
        if doubled || until {
            mentions[i].senses = vec![(Sense::Word(W::Which), 3)];
        }
    }
}

/// `hogging the CPU`, `메모리 잡아먹는 서비스`: who takes the most of it, unless it is asked how much.
fn taking_most(mentions: &mut [Mention]) {
    const ENGLISH: &[&str] = &[
        "hog",
        "hogs",
        "hogging",
        "hogged",
        "eating",
        "eats",
        "guzzling",
        "guzzles",
        "burning",
        "burns",
        "chewing",
        "devouring",
        "gobbling",
        "sucking",
    ];
    const KOREAN: &[&str] = &["잡아먹", "처먹", "퍼먹", "먹는", "먹고", "먹은", "빨아먹", "잡아 먹"];
    if mentions.iter().any(|m| {
        m.is(W::Value)
            || m.any(&[W::Most, W::Fewest, W::Max, W::Min])
            || m.number.is_some() && m.time.is_none()
    }) || mentions.iter().any(|m| m.words == "얼마나")
    {
        return;
    }
    for m in mentions.iter_mut().filter(|m| m.unknown() || !m.named()) {
        let takes = ENGLISH.contains(&m.words.as_str()) || KOREAN.iter().any(|w| m.words.starts_with(w));
        if takes {
            m.senses.push((Sense::Word(W::Most), 2));
        }
    }
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
