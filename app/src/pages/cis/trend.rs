//! The trend of an item in its row: its first metric over the last day of its values, red only where it left what is
//! usual for it. Asked for only while the row is in view, several rows in one request.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::Duration;
use futures::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use model::metrics::{RangeQuery, SeriesInfo};

use crate::{
    api,
    i18n::t,
    ui::{Sparkline, call, estate::Book},
};

/// Rows asked for at once; a request takes at most 20 series.
const BATCH: usize = 12;
/// Points of a line.
const POINTS: u32 = 60;

/// A trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Key of the metric.
    pub metric: String,
    /// Values in order of time.
    pub values: Vec<f64>,
}

/// The trends that are here and those that are wanted.
#[derive(Clone, Copy)]
pub struct Trends {
    known: RwSignal<HashMap<String, Option<Trend>>>,
    wanted: StoredValue<VecDeque<String>>,
    asked: StoredValue<HashSet<String>>,
    busy: StoredValue<bool>,
}

impl Trends {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            known: RwSignal::new(HashMap::new()),
            wanted: StoredValue::new(VecDeque::new()),
            asked: StoredValue::new(HashSet::new()),
            busy: StoredValue::new(false),
        }
    }

    /// The trend of an item: nothing while it is on its way, then the trend or that there is none.
    fn get(self, code: &str) -> Option<Option<Trend>> {
        self.known.with(|known| known.get(code).cloned())
    }

    fn want(self, code: String) {
        let fresh = self.asked.try_update_value(|asked| asked.insert(code.clone())).unwrap_or(false);
        if fresh {
            self.wanted.update_value(|wanted| wanted.push_back(code));
            self.work();
        }
    }

    /// A row that left the view before its turn is not asked for.
    fn forget(self, code: &str) {
        let was = self.wanted.try_update_value(|wanted| {
            let before = wanted.len();
            wanted.retain(|wanted| wanted != code);
            before > wanted.len()
        });
        if was == Some(true) {
            self.asked.try_update_value(|asked| asked.remove(code));
        }
    }

    /// Fetches in batches, one after the other, what came into view last first.
    fn work(self) {
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        spawn_local(async move {
            // Rows that come into view together go into one request.
            gloo_timers::future::TimeoutFuture::new(80).await;
            loop {
                let batch = self.wanted.try_update_value(|wanted| {
                    let from = wanted.len().saturating_sub(BATCH);
                    wanted.drain(from..).collect::<Vec<_>>()
                });
                let Some(batch) = batch.filter(|b| !b.is_empty()) else { break };
                let found = fetch(&batch).await;
                self.known.try_update(|known| {
                    known.extend(batch.into_iter().map(|code| {
                        let trend = found.get(&code).cloned();
                        (code, trend)
                    }))
                });
            }
            self.busy.try_set_value(false);
        });
    }
}

/// The trends of some items. What cannot be had is left out: a list without trends is still a list.
async fn fetch(codes: &[String]) -> HashMap<String, Trend> {
    let series = join_all(codes.iter().map(|code| call(move || api::metrics::ci_series(code.clone())))).await;
    let first: Vec<SeriesInfo> = series
        .into_iter()
        .filter_map(Result::ok)
        .filter_map(|list| {
            list.iter().find(|s| s.peer.is_none() && s.covers.is_some()).or(list.first()).cloned()
        })
        .filter(|s| s.covers.is_some())
        .collect();
    let Some(end) = first.iter().filter_map(|s| s.covers.map(|c| c.1)).max() else { return HashMap::new() };
    let query = RangeQuery {
        series: first.iter().map(|s| s.id).collect(),
        from: end - Duration::hours(24),
        to: end + Duration::seconds(1),
        max_points: POINTS,
        usual: false,
        ahead_h: 0,
    };
    let data = call(move || api::metrics::metric_range(query.clone())).await.unwrap_or_default();
    data.into_iter()
        .filter(|d| d.points.len() > 1)
        .filter_map(|d| {
            let info = first.iter().find(|s| s.id == d.info.id)?;
            Some((
                info.ci.clone(),
                Trend { metric: info.metric.clone(), values: d.points.iter().map(|p| p.1).collect() },
            ))
        })
        .collect()
}

/// What is usual for these values: the middle one, and four times their middle distance from it on either side.
fn usual(values: &[f64]) -> Option<(f64, f64)> {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let center = middle(values.to_vec())?;
    let spread = middle(values.iter().map(|v| (v - center).abs()).collect())?;
    let reach = (4.0 * spread).max(center.abs() * 0.05);
    Some((center - reach, center + reach))
}

/// The trend of one item.
#[component]
pub fn TrendCell(
    /// Code of the item.
    code: String,
    /// The trends.
    trends: Trends,
    /// The catalogue.
    book: Book,
) -> impl IntoView {
    trends.want(code.clone());
    let gone = code.clone();
    on_cleanup(move || trends.forget(&gone));
    // The others that come in do not draw this one again.
    let mine = Memo::new(move |_| trends.get(&code));
    move || {
        mine.get().map(|trend| match trend {
            Some(trend) => {
                let label = t().cis.trend_of(&book.metric(&trend.metric));
                let (usual, title) = (usual(&trend.values), label.clone());
                view! { <span title=title><Sparkline values=trend.values label=label usual=usual width=88/></span> }.into_any()
            }
            None => view! { <span class="faint" title=t().cis.no_series()>"–"</span> }.into_any(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_is_not_usual_and_the_rest_is() {
        let mut values = vec![10.0, 11.0, 9.5, 10.5, 10.0, 9.8, 10.2];
        values.push(40.0);
        let (low, high) = usual(&values).unwrap();
        assert!(low < 9.5 && high > 11.0 && high < 40.0);
    }

    #[test]
    fn nothing_has_no_usual_range() {
        assert_eq!(usual(&[]), None);
    }
}
