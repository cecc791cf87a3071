//! What makes a question unanswerable before it is read any further: names, values and words nothing stands for.

use super::{Domain, Part, Reader, Trouble};
use crate::lexicon::W;

impl Reader<'_> {
    /// `ERP 서버 4번`, `MES server 3`: a kind, a system and a number are the name of an item.
    pub fn number_names(&mut self) {
        self.several = self.several_of_number();
        let Some(k) = self.parts.iter().position(|p| matches!(p, Part::Kinds(_))) else { return };
        let Some(s) = self.parts.iter().position(|p| matches!(p, Part::System { .. })) else { return };
        if k.abs_diff(s) != 1 {
            return;
        }
        let last = k.max(s);
        let number = (last + 1..last + 2).find(|&i| self.parts.get(i) == Some(&Part::Number));
        let Some(n) = number else { return };
        let Some((value, unit)) = self.mentions[n].number.clone() else { return };
        let plain = unit.is_empty() && value.fract() == 0.0 && value < 100.0;
        let counted = self
            .mentions
            .get(n + 1)
            .is_some_and(|m| !m.spaced && matches!(m.words.as_str(), "대" | "개" | "건" | "곳" | "코어"));
        if !plain || counted || self.comparison(n, n + 1).is_some() {
            return;
        }
        let (Part::Kinds(kinds), Part::System { field, value: system, .. }) =
            (&self.parts[k], &self.parts[s])
        else {
            return;
        };
        let found: Vec<String> = self
            .index
            .vocabulary()
            .items
            .iter()
            .filter(|item| {
                kinds.contains(&item.kind) && item.fields.get(field).and_then(|v| v.as_str()) == Some(system)
            })
            .filter(|item| {
                let digits: String = item.code.chars().filter(char::is_ascii_digit).collect();
                digits.parse::<u32>().is_ok_and(|d| f64::from(d) == value)
            })
            .map(|item| item.code.clone())
            .collect();
        if let [one] = found.as_slice() {
            let (a, b) = (k.min(s), k.max(s));
            self.parts[a] = Part::Word;
            self.parts[b] = Part::Items(vec![one.clone()]);
            self.used[n] = true;
            if let Some(josa) = self.mentions.get(n).map(|m| m.josa.clone()) {
                self.mentions[b].josa = josa;
            }
            self.used[a] = true;
        }
    }

    /// `server 03`, `서버 3번`: a kind and a number that several codes end in. The one, when there is only one.
    fn several_of_number(&mut self) -> Option<(String, Vec<String>)> {
        let at = (1..self.parts.len()).find(|&i| {
            let Some((value, unit)) = &self.mentions[i].number else { return false };
            let zero =
                self.words(i).starts_with('0') && self.words(i).len() > 1 && !self.words(i).contains('.');
            let behind = self.mentions.get(i + 1).filter(|m| !m.spaced);
            let called = behind.is_some_and(|m| matches!(m.words.as_str(), "번" | "호기"));
            unit.is_empty()
                && value.fract() == 0.0
                && (zero || called && !matches!(self.domain, Domain::Record(_)))
                && self.comparison(i, i + 1).is_none()
                && matches!(self.parts[i - 1], Part::Kinds(_))
                && self.mentions[i - 1].josa.is_empty()
                && !self.parts.iter().any(|p| matches!(p, Part::System { .. }))
        })?;
        let Part::Kinds(kinds) = self.parts[at - 1].clone() else { return None };
        let value = self.mentions[at].number.as_ref().map(|(v, _)| *v)?;
        let ends = |code: &str| {
            let from = code.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            code[from..].parse::<u32>().is_ok_and(|d| f64::from(d) == value)
        };
        let items = self.index.vocabulary().items.iter();
        let mut codes: Vec<String> = items
            .filter(|item| kinds.contains(&item.kind) && ends(&item.code))
            .map(|item| item.code.clone())
            .collect();
        // Of those named just before, the one that is meant.
        let said = |c: &&String| self.focus.answered.contains(c) || self.focus.named.contains(c);
        let before: Vec<String> = codes.iter().filter(said).cloned().collect();
        if before.len() == 1 {
            codes = before;
        }
        let words = format!("{} {}", self.words(at - 1), self.words(at));
        match codes.as_slice() {
            [] => None,
            [one] => {
                self.parts[at - 1] = Part::Word;
                self.used[at - 1] = true;
                self.parts[at] = Part::Items(vec![one.clone()]);
                self.mentions[at].number = None;
                None
            }
            _ => Some((words, codes)),
        }
    }

    /// What makes a question unanswerable before it is read any further.
    pub(super) fn check(&mut self) -> Result<(), Trouble> {
        if self.asks_for_help() {
            return Err(Trouble::Help);
        }
        if let Some((words, codes)) = self.several.clone() {
            return Err(Trouble::Several { words, codes });
        }
        if let Some(m) = self.mentions.iter().find(|m| m.unknown_code && self.looks_like_code(&m.words)) {
            return Err(Trouble::UnknownItem(m.words.clone()));
        }
        if let Some(words) = self.unknown_name() {
            return Err(Trouble::UnknownValue(words));
        }
        // A group nobody knows (`부서별`) would silently be left out.
        let each = |i: usize| {
            let w = self.words(i).trim_end_matches('로');
            self.is_each(i) || w.ends_with('별') && !matches!(w, "특별" | "개별" | "별" | "차별")
        };
        let unknown_group = (0..self.parts.len()).find(|&i| {
            self.parts[i] == Part::Unknown
                && each(i)
                && !crate::lexicon::harmless(self.words(i))
                && !(self.words(i).is_ascii() && self.words(i).ends_with("ing"))
        });
        if let Some(i) = unknown_group {
            return Err(Trouble::UnknownValue(self.words(i).to_owned()));
        }
        if let Some(words) = self.unknown_outcome() {
            return Err(Trouble::UnknownValue(words));
        }
        Ok(())
    }

    /// What is not answered by looking at items, records and samples, and what points to nothing.
    pub(super) fn check_meaning(&mut self) -> Result<(), Trouble> {
        if self.has(W::Why) {
            let about = !self.times.windows.is_empty()
                || self.parts.iter().any(|p| {
                    p.is_thing()
                        || matches!(p, Part::Rec | Part::RecValue(..) | Part::Metric(_) | Part::Concept(_))
                })
                || self
                    .mentions
                    .iter()
                    .any(|m| matches!(m.words.as_str(), "지금" | "현재" | "now" | "currently" | "right now"))
                || self.focus.any
                // `왜 그래?`, `why?` about nothing in particular is about now.
                || self.mentions.iter().any(|m| matches!(m.words.as_str(), "그래" | "이래" | "그런" | "이런"));
            return Err(if about { Trouble::RootCause } else { Trouble::NothingMeant });
        }
        let pointing = self.mentions.iter().any(|m| {
            m.any(&[W::It, W::Those])
                && !matches!(
                    m.words.as_str(),
                    "that" | "this" | "이" | "저" | "그" | "its" | "their" | "they"
                )
        });
        let named = self.parts.iter().any(|p| {
            p.is_thing()
                || matches!(
                    p,
                    Part::Rec | Part::Rel { .. } | Part::Metric(_) | Part::Concept(_) | Part::RecValue(..)
                )
        });
        let strong = self.mentions.iter().any(|m| {
            matches!(
                m.words.as_str(),
                "그거"
                    | "그건"
                    | "그게"
                    | "그것"
                    | "걔"
                    | "얘"
                    | "거기"
                    | "거긴"
                    | "그 장비"
                    | "그 서버"
                    | "it"
                    | "that one"
                    | "this one"
                    | "그쪽"
            )
        });
        let thing = |(i, p): (usize, &Part)| p.is_thing() && !self.mentions[i].fuzzy;
        let named = named && (!strong || self.parts.iter().enumerate().any(thing));
        let of_them = self.mentions.iter().any(|m| {
            matches!(m.words.as_str(), "of them" | "of those" | "of these" | "among them" | "among those")
        });
        let told = self.parts.iter().any(|p| {
            matches!(
                p,
                Part::Items(_)
                    | Part::Set(_)
                    | Part::Kinds(_)
                    | Part::Rec
                    | Part::System { .. }
                    | Part::Prefix(_)
            )
        });
        if of_them && !self.focus.any && !told {
            return Err(Trouble::NothingMeant);
        }
        let first =
            self.mentions.first().is_some_and(|m| m.is(W::Those) && crate::text::has_hangul(&m.words));
        let records = self.parts.iter().any(|p| matches!(p, Part::Rec | Part::RecValue(..)));
        if first && !self.focus.any && !records {
            return Err(Trouble::NothingMeant);
        }
        if pointing && !self.focus.any && !named {
            return Err(Trouble::NothingMeant);
        }
        Ok(())
    }

    /// A greeting, or a question about what can be asked.
    fn asks_for_help(&self) -> bool {
        const WORDS: &[&str] = &[
            "hello",
            "hi",
            "hey",
            "help",
            "help me",
            "안녕",
            "안녕하세요",
            "안녕하십니까",
            "도와줘",
            "도와주세요",
            "도움말",
            "도움",
            "사용법",
            "헬프",
            "what can you do",
            "what can you answer",
            "what can i ask",
            "how do i use this",
            "who are you",
            "뭐 할 수 있어",
            "뭘 할 수 있어",
            "무엇을 할 수 있어",
            "뭘 물어볼 수 있어",
            "무엇을 물어볼 수 있어",
            "뭐 물어볼 수 있어",
            "어떤 질문을 할 수 있어",
            "넌 누구야",
            "너는 누구야",
            "good morning",
            "ㅎㅇ",
            "하이",
        ];
        let text: String = self
            .mentions
            .iter()
            .filter(|m| m.sign.is_none())
            .map(|m| m.words.as_str())
            .collect::<Vec<_>>()
            .join(" ")
            .replace(['?', '!'], "");
        let text = text.trim().trim_end_matches('요').trim_end_matches('나').trim();
        let squashed = crate::text::squash(text);
        WORDS.iter().any(|w| crate::text::squash(w) == squashed)
    }

    /// `실패한`, where no record of the kind ever ended so.
    fn unknown_outcome(&self) -> Option<String> {
        let Domain::Record(kind) = self.domain else { return None };
        let field = &self.index.rec_role(kind, model::schema::FieldRole::Outcome)?.key;
        // `실패(degraded)`: the value beside it says what is meant.
        if self.has(W::Share) || self.rec_conditions.iter().any(|(_, c)| c.field == *field) {
            return None;
        }
        let failed: Vec<String> =
            crate::dictionary::group_of("failed").into_iter().map(crate::text::squash).collect();
        self.mentions.iter().enumerate().find_map(|(i, m)| {
            let plain = matches!(self.parts[i], Part::Unknown | Part::Word) && !m.is(W::Down);
            let said = failed.contains(&crate::text::squash(&m.words)) || m.words.starts_with("실패");
            (plain && said).then(|| m.words.clone())
        })
    }

    fn looks_like_code(&self, words: &str) -> bool {
        let first = words.split(['-', '_']).next().unwrap_or_default();
        let prefix = format!("{first}-");
        let begins = |c: &str| c.get(..prefix.len()).is_some_and(|c| c.eq_ignore_ascii_case(&prefix));
        let known_prefix = first.len() >= 2
            && self.index.vocabulary().items.iter().take(5000).any(|item| begins(&item.code));
        let digits = words.chars().any(|c| c.is_ascii_digit());
        let parts = words.split(['-', '_']).count();
        known_prefix || (digits && parts >= 2 && words.chars().any(|c| c.is_ascii_alphabetic()))
    }

    /// An unknown word where the name of a system, a kind or a value has to stand.
    fn unknown_name(&self) -> Option<String> {
        for (i, m) in self.mentions.iter().enumerate() {
            if !m.unknown() || m.words.chars().count() < 2 || crate::lexicon::harmless(&m.words) {
                continue;
            }
            let latin = m.words.is_ascii();
            // `paymentsvc`, `orderservice`: a compound with a word for a kind.
            if latin && m.words.len() > 8 {
                for kind in &self.index.catalogue().kinds {
                    if kind.key.len() >= 5 && m.words.ends_with(&kind.key.to_lowercase()) {
                        return Some(m.words.clone());
                    }
                }
            }
            let next_kind = matches!(self.parts.get(i + 1), Some(Part::Kinds(_)));
            let before_kind = i > 0 && matches!(self.parts.get(i - 1), Some(Part::Kinds(_)));
            let field_before = i > 0
                && (matches!(self.parts.get(i - 1), Some(Part::Field(_) | Part::RecField(_)))
                    || i > 1
                        && self.mentions[i - 1].any(&[W::Is])
                        && matches!(self.parts.get(i - 2), Some(Part::Field(_) | Part::RecField(_))));
            let ko = self.lang == model::Lang::Ko;
            // `in TB`, but `HR 시스템`
            if crate::read::numbers::is_unit(&m.words) && !next_kind {
                continue;
            }
            // In English a field and a verb may stand side by side (`which type generated …`).
            let verb = m.words.ends_with("ed") || m.words.ends_with("ing") || m.words.ends_with("es");
            let field_before = field_before && (ko || !verb);
            let acronym = m.capital && (i > 0 || m.words.len() <= 4);
            if latin && (next_kind && (ko || acronym) || field_before && (m.josa.iter().any(|_| true) || !ko))
            {
                return Some(m.words.clone());
            }
            if latin && m.capital && i > 0 && before_kind && !ko {
                let link = self.mentions[i - 1].any(&[W::PrepOf, W::PrepOn]);
                if link {
                    return Some(m.words.clone());
                }
            }
            if latin
                && m.capital
                && !ko
                && i > 1
                && self.mentions[i - 1].any(&[W::PrepOf, W::PrepOn, W::PrepBy])
                && m.words.len() <= 12
            {
                return Some(m.words.clone());
            }
            if !latin
                && next_kind
                && self.parts.get(i + 1).is_some_and(|p| match p {
                    Part::Kinds(kinds) => kinds.len() > 1 && self.words(i + 1).starts_with("시스템"),
                    _ => false,
                })
            {
                return Some(m.words.clone());
            }
        }
        None
    }
}
