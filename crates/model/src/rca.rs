//! Root causes: what is at fault, what speaks for and against it, what is missing, and the templates that weigh it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Localized;

/// What of an item is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Processors.
    Cpu,
    /// Memory.
    Memory,
    /// Space of a disk.
    Disk,
    /// Reading and writing.
    Storage,
    /// The way between two items.
    Network,
    /// Connections, sessions, threads.
    Connections,
    /// Work that waits.
    Queue,
    /// Answers kept near.
    Cache,
    /// More work than usual.
    Load,
    /// The program itself: errors, slowness without a resource behind it, requests that end in it.
    Application,
    /// Something that was changed.
    Change,
    /// Not there: no samples, no answer.
    Availability,
    /// Anything else that is measured.
    Other,
}

impl Resource {
    /// Every one of them.
    pub const ALL: [Self; 13] = [
        Self::Cpu,
        Self::Memory,
        Self::Disk,
        Self::Storage,
        Self::Network,
        Self::Connections,
        Self::Queue,
        Self::Cache,
        Self::Load,
        Self::Application,
        Self::Change,
        Self::Availability,
        Self::Other,
    ];

    /// Its name for a person.
    pub fn label(self) -> Localized {
        let (ko, en) = match self {
            Self::Cpu => ("CPU", "CPU"),
            Self::Memory => ("메모리", "memory"),
            Self::Disk => ("디스크 공간", "disk space"),
            Self::Storage => ("스토리지 입출력", "storage I/O"),
            Self::Network => ("네트워크", "network"),
            Self::Connections => ("연결 수", "connections"),
            Self::Queue => ("대기열", "queue"),
            Self::Cache => ("캐시", "cache"),
            Self::Load => ("요청량", "load"),
            Self::Application => ("애플리케이션", "application"),
            Self::Change => ("변경 작업", "change"),
            Self::Availability => ("가용성", "availability"),
            Self::Other => ("기타 지표", "other metric"),
        };
        Localized::new(ko, en)
    }
}

/// A check of a template. Each gives 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A resource of the item left its usual level.
    Shift,
    /// Time is lost between a caller and its callee.
    Gap,
    /// The item is slower than what it waits for explains.
    Slowdown,
    /// The item fails more often than what it uses explains.
    Errors,
    /// Requests reach the item but what it calls gets fewer.
    Flow,
    /// The item deviates before those that depend on it.
    Order,
    /// Others that deviate depend on the item.
    Reach,
    /// Something was changed on it shortly before.
    Change,
    /// Records of trouble on it in the window.
    Events,
    /// A resource is at its limit.
    Capacity,
    /// What the item depends on, or the load it gets, explains it: speaks against.
    Explained,
}

impl Check {
    /// Every one of them.
    pub const ALL: [Self; 11] = [
        Self::Shift,
        Self::Gap,
        Self::Slowdown,
        Self::Errors,
        Self::Flow,
        Self::Order,
        Self::Reach,
        Self::Change,
        Self::Events,
        Self::Capacity,
        Self::Explained,
    ];

    /// Its name for a person.
    pub fn label(self) -> Localized {
        let (ko, en) = match self {
            Self::Shift => ("자원 수준 변화", "shift of a resource"),
            Self::Gap => ("호출 구간 지연", "time lost between caller and callee"),
            Self::Slowdown => ("자체 지연", "slowness of its own"),
            Self::Errors => ("자체 오류", "errors of its own"),
            Self::Flow => ("요청 흐름 단절", "requests that end in it"),
            Self::Order => ("시간 순서", "order in time"),
            Self::Reach => ("영향 범위", "share of what deviates"),
            Self::Change => ("직전 변경", "change shortly before"),
            Self::Events => ("이벤트", "events"),
            Self::Capacity => ("용량 한계", "capacity limit"),
            Self::Explained => ("다른 원인으로 설명됨", "explained by something else"),
        };
        Localized::new(ko, en)
    }
}

/// How much a check counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Which.
    pub check: Check,
    /// 0 switches it off, 1 is usual, at most 3.
    pub weight: f64,
}

/// Where a template is used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Applies {
    /// Only when one of the items asked about is of these kinds; empty means any.
    pub kinds: Vec<String>,
    /// Only hypotheses about these resources; empty means any.
    pub resources: Vec<Resource>,
}

/// How root causes are searched: conditions, checks and their weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Template {
    /// Identifier.
    pub key: String,
    /// Name.
    pub name: Localized,
    /// Where it is used.
    pub applies: Applies,
    /// Weights; a check that is not named counts 1.
    pub weights: Vec<Weight>,
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
}

impl Default for Template {
    fn default() -> Self {
        Self {
            key: "default".into(),
            name: Localized::new("기본 원인 분석", "Usual root-cause analysis"),
            applies: Applies::default(),
            weights: Vec::new(),
            hops: 3,
            baseline_min: 60,
            change_min: 120,
            least_score: 0.1,
            most: 5,
        }
    }
}

impl Template {
    /// How much a check counts.
    pub fn weight(&self, check: Check) -> f64 {
        self.weights.iter().find(|w| w.check == check).map_or(1.0, |w| w.weight)
    }

    /// What is wrong with it: path of the field and why.
    pub fn faults(&self) -> Vec<(String, Localized)> {
        let mut faults = Vec::new();
        let mut range = |path: &str, value: f64, from: f64, to: f64| {
            if !(from..=to).contains(&value) {
                faults.push((
                    path.to_owned(),
                    Localized::new(
                        format!("{from}에서 {to} 사이의 값을 쓰세요. 지금 값: {value}"),
                        format!("use a value from {from} to {to}; it is {value}"),
                    ),
                ));
            }
        };
        range("hops", f64::from(self.hops), 1.0, 6.0);
        range("baseline_min", f64::from(self.baseline_min), 10.0, 1_440.0);
        range("change_min", f64::from(self.change_min), 5.0, 1_440.0);
        range("least_score", self.least_score, 0.02, 1.0);
        range("most", f64::from(self.most), 1.0, 10.0);
        for (at, weight) in self.weights.iter().enumerate() {
            range(&format!("weights[{at}].weight"), weight.weight, 0.0, 3.0);
        }
        for (at, weight) in self.weights.iter().enumerate() {
            if self.weights.iter().take(at).any(|w| w.check == weight.check) {
                let name = weight.check.label();
                faults.push((
                    format!("weights[{at}].check"),
                    Localized::new(
                        format!("'{}' 검사가 두 번 나옵니다. 하나만 남기세요", name.ko),
                        format!("the check '{}' is named twice; keep one of them", name.en),
                    ),
                ));
            }
        }
        let causes = [Check::Shift, Check::Gap, Check::Slowdown, Check::Errors, Check::Flow];
        if causes.iter().all(|check| self.weight(*check) <= 0.0) {
            faults.push((
                "weights".into(),
                Localized::new(
                    "원인을 찾는 검사(자원 수준 변화, 호출 구간 지연, 자체 지연, 자체 오류, 요청 흐름 단절)가 모두 꺼져 있습니다. 하나 이상 켜세요",
                    "every check that finds causes is off (shift, gap, slowdown, errors, flow); switch one on",
                ),
            ));
        }
        if self.key.trim().is_empty() || self.key.chars().count() > 80 {
            faults.push((
                "key".into(),
                Localized::new(
                    "1자에서 80자 사이의 식별자를 쓰세요",
                    "use an identifier of 1 to 80 characters",
                ),
            ));
        }
        faults
    }
}

/// Something a check found, in words and numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Which check.
    pub check: Check,
    /// What it found, for a person.
    pub text: String,
    /// How much it found, 0 to 1.
    pub value: f64,
    /// Code of the item looked at.
    pub ci: String,
    /// Code of the other end of a call edge, or empty.
    #[serde(default)]
    pub peer: String,
    /// Key of the metric, or empty.
    #[serde(default)]
    pub metric: String,
    /// Unit of `before` and `after`.
    #[serde(default)]
    pub unit: String,
    /// Usual value.
    #[serde(default)]
    pub before: Option<f64>,
    /// Value in the window.
    #[serde(default)]
    pub after: Option<f64>,
    /// When it began.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
}

/// An item that suffers from a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Affected {
    /// Code.
    pub ci: String,
    /// Relations away from the cause.
    pub hops: u32,
    /// When it began to deviate.
    pub since: Option<DateTime<Utc>>,
}

/// A possible cause with all that speaks for and against it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hypothesis {
    /// Place, from 1.
    pub rank: u32,
    /// Code of the item.
    pub ci: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its kind.
    #[serde(default)]
    pub kind: String,
    /// What of it.
    pub resource: Resource,
    /// The metric that decides it, or empty.
    #[serde(default)]
    pub metric: String,
    /// Name of that metric.
    #[serde(default)]
    pub metric_label: String,
    /// Other end of the call edge the metric belongs to, or empty.
    #[serde(default)]
    pub peer: String,
    /// Sum of the checks by their weights.
    pub score: f64,
    /// How likely it is the cause, 0 to 1.
    pub confidence: f64,
    /// When the item left its usual level.
    pub first_deviation: Option<DateTime<Utc>>,
    /// What it says in one sentence.
    pub summary: String,
    /// What speaks for it, strongest first.
    pub evidence_for: Vec<Finding>,
    /// What speaks against it.
    pub evidence_against: Vec<Finding>,
    /// What would decide it and is not in the data.
    pub missing: Vec<String>,
    /// What to look at next.
    pub next_checks: Vec<String>,
    /// From the cause to what suffers most, codes in order.
    pub path: Vec<String>,
    /// Items that deviate and depend on it.
    pub affected: Vec<Affected>,
    /// Number of items that depend on it at all.
    pub blast_radius: u32,
}

/// Something unusual of one series, whatever caused it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Symptom {
    /// Code of the item.
    pub ci: String,
    /// Other end of a call edge, or empty.
    #[serde(default)]
    pub peer: String,
    /// Key of the metric.
    pub metric: String,
    /// Usual value.
    pub before: f64,
    /// Value in the window.
    pub after: f64,
    /// Robust standard deviations between them.
    pub sigma: f64,
    /// How much it matters, 0 to 1.
    pub strength: f64,
    /// When it began.
    pub since: Option<DateTime<Utc>>,
}
