//! Words that ask, link or describe and change no answer.

mod english;
mod korean;

use english::ENGLISH;
use korean::KOREAN;

/// True for such a word.
pub fn harmless(word: &str) -> bool {
    ENGLISH.binary_search(&word).is_ok() || KOREAN.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::ENGLISH;

    #[test]
    fn the_words_stand_in_order() {
        let mut sorted = ENGLISH.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, ENGLISH);
    }
}
