//! Imports at work in this process, and who listens to them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::{Stream, stream};
use model::{
    ImportId, TenantId,
    imports::{ImportState, ImportStatus},
};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long the last word of an import stays in memory, for listeners that come late.
const KEEP: Duration = Duration::from_secs(60);

/// Imports at work in this process.
#[derive(Default)]
pub struct Hub {
    jobs: Arc<Mutex<HashMap<ImportId, Arc<Job>>>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// An import at work, or just ended.
pub(super) struct Job {
    tenant: TenantId,
    status: watch::Sender<ImportStatus>,
    /// The program ends.
    pub stop: CancellationToken,
    /// A person does not want it any more.
    pub cancel: CancellationToken,
}

impl Hub {
    /// Stops every import; nothing of them is in. Used while the program ends.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(super) fn open(&self, tenant: TenantId, status: ImportStatus) -> Arc<Job> {
        let id = status.id;
        let job = Arc::new(Job {
            tenant,
            status: watch::Sender::new(status),
            stop: self.stop.child_token(),
            cancel: CancellationToken::new(),
        });
        self.lock().insert(id, Arc::clone(&job));
        job
    }

    /// Forgets an import after its grace time.
    pub(super) fn close_later(&self, id: ImportId) {
        let (jobs, stop) = (Arc::clone(&self.jobs), self.stop.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(KEEP) => {}
                () = stop.cancelled() => {}
            }
            jobs.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
    }

    pub(super) fn find(&self, tenant: TenantId, id: ImportId) -> Option<Arc<Job>> {
        self.lock().get(&id).filter(|job| job.tenant == tenant).cloned()
    }

    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ImportId, Arc<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    /// How it stands.
    pub fn status(&self) -> ImportStatus {
        self.status.borrow().clone()
    }

    /// Changes how it stands and tells everybody.
    pub fn tell(&self, change: impl FnOnce(&mut ImportStatus)) {
        self.status.send_modify(change);
    }

    /// How it stands now and whenever that changes, until it has ended. Slow listeners miss steps, never the end.
    pub fn listen(&self) -> impl Stream<Item = ImportStatus> + Send + 'static {
        let first = self.status.subscribe();
        stream::unfold((first, true, false), |(mut told, first, ended)| async move {
            if ended {
                return None;
            }
            if !first {
                told.changed().await.ok()?;
            }
            let status = told.borrow_and_update().clone();
            let ended = status.state != ImportState::Running;
            Some((status, (told, false, ended)))
        })
    }
}
