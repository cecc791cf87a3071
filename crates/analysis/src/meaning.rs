//! What a metric measures, told from its name, label, other names and unit. The words are those of the trade in general;
//! a metric that has none of them is still looked at, as "something measured".

use model::{rca::Resource, schema::MetricDef};

/// How the values of a metric behave, and so what a change of them means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// How much of a resource is used: trouble when it nears its limit.
    Usage,
    /// How long something takes: trouble when it rises.
    Latency,
    /// What failed: trouble when it rises.
    Errors,
    /// Share that went well: trouble when it falls.
    Success,
    /// Work that waits: trouble when it rises.
    Waiting,
    /// Work done or data moved: follows what is asked of the item.
    Traffic,
    /// Share answered from near: trouble when it falls.
    Hits,
    /// Unknown.
    Level,
}

/// Which end of a call measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Neither is said.
    None,
    /// Who calls: time on the way included.
    Caller,
    /// Who is called.
    Callee,
}

/// What a metric measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meaning {
    /// The resource.
    pub resource: Resource,
    /// How values behave.
    pub aspect: Aspect,
    /// Which end measures.
    pub side: Side,
    /// Of 100 (or of 1, then multiplied): a share with a limit.
    pub percent: bool,
    /// What a value is multiplied by to be a percentage or a number of seconds.
    pub scale: f64,
    /// Measured on an item but about what it runs on (`node_cpu_usage` beside `cpu_usage`).
    pub ambient: bool,
}

/// Words, the resource and the behaviour they stand for. Earlier rows win. A word of Latin letters is a whole word of the
/// name, or its beginning when it ends in `*`; words of Hangul may stand anywhere, `_` is a space in them.
type Row = (&'static str, Option<Resource>, Option<Aspect>);

/// How it behaves.
const ASPECTS: &[Row] = &[
    ("hit 적중", Some(Resource::Cache), Some(Aspect::Hits)),
    ("success* availab* sli ok 성공 가용", None, Some(Aspect::Success)),
    (
        "error* err errs fail* exception* reject* refus* timeout* drop* discard* retrans* retries loss lost crc 5xx 4xx \
         oom* restart* throttl* miss misses abort* 오류 에러 실패 예외 거부 유실 손실 재전송 재시작",
        None,
        Some(Aspect::Errors),
    ),
    (
        "latency* latencies duration* elapsed delay* rtt await lag seek response resp wait 지연 응답 소요 걸린 대기시간 대기_시간",
        None,
        Some(Aspect::Latency),
    ),
    (
        "queue* backlog* pending waiting unacked inflight runqueue 큐 대기열 적체 밀린 백로그",
        Some(Resource::Queue),
        Some(Aspect::Waiting),
    ),
    // what an item moves while it works
    (
        "iops received receive* transmit* sent bytes octets packets pps bps rx tx ingress egress traffic \
         bandwidth syscall* reads writes 송신 수신 트래픽 건수 시스템_콜",
        Some(Resource::Other),
        Some(Aspect::Traffic),
    ),
    // what is asked of an item
    (
        "throughput workload request* reqs rps qps tps ops transactions txn* calls messages hits queries commits visits \
         orders 처리량 처리건수 처리_건수 요청 트랜잭션 호출_수 워크로드 주문",
        Some(Resource::Load),
        Some(Aspect::Traffic),
    ),
];

/// What it is about.
const RESOURCES: &[Row] = &[
    (
        "cpu* processor* load1 load5 load15 loadavg runqueue steal vcpu core cores 씨피유 프로세서",
        Some(Resource::Cpu),
        None,
    ),
    ("memory mem ram heap swap rss gc oom* 메모리 힙 스왑 램", Some(Resource::Memory), None),
    ("cache* 캐시", Some(Resource::Cache), None),
    ("io iops iowait storage await seek fsync wal 입출력 스토리지", Some(Resource::Storage), None),
    (
        "disk* filesystem fs tablespace inode* volume* space 디스크 파일시스템 테이블스페이스 용량",
        Some(Resource::Disk),
        None,
    ),
    (
        "network* net nic port ports packet* bandwidth link interface tcp udp dns rx tx rtt octets ingress egress crc \
         retrans* 네트워크 포트 패킷 회선 대역폭 망",
        Some(Resource::Network),
        None,
    ),
    (
        "connection* conn conns session* thread* pool sockets descriptors fds 연결 세션 스레드 커넥션 접속",
        Some(Resource::Connections),
        None,
    ),
    ("queue* backlog* lag 큐 대기열", Some(Resource::Queue), None),
];

const USAGE: &str =
    "usage used util* utilization utilisation consum* percent pct busy load* 사용 점유 부하 이용률";
const CALLER: &str = "client caller source src outbound upstream egress 호출자 클라이언트 호출하는";
const CALLEE: &str = "server callee destination dest dst inbound 피호출 서버 호출받는 수신측";
const AROUND: [&str; 6] = ["node", "host", "machine", "hypervisor", "노드", "호스트"];

/// The words of a name: lower case, split at signs, at capitals and between letters and digits that follow them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut small = false;
    for c in text.chars() {
        if (!c.is_alphanumeric() || (c.is_uppercase() && small)) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            small = c.is_lowercase();
            word.extend(c.to_lowercase());
        } else {
            small = false;
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

struct Names {
    words: Vec<String>,
    text: String,
}

impl Names {
    fn of(texts: &[&str]) -> Self {
        let text = texts.join(" ").to_lowercase();
        Self { words: texts.iter().flat_map(|t| words(t)).collect(), text }
    }

    fn has(&self, word: &str) -> bool {
        if !word.is_ascii() {
            return self.text.contains(&word.replace('_', " "));
        }
        match word.strip_suffix('*') {
            Some(stem) => self.words.iter().any(|w| w.starts_with(stem)),
            None => self.words.iter().any(|w| w == word),
        }
    }

    fn any(&self, list: &str) -> bool {
        list.split_whitespace().any(|word| self.has(word))
    }
}

/// What each metric of a catalogue measures, in its order.
pub fn meanings(metrics: &[MetricDef]) -> Vec<Meaning> {
    metrics
        .iter()
        .map(|metric| {
            let mut meaning = meaning(metric);
            meaning.ambient = ambient(metric, metrics);
            meaning
        })
        .collect()
}

/// A metric is about the surroundings when another one has the same name but for a word for what things run on.
fn ambient(metric: &MetricDef, all: &[MetricDef]) -> bool {
    let own = words(&metric.key);
    let rest: Vec<&String> = own.iter().filter(|w| !AROUND.contains(&w.as_str())).collect();
    rest.len() < own.len()
        && all
            .iter()
            .any(|other| other.key != metric.key && words(&other.key).iter().collect::<Vec<_>>() == rest)
}

/// What a metric measures.
pub fn meaning(metric: &MetricDef) -> Meaning {
    // the key and the labels decide; other names only where those say nothing
    let own = Names::of(&[&metric.key, &metric.label.ko, &metric.label.en]);
    let others: Vec<&str> = metric.synonyms.iter().map(String::as_str).collect();
    let more = Names::of(&others);
    let unit = metric.unit.trim().to_lowercase();
    let find =
        |rows: &[Row], names: &Names| rows.iter().find(|row| names.any(row.0)).map(|row| (row.1, row.2));

    let percent_unit = matches!(unit.as_str(), "%" | "percent" | "pct" | "퍼센트");
    let ratio_unit = matches!(unit.as_str(), "ratio" | "비율");
    let seconds = match unit.as_str() {
        "s" | "sec" | "secs" | "seconds" | "second" | "초" => Some(1.0),
        "ms" | "msec" | "milliseconds" | "밀리초" => Some(1e-3),
        "us" | "µs" | "usec" | "microseconds" | "마이크로초" => Some(1e-6),
        "ns" | "nanoseconds" => Some(1e-9),
        "min" | "minutes" | "분" => Some(60.0),
        _ => None,
    };
    let named = find(ASPECTS, &own).or_else(|| find(ASPECTS, &more));
    let about = find(RESOURCES, &own).or_else(|| find(RESOURCES, &more)).and_then(|row| row.0);
    let mut aspect = named.and_then(|row| row.1);
    // "CPU usage in percent" is usage whatever else the name says; "error rate in percent" stays errors
    let used = own.any(USAGE) || (more.any(USAGE) && aspect.is_none());
    if used && about.is_some() && matches!(aspect, None | Some(Aspect::Traffic | Aspect::Waiting)) {
        aspect = Some(Aspect::Usage);
    }
    if seconds.is_some() && matches!(aspect, None | Some(Aspect::Traffic | Aspect::Level)) {
        aspect = Some(Aspect::Latency);
    }
    if percent_unit && aspect == Some(Aspect::Traffic) {
        aspect = Some(Aspect::Usage);
    }
    let aspect = aspect.unwrap_or(match about {
        Some(
            Resource::Cpu | Resource::Memory | Resource::Disk | Resource::Storage | Resource::Connections,
        ) => Aspect::Usage,
        Some(Resource::Network) if percent_unit => Aspect::Usage,
        Some(Resource::Network) => Aspect::Traffic,
        Some(Resource::Queue) => Aspect::Waiting,
        _ => Aspect::Level,
    });
    let resource = match (aspect, about, named.and_then(|row| row.0)) {
        (Aspect::Hits, ..) => Resource::Cache,
        (Aspect::Waiting, Some(Resource::Cpu), _) => Resource::Cpu,
        (Aspect::Waiting, ..) => Resource::Queue,
        (Aspect::Traffic, Some(Resource::Network), _) => Resource::Network,
        (Aspect::Traffic, _, Some(named)) => named,
        (Aspect::Traffic, ..) => Resource::Load,
        (Aspect::Latency, Some(about @ (Resource::Storage | Resource::Disk)), _) => {
            if about == Resource::Disk { Resource::Storage } else { about }
        }
        (Aspect::Latency, Some(Resource::Network), _) => Resource::Network,
        (Aspect::Latency | Aspect::Success, ..) => Resource::Application,
        (_, Some(about), _) => about,
        (_, None, Some(named)) => named,
        (Aspect::Errors, ..) => Resource::Application,
        _ => Resource::Other,
    };
    let side = match (
        own.any(CALLER) || more.any(CALLER) && !own.any(CALLEE),
        own.any(CALLEE) || more.any(CALLEE) && !own.any(CALLER),
    ) {
        (true, false) => Side::Caller,
        (false, true) => Side::Callee,
        _ => Side::None,
    };
    let percent = percent_unit || ratio_unit;
    let scale = if ratio_unit { 100.0 } else { seconds.filter(|_| aspect == Aspect::Latency).unwrap_or(1.0) };
    Meaning { resource, aspect, side, percent, scale, ambient: false }
}

#[cfg(test)]
mod tests {
    use model::Localized;

    use super::*;

    fn metric(key: &str, label: &str, unit: &str, synonyms: &[&str]) -> MetricDef {
        MetricDef {
            key: key.into(),
            label: Localized::same(label),
            unit: unit.into(),
            synonyms: synonyms.iter().map(|s| (*s).to_owned()).collect(),
            per_edge: false,
            series: 0,
            covers: None,
        }
    }

    fn check(key: &str, label: &str, unit: &str, resource: Resource, aspect: Aspect) {
        let meaning = meaning(&metric(key, label, unit, &[]));
        assert_eq!((meaning.resource, meaning.aspect), (resource, aspect), "{key} {label}");
    }

    #[test]
    fn names_of_the_trade_are_understood_in_both_languages() {
        check("cpu_usage_rate", "CPU 사용률", "%", Resource::Cpu, Aspect::Usage);
        check("system.load1", "load", "", Resource::Cpu, Aspect::Usage);
        check("MemFreeRate", "메모리 사용률", "%", Resource::Memory, Aspect::Usage);
        check("fs_used_pct", "filesystem used", "%", Resource::Disk, Aspect::Usage);
        check("http_request_duration_p99", "request duration", "ms", Resource::Application, Aspect::Latency);
        check("응답시간", "응답 시간", "s", Resource::Application, Aspect::Latency);
        check("http_requests_total", "requests", "", Resource::Load, Aspect::Traffic);
        check("http_5xx", "5xx", "", Resource::Application, Aspect::Errors);
        check("if_in_errors", "port errors", "", Resource::Network, Aspect::Errors);
        check("net_rx_bytes", "received", "B", Resource::Network, Aspect::Traffic);
        check("성공률", "성공률", "%", Resource::Application, Aspect::Success);
        check("io_latency", "I/O latency", "ms", Resource::Storage, Aspect::Latency);
        check("queue_depth", "queue depth", "", Resource::Queue, Aspect::Waiting);
        check("hit_rate", "hit rate", "%", Resource::Cache, Aspect::Hits);
        check("db_connections", "connections", "", Resource::Connections, Aspect::Usage);
        check("widgets", "위젯", "", Resource::Other, Aspect::Level);
    }

    #[test]
    fn both_ends_of_a_call_are_told_apart() {
        assert_eq!(meaning(&metric("call_latency_source", "", "s", &[])).side, Side::Caller);
        assert_eq!(meaning(&metric("PodServerLatencyP95", "", "s", &[])).side, Side::Callee);
        assert_eq!(meaning(&metric("latency_p95", "", "s", &[])).side, Side::None);
    }

    #[test]
    fn what_is_about_the_surroundings_is_known_by_its_twin() {
        let all = [
            metric("node_cpu_usage", "", "%", &[]),
            metric("cpu_usage", "", "%", &[]),
            metric("host_load", "", "", &[]),
        ];
        let ambient: Vec<bool> = meanings(&all).iter().map(|m| m.ambient).collect();
        assert_eq!(ambient, [true, false, false]);
    }

    #[test]
    fn seconds_and_shares_come_to_one_scale() {
        assert_eq!(meaning(&metric("latency", "", "ms", &[])).scale, 1e-3);
        assert_eq!(meaning(&metric("cpu usage", "", "ratio", &[])).scale, 100.0);
    }
}
