//! Words in brackets that say once more what the word before them says (`중요도(criticality)가 5`, `요청자(requested_by)별`):
//! the sentence is read without them, and where the word before may mean several fields they say which.

use std::borrow::Cow;

use crate::{
    dictionary::Sense,
    lexicon::W,
    scan::{Mention, scan},
    text::atoms::atoms,
    vocabulary::Index,
};

/// The text without such brackets, and the types of relations they say a verb of the sentence means.
pub(super) fn aside<'t>(index: &Index, text: &'t str) -> (Cow<'t, str>, Vec<String>) {
    let mut out: Cow<'t, str> = text.into();
    let mut types: Vec<String> = Vec::new();
    // From the last pair to the first, so that places before it stay what they are.
    let mut upto = text.len();
    while let Some((open, close)) = last_pair(&out, upto) {
        upto = open;
        if let Some((plain, said)) = related(index, &out, open, close) {
            out = plain.into();
            types.push(said);
        } else if let Some(plain) = resolved(index, &out, open, close) {
            out = plain.into();
        }
    }
    (out, types)
}

/// Words that mean relations of several types mean the one that was named.
pub(super) fn narrow(mentions: &mut [Mention], named: &[String]) {
    for (sense, _) in mentions.iter_mut().flat_map(|m| m.senses.iter_mut()) {
        if let Sense::Rel { types, .. } = sense
            && let Some(one) = named.iter().find(|t| types.contains(t))
        {
            *types = vec![one.clone()];
        }
    }
}

/// A type of relation in brackets that a verb outside of them stands for (`의존하는(depends_on)`, `의존하는 것 (depends_on만)`):
/// the text without it, and the type.
fn related(index: &Index, text: &str, open: usize, close: usize) -> Option<(String, String)> {
    let (before, inside, after) = parted(text, open, close)?;
    let said = mentions(index, inside);
    let mut one: Option<&String> = None;
    for m in &said {
        let exact = m.senses.iter().find_map(|(s, n)| match s {
            Sense::Rel { types, exact: true, .. } if *n >= 3 => types.first(),
            _ => None,
        });
        let restricts = m.any(&[W::Indirect, W::Filler, W::All, W::Direction])
            || m.words == "only"
            || ["만", "기준", "관계", "따라", "으로", "via", "by", "following", "along"]
                .iter()
                .any(|w| m.words.starts_with(w));
        match exact {
            Some(t) if one.is_none() => one = Some(t),
            None if restricts => {}
            _ => return None,
        }
    }
    let one = one?;
    let outside = mentions(index, &format!("{before} {after}"));
    let verb = outside.iter().any(|m| {
        m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Rel { types, .. } if types.contains(one)))
    });
    // What else stands in the brackets holds of the sentence.
    let all_the_way = said.iter().any(|m| m.is(W::Indirect)) && !outside.iter().any(|m| m.is(W::Indirect));
    (verb && !all_the_way).then(|| (format!("{}{after}", before.trim_end()), one.clone()))
}

/// What stands before, in and behind brackets.
fn parted(text: &str, open: usize, close: usize) -> Option<(&str, &str, &str)> {
    let before = text.get(..open)?;
    let inside = text.get(open..close)?.trim_start_matches(['(', '（']).trim();
    let after = text.get(close..).and_then(|t| t.get(t.chars().next().map_or(0, char::len_utf8)..))?;
    (!inside.is_empty() && !before.trim().is_empty()).then_some((before, inside, after))
}

/// The last pair of brackets that opens before a place: bytes of both signs.
fn last_pair(text: &str, upto: usize) -> Option<(usize, usize)> {
    let open = text.get(..upto)?.rfind(['(', '（'])?;
    let close = open + text.get(open..)?.find([')', '）'])?;
    Some((open, close))
}

fn mentions(index: &Index, text: &str) -> Vec<Mention> {
    scan(index, &atoms(text), &[])
}

/// The text with one pair of brackets resolved, where it is a gloss.
fn resolved(index: &Index, text: &str, open: usize, close: usize) -> Option<String> {
    let (before, inside, after) = parted(text, open, close)?;
    if remark(inside) {
        return Some(format!("{}{after}", before.trim_end()));
    }
    let said = mentions(index, inside);
    let around = mentions(index, before);
    let [gloss] = said.as_slice() else { return None };
    let word = around.last()?;
    if gloss.number.is_some() || gloss.sign.is_some() || word.sign.is_some() || word.number.is_some() {
        return None;
    }
    if !names_concept(word) {
        return None;
    }
    let gone = || Some(format!("{}{after}", before.trim_end()));
    if gloss.unknown() {
        // The name of a column (`rel_type`) explains; any other word may be a value that does not exist.
        return (inside.contains('_') && inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
            .then(gone)
            .flatten();
    }
    // `점검(inspection)`: a value both may name is what is meant.
    let value = |s: &Sense| matches!(s, Sense::RecValue(..) | Sense::Value(..));
    if gloss.senses.iter().any(|(s, n)| *n >= 4 && value(s) && has(word, s)) {
        return None;
    }
    let shared: Vec<&Sense> =
        gloss.senses.iter().map(|(s, _)| s).filter(|s| concept(s) && has(word, s)).collect();
    if shared.is_empty() {
        // `위치(zone)`: another field by the name in brackets; what is written out counts.
        let fields = field_only(gloss) && field_only(word);
        return fields.then(gone).flatten();
    }
    // `팀(owner_team)`: one of several fields.
    let other = word.senses.iter().any(|(s, n)| *n >= 2 && field(s) && !has(gloss, s));
    if other && shared.iter().any(|s| field(s)) {
        let from =
            before.to_lowercase().rfind(&word.words).filter(|_| before.to_lowercase().len() == before.len());
        if let Some(kept) = from.and_then(|at| before.get(..at)) {
            return Some(format!("{kept}{inside}{after}"));
        }
    }
    gone()
}

/// What is said of how to count or write (`당일 포함`, `inclusive`) and is so anyway.
fn remark(inside: &str) -> bool {
    const REMARKS: [&str; 14] = [
        "당일포함",
        "당일까지포함",
        "양끝포함",
        "양일포함",
        "포함",
        "마지막날포함",
        "종료일포함",
        "시작일포함",
        "inclusive",
        "included",
        "bothinclusive",
        "bothdaysincluded",
        "bothincluded",
        "bothends",
    ];
    let squashed: String = inside.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    REMARKS.contains(&squashed.as_str())
}

fn field(s: &Sense) -> bool {
    matches!(s, Sense::Field(_) | Sense::RecField(..))
}

/// Names a thing or property as such, no value of it and no item.
fn concept(s: &Sense) -> bool {
    matches!(s, Sense::Field(_) | Sense::RecField(..) | Sense::Kind(_) | Sense::Rec(_) | Sense::Metric(_))
        || matches!(s, Sense::Concept(_))
        || matches!(s, Sense::Word(W::History))
}

fn has(m: &Mention, sense: &Sense) -> bool {
    m.senses.iter().any(|(s, _)| s == sense)
}

fn names_concept(m: &Mention) -> bool {
    m.senses.iter().any(|(s, n)| *n >= 1 && concept(s)) || m.words.ends_with("관계")
}

fn field_only(m: &Mention) -> bool {
    m.senses.iter().any(|(s, n)| *n >= 2 && matches!(s, Sense::Field(_)))
        && !m
            .senses
            .iter()
            .any(|(s, n)| *n >= 2 && matches!(s, Sense::Kind(_) | Sense::Rec(_) | Sense::Item(_)))
}
