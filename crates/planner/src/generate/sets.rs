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
            Start::Best(ask) | Start::Members(ask) if grouped_by_field(ask).is_some() => {
                let id = self.known(ask).unwrap_or_else(|| self.answer(ask, false));
                let field = grouped_by_field(ask).unwrap_or_default();
                let column = match ask.as_ref() {
                    crate::logic::Ask::Records(..) => on_item(&field),
                    _ => field.clone(),
                };
                let rows = rows_of(ask);
                filter.push(Condition::new(
                    field.clone(),
                    Op::In,
                    json!(format!("${id}.{rows}[\"{column}\"]")),
                ));
                let system =
                    self.index.role(model::schema::FieldRole::System).is_some_and(|f| f.key == field);
                if system && matches!(set.start, Start::Best(_)) {
                    // The items that stand for the systems themselves.
                    filter.extend(crate::read::sets::kind_filter(&self.index.system_kinds(), &[]));
                }
                None
            }
            Start::Hop(_) | Start::Best(_) | Start::Members(_) => {
                let (id, column) = self.source(set);
                if matches!(set.start, Start::Hop(_)) {
                    // The step over relations has kept the conditions.
                    filter.clear();
                }
                Some(json!(format!("${id}.{column}")))
            }
        };
        for records in &set.without {
            let id = self.items_of_records(records, None);
            filter.push(Condition::new("code", Op::NotIn, json!(format!("${id}.rows[*].ci"))));
        }
        for recorded in &set.with {
            let id = self.items_of_records(&recorded.records, recorded.count.as_ref());
            filter.push(Condition::new("code", Op::In, json!(format!("${id}.rows[*].ci"))));
        }
        for (sets, op) in [(&set.outside, Op::NotIn), (&set.inside, Op::In)] {
            for other in sets {
                if let Some(codes) = self.codes(other) {
                    filter.push(Condition::new("code", op, codes));
                }
            }
        }
        for limit in &mut filter {
            if let Some(reference) = self.mean_of(set, limit) {
                limit.value = reference;
            }
        }
        with_values(&mut filter, "");
        CiSelect { codes, filter, text: String::new() }
    }

    /// A mean that is a limit, as a reference to the step that works it out.
    fn mean_of(&mut self, set: &ItemSet, limit: &Condition) -> Option<Value> {
        let field = limit.value.get(crate::read::than::AVERAGE)?.as_str()?.to_owned();
        let whole =
            ItemSet { filter: set.filter.iter().filter(|c| *c != limit).cloned().collect(), ..set.clone() };
        let mut select = self.select(&whole);
        select.filter.push(Condition::new(field.clone(), Op::Exists, Value::Null));
        let name = format!("avg_{field}");
        let measure = Measure { r#fn: "avg".into(), field, filter: Vec::new(), name: name.clone() };
        let args = model::tools::CiAggregate { select, measures: vec![measure], ..Default::default() };
        let label = self.pick("평균을 구합니다", "Work out the average");
        let id = self.tool(label, "ci.aggregate", &args);
        Some(json!(format!("${id}.rows[0].{name}")))
    }

    /// The items that have such records, as a step with a column `ci`.
    fn items_of_records(&mut self, records: &RecordSet, count_fits: Option<&Condition>) -> String {
        let select = self.records(records);
        let args = RecordAggregate {
            select,
            group_by: vec!["ci".to_owned()],
            measures: vec![count()],
            having: count_fits.cloned().into_iter().collect(),
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

    /// The step that gives a set and the path of its codes (`rows[*].code`).
    pub fn source(&mut self, set: &ItemSet) -> (String, String) {
        match &set.start {
            Start::Hop(hop) => (self.hop(hop, &set.filter, &[]), "rows[*].code".to_owned()),
            Start::Best(ask) | Start::Members(ask) => {
                let id = match self.known(ask) {
                    Some(id) => id,
                    None => self.answer(ask, false),
                };
                let column = match ask.as_ref() {
                    crate::logic::Ask::Items(..) => "code",
                    crate::logic::Ask::Edges { by, .. } => by.as_deref().unwrap_or("source"),
                    _ => "ci",
                };
                (id, format!("{}.{column}", rows_of(ask)))
            }
            _ => (self.search(set, &[]), "rows[*].code".to_owned()),
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
            && set.is_simple()
            && (matches!(set.start, Start::Hop(_)) || set.filter.is_empty())
            && !matches!(&set.start, Start::Best(ask) if grouped_by_field(ask).is_some())
        {
            let (id, column) = self.source(set);
            return Some(json!(format!("${id}.{column}")));
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
            let mean = of.filter.iter().any(|c| c.value.get(crate::read::than::AVERAGE).is_some());
            if of.is_plain() && !mean {
                filter.extend(of.filter.iter().map(|c| Condition { field: on_item(&c.field), ..c.clone() }));
            } else {
                ci = self.codes(of);
            }
        }
        let (mut from, to) = window(set.window.as_ref());
        if let Some(newest) = &set.after {
            let id = self.known(newest).unwrap_or_else(|| self.answer(newest, false));
            from = Some(json!(format!("${id}.rows[0].at")));
        }
        let by_clock = filter.iter().any(|c| matches!(c.field.as_str(), "weekday" | "hour_of_day"));
        let tz = if by_clock { self.tz.clone() } else { String::new() };
        RecordSelect { kind, ci, filter, from, to, tz }
    }

    /// `event.search`, `history.aggregate` …: the tool for a kind of record.
    pub fn record_tool(&self, kind: usize, what: &str) -> String {
        let event = self.index.catalogue().records.get(kind).is_some_and(|r| r.role == RecordRole::Event);
        format!("{}.{what}", if event { "event" } else { "history" })
    }
}

/// What is not of a value has another one: items without any are not meant.
fn with_values(filter: &mut Vec<Condition>, prefix: &str) {
    let denied: Vec<String> = filter
        .iter()
        .filter(|c| matches!(c.op, Op::Ne | Op::NotIn))
        .map(|c| c.field.clone())
        .filter(|f| {
            let plain = f.strip_prefix(prefix).unwrap_or(f);
            !matches!(plain, "code" | "kind" | "ci") && f.starts_with(prefix)
        })
        .collect();
    for field in denied {
        if !filter.iter().any(|c| c.field == field && c.op == Op::Exists) {
            filter.push(Condition::new(field, Op::Exists, Value::Null));
        }
    }
}

/// The rows of a ranking that are meant: all it gives, or the n-th.
fn rows_of(ask: &crate::logic::Ask) -> String {
    use crate::logic::{Ask, MetricWant, Want};
    let place = match ask {
        Ask::Items(_, Want::TopRows { n, place: true, .. } | Want::TopGroups { n, place: true, .. })
        | Ask::Records(_, Want::TopRows { n, place: true, .. } | Want::TopGroups { n, place: true, .. })
        | Ask::Metric(_, MetricWant::Top { n, place: true, .. }) => Some(*n),
        _ => None,
    };
    place.map_or("rows[*]".to_owned(), |n| format!("rows[{}]", n.saturating_sub(1)))
}

/// The field of items a ranking is grouped by, when it is not the items themselves that are ranked.
pub fn grouped_by_field(ask: &crate::logic::Ask) -> Option<String> {
    use crate::logic::{Ask, Want};
    match ask {
        Ask::Records(_, Want::TopGroups { by, .. } | Want::GroupsThat { by, .. }) => match by.as_slice() {
            [one] => one.strip_prefix("ci.").map(str::to_owned),
            _ => None,
        },
        Ask::Items(_, Want::TopGroups { by, .. } | Want::GroupsThat { by, .. }) => match by.as_slice() {
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
