//! How a run ends here: kept with its answer, laid down until a person decides, or handed to another server.

use std::sync::atomic::Ordering;

use model::answer::AskResponse;

use super::Work;
use crate::{error::Result, runs::store};

impl Work {
    /// A person has to decide: nothing of the run stays in memory.
    pub(super) async fn lay_down(self) {
        let keeper = self.journal.keeper();
        self.app.runs.writer(&self.app).sync().await;
        let suspended = async {
            let mut tx = self.app.db.tenant(&self.caller).await?;
            let steps = self.journal.step_count();
            let spent = self.used();
            let held = store::suspend(&mut tx, self.started.run_id, keeper.server, spent, steps).await?;
            tx.commit().await?;
            Ok::<bool, crate::Error>(held)
        };
        if let Err(error) = suspended.await {
            // Its lease runs out, and whoever takes it over finds the question asked.
            tracing::warn!(run.id = %self.started.run_id, cause = %error, "a waiting run could not be laid down");
        }
        keeper.close();
        self.app.runs.forget(self.started.run_id);
    }

    /// Another server goes on, or this one after its next start: whichever looks first.
    pub(super) async fn give_back(self) {
        let keeper = self.journal.keeper();
        self.app.runs.writer(&self.app).sync().await;
        keeper.close();
        let given = async {
            let mut tx = self.app.db.tenant(&self.caller).await?;
            let (spent, steps) = (self.used(), self.journal.step_count());
            let given = store::hand_over(&mut tx, self.started.run_id, keeper.server, spent, steps).await?;
            tx.commit().await?;
            Ok::<bool, crate::Error>(given)
        };
        match given.await {
            Ok(given) => tracing::info!(run.id = %self.started.run_id, given, "a run is handed over"),
            // Its lease runs out by itself.
            Err(error) => {
                tracing::warn!(run.id = %self.started.run_id, cause = %error, "a run keeps its lease")
            }
        }
        self.app.runs.forget(self.started.run_id);
    }

    /// Keeps the answer after everything it rests on; false when another server has the run.
    pub(super) async fn keep(&self, response: &AskResponse) -> Result<bool> {
        let keeper = self.journal.keeper();
        self.app.runs.writer(&self.app).sync().await;
        if keeper.is_closed() {
            return Ok(false);
        }
        if keeper.broken.load(Ordering::Relaxed) {
            tracing::error!(run.id = %self.started.run_id, "steps of this run are missing in the journal");
        }
        let stored = serde_json::to_value(response.status)?;
        let status =
            if self.live.cancel.is_cancelled() { "cancelled" } else { stored.as_str().unwrap_or("failed") };
        let spent = self.used();
        let steps = self.journal.step_count();
        let mut tx = self.app.db.tenant(&self.caller).await?;
        let end = store::End { response, status, spent, steps, server: keeper.server };
        let held = store::finish(&mut tx, end).await?;
        tx.commit().await?;
        Ok(held)
    }
}
