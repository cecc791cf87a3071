//! Incidents: deviations the detector finds over the estate, grouped by topology and time, each with its possible causes.
//!
//! Invariant: nothing is stored. The same data and window give the same incidents; what was found is kept in memory until
//! the data of the tenant change.

mod find;
mod group;
mod tell;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Duration, Utc};
use model::{
    Lang, TenantId,
    incident::{IncidentDetail, IncidentPage, IncidentQuery},
    perm::EstateRead,
};

use self::find::Found;
use crate::{
    access::Caller,
    app::App,
    cmdb::{self, Snapshot},
    error::{Error, Result},
};

/// The window looked at when none is named, and the longest one, in days.
const USUAL_D: i64 = 3;
const LONGEST_D: i64 = 31;
/// Incidents told of one window.
const TOLD: usize = 60;
/// Incidents whose causes are looked for at once, newest first; of the others when they are opened.
const EXPLAINED: usize = 10;

type Window = (DateTime<Utc>, DateTime<Utc>);
type Key = (u64, Window, Lang);

/// What was found lately, one window of each tenant.
#[derive(Default)]
pub struct Cache(Mutex<HashMap<TenantId, (Key, Arc<Found>)>>);

impl Cache {
    fn get(&self, tenant: TenantId, key: &Key) -> Option<Arc<Found>> {
        let cache = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        cache.get(&tenant).filter(|(known, _)| known == key).map(|(_, found)| Arc::clone(found))
    }

    fn put(&self, tenant: TenantId, key: Key, found: Arc<Found>) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(tenant, (key, found));
    }
}

/// The incidents of a window, newest first.
pub async fn list(app: &App, caller: &Caller, query: IncidentQuery) -> Result<IncidentPage> {
    caller.grant::<EstateRead>()?;
    let estate = cmdb::estate(app, caller).await?;
    let Some(window) = window(&estate, &query)? else {
        let now = Utc::now();
        return Ok(IncidentPage { items: Vec::new(), window: (now, now), series: 0, alone: 0 });
    };
    let found = found(app, caller, &estate, window).await?;
    let mut items = Vec::new();
    for at in 0..found.incidents.len().min(TOLD) {
        let explained = at < EXPLAINED;
        let hypotheses = if explained { found.causes(app, caller, &estate, at).await?.0 } else { Vec::new() };
        items.push(tell::summary(&found, &estate, at, &hypotheses));
    }
    Ok(IncidentPage { items, window, series: found.series, alone: found.alone })
}

/// An incident of a window.
pub async fn get(app: &App, caller: &Caller, query: IncidentQuery, id: &str) -> Result<IncidentDetail> {
    caller.grant::<EstateRead>()?;
    let estate = cmdb::estate(app, caller).await?;
    let missing = || {
        Error::not_found(
            format!("인시던트 {id}을(를) 이 기간에서 찾을 수 없습니다"),
            format!("there is no incident {id} in this window"),
        )
    };
    let window = window(&estate, &query)?.ok_or_else(missing)?;
    let found = found(app, caller, &estate, window).await?;
    let at = found.incidents.iter().position(|incident| incident.id == id).ok_or_else(missing)?;
    let (hypotheses, notes) = found.causes(app, caller, &estate, at).await?;
    Ok(tell::detail(&found, &estate, at, hypotheses, notes))
}

async fn found(app: &App, caller: &Caller, estate: &Arc<Snapshot>, window: Window) -> Result<Arc<Found>> {
    let key = (estate.generation(), window, caller.lang);
    if let Some(found) = app.incidents.get(caller.tenant, &key) {
        return Ok(found);
    }
    let found = Arc::new(find::find(app, caller, estate, window).await?);
    app.incidents.put(caller.tenant, key, Arc::clone(&found));
    Ok(found)
}

/// The window asked for; none where the estate has no metrics and none is named.
fn window(estate: &Snapshot, query: &IncidentQuery) -> Result<Option<Window>> {
    let last = estate.catalogue().metrics.iter().filter_map(|m| m.covers).map(|c| c.1).max();
    let Some(to) = query.to.or(last.map(|last| last + Duration::milliseconds(1))) else { return Ok(None) };
    let from = query.from.unwrap_or(to - Duration::days(USUAL_D));
    if from >= to || to - from > Duration::days(LONGEST_D) {
        return Err(Error::invalid(
            "from",
            format!("기간은 시작이 끝보다 앞이고 {LONGEST_D}일 이내여야 합니다"),
            format!("the window has to begin before it ends and may be {LONGEST_D} days long"),
        ));
    }
    Ok(Some((from, to)))
}
