//! What a chart shows, without how: the same description gives the picture, the table and the sentence for a screen reader.

use model::answer::{AnswerBlock, ChartMark, ChartSeries};

/// A line over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineSeries {
    /// Name shown.
    pub name: String,
    /// `(milliseconds since 1970, value)` in order of time.
    pub points: Vec<(f64, f64)>,
    /// `(milliseconds, least, greatest)`: what thinning left out. Drawn as a band; empty for raw samples.
    pub band: Vec<(f64, f64, f64)>,
    /// `(milliseconds, from, to)`: where values are expected. Empty where that is not known.
    pub usual: Vec<(f64, f64, f64)>,
    /// `(milliseconds, low, expected, high)`: how it goes on.
    pub ahead: Vec<(f64, f64, f64, f64)>,
}

impl LineSeries {
    /// Where a value is expected at a moment, between the points of the range.
    pub fn usual_at(&self, at: f64) -> Option<(f64, f64)> {
        let next = self.usual.partition_point(|p| p.0 < at);
        let after = self.usual.get(next)?;
        let Some(before) = next.checked_sub(1).and_then(|i| self.usual.get(i)) else {
            return (after.0 - at < 1.0).then_some((after.1, after.2));
        };
        let share = ((at - before.0) / (after.0 - before.0).max(1.0)).clamp(0.0, 1.0);
        let between = |a: f64, b: f64| a + (b - a) * share;
        Some((between(before.1, after.1), between(before.2, after.2)))
    }
}

/// Something that happened: a dashed line with a number, or a span.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark {
    /// Milliseconds since 1970.
    pub at: i64,
    /// End of a span, in milliseconds.
    pub until: Option<i64>,
    /// The number that stands for it everywhere on the page.
    pub n: Option<u32>,
    /// What happened.
    pub label: String,
}

/// A limit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limit {
    /// Value of the limit in the unit of the axis.
    pub value: f64,
    /// Its name.
    pub label: String,
}

/// Lines over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineSpec {
    /// The lines.
    pub series: Vec<LineSeries>,
    /// Unit of the values, or empty.
    pub unit: String,
    /// Events and changes.
    pub marks: Vec<Mark>,
    /// Limits.
    pub limits: Vec<Limit>,
    /// Stretches that left the expected range, from and to in milliseconds.
    pub outside: Vec<(i64, i64)>,
    /// Window shown in milliseconds; that of the points when absent.
    pub window: Option<(i64, i64)>,
    /// No legend and fewer labels: several charts stand side by side.
    pub compact: bool,
}

/// Bars over categories.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarSpec {
    /// Names of the categories.
    pub categories: Vec<String>,
    /// `(name, one value per category)`; none where nothing is known.
    pub series: Vec<(String, Vec<Option<f64>>)>,
    /// Unit of the values, or empty.
    pub unit: String,
}

impl LineSpec {
    /// The chart of an answer.
    pub fn of_answer(unit: &str, series: &[ChartSeries], marks: &[ChartMark]) -> Self {
        Self {
            series: series
                .iter()
                .map(|s| LineSeries {
                    name: s.name.clone(),
                    points: s.points.clone(),
                    usual: s.band.clone(),
                    ..LineSeries::default()
                })
                .collect(),
            unit: unit.to_owned(),
            marks: marks
                .iter()
                .map(|m| Mark { at: m.at, until: None, n: None, label: m.label.clone() })
                .collect(),
            ..Self::default()
        }
    }

    /// Without the aids that are not to be drawn.
    #[must_use]
    pub fn with_aids(mut self, usual: bool, ahead: bool) -> Self {
        for line in &mut self.series {
            if !usual {
                line.usual.clear();
            }
            if !ahead {
                line.ahead.clear();
            }
        }
        if !usual {
            self.outside.clear();
        }
        self
    }

    /// First and last moment shown, in milliseconds.
    pub fn extent(&self) -> Option<(i64, i64)> {
        let ahead = self.series.iter().filter_map(|s| s.ahead.last()).map(|p| whole(p.0)).max();
        if let Some((from, to)) = self.window {
            return Some((from, ahead.map_or(to, |ahead| to.max(ahead))));
        }
        let times = || self.series.iter().flat_map(|s| s.points.iter().map(|p| p.0));
        let first = times().min_by(f64::total_cmp)?;
        let last = times().max_by(f64::total_cmp)?;
        Some((whole(first), ahead.map_or(whole(last), |ahead| ahead.max(whole(last)))))
    }
}

impl BarSpec {
    /// The chart of an answer; points name their category by index.
    pub fn of_answer(unit: &str, categories: &[String], series: &[ChartSeries]) -> Self {
        let series = series
            .iter()
            .map(|s| {
                let mut values = vec![None; categories.len()];
                for (at, value) in &s.points {
                    if let Some(slot) = usize::try_from(whole(*at)).ok().and_then(|i| values.get_mut(i)) {
                        *slot = Some(*value);
                    }
                }
                (s.name.clone(), values)
            })
            .collect();
        Self { categories: categories.to_vec(), series, unit: unit.to_owned() }
    }
}

/// Either chart of an answer; none when the block is no chart.
pub enum AnswerChart {
    /// Over time.
    Line(LineSpec),
    /// Over categories.
    Bar(BarSpec),
}

impl AnswerChart {
    /// Reads a block.
    pub fn of(block: &AnswerBlock) -> Option<Self> {
        match block {
            AnswerBlock::Chart { form, unit, categories, series, marks, .. } => Some(if form == "bar" {
                Self::Bar(BarSpec::of_answer(unit, categories, series))
            } else {
                Self::Line(LineSpec::of_answer(unit, series, marks))
            }),
            _ => None,
        }
    }
}

/// A number of milliseconds, or an index, as a whole number.
#[expect(clippy::cast_possible_truncation, reason = "rounded, and Rust's cast saturates")]
pub fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// Milliseconds as the charts count them: exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "moments are far below 2^53 ms")]
pub fn float(value: i64) -> f64 {
    value as f64
}

/// A value for a person: as many figures as carry meaning, thousands apart.
pub fn number(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 1000.0 => 0,
        v if v >= 100.0 => 1,
        v if v >= 1.0 => 2,
        v if v >= 0.01 => 3,
        _ => 6,
    };
    crate::i18n::decimal(value, digits)
}

/// A value with its unit.
pub fn with_unit(value: f64, unit: &str) -> String {
    if unit.is_empty() { number(value) } else { format!("{} {unit}", number(value)) }
}

/// A moment in milliseconds since 1970.
pub fn moment(ms: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// Round moments of the zone `offset_ms` away from UTC, inside of a window, at most `most` of them; with the distance of two.
pub fn round_moments(from: i64, to: i64, offset_ms: i64, most: u32) -> (Vec<i64>, i64) {
    const MINUTE: i64 = 60_000;
    let span = (to - from).max(1);
    let minutes = [
        1,
        2,
        5,
        10,
        15,
        30,
        60,
        120,
        180,
        360,
        720,
        1440,
        2880,
        4320,
        7 * 1440,
        14 * 1440,
        30 * 1440,
        91 * 1440,
        365 * 1440,
        1825 * 1440,
    ];
    let step = minutes
        .into_iter()
        .map(|m: i64| m * MINUTE)
        .find(|step| span / step < i64::from(most.max(1)))
        .unwrap_or(3650 * 1440 * MINUTE);
    let first = (from + offset_ms + step - 1).div_euclid(step) * step - offset_ms;
    let moments = (0..i64::from(most) + 1).map(|i| first + i * step).take_while(|at| *at <= to).collect();
    (moments, step)
}
