//! Fields of records a question asks for, and the numbers it reduces them to.

use model::schema::{FieldRole, FieldType};

use super::{Part, Reader};
use crate::{dictionary::group_of, lexicon::W, logic::Reduce, text::squash};

impl Reader<'_> {
    /// Fields of the records that are asked for.
    pub(super) fn record_fields(&mut self, kind: usize) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for i in 0..self.parts.len() {
            if self.used[i] {
                continue;
            }
            if let Part::RecField(f) = &self.parts[i] {
                let f = f.clone();
                self.used[i] = true;
                let w = self.words(i).to_owned();
                self.because(&w, "field", f.clone());
                if !out.contains(&f) {
                    out.push(f);
                }
            }
        }
        if self.has(W::When) && !out.iter().any(|f| f == "at") {
            out.insert(0, "at".to_owned());
        }
        if self.has(W::Who)
            && !out.iter().any(|f| is_person(self.index.rec_field(kind, f)))
            && let Some(f) = self.person(kind)
        {
            out.push(f);
        }
        if self.has(W::KindOf)
            && let Some(f) = self.index.rec_role(kind, FieldRole::Category)
            && !out.contains(&f.key)
        {
            out.push(f.key.clone());
        }
        if self.mentions.iter().any(|m| m.any(&[W::Thing]) && m.words.starts_with("ci")) && self.has(W::Which)
        {
            out.push("ci".to_owned());
        }
        out
    }

    /// A total is asked for (`총`, `총 몇 시간`, `in total`).
    fn totalled(&self) -> bool {
        self.mentions.iter().any(|m| {
            matches!(m.words.as_str(), "총" | "total" | "in total" | "altogether")
                || m.words.starts_with("총 몇")
        })
    }

    /// The field that tells who did it.
    pub(super) fn person(&self, kind: usize) -> Option<String> {
        let fields = &self.index.catalogue().records.get(kind)?.fields;
        for concept in ["performer", "assignee", "requested by", "approved by"] {
            let words: Vec<String> = group_of(concept).into_iter().map(squash).collect();
            if let Some(f) = fields
                .iter()
                .find(|f| words.contains(&squash(&f.key)) || words.contains(&squash(&f.label.ko)))
            {
                return Some(f.key.clone());
            }
        }
        fields.iter().find(|f| f.role == Some(FieldRole::Owner)).map(|f| f.key.clone())
    }

    pub(super) fn newest_fields(&self, kind: usize, fields: Vec<String>) -> Vec<String> {
        let _ = kind;
        fields
    }

    /// A number field the question reduces or ranks by.
    pub(super) fn number_wanted(&self, kind: usize) -> Option<String> {
        let reducing = self.has_any(&[
            W::Avg,
            W::Sum,
            W::Median,
            W::Max,
            W::Min,
            W::Longest,
            W::Shortest,
            W::Most,
            W::Fewest,
            W::Value,
        ]) || self.percentile().is_some()
            || self.totalled();
        let named = self.parts.iter().enumerate().find_map(|(i, p)| match p {
            Part::RecField(f) if !self.used[i] && !self.is_each(i) => {
                self.index.rec_field(kind, f).filter(|d| d.r#type == FieldType::Number).map(|d| d.key.clone())
            }
            _ => None,
        });
        if named.is_some() {
            return named.filter(|_| reducing);
        }
        let duration = self.index.rec_role(kind, FieldRole::Duration).map(|f| f.key.clone());
        let time_words = self.mentions.iter().any(|m| {
            matches!(
                m.words.as_str(),
                "시간"
                    | "분"
                    | "걸린"
                    | "걸렸"
                    | "걸리"
                    | "how long"
                    | "long"
                    | "minutes"
                    | "hours"
                    | "took"
                    | "time"
                    | "take"
                    | "takes"
                    | "hours spent"
                    | "time spent"
            ) || ["걸리", "걸렸", "걸려", "걸린", "걸릴"].iter().any(|w| m.words.starts_with(w))
        });
        // `총 몇 시간`, `total hours`: of a length, not of the clock.
        let total = self.totalled()
            && self
                .mentions
                .iter()
                .any(|m| matches!(m.words.as_str(), "시간" | "hours" | "minutes" | "분" | "time"));
        if total && !self.mentions.iter().any(|m| m.words.contains('건')) {
            return duration;
        }
        if time_words && self.has_any(&[W::Avg, W::Sum, W::Median])
            || self.has_any(&[W::Longest, W::Shortest])
        {
            return duration;
        }
        None
    }

    /// `p95`, `95th percentile`.
    pub fn percentile(&self) -> Option<String> {
        (0..self.mentions.len()).find_map(|i| self.percentile_at(i))
    }

    /// The percentile a mention says.
    pub(super) fn percentile_at(&self, i: usize) -> Option<String> {
        const NAMES: [&str; 4] = ["p50", "p90", "p95", "p99"];
        let m = self.mentions.get(i)?;
        let concept = m.senses.iter().find_map(|(s, _)| match s {
            crate::dictionary::Sense::Concept(c) => NAMES.iter().find(|p| c == **p).map(|p| (*p).to_owned()),
            _ => None,
        });
        let word = || {
            let mut words = m.words.split([' ', '_', '-']);
            words.find_map(|w| NAMES.iter().find(|p| **p == w).map(|p| (*p).to_owned()))
        };
        let counted = || {
            let (n, unit) = m.number.as_ref()?;
            let next = self.words(i + 1);
            ((unit == "th" && next.starts_with("percentile"))
                || next.starts_with("퍼센타일")
                || next.starts_with("분위")
                || next.starts_with("백분위"))
            .then(|| format!("p{}", *n as u32))
        };
        concept.or_else(word).or_else(counted)
    }

    pub(super) fn record_reduction(&self, number: Option<&str>) -> Option<Reduce> {
        let f = number?.to_owned();
        if self.has(W::Avg) {
            return Some(Reduce::Of("avg".into(), f));
        }
        if self.has(W::Sum) || self.totalled() && !self.mentions.iter().any(|m| m.words.contains('건')) {
            return Some(Reduce::Of("sum".into(), f));
        }
        if self.has(W::Median) {
            return Some(Reduce::Of("p50".into(), f));
        }
        if let Some(p) = self.percentile() {
            return Some(Reduce::Of(p, f));
        }
        if self.has_any(&[W::Max]) && !self.asks_record() {
            return Some(Reduce::Of("max".into(), f));
        }
        if self.has_any(&[W::Min]) && !self.asks_record() {
            return Some(Reduce::Of("min".into(), f));
        }
        None
    }
}

pub(super) fn is_person(field: Option<&model::schema::FieldDef>) -> bool {
    let Some(f) = field else { return false };
    ["performer", "assignee", "requested by", "approved by", "owner", "reporter"].iter().any(|c| {
        let words: Vec<String> = group_of(c).into_iter().map(squash).collect();
        words.contains(&squash(&f.key))
            || words.contains(&squash(&f.label.ko))
            || words.contains(&squash(&f.label.en))
    })
}
