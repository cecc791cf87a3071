//! What can be wrong with a template, and where.

use serde::{Deserialize, Serialize};

use super::{Check, Resource, TEMPLATE_SCHEMA, Template};
use crate::text::Localized;

/// Longest name, text of a next check, and list of conditions.
const LONGEST: (usize, usize, usize) = (80, 300, 100);

/// What kind of fault a template has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TemplateFaultCode {
    /// Another format.
    Schema,
    /// Outside of what is allowed.
    Range,
    /// Named twice.
    Twice,
    /// Missing or empty.
    Missing,
    /// Too long.
    TooLong,
    /// No such thing.
    Unknown,
    /// Nothing could ever be found.
    Nothing,
}

/// Something wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateFault {
    /// Where: `checks[0].weight`.
    pub path: String,
    /// What kind.
    pub code: TemplateFaultCode,
    /// What is wrong and how to mend it.
    pub hint: Localized,
}

impl TemplateFault {
    /// A fault at a place.
    pub fn new(
        path: impl Into<String>,
        code: TemplateFaultCode,
        ko: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), code, hint: Localized::new(ko, en) }
    }
}

impl Template {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<TemplateFault> {
        let mut faults = Vec::new();
        self.head_faults(&mut faults);
        let mut range =
            |path: &str, value: f64, from: f64, to: f64| ranged(&mut faults, path, value, from, to);
        range("hops", f64::from(self.hops), 1.0, 6.0);
        range("baseline_min", f64::from(self.baseline_min), 10.0, 1_440.0);
        range("change_min", f64::from(self.change_min), 5.0, 1_440.0);
        range("least_score", self.least_score, 0.02, 1.0);
        range("most", f64::from(self.most), 1.0, 10.0);
        self.applies_faults(&mut faults);
        self.check_faults(&mut faults);
        self.next_faults(&mut faults);
        faults
    }

    fn head_faults(&self, faults: &mut Vec<TemplateFault>) {
        if self.schema != TEMPLATE_SCHEMA {
            faults.push(TemplateFault::new(
                "schema",
                TemplateFaultCode::Schema,
                format!("이 제품이 읽는 형식은 {TEMPLATE_SCHEMA}입니다"),
                format!("the format read here is {TEMPLATE_SCHEMA}"),
            ));
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let first = self.key.chars().next().is_some_and(|c| c != '-');
        if !first || self.key.len() > LONGEST.0 || !self.key.chars().all(fits) {
            faults.push(TemplateFault::new(
                "key",
                TemplateFaultCode::Range,
                "식별자는 영문 소문자, 숫자, -로 1자에서 80자까지 쓰세요",
                "use 1 to 80 small letters, digits and - as an identifier",
            ));
        }
        if self.name.ko.trim().is_empty() && self.name.en.trim().is_empty() {
            faults.push(TemplateFault::new(
                "name",
                TemplateFaultCode::Missing,
                "이름을 쓰세요",
                "give it a name",
            ));
        }
        if self.name.ko.chars().count().max(self.name.en.chars().count()) > LONGEST.0 {
            let long = LONGEST.0;
            faults.push(TemplateFault::new(
                "name",
                TemplateFaultCode::TooLong,
                format!("이름은 {long}자까지입니다"),
                format!("a name has at most {long} characters"),
            ));
        }
    }

    fn applies_faults(&self, faults: &mut Vec<TemplateFault>) {
        let applies = &self.applies;
        longer(faults, "applies.kinds", applies.kinds.len(), LONGEST.2);
        longer(faults, "applies.metrics", applies.metrics.len(), LONGEST.2);
        longer(faults, "applies.resources", applies.resources.len(), Resource::ALL.len());
        let Some(time) = &self.applies.time else { return };
        ranged(faults, "applies.time.from_hour", f64::from(time.from_hour), 0.0, 23.0);
        ranged(faults, "applies.time.to_hour", f64::from(time.to_hour), 1.0, 24.0);
        longer(faults, "applies.time.days", time.days.len(), 7);
        for (at, day) in time.days.iter().enumerate().take(7) {
            ranged(faults, &format!("applies.time.days[{at}]"), f64::from(*day), 1.0, 7.0);
        }
        if time.from_hour == time.to_hour {
            faults.push(TemplateFault::new(
                "applies.time.to_hour",
                TemplateFaultCode::Range,
                "끝 시는 시작 시와 달라야 합니다. 하루 전체는 0시부터 24시까지로 쓰세요",
                "the end must differ from the start; write 0 to 24 for the whole day",
            ));
        }
    }

    fn check_faults(&self, faults: &mut Vec<TemplateFault>) {
        let most = Check::ALL.len();
        longer(faults, "checks", self.checks.len(), most);
        for (at, rule) in self.checks.iter().enumerate().take(most) {
            ranged(faults, &format!("checks[{at}].weight"), rule.weight, 0.0, 3.0);
            if self.checks.iter().take(at).any(|known| known.check == rule.check) {
                let name = rule.check.label();
                faults.push(TemplateFault::new(
                    format!("checks[{at}].check"),
                    TemplateFaultCode::Twice,
                    format!("'{}' 검사가 두 번 나옵니다. 하나만 남기세요", name.ko),
                    format!("the check '{}' is named twice; keep one of them", name.en),
                ));
            }
            let measure = rule.check.measure();
            let bounds = [
                ("from", rule.from, measure.is_some()),
                ("full", rule.full, measure.as_ref().is_some_and(|m| m.full.is_some())),
            ];
            for (field, value, there) in bounds {
                let Some(value) = value else { continue };
                let path = format!("checks[{at}].{field}");
                match measure.as_ref().filter(|_| there) {
                    Some(m) => ranged(faults, &path, value, m.range.0, m.range.1),
                    None => faults.push(TemplateFault::new(
                        path,
                        TemplateFaultCode::Unknown,
                        "이 검사에는 이 값이 없습니다. 지우세요",
                        "this check has no such value; remove it",
                    )),
                }
            }
            let (from, full) = self.bounds(rule.check);
            if measure.is_some_and(|m| m.full.is_some()) && full - from < 1e-3 {
                faults.push(TemplateFault::new(
                    format!("checks[{at}].full"),
                    TemplateFaultCode::Range,
                    "'전부 인정' 값은 '인정 시작' 값보다 커야 합니다",
                    "the value at which it counts in full must be greater than that from which it counts",
                ));
            }
        }
        if Check::ALL.iter().filter(|check| check.finds()).all(|check| self.weight(*check) <= 0.0) {
            faults.push(TemplateFault::new(
                "checks",
                TemplateFaultCode::Nothing,
                "원인을 찾는 검사(자원 수준 변화, 호출 구간 지연, 자체 지연, 자체 오류, 요청 흐름 단절, 이벤트)가 모두 꺼져 있습니다. 하나 이상 켜세요",
                "every check that finds causes is off (shift, gap, slowdown, errors, flow, events); switch one on",
            ));
        }
    }

    fn next_faults(&self, faults: &mut Vec<TemplateFault>) {
        let most = Resource::ALL.len();
        longer(faults, "next", self.next.len(), most);
        for (at, next) in self.next.iter().enumerate().take(most) {
            let path = format!("next[{at}]");
            let (ko, en) = (next.text.ko.trim(), next.text.en.trim());
            if ko.is_empty() && en.is_empty() {
                faults.push(TemplateFault::new(
                    format!("{path}.text"),
                    TemplateFaultCode::Missing,
                    "다음 확인 문구를 쓰거나 항목을 지우세요",
                    "write what to check next, or remove the entry",
                ));
            }
            if ko.chars().count().max(en.chars().count()) > LONGEST.1 {
                let long = LONGEST.1;
                faults.push(TemplateFault::new(
                    format!("{path}.text"),
                    TemplateFaultCode::TooLong,
                    format!("{long}자까지입니다"),
                    format!("at most {long} characters"),
                ));
            }
            if self.next.iter().take(at).any(|known| known.resource == next.resource) {
                faults.push(TemplateFault::new(
                    format!("{path}.resource"),
                    TemplateFaultCode::Twice,
                    "이 자원의 문구가 두 번 나옵니다",
                    "this resource is named twice",
                ));
            }
        }
    }
}

/// A list has more entries than there can be things to name in it.
fn longer(faults: &mut Vec<TemplateFault>, path: &str, len: usize, most: usize) {
    if len > most {
        faults.push(TemplateFault::new(
            path,
            TemplateFaultCode::TooLong,
            format!("{most}개까지입니다. 지금 {len}개입니다"),
            format!("at most {most} of them; there are {len}"),
        ));
    }
}

fn ranged(faults: &mut Vec<TemplateFault>, path: &str, value: f64, from: f64, to: f64) {
    if !(from..=to).contains(&value) {
        faults.push(TemplateFault::new(
            path,
            TemplateFaultCode::Range,
            format!("{from}에서 {to} 사이의 값을 쓰세요. 지금 값: {value}"),
            format!("use a value from {from} to {to}; it is {value}"),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rca::{Applies, CheckRule, NextCheck, TimeRule};

    #[test]
    fn every_fault_says_where_it_is() {
        let template = Template {
            schema: "rca.template/v9".into(),
            key: "Has Space".into(),
            hops: 9,
            applies: Applies {
                time: Some(TimeRule { days: vec![8], from_hour: 3, to_hour: 3, ..TimeRule::default() }),
                ..Applies::default()
            },
            checks: vec![
                CheckRule { check: Check::Shift, weight: 7.0, from: Some(9.0), full: Some(4.0) },
                CheckRule { check: Check::Shift, weight: 1.0, from: None, full: None },
                CheckRule { check: Check::Order, weight: 1.0, from: Some(1.0), full: None },
            ],
            next: vec![NextCheck { resource: Resource::Cpu, text: Localized::default() }],
            ..Template::default()
        };
        let paths: Vec<String> = template.faults().into_iter().map(|fault| fault.path).collect();
        assert_eq!(
            paths,
            [
                "schema",
                "key",
                "hops",
                "applies.time.days[0]",
                "applies.time.to_hour",
                "checks[0].weight",
                "checks[0].full",
                "checks[1].check",
                "checks[1].full",
                "checks[2].from",
                "next[0].text"
            ]
        );
        let off = Check::ALL.map(|check| CheckRule { check, weight: 0.0, from: None, full: None }).to_vec();
        let faults = Template { checks: off, ..Template::default() }.faults();
        assert_eq!(faults[0].code, TemplateFaultCode::Nothing);
    }
}
