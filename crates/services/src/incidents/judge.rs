//! One series after the other against what is usual for it, in batches that fit into memory.

use std::collections::{BTreeMap, HashMap};

use analysis::seasonal::{Anomaly, DayModel, Taught, Watched, is_known, threshold, watch};
use chrono::{Duration, NaiveDate};
use model::SeriesId;

use super::store::{self, DayRow, Judged, moment};
use crate::{
    access::Caller,
    app::App,
    error::{Error, Result},
    metrics::{
        bands::{self, COUNTS, Kept, day_ms, day_of},
        store::{Window, samples},
        write::DAY_MS,
    },
};

/// Days at the end of each series that are judged, and days before the first of them that are learned from.
pub const DEPTH_D: i32 = 14;
const LEARN_D: i64 = 42;
/// Days before that are enough where what is usual is known already.
const RECENT_D: i64 = 2;
/// Samples read at once: 32 MB of them.
const AT_ONCE: i64 = 2_000_000;

/// A series with days that are new or were changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Dirty {
    pub series: SeriesId,
    /// The threshold it is judged by.
    pub k: f64,
    /// The first day to be judged anew.
    pub since: NaiveDate,
    /// Days from then on that have samples, with their version.
    pub days: Vec<(NaiveDate, String)>,
    /// Days that were judged and have no samples any more.
    pub gone: Vec<NaiveDate>,
    /// What is usual on the first day is known: only its end is new.
    pub known: bool,
    /// Samples that have to be read, about.
    weight: i64,
}

/// What each day was judged by: the samples seen and the threshold.
type Judgements<'a> = BTreeMap<NaiveDate, (&'a str, f64)>;

/// Series whose samples are not those that were judged, or that are judged by another threshold now.
pub fn dirty(days: &[DayRow], judged: &[Judged], taught: &HashMap<SeriesId, Vec<Taught>>) -> Vec<Dirty> {
    let mut series: BTreeMap<SeriesId, (Vec<&DayRow>, Judgements<'_>)> = BTreeMap::new();
    for row in days {
        series.entry(SeriesId(row.series_id)).or_default().0.push(row);
    }
    for (id, day, seen, k) in judged {
        series.entry(SeriesId(*id)).or_default().1.insert(*day, (seen, *k));
    }
    series.into_iter().filter_map(|(id, (days, judged))| one(id, &days, judged, taught.get(&id))).collect()
}

fn one(
    id: SeriesId,
    days: &[&DayRow],
    judged: Judgements<'_>,
    taught: Option<&Vec<Taught>>,
) -> Option<Dirty> {
    let k = threshold(COUNTS, taught.map(Vec::as_slice).unwrap_or_default());
    let same = |row: &&&DayRow| {
        judged.get(&row.day).is_some_and(|(seen, by)| *seen == row.seen && (by - k).abs() < 1e-9)
    };
    let gone: Vec<NaiveDate> =
        judged.keys().filter(|day| !days.iter().any(|row| row.day == **day)).copied().collect();
    let changed = days.iter().find(|row| !same(row)).map(|row| row.day);
    let since = changed.into_iter().chain(gone.first().copied()).min()?;
    let last = days.last();
    let known = last.is_some_and(|l| l.day == since) && judged.contains_key(&since);
    let per_day = days.iter().map(|row| i64::from(row.samples)).max().unwrap_or(0);
    let read = if known { RECENT_D + 1 } else { LEARN_D + i64::try_from(days.len()).unwrap_or(0) };
    let fresh = days.iter().filter(|row| row.day >= since);
    Some(Dirty {
        series: id,
        k,
        since,
        days: fresh.map(|row| (row.day, row.seen.clone())).collect(),
        gone,
        known,
        weight: per_day * read,
    })
}

/// Cuts the work into batches that fit into memory; those of which little is to be read first, so that what is new is
/// judged before what is old.
pub fn batches(mut all: Vec<Dirty>) -> Vec<Vec<Dirty>> {
    all.sort_by_key(|one| (!one.known, one.series));
    let mut out: Vec<Vec<Dirty>> = Vec::new();
    let mut weight = 0;
    for one in all {
        if weight + one.weight > AT_ONCE || out.is_empty() {
            out.push(Vec::new());
            weight = 0;
        }
        weight += one.weight;
        if let Some(last) = out.last_mut() {
            last.push(one);
        }
    }
    out
}

/// Judges a batch and keeps what was found, with the word that the server is still at it, in one transaction. False where
/// another server has taken over.
pub async fn batch(
    app: &App,
    caller: &Caller,
    (owner, done): (uuid::Uuid, i32),
    batch: Vec<Dirty>,
    taught: &HashMap<SeriesId, Vec<Taught>>,
) -> Result<bool> {
    let mut tx = app.db.tenant(caller).await?;
    let ids: Vec<SeriesId> = batch.iter().map(|one| one.series).collect();
    let since: Vec<_> = batch.iter().map(|one| (one.series, moment(day_ms(one.since)))).collect();
    let known = store::known(&mut tx, &since).await?;
    let first = batch.iter().map(|one| one.since).min().unwrap_or_default();
    let last = batch.iter().flat_map(|one| &one.days).map(|day| day.0).max().unwrap_or(first);
    let kept = bands::store::kept(&mut tx, &ids, (first, last)).await?;
    let mut read = HashMap::new();
    for deep in [false, true] {
        let part: Vec<&Dirty> = batch.iter().filter(|one| one.known != deep).collect();
        let ids: Vec<SeriesId> = part.iter().map(|one| one.series).collect();
        let Some(first) = part.iter().map(|one| one.since).min() else { continue };
        let back = Duration::days(if deep { LEARN_D } else { RECENT_D });
        let window = Window::new(Some(moment(day_ms(first)) - back), Some(moment(day_ms(last) + DAY_MS)));
        read.extend(samples(&mut tx, &ids, window).await?);
    }
    drop(tx);
    let taught: HashMap<SeriesId, Vec<Taught>> =
        ids.iter().filter_map(|id| Some((*id, taught.get(id)?.clone()))).collect();
    let work = move || -> Vec<(Dirty, Watched)> {
        batch
            .into_iter()
            .map(|one| {
                let empty = Vec::new();
                let taught = taught.get(&one.series).unwrap_or(&empty);
                let kept = kept.get(&one.series).map(Vec::as_slice).unwrap_or_default();
                let samples = read.get(&one.series).map(Vec::as_slice).unwrap_or_default();
                let known = known.get(&one.series).map(Vec::as_slice).unwrap_or_default();
                let found = judge(&one, samples, known, kept, taught);
                (one, found)
            })
            .collect()
    };
    let judged = tokio::task::spawn_blocking(work).await;
    let judged = judged.map_err(|e| Error::Internal(format!("looking for anomalies: {e}")))?;

    let mut tx = app.db.tenant(caller).await?;
    let count = i32::try_from(judged.len()).unwrap_or(i32::MAX);
    if !store::renew(&mut tx, owner, done.saturating_add(count)).await? {
        return Ok(false);
    }
    // an import may have been taken back while its series were judged: what is gone has nothing to keep
    let there = store::there(&mut tx, &ids).await?;
    for (one, found) in judged.iter().filter(|one| there.contains(&one.0.series.0)) {
        store::put(&mut tx, one.series, moment(day_ms(one.since)), &found.anomalies).await?;
        store::forget_days(&mut tx, one.series, &one.gone).await?;
        bands::store::keep(&mut tx, &kept_of(one, found)).await?;
    }
    tx.commit().await?;
    Ok(true)
}

fn judge(
    one: &Dirty,
    samples: &[(i64, f64)],
    known: &[Anomaly],
    kept: &[Kept],
    taught: &[Taught],
) -> Watched {
    let Some(last) = one.days.last() else { return Watched::default() };
    let span = (day_ms(one.since), day_ms(last.0) + DAY_MS);
    // what is usual on the first day stands on days before it, which have not changed
    let first = kept.iter().find(|kept| kept.day == one.since).and_then(|kept| kept.model.clone());
    let models: HashMap<i64, DayModel> = first.into_iter().map(|model| (model.start, model)).collect();
    if one.known && models.is_empty() {
        // too short a history stays too short for its own day
        return Watched { too_short: vec![span.0], ..Watched::default() };
    }
    let mut settings = bands::settings(one.k);
    settings.accepted = taught.iter().map(|said| (said.from, said.until + 1)).collect();
    let mut found = watch(samples, span, &settings, known, &models);
    found.anomalies.retain(|anomaly| !is_known(anomaly, taught));
    found.learned.extend(models.into_values());
    found
}

/// What is kept of the days that were judged.
fn kept_of(one: &Dirty, found: &Watched) -> Vec<(SeriesId, Kept)> {
    let model = |day: NaiveDate| found.learned.iter().find(|model| day_of(model.start) == day).cloned();
    let kept = one.days.iter().map(|(day, seen)| Kept {
        day: *day,
        seen: seen.clone(),
        k: one.k,
        model: model(*day),
    });
    kept.map(|kept| (one.series, kept)).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(n: i32) -> NaiveDate {
        NaiveDate::from_epoch_days(n).unwrap()
    }

    fn row(n: i32, seen: &str) -> DayRow {
        DayRow { series_id: Uuid::nil(), day: day(n), seen: seen.into(), samples: 288, last_ms: 1 }
    }

    #[test]
    fn a_series_is_judged_from_its_first_new_day_on_and_one_without_is_left_alone() {
        let days = [row(1, "a"), row(2, "b"), row(3, "c")];
        let judged = |n, seen: &str| (Uuid::nil(), day(n), seen.to_owned(), COUNTS);
        let all = [judged(1, "a"), judged(2, "b"), judged(3, "c")];
        let none = HashMap::new();
        assert_eq!(dirty(&days, &all, &none), []);
        let found = dirty(&days, &[judged(1, "a"), judged(2, "x"), judged(3, "c")], &none);
        assert_eq!((found[0].since, found[0].days.len(), found[0].known), (day(2), 2, false));
        let found = dirty(&days, &[judged(1, "a"), judged(2, "b"), judged(3, "x")], &none);
        assert_eq!((found[0].since, found[0].known), (day(3), true));
        let found = dirty(&days[..2], &all, &none);
        assert_eq!((found[0].since, found[0].gone.clone(), found[0].days.len()), (day(3), vec![day(3)], 0));
        assert_eq!(dirty(&days, &[], &none)[0].since, day(1));
    }

    #[test]
    fn another_threshold_is_a_reason_to_judge_again() {
        let days = [row(1, "a")];
        let judged = [(Uuid::nil(), day(1), "a".to_owned(), COUNTS)];
        let said = Taught { from: 0, until: 1, form: analysis::seasonal::Form::High, sigma: 8.0 };
        let taught = HashMap::from([(SeriesId(Uuid::nil()), vec![said])]);
        let found = dirty(&days, &judged, &taught);
        assert!((found[0].k - 8.4).abs() < 1e-9);
    }

    #[test]
    fn batches_fit_into_memory_and_what_is_new_comes_first() {
        let one = |n: u128, known, weight| Dirty {
            series: SeriesId(Uuid::from_u128(n)),
            k: COUNTS,
            since: day(1),
            days: Vec::new(),
            gone: Vec::new(),
            known,
            weight,
        };
        let cut = batches(vec![one(1, false, AT_ONCE), one(2, true, 10), one(3, false, AT_ONCE * 3)]);
        assert_eq!(cut.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1]);
        assert!(cut[0][0].known);
        assert_eq!(batches(Vec::new()).len(), 0);
    }
}
