//! Hangul: letters of syllables, particles, and the sound of foreign words written in Hangul.

use super::is_hangul;

const LEAD: [&str; 19] =
    ["k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "j", "j", "j", "k", "t", "p", ""];
const TAIL: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "l", "l", "l", "l", "l", "l", "l", "m", "p", "p", "t", "t",
    "nk", "t", "t", "k", "t", "p", "",
];

/// The letters (jamo) of a text: syllables fall into up to three, everything else stays.
pub fn letters(text: &str) -> Vec<u32> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        if is_hangul(c) {
            let s = c as u32 - 0xAC00;
            out.push(0x1100 + s / 588);
            out.push(0x1161 + s % 588 / 28);
            if !s.is_multiple_of(28) {
                out.push(0x11A7 + s % 28);
            }
        } else {
            out.push(c as u32);
        }
    }
    out
}

/// True when a word in Hangul is spelled as foreign words are: no tense consonants, no rare final ones.
pub fn may_be_foreign(text: &str) -> bool {
    text.chars().filter(|c| is_hangul(*c)).all(|c| {
        let s = (c as u32 - 0xAC00) as usize;
        !matches!(s / 588, 1 | 4 | 8 | 13) && matches!(s % 28, 0 | 1 | 4 | 8 | 16 | 17 | 19 | 21)
    })
}

/// Consonants a word in Hangul sounds like, in classes that do not tell r from l or b from p.
pub fn sound_of_hangul(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if !is_hangul(c) {
            out.push(c);
            continue;
        }
        let s = (c as u32 - 0xAC00) as usize;
        let lead = LEAD[s / 588];
        if s / 588 == 18 {
            out.push('h');
        } else if lead.is_empty() {
            if i == 0 {
                out.push('a');
            }
        } else {
            out.push_str(lead);
        }
        out.push_str(TAIL[s % 28]);
    }
    dedup(&out)
}

/// Whether the vowels of a short word in Hangul may be those of a word in Latin letters: `자바` is `java`, `굴리` no `carl`.
pub fn vowels_agree(hangul: &str, latin: &str) -> bool {
    const OF: [&str; 21] = [
        "a", "ae", "ay", "ae", "eou", "e", "ey", "e", "oau", "a", "e", "eo", "oy", "uo", "o", "e", "iu",
        "uy", "", "ui", "iey",
    ];
    let spoken: Vec<&str> = hangul
        .chars()
        .filter(|c| is_hangul(*c))
        .map(|c| OF[((c as u32 - 0xAC00) as usize % 588) / 28])
        .filter(|v| !v.is_empty())
        .collect();
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut written: Vec<String> = Vec::new();
    let mut inside = false;
    for c in latin.chars() {
        match (is_vowel(c), inside) {
            (true, true) => written.last_mut().map(|w| w.push(c)).unwrap_or_default(),
            (true, false) => written.push(c.to_string()),
            _ => {}
        }
        inside = is_vowel(c);
    }
    // A last `e` is silent.
    if latin.ends_with('e') && written.len() > spoken.len() {
        written.pop();
    }
    written.len() == spoken.len()
        && spoken.iter().zip(&written).all(|(s, w)| s.chars().any(|v| w.contains(v)))
}

/// The same for a word in Latin letters.
pub fn sound_of_latin(text: &str) -> String {
    let c: Vec<char> = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let mut out = String::new();
    let mut i = 0;
    while i < c.len() {
        let next = c.get(i + 1).copied().unwrap_or(' ');
        let vowel = |x: char| matches!(x, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        match c[i] {
            't' if next == 'i' && c.get(i + 2) == Some(&'o') => {
                out.push('s');
                i += 1;
            }
            't' if next == 'h' => {
                out.push('s');
                i += 1;
            }
            's' if next == 'h' => {
                out.push('s');
                i += 1;
            }
            'c' if next == 'h' => {
                out.push('j');
                i += 1;
            }
            'p' if next == 'h' => {
                out.push('p');
                i += 1;
            }
            'c' if next == 'k' => {}
            'c' if matches!(next, 'e' | 'i' | 'y') => out.push('s'),
            'c' | 'k' | 'q' | 'g' => out.push('k'),
            'x' => out.push_str("ks"),
            'd' | 't' => out.push('t'),
            'b' | 'p' | 'f' | 'v' => out.push('p'),
            'j' | 'z' => out.push('j'),
            's' => out.push('s'),
            'l' => out.push('l'),
            'r' if vowel(next) => out.push('l'),
            'r' if next == 'r' => {}
            'm' => out.push('m'),
            'n' => out.push('n'),
            'h' if vowel(next) => out.push('h'),
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' if i == 0 => out.push('a'),
            d if d.is_ascii_digit() => out.push(d),
            _ => {}
        }
        i += 1;
    }
    dedup(&out)
}

fn dedup(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !(out.ends_with(c) && c == 'l' || out.ends_with(c) && c == 't') {
            out.push(c);
        }
    }
    out
}

const NAMES: [(&str, char); 31] = [
    ("더블유", 'w'),
    ("에이치", 'h'),
    ("에이", 'a'),
    ("에프", 'f'),
    ("에스", 's'),
    ("엑스", 'x'),
    ("제이", 'j'),
    ("케이", 'k'),
    ("브이", 'v'),
    ("와이", 'y'),
    ("아이", 'i'),
    ("제트", 'z'),
    ("비", 'b'),
    ("씨", 'c'),
    ("시", 'c'),
    ("디", 'd'),
    ("이", 'e'),
    ("쥐", 'g'),
    ("지", 'g'),
    ("엘", 'l'),
    ("엠", 'm'),
    ("엔", 'n'),
    ("오", 'o'),
    ("피", 'p'),
    ("큐", 'q'),
    ("알", 'r'),
    ("아르", 'r'),
    ("티", 't'),
    ("유", 'u'),
    ("앨", 'l'),
    ("엣", 'z'),
];

/// Letters spelled by their names: `이알피` → `erp`. `None` when the word is not made of such names.
pub fn spelled(text: &str) -> Option<String> {
    let mut rest = text;
    let mut out = String::new();
    while !rest.is_empty() {
        let (name, letter) = NAMES.iter().find(|(name, _)| rest.starts_with(name))?;
        out.push(*letter);
        rest = &rest[name.len()..];
    }
    (out.len() >= 2).then_some(out)
}

/// What a particle says about the noun before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Josa {
    /// 이, 가, 은, 는: the subject.
    Subject,
    /// 을, 를: the object.
    Object,
    /// 에, 에게, 에는: place or aim.
    At,
    /// 에서: place, or where something starts.
    Inside,
    /// 의: possession.
    Of,
    /// 와, 과, 랑: and, with.
    With,
    /// 로, 으로: by, to.
    By,
    /// 부터, 에서부터: from.
    From,
    /// 까지: until.
    Until,
    /// 보다: than.
    Than,
    /// 만: only.
    Only,
    /// 들, 도, endings of the copula and of questions: nothing that decides.
    Plain,
}

/// Particles and endings that may follow a noun directly, longest first where one begins another.
pub const PARTICLES: &[(&str, Josa)] = &[
    ("이었더라", Josa::Plain),
    ("에서부터", Josa::From),
    ("이더라", Josa::Plain),
    ("이던가", Josa::Plain),
    ("였더라", Josa::Plain),
    ("더라", Josa::Plain),
    ("던가", Josa::Plain),
    ("으로부터", Josa::From),
    ("이라는", Josa::Plain),
    ("이었던", Josa::Plain),
    ("이었나요", Josa::Plain),
    ("이었나", Josa::Plain),
    ("이었지", Josa::Plain),
    ("이었어", Josa::Plain),
    ("인가요", Josa::Plain),
    ("입니까", Josa::Plain),
    ("입니다", Josa::Plain),
    ("인데요", Josa::Plain),
    ("이에요", Josa::Plain),
    ("이라고", Josa::Plain),
    ("에서는", Josa::Inside),
    ("에게서", Josa::At),
    ("으로는", Josa::By),
    ("이랑은", Josa::With),
    ("에서의", Josa::Inside),
    ("에서", Josa::Inside),
    ("에는", Josa::At),
    ("에만", Josa::At),
    ("에도", Josa::At),
    ("에게", Josa::At),
    ("한테", Josa::At),
    ("으로", Josa::By),
    ("로는", Josa::By),
    ("로만", Josa::By),
    ("부터", Josa::From),
    ("까지", Josa::Until),
    ("보다", Josa::Than),
    ("이랑", Josa::With),
    ("하고", Josa::With),
    ("이나", Josa::With),
    ("라는", Josa::Plain),
    ("이고", Josa::Plain),
    ("이며", Josa::Plain),
    ("이면", Josa::Plain),
    ("이야", Josa::Plain),
    ("이죠", Josa::Plain),
    ("이지", Josa::Plain),
    ("이요", Josa::Plain),
    ("인지", Josa::Plain),
    ("인가", Josa::Plain),
    ("인데", Josa::Plain),
    ("였던", Josa::Plain),
    ("였지", Josa::Plain),
    ("였나", Josa::Plain),
    ("였어", Josa::Plain),
    ("예요", Josa::Plain),
    ("들", Josa::Plain),
    ("짜리", Josa::Plain),
    ("꺼", Josa::Of),
    ("께", Josa::At),
    ("이", Josa::Subject),
    ("가", Josa::Subject),
    ("은", Josa::Subject),
    ("는", Josa::Subject),
    ("을", Josa::Object),
    ("를", Josa::Object),
    ("의", Josa::Of),
    ("에", Josa::At),
    ("와", Josa::With),
    ("과", Josa::With),
    ("랑", Josa::With),
    ("로", Josa::By),
    ("만", Josa::Only),
    ("도", Josa::Plain),
    ("나", Josa::With),
    ("인", Josa::Plain),
    ("고", Josa::Plain),
    ("며", Josa::Plain),
    ("야", Josa::Plain),
    ("임", Josa::Plain),
    ("죠", Josa::Plain),
    ("지", Josa::Plain),
    ("요", Josa::Plain),
    ("여", Josa::Plain),
];

/// The longest particle `text` begins with: its length in syllables and what it says.
pub fn particle(text: &str) -> Option<(usize, Josa)> {
    PARTICLES
        .iter()
        .filter(|(p, _)| text.starts_with(p))
        .max_by_key(|(p, _)| p.len())
        .map(|(p, josa)| (p.chars().count(), *josa))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_words_in_hangul_sound_like_their_originals() {
        for (ko, en) in [
            ("시스코", "cisco"),
            ("자바", "java"),
            ("파이썬", "python"),
            ("주니퍼", "juniper"),
            ("스카다", "scada"),
            ("아리스타", "arista"),
            ("오라클", "oracle"),
            ("레디스", "redis"),
            ("포스트그레스", "postgres"),
            ("체크아웃", "checkout"),
            ("서비스", "service"),
            ("프론트엔드", "frontend"),
            ("페이먼트", "payment"),
            ("커런시", "currency"),
            ("톰캣", "tomcat"),
        ] {
            assert_eq!(sound_of_hangul(ko), sound_of_latin(en), "{ko} {en}");
        }
    }

    #[test]
    fn native_words_are_not_taken_for_foreign_ones() {
        for word in ["같이", "첫째", "없는", "많은", "찾아"] {
            assert!(!may_be_foreign(word), "{word}");
        }
        assert!(may_be_foreign("캐디") && may_be_foreign("파이썬"));
    }

    #[test]
    fn letter_names_spell_acronyms() {
        assert_eq!(spelled("이알피").as_deref(), Some("erp"));
        assert_eq!(spelled("엠이에스").as_deref(), Some("mes"));
        assert_eq!(spelled("서버"), None);
    }
}
