//! The logical form of a question: sets of items, sets of records, series of metrics, and what is asked of them.
//! Plans are generated from it; wording never decides a plan in any other way.

use chrono::{DateTime, Utc};
use model::{Condition, graph::Direction};

use crate::time::Window;

/// A set of configuration items.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemSet {
    /// Where it starts.
    pub start: Start,
    /// All conditions hold.
    pub filter: Vec<Condition>,
    /// Items about which there is none of these records.
    pub without: Vec<RecordSet>,
    /// Items about which there are such records, of every kind named.
    pub with: Vec<Recorded>,
    /// None of these.
    pub outside: Vec<ItemSet>,
    /// Also in all of these.
    pub inside: Vec<ItemSet>,
}

/// Records an item must have, and how many of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The records.
    pub records: RecordSet,
    /// A condition on their number (field `count`); any number when absent.
    pub count: Option<Condition>,
}

/// Where a set of items starts.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Start {
    /// All items.
    #[default]
    All,
    /// Items named in the question.
    Codes(Vec<String>),
    /// Over relations from other items.
    Hop(Box<Hop>),
    /// First of a ranking; of a ranking of values of a field, the items that stand for the values.
    Best(Box<Ask>),
    /// Items that have one of the values a ranking of a field gives.
    Members(Box<Ask>),
}

/// A step over relations.
#[derive(Debug, Clone, PartialEq)]
pub struct Hop {
    /// From these items.
    pub from: ItemSet,
    /// Types of relations; empty means all.
    pub types: Vec<String>,
    /// Direction.
    pub direction: Direction,
    /// Most hops; 1 is a neighbour, 0 no limit.
    pub depth: u32,
    /// Least hops.
    pub least: u32,
    /// What fails with the start; true inside when redundancy counts.
    pub impact: Option<bool>,
    /// The start itself is no member.
    pub not_start: bool,
}

/// A set of records.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordSet {
    /// Kind, by its place in the catalogue.
    pub kind: usize,
    /// About these items; all when absent.
    pub of: Option<ItemSet>,
    /// All conditions hold.
    pub filter: Vec<Condition>,
    /// In this window.
    pub window: Option<Window>,
    /// Since the newest of other records ([`Ask::Newest`]).
    pub after: Option<Box<Ask>>,
}

/// Samples of a metric.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSet {
    /// Metric, by its place in the catalogue.
    pub metric: usize,
    /// On these items; all when absent.
    pub of: Option<ItemSet>,
    /// The other end of a call edge.
    pub peer: Option<String>,
    /// Only samples with such values.
    pub filter: Vec<Condition>,
    /// In this window.
    pub window: Option<Window>,
}

/// A reduction over rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Reduce {
    /// Their number.
    Count,
    /// Number of different values of a field.
    Distinct(String),
    /// `sum`, `avg`, `min`, `max`, `p50` … of a field.
    Of(String, String),
    /// Percent of rows that fit.
    Share(Vec<Condition>),
    /// Their number, and how much of all groups together that is.
    Percent,
}

/// What is wanted of items or records.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    /// These fields; for items named in the question, or few.
    Fields(Vec<String>),
    /// Every member, with these fields.
    List(Vec<String>),
    /// One number.
    Number(Reduce),
    /// A number for each value of the fields.
    Groups {
        /// Fields.
        by: Vec<String>,
        /// Number.
        measure: Reduce,
    },
    /// First groups by their number.
    TopGroups {
        /// Fields.
        by: Vec<String>,
        /// Number.
        measure: Reduce,
        /// How many; 1 when none was said.
        n: u32,
        /// Largest first.
        desc: bool,
        /// Only the n-th.
        place: bool,
    },
    /// First rows by a field.
    TopRows {
        /// Field.
        field: String,
        /// How many.
        n: u32,
        /// Largest first.
        desc: bool,
        /// Only the n-th.
        place: bool,
        /// Fields wanted of them.
        fields: Vec<String>,
    },
    /// Groups whose number fits the condition (field `count`).
    GroupsThat {
        /// Fields.
        by: Vec<String>,
        /// Number.
        measure: Reduce,
        /// The condition on it.
        having: Condition,
    },
    /// Whether there is any; true when members mean yes.
    Exists(bool),
    /// A number for each value of a field, reduced to one: events per day on average.
    Overall {
        /// Field.
        by: String,
        /// Number of each.
        measure: Reduce,
        /// `avg`, `max` …
        over: String,
    },
    /// The same number of two parts, compared.
    Versus(Box<Versus>),
}

/// Two parts of the same set side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Versus {
    /// What the second is compared with.
    pub base: Side,
    /// The second.
    pub other: Side,
    /// The number of each.
    pub measure: Reduce,
    /// What the answer is about.
    pub how: How,
    /// A comparison for each value of a field.
    pub by: Option<String>,
    /// The first of them only: how many, largest change first.
    pub top: Option<(u32, bool)>,
}

/// One part of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called.
    pub words: String,
    /// Members fit all of these.
    pub filter: Vec<Condition>,
    /// For records: in this window.
    pub window: Option<Window>,
}

/// How two numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Their difference.
    Difference,
    /// How many times the base the other is.
    Ratio,
    /// The change in percent of the base.
    Percent,
    /// Whether the other is more.
    More,
    /// Whether the other is less.
    Less,
}

impl How {
    /// The function of the measure that computes it.
    pub fn function(self) -> &'static str {
        match self {
            Self::Difference | Self::More | Self::Less => "difference",
            Self::Ratio => "ratio",
            Self::Percent => "change_pct",
        }
    }

    /// What the answer is about, as it is told.
    pub fn told(self) -> &'static str {
        match self {
            Self::More => "more",
            Self::Less => "less",
            other => other.function(),
        }
    }
}

/// What is wanted of a metric.
#[derive(Debug, Clone, PartialEq)]
pub enum MetricWant {
    /// One value per item (or together).
    Value {
        /// `avg`, `max` …
        agg: String,
        /// All items as one.
        together: bool,
    },
    /// Items by value.
    Top {
        /// `avg`, `max` …
        agg: String,
        /// How many.
        n: u32,
        /// Largest first.
        desc: bool,
        /// Also when it was.
        when: bool,
        /// Only the n-th.
        place: bool,
    },
    /// When the extreme was, and its value.
    When {
        /// Largest.
        max: bool,
    },
    /// Number of samples that fit the filter.
    Samples,
    /// Items that fit the filter on their reduced value.
    Over {
        /// `avg`, `max` …
        agg: String,
        /// The condition on it.
        condition: Condition,
        /// How many instead of which.
        count: bool,
    },
    /// Values per hour, day, minute.
    Buckets {
        /// `avg`, `max` …
        agg: String,
        /// `minute`, `hour`, `day`.
        width: String,
        /// Only the first bucket by value: largest or smallest.
        top: Option<bool>,
    },
    /// A chart.
    Trend,
    /// Two windows.
    Compare {
        /// `avg`, `max` …
        agg: String,
        /// The second window.
        other: Window,
        /// What the answer is about; the values and their difference when nothing was said.
        how: Option<How>,
    },
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Of items.
    Items(ItemSet, Want),
    /// Of records.
    Records(RecordSet, Want),
    /// Of the newest or oldest records.
    Newest {
        /// Which records.
        set: RecordSet,
        /// How many.
        n: u32,
        /// Newest, else oldest.
        newest: bool,
        /// Fields asked for; all when empty.
        fields: Vec<String>,
    },
    /// Of a metric.
    Metric(MetricSet, MetricWant),
    /// Relations counted per source or target.
    Edges {
        /// Sources.
        source: ItemSet,
        /// Targets.
        target: ItemSet,
        /// Types.
        types: Vec<String>,
        /// Group by `source` or `target`, or a type; none counts all.
        by: Option<String>,
        /// First ones only: how many, largest first.
        top: Option<(u32, bool)>,
        /// Only groups with such a number of relations.
        having: Option<Condition>,
    },
    /// Pairs of items with relations in both directions.
    Pairs {
        /// Types.
        types: Vec<String>,
        /// Kinds of the ends.
        filter: Vec<Condition>,
    },
    /// Cycles.
    Cycles {
        /// Types.
        types: Vec<String>,
        /// Only whether there are any.
        exists: bool,
    },
    /// A shortest path.
    Path {
        /// From.
        from: String,
        /// To.
        to: String,
        /// Types.
        types: Vec<String>,
        /// Direction.
        direction: Direction,
        /// Only its length.
        only_length: bool,
        /// Whether there is one.
        whether: bool,
    },
    /// Stretches in which metrics leave what is usual.
    Anomalies {
        /// On these items; on all that are measured when absent.
        of: Option<ItemSet>,
        /// Of one metric, by its place in the catalogue.
        metric: Option<usize>,
        /// In this window; the last of the data when absent.
        window: Option<Window>,
    },
    /// How a metric goes on.
    Forecast {
        /// Which samples it is told from.
        set: MetricSet,
        /// How far, in hours from now.
        hours: u32,
        /// A value whose crossing is asked about.
        limit: Option<f64>,
    },
    /// What was changed on items and around them.
    Changes {
        /// On these items; anywhere when absent.
        of: Option<ItemSet>,
        /// In this window.
        window: Option<Window>,
    },
    /// The moment, in a zone.
    Now(String),
    /// The same of two things side by side.
    Both(Vec<(String, Ask)>),
    /// First the answer to one, then fields of what it named.
    Then(Box<Ask>, Box<Ask>),
}

impl ItemSet {
    /// Named items.
    pub fn codes(codes: Vec<String>) -> Self {
        Self { start: Start::Codes(codes), ..Self::default() }
    }

    /// All items that fit.
    pub fn fitting(filter: Vec<Condition>) -> Self {
        Self { filter, ..Self::default() }
    }

    /// Over relations from these items.
    pub fn hop(self, types: Vec<String>, direction: Direction, filter: Vec<Condition>) -> Self {
        let hop = Hop { from: self, types, direction, depth: 1, least: 1, impact: None, not_start: false };
        Self { start: Start::Hop(Box::new(hop)), filter, ..Self::default() }
    }

    /// True for all items without any condition.
    pub fn is_all(&self) -> bool {
        self.start == Start::All && self.filter.is_empty() && self.is_simple()
    }

    /// True when nothing but conditions choose the items.
    pub fn is_plain(&self) -> bool {
        self.start == Start::All && self.is_simple()
    }

    /// True when neither records nor other sets narrow it.
    pub fn is_simple(&self) -> bool {
        self.without.is_empty() && self.with.is_empty() && self.outside.is_empty() && self.inside.is_empty()
    }

    /// The codes, when it is nothing but named items.
    pub fn named(&self) -> Option<&[String]> {
        match &self.start {
            Start::Codes(codes) if self.is_simple() => Some(codes),
            _ => None,
        }
    }

    /// Kinds the conditions allow; empty when any.
    pub fn kinds(&self) -> Vec<String> {
        self.filter
            .iter()
            .filter(|c| c.field == "kind" && matches!(c.op, model::Op::Eq | model::Op::In))
            .flat_map(|c| match &c.value {
                serde_json::Value::Array(list) => {
                    list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
                }
                serde_json::Value::String(s) => vec![s.clone()],
                _ => Vec::new(),
            })
            .collect()
    }
}

/// True when a window and the time covered have nothing in common.
pub fn outside(window: &Window, covers: (DateTime<Utc>, DateTime<Utc>)) -> bool {
    window.from.is_some_and(|f| f > covers.1) || window.to.is_some_and(|t| t <= covers.0)
}
