//! Two things asked of one subject in one noun phrase, where one sentence cannot hold both: `X의 담당자와 지난달 이벤트 건수`, `the
//! owner of X and its tickets`. Each is read with the subject.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    Focus, focus,
    turn::{Turn, read},
};
use crate::{logic::Ask, plan::SURE, vocabulary::Index};

/// Both halves, where each can be read to its last word.
pub(super) fn halves<'a>(
    index: &'a Index,
    text: &str,
    focus: &'a Focus,
    (as_of, tz): (DateTime<Utc>, Tz),
) -> Option<(Turn<'a>, Vec<Ask>)> {
    for (first, second) in cuts(text) {
        let turn = read(index, &first, focus, as_of, tz);
        let Ok(ask) = turn.ask.clone() else { continue };
        if !complete(&turn, &ask) {
            continue;
        }
        for (words, carried) in subjects(&first, &second) {
            let mut now = focus.clone();
            if carried {
                focus::advance(index, &first, &ask, &mut now, (as_of, tz));
            }
            let other = read(index, &words, &now, as_of, tz);
            let Ok(more) = other.ask.clone() else { continue };
            // Properties of items need no sentence of their own.
            let recorded = matches!(more, Ask::Records(..) | Ask::Newest { .. } | Ask::Metric(..));
            if recorded && complete(&other, &more) && more != ask {
                let why = other.reader.why.clone();
                let mut turn = turn;
                turn.reader.why.extend(why);
                return Some((turn, vec![ask, more]));
            }
        }
    }
    None
}

/// The second half points back to the subject with a noun of its own: two questions, however the whole could be read.
pub(super) fn points_back(text: &str) -> bool {
    cuts(text).iter().any(|(_, second)| ["그 ", "해당 "].iter().any(|p| second.starts_with(p)))
}

fn complete(turn: &Turn<'_>, ask: &Ask) -> bool {
    turn.reader.words_left(ask).is_empty() && turn.reader.confidence() >= SURE
}

/// Places where `and` joins two nouns: the text before and behind.
fn cuts(text: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = Vec::new();
    for k in 0..words.len() {
        let behind = words.get(k + 1..).unwrap_or_default().join(" ");
        let before = words.get(..k).unwrap_or_default().join(" ");
        if matches!(words[k], "및" | "그리고" | "and") {
            out.push((before, behind));
            continue;
        }
        let noun = ["이랑", "랑", "하고", "와", "과"].iter().find_map(|end| words[k].strip_suffix(end));
        if let Some(noun) = noun.filter(|n| n.chars().count() >= 2) {
            let first = if before.is_empty() { noun.to_owned() } else { format!("{before} {noun}") };
            out.push((first, behind));
        }
    }
    out.retain(|(a, b)| a.contains(char::is_whitespace) && b.chars().count() >= 3);
    out
}

/// The second half with its subject: as it stands where it points back, else behind what the first began with.
fn subjects(first: &str, second: &str) -> Vec<(String, bool)> {
    const POINTS: [&str; 9] = ["그", "해당", "its", "it", "their", "them", "that", "those", "거기"];
    if second.split_whitespace().any(|w| POINTS.contains(&w.to_lowercase().as_str())) {
        return vec![(second.to_owned(), true)];
    }
    let words: Vec<&str> = first.split_whitespace().collect();
    (1..=2)
        .filter(|cut| words.len() > *cut)
        .map(|cut| {
            (format!("{} {second}", words.get(..words.len() - cut).unwrap_or_default().join(" ")), false)
        })
        .collect()
}
