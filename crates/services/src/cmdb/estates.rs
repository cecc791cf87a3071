//! The snapshots in memory, one per tenant: loaded when first asked for, replaced when the estate changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwapOption;
use model::TenantId;

use super::{snapshot::Snapshot, store};
use crate::{
    access::Caller,
    db::Db,
    error::{Error, Result},
};

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
        let mut tx = db.tenant(caller).await?;
        let wanted = store::generation(&mut tx).await?;
        if let Some(current) = self.current.load_full().filter(|s| s.generation() >= wanted) {
            return Ok(current);
        }
        // The connection goes back before waiting: the one who loads may need it.
        drop(tx);
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

/// Whether the database is out of reach, in contrast to having refused.
fn is_outage(error: &Error) -> bool {
    error.to_api().kind == model::ErrorCode::Unavailable
}
