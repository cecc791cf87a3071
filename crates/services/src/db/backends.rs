//! Which server processes work for a call, so that its statements can be stopped there too: dropping the future alone
//! would leave them running.

use std::sync::{Arc, Mutex, PoisonError};

tokio::task_local! {
    static CALL: Backends;
}

/// The server processes at work for one call.
#[derive(Debug, Clone, Default)]
pub struct Backends(Arc<Mutex<Vec<i32>>>);

impl Backends {
    /// Runs a future whose transactions are noted here.
    pub async fn noting<T>(&self, work: impl Future<Output = T>) -> T {
        CALL.scope(self.clone(), work).await
    }

    /// Process numbers of transactions that are open.
    pub(super) fn at_work(&self) -> Vec<i32> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A transaction that is noted; it is forgotten with its end.
#[derive(Debug)]
pub(super) struct Entry {
    backends: Backends,
    pid: i32,
}

/// Notes a transaction of the call it belongs to; none outside of one.
pub(super) fn enter(pid: i32) -> Option<Entry> {
    let backends = CALL.try_with(Clone::clone).ok()?;
    backends.0.lock().unwrap_or_else(PoisonError::into_inner).push(pid);
    Some(Entry { backends, pid })
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut open = self.backends.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = open.iter().position(|pid| *pid == self.pid) {
            open.swap_remove(at);
        }
    }
}
