//! Atoms: a word of letters and digits, one Hangul syllable, or one sign. Phrases are matched over atoms, so that
//! Korean without spaces (`서버총몇대`) is read like Korean with them.

use super::{is_hangul, norm};

/// What an atom is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Letters and digits, with `-`, `_`, `.`, `:`, `/` inside.
    Word,
    /// One Hangul syllable.
    Syllable,
    /// Any other sign.
    Sign,
}

/// One atom.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// Normal form.
    pub text: String,
    /// Letters and digits of it.
    pub squash: String,
    /// The form.
    pub form: Form,
    /// White space, a sign or another script stands before it.
    pub first: bool,
    /// White space stands before it, or it is the first.
    pub spaced: bool,
    /// Written with a capital letter in the question.
    pub capital: bool,
    /// As it was typed, where that is something else.
    pub typed: Option<String>,
}

fn joins(c: char, before: Option<char>, after: Option<char>) -> bool {
    let (Some(b), Some(a)) = (before, after) else { return false };
    if !b.is_ascii_alphanumeric() || !a.is_ascii_alphanumeric() {
        return false;
    }
    match c {
        '-' | '_' | '@' => true,
        '.' | ':' | ',' => b.is_ascii_digit() && a.is_ascii_digit(),
        '/' => b.is_ascii_digit() && a.is_ascii_digit(),
        _ => false,
    }
}

/// `what's` is `what is`, `isn't` is `isnt`; the possessive of a name stays as it is.
fn written_out(text: &str) -> std::borrow::Cow<'_, str> {
    const ASKING: [&str; 13] = [
        "what", "who", "where", "when", "how", "which", "why", "there", "that", "it", "here", "whats",
        "anything",
    ];
    if !text.contains(['\'', '\u{2019}']) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '\u{2019}']) {
        let (before, quote) = rest.split_at(at);
        out.push_str(before);
        let mut chars = quote.chars();
        let sign = chars.next().unwrap_or('\'');
        let after = chars.as_str();
        let ending: String = after.chars().take_while(char::is_ascii_alphabetic).collect();
        let word: String = before.chars().rev().take_while(char::is_ascii_alphabetic).collect();
        let word: String = word.chars().rev().collect::<String>().to_lowercase();
        match ending.to_lowercase().as_str() {
            "s" if ASKING.contains(&word.as_str()) => out.push_str(" i"),
            "re" if ASKING.contains(&word.as_str()) => out.push_str(" a"),
            "t" if word.ends_with('n') => {}
            _ => out.push(sign),
        }
        rest = after;
    }
    out.push_str(rest);
    out.into()
}

/// Cuts a question into atoms.
pub fn atoms(text: &str) -> Vec<Atom> {
    let text = written_out(text);
    let text = super::numerals::in_digits(&text);
    let text = text.as_ref();
    // A URL or a dotted name stays one word of the value it names, so signs are judged by their neighbours only.
    let original: Vec<char> = {
        use unicode_normalization::UnicodeNormalization;
        text.nfkc().collect()
    };
    let capitals: Vec<bool> = original.iter().map(|c| c.is_uppercase()).collect();
    let chars: Vec<char> = norm(&original.iter().collect::<String>()).chars().collect();
    let aligned = chars.len() == original.len();
    let mut out: Vec<Atom> = Vec::new();
    let mut spaced = true;
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        if c.is_whitespace() {
            spaced = true;
            i += 1;
            continue;
        }
        let before = out.last().map(|a| a.form);
        if is_hangul(c) {
            let first = spaced || before != Some(Form::Syllable);
            out.push(Atom {
                text: c.to_string(),
                squash: c.to_string(),
                form: Form::Syllable,
                first,
                spaced,
                capital: false,
                typed: None,
            });
            i += 1;
        } else if c.is_alphanumeric() {
            let start = i;
            i += 1;
            while i < chars.len() {
                let c = chars[i];
                let word = c.is_alphanumeric() && !is_hangul(c);
                if word || joins(c, chars.get(i - 1).copied(), chars.get(i + 1).copied()) {
                    i += 1;
                } else {
                    break;
                }
            }
            // `top3`: how many stands directly behind the word.
            let ranked = ["top", "bottom"].iter().map(|w| w.len()).find(|n| {
                let (word, number) = chars[start..i].split_at((*n).min(i - start));
                matches!(word.iter().collect::<String>().as_str(), "top" | "bottom")
                    && !number.is_empty()
                    && number.iter().all(char::is_ascii_digit)
            });
            i = ranked.map_or(i, |n| start + n);
            let text: String = chars[start..i].iter().collect();
            out.push(Atom {
                squash: text.chars().filter(|c| c.is_alphanumeric()).collect(),
                text,
                form: Form::Word,
                first: true,
                spaced,
                capital: aligned && capitals[start],
                typed: None,
            });
        } else {
            out.push(Atom {
                text: c.to_string(),
                squash: String::new(),
                form: Form::Sign,
                first: true,
                spaced,
                capital: false,
                typed: None,
            });
            i += 1;
        }
        spaced = false;
    }
    hours(&mut out);
    out
}

/// `여섯시`: the hour as a number, typed as it was.
fn hours(atoms: &mut Vec<Atom>) {
    let mut i = 0;
    while i < atoms.len() {
        if atoms[i].first && atoms[i].form == Form::Syllable {
            let mut run: Vec<char> = Vec::new();
            // `여섯 시`: the word for the hour may stand apart.
            for (k, a) in atoms[i..].iter().enumerate().take(8) {
                let apart = k > 0 && a.first && a.text != "시";
                if a.form != Form::Syllable || apart {
                    break;
                }
                run.extend(a.text.chars());
            }
            if let Some((len, n)) = super::numerals::hour(&run) {
                let typed: String = atoms[i..i + len].iter().map(|a| a.text.as_str()).collect();
                let number = Atom {
                    text: n.to_string(),
                    squash: n.to_string(),
                    form: Form::Word,
                    typed: Some(typed),
                    ..atoms[i].clone()
                };
                atoms.splice(i..i + len, [number]);
                if let Some(next) = atoms.get_mut(i + 1) {
                    next.first = true;
                }
            }
        }
        i += 1;
    }
}

/// The words of atoms `from..to`, as they were typed but for letter case.
pub fn join(atoms: &[Atom], from: usize, to: usize) -> String {
    let mut out = String::new();
    for (i, atom) in atoms.iter().enumerate().take(to).skip(from) {
        if atom.spaced && i > from {
            out.push(' ');
        }
        out.push_str(atom.typed.as_deref().unwrap_or(&atom.text));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_are_parted_from_codes_and_clock_times_stay_whole() {
        let got: Vec<String> = atoms("DB-01의 04:30~04:45 CPU(%)").into_iter().map(|a| a.text).collect();
        assert_eq!(got, ["db-01", "의", "04:30", "~", "04:45", "cpu", "(", "%", ")"]);
    }
}
