//! Conditions: values named in the question, and numbers with comparisons and units.

use model::{Condition, Op};
use serde_json::{Value, json};

use super::{Domain, Part, Reader, numbers::is_unit};
use crate::lexicon::W;

impl Reader<'_> {
    /// Finds the conditions on items, records and samples among the parts.
    pub fn take_conditions(&mut self) {
        self.take_values();
        self.take_numbers();
    }

    fn negated(&self, i: usize) -> bool {
        // The name of the field may stand between (`active 상태가 아닌`, `not written in python`).
        let passes = |j: &usize| {
            !self.mentions[*j].named()
                || self.mentions[*j].is(W::Not)
                || matches!(self.parts.get(*j), Some(Part::Field(_) | Part::RecField(_)))
        };
        let after = (i + 1..=i + 3).filter(|j| *j < self.mentions.len());
        if after.take_while(passes).any(|j| self.mentions[j].is(W::Not) && !self.mentions[j].words.is_ascii())
        {
            return true;
        }
        (1..=4)
            .filter_map(|d| i.checked_sub(d))
            .take_while(passes)
            .map(|j| &self.mentions[j])
            .any(|m| m.is(W::Not) && m.words.is_ascii())
    }

    fn take_values(&mut self) {
        for i in 0..self.parts.len() {
            match self.parts[i].clone() {
                Part::Value(field, value) => {
                    let op = if self.negated(i) { Op::Ne } else { Op::Eq };
                    let (words, meaning) = (self.words(i).to_owned(), format!("{field} = {value}"));
                    self.because(&words, "value", meaning);
                    push(&mut self.item_conditions, i, Condition::new(field.clone(), op, value));
                    self.used[i] = true;
                    self.mark_field_beside(i, &field, false);
                }
                Part::RecValue(field, value) => {
                    let (words, meaning) = (self.words(i).to_owned(), format!("{field} = {value}"));
                    self.because(&words, "value", meaning);
                    let condition = self.ordered(i, &field, &value).unwrap_or_else(|| {
                        Condition::new(field.clone(), if self.negated(i) { Op::Ne } else { Op::Eq }, value)
                    });
                    push(&mut self.rec_conditions, i, condition);
                    self.used[i] = true;
                    self.mark_field_beside(i, &field, true);
                }
                _ => {}
            }
        }
    }

    /// `major 이상`: words with an order, from the named one upwards.
    fn ordered(&self, i: usize, field: &str, value: &str) -> Option<Condition> {
        let Domain::Record(kind) = self.domain else { return None };
        let order = &self.index.rec_field(kind, field)?.order;
        let at = order.iter().position(|v| v.eq_ignore_ascii_case(value))?;
        let list: Vec<String> = match self.comparison(i, i + 1)? {
            Op::Ge => order[at..].to_vec(),
            Op::Gt => order[at + 1..].to_vec(),
            Op::Le => order[..=at].to_vec(),
            Op::Lt => order[..at].to_vec(),
            _ => return None,
        };
        Some(Condition::new(field, Op::In, json!(list)))
    }

    /// The name of the field beside its value is no field asked for.
    fn mark_field_beside(&mut self, i: usize, field: &str, rec: bool) {
        let names = |p: &Part| match p {
            Part::Field(list) => !rec && list.iter().any(|f| f == field),
            Part::RecField(f) => rec && f == field,
            _ => false,
        };
        for j in [i.checked_sub(1), Some(i + 1), i.checked_sub(2)].into_iter().flatten() {
            let quiet = j + 2 != i
                || self.parts.get(i - 1).is_some_and(|p| matches!(p, Part::Word | Part::Sign))
                    && !self.mentions[i - 1].is(W::Each);
            if quiet && self.parts.get(j).is_some_and(names) && !self.is_each(j) {
                self.used[j] = true;
                return;
            }
        }
    }

    /// `별` after it, or `by`, `per`, `each` before it.
    pub fn is_each(&self, j: usize) -> bool {
        let mut k = j + 1;
        // `수행팀(performer)별`: a bracket between.
        while k < self.mentions.len() && k <= j + 4 {
            let m = &self.mentions[k];
            if m.is(W::Each) && !m.spaced {
                return true;
            }
            if m.is(W::Each) && m.words.starts_with('별') | m.words.starts_with('마') {
                return true;
            }
            let bracket = matches!(m.sign, Some('(' | ')'));
            let inside = self.mentions.get(k.wrapping_sub(1)).is_some_and(|p| p.sign == Some('('));
            if !bracket && !inside {
                break;
            }
            k += 1;
        }
        if j > 0 && matches!(self.mentions[j - 1].words.as_str(), "각" | "각각의" | "매") {
            return true;
        }
        if self.mentions[j].josa.is_empty() || self.mentions[j].words.is_ascii() {
            let before = |d: usize| j.checked_sub(d).and_then(|k| self.mentions.get(k));
            let each = |m: &crate::scan::Mention| {
                m.is(W::Each) && m.words.is_ascii() || m.words == "by" || m.words == "per"
            };
            if before(1).is_some_and(each) {
                return true;
            }
            if before(1).is_some_and(|m| {
                matches!(m.words.as_str(), "the" | "each" | "their" | "its" | "ci" | "every")
            }) && before(2).is_some_and(each)
            {
                return true;
            }
        }
        false
    }

    /// The comparison that belongs to a number at `from..to`.
    pub fn comparison(&self, from: usize, to: usize) -> Option<Op> {
        let after = |j: usize| {
            let m = self.mentions.get(j)?;
            Some(match () {
                () if m.is(W::Ge) || m.sign == Some('+') => Op::Ge,
                () if m.is(W::Le) => Op::Le,
                () if m.is(W::Gt) && !m.words.is_ascii() => Op::Gt,
                () if m.is(W::Lt) && !m.words.is_ascii() => Op::Lt,
                () => return None,
            })
        };
        let mut j = to;
        while j < self.mentions.len() && j < to + 4 {
            if let Some(op) = after(j) {
                return Some(op);
            }
            let m = &self.mentions[j];
            let passing = m.unknown() && m.words.chars().count() <= 4
                || matches!(m.sign, Some('%'))
                || matches!(self.parts.get(j), Some(Part::Field(_) | Part::RecField(_) | Part::Concept(_)))
                || m.any(&[W::Percent, W::Minute, W::Hour, W::Filler, W::Step])
                || m.is(W::Count) && j == to
                || is_unit(&m.words);
            if !passing || m.is(W::And) {
                break;
            }
            j += 1;
        }
        let mut j = from;
        let mut sign: Option<char> = None;
        while j > 0 && from - j < 4 {
            j -= 1;
            let m = &self.mentions[j];
            match m.sign {
                Some('=') if sign.is_none() => sign = Some('='),
                Some('>') => return Some(if sign == Some('=') { Op::Ge } else { Op::Gt }),
                Some('<') => return Some(if sign == Some('=') { Op::Le } else { Op::Lt }),
                Some('≥') => return Some(Op::Ge),
                Some('≤') => return Some(Op::Le),
                Some('!') if sign == Some('=') => return Some(Op::Ne),
                Some(_) => break,
                None if sign.is_some() => return Some(Op::Eq),
                None => {}
            }
            if m.words.is_ascii() {
                if m.is(W::Gt) || m.words == "exceeding" {
                    return Some(Op::Gt);
                }
                if m.is(W::Lt) {
                    return Some(Op::Lt);
                }
                if m.is(W::Ge) {
                    return Some(Op::Ge);
                }
                if m.is(W::Le) {
                    return Some(Op::Le);
                }
                if m.is(W::Not) {
                    return Some(Op::Ne);
                }
            }
            let passing = m.any(&[W::Filler, W::Is, W::Value, W::Compare]) || m.words == "a";
            if !passing {
                break;
            }
        }
        if sign == Some('=') {
            return Some(Op::Eq);
        }
        None
    }
}

/// Adds a condition; two equal fields with `=` become a list.
pub(super) fn push(list: &mut Vec<(usize, Condition)>, at: usize, condition: Condition) {
    let same = list.iter_mut().find(|(_, c)| {
        c.field == condition.field && matches!(c.op, Op::Eq | Op::In) && condition.op == Op::Eq
    });
    if let Some((_, old)) = same {
        if old.value == condition.value {
            return;
        }
        let mut values = match &old.value {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        if !values.contains(&condition.value) {
            values.push(condition.value);
        }
        *old = Condition::new(old.field.clone(), Op::In, Value::Array(values));
        return;
    }
    list.push((at, condition));
}

/// How a comparison is written.
pub fn sign_of(op: Op) -> &'static str {
    match op {
        Op::Eq => "=",
        Op::Ne => "≠",
        Op::Lt => "<",
        Op::Le => "≤",
        Op::Gt => ">",
        Op::Ge => "≥",
        Op::In => "∈",
        Op::NotIn => "∉",
        Op::Contains => "⊃",
        Op::Prefix => "^",
        Op::Exists => "✓",
        Op::Missing => "∅",
    }
}
