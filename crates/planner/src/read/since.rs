//! Times told by something that happened and is recorded: `마지막 배포 이후 이벤트`, `events since the last deployment`.

use model::Lang;

use super::{
    Focus,
    embed::forget,
    turn::{Turn, read_mentions},
};
use crate::{
    dictionary::Sense,
    lexicon::W,
    logic::{Ask, RecordSet},
    scan::Mention,
    time::Times,
    vocabulary::Index,
};

/// The records since which is asked, and what of them was not understood.
pub(super) struct Since {
    set: RecordSet,
    words: String,
    left: Vec<String>,
}

/// Takes the phrase out of the question, where it names records and the rest is about other ones.
pub(super) fn take(
    index: &Index,
    mentions: &mut Vec<Mention>,
    times: &mut Times,
    lang: Lang,
) -> Option<Since> {
    let (from, to, phrase) = match lang {
        Lang::Ko => korean(mentions)?,
        Lang::En => english(mentions)?,
    };
    let own: Vec<usize> = mentions.get(phrase.0..phrase.1)?.iter().flat_map(kinds_of).collect();
    let asked: Vec<usize> = mentions
        .iter()
        .enumerate()
        .filter(|(i, _)| !(from..to).contains(i))
        .flat_map(|(_, m)| m.senses.iter())
        .filter_map(|(s, n)| match s {
            Sense::Rec(k) if *n >= 2 => Some(*k),
            _ => None,
        })
        .collect();
    if own.is_empty() || asked.is_empty() {
        return None;
    }
    // Of several kinds of record it may be, one that is not asked about; of the same kind only those with a value.
    let others: Vec<usize> = own.iter().copied().filter(|k| !asked.contains(k)).collect();
    let valued = mentions
        .get(phrase.0..phrase.1)?
        .iter()
        .any(|m| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::RecValue(..))));
    if others.is_empty() && !valued {
        return None;
    }
    let mut inside: Vec<Mention> = mentions.get(phrase.0..phrase.1)?.to_vec();
    inside.retain(|m| !m.any(&[W::Latest]) || m.named());
    // What happened is a record here, no relation.
    for m in inside.iter_mut().filter(|m| !kinds_of(m).is_empty()) {
        m.senses.retain(|(s, _)| !matches!(s, Sense::Rel { .. }));
    }
    for m in inside.iter_mut().filter(|_| !others.is_empty()) {
        m.senses.retain(|(s, _)| match s {
            Sense::Rec(k) | Sense::RecValue(k, ..) | Sense::RecField(k, _) => others.contains(k),
            _ => true,
        });
    }
    // `아까`, `just now`: some time ago, which is what the record says.
    let loose =
        |m: &Mention| m.time.is_some() && (m.words.starts_with("아까") || m.words.starts_with("방금"));
    let vague: Vec<usize> = inside.iter().filter(|m| loose(m)).filter_map(|m| m.time).collect();
    inside.retain(|m| !loose(m));
    let mut inner = times.clone();
    let elsewhere: Vec<usize> = (0..times.windows.len())
        .filter(|i| vague.contains(i) || !inside.iter().any(|m| m.time == Some(*i)))
        .collect();
    forget(&mut inner, &mut inside, &elsewhere);
    let none = Focus::default();
    let (set, left) = {
        let turn = read_mentions(index, inside, inner, (&none, false), lang);
        let ask = turn.ask.ok()?;
        let left = turn.reader.words_left(&ask);
        match ask {
            Ask::Records(set, _) | Ask::Newest { set, .. } => (set, left),
            _ => return None,
        }
    };
    let words = mentions.get(from..to)?.iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
    let gone: Vec<usize> = mentions.get(from..to)?.iter().filter_map(|m| m.time).collect();
    mentions.drain(from..to);
    forget(times, mentions, &gone);
    Some(Since { set, words, left })
}

/// The records that were asked for, since the newest of the others.
pub(super) fn apply(turn: &mut Turn<'_>, since: Since) {
    let of = since.set.of.clone();
    let newest = Ask::Newest { set: since.set, n: 1, newest: true, fields: Vec::new() };
    turn.reader.left.extend(since.left);
    let Ok(Ask::Records(set, _) | Ask::Newest { set, .. }) = &mut turn.ask else {
        turn.reader.left.push(since.words);
        return;
    };
    if set.window.is_some() {
        turn.reader.left.push(since.words);
        return;
    }
    if set.of.is_none() {
        set.of = of;
    }
    set.after = Some(Box::new(newest));
    turn.reader.because(&since.words, "time", "");
}

/// The kinds of record a mention may name.
fn kinds_of(m: &Mention) -> Vec<usize> {
    let kind = |s: &Sense| match s {
        Sense::Rec(k) | Sense::RecValue(k, ..) => Some(*k),
        _ => None,
    };
    m.senses.iter().filter(|(_, n)| *n >= 2).filter_map(|(s, _)| kind(s)).collect()
}

/// `… 배포 이후`, `점검하고 나서`: everything before it that says of which records they are.
fn korean(mentions: &[Mention]) -> Option<(usize, usize, (usize, usize))> {
    const BEHIND: &[&str] =
        &["이후", "후에", "후로", "뒤에", "뒤로", "다음에", "다음부터", "나서", "하고나서"];
    let at = (1..mentions.len()).find(|&i| {
        let m = &mentions[i];
        let word = m.words.as_str();
        m.time.is_none()
            && (BEHIND.iter().any(|b| word.starts_with(b)) || matches!(word, "후" | "뒤" | "이래" | "이래로"))
    })?;
    let filler = |m: &Mention| {
        m.is(W::Filler) && !m.named()
            || matches!(
                m.words.as_str(),
                "하고" | "한" | "된" | "끝나고" | "끝난" | "있은" | "하고나서" | "난"
            )
    };
    let mut noun = at - 1;
    while noun > 0 && filler(&mentions[noun]) {
        noun -= 1;
    }
    let own = kinds_of(&mentions[noun]);
    if own.is_empty() {
        return None;
    }
    let mut from = noun;
    while from > 0 {
        let m = &mentions[from - 1];
        let foreign = m.senses.iter().any(|(s, n)| matches!(s, Sense::Rec(k) if *n >= 2 && !own.contains(k)))
            && kinds_of(m).iter().all(|k| !own.contains(k));
        if foreign || m.sign.is_some() || m.unknown() || m.any(&[W::Count, W::List]) && !m.named() {
            break;
        }
        from -= 1;
    }
    let end =
        if mentions.get(at + 1).is_some_and(|m| m.words.starts_with("나서")) { at + 2 } else { at + 1 };
    Some((from, end, (from, noun + 1)))
}

/// `since the last deployment on X`.
fn english(mentions: &[Mention]) -> Option<(usize, usize, (usize, usize))> {
    let at = mentions
        .iter()
        .position(|m| m.time.is_none() && matches!(m.words.as_str(), "since" | "after" | "following"))?;
    let near = (at + 1..(at + 6).min(mentions.len())).find(|&k| !kinds_of(&mentions[k]).is_empty())?;
    let plain = mentions[at + 1..near]
        .iter()
        .all(|m| m.any(&[W::Latest, W::Filler, W::It]) || m.named() || m.time.is_some() || m.words == "our");
    if !plain {
        return None;
    }
    let mut to = near + 1;
    while to < mentions.len()
        && !kinds_of(&mentions[to]).is_empty()
        && !mentions[to].any(&[W::Count, W::List])
    {
        to += 1;
    }
    // `… of X`, `… on X`
    let of = |m: &Mention| m.any(&[W::PrepOf, W::PrepOn]) && !m.named();
    let item =
        |m: &Mention| m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Item(_) | Sense::Value(..)));
    if mentions.get(to).is_some_and(of) {
        let name = (to + 1..(to + 3).min(mentions.len())).find(|&k| item(&mentions[k]));
        to = name.map_or(to, |k| k + 1);
    }
    Some((at, to, (at + 1, to)))
}
