//! What is written on the nodes: codes too long for their node are shortened so that no two of a picture look alike.

use std::collections::BTreeMap;

/// Letters kept of the beginning where the middle is left out.
const HEAD: usize = 3;
/// Letters kept before the first one in which codes differ.
const BEFORE: usize = 2;
/// Least room for a code, in letters.
const LEAST: usize = 6;
/// Rounds of telling apart; a round that is not enough leaves smaller sets to the next.
const ROUNDS: usize = 12;

/// The labels of codes, each with its room in letters (a letter of a wide script takes two). Codes of a family differ at
/// their end, so the middle is left out; where that makes two alike, what tells them apart is shown instead.
pub fn labels(codes: &[(String, usize)]) -> Vec<String> {
    let letters: Vec<Vec<char>> = codes.iter().map(|(code, _)| code.chars().collect()).collect();
    let room = |i: usize| codes[i].1.max(LEAST);
    let mut out: Vec<String> = (0..codes.len())
        .map(|i| if width(&letters[i]) <= room(i) { codes[i].0.clone() } else { ends(&letters[i], room(i)) })
        .collect();
    for _ in 0..ROUNDS {
        let alike = alike(codes, &out);
        if alike.is_empty() {
            return out;
        }
        for set in alike {
            let at = first_difference(&set, &letters);
            for i in set {
                // What fits as a whole needs no help; the others move away from it.
                if width(&letters[i]) > room(i) {
                    out[i] = around(&letters[i], at, room(i));
                }
            }
        }
    }
    // What cannot be told apart in this room is written in full and cut by the node.
    for i in alike(codes, &out).into_iter().flatten() {
        out[i].clone_from(&codes[i].0);
    }
    out
}

/// Sets of different codes with the same label.
fn alike(codes: &[(String, usize)], labels: &[String]) -> Vec<Vec<usize>> {
    let mut by_label: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, label) in labels.iter().enumerate() {
        by_label.entry(label).or_default().push(i);
    }
    by_label.into_values().filter(|set| set.iter().any(|&i| codes[i].0 != codes[set[0]].0)).collect()
}

/// The first place in which codes differ.
fn first_difference(set: &[usize], letters: &[Vec<char>]) -> usize {
    let Some((&first, rest)) = set.split_first() else { return 0 };
    rest.iter()
        .filter(|&&other| letters[other] != letters[first])
        .map(|&other| letters[first].iter().zip(&letters[other]).take_while(|(a, b)| a == b).count())
        .min()
        .unwrap_or(0)
}

/// Room letters take.
fn width(letters: &[char]) -> usize {
    letters.iter().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The longest beginning that fits.
fn beginning(letters: &[char], room: usize) -> &[char] {
    let mut used = 0;
    let count = letters
        .iter()
        .take_while(|c| {
            used += width(&[**c]);
            used <= room
        })
        .count();
    &letters[..count]
}

/// The longest end that fits.
fn end(letters: &[char], room: usize) -> &[char] {
    let mut used = 0;
    let count = letters
        .iter()
        .rev()
        .take_while(|c| {
            used += width(&[**c]);
            used <= room
        })
        .count();
    &letters[letters.len() - count..]
}

/// The beginning and the end of a code.
fn ends(letters: &[char], room: usize) -> String {
    let head = &letters[..HEAD.min(letters.len())];
    let tail = end(letters, room.saturating_sub(width(head) + 1));
    head.iter().chain(&['…']).chain(tail).collect()
}

/// A code around one place: its end where that holds the place, else what follows the place.
fn around(letters: &[char], at: usize, room: usize) -> String {
    let tail = end(letters, room - 1);
    if letters.len() - tail.len() <= at {
        return std::iter::once(&'…').chain(tail).collect();
    }
    let from = at.saturating_sub(BEFORE).min(letters.len());
    let marks = if from > 0 { 2 } else { 1 };
    let middle = beginning(&letters[from..], room - marks);
    let open = (from > 0).then_some('…');
    open.iter().chain(middle).chain(&['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(codes: &[&str], room: usize) -> Vec<String> {
        labels(&codes.iter().map(|c| ((*c).to_owned(), room)).collect::<Vec<_>>())
    }

    #[test]
    fn a_code_that_fits_stays_whole() {
        assert_eq!(all(&["db-01", "결제"], 8), ["db-01", "결제"]);
    }

    #[test]
    fn the_middle_of_a_long_code_is_left_out() {
        assert_eq!(all(&["payment-gateway-01"], 12), ["pay…eway-01"]);
    }

    #[test]
    fn codes_that_would_look_alike_show_where_they_differ() {
        let labels = all(&["pay-core-a-server-0001", "pay-edge-a-server-0001"], 14);
        assert_eq!(labels, ["…y-core-a-ser…", "…y-edge-a-ser…"]);
        let labels = all(&["pay-core-server-a-01", "pay-core-server-b-01"], 8);
        assert!(labels[0].contains("a-01") && labels[1].contains("b-01"), "{labels:?}");
    }

    #[test]
    fn no_two_different_codes_get_the_same_label() {
        let mut codes = Vec::new();
        for site in ["seoul", "busan", "seongnam"] {
            for kind in ["app", "api-gateway", "database"] {
                for n in 0..40 {
                    codes.push(format!("{site}-production-{kind}-node-{n:03}-primary"));
                    codes.push(format!("{site}-production-{kind}-node-{n:03}-replica"));
                }
            }
        }
        for room in [8, 11, 14, 18, 22, 30] {
            let mut found = labels(&codes.iter().map(|c| (c.clone(), room)).collect::<Vec<_>>());
            found.sort();
            found.dedup();
            assert_eq!(found.len(), codes.len(), "room {room}");
        }
    }

    #[test]
    fn wide_letters_take_two_places_and_odd_input_is_no_trouble() {
        assert!(width(&all(&["결제시스템운영서버-01"], 12)[0].chars().collect::<Vec<_>>()) <= 13);
        assert_eq!(all(&["", "a"], 0), ["", "a"]);
        assert!(labels(&[]).is_empty());
    }
}
