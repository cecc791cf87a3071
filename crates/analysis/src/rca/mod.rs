//! Root causes: which item, and what of it, explains what deviates in a window.
//!
//! The reasoning is that of request systems in general. Work flows from those who ask to those who are asked; trouble
//! flows back. So a resource that left its level on its own, time lost between two ends of a call, slowness and errors
//! that nothing below explains, and requests that end in an item are causes; slowness and errors above a cause, and load
//! below a surge, are effects. Nothing here knows a name of an item, and metrics are told apart by [`crate::meaning`] only.

mod confidence;
mod facts;
mod gaps;
mod graph;
mod hypotheses;
mod shift;
mod tell;
mod waits;
mod work;

use std::collections::HashMap;

use model::{
    Lang,
    rca::{Hypothesis, Symptom, Template},
    schema::{MetricDef, RecordRole},
};

use crate::{
    meaning::{Aspect, Meaning, meanings},
    stats,
};

/// A relation: what happens at `to` is felt at `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// Who depends.
    pub from: u32,
    /// On whom.
    pub to: u32,
}

/// A series of an item, or of a call from it to `peer`.
#[derive(Debug, Clone)]
pub struct Series {
    /// Metric, by its place.
    pub metric: usize,
    /// The item; the caller of a call edge.
    pub item: u32,
    /// The callee of a call edge.
    pub peer: Option<u32>,
    /// Milliseconds since 1970 and value, in time order; nothing at or after the end of the window is looked at.
    pub samples: Vec<(i64, f64)>,
}

/// Something recorded about an item.
#[derive(Debug, Clone)]
pub struct Record {
    /// The item.
    pub item: u32,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What it is about.
    pub role: RecordRole,
    /// From 0 (a note) to 1 (the worst there is).
    pub severity: f64,
    /// What it says.
    pub title: String,
}

/// Everything that is looked at.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Codes of the candidates.
    pub items: &'a [String],
    /// Dependencies among them.
    pub links: &'a [Link],
    /// Metrics.
    pub metrics: &'a [MetricDef],
    /// Series.
    pub series: &'a [Series],
    /// Records.
    pub records: &'a [Record],
    /// The window, `from <= t < to`, in milliseconds since 1970.
    pub window: (i64, i64),
    /// The items asked about; all when empty.
    pub focus: &'a [u32],
    /// How checks count.
    pub template: &'a Template,
    /// Language of the texts.
    pub lang: Lang,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// Possible causes, best first; empty when nothing abnormal was found.
    pub hypotheses: Vec<Hypothesis>,
    /// Everything that deviates, strongest first.
    pub symptoms: Vec<Symptom>,
    /// Series that had enough samples to be judged.
    pub judged: usize,
    /// Where the reason for an empty list is the data: series without samples before the window.
    pub without_history: usize,
}

/// One minute in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;
/// One day in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;

/// What the checks share.
pub(crate) struct Context<'a> {
    pub input: &'a Input<'a>,
    pub meanings: Vec<Meaning>,
    pub graph: graph::Graph,
    /// Series that count the work of an item, by item.
    pub work: HashMap<u32, usize>,
    /// The latency, in seconds, that matters in this estate.
    pub latency_s: f64,
    /// Onsets nearer than that, in milliseconds, cannot be told apart: two samples.
    pub slack: i64,
}

impl<'a> Context<'a> {
    fn new(input: &'a Input<'a>, graph: graph::Graph) -> Self {
        let meanings = meanings(input.metrics);
        let latency_s = shift::typical_latency(input, &meanings);
        let steps = input.series.iter().take(200).filter_map(|s| stats::step_ms(&s.samples));
        let slack = 2 * stats::median(steps.map(|s| s as f64)).unwrap_or(60_000.0) as i64;
        let work = work::series(input, &meanings);
        Self { input, meanings, graph, work, latency_s, slack }
    }
}

/// The series whose longer history decides whether what they show is usual: those that look unusual beside the last hour,
/// and those of what fills up slowly. The rest is judged by what is there.
pub fn worth_history(input: &Input<'_>) -> Vec<usize> {
    let looked = Input { window: begun(input), ..input.clone() };
    let input = &looked;
    let cx = Context::new(input, graph::Graph::default());
    let (shifts, _) = shift::shifts(&cx);
    let mut worth: Vec<(bool, f64, usize)> = shifts
        .iter()
        .map(|s| (s.strength > 0.0, s.strength, s.series))
        .filter(|(unusual, _, at)| {
            *unusual
                || input.series.get(*at).and_then(|s| cx.meanings.get(s.metric)).is_some_and(shift::fills)
        })
        .collect();
    worth.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
    worth.into_iter().map(|w| w.2).collect()
}

/// The series of what fills up that stand above the same hours of earlier days: whether they crept there is told by their
/// whole history.
pub fn may_creep(input: &Input<'_>) -> Vec<usize> {
    let cx = Context::new(input, graph::Graph::default());
    (0..input.series.len()).filter(|at| shift::may_creep(&cx, *at).unwrap_or(false)).collect()
}

/// Part of the strongest deviation that says when the trouble began, the least of it that does, and the part of the time
/// taken as usual that is looked back over.
const STRONG: (f64, f64) = (0.4, 0.3);
const BACK: i64 = 4;
/// How much stronger a deviation has to look with the time before the window than in the window alone.
const SHOWN: f64 = 1.15;

/// The window, beginning earlier where the trouble did: who asks remembers when it was noticed, not when it began. A little
/// time before the window is looked at with it; where most of what deviates there still does in the window, the window
/// begins when that began. So the beginning of the trouble is not taken for what is usual.
fn begun(input: &Input<'_>) -> (i64, i64) {
    let (from, to) = input.window;
    let back = i64::from(input.template.baseline_min) * MINUTE / BACK;
    let early = Input { window: (from - back, to), ..input.clone() };
    let cx = Context::new(&early, graph::Graph::default());
    let (shifts, _) = shift::shifts(&cx);
    let sudden = |s: &&shift::Shift| !s.drift && !s.silent && s.meaning.aspect != Aspect::Traffic;
    let strongest = |all: &[shift::Shift]| all.iter().filter(sudden).map(|s| s.strength).fold(0.0, f64::max);
    let most = strongest(&shifts);
    // a window that shows the trouble by itself is left as it was asked for
    let here = Context::new(input, graph::Graph::default());
    if most < STRONG.1 || most < SHOWN * strongest(&shift::shifts(&here).0) {
        return (from, to);
    }
    // what began even earlier is older trouble
    let mut seen: Vec<(i64, f64, bool)> = shifts
        .iter()
        .filter(sudden)
        .filter(|s| s.strength >= STRONG.0 * most)
        .filter_map(|s| Some((s.onset.filter(|at| *at >= from - back)?, s.strength, s.lasts(&cx, from))))
        .collect();
    seen.sort_by_key(|s| s.0);
    let weight =
        |fits: &dyn Fn(&&(i64, f64, bool)) -> bool| seen.iter().filter(fits).map(|s| s.1).sum::<f64>();
    let (earlier, all) = (weight(&|s| s.0 < from && s.2), weight(&|s| s.2));
    if earlier < 0.5 * all || earlier <= 0.0 {
        return (from, to);
    }
    let quarter = 0.25 * weight(&|s| s.0 < from);
    let mut sum = 0.0;
    let first = seen.iter().find(|s| {
        sum += s.1;
        sum >= quarter
    });
    (first.map_or(from, |f| f.0.min(from)), to)
}

/// Looks for root causes.
pub fn analyse(input: &Input<'_>) -> Report {
    let looked = Input { window: begun(input), ..input.clone() };
    let input = &looked;
    let cx = Context::new(input, graph::Graph::new(input));
    let (shifts, without_history) = shift::shifts(&cx);
    let mut gaps = gaps::gaps(&cx);
    gaps.extend(waits::waits(&cx, &shifts));
    let facts = facts::Facts::new(&cx, &shifts, &gaps);
    let hypotheses = hypotheses::ranked(&cx, &shifts, &gaps, &facts);
    let mut symptoms: Vec<Symptom> =
        shifts.iter().filter(|s| s.strength > 0.0).map(|s| s.symptom(&cx)).collect();
    symptoms.sort_by(|a, b| {
        b.strength.total_cmp(&a.strength).then_with(|| a.ci.cmp(&b.ci)).then_with(|| a.metric.cmp(&b.metric))
    });
    Report { hypotheses, symptoms, judged: shifts.len(), without_history }
}
