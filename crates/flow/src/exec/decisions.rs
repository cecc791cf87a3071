//! What a person has to decide: whether a run goes on, and whether it goes on without a step that failed.

use std::sync::Arc;

use model::{
    Lang, Localized,
    perm::Role,
    plan::{Node, StepStatus},
};
use serde_json::json;

use super::{
    engine::{Engine, Limits, name_of},
    frame::Frame,
    outcome::{Done, from_default},
};
use crate::journal::{Ask, Decided};

/// Seconds a person has to say whether a run goes on without a step that failed.
const ASK_S: u32 = 24 * 3600;

impl Engine {
    /// A decision of a person.
    pub async fn approve<'a>(
        &'a self,
        node: &'a Node,
        what: &'a str,
        who: Role,
        expires_s: u32,
        frame: &'a Frame<'a>,
        limits: Limits,
    ) -> Arc<Done> {
        if let Some(done) = self.replayed(node, frame) {
            return done;
        }
        let what = match self.text(what, frame) {
            Ok(what) => what,
            Err(done) => return self.leave_out(node, frame, limits, done).await,
        };
        let mark = self.log.start(node, frame);
        let args = json!({ "what": what, "who": who.as_str() });
        let ask = Ask { path: frame.id(&node.id), kind: "approve", what, who, expires_s };
        let done = match self.ask(ask).await {
            Ok(Decided::NotYet) => Done::waiting(),
            Ok(Decided::Approved { by, reason }) => {
                Done::ok(from_default(&json!({ "approved": true, "by": by, "reason": reason })))
            }
            Ok(Decided::Denied { by, reason }) => not_approved(&by, &reason),
            Err(error) => Done::failed(StepStatus::Failed, Some(error)).coded("transient"),
        };
        self.end(node, frame, limits, mark, args, done).await
    }

    async fn ask(&self, ask: Ask) -> Result<Decided, Localized> {
        self.journal.sync().await?;
        self.journal.ask(ask).await
    }

    /// Whether to go on without a step that failed.
    pub async fn ask_to_go_on(&self, node: &Node, frame: &Frame<'_>, mut done: Done) -> Done {
        let why = done.error.as_ref().map(|error| error.get(self.lang)).unwrap_or_default();
        let what = match self.lang {
            Lang::Ko => format!("'{}' 단계가 실패했습니다: {why}. 이 단계 없이 계속할까요?", name_of(node)),
            Lang::En => format!("the step '{}' failed: {why}. Go on without it?", name_of(node)),
        };
        let ask = Ask { path: frame.id(&node.id), kind: "ask", what, who: Role::Viewer, expires_s: ASK_S };
        match self.ask(ask).await {
            Ok(Decided::NotYet) => Done::waiting(),
            Ok(Decided::Approved { .. }) => {
                done.tolerated = true;
                done
            }
            Ok(Decided::Denied { .. }) | Err(_) => done,
        }
    }
}

fn not_approved(by: &str, reason: &str) -> Done {
    let error = match by {
        "" => Localized::new("기한 안에 승인되지 않았습니다", "it was not approved in time"),
        by => {
            Localized::new(format!("{by} 님이 거절했습니다: {reason}"), format!("denied by {by}: {reason}"))
        }
    };
    Done::failed(StepStatus::Denied, Some(error)).coded("denied")
}
