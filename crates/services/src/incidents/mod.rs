//! Incidents: anomalies the detector finds over the estate, grouped by topology and time, each with its possible causes.
//!
//! They are kept: a search in the background judges what is new, puts anomalies together and looks for causes; reading
//! computes nothing but what is missing of one incident that is opened. An incident that grows keeps its number.
//! Invariant: what somebody said to be no anomaly is not told again until that is withdrawn.

mod explain;
mod feedback;
mod group;
mod judge;
mod regroup;
mod scan;
pub(crate) mod store;
mod tell;

use std::collections::HashMap;

use analysis::seasonal::Taught;
use chrono::{DateTime, Duration, Utc};
use model::{
    SeriesId,
    incident::{
        AnomalyPage, AnomalyQuery, AnomalyRow, Deviation, IncidentDetail, IncidentPage, IncidentQuery,
    },
    perm::EstateRead,
    rca::Hypothesis,
    schema::RecordRole,
};
use uuid::Uuid;

use self::{explain::Causes, tell::Parts};
pub use self::{
    feedback::{list as feedback, say, withdraw},
    scan::{ask as rescan, scan, scan_due, state},
};
use crate::{
    access::Caller,
    app::App,
    cmdb::{self, Snapshot},
    db::TenantTx,
    error::{Error, Result},
    metrics::store::Window,
};

/// Rows of a page when none are asked for, and the most of them.
const PAGE: (u32, u32) = (50, 200);

/// A page of incidents, newest first, and how the search stands.
pub async fn list(app: &App, caller: &Caller, query: IncidentQuery) -> Result<IncidentPage> {
    let may = caller.grant::<EstateRead>()?;
    ordered(query.from, query.to)?;
    let limit = limit(query.limit)?;
    let after = query.cursor.as_deref().map(cursor::<i64>).transpose()?;
    let mut tx = app.db.tenant(caller).await?;
    let scan = store::state(&mut tx).await?;
    let covered = scan.covered_until;
    let mut rows = store::list(&mut tx, may, &query, (covered, caller.lang), after, i64::from(limit)).await?;
    let (total, ongoing, explained) = store::count(&mut tx, &query, covered).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next =
        rows.last().filter(|_| more).map(|row| format!("{}.{}", row.from_at.timestamp_micros(), row.number));
    let items = rows
        .iter()
        .map(|row| {
            let best: Option<Hypothesis> =
                row.causes.clone().and_then(|best| serde_json::from_value(best).ok());
            tell::summary(row, covered, best.as_ref())
        })
        .collect();
    let count = i64::unsigned_abs;
    Ok(IncidentPage {
        items,
        next,
        total: count(total),
        ongoing: count(ongoing),
        explained: count(explained),
        scan,
    })
}

/// An incident with its items, deviations, causes and changes.
pub async fn get(app: &App, caller: &Caller, id: &str) -> Result<IncidentDetail> {
    caller.grant::<EstateRead>()?;
    let missing = || {
        Error::not_found(
            format!(
                "인시던트 {} 찾을 수 없습니다. 다른 인시던트와 합쳐졌거나 데이터가 없어졌을 수 있습니다",
                planner::compose::with_particle(id, planner::compose::Josa::Object)
            ),
            format!("there is no incident {id}; it may have become part of another, or its data are gone"),
        )
    };
    let number = tell::number(id).ok_or_else(missing)?;
    let estate = cmdb::estate(app, caller).await?;
    let mut tx = app.db.tenant(caller).await?;
    let row = store::get(&mut tx, number, caller.lang).await?.ok_or_else(missing)?;
    let anomalies = store::of_incident(&mut tx, number).await?;
    let cis: Vec<Uuid> = anomalies.iter().map(|one| one.ci_id).collect();
    let end = row.until_at + Duration::milliseconds(group::GAP);
    let trouble = regroup::kinds(&estate, &[RecordRole::Event]);
    let lead = row.from_at - Duration::minutes(regroup::EVENT_LEAD_MIN);
    let events = store::records(&mut tx, &trouble, &cis, (lead, end)).await?;
    let changed = regroup::kinds(&estate, &[RecordRole::Change, RecordRole::Maintenance]);
    let lead = row.from_at - Duration::hours(regroup::CHANGE_LEAD_H);
    let changes = store::records(&mut tx, &changed, &cis, (lead, end)).await?;
    let beside = store::beside(&mut tx, &row).await?;
    let covered = store::state(&mut tx).await?.covered_until;
    drop(tx);
    let mut parts = Parts { row, anomalies, events, changes, beside, covered };
    let causes = match parts.row.causes.take().filter(|_| parts.row.explained_at.is_some()) {
        Some(causes) => serde_json::from_value(causes).unwrap_or_default(),
        None => {
            let causes = explain::explain(app, caller, &parts.row).await.unwrap_or_else(|error| Causes {
                notes: vec![error.to_api().message.get(caller.lang).to_owned()],
                ..Causes::default()
            });
            parts.row.explained_at = Some(Utc::now());
            causes
        }
    };
    Ok(tell::detail(&parts, &estate, causes))
}

/// A page of anomalies, newest first.
pub async fn anomalies(app: &App, caller: &Caller, query: AnomalyQuery) -> Result<AnomalyPage> {
    let may = caller.grant::<EstateRead>()?;
    ordered(query.from, query.to)?;
    let limit = limit(query.limit)?;
    let after = query.cursor.as_deref().map(cursor::<Uuid>).transpose()?;
    let estate = cmdb::estate(app, caller).await?;
    let ci = match query.ci.as_str() {
        "" => None,
        code => Some(estate.node(code).and_then(|node| estate.meta(node)).map(|meta| meta.id.0).ok_or_else(
            || {
                Error::invalid(
                    "ci",
                    format!("'{code}' 구성 항목이 없습니다"),
                    format!("there is no item '{code}'"),
                )
            },
        )?),
    };
    let mut tx = app.db.tenant(caller).await?;
    let mut rows = store::page(&mut tx, may, &query, ci, after, i64::from(limit)).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next =
        rows.last().filter(|_| more).map(|row| format!("{}.{}", row.from_at.timestamp_micros(), row.id));
    let items = rows
        .iter()
        .map(|row| AnomalyRow {
            ci: estate.node_of(row.ci()).map(|node| estate.code(node).to_owned()).unwrap_or_default(),
            deviation: tell::deviation(row, &estate),
            incident: row.incident.map(tell::name),
        })
        .collect();
    Ok(AnomalyPage { items, next })
}

/// What left the usual in a window, by series.
pub(crate) async fn deviations_of(
    tx: &mut TenantTx<'_>,
    estate: &Snapshot,
    series: &[SeriesId],
    window: Window,
) -> Result<Vec<(SeriesId, Deviation)>> {
    let rows = store::of_series(tx, series, (store::moment(window.from), store::moment(window.to))).await?;
    Ok(rows.iter().map(|row| (SeriesId(row.series_id), tell::deviation(row, estate))).collect())
}

/// What was said of series and still stands, in order.
pub(crate) async fn taught(
    tx: &mut TenantTx<'_>,
    series: &[SeriesId],
) -> Result<HashMap<SeriesId, Vec<Taught>>> {
    store::taught(tx, Some(series)).await
}

fn ordered(from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Result<()> {
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(Error::invalid(
            "to",
            "끝 시각은 시작 시각보다 뒤여야 합니다",
            "the end of the window must come after its start",
        ));
    }
    Ok(())
}

fn limit(asked: u32) -> Result<u32> {
    match asked {
        0 => Ok(PAGE.0),
        n if n <= PAGE.1 => Ok(n),
        _ => Err(Error::invalid(
            "limit",
            format!("한 쪽은 {}건까지입니다", PAGE.1),
            format!("a page has at most {} rows", PAGE.1),
        )),
    }
}

/// Reads where a page begins: moment and identifier of the row before it.
fn cursor<T: std::str::FromStr>(text: &str) -> Result<(DateTime<Utc>, T)> {
    let read = text
        .split_once('.')
        .and_then(|(at, id)| Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?)));
    read.ok_or_else(|| {
        Error::invalid(
            "cursor",
            "쪽 표시를 읽을 수 없습니다. 앞 쪽의 next 값을 그대로 쓰세요",
            "the cursor cannot be read; use `next` of the page before as it is",
        )
    })
}
