//! Anomalies to incidents: put together by topology and time, each incident keeping its number while it grows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Duration, Utc};
use model::schema::RecordRole;
use uuid::Uuid;

use super::{
    group::{self, GAP, Stretch},
    store::{self, AnomalyRow, Grouped, Told, ms},
};
use crate::{
    access::Caller,
    app::App,
    cmdb::{self, Snapshot},
    error::{Error, Result},
};

/// Robust standard deviations from which a deviation is severe.
pub const SEVERE: f64 = 14.0;
/// Minutes before an incident in which an event still belongs to it, and hours of changes.
pub const EVENT_LEAD_MIN: i64 = 15;
pub const CHANGE_LEAD_H: i64 = 2;

/// Puts together anew whatever has changed, and whatever lasts at `since` or later.
pub async fn run(app: &App, caller: &Caller, since: Option<DateTime<Utc>>) -> Result<()> {
    let estate = cmdb::estate(app, caller).await?;
    let mut tx = app.db.tenant(caller).await?;
    store::lock(&mut tx).await?;
    let Some(since) = store::ungrouped(&mut tx).await?.into_iter().chain(since).min() else { return Ok(()) };
    let since = since - Duration::milliseconds(GAP);
    let rows: Vec<AnomalyRow> = store::to_group(&mut tx, since).await?;
    let rows: Vec<(AnomalyRow, Stretch)> = rows.into_iter().filter_map(|row| placed(row, &estate)).collect();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.0.id).collect();
    let cis: BTreeSet<Uuid> = rows.iter().map(|row| row.0.ci_id).collect();
    let span = (
        rows.iter().map(|row| row.0.from_at).min().unwrap_or(since) - Duration::hours(CHANGE_LEAD_H),
        rows.iter().map(|row| row.0.until_at).max().unwrap_or(since) + Duration::milliseconds(GAP),
    );
    let kinds = (
        kinds(&estate, &[RecordRole::Event]),
        kinds(&estate, &[RecordRole::Change, RecordRole::Maintenance]),
    );
    let cis: Vec<Uuid> = cis.into_iter().collect();
    let told = store::told(&mut tx, (&kinds.0, &kinds.1), &cis, span).await?;
    let work = move || together(&rows, &estate, &told);
    let (groups, alone) = tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::Internal(format!("putting incidents together: {e}")))?;
    store::regroup(&mut tx, &groups, &ids, since, i32::try_from(alone).unwrap_or(i32::MAX)).await?;
    tx.commit().await
}

/// Kinds of records of some roles.
pub fn kinds(estate: &Snapshot, roles: &[RecordRole]) -> Vec<String> {
    estate.catalogue().records.iter().filter(|k| roles.contains(&k.role)).map(|k| k.key.clone()).collect()
}

fn placed(row: AnomalyRow, estate: &Snapshot) -> Option<(AnomalyRow, Stretch)> {
    let node = estate.node_of(row.ci())?;
    let peer = row.peer().and_then(|peer| estate.node_of(peer));
    let stretch = Stretch { node, peer, from: ms(row.from_at), until: ms(row.until_at) };
    Some((row, stretch))
}

/// Groups that are incidents, with the number each keeps, and how many anomalies stand alone.
fn together(
    rows: &[(AnomalyRow, Stretch)],
    estate: &Snapshot,
    told: &[Told],
) -> (Vec<(Option<i64>, Grouped)>, usize) {
    let stretches: Vec<Stretch> = rows.iter().map(|row| row.1).collect();
    let mut by_item: HashMap<Uuid, Vec<(DateTime<Utc>, bool)>> = HashMap::new();
    for (ci, at, trouble) in told {
        by_item.entry(*ci).or_default().push((*at, *trouble));
    }
    let mut alone = 0;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut made: Vec<Grouped> = Vec::new();
    for members in group::group(&stretches, estate.topology()) {
        let all: Vec<&(AnomalyRow, Stretch)> = members.iter().filter_map(|at| rows.get(*at)).collect();
        match incident(&all, estate, &by_item) {
            Some(incident) => {
                groups.push(members);
                made.push(incident);
            }
            None => alone += members.len(),
        }
    }
    let old: Vec<Option<i64>> = rows.iter().map(|row| row.0.incident).collect();
    (numbers(&groups, &old).into_iter().zip(made).collect(), alone)
}

/// One series that twitched is no incident, unless a record of trouble says the same.
fn incident(
    all: &[&(AnomalyRow, Stretch)],
    estate: &Snapshot,
    told: &HashMap<Uuid, Vec<(DateTime<Utc>, bool)>>,
) -> Option<Grouped> {
    let from = all.iter().map(|one| one.0.from_at).min()?;
    let until = all.iter().map(|one| one.0.until_at).max()?;
    let mut nodes: Vec<u32> = Vec::new();
    let mut cis: BTreeSet<Uuid> = BTreeSet::new();
    for one in all {
        cis.insert(one.0.ci_id);
        if !nodes.contains(&one.1.node) {
            nodes.push(one.1.node);
        }
    }
    let end = until + Duration::milliseconds(GAP);
    let near = |lead: Duration, trouble: bool| {
        let of = cis.iter().filter_map(|ci| told.get(ci)).flatten();
        of.filter(|(at, kind)| *kind == trouble && *at >= from - lead && *at <= end).count()
    };
    let events = near(Duration::minutes(EVENT_LEAD_MIN), true);
    let changes = near(Duration::hours(CHANGE_LEAD_H), false);
    // a value that stands still says little by itself
    let moved: BTreeSet<Uuid> =
        all.iter().filter(|one| one.0.form != "flat").map(|one| one.0.series_id).collect();
    if moved.len() < 2 && (events == 0 || moved.is_empty()) {
        return None;
    }
    let far = all.iter().any(|one| one.0.sigma >= SEVERE);
    let items: Vec<String> = nodes.iter().map(|node| estate.code(*node).to_owned()).collect();
    Some(Grouped {
        from,
        until,
        severe: far && (nodes.len() > 1 || events > 0),
        deviations: i32::try_from(all.len()).unwrap_or(i32::MAX),
        events: i32::try_from(events).unwrap_or(i32::MAX),
        fingerprint: format!(
            "{} {} {} {events} {changes} {}",
            ms(from),
            ms(until),
            all.len(),
            items.join(",")
        ),
        members: all.iter().map(|one| one.0.id).collect(),
        items,
    })
}

/// Which group keeps which number: a number goes to the group most of its anomalies are in; a group two numbers come to
/// keeps the older one. `old` is the number of each anomaly.
pub fn numbers(groups: &[Vec<usize>], old: &[Option<i64>]) -> Vec<Option<i64>> {
    let mut shares: BTreeMap<i64, Vec<(usize, usize)>> = BTreeMap::new();
    for (place, group) in groups.iter().enumerate() {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for number in group.iter().filter_map(|at| old.get(*at).copied().flatten()) {
            *counts.entry(number).or_default() += 1;
        }
        for (number, count) in counts {
            shares.entry(number).or_default().push((count, place));
        }
    }
    let mut kept: Vec<Option<i64>> = vec![None; groups.len()];
    // in order of numbers, so that the older one comes first
    for (number, shares) in shares {
        let most = shares.iter().max_by_key(|(count, place)| (*count, std::cmp::Reverse(*place)));
        if let Some(slot) = most.and_then(|(_, place)| kept.get_mut(*place))
            && slot.is_none()
        {
            *slot = Some(number);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_that_grows_keeps_its_number() {
        assert_eq!(numbers(&[vec![0, 1, 2, 3]], &[Some(7), Some(7), None, None]), [Some(7)]);
    }

    #[test]
    fn two_that_grow_together_keep_the_older_number() {
        assert_eq!(numbers(&[vec![0, 1, 2]], &[Some(9), Some(9), Some(4)]), [Some(4)]);
    }

    #[test]
    fn of_one_that_falls_apart_the_larger_part_keeps_the_number() {
        let old = [Some(3), Some(3), Some(3), None];
        assert_eq!(numbers(&[vec![0], vec![1, 2], vec![3]], &old), [None, Some(3), None]);
        assert_eq!(numbers(&[vec![0, 1], vec![2]], &[Some(3), None, Some(3)]), [Some(3), None]);
    }
}
