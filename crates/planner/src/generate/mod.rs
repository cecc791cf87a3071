//! The logical form to a plan: tool nodes with references between them, and what to say about their outputs.

mod asks;
mod metric;
mod numbers;
mod records;
mod routes;
mod sets;
mod topology;
pub mod why;

pub use sets::grouped_by_field;

use model::{
    Lang,
    plan::{BlockSpec, Kind, Need, Node},
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{logic::Ask, say::Say, vocabulary::Index, words::Wording};

/// A plan under construction.
pub struct Generator<'a> {
    /// The estate.
    pub index: &'a Index,
    /// Language of labels.
    pub lang: Lang,
    /// Zone of parts of time.
    pub tz: String,
    /// Words for what is asked.
    pub wording: Wording<'a>,
    /// Decimal places wanted.
    pub decimals: Option<u8>,
    /// The unit numbers are asked for in.
    pub unit: Option<&'static str>,
    nodes: Vec<Node>,
    blocks: Vec<BlockSpec>,
    made: Vec<(Ask, String)>,
}

impl<'a> Generator<'a> {
    /// An empty plan.
    pub fn new(index: &'a Index, lang: Lang, tz: &str) -> Self {
        Self {
            index,
            lang,
            tz: tz.to_owned(),
            wording: Wording { index, lang },
            decimals: None,
            unit: None,
            nodes: Vec::new(),
            blocks: Vec::new(),
            made: Vec::new(),
        }
    }

    /// The tree: steps that need nothing of each other at the same time, then the answer.
    pub fn root(mut self) -> Node {
        let answer = format!("s{}", self.nodes.len() + 1);
        let label = self.pick("답을 정리합니다", "Put the answer together");
        let compose = Node::new(answer, label, Kind::Compose { blocks: std::mem::take(&mut self.blocks) });
        let nodes = std::mem::take(&mut self.nodes);
        let linked =
            |n: &Node| matches!(&n.kind, Kind::Tool { args, .. } if refers(&Value::Object(args.clone())));
        let chain = nodes.len() < 2 || nodes.iter().skip(1).all(linked);
        let mut children = if chain {
            nodes
        } else if nodes.iter().all(|n| !linked(n)) {
            let kind = Kind::Par { nodes, max: 0, need: Need::Any };
            vec![Node::new("p1", self.pick("동시에 조회합니다", "Look at the same time"), kind)]
        } else {
            vec![Node::new(
                "p1",
                self.pick("필요한 순서로 조회합니다", "Look in the order of need"),
                Kind::Dag { nodes },
            )]
        };
        children.push(compose);
        Node::new("root", self.pick("질문에 답합니다", "Answer the question"), Kind::Seq { nodes: children })
    }

    /// The unit a number kept in `unit` is shown in.
    pub fn shown_in(&self, unit: &str) -> String {
        let wanted = self.unit.filter(|w| crate::compose::value::factor(unit, w).is_some());
        wanted.unwrap_or(unit).to_owned()
    }

    /// The text of the language of the plan.
    pub fn pick(&self, ko: &str, en: &str) -> String {
        if self.lang == Lang::Ko { ko.to_owned() } else { en.to_owned() }
    }

    /// Adds a tool node and gives its identifier; an equal node is used again.
    pub fn tool(&mut self, label: String, tool: &str, args: &impl Serialize) -> String {
        let args = compact(serde_json::to_value(args).unwrap_or(Value::Null));
        let same = self.nodes.iter().find(|n| {
            matches!(&n.kind, Kind::Tool { tool: t, args: a } if t == tool && Value::Object(a.clone()) == args)
        });
        if let Some(node) = same {
            return node.id.clone();
        }
        let id = format!("s{}", self.nodes.len() + 1);
        self.nodes.push(Node::tool(id.clone(), label, tool, args));
        id
    }

    /// Adds what to say about a step.
    pub fn say(&mut self, from: &str, say: &Say) {
        self.blocks.push(say.to_block(from));
    }

    /// Remembers the step that answers a question, so that a second use of it needs no second step.
    pub fn remember(&mut self, ask: &Ask, id: &str) {
        self.made.push((ask.clone(), id.to_owned()));
    }

    /// The step that answers a question already.
    pub fn known(&self, ask: &Ask) -> Option<String> {
        self.made.iter().find(|(a, _)| a == ask).map(|(_, id)| id.clone())
    }
}

/// Leaves out what is empty, so that a plan shows only what decides it.
fn compact(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept: Map<String, Value> = map
                .into_iter()
                .map(|(k, v)| (k, compact(v)))
                .filter(|(k, v)| {
                    k == "value"
                        || k == "measures"
                        || k == "agg"
                        || !(v.is_null()
                            || *v == Value::Bool(false)
                            || v.as_array().is_some_and(Vec::is_empty)
                            || v.as_object().is_some_and(Map::is_empty)
                            || v.as_str() == Some("")
                            || v.as_u64() == Some(0))
                })
                .collect();
            Value::Object(kept)
        }
        Value::Array(list) => Value::Array(list.into_iter().map(compact).collect()),
        other => other,
    }
}

fn refers(value: &Value) -> bool {
    match value {
        Value::String(s) => s.starts_with('$') && !s.starts_with("$$"),
        Value::Array(list) => list.iter().any(refers),
        Value::Object(map) => map.values().any(refers),
        _ => false,
    }
}
