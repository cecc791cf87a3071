//! Reducing samples to single values.

use model::Lang;
use serde_json::Value;

use crate::{
    cmdb::table::{num, percentile},
    error::{Error, Result},
    events,
};

/// What samples are reduced to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reduction {
    Avg,
    Min,
    Max,
    Sum,
    /// Percentile in percent, interpolated.
    Percentile(u8),
    Count,
    First,
    Last,
    /// The moment of the least value, the first of several.
    MinAt,
    /// The moment of the greatest value, the first of several.
    MaxAt,
}

impl Reduction {
    /// Reads a name.
    pub(super) fn parse(path: &str, name: &str) -> Result<Self> {
        Ok(match name {
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "sum" => Self::Sum,
            "p50" => Self::Percentile(50),
            "p90" => Self::Percentile(90),
            "p95" => Self::Percentile(95),
            "p99" => Self::Percentile(99),
            "count" => Self::Count,
            "first" => Self::First,
            "last" => Self::Last,
            "min_at" => Self::MinAt,
            "max_at" => Self::MaxAt,
            other => {
                let known = "avg, min, max, sum, p50, p90, p95, p99, count, first, last, min_at, max_at";
                return Err(Error::invalid(
                    path,
                    format!("'{other}' 계산은 없습니다. 사용할 수 있는 계산: {known}"),
                    format!("there is no reduction '{other}'; there are {known}"),
                ));
            }
        })
    }

    /// Whether the result is a moment.
    pub(super) fn is_moment(self) -> bool {
        matches!(self, Self::MinAt | Self::MaxAt)
    }

    /// Whether all values have to be kept.
    pub(super) fn needs_all(self) -> bool {
        matches!(self, Self::Percentile(_))
    }

    /// What it is called.
    pub(super) fn label(self, name: &str, lang: Lang) -> String {
        let ko = match self {
            Self::Avg => "평균",
            Self::Min => "최솟값",
            Self::Max => "최댓값",
            Self::Sum => "합계",
            Self::Percentile(50) => "중앙값",
            Self::Percentile(percent) => return format!("p{percent}"),
            Self::Count => "표본 수",
            Self::First => "처음 값",
            Self::Last => "마지막 값",
            Self::MinAt => "최솟값 시각",
            Self::MaxAt => "최댓값 시각",
        };
        let en = match self {
            Self::Avg => "average",
            Self::Min => "minimum",
            Self::Max => "maximum",
            Self::Percentile(50) => "median",
            Self::Count => "samples",
            Self::MinAt => "time of minimum",
            Self::MaxAt => "time of maximum",
            _ => name,
        };
        if lang == Lang::Ko { ko.to_owned() } else { en.to_owned() }
    }
}

/// Samples taken together.
#[derive(Debug, Clone, Default)]
pub(super) struct Reduced {
    count: u64,
    sum: f64,
    min: Option<(f64, i64)>,
    max: Option<(f64, i64)>,
    first: Option<(i64, f64)>,
    last: Option<(i64, f64)>,
    all: Vec<f64>,
}

impl Reduced {
    /// Takes a sample; `keep` keeps its value for percentiles.
    pub(super) fn take(&mut self, at: i64, value: f64, keep: bool) {
        self.count += 1;
        self.sum += value;
        if self.min.is_none_or(|(least, when)| value < least || value == least && at < when) {
            self.min = Some((value, at));
        }
        if self.max.is_none_or(|(most, when)| value > most || value == most && at < when) {
            self.max = Some((value, at));
        }
        if self.first.is_none_or(|(when, _)| at < when) {
            self.first = Some((at, value));
        }
        if self.last.is_none_or(|(when, _)| at >= when) {
            self.last = Some((at, value));
        }
        if keep {
            self.all.push(value);
        }
    }

    /// Takes everything another one took.
    pub(super) fn merge(&mut self, other: Self) {
        if self.count == 0 {
            *self = other;
            return;
        }
        self.count += other.count;
        self.sum += other.sum;
        let less = |a: (f64, i64), b: (f64, i64)| if b.0 < a.0 || b.0 == a.0 && b.1 < a.1 { b } else { a };
        let more = |a: (f64, i64), b: (f64, i64)| if b.0 > a.0 || b.0 == a.0 && b.1 < a.1 { b } else { a };
        self.min = self.min.zip(other.min).map(|(a, b)| less(a, b));
        self.max = self.max.zip(other.max).map(|(a, b)| more(a, b));
        self.first = self.first.zip(other.first).map(|(a, b)| if b.0 < a.0 { b } else { a });
        self.last = self.last.zip(other.last).map(|(a, b)| if b.0 >= a.0 { b } else { a });
        self.all.extend(other.all);
    }

    /// Number of samples.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Puts the kept values in order; once, before percentiles are asked for.
    pub(super) fn close(&mut self) {
        self.all.sort_unstable_by(f64::total_cmp);
    }

    /// A number, where the reduction is one.
    pub(super) fn number(&self, reduction: Reduction) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "numbers of samples are far below 2^52")]
        let count = self.count as f64;
        match reduction {
            Reduction::Avg => (self.count > 0).then(|| self.sum / count),
            Reduction::Min => self.min.map(|(value, _)| value),
            Reduction::Max => self.max.map(|(value, _)| value),
            Reduction::Sum => (self.count > 0).then_some(self.sum),
            Reduction::Percentile(percent) => percentile(&self.all, percent),
            Reduction::Count => Some(count),
            Reduction::First => self.first.map(|(_, value)| value),
            Reduction::Last => self.last.map(|(_, value)| value),
            Reduction::MinAt | Reduction::MaxAt => None,
        }
    }

    /// The result as a cell of a row.
    pub(super) fn value(&self, reduction: Reduction) -> Value {
        let moment = match reduction {
            Reduction::MinAt => self.min.map(|(_, at)| at),
            Reduction::MaxAt => self.max.map(|(_, at)| at),
            other => return self.number(other).map_or(Value::Null, num),
        };
        moment.map_or(Value::Null, stamp)
    }
}

/// Milliseconds since 1970 as tools write a moment.
pub(super) fn stamp(ms: i64) -> Value {
    chrono::DateTime::from_timestamp_millis(ms).map_or(Value::Null, |at| events::stamp(at).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn samples_are_reduced_and_ties_go_to_the_earlier_one() {
        let mut reduced = Reduced::default();
        for (at, value) in [(0, 2.0), (60_000, 1.0), (120_000, 3.0), (180_000, 1.0)] {
            reduced.take(at, value, true);
        }
        reduced.close();
        assert_eq!(reduced.value(Reduction::Avg), json!(1.75));
        assert_eq!(reduced.value(Reduction::MinAt), json!("1970-01-01T00:01:00Z"));
        assert_eq!(reduced.value(Reduction::MaxAt), json!("1970-01-01T00:02:00Z"));
        assert_eq!(reduced.value(Reduction::Percentile(50)), json!(1.5));
        assert_eq!(reduced.value(Reduction::First), json!(2));
        assert_eq!(reduced.value(Reduction::Last), json!(1));
    }

    #[test]
    fn nothing_reduces_to_nothing() {
        let reduced = Reduced::default();
        assert_eq!(reduced.value(Reduction::Avg), json!(null));
        assert_eq!(reduced.value(Reduction::MinAt), json!(null));
        assert_eq!(reduced.value(Reduction::Count), json!(0));
    }
}
