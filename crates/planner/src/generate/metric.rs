//! Steps and sayings for questions about metrics.

use model::{
    Op,
    tools::{MetricCompare, MetricQuery, Sort},
};
use serde_json::{Value, json};

use super::{Generator, sets::window};
use crate::{
    logic::{MetricSet, MetricWant},
    say::Say,
};

impl Generator<'_> {
    /// A question about a metric.
    pub fn metric(&mut self, set: &MetricSet, want: &MetricWant, told: bool) -> String {
        let Some(def) = self.index.catalogue().metrics.get(set.metric).cloned() else { return String::new() };
        let ci = set.of.as_ref().and_then(|s| self.codes(s));
        let (from, to) = window(set.window.as_ref());
        let base = MetricQuery {
            metric: def.key.clone(),
            ci,
            peer: set.peer.as_ref().map(|p| json!(p)),
            from,
            to,
            filter: set.filter.clone(),
            ..MetricQuery::default()
        };
        let subject = self.wording.metric(set);
        let unit = def.unit.clone();
        let asked = self.shown_in(&unit);
        let one = set.of.as_ref().is_some_and(|s| s.named().is_some_and(|c| c.len() == 1));
        let single = one
            || set.peer.is_some()
            || self.index.vocabulary().measured.get(&def.key).is_some_and(|l| l.len() == 1);
        let number =
            |subject: String, column: &str, unit: &str, counter: &str, with: Vec<String>, decimals| {
                Say::Number {
                    subject,
                    column: column.to_owned(),
                    unit: unit.to_owned(),
                    counter: counter.to_owned(),
                    decimals,
                    with,
                }
            };
        let label = self.wording.measuring(&subject);
        let decimals = self.decimals;
        match want {
            MetricWant::Value { agg, together } => {
                let series = single && set.window.is_some();
                let mut columns = vec![agg.clone()];
                let when = format!("{agg}_at");
                let extreme = matches!(agg.as_str(), "max" | "min") && single;
                if extreme {
                    columns.push(when.clone());
                }
                let args = MetricQuery { agg: columns, together: *together, series, ..base };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    let subject = self.wording.aggregate(&subject, agg);
                    if single || *together {
                        let with = if extreme { vec![when] } else { Vec::new() };
                        self.say(&id, &number(subject, agg, &asked, "", with, decimals));
                    } else {
                        self.say(
                            &id,
                            &Say::Groups {
                                subject,
                                by: vec!["ci".into()],
                                values: vec![agg.clone()],
                                unit,
                                counter: String::new(),
                                share: false,
                            },
                        );
                    }
                }
                id
            }
            MetricWant::Top { agg, n, desc, when, place } => {
                let mut columns = vec![agg.clone()];
                let at = format!("{agg}_at");
                if *when && matches!(agg.as_str(), "max" | "min") {
                    columns.push(at.clone());
                }
                let args = MetricQuery {
                    agg: columns,
                    sort: vec![Sort { by: agg.clone(), desc: *desc }],
                    limit: *n,
                    ..base
                };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    let subject = self.wording.aggregate(&subject, agg);
                    let with =
                        if *when && matches!(agg.as_str(), "max" | "min") { vec![at] } else { Vec::new() };
                    self.say(
                        &id,
                        &Say::Top {
                            subject,
                            column: "ci".into(),
                            value: agg.clone(),
                            unit,
                            counter: String::new(),
                            n: *n,
                            desc: *desc,
                            with,
                            place: *place,
                        },
                    );
                }
                id
            }
            MetricWant::When { max } => {
                let (value, at) = if *max { ("max", "max_at") } else { ("min", "min_at") };
                let sort = vec![Sort { by: value.into(), desc: *max }];
                let args = MetricQuery {
                    agg: vec![value.into(), at.into()],
                    sort,
                    limit: 1,
                    series: single,
                    ..base
                };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    let subject = self.wording.aggregate(&subject, value);
                    self.say(&id, &number(subject, value, &unit, "", vec![at.into()], decimals));
                }
                id
            }
            MetricWant::Samples => {
                let args = MetricQuery { agg: vec!["count".into()], together: !single, ..base };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    let counter = self.pick("개", "");
                    let subject = self.wording.samples(&subject, &set.filter);
                    self.say(&id, &number(subject, "count", "count", &counter, Vec::new(), None));
                }
                id
            }
            MetricWant::Over { agg, condition, .. } => {
                let desc = !matches!(condition.op, Op::Lt | Op::Le);
                let average = agg == "avg";
                let args = MetricQuery {
                    agg: vec![agg.clone(), "count".into()],
                    filter: if average { Vec::new() } else { base.filter.clone() },
                    having: if average {
                        vec![model::Condition { field: agg.clone(), ..condition.clone() }]
                    } else {
                        Vec::new()
                    },
                    sort: vec![Sort { by: agg.clone(), desc }],
                    ..base
                };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    let subject = if average { self.wording.aggregate(&subject, agg) } else { subject };
                    let subject = self.wording.items_over(&subject, condition);
                    self.say(
                        &id,
                        &Say::List {
                            subject,
                            column: "ci".into(),
                            counter: self.pick("개", ""),
                            with: vec![agg.clone()],
                        },
                    );
                }
                id
            }
            MetricWant::Buckets { agg, width, top } => {
                let (sort, limit) = match top {
                    Some(desc) => (vec![Sort { by: agg.clone(), desc: *desc }], 1),
                    None => (Vec::new(), 0),
                };
                let args = MetricQuery {
                    agg: vec![agg.clone()],
                    buckets: width.clone(),
                    together: !single,
                    sort,
                    limit,
                    ..base
                };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    let subject = self.wording.aggregate(&subject, agg);
                    let say = match top {
                        Some(desc) => Say::Top {
                            subject,
                            column: "at".into(),
                            value: agg.clone(),
                            unit,
                            counter: String::new(),
                            n: 1,
                            desc: *desc,
                            with: Vec::new(),
                            place: false,
                        },
                        None => Say::Groups {
                            subject,
                            by: vec!["at".into()],
                            values: vec![agg.clone()],
                            unit,
                            counter: String::new(),
                            share: false,
                        },
                    };
                    self.say(&id, &say);
                }
                id
            }
            MetricWant::Trend => {
                let agg = vec!["avg".to_owned(), "min".into(), "max".into(), "max_at".into()];
                let args = MetricQuery { agg, series: true, ..base };
                let id = self.tool(label, "metric.query", &args);
                if told {
                    self.say(
                        &id,
                        &Say::Groups {
                            subject: subject.clone(),
                            by: vec!["ci".into()],
                            values: vec!["avg".into(), "min".into(), "max".into()],
                            unit: unit.clone(),
                            counter: String::new(),
                            share: false,
                        },
                    );
                    self.say(&id, &Say::Chart { subject, unit });
                }
                id
            }
            MetricWant::Compare { agg, other, how } => {
                let pair = |w: Option<&crate::time::Window>| {
                    let (from, to) = window(w);
                    (from.unwrap_or(Value::Null), to.unwrap_or(Value::Null))
                };
                let args = MetricCompare {
                    metric: def.key.clone(),
                    ci: base.ci,
                    agg: agg.clone(),
                    a: pair(set.window.as_ref()),
                    b: pair(Some(other)),
                    sort: Vec::new(),
                    limit: 0,
                };
                let id = self.tool(label, "metric.compare", &args);
                if told {
                    let sides = (
                        set.window.as_ref().map(|w| w.words.clone()).unwrap_or_default(),
                        other.words.clone(),
                    );
                    let subject = self.wording.aggregate(&subject, agg);
                    let how = how.map(|h| h.told().to_owned()).unwrap_or_default();
                    self.say(&id, &Say::Compare { subject, column: "ci".into(), sides, unit, how });
                }
                id
            }
        }
    }
}
