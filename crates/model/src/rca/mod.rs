//! Root causes: what is at fault, what speaks for and against it, what is missing, and the templates that weigh it.

mod asset;
mod changes;
mod faults;
mod template;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Localized;

pub use self::{asset::*, changes::*, faults::*, template::*};

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

    /// What to look at next when it is suspected, where a template says nothing else.
    pub fn next_check(self) -> Localized {
        let (ko, en) = match self {
            Self::Cpu => (
                "프로세스별 CPU 사용과 CPU 제한(limit), 같은 호스트의 다른 작업",
                "CPU by process, CPU limits, other work on the same host",
            ),
            Self::Memory => (
                "힙과 RSS 추이, GC 로그, 재시작 이력",
                "heap and resident size, garbage collection log, restarts",
            ),
            Self::Disk => (
                "큰 파일과 로그 보존 설정, 남은 용량의 추세",
                "large files, retention of logs, trend of free space",
            ),
            Self::Storage => (
                "디스크 대기 시간과 큐 길이, 백업·스냅샷 작업",
                "waits and queue of the disks, backups and snapshots",
            ),
            Self::Network => (
                "패킷 손실과 재전송, 회선·포트 오류, 네트워크 정책 변경",
                "packet loss and retransmissions, errors of links and ports, changes of network policy",
            ),
            Self::Connections => {
                ("연결 풀 설정과 오래 열린 세션, 잠금", "pool settings, long sessions, locks")
            }
            Self::Queue => (
                "소비자의 상태와 처리 속도, 재시도 중인 메시지",
                "state and rate of consumers, messages tried again",
            ),
            Self::Cache => ("캐시 비움·재시작 이력과 만료 설정", "flushes, restarts and expiry of the cache"),
            Self::Load => (
                "요청을 보내는 쪽과 그 종류, 배치나 행사 일정",
                "who sends the requests and which, batch jobs and campaigns",
            ),
            Self::Application => (
                "애플리케이션 로그의 예외와 최근 배포",
                "exceptions in the application log, recent deployments",
            ),
            Self::Change => {
                ("변경 내용과 되돌릴 수 있는지", "what was changed and whether it can be rolled back")
            }
            Self::Availability => {
                ("프로세스와 수집기가 살아 있는지", "whether process and collector are alive")
            }
            Self::Other => ("이 지표를 움직이는 작업", "what drives this metric"),
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
