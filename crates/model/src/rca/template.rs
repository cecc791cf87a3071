//! Templates of root-cause analysis: when they are used, whom they look at, how checks count, what they tell.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Check, Resource};
use crate::text::Localized;

/// The format of a template, written into each.
pub const TEMPLATE_SCHEMA: &str = "rca.template/v1";
/// Key of the template that comes with the product.
pub const BUILT_IN: &str = "default";
/// Longest name, text of a next check, and list of conditions.
const LONGEST: (usize, usize, usize) = (80, 300, 100);

/// How much a check counts, and between which measures it rises from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckRule {
    /// Which.
    pub check: Check,
    /// 0 switches it off, 1 is usual, at most 3.
    #[serde(default = "one")]
    pub weight: f64,
    /// Where it begins to count, in the measure of the check; the usual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Where it counts in full; the usual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<f64>,
}

fn one() -> f64 {
    1.0
}

/// What a check measures, and from where to where it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What is measured.
    pub what: Localized,
    /// Where it usually begins to count.
    pub from: f64,
    /// Where it usually counts in full; none where it counts at once.
    pub full: Option<f64>,
    /// Least and greatest value that makes sense.
    pub range: (f64, f64),
}

impl Check {
    /// What it measures; none for a check that has no bounds of its own.
    pub fn measure(self) -> Option<Measure> {
        let new = |ko, en, from, full, range| Measure { what: Localized::new(ko, en), from, full, range };
        match self {
            Self::Shift => Some(new("표준편차(강건)", "robust standard deviations", 3.0, Some(9.0), (1.0, 50.0))),
            Self::Gap => Some(new("표준편차(강건)", "robust standard deviations", 2.0, Some(7.0), (0.5, 50.0))),
            Self::Flow => Some(new("줄어든 요청 비율", "share of requests lost", 0.25, Some(0.85), (0.05, 1.0))),
            Self::Capacity => Some(new("사용률 %", "use in %", 90.0, None, (50.0, 100.0))),
            Self::Events => Some(new("심각도 0–1", "severity 0–1", 0.6, None, (0.0, 1.0))),
            Self::Slowdown | Self::Errors | Self::Order | Self::Reach | Self::Change | Self::Explained => None,
        }
    }

    /// Whether it makes a cause of an item at all; the others only support one or speak against it.
    pub fn finds(self) -> bool {
        matches!(self, Self::Shift | Self::Gap | Self::Slowdown | Self::Errors | Self::Flow | Self::Events)
    }
}

/// Hours of some days in a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TimeRule {
    /// Days of the week, Monday is 1; every day when empty.
    pub days: Vec<u32>,
    /// First hour, 0 to 23.
    pub from_hour: u32,
    /// Hour it ends before, 1 to 24; less than the first means over midnight.
    pub to_hour: u32,
    /// Time zone, an IANA name.
    pub tz: String,
}

impl Default for TimeRule {
    fn default() -> Self {
        Self { days: Vec::new(), from_hour: 0, to_hour: 24, tz: "UTC".into() }
    }
}

impl TimeRule {
    /// Whether an hour (0 to 23) of a day of the week (Monday is 1) is in it.
    pub fn holds(&self, day: u32, hour: u32) -> bool {
        let before = |day: u32| if day <= 1 { 7 } else { day - 1 };
        let on = |day: u32| self.days.is_empty() || self.days.contains(&day);
        if self.from_hour < self.to_hour {
            return on(day) && (self.from_hour..self.to_hour).contains(&hour);
        }
        // over midnight the hours after it belong to the day before
        (hour >= self.from_hour && on(day)) || (hour < self.to_hour && on(before(day)))
    }
}

/// Where a template is used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Applies {
    /// Only when one of the items asked about is of these kinds; empty means any.
    pub kinds: Vec<String>,
    /// Only when one of these metrics is measured on what is looked at; empty means any.
    pub metrics: Vec<String>,
    /// Only when the window begins in these hours; none means any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeRule>,
    /// Only hypotheses about these resources; empty means any.
    pub resources: Vec<Resource>,
}

impl Applies {
    /// How many conditions it has: of several templates that apply, the one with the most is used.
    pub fn conditions(&self) -> usize {
        usize::from(!self.kinds.is_empty())
            + usize::from(!self.metrics.is_empty())
            + usize::from(self.time.is_some())
    }
}

/// Where candidates are looked for, seen from the items asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Candidates {
    /// What they depend on and what depends on them.
    #[default]
    Both,
    /// Only what they depend on.
    Below,
    /// Only what depends on them.
    Above,
}

/// What to look at next when a resource is suspected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NextCheck {
    /// The resource.
    pub resource: Resource,
    /// What to look at, in one line.
    pub text: Localized,
}

/// How root causes are searched: conditions, candidates, checks and their weights, what is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Template {
    /// The format: `rca.template/v1`.
    pub schema: String,
    /// Identifier: small letters, digits and `-`.
    pub key: String,
    /// Name.
    pub name: Localized,
    /// Where it is used.
    pub applies: Applies,
    /// Where candidates are looked for.
    pub candidates: Candidates,
    /// Relations a candidate may be away from the items asked about, 1 to 6.
    pub hops: u32,
    /// Minutes before the window taken as usual, 10 to 1440.
    pub baseline_min: u32,
    /// Minutes before the first deviation in which a change counts, 5 to 1440.
    pub change_min: u32,
    /// A hypothesis below this score is not told, 0.02 to 1.
    pub least_score: f64,
    /// Most hypotheses told, 1 to 10.
    pub most: u32,
    /// Checks; one that is not named counts as usual.
    #[serde(alias = "weights")]
    pub checks: Vec<CheckRule>,
    /// What to look at next; resources that are not named get the usual text.
    pub next: Vec<NextCheck>,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            schema: TEMPLATE_SCHEMA.into(),
            key: BUILT_IN.into(),
            name: Localized::new("기본 원인 분석", "Usual root-cause analysis"),
            applies: Applies::default(),
            candidates: Candidates::Both,
            hops: 3,
            baseline_min: 60,
            change_min: 120,
            least_score: 0.1,
            most: 5,
            checks: Vec::new(),
            next: Vec::new(),
        }
    }
}

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
    /// The rule of a check, if it has one.
    pub fn rule(&self, check: Check) -> Option<&CheckRule> {
        self.checks.iter().find(|rule| rule.check == check)
    }

    /// How much a check counts.
    pub fn weight(&self, check: Check) -> f64 {
        self.rule(check).map_or(1.0, |rule| rule.weight)
    }

    /// Where a check begins to count and where it counts in full.
    pub fn bounds(&self, check: Check) -> (f64, f64) {
        let Some(usual) = check.measure() else { return (0.0, 1.0) };
        let rule = self.rule(check);
        let from = rule.and_then(|rule| rule.from).unwrap_or(usual.from);
        let full = rule.and_then(|rule| rule.full).or(usual.full).unwrap_or(from);
        (from, full.max(from + 1e-6))
    }

    /// What to look at next when a resource is suspected, where the template says so.
    pub fn next_text(&self, resource: Resource) -> Option<&Localized> {
        self.next.iter().find(|next| next.resource == resource).map(|next| &next.text)
    }

    /// What is wrong with it.
    pub fn faults(&self) -> Vec<TemplateFault> {
        let mut faults = Vec::new();
        self.head_faults(&mut faults);
        let mut range = |path: &str, value: f64, from: f64, to: f64| ranged(&mut faults, path, value, from, to);
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
            faults.push(TemplateFault::new("name", TemplateFaultCode::Missing, "이름을 쓰세요", "give it a name"));
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
        let most = LONGEST.2;
        for (path, len) in [("applies.kinds", self.applies.kinds.len()), ("applies.metrics", self.applies.metrics.len())]
        {
            if len > most {
                faults.push(TemplateFault::new(
                    path,
                    TemplateFaultCode::TooLong,
                    format!("{most}개까지입니다"),
                    format!("at most {most} of them"),
                ));
            }
        }
        let Some(time) = &self.applies.time else { return };
        ranged(faults, "applies.time.from_hour", f64::from(time.from_hour), 0.0, 23.0);
        ranged(faults, "applies.time.to_hour", f64::from(time.to_hour), 1.0, 24.0);
        for (at, day) in time.days.iter().enumerate() {
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
        for (at, rule) in self.checks.iter().enumerate() {
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
            let bounds = [("from", rule.from, measure.is_some()), ("full", rule.full, measure.as_ref().is_some_and(|m| m.full.is_some()))];
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
        for (at, next) in self.next.iter().enumerate() {
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

/// One difference of two templates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateChange {
    /// Where: `checks.shift.weight`.
    pub path: String,
    /// Value before; null when it was not there.
    pub before: Value,
    /// Value after; null when it is gone.
    pub after: Value,
}

/// What differs, by path. Checks and next texts are told by their name, so order does not matter.
pub fn template_changes(before: &Template, after: &Template) -> Vec<TemplateChange> {
    let plain = |template: &Template| named(serde_json::to_value(template).unwrap_or_default());
    let mut out = Vec::new();
    differ("", &plain(before), &plain(after), &mut out);
    out
}

/// Lists of objects that have a name become objects by that name.
fn named(value: Value) -> Value {
    let by_name = |list: Vec<Value>, name: &str| {
        list.into_iter()
            .filter_map(|entry| {
                let Value::Object(mut map) = entry else { return None };
                Some((map.remove(name)?.as_str()?.to_owned(), Value::Object(map)))
            })
            .collect::<Map<String, Value>>()
    };
    let Value::Object(map) = value else { return value };
    map.into_iter()
        .map(|(key, value)| match (key.as_str(), value) {
            ("checks", Value::Array(list)) => (key, by_name(list, "check").into()),
            ("next", Value::Array(list)) => (key, by_name(list, "resource").into()),
            (_, value) => (key, value),
        })
        .collect::<Map<String, Value>>()
        .into()
}

fn differ(path: &str, before: &Value, after: &Value, out: &mut Vec<TemplateChange>) {
    let empty = Map::new();
    let (a, b) = match (before, after) {
        (Value::Object(a), Value::Object(b)) => (a, b),
        (Value::Object(a), Value::Null) => (a, &empty),
        (Value::Null, Value::Object(b)) => (&empty, b),
        _ => {
            if before != after {
                out.push(TemplateChange { path: path.to_owned(), before: before.clone(), after: after.clone() });
            }
            return;
        }
    };
    let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        differ(&here, a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_template_has_no_fault_and_is_read_back_as_it_was_written() {
        let template = Template::default();
        assert!(template.faults().is_empty());
        let text = serde_json::to_string(&template).unwrap();
        assert!(text.contains(TEMPLATE_SCHEMA));
        assert_eq!(serde_json::from_str::<Template>(&text).unwrap(), template);
        assert_eq!(serde_json::from_str::<Template>("{}").unwrap(), template, "what is not said is as usual");
    }

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
                "schema", "key", "hops", "applies.time.days[0]", "applies.time.to_hour", "checks[0].weight",
                "checks[0].full", "checks[1].check", "checks[1].full", "checks[2].from", "next[0].text"
            ]
        );
        let off = Check::ALL.map(|check| CheckRule { check, weight: 0.0, from: None, full: None }).to_vec();
        let faults = Template { checks: off, ..Template::default() }.faults();
        assert_eq!(faults[0].code, TemplateFaultCode::Nothing);
    }

    #[test]
    fn hours_go_over_midnight_with_the_day_they_began_on() {
        let night = TimeRule { days: vec![5], from_hour: 22, to_hour: 6, ..TimeRule::default() };
        assert!(night.holds(5, 23) && night.holds(6, 3));
        assert!(!night.holds(5, 3) && !night.holds(6, 23) && !night.holds(5, 12));
        assert!(TimeRule::default().holds(7, 23));
    }

    #[test]
    fn changes_are_told_by_name_and_not_by_order() {
        let rule = |check, weight| CheckRule { check, weight, from: None, full: None };
        let before =
            Template { checks: vec![rule(Check::Shift, 1.0), rule(Check::Gap, 2.0)], ..Template::default() };
        let after = Template {
            checks: vec![rule(Check::Gap, 2.0), rule(Check::Shift, 1.5)],
            hops: 2,
            ..Template::default()
        };
        let changes = template_changes(&before, &after);
        let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["checks.shift.weight", "hops"]);
        assert!(template_changes(&before, &before).is_empty());
    }
}
