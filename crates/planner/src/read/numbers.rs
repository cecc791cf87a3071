//! Numbers of a question: places in an order, amounts, and values of fields with comparisons and units.

use model::{Condition, Op};
use serde_json::json;

pub use super::units::is_unit;
use super::{
    Domain, Part, Reader,
    conditions::{push, sign_of},
    units::typed,
};
use crate::{lexicon::W, text::hangul::Josa};

impl Reader<'_> {
    /// An ordinal at a mention: which, and how many mentions it takes (`두 번째`, `2위`, `the second one`).
    pub(super) fn ordinal_at(&self, i: usize) -> Option<(u32, usize)> {
        const EN: [&str; 10] =
            ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
        const KO: [&[&str]; 5] = [
            &["첫번째", "첫째"],
            &["두번째", "둘째"],
            &["세번째", "셋째"],
            &["네번째", "넷째"],
            &["다섯번째", "다섯째"],
        ];
        let m = self.mentions.get(i)?;
        let place = |k: usize| u32::try_from(k + 1).unwrap_or(1);
        if let Some((value, unit)) = &m.number {
            let next = self.mentions.get(i + 1).map_or("", |n| n.words.as_str());
            let whole = value.fract() == 0.0 && *value >= 1.0 && *value <= 100.0;
            let ending =
                matches!(unit.as_str(), "st" | "nd" | "rd" | "th") && !next.starts_with("percentile");
            let tail = ["위", "등", "번째", "순위"].iter().any(|w| next.starts_with(w))
                && !self.mentions[i + 1].spaced
                && !next.starts_with("위에")
                && !next.starts_with("위로");
            return (whole && (ending || tail)).then_some((*value as u32, if tail { 2 } else { 1 }));
        }
        if let Some(k) = EN.iter().position(|w| *w == m.words) {
            return Some((place(k), 1));
        }
        let joined = |len: usize| (i..i + len).map(|k| self.words(k).replace(' ', "")).collect::<String>();
        for len in 1..=3 {
            let text = joined(len);
            if let Some(k) =
                KO.iter().position(|words| words.iter().any(|w| text == *w || text == format!("{w}로")))
            {
                return Some((place(k), len));
            }
        }
        None
    }

    /// `두 번째로 큰`, `second largest`: the ranking has to go that far, and only that one is meant.
    fn take_ordinal(&mut self) {
        let best = [W::Most, W::Fewest, W::Max, W::Min, W::Longest, W::Shortest, W::Latest, W::Earliest];
        for i in 0..self.mentions.len() {
            let Some((n, len)) = self.ordinal_at(i) else { continue };
            let behind = |k: usize| self.mentions.get(k).is_some_and(|m| m.any(&best) && m.sign.is_none());
            let near = (i + len..i + len + 4).any(behind);
            if n > 1 && near && !self.used[i] {
                for k in i..i + len {
                    self.used[k] = true;
                    self.parts[k] = Part::Word;
                    self.mentions[k].number = None;
                    self.mentions[k].senses.retain(|(s, _)| !matches!(s, crate::dictionary::Sense::Word(_)));
                }
                self.amount = Some(n);
                self.place_only = true;
                let words = self.words(i).to_owned();
                self.because(&words, "operation", format!("place {n}"));
                return;
            }
        }
    }

    pub(super) fn take_numbers(&mut self) {
        self.take_ordinal();
        // `rank approvers by …`, `많은 순으로`: all of them in order.
        let ranks = self.mentions.iter().any(|m| {
            m.is(W::Top) && !matches!(m.words.as_str(), "top" | "탑" | "톱" | "상위" | "순위")
                || m.words == "순위대로"
        });
        if ranks && self.amount.is_none() && !self.parts.contains(&Part::Number) {
            self.amount = Some(50);
        }
        let mut last_field: Option<(usize, bool, String)> = None;
        for i in 0..self.parts.len() {
            if self.parts[i] != Part::Number || self.used[i] {
                continue;
            }
            let Some((value, unit)) = self.mentions[i].number.clone() else { continue };
            // `그중 1위`: a place in what was said before.
            if self.ordinal_at(i).is_some() && !self.has_any(&[W::Top, W::Bottom]) && self.focus.any {
                continue;
            }
            let op = self.comparison(i, i + 1).or_else(|| self.range_op(i));
            let unit = if unit.is_empty() { self.unit_after(i) } else { unit };
            let unit = if unit.is_empty() && op == Some(Op::Ge) { self.unit_of_range(i) } else { unit };
            if self.domain == Domain::Metric && op.is_some() {
                let op = op.unwrap_or(Op::Eq);
                let words = self.words(i).to_owned();
                self.because(&words, "value", format!("{} {value}", sign_of(op)));
                self.value_conditions
                    .push((i, Condition::new("value", op, json!(self.metric_scale(value, &unit)))));
                self.used[i] = true;
                continue;
            }
            let exact = op.is_none() && self.exactly_counted(i);
            if let Some(op) = if exact { Some(Op::Eq) } else { op }
                && (exact || self.counts_members(i))
            {
                let words = self.words(i).to_owned();
                self.because(&words, "value", format!("count {} {value}", sign_of(op)));
                self.how_many = Some(Condition::new("count", op, typed(None, value, "", "")));
                self.used[i] = true;
                continue;
            }
            // `version 17.8 or 13.9`: one more value of the same field.
            let listed = last_field.clone().filter(|(at, _, field)| {
                op.is_none()
                    && i - at <= 3
                    && (at + 1..i).all(|k| {
                        matches!(self.mentions[k].sign, Some(',' | '/'))
                            || self.mentions[k].any(&[W::And, W::Or])
                            || is_unit(self.words(k))
                    })
                    && (i > at + 1 || self.mentions[*at].josa.contains(&Josa::With))
                    && !self.says_another(i, &unit, field)
            });
            if let Some((_, rec, field)) = listed {
                let def = match (rec, self.domain) {
                    (true, Domain::Record(k)) => self.index.rec_field(k, &field),
                    _ => self.index.field(&field),
                };
                let value = typed(def, value, &unit, self.words(i));
                let target = if rec { &mut self.rec_conditions } else { &mut self.item_conditions };
                push(target, i, Condition::new(field.clone(), Op::Eq, value));
                self.used[i] = true;
                last_field = Some((i, rec, field));
                continue;
            }
            // `2명`: counted, no value of a text.
            let counted = self.mentions.get(i + 1).is_some_and(|n| {
                !n.spaced && matches!(n.words.as_str(), "명" | "개" | "대" | "건" | "곳" | "가지" | "군데")
            });
            let worded = |rec: bool, f: &String| {
                let def = match (rec, self.domain) {
                    (true, Domain::Record(k)) => self.index.rec_field(k, f),
                    _ => self.index.field(f),
                };
                def.is_some_and(|d| d.r#type == model::schema::FieldType::Text)
            };
            let found =
                self.field_of_number(i, &unit, op.is_some()).filter(|(rec, f)| !(counted && worded(*rec, f)));
            let field = found.or_else(|| {
                last_field.clone().filter(|(at, ..)| op.is_some() && i - at <= 6).map(|(_, rec, f)| (rec, f))
            });
            if let Some((rec, field)) = field
                && (op.is_some() || !self.is_amount(i) || self.tight(i))
            {
                let def = match (rec, self.domain) {
                    (true, Domain::Record(k)) => self.index.rec_field(k, &field),
                    _ => self.index.field(&field),
                };
                let op = op.unwrap_or(Op::Eq);
                let words = self.words(i).to_owned();
                let condition =
                    match (super::units::ordered_texts(def, op, value), typed(def, value, &unit, &words)) {
                        (Some(list), _) => Condition::new(field.clone(), Op::In, json!(list)),
                        (None, value) => Condition::new(field.clone(), op, value),
                    };
                let shown = crate::vocabulary::text_of(&condition.value);
                self.because(&words, "value", format!("{field} {} {shown}", sign_of(condition.op)));
                let target = if rec { &mut self.rec_conditions } else { &mut self.item_conditions };
                push(target, i, condition);
                self.used[i] = true;
                self.mark_field_of_number(i, rec, &field);
                last_field = Some((i, rec, field));
                continue;
            }
            // `Linux 9.1`, `OS가 8.4인`: a text that only one field of the kinds named has.
            if op.is_none()
                && unit.is_empty()
                && self.domain != Domain::Metric
                && let Some(field) = self.field_with_value(self.words(i))
            {
                let words = self.words(i).to_owned();
                self.because(&words, "value", format!("{field} = {words}"));
                push(&mut self.item_conditions, i, Condition::new(field.clone(), Op::Eq, words));
                self.used[i] = true;
                last_field = Some((i, false, field));
                continue;
            }
            if self.is_amount(i) && (1.0..=1000.0).contains(&value) && self.amount.is_none() {
                self.amount = Some(value as u32);
                self.used[i] = true;
            }
        }
    }

    /// The name of the field a number belongs to is no field asked for.
    fn mark_field_of_number(&mut self, i: usize, rec: bool, field: &str) {
        let names = |p: &Part| match p {
            Part::Field(list) => !rec && list.iter().any(|f| f == field),
            Part::RecField(f) => rec && f == field,
            _ => false,
        };
        let order = (1..=6).flat_map(|d| {
            [i.checked_sub(d), (d <= 3).then_some(i + d)].into_iter().flatten().map(move |j| (d, j))
        });
        let mut first: Option<usize> = None;
        for (d, j) in order {
            // `CPU 16코어`: two words of one name around the number.
            if first.is_some_and(|f| d > f.max(2)) {
                return;
            }
            if self.parts.get(j).is_some_and(names) && !self.used[j] && !self.is_each(j) {
                self.used[j] = true;
                first = first.or(Some(d));
            }
        }
    }

    /// `10건 이상`, `more than 3 events`: a number of records or items, no value of a field.
    fn counts_members(&self, i: usize) -> bool {
        let next = self.mentions.get(i + 1);
        let counter = next.is_some_and(|n| {
            !n.spaced && matches!(n.words.as_str(), "건" | "회" | "번" | "차례" | "개" | "대")
        });
        let noun = |j: usize| matches!(self.parts.get(j), Some(Part::Rec | Part::Kinds(_)));
        let bare = self.mentions[i].number.as_ref().is_some_and(|(_, unit)| unit.is_empty());
        // `severity >= 4 events`: the sign stands between.
        let named = (1..=3)
            .filter_map(|d| i.checked_sub(d))
            .find(|&k| self.mentions[k].sign.is_none() && !self.mentions[k].any(&[W::Is, W::Filler]));
        let before_field = named.is_some_and(|k| matches!(self.parts[k], Part::Field(_) | Part::RecField(_)));
        // `ten or more records`, `more than 100 severity 5 events`: what is counted stands behind what narrows it.
        let narrows = |k: usize| {
            self.mentions[k].any(&[W::Ge, W::Le])
                || matches!(
                    self.parts[k],
                    Part::RecField(_)
                        | Part::RecValue(..)
                        | Part::Number
                        | Part::Value(..)
                        | Part::System { .. }
                ) && !self.unit_follows(i)
        };
        let head = (i + 1..(i + 6).min(self.parts.len())).find(|&k| !narrows(k));
        let english = self.mentions[i].words.is_ascii()
            && self.lang == model::Lang::En
            && bare
            && self.comparison(i, i + 1).is_some()
            && head
                .is_some_and(|k| noun(k) && (k == i + 1 || !matches!(self.parts[k - 1], Part::RecField(_))));
        let records = matches!(self.domain, Domain::Record(_));
        if english {
            return !before_field;
        }
        if !counter || before_field {
            return false;
        }
        let word = next.map_or("", |n| n.words.as_str());
        // `두 개 이상의 앱이 쓰는 저장소`, `앱이 10개 넘는 담당팀`: the kind stands beside, and a field is asked for.
        let text = |p: &Part| matches!(p, Part::Field(list) if list.iter().all(|f| !self.is_number(f)));
        let asked = matches!(word, "개" | "대" | "곳") && !records && self.parts.iter().any(text);
        if asked && ((i + 2..=i + 4).any(noun) || i > 0 && noun(i - 1)) {
            return true;
        }
        match word {
            "건" | "회" | "번" | "차례" => records,
            _ => {
                !records
                    && i > 0
                    && noun(i - 1)
                    && self.parts.iter().filter(|p| matches!(p, Part::Kinds(_))).count() > 1
            }
        }
    }

    /// `3~5`, `3에서 5 사이`, `between 3 and 5`: the first number is the least, the second the most.
    fn range_op(&self, i: usize) -> Option<Op> {
        let number = |j: usize| self.parts.get(j).is_some_and(|p| *p == Part::Number);
        // The unit may stand apart from its number.
        let end = |j: usize| if self.unit_follows(j) { j + 1 } else { j };
        let josa = |j: usize| {
            (j..=end(j)).any(|k| {
                self.mentions
                    .get(k)
                    .is_some_and(|m| m.josa.iter().any(|j| matches!(j, Josa::At | Josa::Inside | Josa::From)))
            })
        };
        let between = |j: usize| (1..=3).filter_map(|d| j.checked_sub(d)).any(|k| self.words(k) == "between");
        let link = |j: usize| {
            self.mentions.get(j).is_some_and(|m| {
                matches!(m.sign, Some('~' | '-' | '–')) || m.words == "and" || m.words == "to"
            })
        };
        let linked = |a: usize, at: usize| link(at) && (between(a) || self.words(at) != "and");
        let next = end(i) + 1;
        if number(next) && josa(i) || number(next + 1) && linked(i, next) {
            return Some(Op::Ge);
        }
        let before = (1..=4).filter_map(|d| i.checked_sub(d)).find(|&k| number(k))?;
        let gap = end(before) + 1;
        if gap == i && josa(before) || gap + 1 == i && linked(before, gap) {
            return Some(Op::Le);
        }
        None
    }

    fn unit_follows(&self, i: usize) -> bool {
        self.mentions[i].number.as_ref().is_some_and(|(_, unit)| unit.is_empty())
            && self.mentions.get(i + 1).is_some_and(|m| is_unit(&m.words) || m.sign == Some('%'))
    }

    /// The unit of the other end of a range.
    fn unit_of_range(&self, i: usize) -> String {
        (i + 1..=i + 3)
            .find(|&k| self.parts.get(k) == Some(&Part::Number))
            .map(|k| {
                let own = self.mentions[k].number.as_ref().map(|(_, u)| u.clone()).unwrap_or_default();
                if own.is_empty() { self.unit_after(k) } else { own }
            })
            .unwrap_or_default()
    }

    fn unit_after(&self, i: usize) -> String {
        // `64+ gb`
        let plus = self.mentions.get(i + 1).is_some_and(|m| m.sign == Some('+'));
        self.mentions
            .get(if plus { i + 2 } else { i + 1 })
            .filter(|m| is_unit(&m.words) || m.sign == Some('%'))
            .map_or(String::new(), |m| m.words.clone())
    }

    /// Written directly beside the name of its field: `심각도 4`, `criticality 5`.
    fn tight(&self, i: usize) -> bool {
        let field = |j: Option<usize>| {
            j.and_then(|j| self.parts.get(j)).is_some_and(|p| matches!(p, Part::Field(_) | Part::RecField(_)))
        };
        field(i.checked_sub(1))
            || (i >= 2 && field(Some(i - 2)) && self.mentions[i - 1].any(&[W::Is, W::Value, W::Filler]))
            || (field(Some(i + 1)) && !self.mentions[i + 1].spaced)
    }

    fn is_amount(&self, i: usize) -> bool {
        let near = |j: Option<usize>, words: &[W]| {
            j.and_then(|j| self.mentions.get(j)).is_some_and(|m| m.any(words))
        };
        let m = &self.mentions[i];
        if m.number.as_ref().is_some_and(|(v, unit)| v.fract() != 0.0 || !unit.is_empty()) {
            return false;
        }
        if near(
            i.checked_sub(1),
            &[
                W::Top,
                W::Bottom,
                W::Latest,
                W::Earliest,
                W::Most,
                W::Max,
                W::Min,
                W::Fewest,
                W::Longest,
                W::Shortest,
            ],
        ) {
            return true;
        }
        let next = self.mentions.get(i + 1);
        if next.is_some_and(|n| {
            !n.spaced
                && matches!(
                    n.words.as_str(),
                    "개" | "대"
                        | "건"
                        | "곳"
                        | "위"
                        | "명"
                        | "가지"
                        | "개만"
                        | "대만"
                        | "건만"
                        | "군데"
                        | "종"
                )
        }) {
            return true;
        }
        if next.is_some_and(|n| {
            n.any(&[W::Most, W::Max, W::Min, W::Latest, W::Earliest, W::Longest, W::Fewest, W::Shortest])
        }) {
            return true;
        }
        let ranking = self.has_any(&[
            W::Top,
            W::Bottom,
            W::Most,
            W::Fewest,
            W::Max,
            W::Min,
            W::Latest,
            W::Longest,
            W::Shortest,
            W::Earliest,
        ]);
        ranking
            && self.parts.get(i + 1).is_some_and(|p| matches!(p, Part::Kinds(_) | Part::Rec | Part::Word))
            && m.josa.is_empty()
    }
}
