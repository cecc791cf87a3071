//! What a plan asks the composer to say about a step. The planner writes it into `Compose` blocks
//! (`BlockSpec { say, options }`), the composer reads it back: [`Say::to_block`], [`Say::from_block`].

use model::plan::BlockSpec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the rows of a step are about, in the words of the question's language: `ERP 서버`, `critical events`.
pub type Subject = String;

/// One thing to say. Column names are those of the step's output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", content = "options", rename_all = "snake_case")]
pub enum Say {
    /// One number: `column` of the first row.
    Number {
        /// What is counted or measured.
        subject: Subject,
        /// Column of the number.
        column: String,
        /// Unit: `count` columns get the counter of the language (`대`, `건`, `개`) from `counter`.
        unit: String,
        /// Counter word in Korean for counts (`대`, `건`, `개`, `명`), or empty.
        counter: String,
        /// Decimal places wanted, when the question says so.
        decimals: Option<u8>,
        /// Columns of the first row said beside it (`date`, `max_at`).
        with: Vec<String>,
    },
    /// Every member of a list, by `column`; more columns in the table.
    List {
        /// What they are.
        subject: Subject,
        /// Column that names a member.
        column: String,
        /// Counter word in Korean.
        counter: String,
        /// Columns said with every member.
        with: Vec<String>,
    },
    /// Fields of one or few items or records: `name column → fields`.
    Fields {
        /// Column that names the item, or empty when there is one and the question named it.
        column: String,
        /// Columns said, in order.
        fields: Vec<String>,
    },
    /// One row per group: key columns and value columns.
    Groups {
        /// What is counted or measured.
        subject: Subject,
        /// Columns of the group.
        by: Vec<String>,
        /// Columns of the values.
        values: Vec<String>,
        /// Unit of the first value.
        unit: String,
        /// Counter word in Korean.
        counter: String,
        /// The first value also in percent of all groups together.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        share: bool,
    },
    /// The first rows in order, with their values. One row is said as a sentence.
    Top {
        /// What is ranked.
        subject: Subject,
        /// Column that names a row.
        column: String,
        /// Column ranked by.
        value: String,
        /// Unit of the value.
        unit: String,
        /// Counter word in Korean.
        counter: String,
        /// How many were asked for.
        n: u32,
        /// Largest first.
        desc: bool,
        /// More columns said with each row.
        with: Vec<String>,
        /// Only the n-th is said.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        place: bool,
    },
    /// Items reached over relations, by depth when there is more than one.
    Related {
        /// What they are, in relation to the start (`srv-erp-01에 배포된 항목`).
        subject: Subject,
        /// Where it started.
        start: Vec<String>,
        /// True for impact: what fails.
        impact: bool,
    },
    /// A path, or only its length.
    Path {
        /// From.
        from: String,
        /// To.
        to: String,
        /// Only the number of hops was asked.
        only_length: bool,
        /// Whether there is one was asked.
        #[serde(default)]
        whether: bool,
    },
    /// Yes when the step gave rows (`expect` true), no otherwise; the rows are named.
    YesNo {
        /// The statement, without yes or no.
        subject: Subject,
        /// True when rows mean yes.
        rows_mean_yes: bool,
        /// Column that names a row.
        column: String,
    },
    /// Records in time order: what, when, how it ended.
    Records {
        /// What they are.
        subject: Subject,
        /// The question wants the newest one only.
        latest: bool,
        /// Fields asked for; all of them when empty.
        fields: Vec<String>,
        /// How many were asked for; all of them when 0.
        #[serde(default, skip_serializing_if = "is_zero")]
        n: u32,
        /// Only the n-th is said.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        place: bool,
    },
    /// Two values and their difference (`metric.compare`, or two rows).
    Compare {
        /// What is compared.
        subject: Subject,
        /// Column that names a row.
        column: String,
        /// Names of the two sides.
        sides: (String, String),
        /// Unit.
        unit: String,
        /// What is asked about: `difference`, `ratio`, `change_pct`, whether it is `more` or `less`; all of them when empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        how: String,
    },
    /// A chart of the samples of the step.
    Chart {
        /// Title.
        subject: Subject,
        /// Unit.
        unit: String,
    },
    /// Possible causes, the first one in words.
    Causes {
        /// What they are causes of, or empty.
        subject: Subject,
    },
    /// Stretches in which series left what is usual, the strongest first.
    Anomalies {
        /// What was looked at.
        subject: Subject,
    },
    /// How a metric goes on, and when it reaches a limit that was asked about.
    Forecast {
        /// What is foretold.
        subject: Subject,
        /// Unit of the values.
        unit: String,
        /// The limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<f64>,
    },
    /// What was changed, newest first.
    Changes {
        /// On what and when.
        subject: Subject,
    },
    /// The moment.
    Now {
        /// Zone asked about, an IANA name.
        zone: String,
    },
    /// The rows as a timeline.
    Timeline {
        /// Title.
        subject: Subject,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Say {
    /// The block of a plan that asks for this about the output of `from`.
    pub fn to_block(&self, from: impl Into<String>) -> BlockSpec {
        let value = serde_json::to_value(self).unwrap_or(Value::Null);
        let say = value.get("say").and_then(Value::as_str).unwrap_or_default().to_owned();
        let options = value.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
        BlockSpec { from: from.into(), say, options }
    }

    /// Reads it back; `None` for a name or options this version does not know.
    pub fn from_block(block: &BlockSpec) -> Option<Self> {
        serde_json::from_value(serde_json::json!({ "say": block.say, "options": block.options })).ok()
    }
}
