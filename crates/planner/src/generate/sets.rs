//! Sets of items as arguments of tools.

use model::{
    Condition, Op,
    schema::RecordRole,
    tools::{CiSearch, CiSelect, GraphArgs, Measure, RecordAggregate, RecordSelect},
};
use serde_json::{Value, json};

use super::Generator;
use crate::{
    logic::{Hop, ItemSet, RecordSet, Start},
    time::Window,
};

impl Generator<'_> {
    /// The set as a choice of items; earlier steps are added where it needs them.
    pub fn select(&mut self, set: &ItemSet) -> CiSelect {
        let mut filter = set.filter.clone();
        let codes = match &set.start {
            Start::All => None,
            Start::Codes(codes) => Some(json!(codes)),
            Start::Best(ask) if grouped_by_field(ask).is_some() => {
                let id = self.known(ask).unwrap_or_else(|| self.answer(ask, false));
                let field = grouped_by_field(ask).unwrap_or_default();
                let column = on_item(&field);
                filter.push(Condition::new(
                    field.clone(),
                    Op::In,
                    json!(format!("${id}.rows[*][\"{column}\"]")),
                ));
                if self.index.role(model::schema::FieldRole::System).is_some_and(|f| f.key == field) {
                    // The items that stand for the systems themselves.
                    let mut kinds: Vec<String> = self
                        .index
                        .systems
                        .values()
                        .filter_map(|&i| self.index.item(i))
                        .map(|x| x.kind.clone())
                        .collect();
                    kinds.sort();
                    kinds.dedup();
                    filter.extend(crate::read::sets::kind_filter(&kinds, &[]));
                }
                None
            }
            Start::Hop(_) | Start::Best(_) => {
                let (id, column) = self.source(set);
                if matches!(set.start, Start::Hop(_)) {
                    // The step over relations has kept the conditions.
                    filter.clear();
                }
                Some(json!(format!("${id}.rows[*].{column}")))
            }
        };
        for (records, op) in [(&set.without, Op::NotIn), (&set.with, Op::In)] {
            if let Some(records) = records {
                let id = self.items_of_records(records);
                filter.push(Condition::new("code", op, json!(format!("${id}.rows[*].ci"))));
            }
        }
        if let Some(other) = &set.outside
            && let Some(codes) = self.codes(other)
        {
            filter.push(Condition::new("code", Op::NotIn, codes));
        }
        CiSelect { codes, filter, text: String::new() }
    }

    /// The items that have such records, as a step with a column `ci`.
    fn items_of_records(&mut self, records: &RecordSet) -> String {
        let select = self.records(records);
        let args = RecordAggregate {
            select,
            group_by: vec!["ci".to_owned()],
            measures: vec![count()],
            limit: 100_000,
            ..RecordAggregate::default()
        };
        let label = match self.lang {
            model::Lang::Ko => format!("{} 기록이 있는 항목을 찾습니다", self.wording.records(records)),
            model::Lang::En => format!("Find the items that have {}", self.wording.records(records)),
        };
        let tool = self.record_tool(records.kind, "aggregate");
        self.tool(label, &tool, &args)
    }

    /// The step that gives a set and the column its codes stand in.
    pub fn source(&mut self, set: &ItemSet) -> (String, String) {
        match &set.start {
            Start::Hop(hop) => (self.hop(hop, &set.filter, &[]), "code".to_owned()),
            Start::Best(ask) => {
                let id = match self.known(ask) {
                    Some(id) => id,
                    None => self.answer(ask, false),
                };
                let column = match ask.as_ref() {
                    crate::logic::Ask::Items(..) => "code",
                    crate::logic::Ask::Edges { by, .. } => by.as_deref().unwrap_or("source"),
                    _ => "ci",
                };
                (id, column.to_owned())
            }
            _ => (self.search(set, &[]), "code".to_owned()),
        }
    }

    /// A step that lists the set with fields.
    pub fn search(&mut self, set: &ItemSet, fields: &[String]) -> String {
        let select = self.select(set);
        let named = set.named().is_some() && set.filter.is_empty();
        let args = CiSearch { select, fields: fields.to_vec(), ..CiSearch::default() };
        let label = match self.lang {
            model::Lang::Ko => format!("{} 조회", self.wording.set(set)),
            model::Lang::En => format!("Look up {}", self.wording.set(set)),
        };
        self.tool(label, if named { "ci.get" } else { "ci.search" }, &args)
    }

    /// Codes of a set as an argument; none for all items.
    pub fn codes(&mut self, set: &ItemSet) -> Option<Value> {
        if set.is_all() {
            return None;
        }
        if let (Some(codes), true) = (set.named(), set.filter.is_empty()) {
            return Some(json!(codes));
        }
        if matches!(set.start, Start::Hop(_) | Start::Best(_))
            && set.without.is_none()
            && set.with.is_none()
            && set.outside.is_none()
            && (matches!(set.start, Start::Hop(_)) || set.filter.is_empty())
            && !matches!(&set.start, Start::Best(ask) if grouped_by_field(ask).is_some())
        {
            let (id, column) = self.source(set);
            return Some(json!(format!("${id}.rows[*].{column}")));
        }
        let id = self.search(set, &[]);
        Some(json!(format!("${id}.rows[*].code")))
    }

    /// A step over relations.
    pub fn hop(&mut self, hop: &Hop, filter: &[Condition], fields: &[String]) -> String {
        let ci = self.codes(&hop.from).unwrap_or(Value::Null);
        let args = GraphArgs {
            ci,
            direction: hop.direction,
            types: hop.types.clone(),
            filter: filter.to_vec(),
            max_depth: hop.depth,
            min_depth: if hop.least > 1 { hop.least } else { 0 },
            redundancy: hop.impact == Some(true),
            fields: fields.to_vec(),
            ..GraphArgs::default()
        };
        let tool = match (hop.impact, hop.depth) {
            (Some(_), _) => "graph.impact",
            (None, 1) => "graph.neighbours",
            _ => "graph.traverse",
        };
        let set = ItemSet {
            start: Start::Hop(Box::new(hop.clone())),
            filter: filter.to_vec(),
            ..ItemSet::default()
        };
        let label = match self.lang {
            model::Lang::Ko => format!("{} 찾기", self.wording.set(&set)),
            model::Lang::En => format!("Find {}", self.wording.set(&set)),
        };
        self.tool(label, tool, &args)
    }

    /// A set of records as an argument.
    pub fn records(&mut self, set: &RecordSet) -> RecordSelect {
        let kind = self.index.catalogue().records.get(set.kind).map(|r| r.key.clone()).unwrap_or_default();
        let mut filter = set.filter.clone();
        let mut ci = None;
        if let Some(of) = &set.of {
            if of.is_plain() {
                filter.extend(of.filter.iter().map(|c| Condition { field: on_item(&c.field), ..c.clone() }));
            } else {
                ci = self.codes(of);
            }
        }
        let (from, to) = window(set.window.as_ref());
        RecordSelect { kind, ci, filter, from, to, ..RecordSelect::default() }
    }

    /// `event.search`, `history.aggregate` …: the tool for a kind of record.
    pub fn record_tool(&self, kind: usize, what: &str) -> String {
        let event = self.index.catalogue().records.get(kind).is_some_and(|r| r.role == RecordRole::Event);
        format!("{}.{what}", if event { "event" } else { "history" })
    }
}

/// The field of items a ranking is grouped by, when it is not the items themselves that are ranked.
fn grouped_by_field(ask: &crate::logic::Ask) -> Option<String> {
    match ask {
        crate::logic::Ask::Records(_, crate::logic::Want::TopGroups { by, .. }) => match by.as_slice() {
            [one] => one.strip_prefix("ci.").map(str::to_owned),
            _ => None,
        },
        crate::logic::Ask::Items(_, crate::logic::Want::TopGroups { by, .. }) => match by.as_slice() {
            [one] if one != "code" => Some(one.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A field of an item as a field of its records.
pub fn on_item(field: &str) -> String {
    if field == "code" { "ci".to_owned() } else { format!("ci.{field}") }
}

/// A window as arguments.
pub fn window(w: Option<&Window>) -> (Option<Value>, Option<Value>) {
    let show = |t: chrono::DateTime<chrono::Utc>| json!(t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    (w.and_then(|w| w.from).map(show), w.and_then(|w| w.to).map(show))
}

/// The number of rows.
pub fn count() -> Measure {
    Measure { r#fn: "count".into(), field: String::new(), filter: Vec::new(), name: "count".into() }
}
