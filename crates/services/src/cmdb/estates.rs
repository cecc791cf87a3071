//! The snapshots in memory, one per tenant: loaded when first asked for, replaced when the estate changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwapOption;
use model::TenantId;

use super::{snapshot::Snapshot, store};
use crate::{
    access::Caller,
    db::Db,
    error::{Error, Result},
};

/// How long a request that could be answered from memory waits for the database to say whether that is still true.
const PATIENCE: Duration = Duration::from_secs(2);

/// The snapshots of all tenants.
#[derive(Default)]
pub struct Estates {
    slots: Mutex<HashMap<TenantId, Arc<Slot>>>,
}

#[derive(Default)]
struct Slot {
    current: ArcSwapOption<Snapshot>,
    /// Held while one request loads: the others wait for its result instead of loading too.
    loading: tokio::sync::Mutex<()>,
}

impl Estates {
    /// The estate of the caller's tenant as it is now. While the database cannot be reached, the last one known.
    pub async fn snapshot(&self, db: &Db, caller: &Caller) -> Result<Arc<Snapshot>> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(caller.tenant).or_default())
        };
        match slot.fresh(db, caller).await {
            Ok(snapshot) => Ok(snapshot),
            Err(error) => match (slot.current.load_full(), is_outage(&error)) {
                (Some(last), true) => {
                    tracing::warn!(tenant = %caller.tenant, generation = last.generation(), cause = %error,
                        "answering from the last snapshot");
                    Ok(last)
                }
                _ => Err(error),
            },
        }
    }
}

impl Slot {
    async fn fresh(&self, db: &Db, caller: &Caller) -> Result<Arc<Snapshot>> {
        let wanted = match tokio::time::timeout(PATIENCE, wanted(db, caller)).await {
            Ok(wanted) => wanted?,
            // Whoever has no snapshot yet waits as long as the pool does.
            Err(_) if self.current.load().is_none() => wanted(db, caller).await?,
            Err(_) => return Err(Error::Database(sqlx::Error::PoolTimedOut)),
        };
        if let Some(current) = self.current.load_full().filter(|s| s.generation() >= wanted) {
            return Ok(current);
        }
        let _one_at_a_time = self.loading.lock().await;
        if let Some(current) = self.current.load_full().filter(|s| s.generation() >= wanted) {
            return Ok(current);
        }
        let begun = std::time::Instant::now();
        let mut tx = db.tenant(caller).await?;
        let snapshot = Arc::new(Snapshot::load(&mut tx).await?);
        tracing::info!(tenant = %caller.tenant, generation = snapshot.generation(), items = snapshot.items().len(),
            relations = snapshot.topology().edges(), ms = begun.elapsed().as_millis(), "estate loaded");
        self.current.store(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }
}

/// The generation there is. The connection goes back at once: the one who loads may need it.
async fn wanted(db: &Db, caller: &Caller) -> Result<u64> {
    store::generation(&mut db.tenant(caller).await?).await
}

/// Whether the database is out of reach, in contrast to having refused.
fn is_outage(error: &Error) -> bool {
    error.to_api().kind == model::ErrorCode::Unavailable
}
