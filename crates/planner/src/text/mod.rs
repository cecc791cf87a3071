//! Text of a question: normal form, atoms, particles, similarity.

pub mod atoms;
pub mod hangul;
mod numerals;
pub mod similar;

use unicode_normalization::UnicodeNormalization;

/// Normal form: NFKC, lower case, plain quotes, dashes and tildes.
pub fn norm(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '‘' | '’' | '´' | '`' => '\'',
            '“' | '”' => '"',
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            '〜' | '∼' | '～' => '~',
            '→' => '→',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Letters and digits of the normal form only: `SRV-MON 03` and `srvmon03` are the same.
pub fn squash(text: &str) -> String {
    norm(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a key or label: `fw_version`, `CpuUsageRate(%)`, `COMPOSED_OF` → their words in lower case.
pub fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut now = String::new();
    let mut last_lower = false;
    for c in text.nfkc() {
        if !c.is_alphanumeric() {
            if !now.is_empty() {
                out.push(std::mem::take(&mut now));
            }
            last_lower = false;
            continue;
        }
        if c.is_uppercase() && last_lower && !now.is_empty() {
            out.push(std::mem::take(&mut now));
        }
        last_lower = c.is_lowercase();
        now.extend(c.to_lowercase());
    }
    if !now.is_empty() {
        out.push(now);
    }
    out
}

/// True for a precomposed Hangul syllable.
pub fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

/// True when the text has at least one Hangul syllable.
pub fn has_hangul(text: &str) -> bool {
    text.chars().any(is_hangul)
}

/// A number at the beginning of a word and what follows it: `256gb` → 256, `gb`.
pub fn leading_number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .char_indices()
        .find(|&(i, c)| {
            !(c.is_ascii_digit()
                || (c == '.' || c == ',') && i > 0 && text[i + 1..].starts_with(|d: char| d.is_ascii_digit()))
        })
        .map_or(text.len(), |(i, _)| i);
    let number: f64 = text[..end].replace(',', "").parse().ok()?;
    Some((number, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_headers_fall_into_words() {
        assert_eq!(words("CpuUsageRate(%)"), ["cpu", "usage", "rate"]);
        assert_eq!(words("COMPOSED_OF"), ["composed", "of"]);
        assert_eq!(words("담당 팀"), ["담당", "팀"]);
        assert_eq!(squash("SRV_MON 03"), "srvmon03");
    }

    #[test]
    fn a_number_is_parted_from_its_unit() {
        assert_eq!(leading_number("256gb"), Some((256.0, "gb")));
        assert_eq!(leading_number("8.4"), Some((8.4, "")));
        assert_eq!(leading_number("1,024mb"), Some((1024.0, "mb")));
        assert_eq!(leading_number("gb"), None);
    }
}
