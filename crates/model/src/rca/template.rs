//! Templates of root-cause analysis: when they are used, whom they look at, how checks count, what they tell.

use serde::{Deserialize, Serialize};

use super::{Check, Resource};
use crate::text::Localized;

/// The format of a template, written into each.
pub const TEMPLATE_SCHEMA: &str = "rca.template/v1";
/// Key of the template that comes with the product.
pub const BUILT_IN: &str = "default";

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
            Self::Shift => {
                Some(new("표준편차(강건)", "robust standard deviations", 3.0, Some(9.0), (1.0, 50.0)))
            }
            Self::Gap => {
                Some(new("표준편차(강건)", "robust standard deviations", 2.0, Some(7.0), (0.5, 50.0)))
            }
            Self::Flow => {
                Some(new("줄어든 요청 비율", "share of requests lost", 0.25, Some(0.85), (0.05, 1.0)))
            }
            Self::Capacity => Some(new("사용률 %", "use in %", 90.0, None, (50.0, 100.0))),
            Self::Events => Some(new("심각도 0–1", "severity 0–1", 0.6, None, (0.0, 1.0))),
            Self::Slowdown | Self::Errors | Self::Order | Self::Reach | Self::Change | Self::Explained => {
                None
            }
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
    fn hours_go_over_midnight_with_the_day_they_began_on() {
        let night = TimeRule { days: vec![5], from_hour: 22, to_hour: 6, ..TimeRule::default() };
        assert!(night.holds(5, 23) && night.holds(6, 3));
        assert!(!night.holds(5, 3) && !night.holds(6, 23) && !night.holds(5, 12));
        assert!(TimeRule::default().holds(7, 23));
    }
}
