//! Finding: every series against what is usual for it, then groups of what deviates, then their causes.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use analysis::seasonal::{self, Settings};
use chrono::{DateTime, Duration, Utc};
use model::{
    SeriesId,
    rca::Hypothesis,
    records::{Record, RecordQuery},
    schema::RecordRole,
    tools::RcaRun,
};
use serde_json::json;

use super::{
    Window,
    group::{self, Stretch},
};
use crate::{
    access::Caller,
    app::App,
    cmdb::Snapshot,
    error::{Error, Result},
    events,
    metrics::store::{self, samples, series_about},
    rca,
};

/// Days before the window that are learned from.
const HISTORY_D: i64 = 14;
/// Series looked at together.
const BATCH: usize = 120;
/// Robust standard deviations from which a deviation counts, and from which it is severe.
const COUNTS: f64 = 6.0;
const SEVERE: f64 = 14.0;
/// Deviations that are grouped, strongest first.
const MOST: usize = 4_000;
/// Items named to the search for causes.
const NAMED: usize = 8;
/// Minutes before the first deviation and after it that the search for causes looks at.
const BEFORE_MIN: i64 = 5;
const AFTER_MIN: i64 = 60;
/// Records read of one role.
const RECORDS: usize = 2_000;

/// A deviation of a series.
#[derive(Debug, Clone)]
pub struct Deviation {
    pub stretch: Stretch,
    pub metric: String,
    pub form: &'static str,
    pub value: f64,
    pub expected: f64,
    pub sigma: f64,
}

/// A group of deviations.
#[derive(Debug, Clone)]
pub struct Incident {
    pub id: String,
    /// In order of time.
    pub deviations: Vec<Deviation>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub severe: bool,
    pub ongoing: bool,
    /// Items, those that deviated first in front.
    pub nodes: Vec<u32>,
    /// Events on its items.
    pub events: Vec<Record>,
    /// Changes and maintenance on its items.
    pub changes: Vec<Record>,
}

type Causes = (Vec<Hypothesis>, Vec<String>);

/// What was found in a window.
pub struct Found {
    /// Newest first.
    pub incidents: Vec<Incident>,
    pub series: u32,
    pub alone: u32,
    causes: Mutex<HashMap<usize, Arc<Causes>>>,
}

impl Found {
    /// Possible causes of an incident, looked for once.
    pub async fn causes(&self, app: &App, caller: &Caller, estate: &Snapshot, at: usize) -> Result<Causes> {
        let known = |causes: &Mutex<HashMap<usize, Arc<Causes>>>| {
            causes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&at).cloned()
        };
        if let Some(causes) = known(&self.causes) {
            return Ok(causes.as_ref().clone());
        }
        let Some(incident) = self.incidents.get(at) else { return Ok(Causes::default()) };
        let codes: Vec<&str> = incident.nodes.iter().take(NAMED).map(|node| estate.code(*node)).collect();
        let to = (incident.from + Duration::minutes(AFTER_MIN)).min(incident.until + Duration::minutes(1));
        let args = RcaRun {
            ci: Some(json!(codes)),
            from: Some(json!((incident.from - Duration::minutes(BEFORE_MIN)).to_rfc3339())),
            to: Some(json!(to.max(incident.from + Duration::minutes(10)).to_rfc3339())),
            ..RcaRun::default()
        };
        let output = rca::tool_run(app, caller, args).await?;
        let causes = (output.hypotheses, output.notes);
        self.causes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(at, Arc::new(causes.clone()));
        Ok(causes)
    }
}

/// Finds the incidents of a window.
pub async fn find(app: &App, caller: &Caller, estate: &Arc<Snapshot>, window: Window) -> Result<Found> {
    let (mut all, series) = deviations(app, caller, estate, window).await?;
    all.sort_by(|a, b| b.sigma.total_cmp(&a.sigma));
    all.truncate(MOST);
    all.sort_by_key(|d| (d.stretch.from, d.stretch.node));
    let stretches: Vec<Stretch> = all.iter().map(|d| d.stretch).collect();
    let groups = group::group(&stretches, estate.topology());
    let events = records(app, caller, RecordRole::Event, window, Duration::zero()).await?;
    let mut changes = records(app, caller, RecordRole::Change, window, Duration::hours(2)).await?;
    changes.extend(records(app, caller, RecordRole::Maintenance, window, Duration::hours(2)).await?);
    let mut alone = 0;
    let mut incidents = Vec::new();
    for places in groups {
        let deviations: Vec<Deviation> = places.iter().filter_map(|at| all.get(*at).cloned()).collect();
        let incident = incident(estate, deviations, window, &events, &changes);
        // One series that twitched is no incident, unless a record of trouble says the same.
        let series: BTreeSet<(u32, &str)> =
            incident.deviations.iter().map(|d| (d.stretch.node, d.metric.as_str())).collect();
        if series.len() > 1 || !incident.events.is_empty() {
            incidents.push(incident);
        } else {
            alone += 1;
        }
    }
    incidents.sort_by_key(|incident| std::cmp::Reverse(incident.from));
    Ok(Found { incidents, series, alone, causes: Mutex::default() })
}

/// Every series against what is usual for it.
async fn deviations(
    app: &App,
    caller: &Caller,
    estate: &Arc<Snapshot>,
    (from, to): Window,
) -> Result<(Vec<Deviation>, u32)> {
    let mut tx = app.db.tenant(caller).await?;
    let rows = series_about(&mut tx, None).await?;
    let mut all = Vec::new();
    for batch in rows.chunks(BATCH) {
        let ids: Vec<SeriesId> = batch.iter().map(|row| row.0).collect();
        let read = store::Window::new(Some(from - Duration::days(HISTORY_D)), Some(to));
        let found = samples(&mut tx, &ids, read).await?;
        let (batch, estate) = (batch.to_vec(), Arc::clone(estate));
        let window = (from.timestamp_millis(), to.timestamp_millis());
        let work = move || -> Vec<Deviation> {
            batch
                .iter()
                .filter_map(|(id, metric, ci, peer)| {
                    let node = estate.node_of(*ci)?;
                    let peer = peer.and_then(|peer| estate.node_of(peer));
                    Some(judge(found.get(id)?, metric, node, peer, window))
                })
                .flatten()
                .collect()
        };
        let judged = tokio::task::spawn_blocking(work).await;
        all.extend(judged.map_err(|e| Error::Internal(format!("looking for deviations: {e}")))?);
    }
    Ok((all, u32::try_from(rows.len()).unwrap_or(u32::MAX)))
}

fn judge(
    samples: &[(i64, f64)],
    metric: &str,
    node: u32,
    peer: Option<u32>,
    window: (i64, i64),
) -> Vec<Deviation> {
    let settings = Settings { k: COUNTS, ..Settings::default() };
    seasonal::detect(samples, window, &settings)
        .anomalies
        .into_iter()
        .filter(|a| a.sigma.abs() >= COUNTS && matters(a.value, a.expected))
        .map(|a| Deviation {
            stretch: Stretch { node, peer, from: a.from, until: a.until },
            metric: metric.to_owned(),
            form: a.form.name(),
            value: a.value,
            expected: a.expected,
            sigma: a.sigma.abs(),
        })
        .collect()
}

/// A series that hardly moves makes much of little: a tenth of what is expected is the least that counts.
fn matters(value: f64, expected: f64) -> bool {
    (value - expected).abs() >= 0.1 * expected.abs()
}

fn incident(
    estate: &Snapshot,
    deviations: Vec<Deviation>,
    window: Window,
    events: &[Record],
    changes: &[Record],
) -> Incident {
    let ms = |at: i64| DateTime::from_timestamp_millis(at).unwrap_or_default();
    let from = deviations.iter().map(|d| d.stretch.from).min().unwrap_or_default();
    let until = deviations.iter().map(|d| d.stretch.until).max().unwrap_or_default();
    let mut nodes: Vec<u32> = Vec::new();
    for deviation in &deviations {
        if !nodes.contains(&deviation.stretch.node) {
            nodes.push(deviation.stretch.node);
        }
    }
    let (from, until) = (ms(from), ms(until));
    let of = |records: &[Record], lead: Duration| -> Vec<Record> {
        records
            .iter()
            .filter(|r| r.at >= from - lead && r.at <= until + Duration::milliseconds(group::GAP))
            .filter(|r| {
                r.ci.as_ref().and_then(|ci| estate.node(ci)).is_some_and(|node| nodes.contains(&node))
            })
            .cloned()
            .collect()
    };
    let events = of(events, Duration::minutes(15));
    let first = nodes.first().map(|node| estate.code(*node)).unwrap_or_default();
    Incident {
        id: format!("{}-{first}", from.format("%Y%m%dT%H%M")),
        severe: deviations.iter().any(|d| d.sigma >= SEVERE) && (nodes.len() > 1 || !events.is_empty()),
        ongoing: until + Duration::milliseconds(group::GAP) >= window.1,
        changes: of(changes, Duration::hours(2)),
        events,
        deviations,
        from,
        until,
        nodes,
    }
}

/// Records of a role in the window, page by page.
async fn records(
    app: &App,
    caller: &Caller,
    role: RecordRole,
    (from, to): Window,
    lead: Duration,
) -> Result<Vec<Record>> {
    let mut all = Vec::new();
    let mut cursor = None;
    while all.len() < RECORDS {
        let query = RecordQuery {
            role: Some(role),
            from: Some(from - lead),
            to: Some(to),
            cursor,
            limit: 200,
            ..RecordQuery::default()
        };
        let page = events::list(app, caller, query).await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(all)
}
