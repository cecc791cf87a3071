//! Steps and sayings for each form of question.

use model::{
    Condition, Op,
    schema::FieldType,
    tools::{CiAggregate, CiSelect, Measure, Sort},
};
use serde_json::{Value, json};

use super::{Generator, numbers::Whole, sets::count};
use crate::{
    logic::{Ask, ItemSet, Reduce, Start, Want},
    say::Say,
};

impl Generator<'_> {
    /// Adds the steps that answer a question and, when `told`, what to say; gives the step of the answer.
    pub fn answer(&mut self, ask: &Ask, told: bool) -> String {
        if told && let Some(base) = base_of(ask) {
            self.tell_base(base);
        }
        if told
            && let Ask::Records(set, _) | Ask::Newest { set, .. } = ask
            && let Some(newest) = &set.after
            && self.known(newest).is_none()
        {
            // Since when: the record it is told by.
            self.answer(newest, true);
        }
        let id = match ask {
            Ask::Items(set, want) => self.items(set, want, told),
            Ask::Records(set, want) => self.of_records(set, want, told),
            Ask::Newest { set, n, newest, fields } => self.newest(set, *n, *newest, fields, told),
            Ask::Metric(set, want) => self.metric(set, want, told),
            Ask::Edges { source, target, types, by, top, having } => {
                self.edges((source, target), types, by.as_deref(), *top, having.as_ref(), told)
            }
            Ask::Pairs { types, filter } => self.pairs(types, filter, told),
            Ask::Cycles { types, exists } => self.cycles(types, *exists, told),
            Ask::Path { from, to, types, direction, only_length, whether } => {
                self.path(from, to, types, *direction, (*only_length, *whether), told)
            }
            Ask::Anomalies { of, metric, window } => {
                self.anomalies(of.as_ref(), *metric, window.as_ref(), told)
            }
            Ask::Forecast { set, hours, limit } => self.forecast(set, *hours, *limit, told),
            Ask::Changes { of, window } => self.changes(of.as_ref(), window.as_ref(), told),
            Ask::Now(zone) => self.now(zone, told),
            Ask::Both(asks) => {
                let mut last = String::new();
                for (_, ask) in asks {
                    last = self.answer(ask, told);
                }
                last
            }
            Ask::Then(first, second) => {
                let id = self.answer(first, told);
                self.remember(first, &id);
                self.answer(second, told)
            }
        };
        self.remember(ask, &id);
        id
    }

    /// Names what a ranking inside the question came to.
    fn tell_base(&mut self, base: &Ask) {
        if self.known(base).is_some() {
            return;
        }
        let id = self.answer(base, false);
        let (column, subject, n, desc, place) = match base {
            Ask::Items(set, Want::TopRows { field, n, desc, place, .. }) => {
                let subject = self.wording.ask(base);
                let _ = (set, field);
                ("code".to_owned(), subject, *n, *desc, *place)
            }
            Ask::Items(set, Want::TopGroups { by, measure, n, desc, place }) => {
                let subject = self.wording.set(set);
                let subject = self.wording.ranked(&subject, measure, &by[0], *desc);
                (by[0].clone(), subject, *n, *desc, *place)
            }
            Ask::Records(set, Want::TopGroups { by, measure, n, desc, place }) => {
                let subject = self.wording.records(set);
                let subject = self.wording.ranked(&subject, measure, &by[0], *desc);
                (by[0].clone(), subject, *n, *desc, *place)
            }
            Ask::Metric(_, crate::logic::MetricWant::Top { n, desc, place, .. }) => {
                ("ci".to_owned(), self.wording.ask(base), *n, *desc, *place)
            }
            _ => return,
        };
        let say = Say::Top {
            subject,
            value: column.clone(),
            column,
            unit: String::new(),
            counter: String::new(),
            n,
            desc,
            with: Vec::new(),
            place,
        };
        self.say(&id, &say);
    }

    pub(super) fn measure(&self, reduce: &Reduce) -> Measure {
        let (r#fn, field, filter, name) = match reduce {
            Reduce::Count | Reduce::Percent => return count(),
            Reduce::Distinct(f) => ("distinct".to_owned(), f.clone(), Vec::new(), "count".to_owned()),
            Reduce::Of(r#fn, f) => (r#fn.clone(), f.clone(), Vec::new(), format!("{}_{f}", r#fn)),
            Reduce::Share(filter) => ("share".to_owned(), String::new(), filter.clone(), "share".to_owned()),
        };
        Measure { r#fn, field, filter, name }
    }

    pub(super) fn unit_of(&self, reduce: &Reduce, rec: Option<usize>) -> String {
        match reduce {
            Reduce::Count | Reduce::Percent | Reduce::Distinct(_) => "count".to_owned(),
            Reduce::Share(_) => "%".to_owned(),
            Reduce::Of(_, f) => match rec {
                Some(k) => self.index.rec_field(k, f).map(|d| d.unit.clone()).unwrap_or_default(),
                None => self.index.field(f).map(|d| d.unit.clone()).unwrap_or_default(),
            },
        }
    }

    fn items(&mut self, set: &ItemSet, want: &Want, told: bool) -> String {
        let counter = self.wording.counter(set);
        let subject = self.wording.set(set);
        match want {
            Want::Fields(fields) | Want::List(fields) => {
                let fields = self.expand(set, fields);
                let hop = match &set.start {
                    Start::Hop(hop) if set.is_simple() => Some(hop.as_ref().clone()),
                    _ => None,
                };
                let id = match &hop {
                    Some(hop) => self.hop(hop, &set.filter, &fields),
                    None => self.search(set, &fields),
                };
                if told {
                    let say = match (&hop, want) {
                        (_, Want::Fields(_)) => Say::Fields { column: "code".into(), fields },
                        (Some(hop), _) if fields.is_empty() && (hop.impact.is_some() || hop.depth != 1) => {
                            Say::Related {
                                subject,
                                start: self.start_names(&hop.from),
                                impact: hop.impact.is_some(),
                            }
                        }
                        _ if !fields.is_empty() && matches!(set.start, Start::Hop(_)) => {
                            Say::Fields { column: "code".into(), fields }
                        }
                        _ => Say::List { subject, column: "code".into(), counter, with: fields },
                    };
                    self.say(&id, &say);
                }
                id
            }
            Want::Number(reduce) => {
                let select = self.select(set);
                let measure = self.measure(reduce);
                let column = measure.name.clone();
                let select = without_missing(select, reduce);
                let args = CiAggregate { select, measures: vec![measure], ..CiAggregate::default() };
                let id = self.tool(self.wording.counting(&subject, reduce), "ci.aggregate", &args);
                if told {
                    let unit = self.unit_of(reduce, None);
                    let subject = self.wording.measured(&subject, reduce, None);
                    let say = Say::Number {
                        subject,
                        column,
                        unit,
                        counter: self.wording.counter_for(set, reduce),
                        decimals: self.decimals,
                        with: Vec::new(),
                    };
                    self.say(&id, &say);
                }
                id
            }
            Want::Groups { by, measure } | Want::TopGroups { by, measure, .. } => {
                let select = self.select(set);
                let m = self.measure(measure);
                let column = m.name.clone();
                let (sort, limit, top) = top_of(want, &column);
                let args = CiAggregate {
                    select,
                    group_by: by.clone(),
                    measures: vec![m],
                    sort,
                    limit,
                    ..CiAggregate::default()
                };
                let id = self.tool(self.wording.grouping(&subject, by), "ci.aggregate", &args);
                if told {
                    let unit = self.unit_of(measure, None);
                    let plain = subject.clone();
                    let subject = self.wording.measured(&subject, measure, None);
                    let say = match top {
                        Some((n, desc, place)) if by.len() == 1 => Say::Top {
                            subject: self.wording.ranked(&plain, measure, &by[0], desc),
                            column: by[0].clone(),
                            value: column,
                            unit,
                            counter,
                            n,
                            desc,
                            with: Vec::new(),
                            place,
                        },
                        _ => Say::Groups {
                            subject,
                            by: by.clone(),
                            values: vec![column],
                            unit,
                            counter,
                            share: *measure == Reduce::Percent,
                        },
                    };
                    self.say(&id, &say);
                }
                id
            }
            Want::GroupsThat { by, measure, having } => {
                let select = self.select(set);
                let m = self.measure(measure);
                let args = CiAggregate {
                    select,
                    group_by: by.clone(),
                    measures: vec![m],
                    having: vec![having.clone()],
                    ..CiAggregate::default()
                };
                let id = self.tool(self.wording.grouping(&subject, by), "ci.aggregate", &args);
                if told {
                    self.say_groups(&id, &subject, by, having);
                }
                id
            }
            Want::TopRows { field, n, desc, place, fields } => {
                let mut select = self.select(set);
                select.filter.push(Condition::new(field.clone(), Op::Exists, Value::Null));
                let measure = Measure {
                    r#fn: "max".into(),
                    field: field.clone(),
                    filter: Vec::new(),
                    name: field.clone(),
                };
                // Groups of one item each, so that what ties with the last one is kept.
                let args = CiAggregate {
                    select,
                    group_by: vec!["code".into()],
                    measures: vec![measure],
                    sort: vec![Sort { by: field.clone(), desc: *desc }],
                    limit: *n,
                    ..CiAggregate::default()
                };
                let id = self.tool(self.wording.ranking(&subject, field), "ci.aggregate", &args);
                if told {
                    let unit = self.index.field(field).map(|f| f.unit.clone()).unwrap_or_default();
                    let say = Say::Top {
                        subject,
                        column: "code".into(),
                        value: field.clone(),
                        unit,
                        counter: String::new(),
                        n: *n,
                        desc: *desc,
                        with: Vec::new(),
                        place: *place,
                    };
                    self.say(&id, &say);
                }
                if fields.is_empty() {
                    return id;
                }
                let args = model::tools::CiSearch {
                    select: CiSelect {
                        codes: Some(json!(if *place {
                            format!("${id}.rows[{}].code", n.saturating_sub(1))
                        } else {
                            format!("${id}.rows[*].code")
                        })),
                        ..CiSelect::default()
                    },
                    fields: fields.clone(),
                    ..model::tools::CiSearch::default()
                };
                let label = self.pick("해당 항목의 속성을 조회합니다", "Look up fields of these items");
                let id = self.tool(label, "ci.search", &args);
                if told {
                    self.say(&id, &Say::Fields { column: "code".into(), fields: fields.clone() });
                }
                id
            }
            Want::Overall { by, measure, over } => self.overall(Whole::Items(set), by, measure, over, told),
            Want::Versus(versus) => self.versus(Whole::Items(set), versus, told),
            Want::Exists(rows_mean_yes) => {
                let id = match &set.start {
                    Start::Hop(hop) if set.is_simple() => self.hop(hop, &set.filter, &[]),
                    _ => self.search(set, &[]),
                };
                if told {
                    self.say(
                        &id,
                        &Say::YesNo { subject, rows_mean_yes: *rows_mean_yes, column: "code".into() },
                    );
                }
                id
            }
        }
    }

    /// The groups that fit, with their numbers.
    pub(super) fn say_groups(&mut self, id: &str, subject: &str, by: &[String], having: &Condition) {
        let subject = self.wording.groups_that(subject, by, having);
        let column = by.first().cloned().unwrap_or_default();
        let counter = self.pick("개", "");
        self.say(id, &Say::List { subject, column, counter, with: vec!["count".into()] });
    }

    fn start_names(&self, set: &ItemSet) -> Vec<String> {
        set.named().map(<[String]>::to_vec).unwrap_or_default()
    }

    /// `*` becomes the fields the items have.
    fn expand(&self, set: &ItemSet, fields: &[String]) -> Vec<String> {
        if !fields.iter().any(|f| f == "*") {
            return fields.to_vec();
        }
        let kinds: Vec<String> = match set.named() {
            Some(codes) => {
                codes.iter().filter_map(|c| self.index.item_by_code(c)).map(|x| x.kind.clone()).collect()
            }
            None => set.kinds(),
        };
        std::iter::once("kind".to_owned())
            .chain(
                self.index
                    .catalogue()
                    .fields
                    .iter()
                    .filter(|f| {
                        kinds.iter().any(|k| self.index.kind_has(k, &f.key)) && f.r#type != FieldType::Time
                    })
                    .map(|f| f.key.clone())
                    .take(12),
            )
            .collect()
    }
}

/// The ranking a question is built on, unless the answer names its members anyway.
fn base_of(ask: &Ask) -> Option<&Ask> {
    fn inside(set: &ItemSet) -> Option<&Ask> {
        match &set.start {
            Start::Best(ask) | Start::Members(ask) => Some(ask),
            Start::Hop(hop) => inside(&hop.from),
            _ => None,
        }
    }
    match ask {
        Ask::Items(ItemSet { start: Start::Best(_), .. }, Want::Fields(_) | Want::List(_)) => None,
        Ask::Items(set, _) => inside(set),
        Ask::Records(set, _) | Ask::Newest { set, .. } => set.of.as_ref().and_then(inside),
        Ask::Metric(set, _) | Ask::Forecast { set, .. } => set.of.as_ref().and_then(inside),
        Ask::Anomalies { of, .. } | Ask::Changes { of, .. } => of.as_ref().and_then(inside),
        _ => None,
    }
}

/// Items without the field would be counted as nothing.
fn without_missing(mut select: CiSelect, reduce: &Reduce) -> CiSelect {
    if let Reduce::Of(_, f) | Reduce::Distinct(f) = reduce
        && f != "kind"
    {
        select.filter.push(Condition::new(f.clone(), Op::Exists, Value::Null));
    }
    select
}

pub(super) fn top_of(want: &Want, column: &str) -> (Vec<Sort>, u32, Option<(u32, bool, bool)>) {
    match want {
        Want::TopGroups { n, desc, place, .. } => {
            (vec![Sort { by: column.to_owned(), desc: *desc }], *n, Some((*n, *desc, *place)))
        }
        _ => (Vec::new(), 0, None),
    }
}
