//! Two periods, values, systems or kinds compared; numbers per day or system; several reductions at once.

use model::{Condition, Op};
use serde_json::Value;

use super::{Domain, Reader};
use crate::{
    lexicon::W,
    logic::{Ask, How, ItemSet, RecordSet, Reduce, Side, Versus, Want},
    text::{hangul::Josa, squash},
};

impl Reader<'_> {
    /// The question compares two numbers.
    fn compares(&self) -> bool {
        self.has_any(&[W::Compare, W::Difference]) || self.how().is_some()
    }

    /// How it compares, when it says so.
    pub(super) fn how(&self) -> Option<How> {
        let said = |words: &[&str]| self.mentions.iter().any(|m| words.contains(&m.words.as_str()));
        let percent =
            ["증가율", "감소율", "증감률", "증감율", "변화율", "growth", "growth rate", "percentage change"];
        if said(&percent)
            || self.has(W::Difference)
                && (self.has_any(&[W::Percent, W::Share])
                    || self.mentions.iter().any(|m| m.sign == Some('%')))
        {
            return Some(How::Percent);
        }
        let times = self.mentions.iter().any(|m| {
            matches!(
                m.words.as_str(),
                "배" | "배야" | "배인가" | "배인지" | "배나" | "배임" | "배수" | "배였어" | "배지"
            ) || m.words.ends_with("몇 배")
                || m.words.ends_with("몇배")
        }) || self.text_has("how many times") && self.has(W::Compare)
            || self.text_has("ratio of") && self.text_has(" to ");
        if times { Some(How::Ratio) } else { self.polar() }
    }

    /// `12월이 11월보다 많았어?`, `were there more events in May than in April?`: yes or no.
    fn polar(&self) -> Option<How> {
        const MORE: [&[&str]; 2] = [
            &[
                "많", "더 많", "높", "더 높", "길", "크", "컸", "커", "늘", "증가", "올랐", "느렸", "느려",
                "오래",
            ],
            &[
                "more", "higher", "larger", "bigger", "longer", "greater", "slower", "busier", "increase",
                "grow", "rise",
            ],
        ];
        const LESS: [&[&str]; 2] = [
            &["적", "더 적", "낮", "더 낮", "짧", "작", "줄", "감소", "떨어", "빨랐", "빨라"],
            &[
                "less", "fewer", "lower", "smaller", "shorter", "faster", "quieter", "decrease", "drop",
                "fall",
            ],
        ];
        if self.has_any(&[W::Which, W::Who, W::Where, W::Count, W::Value, W::Either, W::Share])
            || self.mentions.iter().any(|m| matches!(m.words.as_str(), "얼마나" | "몇" | "much" | "many"))
        {
            return None;
        }
        let ko = self.lang == model::Lang::Ko;
        let begins = |w: &str, lists: [&[&str]; 2]| lists[usize::from(!ko)].iter().any(|b| w.starts_with(b));
        if ko {
            let than = self.mentions.iter().enumerate().any(|(i, m)| {
                m.josa.contains(&Josa::Than)
                    || self
                        .mentions
                        .get(i + 1)
                        .is_some_and(|n| n.words.starts_with("대비") || n.words.starts_with("비해"))
            });
            let asked = self.mentions.last().is_some_and(|m| m.sign == Some('?'));
            let last = self.mentions.iter().rev().find(|m| m.sign.is_none())?;
            let ending = last.words.chars().last().is_some_and(|c| "지나냐니어아까요가음해".contains(c))
                || !last.josa.is_empty();
            if !than || !(asked || ending) {
                return None;
            }
            return match (begins(&last.words, MORE), begins(&last.words, LESS)) {
                (true, _) => Some(How::More),
                (_, true) => Some(How::Less),
                _ => None,
            };
        }
        let head = self.mentions.first().map_or("", |m| m.words.as_str());
        let asks = ["is", "are", "was", "were", "did", "do", "does", "has", "have", "is there", "are there"];
        let than = self.mentions.iter().any(|m| m.words == "than" || m.words.ends_with(" than"));
        if !asks.contains(&head) && !head.starts_with("was ") || !than {
            return None;
        }
        let said = |lists| self.mentions.iter().any(|m| begins(&m.words, lists));
        match (said(MORE), said(LESS)) {
            (true, false) => Some(How::More),
            (false, true) => Some(How::Less),
            _ => None,
        }
    }

    fn text_has(&self, words: &str) -> bool {
        let text = self.mentions.iter().map(|m| m.words.as_str()).collect::<Vec<_>>().join(" ");
        format!(" {text} ").contains(words)
    }

    /// Two periods side by side.
    pub(super) fn two_periods(&self, set: &RecordSet, number: Option<&str>, by: &[String]) -> Option<Ask> {
        let [a, b] = self.times.windows.as_slice() else { return None };
        if a.from == b.from && a.to == b.to || by.len() > 1 {
            return None;
        }
        let reduce = self.record_reduction(number).unwrap_or(Reduce::Count);
        let place = |k: usize| self.mentions.iter().position(|m| m.time == Some(k));
        let based = |k: usize| place(k).is_some_and(|i| self.is_base(i));
        let a_first = match (based(0), based(1)) {
            (true, false) => true,
            (false, true) => false,
            _ => a.from <= b.from,
        };
        let (base, other) = if a_first { (a, b) } else { (b, a) };
        let side = |w: &crate::time::Window| Side {
            words: w.words.clone(),
            filter: Vec::new(),
            window: Some(w.clone()),
        };
        let set = RecordSet { window: None, ..set.clone() };
        Some(Ask::Records(set, Want::Versus(Box::new(self.compared(side(base), side(other), reduce, by)))))
    }

    fn compared(&self, base: Side, other: Side, measure: Reduce, by: &[String]) -> Versus {
        let most = self.has_any(&[W::Most, W::Max, W::Top]);
        let least = self.has_any(&[W::Fewest, W::Min]);
        let falls = self.mentions.iter().any(|m| {
            ["줄", "감소", "떨어", "decreas", "drop", "fell"].iter().any(|w| m.words.starts_with(w))
        });
        let top = (!by.is_empty() && (most || least)).then(|| (self.n(), most && !falls));
        let how = self.how().unwrap_or(How::Difference);
        Versus { base, other, measure, how, by: by.first().cloned(), top }
    }

    /// `지난달 대비`, `than in May`, `작년의 두 배`: what the other is compared with.
    pub(super) fn is_base(&self, i: usize) -> bool {
        let m = &self.mentions[i];
        let after = self.mentions.get(i + 1);
        let before = |d: usize| i.checked_sub(d).map(|k| self.mentions[k].words.as_str()).unwrap_or_default();
        m.josa.contains(&Josa::Than)
            || after.is_some_and(|n| {
                n.words.starts_with("대비") || n.words.starts_with("비해") || n.words == "비교해"
            })
            || m.josa.contains(&Josa::Of)
                && (after.is_some_and(|n| n.words.contains('배'))
                    || self.mentions.get(i + 2).is_some_and(|n| n.words.starts_with('배')))
            || (1..=4).any(|d| {
                matches!(before(d), "than" | "compared to" | "compared with" | "versus" | "vs" | "from")
            })
            || matches!(before(1), "to")
    }

    /// Two values, items, systems or kinds of the records side by side.
    pub(super) fn two_parts(&self, set: &RecordSet, number: Option<&str>, by: &[String]) -> Option<Ask> {
        if !self.compares() || self.has(W::Either) || by.len() > 1 || self.times.windows.len() > 1 {
            return None;
        }
        let reduce = self.record_reduction(number).unwrap_or(Reduce::Count);
        if let Some([a, b]) = self.two_groups_of_days()
            && set.filter.iter().any(|c| c.field == "weekday")
        {
            let mut rest = set.clone();
            rest.filter.retain(|c| c.field != "weekday");
            let side = |(at, days): &(usize, Vec<String>)| Side {
                words: self.words(*at).to_owned(),
                filter: vec![super::sets::one_of("weekday", days)],
                window: None,
            };
            let (base, other) = if self.is_base(b.0) && !self.is_base(a.0) { (&b, &a) } else { (&a, &b) };
            let versus = self.compared(side(base), side(other), reduce, &[]);
            return Some(Ask::Records(rest, Want::Versus(Box::new(versus))));
        }
        let own = set.filter.iter().position(two_values);
        if let Some(k) = own {
            let mut rest = set.clone();
            let c = rest.filter.remove(k);
            let versus = self.sides(&c, reduce, by)?;
            return Some(Ask::Records(rest, Want::Versus(Box::new(versus))));
        }
        let of = set.of.as_ref()?;
        if let Some([a, b]) = of.named() {
            let c = Condition::new("ci", Op::In, serde_json::json!([a, b]));
            let versus = self.sides(&c, reduce, by)?;
            let rest = RecordSet { of: None, ..set.clone() };
            return Some(Ask::Records(rest, Want::Versus(Box::new(versus))));
        }
        let k = of.filter.iter().position(two_values)?;
        if !of.is_plain() {
            return None;
        }
        let mut rest = of.clone();
        let c = rest.filter.remove(k);
        let c = Condition { field: format!("ci.{}", c.field), ..c };
        let versus = self.sides(&c, reduce, by)?;
        let rest = RecordSet { of: Some(rest).filter(|s| !s.is_all()), ..set.clone() };
        Some(Ask::Records(rest, Want::Versus(Box::new(versus))))
    }

    /// Two parts of the items side by side.
    pub(super) fn two_kinds(&self, set: &ItemSet, number: Option<&str>, by: &[String]) -> Option<Ask> {
        if !self.compares() || self.has(W::Either) || by.len() > 1 || !set.is_plain() {
            return None;
        }
        let mut rest = set.clone();
        let k = rest.filter.iter().position(|c| two_values(c) && c.field != "code")?;
        let c = rest.filter.remove(k);
        let reduce = self.reduction(number).unwrap_or(Reduce::Count);
        let versus = self.sides(&c, reduce, by)?;
        Some(Ask::Items(rest, Want::Versus(Box::new(versus))))
    }

    fn sides(&self, c: &Condition, measure: Reduce, by: &[String]) -> Option<Versus> {
        let [a, b] = c.value.as_array()?.as_slice() else { return None };
        let side = |v: &Value| Side {
            words: self.named_as(&c.field, v),
            filter: vec![Condition::new(c.field.clone(), Op::Eq, v.clone())],
            window: None,
        };
        let place = |v: &Value| {
            let text = crate::vocabulary::text_of(v);
            self.mentions.iter().position(|m| {
                squash(&m.words) == squash(&text)
                    || m.number.as_ref().is_some_and(|(n, _)| v.as_f64() == Some(*n))
                    || m.senses.iter().any(|(s, _)| match s {
                        crate::dictionary::Sense::RecValue(_, _, x)
                        | crate::dictionary::Sense::Value(_, x) => *x == text,
                        crate::dictionary::Sense::Kind(k) => k.contains(&text),
                        crate::dictionary::Sense::Item(i) => {
                            self.index.item(*i).is_some_and(|x| x.code == text)
                        }
                        _ => false,
                    })
            })
        };
        let based = |v: &Value| place(v).is_some_and(|i| self.is_base(i));
        // The one named first is compared with the second, unless the words say otherwise.
        let (base, other) = match (based(a), based(b)) {
            (true, false) => (a, b),
            _ => (b, a),
        };
        Some(self.compared(side(base), side(other), measure, by))
    }

    fn named_as(&self, field: &str, v: &Value) -> String {
        let text = crate::vocabulary::text_of(v);
        let label = |label: &model::Localized| {
            let l = label.get(self.lang);
            if l.is_empty() { text.clone() } else { l.to_owned() }
        };
        if field.ends_with("kind") {
            return self
                .index
                .catalogue()
                .kinds
                .iter()
                .find(|k| k.key == text)
                .map_or(text.clone(), |k| label(&k.label));
        }
        if v.is_number() {
            let key = field.strip_prefix("ci.").unwrap_or(field);
            let of_record = match self.domain {
                Domain::Record(k) => self.index.rec_field(k, key),
                _ => None,
            };
            if let Some(f) = of_record.or_else(|| self.index.field(key)) {
                return format!("{} {text}", label(&f.label));
            }
        }
        text
    }

    /// A mean number per day, week or system.
    pub(super) fn per_each(&self, by: &[String], number: Option<&str>) -> Option<(String, String)> {
        let [one] = by else { return None };
        if number.is_some() || !self.has(W::Avg) || self.has_any(&[W::Most, W::Fewest]) || one == "source" {
            return None;
        }
        let time = matches!(one.as_str(), "day" | "hour" | "week" | "month");
        let per = self.mentions.iter().any(|m| {
            m.words.ends_with('당') || matches!(m.words.as_str(), "per" | "each" | "하나당" | "한 대당")
        });
        (time || per).then(|| (one.clone(), "avg".to_owned()))
    }

    /// Reductions named side by side: `min, max and average`.
    pub(super) fn reductions(&self) -> Vec<&'static str> {
        let mut out: Vec<&'static str> = Vec::new();
        for (i, m) in self.mentions.iter().enumerate() {
            if !matches!(
                self.parts.get(i),
                Some(
                    super::Part::Word
                        | super::Part::Concept(_)
                        | super::Part::RecField(_)
                        | super::Part::Field(_)
                )
            ) {
                continue;
            }
            for (w, name) in
                [(W::Avg, "avg"), (W::Max, "max"), (W::Min, "min"), (W::Sum, "sum"), (W::Median, "p50")]
            {
                if m.is(w) && !out.contains(&name) {
                    out.push(name);
                }
            }
        }
        // Which item has the most of a mean: the words belong together.
        let which = self.has_any(&[W::Which, W::Who, W::Where, W::Most, W::Fewest]) || self.amount.is_some();
        let joined = self.mentions.iter().enumerate().any(|(i, m)| {
            let joint = m.sign == Some(',')
                || m.any(&[W::And])
                || m.sign == Some('/')
                || m.josa.contains(&Josa::With);
            let near = |k: Option<usize>| {
                k.and_then(|k| self.mentions.get(k))
                    .is_some_and(|m| m.any(&[W::Avg, W::Max, W::Min, W::Sum, W::Median]))
            };
            // `최소 최대`: side by side.
            const NOUNS: [&str; 14] = [
                "최소",
                "최대",
                "최댓값",
                "최솟값",
                "최대값",
                "최소값",
                "평균",
                "합계",
                "min",
                "max",
                "avg",
                "minimum",
                "maximum",
                "average",
            ];
            let noun = |k: usize| self.mentions.get(k).is_some_and(|m| NOUNS.contains(&m.words.as_str()));
            let beside = noun(i) && noun(i + 1);
            beside
                || joint
                    && (near(i.checked_sub(1)) || near(Some(i)))
                    && (near(Some(i + 1)) || near(Some(i + 2)))
        });
        // `제일 큰 서버랑 제일 작은 서버`: which ones, not how much.
        let ranks = self.mentions.iter().enumerate().any(|(i, m)| {
            m.any(&[W::Max, W::Min]) && matches!(self.parts.get(i + 1), Some(super::Part::Kinds(_)))
        });
        let which = which || ranks;
        let listed = out.len() >= 3;
        if out.len() < 2 || which || !(joined || listed) {
            return Vec::new();
        }
        out
    }

    /// `건수와 평균 소요시간`: how many, and a mean.
    pub(super) fn count_beside(&self) -> bool {
        self.mentions.iter().enumerate().any(|(i, m)| {
            m.is(W::Count)
                && (m.josa.contains(&Josa::With)
                    || self.mentions.get(i + 1).is_some_and(|n| n.any(&[W::And]) || n.sign == Some(',')))
                || m.is(W::Count)
                    && i > 0
                    && (self.mentions[i - 1].any(&[W::And])
                        || self.mentions[i - 1].josa.contains(&Josa::With))
        })
    }
}

fn two_values(c: &Condition) -> bool {
    c.op == Op::In && c.value.as_array().is_some_and(|l| l.len() == 2)
}
