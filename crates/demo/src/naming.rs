//! The catalogue: names and meaning of everything, in both languages.

use std::collections::BTreeSet;

use model::{
    Localized,
    schema::{
        Catalogue, CiKind, FieldDef, FieldRole, FieldType, MetricDef, RecordKind, RecordRole, RelationType,
    },
};

use crate::{Item, company::Company, records::severities};

/// Key, Korean, English, synonyms separated by `|`.
type Name = (&'static str, &'static str, &'static str, &'static str);

const KINDS: &[Name] = &[
    ("business_service", "업무 서비스", "business service", "서비스|비즈니스 서비스|service"),
    ("application", "애플리케이션", "application", "앱|어플리케이션|응용 프로그램|app"),
    ("container", "컨테이너", "container", "파드|도커|pod"),
    ("cache", "캐시", "cache", "캐쉬|인메모리 캐시"),
    ("message_queue", "메시지 큐", "message queue", "큐|메시지큐|mq|queue|broker"),
    ("database", "데이터베이스", "database", "DB|디비|데이터 베이스"),
    ("virtual_machine", "가상 머신", "virtual machine", "VM|가상머신|가상 서버"),
    ("host", "호스트", "host", "서버|물리 서버|server"),
    ("switch", "스위치", "switch", "네트워크 장비|네트워크|network device"),
    ("storage", "스토리지", "storage", "저장장치|저장소|SAN"),
];

const RELATIONS: &[Name] = &[
    ("depends_on", "의존", "depends on", "의존한다|의존관계|dependency"),
    ("calls", "호출", "calls", "호출한다|부른다|call"),
    ("runs_on", "위에서 실행", "runs on", "실행|구동|돌아간다|올라가 있다|hosted on"),
    ("uses", "사용", "uses", "쓴다|이용"),
    ("connected_to", "연결", "connected to", "네트워크 연결|연결된|connection"),
];

/// Fields of items with unit and role.
const FIELDS: &[(Name, &str, Option<FieldRole>)] = &[
    (("system", "업무", "system", "시스템|소속 시스템|업무 영역|domain"), "", Some(FieldRole::System)),
    (("owner", "담당", "owner", "담당팀|담당자|관리|소유자|team"), "", Some(FieldRole::Owner)),
    (("manager", "책임자", "manager", "서비스 책임자|관리자"), "", None),
    (("status", "상태", "status", "state"), "", Some(FieldRole::Status)),
    (("criticality", "중요도", "criticality", "중요 등급|importance"), "", Some(FieldRole::Criticality)),
    (("location", "위치", "location", "센터|데이터센터|장소|data center"), "", Some(FieldRole::Location)),
    (("ip", "IP", "IP address", "IP 주소|아이피|address"), "", Some(FieldRole::Address)),
    (("environment", "환경", "environment", "구동 환경|stage"), "", None),
    (("engine", "엔진", "engine", "제품|소프트웨어|product"), "", None),
    (("version", "버전", "version", "ver|릴리스"), "", None),
    (("firmware", "펌웨어", "firmware", "펌웨어 버전|firmware version"), "", None),
    (("language", "개발 언어", "language", "언어|프로그래밍 언어"), "", None),
    (("os", "운영체제", "operating system", "OS|오에스"), "", None),
    (("vendor", "제조사", "vendor", "벤더|업체|maker"), "", None),
    (("model", "모델", "model", "모델명|기종"), "", None),
    (("cpu_cores", "CPU 코어", "CPU cores", "코어|코어 수|cores"), "", None),
    (("memory_gb", "메모리", "memory", "메모리 용량|램|RAM"), "GB", None),
    (("capacity_gb", "용량", "capacity", "저장 용량|디스크 용량"), "GB", None),
    (("capacity_tb", "스토리지 용량", "storage capacity", "저장 용량"), "TB", None),
    (("ports", "포트 수", "ports", "포트|포트 개수"), "", None),
    (("sla_pct", "SLA", "SLA", "가용성 목표|availability target"), "%", None),
];

/// Metrics with units.
const METRICS: &[(Name, &str)] = &[
    (("requests", "요청 수", "requests", "요청|분당 요청 수|트래픽|traffic"), "/min"),
    (("success_rate", "성공률", "success rate", "가용률|요청 성공률"), "%"),
    (("request_rate", "초당 요청 수", "request rate", "처리량|TPS|throughput|rps"), "/s"),
    (
        (
            "latency_p95",
            "응답 시간 P95",
            "latency P95",
            "응답 시간|응답시간|지연시간|지연|latency|response time",
        ),
        "ms",
    ),
    (("error_rate", "오류율", "error rate", "에러율|실패율|오류 비율|errors"), "%"),
    (("cpu_usage", "CPU 사용률", "CPU usage", "CPU|씨피유|CPU 점유율|cpu utilization"), "%"),
    (("memory_usage", "메모리 사용률", "memory usage", "메모리|메모리 점유율|memory utilization"), "%"),
    (("disk_usage", "디스크 사용률", "disk usage", "디스크|디스크 점유율|disk utilization"), "%"),
    (("hit_rate", "캐시 적중률", "cache hit rate", "적중률|히트율|hit ratio"), "%"),
    (("queue_depth", "큐 적체량", "queue depth", "큐 길이|대기 메시지|적체|backlog"), ""),
    (("throughput", "메시지 처리량", "message throughput", "처리 건수|초당 메시지"), "/s"),
    (("connections", "접속 수", "connections", "커넥션|커넥션 수|연결 수"), ""),
    (("query_latency", "질의 응답 시간", "query latency", "쿼리 시간|질의 시간|쿼리 지연"), "ms"),
    (("tps", "초당 트랜잭션", "transactions per second", "트랜잭션|트랜잭션 수"), "/s"),
    (("network_in", "네트워크 수신량", "network in", "수신량|네트워크 수신|received"), "MB/s"),
    (("traffic", "스위치 트래픽", "switch traffic", "네트워크 트래픽|통신량"), "Mbps"),
    (("port_errors", "포트 오류", "port errors", "포트 에러|CRC 오류|interface errors"), "/min"),
    (("io_latency", "입출력 지연", "I/O latency", "IO 지연|디스크 지연|스토리지 지연"), "ms"),
    (("used", "스토리지 사용률", "storage used", "사용률|저장 공간 사용률"), "%"),
    (("call_latency", "호출 지연시간", "call latency", "호출 지연|호출 시간"), "ms"),
];

/// The catalogue of an estate.
pub(crate) fn catalogue(company: &Company, items: &[Item]) -> Catalogue {
    let used: BTreeSet<&str> = items.iter().flat_map(|item| item.fields.keys().map(String::as_str)).collect();
    let kinds: BTreeSet<&str> = items.iter().map(|item| item.kind).collect();
    Catalogue {
        kinds: KINDS
            .iter()
            .filter(|(key, ..)| kinds.contains(key))
            .map(|name| CiKind { key: key(name), label: label(name), synonyms: synonyms(name), count: 0 })
            .collect(),
        fields: FIELDS
            .iter()
            .filter(|((key, ..), ..)| used.contains(key))
            .map(|(name, unit, role)| field(name, unit, *role, type_of(name.0, items)))
            .collect(),
        relations: RELATIONS
            .iter()
            .map(|name| RelationType {
                key: key(name),
                label: label(name),
                synonyms: synonyms(name),
                impact: true,
                forward: false,
                decided: true,
                count: 0,
            })
            .collect(),
        records: records(company),
        metrics: METRICS
            .iter()
            .map(|(name, unit)| MetricDef {
                key: key(name),
                label: label(name),
                unit: (*unit).to_owned(),
                synonyms: synonyms(name),
                per_edge: name.0 == "call_latency",
                series: 0,
                covers: None,
            })
            .collect(),
    }
}

fn records(company: &Company) -> Vec<RecordKind> {
    let text = FieldType::Text;
    let number = FieldType::Number;
    let title = || field(&("title", "제목", "title", "요약|summary"), "", Some(FieldRole::Title), text);
    let r#type = |ko: &'static str, en: &'static str| {
        field(&("type", ko, en, "유형|종류"), "", Some(FieldRole::Category), text)
    };
    let result =
        || field(&("result", "결과", "result", "처리 결과|outcome"), "", Some(FieldRole::Outcome), text);
    let duration = || {
        let name = ("duration_min", "소요 시간", "duration", "걸린 시간|소요시간");
        field(&name, "min", Some(FieldRole::Duration), number)
    };
    let plain = |name: Name| field(&name, "", None, text);
    let ordered = |mut field: FieldDef, order: &[&str]| {
        field.order = order.iter().map(|word| (*word).to_owned()).collect();
        field
    };
    let severity =
        field(&("severity", "심각도", "severity", "등급|위험도|level"), "", Some(FieldRole::Severity), text);
    let priority = field(
        &("priority", "우선순위", "priority", "긴급도|우선 순위|urgency"),
        "",
        Some(FieldRole::Severity),
        text,
    );
    let kind = |name: Name, role: RecordRole, fields: Vec<FieldDef>| RecordKind {
        key: key(&name),
        label: label(&name),
        role,
        synonyms: synonyms(&name),
        fields,
        count: 0,
        covers: None,
    };
    vec![
        kind(
            ("event", "이벤트", "event", "알람|경보|알림|alarm|alert"),
            RecordRole::Event,
            vec![
                title(),
                r#type("이벤트 유형", "event type"),
                ordered(severity, &severities(company)),
                field(&("message", "메시지", "message", "내용"), "", Some(FieldRole::Body), text),
            ],
        ),
        kind(
            ("change", "변경", "change", "변경 작업|배포|작업|변경 이력|release|deployment"),
            RecordRole::Change,
            vec![
                title(),
                r#type("변경 유형", "change type"),
                result(),
                duration(),
                plain(("requester", "요청자", "requester", "신청자")),
                plain(("approver", "승인자", "approver", "결재자")),
                field(&("risk", "위험도", "risk", "위험 등급"), "", None, number),
            ],
        ),
        kind(
            ("maintenance", "유지보수", "maintenance", "점검|정비|유지 보수|점검 이력"),
            RecordRole::Maintenance,
            vec![
                title(),
                r#type("유지보수 유형", "maintenance type"),
                result(),
                duration(),
                plain(("performer", "수행자", "performer", "작업자")),
            ],
        ),
        kind(
            ("ticket", "티켓", "ticket", "요청|장애 접수|문의|incident|issue"),
            RecordRole::Ticket,
            vec![
                title(),
                ordered(priority, &["P4", "P3", "P2", "P1"]),
                field(
                    &("status", "처리 상태", "ticket status", "상태|진행 상태"),
                    "",
                    Some(FieldRole::Status),
                    text,
                ),
                field(&("assignee", "담당자", "assignee", "처리자|담당"), "", Some(FieldRole::Owner), text),
                plain(("reporter", "신고자", "reporter", "접수자|요청자")),
            ],
        ),
    ]
}

fn key(name: &Name) -> String {
    name.0.to_owned()
}

fn label(name: &Name) -> Localized {
    Localized::new(name.1, name.2)
}

fn synonyms(name: &Name) -> Vec<String> {
    name.3.split('|').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn field(name: &Name, unit: &str, role: Option<FieldRole>, r#type: FieldType) -> FieldDef {
    FieldDef {
        key: key(name),
        label: label(name),
        r#type,
        unit: unit.to_owned(),
        role,
        synonyms: synonyms(name),
        order: Vec::new(),
        values: Vec::new(),
        distinct: 0,
    }
}

fn type_of(key: &str, items: &[Item]) -> FieldType {
    let value = items.iter().find_map(|item| item.fields.get(key));
    if value.is_some_and(serde_json::Value::is_number) { FieldType::Number } else { FieldType::Text }
}
