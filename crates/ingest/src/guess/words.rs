//! What people call things, in Korean and English, and what a name says about the thing.

use model::schema::FieldRole;

/// What the name of a column can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Says {
    Code,
    Id,
    Name,
    Kind,
    Item,
    Source,
    Target,
    Relation,
    At,
    /// A time that is rarely what a row is about: when it was written or changed.
    Written,
    Until,
    Metric,
    Value,
    Unit,
    /// What only records have: severity, message, result.
    Happening,
    /// What items have: location, owner, address.
    Property,
    Skip,
}

const NAMES: &[(Says, &[&str])] = &[
    (
        Says::Code,
        &[
            "code",
            "cicode",
            "itemcode",
            "assetcode",
            "assetno",
            "assettag",
            "hostname",
            "코드",
            "장비코드",
            "자산번호",
            "자산코드",
            "호스트명",
            "관리번호",
            "항목코드",
            "서버코드",
            "설비코드",
            "설비번호",
        ],
    ),
    (
        Says::Id,
        &["id", "ciid", "uuid", "key", "number", "no", "번호", "식별자", "아이디", "접수번호", "티켓번호"],
    ),
    (
        Says::Name,
        &[
            "name",
            "ciname",
            "itemname",
            "displayname",
            "label",
            "이름",
            "명칭",
            "장비명",
            "서버명",
            "자산명",
            "설비명",
            "항목명",
            "시스템명",
        ],
    ),
    (
        Says::Kind,
        &[
            "kind",
            "type",
            "subtype",
            "citype",
            "cisubtype",
            "class",
            "assettype",
            "devicetype",
            "종류",
            "유형",
            "구분",
            "장비유형",
            "장비종류",
            "자산유형",
            "자산구분",
            "분류",
        ],
    ),
    (
        Says::Item,
        &[
            "ci",
            "ciid",
            "cicode",
            "item",
            "host",
            "hostname",
            "server",
            "node",
            "device",
            "pod",
            "podname",
            "instance",
            "resource",
            "asset",
            "service",
            "servicename",
            "장비",
            "장비명",
            "서버",
            "서버명",
            "호스트",
            "호스트명",
            "대상장비",
            "대상",
            "자원",
            "자산",
            "노드",
            "서비스",
            "서비스명",
            "설비",
            "설비명",
            "설비번호",
            "설비코드",
            "대상설비",
            "항목",
            "구성항목",
        ],
    ),
    (
        Says::Source,
        &[
            "source",
            "src",
            "from",
            "caller",
            "parent",
            "sourcecicode",
            "sourceci",
            "sourcecode",
            "sourceid",
            "출발",
            "상위",
            "상위장비",
            "소스",
            "시작장비",
            "호출자",
        ],
    ),
    (
        Says::Target,
        &[
            "target",
            "dst",
            "dest",
            "destination",
            "to",
            "callee",
            "child",
            "targetcicode",
            "targetci",
            "targetcode",
            "targetid",
            "도착",
            "하위",
            "하위장비",
            "타겟",
            "대상",
            "대상장비",
            "피호출자",
        ],
    ),
    (
        Says::Relation,
        &[
            "reltype",
            "relation",
            "relationtype",
            "relationship",
            "type",
            "관계",
            "관계유형",
            "연결유형",
            "유형",
        ],
    ),
    (
        Says::At,
        &[
            "time",
            "timestamp",
            "ts",
            "datetime",
            "date",
            "at",
            "when",
            "start",
            "starttime",
            "startedat",
            "startat",
            "occurredat",
            "eventtime",
            "시각",
            "일시",
            "시간",
            "날짜",
            "발생시각",
            "발생일시",
            "발생시간",
            "시작",
            "시작시각",
            "시작일시",
            "시작시간",
            "측정시각",
            "측정일시",
            "수집시각",
            "수집일시",
            "작업일시",
            "접수일시",
            "등록일시",
        ],
    ),
    (
        Says::Written,
        &[
            "createdat",
            "created",
            "updatedat",
            "updated",
            "modifiedat",
            "insertedat",
            "생성일",
            "생성일시",
            "수정일",
            "수정일시",
            "변경일시",
            "등록일",
            "갱신일시",
        ],
    ),
    (
        Says::Until,
        &[
            "end",
            "endtime",
            "endedat",
            "endat",
            "finishedat",
            "finish",
            "resolvedat",
            "closedat",
            "until",
            "종료",
            "종료시각",
            "종료일시",
            "종료시간",
            "완료일시",
            "완료시각",
            "해결일시",
            "처리완료일시",
        ],
    ),
    (
        Says::Metric,
        &[
            "metric",
            "metricname",
            "measurement",
            "indicator",
            "counter",
            "지표",
            "지표명",
            "항목",
            "측정항목",
        ],
    ),
    (Says::Value, &["value", "val", "reading", "값", "측정값", "수치"]),
    (Says::Unit, &["unit", "units", "단위"]),
    (
        Says::Happening,
        &[
            "severity",
            "level",
            "priority",
            "message",
            "msg",
            "description",
            "detail",
            "summary",
            "title",
            "result",
            "outcome",
            "eventtype",
            "eventtype",
            "worktype",
            "mainttype",
            "performer",
            "requestedby",
            "approvedby",
            "assignee",
            "duration",
            "durationmin",
            "심각도",
            "등급",
            "우선순위",
            "메시지",
            "내용",
            "상세",
            "요약",
            "제목",
            "결과",
            "처리결과",
            "조치",
            "조치내용",
            "담당자",
            "작업자",
            "요청자",
            "승인자",
            "수행자",
            "소요시간",
            "알람명",
            "장애내용",
        ],
    ),
    (
        Says::Property,
        &[
            "status",
            "state",
            "location",
            "zone",
            "owner",
            "team",
            "ip",
            "ipaddress",
            "vendor",
            "model",
            "os",
            "cpu",
            "memory",
            "criticality",
            "상태",
            "위치",
            "담당",
            "담당팀",
            "관리자",
            "ip주소",
            "아이피",
            "제조사",
            "모델",
            "중요도",
            "운영체제",
            "부서",
        ],
    ),
    (Says::Skip, &["tenant", "tenantid", "deletedat", "rowid", "seq", "순번"]),
];

const ROLES: &[(FieldRole, &[&str])] = &[
    (
        FieldRole::Severity,
        &["severity", "level", "priority", "심각도", "등급", "우선순위", "위험도", "긴급도"],
    ),
    (FieldRole::Outcome, &["result", "outcome", "결과", "처리결과", "작업결과"]),
    (FieldRole::Title, &["title", "summary", "subject", "제목", "요약", "알람명", "작업명"]),
    (
        FieldRole::Body,
        &["message", "msg", "detail", "description", "body", "메시지", "내용", "상세", "설명", "장애내용"],
    ),
    (
        FieldRole::Category,
        &["eventtype", "worktype", "mainttype", "category", "유형", "종류", "분류", "type", "작업유형"],
    ),
    (FieldRole::Duration, &["durationmin", "duration", "소요시간", "소요시간분"]),
    (FieldRole::Status, &["status", "state", "상태"]),
    (FieldRole::Owner, &["owner", "assignee", "담당", "담당자", "담당팀", "관리자"]),
    (FieldRole::Location, &["location", "site", "위치", "설치위치", "센터"]),
    (FieldRole::Criticality, &["criticality", "importance", "중요도"]),
    (FieldRole::System, &["system", "시스템", "소속시스템", "업무시스템"]),
    (FieldRole::Address, &["ip", "ipaddress", "address", "ip주소", "아이피"]),
];

const FILES: &[(Topic, &[&str])] = &[
    (
        Topic::Relations,
        &["relation", "depend", "topology", "edge", "link", "connection", "관계", "연결", "의존", "토폴로지"],
    ),
    (
        Topic::Metrics,
        &["metric", "perf", "usage", "cpu", "memory", "timeseries", "지표", "성능", "메트릭", "사용률"],
    ),
    (
        Topic::Records,
        &[
            "event",
            "alarm",
            "alert",
            "log",
            "maint",
            "work",
            "change",
            "history",
            "ticket",
            "incident",
            "request",
            "deploy",
            "fault",
            "이벤트",
            "알람",
            "경보",
            "점검",
            "유지보수",
            "작업",
            "변경",
            "이력",
            "장애",
            "티켓",
            "요청",
            "배포",
        ],
    ),
    (
        Topic::Items,
        &[
            "ci",
            "cmdb",
            "asset",
            "item",
            "server",
            "host",
            "device",
            "inventory",
            "equipment",
            "장비",
            "자산",
            "서버",
            "설비",
            "항목",
            "구성",
        ],
    ),
];

/// What the name of a file says its rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Items,
    Relations,
    Records,
    Metrics,
}

/// Small letters and digits of any script, without what is in brackets: `Node CPU(%)` → `nodecpu`.
pub(super) fn plain(name: &str) -> String {
    let before = name.split(['(', '[']).next().unwrap_or(name);
    let kept: String = before.chars().filter(|c| c.is_alphanumeric()).collect();
    kept.to_lowercase()
}

/// Everything the name of a column says. A name that is not known as a whole is taken apart: what it is of (`장비` in
/// `장비이름`, `device` in `source_device`) and what remains.
pub(super) fn says(column: &str) -> Vec<Says> {
    let name = plain(column);
    let whole = known(&name);
    if whole.is_empty() { compound(&name) } else { whole }
}

fn known(name: &str) -> Vec<Says> {
    NAMES.iter().filter(|(_, words)| words.contains(&name)).map(|(says, _)| *says).collect()
}

/// Things a name can be of.
const THINGS: &[&str] = &[
    "구성항목",
    "구성요소",
    "장비",
    "서버",
    "자산",
    "설비",
    "항목",
    "기기",
    "호스트",
    "노드",
    "자원",
    "시스템",
    "configitem",
    "device",
    "server",
    "asset",
    "item",
    "host",
    "node",
    "ci",
];
/// What ties two things.
const TIES: &[&str] = &["관계", "연결", "의존", "연관", "relation", "link", "dependency"];
/// What may stand behind the end of a tie: `출발장비코드`.
const MARKS: &[&str] = &["코드", "번호", "명", "이름", "아이디", "code", "name", "id"];

fn compound(name: &str) -> Vec<Says> {
    let own = |says: &Says| matches!(says, Says::Code | Says::Id | Says::Name | Says::Kind);
    let end = |says: &Says| matches!(says, Says::Source | Says::Target);
    // of a thing: its code, name or kind
    for rest in THINGS.iter().filter_map(|thing| name.strip_prefix(thing)) {
        let found: Vec<Says> = known(rest).into_iter().filter(own).collect();
        if !found.is_empty() {
            return found;
        }
    }
    if TIES.iter().filter_map(|tie| name.strip_prefix(tie)).any(|rest| known(rest).contains(&Says::Kind)) {
        return vec![Says::Relation];
    }
    // the thing at an end of a tie, with or without what names it
    let bare = MARKS.iter().find_map(|mark| name.strip_suffix(mark)).unwrap_or(name);
    for stem in [name, bare] {
        let stem = THINGS.iter().find_map(|thing| stem.strip_suffix(thing)).unwrap_or(stem);
        let found: Vec<Says> = known(stem).into_iter().filter(end).collect();
        if stem != name && !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// What a field with this name usually means to the product.
pub(crate) fn role(name: &str, of_records: bool) -> Option<FieldRole> {
    let name = plain(name);
    ROLES
        .iter()
        .find(|(role, words)| fits_scope(*role, of_records) && words.contains(&name.as_str()))
        .map(|(role, _)| *role)
}

fn fits_scope(role: FieldRole, of_records: bool) -> bool {
    match role {
        FieldRole::Severity
        | FieldRole::Outcome
        | FieldRole::Title
        | FieldRole::Body
        | FieldRole::Category
        | FieldRole::Duration => of_records,
        FieldRole::Owner | FieldRole::Status | FieldRole::System => true,
        FieldRole::Location | FieldRole::Criticality | FieldRole::Address => !of_records,
    }
}

/// What the name of a file says.
pub(super) fn topic(stem: &str) -> Option<Topic> {
    let name = stem.to_lowercase();
    let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    FILES
        .iter()
        .find(|(_, words)| {
            words.iter().any(|word| if word.len() <= 3 { parts.contains(word) } else { name.contains(word) })
        })
        .map(|(topic, _)| *topic)
}

/// A key for a metric or a kind: `CpuUsageRate(%)` → `cpu_usage_rate`; other scripts stay as they are.
pub(crate) fn key(name: &str) -> String {
    let before = name.split(['(', '[']).next().unwrap_or(name).trim();
    let mut key = String::new();
    let mut last = ' ';
    for c in before.chars() {
        let new_word = c.is_ascii_uppercase() && (last.is_ascii_lowercase() || last.is_ascii_digit());
        if (new_word || !c.is_alphanumeric()) && !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        }
        last = c;
    }
    let key = key.trim_end_matches('_');
    if key.is_empty() { name.trim().to_owned() } else { key.to_owned() }
}

/// The unit in the brackets of a name: `MemoryUsage(Mi)` → `Mi`.
pub(crate) fn unit(name: &str) -> &str {
    let inside =
        name.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(unit, _)| unit.trim());
    inside.filter(|unit| unit.chars().count() <= 8).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_become_keys_and_units() {
        assert_eq!(key("CpuUsageRate(%)"), "cpu_usage_rate");
        assert_eq!(key("PodClientLatencyP95(s)"), "pod_client_latency_p95");
        assert_eq!(key("CPU 사용률 (%)"), "cpu_사용률");
        assert_eq!(key("node.load-1"), "node_load_1");
        assert_eq!(key("(%)"), "(%)");
        assert_eq!((unit("MemoryUsage(Mi)"), unit("plain")), ("Mi", ""));
    }

    #[test]
    fn a_name_is_taken_apart_into_a_thing_and_what_is_said_of_it() {
        assert_eq!(says("장비이름"), [Says::Name]);
        assert_eq!(says("기기 구분"), [Says::Kind]);
        assert_eq!(says("출발장비"), [Says::Source]);
        assert_eq!(says("도착 서버 코드"), [Says::Target]);
        assert_eq!(says("source_device"), [Says::Source]);
        assert_eq!(says("target_host_name"), [Says::Target]);
        assert_eq!(says("연결종류"), [Says::Relation]);
        assert_eq!(says("server name"), [Says::Name]);
    }

    #[test]
    fn names_are_understood_in_both_languages() {
        assert!(says("발생 일시").contains(&Says::At));
        assert!(says("start_time").contains(&Says::At));
        assert!(says("장비코드").contains(&Says::Code));
        assert_eq!(says("xyz"), []);
        assert_eq!(says("시스템 전체"), []);
        assert_eq!(role("심각도", true), Some(FieldRole::Severity));
        assert_eq!(role("심각도", false), None);
        assert_eq!(topic("event_log"), Some(Topic::Records));
        assert_eq!(topic("ci"), Some(Topic::Items));
        assert_eq!(topic("ci_ext"), Some(Topic::Items));
        assert_eq!(topic("cities"), None);
    }
}
