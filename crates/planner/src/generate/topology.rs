//! Paths, cycles, numbers of relations.

use model::{
    Condition,
    graph::Direction,
    tools::{CiSelect, GraphArgs, GraphEdges, Sort},
};
use serde_json::json;

use super::Generator;
use crate::{logic::ItemSet, say::Say};

impl Generator<'_> {
    /// A shortest path; only its length, or whether there is one.
    pub fn path(
        &mut self,
        from: &str,
        to: &str,
        types: &[String],
        direction: Direction,
        (only_length, whether): (bool, bool),
        told: bool,
    ) -> String {
        let args = GraphArgs {
            ci: json!(from),
            to: json!(to),
            direction,
            types: types.to_vec(),
            max_depth: 30,
            ..GraphArgs::default()
        };
        let label = match self.lang {
            model::Lang::Ko => format!("{from} → {to} 최단 경로 찾기"),
            model::Lang::En => format!("Find the shortest path {from} → {to}"),
        };
        let id = self.tool(label, "graph.path", &args);
        if told {
            self.say(&id, &Say::Path { from: from.to_owned(), to: to.to_owned(), only_length, whether });
        }
        id
    }

    /// Cycles of the topology.
    pub fn cycles(&mut self, types: &[String], exists: bool, told: bool) -> String {
        let args = GraphArgs { types: types.to_vec(), ..GraphArgs::default() };
        let id =
            self.tool(self.pick("순환하는 관계 찾기", "Find cycles of relations"), "graph.cycles", &args);
        if told {
            let subject = self.pick("순환 관계에 있는 항목", "items in cycles");
            if exists {
                let say = Say::YesNo { subject, rows_mean_yes: true, column: "code".into() };
                self.say(&id, &say);
                return id;
            }
            self.say(
                &id,
                &Say::List {
                    subject,
                    column: "code".into(),
                    counter: self.pick("개", ""),
                    with: vec!["group".into()],
                },
            );
        }
        id
    }

    /// Pairs with relations in both directions.
    pub fn pairs(&mut self, types: &[String], filter: &[Condition], told: bool) -> String {
        let end = CiSelect { filter: filter.to_vec(), ..CiSelect::default() };
        let args = GraphEdges {
            source: end.clone(),
            target: end,
            types: types.to_vec(),
            mutual: true,
            ..GraphEdges::default()
        };
        let id = self.tool(
            self.pick("서로 관계를 맺은 쌍 찾기", "Find pairs related both ways"),
            "graph.edges",
            &args,
        );
        // Of two things that are named it is a yes or no.
        let two =
            filter.iter().any(|c| c.field == "code" && c.value.as_array().is_some_and(|l| l.len() == 2));
        if told && two {
            let subject = self.pick("서로 관계를 맺은 쌍", "pairs related both ways");
            self.say(&id, &Say::YesNo { subject, rows_mean_yes: true, column: "source".into() });
        } else if told {
            let subject = self.pick("서로 관계를 맺은 쌍", "pairs related both ways");
            self.say(
                &id,
                &Say::List {
                    subject,
                    column: "source".into(),
                    counter: self.pick("쌍", ""),
                    with: vec!["target".into()],
                },
            );
        }
        id
    }

    /// Relations counted.
    pub fn edges(
        &mut self,
        (source, target): (&ItemSet, &ItemSet),
        types: &[String],
        by: Option<&str>,
        top: Option<(u32, bool)>,
        having: Option<&Condition>,
        told: bool,
    ) -> String {
        let (a, b) = (self.select(source), self.select(target));
        let group = by.map_or_else(Vec::new, |by| vec![by.to_owned()]);
        let (sort, limit) = match top {
            Some((n, desc)) => (vec![Sort { by: "count".into(), desc }], n),
            None => (Vec::new(), 0),
        };
        let subject = self.wording.relations(types);
        let total = by.is_none();
        // One type is one group: its row is the total.
        let group_by = if total { vec!["type".to_owned()] } else { group };
        let args = GraphEdges {
            source: a,
            target: b,
            types: types.to_vec(),
            group_by,
            sort,
            limit,
            having: having.cloned().into_iter().collect(),
            ..GraphEdges::default()
        };
        let label = match self.lang {
            model::Lang::Ko => format!("{subject} 세기"),
            model::Lang::En => format!("Count {subject}"),
        };
        let id = self.tool(label, "graph.edges", &args);
        if told {
            let counter = self.pick("개", "");
            if let (Some(by), Some(having)) = (by, having) {
                let subject =
                    self.wording.groups_that(subject.trim_end_matches(" 수"), &[by.to_owned()], having);
                self.say(&id, &Say::List { subject, column: by.into(), counter, with: vec!["count".into()] });
                return id;
            }
            let say = match (by, top) {
                (None, _) if types.len() != 1 => Say::Groups {
                    subject,
                    by: vec!["type".into()],
                    values: vec!["count".into()],
                    unit: "count".into(),
                    counter,
                    share: false,
                },
                (None, _) => Say::Number {
                    subject,
                    column: "count".into(),
                    unit: "count".into(),
                    counter,
                    decimals: None,
                    with: Vec::new(),
                },
                (Some(by), Some((n, desc))) => Say::Top {
                    subject,
                    column: by.into(),
                    value: "count".into(),
                    unit: "count".into(),
                    counter,
                    n,
                    desc,
                    with: Vec::new(),
                    place: false,
                },
                (Some(by), None) => Say::Groups {
                    subject,
                    by: vec![by.into()],
                    values: vec!["count".into()],
                    unit: "count".into(),
                    counter,
                    share: false,
                },
            };
            self.say(&id, &say);
        }
        id
    }
}
