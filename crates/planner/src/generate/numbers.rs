//! Numbers of numbers: groups reduced once more, and two parts compared.

use model::{
    Condition, Op,
    tools::{CiAggregate, Measure, RecordAggregate, Sort},
};
use serde_json::Value;

use super::{Generator, sets::window};
use crate::{
    logic::{ItemSet, RecordSet, Reduce, Side, Versus},
    say::Say,
    time::Window,
};

/// What numbers are made of.
#[derive(Clone, Copy)]
pub enum Whole<'a> {
    /// Items.
    Items(&'a ItemSet),
    /// Records.
    Records(&'a RecordSet),
}

impl Whole<'_> {
    fn kind(self) -> Option<usize> {
        match self {
            Self::Items(_) => None,
            Self::Records(set) => Some(set.kind),
        }
    }
}

impl Generator<'_> {
    fn subject(&self, whole: Whole<'_>) -> String {
        match whole {
            Whole::Items(set) => self.wording.set(set),
            Whole::Records(set) => self.wording.records(set),
        }
    }

    fn groups(&mut self, whole: Whole<'_>, label: String, rest: CiAggregate) -> String {
        match whole {
            Whole::Items(set) => {
                let args = CiAggregate { select: self.select(set), ..rest };
                self.tool(label, "ci.aggregate", &args)
            }
            Whole::Records(set) => {
                let mut select = self.records(set);
                for field in rest.group_by.iter().filter(|f| f.starts_with("ci.")) {
                    select.filter.push(Condition::new(field.clone(), Op::Exists, Value::Null));
                }
                let args = RecordAggregate {
                    select,
                    group_by: rest.group_by,
                    measures: rest.measures,
                    having: rest.having,
                    sort: rest.sort,
                    limit: rest.limit,
                    tz: self.tz.clone(),
                    over: rest.over,
                };
                let tool = self.record_tool(set.kind, "aggregate");
                self.tool(label, &tool, &args)
            }
        }
    }

    /// The number of each group, reduced to one.
    pub fn overall(
        &mut self,
        whole: Whole<'_>,
        by: &str,
        measure: &Reduce,
        over: &str,
        told: bool,
    ) -> String {
        let subject = self.subject(whole);
        let args = CiAggregate {
            group_by: vec![by.to_owned()],
            measures: vec![self.measure(measure)],
            over: over.to_owned(),
            ..CiAggregate::default()
        };
        let label = self.wording.grouping(&subject, &[by.to_owned()]);
        let id = self.groups(whole, label, args);
        if told {
            let counts = matches!(measure, Reduce::Count | Reduce::Distinct(_));
            let unit = if counts { String::new() } else { self.unit_of(measure, whole.kind()) };
            let subject = self.wording.overall(&subject, by, measure, over);
            let counter = match whole {
                _ if !counts => String::new(),
                Whole::Items(_) => self.pick("개", ""),
                Whole::Records(_) => self.pick("건", ""),
            };
            let say = Say::Number {
                subject,
                column: "value".into(),
                unit,
                counter,
                decimals: self.decimals,
                with: Vec::new(),
            };
            self.say(&id, &say);
        }
        id
    }

    /// Two parts of a set, compared.
    pub fn versus(&mut self, whole: Whole<'_>, versus: &Versus, told: bool) -> String {
        let subject = self.subject(whole);
        let measure = |side: &Side, name: &str| {
            let mut filter = side.filter.clone();
            if let (Some(w), Whole::Records(_)) = (&side.window, whole) {
                let (from, to) = window(Some(w));
                filter.extend(from.map(|t| Condition::new("at", Op::Ge, t)));
                filter.extend(to.map(|t| Condition::new("at", Op::Lt, t)));
            }
            let mut m = self.measure(&versus.measure);
            m.filter.extend(filter);
            Measure { name: name.to_owned(), ..m }
        };
        let derived = Measure {
            r#fn: versus.how.function().to_owned(),
            field: "a,b".into(),
            filter: Vec::new(),
            name: "change".into(),
        };
        let measures = vec![measure(&versus.base, "a"), measure(&versus.other, "b"), derived];
        let (sort, limit) = match versus.top {
            Some((n, desc)) => (vec![Sort { by: "change".into(), desc }], n),
            None => (Vec::new(), 0),
        };
        let by: Vec<String> = versus.by.iter().cloned().collect();
        let args = CiAggregate { group_by: by.clone(), measures, sort, limit, ..CiAggregate::default() };
        let label = self.wording.comparing(&subject);
        // Only what lies in one of the windows is looked at.
        let id = match (whole, &versus.base.window, &versus.other.window) {
            (Whole::Records(set), Some(a), Some(b)) => {
                let both = Window {
                    from: a.from.min(b.from),
                    to: a.to.zip(b.to).map(|(a, b)| a.max(b)),
                    ..a.clone()
                };
                let set = RecordSet { window: Some(both), ..set.clone() };
                self.groups(Whole::Records(&set), label, args)
            }
            _ => self.groups(whole, label, args),
        };
        if told {
            let unit = match self.unit_of(&versus.measure, whole.kind()) {
                unit if unit == "count" => match whole {
                    Whole::Items(_) => self.pick("개", ""),
                    Whole::Records(_) => self.pick("건", ""),
                },
                unit => unit,
            };
            let subject = self.wording.measured(&subject, &versus.measure, whole.kind());
            let sides = (versus.base.words.clone(), versus.other.words.clone());
            let how = versus.how.told().to_owned();
            let column = by.first().cloned().unwrap_or_default();
            self.say(&id, &Say::Compare { subject, column, sides, unit, how });
        }
        id
    }
}
