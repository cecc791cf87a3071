//! What is usual for a series: bands that were learned by the search for anomalies and are read, not learned again.

pub(crate) mod store;

use std::collections::HashMap;

use analysis::{
    forecast::forecast,
    seasonal::{DayModel, Settings},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use model::{
    Lang, Localized, SeriesId,
    metrics::{Ahead, BandPoint, Usual},
};

use super::{store::Window, write::DAY_MS};
use crate::{db::TenantTx, error::Result};

/// Robust standard deviations from which a deviation counts, and the least share of what is expected it has to be.
pub(crate) const COUNTS: f64 = 6.0;
pub(crate) const SHARE: f64 = 0.1;
/// Points of a foretold line, and days of history it is told from.
const STEPS: usize = 48;
pub(crate) const HISTORY_D: i64 = 56;

/// What is kept of a series and a day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    pub day: NaiveDate,
    /// The version of the samples that were judged.
    pub seen: String,
    /// The threshold they were judged by.
    pub k: f64,
    /// What is usual; none where the history is too short.
    pub model: Option<DayModel>,
}

/// How the estate is judged: nothing that is small beside what is expected counts.
pub(crate) fn settings(k: f64) -> Settings {
    Settings { k, share: SHARE, ..Settings::default() }
}

/// The day a moment is in.
pub(crate) fn day_of(ms: i64) -> NaiveDate {
    i32::try_from(ms.div_euclid(DAY_MS)).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
}

/// Begin of a day in milliseconds since 1970.
pub(crate) fn day_ms(day: NaiveDate) -> i64 {
    i64::from(day.to_epoch_days()) * DAY_MS
}

/// The first and the last moment there are samples of.
type Covers = Option<(DateTime<Utc>, DateTime<Utc>)>;

/// The bands of series in a window, in at most about so many points each. `covers` is what there is of each.
pub(crate) async fn usual(
    tx: &mut TenantTx<'_>,
    series: &[(SeriesId, Covers)],
    window: Window,
    points: usize,
) -> Result<HashMap<SeriesId, Usual>> {
    let ids: Vec<SeriesId> = series.iter().map(|s| s.0).collect();
    let shown = |covers: Covers| {
        let (first, last) = covers?;
        let (first, last) = (first.timestamp_millis(), last.timestamp_millis());
        let (from, to) = (first.max(window.from), last.min(window.to.saturating_sub(1)));
        (from <= to).then_some((from, to))
    };
    let all: Vec<(i64, i64)> = series.iter().filter_map(|s| shown(s.1)).collect();
    let (Some(from), Some(to)) = (all.iter().map(|s| s.0).min(), all.iter().map(|s| s.1).max()) else {
        return Ok(ids.into_iter().map(|id| (id, Usual::default())).collect());
    };
    let kept = store::kept(tx, &ids, (day_of(from), day_of(to))).await?;
    Ok(series
        .iter()
        .map(|(id, covers)| {
            let kept = kept.get(id).map(Vec::as_slice).unwrap_or_default();
            (*id, shown(*covers).map_or_else(Usual::default, |shown| band(kept, shown, points)))
        })
        .collect())
}

fn band(kept: &[Kept], (from, to): (i64, i64), points: usize) -> Usual {
    let step = ((to - from) / i64::try_from(points.max(2)).unwrap_or(1)).max(60_000);
    let mut usual = Usual { k: kept.last().map_or(COUNTS, |k| k.k), ..Usual::default() };
    for (kept, model) in kept.iter().filter_map(|kept| Some((kept, kept.model.as_ref()?))) {
        let settings = settings(kept.k);
        let (start, end) = (day_ms(kept.day), day_ms(kept.day) + DAY_MS);
        let mut at = start.max(from);
        while at < end && at <= to {
            let band = model.band(at, &settings);
            usual.band.push(BandPoint(at, band.low, band.expected, band.high));
            at += step;
        }
    }
    let days = (day_of(from), day_of(to));
    let known = |day: NaiveDate| kept.iter().find(|k| k.day == day);
    let span = days.0.iter_days().take_while(|day| *day <= days.1);
    let (short, unseen) = span.fold((0, 0), |(short, unseen), day| match known(day) {
        Some(Kept { model: None, .. }) => (short + 1, unseen),
        None => (short, unseen + 1),
        Some(_) => (short, unseen),
    });
    usual.missing = missing(usual.band.is_empty(), short, unseen);
    usual
}

fn missing(all: bool, short: u32, unseen: u32) -> Option<Localized> {
    match (all, short, unseen) {
        (_, 0, 0) => None,
        (true, 0, _) => Some(Localized::new(
            "이 기간은 감지기가 아직 살펴보지 않아 기대 범위가 없습니다",
            "the detector has not looked at this time, so there is no expected range",
        )),
        (true, ..) => Some(Localized::new(
            "이틀이 안 되는 이력으로는 평소를 알 수 없어 기대 범위를 그리지 않았습니다",
            "less than two days of history do not show what is usual, so no expected range is drawn",
        )),
        (false, 0, _) => None,
        (false, days, _) => Some(Localized::new(
            format!("처음 {days}일은 이력이 짧아 기대 범위가 없습니다"),
            format!("no expected range for the first {days} days: the history was too short"),
        )),
    }
}

/// How a series goes on after its last sample. `samples` are those of the last weeks.
pub(crate) fn ahead(samples: &[(i64, f64)], hours: u32) -> Ahead {
    let Some(last) = samples.last() else { return Ahead::default() };
    match forecast(samples, last.0 + 1, hours, STEPS) {
        Ok(found) => Ahead {
            points: found.points.iter().map(|p| BandPoint(p.at, p.low, p.expected, p.high)).collect(),
            missing: None,
        },
        Err(short) => Ahead {
            points: Vec::new(),
            missing: Some(Localized::new(
                super::forecast::too_short(short, Lang::Ko),
                super::forecast::too_short(short, Lang::En),
            )),
        },
    }
}

/// The window a forecast is told from.
pub(crate) fn history(last: DateTime<Utc>) -> Window {
    Window::new(Some(last - Duration::days(HISTORY_D)), Some(last + Duration::milliseconds(1)))
}

#[cfg(test)]
mod tests {
    use analysis::seasonal::Basis;

    use super::*;

    fn kept(day: i32, model: bool) -> Kept {
        let day = NaiveDate::from_epoch_days(day).unwrap();
        let model = model.then(|| DayModel {
            start: day_ms(day),
            basis: Basis::Day,
            sigma: 1.0,
            step_ms: 300_000,
            longest_run: 1,
            longest_gap: 300_000,
            curve: vec![50.0; 98],
            hourly: Vec::new(),
        });
        Kept { day, seen: "1".into(), k: 6.0, model }
    }

    #[test]
    fn a_band_is_drawn_where_it_is_known_and_what_is_missing_is_said() {
        let day = DAY_MS;
        let usual = band(&[kept(1, false), kept(2, true)], (day, 3 * day - 1), 100);
        assert!(usual.band.iter().all(|p| (2 * day..3 * day).contains(&p.0) && p.1 == 44.0 && p.3 == 56.0));
        assert!((40..=101).contains(&usual.band.len()), "{}", usual.band.len());
        assert!(usual.missing.unwrap().en.contains("first 1 days"));
        let none = band(&[], (day, 2 * day - 1), 100);
        assert!(none.band.is_empty() && none.missing.unwrap().en.contains("has not looked"));
        assert!(band(&[kept(1, false)], (day, 2 * day - 1), 100).missing.unwrap().en.contains("two days"));
        assert_eq!(band(&[kept(2, true)], (2 * day, 3 * day - 1), 100).missing, None);
    }
}
