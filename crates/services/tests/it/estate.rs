//! A small estate for tests: a service over two applications, a database, two virtual machines and a host, with alarms,
//! care and two metrics. None of the names means anything to the product.

use chrono::{DateTime, TimeZone, Utc};
use model::{CiId, ImportId, Localized, schema::*};
use serde_json::{Map, Value, json};
use services::{
    App, Caller,
    cmdb::write::{self, NewItem, NewRelation},
    events::write::{NewRecord, upsert_records},
    metrics::write::SeriesWriter,
};
use uuid::Uuid;

pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn item(code: &str, kind: &str, fields: Value) -> NewItem {
    NewItem {
        external_id: Some(format!("id-{code}")),
        code: code.to_owned(),
        name: Some(format!("Name of {code}")),
        kind: kind.to_owned(),
        fields: object(fields),
    }
}

pub fn field(key: &str, r#type: FieldType) -> FieldDef {
    FieldDef {
        key: key.to_owned(),
        label: Localized::new(format!("{key}(한)"), format!("{key} label")),
        r#type,
        unit: String::new(),
        role: None,
        synonyms: Vec::new(),
        order: Vec::new(),
        values: Vec::new(),
        distinct: 0,
    }
}

pub fn catalogue() -> Catalogue {
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    Catalogue {
        kinds: vec![CiKind {
            key: "host".into(),
            label: Localized::new("물리 서버", "physical host"),
            synonyms: vec!["장비".into()],
            count: 0,
        }],
        fields: vec![
            FieldDef { role: Some(FieldRole::Status), ..field("state", FieldType::Text) },
            FieldDef { unit: "GB".into(), ..field("memory", FieldType::Number) },
            FieldDef { order: words(&["낮음", "보통", "높음"]), ..field("weight", FieldType::Text) },
            field("tags", FieldType::List),
            field("opened", FieldType::Time),
        ],
        relations: ["DEPENDS_ON", "RUNS_ON"]
            .map(|key| RelationType {
                key: key.into(),
                label: Localized::same(key),
                synonyms: Vec::new(),
                impact: true,
                forward: false,
                decided: true,
                count: 0,
            })
            .to_vec(),
        records: vec![
            RecordKind {
                key: "alarm".into(),
                label: Localized::new("알람", "alarm"),
                role: RecordRole::Event,
                synonyms: Vec::new(),
                fields: vec![
                    FieldDef { role: Some(FieldRole::Title), ..field("title", FieldType::Text) },
                    FieldDef {
                        role: Some(FieldRole::Severity),
                        order: words(&["info", "minor", "major", "critical"]),
                        ..field("level", FieldType::Text)
                    },
                    field("score", FieldType::Number),
                    field("teams", FieldType::List),
                ],
                count: 0,
                covers: None,
            },
            RecordKind {
                key: "care".into(),
                label: Localized::new("점검", "care"),
                role: RecordRole::Maintenance,
                synonyms: Vec::new(),
                fields: vec![FieldDef { role: Some(FieldRole::Outcome), ..field("result", FieldType::Text) }],
                count: 0,
                covers: None,
            },
        ],
        metrics: vec![
            MetricDef {
                key: "cpu".into(),
                label: Localized::new("CPU 사용률", "CPU use"),
                unit: "%".into(),
                synonyms: Vec::new(),
                per_edge: false,
                series: 0,
                covers: None,
            },
            MetricDef {
                key: "latency".into(),
                label: Localized::same("latency"),
                unit: "s".into(),
                synonyms: Vec::new(),
                per_edge: true,
                series: 0,
                covers: None,
            },
        ],
    }
}

pub fn items() -> Vec<NewItem> {
    vec![
        item("svc", "service", json!({ "state": "Active", "weight": "높음" })),
        item("app1", "app", json!({ "state": "active", "weight": "보통", "tags": ["web", "prod"] })),
        item("app2", "app", json!({ "state": "standby", "weight": "낮음", "tags": ["prod"] })),
        item("db1", "database", json!({ "state": "active", "memory": 64 })),
        item("vm1", "vm", json!({ "state": "active", "memory": 8 })),
        item("vm2", "vm", json!({ "state": "active", "memory": 16 })),
        item("host1", "host", json!({ "state": "active", "memory": 512, "opened": "2024-03-01T00:00:00Z" })),
        item("host2", "host", json!({ "state": "점검중", "memory": "1024" })),
    ]
}

pub const RELATIONS: [(&str, &str, &str); 8] = [
    ("svc", "DEPENDS_ON", "app1"),
    ("svc", "DEPENDS_ON", "app2"),
    ("app1", "DEPENDS_ON", "db1"),
    ("app2", "DEPENDS_ON", "db1"),
    ("app1", "RUNS_ON", "vm1"),
    ("db1", "RUNS_ON", "vm2"),
    ("vm1", "RUNS_ON", "host1"),
    ("vm2", "RUNS_ON", "host1"),
];

fn record(
    n: usize,
    kind: &str,
    ci: Option<CiId>,
    when: DateTime<Utc>,
    minutes: Option<i64>,
    fields: Value,
) -> NewRecord {
    NewRecord {
        kind: kind.to_owned(),
        external_id: format!("{kind}-{n}"),
        ci,
        at: when,
        until: minutes.map(|m| when + chrono::Duration::minutes(m)),
        fields: object(fields),
    }
}

/// Ten alarms on 1 and 2 December 2025, three cares.
pub fn records(id: impl Fn(&str) -> CiId) -> Vec<NewRecord> {
    let day = |d: u32, h: u32, m: u32| Utc.with_ymd_and_hms(2025, 12, d, h, m, 0).unwrap();
    let mut all = Vec::new();
    let levels = ["info", "minor", "major", "Critical"];
    for n in 0..10_usize {
        let ci = match n {
            0..=4 => Some(id("host1")),
            5..=7 => Some(id("vm1")),
            8 => Some(id("db1")),
            _ => None,
        };
        let hour = u32::try_from(n).unwrap();
        all.push(record(
            n,
            "alarm",
            ci,
            day(if n < 6 { 1 } else { 2 }, hour + 10, 30),
            None,
            json!({ "title": if n % 2 == 0 { "디스크 사용량 초과" } else { "Link down" }, "level": levels[n % 4],
                    "score": n, "teams": if n == 0 { json!(["net", "ops"]) } else { json!(["ops"]) } }),
        ));
    }
    all.push(record(0, "care", Some(id("host1")), day(1, 1, 0), Some(30), json!({ "result": "success" })));
    all.push(record(1, "care", Some(id("host1")), day(2, 1, 0), Some(90), json!({ "result": "failed" })));
    all.push(record(2, "care", Some(id("vm1")), day(3, 1, 0), Some(60), json!({ "result": "Success" })));
    all
}

/// Start of the samples.
pub const DAY_ONE: &str = "2025-12-01T00:00:00Z";

/// Writes the whole of it as one import, and gives what was new: items, relations, records, samples.
pub async fn load(app: &App, caller: &Caller, import: ImportId) -> [u64; 4] {
    let mut tx = app.db.tenant(caller).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    write::upsert_catalogue(&mut tx, &catalogue()).await.unwrap();
    let done = write::upsert_items(&mut tx, import, &items()).await.unwrap();
    let id = |code: &str| done.ids[code];
    let relations: Vec<NewRelation> = RELATIONS
        .iter()
        .map(|(source, kind, target)| NewRelation {
            source: id(source),
            target: id(target),
            kind: (*kind).to_owned(),
            fields: Map::new(),
        })
        .collect();
    let related = write::upsert_relations(&mut tx, import, &relations).await.unwrap();
    let recorded = upsert_records(&mut tx, import, &records(id)).await.unwrap();
    let mut series = SeriesWriter::new(import);
    let start = at(DAY_ONE).timestamp_millis();
    for (code, base) in [("host1", 10.0), ("vm1", 20.0)] {
        let cpu = series.ensure_series(&mut tx, "cpu", id(code), None).await.unwrap();
        for minute in 0..2 * 1440_i64 {
            // A saw of ten minutes, and one peak on the second day.
            let value = if minute == 2000 { 99.5 } else { base + (minute % 10) as f64 };
            series.push(cpu, start + minute * 60_000, value);
        }
    }
    let latency = series.ensure_series(&mut tx, "latency", id("app1"), Some(id("db1"))).await.unwrap();
    for minute in 0..60_i64 {
        series.push(latency, start + minute * 60_000, 0.25);
    }
    series.push(latency, start + 3_600_000, f64::NAN);
    let samples = series.finish(&mut tx).await.unwrap();
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    [done.new, related.new, recorded.new, samples]
}

pub fn import() -> ImportId {
    ImportId(Uuid::now_v7())
}

/// The cells of a column.
pub fn cells(output: &model::tools::ToolOutput, column: &str) -> Vec<Value> {
    output.rows.iter().map(|row| row.get(column).cloned().unwrap_or(Value::Null)).collect()
}

/// Arguments of a tool from JSON.
pub fn args<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}
