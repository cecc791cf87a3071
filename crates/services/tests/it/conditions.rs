//! A condition means the same in SQL (records) and in memory (items): every kind of value, field, comparison and operand.

use std::collections::BTreeSet;

use chrono::{Duration, TimeZone, Utc};
use model::{
    Condition, Localized, Op,
    records::RecordQuery,
    schema::{Catalogue, FieldType, RecordKind, RecordRole},
};
use serde_json::{Map, Value, json};
use services::{
    cmdb::{
        filter::{Filter, Spec},
        write,
    },
    events::{
        self,
        write::{NewRecord, upsert_records},
    },
};
use testkit::TestApp;

use crate::estate::{field, import};

fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(""),
        json!([]),
        json!("a"),
        json!("A b"),
        json!("서버"),
        json!("major"),
        json!("Minor"),
        json!("10"),
        json!("9.50"),
        json!(10),
        json!(9.5),
        json!(-3),
        json!(true),
        json!("50%_off"),
        json!(["a", "b"]),
        json!(["10", "Major"]),
        json!("2025-12-01T00:00:00Z"),
        json!("2025-12-01T09:30:00Z"),
    ]
}

fn operands() -> Vec<Value> {
    vec![
        json!("A"),
        json!("서버"),
        json!("MAJOR"),
        json!("10"),
        json!(9.5),
        json!("9.5"),
        json!(true),
        json!("%"),
        json!("2025-12-01T00:00:00Z"),
        json!("2025-12-01"),
        json!(["a", "MINOR", 10]),
        json!([]),
        json!(null),
    ]
}

const OPS: [Op; 12] = [
    Op::Eq,
    Op::Ne,
    Op::Lt,
    Op::Le,
    Op::Gt,
    Op::Ge,
    Op::In,
    Op::NotIn,
    Op::Contains,
    Op::Prefix,
    Op::Exists,
    Op::Missing,
];

#[tokio::test]
async fn a_condition_means_the_same_in_sql_and_in_memory() {
    let t = TestApp::start().await;
    let words: Vec<String> = ["info", "minor", "major"].map(String::from).to_vec();
    let fields = vec![
        field("text", FieldType::Text),
        field("number", FieldType::Number),
        field("list", FieldType::List),
        field("time", FieldType::Time),
        model::schema::FieldDef { order: words, ..field("word", FieldType::Text) },
    ];
    let kind = RecordKind {
        key: "thing".into(),
        label: Localized::same("thing"),
        role: RecordRole::Other,
        synonyms: Vec::new(),
        fields: fields.clone(),
        count: 0,
        covers: None,
    };
    let start = Utc.with_ymd_and_hms(2025, 12, 1, 0, 0, 0).unwrap();
    let values = values();
    let records: Vec<NewRecord> = values
        .iter()
        .enumerate()
        .map(|(n, value)| NewRecord {
            kind: "thing".into(),
            external_id: n.to_string(),
            ci: None,
            at: start + Duration::minutes(n as i64),
            until: None,
            fields: fields.iter().map(|f| (f.key.clone(), value.clone())).collect::<Map<_, _>>(),
        })
        .collect();
    let mut tx = t.app.db.tenant(&t.one.admin).await.unwrap();
    write::begin(&mut tx).await.unwrap();
    write::upsert_catalogue(&mut tx, &Catalogue { records: vec![kind], ..Catalogue::default() })
        .await
        .unwrap();
    upsert_records(&mut tx, import(), &records).await.unwrap();
    write::finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();

    let mut different = Vec::new();
    for of in &fields {
        for op in OPS {
            for operand in operands() {
                let condition = Condition::new(of.key.as_str(), op, operand.clone());
                let filter = Filter::new(std::slice::from_ref(&condition), |_| Some(Spec::from(of))).unwrap();
                let memory: BTreeSet<i64> = values
                    .iter()
                    .zip(0_i64..)
                    .filter(|(value, _)| filter.accepts(|_| Some(*value).into()))
                    .map(|(_, n)| n)
                    .collect();
                let query = RecordQuery { filter: vec![condition], limit: 200, ..RecordQuery::default() };
                let page = events::list(&t.app, &t.one.viewer, query).await.unwrap();
                let sql: BTreeSet<i64> = page.items.iter().map(|r| (r.at - start).num_minutes()).collect();
                if sql != memory {
                    let show = |set: Vec<&i64>| {
                        set.iter().map(|n| values[**n as usize].to_string()).collect::<Vec<_>>()
                    };
                    let (only_sql, only_memory) =
                        (show(sql.difference(&memory).collect()), show(memory.difference(&sql).collect()));
                    different.push(format!(
                        "{} {op:?} {operand}: SQL {only_sql:?}, memory {only_memory:?}",
                        of.key
                    ));
                }
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
