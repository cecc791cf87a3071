//! Once for each item of a list.

use std::sync::Arc;

use futures::{StreamExt, future::BoxFuture, stream};
use model::{
    Lang, Localized,
    plan::{Kind, Need, Node, StepStatus},
    tools::ToolOutput,
};
use serde_json::{Value, json};

use super::{
    engine::{Engine, Limits, skipped},
    frame::Frame,
    groups::{code_of, with_output},
    outcome::{Done, as_row, verdict},
};
use crate::{
    reference::{Reference, resolve_one},
    validate::MAX_ROUNDS,
};

impl Engine {
    /// Runs the body for each item, up to `par` at the same time. The output has one row per round that ended well: the
    /// output of the body.
    pub async fn for_each<'a>(&'a self, node: &'a Node, frame: &'a Frame<'a>, limits: Limits) -> Arc<Done> {
        let Kind::ForEach { items, var, body, max, par } = &node.kind else {
            return self.leave_out(node, frame, limits, Done::default()).await;
        };
        let items = match self.items(items, frame) {
            Ok(items) => items,
            Err(reason) => return self.leave_out(node, frame, limits, skipped(reason)).await,
        };
        let mark = self.log.start(node, frame);
        let there_are = items.len();
        let most = usize::try_from(u64::from(*max).min(MAX_ROUNDS)).unwrap_or(usize::MAX);
        let frames: Vec<Frame<'_>> = items
            .into_iter()
            .take(most)
            .enumerate()
            .map(|(round, item)| Frame::round(frame, &node.id, round, vec![(var.as_str(), item)]))
            .collect();
        let work: Vec<BoxFuture<'_, Arc<Done>>> =
            frames.iter().map(|frame| self.node(body, frame, limits)).collect();
        let children: Vec<Arc<Done>> = stream::iter(work).buffered(usize::from(*par).max(1)).collect().await;
        let done = if children.iter().any(|child| child.is_waiting()) {
            Done::waiting()
        } else {
            self.rounds(&children, there_are).coded(code_of(&children))
        };
        self.end(node, frame, limits, mark, json!({ "items": there_are }), done).await
    }

    /// Runs the body until a condition over its steps holds. A body sees the output of the round before as `last` (null in
    /// the first) and counts rounds from 0 as `round`.
    pub async fn repeat<'a>(
        &'a self,
        node: &'a Node,
        body: &'a Node,
        until: &'a str,
        max: u16,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        let mark = self.log.start(node, frame);
        let mut last = Value::Null;
        let mut rounds = 0;
        let mut done = Done::default();
        let mut reached = false;
        while rounds < max && !reached {
            let variables = vec![("last", last), ("round", json!(rounds))];
            let round = Frame::round(frame, &node.id, usize::from(rounds), variables);
            let child = self.node(body, &round, limits).await;
            rounds += 1;
            last = child.value().clone();
            let (status, error) = verdict(std::slice::from_ref(&child), Need::All);
            done = with_output(status, error, Arc::clone(&child.output)).coded(child.code);
            if child.is_waiting() || child.fails_parent() || !done.usable() {
                break;
            }
            match self.value(until, &round) {
                Ok(value) => reached = binding::truthy(&value),
                Err(failed) => {
                    done = failed;
                    break;
                }
            }
        }
        if done.usable() && !reached {
            let mut output = done.output.as_ref().clone();
            output.notes.push(match self.lang {
                Lang::Ko => format!("조건이 {rounds}번 안에 이루어지지 않았습니다"),
                Lang::En => format!("the condition did not hold within {rounds} rounds"),
            });
            done = Done::partial(output).despite(done.error.take());
        }
        let args = json!({ "until": until, "rounds": rounds, "reached": reached });
        self.end(node, frame, limits, mark, args, done).await
    }

    fn items(&self, text: &str, frame: &Frame<'_>) -> Result<Vec<Value>, Localized> {
        let reference = match Reference::parse(text) {
            Some(Ok(reference)) => reference,
            Some(Err(reason)) => return Err(reason),
            None => {
                return Err(Localized::new(
                    format!("반복 대상 '{text}'은(는) 참조가 아닙니다"),
                    format!("the list of the loop, '{text}', is no reference"),
                ));
            }
        };
        let view = frame.see([reference.root()]);
        match resolve_one(&reference, &view) {
            Ok(Value::Array(items)) => Ok(items),
            Ok(item) => Ok(vec![item]),
            Err(missing) => Err(missing.reason),
        }
    }

    fn rounds(&self, children: &[Arc<Done>], there_are: usize) -> Done {
        let rows: Vec<_> =
            children.iter().filter(|child| child.usable()).map(|child| as_row(&child.output)).collect();
        let cut = there_are > children.len();
        let mut output =
            ToolOutput { total: rows.len() as u64, rows, truncated: cut, ..ToolOutput::default() };
        if cut {
            let done = children.len();
            output.notes.push(match self.lang {
                Lang::Ko => format!("{there_are}개 가운데 처음 {done}개만 다루었습니다"),
                Lang::En => format!("only the first {done} of {there_are} were looked at"),
            });
        }
        let usable = !output.rows.is_empty();
        match verdict(children, Need::All) {
            (StepStatus::Ok, _) if !cut => Done::ok(output),
            (StepStatus::Ok | StepStatus::Partial, error) => Done::partial(output).despite(error),
            // Rounds that failed do not take the others with them.
            (_, error) if usable => Done::partial(output).despite(error),
            (status, error) => Done::failed(status, error),
        }
    }
}
