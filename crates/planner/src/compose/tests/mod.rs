//! Support of the tests: a small estate, plans of one step and their answers.

mod any;
mod endings;
mod sentences;

use std::{collections::BTreeMap, sync::OnceLock};

use chrono::{DateTime, Utc};
use model::{
    Lang, Localized,
    answer::{AnswerBlock, AnswerStatus},
    graph::{GraphNode, Subgraph},
    plan::{Kind, Node, Origin, Plan, StepStatus},
    schema::{Catalogue, CiKind, FieldDef, FieldRole, FieldType, MetricDef, RecordKind, RecordRole},
    tools::{SeriesOut, ToolOutput},
};
use serde_json::{Value, json};

use super::{Composed, StepResult, compose};
use crate::{Index, Vocabulary, say::Say};

fn field(key: &str, ko: &str, en: &str, unit: &str, role: Option<FieldRole>) -> FieldDef {
    FieldDef {
        key: key.into(),
        label: Localized::new(ko, en),
        r#type: FieldType::Text,
        unit: unit.into(),
        role,
        synonyms: vec![],
        order: vec![],
        values: vec![],
        distinct: 0,
    }
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Made once: indexing an estate takes longer than composing an answer.
fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| Index::new(Vocabulary { catalogue: catalogue(), ..Vocabulary::default() }))
}

fn catalogue() -> Catalogue {
    Catalogue {
        kinds: vec![CiKind {
            key: "srv".into(),
            label: Localized::new("서버", "server"),
            synonyms: vec![],
            count: 3,
        }],
        fields: vec![
            field("vendor", "벤더", "vendor", "", None),
            field("ports", "포트 수", "ports", "", None),
            field("memory", "메모리", "memory", "GB", None),
            field("system", "시스템", "system", "", Some(FieldRole::System)),
            field("status", "상태", "status", "", Some(FieldRole::Status)),
        ],
        relations: vec![],
        records: vec![RecordKind {
            key: "care".into(),
            label: Localized::new("유지보수", "maintenance"),
            role: RecordRole::Maintenance,
            synonyms: vec![],
            fields: vec![
                field("work", "유형", "type", "", Some(FieldRole::Category)),
                field("result", "결과", "result", "", Some(FieldRole::Outcome)),
                field("took", "소요 시간", "duration", "min", Some(FieldRole::Duration)),
            ],
            count: 10,
            covers: Some((time("2025-12-01T00:00:00Z"), time("2025-12-31T23:59:00Z"))),
        }],
        metrics: vec![MetricDef {
            key: "latency".into(),
            label: Localized::new("지연", "latency"),
            unit: "s".into(),
            synonyms: vec![],
            per_edge: false,
            series: 2,
            covers: None,
        }],
    }
}

fn output(rows: Value) -> ToolOutput {
    let rows: Vec<_> = serde_json::from_value(rows).unwrap();
    ToolOutput { total: rows.len() as u64, rows, ..ToolOutput::default() }
}

fn done(tool: &str, output: ToolOutput) -> StepResult {
    StepResult { status: StepStatus::Ok, tool: tool.into(), output, error: None }
}

fn plan(lang: Lang, nodes: Vec<Node>, says: &[(&str, Say)]) -> Plan {
    let blocks = says.iter().map(|(from, say)| say.to_block(*from)).collect();
    let mut nodes = nodes;
    nodes.push(Node::new("s9", "", Kind::Compose { blocks }));
    Plan {
        goal: String::new(),
        lang,
        origin: Origin::Rule,
        root: Node::new("s0", "", Kind::Seq { nodes }),
        confidence: 1.0,
        why: vec![],
        timeout_ms: 1000,
        tz: String::new(),
        budget: model::plan::Budget::default(),
    }
}

fn one(lang: Lang, tool: &str, args: Value, rows: Value, say: Say) -> Composed {
    told(lang, tool, args, output(rows), say)
}

fn told(lang: Lang, tool: &str, args: Value, output: ToolOutput, say: Say) -> Composed {
    let plan = plan(lang, vec![Node::tool("s1", "찾기", tool, args)], &[("s1", say)]);
    compose(index(), &plan, &BTreeMap::from([("s1".to_owned(), done(tool, output))]))
}

fn number(subject: &str, column: &str, unit: &str, counter: &str) -> Say {
    Say::Number {
        subject: subject.into(),
        column: column.into(),
        unit: unit.into(),
        counter: counter.into(),
        decimals: None,
        with: vec![],
    }
}
