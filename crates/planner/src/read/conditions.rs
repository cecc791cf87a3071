//! Conditions: values named in the question, and numbers with comparisons and units.

use model::{Condition, Op};
use serde_json::{Value, json};

use super::{Domain, Part, Reader, numbers::is_unit};
use crate::{lexicon::W, text::hangul::Josa};

impl Reader<'_> {
    /// Finds the conditions on items, records and samples among the parts.
    pub fn take_conditions(&mut self) {
        self.take_lettered();
        self.take_than_items();
        self.take_than_average();
        self.take_values();
        self.take_levels();
        self.take_parts_of_names();
        self.take_weekdays();
        self.take_numbers();
    }

    /// `b존`, `zone b`: a letter beside the name of a field whose values end in it.
    fn take_lettered(&mut self) {
        for i in 0..self.parts.len() {
            let plain =
                matches!(self.parts[i], Part::Unknown | Part::Word) || self.mentions[i].words.len() == 1;
            if !plain || !self.mentions[i].words.is_ascii() || self.parts[i] == Part::Sign {
                continue;
            }
            let beside = [Some(i + 1), i.checked_sub(1)].into_iter().flatten().find_map(|k| {
                let close = k < i || self.lang == model::Lang::Ko;
                match self.parts.get(k) {
                    Some(Part::Field(list)) if close && !self.used[k] => Some((k, list.clone())),
                    _ => None,
                }
            });
            let Some((k, list)) = beside else { continue };
            let letter = self.words(i).to_lowercase();
            let found = list.iter().find_map(|f| {
                let def = self.index.field(f)?;
                super::phrases::lettered(&letter, def.values.iter()).map(|v| (f.clone(), v.clone()))
            });
            if let Some((field, value)) = found {
                self.parts[i] = Part::Value(field, value);
                self.used[k] = true;
            }
        }
    }

    /// A value is denied, alone or with the values it stands beside (`neither python nor java`, `A도 B도 아닌`).
    fn negated(&self, i: usize) -> bool {
        let value = |k: usize| {
            matches!(
                self.parts.get(k),
                Some(Part::Value(..) | Part::RecValue(..) | Part::System { .. } | Part::Items(_))
            )
        };
        let joint = |from: usize, to: usize| {
            self.mentions[from + 1..to].iter().all(|m| {
                matches!(m.sign, Some(',' | '/'))
                    || m.any(&[W::And, W::Or])
                    || matches!(m.words.as_str(), "nor" | "도" | "이나")
            }) && (to > from + 1
                || self.mentions[from].josa.iter().any(|j| matches!(j, Josa::With | Josa::Plain)))
        };
        if self.negated_alone(i) {
            return true;
        }
        // Korean: the denial stands behind the last of them; English: before the first.
        let next = (i + 1..=i + 2).find(|&k| value(k) && joint(i, k));
        let last = (1..=3).filter_map(|d| i.checked_sub(d)).find(|&k| value(k) && joint(k, i));
        let ko = !self.mentions[i].words.is_ascii() || self.lang == model::Lang::Ko;
        match (ko, next, last) {
            (true, Some(k), _) => self.negated(k),
            (false, _, Some(k)) => self.negated(k),
            _ => false,
        }
    }

    fn negated_alone(&self, i: usize) -> bool {
        // The name of the field may stand between (`active 상태가 아닌`, `not written in python`).
        let passes = |j: &usize| {
            !self.mentions[*j].named()
                || self.mentions[*j].is(W::Not)
                || matches!(self.parts.get(*j), Some(Part::Field(_) | Part::RecField(_)))
        };
        // `bob이 승인 안 한`, `성공 못한`
        let denies = |j: usize| {
            matches!(self.parts.get(j), Some(Part::Unknown | Part::Word))
                && (matches!(self.words(j), "안" | "못") || super::fillers::denied(self.words(j)))
        };
        let near = (i + 1..=i + 2).filter(|j| *j < self.mentions.len());
        if near.take_while(|j| *j == i + 1 || passes(&(*j - 1))).any(denies) {
            return true;
        }
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

    /// `critical events`, `심각한 이벤트`, where severities are numbers: the highest there is.
    fn take_levels(&mut self) {
        let Domain::Record(kind) = self.domain else { return };
        let Some(field) = self.index.rec_role(kind, model::schema::FieldRole::Severity) else { return };
        let key = field.key.clone();
        let numbers: Option<Vec<f64>> = field.values.iter().map(|v| v.parse::<f64>().ok()).collect();
        let Some(most) = numbers.and_then(|n| n.into_iter().reduce(f64::max)) else { return };
        // A number beside the word says it more precisely.
        let said = self.parts.iter().any(|p| matches!(p, Part::RecField(f) if *f == key));
        if said || self.rec_conditions.iter().any(|(_, c)| c.field == key) {
            return;
        }
        let critical = crate::dictionary::group_of("critical");
        let at = self.mentions.iter().enumerate().position(|(i, m)| {
            matches!(self.parts[i], Part::Unknown | Part::Word)
                && critical.iter().any(|w| {
                    m.words == *w
                        || m.words.strip_suffix('한') == Some(w)
                        || m.words.strip_suffix("적인") == Some(w)
                })
        });
        if let Some(i) = at {
            let words = self.words(i).to_owned();
            self.because(&words, "value", format!("{key} = {most}"));
            let value =
                if most.fract() == 0.0 { serde_json::json!(most as i64) } else { serde_json::json!(most) };
            push(&mut self.rec_conditions, i, Condition::new(key, Op::Eq, value));
            self.used[i] = true;
            self.parts[i] = Part::Word;
        }
    }

    /// A relation is denied of the item, not the item itself (`not connected to X`, `X에 연결되지 않은`).
    fn relation_behind(&self, i: usize) -> bool {
        let relation = |k: usize| matches!(self.parts.get(k), Some(Part::Rel { .. }));
        (i + 1..=i + 3).any(relation)
            || (1..=5).filter_map(|d| i.checked_sub(d)).any(relation)
            || self.has_any(&[W::Same, W::Down, W::Impact])
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
                Part::System { ref field, .. } if !self.negated(i) => {
                    self.mark_field_beside(i, &field.clone(), false)
                }
                // `ERP를 제외한`, `other than ERP`, `srv-01 빼고`
                Part::System { field, value, .. } if self.negated(i) => {
                    let (words, meaning) = (self.words(i).to_owned(), format!("{field} ≠ {value}"));
                    self.because(&words, "value", meaning);
                    push(&mut self.item_conditions, i, Condition::new(field.clone(), Op::Ne, value));
                    self.used[i] = true;
                    self.parts[i] = Part::Word;
                    self.mark_field_beside(i, &field, false);
                }
                Part::Items(codes) if self.negated(i) && !self.relation_behind(i) => {
                    let (words, meaning) = (self.words(i).to_owned(), format!("≠ {}", codes.join(", ")));
                    self.because(&words, "value", meaning);
                    for code in codes {
                        push(&mut self.item_conditions, i, Condition::new("code", Op::Ne, code));
                    }
                    self.used[i] = true;
                    self.parts[i] = Part::Word;
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
            if m.is(W::Each) && !m.spaced && !matches!(m.words.as_str(), "각각" | "각") {
                return true;
            }
            if m.is(W::Each)
                && m.words.starts_with(['별', '마', '기'])
                && self.mentions[k - 1].josa.is_empty()
            {
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
            // `128GB보다 크고`: the particle makes a comparison of any form of the adjective.
            let than = (from..j).any(|k| {
                self.mentions[k].josa.contains(&Josa::Than)
                    || matches!(self.words(k), "보다" | "보다는" | "보단")
            });
            let begins = |list: &[&str]| than && list.iter().any(|w| m.words.starts_with(w));
            let denied = !m.words.is_ascii()
                && (m.words.starts_with("아니") || m.words.starts_with("아닌"))
                && self.parts.get(from) == Some(&Part::Number);
            Some(match () {
                () if denied => Op::Ne,
                () if begins(&["크", "큰", "커", "많", "높", "길", "긴", "넘", "오래", "초과"]) => {
                    Op::Gt
                }
                () if begins(&["작", "적", "낮", "짧", "덜", "미만"]) => Op::Lt,
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
                || matches!(m.words.as_str(), "보다" | "보다는" | "보단" | "더")
                || matches!(m.sign, Some('%' | '/'))
                || j > to && self.mentions[j - 1].sign == Some('/')
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
                Some('=') if sign.is_none() => {
                    sign = Some('=');
                    continue;
                }
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
            let passing = m.any(&[W::Filler, W::Is, W::Value, W::Compare])
                || m.words == "a"
                || m.words.is_ascii()
                    && matches!(self.parts.get(j), Some(Part::Field(_) | Part::RecField(_)));
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
    let (one, many) = if condition.op == Op::Ne { (Op::Ne, Op::NotIn) } else { (Op::Eq, Op::In) };
    let same = list
        .iter_mut()
        .find(|(_, c)| c.field == condition.field && (c.op == one || c.op == many) && condition.op == one);
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
        *old = Condition::new(old.field.clone(), many, Value::Array(values));
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
