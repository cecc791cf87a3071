//! The events of a run from its journal, while it goes on elsewhere or after it has ended.

use std::{collections::VecDeque, time::Duration};

use futures::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use model::{RunId, answer::RunEvent, run::RunStatus};

use super::{journal, store};
use crate::{access::Caller, app::Shared, error::Result};

/// How often the journal is looked at while the run goes on, at first and at most.
const LOOK: Duration = Duration::from_millis(250);
const LOOK_MOST: Duration = Duration::from_secs(2);

/// Follows a run by its journal.
struct Follower {
    app: Shared,
    caller: Caller,
    id: RunId,
    after: u64,
    ready: VecDeque<(u64, RunEvent)>,
    wait: Duration,
    over: bool,
}

/// What is told from memory, then, where that ends without the end of the run, what the journal knows.
pub fn continued(
    app: &Shared,
    caller: &Caller,
    id: RunId,
    after: u64,
    memory: BoxStream<'static, (u64, RunEvent)>,
) -> impl Stream<Item = (u64, RunEvent)> + Send + use<> {
    let follower = Follower {
        app: app.clone(),
        caller: caller.clone(),
        id,
        after,
        ready: VecDeque::new(),
        wait: LOOK,
        over: false,
    };
    stream::unfold((memory, follower), |(mut memory, mut follower)| async move {
        if follower.over {
            return None;
        }
        let next = match memory.next().await {
            Some(event) => Some(event),
            None => follower.next().await,
        };
        let (seq, event) = next?;
        follower.after = follower.after.max(seq);
        follower.over = matches!(event, RunEvent::Finished { .. });
        Some(((seq, event), (memory, follower)))
    })
}

impl Follower {
    async fn next(&mut self) -> Option<(u64, RunEvent)> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.look().await {
                Ok(Some(last)) => return Some(last),
                Ok(None) if !self.ready.is_empty() => self.wait = LOOK,
                Ok(None) => {
                    tokio::time::sleep(self.wait).await;
                    self.wait = (self.wait * 2).min(LOOK_MOST);
                }
                Err(error) => {
                    tracing::warn!(run.id = %self.id, cause = %error, "a run cannot be followed");
                    return None;
                }
            }
        }
    }

    /// What has come since; the end of the run when there is nothing else.
    async fn look(&mut self) -> Result<Option<(u64, RunEvent)>> {
        let mut tx = self.app.db.tenant(&self.caller).await?;
        // The status first: what is told after that is seen the next time.
        let end = store::end(&mut tx, self.id).await?;
        self.ready.extend(journal::told_after(&mut tx, self.id, self.after).await?);
        if !self.ready.is_empty() {
            return Ok(None);
        }
        let ended = |status: RunStatus| status.ended();
        Ok(match end {
            Some((status, Some(response))) if ended(status) => {
                Some((self.after.saturating_add(1), RunEvent::Finished { response: Box::new(response) }))
            }
            // Given up on without an answer, or removed.
            Some((status, None)) if ended(status) => {
                self.over = true;
                return Err(crate::chat::missing_run(self.id));
            }
            None => return Err(crate::chat::missing_run(self.id)),
            _ => None,
        })
    }
}
