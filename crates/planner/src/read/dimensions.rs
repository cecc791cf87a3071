//! What records are ranked, grouped and compared by, and what part of them a share is about.

use model::{
    Condition, Op,
    schema::{FieldRole, FieldType},
};

use super::{Part, Reader};
use crate::{dictionary::group_of, lexicon::W, text::squash};

impl Reader<'_> {
    /// The dimension a superlative ranks: `가장 많은 서버`, `which day had the most`.
    pub(super) fn top_dimension(&mut self, number: bool) -> Option<String> {
        let most = self.place_any(&[W::Most, W::Fewest]);
        let extreme = self.place_any(&[W::Max, W::Min]);
        let top = self.place_any(&[W::Top, W::Bottom]).filter(|_| self.amount.is_some());
        let averaged = number && self.has_any(&[W::Avg, W::Sum]) || self.has(W::Share);
        let at = most.or(top).or(extreme.filter(|_| averaged || !number))?;
        if number && !averaged && most.is_none() && top.is_none() {
            return None;
        }
        let mut best: Option<(i32, usize, String)> = None;
        for i in 0..self.parts.len() {
            if self.used[i] || i == at {
                continue;
            }
            let Some(dimension) = self.dimension(i) else { continue };
            let numeric = match &self.parts[i] {
                Part::RecField(f) => match self.domain {
                    super::Domain::Record(k) => self.index.rec_field(k, f).is_some_and(|d| {
                        d.role == Some(FieldRole::Duration) || d.r#type == FieldType::Number && number
                    }),
                    _ => false,
                },
                Part::Field(list) => list
                    .first()
                    .and_then(|f| self.index.field(f))
                    .is_some_and(|f| f.r#type == FieldType::Number),
                _ => false,
            };
            if numeric {
                continue;
            }
            let which =
                |d: usize| i.checked_sub(d).is_some_and(|k| self.mentions[k].any(&[W::Which, W::Who]));
            let mut score = 0;
            score += if which(1) {
                6
            } else if which(2) {
                4
            } else {
                0
            };
            score += match i.checked_sub(at) {
                Some(d) if self.lang == model::Lang::Ko => {
                    if d <= 4 {
                        14
                    } else {
                        4
                    }
                }
                _ => 0,
            };
            score +=
                if i > at && i - at <= 2 && self.lang == model::Lang::En && top.is_some() { 4 } else { 0 };
            score += match &self.parts[i] {
                Part::RecField(_) => 3,
                Part::Kinds(_) => 2,
                Part::Field(_) => 0,
                _ if self.mentions[i].is(W::Thing) => 1,
                _ => 2,
            };
            if best.as_ref().is_none_or(|(b, ..)| score > *b) {
                best = Some((score, i, dimension));
            }
        }
        match best {
            Some((score, i, dimension)) if score > 0 => {
                if dimension != "ci" {
                    self.used[i] = true;
                }
                Some(dimension)
            }
            _ if self.has(W::When) => Some("day".to_owned()),
            _ if self.has(W::Who) => match self.domain {
                super::Domain::Record(k) => {
                    let owner = self.index.role(FieldRole::Owner).map(|f| format!("ci.{}", f.key));
                    self.person(k).or(owner).or(Some("ci".to_owned()))
                }
                _ => None,
            },
            _ if number && !averaged => None,
            _ if most.is_none() && top.is_none() => None,
            _ => Some("ci".to_owned()),
        }
    }

    /// `서버와 DB 중 어느 쪽이`, `patch와 reboot 비교`: what is set side by side is the dimension.
    pub(super) fn compared_dimension(&self) -> Option<String> {
        if !self.has_any(&[W::Either, W::Compare, W::Difference]) || self.times.windows.len() > 1 {
            return None;
        }
        if let Some((_, c)) = self
            .rec_conditions
            .iter()
            .find(|(_, c)| c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() > 1))
        {
            return Some(c.field.clone());
        }
        let kinds = self
            .parts
            .iter()
            .enumerate()
            .filter(|(i, p)| matches!(p, Part::Kinds(_)) && !self.used[*i])
            .count();
        let items: usize = self.parts.iter().map(|p| if let Part::Items(c) = p { c.len() } else { 0 }).sum();
        let systems = self.parts.iter().filter(|p| matches!(p, Part::System { .. })).count();
        match (items, systems, kinds) {
            (2.., _, _) => Some("ci".to_owned()),
            (_, 2.., _) => self.index.role(FieldRole::System).map(|f| format!("ci.{}", f.key)),
            (_, _, 2..) => Some("ci.kind".to_owned()),
            _ => None,
        }
    }

    /// Exactly two values, items, systems or kinds stand side by side.
    pub(super) fn pairs_named(&self) -> bool {
        let two = |c: &Condition| c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() == 2);
        let items: usize = self.parts.iter().map(|p| if let Part::Items(c) = p { c.len() } else { 0 }).sum();
        let systems = self.parts.iter().filter(|p| matches!(p, Part::System { .. })).count();
        let kinds = self.parts.iter().filter(|p| matches!(p, Part::Kinds(k) if k.len() == 1)).count();
        self.rec_conditions.iter().any(|(_, c)| two(c)) || items == 2 || systems == 2 || kinds == 2
    }

    /// What part of the records a share is about.
    pub(super) fn share_part(&self, kind: usize, goes_on: bool) -> Option<Vec<Condition>> {
        let conditions = &self.rec_conditions;
        let said = |words: &[&str]| self.mentions.iter().any(|m| words.iter().any(|w| m.words.contains(w)));
        if said(&["성공률", "성공율", "성공 비율", "성공 확률", "success rate"])
            && !conditions.iter().any(|(_, c)| self.is_outcome(kind, &c.field))
        {
            return self.outcome(kind, "success", Op::Eq);
        }
        if said(&["실패율", "실패률", "실패 비율", "failure rate"]) {
            return self.outcome(kind, "failed", Op::Eq).or_else(|| self.outcome(kind, "success", Op::Ne));
        }
        // `what share of works failed`
        let failed = crate::dictionary::group_of("failed");
        let fails = self.mentions.iter().any(|m| {
            failed.contains(&m.words.as_str()) || matches!(m.words.as_str(), "실패한" | "실패했" | "실패")
        });
        if fails && !conditions.iter().any(|(_, c)| self.is_outcome(kind, &c.field)) {
            return self.outcome(kind, "failed", Op::Eq).or_else(|| self.outcome(kind, "success", Op::Ne));
        }
        if goes_on && !conditions.is_empty() {
            return Some(conditions.iter().map(|(_, c)| c.clone()).collect());
        }
        let marker = self.mentions.iter().position(|m| {
            matches!(m.words.as_str(), "중" | "중에" | "중에서" | "가운데" | "among" | "out of")
                || m.words.ends_with("중에")
        });
        let english = marker.is_some_and(|at| self.words(at).is_ascii());
        if let Some(at) = marker.filter(|_| english) {
            // `the share of A among B`: the part stands before it.
            let before: Vec<Condition> =
                conditions.iter().filter(|(i, _)| *i < at).map(|(_, c)| c.clone()).collect();
            if !before.is_empty() {
                return Some(before);
            }
        }
        if let Some(at) = marker.filter(|_| !english) {
            let after: Vec<Condition> =
                conditions.iter().filter(|(i, _)| *i > at).map(|(_, c)| c.clone()).collect();
            if !after.is_empty() {
                return Some(after);
            }
        }
        if let Some((_, c)) = conditions.iter().find(|(_, c)| self.is_outcome(kind, &c.field)) {
            return Some(vec![c.clone()]);
        }
        // Both ends of a range are one part.
        let last = conditions.last()?;
        Some(conditions.iter().filter(|(_, c)| c.field == last.1.field).map(|(_, c)| c.clone()).collect())
    }

    pub(super) fn is_outcome(&self, kind: usize, field: &str) -> bool {
        self.index.rec_field(kind, field).is_some_and(|f| f.role == Some(FieldRole::Outcome))
    }

    pub(super) fn outcome(&self, kind: usize, concept: &str, op: Op) -> Option<Vec<Condition>> {
        let field = self.index.rec_role(kind, FieldRole::Outcome)?;
        let words: Vec<String> = group_of(concept).into_iter().map(squash).collect();
        let value = field.values.iter().find(|v| words.contains(&squash(v)))?;
        Some(vec![Condition::new(field.key.clone(), op, value.clone())])
    }

    /// `유지보수와 작업 건수`: another kind of record beside this one, both to be counted.
    pub(super) fn second_kind(&self, kind: usize) -> Option<usize> {
        let joined = |a: usize, b: usize| {
            let (a, b) = (a.min(b), a.max(b));
            self.mentions[a].josa.contains(&crate::text::hangul::Josa::With) && b - a <= 2
                || (a + 1..b).any(|k| self.mentions[k].is(W::And)) && b - a <= 4
                // `정비 몇 건이고 작업은 몇 건`: each has a number of its own.
                || self.lang == model::Lang::Ko
                    && b - a <= 6
                    && (a + 1..b).any(|k| self.mentions[k].is(W::Count))
                    && (b + 1..=b + 3).any(|k| self.mentions.get(k).is_some_and(|m| m.is(W::Count)))
        };
        if !self.has_any(&[W::Count, W::Compare]) || self.has(W::Either) || !self.rec_conditions.is_empty() {
            return None;
        }
        let own = self.parts.iter().position(|p| *p == Part::Rec)?;
        self.mentions.iter().enumerate().find_map(|(i, m)| {
            m.senses.iter().find_map(|(s, n)| match s {
                crate::dictionary::Sense::Rec(k)
                    if *k != kind
                        && *n >= 2
                        && joined(own, i)
                        && !m.senses.iter().any(|(s, _)| *s == crate::dictionary::Sense::Rec(kind)) =>
                {
                    Some(*k)
                }
                _ => None,
            })
        })
    }

    /// `메모리가 가장 큰 서버의 이벤트`: items chosen by a number of theirs, before the records are looked at.
    pub(super) fn best_items(&mut self) -> Option<(String, bool)> {
        let rec = self.parts.iter().rposition(|p| *p == Part::Rec)?;
        for i in 0..self.parts.len() {
            let Part::Field(list) = &self.parts[i] else { continue };
            if self.used[i] || self.is_each(i) {
                continue;
            }
            let field = self.pick_field(list);
            if !self.index.field(&field).is_some_and(|f| f.r#type == FieldType::Number) {
                continue;
            }
            let ko = self.lang == model::Lang::Ko;
            let near = |j: usize| {
                self.parts.get(j) == Some(&Part::Word)
                    && self.mentions[j].any(&[W::Max, W::Min, W::Most, W::Fewest])
            };
            let places: Vec<usize> = if ko {
                (i + 1..=i + 3).collect()
            } else {
                (1..=2).filter_map(|d| i.checked_sub(d)).collect()
            };
            if ko && i > rec {
                continue;
            }
            if let Some(j) = places.into_iter().find(|j| near(*j)) {
                let desc = self.mentions[j].any(&[W::Max, W::Most]);
                self.used[i] = true;
                self.used[j] = true;
                // `가장` beside it is part of the same words.
                for k in i + 1..j {
                    self.used[k] = true;
                }
                return Some((field, desc));
            }
        }
        None
    }
}
