//! Steps and sayings for questions about records.

use model::{
    Condition, Op,
    tools::{RecordAggregate, RecordSearch, Sort},
};
use serde_json::Value;

use super::{Generator, asks::top_of, numbers::Whole};
use crate::{
    logic::{RecordSet, Reduce, Want},
    say::Say,
};

impl Generator<'_> {
    pub(super) fn of_records(&mut self, set: &RecordSet, want: &Want, told: bool) -> String {
        let counter = if self.lang == model::Lang::Ko { "건" } else { "" }.to_owned();
        let subject = self.wording.records(set);
        match want {
            Want::Fields(fields) | Want::List(fields) => self.some_records(set, (50, 0), true, fields, told),
            Want::Number(reduce) => {
                let select = self.records(set);
                let measure = self.measure(reduce);
                let column = measure.name.clone();
                let args = RecordAggregate {
                    select,
                    measures: vec![measure],
                    tz: self.tz.clone(),
                    ..RecordAggregate::default()
                };
                let tool = self.record_tool(set.kind, "aggregate");
                let id = self.tool(self.wording.counting(&subject, reduce), &tool, &args);
                if told {
                    let unit = self.unit_of(reduce, Some(set.kind));
                    let unit = self.shown_in(&unit);
                    let counter = match reduce {
                        Reduce::Count => counter,
                        Reduce::Distinct(_) if self.lang == model::Lang::Ko => "개".to_owned(),
                        _ => String::new(),
                    };
                    let subject = self.wording.measured(&subject, reduce, Some(set.kind));
                    self.say(
                        &id,
                        &Say::Number {
                            subject,
                            column,
                            unit,
                            counter,
                            decimals: self.decimals,
                            with: Vec::new(),
                        },
                    );
                }
                id
            }
            Want::Groups { by, measure } | Want::TopGroups { by, measure, .. } => {
                let mut select = self.records(set);
                for field in by.iter().filter(|f| f.starts_with("ci.")) {
                    select.filter.push(Condition::new(field.clone(), Op::Exists, Value::Null));
                }
                let m = self.measure(measure);
                let column = m.name.clone();
                let (sort, limit, top) = top_of(want, &column);
                let args = RecordAggregate {
                    select,
                    group_by: by.clone(),
                    measures: vec![m],
                    sort,
                    limit,
                    tz: self.tz.clone(),
                    ..RecordAggregate::default()
                };
                let tool = self.record_tool(set.kind, "aggregate");
                let id = self.tool(self.wording.grouping(&subject, by), &tool, &args);
                if told {
                    let unit = self.unit_of(measure, Some(set.kind));
                    let counter = if matches!(measure, Reduce::Count | Reduce::Percent) {
                        counter
                    } else {
                        String::new()
                    };
                    let plain = subject.clone();
                    let subject = self.wording.measured(&subject, measure, Some(set.kind));
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
                let select = self.records(set);
                let m = self.measure(measure);
                let args = RecordAggregate {
                    select,
                    group_by: by.clone(),
                    measures: vec![m],
                    having: vec![having.clone()],
                    tz: self.tz.clone(),
                    ..RecordAggregate::default()
                };
                let tool = self.record_tool(set.kind, "aggregate");
                let id = self.tool(self.wording.grouping(&subject, by), &tool, &args);
                if told {
                    self.say_groups(&id, &subject, by, having);
                }
                id
            }
            Want::TopRows { field, n, desc, place, fields } => {
                let select = self.records(set);
                let args =
                    RecordSearch { select, sort: vec![Sort { by: field.clone(), desc: *desc }], limit: *n };
                let tool = self.record_tool(set.kind, "search");
                let id = self.tool(self.wording.ranking(&subject, field), &tool, &args);
                if told {
                    let mut shown = vec!["ci".to_owned(), "at".to_owned(), field.clone()];
                    shown.extend(
                        fields
                            .iter()
                            .filter(|f| !["ci", "at", field.as_str()].contains(&f.as_str()))
                            .cloned(),
                    );
                    let place = *place;
                    self.say(&id, &Say::Records { subject, latest: *n == 1, fields: shown, n: *n, place });
                }
                id
            }
            Want::Overall { by, measure, over } => self.overall(Whole::Records(set), by, measure, over, told),
            Want::Versus(versus) => self.versus(Whole::Records(set), versus, told),
            Want::Exists(rows_mean_yes) => {
                let select = self.records(set);
                let args = RecordSearch { select, sort: Vec::new(), limit: 20 };
                let tool = self.record_tool(set.kind, "search");
                let id = self.tool(self.wording.finding(&subject), &tool, &args);
                if told {
                    self.say(
                        &id,
                        &Say::YesNo { subject, rows_mean_yes: *rows_mean_yes, column: "ci".into() },
                    );
                }
                id
            }
        }
    }

    pub(super) fn newest(
        &mut self,
        set: &RecordSet,
        n: u32,
        newest: bool,
        fields: &[String],
        told: bool,
    ) -> String {
        self.some_records(set, (n, n), newest, fields, told)
    }

    /// Records in time order, at most `n`; `wanted` of them were asked for, all when 0.
    pub(super) fn some_records(
        &mut self,
        set: &RecordSet,
        (n, wanted): (u32, u32),
        newest: bool,
        fields: &[String],
        told: bool,
    ) -> String {
        let select = self.records(set);
        let args = RecordSearch { select, sort: vec![Sort { by: "at".into(), desc: newest }], limit: n };
        let tool = self.record_tool(set.kind, "search");
        let subject = self.wording.records(set);
        let id = self.tool(self.wording.finding(&subject), &tool, &args);
        if told {
            let mut fields = fields.to_vec();
            // Which item it is about is not known from the question when it was reached over relations.
            let one = set.of.as_ref().is_some_and(|s| s.named().is_some_and(|c| c.len() == 1));
            if !fields.is_empty() && !one && !fields.iter().any(|f| f == "ci") {
                fields.insert(0, "ci".into());
            }
            self.say(&id, &Say::Records { subject, latest: n == 1, fields, n: wanted, place: false });
        }
        id
    }
}
