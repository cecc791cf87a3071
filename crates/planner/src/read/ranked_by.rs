//! `top 3 hosts by number of containers running on them`: said the other way round (`with the most containers running`), where what
//! is counted stands in a relation to what is ranked.

use std::borrow::Cow;

use crate::{dictionary::Sense, scan::scan, text::atoms::atoms, vocabulary::Index};

const BY: [&str; 6] = [
    "by the number of ",
    "by number of ",
    "by the count of ",
    "by count of ",
    "by their number of ",
    "by how many ",
];

/// The text with such a ranking said by its superlative.
pub(super) fn turned<'t>(index: &Index, text: &'t str) -> Cow<'t, str> {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return text.into();
    }
    let Some((at, by)) = BY.iter().find_map(|by| lower.find(by).map(|at| (at, *by))) else {
        return text.into();
    };
    let (Some(before), Some(after)) = (text.get(..at), text.get(at + by.len()..)) else { return text.into() };
    let words: Vec<String> = crate::text::words(&before.to_lowercase());
    let is = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let least = is(&["bottom", "lowest", "fewest", "least"]);
    if !least && !is(&["top", "highest", "largest", "most", "biggest"]) {
        return text.into();
    }
    let counted = scan(index, &atoms(after), &[]);
    let senses = |test: &dyn Fn(&Sense) -> bool| {
        counted.iter().any(|m| m.senses.iter().any(|(s, n)| *n >= 2 && test(s)))
    };
    let relation = senses(&|s| matches!(s, Sense::Rel { .. }));
    let recorded = senses(&|s| matches!(s, Sense::Rec(_) | Sense::RecField(..) | Sense::RecValue(..)));
    if !relation || recorded {
        return text.into();
    }
    // `on them`: what is ranked, said once more.
    let mut tail = after.trim_end().to_owned();
    let ends: String = tail.trim_end_matches(['?', '.', '!']).to_owned();
    for end in [" on them", " on it", " in them", " on each", " them", " it"] {
        if let Some(cut) = ends.strip_suffix(end) {
            tail = cut.to_owned();
            break;
        }
    }
    format!("{before}with the {} {tail}", if least { "fewest" } else { "most" }).into()
}
