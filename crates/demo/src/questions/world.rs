//! The generated estate, as the makers of questions look at it: rows and loops over them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{moment, words::meanings};
use crate::{Demo, Item, Record, Series, rng::Rng};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Metric, item, and the other item of a call.
type Key = (&'static str, usize, Option<usize>);

/// The estate with its series.
pub(super) struct World<'a> {
    pub demo: &'a Demo,
    pub start: i64,
    pub end: i64,
    series: HashMap<Key, Vec<(i64, f64)>>,
    /// How many things a word stands for.
    pub meanings: HashMap<String, usize>,
    /// Metrics by kind of item, of items without a peer.
    pub metrics: BTreeMap<&'static str, Vec<&'static str>>,
}

impl<'a> World<'a> {
    pub fn new(demo: &'a Demo) -> Self {
        let mut series = HashMap::new();
        let mut metrics: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for Series { metric, item, peer, samples } in demo.series() {
            let kind = demo.items.get(item).map(|item| item.kind).unwrap_or_default();
            let of_kind = metrics.entry(kind).or_default();
            if peer.is_none() && !of_kind.contains(&metric) {
                of_kind.push(metric);
            }
            series.insert((metric, item, peer), samples);
        }
        let end = demo.truth.now.timestamp().div_euclid(300) * 300;
        let meanings = meanings(&demo.catalogue);
        Self { demo, start: end - crate::DAYS * DAY, end, series, meanings, metrics }
    }

    /// The moment the data ends at.
    pub fn now(&self) -> DateTime<Utc> {
        moment(self.end)
    }

    pub fn item(&self, i: usize) -> &'a Item {
        &self.demo.items[i]
    }

    pub fn code(&self, i: usize) -> &'a str {
        &self.demo.items[i].code
    }

    pub fn codes(&self, of: &[usize]) -> Vec<String> {
        let mut codes: Vec<String> = of.iter().map(|i| self.code(*i).to_owned()).collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// What every code looks like.
    pub fn pattern(&self) -> String {
        let prefix = self.demo.items.first().and_then(|item| item.code.split('-').next()).unwrap_or_default();
        format!("{prefix}-[a-z0-9-]+")
    }

    pub fn kinds(&self) -> Vec<&'static str> {
        let kinds: BTreeSet<&'static str> = self.demo.items.iter().map(|item| item.kind).collect();
        kinds.into_iter().collect()
    }

    pub fn of_kind(&self, kind: &str) -> Vec<usize> {
        (0..self.demo.items.len()).filter(|i| self.item(*i).kind == kind).collect()
    }

    pub fn any_kind(&self, rng: &mut Rng) -> Option<&'static str> {
        rng.pick(&self.kinds()).copied()
    }

    pub fn any_item(&self, rng: &mut Rng) -> usize {
        rng.below(self.demo.items.len())
    }

    pub fn value(&self, i: usize, field: &str) -> Option<&'a Value> {
        self.item(i).fields.get(field)
    }

    pub fn number(&self, i: usize, field: &str) -> Option<f64> {
        self.value(i, field).and_then(Value::as_f64)
    }

    pub fn text(&self, i: usize, field: &str) -> Option<String> {
        self.value(i, field).map(words_of)
    }

    /// Fields every item of a kind has, with numbers or with texts.
    pub fn fields(&self, kind: &str, numbers: bool) -> Vec<&'a str> {
        let of = self.of_kind(kind);
        let Some(first) = of.first() else { return Vec::new() };
        let everywhere = |key: &str| {
            of.iter().all(|i| self.value(*i, key).is_some_and(|value| value.is_number() == numbers))
        };
        self.item(*first).fields.keys().map(String::as_str).filter(|key| everywhere(key)).collect()
    }

    /// Texts a field has within a kind, with the number of items each.
    pub fn values(&self, of: &[usize], field: &str) -> BTreeMap<String, usize> {
        let mut values = BTreeMap::new();
        for text in of.iter().filter_map(|i| self.text(*i, field)) {
            *values.entry(text).or_insert(0) += 1;
        }
        values
    }

    /// What an item relates to.
    pub fn targets(&self, i: usize, r#type: &str) -> Vec<usize> {
        let of = self.demo.relations.iter().filter(|r| r.source == i && r.r#type == r#type);
        of.map(|r| r.target).collect()
    }

    /// What relates to an item.
    pub fn sources(&self, i: usize, r#type: &str) -> Vec<usize> {
        let of = self.demo.relations.iter().filter(|r| r.target == i && r.r#type == r#type);
        of.map(|r| r.source).collect()
    }

    /// Types of relation from items of one kind to items of another.
    pub fn joins(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let joins: BTreeSet<_> = self
            .demo
            .relations
            .iter()
            .map(|r| (self.item(r.source).kind, r.r#type, self.item(r.target).kind))
            .collect();
        joins.into_iter().collect()
    }

    /// Everything reached along relations of a type (of any, without one), `back` against their direction.
    pub fn reach(&self, from: usize, r#type: Option<&str>, back: bool) -> Vec<usize> {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(at) = reached.get(next).copied() {
            next += 1;
            for r in &self.demo.relations {
                let (here, there) = if back { (r.target, r.source) } else { (r.source, r.target) };
                let fits = r#type.is_none_or(|t| t == r.r#type);
                if here == at && fits && !reached.contains(&there) {
                    reached.push(there);
                }
            }
        }
        reached.remove(0);
        reached
    }

    /// All shortest ways along relations of a type.
    pub fn paths(&self, from: usize, to: usize, r#type: &str) -> Vec<Vec<usize>> {
        let mut ways = vec![vec![from]];
        let mut seen = BTreeSet::from([from]);
        while !ways.is_empty() {
            let there: Vec<_> = ways.iter().filter(|way| way.last() == Some(&to)).cloned().collect();
            if !there.is_empty() {
                return there;
            }
            let mut longer = Vec::new();
            for way in &ways {
                let last = way.last().copied().unwrap_or(from);
                for next in self.targets(last, r#type).into_iter().filter(|next| !seen.contains(next)) {
                    longer.push(way.iter().copied().chain([next]).collect::<Vec<_>>());
                }
            }
            seen.extend(longer.iter().filter_map(|way| way.last().copied()));
            ways = longer;
        }
        Vec::new()
    }

    pub fn records(&self, kind: &str) -> impl Iterator<Item = &'a Record> {
        self.demo.records.iter().filter(move |record| record.kind == kind)
    }

    /// Samples of a metric of an item, `from` <= time < `to`.
    pub fn samples(
        &self,
        metric: &'static str,
        i: usize,
        peer: Option<usize>,
        (from, to): (i64, i64),
    ) -> &[(i64, f64)] {
        let all = self.series.get(&(metric, i, peer)).map(Vec::as_slice).unwrap_or_default();
        let begin = all.partition_point(|(at, _)| *at < from);
        let end = all.partition_point(|(at, _)| *at < to);
        all.get(begin..end).unwrap_or_default()
    }

    /// Whether a metric of an item is measured.
    pub fn measured(&self, metric: &'static str, i: usize) -> bool {
        self.metrics.get(self.item(i).kind).is_some_and(|of| of.contains(&metric))
            && !self.samples(metric, i, None, (self.start, self.end)).is_empty()
    }

    /// Calls that are measured.
    pub fn calls(&self) -> Vec<(usize, usize)> {
        let mut calls: Vec<(usize, usize)> =
            self.series.keys().filter_map(|(_, item, peer)| peer.map(|peer| (*item, peer))).collect();
        calls.sort_unstable();
        calls
    }
}

/// A value as an answer writes it.
pub(super) fn words_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Text of a field of a record.
pub(super) fn field_of<'r>(record: &'r Record, field: &str) -> Option<&'r str> {
    record.fields.get(field).and_then(Value::as_str)
}

/// Number of a field of a record.
pub(super) fn number_of(record: &Record, field: &str) -> Option<f64> {
    record.fields.get(field).and_then(Value::as_f64)
}
