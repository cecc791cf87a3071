//! A question as a sequence of mentions: what every stretch of it may name in the estate or in the lexicon.

mod spelling;

use crate::{
    dictionary::{Sense, Strength},
    lexicon::W,
    text::{
        atoms::{Atom, Form, join},
        hangul::{self, Josa},
        leading_number,
    },
    vocabulary::Index,
};

/// A stretch of a question and what it may name.
#[derive(Debug, Clone, Default)]
pub struct Mention {
    /// First atom.
    pub from: usize,
    /// Atom after the last.
    pub to: usize,
    /// As typed, in lower case.
    pub words: String,
    /// What it may name; empty for numbers, signs, times and unknown words.
    pub senses: Vec<(Sense, Strength)>,
    /// A number and the unit written together with it.
    pub number: Option<(f64, String)>,
    /// A sign.
    pub sign: Option<char>,
    /// Index into the windows of time, for an expression of time.
    pub time: Option<usize>,
    /// Codes begin like this.
    pub prefix: Option<String>,
    /// Particles that follow directly.
    pub josa: Vec<Josa>,
    /// It looks like a code and is none of the estate's.
    pub unknown_code: bool,
    /// It was recognised in spite of its spelling.
    pub fuzzy: bool,
    /// A capital letter begins it.
    pub capital: bool,
    /// White space stands before it.
    pub spaced: bool,
    /// A phrase that was read as a set of items of its own.
    pub set: Option<Box<crate::logic::ItemSet>>,
}

impl Mention {
    /// True when nothing is known about it.
    pub fn unknown(&self) -> bool {
        self.senses.is_empty()
            && self.number.is_none()
            && self.sign.is_none()
            && self.time.is_none()
            && self.prefix.is_none()
            && self.set.is_none()
    }

    /// True when it may be this word of the lexicon.
    pub fn is(&self, word: W) -> bool {
        self.senses.iter().any(|(s, _)| *s == Sense::Word(word))
    }

    /// True when it may be one of these words.
    pub fn any(&self, words: &[W]) -> bool {
        words.iter().any(|w| self.is(*w))
    }

    /// True when it names something of the estate.
    pub fn named(&self) -> bool {
        self.set.is_some()
            || self
                .senses
                .iter()
                .any(|(s, _)| !matches!(s, Sense::Word(_) | Sense::Attribute | Sense::Concept(_)))
    }

    /// The particle that decides its place in the sentence.
    pub fn case(&self) -> Option<Josa> {
        self.josa
            .iter()
            .rev()
            .copied()
            .find(|j| !matches!(j, Josa::Plain | Josa::Only))
            .or(self.josa.last().copied())
    }
}

/// Reads atoms into mentions; `times` are the stretches already read as expressions of time.
pub fn scan(index: &Index, atoms: &[Atom], times: &[(usize, usize)]) -> Vec<Mention> {
    let mut s = Scanner { index, atoms, times, out: Vec::new() };
    s.run();
    s.out
}

struct Scanner<'a> {
    index: &'a Index,
    atoms: &'a [Atom],
    times: &'a [(usize, usize)],
    out: Vec<Mention>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut i = 0;
        while i < self.atoms.len() {
            if let Some(t) = self.times.iter().position(|&(from, _)| from == i) {
                let to = self.times[t].1.max(i + 1);
                self.push(Mention { from: i, to, time: Some(t), ..Mention::default() });
                i = self.particles(to);
                continue;
            }
            i = match self.atoms[i].form {
                Form::Sign => {
                    let sign = self.atoms[i].text.chars().next();
                    self.push(Mention { from: i, to: i + 1, sign, ..Mention::default() });
                    i + 1
                }
                Form::Word => self.word(i),
                Form::Syllable => self.syllable(i),
            };
        }
    }

    fn push(&mut self, mut m: Mention) {
        m.words = join(self.atoms, m.from, m.to);
        // Numbers in words; `one` is a number behind a comparison only.
        const NUMBERS: [(&str, f64); 17] = [
            ("two", 2.0),
            ("three", 3.0),
            ("four", 4.0),
            ("five", 5.0),
            ("six", 6.0),
            ("seven", 7.0),
            ("eight", 8.0),
            ("nine", 9.0),
            ("ten", 10.0),
            ("eleven", 11.0),
            ("twelve", 12.0),
            ("fifteen", 15.0),
            ("twenty", 20.0),
            ("thirty", 30.0),
            ("fifty", 50.0),
            ("hundred", 100.0),
            ("thousand", 1000.0),
        ];
        let behind = self.out.last().is_some_and(|l| l.any(&[W::Gt, W::Ge, W::Lt, W::Le]));
        let next = self.atoms.get(m.to).map_or("", |a| a.text.as_str());
        if let Some((_, n)) = NUMBERS.iter().find(|(w, _)| *w == m.words) {
            m.number = Some((*n, String::new()));
        } else {
            let exactly = m.words == "one"
                && self.out.last().is_some_and(|l| crate::read::exact::EXACTLY.contains(&l.words.as_str()))
                && !matches!(next, "" | "of" | "who" | "that" | "which" | "with" | "?" | ",");
            let compared = matches!(m.words.as_str(), "one" | "an" | "a")
                && behind
                && !matches!(next, "hundred" | "thousand");
            if exactly || compared {
                m.number = Some((1.0, String::new()));
            }
        }
        m.capital = self.atoms.get(m.from).is_some_and(|a| a.capital);
        m.spaced = self.atoms.get(m.from).is_some_and(|a| a.spaced);
        self.out.push(m);
    }

    fn blocked(&self, i: usize) -> bool {
        self.atoms[i].form == Form::Sign || self.times.iter().any(|&(from, to)| i >= from && i < to)
    }

    /// Phrases that begin at `i`: end and key, longest first.
    fn phrases(&self, i: usize) -> Vec<(usize, String)> {
        let dict = &self.index.dictionary;
        let mut key = String::new();
        let mut letters = 0;
        let mut found = Vec::new();
        for (j, atom) in self.atoms.iter().enumerate().skip(i) {
            if (j > i && self.blocked(j)) || j - i > 40 {
                break;
            }
            letters += atom.squash.chars().count();
            if letters > dict.longest() + 3 {
                break;
            }
            let before = key.clone();
            key.push_str(&atom.squash);
            // A word cannot end in the middle of another word that is not Hangul.
            // `ERP DB` is no `erp-db`: apart from names of items, signs inside are not left out.
            let apart = j > i
                && dict.is_compound(&key)
                && dict.get(&key).is_some_and(|s| !s.iter().any(|(s, _)| matches!(s, Sense::Item(_))));
            // `가상머신 8개`: the number counts, it is no part of a name.
            let counts = j > i
                && leading_number(&atom.text).is_some_and(|(_, unit)| unit.is_empty())
                && self.atoms.get(j + 1).is_some_and(|a| {
                    a.form == Form::Syllable
                        && !a.spaced
                        && matches!(a.text.as_str(), "개" | "대" | "건" | "곳" | "명" | "회")
                });
            // `3.13` is not `3.1.3`, though both lose their signs here.
            let digits = key.chars().all(|c| c.is_ascii_digit());
            let written = join(self.atoms, i, j + 1);
            let other = digits
                && dict.get(&key).is_some_and(|s| {
                    s.iter().all(|(s, _)| match s {
                        Sense::Value(_, v) | Sense::RecValue(_, _, v) => *v != written,
                        _ => false,
                    })
                });
            // `db erp 5`: a number of a code without the zeros before it.
            let zeros = (j > i
                && dict.get(&key).is_none()
                && leading_number(&atom.text).is_some_and(|(_, u)| u.is_empty()))
            .then(|| (2..=4).map(|width| format!("{before}{:0>width$}", atom.squash)))
            .and_then(|mut keys| {
                keys.find(|k| {
                    dict.get(k).is_some_and(|s| s.iter().any(|(s, n)| *n >= 3 && matches!(s, Sense::Item(_))))
                })
            });
            if let Some(k) = zeros.filter(|_| !counts) {
                found.push((j + 1, k));
            } else if dict.get(&key).is_some() && !apart && !counts && !other {
                found.push((j + 1, key.clone()));
            } else if atom.form == Form::Word {
                for form in singular(&atom.squash) {
                    let k = format!("{before}{form}");
                    if dict.get(&k).is_some() {
                        found.push((j + 1, k));
                        break;
                    }
                }
            }
        }
        found.reverse();
        // What things often have (`디스크 용량`) steps back behind a field the estate really has (`디스크`).
        let only =
            |key: &String| dict.get(key).is_some_and(|s| s.iter().all(|(s, _)| *s == Sense::Attribute));
        let fields = |key: &String| {
            dict.get(key)
                .is_some_and(|s| s.iter().any(|(s, _)| matches!(s, Sense::Field(_) | Sense::RecField(..))))
        };
        if found.first().is_some_and(|(_, k)| only(k)) && found.iter().any(|(_, k)| fields(k)) {
            found.retain(|(_, k)| !only(k));
        }
        found
    }

    /// True when Hangul from `i` to the end of its word can be read as particles and phrases.
    fn tail_reads(&self, i: usize, depth: u8) -> bool {
        if i >= self.atoms.len() || self.atoms[i].first || self.atoms[i].form != Form::Syllable {
            return true;
        }
        if depth == 0 || self.blocked(i) {
            return self.blocked(i);
        }
        let end = self.end_of_word_inside(i);
        let rest: String = self.atoms[i..end].iter().map(|a| a.text.as_str()).collect();
        let particles = hangul::PARTICLES.iter().filter(|(p, _)| rest.starts_with(p));
        for (p, _) in particles {
            if self.tail_reads(i + p.chars().count(), depth - 1) {
                return true;
            }
        }
        self.phrases(i).iter().any(|(to, _)| *to <= end && self.tail_reads(*to, depth - 1))
    }

    /// Where the word ends in which the atom `i` stands, when it does not begin one.
    fn end_of_word(&self, i: usize) -> usize {
        if self.atoms.get(i).is_none_or(|a| a.first) { i } else { self.end_of_word_inside(i) }
    }

    fn end_of_word_inside(&self, i: usize) -> usize {
        let mut j = i;
        while j < self.atoms.len() && self.atoms[j].form == Form::Syllable && !self.atoms[j].first {
            j += 1;
        }
        j
    }

    /// Attaches the particles at `i` to the last mention; the place after them.
    fn particles(&mut self, mut i: usize) -> usize {
        loop {
            let Some(atom) = self.atoms.get(i) else { return i };
            if atom.form != Form::Syllable || atom.spaced || self.blocked(i) {
                // The possessive is sometimes written apart.
                let apart = atom.text == "의" && self.atoms.get(i + 1).is_none_or(|a| a.first);
                if !apart || self.blocked(i) {
                    return i;
                }
            }
            let end = {
                let mut j = i + 1;
                while j < self.atoms.len() && !self.atoms[j].first && self.atoms[j].form == Form::Syllable {
                    j += 1;
                }
                j
            };
            let rest: String = self.atoms[i..end].iter().map(|a| a.text.as_str()).collect();
            let Some((n, josa)) = hangul::particle(&rest) else { return i };
            let longest = self.phrases(i).iter().filter(|(to, _)| *to <= end).map(|(to, _)| to - i).max();
            if longest.unwrap_or(0) > n {
                return i;
            }
            if let Some(last) = self.out.last_mut() {
                last.josa.push(josa);
            }
            i += n;
        }
    }

    fn accept(&mut self, i: usize, to: usize, key: &str, fuzzy: bool) -> usize {
        let dict = &self.index.dictionary;
        let mut senses = dict.get(key).map(<[_]>::to_vec).unwrap_or_default();
        // A plural that is a phrase of its own still is the plural of another.
        if key.is_ascii() && !self.atoms.get(to.saturating_sub(1)).is_some_and(|a| a.form == Form::Syllable) {
            for other in singular(key).iter().filter_map(|k| dict.get(k)) {
                for (s, n) in other {
                    match senses.iter_mut().find(|(have, _)| have == s) {
                        Some((_, old)) => *old = (*old).max(*n),
                        None => senses.push((s.clone(), *n)),
                    }
                }
            }
        }
        if fuzzy {
            senses.retain(|(s, _)| !matches!(s, Sense::Attribute));
        }
        self.push(Mention { from: i, to, senses, fuzzy, ..Mention::default() });
        self.particles(to)
    }

    fn word(&mut self, i: usize) -> usize {
        let atom = &self.atoms[i];
        let phrases = self.phrases(i);
        // A number is part of a phrase only when the phrase goes on (`10 tb`) or is a code.
        let numeric = leading_number(&atom.text);
        if let Some((to, key)) = phrases.iter().find(|(_, key)| !self.list_of_relation(i, key)) {
            return self.accept(i, *to, &key.clone(), false);
        }
        if let Some((value, unit)) = numeric {
            let unit = if self.atoms.get(i + 1).is_some_and(|a| a.text == "%" && !a.spaced) && unit.is_empty()
            {
                "%".to_owned()
            } else {
                unit.to_owned()
            };
            // `16-core`
            let unit = match unit.strip_prefix('-') {
                Some(rest) if crate::read::numbers::is_unit(rest) => rest.to_owned(),
                _ => unit,
            };
            if unit.chars().all(|c| c.is_alphabetic() || c == '%') && unit.len() <= 5 {
                let to = if unit == "%" { i + 2 } else { i + 1 };
                self.push(Mention { from: i, to, number: Some((value, unit)), ..Mention::default() });
                return self.particles(to);
            }
        }
        let text = atom.text.clone();
        let squash = atom.squash.clone();
        let code_like = text.contains(['-', '_'])
            || (squash.chars().any(|c| c.is_ascii_digit()) && squash.chars().any(char::is_alphabetic));
        if code_like {
            if let Some(item) = self.same_number(&text) {
                let senses = vec![(Sense::Item(item), 3)];
                self.push(Mention { from: i, to: i + 1, senses, ..Mention::default() });
                return self.particles(i + 1);
            }
            if let Some(item) = self.near_code(&squash) {
                let senses = vec![(Sense::Item(item), 3)];
                self.push(Mention { from: i, to: i + 1, senses, fuzzy: true, ..Mention::default() });
                return self.particles(i + 1);
            }
            let prefix = format!("{}-", text.trim_end_matches(['-', '_', '*']));
            let begins = |c: &str| {
                c.len() > prefix.len()
                    && c.get(..prefix.len()).is_some_and(|c| c.eq_ignore_ascii_case(&prefix))
            };
            if self.index.vocabulary().items.iter().any(|item| begins(&item.code)) {
                let to = if self.atoms.get(i + 1).is_some_and(|a| a.text == "*") { i + 2 } else { i + 1 };
                self.push(Mention { from: i, to, prefix: Some(prefix), ..Mention::default() });
                return self.particles(to);
            }
        }
        if let Some(item) = self.begins_one_item(&squash) {
            let senses = vec![(Sense::Item(item), 2)];
            self.push(Mention { from: i, to: i + 1, senses, ..Mention::default() });
            return self.particles(i + 1);
        }
        if let Some(item) = self.near_name(&squash) {
            let senses = vec![(Sense::Item(item), 3)];
            self.push(Mention { from: i, to: i + 1, senses, fuzzy: true, ..Mention::default() });
            return self.particles(i + 1);
        }
        if let Some(key) = self.near(&squash, false) {
            return self.accept(i, i + 1, &key, true);
        }
        self.push(Mention { from: i, to: i + 1, unknown_code: code_like, ..Mention::default() });
        self.particles(i + 1)
    }

    /// `connected servers` as a list field repeats what the relations say; the words are read one by one.
    fn list_of_relation(&self, i: usize, key: &str) -> bool {
        let dict = &self.index.dictionary;
        let lists = dict.get(key).is_some_and(|senses| {
            senses.iter().all(|(s, _)| match s {
                Sense::Field(f) => {
                    self.index.field(f).is_some_and(|d| d.r#type == model::schema::FieldType::List)
                }
                _ => false,
            })
        });
        lists
            && self.phrases(i).iter().any(|(_, k)| {
                k.len() < key.len()
                    && dict.get(k).is_some_and(|s| s.iter().any(|(s, _)| matches!(s, Sense::Rel { .. })))
            })
    }

    /// The one item whose code, all letters, begins with this word.
    fn begins_one_item(&self, word: &str) -> Option<usize> {
        if word.len() < 4 || !word.chars().all(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut found = self.index.named_by_letters.iter().filter(|(code, _)| code.starts_with(word));
        match (found.next(), found.next()) {
            (Some((_, i)), None) => Some(*i),
            _ => None,
        }
    }

    fn syllable(&mut self, i: usize) -> usize {
        let end = {
            let mut j = i + 1;
            while j < self.atoms.len() && self.atoms[j].form == Form::Syllable && !self.atoms[j].first {
                j += 1;
            }
            j
        };
        // `(…)에서`: a particle behind a bracket belongs to what stands before it.
        if i > 0
            && !self.atoms[i].spaced
            && matches!(self.atoms[i - 1].text.as_str(), ")" | "]" | "\"" | "'" | "%")
        {
            let rest: String = self.atoms[i..end].iter().map(|a| a.text.as_str()).collect();
            if let Some((n, josa)) = hangul::particle(&rest).filter(|(n, _)| i + n == end) {
                let owner = self.out.iter().rposition(|m| m.sign == Some('(')).and_then(|k| k.checked_sub(1));
                if let Some(m) = owner.and_then(|k| self.out.get_mut(k)) {
                    m.josa.push(josa);
                }
                return i + n;
            }
        }
        let mut phrases = self.phrases(i);
        // `의지하는`: a particle does not begin a word.
        if self.atoms[i].first && end > i + 1 {
            phrases.retain(|(_, key)| key != "의");
        }
        // `가장 많아`: the longer phrase with an ending comes before the adverb alone.
        let longer =
            phrases.iter().find(|(to, key)| to - i > 2 && self.inflected(*to, self.end_of_word(*to), key));
        if let Some((to, key)) = longer.cloned() {
            let end = self.end_of_word(to);
            self.accept(i, to, &key, false);
            return end;
        }
        if let Some((to, key)) =
            phrases.iter().find(|(to, key)| self.tail_reads(*to, 6) && !self.list_of_relation(i, key))
        {
            return self.accept(i, *to, &key.clone(), false);
        }
        if let Some((to, key)) = phrases.iter().find(|(to, key)| self.inflected(*to, end, key)) {
            let key = key.clone();
            let _ = to;
            self.accept(i, *to, &key, false);
            return end;
        }
        if let Some(to) = self.counter(i, end) {
            self.push(Mention { from: i, to, ..Mention::default() });
            return self.particles(to);
        }
        if let Some((to, key)) = self.by_sound_or_spelling(i, end) {
            return self.accept(i, to, &key, true);
        }
        if let Some((to, key)) = phrases.iter().find(|(to, key)| to - i >= 2 && key.chars().count() >= 2) {
            // The rest of the word says nothing.
            let (to, key) = (*to, key.clone());
            self.accept(i, to, &key, false);
            return to.max(end);
        }
        self.push(Mention { from: i, to: end, ..Mention::default() });
        end
    }

    /// `제일 많아`, `크지`, `적을까`: the stem of a comparison with an ending.
    fn inflected(&self, to: usize, end: usize, key: &str) -> bool {
        const ENDINGS: &[&str] = &[
            "아",
            "어",
            "지",
            "나",
            "냐",
            "니",
            "음",
            "죠",
            "던",
            "을까",
            "은가",
            "아요",
            "어요",
            "네",
            "았어",
            "었어",
            "았지",
            "은지",
            "은데",
            "습니까",
            "거",
            "것",
            "건",
            "걸",
            "놈",
            "애",
            "데",
            "거는",
        ];
        let rest: String =
            self.atoms.get(to..end).unwrap_or_default().iter().map(|a| a.text.as_str()).collect();
        let compares = self.index.dictionary.get(key).is_some_and(|s| {
            s.iter().any(|(s, _)| {
                matches!(
                    s,
                    Sense::Word(W::Most | W::Fewest | W::Max | W::Min | W::Longest | W::Shortest | W::Sum)
                        | Sense::Rel { .. }
                )
            })
        });
        compares && ENDINGS.contains(&rest.as_str())
    }

    /// A counter or unit behind a number, when only particles follow it (`90분에서`, `4개와`).
    fn counter(&self, i: usize, end: usize) -> Option<usize> {
        const COUNTERS: [&str; 26] = [
            "시간", "분", "초", "개월", "개", "대", "건", "회", "번째", "번", "차례", "명", "곳", "가지",
            "군데", "코어", "기가", "테라", "메가", "배", "위", "등", "종", "일", "주", "달",
        ];
        let number = self.out.last().is_some_and(|m| m.number.is_some()) && !self.atoms[i].spaced;
        if !number {
            return None;
        }
        let text: String = self.atoms[i..end].iter().map(|a| a.text.as_str()).collect();
        COUNTERS
            .iter()
            .filter(|c| text.starts_with(**c))
            .map(|c| i + c.chars().count())
            .find(|&to| self.tail_reads(to, 4))
    }
}

fn singular(word: &str) -> Vec<String> {
    let mut out = Vec::new();
    if word.len() > 3 && word.is_ascii() {
        if let Some(stem) = word.strip_suffix("ies") {
            out.push(format!("{stem}y"));
        }
        if let Some(stem) = word.strip_suffix("es") {
            out.push(stem.to_owned());
        }
        if let Some(stem) = word.strip_suffix('s') {
            out.push(stem.to_owned());
        }
    } else if word.len() == 3
        && word.is_ascii()
        && let Some(stem) = word.strip_suffix('s')
    {
        out.push(stem.to_owned());
    }
    out
}
