//! Likeness of words: edit distance with transpositions, and shared trigrams.

use std::collections::BTreeSet;

use super::hangul::letters;

/// Edit distance (insert, delete, replace, swap of neighbours) over letters, Hangul by jamo; `None` beyond `most`.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    distance_of(&letters(a), &letters(b), most)
}

/// The same over letters.
pub fn distance_of(a: &[u32], b: &[u32], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let w = b.len() + 1;
    let mut rows = vec![0usize; (a.len() + 1) * w];
    for (j, cell) in rows.iter_mut().enumerate().take(w) {
        *cell = j;
    }
    for i in 1..=a.len() {
        rows[i * w] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut d = (rows[(i - 1) * w + j] + 1)
                .min(rows[i * w + j - 1] + 1)
                .min(rows[(i - 1) * w + j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                d = d.min(rows[(i - 2) * w + j - 2] + 1);
            }
            rows[i * w + j] = d;
            least = least.min(d);
        }
        if least > most {
            return None;
        }
    }
    let d = rows[a.len() * w + b.len()];
    (d <= most).then_some(d)
}

/// Edits that a typing error in a word of this many letters may have.
pub fn tolerance(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=9 => 1,
        _ => 2,
    }
}

/// Share of trigrams two words have in common, 0 … 1.
pub fn trigrams(a: &str, b: &str) -> f32 {
    let set = |t: &str| -> BTreeSet<[char; 3]> {
        let c: Vec<char> = format!("  {t} ").chars().collect();
        c.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
    };
    let (a, b) = (set(a), set(b));
    let common = a.intersection(&b).count() as f32;
    let all = a.union(&b).count() as f32;
    if all == 0.0 { 0.0 } else { common / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_and_missing_letters_count_one() {
        assert_eq!(distance("upgarde", "upgrade", 2), Some(1));
        assert_eq!(distance("criticallity", "criticality", 2), Some(1));
        assert_eq!(distance("심각또", "심각도", 2), Some(1));
        assert_eq!(distance("server", "storage", 2), None);
    }
}
