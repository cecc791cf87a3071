//! Results to an answer: text complete on its own, and blocks.
//!
//! Invariants: every number and name of an answer comes from a row of a step; the plain text and the marked text say the
//! same; the same plan and results give the same answer.

mod columns;
mod follow_ups;
mod korean;
mod missing;
mod prose;
mod says;
mod step;
pub(crate) mod value;

use std::collections::BTreeMap;

use model::{
    answer::{AnswerBlock, AnswerStatus, Evidence},
    plan::{BlockSpec, Kind, Node, Plan, StepStatus},
    tools::ToolOutput,
};

pub(crate) use columns::weekday;
pub use korean::{Josa, particle, with as with_particle};

use self::{
    missing::Cause,
    prose::Prose,
    says::Told,
    step::{Frame, Step},
};
use crate::{Index, say::Say};

/// Rows an evidence carries.
const SAMPLE: usize = 50;

/// What a step gave, as the composer sees it.
#[derive(Debug, Clone)]
pub struct StepResult {
    /// How it ended.
    pub status: StepStatus,
    /// The tool, or the kind of node.
    pub tool: String,
    /// Its output; empty unless it ended well.
    pub output: ToolOutput,
    /// What went wrong, for a person. A step left out because its condition was false has none.
    pub error: Option<String>,
}

impl StepResult {
    fn usable(&self) -> bool {
        matches!(self.status, StepStatus::Ok | StepStatus::Partial)
    }
}

/// An answer without its frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    /// How it ended: answered, partial, unanswerable (nothing found), failed.
    pub status: AnswerStatus,
    /// The whole answer as plain text.
    pub answer: String,
    /// The answer as parts.
    pub blocks: Vec<AnswerBlock>,
    /// Where statements come from.
    pub evidence: Vec<Evidence>,
    /// Questions that could follow.
    pub follow_ups: Vec<String>,
}

/// Composes the answer of a plan out of the results of its steps, by step id.
pub fn compose(index: &Index, plan: &Plan, results: &BTreeMap<String, StepResult>) -> Composed {
    let frame = Frame {
        catalogue: &index.vocabulary().catalogue,
        lang: plan.lang,
        tz: plan.tz.parse().unwrap_or(chrono_tz::Tz::UTC),
    };
    let asked = asked(plan, results);
    let bodies = bodies(&asked, results);
    let lookup = |id: &str| results.get(id).or_else(|| bodies.get(id));
    let nodes = plan.nodes();

    // Evidence is numbered once per step, in the order of telling.
    let mut steps: Vec<(&str, Step<'_>)> = Vec::new();
    let mut evidence = Vec::new();
    for (from, _) in &asked {
        let Some(result) = lookup(from).filter(|result| result.usable()) else { continue };
        if steps.iter().any(|(id, _)| id == from) {
            continue;
        }
        let n = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
        let node = nodes.iter().copied().find(|node| node.id == *from);
        let step = Step::new(frame, n, node, &result.output);
        evidence.push(evidence_of(from, n, node, result, &step));
        steps.push((from, step));
    }

    let mut telling = Telling::default();
    let words = asked.iter().any(|(_, say)| !matches!(say, Some(Say::Chart { .. } | Say::Timeline { .. })));
    let mut drawn: Vec<&str> = Vec::new();
    for (from, say) in &asked {
        match steps.iter().find(|(id, _)| id == from) {
            Some((_, step)) => {
                telling.tell(say.as_ref(), step, !words);
                if !drawn.contains(&from.as_str()) {
                    drawn.push(from);
                    telling.blocks.extend(picture(step));
                }
                if let Some(result) = lookup(from).filter(|result| result.status == StepStatus::Partial) {
                    telling.partial = true;
                    telling.push(&missing::in_part(frame, result), None);
                }
            }
            None => {
                let label = nodes.iter().find(|node| node.id == *from).map_or("", |node| node.label.as_str());
                telling.miss(frame, label, missing::cause(frame, plan, results, from));
            }
        }
    }
    telling.notes(frame, results);
    let said: Vec<(Say, &Step<'_>)> = asked
        .iter()
        .filter_map(|(from, say)| {
            let (_, step) = steps.iter().find(|(id, _)| id == from)?;
            Some((say.clone()?, step))
        })
        .collect();
    let follow_ups = follow_ups::make(frame, &said);
    telling.finish(frame, evidence, follow_ups)
}

/// What is to be said about which step. A plan without a compose node tells its last step that gave something.
fn asked(plan: &Plan, results: &BTreeMap<String, StepResult>) -> Vec<(String, Option<Say>)> {
    let mut asked: Vec<(String, Option<Say>)> = Vec::new();
    let mut composed = false;
    for node in plan.nodes() {
        if let Kind::Compose { blocks } = &node.kind {
            composed = true;
            // The answer of a branch not taken is not asked for.
            if results.get(&node.id).is_some_and(|r| r.status == StepStatus::Skipped && r.error.is_none()) {
                continue;
            }
            asked.extend(blocks.iter().map(|block: &BlockSpec| (block.from.clone(), Say::from_block(block))));
        }
    }
    if !composed {
        let last = plan.nodes().into_iter().rev().find(|node| {
            matches!(node.kind, Kind::Tool { .. }) && results.get(&node.id).is_some_and(StepResult::usable)
        });
        asked.extend(last.map(|node| (node.id.clone(), None)));
    }
    asked
}

/// Steps inside a for-each have one result per round (`s2[3].s3`); told by their own name (`s3`) they are one list.
fn bodies(
    asked: &[(String, Option<Say>)],
    results: &BTreeMap<String, StepResult>,
) -> BTreeMap<String, StepResult> {
    let mut out = BTreeMap::new();
    for (from, _) in asked.iter().filter(|(from, _)| !results.contains_key(from)) {
        let ending = format!("].{from}");
        let rounds: Vec<&StepResult> =
            results.iter().filter(|(id, _)| id.ends_with(&ending)).map(|(_, result)| result).collect();
        let Some(first) = rounds.iter().find(|round| round.usable()) else { continue };
        let broken = rounds.iter().find(|round| round.status != StepStatus::Ok);
        let mut output = ToolOutput { columns: first.output.columns.clone(), ..ToolOutput::default() };
        for round in rounds.iter().filter(|round| round.usable()) {
            output.rows.extend(round.output.rows.iter().cloned());
            output.series.extend(round.output.series.iter().cloned());
            output.total += round.output.total;
            output.truncated |= round.output.truncated;
        }
        let status = if broken.is_none() { StepStatus::Ok } else { StepStatus::Partial };
        let error = broken.and_then(|round| round.error.clone());
        out.insert(from.clone(), StepResult { status, tool: first.tool.clone(), output, error });
    }
    out
}

fn evidence_of(id: &str, n: u32, node: Option<&Node>, result: &StepResult, step: &Step<'_>) -> Evidence {
    let label = node.map_or("", |node| node.label.as_str());
    Evidence {
        n,
        step: id.to_owned(),
        tool: result.tool.clone(),
        what: if label.is_empty() { result.tool.clone() } else { label.to_owned() },
        rows: step.total(),
        sample: step.rows().iter().take(SAMPLE).cloned().collect(),
    }
}

/// The picture of a step over the topology.
fn picture(step: &Step<'_>) -> Option<AnswerBlock> {
    let graph = step.output.graph.as_ref().filter(|graph| graph.nodes.len() > 1)?;
    let title = match step.label {
        "" => step.frame.pick("관계도", "topology").to_owned(),
        label => label.to_owned(),
    };
    Some(AnswerBlock::Topology { title, graph: graph.clone(), refs: vec![step.n] })
}

/// An answer while it grows.
#[derive(Default)]
struct Telling {
    plain: Vec<String>,
    blocks: Vec<AnswerBlock>,
    told: Vec<Told>,
    /// Remarks of tools that were said in better words.
    silent: Vec<String>,
    empty: bool,
    broken: bool,
    partial: bool,
}

impl Telling {
    fn tell(&mut self, say: Option<&Say>, step: &Step<'_>, alone: bool) {
        let nothing = step.rows().is_empty() && step.output.series.is_empty();
        let zero = matches!(say, Some(Say::Number { column, .. }) if step
            .rows()
            .first()
            .and_then(|row| row.get(column))
            .and_then(serde_json::Value::as_f64) == Some(0.0));
        if (nothing || zero)
            && let Some(prose) = missing::outside(step)
        {
            self.push(&prose, Some(step.n));
            self.told.push(Told::Unknown);
            let repeated = step.output.notes.iter().filter(|note| missing::repeats_outside(step, note));
            self.silent.extend(repeated.cloned());
            return;
        }
        let saying = match say {
            Some(say) => says::say(say, step, alone),
            None => says::rows(step),
        };
        self.push(&saying.prose, Some(step.n));
        self.blocks.extend(saying.blocks);
        self.told.push(saying.told);
    }

    fn miss(&mut self, frame: Frame<'_>, label: &str, cause: Cause) {
        match &cause {
            Cause::NotWanted => return,
            Cause::Empty(_) => self.empty = true,
            Cause::Broken(_) => self.broken = true,
        }
        self.push(&missing::sentence(frame, label, &cause), None);
    }

    fn push(&mut self, prose: &Prose, n: Option<u32>) {
        if prose.is_empty() || self.plain.iter().any(|known| known == prose.plain()) {
            return;
        }
        self.plain.push(prose.plain().to_owned());
        self.blocks
            .push(AnswerBlock::Text { text: prose.marked().to_owned(), refs: n.into_iter().collect() });
    }

    /// What tools want a person to know, once each.
    fn notes(&mut self, frame: Frame<'_>, results: &BTreeMap<String, StepResult>) {
        let mut notes: Vec<&str> = Vec::new();
        for note in results.values().filter(|result| result.usable()).flat_map(|result| &result.output.notes)
        {
            let note = note.trim();
            if !note.is_empty()
                && !notes.contains(&note)
                && !self.silent.iter().any(|said| said.trim() == note)
            {
                notes.push(note);
            }
        }
        for note in notes {
            let mut prose = Prose::default();
            prose.text(frame.pick("참고: ", "Note: ")).text(note);
            self.push(&prose, None);
        }
    }

    fn finish(mut self, frame: Frame<'_>, evidence: Vec<Evidence>, follow_ups: Vec<String>) -> Composed {
        let answered = self.told.iter().any(|told| matches!(told, Told::Value | Told::Nothing));
        let drawn = self.told.contains(&Told::Drawn);
        let lacking = self.partial || self.empty || self.broken || self.told.contains(&Told::Unknown);
        let status = match (answered || drawn, lacking) {
            (true, false) => AnswerStatus::Answered,
            (true, true) => AnswerStatus::Partial,
            (false, _) if self.broken => AnswerStatus::Failed,
            (false, _) => AnswerStatus::Unanswerable,
        };
        if self.plain.is_empty() {
            let mut prose = Prose::default();
            prose.text(
                frame.pick("물어보신 것에 해당하는 자료가 없습니다.", "There is no data for this question."),
            );
            self.push(&prose, None);
        }
        let follow_ups = if answered { follow_ups } else { Vec::new() };
        Composed { status, answer: self.plain.join("\n"), blocks: self.blocks, evidence, follow_ups }
    }
}

#[cfg(test)]
mod tests;
